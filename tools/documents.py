"""What gatherers hand over: documents, failures, and what was read.

These values cross from `tools` into `agent`, so they live at the bottom and import nothing of ours.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

SourceName = Literal["website", "jobs", "news", "technographics", "registries"]
SOURCES: tuple[SourceName, ...] = get_args(SourceName)
"""The order in which sources are listed and, of equal texts, kept."""
SourceKind = Literal["website", "job_posting", "news", "dns", "registry", "imported"]
SourceTier = Literal["first-party-structured", "first-party-text", "ats", "registry", "news", "third-party"]
SourceState = Literal["read", "read_nothing_found", "unreadable", "not_looked"]
TELLING: tuple[SourceState, ...] = ("read", "unreadable", "not_looked", "read_nothing_found")
"""Of several places of one source, the state that tells most of the whole comes first."""
FailureReason = Literal[
    "robots",
    "timeout",
    "dns",
    "tls",
    "http_status",
    "too_large",
    "not_text",
    "blocked_address",
    "redirect_loop",
    "not_in_archive",
    "budget",
    "parse",
]
AccountStatus = Literal["live", "redirected", "parked", "dead", "unreadable", "blocked"]
Department = Literal[
    "sales",
    "marketing",
    "customer_success",
    "support",
    "engineering",
    "data",
    "product",
    "design",
    "it",
    "security",
    "finance",
    "legal",
    "people",
    "operations",
    "supply_chain",
    "manufacturing",
    "research",
    "healthcare",
    "education",
    "administration",
    "executive",
    "other",
]
Seniority = Literal[
    "intern", "entry", "mid", "senior", "lead", "manager", "director", "vp", "c_level", "unknown"
]
PagePurpose = Literal[
    "home",
    "about",
    "product",
    "pricing",
    "customers",
    "careers",
    "security",
    "press",
    "blog",
    "contact",
    "partners",
    "faq",
    "legal",
    "structured_data",
    "markup",
    "feed",
    "other",
]


class Frozen(BaseModel):
    """Base of every value that crosses a module: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Posting(Frozen):
    """One job opening as its board or page states it.

    `department` and `seniority` are canonical; `department_label` is the board's own word for it.
    `posted_on` is the first publication, never the last update; `None` when the source does not say.
    `country` is ISO 3166 alpha-2.
    """

    key: str
    title: str
    url: str
    department: Department
    department_label: str | None = None
    seniority: Seniority = "unknown"
    location: str | None = None
    country: str | None = None
    remote: bool | None = None
    posted_on: date | None = None


class SourceDocument(Frozen):
    """One text that evidence may quote, and where it came from.

    `text` is what a visitor could read (or, for structured data, markup marks, DNS answers and
    registry entries, the source's own words), and `id` is the lower-case hex sha256 of it in UTF-8.
    Offsets into it count Unicode characters.

    Characters from `footer_start` on are page footer: only a legal name, an address and the like may
    be taken from there. `None` means the text has no footer part.
    `published_at` is when what it tells happened or was published; never the day of the crawl.
    `provider` names the system behind it (`greenhouse`, `wikidata`, a feed's host) where there is one.
    `body` is the raw body as fetched (decompressed); it is stored beside the document, never serialised.
    """

    id: str
    url: str
    final_url: str
    kind: SourceKind
    source: SourceName
    tier: SourceTier
    title: str
    text: str
    footer_start: int | None = None
    language: str | None = None
    fetched_at: datetime
    published_at: date | None = None
    status: int | None = None
    purpose: PagePurpose = "other"
    provider: str | None = None
    posting: Posting | None = None
    hidden_dropped: int = 0
    flags: tuple[str, ...] = ()
    body: bytes = Field(default=b"", exclude=True, repr=False)

    @model_validator(mode="after")
    def _id_is_hash_of_text(self) -> Self:
        if self.id != text_id(self.text):
            raise ValueError(f"document id {self.id!r} is not the sha256 of its text")
        return self


def text_id(text: str) -> str:
    """Return the document id of a text: lower-case hex sha256 of its UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class FetchFailure(Frozen):
    """A URL that could not be read, and why. It is data, shown in the report; it never stops an account.

    `status` is the HTTP status where there was one. `detail` is one line a person can act on.
    """

    url: str
    reason: FailureReason
    detail: str = ""
    status: int | None = None


class Quarantined(Frozen):
    """A document that was read but does not tie to the account, so nothing in it counts."""

    url: str
    kind: SourceKind
    title: str
    reason: str


class Account(Frozen):
    """The company under research, as far as its domain proves it.

    `domain` is the registrable domain that was asked for; `final_domain` the one its home page answered
    from. `names` are the names the site itself uses for the company (structured data, titles, legal
    name in the footer), best first; `name` is the first of them.
    """

    domain: str
    final_domain: str
    status: AccountStatus
    home_url: str
    name: str | None = None
    names: tuple[str, ...] = ()
    language: str | None = None
    detail: str = ""

    @property
    def domains(self) -> frozenset[str]:
        """Registrable domains that speak for the account."""
        return frozenset((self.domain, self.final_domain))


class Gathered(Frozen):
    """Everything one gatherer found, could not read, or set aside."""

    source: SourceName
    state: SourceState
    detail: str = ""
    documents: tuple[SourceDocument, ...] = ()
    failures: tuple[FetchFailure, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    total_postings: int | None = None


class GatherLimits(Frozen):
    """How much one account may cost the web. `max_pages` counts website pages, home page included."""

    max_pages: int = 15
    max_postings: int = 200
    max_news: int = 25
    news_within_days: int = 730
    opt_in_sources: tuple[str, ...] = ()
    left_out_sources: tuple[str, ...] = ()
