"""What a site says and where: every statement of a fact, kept as it is written, and every tempting wrong value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pydantic import JsonValue

from agent.attributes import OPEN_ENDED, canonical_value
from agent.models import Polarity
from evals.synthetic.company import Company
from evals.synthetic.phrasebook import Place

_POINT = {"en": ",", "de": ".", "fr": "\u202f", "es": ".", "nl": "."}
_STAGE = {
    "en": "Series {}", "de": "Series {}", "fr": "Série {}", "es": "Serie {}", "nl": "Series {}",
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One statement: the fact's value as the catalogue writes it, and the words that state it at an address.

    `quotes` are spellings of the same words, of which the first that the stored text holds is the span
    (a table's cells may be joined in several ways). `accept` are the values a label takes for right.
    """

    attribute: str
    value: JsonValue
    url: str
    quotes: tuple[str, ...]
    accept: tuple[JsonValue, ...]
    on: date | None = None
    polarity: Polarity = "asserts"
    tolerance: float = 0.0


@dataclass(frozen=True)
class Wrong:
    """A value the text tempts to, and the trap's name."""

    attribute: str
    value: JsonValue
    trap: str


@dataclass
class Ledger:
    """Everything a site says that a label speaks of; `spoken` are the phrases' keys it used."""

    said: list[Said] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    spoken: set[str] = field(default_factory=set)

    def headcount(self, company: Company, url: str, *quotes: str) -> None:
        """Note a statement of the company's size in its own manner."""
        value, accept, tolerance = headcount_value(company)
        self.said.append(Said("employee_count", value, url, quotes, accept, tolerance=tolerance))

    def technology(self, product: str, relation: str, url: str, *quotes: str, on: date | None = None, denies: bool = False) -> None:  # fmt: skip
        """Note a product by the catalogue's name for it."""
        value = canonical_value("technology", {"product": product, "relation": relation})
        if not isinstance(value, dict):
            raise ValueError(f"the catalogue has no product {product!r}")
        accept = ({"product": value["product"], "relation": relation},)
        polarity: Polarity = "denies" if denies else "asserts"
        self.said.append(Said("technology", value, url, quotes, accept, on, polarity))

    def uses(self) -> set[str]:
        """Return the products the account uses, by the catalogue's names."""
        return {
            str(said.value["product"])
            for said in self.said
            if said.attribute == "technology"
            and said.polarity == "asserts"
            and isinstance(said.value, dict)
            and said.value["relation"] == "uses"
        }

    def wrong_count(self, count: int, trap: str) -> None:
        """Note somebody else's, or an outdated, number of people."""
        self.wrong.append(Wrong("employee_count", {"low": count}, trap))


def headcount_value(company: Company) -> tuple[JsonValue, tuple[JsonValue, ...], float]:
    """Return the value that the site's wording of its size means, the values right for it, and a tolerance."""
    n = company.employees
    if company.qualifier == "range" and company.band:
        low, high = company.band
        return {"exact": None, "low": low, "high": high}, ({"low": low, "high": high},), 0.0
    if company.qualifier == "over":
        return {"exact": None, "low": n, "high": OPEN_ENDED}, ({"low": n}, {"low": n + 1}), 0.0
    exact = n if company.qualifier == "exact" else None
    tolerance = 0.1 if company.qualifier == "about" else 0.0
    return {"exact": exact, "low": n, "high": n}, ({"low": n, "high": n},), tolerance


def written(number: int, language: str) -> str:
    """Return a whole number as the language writes it."""
    return f"{number:,}".replace(",", _POINT[language]) if number >= 1_000 else str(number)


def written_stage(stage: str, language: str) -> str:
    """Return how the language writes a financing stage."""
    return "seed" if stage == "seed" and language == "en" else "Seed" if stage == "seed" else _STAGE[language].format(stage[-1].upper())  # fmt: skip


def written_money(amount: int, currency: str, language: str, short: bool) -> str:
    """Return an amount in millions as the language writes it."""
    millions = amount // 1_000_000
    if currency == "USD":
        return f"${millions}M" if short else f"${millions} million"
    return {
        "de": f"{millions} Mio. Euro" if short else f"{millions} Millionen Euro",
        "fr": f"{millions} M€" if short else f"{millions} millions d'euros",
        "es": f"{millions} M€" if short else f"{millions} millones de euros",
        "nl": f"€ {millions} miljoen" if short else f"{millions} miljoen euro",
    }[language]


def headquarters_value(place: Place) -> JsonValue:
    """Return the catalogue's value for a head office."""
    return {"city": place.city, "region": None, "country": place.country}
