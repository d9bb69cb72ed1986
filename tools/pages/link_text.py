"""Read what a visitor reads on a link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

_MAX_LINK_TEXT: Final = 200
_CODE: Final = frozenset(["script", "style", "iframe", "noembed", "noframes"])


def link_text(node: LexborNode, attributes: dict[str, str | None]) -> str:
    """Return what a visitor reads on a link: its text, else its label, else its picture's."""
    inner = node.first_child
    if inner is not None and inner.is_text_node and inner.next is None:  # as in most links
        text = inner.text_content or ""
    else:
        text = node.text(deep=True, separator=" ")
        if "{" in text or "<" in text:  # a style sheet or a script in it
            text = " ".join(_seen_texts(node))
    text = " ".join(text.split())
    if not text:
        text = attributes.get("aria-label") or attributes.get("title") or ""
        if not text and (image := node.css_first("img[alt]")) is not None:
            text = image.attributes.get("alt") or ""
        text = " ".join(text.split())
    return text[:_MAX_LINK_TEXT]


def _seen_texts(node: LexborNode) -> Iterator[str]:
    for inner in node.traverse(include_text=True):
        if inner.is_text_node and (parent := inner.parent) is not None and parent.tag not in _CODE:
            yield inner.text_content or ""
