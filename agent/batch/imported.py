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
from agent.canonical.list_columns import BETWEEN_PRODUCTS
from agent.canonical.money import parse_money
from agent.models import LIST_PROVIDER, SourceDocument, text_id

_MOST_TECHNOLOGIES = 60
_RANGE = re.compile(r"(?P<low>\S.{0,40}?)\s*(?:-|–|—|\bto\b)\s*(?P<high>\S.{0,40})\Z")
_AMOUNT_ALONE = re.compile(r"[0-9][0-9.,' ]*(?:[kmb]|bn|mio|mln|thousand|million|billion)?\Z", re.IGNORECASE)
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
        found.append((attribute, columns.first(attribute, cells).removesuffix(".0")))
    for attribute in ("revenue", "total_funding"):
        found.append((attribute, _amount(columns, cells, attribute, currency)))
    if country := columns.first("country", cells):
        parts = (columns.first("city", cells), columns.first("region", cells), country)
        place = ", ".join(part for part in parts if part)
        found.append(("headquarters", place if _makes_sense("headquarters", place) else country))
    # HubSpot writes products by their internal names: `google_analytics`.
    technologies = BETWEEN_PRODUCTS.split(columns.first("technology", cells).replace("_", " "))[
        :_MOST_TECHNOLOGIES
    ]
    found += [("technology", each) for each in dict.fromkeys(technologies)]
    return [
        f"{attribute}: {' '.join(value.split())}"
        for attribute, value in found
        if value and len(value) <= 300 and _makes_sense(attribute, value)
    ]


def _amount(columns: Columns, cells: Sequence[str], attribute: str, currency: str) -> str:
    value = columns.first(attribute, cells)
    unit = (columns.first("currency", cells) or currency).upper()
    if attribute == "revenue" and (ends := _RANGE.match(value)):
        return _range(ends["low"], ends["high"], unit)
    if not _BARE_AMOUNT.match(value):
        return value
    return f"{unit} {value}" if unit else ""


def _range(low: str, high: str, unit: str) -> str:
    """Return a range whose ends both say their currency ("$10M - $50M"), or an empty text.

    Only a revenue may be a range; money raised "between 10 and 25 million" is no amount.
    """
    ends = [_with_unit(end, unit) for end in (low, high)]
    amounts = [parse_money(end) for end in ends]
    if amounts[0] is None or amounts[1] is None or amounts[0].currency != amounts[1].currency:
        return ""
    return " - ".join(ends) if amounts[0].amount < amounts[1].amount else ""


def _with_unit(end: str, unit: str) -> str:
    return f"{unit} {end}" if unit and _AMOUNT_ALONE.match(end) else end


def _makes_sense(attribute: str, value: str) -> bool:
    if attribute == "revenue" and _RANGE.match(value):
        return True  # both ends were read when the range was written
    return canonical_value(attribute, value) is not None
