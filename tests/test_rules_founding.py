"""The founding year, and the years that are something else."""

from __future__ import annotations

import pytest
from rule_reading import claims_of, page

from tools.documents import PagePurpose


def years(text: str, purpose: PagePurpose = "about") -> list[object]:
    return [claim.value for claim in claims_of(page(text, purpose), "founded_year")]


@pytest.mark.parametrize(
    "text",
    [
        "Halvard was founded in 2012 by two dispatchers.",
        "Founded in 2012, Halvard moves freight.",
        "Founded in 2012 by Ada and Bob, we move freight.",
        "We were founded in Oslo in 2012.",
        "Our company was established in March 2012.",
        "The company was incorporated on 3 May 2012.",
        "We have been in business since 2012.",
        "Ada and Bob founded Halvard in 2012.",
        "Back in 2012, Halvard was founded by a small team.",
        "Founded: 2012",
        "Founded\n2012",
        "2012\nFounded",
        "Est. 2012",
        "Wir wurden 2012 gegründet.",
        "Halvard wurde im Jahr 2012 von zwei Disponenten gegründet.",
        "Gegründet 2012, beliefern wir heute ganz Europa.",
        "Gründungsjahr: 2012",
        "Fondée en 2012, Halvard transporte vos marchandises.",
        "Nuestra empresa fue fundada en 2012.",
        "La nostra azienda, fondata nel 2012, è leader.",
        "Ons bedrijf is opgericht in 2012.",
        "Nossa empresa foi fundada em 2012.",
    ],
)
def test_founding_year_is_read(text: str) -> None:
    assert years(text) == [2012]


@pytest.mark.parametrize(
    "text",
    [
        "We founded the category in 2012.",
        "© 2012 Halvard. All rights reserved.",
        "Since 2012 customers have trusted us.",
        "Our Berlin office was established in 2012.",
        "Our community was founded in 2012.",
        "Ada previously founded Osterfield in 2012.",
        "He was CEO of Osterfield, founded in 2012.",
        "Founded in 2012, Osterfield Tools is our customer.",
        "Osterfield Tools was founded in 2012.",
        "We launched our mobile app in 2012.",
        "In 2012, we won three awards.",
        "Copyright 2012-2026",
        "Founded in 2099, we come from the future.",
        "The Halvard Foundation was established in 2012 by our team.",
        "We raised our seed round in 2012.",
    ],
)
def test_other_years_are_not_the_founding_year(text: str) -> None:
    assert years(text) == []


def test_blogs_and_customer_stories_do_not_speak_for_the_account() -> None:
    assert years("Founded in 1987, we make tools.", "customers") == []
    assert years("Founded in 1987, we make tools.", "blog") == []


@pytest.mark.parametrize(
    "text",
    [
        "2012\nFounding of Halvard in Leeds\n2016\nA second office",
        "2012 – Founding of the company",
        "2012\nHalvard is founded in Leeds",
        "2012\nGründung von Halvard",
        "2012\nNaissance de Halvard",
        "2012\nFundación de la empresa",
        "2012\nOprichting van Halvard",
        "Ever since 2012 we have been doing one thing.",
        "C'est en 2012 que Halvard est née à Lille.",
        "Im Jahr 2012 wurde Halvard als kleiner Betrieb gegründet.",
    ],
)
def test_a_row_of_a_timeline_tells_the_year(text: str) -> None:
    assert years(text) == [2012]


@pytest.mark.parametrize(
    "text",
    [
        "2012\nFounding of Osterfield",
        "Established in 2012 as a way to support open source.",
        "2012\nFounding of the Leeds office",
        "2012\nOsterfield is founded",
        "2012\nOur first customer",
        "2012\n40 employees",
        "2030\nFounding of Halvard Mars",
    ],
)
def test_other_rows_of_a_timeline_are_left(text: str) -> None:
    assert years(text) == []
