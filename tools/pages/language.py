"""Say which language a page is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_TAG: Final = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_][A-Za-z0-9]{1,8}){0,4}\s*\Z")
_ENGLISH: Final = frozenset(["the", "and", "of", "to", "with", "for", "your", "our"])
ENOUGH: Final = 200
"""Characters of a text that tell its language."""
SAMPLE: Final = 3_000
"""Characters of a text that its language is told from."""


def page_language(declared: str | None, text: str) -> str | None:
    """Return the primary language subtag (`en`, `de`): as declared, else recognised in a long enough text."""
    if declared and (found := _TAG.match(declared[:60])):
        language = found[1].lower()
        if language != "en" or not _is_template_english(text):
            return language
    if len(text) < ENOUGH:
        return None
    import py3langid  # loads its model: only pages that declare no language pay for it

    recognised, _ = py3langid.classify(text[:SAMPLE])
    return str(recognised)


def recognised_languages(texts: Sequence[str]) -> list[str | None]:
    """Return the language of each text that declares none."""
    return [page_language(None, text) for text in texts]


def _is_template_english(text: str) -> bool:
    """Return whether a long text holds next to none of English's commonest words: `lang="en"` came with a theme."""
    sample = text[:SAMPLE]
    if len(sample) < 3 * ENOUGH:
        return False
    # Plain English shows it in its first lines: enough words for the longest sample.
    if _count_english(sample[: 3 * ENOUGH].lower().split()) * 250 >= len(sample):
        return False
    words = sample.lower().split()
    return _count_english(words) * 250 < len(words)


def _count_english(words: list[str]) -> int:
    return sum(map(_ENGLISH.__contains__, words))
