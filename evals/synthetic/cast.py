"""The cast: what is true of each made-up company, drawn from a seed before a word of its web is written."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from evals.synthetic.company import (
    AS_OF,
    ATS,
    NAMES,
    POISONS,
    SCHEMES,
    SECTORS,
    SEED,
    SIZES,
    STYLES,
    TRAPS,
    Company,
    Denial,
    Event,
    Opening,
    Qualifier,
)
from evals.synthetic.phrasebook import Phrasebook, Place, phrasebook

_LEGAL = {
    "en": ("Inc.", "Ltd", "LLC"), "de": ("GmbH", "AG", "GmbH & Co. KG"), "fr": ("SAS", "SA"),
    "es": ("S.L.", "S.A."), "nl": ("B.V.", "N.V."),
}  # fmt: skip
_LANGUAGE_ORDER = ("en", "de", "en", "fr", "en", "es", "en", "nl", "de", "en", "fr", "en", "es", "nl", "en")
_TOOLS: dict[str, tuple[str, ...]] = {
    "crm": ("Salesforce", "HubSpot", "Pipedrive", "Microsoft Dynamics 365"),
    "cloud": ("AWS", "Google Cloud", "Microsoft Azure"),
    "engineering": (
        "Kubernetes",
        "Docker",
        "PostgreSQL",
        "Terraform",
        "GitHub",
        "GitLab",
        "Kafka",
        "Datadog",
    ),
    "office": ("Jira", "Slack", "Zendesk", "NetSuite", "Power BI", "Tableau", "Snowflake"),
}


def companies() -> tuple[Company, ...]:
    """Return the whole cast, always the same."""
    return tuple(_draw(number) for number in range(len(NAMES)))


def _draw(number: int) -> Company:
    rng = random.Random(f"{SEED}/{NAMES[number]}")  # noqa: S311
    name = NAMES[number]
    language = _LANGUAGE_ORDER[(number * 4 + number // 15) % len(_LANGUAGE_ORDER)]
    book = phrasebook(language, held_out=number % 2 == 1)
    traps, poison = _traps(number, rng)
    sector = tuple(SECTORS)[(number * 3 + number // 10) % len(SECTORS)]
    employees = SIZES[(number * 11 + 5) % len(SIZES)]
    employees += rng.choice((0, 0, 3, 7, -2)) if employees > 50 else 0
    qualifier = _qualifier(traps, rng)
    if qualifier in ("over", "about") and employees > 100:
        employees = employees // 10 * 10
    places = list(book.places())
    rng.shuffle(places)
    crm = rng.choice(_TOOLS["crm"])
    funded = rng.random() < 0.55 or bool({"old_funding", "undated_news", "press_wire"} & set(traps))
    silent = number // 2 in _NOT_HIRING and "migrating_from" not in traps
    empty = silent or bool({"empty_careers", "javascript_only", "parked"} & set(traps))
    # Draws of their own, so that what was drawn before stays as it was.
    manner = random.Random(f"{SEED}/{name}/manner")  # noqa: S311
    jobs_language = language if manner.random() < 0.65 else "en"
    company = Company(
        number=number,
        name=name,
        legal=f"{name} {rng.choice(_LEGAL[language])}",
        domain=f"{name.lower()}{rng.choice(('', '', '-group', '-hq', 'labs'))}.example",
        language=language,
        sector=sector,
        style=STYLES[(number + number // 7) % len(STYLES)],
        ats=ATS[(number + number // 8) % len(ATS)],
        we=rng.random() < 0.5,
        split="dev" if number % 2 == 0 else "test",
        traps=traps,
        poison=poison,
        employees=employees,
        qualifier=qualifier,
        band=_band(employees) if qualifier == "range" else None,
        second_count=employees * 3 if "conflicting_counts" in traps else None,
        founded=None if rng.random() < 0.15 else rng.randint(1958, 2021),
        place=places[0],
        offices=tuple(places[: rng.choice((1, 2, 3))]),
        industry_said=rng.random() < 0.85,
        certifications=tuple(rng.sample(_CERTIFICATIONS, rng.choice((0, 1, 1, 2)))),
        denials=(),
        integrations=tuple(rng.sample(("Salesforce", "HubSpot", "NetSuite", "SAP S/4HANA", "Slack", "Shopify", "Zendesk"), 3)) if "integrates_with" in traps or rng.random() < 0.3 else (),
        text_tool=rng.choice(_TOOLS["cloud"]) if rng.random() < 0.5 else None,
        marks=_marks(rng, crm, traps),
        dns=_dns(rng, crm, traps),
        pricing=rng.choice(("per_seat", "usage_based", "quote_based", None)),
        openings=() if empty else _openings(rng, phrasebook(jobs_language, held_out=number % 2 == 1), places, traps, crm, employees),
        events=_events(rng, book, places, traps, funded, sector, language),
        api=rng.random() < 0.4,
        parent=f"{rng.choice(('Kaltenor', 'Marbrecht', 'Sorvelle', 'Truvanta'))} Group" if "subsidiary" in traps else None,
        former=("Oldcastor", "Brinkvale", "Sutterlane", "Petrolune")[number % 4] if "rebrand" in traps else None,
        scheme=manner.choice(SCHEMES) if language != "en" else manner.choice([one for one in SCHEMES if one != "locale"]),
        is_bilingual=language != "en" and manner.random() < 0.5,
        jobs_language=jobs_language,
    )  # fmt: skip
    return replace(company, denials=_denials(company, manner)) if "denied" in traps else company


def _traps(number: int, rng: random.Random) -> tuple[tuple[str, ...], str | None]:
    """Give neighbours (one dev, one test) the same main trap; some a second; a quarter a poison instead."""
    pair = number // 2
    if pair < len(TRAPS):
        main = [TRAPS[pair]]
        if main[0] in ("parked", "javascript_only"):
            return tuple(main), None
        main += [trap for trap in rng.sample(("customer_numbers", "stale_numbers", "partner_numbers"), 1) if trap not in main]  # fmt: skip
        return (*main, *_denying(number, main)), None
    if pair < len(TRAPS) + len(POISONS):
        return ("customer_numbers",), POISONS[pair - len(TRAPS)]
    extra = rng.sample(("customer_numbers", "integrates_with", "migrating_from", "press_wire", "old_funding", "range"), rng.choice((0, 1, 2)))  # fmt: skip
    return (*extra, *_denying(number, extra)), None


# Pairs (one dev, one test account) whose sites deny things: all five languages in either half.
_DENYING = (10, 14, 26, 27, 28, 29, 31, 32, 33)
_NOT_HIRING = (26, 28, 29, 31, 33)


def _denying(number: int, traps: list[str]) -> tuple[str, ...]:
    return ("denied",) if number // 2 in _DENYING and "denied" not in traps else ()


_DENIED_TOOLS = (
    "Salesforce",
    "HubSpot",
    "Google Analytics",
    "Jira",
    "Slack",
    "Zendesk",
    "Snowflake",
    "NetSuite",
)
_CERTIFICATIONS = ("SOC 2 Type II", "ISO 27001", "ISO 9001", "ISO 14001", "PCI DSS")


def _denials(company: Company, rng: random.Random) -> tuple[Denial, ...]:
    """Draw what the site denies: never what it is drawn to have, use, connect to or be looking for."""
    free = [tool for tool in _DENIED_TOOLS if tool not in company.tools()]
    rng.shuffle(free)
    held = " ".join(company.certifications)
    lacking = [name for name in ("SOC 2", "ISO 27001", "PCI DSS", "ISO 9001") if name not in held]
    rng.shuffle(lacking)
    pool = [
        Denial("formerly", free[1]),
        Denial("integration", free[2]),
        Denial("planned", lacking[1]),
        *([] if company.api else [Denial("api")]),
        *([] if company.openings or company.has("empty_careers") else [Denial("hiring")]),
        *([] if any(event.kind == "layoffs" for event in company.events) else [Denial("layoffs")]),
    ]
    others = [one for one in pool if one.kind != "hiring"]
    chosen = [one for one in pool if one.kind == "hiring"] + rng.sample(others, min(3, len(others)))
    return (Denial("tool", free[0]), Denial("certification", lacking[0]), *chosen)


def _qualifier(traps: tuple[str, ...], rng: random.Random) -> Qualifier:
    if "range" in traps:
        return "range"
    if "conflicting_counts" in traps:
        return "exact"
    kinds: tuple[Qualifier, ...] = ("exact", "exact", "exact", "exact", "about", "about", "over", "none")
    return rng.choice(kinds)


def _band(employees: int) -> tuple[int, int]:
    step = 10 if employees < 200 else 50 if employees < 2_000 else 500
    low = employees // step * step
    return max(low, 1), low + step


def _marks(rng: random.Random, crm: str, traps: tuple[str, ...]) -> tuple[str, ...]:
    pool = ["Google Tag Manager", "Google Analytics", "Segment", "Hotjar", "Intercom", "LinkedIn Insight Tag", "Meta Pixel", "Cookiebot", "OneTrust", "Matomo", "Klaviyo", "Drift", "Mixpanel"]  # fmt: skip
    found = rng.sample(pool, rng.randint(1, 5))
    if crm == "HubSpot" and "migrating_from" not in traps:
        found.append("HubSpot")
    return tuple(found)


def _dns(rng: random.Random, crm: str, traps: tuple[str, ...]) -> tuple[str, ...]:
    found = [rng.choice(("Google Workspace", "Microsoft 365"))]
    if crm == "Salesforce" and "migrating_from" not in traps:
        found.append("Salesforce")
    if rng.random() < 0.4:
        found.append("Zendesk")
    if rng.random() < 0.4:
        found.append(rng.choice(("SendGrid", "Amazon SES", "Mailchimp")))
    return tuple(found)


def _openings(
    rng: random.Random,
    book: Phrasebook,
    places: list[Place],
    traps: tuple[str, ...],
    crm: str,
    employees: int,
) -> tuple[Opening, ...]:
    departments = ["sales", "engineering", "marketing", "finance", "operations", "people", "support"]
    if "other_departments" in traps:
        departments.remove("sales")
    weights = [4, 5, 2, 1, 2, 1, 2][-len(departments) :]
    wanted = rng.randint(1, 3) if employees < 40 else rng.randint(3, 11)
    titles: set[tuple[str, str]] = set()
    openings: list[Opening] = []
    for _ in range(wanted):
        department = rng.choices(departments, weights)[0]
        free = [title for title in book.choices(f"title.{department}") if (department, title) not in titles]
        if not free:
            continue
        title = rng.choice(free)
        titles.add((department, title))
        tools: tuple[str, ...] = ()
        if department == "sales":
            tools = (crm,)
        elif department == "engineering":
            tools = tuple(rng.sample(_TOOLS["engineering"], 2)) + (
                (rng.choice(_TOOLS["cloud"]),) if rng.random() < 0.4 else ()
            )
        elif rng.random() < 0.5:
            tools = (rng.choice(_TOOLS["office"]),)
        age = rng.choice((3, 9, 16, 24, 37, 52, 70, 85, 130))
        openings.append(
            Opening(
                f"{7_000_000 + rng.randrange(999_999)}",
                title,
                department,
                rng.choice(places[:3]),
                AS_OF - timedelta(days=age),
                tools,
            )
        )
    if "migrating_from" in traps:
        old, new = rng.choice(
            (
                ("Salesforce", "HubSpot"),
                ("AS/400", "SAP S/4HANA"),
                ("Jenkins", "GitLab"),
                ("HubSpot", "Salesforce"),
            )
        )
        title = book.choices("title.engineering")[0]
        openings = [
            opening for opening in openings if opening.title != title and not {old, new} & set(opening.tools)
        ]
        openings.append(
            Opening(
                f"{8_000_000 + rng.randrange(999_999)}",
                title,
                "engineering",
                places[0],
                AS_OF - timedelta(days=20),
                (),
                (old, new),
            )
        )
    return tuple(openings)  # fmt: skip


_CURRENCY = {"en": "USD", "de": "EUR", "fr": "EUR", "es": "EUR", "nl": "EUR"}


def _events(
    rng: random.Random, book: Phrasebook, places: list[Place], traps: tuple[str, ...], funded: bool, sector: str, language: str
) -> tuple[Event, ...]:  # fmt: skip
    def day(low: int, high: int) -> date:
        return AS_OF - timedelta(days=rng.randint(low, high))

    events: list[Event] = []
    if funded:
        stage = rng.choice(("seed", "series_a", "series_b", "series_c"))
        amount = {"seed": 3, "series_a": 12, "series_b": 40, "series_c": 90}[stage] + rng.randint(0, 8)
        on: date | None = day(12, 500)
        if "undated_news" in traps:
            on = None
        elif "old_funding" in traps:
            on = day(1_500, 2_600)
        events.append(
            Event("funding", on, stage=stage, amount=amount * 1_000_000, currency=_CURRENCY[language])
        )
    kinds = rng.sample(
        ("leadership", "launch", "expansion", "partnership", "layoffs", "acquisition", "award"), 3
    )
    for kind in kinds:
        on = None if "undated_news" in traps else day(10, 420)
        if kind == "leadership":
            events.append(Event(kind, on, title_of=rng.choice(book.choices("leader"))))
        elif kind == "launch":
            events.append(Event(kind, on, other=book.sector(sector).products[1]))
        elif kind == "expansion":
            events.append(Event(kind, on, place=places[-1]))
        elif kind == "layoffs":
            events.append(Event(kind, on, count=rng.choice((12, 25, 40))))
        elif kind in ("partnership", "acquisition"):
            events.append(Event(kind, on, other=rng.choice(("Bluefathom", "Cedarwick", "Tallowmere", "Ferrovale", "Grindelow"))))  # fmt: skip
        else:
            events.append(Event(kind, on))
    return tuple(events)
