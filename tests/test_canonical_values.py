"""Numbers, money, sizes, dates, places, industries, roles and terms: one spelling for each value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.canonical.countries import city_country, country_code, region_countries
from agent.canonical.dates import find_dates
from agent.canonical.employees import OPEN_ENDED, parse_size
from agent.canonical.industries import INDUSTRIES, industry_code
from agent.canonical.money import find_money, parse_money
from agent.canonical.numbers import find_numbers, parse_number, words_to_number
from agent.canonical.place import parse_place
from agent.canonical.roles import buying_role, role_of_title
from agent.canonical.terms import canonical_term


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200", 1200),
        ("1.200", 1200),
        ("1 200", 1200),
        ("1'200", 1200),
        ("1\u202f200", 1200),
        ("1,00,000", 100_000),
        ("1.234,56", Decimal("1234.56")),
        ("1,234.56", Decimal("1234.56")),
        ("12.5", Decimal("12.5")),
        ("12,5", Decimal("12.5")),
        ("0.500", Decimal("0.5")),
        ("4.3k", 4300),
        ("1,2 Mio.", 1_200_000),
        ("1.125 billion", 1_125_000_000),
        ("1.125 Mio.", 1_125_000_000),
        ("3 Mrd.", 3_000_000_000),
        ("2 mil millones", 2_000_000_000),
        ("four hundred", 400),
        ("twelve hundred", 1200),
        ("two dozen", 24),
        ("three hundred and twenty-five", 325),
        ("vierhundert", 400),
        ("cinquante", 50),
    ],
)
def test_numbers_of_all_locales(text: str, value: Decimal) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text", ["", "abc", "1.2.3", "1,2,3", "12,34.5,6", "hundredfold", "1" * 100, "--", "1,2345"]
)
def test_what_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@settings(deadline=None)
@given(st.integers(0, 999_999_999_999), st.sampled_from([",", ".", "'", "’", "\u00a0", "\u202f"]))
def test_grouped_numbers_come_back(value: int, mark: str) -> None:
    assert parse_number(f"{value:,}".replace(",", mark)) == value


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_finders_are_total_and_their_spans_lie_in_the_text(text: str) -> None:
    for mention in (*find_numbers(text), *find_money(text), *find_dates(text, date(2025, 6, 1))):
        assert 0 <= mention.start < mention.end <= len(text)
    parse_size(text)
    parse_place(text)
    words_to_number(text)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$45M", 45_000_000, "USD"),
        ("€30m", 30_000_000, "EUR"),
        ("USD 12 million", 12_000_000, "USD"),
        ("12 Mio. €", 12_000_000, "EUR"),
        ("£1.2bn", 1_200_000_000, "GBP"),
        ("$1,125 million", 1_125_000_000, "USD"),
        ("US$5,000,000", 5_000_000, "USD"),
        ("30 M€", 30_000_000, "EUR"),
        ("12 millions d’euros", 12_000_000, "EUR"),
        ("20 millones de euros", 20_000_000, "EUR"),
        ("R$ 10 milhões", 10_000_000, "BRL"),
        ("CHF 3.5 Mio.", 3_500_000, "CHF"),
        ("C$20M", 20_000_000, "CAD"),
        ("$45-million", 45_000_000, "USD"),
    ],
)
def test_money(text: str, amount: int, currency: str) -> None:
    mention = parse_money(text)
    assert mention is not None
    assert (mention.amount, mention.currency) == (amount, currency)


@pytest.mark.parametrize("text", ["45M", "30 metres", "Series B", "$", "€", "5 minutes", "M5"])
def test_what_is_no_money(text: str) -> None:
    assert list(find_money(text)) == []


def test_a_range_does_not_lend_its_first_number_a_wrong_size() -> None:
    assert [mention.amount for mention in find_money("raised $10-20 million")] == []


@pytest.mark.parametrize(
    ("text", "exact", "low", "high"),
    [
        ("120", 120, 120, 120),
        ("51-200", None, 51, 200),
        ("1,001–5,000 employees", None, 1001, 5000),
        ("500+", None, 500, OPEN_ENDED),
        ("10,001+", None, 10_001, OPEN_ENDED),
        ("1.000+ Mitarbeiter", None, 1000, OPEN_ENDED),
        ("more than 500", None, 500, OPEN_ENDED),
        ("over 1,200", None, 1200, OPEN_ENDED),
        ("über 1.200", None, 1200, OPEN_ENDED),
        ("plus de 60", None, 60, OPEN_ENDED),
        ("up to 50", None, 1, 50),
        ("about 120", None, 120, 120),
        ("fast 300", None, 300, 300),
        ("4.3k", 4300, 4300, 4300),
        ("four hundred", 400, 400, 400),
    ],
)
def test_sizes(text: str, exact: int | None, low: int, high: int) -> None:
    assert parse_size(text) == (exact, low, high)


@pytest.mark.parametrize("text", ["", "many", "500-200", "0", "99,000,000", "a few", "50 percent", "-5"])
def test_what_is_no_size(text: str) -> None:
    assert parse_size(text) is None


@pytest.mark.parametrize(
    ("text", "first", "precision"),
    [
        ("on March 3, 2025", date(2025, 3, 3), "day"),
        ("am 3. März 2025", date(2025, 3, 3), "day"),
        ("le 1er mars 2025", date(2025, 3, 1), "day"),
        ("5 de mayo de 2024", date(2024, 5, 5), "day"),
        ("2025-03-04", date(2025, 3, 4), "day"),
        ("Mar 2025", date(2025, 3, 1), "month"),
        ("Q3 2024", date(2024, 7, 1), "quarter"),
        ("last month", date(2025, 1, 1), "month"),
        ("last quarter", date(2024, 10, 1), "quarter"),
        ("last year", date(2024, 1, 1), "year"),
        ("in March", date(2024, 3, 1), "month"),
        ("yesterday", date(2025, 2, 9), "day"),
    ],
)
def test_dates_relative_to_the_day_of_publication(text: str, first: date, precision: str) -> None:
    mention = next(find_dates(text, date(2025, 2, 10)), None)
    assert mention is not None
    assert (mention.first, mention.precision) == (first, precision)


@pytest.mark.parametrize("text", ["05/11/2025", "last month", "someday", "version 2.0.2025.1", "may contain"])
def test_ambiguous_or_unanchored_dates_are_not_read(text: str) -> None:
    assert list(find_dates(text)) == []


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Austin, Texas", ("Austin", "Texas", "US")),
        ("Atlanta, Georgia", ("Atlanta", "Georgia", "US")),
        ("Tbilisi, Georgia", ("Tbilisi", None, "GE")),
        ("Paris, TX", ("Paris", "Texas", "US")),
        ("Hamburg, DE", ("Hamburg", None, "DE")),
        ("Wilmington, DE", ("Wilmington", "Delaware", "US")),
        ("München, Deutschland", ("München", None, "DE")),
        ("12 Rue X, 75002 Paris, France", ("Paris", None, "FR")),
        ("Berlin", ("Berlin", None, "DE")),
        ("Singapore", (None, None, "SG")),
        ("Singapore, Singapore", ("Singapore", None, "SG")),
        ("London, England, United Kingdom", ("London", "England", "GB")),
        ("Cardiff, Wales, UK", ("Cardiff", "Wales", "GB")),
        ("Berlin, Germany, DE", ("Berlin", None, "DE")),
        ("Pune, MH, India", ("Pune", None, "IN")),
    ],
)
def test_places(line: str, place: tuple[str | None, str | None, str]) -> None:
    assert parse_place(line) == place


@pytest.mark.parametrize("line", ["Springfield", "everywhere", "", "remote", "our hearts", "123"])
def test_places_without_a_country_are_not_guessed(line: str) -> None:
    assert parse_place(line) is None


def test_countries_and_regions() -> None:
    assert [country_code(name) for name in ("Deutschland", "Allemagne", "UK", "USA", "日本")] == [
        "DE",
        "DE",
        "GB",
        "US",
        "JP",
    ]
    assert country_code("Korea") is None
    assert region_countries("DACH") == {"DE", "AT", "CH"}
    assert {"FR", "SA", "ZA"} <= (region_countries("EMEA") or set())
    assert region_countries("the Moon") is None
    assert city_country("San Francisco") == "US"


def test_industries_have_unique_codes_and_parents() -> None:
    codes = [industry.code for industry in INDUSTRIES]
    assert len(set(codes)) == len(codes)
    assert all(industry.parent is None or industry.parent in codes for industry in INDUSTRIES)
    assert all(len(industry.naics) == 2 for industry in INDUSTRIES)
    names: dict[str, str] = {}
    for industry in INDUSTRIES:
        for alias in (industry.label, *industry.aliases):
            assert names.setdefault(alias.casefold(), industry.code) == industry.code


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Logistik", "logistics"),
        ("Computer Software", "software"),
        ("Services-Prepackaged Software", "software"),
        ("the automotive industry", "automotive"),
        ("Öffentlicher Dienst", "government"),
        ("financial_services", "financial_services"),
        ("Food & Beverage", "food_beverage"),
        ("we love logistics", None),
    ],
)
def test_industry_labels(label: str, code: str | None) -> None:
    assert industry_code(label) == code


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Chief Revenue Officer", "economic"),
        ("CTO", "technical"),
        ("Head of IT", "technical"),
        ("General Counsel", "legal_procurement"),
        ("Executive Assistant to the CEO", "gatekeeper"),
        ("Sales Operations Manager", "champion"),
        ("Account Manager", "user"),
        ("Software Engineer", None),
    ],
)
def test_titles_and_the_part_they_play(title: str, role: str | None) -> None:
    assert role_of_title(title) == role


def test_roles_and_terms_have_aliases() -> None:
    assert buying_role("Economic buyer") == "economic"
    assert canonical_term("certification", "ISO/IEC 27001:2022") == "ISO 27001"
    assert canonical_term("certification", "SOC 2 (Type II)") == "SOC 2 Type II"
    assert canonical_term("funding_stage", "Series B") == "series_b"
    assert canonical_term("funding_stage", "Series Z") is None
