"""The live fetcher: one account's small HTTP client over the process's one TLS context."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, NamedTuple, Protocol, Self

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_result, stop_any, stop_before_delay
from tenacity.stop import stop_base

from tools.documents import FetchFailure
from tools.domains import is_registrable_domain
from tools.fetching.answers import MAX_REDIRECTS, Exchange, judge, redirect_loop, status_failure
from tools.fetching.api import Accept, DnsAnswer, FetchRequest, PageCache, RecordType, Response
from tools.fetching.connections import Connections
from tools.fetching.content import ACCEPT_HEADERS
from tools.fetching.dns import DnsClient, ask_system_dns
from tools.fetching.http import FetchLimits, Transient, exchange
from tools.fetching.memo import SingleFlight
from tools.fetching.network import (
    CheckedAddresses,
    LoopbackHosts,
    Resolver,
    check_test_hosts,
    shared_tls_context,
    system_addresses,
)
from tools.fetching.pace import HostLimits
from tools.fetching.robots import MAX_ROBOTS_BYTES, RobotsRules, read_robots
from tools.fetching.urls import canonical_json, canonical_url, join_url, key_of, parse_url, refuse_url

ROBOT_NAME: Final = "Dossier"
_HOPELESS_AFTER: Final = 3
_ROBOTS_SECONDS: Final = 10.0


class Recorder(Protocol):
    """Takes down everything a live fetcher saw, so that a replay gives the same; see `tools.archive`."""

    def exchange(self, exchange: Exchange) -> None:
        """Keep one request and its answer, redirects and robots.txt included."""
        ...

    def failure(self, request: FetchRequest, failure: FetchFailure, at: datetime) -> None:
        """Keep how a request ended that gave no page."""
        ...

    def cached(self, request: FetchRequest, response: Response) -> None:
        """Keep an answer that came from the page cache."""
        ...

    def dns(self, name: str, record_type: RecordType, answer: DnsAnswer | FetchFailure, at: datetime) -> None:
        """Keep one DNS question and its answer."""
        ...


class _Followed(NamedTuple):
    """Where the redirects ended, and the URLs that redirected, in order."""

    answer: Exchange | FetchFailure
    redirects: tuple[str, ...]


def utc_now() -> datetime:
    """Return the time of day, in UTC."""
    return datetime.now(UTC)


def user_agent(version: str, contact: str) -> str:
    """Return the User-Agent header: product, version, and where a site's owner can reach whoever runs it."""
    return f"{ROBOT_NAME}/{version} (+{contact})"


