"""DNS questions of a live fetcher: each once, and an absent domain told from an absent record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from respx_web import NOW, failed

from tools.fetching.api import DnsAnswer
from tools.fetching.dns import DnsReply
from tools.fetching.live import LiveFetcher


async def test_dns_answers_come_sorted_and_once(make: Callable[..., LiveFetcher]) -> None:
    asked: list[str] = []

    async def dns(name: str, record_type: str) -> DnsReply:
        asked.append(f"{name} {record_type}")
        return DnsReply(("20 b.mail.example.", "10 a.mail.example."))

    async with make(dns=dns) as fetcher:
        answers = await asyncio.gather(
            fetcher.resolve("Acme.example.", "MX"), fetcher.resolve("acme.example", "MX")
        )
    expected = DnsAnswer(
        name="acme.example",
        record_type="MX",
        answers=("10 a.mail.example.", "20 b.mail.example."),
        fetched_at=NOW,
    )
    assert answers == [expected, expected]
    assert asked == ["acme.example MX"]


@pytest.mark.parametrize(
    ("name", "fails"), [("acme.com", True), ("acme.co.uk", True), ("help.acme.com", False)]
)
async def test_a_registrable_domain_that_does_not_exist_is_a_failure_and_a_missing_host_is_not(
    make: Callable[..., LiveFetcher], name: str, fails: bool
) -> None:
    async def dns(name: str, record_type: str) -> DnsReply:
        return DnsReply(exists=False)

    async with make(dns=dns) as fetcher:
        answer = await fetcher.resolve(name, "CNAME")
    if fails:
        assert failed(answer).reason == "dns"
        assert "NXDOMAIN" in failed(answer).detail
    else:
        assert isinstance(answer, DnsAnswer)
        assert answer.answers == ()


async def test_dns_that_gives_no_answer_is_a_failure(make: Callable[..., LiveFetcher]) -> None:
    async def dns(name: str, record_type: str) -> DnsReply:
        return DnsReply(problem="the name servers did not answer in time; try again later")

    async with make(dns=dns) as fetcher:
        assert failed(await fetcher.resolve("acme.com", "TXT")).reason == "dns"
