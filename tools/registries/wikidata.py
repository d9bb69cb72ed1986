"""Wikidata: the entry whose official website (P856) is the account's own front page.

The search index answers exact website URLs; where the entry writes its website another way, entries
with the account's name are compared by their website. A name alone never ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from tools.documents import Account, FetchFailure, Quarantined, SourceDocument
from tools.fetching.api import Fetcher, FetchRequest, Response
from tools.names import name_words
from tools.registries.lines import fact_document
from tools.registries.payload import Json, dig, fields, items, load_json, one_line, text_of
from tools.registries.tie import is_home_of
from tools.registries.wikidata_facts import (
    entity_label,
    external_id,
    in_force,
    referenced_ids,
    render_entity,
    statements,
)

API = "https://www.wikidata.org/w/api.php"
_NAME_CANDIDATES = 7
# A statement of any of these says the entry is an organisation, not its product or website.
_ORGANISATION_MARKS = (
    "P1128",
    "P159",
    "P1454",
    "P452",
    "P112",
    "P169",
    "P749",
    "P355",
    "P414",
    "P1278",
    "P5531",
)


class WikidataLookup(NamedTuple):
    """The account's entry if there is one, what failed, and namesakes that do not tie.

    `entity` is the entry as the API gives it; `document` its facts as lines.
    """

    entity: dict[str, Json]
    document: SourceDocument | None
    failure: FetchFailure | None = None
    quarantined: tuple[Quarantined, ...] = ()

    @property
    def cik(self) -> str:
        """The SEC's number for the company, or `""`."""
        return external_id(self.entity, "P5531")

    @property
    def lei(self) -> str:
        """The Legal Entity Identifier, or `""`."""
        return external_id(self.entity, "P1278")


async def look_up_wikidata(account: Account, fetcher: Fetcher) -> WikidataLookup:
    """Return the account's Wikidata entry: at most five requests, none after the first that fails."""
    found = await _ask(fetcher, _website_query(account))
    if isinstance(found, FetchFailure):
        return WikidataLookup({}, None, found)
    ids = [text_of(hit, "title") for hit in items(load_json(found.body), "query", "search")]
    lookup = await _choose(account, fetcher, ids)
    if lookup.document or lookup.failure or not account.name:
        return lookup
    named = await _ask(fetcher, _name_query(account.name))
    if isinstance(named, FetchFailure):
        return lookup._replace(failure=named)
    more = [text_of(hit, "id") for hit in items(load_json(named.body), "search")]
    second = await _choose(account, fetcher, [entry for entry in more if entry not in ids])
    return second._replace(quarantined=lookup.quarantined + second.quarantined)


async def _choose(account: Account, fetcher: Fetcher, ids: list[str]) -> WikidataLookup:
    ids = [entry for entry in dict.fromkeys(ids) if _is_item(entry)][:10]
    if not ids:
        return WikidataLookup({}, None)
    response = await _ask(fetcher, _entities_query(ids, account.language))
    if isinstance(response, FetchFailure):
        return WikidataLookup({}, None, response)
    entities = fields(load_json(response.body), "entities")
    candidates = [entity for entry in ids if (entity := fields(entities, entry))]
    chosen = choose_entity(account, candidates)
    others = tuple(_set_aside(account, candidates, chosen))
    if chosen is None:
        return WikidataLookup({}, None, None, others)
    labels, failure = await _referenced(fetcher, chosen)
    entry = text_of(chosen, "id")
    document = fact_document(
        render_entity(chosen, labels),
        response=response,
        title=f"Wikidata: {entity_label(chosen)}",
        provider="wikidata",
        url=f"https://www.wikidata.org/wiki/{entry}",
    )
    return WikidataLookup(chosen, document, failure, others)


def choose_entity(account: Account, candidates: Iterable[dict[str, Json]]) -> dict[str, Json] | None:
    """Return the organisation whose current official website is the account's front page, if any.

    Where several entries share that website (a company, its product, its site), the one with the most
    marks of an organisation wins, then the one named as the account is, then the older entry.
    """
    tied = [entity for entity in candidates if any(is_home_of(account, url) for url in websites(entity))]
    names = {name_words(name) for name in account.names}

    def rank(entity: dict[str, Json]) -> tuple[int, int, int]:
        marks = sum(1 for mark in _ORGANISATION_MARKS if statements(entity, mark))
        number = text_of(entity, "id")[1:]
        return -marks, -(name_words(entity_label(entity)) in names), int(number) if number.isdigit() else 0

    return min(tied, key=rank, default=None)


