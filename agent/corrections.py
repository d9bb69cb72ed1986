"""Set evidence aside that a person found wrong, score again, and write down what was learned.

The terminal and the web page use the same functions. Nothing is fetched and no model is asked: facts and
verdicts follow from the evidence that is left.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from agent.errors import InputError
from agent.facts import resolve_facts
from agent.icp import ICP
from agent.models import AccountReport, Evidence, Findings
from agent.report.contract import seal
from agent.scoring import best_match, score_account

DRAFT = "labels.draft.yaml"
_HEADER = """\
# A draft case, not a labelled one yet: `dossier-eval label FOLDER` walks through it.
"""

Json = dict[str, Any]  # Any: JSON


class Correction(NamedTuple):
    """A report without the evidence that was set aside. `before` and `after` are tiers by profile."""

    report: AccountReport
    set_aside: tuple[Evidence, ...]
    why: str
    before: dict[str, str]
    after: dict[str, str]


def set_aside(public: object, evidence_ids: Sequence[str], why: str, icps: Sequence[ICP]) -> Correction:
    """Return the public report `public` without some evidence, scored again under `icps`.

    An id may be shortened as long as it is unambiguous. Every profile that the report was scored under must
    be given, in the version it was scored under. What does not fit is an `InputError`.
    """
    if not why.strip():
        raise InputError("say why the evidence is wrong; the reason goes into the draft case")
    report = read_public(public)
    chosen = tuple(_named(report.evidence, identifier) for identifier in evidence_ids)
    gone = {item.id for item in chosen}
    kept = tuple(item for item in report.evidence if item.id not in gone)
    _check_profiles(public, icps)
    facts = resolve_facts(kept, report.as_of)
    findings = Findings(facts=facts, evidence=kept, coverage=report.coverage_of_sources)
    verdicts = tuple(score_account(icp, findings, report.as_of) for icp in icps)
    best = best_match(verdicts)
    corrected = seal(
        report.model_copy(
            update={
                "evidence": kept,
                "facts": facts,
                "verdicts": verdicts,
                "best_icp": best.icp.name if best else None,
            }
        )
    )
    return Correction(
        report=corrected,
        set_aside=chosen,
        why=why.strip(),
        before={entry["icp"]["name"]: entry["tier"] for entry in public["verdicts"]},  # type: ignore[index]
        after={verdict.icp.name: verdict.tier for verdict in verdicts},
    )


def read_public(public: object) -> AccountReport:
    """Return a public report as a report without verdicts; other JSON is an `InputError`."""
    listed = public.get("rejected") if isinstance(public, dict) else None
    if not isinstance(public, dict) or not isinstance(listed, list):
        raise InputError("this is no dossier report; write one with `dossier research --format json`")
    rejected = [{"value": None, "extractor": "", **entry} for entry in listed if isinstance(entry, dict)]
    try:
        return AccountReport.model_validate_json(json.dumps({**public, "verdicts": [], "rejected": rejected}))
    except (ValidationError, ValueError, TypeError) as error:
        raise InputError(f"this is no dossier report: {str(error).splitlines()[0]}") from error


def draft_from_correction(correction: Correction) -> str:
    """Return a draft case as YAML: each value that was set aside is one that must not be taken again."""
    labels = [
        {
            "attribute": item.attribute,
            "reject": [item.value],
            "trap": "corrected",
            "note": correction.why,
            "seen": {"url": item.url, "quote": item.quote},
        }
        for item in correction.set_aside
    ]
    return draft_yaml(correction.report, labels, verdicts={})


def draft_yaml(report: AccountReport, labels: Sequence[Json], *, verdicts: Json) -> str:
    """Return a draft case: like `labels.yaml`, with nothing confirmed yet."""
    draft = {
        "draft": 1,
        "domain": report.account.domain,
        "synthetic": False,
        "as_of": report.as_of.isoformat(),
        "split": "dev",
        "tags": [],
        "account": {
            "name": [report.account.name] if report.account.name else [],
            "status": report.account.status,
        },
        "labels": list(labels),
        "verdicts": verdicts,
    }
    return _HEADER + yaml.safe_dump(draft, allow_unicode=True, sort_keys=False, width=110)


def _named(evidence: Sequence[Evidence], identifier: str) -> Evidence:
    wanted = identifier.strip().lower()
    found = [item for item in evidence if wanted and item.id.startswith(wanted)]
    if not found:
        raise InputError(f"no evidence {identifier!r} in this report; ids stand under `evidence`")
    if len(found) > 1:
        raise InputError(
            f"{identifier!r} fits several: {', '.join(item.id for item in found[:5])}; give more characters"
        )
    return found[0]


def _check_profiles(public: object, icps: Sequence[ICP]) -> None:
    given = {icp.name: icp.sha256 for icp in icps}
    try:
        scored = {entry["icp"]["name"]: entry["icp"]["sha256"] for entry in public["verdicts"]}  # type: ignore[index]
    except (KeyError, TypeError) as error:
        raise InputError("the report's verdicts do not name their profiles") from error
    for name, digest in scored.items():
        if name not in given:
            raise InputError(f"the report was scored under {name!r}; give that profile with --icp FILE")
        if given[name] != digest:
            raise InputError(
                f"the profile {name!r} has changed since the report ({digest[:12]} then, {given[name][:12]} "
                "now); research again, or give the version of then"
            )
