"""Whose tools a page speaks of: comparisons, manuals, transcripts, reviews and listings speak of other people's."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from rule_reading import ACCOUNT

from agent.extraction.rules import extract_by_rules
from agent.grounding import ground, ground_all
from agent.grounding.genre import genre_of
from agent.models import Claim, RejectedClaim, SourceDocument, text_id
from tools.pages.purpose import guess_purpose


def page(text: str, path: str = "/stack", title: str = "Halvard", host: str = "halvard.example", dated: bool = False) -> SourceDocument:  # fmt: skip
    url = f"https://{host}{path}"
    guess = guess_purpose(url)
    return SourceDocument(
        id=text_id(text),
        url=url,
        final_url=url,
        kind="website",
        source="website",
        tier="first-party-text",
        title=title,
        text=text,
        language="en",
        fetched_at=datetime(2026, 6, 1, tzinfo=UTC),
        published_at=date(2026, 5, 1) if dated else None,
        purpose="home" if path == "/" else guess.purpose if guess else "other",
    )


def tools(document: SourceDocument) -> list[str]:
    """Return "relation product" of what rules read and grounding believes."""
    found, _ = ground_all(
        extract_by_rules(document, ACCOUNT), {document.id: document}, ACCOUNT, date(2026, 6, 1)
    )
    return sorted(
        f"{each.value['relation']} {each.value['product']}"
        for each in found
        if each.attribute == "technology" and isinstance(each.value, dict)
    )


@pytest.mark.parametrize(
    ("path", "title", "host", "dated", "genre"),
    [
        ("/", "Best CRM software for hauliers", "halvard.example", False, "own"),
        ("/product/routing", "Routing", "halvard.example", False, "own"),
        ("/integrations", "Integrations", "halvard.example", False, "own"),
        ("/aws-partnership", "Halvard and AWS", "halvard.example", False, "own"),
        ("/faq", "Questions and answers", "halvard.example", False, "own"),
        ("/slack-alternatives", "", "halvard.example", False, "comparison"),
        ("/halvard-vs-northmark", "", "halvard.example", False, "comparison"),
        ("/best-accounting-software", "", "halvard.example", False, "comparison"),
        ("/crm-software", "The 12 best CRM tools for 2026", "halvard.example", False, "comparison"),
        ("/podcast/ep-12-growth", "", "halvard.example", False, "others"),
        ("/growth", "Episode 12: a conversation with a buyer", "halvard.example", False, "others"),
        ("/customer-reviews", "", "halvard.example", False, "others"),
        ("/marketplace/route-sync", "", "halvard.example", False, "others"),
        ("/directory/agencies", "", "halvard.example", False, "others"),
        ("/threads/new-tool.12", "", "community.halvard.example", False, "others"),
        ("/routing/setup", "", "docs.halvard.example", False, "instructions"),
        ("/docs/setup", "", "halvard.example", False, "instructions"),
        ("/crm", "What is a CRM?", "halvard.example", False, "instructions"),
        ("/mail-not-syncing", "", "halvard.example", False, "instructions"),
        ("/news/a-partner", "News", "halvard.example", False, "article"),
        ("/on-routing", "On routing", "halvard.example", True, "article"),
        ("/2026/on-routing", "On routing", "halvard.example", False, "article"),
    ],
)
def test_address_title_and_date_tell_the_genre(
    path: str, title: str, host: str, dated: bool, genre: str
) -> None:
    assert genre_of(page("text", path, title, host, dated)) == genre


@pytest.mark.parametrize(
    ("text", "path", "title", "expected"),
    [
        ("Integrates seamlessly with Salesforce and Slack.", "/features/crm", "CRM", ["integrates_with Salesforce", "integrates_with Slack"]),
        ("Integrates seamlessly with Salesforce and Slack.", "/best-crm-tools", "", []),
        ("The system integrates with Salesforce.", "/news/northmark-review", "", []),
        ("Halvard integrates with Salesforce.", "/northmark-alternatives", "", ["integrates_with Salesforce"]),
        ("Our Salesforce plugin copies every visit.", "/northmark-alternatives", "", ["integrates_with Salesforce"]),
        ("Unlike Halvard, Northmark integrates with Salesforce.", "/northmark-alternatives", "", []),
        ("We use Salesforce to track our deals.", "/how-we-sell", "How we sell", ["uses Salesforce"]),
        ("We use Salesforce to track our deals.", "/podcast/ep12", "", []),
        ("We use Salesforce to track our deals.", "/customer-reviews", "", []),
        ("We use Salesforce to track our deals.", "/marketplace/route-sync", "", []),
        ("At Halvard we use Salesforce to track our deals.", "/podcast/ep12", "", ["uses Salesforce"]),
        ("Connect Salesforce to your Kafka cluster.", "/docs/setup", "", []),
        ("Salesforce connector", "/docs/connectors", "", ["integrates_with Salesforce"]),
        ("Halvard connects to Salesforce by a key.", "/docs/setup", "", ["integrates_with Salesforce"]),
        ("You can connect to Halvard from Salesforce.", "/docs/setup", "", []),
        ("Connect to your Managed Kafka clusters.", "/platform", "Platform", []),
        ("Teams still face Salesforce integration challenges.", "/platform", "Platform", []),
        ("Salesforce, Snowflake partner to unite their clouds.", "/topics-of-today", "", []),
        ("Move your e-mail, files and apps to Microsoft 365.", "/cloud", "Cloud", []),
        ("Available as an add-on to any Microsoft 365 plan.", "/calls", "Calls", []),
        ("We push each change to GitHub.", "/engineering", "Engineering", []),
        ("Pull metrics and logs to Grafana.", "/platform", "Platform", ["integrates_with Grafana"]),
        ("It needs a constant connection to Microsoft 365.", "/mail-tips", "Mail", []),
        ("The self-hosted route stack — Grafana and InfluxDB on one box.", "/product/dashboard", "Dashboard", []),
        ("Tech stack: Grafana, Kafka", "/engineering", "Engineering", ["uses Grafana", "uses Kafka"]),
        ("New at Northmark: an integration with Zoom.", "/news/northmark-grows", "Northmark grows", []),
        ("Halvard adds an integration with Zoom.", "/news/halvard-grows", "News", ["integrates_with Zoom"]),
        ("QuickBooks and Slack integrations are currently in active development.", "/platform", "", []),
        ("Integrates with Slack (coming soon).", "/platform", "Platform", []),
        ("The framework to develop apps for Slack.", "/platform", "Platform", []),
        ("Apps for Slack and Jira are included.", "/platform", "Platform", ["integrates_with Jira", "integrates_with Slack"]),
        ("Agentur Bonn / Schnittstellen Programmierung / Chargebee Integration", "/leistungen", "", []),
    ],
)  # fmt: skip
def test_only_the_accounts_own_tools_are_its_own(
    text: str, path: str, title: str, expected: list[str]
) -> None:
    assert tools(page(text, path, title)) == expected


@pytest.mark.parametrize(
    ("attribute", "value", "text"),
    [
        ("technology", {"product": "Salesforce", "relation": "uses"}, "We use Salesforce to track our deals."),
        ("certification", "SOC 2", "We are SOC 2 certified."),
        ("employee_count", {"exact": 500, "low": 500, "high": 500}, "We have 500 employees in Berlin."),
        ("headquarters", {"city": "Berlin", "country": "DE"}, "We are headquartered in Berlin, Germany."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/marketplace/route-sync", "/customer-reviews", "/podcast/ep12"])
def test_an_unsigned_we_of_a_third_party_is_not_the_accounts(
    attribute: str, value: object, text: str, path: str
) -> None:
    document = page(text, path)
    claim = Claim.model_validate(
        {
            "attribute": attribute,
            "value": value,
            "quote": text,
            "document": document.id,
            "extractor": "llm:test",
        }
    )
    found = ground(claim, document, ACCOUNT, date(2026, 6, 1))
    assert isinstance(found, RejectedClaim)
    assert found.reason == "wrong_subject"
    about = page(text, "/about")
    own = ground(claim.model_copy(update={"document": about.id}), about, ACCOUNT, date(2026, 6, 1))
    assert not isinstance(own, RejectedClaim)


def test_a_models_claim_from_a_comparison_is_refused_too() -> None:
    document = page("The system integrates with Salesforce.", "/northmark-alternatives")
    claim = Claim(
        attribute="technology",
        value={"product": "Salesforce", "relation": "integrates_with"},
        quote=document.text,
        document=document.id,
        extractor="llm:test",
    )
    found = ground(claim, document, ACCOUNT, date(2026, 6, 1))
    assert isinstance(found, RejectedClaim)
    assert found.reason == "wrong_subject"


def test_the_rule_itself_makes_no_claim_of_others_tools() -> None:
    document = page("The system integrates with Salesforce.", "/northmark-alternatives")
    assert not [each for each in extract_by_rules(document, ACCOUNT) if each.attribute == "technology"]


def test_a_guest_who_names_the_account_in_passing_speaks_of_himself() -> None:
    assert tools(page("We use Salesforce next to Halvard.", "/podcast/ep12")) == []


@pytest.mark.parametrize(("path", "believed"), [("/customers/northmark", False), ("/security", True)])
def test_an_unsigned_we_in_a_customers_story_holds_no_certificate_of_the_account(
    path: str, believed: bool
) -> None:
    document = page("We are SOC 2 certified.", path)
    claim = Claim(
        attribute="certification",
        value="SOC 2",
        quote=document.text,
        document=document.id,
        extractor="llm:test",
    )
    found = ground(claim, document, ACCOUNT, date(2026, 6, 1))
    assert isinstance(found, RejectedClaim) is not believed
