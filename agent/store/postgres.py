"""The store on PostgreSQL, for many machines: the same statements on one connection a process.

The tables lie in a schema of their own, `dossier`. Texts sort byte by byte, as in SQLite, so that outputs do
not depend on the server's locale. No message of this module shows a password.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from agent.errors import InputError, StoreError
from agent.store.engine import Row, missing_tables
from agent.store.schema import MIGRATIONS

if TYPE_CHECKING:
    import psycopg

SCHEMA = "dossier"
_MIGRATION_LOCK = 0x646F7373  # one advisory lock for all who migrate at once
_ROWS_AT_ONCE = 500
_TYPES = (
    ("BLOB", "BYTEA"),
    ("TEXT", 'TEXT COLLATE "C"'),
    ("REAL", "DOUBLE PRECISION"),
    ("INTEGER", "BIGINT"),
)
_DEFAULTS = {
    "connect_timeout": "10",
    "application_name": "dossier",
    # A machine whose cable is pulled is noticed within a minute; a cut of seconds is waited out.
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "4",
    "tcp_user_timeout": "40000",
}


def masked(url: str) -> str:
    """Return a database URL as messages show it: no password, no options."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    return f"postgresql://{user.partition(':')[0]}{at}{host}{parts.path}"


def check_url(url: str) -> str:
    """Return a database URL that reads one way only. Raises `InputError`, which never repeats the URL."""
    fault = None
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("postgresql", "postgres"):
            fault = "it does not begin with postgresql://"
        elif (
            parts.netloc.count("@") > 1 or "@" in parts.path + parts.query + parts.fragment or parts.fragment
        ):
            fault = "it has more than one @, or a #; write those of the password as %40 and %23"
        elif not parts.path.strip("/"):
            fault = "it names no database"
        elif parts.port == 0:
            fault = "its port is 0"
    except ValueError:
        fault = "its host or port cannot be read; write special letters of the password as %XX"
    if fault is not None:
        raise InputError(
            f"the database URL cannot be used: {fault}; give postgresql://USER:PASSWORD@HOST:PORT/DATABASE "
            "(--database-url or DOSSIER_DATABASE_URL)"
        )
    return "postgresql" + url[url.index(":") :]


def open_connection(url: str, **more: Any) -> psycopg.Connection[Row]:  # Any: libpq's own options
    """Connect, with `dossier` as the schema. Raises `StoreError` or `InputError`."""
    url = check_url(url)
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise InputError(
            "a PostgreSQL store needs more: pip install 'account-dossier[scale]' (or unset DOSSIER_DATABASE_URL)"
        ) from error
    try:
        given = conninfo_to_dict(url)
        db: psycopg.Connection[Row] = psycopg.connect(**{**_DEFAULTS, **given, **more}, autocommit=True)
    except psycopg.Error as error:
        raise StoreError(
            f"the database {masked(url)} cannot be reached: {_reason(error, url)}; "
            "check --database-url or DOSSIER_DATABASE_URL"
        ) from error
    db.execute(f"SET search_path TO {SCHEMA}")
    # As with SQLite's own setting here: a crash of the server itself may lose the last half second, whole.
    db.execute("SET synchronous_commit TO off")
    return db


def _reason(error: Exception, url: str) -> str:
    """Return what the driver said on one line, without the password."""
    said = " ".join(str(error).split())[:300] or type(error).__name__
    password = urlsplit(url).password
    for secret in (password, unquote(password or "")):
        if secret:
            said = said.replace(secret, "***")
    return said


