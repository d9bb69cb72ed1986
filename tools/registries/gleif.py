"""GLEIF, the register of Legal Entity Identifiers: asked by LEI, or by the exact legal name on the site.

A legal name ties only when exactly one live entry carries it, legal form included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import quote, urlencode

from tools.documents import Account, FetchFailure, Quarantined, SourceDocument
from tools.fetching.api import Fetcher, FetchRequest, Response
from tools.registries.lines import FactLine, fact_document
from tools.registries.payload import Json, dig, fields, items, load_json, one_line, text_of
from tools.registries.tie import legal_names, same_legal_name

API = "https://api.gleif.org/api/v1/lei-records"
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")


class GleifLookup(NamedTuple):
    """The account's entry as a document, what failed, and entries that do not tie."""

    document: SourceDocument | None = None
    failure: FetchFailure | None = None
    quarantined: tuple[Quarantined, ...] = ()


async def look_up_gleif(account: Account, fetcher: Fetcher, lei: str = "") -> GleifLookup | None:
    """Return the account's entry, or `None` when there is nothing to ask by (no LEI, no legal name).

    `lei` is the identifier that a tied registry entry states.
    """
    names = legal_names(account)
    if _LEI.fullmatch(lei):
        url = f"{API}/{lei}"
    elif names:
        url = f"{API}?{urlencode({'filter[entity.legalName]': one_line(names[0], 200), 'page[size]': '10'})}"
    else:
        return None
    response = await _ask(fetcher, url)
    if isinstance(response, FetchFailure):
        return GleifLookup(failure=None if response.status == 404 else response)
    data = dig(load_json(response.body), "data")
    if isinstance(data, dict):
        return await _with_parent(fetcher, data, response)
    records = [record for record in items(data) if isinstance(record, dict)]
    tied = records_named(names, records)
    if len(tied) == 1:
        return await _with_parent(fetcher, tied[0], response)
    return GleifLookup(quarantined=tuple(_set_aside(names, tied or records)))


def records_named(names: tuple[str, ...], records: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """Return the live records whose legal name is one of `names`, legal form included."""
    return [
        record
        for record in records
        if text_of(record, "attributes", "entity", "status") != "INACTIVE"
        and any(same_legal_name(name, _legal_name(record)) for name in names)
    ]


async def _with_parent(fetcher: Fetcher, record: dict[str, Json], response: Response) -> GleifLookup:
    """Return the record's document, its direct parent's legal name read where GLEIF holds one."""
    parent: Json = None
    failure: FetchFailure | None = None
    lei = text_of(record, "id") or text_of(record, "attributes", "lei")
    if fields(record, "relationships", "direct-parent", "links").get("lei-record") and _LEI.fullmatch(lei):
        answer = await _ask(fetcher, f"{API}/{quote(lei)}/direct-parent")
        if isinstance(answer, FetchFailure):
            failure = None if answer.status == 404 else answer
        else:
            parent = dig(load_json(answer.body), "data")
    document = fact_document(
        render_record(record, parent),
        response=response,
        title=f"GLEIF: {_legal_name(record)}",
        provider="gleif",
        url=f"https://search.gleif.org/#/record/{lei}" if _LEI.fullmatch(lei) else None,
        published_at=_day(text_of(record, "attributes", "registration", "lastUpdateDate")),
    )
    return GleifLookup(document, failure)


def render_record(record: Json, parent: Json = None) -> list[FactLine]:
    """Return one LEI record (and its direct parent's) as fact lines: pure, and total on any JSON."""
    return [line for line in _facts(record, parent) if line.value]


def _facts(record: Json, parent: Json) -> Iterator[FactLine]:
    entity = fields(record, "attributes", "entity")
    yield FactLine("Legal name", _legal_name(record))
    for other in items(entity.get("otherNames"))[:6]:
        former = text_of(other, "type") == "PREVIOUS_LEGAL_NAME"
        yield FactLine("Former name" if former else "Other name", text_of(other, "name"))
    yield FactLine("LEI", text_of(record, "attributes", "lei"))
    yield FactLine("Status", text_of(entity.get("status")))
    yield FactLine("Legal form", text_of(entity.get("legalForm"), "other"))
    yield FactLine("Jurisdiction", text_of(entity.get("jurisdiction")))
    founded = _day(text_of(entity.get("creationDate")))
    yield FactLine("Incorporated", founded.isoformat() if founded else "")
    yield FactLine("Headquarters", _address(entity.get("headquartersAddress")))
    yield FactLine("Legal address", _address(entity.get("legalAddress")))
    yield FactLine("Parent organisation", _legal_name(parent))


def _address(address: Json) -> str:
    """Return `city, region, country` by GLEIF's codes (`San Francisco, US-CA, US`); a city is required."""
    city = text_of(address, "city")
    parts = (city, text_of(address, "region"), text_of(address, "country"))
    return ", ".join(part for part in parts if part) if city else ""


def _legal_name(record: Json) -> str:
    return text_of(record, "attributes", "entity", "legalName", "name")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _set_aside(names: tuple[str, ...], records: list[dict[str, Json]]) -> Iterator[Quarantined]:
    for record in records[:3]:
        name = _legal_name(record)
        if not any(same_legal_name(wanted, name) for wanted in names):
            reason = "another legal name"
        elif text_of(record, "attributes", "entity", "status") == "INACTIVE":
            reason = "the entity of this legal name is no longer active"
        else:
            reason = "several registered entities carry this legal name"
        yield Quarantined(
            url=f"{API}/{text_of(record, 'id')}", kind="registry", title=f"GLEIF: {name}", reason=reason
        )


async def _ask(fetcher: Fetcher, url: str) -> Response | FetchFailure:
    answer = await fetcher.fetch(FetchRequest(url=url, accept="any", origin="api"))
    if isinstance(answer, FetchFailure):
        return answer
    if not isinstance(load_json(answer.body), dict):
        return FetchFailure(url=url, reason="parse", detail="GLEIF answered something that is not JSON")
    return answer
