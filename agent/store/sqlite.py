"""The store's default database: one SQLite file in the data folder."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from agent.errors import StoreError
from agent.store.engine import Row, missing_tables
from agent.store.schema import MIGRATIONS

_CHECKPOINT_SECONDS = 0.5
_LONG_LOG = 8_000
"""Pages of the log after which a commit makes a checkpoint itself, where a thread makes them: 32 MB."""


class SQLiteEngine:
    """An open SQLite file: 4 kB pages (of 16 kB a compressed page of a site fills one alone), write-ahead log."""

    shared = False

    def __init__(self, folder: Path) -> None:
        self._path = folder / "dossier.sqlite3"
        self.place = str(self._path)
        self._checkpoints: _Checkpoints | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=30)
            self._db.execute("PRAGMA page_size = 4096")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"the data folder {str(folder)!r} cannot be used: {error}; "
                "set DOSSIER_HOME to a folder you can write to"
            ) from error

    def _migrate(self) -> None:
        # Opening a file that is up to date must not keep a run waiting that is writing to it.
        self._db.execute("BEGIN" if self._version() == len(MIGRATIONS) else "BEGIN IMMEDIATE")
        try:
            version = self._version()
            if version > len(MIGRATIONS):
                raise StoreError(
                    f"{self.place!r} was written by a newer dossier (schema {version}, this one knows "
                    f"{len(MIGRATIONS)}); upgrade dossier or set DOSSIER_HOME to another folder"
                )
            for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
                for statement in statements:
                    self._db.execute(statement.replace("UNLOGGED ", ""))
                self._db.execute(f"PRAGMA user_version = {number}")
            present = self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            if missing := missing_tables(str(row[0]) for row in present):
                raise StoreError(
                    f"{self.place!r} is damaged: it says schema {version} and has no table {missing[0]!r}; "
                    "restore a backup, or set DOSSIER_HOME to another folder"
                )
            self._db.execute("COMMIT")
        except BaseException:
            self.roll_back()
            raise

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    @property
    def in_transaction(self) -> bool:
        """Tell whether a transaction is open."""
        return self._db.in_transaction

    def read(self, query: str, parameters: Sequence[object]) -> list[Row]:
        """Return the rows of a query."""
        try:
            return self._db.execute(query, parameters).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"could not read {self.place!r}: {error}") from error

    def write(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of parameters."""
        try:
            self._db.executemany(statement, rows)
        except sqlite3.Error as error:
            raise StoreError(f"could not write to {self.place!r}: {error}") from error

    def begin(self) -> None:
        """Begin a transaction that may write."""
        self._control("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make a transaction last."""
        self._control("COMMIT")

    def roll_back(self) -> None:
        """Undo a transaction; a full disk may have ended it already."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _control(self, statement: str) -> None:
        try:
            self._db.execute(statement)
        except sqlite3.Error as error:
            raise StoreError(f"could not write to {self.place!r}: {error}") from error

    def hold_writers(self, tables: Sequence[str]) -> None:
        """Do nothing: an SQLite file has one writer at a time."""

    def json_field(self, column: str, key: str) -> str:
        """Return SQL for one text field of a JSON column."""
        return f"json_extract({column}, '$.{key}')"

    def json_list(self) -> str:
        """Return SQL for a query over the items of a JSON list."""
        return "SELECT value FROM json_each(?)"

    def faults(self) -> list[str]:
        """Return what the database finds wrong with its own file."""
        rows = self.read("PRAGMA integrity_check(20)", ())
        return [f"the database file is damaged: {row[0]}" for row in rows if row[0] != "ok"]

    def compact(self) -> None:
        """Give the space of deleted rows back; what they held is then gone from the file."""
        self._control("VACUUM")
        self._control("PRAGMA wal_checkpoint(TRUNCATE)")

    def checkpoint_beside(self) -> None:
        """Have a thread bring the log into the file while others write; a checkpoint takes tens of milliseconds.

        The commit that finds the log long all the same finds little of it left to do.
        """
        if self._checkpoints is None:
            self._checkpoints = _Checkpoints(self._path)
            self._checkpoints.start()
            self._db.execute(f"PRAGMA wal_autocheckpoint = {_LONG_LOG}")

    def close(self) -> None:
        """Close the file."""
        if self._checkpoints is not None:
            self._checkpoints.end()
        self._db.close()


class _Checkpoints(threading.Thread):
    """Brings the log of a file into it twice a second, on a connection of its own."""

    def __init__(self, path: Path) -> None:
        super().__init__(name="checkpoints", daemon=True)
        self._path = path
        self._ended = threading.Event()

    def run(self) -> None:
        """Work until `end`. What cannot be done now is done by a commit, which tells of a fault."""
        with contextlib.closing(sqlite3.connect(self._path, isolation_level=None)) as db:
            while not self._ended.wait(_CHECKPOINT_SECONDS):
                with contextlib.suppress(sqlite3.Error):
                    db.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def end(self) -> None:
        """End the thread."""
        self._ended.set()
        self.join()
