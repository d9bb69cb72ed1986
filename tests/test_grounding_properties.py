"""Whatever is generated, a located slice is the source's own, and a changed number, name or polarity is refused.

The texts are made from sentence patterns of several languages; the claims are first true, then spoiled in
one way. A spoiled claim must never be accepted; a true one must be, or the test would prove nothing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from model_answers import ACME

from agent.grounding import ground, locate_quote
from agent.models import Claim, Evidence, RejectedClaim, SourceDocument, text_id

AS_OF = date(2026, 11, 22)
many = settings(max_examples=150, deadline=None)


def grounded(text: str, attribute: str, value: Any, quote: str, **changes: Any) -> Evidence | RejectedClaim:
    document = SourceDocument(
        id=text_id(text),
        url="https://acme.example/about",
        final_url="https://acme.example/about",
        kind="website",
        source="website",
        tier="first-party-text",
        title="About",
        text=text,
        fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
        purpose="about",
        language=changes.pop("language", "en"),
    )
    claim = Claim(
        attribute=attribute, value=value, quote=quote, document=document.id, extractor="llm:x:y", **changes
    )
    return ground(claim, document, ACME, AS_OF)


def accepted(found: Evidence | RejectedClaim) -> bool:
    return isinstance(found, Evidence)


class Pattern(NamedTuple):
    """A sentence with a hole for a number, and what the number is of."""

    text: str
    language: str = "en"


SIZES = [
    Pattern("We are a team of {n} people."),
    Pattern("Acme employs {n} people in three countries."),
    Pattern("Acme Freight has {n} employees."),
    Pattern("Wir beschäftigen {n} Mitarbeiter.", "de"),
    Pattern("Nous sommes {n} personnes.", "fr"),
    Pattern("Somos {n} personas.", "es"),
    Pattern("Siamo {n} persone.", "it"),
    Pattern("Wij hebben {n} medewerkers.", "nl"),
]


def exactly(number: int) -> dict[str, int]:
    return {"exact": number, "low": number, "high": number}


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


GROUPING = {"en": ",", "de": ".", "fr": "\u202f", "es": ".", "it": ".", "nl": "."}
numbers = st.integers(11, 900_000).filter(lambda number: not 1900 <= number <= 2099)


@many
@given(st.sampled_from(SIZES), numbers, st.booleans())
def test_a_true_size_is_accepted_in_every_language_and_grouping(
    pattern: Pattern, number: int, group: bool
) -> None:
    written = grouped(number, GROUPING[pattern.language]) if group else str(number)
    text = pattern.text.format(n=written)
    found = grounded(
        f"Hello.\n{text}\nBye.", "employee_count", exactly(number), text, language=pattern.language
    )
    assert accepted(found), found
    assert isinstance(found, Evidence)
    assert found.value == exactly(number)


@many
@given(st.sampled_from(SIZES), numbers, numbers)
def test_a_swapped_number_is_never_accepted(pattern: Pattern, true: int, other: int) -> None:
    assume(true != other)
    text = pattern.text.format(n=true)
    changed = pattern.text.format(n=other)
    for value, quote in ((other, text), (other, changed), (true, changed)):
        assert not accepted(
            grounded(text, "employee_count", exactly(value), quote, language=pattern.language)
        )


@many
@given(st.sampled_from(SIZES), numbers, st.sampled_from([10, 100, 1000]))
def test_a_number_with_digits_cut_off_or_added_is_never_accepted(
    pattern: Pattern, number: int, factor: int
) -> None:
    for written in (str(number), grouped(number, GROUPING[pattern.language])):
        text = pattern.text.format(n=written)
        for wrong in {number * factor, number // factor, int(str(number)[1:] or 0), int(str(number)[:-1])}:
            if wrong in (number, 0, 1):
                continue
            quotes = [text, pattern.text.format(n=wrong), f"{wrong}"]
            for quote in quotes:
                assert not accepted(
                    grounded(text, "employee_count", exactly(wrong), quote, language=pattern.language)
                )


@many
@given(st.integers(11, 9_999), st.sampled_from("０٠०๐"))
def test_digits_of_other_scripts_are_the_same_number_or_none(number: int, zero: str) -> None:
    """They may be understood or refused; they may not become another number."""
    written = "".join(chr(ord(zero) + int(digit)) for digit in str(number))
    text = f"We are a team of {written} people."
    for value in (number, number + 1, number * 10, int(str(number)[1:])):
        if value < 2:
            continue
        found = grounded(text, "employee_count", exactly(value), text)
        assert value == number or not accepted(found)


@many
@given(
    numbers,
    st.sampled_from(
        ["{n}th", "{n}.", "No. {n}", "#{n}", "{n}%", "{n} million", "{n}k", "-{n}", "{n}-9999999"]
    ),
)
def test_ordinals_shares_and_scaled_numbers_are_no_count(number: int, shape: str) -> None:
    text = (
        f"Acme hired {shape.format(n=number)} employees."
        if "." not in shape[-1:]
        else f"Acme {shape.format(n=number)} employee"
    )
    found = grounded(text, "employee_count", exactly(number), text)
    if shape == "#{n}" or not accepted(found):
        return
    assert isinstance(found, Evidence)
    assert shape == "-{n}"


TOOLS = [
    "Salesforce",
    "HubSpot",
    "Snowflake",
    "Kubernetes",
    "Jira",
    "NetSuite",
    "Terraform",
    "Zendesk",
    "Okta",
]
USES = [
    Pattern("We use {t} for our daily work."),
    Pattern("Our team runs on {t}."),
    Pattern("Internally we rely on {t}."),
    Pattern("Wir nutzen {t} im ganzen Haus.", "de"),
    Pattern("Nous utilisons {t} tous les jours.", "fr"),
    Pattern("Utilizamos {t} a diario.", "es"),
]


def tool(name: str, relation: str = "uses") -> dict[str, str]:
    return {"product": name, "category": "other", "relation": relation}


@many
@given(st.sampled_from(USES), st.sampled_from(TOOLS), st.sampled_from(TOOLS))
def test_a_swapped_product_is_never_accepted(pattern: Pattern, true: str, other: str) -> None:
    text = pattern.text.format(t=true)
    assert accepted(grounded(text, "technology", tool(true), text, language=pattern.language))
    if true == other:
        return
    changed = pattern.text.format(t=other)
    for value, quote in ((other, text), (other, changed), (true, changed)):
        assert not accepted(grounded(text, "technology", tool(value), quote, language=pattern.language))


LOOKALIKES = str.maketrans("aeopcxyiSK", "аеорсхуіЅК")


@many
@given(st.sampled_from(USES), st.sampled_from(TOOLS))
def test_a_quote_in_lookalike_letters_is_no_quote(pattern: Pattern, name: str) -> None:
    text = pattern.text.format(t=name)
    fake = text.translate(LOOKALIKES)
    assume(fake != text)
    assert not accepted(grounded(text, "technology", tool(name), fake, language=pattern.language))
    assert locate_quote(fake, text) is None


DENIED = [
    Pattern("We do not use {t}."),
    Pattern("We no longer use {t}."),
    Pattern("We have never used {t}."),
    Pattern("We stopped using {t}."),
    Pattern("{t} is not used here."),
    Pattern("None of our teams uses {t}."),
    Pattern("Nobody here uses {t}."),
    Pattern("We work without {t}."),
    Pattern("We use neither {t} nor anything like it."),
    Pattern("It isn't true that we use {t}."),
    Pattern("Wir nutzen kein {t}.", "de"),
    Pattern("Wir verwenden {t} nicht mehr.", "de"),
    Pattern("Nous n'utilisons pas {t}.", "fr"),
    Pattern("No utilizamos {t}.", "es"),
    Pattern("Non usiamo {t}.", "it"),
    Pattern("Wij gebruiken {t} niet.", "nl"),
]
ASSERTED = [
    Pattern("Not only do we use {t}, we also teach it."),
    Pattern("We use not only {t} but also spreadsheets."),
    Pattern("No wonder we use {t}."),
    Pattern("Wir nutzen nicht nur {t}.", "de"),
    Pattern("Nous utilisons non seulement {t} mais aussi Excel.", "fr"),
]


@pytest.mark.parametrize("pattern", DENIED, ids=lambda pattern: pattern.text)
@settings(max_examples=9, deadline=None)
@given(name=st.sampled_from(TOOLS), cut=st.booleans())
def test_what_is_denied_is_never_asserted(pattern: Pattern, name: str, cut: bool) -> None:
    text = pattern.text.format(t=name)
    quote = name if cut else text
    for around in (text, f"Our stack is small.\n{text}\nWe like that.", f"We like Jira. {text} That is so."):
        found = grounded(around, "technology", tool(name), quote, language=pattern.language)
        if name in around.replace(text, ""):
            continue
        assert not accepted(found) or (isinstance(found, Evidence) and found.value != tool(name))


@pytest.mark.parametrize("pattern", ASSERTED, ids=lambda pattern: pattern.text)
def test_set_phrases_with_a_negative_word_deny_nothing(pattern: Pattern) -> None:
    text = pattern.text.format(t="Salesforce")
    assert accepted(grounded(text, "technology", tool("Salesforce"), text, language=pattern.language))
    assert not accepted(
        grounded(text, "technology", tool("Salesforce"), text, language=pattern.language, polarity="denies")
    )


@many
@given(st.sampled_from(USES), st.sampled_from(TOOLS))
def test_a_denial_claimed_of_a_plain_statement_is_refused(pattern: Pattern, name: str) -> None:
    text = pattern.text.format(t=name)
    assert not accepted(
        grounded(text, "technology", tool(name), text, language=pattern.language, polarity="denies")
    )


OTHERS = [
    "Globex employs {n} people.",
    "Our customer Globex has {n} employees.",
    "Globex, a retailer with {n} employees, chose us.",
    "Our parent company has {n} employees.",
    "Companies with {n} employees love us.",
    "We help teams of {n} people.",
    "Trusted by {n} employees in nine countries.",
    "“We are {n} people and love it,” says Jane Roe, CEO of Globex.",
    "Globex (9 offices, {n} employees) is a partner.",
    "Acme works for Globex, which employs {n} people.",
    "Large groups with {n} employees are no better.",
]


@pytest.mark.parametrize("sentence", OTHERS)
@settings(max_examples=12, deadline=None)
@given(number=numbers)
def test_another_companys_number_is_never_the_accounts(sentence: str, number: int) -> None:
    text = sentence.format(n=number)
    for quote in (text, f"{number}", text.split(",")[0] if str(number) in text.split(",")[0] else text):
        for subject in (None, "account", "Acme"):
            found = grounded(text, "employee_count", exactly(number), quote, subject=subject)
            assert not accepted(found), (text, quote)


fragments = st.lists(
    st.sampled_from(
        [
            "We have 40 people.",
            "Founded in 2012.",
            "Acme moves freight in Rotterdam.",
            "שלום עולם 40",
            "٤٠ موظفا",
            "🚀 Hiring!",
            "1 200 employees",
            "e\u0301te\u0301 12",
            "ﬁnance ½ team",
            "a\u200bb\u200dc\u00ad",
            "\u202eevil\u202c",
            "日本語の文章。40名",
            "<b>bold</b>",
            "…",
        ]
    ),
    min_size=1,
    max_size=8,
)


@many
@given(fragments, st.sampled_from([" ", "\n", "\n\n", "\t", "\u00a0"]), st.data())
def test_whatever_the_script_a_located_slice_is_the_sources_own(
    parts: list[str], joint: str, data: st.DataObject
) -> None:
    text = joint.join(parts)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = text[start:end]
    hint = data.draw(st.none() | st.integers(0, len(text)))
    span = locate_quote(text, quote, hint)
    if span is not None:
        assert 0 <= span.start < span.end <= len(text)
        digits = [char for char in text[span.start : span.end] if char.isdigit()]
        assert digits == [char for char in quote if char.isdigit()]


@many
@given(st.lists(st.sampled_from(TOOLS), min_size=3, max_size=3, unique=True), numbers)
def test_a_quote_made_of_two_sentences_is_no_quote(names: list[str], number: int) -> None:
    first, second = f"We considered {names[0]} last year.", f"Globex uses {names[1]} with {number} people."
    text = f"{first} {second}"
    spliced = [
        f"We considered {names[1]}",
        f"We … uses {names[1]}",
        f"We considered {names[0]} … uses {names[1]}",
        f"last year … {number} people",
        f"We have {number} people",
    ]
    assert all(locate_quote(text, quote) is None for quote in spliced)


@many
@given(st.text(min_size=5, max_size=80), st.sampled_from(SIZES), numbers)
def test_a_fabricated_quote_is_never_accepted(invented: str, pattern: Pattern, number: int) -> None:
    text = pattern.text.format(n=number)
    assume(locate_quote(text, invented) is None)
    found = grounded(text, "employee_count", exactly(number), invented, language=pattern.language)
    assert isinstance(found, RejectedClaim)
    assert found.reason == "quote_not_found"
