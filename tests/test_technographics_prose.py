from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.technographics import match_prose, products
from tools.technographics.mentions import find_mentions

NOBODY = frozenset({"acme.example"})


def read(text: str, kind: str = "text", own: frozenset[str] = NOBODY) -> dict[str, str]:
    """Return each product's relation; "-" before it where the text denies it, "?" after it where weak."""
    found: dict[str, str] = {}
    for sighting in match_prose(text, own, kind):  # type: ignore[arg-type]
        mark = "-" if sighting.polarity == "denies" else ""
        found[sighting.product] = mark + sighting.relation + ("?" if sighting.strength == "weak" else "")
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use Salesforce, HubSpot and Slack.", {"Salesforce": "uses", "HubSpot": "uses", "Slack": "uses"}),
        ("Our team runs on Notion, Linear and Slack.", {"Notion": "uses", "Linear": "uses", "Slack": "uses"}),
        ("Our infrastructure runs in AWS.", {"AWS": "uses"}),
        ("Our platform is hosted on Google Cloud.", {"Google Cloud": "uses"}),
        ("This website uses Google Analytics.", {"Google Analytics": "uses"}),
        (
            "We use a mix of Python and Go for our backend, Postgres for storage, and Terraform.",
            {"Python": "uses", "Go": "uses", "PostgreSQL": "uses", "Terraform": "uses"},
        ),
        ("We host our data in AWS data centers in Frankfurt.", {"AWS": "uses"}),
        ("Payments are processed by Stripe.", {"Stripe": "uses?"}),
        ("Unsere Daten werden bei Hetzner gespeichert.", {"Hetzner": "uses?"}),
        ("Wir nutzen Matomo auf dieser Seite.", {"Matomo": "uses"}),
        ("Diese Website benutzt Google Analytics, einen Webanalysedienst.", {"Google Analytics": "uses"}),
        ("Nous utilisons HubSpot au quotidien.", {"HubSpot": "uses"}),
        ("Utilizamos Zendesk para atender a todos.", {"Zendesk": "uses"}),
        ("Wij gebruiken Mailchimp voor onze nieuwsbrief.", {"Mailchimp": "uses"}),
        ("Utilizamos o Pipedrive no dia a dia.", {"Pipedrive": "uses"}),
    ],
)
def test_first_person_use_on_a_website(text: str, expected: dict[str, str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Salesforce",
        "Customers who use Salesforce love Acme.",
        "Whether you use Salesforce or HubSpot, Acme fits.",
        "If you use Jira, you will feel at home.",
        "You can use HubSpot with it.",
        "Acme is the best HubSpot alternative.",
        "Compared to Zendesk, Acme is faster.",
        "We help companies that use Salesforce grow.",
        "We use best practices to help companies sell on Shopify.",
        "We leverage SAP's best practices.",
        "We may use Google Analytics.",
        "Before joining us, Kim worked at Stripe and Twilio.",
        "Read our guide: how to set up Mailchimp in a day.",
        "Our customers run on AWS.",
        "Trusted by teams at Shopify, Stripe and Figma.",
        "Migrate from Jira to Acme in minutes.",
        "Instead of Excel and Slack, use Acme.",
        "Does Acme integrate with Salesforce?",
        "We use Salesforce data to show your pipeline.",
        "",
    ],
)
def test_a_bare_name_or_someone_elses_tool_is_not_use(text: str) -> None:
    assert read(text) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Acme integrates with Salesforce and HubSpot.",
            {"Salesforce": "integrates_with", "HubSpot": "integrates_with"},
        ),
        ("Acme connects to your existing Snowflake account.", {"Snowflake": "integrates_with"}),
        ("Our Salesforce integration keeps data fresh.", {"Salesforce": "integrates_with"}),
        ("We are a certified Salesforce partner.", {"Salesforce": "sells"}),
        ("As an SAP Gold Partner, we know the way.", {"SAP ERP": "sells"}),
        ("We are migrating from Jira to Linear this year.", {"Jira": "migrating_from", "Linear": "uses?"}),
        ("We moved from Jira to Linear last year.", {"Jira": "-uses", "Linear": "uses"}),
        ("We are currently evaluating Snowflake.", {"Snowflake": "evaluates"}),
        ("We don't use Jira.", {"Jira": "-uses"}),
        ("We no longer use Zendesk.", {"Zendesk": "-uses"}),
    ],
)
def test_relations_other_than_use(text: str, expected: dict[str, str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You will manage our Salesforce org.", {"Salesforce": "uses"}),
        ("Day to day you'll work with Looker and dbt.", {"Looker": "uses", "dbt": "uses"}),
        ("Our tech stack:\nPython, Snowflake, dbt", {"Python": "uses", "Snowflake": "uses", "dbt": "uses"}),
        (
            "Tech stack: Ruby on Rails, React, PostgreSQL",
            {"Ruby on Rails": "uses", "React": "uses", "PostgreSQL": "uses"},
        ),
        ("3+ years of experience with Salesforce required", {"Salesforce": "uses?"}),
        ("Maintain accurate records in Salesforce", {"Salesforce": "uses?"}),
        ("Sehr gute Kenntnisse in SAP S/4HANA", {"SAP S/4HANA": "uses?"}),
        ("Salesforce Administrator\nBerlin", {"Salesforce": "uses?"}),
        ("Requirements\nSQL and Tableau", {"Tableau": "uses?"}),
        ("Experience with Tableau or Looker", {"Tableau": "nice_to_have?", "Looker": "nice_to_have?"}),
        ("Experience with a CRM (e.g. Pipedrive)", {"Pipedrive": "nice_to_have?"}),
        (
            "Experience with HubSpot, Marketo, or similar",
            {"HubSpot": "nice_to_have?", "Marketo Engage": "nice_to_have?"},
        ),
        ("Use Salesforce and Gong daily", {"Salesforce": "uses?", "Gong": "uses?"}),
        ("Tools: Salesforce, Gong", {"Salesforce": "uses?", "Gong": "uses?"}),
        ("Nice to have:\nZapier", {"Zapier": "nice_to_have?"}),
        ("Marketo experience is a plus", {"Marketo Engage": "nice_to_have?"}),
        ("No Marketo experience needed", {"Marketo Engage": "-nice_to_have?"}),
        (
            "You lead our migration from SAP ECC to S/4HANA.",
            {"SAP ERP": "migrating_from", "SAP S/4HANA": "uses?"},
        ),
        ("You will help our customers roll out Salesforce.", {}),
        ("We offer a Slack-like chat to all.", {}),
    ],
)
def test_job_postings(text: str, expected: dict[str, str]) -> None:
    assert read("Operations Manager\n" + text if "Berlin" not in text else text, "job") == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("React Native and React", ["React Native", "React"]),
        ("JavaScript, not Java", ["JavaScript", "Java"]),
        ("Amazon Web Services", ["AWS"]),
        ("We use Segment.io", ["Segment"]),
        ("a market segment and Segment leaders", []),
        ("Square enables us", []),
        ("We take payments with Square and Stripe", ["Square", "Stripe"]),
        ("our slack channel", []),
        ("Go to market with R&D", []),
        ("Go, Python and Rust", ["Go", "Python", "Rust"]),
        ("see https://slack.com/Slack for Slack", ["Slack"]),
        ("C# and C++ and .NET", ["C#", "C++", ".NET"]),
        ("Apollo Hospitals", []),
        ("front of the Box", []),
        ("Node.js/TypeScript", ["Node.js", "TypeScript"]),
    ],
)
def test_names_are_found_longest_first_and_ambiguous_ones_need_a_cue(
    sentence: str, expected: list[str]
) -> None:
    assert [mention.product.name for mention in find_mentions(sentence)] == expected


