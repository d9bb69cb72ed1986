"""What a page of questions and answers says of the account's business and places, and what it says of others."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from agent.extraction.rules import extract_by_rules
from agent.grounding import ground_all
from agent.models import Account, SourceDocument, text_id

ACCOUNT = Account(
    domain="halvard.example",
    final_domain="halvard.example",
    status="live",
    home_url="https://halvard.example/",
    name="Halvard",
    names=("Halvard",),
)


def on_faq(text: str, attribute: str) -> list[object]:
    document = SourceDocument(
        id=text_id(text),
        url="https://halvard.example/faq",
        final_url="https://halvard.example/faq",
        kind="website",
        source="website",
        tier="first-party-text",
        title="FAQ",
        text=text,
        language="en",
        fetched_at=datetime(2026, 6, 1, tzinfo=UTC),
        purpose="faq",
    )
    claims = extract_by_rules(document, ACCOUNT)
    found, _ = ground_all(claims, {document.id: document}, ACCOUNT, date(2026, 6, 1))
    return [each.value for each in found if each.attribute == attribute]


def test_an_answer_tells_the_industry() -> None:
    [value] = on_faq("What is Halvard?\nHalvard is a logistics company for shippers.", "industry")
    assert isinstance(value, dict)
    assert value["code"] == "logistics"


@pytest.mark.parametrize(
    "text",
    [
        "Who uses Halvard?\nAny logistics company can use Halvard.",
        "Is Halvard a logistics company?",
        "Is Halvard a logistics company?\nNo, Halvard is not a logistics company.",
        "Who is it for?\nIf you are a logistics company, Halvard is for you.",
        "Who is Northmark?\nNorthmark is a logistics company.",
    ],
)
def test_an_answer_about_readers_or_others_tells_no_industry(text: str) -> None:
    assert on_faq(text, "industry") == []


def test_an_answer_tells_where_the_account_works() -> None:
    text = "Where are you?\nWe have offices in Germany and Portugal."
    assert sorted(map(str, on_faq(text, "operating_region"))) == ["DE", "PT"]


@pytest.mark.parametrize(
    "text",
    [
        "Where do you deliver?\nOur customers have offices in Germany and Portugal.",
        "Where can I pay?\nYou can pay in Germany and Portugal.",
        "Do you have offices in Germany?",
        "Which banks work?\nPartner banks operate in Germany and Portugal.",
    ],
)
def test_an_answer_about_readers_or_others_tells_no_region(text: str) -> None:
    assert on_faq(text, "operating_region") == []
