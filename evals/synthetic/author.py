"""One site's voice: its person, its favourite wordings, its way with dates, numbers and addresses."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from evals.synthetic.boards import BoardFile
from evals.synthetic.company import Company
from evals.synthetic.layouts import Block, Page
from evals.synthetic.phrasebook import SectorWords, compose
from evals.synthetic.sayings import Ledger, Said, written

_NESTED = {
    "about": "/company", "careers": "/company", "press": "/company", "product": "/platform", "features": "/platform",
    "blog": "/resources", "customers": "/resources", "security": "/trust", "faq": "/resources",
}  # fmt: skip


class Post(NamedTuple):
    """One dated (or undated) entry of the newsroom and the feed."""

    title: str
    path: str
    on: date | None
    summary: str


@dataclass
class Site:
    """A written site: its pages, its menu, its board, its posts and the ledger."""

    company: Company
    root: str
    pages: list[Page] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    board: BoardFile | None = None
    posts: list[Post] = field(default_factory=list)
    menu: dict[str, tuple[str, str]] = field(default_factory=dict)
    alternates: dict[str, str] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return self.root + path


class Author:
    """Writes pages in one site's voice, in its own language or (`in_english`) in English."""

    def __init__(self, company: Company, site: Site, language: str | None = None) -> None:
        self.company, self.site = company, site
        self.language = language or company.language
        self.book = company.phrases(self.language)
        self.rng = company.rng(f"prose {language}" if language else "prose")
        self.dateform = self.rng.choice(self.book.choices("dateform"))
        self.short_money = self.rng.random() < 0.5
        words = self.words
        self.slots = {
            "co": company.name,
            "city": company.place.city,
            "place": company.place.line,
            "offices": self.listed([place.city for place in company.offices]),
            "clients": words.clients,
            "clients_one": words.client,
            "does": words.does,
            "does_cap": words.does[0].upper() + words.does[1:],
            "product": company.words.products[0],
        }

    def in_english(self) -> Author:
        """Return the same site's voice in English."""
        return Author(self.company, self.site, "en")

    @property
    def words(self) -> SectorWords:
        """How the language speaks of the company's sector."""
        return self.book.sector(self.company.sector)

    def listed(self, parts: list[str]) -> str:
        """Join words as a language lists them."""
        last = self.book.menu("and").label
        return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"

    def say(self, key: str, voice: str = "", **slots: str) -> str:
        """Compose one sentence; a key with two voices takes the site's, now and then the other."""
        if f"{key}.we" in ("employee_count.we", "founded.we", "hq.we", "industry.we"):
            own = self.company.we if self.rng.random() < 0.8 else not self.company.we
            key = f"{key}.{voice or ('we' if own else 'they')}"
        self.site.ledger.spoken.add(key)
        sentence = self.book.compose(key, self.rng, **{**self.slots, **slots})
        return sentence[0].upper() + sentence[1:]

    def some(self, key: str, count: int, **slots: str) -> list[str]:
        """Compose sentences from different templates of a key."""
        self.site.ledger.spoken.add(key)
        templates = list(self.book.templates(key))
        chosen = self.rng.sample(templates, min(count, len(templates)))
        return [compose(template, self.rng, {**self.slots, **slots}) for template in chosen]

    def number(self, number: int) -> str:
        """Write a number."""
        return written(number, self.language)

    def quantity(self) -> str:
        """Write the company's size with its qualifier."""
        company = self.company
        if company.qualifier == "range" and company.band:
            low, high = (self.number(end) for end in company.band)
            return compose(self.rng.choice(self.book.templates("n.range")), self.rng, {"a": low, "b": high})
        if company.qualifier in ("about", "over"):
            key = f"n.{company.qualifier}"
            return compose(self.rng.choice(self.book.templates(key)), self.rng, {"n": self.number(company.employees)})  # fmt: skip
        return self.number(company.employees)

    def day(self, on: date) -> str:
        """Write a date."""
        month = self.book.choices("month")[on.month - 1]
        return self.dateform.format(month=month, d=on.day, dd=f"{on.day:02d}", mm=f"{on.month:02d}", y=on.year, iso=on.isoformat())  # fmt: skip

    def foreign(self, *counts: int) -> int:
        """Draw a number that cannot be taken for the company's size, whatever its wording."""
        count = self.rng.choice(counts)
        own = [self.company.employees, self.company.second_count or 0, *(self.company.band or ())]
        return count + 137 if any(abs(count - one) <= one * 0.15 for one in own) else count

    def other(self) -> dict[str, str]:
        """Draw another company: its name, size, city and year, none of them the account's."""
        count = self.foreign(620, 1_900, 4_200, 6_200, 8_700, 14_500)
        return {
            "other": self.say("other"),
            "n": self.number(count),
            "count": str(count),
            "city2": self.rng.choice(("Lyon", "Malmö", "Porto", "Gdańsk", "Turin")),
            "year2": str(self.rng.randint(1931, 1994)),
        }

    def path(self, key: str) -> str:
        """Return where a page of the menu lies, in the site's own scheme of addresses."""
        bare, scheme = self.book.menu(key).path, self.company.scheme
        if bare == "/":
            return bare
        if self.language != self.company.language:
            return f"/{self.language}{bare}"
        if scheme == "nested":
            return _NESTED.get(key, "") + bare
        if scheme == "locale":
            return f"/{self.language}{bare}"
        return bare + {"html": ".html", "slash": "/"}.get(scheme, "")

    def below(self, key: str, name: str) -> str:
        """Return the address of a page under a page of the menu."""
        folder = self.path(key).removesuffix("/").removesuffix(".html")
        return f"{folder}/{name}" + {"html": ".html", "slash": "/"}.get(self.company.scheme, "")

    def page(self, key: str, *blocks: Block, path: str | None = None, title: str | None = None) -> Page:
        """Add a page; `key` is its menu entry, unless it lies at a `path` below it."""
        menu = self.book.menu(key)
        if path is None:
            path = self.path(key)
            if self.language == self.company.language:
                self.site.menu[key] = (menu.label, path)
        made = Page(
            path, title or f"{menu.label} | {self.company.name}", list(blocks), language=self.language
        )
        self.site.pages.append(made)
        return made

    def state(self, attribute: str, value: object, url: str, *quotes: str, accept: tuple[object, ...] | None = None, on: date | None = None, denies: bool = False) -> None:  # fmt: skip
        """Note a statement in the ledger."""
        self.site.ledger.said.append(
            Said(attribute, value, url, quotes, accept or (value,), on, "denies" if denies else "asserts")  # type: ignore[arg-type]
        )  # fmt: skip


def para(text: str) -> Block:
    """Return a paragraph."""
    return Block("p", text)


def head(author: Author, key: str) -> Block:
    """Return a page's main heading: what its menu entry is called."""
    return Block("h1", author.book.menu(key).label)


def slug(text: str) -> str:
    """Return a text as the last part of an address."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
