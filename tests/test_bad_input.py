"""The worst pages there are, read the whole way: page, rules, a model, grounding, facts.

Each either gives the fact that stands there, or none; nothing breaks, and every quote is the page's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from model_answers import ACME, item, says, sentences_shown
from pydantic import JsonValue
from scripted_llm import ScriptedLLM

from agent.extraction.llm import ExtractionOutcome, LLMSession, extract_with_llm
from agent.extraction.rules import extract_by_rules
from agent.facts import resolve_facts
from agent.grounding import ground_all
from agent.llm.api import CompletionRequest
from agent.llm.budget import Budget, estimate_messages
from agent.models import Evidence, Fact, RejectedClaim, SourceDocument
from tools.fetching.api import Response
from tools.pages.parse import parse_page
from tools.website import page_document

NOW, AS_OF = datetime(2026, 11, 1, tzinfo=UTC), date(2026, 11, 22)
OPEN = ("employee_count", "founded_year", "headquarters", "technology", "hiring", "leadership_change")


def page(body: str, path: str = "about", purpose: Any = "about") -> SourceDocument:
    url = f"https://acme.example/{path}"
    html = f"<html><head><title>Acme</title></head><body><main>{body}</main></body></html>"
    response = Response(url=url, final_url=url, status=200, headers=(), body=html.encode(), fetched_at=NOW)
    return page_document(parse_page(response), purpose)


def claims_everything(request: CompletionRequest) -> str:
    """Make a claim of every sentence, for every attribute, with any number or capitalised word in it."""
    items = []
    for label, text in sentences_shown(request)[:40]:
        for number in re.findall(r"\d[\d.,  ]*\d|\d", text)[:3]:
            items += [item(name, number, text[:300], [label]) for name in ("employee_count", "founded_year")]
        for name in re.findall(r"\b[A-Z]\w+", text)[:3]:
            items += [
                item(each, name, text[:300], [label]) for each in ("technology", "headquarters", "hiring")
            ]
    return says(*items[:100])


class Result:
    """What became of some documents."""

    def __init__(
        self,
        documents: list[SourceDocument],
        outcome: ExtractionOutcome,
        evidence: Iterable[Evidence],
        rejected: Iterable[RejectedClaim],
    ) -> None:
        self.outcome, self.evidence = outcome, tuple(evidence)
        self.rejected = [*outcome.rejected, *rejected]
        self.facts: tuple[Fact, ...] = resolve_facts(self.evidence, AS_OF)
        texts = {document.id: document.text for document in documents}
        for each in self.evidence:
            assert texts[each.document][each.start : each.end] == each.quote

    def values(self, attribute: str) -> list[JsonValue]:
        return [
            fact.value for fact in self.facts if fact.attribute == attribute and fact.status == "supported"
        ]


async def read(
    *documents: SourceDocument,
    answer: str | Callable[[CompletionRequest], str] = claims_everything,
    undecided: tuple[str, ...] = OPEN,
) -> Result:
    claims = [claim for document in documents for claim in extract_by_rules(document, ACME)]
    session = LLMSession(ScriptedLLM([answer]), "tiny-1", Budget())
    outcome = await extract_with_llm(documents, ACME, undecided, (), session)
    by_id = {document.id: document for document in documents}
    evidence, rejected = ground_all([*claims, *outcome.claims], by_id, ACME, AS_OF)
    return Result(list(documents), outcome, evidence, rejected)


def size(number: int) -> dict[str, int]:
    return {"exact": number, "low": number, "high": number}


@pytest.mark.parametrize("body", ["", " ", "<p></p>", "<br>" * 50, "&nbsp;&#8203;", "<img src=a.png>"])
async def test_an_empty_page_says_nothing(body: str) -> None:
    result = await read(page(body))
    assert result.facts == ()
    assert result.outcome.calls == 0


async def test_a_site_of_500_pages_is_read_within_five_calls() -> None:
    pages = [
        page(
            f"<p>Office {n} is proud to employ {n} people of all trades.</p><p>{'Words and more. ' * 40}</p>",
            f"p{n}",
        )
        for n in range(500)
    ]
    sizes: list[int] = []

    def answer(request: CompletionRequest) -> str:
        sizes.append(estimate_messages(request.messages))
        return says()

    result = await read(*pages, answer=answer)
    assert 1 <= len(sizes) <= 5
    assert sum(sizes) <= 40_000
    assert result.outcome.calls == len(sizes)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Willkommen!</p><p>We are a team of 140 people.</p><p>Nous livrons partout.</p>", 140),
        ("<p>Welcome to Acme.</p><p>Wir sind 140 Mitarbeiter.</p><p>Somos felices.</p>", 140),
        ("<p>我们的网站</p><p>Nous sommes 140 collaborateurs.</p><p>Our values count.</p>", 140),
    ],
)
async def test_languages_mixed_on_a_page_change_no_number(body: str, expected: int) -> None:
    result = await read(page(body))
    assert result.values("employee_count") in ([size(expected)], [])
    assert not [each for each in result.evidence if each.attribute == "founded_year"]


@pytest.mark.parametrize(
    "body",
    [
        "<p dir=rtl>אנחנו צוות של 140 עובדים בתל אביב.</p>",
        "<p dir=rtl>نحن فريق من ١٤٠ موظفا في دبي.</p>",
        "<p>\u202bWe are a team of 140 people.\u202c</p>",
        "<p>\u2067140\u2069 people work at Acme.</p>",
    ],
)
async def test_right_to_left_text_is_quoted_as_it_stands(body: str) -> None:
    result = await read(page(body))
    assert result.values("employee_count") in ([size(140)], [])
    assert result.values("founded_year") == []


async def test_emoji_neither_break_nor_count() -> None:
    result = await read(
        page("<p>🚀🚀🚀 We are 140 people 👩‍👩‍👧‍👦 and 3️⃣ dogs 🐶!</p><p>⭐️ 4.8 ⭐️ from 900 people</p>")
    )
    assert result.values("employee_count") in ([size(140)], [])


async def test_a_table_gives_the_row_and_not_its_neighbour() -> None:
    table = (
        "<table><tr><th>Company</th><td>Acme Freight</td></tr><tr><th>Employees</th><td>140</td></tr>"
        "<tr><th>Founded</th><td>2012</td></tr><tr><th>Trucks</th><td>900</td></tr></table>"
    )
    result = await read(page(table))
    assert result.values("employee_count") == [size(140)]
    assert result.values("founded_year") == [2012]


async def test_a_comparison_table_of_other_companies_gives_nothing() -> None:
    table = (
        "<table><tr><th>Vendor</th><th>Employees</th><th>Founded</th></tr>"
        "<tr><td>Globex</td><td>9,000</td><td>1901</td></tr><tr><td>Initech</td><td>700</td><td>1999</td></tr></table>"
    )
    result = await read(page(table, "compare", "other"))
    assert result.values("employee_count") == []
    assert result.values("founded_year") == []


async def test_a_list_without_verbs_gives_no_more_than_its_labels_say() -> None:
    result = await read(
        page("<ul><li>140 employees</li><li>12 offices</li><li>2012</li><li>Rotterdam</li></ul>")
    )
    assert result.values("employee_count") in ([size(140)], [])
    assert result.values("founded_year") == []
    assert result.values("technology") == []


async def test_text_in_templates_is_not_there_and_in_noscript_only_when_it_is_the_page() -> None:
    shown = "<p>Acme moves freight across Europe, day and night, with its own trucks and drivers.</p>" * 12
    hidden = "<template><p>We are a team of 9,000 people.</p></template>"
    aside = "<noscript><p>We are a team of 8,000 people.</p></noscript>"
    result = await read(page(shown + hidden + aside))
    assert result.values("employee_count") == []
    whole = (
        "<noscript><p>We are a team of 140 people.</p><p>Founded in 2012, Acme moves freight.</p></noscript>"
    )
    result = await read(page(f"<div id=app></div>{whole}{hidden}"))
    assert result.values("employee_count") == [size(140)]


@pytest.mark.parametrize(
    "body",
    [
        "<p>Acme Freight moves freight.</p><p>Globex employs 9,000 people and was founded in 1901.</p>",
        "<h2>Globex</h2><p>Globex uses Salesforce and employs 9,000 people.</p><h2>Acme</h2><p>We are kind.</p>",
        "<p>Acme has been acquired by Globex, which employs 9,000 people and was founded in 1901.</p>",
        "<p>Our customer Globex was founded in 1901, has 9,000 employees and runs on Salesforce.</p>",
    ],
)
async def test_of_two_companies_on_a_page_only_the_accounts_facts_are_taken(body: str) -> None:
    result = await read(page(body))
    assert result.values("employee_count") == []
    assert result.values("founded_year") == []
    assert result.values("technology") == []


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Acme takes over Globex</h1><p>Acme has acquired Globex.</p><p>The company employs 9,000 people.</p>",
        "<h1>Acme rachète Globex</h1><p>Acme a racheté Globex.</p><p>La société emploie 9 000 salariés.</p>",
    ],
)
async def test_the_company_in_news_of_a_deal_may_be_the_other_one(body: str) -> None:
    result = await read(page(body, "press/deal", "press"))
    assert result.values("employee_count") == []


async def test_a_milestone_under_its_year_is_no_size_of_today() -> None:
    result = await read(
        page(
            "<h2>Our story</h2><p>1997</p><p>Acme is born</p><p>2014</p><p>160 people and a second floor</p>"
        )
    )
    assert result.values("employee_count") == []


async def test_ids_of_other_people_are_never_followed() -> None:
    ours = page("<p>We are a team of 140 people.</p>")
    theirs = page("<p>We are a team of 9,000 people at Globex.</p>")
    for ids in (
        ["S99"],
        [theirs.id],
        ["S1", theirs.id],
        ["globex.example/S1"],
        ["S0"],
        ["S-1"],
        ["1e9"],
        [""],
    ):
        answer = says(item("employee_count", "9000", "We are a team of 9,000 people", ids))
        result = await read(ours, answer=answer)
        assert result.values("employee_count") == [size(140)]
        assert [each.reason for each in result.rejected] == ["quote_not_found"]


async def test_a_claim_made_fifty_times_is_one_piece_of_evidence() -> None:
    claim = item("technology", "Salesforce", "We use Salesforce", ["S1"])
    result = await read(page("<p>We use Salesforce every day.</p>"), answer=says(*[claim] * 50))
    by_model = [each for each in result.evidence if each.extractor.startswith("llm:")]
    assert len(by_model) == 1
    assert len(result.values("technology")) == 1


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("employee_count", "2012"),
        ("employee_count", "Rotterdam"),
        ("employee_count", "Salesforce"),
        ("founded_year", "140"),
        ("founded_year", "Salesforce"),
        ("headquarters", "140"),
        ("headquarters", "2012"),
        ("headquarters", "Salesforce"),
        ("technology", "140"),
        ("technology", "2012"),
        ("technology", "people"),
        ("technology", "Rotterdam"),
        ("hiring", "2012"),
        ("hiring", "Salesforce"),
        ("hiring", "Rotterdam"),
        ("leadership_change", "140 people"),
        ("leadership_change", "Rotterdam"),
    ],
)
async def test_a_value_in_the_wrong_field_is_refused(attribute: str, value: str) -> None:
    text = "We are a team of 140 people in Rotterdam, founded in 2012, and we use Salesforce."
    clean = await read(page(f"<p>{text}</p>"), answer=says())
    result = await read(page(f"<p>{text}</p>"), answer=says(item(attribute, value, text, ["S1"])))
    assert result.rejected, "the claim was refused, with a reason"
    assert [fact.value for fact in result.facts] == [fact.value for fact in clean.facts]
