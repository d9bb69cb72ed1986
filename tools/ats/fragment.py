"""Turn a posting's HTML description into the text a visitor reads."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser

from tools.pages.nesting import prepare_markup

LONGEST_DESCRIPTION = 40_000
"""Characters kept of one description; the longest real ones have about 20,000."""

_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")
_BLOCK = re.compile(
    r"<(?=/?(?:p|div|li|ul|ol|br|h[1-6]|tr|td|th|table|section|article|header|footer|blockquote|pre|hr|dd|dt|dl)\b)",
    re.IGNORECASE,
)
_HIDDEN = (
    "script, style, template, noscript, iframe, svg, [hidden], [aria-hidden=true], "
    "[style*='display:none' i], [style*='display: none' i], [style*='visibility:hidden' i], "
    "[style*='visibility: hidden' i], [style*='font-size:0' i], [style*='font-size: 0' i]"
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def fragment_text(fragment: str | None) -> str:
    """Return the visible text of an HTML fragment, one line a block, entities decoded.

    Fragments that were entity-encoded once or twice (`&lt;p&gt;`) are decoded until their tags appear.
    Text without any tag comes back as `plain_text` would give it. Longer than `LONGEST_DESCRIPTION` is cut.
    """
    if not fragment:
        return ""
    fragment = fragment[: LONGEST_DESCRIPTION * 8]
    for _ in range(3):
        if _TAG.search(fragment) or "&" not in fragment:
            break
        fragment = html.unescape(fragment)
    if not _TAG.search(fragment):
        return plain_text(html.unescape(fragment))
    marked = _BLOCK.sub("\n<", re.sub(r"\s+", " ", fragment))
    tree = LexborHTMLParser(prepare_markup(marked).markup)
    for hidden in tree.css(_HIDDEN):
        hidden.decompose()
    body = tree.body
    text = body.text() if body is not None else ""
    if "&" in text:  # text entities encoded once more than their tags
        text = html.unescape(text)
    return plain_text(text)


def plain_text(text: str | None) -> str:
    """Return text with spaces collapsed, blank lines dropped and invisible characters removed."""
    if not text:
        return ""
    lines = (
        " ".join(line.split()) for line in _INVISIBLE.sub("", text[: LONGEST_DESCRIPTION * 2]).splitlines()
    )
    return "\n".join(line for line in lines if line)[:LONGEST_DESCRIPTION].rstrip()


def one_line(text: str | None) -> str | None:
    """Return text as one line, entities decoded; `None` when nothing is left."""
    if not text:
        return None
    if "&" in text:
        text = html.unescape(text)
    return " ".join(_INVISIBLE.sub("", text[:2000]).split())[:300] or None
