"""What a page of questions and answers says of the account's business and places, and what it says of others."""

from __future__ import annotations

import pytest
from rule_reading import evidence_of, page


def on_faq(text: str, attribute: str) -> list[object]:
    document = page(text, "faq", title="FAQ", language="en")
    return [each.value for each in evidence_of(document, attribute)]


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
