"""Questions and answers: together they state something, a question alone states nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_reading import evidence_of, page

from agent.grounding.questions import answer_to, as_told_by_us
from agent.grounding.sentences import Span
from tools.pages.faq import read_questions


def found(text: str, language: str = "en") -> list[tuple[str, object, str]]:
    document = page(text, "faq", title="FAQ", language=language)
    return [(each.attribute, each.value, each.polarity) for each in evidence_of(document)]


def size(number: int, *, exact: bool = False) -> dict[str, int | None]:
    return {"exact": number if exact else None, "low": number, "high": number}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("How many people work at Halvard?\nAround 120.", "en", ("employee_count", size(120), "asserts")),
        ("How many employees do you have?\n+\n340, in five offices.", "en", ("employee_count", size(340, exact=True), "asserts")),
        ("Wie viele Menschen arbeiten bei Halvard?\nRund 260.", "de", ("employee_count", size(260), "asserts")),
        ("Combien de personnes travaillent chez Halvard ?\n260 environ.", "fr", ("employee_count", size(260, exact=True), "asserts")),
        ("¿Cuántas personas trabajan en Halvard?\nUnas 450.", "es", ("employee_count", size(450), "asserts")),
        ("Hoeveel mensen werken er bij Halvard?\nOngeveer 80.", "nl", ("employee_count", size(80), "asserts")),
        ("When was Halvard founded?\nIn 2012.", "en", ("founded_year", 2012, "asserts")),
        ("Seit wann gibt es Halvard?\nSeit 1994.", "de", ("founded_year", 1994, "asserts")),
        ("Where are you based?\nIn Bremen, Germany.", "en", ("headquarters", {"city": "Bremen", "region": None, "country": "DE"}, "asserts")),
        ("Are you ISO 27001 certified?\nYes.", "en", ("certification", "ISO 27001", "asserts")),
        ("Are you ISO 27001 certified?\nNot yet.", "en", ("certification", "ISO 27001", "denies")),
        ("Sind Sie nach ISO 27001 zertifiziert?\nNein, noch nicht.", "de", ("certification", "ISO 27001", "denies")),
        ("Halvard est-elle certifiée ISO 9001 ?\nNon.", "fr", ("certification", "ISO 9001", "denies")),
        ("Q: Do you have an API?\nA: Yes.", "en", ("api_offered", True, "asserts")),
        ("¿Hay API pública?\nNo.", "es", ("api_offered", True, "denies")),
        ("Is er een openbare API?\nNee.", "nl", ("api_offered", True, "denies")),
        ("Gibt es eine öffentliche API?\nLeider nein.", "de", ("api_offered", True, "denies")),
        ("Do you integrate with Salesforce?\nYes, with one click.", "en", ("technology", {"product": "Salesforce", "category": "crm", "relation": "integrates_with"}, "asserts")),
        ("Do you integrate with Salesforce? No.", "en", ("technology", {"product": "Salesforce", "category": "crm", "relation": "integrates_with"}, "denies")),
    ],
)  # fmt: skip
def test_a_question_and_its_answer_are_one_passage(
    text: str, language: str, expected: tuple[str, object, str]
) -> None:
    assert expected in found(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "Was Halvard founded in 1990?\nNo, in the nineties.",
        "Was Halvard founded in 1990?",
        "Is Halvard headquartered in Berlin?\nNo, in another city.",
        "Wurde Halvard 1990 gegründet?\nNein.",
        "How many people can use one account?\n50.",
        "How many users do you have?\n1200.",
        "How many people work at Northmark?\n1200.",
        "Where is my data stored?\nIn Frankfurt, Germany.",
        "Are you SOC 2 certified?\nYes, our data centers are.",
        "Are you SOC 2 certified?\nYes, in 2027.",
        "Are you SOC 2 certified?\nWe are working on it.",
        "Do you charge for the API?\nNo.",
        "Did Halvard raise $20 million?\nNo comment.",
        "Does Halvard use Salesforce?",
        "Do you integrate with Salesforce?\nHow would that help?\nYes.",
    ],
)
def test_what_is_only_asked_or_answered_otherwise_states_nothing(text: str) -> None:
    assert found(text) == []


def test_an_invitation_is_no_question() -> None:
    assert ("employee_count", size(300, exact=True), "asserts") in found("Ready to join our 300 employees?")


@given(st.text(alphabet="Are you SC2?\n yesno.¿", max_size=60), st.integers(0, 60), st.integers(0, 10))
def test_questions_are_read_in_any_text_and_keep_its_length(text: str, start: int, length: int) -> None:
    place = Span(min(start, len(text)), min(start + length, len(text)))
    assert answer_to(text, place) in ("", "open", "yes", "no")
    assert len(as_told_by_us(text, place)) == len(text)


@pytest.mark.parametrize(
    ("node", "pairs"),
    [
        (
            {"@type": "FAQPage", "mainEntity": [
                {"@type": "Question", "name": "How big is the team?", "acceptedAnswer": {"@type": "Answer", "text": "<p>We are <b>120</b> people&nbsp;today.</p><script>x()</script>"}},
                {"@type": "Question", "name": "No answer?"},
            ]},
            [("How big is the team?", "We are 120 people today.")],
        ),
        ({"@type": ["WebPage", "FAQPage"], "mainEntity": {"@type": "Question", "name": "A?", "acceptedAnswer": [{"text": "Yes."}]}}, [("A?", "Yes.")]),
        ({"@type": "FAQPage", "mainEntity": "https://x.example/#faq"}, []),
        ({"@type": "FAQPage", "mainEntity": [None, 3, {"@type": "Question", "name": 3, "acceptedAnswer": {"text": ["x"]}}]}, []),
        ({"@type": "Organization", "name": "Halvard"}, []),
    ],
)  # fmt: skip
def test_schema_org_questions_are_read(node: dict[str, object], pairs: list[tuple[str, str]]) -> None:
    assert [tuple(pair) for pair in read_questions([json.loads(json.dumps(node))])] == pairs