def test_longest_alias_wins_over_every_name_inside_it() -> None:
    for product in products():
        for name in (product.name, *product.aliases):
            if product.trust == "plain":
                assert [m.product.name for m in find_mentions(name)] == [product.name], name


def test_vendors_own_products_are_left_out() -> None:
    assert read("We use HubSpot and Jira.", own=frozenset({"hubspot.com"})) == {"Jira": "uses"}


def test_quote_of_a_long_sentence_is_the_clause_that_shows_it() -> None:
    text = (
        "After many years, "
        + "and some more words, " * 20
        + "we use Salesforce "
        + "for everything we do " * 20
        + "."
    )
    (sighting,) = match_prose(text, NOBODY, "text")
    assert text[sighting.start : sighting.end] == "we use Salesforce"


def test_quote_under_a_stack_heading_holds_the_heading() -> None:
    text = "Engineer\nOur stack\nKotlin\nTerraform\nBenefits\nPension"
    quotes = {s.product: text[s.start : s.end] for s in match_prose(text, NOBODY, "job")}
    assert quotes == {"Kotlin": "Our stack\nKotlin", "Terraform": "Our stack\nKotlin\nTerraform"}


_PIECE = st.one_of(
    st.text(max_size=30),
    st.sampled_from([product.name for product in products()]),
    st.sampled_from(
        [
            "We use ",
            "we no longer use ",
            " or ",
            ", ",
            "migrating from ",
            " to ",
            "\n",
            ". ",
            "Our stack:\n",
            " partner",
        ]
    ),
)


@given(st.lists(_PIECE, max_size=15).map("".join), st.sampled_from(["job", "text"]))
def test_any_text_gives_slices_that_hold_the_product(text: str, kind: str) -> None:
    for sighting in match_prose(text, NOBODY, kind):  # type: ignore[arg-type]
        quote = text[sighting.start : sighting.end]
        mentioned = {m.product.name for line in quote.split("\n") for m in find_mentions(line)}
        assert sighting.product in mentioned or any(
            name in quote
            for product in products()
            if product.name == sighting.product
            for name in (product.name, *product.aliases)
        )


