"""Say what an element does to the reading of a page's text, from its tag and class list."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from tools.pages.regions import kind_of_names

# What an element does. Pages repeat a few hundred pairs of tag and class list thousands of times,
# so that is decided once a pair; only `OTHER` needs a look at every single element.
OTHER, INLINE, GAP, LINE, PARAGRAPH, OWNER, LINK = range(7)

_SKIPPED_TAGS: Final = """
    head script style svg math iframe object embed canvas audio video select datalist textarea map noframes
    noembed title progress meter
"""
_BLOCK_TAGS: Final = """
    address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup html legend li main menu nav ol option p pre section summary
    table tbody thead tfoot tr ul caption search
"""
SKIPPED: Final = frozenset(_SKIPPED_TAGS.split())
UNREAD: Final = SKIPPED | {"-", "-comment", "-document", "-undef", "-end-of-file"}
BLOCKS: Final = frozenset(_BLOCK_TAGS.split())
ARIA: Final = frozenset(["role", "aria-modal", "aria-label"])
# Without telling attributes these only start a new line; the text blocks only outside a page header.
_QUIET: Final = frozenset(["div", "dd", "dt", "dl", "tr", "tbody", "h4", "h5", "h6", "pre"])
_TEXT_BLOCKS: Final = frozenset(["p", "h2", "h3"])
_OWNERS: Final = frozenset(["li", "article", "section", "figure"])
_NEVER_PLAIN: Final = frozenset(["a", "button", "td", "th", "template", "br", "hr"])
TELLING: Final = frozenset(
    ["id", "style", "hidden", "role", "href", "aria-hidden", "aria-modal", "aria-label", "shadowrootmode"]
)
TELLING_OF_A_LINK: Final = TELLING - {"href"}
CONTAINERS: Final = frozenset(["div", "ul", "ol", "section", "aside", "menu", "header", "dl", "span"])
GAPPED: Final = frozenset(["span", "a", "button", "label", "small", "time", "strong", "b", "em", "i", "data"])


@lru_cache(maxsize=16_384)
def shape_of(tag: str, names: str) -> int:
    """Return what an element in sight does that has no other telling attribute than these class names."""
    if tag == "a":
        return LINK
    if tag in GAPPED and tag != "button":
        return GAP
    if tag not in BLOCKS:
        return OTHER if tag in _NEVER_PLAIN else INLINE
    if tag in CONTAINERS and names and kind_of_names({"class": names}):
        return OTHER
    if tag in _OWNERS:
        return OWNER
    if tag in _TEXT_BLOCKS:
        return PARAGRAPH
    return LINE if tag in _QUIET else OTHER
