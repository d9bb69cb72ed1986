"""A live fetcher over a web of respx routes, without waiting: what the tests of fetching share.

The fixtures are loaded by `conftest.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import httpx
import pytest
import respx

from tools.documents import FetchFailure
from tools.fetching.api import FetchRequest, Response
from tools.fetching.http import FetchLimits
from tools.fetching.live import LiveFetcher, user_agent
from tools.fetching.pace import HostLimits, HostPace

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOME = "https://acme.example/"
AGENT = user_agent("0.1.0", "https://dossier.example/robot")


class Waits(list[float]):
    """Stands in for sleeping and remembers how long it should have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


class KeptPages(dict[str, Response]):
    """A page cache in memory."""

    def load(self, key: str, *, not_before: datetime) -> Response | None:
        kept = self.get(key)
        return kept if kept is not None and kept.fetched_at >= not_before else None

    def save(self, key: str, response: Response) -> None:
        self[key] = response


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def make(waits: Waits, web: respx.Router) -> Callable[..., LiveFetcher]:
    def build(**more: object) -> LiveFetcher:
        defaults = {
            "agent": AGENT,
            "transport": httpx.MockTransport(web.async_handler),
            "clock": lambda: NOW,
            "sleep": waits,
            "hosts": HostLimits(default=HostPace(0.0, 8), sleep=Waits()),
            "limits": FetchLimits(patience=30.0),
        }
        return LiveFetcher(**{**defaults, **more})  # type: ignore[arg-type]

    return build


@pytest.fixture
async def fetcher(make: Callable[..., LiveFetcher]) -> AsyncIterator[LiveFetcher]:
    async with make() as live:
        yield live


@pytest.fixture
def web() -> respx.Router:
    router = respx.Router(assert_all_called=False)
    router.get(url__regex=r"^https?://[^/]+/robots\.txt$", name="robots").respond(404)
    return router


async def get(fetcher: LiveFetcher, url: str = HOME, **more: object) -> Response | FetchFailure:
    return await fetcher.fetch(FetchRequest(url=url, **more))  # type: ignore[arg-type]


def failed(answer: object) -> FetchFailure:
    assert isinstance(answer, FetchFailure), answer
    assert "\n" not in answer.detail
    assert answer.detail
    return answer


def fetched(answer: object) -> Response:
    assert isinstance(answer, Response), answer
    return answer
