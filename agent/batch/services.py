"""What all accounts of a run share, and what each gets: page cache, parsers, model, limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from agent.batch.holds import HeldRunLimits
from agent.batch.limits import RunLimits
from agent.batch.pace import Bucket, EndpointPace, Rate, SharedRate
from agent.batch.payments import PaidLLM
from agent.errors import InputError, StoreError
from agent.graph.providers import ProviderBudget
from agent.llm.api import LLM, Completion
from agent.llm.budget import Budget
from agent.llm.prices import Price
from agent.llm.session import LLMSession
from agent.services import Services
from agent.settings import DEFAULT_MODEL
from agent.store.batched import BatchedRequests, NotedRequest
from agent.store.ledger import Ledger, Spent
from tools.domains import registrable
from tools.fetching.api import PageCache, Response
from tools.fetching.network import parse_test_hosts

if TYPE_CHECKING:
    from agent.batch.desk import BatchDesk


_ENDPOINTS = "https://"
"""How names of test hosts begin that stand for an endpoint all accounts ask."""


class WatchedPages:
    """The store as a page cache that remembers when it could not be written.

    A gatherer must not turn a full disk into "this source could not be read": the run asks `fault` instead.
    """

    def __init__(self, store: PageCache) -> None:
        self._store = store
        self.fault: StoreError | None = None
        self.fetched = 0

    def load(self, key: str, *, not_before: datetime) -> Response | None:
        """Return the answer kept under `key`."""
        return self._store.load(key, not_before=not_before)

    def save(self, key: str, response: Response) -> None:
        """Keep an answer."""
        self.fetched += 1
        try:
            self._store.save(key, response)
        except StoreError as error:
            self.fault = error
            raise


@dataclass
class SharedModel:
    """The one model of a run: client, pace, limits, and the calls under way."""

    llm: LLM
    template: LLMSession
    limits: RunLimits
    pace: EndpointPace | None
    base_url: str
    calls: set[asyncio.Task[Completion]] = field(default_factory=set)
    desk: BatchDesk | None = None
    """Where requests wait for batches; `None` when every call is made at once."""


@asynccontextmanager
async def shared_model(
    services: Services,
    *,
    extractor: str,
    model: str | None,
    run_id: str,
    max_calls: int | None,
    max_cost: float | None,
    requests_per_minute: float | None,
    tokens_per_minute: float | None,
    batches: bool = False,
    worker: str | None = None,
) -> AsyncIterator[SharedModel | None]:
    """Yield the run's model, or `None` when rules extract alone. Raises `LLMError` or `InputError`.

    With `batches` requests wait to go out together. Without, there is a desk all the same while batches of an
    earlier session are under way, to bring those home. `worker` names one of several processes that spend the
    same run's money.
    """
    settings = services.settings
    if extractor == "auto":
        extractor = "llm" if settings.has_model else "rules"
    if batches and extractor != "llm":
        raise InputError(
            f"--llm-batch sends requests to an endpoint's Batch API, but the extractor is {extractor!r}; "
            "set OPENAI_API_KEY, or leave it out"
        )
    if extractor == "rules":
        yield None
        return
    spent = Ledger(services.store).spent(run_id)
    async with AsyncExitStack() as stack:
        if extractor == "local":
            from agent.llm.local import local_session

            session = await stack.enter_async_context(local_session(settings.local_model))
            limits = _limits(services, run_id, worker, spent, max_calls, max_cost, session.budget.price)
            yield SharedModel(session.llm, session, limits, None, "this machine")
            return
        from agent.batch.desk import BatchDesk
        from agent.llm.batches import OpenAIBatches
        from agent.llm.client import OpenAILLM

        name = model or settings.model or DEFAULT_MODEL
        endpoint = f"model {settings.openai_base_url or 'openai'}"
        pace = EndpointPace(
            requests=_bucket(services, f"{endpoint} requests", requests_per_minute),
            tokens=_bucket(services, f"{endpoint} tokens", tokens_per_minute),
        )
        client = OpenAILLM(
            api_key=settings.openai_api_key,
            base_url=settings.openai_base_url,
            price_of=services.price_of,
            pace=pace,
        )
        stack.push_async_callback(client.aclose)
        price = services.price_of(name, client.base_url)
        if max_cost is not None and price is None:
            raise InputError(
                f"the price of {name!r} at {client.base_url} is not known, so --max-cost cannot be kept; "
                "use --max-calls, or a model with a known price"
            )
        session = LLMSession(llm=client, model=name, budget=Budget(price=price))
        limits = _limits(services, run_id, worker, spent, max_calls, max_cost, price)
        shared = SharedModel(client, session, limits, pace, client.base_url)
        if batches or BatchedRequests(services.store).held(run_id).calls:
            shared.desk = BatchDesk(
                client, OpenAIBatches(client), services.store, run_id, limits, price, services.clock, batches
            )
        yield shared


def _bucket(services: Services, key: str, per_minute: float | None) -> Bucket:
    """Return a limit of this process, or, on a database that others use too, of all of them."""
    return SharedRate(services.limits, key, per_minute) if services.limits else Rate(per_minute)


def _limits(
    services: Services,
    run_id: str,
    worker: str | None,
    spent: Spent,
    max_calls: int | None,
    max_cost: float | None,
    price: Price | None,
) -> RunLimits:
    limits = RunLimits.after(spent, max_calls=max_calls, max_cost_usd=max_cost, price=price)
    if worker is None or (max_calls is None and max_cost is None):
        return limits
    return HeldRunLimits.of(limits, store=services.store, run_id=run_id, worker=worker)


@dataclass
class AccountServices(Services):
    """One account's services within a run: everything of the process, and the run's model for this account."""

    shared: SharedModel | None = None
    run_id: str = ""
    domain: str = ""
    providers: ProviderBudget = field(default_factory=ProviderBudget)
    failed_calls: list[str] = field(default_factory=list)
    """What calls that failed for good said, so that the account can be tried again."""
    noted: list[NotedRequest] = field(default_factory=list)
    """What the account asked that is to wait for a batch."""

    def provider_budget(self, max_cost: float | None) -> ProviderBudget:
        """Return the run's budget for paid questions, which all its accounts share."""
        return self.providers

    def _test_hosts(self) -> dict[str, tuple[str, int]] | None:
        """Return the test hosts of this account alone; a list's names would cost every account a walk.

        `*.test=...` stands for the accounts under `test` that have no entry of their own, each with its `www`;
        endpoints (`https://api.test=...`) are everybody's.
        """
        if not self.settings.test_hosts:
            return None
        hosts = _hosts_by_domain(self.settings.test_hosts)
        endpoints = hosts.get(_ENDPOINTS, {})
        if self.domain in hosts:
            return hosts[self.domain] | endpoints
        anyone = hosts.get(f"*.{self.domain.partition('.')[2]}", {})
        own = {name: target for target in anyone.values() for name in (self.domain, f"www.{self.domain}")}
        return own | endpoints

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
        """Yield the account's session with the run's model; its budget is its own."""
        shared = self.shared
        if shared is None:
            yield None
            return
        paid = PaidLLM(
            shared.llm,
            store=self.store,
            run_id=self.run_id,
            domain=self.domain,
            limits=shared.limits,
            clock=self.clock,
            calls=shared.calls,
            failures=self.failed_calls,
            desk=shared.desk,
            noted=self.noted,
        )
        template = shared.template
        budget = Budget(
            max_calls=template.budget.max_calls,
            max_input_tokens=template.budget.max_input_tokens,
            price=template.budget.price,
        )
        collects = shared.desk is not None and shared.desk.collects
        yield replace(template, llm=paid, budget=budget, side_by_side=collects)


