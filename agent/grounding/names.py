"""Find a name in a text as whole words, whatever its accents, case, hyphens and spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from agent.grounding.sentences import Span


@lru_cache(maxsize=4096)
def _word_pattern(name: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in re.split(r"[\s\-_]+", _plain(name)) if part]
    return re.compile(r"(?<![^\W_])" + r"[\s\-_]*".join(parts) + r"(?![^\W_])")


def _plain(text: str) -> str:
    """Return `text` folded character by character, so that offsets stay those of `text`."""
    folded = (unicodedata.normalize("NFKD", char).casefold()[:1] or " " for char in text)
    return "".join("'" if char in "’ʼ" else "-" if char in "‐‑‒–—" else char for char in folded)


def find_name(text: str, names: Iterable[str]) -> Span | None:
    """Return the first place in `text` where one of `names` stands as whole words; accents and case are free."""
    plain = _plain(text)
    best: Span | None = None
    for name in names:
        if not _plain(name).strip(" -_"):
            continue
        found = _word_pattern(name).search(plain)
        if found and (best is None or found.start() < best.start):
            best = Span(*found.span())
    return best
