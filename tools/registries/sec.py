"""SEC EDGAR: which filer the account is, and the facts its filings state.

The filer is the account's when Wikidata's entry for the domain names its CIK, when EDGAR's own website
field is on the domain, or when the site's own legal name is the filer's. EDGAR asks every client for a
contact in the User-Agent header; without one configured it is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tools.documents import Account, FetchFailure, Quarantined, SourceDocument
from tools.fetching.api import Fetcher, FetchRequest, Response
from tools.names import name_words
from tools.registries.lines import FactLine, fact_document
from tools.registries.payload import Json, dig, fields, items, load_json, number_of, text_of, with_separators
from tools.registries.tie import legal_names, same_legal_name, speaks_for

TICKERS_URL = "https://www.sec.gov/files/company_tickers.json"
_CANDIDATES = 2
_US_STATES = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "DC",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "PR",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
    ]
)
_ANNUAL_FORMS = ("10-K", "10-K/A", "20-F", "20-F/A", "40-F", "40-F/A", "10-KT")
_REVENUE_CONCEPTS = (
    ("us-gaap", "RevenueFromContractWithCustomerExcludingAssessedTax"),
    ("us-gaap", "Revenues"),
    ("us-gaap", "SalesRevenueNet"),
    ("us-gaap", "RevenueFromContractWithCustomerIncludingAssessedTax"),
    ("ifrs-full", "Revenue"),
)
_EMPLOYEE_CONCEPTS = (("dei", "EntityNumberOfEmployees"), ("us-gaap", "EntityNumberOfEmployees"))


class SecFiler(NamedTuple):
    """A filer that is the account: ten-digit `cik`, and the submissions answer it was read from."""

    cik: str
    submissions: dict[str, Json]
    response: Response


class SecLookup(NamedTuple):
    """The account's filer if there is one, what failed, and filers of the same name that do not tie."""

    filer: SecFiler | None = None
    failure: FetchFailure | None = None
    quarantined: tuple[Quarantined, ...] = ()


async def look_up_filer(account: Account, fetcher: Fetcher, contact: str, cik: str = "") -> SecLookup:
    """Find the account's filer; `cik` is the number a tied registry entry states, if any.

    Asks for at most three answers.
    """
    if cik.isascii() and cik.isdigit():
        answer = await _submissions(fetcher, contact, cik.zfill(10))
        return SecLookup(failure=answer) if isinstance(answer, FetchFailure) else SecLookup(filer=answer)
    listing = await sec_fetch(fetcher, TICKERS_URL, contact)
    if isinstance(listing, FetchFailure):
        return SecLookup(failure=listing)
    tickers = load_json(listing.body)
    if not isinstance(tickers, dict):
        return SecLookup(failure=_misshapen(TICKERS_URL, "the list of filers"))
    aside: list[Quarantined] = []
    for candidate in filers_named(account, tickers)[:_CANDIDATES]:
        answer = await _submissions(fetcher, contact, candidate)
        if isinstance(answer, FetchFailure):
            return SecLookup(None, answer, tuple(aside))
        if ties(account, answer.submissions):
            return SecLookup(answer, None, tuple(aside))
        name = text_of(answer.submissions, "name")
        reason = f"same name, but neither its website nor the site's legal name ties it to {account.domain}"
        aside.append(
            Quarantined(url=answer.response.url, kind="registry", title=f"SEC EDGAR: {name}", reason=reason)
        )
    return SecLookup(quarantined=tuple(aside))


def _misshapen(url: str, what: str) -> FetchFailure:
    return FetchFailure(url=url, reason="parse", detail=f"SEC EDGAR: {what}: expected a JSON object")


async def sec_fetch(fetcher: Fetcher, url: str, contact: str) -> Response | FetchFailure:
    """Ask EDGAR for one URL with the contact it wants in the User-Agent."""
    agent = ("User-Agent", f"account-dossier {contact}")
    return await fetcher.fetch(FetchRequest(url=url, accept="any", origin="api", headers=(agent,)))


def filers_named(account: Account, tickers: Json) -> list[str]:
    """Return the ten-digit CIKs whose title is one of the account's names, legal form aside."""
    wanted = {_core(name) for name in account.names} - {()}
    found = [
        str(number).zfill(10)
        for row in fields(tickers).values()
        if (number := number_of(row, "cik_str")) is not None and _core(text_of(row, "title")) in wanted
    ]
    return list(dict.fromkeys(found))


def ties(account: Account, submissions: Json) -> bool:
    """Tell whether EDGAR's entry is the account: its website, or the exact legal name on the site."""
    websites = (text_of(submissions, "website"), text_of(submissions, "investorWebsite"))
    if any(speaks_for(account, url) for url in websites if url):
        return True
    return any(same_legal_name(name, _plain(text_of(submissions, "name"))) for name in legal_names(account))


async def gather_filer(
    filer: SecFiler, fetcher: Fetcher, contact: str
) -> tuple[list[SourceDocument], FetchFailure | None]:
    """Return the filer's entry and its reported figures as documents, and what failed."""
    name = text_of(filer.submissions, "name")
    documents = [
        fact_document(
            render_submissions(filer.submissions),
            response=filer.response,
            title=f"SEC EDGAR: {name}",
            provider="sec",
        )
    ]
    facts = await sec_fetch(
        fetcher, f"https://data.sec.gov/api/xbrl/companyfacts/CIK{filer.cik}.json", contact
    )
    failure: FetchFailure | None = None
    if isinstance(facts, FetchFailure):
        failure = None if facts.status == 404 else facts  # 404: the filer reports no structured figures
    elif not isinstance(figures := load_json(facts.body), dict):
        failure = _misshapen(facts.url, "the reported figures")
    else:
        documents.append(
            fact_document(
                render_company_facts(figures),
                response=facts,
                title=f"SEC EDGAR reported figures: {name}",
                provider="sec",
            )
        )
    return [document for document in documents if document is not None], failure


