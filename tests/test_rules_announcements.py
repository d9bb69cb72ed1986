"""Announcements told in other ways: a new title, a place with a country, a participle first, an announced cut."""

from __future__ import annotations

import pytest
from rule_reading import evidence_of, story

EVENTS = ("leadership_change", "product_launch", "expansion", "acquisition", "layoffs", "partnership")


def told(text: str, language: str = "en") -> list[tuple[str, object]]:
    """Return the events that survive grounding."""
    document = story(text, url="https://halvard.example/press/x", language=language)
    return [(each.attribute, each.value) for each in evidence_of(document, *EVENTS)]


def appointed(title: str) -> list[tuple[str, object]]:
    return [("leadership_change", {"title": title, "change": "appointed"})]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Halvard has a new Chief Revenue Officer.", "Chief Revenue Officer"),
        ("Effective next month, Halvard welcomes a new Chief Financial Officer.", "Chief Financial Officer"),
        ("Halvard today announced the appointment of a new Chief Technology Officer.", "Chief Technology Officer"),
        ("Halvard announces the appointment of Ada Roe as Chief People Officer", "Chief People Officer"),
        ("Halvard appoints Ada Roe as chief financial officer", "chief financial officer"),
        ("Ada Roe has been named Chief Marketing Officer of Halvard.", "Chief Marketing Officer"),
        ("New Chief Sales Officer at Halvard", "Chief Sales Officer"),
        ("Ab sofort verstärkt ein neuer Geschäftsführer die Führung von Halvard.", "Geschäftsführer"),
        ("Halvard bekommt einen neuen Finanzchef", "Finanzchef"),
        ("Ada Roe wird neue Vertriebsleiterin bei Halvard.", "Vertriebsleiterin"),
        ("Halvard accueille une nouvelle directrice commerciale.", "directrice commerciale"),
        ("Ada Roe est nommée directrice financière de Halvard.", "directrice financière"),
        ("Halvard ficha a Ada Roe como directora de marketing", "directora de marketing"),
        ("Halvard verwelkomt een nieuwe financieel directeur.", "financieel directeur"),
    ],
)  # fmt: skip
def test_a_new_title_is_an_appointment(text: str, title: str) -> None:
    assert told(text) == appointed(title)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Halvard has opened a new office in Salem, Oregon, USA to serve the region.", "Salem, Oregon, USA"),
        ("The new office in Lyon brings Halvard closer to its customers.", "Lyon"),
        ("With its new office in Madrid, Halvard serves the south.", "Madrid"),
        ("Halvard opens new London office", "London"),
        ("Halvard announces the opening of its first office in Toronto.", "Toronto"),
        ("Das neue Büro in Wien bringt Halvard näher an seine Kunden.", "Wien"),
    ],
)
def test_a_new_office_is_an_expansion(text: str, place: str) -> None:
    assert [(a, v["place"]) for a, v in told(text) if isinstance(v, dict)] == [("expansion", place)]


@pytest.mark.parametrize(
    "text",
    [
        "Announcing Harborline, Halvard brings dispatch to the phone.",
        "With Harborline, Halvard launches its largest release so far.",
        "Halvard is introducing Harborline, a module for ports.",
        "Halvard announces the general availability of Harborline.",
    ],
)
def test_a_launch_may_name_its_product_first(text: str) -> None:
    assert told(text) == [("product_launch", {"product": "Harborline"})]


@pytest.mark.parametrize(
    ("text", "count", "percent"),
    [
        ("Halvard will lay off 120 employees in spring.", 120, None),
        ("Halvard is reducing its workforce by about 15 percent.", None, 15),
        ("Halvard eliminates 40 positions.", 40, None),
        ("Halvard wird rund 120 Stellen streichen.", 120, None),
        ("Halvard trennt sich von 80 Mitarbeitern.", 80, None),
        ("Halvard se sépare de 60 salariés.", 60, None),
        ("Halvard gaat 90 banen schrappen.", 90, None),
    ],
)
def test_an_announced_cut_is_a_fact(text: str, count: int | None, percent: int | None) -> None:
    assert told(text) == [("layoffs", {"count": count, "percent": percent})]


@pytest.mark.parametrize(
    "text",
    [
        "Halvard could lay off 120 employees.",
        "Halvard will not lay off 120 employees.",
        "Halvard plans to appoint a new Chief Revenue Officer.",
        "Osterfield has a new Chief Revenue Officer, says Halvard.",
        "The new office in Lyon brings Osterfield closer to Halvard.",
        "With Osterfield, Halvard brings dispatch to the phone.",
        "Halvard customers will lay off 120 employees.",
        "Halvard helps 40 people who were laid off at Osterfield.",
        "Halvard reduces downtime by 15 percent.",
        "A new Chief Revenue Officer needs a plan, Halvard says.",
        "Halvard wird 120 Stellen schaffen.",
        "Halvard has a new CEO dashboard.",
    ],
)
def test_what_is_no_such_event_is_left(text: str) -> None:
    assert told(text) == []
