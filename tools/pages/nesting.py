"""Prepare markup for the parser: keep hostile nesting from stalling it, and read `<noscript>` as browsers do.

An HTML5 parser walks its whole stack of open elements for every block start tag, and copies every open
formatting element into each new paragraph: 100,000 nested `<div>` cost a minute, 5,000 times
`<p><b id=N>` six seconds. Browsers cap nesting for the same reason. It compares each attribute of an element with
all before it, too: 20,000 cost over a second.

To a browser with scripts the content of `<noscript>` is raw text. Parsed as elements, a tag manager's
`<noscript><iframe … /></noscript>` would swallow the rest of the page.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, NamedTuple

_MAX_DEPTH: Final = 480
_MAX_FORMATTING: Final = 16
_LOOK_BACK: Final = 64
_FEW_TAGS: Final = 1_000  # nothing made of so few is slow

_MANY_ATTRIBUTES: Final = 500
# Shorter ones hold no more.
_LONG_TAG: Final = re.compile(rf"<[a-zA-Z][^<]{{{2 * _MANY_ATTRIBUTES - 1}}}")
_LONG_MARKUP: Final = 50_000  # in less even one element's attributes cost little
_ATTRIBUTE: Final = re.compile(
    r"""[\s/]*+(?:[^\s/>"'=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"']*+))?|["'=])"""
)
_REST_OF_TAG: Final = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+'|["'])*+""")

_RAW_START: Final = re.compile(  # most tags are told by their first letter, and that is far faster
    r"<(?:!--|(?=[sStTxXiInN])((?i:script|style|textarea|title|xmp|iframe|noembed|noframes|noscript))(?=[\s/>]))"
)
_BODY: Final = re.compile(r"<[bB][oO][dD][yY](?=[\s>])")
_NOSCRIPT: Final = re.compile(
    r"<[nN][oO][sS][cC][rR][iI][pP][tT]"
)  # spelled out: it is searched for far faster
_TAG: Final = re.compile(r"</?[a-zA-Z][^\s/>]{0,40}")
_IGNORED, _OPENS, _OPENS_FORMATTING, _CLOSES, _CLOSES_FORMATTING = range(5)

_VOID_TAGS: Final = """
    area base br col embed hr img input link meta param source track wbr frame keygen
"""
# End tags of these are optional, and a new one closes the last: they do not nest by themselves.
_SIBLING_TAGS: Final = """
    p li dt dd tr td th thead tbody tfoot colgroup caption option optgroup html head body
"""
# Shapes in SVG are closed by "/>", and hold nothing.
_SHAPE_TAGS: Final = """
    path circle rect line polyline polygon ellipse stop use image animate animateTransform feGaussianBlur
    feColorMatrix feOffset feFlood feComposite feBlend fegaussianblur fecolormatrix feoffset feflood
    fecomposite feblend animatetransform
"""
_FORMATTING_TAGS: Final = "b big code em font i nobr s small strike strong tt u"
_BLOCK_TAGS: Final = """
    address applet article aside blockquote button center details dialog dir div dl fieldset figcaption figure
    footer form frameset h1 h2 h3 h4 h5 h6 header hgroup listing main marquee menu nav object ol pre search
    section select summary table template ul
"""
_PLAIN: Final = frozenset(f"{_VOID_TAGS} {_SIBLING_TAGS} {_SHAPE_TAGS}".split())
_FORMATTING: Final = frozenset(_FORMATTING_TAGS.split())
_BLOCKS: Final = frozenset(_BLOCK_TAGS.split())
_BARRIERS: Final = frozenset(["table", "template", "object", "applet", "marquee"])


class PreparedMarkup(NamedTuple):
    """Markup that is safe to parse, and what stood in its `<noscript>` elements."""

    markup: str
    noscript: str


def prepare_markup(markup: str) -> PreparedMarkup:
    """Return the markup without `<noscript>`, start tags beyond the nesting caps, and an element's 501st attribute on.

    Linear in the markup. A page within the caps keeps every other character.
    """
    if len(markup) > _LONG_MARKUP:
        markup = _cap_attributes(markup)
    few = markup.count("<") <= _FEW_TAGS
    if few and _NOSCRIPT.search(markup) is None:
        return PreparedMarkup(markup, "")
    noscripts: list[str] = []
    kept: list[str] = []  # everything but <noscript>
    outside: list[tuple[int, int]] = []  # what lies outside of comments, scripts and other raw text
    position = done = 0
    while (raw := _RAW_START.search(markup, position)) is not None:
        outside.append((position, raw.start()))
        if raw[1] is None:
            end = markup.find("-->", raw.end() - 2)
            position = end + 3 if end >= 0 else len(markup)
            continue
        inner, position = _raw_end(markup, raw.end(), raw[1])
        if raw[1].lower() == "noscript" and inner < len(markup):
            noscripts.append(markup[_whole_tag(markup, raw.start())[1] : inner])
            kept.append(markup[done : raw.start()])
            done = position
    outside.append((position, len(markup)))
    tags = [] if few else [tag for start, end in outside for tag in _TAG.findall(markup, start, end)]
    if len(tags) > _FEW_TAGS and (beyond := _beyond_caps(tags)):
        spans = [tag.span() for start, end in outside for tag in _TAG.finditer(markup, start, end)]
        return PreparedMarkup(_without(markup, [_whole_tag(markup, spans[index][0]) for index in beyond]), "")
    if not noscripts:
        return PreparedMarkup(markup, "")
    kept.append(markup[done:])
    return PreparedMarkup(" ".join(kept), prepare_noscript("\n".join(noscripts)))


