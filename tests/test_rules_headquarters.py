"""The head office: of the account, not of its customers, offices or people."""

from __future__ import annotations

import pytest
from rule_reading import claims_of, page

from tools.documents import PagePurpose


def places(text: str, purpose: PagePurpose = "about") -> list[object]:
    return [
        (claim.value["city"], claim.value["region"], claim.value["country"])
        for claim in claims_of(page(text, purpose), "headquarters")
        if isinstance(claim.value, dict)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Halvard is headquartered in Austin, Texas, with offices in London.", ("Austin", "Texas", "US")),
        ("We're headquartered in Oslo, Norway.", ("Oslo", None, "NO")),
        ("Headquartered in Berlin, Halvard employs 50 people.", ("Berlin", None, "DE")),
        ("We are based in Berlin.", ("Berlin", None, "DE")),
        ("Halvard is based in San Francisco, CA.", ("San Francisco", "California", "US")),
        ("Halvard is a software company based in Toronto, Canada.", ("Toronto", None, "CA")),
        ("Halvard is a Berlin-based software company.", ("Berlin", None, "DE")),
        ("Halvard is headquartered in Baar (Switzerland) and employs 50.", ("Baar", None, "CH")),
        ("Halvard, a Lyon-based startup, grows.", ("Lyon", None, "FR")),
        ("Our headquarters are in Utrecht, Netherlands.", ("Utrecht", None, "NL")),
        ("HQ: Lisbon, Portugal", ("Lisbon", None, "PT")),
        ("Headquarters\nAtlanta, Georgia", ("Atlanta", "Georgia", "US")),
        (
            "Headquarters\n100 Main Street\nSpringfield, IL 62701\nUnited States",
            ("Springfield", "Illinois", "US"),
        ),
        ("Gdańsk (HQ)", ("Gdańsk", None, "PL")),
        ("Unser Unternehmen mit Sitz in München liefert europaweit.", ("München", None, "DE")),
        ("Notre siège social est situé à Lyon, France.", ("Lyon", None, "FR")),
        ("Somos una empresa con sede en Madrid, España.", ("Madrid", None, "ES")),
        ("Siamo un'azienda con sede a Milano.", ("Milano", None, "IT")),
        ("Wij zijn actief; ons hoofdkantoor staat in Rotterdam.", ("Rotterdam", None, "NL")),
        ("Nossa empresa, com sede em Lisboa, Portugal, cresce.", ("Lisboa", None, "PT")),
    ],
)
def test_head_office_is_read(text: str, expected: object) -> None:
    assert places(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Bramblewood Paper, headquartered in Lyon, France, cut its fees.",
        "We have offices in Berlin, Paris and Madrid.",
        "Our customers are based in Germany.",
        "Ada lives in Oslo and is based in Bergen, Norway.",
        "Your headquarters in London can see every load.",
        "We help companies headquartered in Germany expand.",
        "Our investors are based in London.",
        "Prices are based in part on volume.",
        "Based on feedback, we changed it.",
        "Ada of Osterfield, a Dallas-based provider and Halvard partner, agrees.",
        "Headquarters\nis where the heart is",
        "Osterfield Tools is headquartered in Sheffield, UK.",
    ],
)
def test_other_places_are_not_the_head_office(text: str) -> None:
    assert places(text) == []


def test_a_legal_page_gives_the_address_under_the_legal_name() -> None:
    text = "Impressum\nAngaben gemäß § 5 TMG\nHalvard GmbH\nMusterstraße 1\n10115 Berlin\nDeutschland"
    assert places(text, "legal") == [("Berlin", None, "DE")]


def test_a_legal_page_of_another_company_gives_nothing() -> None:
    assert places("Impressum\nOsterfield GmbH\nMusterstraße 1\n10115 Berlin", "legal") == []


def test_a_customer_story_gives_nothing() -> None:
    assert places("We're headquartered in Lyon, France.", "customers") == []
