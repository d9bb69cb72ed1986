"""Which column means what: names that HubSpot, Salesforce, Apollo, Clay and people use.

The names themselves stand in `agent/canonical/list_columns.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agent.canonical.list_columns import ROLES, plain_name
from agent.errors import InputError
from tools.domains import InvalidDomain, normalize_domain

ACCOUNT_ROLES = ("domain", "email")
_SAMPLE = 50


class Columns(NamedTuple):
    """The columns of one list: where each role stands, best first. `headerless` lists begin with data."""

    names: tuple[str, ...]
    roles: dict[str, tuple[int, ...]]
    headerless: bool = False

    def first(self, role: str, cells: Sequence[str]) -> str:
        """Return the first filled cell of a role, trimmed, or an empty text."""
        for at in self.roles.get(role, ()):
            if at < len(cells) and (value := cells[at].strip()):
                return value
        return ""


def find_columns(
    header: Sequence[str], sample: Sequence[Sequence[str]], wanted: Mapping[str, str]
) -> Columns:
    """Return what each column means, by `wanted` (role to column name), by name, else by what is in it.

    `sample` are the first rows. Raises `InputError` when no column names accounts.
    """
    if header and is_domain(header[0]) and not wanted and not _named(header, "domain"):
        names = ("domain", *(f"column {n}" for n in range(2, len(header) + 1)))
        return Columns(names, {"domain": (0,)}, headerless=True)
    roles = {role: _named(header, role) for role in ROLES}
    for role, name in wanted.items():
        roles[role] = (_chosen(header, role, name),)
    if not any(roles[role] for role in ACCOUNT_ROLES):
        roles["domain"] = _by_content(header, sample)
    names = tuple(name.strip() or f"column {n}" for n, name in enumerate(header, start=1))
    if not any(roles[role] for role in ACCOUNT_ROLES):
        shown = ", ".join(repr(name) for name in names[:12]) or "none"
        raise InputError(
            f"no column of the list names a domain, website or e-mail address; columns: {shown}; "
            "say which one with --column domain=NAME"
        )
    return Columns(_distinct(names), {role: found for role, found in roles.items() if found})


def names_accounts(cells: Sequence[str], wanted: Mapping[str, str]) -> bool:
    """Tell whether a row is a header: it names a column of accounts, or one that was asked for."""
    folded = {cell.strip().casefold() for cell in cells}
    return any(_named(cells, role) for role in ACCOUNT_ROLES) or any(
        name.casefold() in folded for name in wanted.values()
    )


def parse_choice(text: str) -> tuple[str, str]:
    """Return (role, column name) of one `--column` option: `domain=Web site`, or just the domain's column."""
    role, equals, name = text.partition("=")
    if not equals:
        return "domain", text.strip()
    if role.strip() not in ROLES:
        raise InputError(f"--column {text!r}: no field {role.strip()!r}; known: {', '.join(ROLES)}")
    return role.strip(), name.strip()


def _chosen(header: Sequence[str], role: str, name: str) -> int:
    for at, column in enumerate(header):
        if column.strip().casefold() == name.casefold():
            return at
    shown = ", ".join(repr(column.strip()) for column in header[:12])
    raise InputError(f"--column {role}={name}: the list has no such column; it has {shown}")


def _named(header: Sequence[str], role: str) -> tuple[int, ...]:
    plain = [plain_name(name) for name in header]
    return tuple(at for known in ROLES[role] for at, name in enumerate(plain) if name == known)


def _by_content(header: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the column most of whose values are domains, when most of any column's are."""
    best: tuple[float, int] = (0.5, -1)
    for at in range(len(header)):
        values = [cells[at] for cells in sample[:_SAMPLE] if at < len(cells) and cells[at].strip()]
        share = sum(is_domain(value) for value in values) / len(values) if values else 0.0
        if share > best[0]:
            best = (share, at)
    return (best[1],) if best[1] >= 0 else ()


def is_domain(text: str) -> bool:
    """Tell whether a cell alone names an account, as a domain, an address of its site or of a mailbox there."""
    if "." not in text or " " in text.strip():
        return False
    try:
        normalize_domain(text)
    except InvalidDomain:
        return False
    return True


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names with later repetitions numbered, so that every column keeps its own place."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(distinct)