def render_submissions(submissions: Json) -> list[FactLine]:
    """Return the filer's entry as fact lines: pure, and total on any JSON."""
    return [line for line in _entry(submissions) if line.value]


def _entry(submissions: Json) -> Iterator[FactLine]:
    name = text_of(submissions, "name")
    yield FactLine("Name", name)
    yield FactLine("Legal name", name)
    yield FactLine("Official website", text_of(submissions, "website"))
    number, label = text_of(submissions, "sic"), text_of(submissions, "sicDescription")
    yield FactLine("SIC", f"{number} {label}".strip() if number else "")
    yield FactLine("Industry", label)
    yield FactLine("Headquarters", _address(dig(submissions, "addresses", "business")))
    tickers = [text_of(ticker) for ticker in items(submissions, "tickers")]
    for index, exchange in enumerate(items(submissions, "exchanges")[:6]):
        place, ticker = text_of(exchange), tickers[index] if index < len(tickers) else ""
        yield FactLine("Stock exchange", f"{place} ({ticker})" if place and ticker else place)
    yield FactLine("Filer category", text_of(submissions, "category"))
    yield FactLine("Incorporated in", text_of(submissions, "stateOfIncorporationDescription"))
    for former in items(submissions, "formerNames")[:10]:
        yield FactLine("Former name", text_of(former, "name"), _day(text_of(former, "to")))
    number = text_of(submissions, "cik")
    yield FactLine("CIK", number if number.isdigit() else "")
    yield FactLine("LEI", text_of(submissions, "lei"))


def render_company_facts(facts: Json) -> list[FactLine]:
    """Return the latest annual revenue and the latest number of employees as fact lines: pure and total."""
    name = text_of(facts, "entityName")
    revenue = _latest(facts, _REVENUE_CONCEPTS, yearly=True)
    employees = _latest(facts, _EMPLOYEE_CONCEPTS, yearly=False)
    lines = [FactLine("Name", name)] if name and (revenue or employees) else []
    if employees:
        lines.append(FactLine("Employees", with_separators(employees.amount), employees.end))
    if revenue and re.fullmatch("[A-Z]{3}", revenue.unit):
        lines.append(FactLine("Revenue", f"{with_separators(revenue.amount)} {revenue.unit}", revenue.end))
    return lines


class _Figure(NamedTuple):
    end: str
    filed: str
    amount: int
    unit: str


def _latest(facts: Json, concepts: tuple[tuple[str, str], ...], *, yearly: bool) -> _Figure | None:
    """Return the figure with the latest period end among the concepts; for one period, the last filed."""
    figures = [
        _Figure(end, _day(text_of(row, "filed")), amount, unit)
        for taxonomy, concept in concepts
        for unit, rows in fields(facts, "facts", taxonomy, concept, "units").items()
        for row in (rows if isinstance(rows, list) else [])
        if (amount := number_of(row, "val")) is not None
        and amount > 0
        and (end := _day(text_of(row, "end")))
        and (not yearly or _is_year(row, end))
    ]
    return max(figures, key=lambda figure: (figure.end, figure.filed, figure.amount), default=None)


def _is_year(row: Json, end: str) -> bool:
    """Tell whether a row covers a fiscal year: an annual form also repeats single quarters."""
    if text_of(row, "form") not in _ANNUAL_FORMS:
        return False
    start = _day(text_of(row, "start"))
    if not start:
        return text_of(row, "fp") == "FY"
    return 340 <= (date.fromisoformat(end) - date.fromisoformat(start)).days <= 380


def _day(text: str) -> str:
    """Return the ISO day at the start of a timestamp, or `""`."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""


def _address(address: Json) -> str:
    city, code = text_of(address, "city"), text_of(address, "stateOrCountry").upper()
    described = text_of(address, "country") or text_of(address, "stateOrCountryDescription")
    if code in _US_STATES:
        return ", ".join(part for part in (city, code, "United States") if part)
    return ", ".join(part for part in (city, described) if part) if city else ""


def _plain(name: str) -> str:
    """Return a filer's name without EDGAR's own suffix (`COSTCO WHOLESALE CORP /NEW`)."""
    return re.sub(r"\s*/[A-Z ]{2,8}/?\s*$", "", name)


_FORMS = frozenset(
    ("inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "plc", "nv", "sa")
)


def _core(name: str) -> tuple[str, ...]:
    words = name_words(_plain(name))
    while len(words) > 1 and words[-1] in _FORMS:
        words = words[:-1]
    return words


async def _submissions(fetcher: Fetcher, contact: str, cik: str) -> SecFiler | FetchFailure:
    url = f"https://data.sec.gov/submissions/CIK{cik}.json"
    answer = await sec_fetch(fetcher, url, contact)
    if isinstance(answer, FetchFailure):
        return answer
    payload = load_json(answer.body)
    if not isinstance(payload, dict) or not text_of(payload, "name"):
        return FetchFailure(
            url=url, reason="parse", detail="SEC EDGAR answered something that is not a filer's entry"
        )
    return SecFiler(cik, payload, answer)
