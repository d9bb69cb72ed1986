"""Titles, descriptions and headlines of a home page: which line of business they state, and which they only sell."""

from __future__ import annotations

import pytest
from rule_reading import claims_of, page

from agent.models import Claim
from tools.documents import PagePurpose


def claims(
    text: str, attribute: str, purpose: PagePurpose = "structured_data", path: str = "/"
) -> list[Claim]:
    tier = "first-party-structured" if purpose == "structured_data" else "first-party-text"
    return claims_of(page(text, purpose, url=f"https://halvard.example{path}", tier=tier), attribute)


def codes(found: list[Claim]) -> list[object]:
    return [claim.value["code"] for claim in found if isinstance(claim.value, dict)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("title: Payroll Software for Restaurants | Halvard", "hr_tech"),
        ("title: Halvard: The Friendly API Platform", "developer_tools"),
        ("title: Halvard | SMS Marketing Platform", "martech"),
        ("title: Halvard – Endpoint Security Platform", "cybersecurity"),
        ("title: Web and Mobile App Development Company | Halvard", "it_services"),
        ("title: Halvard · Free project management", "software"),
        ("description: Simple CRM software for small teams in forty countries.", "software"),
        ("description: Halvard is the video messaging platform for nurses.", "software"),
        ("description: Halvard's all-in-one payroll software for bakeries.", "hr_tech"),
        ("description: The leading spend management platform for hotels.", "fintech"),
        ("title: Halvard, logistics company\ndescription: We move pallets.", None),
        ("title: HR-Software für Handwerker | Halvard", "hr_tech"),
    ],
)
def test_a_home_pages_title_or_description_states_the_industry(line: str, code: str | None) -> None:
    assert codes(claims(line, "industry")) == ([code] if code else [])


@pytest.mark.parametrize(
    "line",
    [
        "title: Build apps faster with any payroll software | Halvard",
        "title: Best payroll software 2026 | Halvard",
        "title: Halvard vs Osterfield: which CRM software?",
        "title: How to choose accounting software | Halvard",
        "title: Payroll software for restaurants | Osterfield",
        "title: Halvard | Marketing solutions",
        "title: Accounting software jobs | Halvard",
        "title: Halvard | The right software for your business",
        "description: Integrates with your accounting software and CRM platform.",
        "description: We help software companies hire.",
        "description: Helps retailers and logistics companies plan stock.",
        "description: Data science, design, developer tools, payroll software and more.",
        "description: Compare payroll software by price.",
        "title: Payroll software | Halvard\ndescription: A hotel group with 40 houses.",
    ],
)
def test_what_is_sold_compared_or_served_is_no_industry(line: str) -> None:
    assert claims(line, "industry") == []


def test_only_the_home_pages_own_lines_count() -> None:
    line = "title: Payroll Software for Restaurants | Halvard"
    assert claims(line, "industry", path="/blog/payroll") == []
    assert codes(claims(line, "industry", path="/en-gb/")) == ["hr_tech"]


def test_json_ld_describes_the_account_itself_only() -> None:
    own = '{"@type":"Organization","name":"Halvard","description":"Halvard is a fleet management platform."}'
    other = own.replace('"name":"Halvard"', '"name":"Osterfield"').replace("Halvard is", "Osterfield is")
    assert codes(claims(own, "industry")) == ["software"]
    assert claims(other, "industry") == []


def test_headlines_count_at_the_top_and_as_definitions() -> None:
    top = "The incident response and endpoint security platform\nLog in\n"
    assert codes(claims(top, "industry", "home")) == ["cybersecurity"]
    filler = "\n".join(f"Line {number} of the page" for number in range(30))
    later = f"{filler}\nThe payroll software built for hotels\n"
    assert codes(claims(later, "industry", "home")) == ["hr_tech"]
    assert (
        claims(f"{filler}\nA payroll platform with 40 screens, made for a client\n", "industry", "home") == []
    )
    assert claims("Training provider\nPayroll software\nServices\n", "industry", "home") == []


@pytest.mark.parametrize(
    ("line", "segment"),
    [
        ("title: CRM Software for Small Business | Halvard", "small_business"),
        ("description: A platform for developers.", "developers"),
        ("title: Banking for freelancers | Halvard", "freelancers"),
    ],
)
def test_a_title_names_the_segment(line: str, segment: str) -> None:
    assert [claim.value for claim in claims(line, "customer_segment")] == [segment]
    assert claims(f"{line} vs Osterfield", "customer_segment") == []


def test_a_title_and_a_copyright_line_give_the_name() -> None:
    assert [c.value for c in claims("title: Ship pallets | Halvard", "name")] == ["Halvard"]
    assert claims("title: Halvard", "name") == []
    assert claims("title: Ship pallets | Osterfield", "name") == []
    for line in (
        "© 2026 Halvard. All rights reserved.",
        "2026 © Halvard",
        "© Halvard 2026",
        "Copyright 2019-2026 Halvard",
    ):
        assert [c.value for c in claims(f"Pallets\n{line}", "name", "home")] == ["Halvard"], line
    assert claims("© 2026 Osterfield. All rights reserved.", "name", "home") == []
    assert claims("© 2026 Theme by Halvard Designs", "name", "home") == []


def test_a_slogan_in_the_stated_name_is_left_out() -> None:
    long = (
        '{"@type":"Organization","name":"Halvard - Pumps, Valves, Fittings and Industrial Tools since 1950"}'
    )
    assert [c.value for c in claims(long, "name")] == ["Halvard"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("© Copyright 2009-2023, Halvard Oars, Inc.", "Halvard Oars, Inc."),
        ("© Copyright 1999- 2026 Halvard Oars, LLC", "Halvard Oars, LLC"),
        ("© 2026 Halvard GmbH", "Halvard GmbH"),
    ],
)
def test_signs_and_years_are_no_part_of_the_name(line: str, name: str) -> None:
    assert [c.value for c in claims(f"Oars\n{line}", "name", "home")] == [name]


def test_a_menu_line_is_no_headline() -> None:
    assert claims("Training provider | Payroll software | Website\n", "industry", "home") == []
