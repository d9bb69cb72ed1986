"""Another company's round or deal in the news is not the account's, whoever the headline names first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rule_reading import evidence_of, story


def told(text: str) -> dict[str, Any]:
    url = "https://paper.example/1"
    document = story(text, "other", url=url, tier="news", language="en", published_at=date(2026, 5, 20))
    return {each.attribute: each.value for each in evidence_of(document)}


@pytest.mark.parametrize(
    "text",
    [
        "Northmark raises $12 million\nNorthmark, whose customers include Halvard, has raised $12 million in a Series A round.",
        "Halvard's partner Northmark closes $30M Series B\nThe company raised $30 million. Halvard is a customer.",
        "Halvard rival Northmark raises $30 million",
        "Halvard invests $5 million in Northmark",
        "Halvard leads $5 million seed round in Northmark",
        "Halvard co-led the $5 million Series A of Northmark",
        "Northmark, backed by Halvard, raises $40 million Series C",
        "Former Halvard engineers raise $8 million for new startup",
        "Ex-Halvard team secures $8 million seed round",
        "Halvard founder raises $8 million for new startup Borvo",
        "Halvard spinout Borvo closes $8 million Series A",
        "Halvard veterans land $8 million seed funding",
        "Competitors of Halvard raised $90 million in Series B funding",
    ],
)
def test_another_company_s_round_in_a_news_hit_is_not_the_account_s(text: str) -> None:
    assert not {"funding_round", "funding_stage", "total_funding"} & set(told(text))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Halvard raises $12 million Series A", 12_000_000),
        ("Halvard raises $20 million in Series B funding led by Brava Capital", 20_000_000),
        (
            "Halvard raises $20 million in Series B funding, months after Northmark raised $50 million",
            20_000_000,
        ),
        ("Halvard, which leads its field, has raised $12 million in Series A funding", 12_000_000),
    ],
)
def test_the_account_s_own_round_still_is(text: str, amount: int) -> None:
    assert told(text)["funding_round"]["amount"] == amount


@pytest.mark.parametrize("other", ["Northmark", "Hallmay", "Borjan", "Sundec"])
def test_a_company_s_name_may_end_like_a_month(other: str) -> None:
    assert told(f"Halvard acquires {other}")["acquisition"] == {"role": "acquirer", "other": other}


@pytest.mark.parametrize("said", ["lays off", "laid off", "is laying off", "cuts"])
def test_layoffs_are_read_in_every_tense(said: str) -> None:
    assert told(f"Halvard {said} 40 employees")["layoffs"]["count"] == 40