def account_services(
    services: Services,
    *,
    shared: SharedModel | None,
    pages: WatchedPages,
    max_age: timedelta | None,
    run_id: str,
    domain: str,
    providers: ProviderBudget,
) -> AccountServices:
    """Return what one account of a run gets."""
    services.hosts.belongs_to_account(domain)
    return AccountServices(
        settings=services.settings,
        store=services.store,
        hosts=services.hosts,
        limits=services.limits,
        clock=services.clock,
        resolve=services.resolve,
        dns=services.dns,
        parsers=services.parsers,
        page_parsers=services.page_parsers,
        browsers=services.browsers,
        pages=pages,
        max_age=max_age,
        shared=shared,
        run_id=run_id,
        domain=domain,
        providers=providers,
    )


@lru_cache(maxsize=2)
def _hosts_by_domain(text: str) -> dict[str, dict[str, tuple[str, int]]]:
    try:
        hosts = parse_test_hosts(text)
    except ValueError as error:
        raise InputError(f"DOSSIER_TEST_HOSTS: {error}") from error
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for name, target in hosts.items():
        if name.startswith(_ENDPOINTS):
            domain = _ENDPOINTS
        else:
            domain = name if name.startswith("*.") else registrable(name) or name
        found.setdefault(domain, {})[name] = target
    return found
