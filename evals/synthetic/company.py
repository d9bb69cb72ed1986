"""What is true of a made-up company: the shape of it, and what the cast draws from."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from evals.labels import Split
from evals.synthetic.phrasebook import Phrasebook, Place, SectorWords, phrasebook

AS_OF = date(2026, 11, 2)
RECORDED_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SEED = 20261102
SECTORS = {
    "logistics": ("logistics",),
    "manufacturing": ("manufacturing",),
    "software": ("software",),
    "fintech": ("fintech", "financial_services"),
    "healthcare": ("healthcare",),
    "ecommerce": ("ecommerce", "retail"),
    "energy": ("energy",),
    "education": ("education",),
    "cybersecurity": ("cybersecurity", "software"),
    "construction": ("construction",),
}
"""Sector, and the industry codes that are right for it, the closest first."""
ATS = (
    "greenhouse", "lever", "ashby", "workable", "personio", "recruitee", "teamtailor", "page",
)  # fmt: skip
STYLES = (
    "semantic",
    "divs",
    "tailwind",
    "tables",
    "webflow",
    "wordpress",
    "bootstrap",
    "nextjs",
    "framer",
    "builder",
)
SIZES = (8, 14, 26, 38, 55, 74, 96, 120, 145, 180, 230, 260, 340, 410, 520, 640, 780, 930, 1_250, 1_600, 2_400, 3_900, 6_500, 12_000, 21_000, 40_000)  # fmt: skip
TRAPS = (
    "stale_numbers", "conflicting_counts", "range", "customer_numbers", "partner_numbers", "namesake", "rebrand",
    "subsidiary", "parked", "javascript_only", "empty_careers", "other_departments", "migrating_from",
    "integrates_with", "denied", "undated_news", "old_funding", "press_wire", "mentioned",
)  # fmt: skip
SCHEMES = ("plain", "nested", "locale", "html", "slash")
"""How a site lays out its addresses."""
POISONS = ("visible", "hidden", "fence", "json_ld", "job_text", "unicode", "comment")
_NAMES = """
Velmora Quillbrack Ostrevan Tarnwick Belvano Corvessa Drumlane Elvastor Fennhollow Gravelin Hollendal Istervane
Jarnskog Kelbourne Lormanti Merrowick Nordhavel Ombresol Pellucine Quorvane Rastello Silverhoek Tollgarth Undervik
Varsomi Wexhollow Xandrova Yelverdon Zaltburg Corrimond Brevanto Cindermoor Dovrandel Emberlisk Fjordane Glanmere
Haldoria Iverstone Jolverton Kastwijk Lumerava Montrevel Nethercombe Orsalune Pravonne Quensel Rivenholt Skarnvald
Thistlewane Ulmenhof Vantrelle Wrenhurst Xylomare Yarrowdeen Zephrona Alderquin Borvantis Calvessor Dunmarrow
Elmsvarde Farrowind Gildermark Hesperand Inverlaise Jutebrook Kyrrevald Lindormo Mossgate
"""
NAMES = tuple(_NAMES.split())

Qualifier = Literal["exact", "about", "over", "range", "none"]


@dataclass(frozen=True)
class Opening:
    """One job opening of a board."""

    key: str
    title: str
    department: str
    place: Place
    posted: date
    tools: tuple[str, ...] = ()
    migrating: tuple[str, str] | None = None


@dataclass(frozen=True)
class Event:
    """Something that happened: its kind, its day (`None`: the post does not say) and what it is about."""

    kind: str
    on: date | None
    title_of: str = ""
    stage: str | None = None
    amount: int | None = None
    currency: str = "USD"
    other: str = ""
    place: Place | None = None
    count: int = 0


DenialKind = Literal[
    "tool", "formerly", "integration", "certification", "planned", "api", "hiring", "layoffs"
]


@dataclass(frozen=True)
class Denial:
    """One thing the site says is not so; `of` is the product or the certification it speaks of."""

    kind: DenialKind
    of: str = ""


@dataclass(frozen=True)
class Company:
    """One company as it truly is, and how its site will be written."""

    number: int
    name: str
    legal: str
    domain: str
    language: str
    sector: str
    style: str
    ats: str
    we: bool
    split: Split
    traps: tuple[str, ...]
    poison: str | None
    employees: int
    qualifier: Qualifier
    band: tuple[int, int] | None
    second_count: int | None
    founded: int | None
    place: Place
    offices: tuple[Place, ...]
    industry_said: bool
    certifications: tuple[str, ...]
    denials: tuple[Denial, ...]
    integrations: tuple[str, ...]
    text_tool: str | None
    marks: tuple[str, ...]
    dns: tuple[str, ...]
    pricing: str | None
    openings: tuple[Opening, ...]
    events: tuple[Event, ...]
    api: bool
    parent: str | None
    former: str | None
    scheme: str
    is_bilingual: bool
    jobs_language: str

    @property
    def book(self) -> Phrasebook:
        """The phrases of its language."""
        return self.phrases(self.language)

    def phrases(self, language: str) -> Phrasebook:
        """Return the phrases of a language as this company's half of the accounts speaks it."""
        return phrasebook(language, held_out=self.split == "test")

    @property
    def words(self) -> SectorWords:
        """How its language speaks of its sector."""
        return self.book.sector(self.sector)

    def rng(self, purpose: str) -> random.Random:
        """Return a generator of its own for one purpose, so that one part's draws never shift another's."""
        return random.Random(f"{SEED}/{self.name}/{purpose}")  # noqa: S311 (text variety, not secrets)

    @property
    def asked(self) -> str:
        """The domain an account list would hold: the old one, for a company that changed its name."""
        return f"{self.former.lower()}.example" if self.former else self.domain

    def has(self, trap: str) -> bool:
        """Tell whether the site sets this trap."""
        return trap in self.traps

    def denied(self, *kinds: DenialKind) -> tuple[Denial, ...]:
        """Return what the site denies of these kinds."""
        return tuple(denial for denial in self.denials if denial.kind in kinds)

    def tools(self) -> set[str]:
        """Return the products that the company is drawn to use, connect to or leave."""
        own = {*self.marks, *self.dns, *self.integrations, *([self.text_tool] if self.text_tool else [])}
        for opening in self.openings:
            own |= {*opening.tools, *(opening.migrating or ())}
        return own
