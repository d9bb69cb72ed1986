"""Whose paragraph it is: "About <another company>" in press releases, and the headings that say so."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_reading import ACCOUNT

from agent.extraction.rules import extract_by_rules
from agent.grounding import ground_all
from agent.grounding.sections import whose_section
from agent.models import SourceDocument, text_id
from tools.documents import PagePurpose
from tools.fetching.api import Response
from tools.news.article import read_article, with_headings
from tools.pages.parse import parse_page

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def sizes(text: str, language: str, purpose: PagePurpose = "press") -> tuple[list[int], list[str]]:
    """Return the sizes taken for the account's, and why others were rejected."""
    document = SourceDocument(
        id=text_id(text),
        url="https://halvard.example/press/x",
        final_url="https://halvard.example/press/x",
        kind="news" if purpose == "press" else "website",
        source="news",
        tier="first-party-text",
        title="Halvard in the news",
        text=text,
        language=language,
        fetched_at=NOW,
        purpose=purpose,
    )
    claims = [claim for claim in extract_by_rules(document, ACCOUNT) if claim.attribute == "employee_count"]
    evidence, rejected = ground_all(claims, {document.id: document}, ACCOUNT, date(2026, 6, 1))
    assert claims
    return [each.value["low"] for each in evidence], [each.reason for each in rejected]  # type: ignore[index, call-overload]


@pytest.mark.parametrize(
    ("heading", "sentence", "language"),
    [
        ("About Northmark", "The company employs 2,900 people.", "en"),
        ("ABOUT NORTHMARK", "The company employs 2,900 people.", "en"),
        ("About Northmark Group (OSE: NMK)", "The company employs 2,900 people.", "en"),
        ("About Northmark", "We are a team of 2,900 people.", "en"),
        ("About Northmark: Our company", "The company employs 2,900 people.", "en"),
        ("Über Northmark", "Das Unternehmen beschäftigt 2.900 Mitarbeiter.", "de"),
        (
            "Über die Grenzen hinaus\nÜber Northmark AG",
            "Das Unternehmen beschäftigt 2.900 Mitarbeiter.",
            "de",
        ),
        ("À propos de Northmark", "La société emploie 2 900 salariés.", "fr"),
        ("À propos d’Orvalis", "La société emploie 2 900 salariés.", "fr"),
        ("Acerca de Northmark", "La empresa emplea a 2.900 personas.", "es"),
        ("Sobre Northmark", "La empresa cuenta con 2.900 empleados.", "es"),
        ("Over Northmark", "Het bedrijf telt 2.900 medewerkers.", "nl"),
        ("Informazioni su Northmark", "L'azienda conta 2.900 dipendenti.", "it"),
        ("Sobre a Northmark", "A empresa conta com 2.900 funcionários.", "pt"),
    ],
)
def test_the_company_under_another_company_s_heading_is_that_company(
    heading: str, sentence: str, language: str
) -> None:
    text = f"Halvard and a partner\nBoth are glad.\n{heading}\n{sentence}"
    assert sizes(text, language) == ([], ["wrong_subject"])


@pytest.mark.parametrize(
    ("heading", "sentence", "language"),
    [
        ("About Halvard", "The company employs 120 people.", "en"),
        ("About Halvard Marine", "The company employs 120 people.", "en"),
        ("About us", "The company employs 120 people.", "en"),
        ("About the company", "The company employs 120 people.", "en"),
        ("About Northmark", "Halvard employs 120 people.", "en"),
        ("About Northmark\nIt sells nets.\nAbout Halvard", "The company employs 120 people.", "en"),
        ("About Northmark\nIt sells nets.\nPress contact", "The company employs 120 people.", "en"),
        ("Über uns", "Das Unternehmen beschäftigt 120 Mitarbeiter.", "de"),
        ("Über Halvard", "Das Unternehmen beschäftigt 120 Mitarbeiter.", "de"),
        ("Over Christmas", "The company employs 120 people.", "en"),
        ("À propos de nous", "La société emploie 120 salariés.", "fr"),
        ("Over ons", "Het bedrijf telt 120 medewerkers.", "nl"),
    ],
)
def test_the_account_s_own_section_stays_its_own(heading: str, sentence: str, language: str) -> None:
    assert sizes(f"Halvard and a partner\nBoth are glad.\n{heading}\n{sentence}", language) == ([120], [])


def test_we_on_the_account_s_own_pages_is_the_account_under_any_heading() -> None:
    text = "Good to know\nAbout Lisbon\nWe are a team of 120 people."
    assert sizes(text, "en", "about") == ([120], [])


@given(st.text(alphabet="About Üer NorthmakOv:\n.12", max_size=80), st.integers(0, 90))
def test_sections_are_told_in_any_text(text: str, position: int) -> None:
    found = whose_section(text, min(position, len(text)), None, lambda name: name == "Northmark")
    assert found is None or (found in text and found != "Northmark")


ARTICLE = "".join(
    f"<p>Paragraph {n} of the announcement tells at some length what both companies have agreed to do for shippers in the north.</p>"
    for n in range(3)
)


@pytest.mark.parametrize(
    "markup",
    [
        "<h2>About Northmark</h2><p>{t}</p>",
        "<div class=box><h3>About Northmark</h3><div>{t}</div></div>",
        "<p><strong>About Northmark</strong></p><p>{t}</p>",
        "<p><b>About Northmark</b><br>{t}</p>",
        "<section><header><h4>About Northmark</h4></header><p>{t}</p></section>",
    ],
)
def test_an_article_keeps_the_headings_above_its_paragraphs(markup: str) -> None:
    told = "The company employs 2,900 people and runs four yards on the west coast, where most of its boats are built."
    body = f"<html lang=en><head><title>Partners</title></head><body><nav><a href=/>Home</a></nav><main><article><h1>Partners</h1>{ARTICLE}{markup.format(t=told)}</article></main><aside><h2>Related posts</h2><p>Another teaser.</p></aside></body></html>"
    url = "https://halvard.example/press/x"
    page = parse_page(Response(url=url, final_url=url, status=200, body=body.encode(), fetched_at=NOW))
    text = read_article(page.response, page.text, page.footer_start, page.published_at, NOW).text
    assert f"About Northmark\n{told}" in text
    assert "Related posts" not in text


def test_only_headings_right_above_a_kept_line_come_back() -> None:
    shown = "Title\nFirst line of it.\nShare\nBig heading\nRelated\nDropped teaser.\nSecond heading\nLast line of it."
    heads = frozenset({"bigheading", "related", "secondheading"})
    kept = with_headings(["First line of it.", "Last line of it."], shown, heads)
    assert kept == ["First line of it.", "Second heading", "Last line of it."]
    assert with_headings(["Not shown."], shown, heads) == ["Not shown."]
    assert with_headings([], shown, heads) == []
