"""How many people work at the account, and whose numbers are not its own."""

from __future__ import annotations

import pytest
from rule_reading import claims_of, page

from tools.documents import PagePurpose


def read(text: str, purpose: PagePurpose = "about", attribute: str = "employee_count") -> list[object]:
    return [claim.value for claim in claims_of(page(text, purpose), attribute)]


def size(low: int, high: int | None = None, exact: int | None = None) -> dict[str, int | None]:
    return {"exact": exact, "low": low, "high": high or low}


OPEN = 10_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are a team of 120 people.", size(120, exact=120)),
        ("We're a team of 120 across 12 countries.", size(120, exact=120)),
        ("Today we are a team of about 340 people in Savannah, Columbus and Rotterdam.", size(340)),
        ("Halvard employs over 1,200 people worldwide.", size(1200, OPEN)),
        ("We have more than 500 employees across 12 offices.", size(500, OPEN)),
        ("Our 4,300 employees serve shippers in 12 countries.", size(4300, exact=4300)),
        ("Halvard is a 250-person company based in Oslo.", size(250, exact=250)),
        ("With 85 employees, Halvard is small enough to care.", size(85, exact=85)),
        ("We're over 3,000 people from more than 90 nationalities.", size(3000, OPEN)),
        ("The company has grown to 640 employees.", size(640, exact=640)),
        ("120+\nEmployees\n14\nOffices", size(120, OPEN)),
        ("Employees: 51-200", size(51, 200)),
        ("Company size\n201–500", size(201, 500)),
        ("Wir sind 85 Mitarbeitende an drei Standorten.", size(85, exact=85)),
        ("Heute beschäftigen wir rund 1.200 Mitarbeiterinnen und Mitarbeiter.", size(1200)),
        ("Unsere 1.200 Mitarbeiter sind unser Kapital.", size(1200, exact=1200)),
        ("Nous sommes une équipe de 60 personnes.", size(60, exact=60)),
        ("Nos 1 200 collaborateurs vous accompagnent.", size(1200, exact=1200)),
        ("Somos un equipo de 45 personas.", size(45, exact=45)),
        ("Siamo un team di 30 persone.", size(30, exact=30)),
        ("Wij zijn een team van 25 mensen.", size(25, exact=25)),
        ("Somos uma equipe de 80 pessoas.", size(80, exact=80)),
        ("We have four hundred employees.", size(400, exact=400)),
        ("💙 We are a team of 75 people 🌍", size(75, exact=75)),
    ],
)
def test_size_is_read_from_the_accounts_own_words(text: str, expected: object) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Trusted by 10,000 employees at leading companies.",
        "Join 10,000 companies that plan with us.",
        "Perfect for teams of 5 to 50 people.",
        "We help companies with 500 employees run payroll.",
        "Bramblewood Paper, a manufacturer with 6,200 employees, cut its fees.",
        "Our customers have 1,200 employees on average.",
        "We surveyed 2,000 employees about remote work.",
        "Manage up to 10,000 employees with our platform.",
        "We have 40 engineers in our product team.",
        "Our support team of 12 people answers within an hour.",
        "We hired 50 new employees last year.",
        "Large retailers with 50,000 employees do not know either.",
        "“We are a team of 12 people and love it.”\nJane Roe\nCEO of Bramblewood",
        "Does your company have 50 employees?",
        "We process payroll for 4,000 employees.",
        "In 2019 employees asked us for more.",
        "يثق بنا 500 موظف",
        "",
        "• 24/7\n• 99.9%\n• 50",
    ],
)
def test_other_peoples_numbers_are_not_the_accounts_size(text: str) -> None:
    assert read(text) == []


def test_a_blog_speaks_of_others_unless_it_names_the_account() -> None:
    assert read("We are a team of 500 people.", "blog") == []
    assert read("Halvard employs 120 people.", "blog") == [size(120, exact=120)]


@pytest.mark.parametrize("written", ["1,200", "1.200", "1 200", "1'200", "1\u202f200", "1’200"])
def test_thousands_separators_of_five_locales_are_one_number(written: str) -> None:
    assert read(f"We have {written} employees.") == [size(1200, exact=1200)]


def test_two_companies_on_one_page_keep_their_own_numbers() -> None:
    text = "Halvard has 120 employees.\nOsterfield Tools has 9,000 employees."
    assert read(text) == [size(120, exact=120)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Headcount: 410 people.", 410),
        ("Effectif | autour de 410", 410),
        ("Derrière notre nom, il y a 410 collaborateurs.", 410),
        ("L'effectif de Halvard s'élève à 410 personnes.", 410),
        ("El equipo de Halvard suma 410 personas.", 410),
        ("Met 410 collega's kunnen we grote projecten aan.", 410),
        ("410 people stand behind Halvard.", 410),
        ("Hinter Halvard stehen wir: 410 Menschen arbeiten für uns.", 410),
        ("Company size\n410 employees", 410),
    ],
)
def test_more_ways_to_say_how_many(text: str, number: int) -> None:
    assert {value["low"] for value in read(text) if isinstance(value, dict)} == {number}


@pytest.mark.parametrize(
    "text",
    [
        "Behind every order, there are 120 suppliers.",
        "Behind our clients stand 5,000 employees.",
        "Chez nos clients, il y a 1 600 collaborateurs.",
        "Our dashboard shows it. Headcount: 410.",
    ],
)
def test_more_numbers_that_are_others(text: str) -> None:
    assert read(text, "product") == []


@pytest.mark.parametrize("attribute", ["employee_count", "founded_year", "headquarters"])
def test_a_page_that_states_one_value_ever_anew_gives_its_first_claims(attribute: str) -> None:
    sentences = {
        "employee_count": "We employ 2{} people.",
        "founded_year": "Halvard was founded in {}.",
        "headquarters": "Our headquarters is in Berlin-{}, Germany.",
    }
    text = "\n".join(sentences[attribute].format(1900 + number) for number in range(120))
    kept = read(text, attribute=attribute)
    assert kept == read("\n".join(text.split("\n")[:60]), attribute=attribute)
    assert 0 < len(kept) <= 40
