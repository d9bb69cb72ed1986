"""What a pattern needs is told from the pattern: a text that matches is never ruled out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.canonical.literals import (
    choices_in,
    find_all,
    holds,
    leading_words,
    may_match,
    needed_choices,
    needed_words,
    places_of,
    words_in,
)
from agent.canonical.sector_words import kinds_of_company
from agent.extraction.rules.commercial import _ANYWHERE, _PRICING, _SEGMENTS
from agent.extraction.rules.events import _pattern, _shapes
from agent.extraction.rules.industry import _MAKES_SOFTWARE
from agent.grounding.identity import Identity, _standing_alone, _written

PATTERNS = (
    re.compile(r"(?:we|our) (?:team|staff) of [0-9]{1,4}", re.IGNORECASE),
    re.compile(r"[Aa]cquires?(?: the)? [A-Z]\w+"),
    re.compile(r"(?:hat|a) (?:gekauft|acquis)|übernimmt", re.IGNORECASE),
    re.compile(r"(?:small)?business(?:es)?|smb", re.IGNORECASE),
    re.compile(r"(?i:straße) [0-9]+"),
    _MAKES_SOFTWARE,
    *(cue.pattern for cue in (*_PRICING, *_ANYWHERE, *_SEGMENTS)),
)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:30])
def test_no_text_that_matches_is_ruled_out(pattern: re.Pattern[str]) -> None:
    @settings(max_examples=15, deadline=None)
    @given(st.from_regex(pattern))
    def check(text: str) -> None:
        found = pattern.search(text)
        assert found is None or may_match(pattern, text.lower())
        places = places_of(leading_words(pattern.pattern, pattern.flags), text.lower())
        assert found is None or places is None or found.start() in places or len(text.lower()) != len(text)

    check()


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (
            r"[Ww]e (?:open|move)(?:s|d)? in",
            ("we moved in", "we moves in", "we opend in", "we opens in", "we move in", "we open in"),
        ),
        (r"(?:head|main) office(?: is)? (?:at|[0-9])", ("head office ", "main office ")),
        (r"\b(?:a very )?long(?=er) wordy beginning of it", ("long wordy begin",)),
        (r"(?:con|met)[ ][0-9]+", ("con ", "met ")),
        (r"(?:a )?plan", ("plan",)),
        (r"[0-9]+ ?%", None),
        (r"cat|[0-9]", None),
        (r"(?:\ue000) joins", (" joins",)),
    ],
)
def test_the_words_that_rule_out_most_are_chosen(pattern: str, words: tuple[str, ...] | None) -> None:
    assert needed_words(pattern, ignored="\ue000") == words


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            (
                "We are a freight forwarding company.",
                "Wir sind ein Softwarehaus.",
                "Éditeur de logiciels de gestion",
                "insurance software company",
                "Our oﬃce is nice.",
                "Softwarehauſ",
            )
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_whole_text_rules_out_no_kind_that_a_sentence_names(sentences: list[str]) -> None:
    whole = "\n".join(sentences).lower()
    for sentence in sentences:
        assert kinds_of_company(sentence, whole) == kinds_of_company(sentence)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(("small", "head office", "ab", "c d", "Straße", "hq", "\n", "office")), max_size=8
    ),
    st.lists(
        st.sampled_from(("head office", "ab", " d", "c d", "hq", "all", "e\nh", "ice o")),
        min_size=1,
        max_size=3,
    ),
)
def test_a_long_text_holds_what_a_search_finds_in_it(pieces: list[str], needed: list[str]) -> None:
    text = ("lorem ipsum " * 100 + " ".join(pieces)).lower()
    assert holds(tuple(needed), text) == any(word in text for word in needed)
    assert set(words_in(tuple(needed), text) or ()) == {word for word in needed if word in text}


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\b(?:our|its)[ ](?:team[ ]of[ ])?[0-9]+", ("its ", "our ")),
        (r"(?<!a )HQ(?:['’]d)? (?!of)in", ("hq in", "hq'd in", "hq’d in")),
        (r"[A-Z]\w+ is", None),
        (r"(?:our )?team", ("team", "our team")),
        (r"\bteam of \ue000", ("team of ",)),
        (r"(?:offices?|based\s+in|seat\b)", ("seat", "based", "office")),
        (r"(?:offices?|\s+in)", None),
    ],
)
def test_a_match_begins_with_a_leading_word(pattern: str, words: tuple[str, ...] | None) -> None:
    assert leading_words(pattern, re.IGNORECASE, ignored="\ue000") == words


def test_every_match_is_found_where_its_leading_words_stand() -> None:
    text = "Our 40 staff and our team of 12; four our 7"
    assert places_of(("our ", "its "), text.lower()) == [0, 17, 34, 38]
    assert places_of(None, text) is None
    assert places_of(("our ",), "our ſ") is None


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:30])
def test_what_matches_has_a_word_of_every_choice_and_is_found_in_the_same_places(
    pattern: re.Pattern[str],
) -> None:
    choices = needed_choices(pattern.pattern, pattern.flags)
    leading = leading_words(pattern.pattern, pattern.flags)

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.from_regex(pattern), max_size=3), st.integers(0, 400))
    def check(parts: list[str], blanks: int) -> None:
        text = " ".join(parts) + "." * blanks
        found = [match.span() for match in pattern.finditer(text)]
        assert not found or choices_in(choices, text.lower()) is not None
        assert [match.span() for match in find_all(pattern, leading, text, text.lower())] == found

    check()


ANNOUNCED = (
    "Acme Labs appoints Jane Roe as Chief Financial Officer.",
    "Today we opened a new office in Lisbon.",
    "Brix to acquire Acme Labs for cash.",
    "Jane Roe joins Acme Labs as Chief Marketing Officer.",
    "Acme Labs and Brix announce a partnership.",
    "With Pulse, Acme Labs launches its first sensor.",
    "Acme Labs übernimmt Brix.",
    "The new hub in Porto brings our teams closer to Acme Labs.",
)


@pytest.mark.parametrize("text", ANNOUNCED)
@pytest.mark.parametrize("name", ["Acme Labs", "A+", "Ä" * 90])
def test_a_shape_asked_about_anybody_first_finds_what_its_pattern_finds(text: str, name: str) -> None:
    told = text.replace("Acme Labs", name)
    for shape in _shapes():
        found = _pattern(shape._source, (name,)).search(told)
        first = shape.search(told, (name,))
        assert (found and found.span()) == (first and first.span())


@pytest.mark.parametrize(
    ("name", "text", "mentioned"),
    [
        ("Acme", "Ask Acme, please.", True),
        ("Acme", "acme is a word here", False),
        ("Acme", "Acmeville and a_Acme", False),
        ("Acme", "Acmes. ACME!", True),
        ("Ärzte", "Die Ärzte und die ärzte", True),
    ],
)
def test_a_name_stands_alone_or_is_not_mentioned(name: str, text: str, mentioned: bool) -> None:
    identity = Identity(names=(name,), labels=("example.com",))
    assert identity.is_mentioned(text) is mentioned
    alone = [found.group() for found in _standing_alone(name).finditer(text)]
    assert list(_written(name, text)) == alone
