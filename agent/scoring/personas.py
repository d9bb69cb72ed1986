"""Say for each buying-committee role whether a title that fills it was seen, is being hired, or neither."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from agent.icp.model import Persona
from agent.models import PersonaPresence
from agent.scoring.build import build
from agent.scoring.view import View

_LONG_FORMS = (
    ("senior vice president", "svp"),
    ("executive vice president", "evp"),
    ("vice president", "vp"),
    ("chief executive officer", "ceo"),
    ("chief operating officer", "coo"),
    ("chief operations officer", "coo"),
    ("chief financial officer", "cfo"),
    ("chief technology officer", "cto"),
    ("chief technical officer", "cto"),
    ("chief information officer", "cio"),
    ("chief marketing officer", "cmo"),
    ("chief revenue officer", "cro"),
    ("chief product officer", "cpo"),
    ("chief information security officer", "ciso"),
    ("chief human resources officer", "chro"),
)
_SMALL_WORDS = frozenset(("of", "the", "and", "for", "a"))


class CompiledPersona(NamedTuple):
    """A persona whose titles are ready to compare."""

    role: str
    titles: tuple[str, ...]
    not_seen: PersonaPresence


def compile_persona(persona: Persona) -> CompiledPersona:
    """Return the persona with its titles in the form they are compared in."""
    nobody = PersonaPresence(role=persona.role, state="not_seen")
    return CompiledPersona(persona.role, tuple(title_words(title) for title in persona.titles), nobody)


@lru_cache(maxsize=16_384)
def title_words(title: str) -> str:
    """Return a job title in compared form: `Vice President of Operations` becomes ` vp operations `."""
    words = re.findall(r"\w+", title.casefold())[:30]
    text = " ".join(word for word in words if word not in _SMALL_WORDS)
    for long, short in _LONG_FORMS:
        text = text.replace(long, short)
    return f" {text} "


def personas_seen(view: View, personas: tuple[CompiledPersona, ...]) -> tuple[PersonaPresence, ...]:
    """Return one entry per persona. Present beats hiring: an open role next to a filled one is a second seat."""
    if not personas:
        return ()
    roles = _titles(view, "buying_role")
    present = [seat for seat in roles if not seat.is_opening] + _titles(view, "leadership_change")
    hiring = [seat for seat in roles if seat.is_opening] + _titles(view, "hiring")
    return tuple([_seen(persona, present, hiring) for persona in personas])


class _Seat(NamedTuple):
    title: str
    compared: str
    evidence: str
    is_opening: bool


def _seen(persona: CompiledPersona, present: list[_Seat], hiring: list[_Seat]) -> PersonaPresence:
    state, seats = "present", _filled_by(persona, present)
    if not seats:
        state, seats = "hiring", _filled_by(persona, hiring)
    if not seats:
        return persona.not_seen
    return build(
        PersonaPresence,
        {
            "role": persona.role,
            "state": state,
            "titles": tuple(sorted({seat.title for seat in seats})),
            "evidence": tuple(dict.fromkeys([seat.evidence for seat in seats if seat.evidence])),
        },
    )


def _filled_by(persona: CompiledPersona, seats: list[_Seat]) -> list[_Seat]:
    return [seat for seat in seats for wanted in persona.titles if wanted in seat.compared]


def _titles(view: View, attribute: str) -> list[_Seat]:
    """Return every title that the facts of an attribute and their evidence name, in a fixed order.

    A person who left fills no seat; openings are told by posting, the fact itself only counts them.
    """
    facts = view.facts.get(attribute)
    if facts is None:
        return []
    seats: set[_Seat] = set()
    known = view.evidence
    for fact in facts:
        if fact.status != "supported":
            continue
        for name in fact.evidence:
            value = known[name].value if name in known else fact.value
            is_opening = name in known and known[name].source_kind == "job_posting"
            if isinstance(value, dict) and value.get("change") != "departed":
                title = value.get("title")
                if isinstance(title, str):
                    seats.add(_Seat(title, title_words(title), name, is_opening))
    return sorted(seats)
