"""Which line of business an account says it is in, and whose line of business is not its own."""

from __future__ import annotations

import pytest
from rule_reading import claims_of, page

from agent.canonical.sector_words import kinds_of_company
from tools.documents import PagePurpose


def industries(text: str, purpose: PagePurpose = "about") -> list[str]:
    found = [claim.value for claim in claims_of(page(text, purpose), "industry")]
    return [str(value["code"]) for value in found if isinstance(value, dict)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Halvard is a Berlin-based logistics company for shippers.", "logistics"),
        ("Halvard is a leading freight forwarder.", "logistics"),
        ("We're an independent haulier.", "logistics"),
        ("As a cyber security firm, Halvard serves security teams.", "cybersecurity"),
        ("Halvard — a SaaS company for operations teams.", "software"),
        ("Halvard: a digital health company.", "healthcare"),
        ("What we are: a renewable energy company.", "energy"),
        ("Being an edtech company, Halvard serves schools.", "education"),
        ("We are a software company for hospitals.", "software"),
        ("Halvard is an insurance software company.", "software"),
        ("We develop accounting software for lawyers.", "software"),
        ("Halvard is a manufacturer of industrial pumps.", "manufacturing"),
        ("We are a general contractor based in Leeds.", "construction"),
        ("Halvard is a CRM tool built for small businesses.", "software"),
        ("Halvard Pro is desktop accounting software", "software"),
        ("Halvard ist ein Energieunternehmen.", "energy"),
        ("Wir sind ein familiengeführter Maschinenbauer aus Ulm.", "manufacturing"),
        ("Als Softwarehaus verstehen wir die Sorgen unserer Kunden.", "software"),
        ("Halvard – ein E-Commerce-Unternehmen mit Leidenschaft.", "ecommerce"),
        ("Wir sind eine Spedition mit eigenem Fuhrpark.", "logistics"),
        ("Nous sommes une société de travaux publics au service des maîtres d'ouvrage.", "construction"),
        ("Halvard est un éditeur de logiciels.", "software"),
        ("Notre métier : une entreprise d'e-commerce.", "ecommerce"),
        ("Halvard, une société d'e-learning, accompagne les écoles.", "education"),
        ("Somos una empresa de logística.", "logistics"),
        ("En pocas palabras: una empresa de ciberseguridad.", "cybersecurity"),
        ("Como un operador logístico, entendemos su día a día.", "logistics"),
        ("Halvard es una constructora.", "construction"),
        ("Wij zijn een bedrijf in de gezondheidszorg voor klinieken.", "healthcare"),
        ("Wat we zijn: een zonne-energiebedrijf.", "energy"),
        ("Halvard è un'azienda di software.", "software"),
        ("Siamo uno spedizioniere con sede a Genova.", "logistics"),
        ("A Halvard é uma construtora.", "construction"),
    ],
)  # fmt: skip
def test_a_self_description_gives_the_industry(text: str, code: str) -> None:
    assert industries(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Halvard is a platform for logistics companies.",
        "Our customer Nordhaven is a logistics company.",
        "Nordhaven is a freight forwarder.",
        "We partner with an energy company.",
        "As a logistics company, you need to know where your trucks are.",
        "Are you a construction company?",
        "We are not a software company.",
        "We are trusted by every insurance company in town.",
        "Halvard is a subsidiary of an energy company.",
        "Nordhaven, a construction company, uses Halvard.",
        "“We are a retail company,” says Ada Brown.\n— Ada Brown, CEO, Nordhaven",
        "Wir sind Partner für Energieunternehmen.",
        "Als Bauunternehmen brauchen Sie Überblick.",
        "Wir sind kein Energieunternehmen.",
        "Nous accompagnons une entreprise de construction.",
        "Nous ne sommes pas une entreprise de logistique.",
        "No somos una empresa de logística.",
        "Ayudamos a cada empresa de logística.",
        "Wij zijn geen zorgbedrijf.",
        "Voor elk zorgbedrijf is er een oplossing.",
        "We are a software company.\nHalvard is a construction company.",
        "We are a logistics company customers love.",
    ],
)
def test_customers_and_contradictions_give_none(text: str) -> None:
    assert industries(text) == []


@pytest.mark.parametrize(
    "filler",
    ["entreprise de " * 200, "energy " * 300, "software-" * 300, "a" * 5000, "Halvard is a " * 200],
)
def test_an_industry_beside_hostile_repetition_is_read(filler: str) -> None:
    assert kinds_of_company(filler) == ()
    assert industries(filler) == []
    assert industries(f"{filler}\nWe are a logistics company.") == ["logistics"]
