"""One address and several, offices in countries, and how a site says it charges and sells."""

from __future__ import annotations

import pytest
from rule_reading import evidence_of, page

from tools.documents import PagePurpose


def facts(text: str, attribute: str, purpose: PagePurpose = "home", footer: str = "") -> list[object]:
    """Return the values of what the rules claim and grounding accepts."""
    document = page(
        f"{text}\n{footer}" if footer else text,
        purpose,
        url="https://halvard.example/",
        tier="first-party-structured" if purpose == "structured_data" else "first-party-text",
        footer_start=len(text) + 1 if footer else None,
    )
    return [each.value for each in evidence_of(document, attribute)]


AUSTIN = {"city": "Austin", "region": "Texas", "country": "US"}


@pytest.mark.parametrize(
    ("footer", "place"),
    [
        ("210 Pecan St, Suite 4, Austin TX 78701, USA", AUSTIN),
        ("210 Pecan Street\nAustin, TX 78701", AUSTIN),
        ("210 Pecan Street\nAustin TX, 78701\nUnited States of America", AUSTIN),
        ("Hafenweg 12, 48155 Münster, Germany", {"city": "Münster", "region": None, "country": "DE"}),
        ("Prosta 4, 80-868 Gdańsk, Poland", {"city": "Gdańsk", "region": None, "country": "PL"}),
    ],
)
def test_a_footers_only_address_is_the_head_office(footer: str, place: object) -> None:
    assert facts("Pallets.", "headquarters", footer=footer) == [place]


@pytest.mark.parametrize(
    "footer",
    [
        "210 Pecan St, Austin TX 78701, USA\n9 Elm Ave, Boston MA 02110, USA",
        "Halvard Inc. 1209 Orange Street Wilmington, DE 19801, USA",
        "8 The Green, Dover, DE 19901, USA",
        "Write to our head office.\n210 Pecan St, Austin TX 78701, USA\n9 Elm Ave, Boston MA 02110, USA",
        "© 2026 Halvard, Austin TX 78701",
        "Banking services by Pecan Bank, 210 Pecan St, Austin TX 78701, USA",
        "Call 512-555-0100 Austin TX 78701",
        "78701 Austin",
    ],
)
def test_several_shared_or_foreign_addresses_are_none(footer: str) -> None:
    assert facts("Pallets.", "headquarters", footer=footer) == []


@pytest.mark.parametrize(
    "text",
    [
        "Pallets from three offices on two continents.",
        "We have offices in Austin, Boston and Leeds.",
        "See all our locations.",
        "Vier Standorte, ein Team.",
    ],
)
def test_one_address_of_a_company_with_several_offices_is_not_its_head_office(text: str) -> None:
    assert facts(text, "headquarters", footer="210 Pecan St, Suite 4, Austin TX 78701, USA") == []


def test_a_street_is_not_a_city() -> None:
    footer = "2520 Amber Cir, Newbury Park, CA 91320"
    assert {"Amber Cir"}.isdisjoint(str(each) for each in facts("x", "headquarters", footer=footer))


def test_an_address_in_the_middle_of_a_home_page_is_not_its_own() -> None:
    assert facts("Visit the fair:\n210 Pecan St, Austin TX 78701, USA\nMore", "headquarters") == []


def test_a_mail_drop_in_json_ld_is_no_head_office() -> None:
    node = '{"@type":"Organization","name":"Halvard","address":{"streetAddress":"%s","addressLocality":"%s","addressRegion":"%s","addressCountry":"US"}}'
    assert facts(node % ("2810 N. Church St", "Wilmington", "DE"), "headquarters", "structured_data") == []
    assert facts(node % ("210 Pecan St", "Austin", "TX"), "headquarters", "structured_data") == [AUSTIN]


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("We have offices in Berlin, Paris and Austin.", ["DE", "FR", "US"]),
        ("Halvard operates in Spain and Portugal.", ["ES", "PT"]),
        ("Mexico Office\nAmado 4, Zapopan", ["MX"]),
        ("Our customers have offices in Berlin and Paris.", []),
        ("We help brands with offices in Berlin.", []),
        ("The fair operates in Spain.", []),
        ("We operate in 36 markets.", []),
        ("Box Office", []),
    ],
)
def test_offices_and_business_name_the_countries(text: str, countries: list[str]) -> None:
    assert sorted(map(str, facts(text, "operating_region", "about"))) == countries


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Start your free trial", "free_trial"),
        ("Join with a free 14-day trial today.", "free_trial"),
        ("30-Day Free Trial – no credit card", "free_trial"),
        ("Free forever.", "freemium"),
        ("Try our free plan.", "freemium"),
        ("$15/user/month", "per_seat"),
        ("Only pay for what you use.", "usage_based"),
        ("You are charged a 2.9% + 15¢ transaction fee.", "transaction_fee"),
        ("Plans starting at $20/month.", "subscription"),
        ("Request pricing", "quote_based"),
    ],
)
def test_a_home_page_says_how_it_charges(text: str, model: str) -> None:
    assert model in facts(text, "pricing_model")


@pytest.mark.parametrize(
    "text",
    [
        "Unlike other tools with a free plan, we charge from day one.",
        "There is no free trial.",
        "Both have a free plan.",
        "Without per user fees",
        "Risk-free 99 day trial",
        "Do you offer a free trial?",
        "This is a huge step for viewers everywhere, because live television can be costly, but most services offer a free trial.",
        "Save $20 this month",
        "Start free shipping",
    ],
)
def test_what_others_charge_or_nobody_does_is_left(text: str) -> None:
    assert facts(text, "pricing_model") == []


