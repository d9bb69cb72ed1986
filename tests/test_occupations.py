"""Departments and levels of job titles in several languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.occupations import department_of, names_a_job, seniority_of

TITLES = [
    ("Sales Engineer", "sales", "unknown"),
    ("Engineering Manager", "engineering", "manager"),
    ("Head of Sales", "sales", "director"),
    ("Account Executive", "sales", "unknown"),
    ("Mid-Market Account Executive - Copenhagen", "sales", "unknown"),
    ("Account Manager", "sales", "mid"),
    ("Senior Account Manager", "sales", "senior"),
    ("SDR", "sales", "unknown"),
    ("Deal Desk Analyst", "sales", "unknown"),
    ("GTM Engineer", "sales", "unknown"),
    ("Vice President, Sales", "sales", "vp"),
    ("Chief Revenue Officer", "sales", "c_level"),
    ("Customer Success Manager", "customer_success", "mid"),
    ("Manager, Customer Success", "customer_success", "manager"),
    ("Product Manager", "product", "mid"),
    ("Associate Product Manager", "product", "entry"),
    ("Group Product Manager", "product", "lead"),
    ("Director, Product Marketing", "marketing", "director"),
    ("VP Marketing", "marketing", "vp"),
    ("Lead Generation Specialist", "marketing", "unknown"),
    ("Marketing Designer", "design", "unknown"),
    ("Senior Product Designer", "design", "senior"),
    ("Software Engineer II", "engineering", "mid"),
    ("Senior Software Engineer, Payments", "engineering", "senior"),
    ("Staff Software Engineer", "engineering", "lead"),
    ("Staff Accountant", "finance", "unknown"),
    ("DevOps Engineer", "engineering", "unknown"),
    ("Site Reliability Engineer", "engineering", "unknown"),
    ("Machine Learning Engineer", "engineering", "unknown"),
    ("Customer Data Scientist - Experimentation", "data", "unknown"),
    ("Technical Recruiter", "people", "unknown"),
    ("IT Support", "it", "unknown"),
    ("Application Security Engineer", "security", "unknown"),
    ("Security Guard", "operations", "unknown"),
    ("Nurse", "healthcare", "unknown"),
    ("Warehouse Associate", "supply_chain", "unknown"),
    ("Truck Driver", "supply_chain", "unknown"),
    ("Executive Assistant to the CEO", "administration", "unknown"),
    ("Chief of Staff", "executive", "director"),
    ("CEO", "executive", "c_level"),
    ("Legal Counsel", "legal", "unknown"),
    ("Program Manager", "operations", "mid"),
    ("Marketing Intern", "marketing", "intern"),
    ("Softwareentwickler (m/w/d)", "engineering", "unknown"),
    ("Vertriebsmitarbeiter:in (m/w/d) im Außendienst", "sales", "unknown"),
    ("Teamleiter Vertrieb", "sales", "lead"),
    ("Werkstudent (m/w/d) Marketing", "marketing", "intern"),
    ("Pflegefachkraft (m/w/d)", "healthcare", "unknown"),
    ("Lagermitarbeiter", "supply_chain", "unknown"),
    ("Développeur Full Stack H/F", "engineering", "unknown"),
    ("Responsable Marketing", "marketing", "manager"),
    ("Ingénieur commercial H/F", "sales", "unknown"),
    ("Vice-Président Ventes", "sales", "vp"),
    ("Ejecutivo de Ventas", "sales", "unknown"),
    ("Enfermera", "healthcare", "unknown"),
    ("Analista de datos", "data", "unknown"),
    ("Diretor de Engenharia", "engineering", "director"),
    ("Estagiário de Marketing", "marketing", "intern"),
    ("Accountmanager binnendienst", "sales", "mid"),
    ("Sviluppatore Java", "engineering", "unknown"),
    ("Consultant", "other", "unknown"),
    ("Head Chef", "other", "unknown"),
    ("", "other", "unknown"),
]


@pytest.mark.parametrize(("title", "department", "seniority"), TITLES)
def test_title_gives_department_and_level(title: str, department: str, seniority: str) -> None:
    assert (department_of(title), seniority_of(title)) == (department, seniority)


@pytest.mark.parametrize(
    ("title", "label", "department"),
    [
        ("Consultant", "Sales", "sales"),
        ("Analyst", "Finance", "finance"),
        ("Program Manager", "Engineering", "engineering"),
        ("Specialist II", "People Ops", "people"),
        ("Generalist", "G&A", "administration"),
        ("Manager", "R&D", "engineering"),
        ("Associate", "Warehouse Operations", "supply_chain"),
        ("Account Executive", "Engineering", "sales"),
        ("Consultant", "Zorgteam 7", "other"),
    ],
)
def test_label_speaks_only_where_the_title_is_silent(title: str, label: str, department: str) -> None:
    assert department_of(title, label) == department


@pytest.mark.parametrize(
    "text",
    [
        "Senior Engineer",
        "Account Executive",
        "Entwickler (m/w/d)",
        "Head of Sales",
        "Ingénieur Data H/F",
        "Freight Broker Manager",
    ],
)
def test_lines_that_are_job_titles(text: str) -> None:
    assert names_a_job(text)


@pytest.mark.parametrize(
    "text",
    [
        "Engineering",
        "Meet our engineers",
        "Become a partner",
        "Our values",
        "Partner Program",
        "Leadership",
        "Executive Team",
        "Apply now",
        "Lead the change.",
        "",
        "Investors",
        "Engineers",
        "Directory",
    ],
)
def test_lines_that_are_teams_values_or_menu_items(text: str) -> None:
    assert not names_a_job(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120), st.none() | st.text(max_size=60))
def test_any_title_and_label_are_read_without_error(title: str, label: str | None) -> None:
    assert department_of(title, label)
    assert seniority_of(title)
    assert names_a_job(title) in (True, False)


@pytest.mark.parametrize(
    "rest", ["manager " * 500, "a" * 5_000, "(m/w/d" * 500, "chief " * 500, "- " * 2_000]
)
def test_a_title_before_hostile_repetition_is_read(rest: str) -> None:
    title = f"Head of Sales {rest}"
    assert (department_of(title), seniority_of(title)) == ("sales", "director")
    assert not names_a_job(title)


@pytest.mark.parametrize(
    ("title", "department"),
    [
        ("Technicien support client H/F", "support"),
        ("Technicien SAV", "support"),
        ("Support technicus", "support"),
        ("Técnico de soporte", "support"),
        ("Técnico de marketing", "marketing"),
        ("Técnico de selección", "people"),
        ("Técnico de mantenimiento", "manufacturing"),
        ("Tecnico commerciale", "sales"),
        ("Technicien informatique", "it"),
        ("Technicien support informatique", "it"),
        ("IT support technician", "it"),
        ("Technicien", "engineering"),
        ("Softwareontwikkelaar", "engineering"),
        ("Webontwikkelaar", "engineering"),
        ("Softwareentwickler (m/w/d)", "engineering"),
        ("Personalentwickler", "people"),
    ],
)
def test_a_technician_works_for_what_the_title_names(title: str, department: str) -> None:
    assert department_of(title) == department
