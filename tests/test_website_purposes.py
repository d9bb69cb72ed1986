"""What a page is for, told from its address and the words of its link."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.pages.purpose import guess_purpose, language_of_path


@pytest.mark.parametrize(
    ("path", "text", "purpose"),
    [
        ("/about-us", "", "about"),
        ("/ueber-uns", "", "about"),
        ("/fr/a-propos", "", "about"),
        ("/quienes-somos/", "", "about"),
        ("/chi-siamo", "", "about"),
        ("/quem-somos", "", "about"),
        ("/over-ons", "", "about"),
        ("/o-nas", "", "about"),
        ("/om-oss", "", "about"),
        ("/x/page.html", "Über uns", "about"),
        ("/p?id=9", "会社概要", "about"),
        ("/de/karriere", "", "careers"),
        ("/jobs", "", "careers"),
        ("/werken-bij", "", "careers"),
        ("/tarifs", "", "pricing"),
        ("/preise", "", "pricing"),
        ("/referenzen", "", "customers"),
        ("/customers/stories", "", "customers"),
        ("/produkte", "", "product"),
        ("/solutions", "", "product"),
        ("/impressum", "", "legal"),
        ("/mentions-legales", "", "legal"),
        ("/newsroom", "", "press"),
        ("/aktualnosci", "", "press"),
        ("/trust-center", "", "security"),
        ("/kontakt", "", "contact"),
        ("/partner-program", "", "partners"),
        ("/blog", "", "blog"),
        ("/faq", "", "faq"),
        ("/help/faq", "", "faq"),
        ("/de/haeufige-fragen", "", "faq"),
        ("/preguntas-frecuentes", "", "faq"),
        ("/veelgestelde-vragen/", "", "faq"),
        ("/foire-aux-questions", "", "faq"),
        ("/fr/questions-frequentes.html", "", "faq"),
        ("/x", "Frequently asked questions", "faq"),
        ("/x", "Domande frequenti", "faq"),
        ("/pricing", "FAQ", "pricing"),
    ],
)  # fmt: skip
def test_purpose_is_read_in_many_languages(path: str, text: str, purpose: str) -> None:
    guess = guess_purpose("https://acme.example" + path, text)
    assert guess is not None
    assert guess.purpose == purpose


@pytest.mark.parametrize(
    "path", ["/faq/reset-my-password", "/join", "/logo.png", "/", "/xyzzy", "/x.zip", "/en/"]
)
def test_nothing_is_guessed_from_nothing(path: str) -> None:
    assert guess_purpose("https://acme.example" + path) is None


@given(st.text(max_size=60), st.text(max_size=30))
def test_guessing_never_raises(path: str, text: str) -> None:
    guess_purpose("https://acme.example/" + path, text)
    language_of_path("https://acme.example/" + path)


def test_shallow_pages_of_a_purpose_come_before_deep_ones() -> None:
    top = guess_purpose("https://acme.example/about")
    deep = guess_purpose("https://acme.example/blog/2024/about")
    assert top is not None
    assert deep is None or top.score > deep.score
