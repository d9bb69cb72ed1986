"""The store's tables and their migrations, oldest first. A published migration is frozen."""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # A text is stored once, whoever quotes it; what it was found as belongs to an account.
        "CREATE TABLE texts (id TEXT PRIMARY KEY, text BLOB NOT NULL)",
        "CREATE TABLE bodies (sha256 TEXT PRIMARY KEY, body BLOB NOT NULL)",
        """CREATE TABLE documents (
            domain TEXT NOT NULL, id TEXT NOT NULL, url TEXT NOT NULL, body_sha256 TEXT,
            entry TEXT NOT NULL, saved_at TEXT NOT NULL, PRIMARY KEY (domain, id))""",
        "CREATE INDEX documents_by_id ON documents (id)",
        """CREATE TABLE responses (
            key TEXT PRIMARY KEY, url TEXT NOT NULL, fetched_at TEXT NOT NULL,
            body_sha256 TEXT NOT NULL, entry TEXT NOT NULL)""",
        "CREATE TABLE completions (key TEXT PRIMARY KEY, saved_at TEXT NOT NULL, entry BLOB NOT NULL)",
        """CREATE TABLE findings (
            domain TEXT PRIMARY KEY, as_of TEXT NOT NULL, saved_at TEXT NOT NULL,
            account TEXT NOT NULL, findings BLOB NOT NULL)""",
        """CREATE TABLE reports (
            run_id TEXT PRIMARY KEY, domain TEXT NOT NULL, as_of TEXT NOT NULL,
            saved_at TEXT NOT NULL, report BLOB NOT NULL)""",
        "CREATE INDEX reports_by_domain ON reports (domain, saved_at)",
    ),
)
"""Each entry is one schema version's statements; the version is stored in `PRAGMA user_version`."""
