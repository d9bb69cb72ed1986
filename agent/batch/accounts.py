"""Turn a list into accounts: one per registrable domain, duplicates merged, bad rows set apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from agent.batch.columns import Columns, find_columns, is_domain, names_accounts
from agent.batch.table import Table, TableRow, open_tables, quoted
from agent.errors import InputError
from tools.domains import InvalidDomain, normalize_domain

_MAX_CELL = 4_000
_SAMPLE = 50
_MOST_TITLES = 12
_TITLE = "stands above the header"


class ListedRow(NamedTuple):
    """One usable row: its number, its account's domain, and its cells in the order of the columns."""

    number: int
    domain: str
    cells: list[str]


class RejectedListRow(NamedTuple):
    """One row that names no account, and why."""

    number: int
    reason: str
    cells: list[str]


class AccountList(NamedTuple):
    """A list being read: its columns, and its rows, which can be walked once.

    `sheet` says for a person which sheet of a workbook with several it is.
    """

    path: Path
    kind: str
    columns: Columns
    rows: Iterator[ListedRow | RejectedListRow]
    sheet: str = ""


def read_accounts(path: Path, wanted: Mapping[str, str] | None = None, sheet: str = "") -> AccountList:
    """Open a list of accounts. `wanted` maps fields to column names where the names do not tell.

    Of a workbook it is `sheet`, or the first that names accounts: a cover often stands before it. Raises
    `InputError` when the file is no table or no column names accounts; one bad row never does.
    """
    faults: list[str] = []
    seen: list[str] = []
    for table in open_tables(path, sheet):
        try:
            return _accounts_in(table, path, wanted or {})
        except InputError as error:
            faults.append(str(error))
            seen.append(table.sheet)
    if not seen[0]:
        raise InputError(faults[0])
    if len(seen) == 1:
        raise InputError(f"sheet {seen[0]!r}: {faults[0]}")
    raise InputError(
        f"no sheet of {str(path)!r} reads as a list of accounts; it has {quoted(seen)}; "
        f"choose one with --sheet NAME (sheet {seen[0]!r}: {faults[0]})"
    )


def _accounts_in(table: Table, path: Path, wanted: Mapping[str, str]) -> AccountList:
    header, ahead = table.header, list(islice(table.rows, _SAMPLE))
    titles: list[TableRow] = []
    if under := _header_under_titles(table, ahead, wanted):
        titles = [TableRow(1, header, _TITLE), *(row._replace(fault=_TITLE) for row in ahead[: under - 1])]
        header, ahead = ahead[under - 1].cells, ahead[under:]
    columns = find_columns(header, [row.cells for row in ahead], wanted)
    first = [TableRow(1, header)] if columns.headerless else titles
    others = f" (beside it: {quoted(table.others)}; --sheet NAME reads another)"
    told = f"sheet {table.sheet!r}{others}" if table.others else ""
    return AccountList(path, table.kind, columns, _rows(chain(first, ahead, table.rows), columns), told)


def _header_under_titles(table: Table, ahead: Sequence[TableRow], wanted: Mapping[str, str]) -> int:
    """Return how many rows stand above the header; reports are exported with a title and a date on top.

    Nothing that could be an account is taken for a title.
    """
    if table.kind == "jsonl" or names_accounts(table.header, wanted):
        return 0
    for above, row in enumerate(ahead[:_MOST_TITLES], start=1):
        if names_accounts(row.cells, wanted):
            return above
        if any(is_domain(cell) for cell in row.cells):
            return 0
    return 0


def _rows(rows: Iterator[TableRow], columns: Columns) -> Iterator[ListedRow | RejectedListRow]:
    for row in rows:
        cells = [cell[:_MAX_CELL] for cell in row.cells]
        if row.fault:
            yield RejectedListRow(row.number, row.fault, cells)
            continue
        domain, fault = account_of(columns, cells)
        if domain is None:
            yield RejectedListRow(row.number, fault, cells)
        else:
            yield ListedRow(row.number, domain, cells)


def account_of(columns: Columns, cells: Sequence[str]) -> tuple[str | None, str]:
    """Return the account a row names, or `None` and why: its domain columns first, then its e-mail address."""
    fault = ""
    for role in ("domain", "email"):
        for at in columns.roles.get(role, ()):
            value = cells[at].strip() if at < len(cells) else ""
            if not value:
                continue
            try:
                return normalize_domain(value), ""
            except InvalidDomain as error:
                fault = fault or str(error)
    return None, fault or "no domain, website or e-mail address in this row"
