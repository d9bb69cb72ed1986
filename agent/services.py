"""What a process holds open for all its accounts: the store, host limits, keys; and what an account gets.

One TLS context and one set of host limits serve the process; each account gets a small HTTP client of its
own (a pool with hundreds of idle connections costs more than it saves).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

from agent.errors import ArchiveError, InputError
from agent.settings import Settings
from agent.store.store import Store
from agent.version import code_version
from tools.archive import Archive, ArchiveFault, ReplayFetcher, WarcRecorder
from tools.fetching.live import LiveFetcher, user_agent
from tools.fetching.network import parse_test_hosts
from tools.fetching.pace import HostLimits
from tools.pages.reader import Reader
from tools.providers.keys import SourceKeys

PROJECT_URL = "https://pypi.org/project/account-dossier/"


def utc_now() -> datetime:
    """Return the time of day, in UTC."""
    return datetime.now(UTC)


@dataclass
class Services:
    """A process's long-lived parts. Use as a context manager; `clock` is an argument for tests."""

    settings: Settings
    store: Store
    hosts: HostLimits = field(default_factory=HostLimits)
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def open(cls, settings: Settings) -> Services:
        """Open the data folder and get ready for accounts."""
        return cls(settings=settings, store=Store(settings.home))

    def __enter__(self) -> Services:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()

    @property
    def keys(self) -> SourceKeys:
        """Return the configured source keys."""
        found = self.settings
        return SourceKeys(
            tavily=found.tavily_key or "",
            brave=found.brave_key or "",
            people_data_labs=found.people_data_labs_key or "",
            contact=found.contact or "",
        )

    @asynccontextmanager
    async def reader(
        self, *, archive: Path | None, record: Path | None, refresh: bool
    ) -> AsyncIterator[Reader]:
        """Yield one account's page reader: a replay of `archive`, or the live web, recorded when asked."""
        if archive is not None:
            try:
                with Archive(archive) as opened:
                    yield Reader(ReplayFetcher(opened))
            except ArchiveFault as fault:
                raise ArchiveError(str(fault)) from fault
            return
        try:
            recorder = WarcRecorder(record, software=f"Dossier/{code_version()}") if record else None
        except OSError as error:
            raise InputError(f"cannot record to {str(record)!r}: {error.strerror or error}") from error
        try:
            async with LiveFetcher(
                agent=user_agent(code_version(), self.settings.contact or PROJECT_URL),
                hosts=self.hosts,
                cache=self.store,
                max_age=timedelta(days=self.settings.cache_days),
                refresh=refresh,
                recorder=recorder,
                test_hosts=self._test_hosts(),
                clock=self.clock,
            ) as fetcher:
                yield Reader(fetcher)
        finally:
            if recorder is not None:
                recorder.close()

    def _test_hosts(self) -> dict[str, tuple[str, int]] | None:
        if not self.settings.test_hosts:
            return None
        try:
            return parse_test_hosts(self.settings.test_hosts)
        except ValueError as error:
            raise InputError(f"DOSSIER_TEST_HOSTS: {error}") from error
