"""Draft cases: from a live account to a template, from a template to confirmed labels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import JsonValue

from agent.corrections import DRAFT, draft_yaml
from agent.errors import InputError
from agent.graph.model import GENERAL
from agent.models import AccountReport
from evals.labels import ARCHIVE, LABELS, YAML_LOADER, Case, load_case

Json = dict[str, Any]  # Any: YAML, checked when the labels are loaded
_MAX_BYTES = 1_000_000
_MOST_SPANS = 5


def draft_from_report(report: AccountReport) -> str:
    """Return a draft that asks about every fact found, and about every common attribute not found."""
    evidence = {item.id: item for item in report.evidence}
    labels: list[Json] = []
    for fact in report.facts:
        if fact.attribute.startswith("question:"):
            continue
        cited = [evidence[each] for each in fact.evidence if each in evidence]
        labels.append(
            {
                "attribute": fact.attribute,
                "accept": [fact.value],
                "polarity": "denies" if fact.status == "denied" else "asserts",
                "spans": [{"url": item.url, "quote": item.quote} for item in cited[:_MOST_SPANS]],
                "note": f"found, {fact.status}",
            }
        )
    found = {fact.attribute for fact in report.facts}
    labels += [
        {"attribute": name, "absent": True, "note": "not found"} for name in GENERAL if name not in found
    ]
    verdicts = {
        verdict.icp.name: {
            "tier": verdict.tier,
            "criteria": {row.id: row.status for row in verdict.criteria},
        }
        for verdict in report.verdicts
    }
    return draft_yaml(report, labels, verdicts=verdicts)


def load_draft(folder: Path) -> Json:
    """Return the draft in `folder`; anything else is an `InputError`."""
    path = folder / DRAFT
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path}: larger than {_MAX_BYTES} bytes, so no draft")
        draft = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 - a safe loader
    except OSError as error:
        raise InputError(
            f"no draft at {str(path)!r} ({error.strerror}); `dossier-eval capture DOMAIN` writes one"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} is not YAML: {' '.join(str(error).split())[:200]}") from error
    if (
        not isinstance(draft, dict)
        or draft.get("draft") != 1
        or not isinstance(draft.get("labels"), list)
        or not all(
            isinstance(label, dict) and isinstance(label.get("attribute"), str) for label in draft["labels"]
        )
    ):
        raise InputError(f"{path} is no draft case (draft: 1, with a list of labels)")
    return draft


def save_draft(folder: Path, draft: Json) -> None:
    """Keep a draft with the answers so far."""
    (folder / DRAFT).write_text(
        yaml.safe_dump(draft, allow_unicode=True, sort_keys=False, width=110), encoding="utf-8"
    )


def open_labels(draft: Json) -> Iterator[Json]:
    """Yield the labels nobody has answered yet."""
    yield from (label for label in draft["labels"] if "answer" not in label)


def answer(
    label: Json,
    given: str,
    *,
    value: JsonValue = None,
    url: str = "",
    quote: str = "",
) -> None:
    """Write a person's answer into a draft label.

    `given` is `right`, `wrong` (the draft's value is a trap), `value` (it is `value`, at `quote` in `url`),
    `absent` or `skip`.
    """
    label["answer"] = given
    if given == "value":
        label.update(accept=[value], spans=[{"url": url, "quote": quote}])
        label.pop("absent", None)
    elif given == "wrong":
        label["reject"] = label.get("reject") or label.get("accept") or []
        label.setdefault("trap", "corrected")
        for key in ("accept", "spans", "polarity"):
            label.pop(key, None)
    elif given == "absent":
        for key in ("accept", "spans", "polarity"):
            label.pop(key, None)
        label["absent"] = True


def finish_draft(folder: Path, draft: Json) -> Case:
    """Write `labels.yaml` from an answered draft and return the case, read back and checked.

    Skipped labels are left out: what nobody confirmed is not labelled.
    """
    archive = folder / ARCHIVE
    if not archive.is_file():
        raise InputError(
            f"the case has no {ARCHIVE}; record the account with `dossier-eval capture` or copy its WARC there"
        )
    kept = [
        {key: part for key, part in label.items() if key not in ("answer", "note", "seen")}
        for label in draft["labels"]
        if label.get("answer") not in (None, "skip")
    ]
    whole = {
        "schema": 1,
        **{key: part for key, part in draft.items() if key not in ("draft", "labels")},
        "archive_sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
        "labels": kept,
    }
    path = folder / LABELS
    partial = path.with_name(path.name + ".partial")
    path_before = path.read_bytes() if path.is_file() else None
    partial.write_text(
        yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=110), encoding="utf-8"
    )
    partial.replace(path)
    try:
        return load_case(folder)
    except InputError:
        if path_before is None:
            path.unlink()
        else:
            path.write_bytes(path_before)
        raise