@pytest.mark.parametrize(
    "unit", ["we use ", "our ", "a b ", "Slack, ", "no ", "(", "integrates ", "experience with ", "\n-"]
)
def test_a_product_behind_hostile_repetition_is_read(unit: str) -> None:
    text = "we use Slack " + unit * (150_000 // len(unit)) + " Salesforce.\nWe use Snowflake."
    found = {(sighting.product, sighting.relation) for sighting in match_prose(text, NOBODY, "job")}
    assert {("Slack", "uses"), ("Snowflake", "uses")} <= found <= {
        ("Slack", "uses"), ("Salesforce", "uses"), ("Snowflake", "uses"),
    }  # fmt: skip


@pytest.mark.shared
def test_real_company_pages_claim_no_use_they_do_not_state(shared: Path) -> None:
    from datetime import UTC, datetime

    from tools.fetching.api import Response
    from tools.pages.parse import parse_page

    claims = 0
    for path in sorted((shared / "fixtures" / "pages" / "homepages").glob("*.html")):
        domain = path.name.partition("__")[0]
        url = f"https://{domain}/"
        now = datetime(2026, 11, 1, tzinfo=UTC)
        page = parse_page(
            Response(url=url, final_url=url, status=200, body=path.read_bytes(), fetched_at=now)
        )
        for sighting in match_prose(page.text, frozenset({domain}), "text"):
            quote = page.text[sighting.start : sighting.end]
            if sighting.relation == "uses":
                claims += 1
                assert any(word in quote.lower() for word in ("we ", "our ", "powered by", "hosted")), quote
    # Marketing pages name many products and hardly ever say which ones the company works with.
    assert 1 <= claims <= 12


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("The team runs on Terraform.", {"Terraform": "uses"}),
        ("Our customer success team works in Zendesk.", {"Zendesk": "uses"}),
        ("The finance department relies on NetSuite.", {"NetSuite": "uses"}),
        ("Day to day you will live in Jira.", {"Jira": "uses"}),
        ("You keep Salesforce tidy, because it is our source of truth.", {"Salesforce": "uses"}),
        ("Wir arbeiten täglich mit Salesforce.", {"Salesforce": "uses"}),
        ("Bei uns ist HubSpot im Einsatz.", {"HubSpot": "uses"}),
        ("L'équipe s'appuie sur GitLab, notre outil central.", {"GitLab": "uses"}),
        ("Notre équipe utilise Salesforce.", {"Salesforce": "uses"}),
        ("Nuestro equipo trabaja con Jira.", {"Jira": "uses"}),
        ("El equipo usa HubSpot.", {"HubSpot": "uses"}),
        ("In het team gebruiken we Pipedrive.", {"Pipedrive": "uses"}),
        ("Wij werken dagelijks met Salesforce.", {"Salesforce": "uses"}),
        ("O time usa Jira.", {"Jira": "uses"}),
        ("Il nostro team utilizza Slack.", {"Slack": "uses"}),
        ("We stappen van Pipedrive over op Salesforce.", {"Pipedrive": "migrating_from", "Salesforce": "uses"}),
        ("Wir wechseln gerade von Pipedrive zu Salesforce.", {"Pipedrive": "migrating_from", "Salesforce": "uses"}),
    ],
)  # fmt: skip
def test_postings_say_what_the_team_works_with(text: str, relations: dict[str, str]) -> None:
    found = {each.product: each.relation for each in match_prose(text, frozenset(), "job")}
    assert found == relations


@pytest.mark.parametrize(
    "text",
    [
        "Wir arbeiten eng mit Salesforce zusammen.",
        "We werken samen met Salesforce.",
        "Your clients' team works in Zendesk all day.",
        "Connect with us on Slack.",
    ],
)
def test_working_together_with_a_vendor_is_not_use(text: str) -> None:
    assert not [each for each in match_prose(text, frozenset(), "text") if each.relation == "uses"]


@pytest.mark.parametrize(
    "text",
    [
        "Wir verwenden Salesforce nicht.",
        "Wij gebruiken Salesforce niet meer.",
        "Nous n'utilisons pas Salesforce.",
        "No usamos Salesforce.",
        "Non utilizziamo Salesforce.",
        "Não usamos Salesforce.",
    ],
)
def test_denied_use_is_denied_wherever_the_language_puts_the_word(text: str) -> None:
    found = match_prose(text, frozenset(), "text")
    assert [(each.product, each.relation, each.polarity) for each in found] == [
        ("Salesforce", "uses", "denies")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Our iOS developers leverage frameworks such as SwiftUI to deliver solutions with a smooth feel.",
        "As an app development company, we build apps and use React and Angular.",
        "In our implementation, we use Redis because it is fast.",
        "For example, here we use a Python shell.",
        "In this tutorial, we use Salesforce.",
        "Syncing code to GitHub does little for safety.",
        "Sensors connected to the cloud using CUDA learn faster.",
        "A retailer partnered with Acme for a warehouse and its integration with Power BI.",
        "HubSpot integration services",
        'It offers variables that are compatible with Docker\'s "legacy" links.',
    ],
)
def test_stacks_sold_tutorials_and_others_projects_say_nothing(text: str) -> None:
    assert read(text) == {}


def test_own_use_beside_such_words_still_counts() -> None:
    assert read("We use React and Python for our backend.") == {"React": "uses", "Python": "uses"}
    assert read("Our platform runs on AWS to deliver services fast.") == {"AWS": "uses"}
