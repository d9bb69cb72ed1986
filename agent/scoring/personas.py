"""Say for each buying-committee role whether a title that fills it was seen, is being hired, or neither."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from agent.icp.model import Persona
from agent.models import PersonaPresence
from agent.scoring.build import maker
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
TITLED = ("buying_role", "leadership_change", "hiring")
"""The attributes whose values name job titles."""
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
    roles = _seats(view, "buying_role")
    openings = [seat for seat in roles if _is_opening(view, seat)]
    filled = [seat for seat in roles if seat not in openings] if openings else roles
    filled = [*filled, *_seats(view, "leadership_change")]
    present = [_filled_by(persona, filled) for persona in personas]
    wanted = [] if all(present) else [*openings, *_seats(view, "hiring")]
    return tuple(
        [
            _presence(persona, "present", seats)
            if seats
            else _presence(persona, "hiring", _filled_by(persona, wanted))
            for persona, seats in zip(personas, present, strict=True)
        ]
    )


_Seat = tuple[str, str]
"""A title as told, and the evidence that tells it."""


def _presence(persona: CompiledPersona, state: str, seats: list[_Seat]) -> PersonaPresence:
    if not seats:
        return persona.not_seen
    return _make_presence(
        {
            "role": persona.role,
            "state": state,
            "titles": (seats[0][0],) if len(seats) == 1 else tuple(sorted({title for title, _ in seats})),
            "evidence": tuple(dict.fromkeys([name for _, name in seats if name])),
        }
    )


def _filled_by(persona: CompiledPersona, seats: list[_Seat]) -> list[_Seat]:
    if not seats:
        return seats
    titles = persona.titles
    found = []
    for seat in seats:
        compared = title_words(seat[0])
        for wanted in titles:
            if wanted in compared:
                found.append(seat)
                break
    return found


def _is_opening(view: View, seat: _Seat) -> bool:
    """Tell a role known from an opening, which is being filled, from one that somebody holds."""
    item = view.evidence.get(seat[1])
    return item is not None and item.source_kind == "job_posting"


def _seats(view: View, attribute: str) -> list[_Seat]:
    """Return every title that the facts of an attribute and their evidence name, in a fixed order.

    A person who left fills no seat; openings are told by posting, the fact itself only counts them.
    """
    facts = view.facts.get(attribute)
    if facts is None:
        return []
    seats: list[_Seat] = []
    known = view.evidence
    for fact in facts:
        if fact["status"] != "supported":
            continue
        for name in fact["evidence"]:
            value: Any = known[name].value if name in known else fact["value"]  # Any: JSON
            title = value.get("title") if isinstance(value, dict) else None
            if isinstance(title, str) and value.get("change") != "departed":
                seats.append((title, name))
    return sorted(seats)


_make_presence = maker(PersonaPresence)
