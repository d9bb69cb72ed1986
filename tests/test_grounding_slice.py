"""A mark in markup may end inside a token; prose may not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from agent.grounding import ground
from agent.models import Account, Claim, Evidence, RejectedClaim, SourceDocument, text_id

TEXT = "script: https://js.hs-scripts.com/48211733.js\nimg: https://cdn.sanity.io/images/abcdef/production/long-name.svg"
ACCOUNT = Account(
    domain="acme.example", final_domain="acme.example", status="live", home_url="https://acme.example/"
)
DOCUMENT = SourceDocument(
    id=text_id(TEXT),
    url="https://acme.example/",
    final_url="https://acme.example/",
    kind="website",
    source="technographics",
    tier="first-party-structured",
    title="marks",
    text=TEXT,
    fetched_at=datetime(2026, 11, 2, tzinfo=UTC),
    purpose="markup",
)


def claim(quote: str, *, structured: bool, start: int | None = None) -> Claim:
    at = TEXT.index(quote) if start is None else start
    return Claim(
        attribute="technology",
        value={"product": "Sanity", "category": "cms", "relation": "uses"},
        quote=quote,
        document=DOCUMENT.id,
        extractor="rule:technology@1",
        start=at,
        end=at + len(quote),
        structured=structured,
    )


def test_a_structured_mark_cut_inside_a_token_is_located_where_it_says() -> None:
    found = ground(claim("cdn.sanity.io/images/abc", structured=True), DOCUMENT, ACCOUNT, date(2026, 11, 2))
    assert isinstance(found, Evidence)
    assert TEXT[found.start : found.end] == found.quote == "cdn.sanity.io/images/abc"


@pytest.mark.parametrize("start", [0, -5, 10_000])
def test_a_structured_mark_that_does_not_stand_where_it_says_gains_nothing(start: int) -> None:
    found = ground(
        claim("cdn.sanity.io/images/abc", structured=True, start=start), DOCUMENT, ACCOUNT, date(2026, 11, 2)
    )
    assert isinstance(found, RejectedClaim)
    assert found.reason == "quote_not_found"


def test_prose_cut_inside_a_token_is_not_found() -> None:
    found = ground(claim("cdn.sanity.io/images/abc", structured=False), DOCUMENT, ACCOUNT, date(2026, 11, 2))
    assert isinstance(found, RejectedClaim)
