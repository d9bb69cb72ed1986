"""Prepare markup for the parser: keep hostile nesting from stalling it, and read `<noscript>` as browsers do.

An HTML5 parser walks its whole stack of open elements for every block start tag, and copies every open
formatting element into each new paragraph: 100,000 nested `<div>` cost a minute, 5,000 times
`<p><b id=N>` six seconds. Browsers cap nesting for the same reason.

To a browser with scripts the content of `<noscript>` is raw text. Parsed as elements, a tag manager's
`<noscript><iframe … /></noscript>` would swallow the rest of the page.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_MAX_DEPTH: Final = 480
_MAX_FORMATTING: Final = 16
_FEW_TAGS: Final = 800

_TAG: Final = re.compile(r"<(?:!--|(/?)([a-zA-Z][^\s/>]{0,40}))")
_NAME_END: Final = r"(?=[\s/>])"
_CONTAINER, _FORMATTING, _PLAIN, _RAW, _NOSCRIPT = range(5)

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
_RAW_TAGS: Final = "script style textarea title xmp iframe noembed noframes"
_KINDS: Final = {
    **dict.fromkeys(f"{_VOID_TAGS} {_SIBLING_TAGS} {_SHAPE_TAGS}".split(), _PLAIN),
    **dict.fromkeys(_FORMATTING_TAGS.split(), _FORMATTING),
    **dict.fromkeys(_RAW_TAGS.split(), _RAW),
    "noscript": _NOSCRIPT,
}


class PreparedMarkup(NamedTuple):
    """Markup that is safe to parse, and what stood in its `<noscript>` elements."""

    markup: str
    noscript: str


def prepare_markup(markup: str) -> PreparedMarkup:
    """Return the markup without `<noscript>` and without start tags beyond the nesting caps.

    One pass, linear in the markup. A page within the caps keeps every other character.
    """
    depth = formatting = dropped = dropped_formatting = 0
    cuts: list[tuple[int, int]] = []
    noscripts: list[str] = []
    skip_to = 0
    if markup.count("<") <= _FEW_TAGS and "noscript" not in markup.lower():
        return PreparedMarkup(markup, "")
    for tag in _TAG.finditer(markup):
        if tag.start() < skip_to:
            continue
        name = tag[2]
        if name is None:
            end = markup.find("-->", tag.end() - 2)
            skip_to = end + 3 if end >= 0 else len(markup)
            continue
        kind = _KINDS.get(name)
        if kind is None:
            kind = _KINDS.get(name.lower(), _CONTAINER)
        closing = tag[1] == "/"
        if kind == _PLAIN:
            continue
        if kind == _CONTAINER:
            if not closing:
                if depth < _MAX_DEPTH:
                    depth += 1
                else:
                    dropped += 1
                    cuts.append(_whole_tag(markup, tag.start()))
            elif dropped:
                dropped -= 1
                cuts.append(_whole_tag(markup, tag.start()))
            elif depth:
                depth -= 1
        elif kind == _FORMATTING:
            if not closing:
                if formatting < _MAX_FORMATTING:
                    formatting += 1
                else:
                    dropped_formatting += 1
                    cuts.append(_whole_tag(markup, tag.start()))
            elif dropped_formatting:
                dropped_formatting -= 1
                cuts.append(_whole_tag(markup, tag.start()))
            elif formatting:
                formatting -= 1
        elif not closing:
            inner, skip_to = _raw_end(markup, tag.end(), name)
            if kind == _NOSCRIPT and inner < len(markup):
                noscripts.append(markup[_whole_tag(markup, tag.start())[1] : inner])
                cuts.append((tag.start(), skip_to))
    return PreparedMarkup(_without(markup, cuts), prepare_noscript("\n".join(noscripts)))


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
        found = re.compile(f"</{re.escape(name)}{_NAME_END}", re.I).search(markup, start)
        if found is None:
            return len(markup), len(markup)
        inner = found.start()
    end = markup.find(">", inner)
    return inner, end + 1 if end >= 0 else len(markup)


def _whole_tag(markup: str, start: int) -> tuple[int, int]:
    end = markup.find(">", start)
    return start, end + 1 if end >= 0 else len(markup)


def _without(markup: str, cuts: list[tuple[int, int]]) -> str:
    if not cuts:
        return markup
    parts: list[str] = []
    position = 0
    for start, end in cuts:
        if start >= position:
            parts.append(markup[position:start])
            position = end
    parts.append(markup[position:])
    return " ".join(parts)
