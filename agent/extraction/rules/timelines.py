"""The founding year in a timeline: a year in one cell, "Founding of Acme" in the next or behind a dash."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim

_PAGES = frozenset(("about", "home", "press", "careers", "other"))
_YEAR_LINE = re.compile(r"(?P<year>1[6-9][0-9]{2}|20[0-9]{2})(?:[ ]?[:–—|-][ ]?(?P<rest>\S.{3,160}))?")
_MOST_LINES = 1_500


@lru_cache(maxsize=1)
def _events() -> tuple[re.Pattern[str], ...]:
    name = r"(?P<name>(?:the[ ])?[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ&][\w&.'’-]*){0,3})"
    generic = (
        r"(?:(?:the|our|this)[ ])?(?:company|business|firm)|(?:l['’]|notre[ ])?entreprise|(?:la[ ]|notre[ ])?société|(?:la[ ]|nuestra[ ])?empresa"
        r"|(?:des[ ]|der[ ]|unseres[ ]|unserer[ ])?(?:Unternehmens?|Firma)|(?:het[ ]|ons[ ])?bedrijf|(?:l['’]|della[ ])?azienda|(?:da[ ]|a[ ]|nossa[ ])empresa"
    )
    whom = rf"(?:{name}|(?i:{generic}))"
    nouns = (
        r"(?i:founding|foundation|establishment|incorporation|birth|creation|gründung|naissance|création|fondation|fundación|nacimiento|creación"
        r"|oprichting|fondazione|nascita|fundação|nascimento)"
    )
    of = r"(?i:of|von|der|des|de[ ]la|de[ ]l['’]|de|du|d['’]|del|van|di|della|da|do)"
    was = r"(?i:is|was|gets|wird|wurde|est|a[ ]été|es|fue|se|wordt|werd|è|foi)"
    done = r"(?i:founded|established|incorporated|born|gegründet|fondée?|créée?|née?|fundad[oa]|cread[oa]|funda|crea|opgericht|fondat[oa]|nat[oa]|fundada|criad[oa])"
    return (
        re.compile(rf"{nouns}[ ](?:{of}[ ]?)?{whom}(?:[ ](?i:in|im|à|en|te|a|em)[ ].{{2,60}})?\.?"),
        re.compile(rf"{whom}[ ]{was}[ ]{done}\b.{{0,120}}"),
        re.compile(r"(?i:(?:firmen|unternehmens)gründung|company[ ]founded|(?:the[ ])?company[ ]is[ ]born)(?:[ ](?i:in|durch|by)[ ].{2,80})?\.?"),
    )  # fmt: skip


def read_timeline(reading: Reading) -> Iterator[Claim]:
    """Yield the year that a timeline of the account's own page gives its founding."""
    document = reading.document
    if document.kind != "website" or document.purpose not in _PAGES:
        return
    lines = reading.lines[:_MOST_LINES]
    for number, line in enumerate(lines):
        row = _YEAR_LINE.fullmatch(reading.slice(line))
        if row is None:
            continue
        end, told = line.end, row["rest"]
        if told is None:
            if number + 1 == len(lines):
                return
            end, told = lines[number + 1].end, reading.slice(lines[number + 1])
        if int(row["year"]) <= document.fetched_at.year and _is_own_founding(reading, told):
            yield from reading.claim(
                "founded_timeline@1", "founded_year", int(row["year"]), Span(line.start, end)
            )
            return


def _is_own_founding(reading: Reading, told: str) -> bool:
    for pattern in _events():
        match = pattern.fullmatch(told.strip())
        if match is not None:
            name = match.groupdict().get("name")
            return name is None or reading.identity.is_named(name)
    return False
