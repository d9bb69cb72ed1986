"""Who came and who went, who bought and who was bought: the quote must say which."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import JsonValue
from rule_reading import ACCOUNT, TODAY, story

from agent.grounding import ground
from agent.models import Claim, Evidence, RejectedClaim


def judged(
    attribute: str, value: JsonValue, text: str, event_on: date | None = None
) -> Evidence | RejectedClaim:
    """Return what becomes of a model's claim of `value`, quoting all of a story."""
    url = "https://press.example/a"
    document = story(text, "other", url=url, tier="news", published_at=date(2026, 5, 20))
    claim = Claim(
        attribute=attribute,
        value=value,
        quote=text,
        document=document.id,
        extractor="llm:test",
        event_on=event_on,
    )
    return ground(claim, document, ACCOUNT, TODAY)


def told(attribute: str, value: JsonValue, text: str) -> bool:
    """Return whether such a claim is believed."""
    found = judged(attribute, value, text)
    if isinstance(found, RejectedClaim):
        assert found.reason == "value_not_in_quote", found.reason
        return False
    return True


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Ana Ruiz joined Halvard as CFO.", {"appointed"}),
        ("Halvard names Ana Ruiz CFO.", {"appointed"}),
        ("Halvard CFO Ana Ruiz left the company.", {"departed"}),
        ("Ana Ruiz steps down as CFO of Halvard.", {"departed"}),
        ("Halvard promoted Ana Ruiz to CFO.", {"appointed", "promoted"}),
        ("Halvard ernennt Ana Ruiz zur CFO.", {"appointed"}),
        ("Die CFO von Halvard, Ana Ruiz, verlässt das Unternehmen.", {"departed"}),
        ("Halvard nomme Ana Ruiz au poste de CFO.", {"appointed"}),
        ("La CFO de Halvard, Ana Ruiz, deja la empresa.", {"departed"}),
        ("De CFO van Halvard vertrekt.", {"departed"}),
        ("Halvard names Ana Ruiz as new CFO after the founder of its first office left.", {"appointed"}),
    ],
)
def test_a_change_of_leaders_is_the_one_the_sentence_tells(text: str, changes: set[str]) -> None:
    believed = {
        change
        for change in ("appointed", "promoted", "departed")
        if told("leadership_change", {"title": "CFO", "change": change}, text)
    }
    assert believed == changes


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Halvard acquires Northmark.", "acquirer"),
        ("Halvard has completed its acquisition of Northmark.", "acquirer"),
        ("Northmark has been acquired by Halvard.", "acquirer"),
        ("Northmark was bought by the logistics group Halvard.", "acquirer"),
        ("Halvard was acquired by Northmark.", "acquired"),
        ("Northmark acquires Halvard.", "acquired"),
        ("Northmark completes its acquisition of Halvard.", "acquired"),
        ("Halvard hat Northmark übernommen.", "acquirer"),
        ("Northmark hat Halvard übernommen.", "acquired"),
        ("Halvard wird von Northmark übernommen.", "acquired"),
        ("Halvard rachète Northmark.", "acquirer"),
        ("Halvard a été rachetée par Northmark.", "acquired"),
        ("Halvard adquiere Northmark.", "acquirer"),
        ("Halvard neemt Northmark over.", "acquirer"),
        ("Halvard is overgenomen door Northmark.", "acquired"),
    ],
)
def test_an_acquisition_has_the_buyer_that_the_sentence_names(text: str, role: str) -> None:
    believed = [
        each
        for each in ("acquirer", "acquired")
        if told("acquisition", {"role": each, "other": "Northmark"}, text)
    ]
    assert believed == [role]


@pytest.mark.parametrize(
    ("attribute", "value", "text"),
    [
        ("funding_round", {"stage": "series_b", "amount": 45_000_000, "currency": "USD"}, "Halvard closed its $45 million Series B on 3 December 2026."),
        ("partnership", {"partner": "Northmark"}, "Halvard and Northmark start a partnership on 3 December 2026."),
        ("product_launch", {"product": "Northmark One"}, "Halvard launches Northmark One on 3 December 2026."),
        ("layoffs", {"count": 120, "percent": None}, "Halvard lays off 120 people in December 2026."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dated", [None, date(2026, 5, 20)])
def test_what_lies_ahead_in_the_same_year_has_not_happened(
    attribute: str, value: JsonValue, text: str, dated: date | None
) -> None:
    found = judged(attribute, value, text, dated)
    assert isinstance(found, RejectedClaim)
    assert found.reason == "hypothetical"
