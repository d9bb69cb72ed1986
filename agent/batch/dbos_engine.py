"""The engine behind many machines: DBOS Transact leases shards to workers. The only module that knows DBOS.

Nothing but PostgreSQL is spoken to: no vendor's console, no telemetry, no administration server. A shard is
one workflow of one coarse step; what is done of it stands in the store, not here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agent.batch.fleet import Shard
from agent.errors import InputError, StoreError
from agent.store.postgres import check_url, masked

if TYPE_CHECKING:
    from dbos import DBOSClient

SHARD_FORMAT = "shards-1"
"""The application version, fixed: shards go to every worker that understands them, whatever its release."""
_SCHEMA = "dossier_dbos"
_QUEUE, _WORKFLOW = "dossier-shards", "dossier_shard"
_SHARDS_AT_ONCE = 2
_POLL_SECONDS = 1.0
_ACTIVE = ["ENQUEUED", "PENDING"]


def _closed() -> None:
    """Make sure that DBOS speaks to nobody else, whatever the environment says; import it."""
    for name in [name for name in os.environ if name.startswith(("DBOS_", "DBOS__"))]:
        del os.environ[name]
    try:
        import dbos  # noqa: F401  only to see whether it is there
    except ImportError as error:
        raise InputError(
            "many machines need more: pip install 'account-dossier[scale]' (or leave out --engine dbos)"
        ) from error


@contextmanager
def _said(url: str) -> Iterator[None]:
    """Turn the engine's errors of a database that is away into one clear line."""
    from dbos import error as dbos_error
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, dbos_error.DBOSException) as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        raise StoreError(
            f"the queue of shards on {masked(url)} cannot be used ({kind}); what was stored is whole, "
            "run the same command again when the database is back"
        ) from error


class ShardQueue:
    """The queue of shards, from outside: for whoever submits and watches, and for handing on."""

    def __init__(self, url: str) -> None:
        _closed()
        from dbos import DBOS, DBOSClient

        self._url = check_url(url)
        with _said(url):
            DBOS.migrate(self._url, schema=_SCHEMA)
            self._client: DBOSClient = DBOSClient(
                system_database_url=self._url,
                dbos_system_schema=_SCHEMA,
                application_name="dossier",
                system_database_pool_size=2,
                retry_connection_errors=False,
            )
            self._client.register_queue(
                _QUEUE, worker_concurrency=_SHARDS_AT_ONCE, polling_interval_sec=_POLL_SECONDS
            )

    def put(self, shards: Iterable[Shard]) -> None:
        """Enqueue shards, each under a name of its own."""
        attempt = time.time_ns()
        with _said(self._url):
            for shard in shards:
                self._client.enqueue(
                    {
                        "workflow_name": _WORKFLOW,
                        "queue_name": _QUEUE,
                        "workflow_id": shard.name(attempt),
                        "app_version": SHARD_FORMAT,
                    },
                    *shard,
                )

    def active(self, run_id: str) -> list[Shard]:
        """Return the shards of a run that wait or are worked on."""
        return [Shard.of_name(name) for name in self._names(workflow_id_prefix=f"{run_id}:", status=_ACTIVE)]

    def drop_waiting(self, run_id: str) -> None:
        """Take the shards of a run that no worker has begun out of the queue."""
        waiting = self._names(workflow_id_prefix=f"{run_id}:", status=["ENQUEUED"])
        if waiting:
            with _said(self._url):
                self._client.cancel_workflows(waiting)

    def hand_on(self, workers: Sequence[str]) -> int:
        """Give the shards of dead workers to whoever is free; return how many there were.

        Without the vendor's console DBOS would leave them until a worker of the same name comes back.
        """
        if not workers:
            return 0
        held = self._names(executor_id=list(workers), status=["PENDING"])
        if held:
            with _said(self._url):
                self._client.resume_workflows(held, queue_name=_QUEUE)
        return len(held)

    def _names(
        self,
        *,
        status: list[str],
        workflow_id_prefix: str | None = None,
        executor_id: list[str] | None = None,
    ) -> list[str]:
        with _said(self._url):
            found = self._client.list_workflows(
                workflow_id_prefix=workflow_id_prefix,
                executor_id=executor_id,
                status=status,
                name=_WORKFLOW,
                load_input=False,
                load_output=False,
            )
        return [each.workflow_id for each in found]

    def close(self) -> None:
        """Close the connections."""
        self._client.destroy()


class ShardEngine:
    """Runs `work` for each shard that the queue gives to this process, two at a time."""

    def __init__(self, url: str, worker: str, work: Callable[[Shard], str]) -> None:
        _closed()
        from dbos import DBOS

        @DBOS.step(name="dossier_work_shard")
        def work_shard(run_id: str, first: int, last: int) -> str:
            return work(Shard(run_id, first, last))

        @DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=None)
        def shard(run_id: str, first: int, last: int) -> str:
            return work_shard(run_id, first, last)

        DBOS(
            config={
                "name": "dossier",
                "system_database_url": check_url(url),
                "dbos_system_schema": _SCHEMA,
                "executor_id": worker,
                "application_version": SHARD_FORMAT,
                "enable_otlp": False,
                "log_level": "CRITICAL",
                "sys_db_pool_size": 4,
                "run_migrations": False,
                "scheduler_polling_interval_sec": 3_600.0,
                "notification_listener_polling_interval_sec": 10.0,
            }
        )

    def start(self) -> None:
        """Begin to take shards."""
        from dbos import DBOS

        DBOS.listen_queues([_QUEUE])
        DBOS.launch()

    def stop(self) -> None:
        """Take no more shards and close the connections; work under way is the caller's to end first."""
        from dbos import DBOS

        DBOS.destroy()
