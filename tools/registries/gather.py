"""Gather what public registries say about the account, without a key."""

from __future__ import annotations

from tools.contain import contained
from tools.documents import (
    Account,
    FetchFailure,
    Gathered,
    GatherLimits,
    Quarantined,
    SourceDocument,
    SourceState,
)
from tools.failure_words import unasked, why
from tools.pages.api import PageReader
from tools.providers.keys import REPLAYED, SourceKeys
from tools.registries.gleif import GleifLookup, look_up_gleif
from tools.registries.sec import SecLookup, gather_filer, look_up_filer
from tools.registries.wikidata import WikidataLookup, look_up_wikidata

NO_CONTACT = "SEC EDGAR not asked: it wants a contact address and none is configured"


async def gather_registries(
    account: Account, reader: PageReader, limits: GatherLimits, *, keys: SourceKeys | None = None
) -> Gathered:
    """Return the account's entries in Wikidata, SEC EDGAR and GLEIF as documents of fact lines.

    Each register is asked whatever became of the others; a register's failure is one `FetchFailure`.
    `limits` is part of every gatherer's signature; the number of questions here is fixed and small.
    """
    keys = keys or SourceKeys()
    documents: list[SourceDocument] = []
    failures: list[FetchFailure] = []
    quarantined: list[Quarantined] = []
    notes: list[str] = []

    wikidata = await share_wikidata(account, reader)
    quarantined.extend(wikidata.quarantined)
    _note("Wikidata", 1 if wikidata.document else 0, wikidata.failure, notes, failures)
    if wikidata.document:
        documents.append(wikidata.document)

    sec = await share_filer(account, reader, keys.contact) if keys.contact else SecLookup()
    if keys.contact and not is_unrecorded(sec, keys.contact):
        quarantined.extend(sec.quarantined)
        found: list[SourceDocument] = []
        failure = sec.failure
        if sec.filer:
            read = await contained(
                gather_filer(sec.filer, reader.fetcher, keys.contact),
                stage="SEC EDGAR",
                url="https://www.sec.gov/",
            )
            found, failure = ([], read) if isinstance(read, FetchFailure) else read
        documents.extend(found)
        _note("SEC EDGAR", len(found), failure, notes, failures)
    else:
        notes.append(NO_CONTACT)

    gleif = await contained(
        look_up_gleif(account, reader.fetcher, wikidata.lei), stage="GLEIF", url="https://api.gleif.org/"
    )
    if isinstance(gleif, FetchFailure):
        gleif = GleifLookup(failure=gleif)
    if gleif is None:
        notes.append("GLEIF not asked: the site states no legal name to ask by")
    else:
        quarantined.extend(gleif.quarantined)
        _note("GLEIF", 1 if gleif.document else 0, gleif.failure, notes, failures)
        if gleif.document:
            documents.append(gleif.document)

    unique = tuple({document.id: document for document in documents}.values())
    return Gathered(
        source="registries",
        state=_state(unique, failures),
        detail="; ".join(notes),
        documents=unique,
        failures=tuple(failures),
        quarantined=tuple(quarantined),
    )


async def share_wikidata(account: Account, reader: PageReader) -> WikidataLookup:
    """Return the account's Wikidata entry, asked once per account and run."""

    async def look_up() -> WikidataLookup:
        found = await contained(
            look_up_wikidata(account, reader.fetcher), stage="Wikidata", url="https://www.wikidata.org/"
        )
        return WikidataLookup({}, None, failure=found) if isinstance(found, FetchFailure) else found

    return await reader.once("registries:wikidata", look_up)


async def share_filer(account: Account, reader: PageReader, contact: str) -> SecLookup:
    """Return the account's SEC filer, asked once per account and run."""
    wikidata = await share_wikidata(account, reader)

    async def look_up() -> SecLookup:
        found = await contained(
            look_up_filer(account, reader.fetcher, contact, wikidata.cik),
            stage="SEC EDGAR",
            url="https://www.sec.gov/",
        )
        return SecLookup(failure=found) if isinstance(found, FetchFailure) else found

    return await reader.once("registries:sec", look_up)


def is_unrecorded(lookup: SecLookup, contact: str) -> bool:
    """Say whether a replay without a contact found that the archive holds no answer of EDGAR."""
    failure = lookup.failure
    return contact == REPLAYED and failure is not None and failure.reason == "not_in_archive"


def _note(
    register: str, found: int, failure: FetchFailure | None, notes: list[str], failures: list[FetchFailure]
) -> None:
    """Say in words what one register gave, and keep its failure."""
    if failure is not None:
        failures.append(failure)
        if not found and unasked(failure):
            notes.append(f"{register} not asked: {why(failure)}")
        else:
            notes.append(f"{register}: {'read in part, ' if found else ''}could not be read ({why(failure)})")
    else:
        notes.append(f"{register}: {'read' if found else 'no entry ties to the domain'}")


def _state(documents: tuple[SourceDocument, ...], failures: list[FetchFailure]) -> SourceState:
    if documents:
        return "read"
    if not failures:
        return "read_nothing_found"
    # An archive or a spent budget means that nobody was asked, not that an answer was unreadable.
    return "not_looked" if all(unasked(failure) for failure in failures) else "unreadable"
