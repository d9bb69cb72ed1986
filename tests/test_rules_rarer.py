"""Revenue, growth, fairs, evaluations, sales methods, departments, branches, owners and subsidiaries."""

from __future__ import annotations

import pytest
from rule_reading import evidence_of, page

from tools.documents import PagePurpose, Posting


def facts(
    text: str, attribute: str, purpose: PagePurpose = "about", language: str = "en", posting: str = ""
) -> list[object]:
    """Return what the rules claim and grounding accepts of one attribute; `posting` is a posting's title."""
    if posting:
        url = "https://halvard.example/1"
        ad = Posting(key="1", title=posting, url=url, department="sales", seniority="senior")
        kind = {"kind": "job_posting", "source": "jobs", "tier": "ats", "title": posting, "posting": ad}
        document = page(f"{posting}\n{text}", "careers", language=language, **kind)
    else:
        document = page(text, purpose, url=f"https://halvard.example/{purpose}", language=language)
    return [each.value for each in evidence_of(document, attribute)]


def euros(amount: int, year: int | None) -> list[object]:
    return [{"low": amount, "high": amount, "currency": "EUR", "year": year}]


@pytest.mark.parametrize(
    ("language", "text", "year"),
    [
        ("en", "Halvard reported annual revenue of €45 million in 2024.", 2024),
        ("en", "We generated €45 million in revenue in 2024.", 2024),
        ("en", "Our turnover exceeded €45 million.", None),
        ("de", "Halvard erzielte 2024 einen Umsatz von rund 45 Mio. €.", 2024),
        ("fr", "Notre chiffre d'affaires 2024 s'élève à 45 M€.", 2024),
        ("es", "Halvard facturó 45 millones de euros en 2024.", 2024),
        ("nl", "Onze omzet bedroeg 45 miljoen euro in 2024.", 2024),
        ("en", "Annual revenue\n€45 million (2024)", 2024),
        ("de", "Umsatz: 45 Mio. € (2024)", 2024),
        ("en", "€45 million\nannual revenue", None),
    ],
)
def test_yearly_revenue_is_read(language: str, text: str, year: int | None) -> None:
    assert facts(text, "revenue", language=language) == euros(45_000_000, year)


@pytest.mark.parametrize(
    "text",
    [
        "Our customers generated €45 million in revenue.",
        "We helped merchants earn €45 million in revenue.",
        "We raised €45 million in funding.",
        "We process €2 billion in payments a year.",
        "Our market is worth €45 billion in annual revenue.",
        "We had revenue of €12 million in Q3.",
        "We plan to reach €100 million in revenue.",
        "Our ARR passed €45 million.",
        "Osterfield has revenue of €45 million.",
        "We acquired Osterfield, which has revenue of €45 million.",
        "We save you €45 million in lost revenue.",
        "Revenue\n12 dashboards",
        "The average Halvard store makes €5 million in annual revenue.",
    ],
)
def test_other_sums_are_no_revenue(text: str) -> None:
    assert facts(text, "revenue") == []


@pytest.mark.parametrize(
    ("language", "text", "percent", "measure"),
    [
        ("en", "We grew revenue 40 % year over year.", 40, "revenue"),
        ("en", "Halvard's revenue grew by 40% in 2024.", 40, "revenue"),
        ("en", "We doubled our revenue.", 100, "revenue"),
        ("en", "Our headcount grew 30 percent.", 30, "employees"),
        ("de", "Unser Umsatz stieg 2024 um 12 %.", 12, "revenue"),
        ("fr", "Notre chiffre d'affaires a progressé de 12 % en 2024.", 12, "revenue"),
        ("es", "Nuestra facturación creció un 12 % en 2024.", 12, "revenue"),
        ("nl", "Onze omzet groeide met 12%.", 12, "revenue"),
    ],
)
def test_growth_is_read(language: str, text: str, percent: int, measure: str) -> None:
    assert facts(text, "growth_rate", language=language) == [{"percent": percent, "measure": measure}]


