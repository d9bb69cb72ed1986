"""What a process holds open for all its accounts: the store, host limits, keys; and what an account gets.

One TLS context and one set of host limits serve the process; each account gets a small HTTP client of its
own (a pool with hundreds of idle connections costs more than it saves).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from agent.errors import ArchiveError, InputError
from agent.graph.providers import ProviderBudget
from agent.llm.prices import PriceOf, price_of
from agent.settings import DEFAULT_MODEL, Settings
from agent.store.limits import SharedHosts, SharedLimits
from agent.store.store import Store
from agent.version import code_version
from tools.archive import Archive, ArchiveFault, ReplayFetcher, WarcRecorder
from tools.fetching.api import PageCache
from tools.fetching.browser import BrowserRenderer
from tools.fetching.dns import DnsClient, ask_system_dns
from tools.fetching.live import LiveFetcher, user_agent
from tools.fetching.network import Resolver, parse_test_hosts, system_addresses
from tools.fetching.pace import HostLimits
from tools.fetching.rendering import KeptRenderer
from tools.pages.parsers import PageParsers
from tools.pages.reader import Reader
from tools.providers.keys import SourceKeys

if TYPE_CHECKING:
    from agent.extraction.llm import LLMSession

PROJECT_URL = "https://pypi.org/project/account-dossier/"


def completions_path(archive: Path) -> Path:
    """Return where the completions of a recorded run lie: beside its archive."""
    name = archive.name.removesuffix(".gz").removesuffix(".warc")
    return archive.with_name(f"{name}.completions.json")


def utc_now() -> datetime:
    """Return the time of day, in UTC."""
    return datetime.now(UTC)


_MOST_BROWSERS: Final = 2


@dataclass
class Services:
    """A process's long-lived parts. Use as a context manager; `clock` is an argument for tests."""

    settings: Settings
    store: Store
    hosts: HostLimits = field(default_factory=HostLimits)
    limits: SharedLimits | None = None
    """Limits that other machines keep too; `None` where the store is this machine's own."""
    clock: Callable[[], datetime] = utc_now
    resolve: Resolver = system_addresses
    dns: DnsClient = ask_system_dns
    """How names are looked up: for connections, and for DNS evidence; arguments for tests."""
    price_of: PriceOf = price_of
    """What a model costs; an argument for tests."""
    parsers: Executor | None = None
    """Processes beside the event loop; `None` works in this process, which is right for one account."""
    page_parsers: PageParsers | None = None
    """Where large pages are parsed, over `parsers`; one for all accounts, whose pages travel together."""
    browsers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MOST_BROWSERS))
    """Bounds the browsers that render pages at the same time."""
    pages: PageCache | None = None
    """Where pages are kept; default: the store."""
    max_age: timedelta | None = None
    """How old a kept page may be; default: the settings' `cache_days`."""

    @classmethod
    def open(cls, settings: Settings) -> Services:
        """Open the data folder and get ready for accounts."""
        store = Store.configured(settings)
        if not store.engine.shared or settings.database_url is None:
            return cls(settings=settings, store=store)
        limits = SharedLimits(settings.database_url)
        return cls(settings=settings, store=store, hosts=SharedHosts(limits), limits=limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()
        if self.limits is not None:
            self.limits.close()

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

    def provider_budget(self, max_cost: float | None) -> ProviderBudget:
        """Return what this run may ask of paid providers."""
        return ProviderBudget(
            most_questions=self.settings.people_data_labs_requests,
            price_usd=self.settings.people_data_labs_price,
            max_cost_usd=max_cost,
        )

    @asynccontextmanager
    async def reader(
        self, *, archive: Path | None, record: Path | None, refresh: bool
    ) -> AsyncIterator[Reader]:
        """Yield one account's page reader: a replay of `archive`, or the live web, recorded when asked."""
        if archive is not None:
            try:
                opened = Archive(archive)
            except ArchiveFault as fault:
                raise ArchiveError(str(fault)) from fault
            async with ReplayFetcher(opened) as replay:
                yield Reader(replay, renderer=replay)
            return
        try:
            recorder = WarcRecorder(record, software=f"Dossier/{code_version()}") if record else None
        except OSError as error:
            raise InputError(f"cannot record to {str(record)!r}: {error.strerror or error}") from error
        cache: PageCache = self.pages or self.store
        max_age = self.max_age if self.max_age is not None else timedelta(days=self.settings.cache_days)
        try:
            async with (
                LiveFetcher(
                    agent=user_agent(code_version(), self.settings.contact or PROJECT_URL),
                    hosts=self.hosts,
                    cache=cache,
                    max_age=max_age,
                    refresh=refresh,
                    recorder=recorder,
                    test_hosts=self._test_hosts(),
                    clock=self.clock,
                    resolve=self.resolve,
                    dns=self.dns,
                ) as fetcher,
                BrowserRenderer(fetcher, slots=self.browsers) as browser,
            ):
                renderer = KeptRenderer(
                    browser, fetcher, cache=cache, max_age=max_age, refresh=refresh, recorder=recorder
                )
                reader = Reader(
                    fetcher,
                    parsers=self.page_parsers,
                    # Beside other accounts the shortest page may take a second: the first without a language.
                    inline=0,
                    renderer=renderer,
                    forget=fetcher.forget_pages,
                )
                try:
                    yield reader
                finally:
                    await reader.aclose()
        finally:
            if recorder is not None:
                recorder.close()

    @asynccontextmanager
    async def session(
        self,
        *,
        extractor: str,
        model: str | None,
        max_cost: float | None,
        archive: Path | None,
        record: Path | None,
    ) -> AsyncIterator[LLMSession | None]:
        """Yield one account's model session, or `None` when rules extract alone.

        `auto` means a model when one is configured. With `archive`, completions recorded beside it are
        replayed, and a request that was not recorded is an error; without such a recording the model is
        asked. Raises `LLMError` or `InputError` for a configuration that cannot work.
        """
        if extractor == "auto":
            extractor = "llm" if self.settings.has_model else "rules"
        if extractor == "rules":
            yield None
            return
        if extractor == "local":
            from agent.llm.local import local_session

            async with local_session(self.settings.local_model) as session:
                yield session
            return
        from agent.extraction.llm import LLMSession
        from agent.llm.budget import Budget
        from agent.llm.recordings import RecordingLLM, ReplayLLM
        from agent.llm.session import BRIEF_PROMPT, TOKENS_BESIDE_A_BRIEF
        from prompts import load_prompt

        name = model or self.settings.model or DEFAULT_MODEL
        recorded = completions_path(archive) if archive else None
        if recorded is not None and recorded.is_file():
            replay = ReplayLLM.load(recorded)
            yield LLMSession(
                llm=replay,
                model=name,
                budget=Budget(max_cost_usd=None),
                tokens_a_call=TOKENS_BESIDE_A_BRIEF,
                brief_prompt=BRIEF_PROMPT,
                # A run that came to no brief by the model is replayed so; else a miss is an error as ever.
                writes_brief=replay.answers(load_prompt(BRIEF_PROMPT).id),
            )
            return
        from agent.llm.api import CachedLLM
        from agent.llm.client import OpenAILLM
        from agent.store.completions import StoredCompletions

        key, base_url = self.settings.openai_api_key, self.settings.openai_base_url
        client = OpenAILLM(api_key=key, base_url=base_url, price_of=self.price_of)
        price = self.price_of(name, client.base_url)
        if max_cost is not None and price is None:
            raise InputError(
                f"the price of {name!r} at {client.base_url} is not known, so --max-cost cannot be kept; "
                "leave it out, or use a model with a known price"
            )
        kept = CachedLLM(client, StoredCompletions(self.store, self.clock))
        recording = RecordingLLM(kept) if record else None
        try:
            yield LLMSession(
                llm=recording or kept,
                model=name,
                budget=Budget(max_cost_usd=max_cost, price=price),
                tokens_a_call=TOKENS_BESIDE_A_BRIEF,
                brief_prompt=BRIEF_PROMPT,
            )
        finally:
            await client.aclose()
            if recording is not None and record is not None:
                recording.save(completions_path(record))

    def _test_hosts(self) -> dict[str, tuple[str, int]] | None:
        if not self.settings.test_hosts:
            return None
        try:
            return parse_test_hosts(self.settings.test_hosts)
        except ValueError as error:
            raise InputError(f"DOSSIER_TEST_HOSTS: {error}") from error
