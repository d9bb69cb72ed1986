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
    (
        # Batch runs: what was ordered, the list as read, how far each account is, and what was paid for it.
        """CREATE TABLE batch_runs (
            id TEXT PRIMARY KEY, folder TEXT NOT NULL, list_path TEXT NOT NULL, list_sha256 TEXT NOT NULL,
            order_key TEXT NOT NULL, round INTEGER NOT NULL, as_of TEXT NOT NULL, started_at TEXT NOT NULL,
            finished_at TEXT, entry TEXT NOT NULL)""",
        "CREATE INDEX batch_runs_by_folder ON batch_runs (folder, round)",
        """CREATE TABLE batch_rows (
            run_id TEXT NOT NULL, domain TEXT NOT NULL, number INTEGER NOT NULL, cells TEXT NOT NULL,
            PRIMARY KEY (run_id, domain, number))""",
        """CREATE TABLE batch_rejects (
            run_id TEXT NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL, cells TEXT NOT NULL,
            PRIMARY KEY (run_id, number))""",
        """CREATE TABLE batch_accounts (
            run_id TEXT NOT NULL, domain TEXT NOT NULL, position INTEGER NOT NULL, state TEXT NOT NULL,
            deaths INTEGER NOT NULL, tries INTEGER NOT NULL, ranking TEXT NOT NULL, detail TEXT NOT NULL,
            entry TEXT, report BLOB, finished_at TEXT, PRIMARY KEY (run_id, domain))""",
        "CREATE INDEX batch_accounts_by_state ON batch_accounts (run_id, state, position)",
        "CREATE INDEX batch_accounts_by_rank ON batch_accounts (run_id, ranking, domain)",
        """CREATE TABLE batch_payments (
            run_id TEXT NOT NULL, domain TEXT NOT NULL, key TEXT NOT NULL, calls INTEGER NOT NULL,
            input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, cost_usd REAL,
            PRIMARY KEY (run_id, domain, key))""",
    ),
    (
        # Many machines on one database: limits that all keep, who is alive, and what a run was ordered as.
        # `due` and `seen_at` are seconds by the database's clock; `limits` may be lost in a crash.
        "CREATE UNLOGGED TABLE limits (key TEXT PRIMARY KEY, due REAL NOT NULL)",
        """CREATE TABLE workers (
            id TEXT PRIMARY KEY, started_at TEXT NOT NULL, seen_at REAL NOT NULL, dead INTEGER NOT NULL)""",
        """CREATE TABLE batch_orders (
            run_id TEXT PRIMARY KEY, entry TEXT NOT NULL, stopped TEXT)""",
        """CREATE TABLE batch_holds (
            run_id TEXT NOT NULL, worker TEXT NOT NULL, calls INTEGER NOT NULL, cost_usd REAL NOT NULL,
            PRIMARY KEY (run_id, worker))""",
    ),
    (
        # Model requests that wait for a batch, the batches, and how far accounts were when they began to wait.
        """CREATE TABLE llm_batches (
            token TEXT PRIMARY KEY, run_id TEXT NOT NULL, batch_id TEXT, state TEXT NOT NULL,
            requests INTEGER NOT NULL, created_at TEXT NOT NULL)""",
        """CREATE TABLE llm_requests (
            run_id TEXT NOT NULL, domain TEXT NOT NULL, key TEXT NOT NULL, line BLOB NOT NULL,
            tokens INTEGER NOT NULL, reserved REAL NOT NULL, token TEXT, state TEXT NOT NULL, answer BLOB,
            PRIMARY KEY (run_id, domain, key))""",
        "CREATE INDEX llm_requests_by_key ON llm_requests (key)",
        "CREATE INDEX llm_requests_by_batch ON llm_requests (token)",
        """CREATE TABLE batch_snapshots (
            run_id TEXT NOT NULL, domain TEXT NOT NULL, snapshot BLOB NOT NULL, PRIMARY KEY (run_id, domain))""",
    ),
)
"""Each entry is one schema version's statements. The version is stored in `PRAGMA user_version`, or in
PostgreSQL in `schema_version`."""
