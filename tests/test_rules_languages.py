"""What companies announce and say of themselves in seven languages, and what only looks like it."""

from __future__ import annotations

import pytest
from rule_reading import evidence_of, page

from tools.documents import PagePurpose


def found(
    text: str, attribute: str, purpose: PagePurpose = "about", language: str | None = None
) -> list[object]:
    """Return the values of one attribute that rules claim and grounding accepts."""
    document = page(text, purpose, language=language)
    return [each.value for each in evidence_of(document, attribute) if each.polarity == "asserts"]


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("38 people now work with us.", 38),
        ("Some 640 people work for Halvard in Cork.", 640),
        ("There are roughly 640 of us, spread over Cork.", 640),
        ("Counting 600 to 650 employees, Halvard is among the better known firms.", 600),
        ("The Halvard team totals about 400.", 400),
        ("We employ between 200 and 250 people.", 200),
        ("Zu uns gehören 12.000–12.500 Beschäftigte.", 12_000),
        ("Wir beschäftigen zwischen 200 und 250 Mitarbeitende.", 200),
        ("Die Belegschaft von Halvard umfasst 81 Mitarbeitende.", 81),
        ("Avec près de 1 600 collaborateurs, Halvard intervient dans plusieurs pays.", 1600),
        ("643 personnes travaillent pour Halvard.", 643),
        ("Wij zijn met ongeveer 38 mensen.", 38),
        ("El equipo de Halvard es de 38 empleados.", 38),
    ],
)
def test_size_is_read_however_it_is_told(text: str, low: int) -> None:
    assert [value["low"] for value in found(text, "employee_count") if isinstance(value, dict)] == [low]


@pytest.mark.parametrize(
    "text",
    [
        "Since 2019, Halvard has been a subsidiary of Marbrecht Group, which employs 18,000 people.",
        "Castell Foods, which has 8,700 employees, saves a fifth with Halvard.",
        "Unsere Mutter ist die Marbrecht AG, die 18.000 Mitarbeiter beschäftigt.",
        "Nous appartenons à Marbrecht, qui emploie 18 000 salariés.",
        "Halvard Marine (620 employees) is not affiliated with us.",
        "We are part of Marbrecht Group (18,000 employees).",
    ],
)
def test_a_clause_or_bracket_counts_for_the_name_it_hangs_on(text: str) -> None:
    assert found(text, "employee_count") == []


@pytest.mark.parametrize(
    ("text", "language", "year"),
    [
        ("La société existe depuis 1961.", "fr", 1961),
        ("Nous avons créé l'entreprise en 1997 à Liège.", "fr", 1997),
        ("Depuis 1986, nous faisons le même métier.", "fr", 1986),
        ("Het begon allemaal in 1989 in Zwolle.", "nl", 1989),
        ("Wij zijn in 1974 begonnen in Zwolle.", "nl", 1974),
        ("Seit 1986 machen wir genau das.", "de", 1986),
        ("Die Gründung erfolgte 1969.", "de", 1969),
        ("Halvard, founded in 1990, makes pumps.", "en", 1990),
    ],
)
def test_beginnings_are_told_in_many_words(text: str, language: str, year: int) -> None:
    assert found(text, "founded_year", language=language) == [year]


@pytest.mark.parametrize(
    "text",
    [
        "Halvard hat Ferrovale übernommen, gegründet 1959.",
        "Halvard a racheté Tallowmere, société fondée en 1935.",
        "Halvard ha adquirido Grindelow, fundada en 1944.",
        "Halvard heeft Ferrovale overgenomen, opgericht in 1964.",
        "Halvard Marine (620 salariés, fondée en 1974 à Malmö) n'a aucun lien avec nous.",
        "Nordhaven, founded in 1990, is our partner.",
        "Seit 2019 sind wir nach ISO 9001 zertifiziert.",
        "Since 2015 we have been customers of the bank.",
    ],
)
def test_another_company_s_beginning_is_not_the_account_s(text: str) -> None:
    assert found(text, "founded_year") == []


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Halvard is gevestigd in Breda.", "Breda"),
        ("Ons hoofdkantoor staat in Zwolle.", "Zwolle"),
        ("Halvard hat seine Zentrale in Kassel, Deutschland.", "Kassel"),
        ("Halvard est basée à Lyon.", "Lyon"),
    ],
)
def test_head_offices_in_other_languages(text: str, city: str) -> None:
    assert [value["city"] for value in found(text, "headquarters") if isinstance(value, dict)] == [city]


def test_a_customer_s_head_office_is_not_the_account_s() -> None:
    assert found("Nordhaven is gevestigd in Amsterdam.", "headquarters") == []
    assert found("Unser Kunde hat seine Zentrale in Berlin.", "headquarters") == []


