"""robots.txt by RFC 9309: 4xx allows everything, 5xx and no answer forbid everything for the run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from protego import Protego

from tools.documents import FetchFailure
from tools.fetching.answers import Exchange
from tools.fetching.charset import decode_bytes
from tools.fetching.http import NO_CONNECTION

MAX_ROBOTS_BYTES: Final = 500_000
LONGEST_CRAWL_DELAY: Final = 10.0
_SAME_FOR_THE_PAGE: Final = ("dns", "tls", "blocked_address")


class RobotsRules:
    """What one origin's robots.txt says to one robot."""

    def __init__(self, rules: Protego | None, refusal: FetchFailure | None = None) -> None:
        self._rules = rules
        self._refusal = refusal

    def refuse(self, url: str, robot: str) -> FetchFailure | None:
        """Return why the page may not be fetched, or `None` when it may."""
        if self._refusal is not None:
            return self._refusal.model_copy(update={"url": url})
        if self._rules is None or self._rules.can_fetch(url, robot):
            return None
        return FetchFailure(
            url=url,
            reason="robots",
            detail="robots.txt asks robots not to read this page; open it in a browser",
        )

    def crawl_delay(self, robot: str) -> float:
        """Return the seconds robots.txt asks to leave between requests, at most `LONGEST_CRAWL_DELAY`."""
        delay = self._rules.crawl_delay(robot) if self._rules is not None else None
        return min(max(delay or 0.0, 0.0), LONGEST_CRAWL_DELAY)


async def read_robots(url: str, ask: Callable[[str], Awaitable[Exchange | FetchFailure]]) -> RobotsRules:
    """Fetch and parse one robots.txt; `ask` follows redirects and caps the body.

    A host that cannot be reached at all fails the page for its own reason (`dns`, `tls` …); one that does
    not answer or answers 5xx or 429 forbids, because nobody knows what it would have said.
    """
    answer = await ask(url)
    if isinstance(answer, FetchFailure):
        if answer.reason in _SAME_FOR_THE_PAGE or answer.detail.startswith(NO_CONNECTION):
            return RobotsRules(None, answer)
        if answer.reason in ("redirect_loop", "too_large", "not_text", "parse"):
            return RobotsRules(None)  # no usable file, which RFC 9309 counts as unavailable: allowed
        return _unreachable(f"robots.txt could not be read ({answer.detail})", answer.status)
    if answer.status == 429 or answer.status >= 500:
        return _unreachable(f"robots.txt answered {answer.status}", answer.status)
    if not 200 <= answer.status < 300:
        return RobotsRules(None)
    text = decode_bytes(answer.body[:MAX_ROBOTS_BYTES], answer.header("content-type") or "")
    return RobotsRules(Protego.parse(text))


def _unreachable(what: str, status: int | None) -> RobotsRules:
    detail = f"{what}, so nothing here is read in this run; try again later"
    return RobotsRules(None, FetchFailure(url="", reason="robots", detail=detail, status=status))
