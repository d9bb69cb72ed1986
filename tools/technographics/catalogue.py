"""The product catalogue: one canonical name for each product, its vendor, category and other names.

The data are `data/products.txt` and `data/marks.txt`, plain lines that a person can read and extend; both
are parsed once a process, in a few milliseconds.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

from tools.technographics.sightings import Sighting

Trust = Literal["plain", "word", "cue", "mute"]
MARK_KINDS = frozenset(
    (
        "url",
        "tenant",
        "path",
        "header",
        "cookie",
        "generator",
        "inline",
        "html",
        "comment",
        "meta",
        "mx",
        "ns",
        "cname",
        "a",
        "spf",
        "txt",
        "dmarc",
    )
)


class Product(NamedTuple):
    """One product. `domains` are the vendor's own; on them its marks prove nothing.

    `aliases` are other spellings for prose, `lookup_only` those understood only by `canonical_product`.
    `trust` says how far the name can be believed in prose: `plain`; `word` (also an ordinary word: not at
    the start of a sentence); `cue` (needs one of `cues`, or another product in one list); `mute` (never).
    """

    name: str
    vendor: str
    category: str
    domains: frozenset[str]
    aliases: tuple[str, ...] = ()
    lookup_only: tuple[str, ...] = ()
    trust: Trust = "plain"
    cues: tuple[str, ...] = ()

    def belongs_to(self, own_domains: frozenset[str]) -> bool:
        """Tell whether the account is this product's vendor."""
        return not own_domains.isdisjoint(self.domains)


class Mark(NamedTuple):
    """One technical mark of a product, as a line of `data/marks.txt` states it."""

    product: Product
    kind: str
    pattern: str
    weak: bool


def sighting(
    product: Product,
    *,
    start: int,
    end: int,
    weak: bool,
    where: Literal["html", "header", "dns"],
) -> Sighting:
    """Return a `uses` sighting of a mark."""
    return Sighting(
        product.name,
        product.vendor,
        product.category,
        "uses",
        start,
        end,
        "weak" if weak else "strong",
        where,
    )


def _data(name: str) -> str:
    return (files("tools.technographics") / "data" / name).read_text(encoding="utf-8")


def _parse_product(line: str, category: str) -> Product:
    fields = [field.strip() for field in line.split("|")]
    fields += [""] * (5 - len(fields))
    name, vendor, domains, names, mark = fields[:5]
    trust: Trust = "plain"
    cues: tuple[str, ...] = ()
    if mark.startswith("?"):
        trust, cues = "cue", tuple(cue.strip() for cue in mark[1:].split(",") if cue.strip())
    elif mark == "~":
        trust = "word"
    elif mark == "-":
        trust = "mute"
    elif mark:
        raise ValueError(f"product line of {name!r}: unknown trust mark {mark!r}; known: ~, -, ? cue, cue")
    aliases = [alias.strip() for alias in names.split(";") if alias.strip()]
    return Product(
        name,
        vendor or name,
        category,
        frozenset(domain.strip() for domain in domains.split(",") if domain.strip()),
        tuple(alias for alias in aliases if not alias.startswith("=")),
        tuple(alias[1:] for alias in aliases if alias.startswith("=")),
        trust,
        cues,
    )


@lru_cache(maxsize=1)
def products() -> tuple[Product, ...]:
    """Return every product of the catalogue, by category, in the file's order."""
    found: list[Product] = []
    category = ""
    for line in _data("products.txt").splitlines():
        if line.startswith("[") and line.endswith("]"):
            category = line[1:-1]
        elif line and not line.startswith("#"):
            found.append(_parse_product(line, category))
    return tuple(found)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Product]:
    return {product.name: product for product in products()}


@lru_cache(maxsize=1)
def marks() -> tuple[Mark, ...]:
    """Return every technical mark, in the file's order."""
    found: list[Mark] = []
    known = _by_name()
    product: Product | None = None
    for line in _data("marks.txt").splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            product = known.get(line)
            if product is None:
                raise ValueError(f"marks.txt names {line!r}, which products.txt does not have")
            continue
        text = line.strip()
        weak = text.startswith("weak ")
        kind, _, pattern = text.removeprefix("weak ").partition(" ")
        if product is None or kind not in MARK_KINDS or not pattern:
            raise ValueError(f"marks.txt: cannot read {text!r}; kinds: {', '.join(sorted(MARK_KINDS))}")
        found.append(Mark(product, kind, pattern, weak))
    return tuple(found)


def _fold(name: str) -> str:
    """Reduce a name to what people mean by it: letters and digits, plus the signs that tell C from C++."""
    return re.sub(r"[^\w+#]", "", name.casefold())


@lru_cache(maxsize=1)
def _lookup() -> dict[str, Product]:
    table: dict[str, Product] = {}
    for product in products():
        table[_fold(product.name)] = product
    for product in products():
        for alias in (*product.aliases, *product.lookup_only):
            table.setdefault(_fold(alias), product)
    return table


def canonical_product(name: str) -> Product | None:
    """Return the product a person means by `name`, whatever its case and punctuation; `None` if unknown."""
    return _lookup().get(_fold(name[:200])) if name else None


@lru_cache(maxsize=1)
def product_categories() -> tuple[str, ...]:
    """Return the closed list of category slugs, in the catalogue's order."""
    return tuple(dict.fromkeys(product.category for product in products()))


@lru_cache(maxsize=1)
def _mark_texts() -> dict[str, tuple[str, ...]]:
    texts: dict[str, list[str]] = {}
    for mark in marks():
        # A header mark is "name: value"; the quote has both, so either form is found in it.
        texts.setdefault(mark.product.name, []).append(mark.pattern.casefold().strip("*"))
    return {name: tuple(found) for name, found in texts.items()}


def names_product(quote: str, product: str) -> bool:
    """Tell whether `quote` speaks of `product`: by its name, another of its names, or one of its marks.

    Grounding asks this, because a mark such as `js.hs-scripts.com` names HubSpot without saying so.
    """
    found = canonical_product(product)
    folded = quote.casefold()
    if found is None:
        return product.casefold() in folded
    names = (found.name, *found.aliases, *found.lookup_only)
    for name in names:
        at = folded.find(name.casefold())
        while at >= 0:
            end = at + len(name)
            before, after = folded[at - 1 : at], folded[end : end + 1]
            if not (before.isalnum() or after.isalnum()):
                return True
            at = folded.find(name.casefold(), at + 1)
    return any(text in folded for text in _mark_texts().get(found.name, ()))