def without_styles(markup: str) -> str:
    """Return prepared markup with the `<style>` elements in front of its body emptied.

    No reader of text or dates has a use for them, and they are often most of a page.
    """
    body = _BODY.search(markup)
    cuts: list[tuple[int, int]] = []
    position = 0
    while body is not None and (raw := _RAW_START.search(markup, position, body.start())) is not None:
        if raw[1] is None:
            end = markup.find("-->", raw.end() - 2)
            position = end + 3 if end >= 0 else len(markup)
            continue
        inner, position = _raw_end(markup, raw.end(), raw[1])
        if raw[1].lower() == "style" and inner < len(markup):
            begin = _whole_tag(markup, raw.start())[1]
            if begin < inner:
                cuts.append((begin, inner))
    return _without(markup, cuts)


def _cap_attributes(markup: str) -> str:
    cuts = [cut for tag in _LONG_TAG.finditer(markup) if (cut := _beyond_many(markup, tag.start() + 1))]
    return _without(markup, cuts, "")


def _beyond_many(markup: str, position: int) -> tuple[int, int] | None:
    """Return where the attributes beyond the cap stand, of the tag whose name begins at `position`."""
    end = markup.find("<", position)
    end = end if end >= 0 else len(markup)
    for _ in range(_MANY_ATTRIBUTES + 1):  # the element's name is the first
        attribute = _ATTRIBUTE.match(markup, position, end)
        if attribute is None:
            return None
        position = attribute.end()
    rest = _REST_OF_TAG.match(markup, position, end)
    return position, rest.end() if rest else position


def _beyond_caps(tags: list[str]) -> list[int]:
    """Return the indices of start tags beyond the caps and of their end tags.

    Follows the parser's stack of open elements: an end tag closes its element only if no barrier stands
    between (a table for all, any block for an inline element); else it is ignored and the stack grows.
    """
    beyond: list[int] = []
    dropped: Counter[str] = Counter()
    stack: list[str] = []
    formatting = 0
    roles = _Roles()
    for index, tag in enumerate(tags):
        role, name = roles[tag]
        if role == _IGNORED:
            continue
        if role == _OPENS:
            if len(stack) < _MAX_DEPTH:
                stack.append(name)
            else:
                dropped[name] += 1
                beyond.append(index)
        elif role == _OPENS_FORMATTING:
            if len(stack) < _MAX_DEPTH and formatting < _MAX_FORMATTING:
                stack.append(name)
                formatting += 1
            else:
                dropped[name] += 1
                beyond.append(index)
        elif dropped and dropped[name]:
            dropped[name] -= 1
            beyond.append(index)
        elif stack and stack[-1] == name:
            stack.pop()
            formatting -= role == _CLOSES_FORMATTING
        elif role == _CLOSES_FORMATTING or name == "form":  # these leave alone what they hold
            if name in stack[-_LOOK_BACK:]:
                stack.reverse()
                stack.remove(name)
                stack.reverse()
                formatting -= role == _CLOSES_FORMATTING
        else:
            _close(stack, name)
            if formatting:
                formatting = sum(1 for each in stack if each in _FORMATTING)
    return beyond


class _Roles(dict[str, tuple[int, str]]):
    """What a tag does to the stack, and its element's name; worked out once for each spelling of a page."""

    def __missing__(self, tag: str) -> tuple[int, str]:
        closing = tag[1] == "/"
        name = tag[2 if closing else 1 :].lower()
        if name in _PLAIN:
            role = _IGNORED
        elif name in _FORMATTING:
            role = _CLOSES_FORMATTING if closing else _OPENS_FORMATTING
        else:
            role = _CLOSES if closing else _OPENS
        self[tag] = role, name
        return role, name


def _close(stack: list[str], name: str) -> None:
    """Close the nearest open element of that name, and all within it, if the parser would."""
    inline = name not in _BLOCKS
    for back in range(1, min(len(stack), _LOOK_BACK) + 1):
        open_name = stack[-back]
        if open_name == name:
            del stack[-back:]
            return
        if open_name in _BARRIERS or (inline and open_name in _BLOCKS):
            return


def prepare_noscript(markup: str) -> str:
    """Return `<noscript>` content with its own `<noscript>` tags and its self-closed frames made harmless."""
    if not markup:
        return ""
    markup = re.sub(r"</?noscript\b[^>]*>", " ", markup, flags=re.I)
    markup = re.sub(r"(<iframe\b[^<>]*)/>", r"\1></iframe>", markup, flags=re.I)
    return prepare_markup(markup).markup


def _raw_end(markup: str, start: int, name: str) -> tuple[int, int]:
    """Return where a raw element's content ends, and where its end tag does; the end of the text if open."""
    inner = markup.find(f"</{name}", start)
    if inner < 0:
        found = re.compile(f"</{re.escape(name)}(?=[\\s/>])", re.I).search(markup, start)
        if found is None:
            return len(markup), len(markup)
        inner = found.start()
    end = markup.find(">", inner)
    return inner, end + 1 if end >= 0 else len(markup)


def _whole_tag(markup: str, start: int) -> tuple[int, int]:
    end = markup.find(">", start)
    return start, end + 1 if end >= 0 else len(markup)


def _without(markup: str, cuts: list[tuple[int, int]], between: str = " ") -> str:
    if not cuts:
        return markup
    parts: list[str] = []
    position = 0
    for start, end in cuts:
        if start >= position:
            parts.append(markup[position:start])
            position = end
    parts.append(markup[position:])
    return between.join(parts)
