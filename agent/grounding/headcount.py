"""Check a stated number of employees: the number, that it counts employees, and how exact it is."""

from __future__ import annotations

import re
from typing import NamedTuple

from pydantic import JsonValue

from agent.attributes import OPEN_ENDED
from agent.canonical.numbers import NumberMention, find_numbers
from agent.grounding.sentences import Span

_I = re.IGNORECASE
_RANGE_AFTER = re.compile(r"\s?(?:-|–|—|to|bis|à|a|and|und|et|y|e|en|tot)\s?\d")
_RANGE_BEFORE = re.compile(
    r"\d\s?(?:-|–|—|to|bis)\s?$|\b(?:between|zwischen|entre|tussen|tra|fra)\s+\d[\d.,\u00a0\u202f ]{0,10}\s(?:and|und|et|y|e|en)\s+$"
)
_GROWN_TO = re.compile(
    r"\b(?:gr[eo]w\w*|gone|went|scal\w+|expand\w*)\s+(?:[\w'-]+\s+){0,4}?from\s+\d[\d.,]*\s+(?:[a-z]+\s+)?to\s+$",
    _I,
)
_MORE_BEFORE = re.compile(
    r"(?:more\s+than|over|upwards\s+of|at\s+least|in\s+excess\s+of|greater\s+than|north\s+of|above|exceed\w*|beyond|[>≥]"
    r"|mehr\s+als|über|mindestens|plus\s+de|plus\s+d'|más\s+de|oltre|più\s+di|meer\s+dan|ruim|mais\s+de|fler\s+än|över|ponad)"
    r"\s*(?:the\s+|a\s+total\s+of\s+|a\s+)?$",
    _I,
)
_MORE_AFTER = re.compile(
    r"\s?(?:\+|plus\b(?!\s+de)|(?:and|or|und)\s+(?:more|mehr)\b)|(?:\s+[\w-]+){0,2}\s+(?:and|or)\s+(?:more|growing|counting)\b",
    _I,
)
_LESS_BEFORE = re.compile(
    r"(?:fewer\s+than|less\s+than|under|below|no\s+more\s+than|weniger\s+als|unter|moins\s+de|menos\s+de|meno\s+di|minder\s+dan|[<≤])\s*$",
    _I,
)
_ABOUT_BEFORE = re.compile(
    r"(?:about|around|approximately|approx\.?|roughly|some|circa|ca\.?|c\.|[~≈]|almost|nearly|close\s+to|just\s+under|rund|etwa|ungefähr|zirka"
    r"|um\s+die|fast|knapp|environ|autour\s+de|en\s+torno\s+a|rond\s+de|près\s+de|presque|quelque|cerca\s+de|alrededor\s+de|casi|unos|unas|quasi|ongeveer|bijna|aproximadamente|quase)\s*$",
    _I,
)
_HEADS = re.compile(
    r"\bof\s+us\b|\b(?:employees?|people|persons?|staff(?:ers)?|team|teammates|members?|workers?|workforce|headcount|colleagues|professionals|experts"
    r"|specialists|engineers|developers|consultants|associates|crew|talents?|humans|ftes?|fte's|full[- ]time|employ(?:s|ed|ing)?|company\s+size"
    r"|mitarbeit\w*|beschäftig\w*|kolleg\w*|personen|menschen|angestellte\w*|köpfe|salari\w+|collaborat\w+|employ[ée]+s?|effectifs?|personnes"
    r"|emplead[oa]s|trabajador\w*|personas|profesionales|plantilla|colaborador\w*|dipendenti|addetti|persone|professionisti|medewerkers"
    r"|werknemers|collega's|mensen|funcion[aá]ri\w+|pessoas|profissionais|anställda|medarbet?jdere|medarbetare|ansatte|pracownik\w*"
    r"|сотрудник\w*|человек)\b|従業員|社員|名|人|员工|員工|직원|명",
    _I,
)
_NO_COUNT = re.compile(
    r"(?:st|nd|rd|th|[ºª°]|er|re|e|ème|te[nrs]?|ste|de)\b|\.\s|\s?(?:%|‰|per\s?cent|prozent|pour\s?cent|por\s?c[ei]ento|procent)",
    _I,
)
_ASKED_HOW_MANY = re.compile(
    r"(?:\bhow\s+(?:many|big|large)|\bwhat(?:['’]s|\s+is)|\bwie\s+(?:viele|groß)|\bcombien|\bquel(?:le)?\s+est|\bcuánt[oa]s|\bqué\s+tamaño"
    r"|\bhoe(?:veel|\s+groot)|\bquant[eio]s?)(?P<asked>[^?\n.!]{0,100})\?[\s+–—-]{1,8}(?:[^\W\d_][\w'’-]*,?\s){0,4}$",
    _I,
)
_BEFORE_A_YEAR = re.compile(
    r"\b(?:found\w*|establish\w*|since|start\w*|began|gegründet|seit|fond\w+|depuis|créée?|fundad\w|desde|fondat\w|dal|opgericht|sinds)\b"
    r"|\b(?:in|by|until|im|en|nel|anno)\s+$",
    _I,
)
_NUMBERED = re.compile(r"(?:\b(?:no|nr|n|num|number|nummer|numéro|número|numero)\.?|[#№])\s?$", _I)
_COUNTED_OTHERS = re.compile(
    r"\b(?:customers?|clients?|users?|companies|businesses|brands|countries|offices|cities|locations|partners?|products?|projects?"
    r"|downloads?|years?|kunden|länder|jahre|projekte|clients|pays|ans|clientes|países|años|clienti|paesi|anni|klanten|landen|jaar"
    r"|students?|patients?|members\s+of\s+the\s+community|subscribers?|followers|visitors|readers|stores|schools|dollars|percent|%|million\s+people)\b",
    _I,
)


