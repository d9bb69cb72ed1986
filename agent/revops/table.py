"""Read the CSV files people have: any usual delimiter and encoding, a byte order mark, odd headers."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection
from typing import NamedTuple
from unicodedata import normalize

from agent.errors import InputError
from agent.icp.cursor import nearest

MAX_BYTES = 64 * 1024 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LONGEST_CELL = 10_000


class Row(NamedTuple):
    """One row: its number in the file (the header is 1) and its cells by column."""

    number: int
    cells: dict[str, str]


class Table(NamedTuple):
    """A file's columns (lower case, words joined by `_`) and rows; `notes` say what was left out and why."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def read_table(raw: bytes, name: str) -> Table:
    """Return the table in a CSV file; an `InputError` says what is wrong with one that is none."""
    if len(raw) > MAX_BYTES:
        raise InputError(f"{name}: larger than {MAX_BYTES // 2**20} MB; split the file")
    text = _decode(raw, name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise InputError(f"{name}: the file is empty; it needs a header line with a 'domain' column")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first), skipinitialspace=True)
    columns: tuple[str, ...] = ()
    rows: list[Row] = []
    notes: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _header(cells, name)
                continue
            if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                notes.append(f"{name}:{reader.line_num}: more cells than columns; the rest is ignored")
            padded = [*cells, *[""] * (len(columns) - len(cells))]
            named = zip(columns, padded, strict=False)
            rows.append(Row(reader.line_num, {key: cell.strip()[:_LONGEST_CELL] for key, cell in named}))
    except csv.Error as error:
        raise InputError(f"{name}:{reader.line_num}: not a CSV line ({error})") from None
    if not rows:
        raise InputError(f"{name}: a header and no rows")
    return Table(name, columns, tuple(rows), tuple(notes))


def find_column(table: Table, names: Collection[str], *, required: bool = False) -> str | None:
    """Return the first of `names` that the table has; a required one that is missing is an `InputError`."""
    for name in names:
        if name in table.columns:
            return name
    if required:
        wanted = next(iter(names))
        raise InputError(
            f"{table.name}: no column {wanted!r}{nearest(wanted, table.columns)}; "
            f"it has: {', '.join(table.columns)}; also read as {wanted!r}: {', '.join(list(names)[1:])}"
        )
    return None


def _decode(raw: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                return raw[len(mark) :].decode(encoding)
            except UnicodeDecodeError:
                raise InputError(f"{name}: broken {encoding} text; save it again as UTF-8") from None
    if b"\x00" in raw[:4096]:
        raise InputError(f"{name}: not a text file; export it as CSV in UTF-8")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("windows-1252", errors="replace")


def _delimiter(header: str) -> str:
    outside = re.sub(r'"[^"]*"', "", header[:20_000])
    return max(_DELIMITERS, key=lambda mark: (outside.count(mark), -_DELIMITERS.index(mark)))


def _header(cells: list[str], name: str) -> tuple[str, ...]:
    columns = tuple(
        re.sub(r"[^\w:]+", "_", normalize("NFKC", cell).strip().lower()).strip("_") for cell in cells
    )
    for at, column in enumerate(columns):
        if column and column in columns[:at]:
            raise InputError(f"{name}:1: the column {column!r} appears twice; rename one")
    return tuple(column or f"column_{at + 1}" for at, column in enumerate(columns))
