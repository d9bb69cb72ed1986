"""Read department and seniority from a job title and the board's department label.

The tables are in `tools/occupation_terms.py`. The title decides; the label speaks where the title is
silent; what neither says is `other` and `unknown`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from tools.documents import Department, Seniority
from tools.occupation_terms import DEFAULTS, FIELDS, LABELS, LEVELS, MANAGES_WORK, PEOPLE, PHRASES, ROLES

_LONGEST = 300
_GENDER = re.compile(
    r"[(\[]\s*(?:[mwfdhxvia]|all genders?|gn|w/m/d|m/w/d)(?:\s*[/|,*-]\s*[mwfdhxvia*]){0,3}\s*[)\]]|\b[hfm]/[hfm](?:/[xdn])?\b",
    re.IGNORECASE,
)
_INFLECTION = re.compile(
    r"(?<=\w)(?:[:*_]|/-?|\(-?)(?:in(?:nen)?|e|r|ne|trice|rice|a|en|euse|ère)\b\)?", re.IGNORECASE
)
_SEGMENTS = re.compile(r"\s*(?:,|;|\||:|\(|\)|\[|\]|\s[-–—/]+\s|–|—)\s*")
_UPWARD = re.compile(
    r"\b(?:to the|to|reporting to|office of the|office of|assistant to)\s+(?:our\s+|the\s+)?(?=(?:ceo|cto|cfo|coo|cmo|cio|ciso|cpo|cro|chief|vp|svp|founder|president|managing|director|head)\b)"
)

_VICE = re.compile(r"\bvice[ -]presiden\w{0,6}")
_NO_LEVEL = re.compile(
    r"\b(?:lead gen(?:eration)?|head (?:chef|coach|waiter|teacher|nurse)|board of directors|mid[ -]market)\b"
)

_TALK = re.compile(
    r"\b(?:we|we're|our|you|your|you'll|us|how|why|what|who|meet|become|join|learn|read|see|view|apply|explore|find|discover|contact|"
    r"is|are|was|will|can|wir|unser\w{0,2}|du|dein\w{0,2}|ihr\w{0,2}|nous|nos|notre|vous|votre|nuestr[oa]s?|tu|voc[eê]|noss[oa]s?|onze|jouw?|"
    r"program|programme|programs|story|stories|spotlight|interview|login|portal|resources?|team)\b",
    re.IGNORECASE,
)
_PLURAL_ONLY = re.compile(
    r"(?:engineers|developers|designers|partners|investors|advisors|executives|directors|managers|officers|teachers|nurses|interns|internships|commercial|stage|lead|owner|principal|partner|associates|producers|agents|alternance|executive|executive leadership|chief)"
)


class _Hit(NamedTuple):
    words: int
    length: int
    start: int
    department: Department


def department_of(title: str, label: str | None = None) -> Department:
    """Return the department a title belongs to; `label` is the board's own department name, if any.

    Phrases ("sales engineer") beat nouns for the person ("engineer"), which beat fields ("marketing").
    The first segment of a title is asked before what follows a comma or dash. Unknown words give `other`.
    """
    whole = _fold(title)
    segments = [_fold(part) for part in _SEGMENTS.split(_bare(title)) if part and part.strip()] or [whole]
    for segment in segments:
        found = _phrase(segment, PHRASES)
        if found:
            return found
        said = _defaults().sub(" ", segment)
        found = _role(said) or _field(said)
        if found:
            return found
    return _of_label(label) or _phrase(whole, DEFAULTS) or "other"


def seniority_of(title: str) -> Seniority:
    """Return the level a title states; `unknown` when it states none ("Software Engineer").

    "Head of" counts as director. A manager of products, projects or accounts is `mid`, not `manager`.
    """
    text = _NO_LEVEL.sub(" ", _fold(title))
    upward = _UPWARD.search(text)
    if upward and upward.start() > 0:
        text = text[: upward.start()]
    for level, pattern in _levels():
        if level == "manager":
            text_left = _manages_work().sub(" ", text)
            if text_left != text and not pattern.search(text_left):
                return _level_below_manager(text)
        if pattern.search(text):
            return level
    return "unknown"


def names_a_job(text: str) -> bool:
    """Tell whether a line of a page reads as a job title: short, no sentence, and it names a person at work.

    "Senior Engineer (m/f/d)" does; "Engineering", "Meet our engineers" and "Become a partner" do not.
    """
    bare = " ".join(text.split())
    if not 3 <= len(bare) <= 110 or bare[-1] in ".!?:…" or not bare[0].isalnum():
        return False
    words = bare.split()
    if len(words) > 14 or _TALK.search(bare):
        return False
    if _GENDER.search(bare):
        return True
    folded = _fold(bare)
    return _people().search(folded) is not None and _PLURAL_ONLY.fullmatch(folded) is None


def _level_below_manager(text: str) -> Seniority:
    for level, pattern in _levels():
        if level in ("senior", "entry") and pattern.search(text):
            return level
    return "mid"


def _of_label(label: str | None) -> Department | None:
    if not label or not label.strip():
        return None
    text = _fold(label)
    for department, names in _label_names().items():
        if text in names:
            return department
    return _phrase(text, PHRASES) or _role(text) or _field(text)


def _phrase(text: str, table: Mapping[Department, str]) -> Department | None:
    hits = (
        _Hit(found[0].count(" ") + 1, len(found[0]), -found.start(), department)
        for department, pattern in _patterns(_table_name(table))
        for found in pattern.finditer(text)
    )
    best = max(hits, default=None, key=lambda hit: hit[:3])
    return best.department if best else None


def _role(text: str) -> Department | None:
    hits = [
        (found.start(), department)
        for department, pattern in _patterns("roles")
        for found in pattern.finditer(text)
    ]
    return max(hits)[1] if hits else None


def _field(text: str) -> Department | None:
    hits = [
        (found.start(), department)
        for department, pattern in _patterns("fields")
        for found in pattern.finditer(text)
    ]
    return min(hits)[1] if hits else None


_TABLES: dict[str, Mapping[Department, str]] = {
    "phrases": PHRASES,
    "roles": ROLES,
    "fields": FIELDS,
    "defaults": DEFAULTS,
}


def _table_name(table: Mapping[Department, str]) -> str:
    return next(name for name, known in _TABLES.items() if known is table)


@lru_cache(maxsize=len(_TABLES))
def _patterns(table: str) -> tuple[tuple[Department, re.Pattern[str]], ...]:
    return tuple((department, _compile(terms)) for department, terms in _TABLES[table].items())


@lru_cache(maxsize=1)
def _levels() -> tuple[tuple[Seniority, re.Pattern[str]], ...]:
    return tuple((level, _compile(terms)) for level, terms in LEVELS)


@lru_cache(maxsize=1)
def _people() -> re.Pattern[str]:
    return _compile(PEOPLE)


@lru_cache(maxsize=1)
def _defaults() -> re.Pattern[str]:
    return _compile("|".join(DEFAULTS.values()))


@lru_cache(maxsize=1)
def _manages_work() -> re.Pattern[str]:
    return _compile(MANAGES_WORK)


@lru_cache(maxsize=1)
def _label_names() -> dict[Department, frozenset[str]]:
    return {
        department: frozenset(_fold(name) for name in names.split("|"))
        for department, names in LABELS.items()
    }


def _compile(terms: str) -> re.Pattern[str]:
    """Compile a `|` list; `*` alone is one word, `*` in a word any letters. Longer terms are tried first."""
    alternatives = []
    for term in sorted(dict.fromkeys(terms.split("|")), key=len, reverse=True):
        words = [
            r"\w{1,20}" if word == "*" else re.escape(word).replace(r"\*", r"\w{0,30}")
            for word in term.split()
        ]
        alternatives.append(" ".join(words))
    return re.compile(rf"(?<![\w&])(?:{'|'.join(alternatives)})(?![\w&])")


def _bare(title: str) -> str:
    text = unicodedata.normalize("NFKC", title[:_LONGEST])
    return _INFLECTION.sub("", _GENDER.sub(" ", text))


def _fold(title: str) -> str:
    """Return a title in the form the tables are written in."""
    text = unicodedata.normalize("NFKD", _bare(title).replace("ß", "ss")).casefold().replace("’", "'")
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = _VICE.sub("vp", text)
    text = re.sub(r"[^\w&'/+#-]+", " ", text)
    text = re.sub(r"(?<!\w)[/&'+#-]+|[/'+-]+(?!\w)", lambda found: " & " if "&" in found[0] else " ", text)
    return (
        " ".join(text.replace("/", " / ").replace(" / ", " ").split())
        if "ux/ui" not in text
        else " ".join(text.split())
    )
