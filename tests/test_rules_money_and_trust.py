"""Funding and certifications: the account's own, and everything that only sounds like it."""

from __future__ import annotations

from datetime import date

import pytest
from rule_reading import claims_of, story

from agent.models import Claim
from tools.documents import PagePurpose, SourceKind, SourceTier


def claims(
    text: str,
    attribute: str,
    purpose: PagePurpose = "press",
    kind: SourceKind = "news",
    tier: SourceTier = "first-party-text",
) -> list[Claim]:
    return claims_of(story(text, purpose, kind=kind, tier=tier), attribute)


def round_of(stage: str | None, amount: int | None, currency: str | None) -> dict[str, object]:
    return {"stage": stage, "amount": amount, "currency": currency}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Halvard raises $45M Series B to grow in Europe", round_of("series_b", 45_000_000, "USD")),
        (
            "Halvard secures €30m in Series A funding led by Foo Ventures",
            round_of("series_a", 30_000_000, "EUR"),
        ),
        ("Halvard closes USD 12 million seed round", round_of("seed", 12_000_000, "USD")),
        ("Halvard raises £1.2bn in funding", round_of(None, 1_200_000_000, "GBP")),
        (
            "Halvard raises $80 million in growth funding from Foo Capital",
            round_of("growth", 80_000_000, "USD"),
        ),
        ("We have closed our Series C round.", round_of("series_c", None, None)),
        ("Halvard sammelt 12 Mio. € in Series-A-Finanzierung ein", round_of("series_a", 12_000_000, "EUR")),
        ("Halvard lève 20 millions d’euros en Série B", round_of("series_b", 20_000_000, "EUR")),
        (
            "In one of the largest private credit deals of the year, Halvard raises US$ 1.6 billion to keep its market-leading place",
            round_of("debt", 1_600_000_000, "USD"),
        ),
        ("Halvard announced a $5 million pre-seed round.", round_of("pre_seed", 5_000_000, "USD")),
        (
            "The Series A round of $12 million was led by Foo Partners, and Halvard plans to hire.",
            round_of("series_a", 12_000_000, "USD"),
        ),
        (
            "Halvard anuncia una ronda Serie C de 94 millones de euros, liderada por Foo.",
            round_of("series_c", 94_000_000, "EUR"),
        ),
        ("Cette Série B de 48 M€ permettra à Halvard de recruter.", round_of("series_b", 48_000_000, "EUR")),
        (
            "De Series B-ronde van 44 miljoen euro wordt geleid door Foo, en Halvard werft mensen.",
            round_of("series_b", 44_000_000, "EUR"),
        ),
        (
            "Halvard secured a €285 million private credit facility.",
            round_of("debt", 285_000_000, "EUR"),
        ),
        ("Halvard closed a $20 million round of equity and debt.", round_of(None, 20_000_000, "USD")),
    ],
)
def test_a_round_is_read(text: str, expected: object) -> None:
    assert [claim.value for claim in claims(text, "funding_round")] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Halvard launches its Series B cameras with better sensors",
        "Halvard customers raised $45M for charity with our tools",
        "Osterfield raises $45M Series B",
        "Halvard helps startups raise their Series A round",
        "How to raise a Series B: a guide by Halvard",
        "Halvard is in talks to raise $45M in Series B funding",
        "Halvard reaches $45M in annual revenue",
        "Halvard Ventures closes $45M fund II",
        "Halvard has not raised Series B funding",
        "Osterfield, a Halvard customer, raised $45M in funding",
        "Osterfield (Oster Inc.) secured $18 million in Series B funding led by Halvard",
        "Halvard to raise up to $12.9bn in landmark listing",
        "Investors in Halvard funding were told $17.43 a share",
        "Halvard is pleased to announce a $3 million investment in clinics",
        "Halvard acquires Osterfield, which raised $45M in funding",
        "Osterfield's Series B of $30 million was led by Halvard.",
        "The Series B of Osterfield, $30 million, was backed by Halvard.",
        "Halvard led Osterfield's $30 million Series B.",
        "Halvard plans to raise a Series B of $30 million.",
        "Halvard has never raised a Series A round of $12 million or any other.",
    ],
)
def test_what_is_not_a_round_of_the_account_is_left(text: str) -> None:
    assert claims(text, "funding_round", tier="news") == []


def test_total_funding_is_not_the_round() -> None:
    text = "Halvard raises $45M Series B, bringing total funding to $80M."
    assert [c.value for c in claims(text, "total_funding")] == [{"amount": 80_000_000, "currency": "USD"}]
    assert [c.value for c in claims(text, "funding_round")] == [round_of("series_b", 45_000_000, "USD")]
    to_date = claims("Halvard has raised over $100M to date.", "total_funding")
    assert [c.value for c in to_date] == [{"amount": 100_000_000, "currency": "USD"}]


def test_the_day_in_the_sentence_is_the_rounds_day() -> None:
    text = "In March 2024 we raised a $45M Series B round."
    assert claims(text, "funding_round", "about", "website")[0].event_on == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are SOC 2 Type II certified.", ["SOC 2 Type II"]),
        ("Halvard is ISO/IEC 27001:2022 certified and SOC 2 compliant.", ["ISO 27001", "SOC 2"]),
        ("We maintain SOC 2 Type 2 and ISO 27001 certifications.", ["SOC 2 Type II", "ISO 27001"]),
        ("SOC 2 Type II", ["SOC 2 Type II"]),
        ("ISO 27001 certified", ["ISO 27001"]),
        ("Wir sind nach ISO 27001 zertifiziert.", ["ISO 27001"]),
        ("Halvard operates in line with ISO 9001 and ISO 55001 and is certified.", ["ISO 9001", "ISO 55001"]),
        ("We are a certified B Corp.", ["B Corp"]),
    ],
)
def test_held_certifications_are_read(text: str, expected: list[str]) -> None:
    assert [claim.value for claim in claims(text, "certification", "security", "website")] == expected


@pytest.mark.parametrize(
    "text",
    [
        "We help you become SOC 2 compliant in weeks.",
        "Get SOC 2 certified with Halvard.",
        "Automate your ISO 27001 certification.",
        "What is SOC 2 certification?",
        "We plan to be SOC 2 certified next year.",
        "Our data centers are ISO 27001 certified.",
        "Our hosting provider AWS holds ISO 27001 certification.",
        "The GDPR is a European law.",
        "Halvard is GDPR-compliant.",
        "We are fully GDPR and CCPA compliant.",
        "Your data is protected under GDPR.",
        "Our SOC 2 certification is in progress.",
    ],
)
def test_certifications_of_others_or_of_tomorrow_are_left(text: str) -> None:
    assert claims(text, "certification", "security", "website") == []


def test_a_badge_counts_outside_the_security_page_only_when_it_says_so() -> None:
    assert [c.value for c in claims("SOC2 Type 2 Attested", "certification", "home", "website")] == [
        "SOC 2 Type II"
    ]
    assert claims("SOC 2", "certification", "home", "website") == []
