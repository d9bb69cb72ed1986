"""Countries of location texts: many languages and shapes, and nothing guessed."""

from __future__ import annotations

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.country_names import compile_countries, countries
from tools.places import country_code, country_name, country_of_field


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germany", "DE"), ("Deutschland", "DE"), ("Allemagne", "DE"), ("Alemania", "DE"), ("DE", "DE"),
        ("U.S.", "US"), ("USA", "US"), ("United States of America", "US"), ("Estados Unidos", "US"),
        ("UK", "GB"), ("England", "GB"), ("Great Britain", "GB"), ("Northern Ireland", "GB"), ("Royaume-Uni", "GB"),
        ("The Netherlands", "NL"), ("Holland", "NL"), ("Pays-Bas", "NL"), ("Côte d’Ivoire", "CI"), ("Türkiye", "TR"),
        ("South Korea", "KR"), ("Republic of Korea", "KR"), ("日本", "JP"), ("Österreich", "AT"), ("Czech Republic", "CZ"),
        ("Trinidad and Tobago", "TT"), ("Bosnia and Herzegovina", "BA"), ("Guinea-Bissau", "GW"), ("Niger", "NE"),
        ("Austin, TX", "US"), ("Austin TX", "US"), ("Paris, TX", "US"), ("Dublin, CA", "US"), ("Melbourne, FL", "US"),
        ("Lebanon, NH", "US"), ("Cambridge, MA", "US"), ("Washington, D.C.", "US"), ("Wilmington, DE", "US"),
        ("Atlanta, Georgia", "US"), ("New York", "US"), ("California", "US"), ("Brooklyn, New York", "US"),
        ("St. Louis, MO, United States", "US"), ("USA.VA.Reston", "US"), ("US-Remote", "US"), ("US, CA, San Francisco", "US"),
        ("Remote (New Jersey, US)", "US"), ("Charlotte, North Carolina, United States of America", "US"),
        ("Tbilisi, Georgia", "GE"), ("Munich, DE", "DE"), ("Toronto, CA", "CA"), ("London, ON", "CA"), ("Pune, IN", "IN"),
        ("Haifa, IL", "IL"), ("Perth, WA", "AU"), ("Seattle, WA", "US"), ("Sydney NSW", "AU"), ("Lisbon, PT", "PT"),
        ("Paris", "FR"), ("Remote (Germany)", "DE"), ("Remote - UK", "GB"), ("Home Office - Germany", "DE"),
        ("Remote in Canada", "CA"), ("Remote-India (PEO)", "IN"), ("São Paulo, State of São Paulo, Brazil", "BR"),
        ("Berlin; Munich", "DE"), ("Berlin or Hamburg", "DE"), ("London | Remote", "GB"), ("Germany, Berlin", "DE"),
        ("Austin | Chicago | New York City", "US"), ("New Mexico", "US"), ("Mexico", "MX"),
    ],
)  # fmt: skip
def test_country_of_a_location(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "Korea", "Georgia", "Congo", "Birmingham", "Cambridge", "Remote", "EMEA", "Europe", "Worldwide", "CA", "IN", "GA",
        "Berlin; Paris", "Deutschland, Österreich", "Germany / Austria", "London | Smallville", "2 Locations",
        "Springfield, IN, or so they say", "Acme", "", "   ", "x" * 1_000, "Savannah of Georgia", "Anytown, Georgia", "America",
    ],
)  # fmt: skip
def test_what_could_be_two_places_or_none_is_unknown(text: str) -> None:
    assert country_code(text) is None


def test_nothing_is_unknown() -> None:
    assert country_code(None) is None
    assert country_of_field(None) is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("CA", "CA"),
        ("ca", "CA"),
        ("uk", "GB"),
        ("Georgia", "GE"),
        ("DEU", "DE"),
        ("Frankreich", "FR"),
        ("ZZ", None),
        ("XX", None),
        ("-", None),
    ],
)
def test_country_field_means_a_country(value: str, code: str | None) -> None:
    assert country_of_field(value) == code


def test_every_english_country_name_reads_back_as_its_code() -> None:
    wrong = {
        name: country_code(name)
        for code, name in Locale("en").territories.items()
        if str(code) in countries() and country_code(name) not in (code, None)
    }
    unread = {
        c
        for c in Locale("en").territories
        if str(c) in countries() and country_code(country_name(str(c))) is None
    }
    assert wrong == {}
    assert unread <= {"GE", "WS", "FM", "CG", "CD", "MF", "VG", "VI", "US"}
    assert country_code("United States") == "US"


def test_the_table_of_countries_is_what_babel_says() -> None:
    assert countries() == compile_countries(), "run: python -m tools.country_names"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gives_a_code_or_nothing(text: str) -> None:
    code = country_code(text)
    assert code is None or code in countries()


@pytest.mark.parametrize("separators", [" - " * 80, "a.b" * 80, "((((" * 60, "remote-" * 36])
def test_a_country_behind_many_separators_is_read(separators: str) -> None:
    assert country_code(separators) is None
    assert country_code(f"{separators}, Germany") == "DE"
