"""Write a labelled case from pages in memory: how a misread page becomes a case in ten lines."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import yaml

from agent.models import Findings
from evals.labels import ARCHIVE, CLEAN_ARCHIVE, GOLD, LABELS, Case, load_case
from tools.archive import WarcRecorder
from tools.fetching.answers import Exchange

HTML = "text/html; charset=utf-8"


def write_case(
    accounts: Path,
    domain: str,
    pages: Mapping[str, str],
    truth: Mapping[str, Any],  # Any: label values as in labels.yaml
    *,
    clean_pages: Mapping[str, str] | None = None,
    gold: Findings | None = None,
) -> Case:
    """Write `accounts/<domain>` and return the case, read back.

    `pages` is HTML by path ("/", "/about"). `truth` is the content of `labels.yaml`; schema, domain,
    hashes, `synthetic: true`, the dev half and a live status are filled in where it does not say them.
    `clean_pages` is the web without the poison. Raises `InputError` for labels that do not fit.
    """
    folder = accounts / domain
    folder.mkdir(parents=True, exist_ok=True)
    as_of = truth.get("as_of", date(2026, 11, 2))
    whole: dict[str, Any] = {  # Any: as above
        "schema": 1,
        "domain": domain,
        "synthetic": True,
        "split": "dev",
        "account": {"name": [], "status": "live"},
        **truth,
        "as_of": as_of,
        "archive_sha256": record_pages(folder / ARCHIVE, domain, pages, as_of),
    }
    if clean_pages is not None:
        whole["clean_sha256"] = record_pages(folder / CLEAN_ARCHIVE, domain, clean_pages, as_of)
    if gold is not None:
        (folder / GOLD).write_text(gold.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (folder / LABELS).write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return load_case(folder)


def record_pages(path: Path, domain: str, pages: Mapping[str, str], day: date) -> str:
    """Write a WARC of HTML pages as fetched on `day`, and return its sha256."""
    path.unlink(missing_ok=True)
    moment = datetime.combine(day, time(9), tzinfo=UTC)
    with WarcRecorder(path, software="Dossier (handmade case)") as recorder:
        for place, html in pages.items():
            url = f"https://{domain}{place}"
            recorder.exchange(
                Exchange("GET", url, None, 200, (("Content-Type", HTML),), moment, html.encode())
            )
    return hashlib.sha256(path.read_bytes()).hexdigest()