class Headcount(NamedTuple):
    """Where the number stands in the quote, and the value as the words around it qualify it."""

    place: Span
    value: dict[str, JsonValue]


def find_headcount(value: JsonValue, text: str, quote: Span, *, structured: bool) -> Headcount | None:
    """Return where the quote at `quote` in `text` states this many employees, and how exactly; else `None`.

    `text` reaches a little beyond the quote on both sides, so that cutting off "over", "+" or "customers"
    changes nothing. A claimed exact number is made what the text says: "over 500" and "500+" are open
    upwards, "about 500" is not exact. One end of a range ("10-50") supports no exact number at all.
    """
    if not isinstance(value, dict):
        return None
    exact, low, high = value.get("exact"), value.get("low"), value.get("high")
    wanted = (
        [exact]
        if isinstance(exact, int)
        else [n for n in (low, high) if isinstance(n, int) and 1 < n < OPEN_ENDED]
    )
    mentions = [each for each in find_numbers(text) if quote.start <= each.start and each.end <= quote.end]
    heads = [each for each in mentions if structured or _counts_heads(text, each)]
    if not wanted or not heads:
        return None
    places: list[Span] = []
    for number in dict.fromkeys(wanted):
        found = next((each for each in heads if each.value == number), None) or next(
            (each for each in mentions if each.value == number and _RANGE_AFTER.match(text, each.end)), None
        )
        if found is None:
            return None
        places.append(Span(found.start, found.end))
    qualified = value if structured else _qualified(value, text, places[0], wanted[0])
    if qualified is None:
        return None
    first = places[0]
    return Headcount(Span(first.start - quote.start, first.end - quote.start), qualified)


def _qualified(
    value: dict[str, JsonValue], text: str, place: Span, number: int
) -> dict[str, JsonValue] | None:
    grown = _GROWN_TO.search(text[: place.start])
    in_range = _RANGE_AFTER.match(text, place.end) or (
        not grown and _RANGE_BEFORE.search(text[max(0, place.start - 32) : place.start])
    )
    is_range = (
        value.get("exact") is None
        and value.get("low") != value.get("high")
        and value.get("high") != OPEN_ENDED
    )
    if in_range:
        return value if is_range else None
    before = text[max(0, place.start - 32) : place.start].replace("’", "'")
    after = text[place.end : place.end + 40]
    if _MORE_BEFORE.search(before) or _MORE_AFTER.match(after):
        return {"exact": None, "low": number, "high": OPEN_ENDED}
    if _LESS_BEFORE.search(before):
        return {"exact": None, "low": 1, "high": number}
    if value.get("high") == OPEN_ENDED or (value.get("low") == 1 and number != 1):
        return None
    if _ABOUT_BEFORE.search(before):
        return {"exact": None, "low": number, "high": number}
    return value


def _counts_heads(text: str, mention: NumberMention) -> bool:
    """Say whether what this number counts are employees: the first counted noun after it, else a label before it."""
    after = text[mention.end : mention.end + 60]
    if _NO_COUNT.match(after) or _NUMBERED.search(text[max(0, mention.start - 12) : mention.start]):
        return False
    following = next(iter(find_numbers(after)), None)
    if following is not None and not re.match(
        r"\+?\s?(?:-|–|—|to|bis|à|a|tot)\s?$", after[: following.start], _I
    ):
        after = after[: following.start]
    heads, others = _HEADS.search(after), _COUNTED_OTHERS.search(after)
    if heads and (others is None or heads.start() <= others.start()):
        return re.search(r"[.!?;|]\s", after[: heads.start()]) is None
    if others and re.search(r"[.!?;|,]|\S\s*\n", after[: others.start()]) is None:
        return False
    before = text[max(0, mention.start - 48) : mention.start]
    asked = _ASKED_HOW_MANY.search(text[max(0, mention.start - 160) : mention.start])
    if asked and _HEADS.search(asked["asked"]):
        return True
    labels = list(_HEADS.finditer(before))
    if not labels:
        return False
    between = before[labels[-1].end() :]
    if 1500 <= mention.value <= 2100 and _BEFORE_A_YEAR.search(between):
        return False
    return re.search(r"\d|[.!?;]\s", between) is None and len(between.split()) <= 5
