"""Recognise a page that says what another already said."""

from __future__ import annotations

from typing import Final

from tools.pages.api import Page
from tools.pages.urls import page_key

_SAME: Final = 0.85
_MIN_LINE: Final = 20


class SeenPages:
    """The pages kept so far. `add` tells whether a page is new."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._lines: list[frozenset[str]] = []

    def add(self, page: Page) -> bool:
        """Remember the page and return `True`, or `False` when it is a near copy of one kept before.

        Copies are told by canonical address, and by the share of equal lines of the main text.
        """
        keys = {page_key(page.url)}
        lines = _lines_of(page)
        if page.canonical is not None and lines:
            canonical = page_key(page.canonical)
            # A template that points every page at the home page says nothing about copies.
            if canonical in self._keys and any(_alike(lines, other) > 0.3 for other in self._lines):
                return False
            keys.add(canonical)
        if keys & self._keys and page_key(page.url) in self._keys:
            return False
        if lines and any(_alike(lines, other) >= _SAME for other in self._lines):
            return False
        self._keys |= keys
        self._lines.append(lines)
        return True


def _lines_of(page: Page) -> frozenset[str]:
    main = page.text[: page.footer_start]
    return frozenset(line for line in main.split("\n") if len(line) >= _MIN_LINE)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 0.0
