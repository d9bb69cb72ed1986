"""Read a table of any usual kind, row by row: CSV and its relatives, XLSX, JSON lines.

The kind is told from the content, not from the file's name. Every cell is text; rows keep their number in
the file (the header being row 1), because that number is what a report cites.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple

from agent.errors import InputError

MAX_BYTES = 1_000_000_000
_MAX_UNPACKED = 2_000_000_000
_MAX_RECORD_LINES = 200
"""Lines one quoted cell may span; past that, a quotation mark was opened and never closed."""
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 20


class TableRow(NamedTuple):
    """One row: its number in the file, its cells, and what is wrong with it when it could not be read."""

    number: int
    cells: list[str]
    fault: str = ""


class Table(NamedTuple):
    """A table being read. `header` is empty when the file has none; `rows` can be walked once.

    `sheet` names the one of a workbook, `others` those beside it.
    """

    kind: str
    header: list[str]
    rows: Iterator[TableRow]
    sheet: str = ""
    others: tuple[str, ...] = ()


def open_tables(path: Path, sheet: str = "") -> Iterator[Table]:
    """Yield the tables in a file: of a workbook one a filled sheet, or `sheet` alone; of anything else the one it is.

    A file that holds none is an `InputError` that says what to do.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(f"{str(path)!r} has {size:,} bytes; split it into files under {MAX_BYTES:,}")
        body = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the list {str(path)!r}: {error.strerror or error}") from error
    if body.startswith(b"PK\x03\x04"):
        yield from _workbook(path, sheet)
        return
    if sheet:
        raise InputError(f"--sheet {sheet!r}: {str(path)!r} is no workbook; leave --sheet out")
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{str(path)!r} is an old Excel file (.xls); save it as .xlsx or CSV")
    text = decode(body)
    if "\x00" in text[:4096]:
        raise InputError(f"{str(path)!r} is not a list: it is a binary file; give CSV, TSV, XLSX or JSONL")
    start = text.lstrip("\ufeff").lstrip()
    if not start:
        raise InputError(f"{str(path)!r} is empty; give one account a row, with a column such as domain")
    if start[0] in "{[":
        yield _json(start, path)
    else:
        yield _delimited(text.removeprefix("\ufeff"))


