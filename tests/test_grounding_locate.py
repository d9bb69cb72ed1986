"""The ladder: forgives typography, and nothing else."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.grounding import Span, TextIndex, locate_quote, split_sentences
from agent.grounding.locate import _Folded
from agent.grounding.sentences import _ABBREVIATION, _is_abbreviated

REAL_LIKE = [
    "Founded in 2012, Acme Freight employs 1,250 people across 14 offices in Europe.",
    "We raised a $12.5 million Series B led by Northwind Ventures in March 2024.",
    "Our headquarters are in Rotterdam, and we operate in Germany, France and Spain.",
    "Acme’s platform — trusted by dispatchers — cut detention fees by 37% last year.",
    "Wir beschäftigen rund 1.200 Mitarbeitende an sechs Standorten in Köln und Bonn.",
    "Nous comptons 1 200 salariés et réalisons 45 M€ de chiffre d’affaires à Lyon.",
    "We are hiring 24 account executives for the new sales team in Madrid.",
    "Acme is SOC 2 Type II and ISO 27001 certified since 2021 for all products.",
    "Revenue grew from €4.5 million to €9.8 million between 2022 and 2024.",
    "We use Salesforce and Snowflake, and we moved away from HubSpot in 2023.",
    "Jane Example joined as Chief Revenue Officer from Initech in January 2025.",
    "The company does not share revenue figures but reports 310 enterprise customers.",
]
PAGE = "\n".join(REAL_LIKE)


def found(text: str, quote: str) -> str | None:
    span = locate_quote(text, quote)
    return None if span is None else text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("We’re “big” — 1,250 strong", 'We\'re "big" - 1,250 strong', "We’re “big” — 1,250 strong"),
        (
            "1\u00a0250 employees\n in  Zürich",
            "1 250 employees in zürich",
            "1\u00a0250 employees\n in  Zürich",
        ),
        ("eﬃcient oﬃce work", "efficient office work", "eﬃcient oﬃce work"),
        ("Straße in Mün\u00adchen", "STRASSE in München", "Straße in Mün\u00adchen"),
        ("the cafe\u0301 team", "café team", "cafe\u0301 team"),
        ("zero\u200bwidth space", "zerowidth space", "zero\u200bwidth space"),
        ("Acme™ Cloud® runs", "Acme Cloud runs", "Acme™ Cloud® runs"),
        ("ＡＣＭＥ　Ｃｏ", "ACME Co", "ＡＣＭＥ　Ｃｏ"),
        ("従業員150人です", "従業員150人", "従業員150人"),
        ("AboutAcme employs 500 peopleContact", "Acme employs 500 people", "Acme employs 500 people"),
        ("Founded2015in Berlin by two", "Founded 2015 in Berlin", "Founded2015in Berlin"),
        (
            "• Slack\n• Salesforce\n• Jira Cloud",
            "Slack Salesforce Jira Cloud",
            "Slack\n• Salesforce\n• Jira Cloud",
        ),
        ("we have 500 employees", "“We have 500 employees.”", "we have 500 employees"),
        ("שלום עולם 42 עובדים", "42 עובדים", "42 עובדים"),
        ("We 🚀 ship 12 releases", "we 🚀 ship 12 releases", "We 🚀 ship 12 releases"),
        (
            "Acme, the leading maker of boxes, has 500 employees in Berlin.",
            "Acme, the leading maker … has 500 employees in Berlin",
            "Acme, the leading maker of boxes, has 500 employees in Berlin",
        ),
    ],
)
def test_marketing_copy_is_found_whatever_its_typography(text: str, quote: str, expected: str) -> None:
    assert found(text, quote) == expected


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("We have 150 employees", "50 employees"),
        ("We have 1,250 employees", "250 employees"),
        ("We have 1 250 employees", "250 employees"),
        ("We have 1'250 employees", "250 employees"),
        ("We have 1.250 employees", "1"),
        ("a team of 10-50 employees", "50 employees"),
        ("a team of 10 – 50 employees", "10"),
        ("growth of -50 points", "50 points"),
        ("we grew 12% last year", "we grew 12"),
        ("raised $12 million", "raised $12"),
        ("raised $12M", "raised $12"),
        ("we are 500+ people", "we are 500"),
        ("version 4.5 released", "version 4"),
        ("the price is 4.5 of all things", "the price is 45 of all things"),
        ("a total of 1 200 things now here", "a total of 12 00 things now here"),
        ("a total of 1 200 things now here", "a total of 1200 things now here"),
        ("二百五十人", "五十人"),
        ("speed of 10² metres", "speed of 10"),
        ("speed of 10² metres", "speed of 102 metres"),
        ("unhappy people here", "happy people here"),
        (
            "Acme, the leading maker, does not have 500 employees here.",
            "Acme, the leading maker … have 500 employees here",
        ),
        ("Acme is here now. Globex has 500 employees there.", "Acme is here … has 500 employees there"),
        ("We are big\nGlobex has 500 employees there", "We are big … has 500 employees there"),
        ("one two three " + "x " * 200 + "four five six", "one two three … four five six"),
        ("one two and three four", "one two … three four"),
        ("one two three and four five six", "four five six … one two three"),
        ("anything at all", ""),
        ("anything at all", " … "),
        ("", "anything"),
    ],
)
def test_a_cut_number_a_cut_word_and_a_guarded_gap_are_not_found(text: str, quote: str) -> None:
    assert found(text, quote) is None


def test_the_place_nearest_the_hint_is_taken_else_the_first() -> None:
    text = "We hire. " * 5
    index = TextIndex(text)
    assert index.locate("We hire") == Span(0, 7)
    assert index.locate("We hire", hint=20) == Span(18, 25)


def normal(text: str) -> str:
    return "".join(text.split()).casefold()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 60))
def test_any_located_slice_is_found_again_as_itself(text: str, start: int, length: int) -> None:
    quote = text[start : start + length]
    index = TextIndex(text)
    span = index.locate(quote)
    if span is not None:
        assert 0 <= span.start < span.end <= len(text)
        again = index.locate(text[span.start : span.end], hint=span.start)
        assert again is not None
        assert normal(text[again.start : again.end]) == normal(text[span.start : span.end])


words = st.lists(st.from_regex(r"[a-zäöüß]{1,9}|[1-9][0-9]{0,3}", fullmatch=True), min_size=4, max_size=30)


@settings(max_examples=200, deadline=None)
@given(words, st.data())
def test_any_span_of_whole_words_is_located_where_its_characters_are(
    parts: list[str], data: st.DataObject
) -> None:
    text = ", ".join(parts)
    first = data.draw(st.integers(0, len(parts) - 1))
    last = data.draw(st.integers(first, len(parts) - 1))
    start = len(", ".join(parts[:first])) + (2 if first else 0)
    end = len(", ".join(parts[: last + 1]))
    span = locate_quote(text, text[start:end], hint=start)
    assert span == Span(start, end)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(REAL_LIKE), st.integers(0, 9999), st.randoms(use_true_random=False))
def test_a_swapped_number_is_never_found(sentence: str, number: int, rng: random.Random) -> None:
    places = list(re.finditer(r"\d+", sentence))
    place = rng.choice(places) if places else None
    if place is None or int(place.group()) == number:
        return
    changed = sentence[: place.start()] + str(number) + sentence[place.end() :]
    assert locate_quote(PAGE, changed) is None


ENTITIES = [
    "Acme Freight",
    "Northwind Ventures",
    "Rotterdam",
    "Salesforce",
    "Snowflake",
    "Initech",
    "Madrid",
    "ISO",
    "Series B",
]
OTHERS = [
    "Globex",
    "Umbrella Capital",
    "Antwerp",
    "Dynamics",
    "Databricks",
    "Hooli",
    "Lisbon",
    "PCI",
    "Series C",
]


def mutations(rng: random.Random) -> list[tuple[str, str]]:
    """Return (kind, quote) pairs that none of the sentences says."""
    made: list[tuple[str, str]] = []
    for sentence in REAL_LIKE:
        for place in re.finditer(r"\d+", sentence):
            other = str(int(place.group()) + rng.choice([1, 10, 100]))
            made.append(("number swapped", sentence[: place.start()] + other + sentence[place.end() :]))
        for place in re.finditer(r"\d[.,\u00a0 ]\d", sentence):
            made.append(("separator dropped", sentence[: place.start() + 1] + sentence[place.end() - 1 :]))
        for entity, other in zip(ENTITIES, OTHERS, strict=True):
            if entity in sentence:
                made.append(("entity swapped", sentence.replace(entity, other)))
        for verb in (" is ", " are ", " employs ", " use ", " raised ", " operate "):
            if verb in sentence:
                made.append(("negation added", sentence.replace(verb, f"{verb}not ", 1)))
        if " does not " in sentence:
            made.append(("negation dropped", sentence.replace(" does not ", " does ")))
        tokens = sentence.split()
        cut = rng.randrange(1, len(tokens) - 1)
        made.append(("word dropped", " ".join(tokens[:cut] + tokens[cut + 1 :])))
        rng.shuffle(tokens)
        made.append(("shuffled", " ".join(tokens)))
    for one, two in pairwise(REAL_LIKE):
        made.append(("spliced", " ".join(one.split()[:5] + two.split()[-5:])))
        made.append(
            ("elided across sentences", f"{' '.join(one.split()[:5])} … {' '.join(two.split()[-5:])}")
        )
    made += [("fabricated", f"We opened office number {n} in Atlantis.") for n in range(20)]
    return made


def test_of_many_harmful_edits_none_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    index = TextIndex(PAGE)
    made = sorted({each for seed in range(8) for each in mutations(random.Random(seed))})
    accepted = [(kind, quote) for kind, quote in made if index.locate(quote) is not None]
    tally = {kind: sum(1 for each, _ in made if each == kind) for kind, _ in made}
    with capsys.disabled():
        print(f"\nharmful edits: n={len(made)}, accepted={len(accepted)}; {tally}")
    assert len(made) >= 300
    assert accepted == []
    assert all(index.locate(sentence) is not None for sentence in REAL_LIKE)


@pytest.mark.parametrize(
    "hostile", ["a " * 60_000, "1 " * 60_000, "\u0301" * 60_000, "é" * 60_000, "…" * 20_000, "\n" * 90_000]
)
def test_a_sentence_behind_hostile_text_is_found_as_written(hostile: str) -> None:
    text = f"{hostile}\nWe employ 40 people."
    index = TextIndex(text)
    found = index.locate("We employ 40 people.")
    assert found is not None
    assert text[found.start : found.end] == "We employ 40 people."
    assert index.locate("We employ 41 people.") is None
    whole = index.locate(hostile[:3_000])
    assert whole is None or (whole.start, whole.end) in ((0, 2_999), (0, 3_000))
    assert text[split_sentences(text)[-1].start :] == "We employ 40 people."


def test_sentences_keep_abbreviations_and_break_at_lines() -> None:
    text = "Acme Inc. has offices. We ship!\nApprox. 12 people work here"
    assert [text[s.start : s.end] for s in split_sentences(text)] == [
        "Acme Inc. has offices.",
        "We ship!",
        "Approx. 12 people work here",
    ]


@pytest.mark.parametrize(
    ("text", "quote"), [("There is no table here.", "notable"), ("We met her and left.", "ether")]
)
def test_short_words_are_not_put_together_from_others(text: str, quote: str) -> None:
    assert locate_quote(text, quote) is None


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "12",
                "3",
                ".",
                ",",
                " ",
                "-",
                "–",
                "\n",
                "e\u0301",
                "é",
                "\u200b",
                "½",
                "km",
                "Acme",
                "A",
                "%",
                "  ",
                "万",
                "三",
            ]
        ),
        min_size=60,
        max_size=260,
    ),
    st.data(),
)
def test_a_quote_told_from_its_surroundings_is_where_the_whole_text_has_it(
    pieces: list[str], data: st.DataObject
) -> None:
    text = "".join(pieces)
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : start + data.draw(st.integers(1, 40))]
    index = TextIndex(text)
    near = index._at(quote, start)
    folded = _Folded(quote).text
    whole = list(index._exact(folded)) if folded else []
    assert near is None or near in whole
    assert near is None or text[near.start : near.end] == quote


def test_most_quotes_of_a_long_text_are_told_from_their_surroundings() -> None:
    text = "We are a team of 120 people in Leeds. " * 20 + "Since 1,250 others joined us, we are 1,370. " * 5
    index = TextIndex(text)
    start = text.index("Since")
    assert index._at("Since 1,250 others joined us", start) == Span(start, start + 28)
    assert index._at("250 others joined us", start + 8) is None
    assert index._at("Since 1,250 others joined u", start) is None
    assert index._at("Since 1,250 others", start + 1) is None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Inc", "grows", "e", "g", "(Co", "x9", "-St", "é", "S", ".", ". ", " ", "\u00a0", "B"]
        ),
        max_size=20,
    )
)
def test_a_full_stop_ends_an_abbreviation_as_the_pattern_says(pieces: list[str]) -> None:
    text = "".join(pieces)
    for place, sign in enumerate(text):
        if sign == ".":
            found = _ABBREVIATION.search(text, max(0, place - 11), place + 1)
            assert _is_abbreviated(text, 0, place) is (found is not None)
