"""A made-up account's page, read as a run reads it: what the rules claim of it, and what of that holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from agent.extraction.rules import extract_by_rules
from agent.grounding import ground_all
from agent.models import Account, Claim, Evidence, SourceDocument, text_id
from tools.documents import PagePurpose

TODAY = date(2026, 6, 1)
ACCOUNT = Account(
    domain="halvard.example",
    final_domain="halvard.example",
    status="live",
    home_url="https://halvard.example/",
    name="Halvard",
    names=("Halvard", "Halvard GmbH"),
)


def page(
    text: str, purpose: PagePurpose = "about", *, url: str = "https://halvard.example/x", **fields: Any
) -> SourceDocument:
    """Return a page of the account's own site; `fields` are any other fields of a document."""
    stated = {"kind": "website", "source": "website", "tier": "first-party-text", "title": "x", **fields}
    return SourceDocument(
        id=text_id(text),
        url=url,
        final_url=url,
        text=text,
        fetched_at=datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC),
        purpose=purpose,
        **stated,
    )


def story(text: str, purpose: PagePurpose = "press", **fields: Any) -> SourceDocument:
    """Return a story under its first line as title; one of kind `news` is of 10 March."""
    kind = fields.pop("kind", "news")
    dated = {"published_at": date(2026, 3, 10)} if kind == "news" else {}
    return page(text, purpose, kind=kind, source="news", **{"title": text.split("\n")[0], **dated, **fields})


def claims_of(document: SourceDocument, *attributes: str, account: Account = ACCOUNT) -> list[Claim]:
    """Return what the rules claim, of the attributes or of all; every claim stands where it says it does."""
    claims = extract_by_rules(document, account)
    assert all(document.text[claim.start : claim.end] == claim.quote for claim in claims)
    return [claim for claim in claims if not attributes or claim.attribute in attributes]


def evidence_of(document: SourceDocument, *attributes: str) -> list[Evidence]:
    """Return what of the claims holds, of the attributes or of all; every quote is the document's own slice."""
    accepted, _ = ground_all(claims_of(document, *attributes), {document.id: document}, ACCOUNT, TODAY)
    assert all(document.text[each.start : each.end] == each.quote for each in accepted)
    return list(accepted)