class LiveFetcher:
    """Fetches from the public web for one account; an async context manager.

    Everything a site can do comes back as a `FetchFailure`. `hosts` may be shared by all accounts of a
    process; the TLS context always is. `refresh` reads nothing from `cache` but still saves. `recorder`
    sees every exchange. `transport` replaces the guarded one and, with `resolve`, `dns`, `clock` and
    `sleep`, is there for tests. `test_hosts` leads named hosts to loopback servers (plain http only).
    """

    def __init__(
        self,
        *,
        agent: str,
        hosts: HostLimits | None = None,
        cache: PageCache | None = None,
        max_age: timedelta = timedelta(days=1),
        refresh: bool = False,
        recorder: Recorder | None = None,
        limits: FetchLimits | None = None,
        test_hosts: LoopbackHosts | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: Resolver = system_addresses,
        dns: DnsClient = ask_system_dns,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        check_test_hosts(test_hosts or {})
        self._agent = agent
        self._hosts = hosts or HostLimits()
        self._cache, self._max_age, self._refresh = cache, max_age, refresh
        self._recorder = recorder
        self._limits = limits or FetchLimits()
        self._test_hosts = frozenset(test_hosts or {})
        self._transport = transport or Connections(
            CheckedAddresses(resolve, test_hosts or {}), shared_tls_context
        )
        self._dns, self._clock, self._sleep = dns, clock, sleep
        self._pages: SingleFlight[Response | FetchFailure] = SingleFlight()
        self._robots: SingleFlight[RobotsRules] = SingleFlight()
        self._answers: SingleFlight[DnsAnswer | FetchFailure] = SingleFlight()
        self._given_up: Counter[str] = Counter()
        self._closed: dict[str, FetchFailure] = {}
        self._shown: set[str] = set()
        self._cookies = httpx.Cookies()
        timeout = httpx.Timeout(self._limits.read, connect=self._limits.connect)
        self._extensions = {"timeout": timeout.as_dict()}
        self._said = {
            "User-Agent": agent,
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "en-US,en;q=0.9,*;q=0.5",
            "Connection": "keep-alive",
        }
        self._headers: dict[Accept, httpx.Headers] = {
            family: httpx.Headers({**self._said, "Accept": accept})
            for family, accept in ACCEPT_HEADERS.items()
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop what is under way and close the connections."""
        for work in (self._pages, self._robots, self._answers):
            await work.close()
        await self._transport.aclose()

    def forget_pages(self) -> None:
        """Let go of the pages fetched so far; they are in the cache, where there is one."""
        self._pages.forget()

    def now(self) -> datetime:
        """Return the time of day (UTC)."""
        return self._clock()

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        """Fetch one page once per run, following redirects, from the cache where it is fresh enough."""
        refused = refuse_url(request.url, test_hosts=self._test_hosts)
        if refused is not None:
            return refused
        memo = f"{request.accept} {request.origin} {request.headers!r} {key_of(request)}"
        answer = await self._pages.get(memo, lambda: self._fetch_once(request))
        return answer if answer.url == request.url else answer.model_copy(update={"url": request.url})

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        """Ask one DNS question once per run.

        A name without such records has empty answers; a registrable domain that does not exist at all
        is a `FetchFailure(dns)`.
        """
        plain = name.rstrip(".").lower()
        return await self._answers.get(
            f"{record_type} {plain}", lambda: self._resolve_once(plain, record_type)
        )

    async def _fetch_once(self, request: FetchRequest) -> Response | FetchFailure:
        key = key_of(request)
        if self._cache is not None and not self._refresh:
            kept = self._cache.load(key, not_before=self._clock() - self._max_age)
            if kept is not None:
                if self._recorder is not None:
                    self._recorder.cached(request, kept)
                return kept.model_copy(update={"from_cache": True, "url": request.url})
        followed = await self._follow(request)
        answer = followed.answer
        outcome = answer if isinstance(answer, FetchFailure) else judge(request, answer, followed.redirects)
        if isinstance(outcome, FetchFailure):
            outcome = outcome.model_copy(update={"url": request.url})
            if self._recorder is not None:
                self._recorder.failure(request, outcome, self._clock())
        elif self._cache is not None:
            self._cache.save(key, outcome)
        return outcome

    async def _follow(
        self,
        request: FetchRequest,
        *,
        gated: bool = True,
        limits: FetchLimits | None = None,
        cut_at: int | None = None,
    ) -> _Followed:
        """Send a request and follow its redirects one by one, each checked like the first.

        `gated` asks robots.txt before each hop of an account's URL.
        """
        url, method = canonical_url(request.url), "POST" if request.json_body is not None else "GET"
        redirects: list[str] = []
        visits: Counter[tuple[str, int]] = Counter()
        for _ in range(MAX_REDIRECTS + 1):
            refused = self._refuse_hop(url)
            if refused is None and gated and request.origin == "account":
                refused = (await self._rules_for(url)).refuse(url, ROBOT_NAME)
            if refused is not None:
                return _Followed(refused, tuple(redirects))
            answer = await self._ask(method, url, request, limits or self._limits, cut_at)
            location = answer.location if isinstance(answer, Exchange) else None
            if isinstance(answer, FetchFailure) or location is None:
                return _Followed(answer, tuple(redirects))
            try:
                target = join_url(url, location)
            except ValueError:
                return _Followed(status_failure(request, answer), tuple(redirects))
            # A page may redirect to itself once to set a cookie; the same page with the same cookies is a loop.
            visits[(target, len(self._cookies))] += 1
            if target != url:
                redirects.append(url)
            if visits[(target, len(self._cookies))] > 1:
                break
            if answer.status not in (307, 308):
                method = "GET"
            url = target
        return _Followed(redirect_loop(request.url, len(redirects)), tuple(redirects))

    def _refuse_hop(self, url: str) -> FetchFailure | None:
        refused = refuse_url(url, test_hosts=self._test_hosts)
        parsed = parse_url(url)
        if refused is None and parsed.scheme == "https" and parsed.host in self._test_hosts:
            return FetchFailure(url=url, reason="tls", detail=f"the test host {parsed.host} speaks http only")
        return refused

    async def _rules_for(self, url: str) -> RobotsRules:
        """Return the robots.txt of a URL's origin, read once per run."""
        parsed = parse_url(url)
        robots_url = f"{parsed.scheme}://{parsed.netloc.decode('ascii')}/robots.txt"

        async def ask(robots_url: str) -> Exchange | FetchFailure:
            request = FetchRequest(url=robots_url, accept="text", origin="api")
            limits = replace(self._limits, total=min(self._limits.total, _ROBOTS_SECONDS))
            return (await self._follow(request, gated=False, limits=limits, cut_at=MAX_ROBOTS_BYTES)).answer

        async def read() -> RobotsRules:
            rules = await read_robots(robots_url, ask)
            if delay := rules.crawl_delay(ROBOT_NAME):
                self._hosts.slow_down(parse_url(url).host, delay)
            return rules

        return await self._robots.get(robots_url, read)

    async def _ask(
        self, method: str, url: str, request: FetchRequest, limits: FetchLimits, cut_at: int | None
    ) -> Exchange | FetchFailure:
        """Send one request, again where the failure may pass; the only place that retries."""
        host = parse_url(url).host
        closed = self._closed.get(host) or self._hosts.closed(host)
        if closed is not None:
            return closed.model_copy(update={"url": url})
        headers, content = self._headers[request.accept], None
        own = dict(request.headers) if host == parse_url(request.url).host else {}
        if method == "POST":
            content = canonical_json(request.json_body)
            own["Content-Type"] = "application/json"
        if own:
            headers = httpx.Headers({**self._said, "Accept": ACCEPT_HEADERS[request.accept], **own})

        async def once() -> Exchange | FetchFailure | Transient:
            async with self._hosts.slot(host):
                sent = httpx.Request(
                    method, parse_url(url), headers=headers, content=content, extensions=self._extensions
                )
                return await exchange(
                    self._transport, self._cookies, sent, request.accept, limits, self._clock, cut_at=cut_at
                )

        answer = await once()
        if isinstance(answer, Transient):
            answer = await self._try_again(host, limits, answer, once)
        if isinstance(answer, Transient):
            # A host that has shown no page yet will not show one of its other addresses any faster.
            hopeless = answer.overran and cut_at is None and host not in self._shown
            failure = self._give_up(host, request, answer, hopeless=hopeless)
            self._hosts.failed(host, failure)
            return failure
        if isinstance(answer, FetchFailure):
            if answer.reason == "dns":
                self._hosts.failed(host, answer)
        else:
            self._hosts.answered(host)
            if cut_at is None:
                self._shown.add(host)
        if isinstance(answer, Exchange) and self._recorder is not None:
            self._recorder.exchange(answer)
        return answer

    async def _try_again(
        self,
        host: str,
        limits: FetchLimits,
        failed: Transient,
        once: Callable[[], Awaitable[Exchange | FetchFailure | Transient]],
    ) -> Exchange | FetchFailure | Transient:
        """Return what comes of the tries after a first that failed; one retry layer, and only here."""
        made: list[Exchange | FetchFailure | Transient] = [failed]

        async def again() -> Exchange | FetchFailure | Transient:
            return made.pop() if made else await once()

        retrying = AsyncRetrying(
            retry=retry_if_result(lambda answer: isinstance(answer, Transient)),
            wait=_wait,
            stop=stop_any(stop_before_delay(limits.patience), _Exhausted(limits.tries)),
            sleep=self._pause(host),
            retry_error_callback=lambda state: _last(state),
        )
        return await retrying(again)

    def _pause(self, host: str) -> Callable[[float], Awaitable[None]]:
        async def pause(seconds: float) -> None:
            self._hosts.back_off(host, seconds)  # whoever else asks this host waits as well
            await self._sleep(seconds)

        return pause

    def _give_up(
        self, host: str, request: FetchRequest, last: Transient, *, hopeless: bool = False
    ) -> FetchFailure:
        """Return the failure of a request whose tries are used up; three of them close the host for the run."""
        self._given_up[host] += 1
        failure = last.failure
        if last.exchange is not None:
            if self._recorder is not None:
                self._recorder.exchange(last.exchange)
            failure = status_failure(request, last.exchange)
        too_long = last.wait is not None and last.wait > self._limits.patience
        if too_long:
            asked = f"{failure.detail} (it asks to wait {last.wait:.0f} seconds)"
            failure = failure.model_copy(update={"detail": asked})
        if hopeless or too_long or self._given_up[host] >= _HOPELESS_AFTER:
            rest = f"{failure.detail}; {host} is not asked again in this run"
            self._closed[host] = failure.model_copy(update={"detail": rest})
        return failure

    async def _resolve_once(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        answer = await self._ask_dns(name, record_type)
        if self._recorder is not None:
            self._recorder.dns(name, record_type, answer, self._clock())
        return answer

    async def _ask_dns(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        url = f"dns:{name}?type={record_type}"
        if any(name == host or name.endswith("." + host) for host in self._test_hosts):
            return DnsAnswer(name=name, record_type=record_type, answers=(), fetched_at=self._clock())
        reply = await self._dns(name, record_type)
        if reply.problem is not None:
            return FetchFailure(url=url, reason="dns", detail=f"{name}: {reply.problem}")
        if not reply.exists and is_registrable_domain(name):
            detail = f"the domain {name} does not exist (NXDOMAIN); check the spelling"
            return FetchFailure(url=url, reason="dns", detail=detail)
        return DnsAnswer(
            name=name, record_type=record_type, answers=tuple(sorted(reply.answers)), fetched_at=self._clock()
        )


class _Exhausted(stop_base):
    """Stops after as many tries as the last failure deserves."""

    def __init__(self, tries: int) -> None:
        self._tries = tries

    def __call__(self, state: RetryCallState) -> bool:
        return state.attempt_number >= min(_last(state).tries or self._tries, self._tries)


def _wait(state: RetryCallState) -> float:
    """Return the server's own Retry-After, else a second or so that doubles, with jitter."""
    wanted = _last(state).wait
    if wanted is not None:
        return wanted
    return (2.0 ** (state.attempt_number - 1)) * random.uniform(0.75, 1.25)  # noqa: S311  not a secret


def _last(state: RetryCallState) -> Transient:
    """Return the failure that a retry policy is asked about."""
    result = state.outcome.result() if state.outcome is not None else None
    if not isinstance(result, Transient):
        raise TypeError(f"only transient failures are retried, not {result!r}")
    return result