def decode(body: bytes) -> str:
    """Decode bytes by their byte order mark, else line by line as UTF-8 or, where that fails, Windows-1252.

    Lists glued together from several exports mix encodings; one bad line must not spoil the others.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    if unmarked := _unmarked_utf16(body[:400]):
        return body.decode(unmarked, "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        lines = body.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
        return "".join(_decode_line(line) for line in lines)


def _unmarked_utf16(start: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark: every second byte of mostly Latin text is zero."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < 0.4 * len(start) or min(even, odd) > 0.02 * len(start):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _decode_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _delimited(text: str) -> Table:
    lines = io.StringIO(text, newline="").readlines()
    first = 0
    while first < len(lines) and not lines[first].strip():
        first += 1
    above = first
    delimiter = _delimiter(lines[first : first + _SAMPLE_LINES])
    stated = lines[first].strip()
    if stated.casefold().startswith("sep=") and len(stated) == 5:
        delimiter, first = stated[4], first + 1
    rows = _records(lines, first, delimiter, above)
    header = next(rows, TableRow(1, []))
    kind = "tsv" if delimiter == "\t" else "csv"
    return Table(kind, header.cells, rows)


def _delimiter(sample: list[str]) -> str:
    """Return the separator that splits most of the first lines, the header above all."""

    def splits(delimiter: str) -> tuple[int, int]:
        rows = list(csv.reader(sample[:1], delimiter=delimiter))
        return (len(rows[0]) if rows else 0, sum(line.count(delimiter) for line in sample))

    return max(_DELIMITERS, key=splits)


def _records(lines: list[str], first: int, delimiter: str, above: int) -> Iterator[TableRow]:
    """Yield the records, numbered on from `above`; an opened quotation mark costs its own row, not the file."""
    at, number = first, above
    while at < len(lines):
        taken = 0

        def feed(start: int = at) -> Iterator[str]:
            nonlocal taken
            for line in lines[start : start + _MAX_RECORD_LINES]:
                taken += 1
                yield line

        number += 1
        try:
            cells = next(csv.reader(feed(), delimiter=delimiter, strict=False), [])
        except csv.Error as error:
            yield TableRow(number, [], f"is not CSV ({error})")
            at += 1
            continue
        if taken >= _MAX_RECORD_LINES or (taken > 1 and at + taken >= len(lines) and _unclosed(lines, at)):
            yield TableRow(number, [], "opens a quotation mark that is never closed")
            at += 1
            continue
        at += max(taken, 1)
        if any(cell.strip() for cell in cells):
            yield TableRow(number, cells)


def _unclosed(lines: list[str], at: int) -> bool:
    return sum(line.count('"') for line in lines[at:]) % 2 == 1


def _workbook(path: Path, wanted: str) -> Iterator[Table]:
    """Yield a workbook's filled sheets, or the one that is wanted, each read when it is asked for."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InputError(
            f"{str(path)!r} is no workbook that can be opened ({error}); save it as CSV"
        ) from error
    if unpacked > _MAX_UNPACKED:
        raise InputError(f"{str(path)!r} unpacks to {unpacked:,} bytes; save the sheet as CSV")
    empty = True
    try:
        workbook = CalamineWorkbook.from_path(path)
        # Charts and macros are no tables, and a hidden sheet is seldom the list: it comes last.
        sheets = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        sheets.sort(key=lambda each: each.visible != SheetVisibleEnum.Visible)
        names = [each.name for each in sheets]
        for name in _chosen(names, wanted, path):
            cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            rows = iter(
                [
                    TableRow(number, [_cell(value) for value in values])
                    for number, values in enumerate(cells, start=1)
                    if any(value not in ("", None) for value in values)
                ]
            )
            if (header := next(rows, None)) is not None:
                empty = False
                yield Table("xlsx", header.cells, rows, name, tuple(each for each in names if each != name))
    except (CalamineError, OSError, ValueError, TypeError) as error:
        raise InputError(f"{str(path)!r} cannot be read as a workbook ({error}); save it as CSV") from error
    if empty:
        which = (
            f"sheet {wanted!r} of {str(path)!r} is empty" if wanted else f"{str(path)!r} has no filled sheet"
        )
        raise InputError(f"{which}; give one account a row, with a column such as domain")


def _chosen(names: list[str], wanted: str, path: Path) -> list[str]:
    """Return the sheets to read: the wanted one, whatever the case of its name, or all."""
    if not wanted:
        return names
    found = [name for name in names if name.strip().casefold() == wanted.strip().casefold()]
    if not found:
        raise InputError(f"--sheet {wanted!r}: {str(path)!r} has no such sheet; it has {quoted(names)}")
    return found[:1]


def quoted(names: Sequence[str]) -> str:
    """Return names as a person lists them, the first dozen."""
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return ", ".join(repr(name) for name in names[:12]) + more


def _cell(value: object) -> str:
    """Return a cell as a person would type it: whole numbers without `.0`, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value)


def _json(text: str, path: Path) -> Table:
    """Return JSON lines (or one JSON array) as a table; the columns are all keys, in order of appearance."""
    found: list[tuple[int, object, str]] = []
    if text[0] == "[":
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{str(path)!r} is not JSON ({error}); give one object a line") from error
        found = [(number, value, "") for number, value in enumerate(whole, start=1)]
    else:
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            try:
                found.append((number, json.loads(line), ""))
            except (ValueError, RecursionError):
                found.append((number, None, "is not JSON"))
        if all(fault for _, _, fault in found):
            raise InputError(
                f"{str(path)!r} holds no JSON object on a line of its own; give one a line, or an array"
            )
    header = list(dict.fromkeys(key for _, value, _ in found if isinstance(value, dict) for key in value))
    if not header and any(isinstance(value, str) for _, value, _ in found):
        header = ["domain"]

    def rows() -> Iterator[TableRow]:
        for number, value, fault in found:
            if isinstance(value, dict):
                yield TableRow(number, [_json_cell(value.get(key)) for key in header])
            elif isinstance(value, str) and not fault:
                yield TableRow(number, [value])
            else:
                yield TableRow(number, [], fault or "is not a JSON object")

    return Table("jsonl", header, rows())


def _json_cell(value: object) -> str:
    if isinstance(value, list) and all(isinstance(each, (str, int, float)) for each in value):
        return ", ".join(str(each) for each in value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return _cell(value)
