"""People Data Labs: company enrichment by website (`/v5/company/enrich`).

Its figures are estimates from professional profiles; they are shown as its own, with no date, because the
answer states none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from tools.documents import Account
from tools.fetching.api import FetchRequest
from tools.providers.api import ProviderAnswer
from tools.registries.lines import FactLine
from tools.registries.payload import Json, dig, fields, items, load_json, number_of, text_of, with_separators

_URL = "https://api.peopledatalabs.com/v5/company/enrich"
# Their scale is 1 to 10; below this they match by little more than a similar name.
_MIN_LIKELIHOOD = "6"


@dataclass(frozen=True)
class PeopleDataLabs:
    """Asks People Data Labs for one company by its website."""

    name: str = "people-data-labs"
    answers: frozenset[str] = frozenset(
        (
            "employee_count",
            "industry",
            "founded_year",
            "headquarters",
            "ownership",
            "revenue",
            "funding_stage",
            "total_funding",
            "growth_rate",
            "parent",
        )
    )

    def request(self, account: Account, key: str) -> FetchRequest:
        """Ask by the final domain; the key travels in a header, never in the URL."""
        query = urlencode(
            {"website": account.final_domain or account.domain, "min_likelihood": _MIN_LIKELIHOOD}
        )
        return FetchRequest(url=f"{_URL}?{query}", accept="json", origin="api", headers=(("X-Api-Key", key),))

    def parse(self, body: bytes) -> ProviderAnswer | None:
        """Return the company, or `None` for anything that is not one."""
        payload = load_json(body)
        if isinstance(dig(payload, "data"), dict):  # the bulk form wraps the company
            payload = dig(payload, "data")
        name = text_of(payload, "display_name") or text_of(payload, "name")
        if not name:
            return None
        sites = [
            text_of(payload, "website"),
            *(text_of(site) for site in items(payload, "alternative_domains")),
        ]
        lines = tuple(line for line in _facts(payload, name) if line.value)
        return ProviderAnswer(tuple(site for site in sites if site), name, lines)


def _facts(company: Json, name: str) -> Iterator[FactLine]:
    yield FactLine("Name", name)
    yield FactLine("Official website", text_of(company, "website"))
    yield from _size(company)
    yield FactLine("Founded", str(number_of(company, "founded") or ""))
    yield FactLine("Industry", text_of(company, "industry") or text_of(company, "industry_v2"))
    yield FactLine("Industry group", text_of(company, "industry_v2"))
    place = fields(company, "location")
    parts = (text_of(place, "locality"), text_of(place, "region"), text_of(place, "country"))
    yield FactLine("Headquarters", ", ".join(part for part in parts if part) if parts[2] else "")
    yield FactLine("Ownership", text_of(company, "type"))
    yield FactLine("Stock exchange", text_of(company, "mic_exchange"))
    yield FactLine("Revenue range", text_of(company, "inferred_revenue"))
    yield FactLine("Total funding", _dollars(company, "total_funding_raised"))
    funded = text_of(company, "last_funding_date")
    yield FactLine("Funding stage", text_of(company, "latest_funding_stage").replace("_", " "), funded)
    yield FactLine("Employee growth in 12 months", _percent(dig(company, "employee_growth_rate", "12_month")))
    yield FactLine(
        "Parent organisation", text_of(company, "immediate_parent") or text_of(company, "ultimate_parent")
    )


def _size(company: Json) -> Iterator[FactLine]:
    """Yield the size: the range the company states of itself, and the count of profiles where it fits that.

    Profiles are of people who name the company as their employer; a count outside the stated range says more
    about who keeps a profile than about who is employed, so it is kept under a name of its own.
    """
    stated, count = text_of(company, "size"), number_of(company, "employee_count")
    counted = _number(company, "employee_count")
    found = re.fullmatch(r"(\d{1,7})(?:-(\d{1,7})|\+)", stated)
    if found is None:
        yield FactLine("Employees", counted)
        return
    fits = count is not None and int(found[1]) <= count <= int(found[2] or count)
    yield FactLine("Employees" if fits else "Profiles counted", counted)
    yield FactLine("Employee range", stated)


def _number(company: Json, name: str) -> str:
    number = number_of(company, name)
    return with_separators(number) if number is not None and number > 0 else ""


def _dollars(company: Json, name: str) -> str:
    amount = _number(company, name)
    return f"{amount} USD" if amount else ""


def _percent(rate: Json) -> str:
    """Return a ratio as a percentage with one decimal; ratios beyond ±100-fold are nonsense."""
    if isinstance(rate, bool) or not isinstance(rate, (int, float)) or not -100 < rate < 100:
        return ""
    return f"{rate * 100:.1f}%"
