"""Look after a store: check it, drop what is old, hand out or delete what it holds on an account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from agent.errors import StoreError
from agent.models import Findings, text_id
from agent.store.store import Store, stamp

_BY_DOMAIN = (
    "documents", "findings", "reports", "batch_accounts", "batch_rows", "batch_payments", "llm_requests",
    "batch_snapshots",
)  # fmt: skip
_BY_RUN = (
    "batch_accounts", "batch_rows", "batch_rejects", "batch_payments", "batch_orders", "batch_holds",
    "llm_requests", "llm_batches", "batch_snapshots",
)  # fmt: skip
_SHARED = ("texts", "bodies")
"""What several accounts may refer to: nobody may begin to while it is decided what is an orphan."""
_PAGE = 200


class Removed(NamedTuple):
    """How many rows of a table went."""

    table: str
    rows: int


def verify_store(store: Store) -> Iterator[str]:
    """Yield what is wrong: damaged files, texts that no longer match their ids, reports without their texts."""
    yield from store.faults_of_database()
    last = ""
    while rows := store.read("SELECT id, text FROM texts WHERE id > ? ORDER BY id LIMIT ?", last, _PAGE):
        for identifier, packed in rows:
            last = str(identifier)
            fault = _fault_of_text(store, last, packed)
            if fault is not None:
                yield fault
    for domain, identifier in store.read(
        "SELECT domain, id FROM documents WHERE id NOT IN (SELECT id FROM texts) ORDER BY domain, id LIMIT 1000"
    ):
        yield f"document {identifier} of {domain} has no text"
    yield from _faults_of_findings(store)


def _fault_of_text(store: Store, identifier: str, packed: object) -> str | None:
    try:
        text = store.unpack(packed).decode()
    except (StoreError, UnicodeDecodeError) as error:
        return f"the text of document {identifier} is damaged: {error}"
    return (
        None if text_id(text) == identifier else f"the text of document {identifier} no longer matches its id"
    )


def _faults_of_findings(store: Store) -> Iterator[str]:
    """Yield stored evidence whose quote is not the slice of its text."""
    last = ""
    while rows := store.read(
        "SELECT domain, findings FROM findings WHERE domain > ? ORDER BY domain LIMIT ?", last, _PAGE
    ):
        for domain, packed in rows:
            last = str(domain)
            try:
                findings = Findings.model_validate_json(store.unpack(packed))
            except (StoreError, ValueError) as error:
                yield f"the findings of {last} are damaged: {' '.join(str(error).split())[:200]}"
                continue
            texts: dict[str, str | None] = {}
            for item in findings.evidence:
                if item.document not in texts:
                    try:
                        texts[item.document] = store.load_text(item.document)
                    except StoreError:
                        texts[item.document] = None  # said above, with the text itself
                text = texts[item.document]
                if text is not None and text[item.start : item.end] != item.quote:
                    yield f"evidence {item.id} of {last} does not stand in document {item.document}"


def prune_store(store: Store, *, before: datetime) -> list[Removed]:
    """Drop cached pages, completions, batch runs and reports older than a moment, and texts nobody refers to.

    An account's latest findings and report stay, with the texts that they quote: `delete` removes those.
    """
    moment = stamp(before)
    removed = []
    with store.transaction():
        store.engine.hold_writers(_SHARED)
        removed.append(
            _drop(
                store,
                "reports",
                "saved_at < ? AND run_id NOT IN (SELECT run_id FROM (SELECT run_id, ROW_NUMBER() OVER"
                " (PARTITION BY domain ORDER BY saved_at DESC, run_id) AS place FROM reports) AS ranked WHERE place = 1)",
                moment,
            )
        )
        removed.append(_drop(store, "responses", "fetched_at < ?", moment))
        removed.append(_drop(store, "completions", "saved_at < ?", moment))
        old_runs = "run_id IN (SELECT id FROM batch_runs WHERE finished_at IS NOT NULL AND finished_at < ?)"
        for table in _BY_RUN:
            removed.append(_drop(store, table, old_runs, moment))
        removed.append(_drop(store, "batch_runs", "finished_at IS NOT NULL AND finished_at < ?", moment))
        removed.append(
            _drop(
                store,
                "documents",
                f"saved_at < ? AND id NOT IN ({store.engine.json_list()})",
                moment,
                *_quoted(store),
            )
        )
        removed += _drop_orphans(store)
    store.compact()
    return [each for each in removed if each.rows]


def _quoted(store: Store) -> tuple[str]:
    """Return the ids of the documents that latest findings and reports refer to, as a JSON list."""
    ids: set[str] = set()
    for _, findings in store.iterate_findings():
        ids.update(item.document for item in findings.evidence)
    last = ""
    while rows := store.read(
        "SELECT run_id, report FROM reports WHERE run_id > ? ORDER BY run_id LIMIT ?", last, _PAGE
    ):
        for run_id, packed in rows:
            last = str(run_id)
            ids.update(document["id"] for document in json.loads(store.unpack(packed))["documents"])
    return (json.dumps(sorted(ids)),)


def _drop_orphans(store: Store) -> list[Removed]:
    return [
        _drop(store, "texts", "id NOT IN (SELECT id FROM documents)"),
        _drop(
            store,
            "bodies",
            "sha256 NOT IN (SELECT body_sha256 FROM documents WHERE body_sha256 IS NOT NULL)"
            " AND sha256 NOT IN (SELECT body_sha256 FROM responses)",
        ),
    ]


def _drop(store: Store, table: str, condition: str, *parameters: object) -> Removed:
    # Table and condition are this module's own literals; values are parameters.
    rows = store.read(f"SELECT COUNT(*) FROM {table} WHERE {condition}", *parameters)  # noqa: S608
    count = int(str(rows[0][0]))
    if count:
        store.write(f"DELETE FROM {table} WHERE {condition}", [parameters])  # noqa: S608
    return Removed(table, count)


def delete_account(store: Store, domain: str) -> list[Removed]:
    """Delete everything held on an account: documents, pages, findings, reports, list rows, and its completions.

    Texts and bodies that another account's documents share stay with that account.
    """
    removed = []
    with store.transaction():
        store.engine.hold_writers(_SHARED)
        # A completion is keyed by its request. Those that a batch run paid for another account are not this
        # one's; any other may be, and goes: asking again costs little, keeping what was to be deleted does not.
        removed.append(
            _drop(
                store,
                "completions",
                "key NOT IN (SELECT key FROM batch_payments WHERE domain <> ?)",
                domain,
            )
        )
        hosts = [row for row in store.read("SELECT key, url FROM responses") if _belongs(str(row[1]), domain)]
        store.write("DELETE FROM responses WHERE key = ?", [(row[0],) for row in hosts])
        removed.append(Removed("responses", len(hosts)))
        for table in _BY_DOMAIN:
            removed.append(_drop(store, table, "domain = ?", domain))
        removed += _drop_orphans(store)
    store.compact()
    return [each for each in removed if each.rows]


def _belongs(url: str, domain: str) -> bool:
    """Tell whether a cached page is of the account's site, or asks a public source about its domain."""
    from tools.domains import registrable

    return registrable(url) == domain or domain in url


def export_account(store: Store, domain: str) -> dict[str, object] | None:
    """Return everything held on an account as JSON: documents with texts, findings, reports; `None` for nothing."""
    documents = [
        {**json.loads(str(entry)), "text": store.load_text(str(identifier))}
        for identifier, entry in store.read(
            "SELECT id, entry FROM documents WHERE domain = ? ORDER BY id", domain
        )
    ]
    reports = [
        json.loads(store.unpack(packed))
        for (packed,) in store.read(
            "SELECT report FROM reports WHERE domain = ? ORDER BY saved_at, run_id", domain
        )
    ]
    rows = [
        {"row": number, "cells": json.loads(str(cells))}
        for number, cells in store.read(
            "SELECT number, cells FROM batch_rows WHERE domain = ? ORDER BY run_id, number", domain
        )
    ]
    findings = store.load_findings(domain)
    if not documents and not reports and not rows and findings is None:
        return None
    return {
        "domain": domain,
        "account": findings.account.model_dump(mode="json") if findings else None,
        "findings": findings.findings.model_dump(mode="json") if findings else None,
        "documents": documents,
        "reports": reports,
        "list_rows": rows,
    }
