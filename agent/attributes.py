"""The attribute catalogue: every attribute evidence may speak about, in one place.

Adding an attribute is adding one entry. Values are JSON; the value models below are their shapes.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import JsonValue

from agent.canonical import values
from agent.canonical.employees import OPEN_ENDED
from agent.canonical.industries import industry_codes
from agent.canonical.roles import BUYING_ROLES
from agent.canonical.terms import terms
from agent.models import SourceTier
from tools.documents import Department

__all__ = [
    "OPEN_ENDED",
    "AttributeEntry",
    "Dimension",
    "MergeRule",
    "Relation",
    "attribute_names",
    "canonical_value",
    "entry",
    "fact_key",
    "is_question",
    "known_attribute",
    "nearest_attribute",
]

Relation = Literal["uses", "integrates_with", "sells", "migrating_from", "evaluates"]


Dimension = Literal["firmographic", "technographic", "behavioral", "intent"]
MergeRule = Literal["scalar", "size", "set", "count", "event"]
"""How the evidence of one fact key is merged.

- `scalar`: one value is true; the best tier, then agreement, then the latest date decides.
- `size`: as scalar, but ranges that overlap agree and intersect, and growth over time is no contradiction.
- `set`: every key is a fact of its own.
- `count`: openings of one department are counted.
- `event`: every event is a fact of its own; one event told twice is one fact with two pieces of evidence.
"""
_OWN: tuple[SourceTier, ...] = ("first-party-structured", "first-party-text")
_ANY: tuple[SourceTier, ...] = (*_OWN, "ats", "registry", "news", "third-party")
_OWN_AND_RECORD: tuple[SourceTier, ...] = (*_OWN, "registry", "news", "third-party")


@dataclass(frozen=True, slots=True)
class AttributeEntry:
    """One catalogue entry.

    `shape` shows the value in JSON. `closed` lists the canonical names when the vocabulary (or the field
    in question) is closed, else it is empty. `tiers` are the source tiers whose word counts. `ask` is what
    to ask a person when it is unknown, `look_in` where to look.
    """

    name: str
    label: str
    dimension: Dimension
    merge: MergeRule
    shape: str
    canonical: Callable[[JsonValue], JsonValue]
    key: Callable[[Any], str]
    tiers: tuple[SourceTier, ...]
    ask: str
    look_in: tuple[str, ...]
    closed: tuple[str, ...] = ()


def _one(_: Any) -> str:
    return ""


def _field(*names: str) -> Callable[[Any], str]:
    def key(value: Any) -> str:  # Any: a canonical JSON object
        return "|".join(str(value.get(name) or "").casefold() for name in names)

    return key


def _whole(value: Any) -> str:
    return (value if isinstance(value, str) else json.dumps(value, sort_keys=True)).casefold()


_SYNONYMS = {
    "company_size": "employee_count",
    "size": "employee_count",
    "headcount": "employee_count",
    "sector": "industry",
    "country": "headquarters",
    "location": "headquarters",
    "funding": "funding_round",
    "tech_stack": "technology",
    "crm": "technology",
    "compliance": "certification",
    "jobs": "hiring",
    "open_roles": "hiring",
    "persona": "buying_role",
}
_DEPARTMENTS = get_args(Department)
_ABOUT, _LEGAL, _JOBS, _NEWS = (
    "about page",
    "legal notice or imprint",
    "careers page and job board",
    "news and press",
)
_PRICING, _SECURITY, _TECH, _REGISTRY = (
    "pricing page",
    "security or trust page",
    "site markup and DNS",
    "public registries",
)
_SITE, _TEAM, _DOCS = "home and product pages", "team or leadership page", "developer documentation"

_CATALOGUE: tuple[AttributeEntry, ...] = (
    AttributeEntry("name", "Company name", "firmographic", "scalar", "text", values.text, _one, _OWN_AND_RECORD, "What is the company's legal name?", (_LEGAL, _ABOUT)),
    AttributeEntry("industry", "Industry", "firmographic", "scalar", "{code, label}", values.industry, _one, _OWN_AND_RECORD, "Which industry is the company in?", (_ABOUT, _SITE, _REGISTRY), industry_codes()),
    AttributeEntry("sub_industry", "Sub-industry", "firmographic", "set", "{code, label}", values.industry, _field("code"), _OWN_AND_RECORD, "Which branch of its industry does it serve?", (_ABOUT, _SITE), industry_codes()),
    AttributeEntry("employee_count", "Employees", "firmographic", "size", "{exact, low, high}", values.employee_count, _one, _ANY, "How many people work there?", (_ABOUT, _JOBS, _REGISTRY)),
    AttributeEntry("revenue", "Revenue", "firmographic", "size", "{low, high, currency, year}", values.revenue, _one, _OWN_AND_RECORD, "What is its yearly revenue?", (_NEWS, _REGISTRY)),
    AttributeEntry("growth_rate", "Growth rate", "firmographic", "set", "{percent, measure}", values.growth_rate, _field("measure"), _OWN_AND_RECORD, "How fast is it growing?", (_NEWS,)),
    AttributeEntry("founded_year", "Founded", "firmographic", "scalar", "year", values.year, _one, _OWN_AND_RECORD, "When was it founded?", (_ABOUT, _REGISTRY)),
    AttributeEntry("headquarters", "Headquarters", "firmographic", "scalar", "{city, region, country}", values.headquarters, _one, _OWN_AND_RECORD, "Where is its head office?", (_LEGAL, _ABOUT, _REGISTRY)),
    AttributeEntry("operating_region", "Operating region", "firmographic", "set", "country", values.country, _whole, _ANY, "Which countries does it operate in?", (_ABOUT, _JOBS)),
    AttributeEntry("ownership", "Ownership", "firmographic", "scalar", "text", values.term("ownership"), _one, _OWN_AND_RECORD, "Who owns it: is it public, private, a subsidiary?", (_ABOUT, _NEWS, _REGISTRY), terms("ownership")),
    AttributeEntry("funding_stage", "Funding stage", "firmographic", "scalar", "text", values.term("funding_stage"), _one, _OWN_AND_RECORD, "What was its last funding round?", (_NEWS,), terms("funding_stage")),
    AttributeEntry("total_funding", "Total funding", "firmographic", "size", "{amount, currency}", values.money, _one, _OWN_AND_RECORD, "How much has it raised in all?", (_NEWS,)),
    AttributeEntry("business_model", "Business model", "firmographic", "set", "text", values.term("business_model"), _whole, _OWN_AND_RECORD, "Does it sell to businesses, consumers, or both?", (_SITE, _ABOUT), terms("business_model")),
    AttributeEntry("organisation_department", "Department", "firmographic", "set", "department", values.department, _whole, _ANY, "Which departments does it have?", (_TEAM, _JOBS), _DEPARTMENTS),
    AttributeEntry("parent", "Parent company", "firmographic", "set", "text", values.text, _whole, _OWN_AND_RECORD, "Does it belong to another company?", (_LEGAL, _REGISTRY)),
    AttributeEntry("subsidiary", "Subsidiary", "firmographic", "set", "text", values.text, _whole, _OWN_AND_RECORD, "Which companies does it own?", (_ABOUT, _REGISTRY)),
    AttributeEntry("technology", "Technology", "technographic", "set", "{product, category, relation}", values.technology, _field("product", "relation"), _ANY, "Which tools does it use for this?", (_TECH, _JOBS)),
    AttributeEntry("api_offered", "API offered", "technographic", "set", "true", values.flag, _one, _ANY, "Does it offer an API?", (_DOCS, _SITE)),
    AttributeEntry("certification", "Certification", "technographic", "set", "text", values.term("certification"), _whole, _OWN_AND_RECORD, "Which security and quality certifications does it hold?", (_SECURITY,), terms("certification")),
    AttributeEntry("go_to_market", "Go-to-market motion", "behavioral", "set", "text", values.term("go_to_market"), _whole, _ANY, "How does it sell: self-serve, through sales, through partners?", (_PRICING, _SITE, _JOBS), terms("go_to_market")),
    AttributeEntry("pricing_model", "Pricing model", "behavioral", "set", "text", values.term("pricing_model"), _whole, _OWN_AND_RECORD, "How does it price?", (_PRICING,), terms("pricing_model")),
    AttributeEntry("customer_segment", "Customer segment", "behavioral", "set", "text", values.term("customer_segment"), _whole, _OWN_AND_RECORD, "Which customers does it serve?", (_SITE, _PRICING), terms("customer_segment")),
    AttributeEntry("partner_program", "Partner programme", "behavioral", "set", "text", values.term("partner_program"), _whole, _OWN_AND_RECORD, "Does it have a partner programme?", (_SITE,), terms("partner_program")),
    AttributeEntry("content_topic", "Content topic", "behavioral", "set", "text", values.text, _whole, _OWN_AND_RECORD, "What does it write about?", (_NEWS,)),
    AttributeEntry("sales_methodology", "Sales methodology", "behavioral", "set", "text", values.term("sales_methodology"), _whole, _ANY, "Which sales methodology does it use?", (_JOBS,), terms("sales_methodology")),
    AttributeEntry("technology_adoption", "Technology adoption", "behavioral", "set", "text", values.text, _whole, _ANY, "How early does it take up new technology?", (_JOBS, _NEWS)),
    AttributeEntry("team_structure", "Team structure", "behavioral", "set", "text", values.text, _whole, _ANY, "How are the teams organised?", (_TEAM, _JOBS)),
    AttributeEntry("budget_signal", "Budget signal", "behavioral", "set", "text", values.text, _whole, _ANY, "Is there a budget for this?", (_NEWS, _JOBS)),
    AttributeEntry("hiring", "Hiring", "intent", "count", "{department, seniority, title, count}", values.hiring, _field("department"), _ANY, "Is it hiring, and for which teams?", (_JOBS,), _DEPARTMENTS),
    AttributeEntry("funding_round", "Funding round", "intent", "event", "{stage, amount, currency}", values.funding_round, _field("stage", "amount"), _OWN_AND_RECORD, "Has it raised money lately?", (_NEWS,)),
    AttributeEntry("leadership_change", "Leadership change", "intent", "event", "{title, change}", values.leadership_change, _field("title", "change"), _OWN_AND_RECORD, "Has its leadership changed lately?", (_NEWS,)),
    AttributeEntry("product_launch", "Product launch", "intent", "event", "{product}", values.named("product"), _field("product"), _OWN_AND_RECORD, "Has it launched something new?", (_NEWS,)),
    AttributeEntry("expansion", "Expansion", "intent", "event", "{kind, place, country}", values.expansion, _field("kind", "place"), _OWN_AND_RECORD, "Is it opening offices or entering markets?", (_NEWS,)),
    AttributeEntry("acquisition", "Acquisition", "intent", "event", "{role, other}", values.acquisition, _field("role", "other"), _OWN_AND_RECORD, "Has it bought or been bought?", (_NEWS,)),
    AttributeEntry("layoffs", "Layoffs", "intent", "event", "{count, percent}", values.layoffs, _one, _OWN_AND_RECORD, "Has it let people go?", (_NEWS,)),
    AttributeEntry("partnership", "Partnership", "intent", "event", "{partner}", values.named("partner"), _field("partner"), _OWN_AND_RECORD, "Which partnerships has it announced?", (_NEWS,)),
    AttributeEntry("website_change", "Website change", "intent", "event", "{change}", values.named("change"), _field("change"), _ANY, "What changed on its website?", (_SITE,)),
    AttributeEntry("event_attendance", "Event attendance", "intent", "event", "{event}", values.named("event"), _field("event"), _ANY, "Which events does it attend?", (_NEWS,)),
    AttributeEntry("vendor_evaluation", "Vendor evaluation", "intent", "event", "{subject}", values.named("subject"), _field("subject"), _ANY, "Is it comparing vendors?", (_JOBS, _NEWS)),
    AttributeEntry("third_party_intent", "Third-party intent", "intent", "event", "{topic}", values.named("topic"), _field("topic"), ("third-party",), "What do intent data providers report?", ("imported data",)),
    AttributeEntry("pain_point", "Pain point", "behavioral", "set", "text", values.text, _whole, _ANY, "What hurts?", (_JOBS, _NEWS)),
    AttributeEntry("goal", "Goal", "behavioral", "set", "text", values.text, _whole, _ANY, "What does it want to reach?", (_NEWS, _JOBS)),
    AttributeEntry("buying_trigger", "Buying trigger", "intent", "event", "text", values.text, _whole, _ANY, "What would make it buy now?", (_NEWS, _JOBS)),
    AttributeEntry("buying_role", "Buying role", "behavioral", "set", "{role, title}", values.buying_committee_role, _field("role", "title"), _ANY, "Who takes part in the decision?", (_TEAM, _JOBS), BUYING_ROLES),
)  # fmt: skip
_BY_NAME: dict[str, AttributeEntry] = {found.name: found for found in _CATALOGUE}
_QUESTION = re.compile(r"question:[0-9a-f]{12}")
_QUESTION_ENTRY = AttributeEntry(
    "question",
    "Question",
    "behavioral",
    "scalar",
    "{answer}",
    values.answer,
    _one,
    _ANY,
    "The profile's own question is open.",
    (_SITE, _JOBS, _NEWS),
    ("yes", "no"),
)


def is_question(attribute: str) -> bool:
    """Tell whether the attribute is a profile's own question: `question:` and 12 hex digits of its hash."""
    return _QUESTION.fullmatch(attribute) is not None


