"""The one postal address a site gives for itself, in its footer or on its contact page.

A site with one address has its office there. A site with several lists offices, and none of them is the head
office for it. An address that thousands of companies share (a registered agent, a mail drop) is nobody's office.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import JsonValue

from agent.canonical.literals import may_match
from agent.canonical.place import Place, parse_place
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim

_SHARED = re.compile(
    r"\b(?:1209\s+(?:N\.?(?:orth)?\s+)?Orange|2810\s+N\.?(?:orth)?\s+Church|8\s+The\s+Green|251\s+Little\s+Falls|(?:1013|1000)\s+Centre\s+R|3500\s+S\.?(?:outh)?\s+DuPont|16192\s+Coastal"
    r"|651\s+N\.?(?:orth)?\s+Broad|919\s+N\.?(?:orth)?\s+Market|1111B\s+S|2711\s+Centerville|850\s+New\s+Burton|1201\s+N\.?(?:orth)?\s+Market|2140\s+S\.?(?:outh)?\s+Dupont|131\s+Continental|300\s+Delaware|200\s+Continental"
    r"|30\s+N\.?(?:orth)?\s+Gould|1309\s+Coffeen|5900\s+Balcones|71[-–]75\s+Shelton|20[-–]22\s+Wenlock|128\s+City\s+R|7\s+Bell\s+Yard|85\s+Great\s+Portland|27\s+Old\s+Gloucester|P\.?\s?O\.?\s+Box)\b",
    re.IGNORECASE,
)
_US = re.compile(r"\b(?:[A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?),? +[0-9]{5}(?:-[0-9]{4})?\b")
_POSTCODE = re.compile(
    r"\b[0-9]{4,6}\b|\b[0-9]{2}-[0-9]{3}\b|\b[A-Z]{1,2}[0-9][A-Z0-9]?[ ]?[0-9][A-Z]{2}\b|\b[A-Z][0-9][A-Z][ ]?[0-9][A-Z][0-9]\b"
)
_NUMBERED = re.compile(r"\b[0-9]{1,5}[A-Za-z]?\b")
_NOT_AN_ADDRESS = re.compile(
    r"©|copyright|\bbank\b|@|\bvat\b|\btel\b|\bcall\b|\+[0-9]|\bust-?id|\bfdic\b|\bphone\b.*\bfax\b|\bsince\b|\bpublished\b|\breview",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\b(?:HQ|headquarters?|head office|hauptsitz|siège|sede (?:central|legale)|hoofdkantoor)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:[2-9]|[1-9][0-9]{1,2}|two|three|four|five|six|seven|eight|nine|ten|several|multiple|many|zwei|drei|vier|fünf|mehrere|deux|trois|quatre|plusieurs|dos|tres|cuatro|varias|twee|drie|vier|meerdere)[ ]"
    r"(?:[\w-]+[ ]){0,2}?(?:offices|locations|hubs|branches|sites|studios|Büros|Standorten?|Niederlassungen|bureaux|agences|implantations|oficinas|sedes|kantoren|vestigingen)\b"
    r"|\b(?:our|all|unsere|nos|nuestras|onze)[ ](?:[\w-]+[ ])?(?:offices|locations|Büros|Standorte|Niederlassungen|bureaux|agences|oficinas|sedes|kantoren|vestigingen)\b"
    r"|\b(?:offices|Büros|Niederlassungen|bureaux|oficinas|kantoren)[ ](?:located[ ]|based[ ])?(?:in|across|à|en)[ ][A-ZÀ-Þ][\w.-]+(?:[ ][A-ZÀ-Þ][\w.-]+)?(?:,| and | und | et | y | en )",
    re.IGNORECASE,
)
"""The page names several places of its own: which of them is the head office, one address does not tell."""
_STREET_END = re.compile(
    r"\b(?:st|str|street|rd|road|ave|avenue|blvd|boulevard|dr|drive|ln|lane|way|pkwy|parkway|hwy|highway|cir|circle|ct|court|pl|plaza|suite|ste|floor|unit|building)\.?$",
    re.IGNORECASE,
)
_NOT_A_START = re.compile(
    r"\b[0-9]{3}[)]?[-. ][0-9]{3,4}[-. ]?[0-9]{2,4}\b|\bhours?\b|\b[0-9]{1,2}(?::[0-9]{2})? ?[ap]m\b|[%€$£]",
    re.IGNORECASE,
)
_MOST_LINES = 120
_LONGEST = 160


def is_shared_address(text: str) -> bool:
    """Tell whether an address is a registered agent's or a mail drop's, shared by many companies."""
    return _SHARED.search(" ".join(text.split())) is not None


def read_sole_address(reading: Reading) -> Iterator[Claim]:
    """Yield the head office when a footer or contact page gives one city's address, and only one."""
    document = reading.document
    if not reading.is_own_page or (document.footer_start is None and document.purpose != "contact"):
        return
    if any(may_match(sign, reading.lowered) and sign.search(reading.text) for sign in (_LABELLED, _SEVERAL)):
        return  # the page says itself which of its addresses is the head office, or that there are several
    begin = 0 if document.purpose == "contact" else document.footer_start or 0
    found = list(_addresses(reading, begin))
    cities = {(place.country, (place.city or "").casefold()) for place, _ in found}
    if len(cities) != 1:
        return
    place, span = found[0]
    value: dict[str, JsonValue] = {"city": place.city, "region": place.region, "country": place.country}
    yield from reading.claim("headquarters_address@2", "headquarters", value, span)


def _addresses(reading: Reading, begin: int) -> Iterator[tuple[Place, Span]]:
    lines = [line for line in reading.lines if line.start >= begin][:_MOST_LINES]
    number = 0
    while number < len(lines):
        taken = _address_at(reading, lines[number : number + 4])
        if taken is not None:
            place, count = taken
            yield place, Span(lines[number].start, lines[number + count - 1].end)
            number += count
        else:
            number += 1


def _address_at(reading: Reading, lines: list[Span]) -> tuple[Place, int] | None:
    """Return the place of the address that begins on the first line, and over how many lines it runs."""
    first = reading.slice(lines[0])
    if not _NUMBERED.search(first) or _NOT_A_START.search(first):
        return None
    for count in range(1, len(lines) + 1):
        text = ", ".join(reading.slice(line).strip(" ,") for line in lines[:count])
        if len(text) > _LONGEST or _NOT_AN_ADDRESS.search(text):
            return None
        if not _POSTCODE.search(text) or len(_NUMBERED.findall(text)) < 2:
            continue
        place = parse_place(text)
        if place is None or place.city is None or _STREET_END.search(place.city):
            continue
        if place.country == "US" and not _US.search(text):
            continue
        return None if is_shared_address(text) else (place, count)
    return None
