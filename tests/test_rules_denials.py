"""What an account says it has not, through grounding: openings, a public API, certificates, tools, connections."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import JsonValue
from rule_reading import ACCOUNT, evidence_of, page

from agent.facts import resolve_facts
from agent.grounding import ground_all
from agent.models import Claim, SourceDocument, text_id
from agent.report.view import describe_fact
from tools.documents import PagePurpose


def denied(text: str, language: str, purpose: PagePurpose) -> list[tuple[str, str]]:
    """Return (attribute, value) of every denial that survives grounding, and every assertion with a "+"."""
    found = []
    for each in evidence_of(page(text, purpose, title="", language=language)):
        value = each.value
        told = (
            f"{value['product']} {value['relation']}"
            if isinstance(value, dict) and "product" in value
            else str(value)
        )
        found.append((("" if each.polarity == "denies" else "+") + each.attribute, told))
    return found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We have no open positions at the moment."),
        ("en", "There are currently no open roles."),
        ("en", "Halvard is not hiring right now."),
        ("de", "Aktuell haben wir keine offenen Stellen."),
        ("de", "Wir stellen derzeit niemanden ein."),
        ("fr", "Nous ne recrutons pas actuellement."),
        ("fr", "Il n'y a actuellement aucun poste ouvert."),
        ("es", "Actualmente no tenemos vacantes."),
        ("nl", "Op dit moment hebben we geen vacatures."),
        ("en", "No open positions at the moment."),
        ("en", "Currently, no vacancies."),
        ("de", "Derzeit keine offenen Stellen vorhanden."),
        ("fr", "Aucun poste ouvert pour le moment."),
        ("es", "Sin vacantes por el momento."),
        ("nl", "Momenteel geen vacatures."),
    ],
)
def test_no_openings_is_a_denied_hiring(language: str, text: str) -> None:
    assert [attribute for attribute, _ in denied(text, language, "careers")] == ["hiring"]


@pytest.mark.parametrize(
    "text",
    [
        "There are no open positions matching your search.",
        "There are no open positions in Leeds.",
        "We have no open roles for interns.",
        "We have no vacancies in this department.",
        "We are not hiring? Think again.",
        "We are not hiring remote staff outside the region.",
        "We are not hiring just anyone.",
        "No jobs found",
        "We are hiring.",
        "There are no wrong positions in yoga.",
        "No open positions",
        "No open positions in Leeds at the moment.",
        "Leeds\nNo open positions at the moment.\nPorto\nBuyer",
        "Leeds plans the routes.\nNo open positions at the moment.\nPorto drives.\nNo open positions at the moment.",
        "Sales\nNo open positions at the moment.\nPurchasing\nNo open positions at the moment.",
    ],
)
def test_an_empty_search_or_one_team_denies_no_hiring(text: str) -> None:
    assert denied(text, "en", "careers") == []


def test_no_openings_are_denied_by_the_careers_page_alone() -> None:
    assert denied("No open positions at the moment.", "en", "blog") == []
    assert denied("No open positions at the moment.", "en", "about") == []


def test_a_denied_hiring_counts_no_opening() -> None:
    document = SourceDocument(
        id=text_id("We are not hiring in sales."),
        url="https://halvard.example/careers",
        final_url="https://halvard.example/careers",
        kind="website",
        source="website",
        tier="first-party-text",
        title="",
        text="We are not hiring in sales.",
        fetched_at=datetime(2026, 6, 1, tzinfo=UTC),
        purpose="careers",
    )
    said: dict[str, JsonValue] = {"department": "sales", "seniority": None, "title": None, "count": 1}
    claim = Claim(
        attribute="hiring",
        value=said,
        quote=document.text,
        document=document.id,
        extractor="llm:test",
        polarity="denies",
    )
    found, _ = ground_all([claim], {document.id: document}, ACCOUNT, date(2026, 6, 1))
    [fact] = resolve_facts(found, date(2026, 6, 1))
    assert (fact.status, fact.value) == ("denied", {**said, "count": 0})
    assert describe_fact(fact) == "hiring: any opening in sales (denied)"


def test_an_asserted_count_of_none_is_no_claim() -> None:
    text = "We are hiring in sales."
    document = SourceDocument(
        id=text_id(text),
        url="https://halvard.example/careers",
        final_url="https://halvard.example/careers",
        kind="website",
        source="website",
        tier="first-party-text",
        title="",
        text=text,
        fetched_at=datetime(2026, 6, 1, tzinfo=UTC),
        purpose="careers",
    )
    claim = Claim(
        attribute="hiring",
        value={"department": "sales", "count": 0},
        quote=text,
        document=document.id,
        extractor="llm:test",
    )
    found, rejected = ground_all([claim], {document.id: document}, ACCOUNT, date(2026, 6, 1))
    assert not found
    assert [each.reason for each in rejected] == ["schema"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We do not offer a public API."),
        ("en", "Halvard has no public API."),
        ("de", "Eine öffentliche API bieten wir nicht an."),
        ("fr", "Nous ne proposons pas encore d'API publique."),
        ("es", "No hay API pública."),
        ("nl", "Er is geen openbare API."),
    ],
)
def test_no_api_is_a_denied_api(language: str, text: str) -> None:
    assert [attribute for attribute, _ in denied(text, language, "product")] == ["api_offered"]


@pytest.mark.parametrize(
    "text",
    [
        "Osterfield has no public API.",
        "There is no API limit.",
        "You need no API key.",
        "We have no API for that.",
        "Does Halvard have no public API?",
    ],
)
def test_other_lacks_deny_no_api(text: str) -> None:
    assert denied(text, "en", "product") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Halvard is not ISO 27001 certified yet."),
        ("en", "We do not hold ISO 27001."),
        ("de", "Eine ISO 27001-Zertifizierung haben wir nicht."),
        ("fr", "Nous ne sommes pas certifiés ISO 27001."),
        ("es", "No estamos certificados según ISO 27001."),
        ("nl", "Halvard heeft geen ISO 27001-certificaat."),
    ],
)
def test_no_certificate_is_a_denied_certificate(language: str, text: str) -> None:
    assert denied(text, language, "security") == [("certification", "ISO 27001")]


@pytest.mark.parametrize(
    "text",
    [
        "We are not yet ISO 27001 certified; the audit is in progress.",
        "If you are not ISO 27001 certified, we can help.",
        "Osterfield is not ISO 27001 certified.",
    ],
)
def test_a_planned_or_foreign_certificate_denies_nothing(text: str) -> None:
    assert denied(text, "en", "security") == []


@pytest.mark.parametrize(
    ("language", "text", "product"),
    [
        ("en", "No Zendesk here: we chose otherwise.", "Zendesk"),
        ("en", "Zendesk served us well for years; we stopped using it in spring.", "Zendesk"),
        ("en", "We moved off Zendesk last year.", "Zendesk"),
        ("de", "Zendesk setzen wir nicht ein.", "Zendesk"),
        ("de", "Zendesk kommt bei uns nicht zum Einsatz.", "Zendesk"),
        ("de", "Wir verwenden Zendesk seit zwei Jahren nicht mehr.", "Zendesk"),
        ("nl", "Zendesk gebruiken we niet.", "Zendesk"),
        ("es", "Ya no usamos Zendesk.", "Zendesk"),
    ],
)
def test_a_tool_given_up_is_a_denied_use(language: str, text: str, product: str) -> None:
    assert denied(text, language, "about") == [("technology", f"{product} uses")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We do not integrate with Zendesk today."),
        ("en", "There is no Zendesk integration."),
        ("de", "Eine fertige Integration mit Zendesk gibt es nicht."),
        ("de", "Halvard hat keine Schnittstelle zu Zendesk."),
        ("fr", "Halvard ne s'intègre pas avec Zendesk."),
        ("es", "No hay conector con Zendesk."),
        ("nl", "Halvard koppelt niet met Zendesk."),
    ],
)
def test_no_connection_is_a_denied_integration(language: str, text: str) -> None:
    assert denied(text, language, "product") == [("technology", "Zendesk integrates_with")]


@pytest.mark.parametrize(
    "text",
    [
        "Your customers use Zendesk; we stopped using it.",
        "Our customers love Zendesk. We stopped using it for demos.",
        "No Zendesk experience needed.",
        "Their Zendesk was replaced in 2 weeks.",
        "We don't just use Zendesk for fun.",
        "We moved off Zendesk and saved 40%.\nAda Roe\nCEO, Osterfield",
    ],
)
def test_what_others_gave_up_denies_nothing(text: str) -> None:
    assert denied(text, "en", "about") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Hasta 2022 usamos Zendesk."),
        ("fr", "Nous nous passons de Zendesk."),
        ("de", "Bis 2022 nutzten wir Zendesk."),
    ],
)
def test_a_tool_of_the_past_is_not_in_use(language: str, text: str) -> None:
    assert denied(text, language, "about") == []


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("Sync your data with Zendesk, Slack or Jira in a few clicks.", ("Jira", "Slack", "Zendesk")),
        ("Connect Zendesk, Slack or Jira in minutes.", ("Jira", "Slack", "Zendesk")),
        ("Halvard plays well with Zendesk.", ("Zendesk",)),
        ("Halvard works hand in hand with Zendesk.", ("Zendesk",)),
    ],
)
def test_an_order_to_connect_names_integrations(text: str, products: tuple[str, ...]) -> None:
    found = sorted(denied(text, "en", "product"))
    assert found == [("+technology", f"{product} integrates_with") for product in products]


@pytest.mark.parametrize(
    "text",
    [
        "Play with the Issues feature of GitHub.",
        "Sync your Zendesk inbox less often.",
        "Connect with your customers, not with Zendesk.",
        "Powered by a fan and an upgraded Airflow.",
    ],
)
def test_other_orders_name_no_integration(text: str) -> None:
    assert denied(text, "en", "product") == []
