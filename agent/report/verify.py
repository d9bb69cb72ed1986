"""Check a report against the documents it quotes, offline.

The checks go from the outside in: shape, documents, quotes, references, receipt. Every fault is one line
naming what does not hold; no fault is found by luck of order, and hostile JSON is a fault like any other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel, JsonValue, ValidationError

from agent.grounding.check import evidence_id
from agent.grounding.sentences import Span
from agent.models import CriterionVerdict, DocumentEntry, Evidence, Fact, text_id
from agent.report.contract import SCHEMA_VERSION, receipt_of, report_schema

TextSource = Callable[[str], str | None]
"""Returns a stored document's text by id, or `None` when it is not there."""


def verify_report(report: JsonValue, texts: TextSource) -> list[str]:
    """Return what does not hold in a public report, first fault first; empty when everything holds."""
    faults = list(_shape_faults(report))
    if faults or not isinstance(report, dict):
        return faults
    evidence = [Evidence.model_validate_json(json.dumps(entry)) for entry in _items(report, "evidence")]
    return [
        *_quote_faults(report, evidence, texts),
        *_reference_faults(report, evidence),
        *_receipt_faults(report),
    ]


def _items(report: dict[str, JsonValue], key: str) -> list[dict[str, Any]]:  # Any: JSON
    value = report[key]
    assert isinstance(value, list)  # noqa: S101 - the shape was checked first
    return [entry for entry in value if isinstance(entry, dict)]


def _shape_faults(report: JsonValue) -> Iterator[str]:
    if not isinstance(report, dict):
        yield f"a report is a JSON object; this is {type(report).__name__}"
        return
    expected = set(report_schema()["properties"])
    if missing := sorted(expected - set(report)):
        yield f"the report lacks {', '.join(missing)}"
    if unknown := sorted(set(report) - expected):
        yield f"the report has keys of no known version: {', '.join(unknown)}"
    if report.get("schema_version") != SCHEMA_VERSION:
        yield f"schema_version is {report.get('schema_version')!r}; this dossier checks {SCHEMA_VERSION!r}"
    run = report.get("run")
    if not isinstance(run, dict) or not isinstance(run.get("receipt"), str):
        yield "run.receipt is missing"
    models: tuple[tuple[str, type[BaseModel]], ...] = (
        ("evidence", Evidence),
        ("facts", Fact),
        ("documents", DocumentEntry),
    )
    for key, model in models:
        yield from _list_faults(key, report.get(key), model)
    verdicts = report.get("verdicts")
    if not isinstance(verdicts, list):
        yield "verdicts is not a list"
        return
    for number, verdict in enumerate(verdicts):
        if not isinstance(verdict, dict):
            yield f"verdicts[{number}] is not an object"
            continue
        yield from _list_faults(f"verdicts[{number}].criteria", verdict.get("criteria"), CriterionVerdict)
        yield from _exclusion_faults(f"verdicts[{number}].excluded", verdict.get("excluded"))


def _exclusion_faults(name: str, value: JsonValue) -> Iterator[str]:
    """Check what the contract shows of an exclusion, which is less than the model behind it holds."""
    if not isinstance(value, list):
        yield f"{name} is not a list"
        return
    for number, entry in enumerate(value):
        cited = entry.get("evidence") if isinstance(entry, dict) else None
        if not isinstance(cited, list) or not all(isinstance(identifier, str) for identifier in cited):
            yield f"{name}[{number}] is not an exclusion with a list of evidence ids"


def _list_faults(name: str, value: JsonValue, model: type[BaseModel]) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{name} is not a list"
        return
    for number, entry in enumerate(value):
        try:
            model.model_validate_json(json.dumps(entry, allow_nan=False))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            yield f"{name}[{number}]{'.' if where else ''}{where}: {first['msg']}"
        except (ValueError, RecursionError) as error:
            yield f"{name}[{number}] is not readable: {error}"


def _quote_faults(report: dict[str, JsonValue], evidence: list[Evidence], texts: TextSource) -> Iterator[str]:
    known: dict[str, str] = {}
    for entry in _items(report, "documents"):
        identifier = str(entry["id"])
        text = texts(identifier)
        if text is None:
            yield f"document {identifier} ({entry['url']}) is not in the store or archive"
        elif text_id(text) != identifier:
            yield f"document {identifier} ({entry['url']}): its text no longer hashes to its id"
        else:
            known[identifier] = text
    listed = {str(entry["id"]) for entry in _items(report, "documents")}
    for item in evidence:
        if item.document not in listed:
            yield f"evidence {item.id}: its document {item.document} is not listed in the report"
            continue
        text = known.get(item.document)
        if text is None:
            continue  # named above
        found = text[item.start : item.end] if 0 <= item.start < item.end <= len(text) else None
        if found != item.quote:
            yield (
                f"evidence {item.id} ({item.attribute}): the quote {item.quote!r} is not what stands at "
                f"{item.start}-{item.end} of {item.url}, which is {found!r}"
            )
        expected = evidence_id(
            item.attribute,
            item.value,
            item.document,
            Span(item.start, item.end),
            item.polarity,
            item.extractor,
        )
        if item.id != expected:
            yield f"evidence {item.id} ({item.attribute}): its id does not belong to its content ({expected})"


def _reference_faults(report: dict[str, JsonValue], evidence: list[Evidence]) -> Iterator[str]:
    known = {item.id for item in evidence}

    def check(where: str, ids: list[str]) -> Iterator[str]:
        for identifier in ids:
            if identifier not in known:
                yield f"{where} cites {identifier!r}, which is no evidence of this report"

    for fact in _items(report, "facts"):
        yield from check(f"fact {fact['attribute']}", [*fact["evidence"], *fact["against"]])
    for verdict in _items(report, "verdicts"):
        for key in ("criteria", "excluded"):
            for entry in verdict[key]:
                yield from check(f"{key} {entry.get('id')!r}", entry["evidence"])


def _receipt_faults(report: dict[str, JsonValue]) -> Iterator[str]:
    run = report["run"]
    assert isinstance(run, dict)  # noqa: S101 - the shape was checked first
    try:
        expected = receipt_of(report)
    except (ValueError, RecursionError) as error:
        yield f"the receipt cannot be computed: {error}"
        return
    if run["receipt"] != expected:
        yield f"the receipt is {run['receipt']!r}, but the report's content gives {expected!r}"
