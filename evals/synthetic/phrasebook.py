"""Phrases of one language, and the small grammar that composes sentences from them.

A phrase file has `== key` headings with one template a line. In a template `[a|b|]` is a choice (nested
choices are allowed) and `{slot}` is filled in afterwards. A line that starts with `~ ` is held out: only the
test half speaks so, which shows whether a rule learnt a wording or a meaning.
"""

from __future__ import annotations

import random
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "phrases"
_HELD_OUT = "~ "
LANGUAGES = ("en", "de", "fr", "es", "nl")
_INNERMOST = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")


class Menu(NamedTuple):
    """One entry of a site's menu: what it is called and where it leads."""

    label: str
    path: str


class SectorWords(NamedTuple):
    """How a language speaks of a sector: "a freight forwarder", "move freight on time", whom it serves."""

    is_a: tuple[str, ...]
    does: str
    clients: str
    client: str
    products: tuple[str, ...]


class Place(NamedTuple):
    """A city, the line a site gives for it, and its country (ISO 3166 alpha-2)."""

    city: str
    line: str
    country: str
    region: str


class Phrasebook:
    """All phrases of one language."""

    def __init__(self, language: str, lines: dict[str, tuple[str, ...]]) -> None:
        self.language = language
        self._lines = lines

    def keys(self) -> frozenset[str]:
        """Return the keys that have phrases."""
        return frozenset(self._lines)

    def templates(self, key: str) -> tuple[str, ...]:
        """Return the templates of a key; an unknown key is a mistake of the caller."""
        return self._lines[key]

    def choices(self, key: str) -> tuple[str, ...]:
        """Return the `a|b|c` entries of a one-line key."""
        return tuple(self._lines[key][0].split("|"))

    def compose(self, key: str, rng: random.Random, **slots: str) -> str:
        """Return one sentence of a key, its choices made by `rng` and its slots filled."""
        return compose(rng.choice(self._lines[key]), rng, slots)

    def menu(self, key: str) -> Menu:
        """Return a menu entry or a caption of the user interface (path empty)."""
        label, _, path = self._ui[key].partition("=")
        return Menu(label, path)

    @property
    def _ui(self) -> dict[str, str]:
        return dict(part.split("=", 1) for part in self.choices("ui"))

    def department(self, name: str) -> str:
        """Return what the language calls a department."""
        return dict(part.split("=", 1) for part in self.choices("dept"))[name]

    def sector(self, name: str) -> SectorWords:
        """Return the words for a sector."""
        line = next(line for line in self._lines["sector"] if line.startswith(f"{name}="))
        _, is_a, does, clients, client, products = line.split("=")
        return SectorWords(tuple(is_a.split(";")), does, clients, client, tuple(products.split(";")))

    def places(self) -> tuple[Place, ...]:
        """Return the cities in which this language's companies sit."""
        return tuple(Place(*line.split("|")) for line in self._lines["place"])


def compose(template: str, rng: random.Random, slots: dict[str, str]) -> str:
    """Return the template with its choices made and its slots filled; an unfilled slot is an error."""
    while (found := _INNERMOST.search(template)) is not None:
        template = template[: found.start()] + rng.choice(found[1].split("|")) + template[found.end() :]
    filled = _SLOT.sub(lambda slot: slots[slot[1]], template)
    return " ".join(filled.split()).replace(" .", ".").replace(" ,", ",")


def variety(template: str) -> int:
    """Return how many texts a template can become, its slots aside."""
    count = 1
    while (found := _INNERMOST.search(template)) is not None:
        count *= found[1].count("|") + 1
        template = template[: found.start()] + "_" + template[found.end() :]
    return count


@lru_cache(maxsize=2 * len(LANGUAGES))
def phrasebook(language: str, *, held_out: bool = False) -> Phrasebook:
    """Return the phrases of a language, read once; `held_out` adds those of the test half."""
    lines: dict[str, list[str]] = {}
    key = ""
    for line in (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            key = line[3:].strip()
            lines[key] = []
        elif line.startswith(_HELD_OUT):
            if held_out:
                lines[key].append(line.removeprefix(_HELD_OUT))
        elif line.strip():
            lines[key].append(line)
    return Phrasebook(language, {name: tuple(found) for name, found in lines.items()})
