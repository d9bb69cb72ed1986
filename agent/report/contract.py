"""The public JSON object, its JSON Schema, and its receipt.

Scripts rely on these keys, so the object is written from an explicit list rather than dumped: a field
added inside never leaks into the contract by accident. The order of keys is the order of the contract.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter

from agent.models import (
    AccountReport,
    CriterionStatus,
    CriterionVerdict,
    DimensionScore,
    DocumentEntry,
    Evidence,
    Fact,
    FailureReason,
    Flip,
    NextFact,
    NotRuledOut,
    Quarantined,
    Rejection,
    SourceCoverage,
)

SCHEMA_VERSION = "1.0"
VOLATILE_RUN_KEYS = ("id", "started_at", "seconds", "receipt")
"""Keys of `run` that differ between two runs that found the same; the receipt leaves them out."""

Json = dict[str, Any]  # Any: JSON


DOCUMENT_KEYS = (
    "id",
    "url",
    "final_url",
    "kind",
    "title",
    "fetched_at",
    "published_at",
    "status",
    "language",
)


def public_report(report: AccountReport) -> Json:
    """Return the report as the public object, JSON types only."""
    account, run = report.account, report.run
    return {
        "schema_version": SCHEMA_VERSION,
        "account": _pick(account, "domain", "name", "status", "final_domain"),
        "as_of": report.as_of.isoformat(),
        "verdicts": [
            {
                "icp": _pick(verdict.icp, "name", "version", "sha256"),
                **_pick(verdict, "score", "possible", "coverage", "tier", "tier_certain"),
                "dimensions": [_dump(d) for d in verdict.dimensions],
                "criteria": [_dump(c) for c in verdict.criteria],
                "excluded": [_pick(e, "id", "effect", "evidence") for e in verdict.excluded],
                "not_ruled_out": [_dump(n) for n in verdict.not_ruled_out],
                "next_facts": [_dump(n) for n in verdict.next_facts],
                "flip": _dump(verdict.flip) if verdict.flip else None,
            }
            for verdict in report.verdicts
        ],
        "best_icp": report.best_icp,
        "facts": [_dump(fact) for fact in report.facts],
        "evidence": [_dump(evidence) for evidence in report.evidence],
        "documents": [_pick(document, *DOCUMENT_KEYS) for document in report.documents],
        "failures": [_pick(failure, "url", "reason", "detail") for failure in report.failures],
        "rejected": [_pick(claim, "attribute", "quote", "reason", "url") for claim in report.rejected],
        "quarantined": [_dump(entry) for entry in report.quarantined],
        "coverage_of_sources": [
            _pick(entry, "source", "state", "documents", "detail") for entry in report.coverage_of_sources
        ],
        "run": _pick(
            run,
            "id",
            "started_at",
            "seconds",
            "extractor",
            "model",
            "prompts",
            "llm_calls",
            "input_tokens",
            "output_tokens",
            "cost_usd",
            "code_version",
            "receipt",
        ),
    }


def render_json(report: AccountReport) -> str:
    """Return the public object as text, one newline at the end."""
    return json.dumps(public_report(report), ensure_ascii=False, indent=2) + "\n"


def receipt_of(public: Mapping[str, Any]) -> str:
    """Return the sha256 that seals a public object: everything but when and how long it ran.

    Two runs on the same archive, profile and `as_of` give the same receipt; any edited character of a
    quote, a fact, a reason or a score gives another.
    """
    run = {key: value for key, value in public["run"].items() if key not in VOLATILE_RUN_KEYS}
    sealed = {**public, "run": run}
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def seal(report: AccountReport) -> AccountReport:
    """Return the report with its receipt filled in."""
    run = report.run.model_copy(update={"receipt": receipt_of(public_report(report))})
    return report.model_copy(update={"run": run})


def report_schema() -> Json:
    """Return the JSON Schema (2020-12) of the public object."""
    definitions: Json = {}

    def model(kind: type[BaseModel], *keys: str) -> Json:
        schema = TypeAdapter(kind).json_schema(mode="serialization", ref_template="#/$defs/{model}")
        definitions.update(schema.pop("$defs", {}))
        properties = schema["properties"]
        kept = keys or tuple(properties)
        return _object({key: properties[key] for key in kept})

    def listing(item: Json) -> Json:
        return {"type": "array", "items": item}

    text, number, whole = {"type": "string"}, {"type": "number"}, {"type": "integer", "minimum": 0}
    maybe_text = {"type": ["string", "null"]}
    ids = listing({"type": "string", "pattern": "^[0-9a-f]{16}$"})
    criterion = model(CriterionVerdict)
    criterion["properties"]["status"] = {"enum": list(get_args(CriterionStatus))}
    verdict = _object(
        {
            "icp": _object({"name": text, "version": whole, "sha256": text}),
            "score": number,
            "possible": number,
            "coverage": number,
            "tier": {
                **text,
                "description": "a tier's name, or not_a_fit, insufficient_evidence, disqualified",
            },
            "tier_certain": {"type": "boolean"},
            "dimensions": listing(model(DimensionScore)),
            "criteria": listing(criterion),
            "excluded": listing(
                _object({"id": text, "effect": {"enum": ["disqualify", "penalty"]}, "evidence": ids})
            ),
            "not_ruled_out": listing(model(NotRuledOut)),
            "next_facts": listing(model(NextFact)),
            "flip": {"anyOf": [model(Flip), {"type": "null"}]},
        }
    )
    schema = _object(
        {
            "schema_version": {"const": SCHEMA_VERSION},
            "account": _object({"domain": text, "name": maybe_text, "status": text, "final_domain": text}),
            "as_of": {"type": "string", "format": "date"},
            "verdicts": listing(verdict),
            "best_icp": maybe_text,
            "facts": listing(model(Fact)),
            "evidence": listing(model(Evidence)),
            "documents": listing(model(DocumentEntry, *DOCUMENT_KEYS)),
            "failures": listing(
                _object({"url": text, "reason": {"enum": list(get_args(FailureReason))}, "detail": text})
            ),
            "rejected": listing(
                _object(
                    {
                        "attribute": text,
                        "quote": text,
                        "reason": {"enum": list(get_args(Rejection))},
                        "url": text,
                    }
                )
            ),
            "quarantined": listing(model(Quarantined)),
            "coverage_of_sources": listing(model(SourceCoverage, "source", "state", "documents", "detail")),
            "run": _object(
                {
                    "id": text,
                    "started_at": {"type": "string", "format": "date-time"},
                    "seconds": number,
                    "extractor": text,
                    "model": maybe_text,
                    "prompts": listing(text),
                    "llm_calls": whole,
                    "input_tokens": whole,
                    "output_tokens": whole,
                    "cost_usd": {"type": ["number", "null"]},
                    "code_version": text,
                    "receipt": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                }
            ),
        }
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Dossier account report",
        **schema,
        "$defs": definitions,
    }


def _object(properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _dump(value: BaseModel) -> Json:
    return value.model_dump(mode="json")


def _pick(value: BaseModel, *keys: str) -> Json:
    dumped = value.model_dump(mode="json", include=set(keys))
    return {key: dumped[key] for key in keys}
