"""A description that stands alone in a page's head, and openings whose title is one word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rule_reading import evidence_of, page

from tools.ats.careers import posting_links
from tools.fetching.api import Response
from tools.pages.parse import parse_page


def described(text: str, language: str) -> list[object]:
    document = page(
        text,
        "structured_data",
        url="https://halvard.example/",
        tier="first-party-structured",
        language=language,
    )
    return [each.value["code"] for each in evidence_of(document, "industry") if isinstance(each.value, dict)]


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("en", "description: In short: an online retailer.", "ecommerce"),
        ("de", "description: Kurz gesagt: ein Onlinehändler.", "ecommerce"),
        ("de", "description: Halvard ist ein Hersteller von Industriemaschinen.", "manufacturing"),
    ],
)
def test_a_description_in_the_head_names_the_industry(language: str, text: str, code: str) -> None:
    assert described(text, language) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "description: In short: everything an online retailer needs.",
        "description: Kurz gesagt: Software, die Onlinehändler lieben.",
        "description: Osterfield ist ein Hersteller von Industriemaschinen.",
    ],
)
def test_a_description_of_others_names_none(text: str) -> None:
    assert "ecommerce" not in described(text, "de")
    assert "manufacturing" not in described(text, "de")


@pytest.mark.parametrize(("language", "titles"), [("es", ["Comercial", "Ventas interna senior"]), ("en", [])])
def test_a_sellers_one_word_title_is_an_opening_where_it_is_one(language: str, titles: list[str]) -> None:
    html = (
        f'<html lang="{language}"><body><h1>Empleo</h1><p>Trabaja con nosotros en Halvard, cada semana.</p>'
        '<a href="/empleo/7001">Comercial</a><a href="/empleo/">Comercial</a></body></html>'
    )
    url = "https://halvard.example/empleo/"
    page = parse_page(
        Response(
            url=url,
            final_url=url,
            status=200,
            body=html.encode(),
            fetched_at=datetime(2026, 6, 1, tzinfo=UTC),
        )
    )
    assert [link.title for link in posting_links(page)] == titles[:1]