def websites(entity: dict[str, Json]) -> list[str]:
    """Return the entry's official websites that are in force (not ended, not deprecated)."""
    urls = (
        text_of(claim, "mainsnak", "datavalue", "value")
        for claim in statements(entity, "P856")
        if in_force(claim)
    )
    return [url for url in urls if url]


def _set_aside(
    account: Account, candidates: list[dict[str, Json]], chosen: dict[str, Json] | None
) -> Iterator[Quarantined]:
    """Name the entries that look like the account (same name) and are not: at most three."""
    names = {name_words(name) for name in account.names}
    namesakes = [
        entity
        for entity in candidates
        if entity is not chosen and name_words(entity_label(entity)) in names and statements(entity, "P31")
    ]
    for entity in namesakes[:3]:
        urls = websites(entity)
        tied = any(is_home_of(account, url) for url in urls)
        if tied:
            reason = "shares the account's website, but another entry describes the company"
        elif urls:
            reason = f"its official website is {one_line(urls[0], 120)}, not {account.domain}"
        else:
            reason = "names no official website"
        entry = text_of(entity, "id")
        yield Quarantined(
            url=f"https://www.wikidata.org/wiki/{entry}",
            kind="registry",
            title=f"Wikidata: {entity_label(entity)}",
            reason=reason,
        )


async def _referenced(
    fetcher: Fetcher, entity: dict[str, Json]
) -> tuple[dict[str, Json], FetchFailure | None]:
    """Return the entries that the facts point at (places, industries, currencies) and their countries'."""
    known: dict[str, Json] = {}
    wanted = referenced_ids(entity)
    for _ in range(2):  # the second round is the countries of the places
        wanted = [entry for entry in dict.fromkeys(wanted) if entry not in known and _is_item(entry)][:50]
        if not wanted:
            break
        response = await _ask(fetcher, _entities_query(wanted, None))
        if isinstance(response, FetchFailure):
            return known, response
        answer = fields(load_json(response.body), "entities")
        known |= answer
        wanted = [
            text_of(claim, "mainsnak", "datavalue", "value", "id")
            for place in answer.values()
            if isinstance(place, dict)
            for claim in statements(place, "P17")
        ]
    return known, None


def _is_item(entry: str) -> bool:
    return entry[:1] == "Q" and entry[1:].isascii() and entry[1:].isdigit() and len(entry) < 14


def _website_query(account: Account) -> str:
    forms = [
        f"P856={scheme}://{www}{domain}{slash}"
        for domain in sorted(account.domains)
        for scheme in ("https", "http")
        for www in ("www.", "")
        for slash in ("/", "")
    ]
    return _url(action="query", list="search", srsearch="haswbstatement:" + "|".join(forms), srlimit="10")


def _name_query(name: str) -> str:
    return _url(
        action="wbsearchentities",
        search=one_line(name, 100),
        language="en",
        type="item",
        limit=str(_NAME_CANDIDATES),
    )


def _entities_query(ids: list[str], language: str | None) -> str:
    own = [language.split("-")[0].lower()] if language and language.isascii() else []
    languages = "|".join(dict.fromkeys(["en", "mul", *own]))
    return _url(action="wbgetentities", ids="|".join(ids), props="labels|claims", languages=languages)


def _url(**parameters: str) -> str:
    return f"{API}?{urlencode({**parameters, 'format': 'json'})}"


async def _ask(fetcher: Fetcher, url: str) -> Response | FetchFailure:
    answer = await fetcher.fetch(FetchRequest(url=url, accept="json", origin="api"))
    if isinstance(answer, FetchFailure):
        return answer
    payload = load_json(answer.body)
    if not isinstance(payload, dict):
        return FetchFailure(url=url, reason="parse", detail="Wikidata answered something that is not JSON")
    if error := text_of(payload, "error", "info") or text_of(dig(payload, "error"), "code"):
        return FetchFailure(url=url, reason="parse", detail=f"Wikidata: {one_line(error, 160)}")
    return answer
