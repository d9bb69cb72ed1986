"""Say for each buying-committee role whether a title that fills it was seen, is being hired, or neither."""

from __future__ import annotations

import re
from typing import NamedTuple

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
_MOST_TITLES = 16_384
_SMALL_WORDS = frozenset(("of", "the", "and", "for", "a"))


class CompiledPersona(NamedTuple):
    """A persona whose titles are ready to compare; `fits` remembers which titles fill the role."""

    role: str
    titles: tuple[str, ...]
    not_seen: PersonaPresence
    fits: dict[str, bool]

    def filled_by(self, title: str) -> bool:
        """Tell whether somebody with this title fills the role."""
        if len(self.fits) >= _MOST_TITLES:
            self.fits.clear()
        compared = title_words(title)
        fits = self.fits[title] = any(wanted in compared for wanted in self.titles)
        return fits


def compile_persona(persona: Persona) -> CompiledPersona:
    """Return the persona with its titles in the form they are compared in."""
    nobody = PersonaPresence(role=persona.role, state="not_seen")
    return CompiledPersona(persona.role, tuple(title_words(title) for title in persona.titles), nobody, {})


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
    roles, changes = _seats(view, "buying_role"), _seats(view, "leadership_change")
    hiring: list[_Seat] | None = None
    seen = []
    for persona in personas:
        named = _filled_by(persona, roles)
        held = [seat for seat in named if not _is_opening(view, seat)] if named else []
        held += _filled_by(persona, changes)
        if held:
            seen.append(_presence(persona, "present", held))
            continue
        if hiring is None:
            hiring = _seats(view, "hiring")
        seen.append(_presence(persona, "hiring", [*named, *_filled_by(persona, hiring)]))
    return tuple(seen)


_Seat = tuple[str, str]
"""A title as told, and the evidence that tells it."""


def _presence(persona: CompiledPersona, state: str, seats: list[_Seat]) -> PersonaPresence:
    if not seats:
        return persona.not_seen
    titles = tuple(sorted({title for title, _ in seats}))
    evidence = tuple(dict.fromkeys([name for _, name in seats]))
    return _make_presence({"role": persona.role, "state": state, "titles": titles, "evidence": evidence})


def _filled_by(persona: CompiledPersona, seats: list[_Seat]) -> list[_Seat]:
    fits = persona.fits
    return [seat for seat in seats if (fits[seat[0]] if seat[0] in fits else persona.filled_by(seat[0]))]


def _is_opening(view: View, seat: _Seat) -> bool:
    """Tell a role known from an opening, which is being filled, from one that somebody holds."""
    item = view.evidence.get(seat[1])
    return item is not None and item["source_kind"] == "job_posting"


def _seats(view: View, attribute: str) -> list[_Seat]:
    """Return every title that the facts of an attribute and their evidence name, in a fixed order.

    A person who left fills no seat; openings are told by posting, the fact itself only counts them.
    """
    seats: list[_Seat] = []
    known = view.evidence
    for fact in view.facts.get(attribute, ()):
        if fact["status"] != "supported":
            continue
        for name in fact["evidence"]:
            value = known[name]["value"] if name in known else fact["value"]
            title = value.get("title") if type(value) is dict else None
            if type(title) is str and value.get("change") != "departed":
                seats.append((title, name))
    if len(seats) > 1:
        seats.sort()
    return seats


_make_presence = maker(PersonaPresence)