@pytest.mark.parametrize(
    "text",
    [
        "Customers grew revenue 40%.",
        "You can grow revenue by 40%.",
        "We helped Osterfield grow its revenue by 40%.",
        "Our market grew 40%.",
        "Our revenue will grow 40%.",
        "Our revenue fell 40%.",
        "Osterfield's revenue grew by 40%.",
        "See how we grew revenue by 40%.",
        "Our Q2 revenue grew by 14% quarter-over-quarter.",
    ],
)
def test_other_growth_is_left(text: str) -> None:
    assert facts(text, "growth_rate") == []


@pytest.mark.parametrize(
    ("language", "text", "event"),
    [
        ("en", "Meet us at Freight Expo 2026 in Munich, May 4-6, 2026.", "Freight Expo 2026"),
        ("en", "Visit us at booth 12B at Freight Forum.", "Freight Forum"),
        ("en", "We are exhibiting at Cargo Week.", "Cargo Week"),
        ("en", "Meet us at Booth 12 at Cargo 2026.", "Cargo 2026"),
        ("de", "Besuchen Sie uns auf der Frachtmesse 2026, Halle 4, Stand B12.", "Frachtmesse 2026"),
        ("fr", "Retrouvez-nous au salon Fret 2026 à Paris.", "Fret 2026"),
        ("es", "Visítanos en la Feria Carga 2026.", "Feria Carga 2026"),
        ("nl", "Bezoek ons op de Vakbeurs Vracht 2026.", "Vakbeurs Vracht 2026"),
    ],
)
def test_a_fair_is_read(language: str, text: str, event: str) -> None:
    assert facts(text, "event_attendance", "home", language) == [{"event": event}]


@pytest.mark.parametrize(
    "text",
    [
        "Visit us at our office in Leeds.",
        "Meet us at Harbour Coffee.",
        "Find us on LinkedIn.",
        "Join us at Halvard.",
        "Thanks for visiting us at Freight Expo 2025.",
        "Osterfield is exhibiting at Freight Expo 2026.",
        "Meet us at 12 King Street 2026.",
        "Join us at our webinar on June 3, 2026.",
        "Visit us at Booth 38024.",
        "Come visit us at Booth #1039 in the Harbour City Convention Center.",
        "Meet us at Industry Events.",
    ],
)
def test_other_places_are_no_fairs(text: str) -> None:
    assert facts(text, "event_attendance", "home") == []


def test_an_evaluation_is_read() -> None:
    assert facts("We are evaluating a new CRM system.", "vendor_evaluation") == [{"subject": "CRM system"}]
    assert facts("Halvard has issued an RFP for a new ERP platform.", "vendor_evaluation") == [
        {"subject": "ERP platform"}
    ]
    duty = "Lead the evaluation and selection of our next CRM platform."
    assert facts(duty, "vendor_evaluation", posting="Head of Sales") == [{"subject": "CRM platform"}]


@pytest.mark.parametrize(
    "text",
    [
        "If you are evaluating a new CRM, read our guide.",
        "We help clients select a new ERP.",
        "Osterfield is evaluating a new CRM system.",
        "Are we evaluating a new CRM?",
        "We are evaluating candidates.",
    ],
)
def test_what_others_choose_is_no_evaluation(text: str) -> None:
    assert facts(text, "vendor_evaluation") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Qualify opportunities using MEDDPICC.", "MEDDPICC"),
        ("We follow the Challenger methodology.", "Challenger"),
        ("Our sales methodology is MEDDIC.", "MEDDIC"),
    ],
)
def test_a_sales_method_in_an_own_posting_is_read(text: str, name: str) -> None:
    assert facts(text, "sales_methodology", posting="Account Executive") == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Experience with MEDDIC, SPIN or similar.",
        "Familiar with Sandler.",
        "You have used MEDDIC or a similar framework.",
        "We teach our customers MEDDIC.",
        "Challenger of the status quo.",
    ],
)
def test_what_a_candidate_may_know_is_no_method(text: str) -> None:
    assert facts(text, "sales_methodology", posting="Account Executive") == []
    assert facts("We follow the Challenger methodology.", "sales_methodology", "blog") == []