def known_attribute(attribute: str) -> bool:
    """Tell whether evidence may speak about this attribute."""
    return attribute in _BY_NAME or is_question(attribute)


def entry(attribute: str) -> AttributeEntry:
    """Return the catalogue entry of an attribute.

    Raises `KeyError` for an unknown one; ask `known_attribute` first when the name comes from outside.
    """
    return _QUESTION_ENTRY if is_question(attribute) else _BY_NAME[attribute]


def attribute_names() -> tuple[str, ...]:
    """Return every attribute's name, in catalogue order (profiles' questions aside)."""
    return tuple(_BY_NAME)


def nearest_attribute(name: str) -> str | None:
    """Return the attribute whose name comes closest to `name`, for an error message, or `None`."""
    folded = re.sub(r"[\s-]+", "_", name.strip().casefold())[:80]
    if folded in _BY_NAME:
        return folded
    by_label = {re.sub(r"[\s-]+", "_", found.label.casefold()): found.name for found in _CATALOGUE}
    choices = {**by_label, **_SYNONYMS, **{known: known for known in _BY_NAME}}
    near = difflib.get_close_matches(folded, choices, n=1, cutoff=0.6)
    return choices[near[0]] if near else None


def canonical_value(attribute: str, raw: JsonValue) -> JsonValue:
    """Return the canonical JSON value of `raw` for an attribute, or `None` when it is not one.

    Total: any attribute name and any JSON may come in. Texts in the value's place are parsed
    ("51-200", "$45M", "Austin, Texas", "Series B").
    """
    return entry(attribute).canonical(raw) if known_attribute(attribute) else None


def fact_key(attribute: str, value: JsonValue) -> str:
    """Return what tells facts of one attribute apart ("salesforce|uses"), `""` where there is only one.

    `value` must be canonical.
    """
    return entry(attribute).key(value)