@pytest.mark.parametrize(
    ("text", "motion"),
    [
        ("Get started for free Book demo", {"self_serve", "sales_led"}),
        ("Try it free Book a demo", {"self_serve", "sales_led"}),
        ("Get a demo Start 14-day free trial", {"self_serve", "sales_led"}),
        ("Get started Contact sales", {"sales_led"}),
        ("Start for free View pricing", {"self_serve"}),
        ("Get a demo of how others work, and write us what you think about it, please", set()),
        ("Start free shipping", set()),
    ],
)
def test_buttons_tell_how_it_sells(text: str, motion: set[str]) -> None:
    assert set(map(str, facts(text, "go_to_market"))) == motion


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("The platform for devs who like ships.", ["developers"]),
        ("Our mission is to empower small merchants everywhere.", ["small_business"]),
        ("Built for engineers.", ["developers"]),
        ("Osterfield: an accelerator designed for startups.", []),
        ("Is there software for small businesses?", []),
    ],
)
def test_whom_it_serves(text: str, segment: list[str]) -> None:
    assert facts(text, "customer_segment", "about") == segment


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        ("Halvard Cloud is a SaaS product operated by us.", "business_model", "saas"),
        ("Halvard is the largest online store for oars.", "business_model", "ecommerce"),
        ("Integrate through our SDKs and APIs.", "api_offered", True),
    ],
)
def test_models_and_interfaces(text: str, attribute: str, value: object) -> None:
    assert facts(text, attribute) == [value]


def test_benefits_for_other_peoples_employees_are_no_headcount() -> None:
    assert (
        facts("We provide health benefits to over 55,000 employees across Europe.", "employee_count", "about")
        == []
    )
    grown = facts("Halvard has grown to 300 employees.", "employee_count", "about")
    assert grown == [{"exact": 300, "low": 300, "high": 300}]


def test_a_standard_that_is_explained_is_not_held() -> None:
    text = "The CSA STAR certification is a rigorous assessment of the security of a provider."
    assert facts(text, "certification", "security") == []


def test_an_unnamed_clients_round_is_not_the_accounts() -> None:
    text = "A well-funded AI startup, having secured $20M in funding, partnered with us to grow its team."
    assert facts(text, "funding_round") == []


def test_the_sites_own_brand_is_no_parent() -> None:
    node = '{"@type":"Organization","name":"Halvard","parentOrganization":{"name":"The Pecan Group","url":"https://%s/"}}'
    assert facts(node % "halvard.example", "parent", "structured_data") == []
    assert facts(node % "pecan.example", "parent", "structured_data") == ["The Pecan Group"]


def test_the_company_in_news_of_a_deal_may_be_the_other_side() -> None:
    deal = "Halvard takes over Osterfield\nOsterfield makes oars. The company employs 2,900 people and staff."
    assert facts(f"{deal} The company has 2,900 employees.", "employee_count", "press") == []
    ours = facts("Halvard takes over Osterfield\nWe now have 410 employees.", "employee_count", "press")
    assert ours == [{"exact": 410, "low": 410, "high": 410}]


def test_working_by_a_standard_is_said_of_certifications() -> None:
    text = "Halvard operates in compliance with international standards such as ISO 9001 and ISO 27001."
    assert facts(text, "certification", "home") == ["ISO 9001", "ISO 27001"]


@pytest.mark.parametrize(
    ("row", "counted"),
    [
        ("20+\nyears of expertise\n1,500+\nprojects\n2,200+\nprofessionals", True),
        ("12\noffices\n640\nteam members", True),
        ("4M\nusers\n2,200+\nprofessionals", False),
        ("20+\nyears of expertise\n50,000+\nexperts", False),
        ("Hire top talent\n20+\nyears of expertise\n2,200+\nexperts", False),
        ("2,200+\nprofessionals", False),
    ],
)
def test_a_row_of_counters_tells_the_size(row: str, counted: bool) -> None:
    assert bool(facts(f"Oars for all\n{row}\nContact us", "employee_count")) is counted
    assert bool(facts("Oars for all", "employee_count", footer=row)) is counted


def test_a_reader_told_to_switch_is_not_the_account_leaving_a_tool() -> None:
    invited = "Import memory: switch from ChatGPT to Halvard with one integration"
    assert facts(invited, "technology") == []
    left = facts("We migrated from Salesforce to HubSpot last year.", "technology")
    assert [each["product"] for each in left if isinstance(each, dict)] == ["HubSpot"]


@pytest.mark.parametrize(
    "text",
    [
        "Our pricing is usage-based: $9 per unit, no minimum.",
        "Abrechnung nach Verbrauch: 9 € je tausend Anfragen.",
        "Facturation à l'usage, sans engagement.",
        "Pago por uso: 9 € por mil consultas.",
        "Afrekening naar gebruik: 9 € per duizend verzoeken.",
    ],
)
def test_charging_by_use_is_read(text: str) -> None:
    assert facts(text, "pricing_model", "pricing") == ["usage_based"]


def test_a_description_behind_an_apposition_is_the_accounts() -> None:
    assert facts("Acteur engagé, Halvard est une entreprise industrielle.", "industry") == [
        {"code": "manufacturing", "label": "Manufacturing"}
    ]
    assert facts("Acteur engagé, Osterfield est une entreprise industrielle.", "industry") == []
