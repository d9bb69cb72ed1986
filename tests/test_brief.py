"""The brief says nothing its evidence does not say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agent.attributes import canonical_value
from agent.extraction.brief import check_brief, write_brief
from agent.facts import resolve_facts
from agent.models import AccountVerdict, BriefSentence, Evidence, Findings, ICPReference, NextFact
from tools.documents import SourceKind


def evidence(
    name: str, attribute: str, raw: Any, quote: str, on: date | None = None, kind: SourceKind = "website"
) -> Evidence:
    value = canonical_value(attribute, raw)
    assert value is not None
    return Evidence(
        id=name,
        attribute=attribute,
        value=value,
        quote=quote,
        document=f"d-{name}",
        start=0,
        end=len(quote),
        url="https://halvard.example/",
        source_kind=kind,
        source_tier="first-party-text",
        published_at=on,
        polarity="asserts",
        extractor="rule:x@1",
    )


VERDICT = AccountVerdict(
    icp=ICPReference(name="x", version=1, sha256="0" * 64),
    score=10,
    possible=90,
    coverage=0.5,
    tier="Tier 3",
    tier_certain=False,
    next_facts=(
        NextFact(
            criterion="c",
            attribute="revenue",
            absence="read_nothing_found",
            points=10,
            could_change_tier=True,
            ask="What is its yearly revenue?",
        ),
    ),
)
ITEMS = (
    evidence("a", "employee_count", "340", "We are a team of 340 people."),
    evidence(
        "b",
        "funding_round",
        {"stage": "series_b", "amount": 45_000_000, "currency": "USD"},
        "Halvard raises $45M Series B",
        date(2026, 3, 10),
    ),
    evidence(
        "c",
        "hiring",
        {"department": "sales", "title": "SDR", "count": 1},
        "SDR",
        date(2026, 5, 1),
        "job_posting",
    ),
    evidence(
        "d",
        "hiring",
        {"department": "sales", "title": "AE", "count": 1},
        "AE",
        date(2026, 5, 2),
        "job_posting",
    ),
    evidence("e", "buying_role", "VP of Sales", "VP of Sales"),
    evidence("f", "technology", "Salesforce", "We use Salesforce as our CRM."),
    evidence("g", "headquarters", "Oslo, Norway", "Headquartered in Oslo, Norway."),
    evidence("h", "founded_year", 2012, "Founded in 2012."),
    evidence("i", "founded_year", 2005, "Founded in 2005."),
)


def brief() -> tuple[BriefSentence, ...]:
    facts = resolve_facts(ITEMS, date(2026, 6, 1))
    return write_brief(Findings(facts=facts, evidence=ITEMS), VERDICT)


def test_the_brief_has_all_sections_and_evidence_for_every_statement() -> None:
    sentences = brief()
    assert {sentence.section for sentence in sentences} == {
        "why_this_account",
        "why_now",
        "who",
        "risks",
        "ask",
    }
    known = {item.id for item in ITEMS}
    assert all(set(sentence.evidence) <= known for sentence in sentences)
    assert all(sentence.evidence for sentence in sentences if sentence.section != "ask")
    texts = [sentence.text for sentence in sentences]
    assert "Employees: 340." in texts
    assert "Raised USD 45,000,000 in a series b round (2026-03-10)." in texts
    assert "Hiring in sales: 2 openings (2026-05-02)." in texts
    assert "Head office: Oslo, Norway." in texts
    assert "What is its yearly revenue?" in texts
    assert any("disagree on founded" in text for text in texts)


def test_undated_events_are_no_reason_to_act_now() -> None:
    item = evidence("b", "funding_round", "Series B", "We raised our Series B")
    facts = resolve_facts([item], date(2026, 6, 1))
    sentences = write_brief(Findings(facts=facts, evidence=(item,)), VERDICT)
    assert not [sentence for sentence in sentences if sentence.section == "why_now"]


def test_no_facts_leave_only_questions() -> None:
    assert {sentence.section for sentence in write_brief(Findings(), VERDICT)} == {"ask"}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Employees: 350.", ("a",)),
        ("Raised USD 54,000,000 in a series b round (2026-03-10).", ("b",)),
        ("Raised USD 45,000,000 (2026-03-11).", ("b",)),
        ("The team uses HubSpot.", ("f",)),
        ("Employees: 340.", ("nobody",)),
        ("Employees: 340.", ()),
        ("It raised forty million dollars.", ("b",)),
    ],
)
def test_a_sentence_beyond_its_evidence_is_dropped(text: str, ids: tuple[str, ...]) -> None:
    assert check_brief([BriefSentence(section="why_now", text=text, evidence=ids)], ITEMS) == ()


def test_a_statement_may_not_hide_among_the_questions() -> None:
    assert check_brief([BriefSentence(section="ask", text="It will buy.", evidence=())], ITEMS) == ()


def test_a_true_sentence_stays() -> None:
    sentence = BriefSentence(
        section="why_now", text="They use Salesforce and have 340 people.", evidence=("a", "f")
    )
    assert check_brief([sentence], ITEMS) == (sentence,)
