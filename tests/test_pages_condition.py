"""What a page must say to be a wall, parked or a server's default page, and what is looked for first."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.pages import condition
from tools.pages.condition import page_flags


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (condition._CHALLENGE_TEXT, condition._CHALLENGE_WORDS),
        (condition._PARKED_TEXT, condition._PARKED_WORDS),
        (condition._DEFAULT_PAGE, condition._DEFAULT_WORDS),
    ],
    ids=["challenge", "parked", "default"],
)
def test_whatever_a_pattern_matches_holds_one_of_the_words_looked_for_first(
    pattern: re.Pattern[str], words: tuple[str, ...]
) -> None:
    @settings(max_examples=200, deadline=None)
    @given(st.from_regex(pattern, fullmatch=True))
    def check(text: str) -> None:
        assert any(word in text.lower() for word in words)

    check()


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("Freight across Europe, since 1986.", ()),
        ("Please VERIFY you are human before you go on.", ("challenge",)),
        ("The DOMAIN acme.example is for sale.", ("parked",)),
        ("Your new website has been successfully created.", ("parked",)),
        ("Our domestic lines are blocked by nobody.", ()),
    ],
)
def test_short_pages_say_what_they_are(text: str, flags: tuple[str, ...]) -> None:
    assert page_flags("", text, f"<p>{text}</p>", scripts=0, noscript="") == flags
