"""The seam between the store and its database: SQLite in the data folder, or PostgreSQL by URL.

Statements are written once, in the SQL both understand, with `?` for parameters. What differs is here: how a
connection is opened and migrated, how errors become a `StoreError`, and two functions on JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from agent.store.schema import MIGRATIONS

Row = tuple[object, ...]


class Engine(Protocol):
    """One open database. Not safe for several threads at once: the store holds a lock around every call."""

    place: str
    """Where it is, for people: a path, or a URL without its password."""
    shared: bool
    """Whether other machines may be using it at the same time."""

    @property
    def in_transaction(self) -> bool:
        """Tell whether a transaction is open."""
        ...

    def read(self, query: str, parameters: Sequence[object]) -> list[Row]:
        """Return the rows of a query. Raises `StoreError`."""
        ...

    def write(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of parameters. Raises `StoreError`."""
        ...

    def begin(self) -> None:
        """Begin a transaction that may write. Raises `StoreError`."""
        ...

    def commit(self) -> None:
        """Make a transaction last. Raises `StoreError`."""
        ...

    def roll_back(self) -> None:
        """Undo a transaction; a connection that is gone has done so already."""
        ...

    def hold_writers(self, tables: Sequence[str]) -> None:
        """Keep others from writing to these tables until the transaction ends."""
        ...

    def json_field(self, column: str, key: str) -> str:
        """Return SQL for one text field of a JSON column."""
        ...

    def json_list(self) -> str:
        """Return SQL for a query over the items of a JSON list that is given as one parameter."""
        ...

    def faults(self) -> list[str]:
        """Return what the database finds wrong with its own storage."""
        ...

    def compact(self) -> None:
        """Give the space of deleted rows back."""
        ...

    def checkpoint_beside(self) -> None:
        """Keep what a database tidies up now and then from holding up whoever writes, until `close`."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


def missing_tables(present: Iterable[str]) -> list[str]:
    """Return the tables that the newest schema has and a database lacks."""
    named = re.findall(r"CREATE (?:UNLOGGED )?TABLE (\w+)", "\n".join(s for step in MIGRATIONS for s in step))
    return sorted(set(named) - set(present))
