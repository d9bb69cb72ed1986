"""A located quote is not yet a true claim: value, subject, polarity, mood and time are checked too."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from agent.grounding import ground, ground_all
from agent.models import Account, Claim, Evidence, RejectedClaim, SourceDocument, text_id

AS_OF = date(2026, 11, 22)
OPEN = 10_000_000
ACME = Account(
    domain="acme.example",
    final_domain="acme.example",
    status="live",
    home_url="https://acme.example/",
    name="Acme Freight",
    names=("Acme Freight", "Acme Freight GmbH", "Acme"),
)


def page(text: str, **changes: Any) -> SourceDocument:
    fields: dict[str, Any] = {
        "url": "https://acme.example/about",
        "final_url": "https://acme.example/about",
        "kind": "website",
        "source": "website",
        "tier": "first-party-text",
        "title": "About",
        "fetched_at": datetime(2026, 11, 1, tzinfo=UTC),
        "purpose": "about",
        "language": "en",
    }
    return SourceDocument(id=text_id(text), text=text, **{**fields, **changes})


def claim_on(document: SourceDocument, attribute: str, value: Any, quote: str, **changes: Any) -> Claim:
    return Claim(
        attribute=attribute,
        value=value,
        quote=quote,
        document=document.id,
        extractor="rule:test@1",
        **changes,
    )


def outcome(attribute: str, value: Any, quote: str, text: str, **changes: Any) -> Evidence | RejectedClaim:
    of_claim = {k: changes.pop(k) for k in ("polarity", "subject", "event_on", "structured") if k in changes}
    document = page(text, **changes)
    return ground(claim_on(document, attribute, value, quote, **of_claim), document, ACME, AS_OF)


def verdict(found: Evidence | RejectedClaim) -> str:
    return found.reason if isinstance(found, RejectedClaim) else "accepted"


def exactly(number: int) -> dict[str, int | None]:
    return {"exact": number, "low": number, "high": number}


def between(low: int, high: int) -> dict[str, int | None]:
    return {"exact": None, "low": low, "high": high}


NEWS = {"kind": "news", "tier": "news", "source": "news", "purpose": "other"}
POSTING = {"kind": "job_posting", "tier": "ats", "source": "jobs", "purpose": "other"}


@pytest.mark.parametrize(
    ("value", "quote", "text", "changes", "expected"),
    [
        (exactly(500), "We have 500 employees", "We have 500 employees in Berlin.", {}, "accepted"),
        (exactly(500), "500 employees", "Acme employs 500 employees worldwide.", {}, "accepted"),
        (between(51, 200), "51-200 employees", "Company size: 51-200 employees", {}, "accepted"),
        (exactly(200), "51-200 employees", "Company size: 51-200 employees", {}, "value_not_in_quote"),
        (exactly(400), "four hundred people", "We're a team of four hundred people.", {}, "accepted"),
        (between(500, OPEN), "500+\nEmployees", "Numbers\n500+\nEmployees\n12\nOffices", {}, "accepted"),
        (exactly(12), "Employees\n12", "Numbers\n500+\nEmployees\n12\nOffices", {}, "value_not_in_quote"),
        (
            exactly(500),
            "500 customers",
            "We serve 500 customers with 40 employees.",
            {},
            "value_not_in_quote",
        ),
        (exactly(40), "40 employees", "We have 500 customers and 40 employees.", {}, "accepted"),
        (exactly(500), "500 employees", "We don’t have 500 employees.", {}, "negated"),
        (exactly(500), "500 employees", "We have not only 500 employees but great ones.", {}, "accepted"),
        (exactly(500), "500 Mitarbeiter", "Wir haben keine 500 Mitarbeiter.", {"language": "de"}, "negated"),
        (
            exactly(500),
            "500 Mitarbeiter",
            "Wir beschäftigen 500 Mitarbeiter.",
            {"language": "de"},
            "accepted",
        ),
        (
            exactly(1200),
            "1.200 Mitarbeitende",
            "Wir sind 1.200 Mitarbeitende.",
            {"language": "de"},
            "accepted",
        ),
        (exactly(1200), "1 200 salariés", "Nous comptons 1 200 salariés.", {"language": "fr"}, "accepted"),
        (exactly(1200), "1'200 dipendenti", "Abbiamo 1’200 dipendenti.", {"language": "it"}, "accepted"),
        (exactly(1200), "1,200 people", "We are 1,200 people.", {}, "accepted"),
        (exactly(500), "500 salariés", "Nous n’avons pas 500 salariés.", {"language": "fr"}, "negated"),
        (exactly(500), "500 empleados", "No tenemos 500 empleados.", {"language": "es"}, "negated"),
        (exactly(500), "500 dipendenti", "Non abbiamo 500 dipendenti.", {"language": "it"}, "negated"),
        (exactly(500), "500 funcionários", "Não temos 500 funcionários.", {"language": "pt"}, "negated"),
        (exactly(500), "500 medewerkers", "Wij hebben geen 500 medewerkers.", {"language": "nl"}, "negated"),
        (exactly(10000), "trusted by 10,000 employees", "Trusted by 10,000 employees.", {}, "wrong_subject"),
        (
            exactly(10000),
            "10,000 employees",
            "Customers like Globex have 10,000 employees.",
            {},
            "wrong_subject",
        ),
        (
            exactly(500),
            "500 employees",
            "Globex, a company with 500 employees, uses Acme.",
            {},
            "wrong_subject",
        ),
        (exactly(500), "teams of 500 people", "Acme helps teams of 500 people ship.", {}, "wrong_subject"),
        (exactly(500), "500 employees", "If you have 500 employees, we can help.", {}, "wrong_subject"),
        (exactly(500), "500 employees", "Globex has 500 employees and loves Acme.", {}, "wrong_subject"),
        (exactly(500), "500 employees", "Our parent company has 500 employees.", {}, "wrong_subject"),
        (exactly(5000), "5,000 employees", "Globex Corp. has 5,000 employees.", NEWS, "wrong_subject"),
        (exactly(500), "500+ Employees", "Numbers\n500+ Employees", {"purpose": "pricing"}, "wrong_subject"),
        (exactly(900), "900 people", "They employ 900 people.", {"purpose": "customers"}, "wrong_subject"),
        (exactly(500), "500 employees", "We would need 500 employees to do that.", {}, "hypothetical"),
        (exactly(1000), "1,000 employees", "We aim to have 1,000 employees by 2027.", {}, "hypothetical"),
        (exactly(1000), "1,000 employees", "We are 1,000 employees in 2028.", {}, "hypothetical"),
        (exactly(20), "had 20 employees", "We used to have 20 employees and had 20 employees.", {}, "stale"),
        (
            exactly(300),
            "300 people",
            "Headquartered in Berlin, Acme Freight employs 300 people.",
            {},
            "accepted",
        ),
        (exactly(300), "300 people", "The company has 300 people across 12 offices.", {}, "accepted"),
        (exactly(200), "200 employees", "We have grown from 20 to 200 employees.", {}, "accepted"),
        (exactly(50), "50 employees", "We have 50 employees", {"footer_start": 2}, "wrong_subject"),
    ],
)
def test_employee_claims(value: Any, quote: str, text: str, changes: dict[str, Any], expected: str) -> None:
    assert verdict(outcome("employee_count", value, quote, text, **changes)) == expected


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("Today we're a team of over 500 people.", "500 people", between(500, OPEN)),
        ("We have 500+ employees.", "500+ employees", between(500, OPEN)),
        ("We have about 500 employees.", "500 employees", between(500, 500)),
        ("Wir sind rund 500 Mitarbeiter.", "500 Mitarbeiter", between(500, 500)),
        ("We have fewer than 500 employees.", "500 employees", between(1, 500)),
    ],
)
def test_an_exact_number_becomes_what_the_words_around_it_say(text: str, quote: str, expected: Any) -> None:
    found = outcome("employee_count", exactly(500), quote, text)
    assert isinstance(found, Evidence)
    assert found.value == expected


def test_a_customers_testimonial_is_not_about_the_account() -> None:
    text = "“We have 500 employees and Acme saved us weeks.”\n— Jane Roe, CFO at Globex"
    assert verdict(outcome("employee_count", exactly(500), "We have 500 employees", text)) == "wrong_subject"


def place(city: str, region: str | None, country: str) -> dict[str, str | None]:
    return {"city": city, "region": region, "country": country}


def tech(product: str, relation: str = "uses") -> dict[str, str]:
    return {"product": product, "category": "crm", "relation": relation}


ENGINEER = {"department": "engineering", "seniority": None, "title": None, "count": 1}
SERIES_B = {"stage": "series_b", "amount": 12_000_000, "currency": "USD"}


@pytest.mark.parametrize(
    ("attribute", "value", "quote", "text", "changes", "expected"),
    [
        ("founded_year", 2012, "Founded in 2012", "Founded in 2012, Acme moves freight.", {}, "accepted"),
        ("founded_year", 2012, "© 2012 Acme", "© 2012 Acme Freight", {}, "value_not_in_quote"),
        ("founded_year", 2012, "in 2012", "In 2012, we won a prize.", {}, "value_not_in_quote"),
        ("founded_year", 2012, "founded Globex in 2012", "She founded Globex in 2012.", {}, "wrong_subject"),
        (
            "headquarters",
            place("Berlin", None, "DE"),
            "in Berlin",
            "Acme is headquartered in Berlin.",
            {},
            "accepted",
        ),
        (
            "headquarters",
            place("San Francisco", "California", "US"),
            "San Francisco, CA",
            "Headquarters: San Francisco, CA",
            {},
            "accepted",
        ),
        (
            "headquarters",
            place("Berlin", None, "FR"),
            "in Berlin",
            "Acme is based in Berlin.",
            {},
            "value_not_in_quote",
        ),
        (
            "headquarters",
            place("Berlin", None, "DE"),
            "in Berlin",
            "We have offices in Berlin.",
            {},
            "value_not_in_quote",
        ),
        (
            "headquarters",
            place("Paris", None, "FR"),
            "Paris",
            "Our customer is based in Paris.",
            {},
            "wrong_subject",
        ),
        ("technology", tech("Salesforce"), "use Salesforce", "We use Salesforce for deals.", {}, "accepted"),
        ("technology", tech("Salesforce"), "use Salesforce", "We no longer use Salesforce.", {}, "negated"),
        (
            "technology",
            tech("Salesforce"),
            "to Salesforce",
            "The alternative to Salesforce.",
            {},
            "value_not_in_quote",
        ),
        ("technology", tech("Salesforce"), "uses Salesforce", "Globex uses Salesforce.", {}, "wrong_subject"),
        (
            "technology",
            tech("Salesforce"),
            "Salesforce",
            "You will use Salesforce daily.",
            POSTING,
            "accepted",
        ),
        (
            "technology",
            tech("Salesforce"),
            "- Salesforce",
            "We do not use:\n- Oracle\n- Salesforce",
            {},
            "negated",
        ),
        (
            "technology",
            tech("Salesforce"),
            "your Salesforce",
            "Connect your Salesforce.",
            {},
            "wrong_subject",
        ),
        ("hiring", ENGINEER, "hiring engineers", "We're hiring engineers.", {}, "accepted"),
        ("hiring", ENGINEER, "hiring engineers", "We are not hiring engineers now.", {}, "negated"),
        ("hiring", ENGINEER, "engineers", "Hiring engineers is paused.", {}, "negated"),
        (
            "funding_round",
            SERIES_B,
            "raised $12M in Series B",
            "Acme raised $12M in Series B.",
            {},
            "accepted",
        ),
        (
            "funding_round",
            SERIES_B,
            "raised $13M in Series B",
            "We raised $13M in Series B.",
            {},
            "value_not_in_quote",
        ),
        (
            "funding_round",
            SERIES_B,
            "raised €12M in Series B",
            "We raised €12M in Series B.",
            {},
            "value_not_in_quote",
        ),
        (
            "funding_round",
            SERIES_B,
            "raised a $12 million Series B",
            "We never raised a $12 million Series B.",
            {},
            "negated",
        ),
        (
            "funding_round",
            {"stage": "series_b", "amount": None, "currency": None},
            "Series B cameras",
            "Our Series B cameras are great.",
            {},
            "value_not_in_quote",
        ),
        ("certification", "SOC 2 Type II", "SOC 2 Type 2", "We are SOC 2 Type 2 certified.", {}, "accepted"),
        ("certification", "SOC 2", "SOC 2", "We plan to become SOC 2 certified.", {}, "hypothetical"),
        ("certification", "SOC 2", "SOC 2", "We are not SOC 2 certified.", {}, "negated"),
        (
            "pain_point",
            "detention fees",
            "detention fees",
            "We can't explain the detention fees.",
            {},
            "accepted",
        ),
        (
            "name",
            "Acme Freight GmbH",
            "Acme Freight GmbH",
            "© Acme Freight GmbH",
            {"footer_start": 0},
            "accepted",
        ),
        ("favourite_colour", "red", "red", "red", {}, "schema"),
        ("founded_year", "soon", "soon", "soon", {}, "schema"),
        (
            "question:0123456789abcdef",
            {"answer": "yes"},
            "fees hurt",
            "Detention fees hurt us.",
            {},
            "accepted",
        ),
        (
            "question:0123456789abcdef",
            {"answer": "maybe"},
            "fees hurt",
            "Detention fees hurt us.",
            {},
            "schema",
        ),
    ],
)
def test_other_claims(
    attribute: str, value: Any, quote: str, text: str, changes: dict[str, Any], expected: str
) -> None:
    assert verdict(outcome(attribute, value, quote, text, **changes)) == expected


@pytest.mark.parametrize(
    ("text", "product", "relation"),
    [
        ("Acme integrates with Salesforce.", "Salesforce", "integrates_with"),
        ("Load Hub syncs with Salesforce out of the box.", "Salesforce", "integrates_with"),
        ("We migrated from Salesforce to HubSpot.", "Salesforce", "migrating_from"),
        ("We migrated from Salesforce to HubSpot.", "HubSpot", "uses"),
    ],
)
def test_the_sentence_sets_the_relation(text: str, product: str, relation: str) -> None:
    found = outcome("technology", tech(product), text, text)
    assert isinstance(found, Evidence)
    assert found.value == tech(product, relation)


def test_a_denial_is_evidence_against_only_when_the_sentence_denies() -> None:
    denied = outcome(
        "technology",
        tech("Salesforce"),
        "We no longer use Salesforce",
        "We no longer use Salesforce.",
        polarity="denies",
    )
    assert isinstance(denied, Evidence)
    assert denied.polarity == "denies"
    flat = outcome(
        "technology", tech("Salesforce"), "We use Salesforce", "We use Salesforce.", polarity="denies"
    )
    assert verdict(flat) == "negated"


def test_a_claim_that_names_another_company_is_rejected() -> None:
    found = outcome("founded_year", 2012, "Founded in 2012", "Founded in 2012.", subject="Globex Corp.")
    assert verdict(found) == "wrong_subject"
    own = outcome("founded_year", 2012, "Founded in 2012", "Founded in 2012.", subject="ACME Freight, Inc.")
    assert verdict(own) == "accepted"


def test_a_dated_past_is_dated_evidence_and_an_undated_one_is_stale() -> None:
    dated = outcome("employee_count", exactly(20), "had 20 employees", "In 2015 we had 20 employees.")
    assert isinstance(dated, Evidence)
    assert dated.published_at == date(2015, 1, 1)
    undated = outcome("employee_count", exactly(20), "20 employees", "We used to have 20 employees.")
    assert verdict(undated) == "stale"


def test_the_sentence_dates_the_event_and_an_invented_date_is_not_believed() -> None:
    text = "Acme raised $12M in Series B in March 2025."
    found = outcome("funding_round", SERIES_B, text, text, event_on=date(2026, 10, 1))
    assert isinstance(found, Evidence)
    assert found.published_at == date(2025, 3, 1)
    undated = "Acme raised $12M in Series B."
    invented = outcome("funding_round", SERIES_B, undated, undated, event_on=date(2026, 10, 1))
    assert isinstance(invented, Evidence)
    assert invented.published_at is None


def test_a_structured_quote_needs_the_value_but_no_grammar() -> None:
    text = '"numberOfEmployees": 500, "foundingDate": "2012-03-01"'
    assert (
        verdict(outcome("employee_count", exactly(500), '"numberOfEmployees": 500', text, structured=True))
        == "accepted"
    )
    assert (
        verdict(outcome("employee_count", exactly(501), '"numberOfEmployees": 500', text, structured=True))
        == "value_not_in_quote"
    )
    assert (
        verdict(outcome("founded_year", 2012, '"foundingDate": "2012-03-01"', text, structured=True))
        == "accepted"
    )


def test_a_claim_is_never_given_another_document() -> None:
    first, second = page("Nothing of the kind."), page("We have 500 employees.")
    claim = claim_on(first, "employee_count", exactly(500), "We have 500 employees")
    assert verdict(ground(claim, first, ACME, AS_OF)) == "quote_not_found"
    assert verdict(ground(claim, second, ACME, AS_OF)) == "quote_not_found"
    foreign = claim.model_copy(update={"document": "0" * 64})
    evidence, rejected = ground_all([foreign], {second.id: second}, ACME, AS_OF)
    assert not evidence
    assert [each.reason for each in rejected] == ["quote_not_found"]


def test_repeated_claims_are_one_piece_of_evidence() -> None:
    document = page("We have 500 employees.")
    claim = claim_on(document, "employee_count", exactly(500), "500 employees")
    evidence, rejected = ground_all([claim, claim], {document.id: document}, ACME, AS_OF)
    assert len(evidence) == 1
    assert not rejected
    assert evidence[0].quote == document.text[evidence[0].start : evidence[0].end] == "500 employees"


def test_a_rejection_shows_the_nearest_passage() -> None:
    found = outcome("employee_count", exactly(600), "we have 600 employees", "Hello.\nWe have 500 employees.")
    assert isinstance(found, RejectedClaim)
    assert found.nearest == "We have 500 employees."


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("We laid off 12 people in May 2026.", {"count": 12, "percent": None}, "accepted"),
        ("We laid off 12 % of our people in May 2026.", {"count": None, "percent": 12}, "accepted"),
        ("We laid off 12 people in May 2026.", {"count": None, "percent": 12}, "value_not_in_quote"),
        ("We laid off 12 % of our people in May 2026.", {"count": 12, "percent": None}, "value_not_in_quote"),
        ("We laid off 12 people in May 2026.", {"count": 21, "percent": None}, "value_not_in_quote"),
        ("We hired 12 people in May 2026.", {"count": 12, "percent": None}, "value_not_in_quote"),
    ],
)
def test_a_count_of_layoffs_is_no_share_and_a_share_no_count(text: str, value: Any, expected: str) -> None:
    assert verdict(outcome("layoffs", value, text, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We leverage SAP's best practices and modern tools.", "value_not_in_quote"),
        ("We build on SAP's partner network.", "value_not_in_quote"),
        ("We use SAP's platform for our orders.", "accepted"),
        ("We use SAP for our orders.", "accepted"),
    ],
)
def test_what_a_vendor_teaches_is_no_use_of_its_product(text: str, expected: str) -> None:
    value = {"product": "SAP ERP", "category": "erp", "relation": "uses"}
    assert verdict(outcome("technology", value, text, text)) == expected


@pytest.mark.parametrize(
    ("attribute", "value", "text"),
    [
        (
            "hiring",
            {"department": "sales", "seniority": None, "title": None, "count": 5},
            "We have 3 openings in sales.",
        ),
        ("founded_year", 2014, "© 2014 Acme Freight, founded in Rotterdam."),
    ],
)
def test_a_number_of_something_else_is_not_the_value(attribute: str, value: Any, text: str) -> None:
    assert verdict(outcome(attribute, value, text, text)) == "value_not_in_quote"


TRUE_CLAIMS: tuple[tuple[str, Any, str], ...] = (
    ("headquarters", {"city": "Austin", "region": "Texas", "country": "US"}, "We are headquartered in Austin, Texas, United States."),
    ("headquarters", {"city": "Lyon", "region": None, "country": "FR"}, "Our head office is in Lyon, France."),
    ("operating_region", "FR", "We have offices in France."),
    ("industry", {"code": "logistics", "label": "Logistics & Transportation"}, "We are a logistics company."),
    ("revenue", {"low": 12_000_000, "high": 12_000_000, "currency": "EUR", "year": 2025}, "Our revenue was €12 million in 2025."),
    ("total_funding", {"amount": 30_000_000, "currency": "USD"}, "We have raised $30 million in total funding."),
    ("growth_rate", {"percent": 40.0, "measure": "revenue"}, "Our revenue grew 40 % last year."),
    ("funding_round", {"stage": "series_b", "amount": 45_000_000, "currency": "USD"}, "We raised $45 million in a Series B round."),
    ("hiring", {"department": "sales", "seniority": None, "title": "Account Executive", "count": 1}, "We are hiring an Account Executive."),
    ("hiring", {"department": "sales", "seniority": None, "title": None, "count": 3}, "We have 3 open positions in sales."),
    ("leadership_change", {"title": "Chief Revenue Officer", "change": "appointed"}, "We appointed a new Chief Revenue Officer."),
    ("expansion", {"kind": "office", "place": "Lyon", "country": "FR"}, "We opened an office in Lyon."),
    ("acquisition", {"role": "acquirer", "other": "Norvik"}, "We acquired Norvik."),
    ("partnership", {"partner": "Norvik"}, "We announced a partnership with Norvik."),
    ("product_launch", {"product": "LoadPlan"}, "We launched LoadPlan today."),
    ("technology", {"product": "Salesforce", "category": "crm", "relation": "uses"}, "We use Salesforce for our deals."),
    ("certification", "ISO 27001", "We are ISO 27001 certified."),
    ("pricing_model", "freemium", "Start with our free plan."),
    ("customer_segment", "startups", "We serve startups."),
    ("ownership", "family_owned", "We are a family-owned company."),
    ("funding_stage", "series_b", "We raised our Series B round."),
    ("partner_program", "reseller", "Become a reseller of ours."),
    ("sales_methodology", "MEDDIC", "Our sellers work by MEDDIC."),
    ("organisation_department", "sales", "Our sales team is in Lyon."),
    ("buying_role", {"role": "economic", "title": "Chief Revenue Officer"}, "Our Chief Revenue Officer decides."),
    ("parent", "Norvik", "We are a subsidiary of Norvik."),
    ("founded_year", 2012, "We were founded in 2012."),
    ("employee_count", {"exact": 340, "low": 340, "high": 340}, "We are 340 people."),
)  # fmt: skip
_ANOTHER: dict[str, Any] = {
    "city": "Berlin", "region": "California", "country": "DE", "currency": "GBP", "year": 2019, "stage": "series_c",
    "title": "Head of Legal", "department": "legal", "place": "Berlin", "other": "Globex", "partner": "Globex",
    "product": "NetSuite", "code": "banking", "low": 7, "high": 7, "exact": 7, "amount": 7, "percent": 7.0, "count": 7,
    "certification": "ISO 9001", "pricing_model": "usage_based", "customer_segment": "enterprise", "ownership": "public",
    "funding_stage": "series_c", "partner_program": "affiliate", "sales_methodology": "BANT", "parent": "Globex",
    "organisation_department": "legal", "operating_region": "DE", "founded_year": 1999,
}  # fmt: skip
_SAID_BY_OTHERS = frozenset(
    {"category", "kind", "measure", "label", "role", "change", "seniority", "relation"}
)
"""Fields that the words around decide, or that name what another field says."""


def spoiled(attribute: str, value: Any) -> list[Any]:
    """Return the value with each of its parts exchanged in turn."""
    if not isinstance(value, dict):
        return [_ANOTHER[attribute]]
    parts = [key for key, part in value.items() if part is not None and key not in _SAID_BY_OTHERS]
    if "low" in parts:  # a size or an amount changes as one
        parts = [key for key in parts if key not in ("low", "high", "exact")]
        wholes = [{**value, **{key: 7 for key in ("low", "high", "exact") if key in value}}]
    else:
        wholes = []
    if attribute == "hiring":
        parts = [key for key in parts if key != "count" or value["count"] > 1]
        parts = [
            key for key in parts if key != "department" or (value["title"] is None and value["count"] == 1)
        ]
    if attribute == "expansion":
        parts.remove("country")  # follows from the place
    return wholes + [{**value, key: _ANOTHER[key]} for key in parts]


@pytest.mark.parametrize(("attribute", "value", "text"), TRUE_CLAIMS)
def test_no_part_of_a_value_may_be_another_than_the_quotes(attribute: str, value: Any, text: str) -> None:
    assert verdict(outcome(attribute, value, text, text)) == "accepted"
    others = spoiled(attribute, value)
    assert others
    for other in others:
        assert verdict(outcome(attribute, other, text, text)) in ("value_not_in_quote", "schema"), other


def test_a_name_beside_us_is_no_acquisition_without_a_word_of_it() -> None:
    text = "We work with Norvik every day."
    assert (
        verdict(outcome("acquisition", {"role": "acquirer", "other": "Norvik"}, text, text))
        == "value_not_in_quote"
    )


def test_what_is_dated_in_the_future_alone_has_not_happened() -> None:
    value = {"stage": "series_b", "amount": 45_000_000, "currency": "USD"}
    text = "Acme closed its $45 million Series B on 3 March 2027."
    assert verdict(outcome("funding_round", value, text, text)) == "hypothetical"
