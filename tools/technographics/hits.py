"""Marks found in a text, and the best of each product."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from tools.technographics.catalogue import Mark


class Hit(NamedTuple):
    """A mark where it stands in a text; the offsets are the text's."""

    mark: Mark
    start: int
    end: int
    where: Literal["html", "header", "dns"]


class BestHits(NamedTuple):
    """The hit to quote for each product, a strong one before a weak one, then the first."""

    by_product: dict[str, Hit]
    doubled: frozenset[str]
    """Products with two different weak marks, which together are as good as a strong one."""

    def is_weak(self, hit: Hit) -> bool:
        """Tell whether the hit's product is known by one weak mark only."""
        return hit.mark.weak and hit.mark.product.name not in self.doubled

    def in_order(self) -> list[Hit]:
        """Return the hits by where they stand."""
        return sorted(self.by_product.values(), key=lambda hit: (hit.start, hit.mark.product.name))


def best_hits(hits: Iterable[Hit], own_domains: frozenset[str]) -> BestHits:
    """Return the best hit of each product that is not the account's own."""
    best: dict[str, Hit] = {}
    weak_patterns: dict[str, set[str]] = {}
    for hit in hits:
        product = hit.mark.product
        if product.belongs_to(own_domains):
            continue
        known = best.get(product.name)
        if known is None or (known.mark.weak and not hit.mark.weak):
            best[product.name] = hit
        if hit.mark.weak:
            weak_patterns.setdefault(product.name, set()).add(hit.mark.pattern)
    return BestHits(best, frozenset(name for name, seen in weak_patterns.items() if len(seen) > 1))
