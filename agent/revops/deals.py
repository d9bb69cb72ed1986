"""Deals and account lists: domains, dates, outcomes however they are spelled, and attribute columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

from pydantic import JsonValue

from agent.attributes import attribute_names, canonical_value, entry
from agent.canonical.list_columns import BETWEEN_PRODUCTS, ROLES, plain_name
from agent.errors import InputError
from agent.models import Fact, Findings
from agent.revops.table import Row, Table, find_column
from tools.domains import registrable

Outcome = Literal["won", "lost", "churned", "open"]
DOMAIN = ("domain", "website", "company_domain", "account_domain", "company_website", "url", "company")
OUTCOME = ("outcome", "status", "stage", "deal_stage", "result", "won", "is_won", "closed_won")
DATE = ("date", "close_date", "closed", "closed_at", "closedate", "closed_date", "deal_date", "close_day")
RESPONSE = ("response", "responded", "replied")
QUALIFIED = ("qualified", "qualification", "sql", "meeting")
VALUE = ("ltv", "lifetime_value", "amount", "value", "revenue_booked", "arr", "acv")
CHURNED = ("churned", "churn")
EXPANDED = ("expanded", "expansion", "upsell")

_SPELLINGS: dict[Outcome, str] = {
    "won": "won win closed_won closedwon customer yes true 1 y gewonnen gagné gagne ganado vinto signed",
    "lost": "lost loss closed_lost closedlost no false 0 n verloren perdu perdido perso rejected disqualified",
    "churned": "churned churn cancelled canceled cancelled_customer former_customer gekündigt left",
    "open": "open in_progress pending pipeline negotiation proposal qualified new ongoing offen",
}
_OUTCOMES: dict[str, Outcome] = {word: name for name, words in _SPELLINGS.items() for word in words.split()}
_YES = frozenset(["yes", "y", "true", "1", "x", "ja", "oui", "si"])
_NO = frozenset(["no", "n", "false", "0", "nein", "non"])
_MOST_NOTES = 20
_MOST_NAMED = 8
_MOST_SHOWN = 60
"""Characters of a cell that a note shows."""


class Deal(NamedTuple):
    """One deal. Optional columns that are absent or empty are `None`; `given` holds attribute columns."""

    domain: str
    on: date | None
    outcome: Outcome
    responded: bool | None = None
    qualified: bool | None = None
    value: Decimal | None = None
    churned: bool | None = None
    expanded: bool | None = None
    given: Findings | None = None


class Deals(NamedTuple):
    """The deals of a file, in its order, and notes on what was left out."""

    deals: tuple[Deal, ...]
    notes: tuple[str, ...]


class Accounts(NamedTuple):
    """The accounts of a list: each domain once, with what its attribute columns say, or `None`."""

    accounts: tuple[tuple[str, Findings | None], ...]
    notes: tuple[str, ...]


def read_deals(table: Table, *, today: date | None = None) -> Deals:
    """Return the deals in a table with at least a domain and an outcome column.

    Left out, with a note each: open deals, repeated ones, two outcomes of one account on one day, and deals
    that are over on a day after `today`.
    """
    domain = _domain_column(table)
    outcome = find_column(table, OUTCOME, required=True)
    on = find_column(table, DATE)
    columns = {name: find_column(table, names) for name, names in _OPTIONAL.items()}
    taken = {domain, outcome, on, *columns.values()}
    notes = list(table.notes)
    attributes = attribute_columns(table, taken)
    seen: dict[tuple[str, date | None], tuple[Outcome, int]] = {}
    unread: Unread = {}
    deals: list[Deal] = []
    for row in table.rows:
        try:
            deal = _deal(row, domain, outcome or "", on, columns)
        except ValueError as error:
            notes.append(f"{table.name}:{row.number}: {error}")
            continue
        if deal.outcome == "open":
            notes.append(f"{table.name}:{row.number}: {deal.domain} is still open, so it says nothing yet")
            continue
        if deal.on is not None and today is not None and deal.on > today:
            notes.append(
                f"{table.name}:{row.number}: {deal.domain} is {deal.outcome} on {deal.on}, after today"
            )
            continue
        first = seen.setdefault((deal.domain, deal.on), (deal.outcome, row.number))
        if first[1] != row.number:
            again = "is a duplicate of an earlier row"
            if first[0] != deal.outcome:
                again = f"is {deal.outcome} here and {first[0]} on the same day in row {first[1]}"
            notes.append(f"{table.name}:{row.number}: {deal.domain} {again}")
            continue
        for key, column in columns.items():
            if column and row.cells[column] and getattr(deal, key) is None:
                unread.setdefault(column, []).append(row.cells[column])
        deals.append(deal._replace(given=findings_of_row(row, attributes, unread)))
    notes = [*_column_notes(table, taken, attributes), *_unread_notes(table, unread), *notes]
    if not deals:
        raise InputError(_nothing(table, "a deal that is won or lost", notes))
    return Deals(tuple(deals), _cut(notes))


def read_accounts(table: Table) -> Accounts:
    """Return the accounts in a table with at least a domain column; a domain counts once, at its first row."""
    domain = _domain_column(table)
    notes = list(table.notes)
    taken = {domain, *OUTCOME, *DATE}
    attributes = attribute_columns(table, taken)
    accounts: dict[str, Findings | None] = {}
    unread: Unread = {}
    for row in table.rows:
        name = registrable(row.cells[domain])
        if name is None:
            notes.append(f"{table.name}:{row.number}: {_no_domain(row.cells[domain])}")
        elif name in accounts:
            notes.append(f"{table.name}:{row.number}: {name} is a duplicate of an earlier row")
        else:
            accounts[name] = findings_of_row(row, attributes, unread)
    if not accounts:
        raise InputError(_nothing(table, "a domain", notes))
    notes = [*_column_notes(table, taken, attributes), *_unread_notes(table, unread), *notes]
    return Accounts(tuple(accounts.items()), _cut(notes))


def _domain_column(table: Table) -> str:
    """Return the column of domains, by the names that account lists give it too; `InputError` without one."""
    plain = {plain_name(column): column for column in reversed(table.columns)}
    named = next((plain[name] for name in ROLES["domain"] if name in plain), None)
    return named or find_column(table, DOMAIN, required=True) or ""


def outcome_of(text: str) -> Outcome | None:
    """Return the outcome a cell names, in any usual spelling ("Closed Won", "closed-won", "1"), or `None`."""
    return _OUTCOMES.get(re.sub(r"[\s/_.-]+", "_", text.strip().casefold()).strip("_"))


def attribute_columns(table: Table, taken: Iterable[str | None] = ()) -> dict[str, tuple[str, ...]]:
    """Return the columns that hold each attribute: of its own name, else as CRMs and people call it.

    A head office may stand in several: city, region, country. `taken` columns mean something else.
    """
    held = set(taken)
    free = [column for column in table.columns if column not in held]

    def called(role: str) -> tuple[str, ...]:
        plain = {plain_name(column): column for column in reversed(free)}
        return next(((plain[name],) for name in ROLES[role] if name in plain), ())

    found: dict[str, tuple[str, ...]] = {}
    for attribute in attribute_names():
        if attribute in free:
            found[attribute] = (attribute,)
        elif attribute == "headquarters":
            if country := called("country"):
                found[attribute] = (*called("city"), *called("region"), *country)
        elif attribute in ROLES and attribute != "name" and (columns := called(attribute)):
            found[attribute] = columns
    return found


Unread = dict[str, list[str]]
"""Cells, or parts of them, that say nothing to us, by the name of their column."""


def findings_of_row(
    row: Row, attributes: Mapping[str, tuple[str, ...]], unread: Unread | None = None
) -> Findings | None:
    """Return what a row's attribute columns say, or `None` when it has none that can be read.

    Several values are separated by `;` or `|`, products by commas too. What cannot be read is added to `unread`.
    These facts come from the list's owner and carry no quote.
    """
    facts: list[Fact] = []
    for attribute, columns in attributes.items():
        text = ", ".join([row.cells[column] for column in columns if row.cells[column]])
        if not text:
            continue
        if attribute == "technology":
            parts = BETWEEN_PRODUCTS.split(text)
        else:
            parts = re.split(r"[;|]", text) if entry(attribute).merge in ("set", "count", "event") else [text]
        values: list[JsonValue] = []
        for part in parts:
            value = canonical_value(attribute, _literal(part.strip()))
            if value is not None and value not in values:
                values.append(value)
            elif value is None and part.strip() and unread is not None:
                unread.setdefault(" + ".join(columns), []).append(part.strip())
        facts += [Fact(attribute=attribute, value=value, status="supported", evidence=()) for value in values]
    return Findings(facts=tuple(facts)) if facts else None


def _column_notes(
    table: Table, taken: Iterable[str | None], attributes: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """Return notes that name the columns nothing was read from, and those read under another name."""
    read = {*taken, *(column for columns in attributes.values() for column in columns)}
    names = [repr(column) for column in table.columns if column not in read]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    notes = [f"{table.name}: columns not read: {', '.join(names[:_MOST_NAMED])}{more}"] if names else []
    renamed = [
        f"{' + '.join(repr(column) for column in columns)} as {attribute}"
        for attribute, columns in attributes.items()
        if columns != (attribute,)
    ]
    if renamed:
        notes.append(
            f"{table.name}: read {', '.join(renamed)}; where filled, it counts instead of what is stored"
        )
    return notes


def _unread_notes(table: Table, unread: Unread) -> list[str]:
    """Return a note for each column with cells that cannot be read: how many, and the first that differ."""
    notes = []
    for column, cells in unread.items():
        which = ", ".join(repr(cell[:_MOST_SHOWN]) for cell in list(dict.fromkeys(cells))[:3])
        said = f"{len(cells):,} cells of {column!r} cannot be read, such as {which}; they do not count"
        if len(cells) == 1:
            said = f"one cell of {column!r} cannot be read ({which}); it does not count"
        notes.append(f"{table.name}: {said}")
    return notes


_OPTIONAL: dict[str, tuple[str, ...]] = {
    "responded": RESPONSE,
    "qualified": QUALIFIED,
    "value": VALUE,
    "churned": CHURNED,
    "expanded": EXPANDED,
}


def _deal(row: Row, domain: str, outcome: str, on: str | None, columns: dict[str, str | None]) -> Deal:
    name = registrable(row.cells[domain])
    if name is None:
        raise ValueError(_no_domain(row.cells[domain]))
    said = outcome_of(row.cells[outcome])
    if said is None:
        raise ValueError(
            f"unknown outcome {row.cells[outcome]!r}; read are: won, lost, churned, open, and their kind"
        )
    cells = {key: row.cells[column] for key, column in columns.items() if column}
    return Deal(
        domain=name,
        on=_day(row.cells[on]) if on else None,
        outcome=said,
        responded=_flag(cells.get("responded")),
        qualified=_flag(cells.get("qualified")),
        value=_amount(cells.get("value")),
        churned=True if said == "churned" else _flag(cells.get("churned")),
        expanded=_flag(cells.get("expanded")),
    )


def _no_domain(cell: str) -> str:
    first, *more = cell.splitlines() or [""]
    if more:
        return f"a quotation mark opens before {first[:60]!r} and {len(more)} more lines end in it; close it"
    return f"{cell!r} is not a domain"


def _day(text: str) -> date | None:
    if not text:
        return None
    for reads in _DAYS:
        try:
            return reads(text)
        except ValueError:
            continue
    raise ValueError(f"{text!r} is not a date; write it as YYYY-MM-DD")


def _named_month(text: str) -> date:
    return datetime.strptime(text, "%d %b %Y").date()


def _with_dots(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").date()


# Slashes are not read: nobody can tell 05/11 from 11/05.
_DAYS: tuple[Callable[[str], date], ...] = (
    lambda text: date.fromisoformat(text[:10] if re.match(r"\d{4}-\d{2}-\d{2}[T ]", text) else text),
    _with_dots,
    _named_month,
)


def _flag(text: str | None) -> bool | None:
    folded = (text or "").strip().casefold()
    return True if folded in _YES else False if folded in _NO else None


def _amount(text: str | None) -> Decimal | None:
    digits = re.sub(r"[^\d.,-]", "", text or "")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", digits) or re.fullmatch(r"-?\d+,\d{1,2}", digits):
        digits = digits.replace(".", "").replace(",", ".")
    try:
        return Decimal(digits) if digits and len(digits) <= 20 else None
    except InvalidOperation:
        return None


def _literal(text: str) -> JsonValue:
    """Read a cell as a number where it is one, so that counts and years pass as such."""
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else text


def _nothing(table: Table, what: str, notes: list[str]) -> str:
    because = f"; for example {notes[0]}" if notes else ""
    return f"{table.name}: not one row has {what}{because}"


def _cut(notes: list[str]) -> tuple[str, ...]:
    more = len(notes) - _MOST_NOTES
    return tuple(notes[:_MOST_NOTES]) + ((f"... and {more} more notes like these",) if more > 0 else ())
