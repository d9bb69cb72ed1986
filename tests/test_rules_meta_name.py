"""A site's own name in its meta tags counts when the account is known by it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.extraction.rules import extract_by_rules
from agent.models import Account, SourceDocument, text_id


def names(text: str, purpose: str = "structured_data") -> list[object]:
    document = SourceDocument(
        id=text_id(text),
        url="https://acme.example/",
        final_url="https://acme.example/",
        kind="website",
        source="website",
        tier="first-party-structured",
        title="",
        text=text,
        fetched_at=datetime(2026, 11, 2, tzinfo=UTC),
        purpose=purpose,  # type: ignore[arg-type]
    )
    account = Account(
        domain="acme.example",
        final_domain="acme.example",
        status="live",
        home_url="https://acme.example/",
        name="Acme Freight",
        names=("Acme Freight",),
    )
    claims = [claim for claim in extract_by_rules(document, account) if claim.attribute == "name"]
    assert all(text[claim.start : claim.end] == claim.quote for claim in claims)
    return [claim.value for claim in claims]


@pytest.mark.parametrize("key", ["og:site_name", "application-name"])
def test_the_sites_own_name_is_read(key: str) -> None:
    assert names(f"description: Loads.\n{key}: Acme Freight\nog:type: website") == ["Acme Freight"]
    assert names(f"{key}: ACME FREIGHT") == ["ACME FREIGHT"]


@pytest.mark.parametrize(
    "text",
    [
        "og:site_name: WordPress",
        "og:site_name: Acme Freight Blog and News",
        "twitter:site: Acme Freight",
        "description: og:site_name: Acme Freight",
        "og:site_name:",
    ],
)
def test_a_themes_name_or_another_key_is_not(text: str) -> None:
    assert names(text) == []


def test_a_page_that_only_looks_like_meta_tags_is_not() -> None:
    assert names("og:site_name: Acme Freight", purpose="home") == []
