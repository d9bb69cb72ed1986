"""Import evidence a user brings: CRM fields, intent topics, answers from a call, as one CSV file.

Columns: `domain`, `attribute`, `value`, and optionally `quote`, `source`, `date`, `url`, in any order and
any case. Comma, semicolon or tab; UTF-8 (with or without a byte order mark), UTF-16 or Windows-1252.
Every row becomes one line of a document, `attribute: value`, with its own date and where it came from.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote as quote_part

from tools.documents import Frozen, SourceDocument, text_id
from tools.domains import InvalidDomain, normalize_domain
from tools.news.dates import stated_date

_MAX_BYTES = 50_000_000
_MAX_ROWS = 200_000
_MAX_VALUE = 2_000
_REQUIRED = ("domain", "attribute", "value")
_OPTIONAL = ("quote", "source", "date", "url")
_ALIASES = {
    "website": "domain",
    "company_domain": "domain",
    "field": "attribute",
    "topic": "attribute",
    "as_of": "date",
}


class ImportFault(ValueError):
    """A file that cannot be imported at all. The message is one line: what is wrong, and the next step."""


class ImportedRow(Frozen):
    """One row that can be used. `row` is its number in the file, the header being row 1."""

    row: int
    domain: str
    attribute: str
    value: str
    quote: str = ""
    source: str = ""
    on: date | None = None
    url: str = ""


class RejectedRow(Frozen):
    """One row that cannot be used, and why."""

    row: int
    reason: str


class Imported(NamedTuple):
    """The usable rows as documents by account domain, and the rows that were refused."""

    documents: dict[str, tuple[SourceDocument, ...]]
    rejects: tuple[RejectedRow, ...]


class EvidenceFile(NamedTuple):
    """A CSV as read: usable rows and refused ones, in file order."""

    rows: list[ImportedRow]
    rejects: list[RejectedRow]


def read_evidence_csv(path: Path) -> EvidenceFile:
    """Return the rows of a CSV file; raises `ImportFault` when the file as a whole makes no sense."""
    return _parse(_text(_bytes(path), path.name), path.name)


def import_documents(path: Path, *, imported_at: datetime | None = None) -> Imported:
    """Return one `imported` document per row, grouped by the account's registrable domain.

    `imported_at` is the time of the import (UTC); by default the file's own time of change, so that the
    same file imports to the same documents. A row without a date stays undated. Raises `ImportFault`.
    """
    file = read_evidence_csv(path)
    when = imported_at or datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    documents: dict[str, list[SourceDocument]] = {}
    for row in file.rows:
        documents.setdefault(row.domain, []).append(_document(row, path.name, when))
    return Imported({domain: tuple(held) for domain, held in documents.items()}, tuple(file.rejects))


def _document(row: ImportedRow, file_name: str, when: datetime) -> SourceDocument:
    source = row.source or "import"
    text = f"{row.attribute}: {row.value}\n"
    text += f"{row.quote}\n" if row.quote else ""
    text += f"Source: {source}, {file_name} row {row.row}"
    text += f", {row.on.isoformat()}" if row.on else ""
    return SourceDocument(
        id=text_id(text),
        url=f"import://{_path_part(file_name)}#row={row.row}",
        final_url=row.url or f"import://{_path_part(file_name)}#row={row.row}",
        kind="imported",
        source="registries",
        tier="third-party",
        title=f"{source}: {row.attribute}",
        text=text,
        fetched_at=when,
        published_at=row.on,
        provider=source,
        body=text.encode("utf-8"),
    )


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise ImportFault(
                f"{path.name}: {size:,} bytes is too large; split it into files under {_MAX_BYTES:,}"
            )
        return path.read_bytes()
    except OSError as error:
        raise ImportFault(f"{path.name}: cannot be read ({error.strerror or error})") from error


def _text(body: bytes, name: str) -> str:
    """Decode by byte order mark, else UTF-8, else Windows-1252; binary files are refused."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = body.decode("utf-16", "replace")
    else:
        if b"\x00" in body[:4096]:
            raise ImportFault(f"{name}: is not a text file; save it as CSV first")
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = body.decode("cp1252", "replace")
    if not text.strip():
        raise ImportFault(f"{name}: is empty; needed are the columns {', '.join(_REQUIRED)}")
    return text


def _parse(text: str, name: str) -> EvidenceFile:
    file = EvidenceFile([], [])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False)
    try:
        columns = _columns(next(reader, []), name)
        for number, record in enumerate(reader, start=2):
            if not any(cell.strip() for cell in record):
                continue
            if len(file.rows) >= _MAX_ROWS:
                raise ImportFault(f"{name}: more than {_MAX_ROWS:,} rows; split it")
            row = _row(
                number, {column: _clean(record[at]) for column, at in columns.items() if at < len(record)}
            )
            if isinstance(row, RejectedRow):
                file.rejects.append(row)
            else:
                file.rows.append(row)
    except csv.Error as error:
        raise ImportFault(f"{name}: row {reader.line_num} is not CSV ({error})") from error
    return file


def _delimiter(text: str) -> str:
    """Return the separator of the header line: the one that yields the most columns."""
    header = text.lstrip("\ufeff\r\n ").split("\n", 1)[0]
    return max((",", ";", "\t", "|"), key=header.count)


def _columns(header: list[str], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(header):
        column = _clean(cell).lstrip("\ufeff").casefold().replace(" ", "_")
        found.setdefault(_ALIASES.get(column, column), at)
    if missing := [column for column in _REQUIRED if column not in found]:
        shown = ", ".join(_clean(cell) for cell in header[:12]) or "none"
        noun = "column" if len(missing) == 1 else "columns"
        raise ImportFault(f"{name}: {noun} {', '.join(missing)} missing; the first line has: {shown[:200]}")
    return {column: found[column] for column in (*_REQUIRED, *_OPTIONAL) if column in found}


def _row(number: int, cells: Mapping[str, str]) -> ImportedRow | RejectedRow:
    for column in _REQUIRED:
        if not cells.get(column):
            return RejectedRow(row=number, reason=f"no {column}")
    for column, cell in cells.items():
        if len(cell) > _MAX_VALUE:
            return RejectedRow(row=number, reason=f"{column} is longer than {_MAX_VALUE:,} characters")
    try:
        domain = normalize_domain(cells["domain"])
    except InvalidDomain as error:
        return RejectedRow(row=number, reason=str(error))
    stated = cells.get("date", "")
    on = _date(stated)
    if stated and on is None:
        return RejectedRow(row=number, reason=f"date {stated[:40]!r} is not a date like 2026-03-31")
    return ImportedRow(
        row=number,
        domain=domain,
        attribute=cells["attribute"],
        value=cells["value"],
        quote=cells.get("quote", ""),
        source=cells.get("source", ""),
        on=on,
        url=cells.get("url", ""),
    )


def _clean(cell: str) -> str:
    """Return a cell on one line, without control characters."""
    spaced = " ".join(cell.split())
    return "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cs"))


def _date(cell: str) -> date | None:
    """Return the day a cell states; nothing relative, nothing ambiguous."""
    return stated_date(cell) if len(cell) <= 40 else None


def _path_part(file_name: str) -> str:
    return quote_part(file_name, safe="")
