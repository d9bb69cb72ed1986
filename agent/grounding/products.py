"""Find a product in a quote by its name, its other names, or its technical marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.grounding.names import find_name
from agent.grounding.sentences import Span
from tools.technographics import canonical_product, names_product

_LONGEST_NAME = 4


def find_product(quote: str, product: str, *, structured: bool) -> Span | None:
    """Return where `quote` names `product`, or `None`.

    `structured` quotes (markup, headers, DNS) may name it by a mark such as `js.hs-scripts.com`. In prose
    a product whose name is an ordinary word ("Square", "Base") must be spelled as the catalogue spells it.
    """
    if structured:
        return find_name(quote, (product,)) or (
            Span(0, len(quote)) if names_product(quote, product) else None
        )
    known = canonical_product(product)
    if known is not None and known.trust != "plain":
        found = re.search(rf"(?<![^\W_]){re.escape(known.name)}(?![^\W_])", quote)
        return Span(*found.span()) if found else None
    if place := find_name(quote, (product,)):
        return place
    if known is None:
        return None
    for place in word_runs(quote, _LONGEST_NAME):
        named = canonical_product(bare_words(quote, place))
        if named is not None and named.name == known.name:
            return place
    return None


def word_runs(quote: str, most: int) -> Iterator[Span]:
    """Yield every run of up to `most` words of a quote, shortest first."""
    words = [found.span() for found in re.finditer(r"[^\s,;:()\[\]\"“”/|]+", quote)][:400]
    for size in range(1, most + 1):
        for begin in range(len(words) - size + 1):
            yield Span(words[begin][0], words[begin + size - 1][1])


def bare_words(quote: str, place: Span) -> str:
    """Return the words at `place` without possessive and sentence marks; never empty."""
    return re.sub(r"['’]s?$", "", quote[place.start : place.end].strip("!?'’")).rstrip(".") or "-"