def test_a_department_is_named_by_a_title() -> None:
    assert facts("x", "organisation_department", posting="Account Executive") == ["sales"]
    assert facts("x", "organisation_department", posting="Chief of Fun") == []
    team = "Our team\nAda Roe\nVP of Sales\nBob Doe\nHead of Engineering"
    found = facts(team, "organisation_department")
    assert sorted(str(each) for each in found) == ["engineering", "sales"]


def test_a_branch_of_an_industry_is_its_sub_industry() -> None:
    assert facts("Halvard is a cybersecurity company.", "sub_industry") == [
        {"code": "cybersecurity", "label": "Cybersecurity"}
    ]
    assert facts("Halvard is a logistics company.", "sub_industry") == []
    assert facts("Our customer is a cybersecurity company.", "sub_industry") == []


@pytest.mark.parametrize(
    ("language", "text", "parent"),
    [
        ("en", "Halvard is a subsidiary of Northmark Group.", "Northmark Group"),
        ("en", "We are part of the Northmark Group.", "Northmark Group"),
        ("de", "Halvard ist eine Tochtergesellschaft der Northmark AG.", "Northmark AG"),
        ("fr", "Halvard est une filiale du groupe Northmark.", "Northmark"),
        ("es", "Halvard es una filial de Northmark.", "Northmark"),
        ("nl", "Halvard is een dochteronderneming van Northmark.", "Northmark"),
    ],
)
def test_the_owner_is_read(language: str, text: str, parent: str) -> None:
    assert facts(text, "parent", language=language) == [parent]
    owned = facts(text, "ownership", language=language)
    assert owned == ([] if "part of" in text else ["subsidiary"])


@pytest.mark.parametrize(
    ("text", "child"),
    [
        ("Osterfield is a subsidiary of Halvard.", "Osterfield"),
        ("Our subsidiary Osterfield makes pumps.", "Osterfield"),
        ("Unsere Tochtergesellschaft Osterfield GmbH baut Pumpen.", "Osterfield GmbH"),
    ],
)
def test_a_subsidiary_is_read(text: str, child: str) -> None:
    assert facts(text, "subsidiary") == [child]
    assert facts(text, "parent") == []


@pytest.mark.parametrize(
    "text",
    [
        "Osterfield, a subsidiary of Northmark, uses Halvard.",
        "Our customer Osterfield, a subsidiary of Northmark, uses it.",
        "Our subsidiaries are many.",
        "We are part of the solution.",
        "Halvard is part of Fortune 500 stacks.",
    ],
)
def test_other_families_are_left(text: str) -> None:
    assert facts(text, "subsidiary") == []
    assert facts(text, "parent") == []


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        ("We are proudly bootstrapped.", "funding_stage", "bootstrapped"),
        ("In March 2024 we raised a $45M Series B round.", "funding_stage", "series_b"),
        ("Halvard (NASDAQ: HLVD) moves freight.", "ownership", "public"),
        ("We are a family-owned company.", "ownership", "family_owned"),
    ],
)
def test_stage_and_ownership_are_read(text: str, attribute: str, value: str) -> None:
    assert facts(text, attribute) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "We help bootstrapped founders.",
        "We were bootstrapped until 2020.",
        "Built for family-owned companies.",
        "Osterfield (NASDAQ: OSTR) is our customer.",
        "Start-ups after their Series B love us.",
    ],
)
def test_other_stages_and_owners_are_left(text: str) -> None:
    assert facts(text, "funding_stage") == []
    assert facts(text, "ownership") == []
