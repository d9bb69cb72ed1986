"""Say for each buying-committee role whether a title that fills it was seen, is being hired, or neither."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from agent.icp.model import Persona
from agent.models import Fact, PersonaPresence
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


def compile_persona(persona: Persona) -> CompiledPersona:
    """Return the persona with its titles in the form they are compared in."""
    return CompiledPersona(persona.role, tuple(f" {title_words(title)} " for title in persona.titles))


@lru_cache(maxsize=16_384)
def title_words(title: str) -> str:
    """Return a job title in compared form: `Vice President of Operations` becomes `vp operations`."""
    words = re.findall(r"\w+", title.casefold())[:30]
    text = " ".join(word for word in words if word not in _SMALL_WORDS)
    for long, short in _LONG_FORMS:
        text = text.replace(long, short)
    return text


def personas_seen(view: View, personas: tuple[CompiledPersona, ...]) -> tuple[PersonaPresence, ...]:
    """Return one entry per persona. Present beats hiring: an open role next to a filled one is a second seat."""
    if not personas:
        return ()
    present = _titles(view, "buying_role") + _titles(view, "leadership_change")
    hiring = _titles(view, "hiring")
    return tuple(
        _seen(persona, "present", present)
        or _seen(persona, "hiring", hiring)
        or PersonaPresence(role=persona.role, state="not_seen")
        for persona in personas
    )


class _Seat(NamedTuple):
    title: str
    compared: str
    evidence: tuple[str, ...]


def _seen(persona: CompiledPersona, state: str, seats: list[_Seat]) -> PersonaPresence | None:
    titles: dict[str, None] = {}
    evidence: dict[str, None] = {}
    for seat in seats:
        if any(wanted in seat.compared for wanted in persona.titles):
            titles[seat.title] = None
            evidence.update(dict.fromkeys(seat.evidence))
    if not titles:
        return None
    return PersonaPresence(
        role=persona.role,
        state="present" if state == "present" else "hiring",
        titles=tuple(sorted(titles)),
        evidence=tuple(evidence),
    )


def _titles(view: View, attribute: str) -> list[_Seat]:
    seats: dict[tuple[str, str], _Seat] = {}
    for fact in view.facts.get(attribute, ()):
        if fact.status != "supported":
            continue
        for title, name in _told(view, fact):
            seats[title, name] = _Seat(title, f" {title_words(title)} ", (name,) if name else ())
    return [seats[key] for key in sorted(seats)]


def _told(view: View, fact: Fact) -> list[tuple[str, str]]:
    """Return every title a fact and its evidence name, with the evidence that names it.

    A person who left fills no seat; openings are told by posting, the fact itself only counts them.
    """
    found: list[tuple[str, str]] = []
    for name in fact.evidence:
        item = view.evidence.get(name)
        value = item.value if item is not None else fact.value
        if (
            isinstance(value, dict)
            and isinstance(value.get("title"), str)
            and value.get("change") != "departed"
        ):
            found.append((str(value["title"]), name))
    return found