class PostgresEngine:
    """An open PostgreSQL database; see `agent.store.engine.Engine`.

    A connection that broke is opened again by the next call; the call that found it broken fails.
    """

    shared = True

    def __init__(self, url: str) -> None:
        self._url = check_url(url)
        self.place = masked(self._url)
        self._db = open_connection(self._url)
        try:
            with self._said("prepare"):
                self._migrate()
        except BaseException:
            self._db.close()
            raise

    def _migrate(self) -> None:
        with self._db.transaction():
            self._db.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
            found = self._db.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (SCHEMA,)).fetchone()
            if found is None:
                self._db.execute(f"CREATE SCHEMA {SCHEMA}")
            present = self._tables()
            if "schema_version" not in present:
                if present:
                    raise StoreError(
                        f"the schema {SCHEMA!r} of {self.place} holds tables that are not dossier's "
                        f"({sorted(present)[0]!r}); use another database"
                    )
                self._db.execute("CREATE TABLE schema_version (version BIGINT NOT NULL)")
                self._db.execute("INSERT INTO schema_version VALUES (0)")
            row = self._db.execute("SELECT MAX(version) FROM schema_version").fetchone()
            version = int(str(row[0])) if row and row[0] is not None else 0
            if version > len(MIGRATIONS):
                raise StoreError(
                    f"{self.place} was written by a newer dossier (schema {version}, this one knows "
                    f"{len(MIGRATIONS)}); upgrade dossier on this machine, or use another database"
                )
            for statements in MIGRATIONS[version:]:
                for statement in statements:
                    self._db.execute(_definition(statement))
            if version < len(MIGRATIONS):
                self._db.execute("UPDATE schema_version SET version = %s", (len(MIGRATIONS),))
            if missing := missing_tables(self._tables()):
                raise StoreError(
                    f"{self.place} is damaged: it says schema {version} and has no table {missing[0]!r}; "
                    "restore a backup, or use another database"
                )

    def _tables(self) -> set[str]:
        rows = self._db.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (SCHEMA,)).fetchall()
        return {str(row[0]) for row in rows}

    @property
    def in_transaction(self) -> bool:
        """Tell whether a transaction is open; a broken connection has none."""
        from psycopg.pq import TransactionStatus

        status = self._db.info.transaction_status
        return status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    @contextlib.contextmanager
    def _said(self, what: str) -> Iterator[None]:
        """Turn the driver's errors into one clear line."""
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            reason = _reason(error, self._url)
            if self._db.closed:
                raise StoreError(
                    f"the database {self.place} is gone ({reason}); what was stored is whole, "
                    "run the same command again when it is back"
                ) from error
            raise StoreError(f"could not {what} {self.place}: {reason}") from error

    def _cursor(self) -> psycopg.Cursor[Row]:
        if self._db.closed:
            self._db = open_connection(self._url)
        return self._db.cursor(binary=True)

    def read(self, query: str, parameters: Sequence[object]) -> list[Row]:
        """Return the rows of a query."""
        with self._said("read"):
            return self._cursor().execute(_placeholders(query), _parameters(parameters)).fetchall()

    def write(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of parameters; several rows of one call land together."""
        statement = _placeholders(statement)
        left = iter(rows)
        with self._said("write to"):
            while chunk := [_parameters(row) for row in islice(left, _ROWS_AT_ONCE)]:
                if len(chunk) == 1:
                    self._cursor().execute(statement, chunk[0])
                else:
                    self._cursor().executemany(statement, chunk)

    def begin(self) -> None:
        """Begin a transaction."""
        with self._said("write to"):
            self._cursor().execute("BEGIN")

    def commit(self) -> None:
        """Make a transaction last."""
        with self._said("write to"):
            self._db.execute("COMMIT")

    def roll_back(self) -> None:
        """Undo a transaction; a connection that is gone has done so already."""
        import psycopg

        with contextlib.suppress(psycopg.Error):
            if not self._db.closed:
                self._db.execute("ROLLBACK")

    def checkpoint_beside(self) -> None:
        """Do nothing: the server's own processes do."""

    def hold_writers(self, tables: Sequence[str]) -> None:
        """Wait for others' open writes to these tables, and keep new ones out until the transaction ends."""
        with self._said("write to"):
            self._db.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")

    def json_field(self, column: str, key: str) -> str:
        """Return SQL for one text field of a JSON column."""
        return f"({column}::json ->> '{key}')"

    def json_list(self) -> str:
        """Return SQL for a query over the items of a JSON list."""
        return "SELECT json_array_elements_text(?::json)"

    def faults(self) -> list[str]:
        """Return what can be seen of damage: every row is read once, and every index must be valid."""
        found = []
        for (name,) in self.read(
            "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND NOT i.indisvalid",
            (SCHEMA,),
        ):
            found.append(f"the index {name} is not valid; run REINDEX INDEX {name}")
        for table in sorted(self._tables()):
            try:
                self.read(f"SELECT COUNT(*) FROM {table}", ())  # noqa: S608  a name from the catalogue
            except StoreError as error:
                found.append(f"the table {table} cannot be read: {error}")
        return found

    def compact(self) -> None:
        """Give the space of deleted rows back to their tables."""
        with self._said("write to"):
            self._cursor().execute(f"VACUUM {', '.join(sorted(self._tables()))}")

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


@lru_cache(maxsize=512)
def _placeholders(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


def _definition(statement: str) -> str:
    """Return a table's definition in PostgreSQL's types."""
    for ours, theirs in _TYPES:
        statement = re.sub(rf"\b{ours}\b", theirs, statement)
    return statement


def _parameters(row: Sequence[object]) -> list[object]:
    """Return parameters as PostgreSQL takes them: its texts know no NUL."""
    return [part.replace("\0", "\ufffd") if isinstance(part, str) and "\0" in part else part for part in row]
