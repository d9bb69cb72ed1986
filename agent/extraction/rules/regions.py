"""In which countries the account says it has offices or does business.

"Offices in Berlin, Paris and Austin", "We operate in Spain and Portugal", a line "Mexico Office" above an
address. Markets in general ("36 countries"), customers' countries and places of events are none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.canonical.countries import city_country, named_country
from agent.extraction.rules.reading import Reading, matches
from agent.grounding.sentences import Span
from agent.models import Claim

_RULE = "operating_region@1"
_ITEM = r"(?:the[ ])?[A-ZÀ-Þ][\w.'’-]*(?:[ ][A-ZÀ-Þ][\w.'’-]*){0,2}(?:[ ]\([\w .,]{2,30}\))?"
_LIST = rf"(?P<list>{_ITEM}(?:(?:,?[ ](?:and|&|und|et|y|e|en)[ ]|,[ ]){_ITEM}){{0,14}})"
_OFFICES = re.compile(
    rf"\b(?i:offices?|hubs?|subsidiaries|branches|locations|Büros|Niederlassungen|Standorten?|bureaux|oficinas|uffici|kantoren|escritórios)"
    rf"[ ](?i:located[ ]|based[ ])?(?i:in|across|à|en|em|a)[ ]{_LIST}"
)
_OPERATES = re.compile(
    rf"\b(?i:operates?|operating|operations|active|do[ ]business|aktiv|tätig|présents?|opera(?:mos)?|actief)[ ](?i:in|across|en|em)[ ]{_LIST}"
)
_OFFICE_LINE = re.compile(
    r"^[ ]*(?P<place>[A-ZÀ-Þ][\w.]*(?:[ ][A-ZÀ-Þ][\w.]*){0,2})[ ](?:[Oo]ffices?|OFFICES?)[ ]*:?[ ]*$", re.M
)
_OTHERS = re.compile(
    r"\b(?:customers?|clients?|partners?|your|their|you|investors?|banks?|members|suppliers)\b", re.IGNORECASE
)
_PAGES = frozenset(("home", "about", "contact", "careers", "press", "legal", "other", "product", "faq"))


def read_regions(reading: Reading) -> Iterator[Claim]:
    """Yield each country once per document, with the sentence or line that places the account there."""
    if not reading.is_own_page or reading.document.purpose not in _PAGES:
        return
    seen: set[str] = set()
    for pattern in (_OFFICES, _OPERATES):
        for match, sentence in matches(reading, pattern):
            before = reading.text[sentence.start : match.start()]
            if _OTHERS.search(before) or not reading.is_own_voice(sentence):
                continue
            quote = reading.quote_around(*match.span())
            for item in re.split(r",?[ ](?:and|&|und|et|y|e|en)[ ]|,[ ]?", match["list"]):
                yield from _country(reading, item, quote, seen, cities=pattern is _OFFICES)
    for line in reading.find(_OFFICE_LINE):
        yield from _country(reading, line["place"], Span(*line.span()), seen, cities=False)


def _country(reading: Reading, item: str, quote: Span, seen: set[str], *, cities: bool) -> Iterator[Claim]:
    name = re.sub(r"^(?:the|The)[ ]|[ ]\(.*$", "", item).strip(" .")
    code = named_country(name) or (city_country(name) if cities else None)
    if code is not None and code not in seen:
        seen.add(code)
        yield from reading.claim(_RULE, "operating_region", code, quote)