@pytest.mark.parametrize(
    ("text", "attribute", "part"),
    [
        ("Halvard hat Ferrovale übernommen.", "acquisition", {"role": "acquirer", "other": "Ferrovale"}),
        ("Halvard a racheté Tallowmere, un spécialiste.", "acquisition", {"other": "Tallowmere"}),
        ("Halvard heeft Grindelow overgenomen.", "acquisition", {"other": "Grindelow"}),
        ("Halvard ha adquirido Grindelow.", "acquisition", {"other": "Grindelow"}),
        ("Halvard acquires Cedarwick May 27, 2026", "acquisition", {"other": "Cedarwick"}),
        ("Halvard buys Cedarwick 23 August 2025", "acquisition", {"other": "Cedarwick"}),
        ("Halvard a conclu un partenariat avec Tallowmere.", "partnership", {"partner": "Tallowmere"}),
        ("Halvard gaat een samenwerking aan met Ferrovale.", "partnership", {"partner": "Ferrovale"}),
        ("Halvard ha firmado una alianza con Tallowmere.", "partnership", {"partner": "Tallowmere"}),
        ("Halvard hat Netzlotse vorgestellt.", "product_launch", {"product": "Netzlotse"}),
        ("Halvard ha lanzado Salavista.", "product_launch", {"product": "Salavista"}),
        ("Halvard heeft Netloods gelanceerd.", "product_launch", {"product": "Netloods"}),
        ("Halvard ouvre un nouveau bureau à Lille, France.", "expansion", {"kind": "office"}),
        ("Halvard hat ein neues Büro in Münster eröffnet.", "expansion", {"place": "Münster"}),
        ("Halvard entlässt 12 Mitarbeiter.", "layoffs", {"count": 12}),
        ("Halvard licencie 40 salariés.", "layoffs", {"count": 40}),
        ("Halvard heeft een nieuwe marketingdirecteur aangesteld.", "leadership_change", {"change": "appointed"}),
    ],
)  # fmt: skip
def test_announcements_in_other_languages(text: str, attribute: str, part: dict[str, object]) -> None:
    values = found(text, attribute, purpose="press")
    assert len(values) == 1
    assert isinstance(values[0], dict)
    assert part.items() <= values[0].items()


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("Nordhaven hat Ferrovale übernommen.", "acquisition"),
        ("Halvard hat Ferrovale nicht übernommen.", "acquisition"),
        ("Halvard soll Ferrovale übernommen haben.", "acquisition"),
        ("Halvard ne licencie pas 40 salariés.", "layoffs"),
        ("Nordhaven licencie 40 salariés.", "layoffs"),
        ("Nordhaven lance Quizport.", "product_launch"),
    ],
)
def test_denied_rumoured_and_foreign_announcements_are_none(text: str, attribute: str) -> None:
    assert found(text, attribute, purpose="press") == []


@pytest.mark.parametrize(
    ("text", "attribute", "purpose", "value"),
    [
        ("The ISO 27001 report is available on request.", "certification", "security", "ISO 27001"),
        ("Unser ISO 14001-Zertifikat wurde in diesem Jahr erneuert.", "certification", "security", "ISO 14001"),
        ("Ons ISO 9001-certificaat is op aanvraag beschikbaar.", "certification", "security", "ISO 9001"),
        ("A documented API lets you automate everything.", "api_offered", "product", True),
        ("Une API documentée permet de tout automatiser.", "api_offered", "product", True),
        ("Pricing on request: ask our sales team for a quote.", "pricing_model", "pricing", "quote_based"),
        ("Offerte op maat: vraag een offerte aan.", "pricing_model", "pricing", "quote_based"),
        ("Paga solo por lo que usas: 29 € por cada mil peticiones.", "pricing_model", "pricing", "usage_based"),
        ("Vous payez 29 € par poste et par mois.", "pricing_model", "pricing", "per_seat"),
    ],
)  # fmt: skip
def test_trust_and_prices_in_plain_words(
    text: str, attribute: str, purpose: PagePurpose, value: object
) -> None:
    assert found(text, attribute, purpose=purpose) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "Eine SOC 2-Zertifizierung haben wir nicht.",
        "Wir sind nicht nach ISO 27001 zertifiziert.",
        "Een ISO 27001-certificering hebben wij niet.",
        "Nous ne sommes pas certifiés ISO 27001.",
        "The ISO 27001 report of your vendor is available on request.",
    ],
)
def test_a_denied_or_foreign_certificate_is_none(text: str) -> None:
    language = "fr" if text.startswith("Nous") else None
    assert found(text, "certification", purpose="security", language=language) == []


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Halvard a levé 92 M€ lors d'un tour de Série C mené par Ostrelle Capital.", "series_c"),
        ("Halvard ha cerrado una ronda Serie A de 12 M€, liderada por Ostrelle Capital.", "series_a"),
        ("Halvard sammelt 12 Mio. € in einer Series-A-Finanzierung ein.", "series_a"),
        ("Halvard heeft 44 miljoen euro opgehaald in een Series B-ronde.", "series_b"),
    ],
)
def test_rounds_keep_their_stage(text: str, stage: str) -> None:
    assert [
        value["stage"] for value in found(text, "funding_round", purpose="press") if isinstance(value, dict)
    ] == [stage]


@pytest.mark.parametrize(
    "part", ["Aa", "nicht ", "Halvard (", "Halvard hat Halvard ", "which has 5 ", "entreprise de "]
)
def test_a_size_behind_hostile_repetition_is_read(part: str) -> None:
    filler = (part * 12_000)[:12_000]
    assert found(filler, "employee_count") == []
    assert found(f"{filler}\nHalvard has 40 employees.", "employee_count") == [
        {"exact": 40, "low": 40, "high": 40}
    ]
