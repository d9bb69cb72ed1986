"""Events in headlines: who did what, and when the account is only mentioned."""

from __future__ import annotations

from datetime import date

import pytest
from rule_reading import claims_of, story

from agent.models import Claim
from tools.documents import PagePurpose, SourceKind, SourceTier

EVENTS = ("leadership_change", "product_launch", "expansion", "acquisition", "layoffs", "partnership")


def events(
    text: str, kind: SourceKind = "news", tier: SourceTier = "news", purpose: PagePurpose = "press"
) -> list[Claim]:
    return claims_of(story(text, purpose, kind=kind, tier=tier), *EVENTS)


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        (
            "Halvard appoints Ada Roe as Chief Revenue Officer",
            "leadership_change",
            {"title": "Chief Revenue Officer", "change": "appointed"},
        ),
        (
            "Ada Roe joins Halvard as VP of Sales",
            "leadership_change",
            {"title": "VP of Sales", "change": "appointed"},
        ),
        ("Halvard CEO Ada Roe steps down", "leadership_change", {"title": "CEO", "change": "departed"}),
        ("Halvard launches Harbor Cloud for shippers", "product_launch", {"product": "Harbor Cloud"}),
        (
            "Halvard Launches New Harbor Rewards Program In The Netherlands",
            "product_launch",
            {"product": "Harbor Rewards Program"},
        ),
        (
            "Halvard opens new office in Paris",
            "expansion",
            {"kind": "office", "place": "Paris", "country": "FR"},
        ),
        (
            "Halvard expands into Germany",
            "expansion",
            {"kind": "market", "place": "Germany", "country": "DE"},
        ),
        (
            "Halvard acquires Osterfield Tools",
            "acquisition",
            {"role": "acquirer", "other": "Osterfield Tools"},
        ),
        (
            "Osterfield Tools acquires Halvard",
            "acquisition",
            {"role": "acquired", "other": "Osterfield Tools"},
        ),
        (
            "Halvard acquired by Osterfield Tools",
            "acquisition",
            {"role": "acquired", "other": "Osterfield Tools"},
        ),
        ("Halvard lays off 120 employees", "layoffs", {"count": 120, "percent": None}),
        ("Halvard cuts 10% of its workforce", "layoffs", {"count": None, "percent": 10}),
        (
            "Halvard partners with Osterfield Tools to ship more",
            "partnership",
            {"partner": "Osterfield Tools"},
        ),
    ],
)
def test_an_event_is_read(text: str, attribute: str, value: object) -> None:
    assert [(claim.attribute, claim.value) for claim in events(text)] == [(attribute, value)]


@pytest.mark.parametrize(
    "text",
    [
        "Osterfield appoints former Halvard director Bob Doe as Chief Revenue Officer",
        "Osterfield launches Harbor Cloud, a rival of Halvard",
        "Why Halvard could acquire Osterfield",
        "Is Halvard going to lay off 120 employees?",
        "Halvard customers open new offices in Paris",
        "Halvard launches in style",
        "Halvard expands into new territory",
        "Halvard reportedly acquires Osterfield",
        "Osterfield acquires Tanager, formerly a Halvard partner",
    ],
)
def test_what_the_account_did_not_do_is_left(text: str) -> None:
    assert events(text) == []


def test_a_press_list_takes_the_day_beside_the_headline() -> None:
    text = "Newsroom\nMarch 3, 2026\nHalvard acquires Osterfield Tools\nRead more"
    found = events(text, "website", "first-party-text")
    assert [(claim.attribute, claim.event_on) for claim in found] == [("acquisition", date(2026, 3, 3))]


def test_no_persons_name_is_kept_in_a_value() -> None:
    found = events("Halvard appoints Ada Roe as Chief Revenue Officer")
    assert "Roe" not in str(found[0].value)
