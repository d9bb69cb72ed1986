"""Keep documents, pages, completions, findings and reports in one SQLite file, or in PostgreSQL.

Texts and bodies are compressed with zstd and stored once. A document's id is the hash of its text, and
loading checks it, so a damaged file is noticed rather than quoted.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import zstandard

from agent.errors import StoreError
from agent.models import Account, AccountReport, Findings, SourceDocument, text_id
from agent.store.engine import Engine
from tools.fetching.api import Response

if TYPE_CHECKING:
    from agent.settings import Settings

MAX_TEXT_BYTES = 64 * 1024 * 1024  # an upper bound for decompression, far above any stored page


class StoredFindings(NamedTuple):
    """One account's facts as last researched."""

    account: Account
    as_of: date
    findings: Findings


class Store:
    """One open store. Safe to use from several threads; close it or use it as a context manager.

    It lies in the data folder, or, with a `postgresql://` URL, in that database.
    """

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self._lock = threading.RLock()
        self._compressor = zstandard.ZstdCompressor(
            level=1
        )  # level 3 takes a third longer and saves a twentieth
        self._decompressor = zstandard.ZstdDecompressor()
        self.engine = _open_engine(folder, database_url)

    @classmethod
    def configured(cls, settings: Settings) -> Store:
        """Open the store that the settings name."""
        return cls(settings.home, settings.database_url)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def place(self) -> str:
        """Return where the store lies, for people; never with a password."""
        return self.engine.place

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self.engine.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Group writes; all of them land or none."""
        with self._lock:
            if self.engine.in_transaction:
                yield
                return
            self.engine.begin()
            try:
                yield
                self.engine.commit()
            except BaseException:
                self.engine.roll_back()
                raise

    def write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run one statement for each row of parameters; what cannot be written is a `StoreError`."""
        with self._lock:
            self.engine.write(statement, rows)

    def read(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """Return the rows of a query; what cannot be read is a `StoreError`."""
        with self._lock:
            return self.engine.read(query, parameters)

    def pack(self, data: bytes) -> bytes:
        """Compress bytes for keeping."""
        with self._lock:
            return self._compressor.compress(data)

    def unpack(self, data: object) -> bytes:
        """Return kept bytes as they were; what no longer unpacks is a `StoreError`."""
        if not isinstance(data, bytes):
            raise StoreError(f"{self.place!r} holds a value of the wrong type")
        try:
            with self._lock:
                return self._decompressor.decompress(data, max_output_size=MAX_TEXT_BYTES)
        except zstandard.ZstdError as error:
            raise StoreError(f"{self.place!r} holds a damaged value: {error}") from error

    # Documents

    def save_documents(self, domain: str, documents: Iterable[SourceDocument], *, now: datetime) -> None:
        """Keep an account's documents, each with its raw body."""
        documents = tuple(
            sorted(documents, key=lambda d: d.id)
        )  # one order for all, so that none waits for two
        keys = {d.id: sha256(d.body).hexdigest() for d in documents if d.body}
        bodies = {keys[d.id]: d.body for d in documents if d.body}
        with self.transaction():
            for key in self._kept_bodies(bodies):  # the page cache has most of them
                del bodies[key]
            self.write(
                "INSERT INTO texts VALUES (?, ?) ON CONFLICT DO NOTHING",
                ((d.id, self.pack(d.text.encode())) for d in documents),
            )
            self.write(
                "INSERT INTO bodies VALUES (?, ?) ON CONFLICT DO NOTHING",
                ((key, self.pack(body)) for key, body in sorted(bodies.items())),
            )
            self.write(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (domain, id) DO UPDATE SET"
                " url = excluded.url, body_sha256 = excluded.body_sha256, entry = excluded.entry,"
                " saved_at = excluded.saved_at",
                (
                    (
                        domain,
                        d.id,
                        d.url,
                        keys.get(d.id),
                        d.model_dump_json(exclude={"text", "body"}),
                        stamp(now),
                    )
                    for d in documents
                ),
            )

    def _kept_bodies(self, keys: Collection[str]) -> list[str]:
        marks = ", ".join("?" * len(keys))
        rows = self.read(f"SELECT sha256 FROM bodies WHERE sha256 IN ({marks})", *keys) if keys else []  # noqa: S608
        return [str(row[0]) for row in rows]

    def load_text(self, document_id: str) -> str | None:
        """Return a stored text, or `None`; a text that no longer hashes to its id is a `StoreError`."""
        rows = self.read("SELECT text FROM texts WHERE id = ?", document_id)
        if not rows:
            return None
        try:
            text = self.unpack(rows[0][0]).decode()
        except (StoreError, UnicodeDecodeError) as error:
            raise StoreError(f"the stored text of document {document_id} is damaged: {error}") from error
        if text_id(text) != document_id:
            raise StoreError(f"the stored text of document {document_id} no longer matches its id")
        return text

    def load_document(self, document_id: str, domain: str | None = None) -> SourceDocument | None:
        """Return a document with its body; of several accounts' entries for one text, `domain`'s first."""
        rows = self.read(
            "SELECT entry, body_sha256 FROM documents WHERE id = ?"
            " ORDER BY domain = ? DESC, saved_at DESC, domain LIMIT 1",
            document_id,
            domain or "",
        )
        text = self.load_text(document_id)
        if not rows or text is None:
            return None
        entry, body_key = rows[0]
        body = self._load_body(str(body_key)) if body_key else None
        return SourceDocument.model_validate({**json.loads(str(entry)), "text": text, "body": body or b""})

    def _load_body(self, key: str) -> bytes | None:
        rows = self.read("SELECT body FROM bodies WHERE sha256 = ?", key)
        return self.unpack(rows[0][0]) if rows else None

    def document_ids(self, prefix: str) -> list[str]:
        """Return the ids that start with `prefix`, at most ten, sorted."""
        if not prefix or not all(c in "0123456789abcdef" for c in prefix):
            return []
        rows = self.read("SELECT id FROM texts WHERE id LIKE ? ORDER BY id LIMIT 10", prefix + "%")
        return [str(row[0]) for row in rows]

    # Page cache (tools.fetching.api.PageCache)

    def load(self, key: str, *, not_before: datetime) -> Response | None:
        """Return the answer kept under `key` if it was fetched at or after `not_before`."""
        rows = self.read(
            "SELECT entry, body_sha256 FROM responses WHERE key = ? AND fetched_at >= ?",
            key,
            stamp(not_before),
        )
        if not rows:
            return None
        body = self._load_body(str(rows[0][1]))
        if body is None:
            return None
        return Response.model_validate({**json.loads(str(rows[0][0])), "body": body, "from_cache": True})

    def save(self, key: str, response: Response) -> None:
        """Keep an answer under `key`; the newest wins."""
        digest = sha256(response.body).hexdigest()
        with self.transaction():
            self.write(
                "INSERT INTO bodies VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(digest, self.pack(response.body))],
            )
            self.write(
                "INSERT INTO responses VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
                " fetched_at = excluded.fetched_at, body_sha256 = excluded.body_sha256, entry = excluded.entry",
                [
                    (
                        key,
                        response.url,
                        stamp(response.fetched_at),
                        digest,
                        response.model_dump_json(exclude={"body", "from_cache"}),
                    )
                ],
            )

    # Completions

    def load_completion(self, key: str) -> str | None:
        """Return the JSON kept for a completion request, so that it is never paid for twice."""
        rows = self.read("SELECT entry FROM completions WHERE key = ?", key)
        return self.unpack(rows[0][0]).decode() if rows else None

    def save_completion(self, key: str, entry: str, *, now: datetime) -> None:
        """Keep a completion's JSON under its request's key."""
        self.write(
            "INSERT INTO completions VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET entry = excluded.entry",
            [(key, stamp(now), self.pack(entry.encode()))],
        )

    # Findings and reports

    def save_findings(self, account: Account, findings: Findings, *, as_of: date, now: datetime) -> None:
        """Keep an account's facts as its latest, for rescoring without fetching."""
        self.write(
            "INSERT INTO findings VALUES (?, ?, ?, ?, ?) ON CONFLICT (domain) DO UPDATE SET"
            " as_of = excluded.as_of, saved_at = excluded.saved_at, account = excluded.account,"
            " findings = excluded.findings",
            [
                (
                    account.domain,
                    as_of.isoformat(),
                    stamp(now),
                    account.model_dump_json(),
                    self.pack(findings.model_dump_json().encode()),
                )
            ],
        )

    def save_report(self, report: AccountReport, *, now: datetime) -> None:
        """Keep a finished run's report."""
        self.write(
            "INSERT INTO reports VALUES (?, ?, ?, ?, ?) ON CONFLICT (run_id) DO UPDATE SET"
            " report = excluded.report",
            [
                (
                    report.run.id,
                    report.account.domain,
                    report.as_of.isoformat(),
                    stamp(now),
                    self.pack(report.model_dump_json().encode()),
                )
            ],
        )

    def iterate_findings(self) -> Iterator[tuple[str, Findings]]:
        """Yield every account's domain and latest findings, by domain, in flat memory."""
        last = ""
        while rows := self.read(
            "SELECT domain, findings FROM findings WHERE domain > ? ORDER BY domain LIMIT 100", last
        ):
            for domain, findings in rows:
                last = str(domain)
                yield last, Findings.model_validate_json(self.unpack(findings))

    def load_findings(self, domain: str) -> StoredFindings | None:
        """Return one account's facts as last researched."""
        rows = self.read("SELECT account, as_of, findings FROM findings WHERE domain = ?", domain)
        if not rows:
            return None
        account, as_of, findings = rows[0]
        return StoredFindings(
            Account.model_validate_json(str(account)),
            date.fromisoformat(str(as_of)),
            Findings.model_validate_json(self.unpack(findings)),
        )

    def imported_documents(self, domain: str) -> tuple[SourceDocument, ...]:
        """Return the documents a user imported for an account, by id."""
        kind = self.engine.json_field("entry", "kind")
        rows = self.read(
            f"SELECT id FROM documents WHERE domain = ? AND {kind} = 'imported' ORDER BY id",  # noqa: S608
            domain,
        )
        found = (self.load_document(str(row[0]), domain) for row in rows)
        return tuple(document for document in found if document is not None)

    def load_report(self, run_id: str) -> AccountReport | None:
        """Return the report of one run."""
        rows = self.read("SELECT report FROM reports WHERE run_id = ?", run_id)
        return AccountReport.model_validate_json(self.unpack(rows[0][0])) if rows else None

    def faults_of_database(self) -> list[str]:
        """Return what the database finds wrong with its own storage."""
        with self._lock:
            return self.engine.faults()

    def compact(self) -> None:
        """Give the space of deleted rows back."""
        with self._lock:
            self.engine.compact()

    def count_accounts(self) -> int:
        """Return how many accounts have findings."""
        return int(str(self.read("SELECT COUNT(*) FROM findings")[0][0]))


def _open_engine(folder: Path, database_url: str | None) -> Engine:
    if database_url is not None:
        from agent.store.postgres import PostgresEngine

        return PostgresEngine(database_url)
    from agent.store.sqlite import SQLiteEngine

    return SQLiteEngine(folder)


def stamp(moment: datetime) -> str:
    """Return a UTC timestamp whose text order is its time order."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
