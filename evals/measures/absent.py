"""What an account's web never says, value by value: every other value of a vocabulary that its labels exhaust.

A label that a whole attribute is absent is the hardest question, and there are few of them. A value that is
asserted though only others are said is an invention as well; these are many, and easier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import get_args

from pydantic import JsonValue

from agent.canonical.terms import terms
from agent.models import Fact
from evals.labels import Case
from evals.running.outcome import StoredText
from tools.documents import Department

PRODUCTS = frozenset(
    [
        "AWS", "Amazon SES", "Cookiebot", "Datadog", "Docker", "Drift", "GitHub", "GitLab", "Google Analytics",
        "Google Cloud", "Google Tag Manager", "Google Workspace", "Hotjar", "HubSpot", "Intercom", "Jenkins", "Jira",
        "Kafka", "Klaviyo", "Kubernetes", "LinkedIn Insight Tag", "Mailchimp", "Matomo", "Meta Pixel", "Microsoft 365",
        "Microsoft Azure", "Microsoft Dynamics 365", "Mixpanel", "NetSuite", "OneTrust", "Pipedrive", "PostgreSQL",
        "Power BI", "SAP S/4HANA", "Salesforce", "Segment", "SendGrid", "Shopify", "Slack", "Snowflake", "Tableau",
        "Terraform", "Zendesk",
    ]
)  # fmt: skip
"""The products that the synthetic accounts use or link: what one never names, another does."""
_WRITTEN_AS_NAMED = ("certification", "technology")
_FIELD = {"technology": "product", "hiring": "department", "funding_round": "stage"}


@lru_cache(maxsize=1)
def vocabularies() -> dict[str, frozenset[str]]:
    """Return the closed values of each attribute that is looked at."""
    return {
        "certification": frozenset(terms("certification")),
        "hiring": frozenset(get_args(Department)),
        "funding_round": frozenset(terms("funding_stage")),
        "technology": PRODUCTS,
    }


def absent_values(case: Case, texts: Sequence[StoredText]) -> Iterator[tuple[str, str]]:
    """Yield attribute and value for everything that nothing in the account's web says or tempts to.

    Labels that name a value, right, denied or rejected, take it out, and so does the very name in a text
    that was read. An attribute counts when its labels are complete; technologies, of synthetic accounts
    alone, whose generator writes down each product it names.
    """
    truth = case.truth
    read = "\n".join(text.text for text in texts)
    for attribute, values in vocabularies().items():
        if attribute not in truth.complete and not (attribute == "technology" and truth.synthetic):
            continue
        named = {
            name
            for label in truth.labels
            if label.attribute == attribute
            for value in (*label.accept, *label.reject)
            for name in named_by(attribute, value)
        }
        if attribute in _WRITTEN_AS_NAMED:
            named |= {value for value in values if value in read}
        yield from ((attribute, value) for value in sorted(values - named))


def asserts(fact: Fact, attribute: str, value: str) -> bool:
    """Tell whether a fact states the value."""
    return fact.attribute == attribute and value in named_by(attribute, fact.value)


def named_by(attribute: str, value: JsonValue) -> tuple[str, ...]:
    """Return the vocabulary's word in a value; a certification names what it is a kind of as well."""
    field = _FIELD.get(attribute)
    found = value.get(field) if field and isinstance(value, dict) else value
    if not isinstance(found, str):
        return ()
    return (found, "SOC 2") if found.startswith("SOC 2") else (found,)
