"""Keep hostile markup from stalling the parser.

An HTML5 parser walks its whole stack of open elements for every block start tag, and copies every open
formatting element into each new paragraph: 100,000 nested `<div>` cost a minute, 5,000 times
`<p><b id=N>` six seconds. Browsers cap nesting for the same reason. Pages within the caps come back
unchanged, the same object.
"""

from __future__ import annotations

import re
from typing import Final

_MAX_DEPTH: Final = 480
_MAX_FORMATTING: Final = 16
_FEW_TAGS: Final = 800

# Every alternative starts at "<" and runs to a fixed end or to the end of the text: linear.
_TAG: Final = re.compile(
    r"<(?:!--.*?(?:-->|\Z)"
    r"|(script|style|textarea|title|xmp|iframe|noembed|noframes)\b.*?(?:</\1|\Z)"
    r"|(/?)([a-z][^\s/>]{0,40}))",
    re.I | re.S,
)
_VOID: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "frame",
        "keygen",
    ]
)
# End tags of these are optional, and a new one closes the last: they do not nest by themselves.
_SELF_CLOSING_SIBLINGS: Final = frozenset(
    [
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "colgroup",
        "caption",
        "option",
        "optgroup",
        "html",
        "head",
        "body",
    ]
)
_FORMATTING: Final = frozenset(
    ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
# A lone "/" before ">" closes shapes in SVG, whatever the tag.
_SVG_SHAPES: Final = frozenset(
    [
        "path",
        "circle",
        "rect",
        "line",
        "polyline",
        "polygon",
        "ellipse",
        "stop",
        "use",
        "image",
        "animate",
        "animatetransform",
        "fegaussianblur",
        "fecolormatrix",
        "feoffset",
        "feflood",
        "fecomposite",
        "feblend",
    ]
)


def tame_nesting(markup: str) -> str:
    """Return the markup with start tags beyond the nesting caps taken out; unchanged when within them."""
    if markup.count("<") <= _FEW_TAGS:
        return markup
    depth = formatting = 0
    dropped = dropped_formatting = 0
    cuts: list[tuple[int, int]] = []
    for found in _TAG.finditer(markup):
        name = found[3]
        if name is None:
            continue
        name = name.lower()
        if name in _VOID or name in _SELF_CLOSING_SIBLINGS or name in _SVG_SHAPES:
            continue
        closing = bool(found[2])
        if name in _FORMATTING:
            if not closing:
                if formatting < _MAX_FORMATTING:
                    formatting += 1
                else:
                    dropped_formatting += 1
                    cuts.append(_span_of(markup, found.start()))
            elif dropped_formatting:
                dropped_formatting -= 1
                cuts.append(_span_of(markup, found.start()))
            elif formatting:
                formatting -= 1
        elif not closing:
            if depth < _MAX_DEPTH:
                depth += 1
            else:
                dropped += 1
                cuts.append(_span_of(markup, found.start()))
        elif dropped:
            dropped -= 1
            cuts.append(_span_of(markup, found.start()))
        elif depth:
            depth -= 1
    return _without(markup, cuts) if cuts else markup


def _span_of(markup: str, start: int) -> tuple[int, int]:
    end = markup.find(">", start)
    return start, end + 1 if end >= 0 else len(markup)


def _without(markup: str, cuts: list[tuple[int, int]]) -> str:
    parts: list[str] = []
    position = 0
    for start, end in cuts:
        if start >= position:
            parts.append(markup[position:start])
            position = end
    parts.append(markup[position:])
    return " ".join(parts)
