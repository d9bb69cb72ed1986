"""What a list already says about an account, as evidence that cites the file and row.

A CRM's word counts as `third-party` evidence: it is quoted like a page and loses against better sources.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from agent.attributes import canonical_value
from agent.batch.columns import Columns
from agent.models import LIST_PROVIDER, SourceDocument, text_id

_MOST_TECHNOLOGIES = 60
_LISTED = re.compile(r"\s*[,;|]\s*")
_BARE_AMOUNT = re.compile(r"[0-9][0-9.,' ]*\Z")


def imported_document(
    columns: Columns,
    rows: Sequence[tuple[int, Sequence[str]]],
    *,
    file: str,
    currency: str,
    read_at: datetime,
) -> SourceDocument | None:
    """Return what an account's rows state as one document, or `None` when no mapped column says anything.

    A revenue without a currency of its own is taken in `currency` where that is given, else left out: an
    amount in an unknown currency proves nothing.
    """
    lines: list[str] = []
    for number, cells in rows:
        stated = _stated(columns, cells, currency)
        if stated:
            lines += [*stated, f"Source: {file} row {number}"]
    if not lines:
        return None
    text = "\n".join(dict.fromkeys(lines))
    url = f"import://{quote(file, safe='')}#row={rows[0][0]}"
    return SourceDocument(
        id=text_id(text),
        url=url,
        final_url=url,
        kind="imported",
        source="registries",
        tier="third-party",
        title=f"{file} row {rows[0][0]}",
        text=text,
        fetched_at=read_at,
        published_at=None,
        provider=LIST_PROVIDER,
        body=text.encode(),
    )


def _stated(columns: Columns, cells: Sequence[str], currency: str) -> list[str]:
    """Return one `attribute: value` line for each cell that makes sense; nonsense is left out, not guessed."""
    found: list[tuple[str, str]] = []
    for attribute in ("employee_count", "industry", "founded_year"):
        found.append((attribute, columns.first(attribute, cells)))
    for attribute in ("revenue", "total_funding"):
        found.append((attribute, _amount(columns, cells, attribute, currency)))
    if country := columns.first("country", cells):
        parts = (columns.first("city", cells), columns.first("region", cells), country)
        place = ", ".join(part for part in parts if part)
        found.append(("headquarters", place if _makes_sense("headquarters", place) else country))
    technologies = _LISTED.split(columns.first("technology", cells))[:_MOST_TECHNOLOGIES]
    found += [("technology", each) for each in dict.fromkeys(technologies)]
    return [
        f"{attribute}: {' '.join(value.split())}"
        for attribute, value in found
        if value and len(value) <= 300 and _makes_sense(attribute, value)
    ]


def _amount(columns: Columns, cells: Sequence[str], attribute: str, currency: str) -> str:
    value = columns.first(attribute, cells)
    if not _BARE_AMOUNT.match(value):
        return value
    unit = columns.first("currency", cells) or currency
    return f"{unit.upper()} {value}" if unit else ""


def _makes_sense(attribute: str, value: str) -> bool:
    return canonical_value(attribute, value) is not None
