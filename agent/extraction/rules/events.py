"""Events in headlines and leads: leadership, launches, expansion, deals, layoffs, partnerships.

High precision by shape: the account must stand right where the grammar puts the doer (or the one done to).
The event's day is the day the sentence gives, else the document's.
"""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from pydantic import JsonValue

from agent.canonical.countries import region_countries
from agent.canonical.dates import find_dates
from agent.canonical.numbers import DIGITS, read_digits, to_int
from agent.canonical.place import parse_place
from agent.canonical.roles import role_of_title
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim

_NAME = r"[A-ZÀ-Þ0-9][\w&.+'’-]*(?:[ ](?:[A-ZÀ-Þ0-9][\w&.+'’-]*|of|and|the|for|&)){0,5}"
_TITLE = r"(?P<title>(?:[Nn]ew[ ]|[Gg]lobal[ ]|[Ff]irst[ ]|[Ii]nterim[ ]|[Gg]roup[ ]|Co-)?(?:Chief[ ][A-Z]\w+(?:[ ](?:and[ ]|&[ ])?[A-Z]\w+){0,3}[ ]Officer|C[A-Z]{1,2}O\b|CISO|President(?:[ ]and[ ]CEO)?|Managing[ ]Director|General[ ](?:Counsel|Manager)|(?:Senior[ ]|Executive[ ])?Vice[ ]President(?:[ ]of)?(?:[ ][A-Z]\w+){0,3}|[SE]?VP(?:[ ]of)?(?:,)?(?:[ ][A-Z]\w+){1,3}|(?:Global[ ])?Head[ ]of[ ][A-Z]\w+(?:[ ](?:and[ ]|&[ ])?[A-Z]\w+){0,3}|Geschäftsführer(?:in)?))"
_PERSON = r"[A-ZÀ-Þ][\w.'’-]+(?:[ ](?:[A-ZÀ-Þ][\w.'’-]*|de|van|von|der|da|di)){1,4}"


class _Shape(NamedTuple):
    kind: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=64)
def _shapes(names: tuple[str, ...]) -> tuple[_Shape, ...]:
    account = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)[:12])
    us = rf"(?:(?<![\w-])(?:{account})(?:[ ](?:Inc|Corp|GmbH|Ltd|AG)\.?)?(?:[ ](?:today|has|have|is|also)){{0,2}}|\b[Ww]e(?:['’]ve|[ ]have|[ ]are|['’]re)?(?:[ ]also)?|\b[Tt]he[ ][Cc]ompany(?:[ ]has)?)"
    name = rf"(?<![\w-])(?:{account})"
    place = r"(?P<place>[A-ZÀ-Þ][\w'’.-]*(?:[ ][A-ZÀ-Þ][\w'’.-]*){0,2}(?:,[ ][A-ZÀ-Þ][\w'’.-]*(?:[ ][A-ZÀ-Þ][\w'’.-]*){0,2})?)"
    shapes = (
        ("appointed", rf"{us}[ ](?:[Aa]ppoint(?:s|ed|ing)?|[Nn]am(?:es|ed|ing)|[Hh]ir(?:es|ed|ing)|[Ww]elcom(?:es|ed|ing)|[Tt]aps|[Tt]apped|[Bb]rings[ ]on)[ ](?:[\w-]+[ ]){{0,3}}?{_PERSON}[ ](?:as|to)[ ](?:its[ ]|our[ ]|the[ ]|be[ ])?{_TITLE}"),
        ("appointed", rf"{us}[ ](?:[Aa]ppoints|[Nn]ames|[Hh]ires|[Aa]ppointed|[Hh]ired)[ ](?:a[ ]|its[ ]|an[ ])?{_TITLE}(?![ ]of[ ]the[ ]Year)"),
        ("appointed", rf"{_PERSON}[ ](?:has[ ])?(?:joins|joined|appointed|named)[ ](?:to[ ])?{name}(?:['’]s)?[ ](?:team[ ])?as[ ](?:its[ ]|our[ ]|the[ ])?{_TITLE}"),
        ("promoted", rf"{us}[ ](?:[Pp]romot(?:es|ed))[ ]{_PERSON}[ ]to[ ]{_TITLE}"),
        ("departed", rf"{name}(?:['’]s?)?[ ]{_TITLE}[ ](?:{_PERSON}[ ])?(?:steps[ ]down|stepped[ ]down|to[ ]step[ ]down|resigns|resigned|departs|leaves|is[ ]leaving|to[ ]leave|retires|to[ ]retire)"),
        ("launch", rf"{us}[ ](?:[Ll]aunch(?:es|ed)?|[Ii]ntroduc(?:es|ed)|[Uu]nveil(?:s|ed)|[Dd]ebut(?:s|ed)|[Rr]olls[ ]out|[Rr]olled[ ]out|[Rr]eleas(?:es|ed))[ ](?:(?:its|our|the|a|an|new|all-new|brand[ ]new|first|next-generation|latest)[ ]){{0,3}}(?P<product>[A-Z][\w.+'’-]*(?:[ ](?:[A-Z0-9][\w.+'’-]*|for|of|and|&)){{0,5}})"),
        ("office", rf"{us}[ ](?:[Oo]pen(?:s|ed|ing)?|[Uu]nveil(?:s|ed)|[Ee]stablish(?:es|ed))[ ](?:[\w'’-]+[ ]){{0,5}}?(?:office|hub|headquarters|HQ|office[ ]space|location)[ ](?:space[ ])?in[ ](?:downtown[ ])?{place}"),
        ("facility", rf"{us}[ ](?:[Oo]pen(?:s|ed|ing)?|[Bb]uild(?:s|ing)?)[ ](?:[\w'’-]+[ ]){{0,5}}?(?:plant|factory|warehouse|facility|data[ ]cent(?:er|re)|distribution[ ]cent(?:er|re)|store|lab)[ ]in[ ](?:downtown[ ])?{place}"),
        ("market", rf"{us}[ ](?:[Ee]xpand(?:s|ed|ing)?|[Ll]aunch(?:es|ed|ing)?|[Ee]nter(?:s|ed))[ ](?:(?:its[ ]|our[ ])?(?:[\w-]+[ ]){{0,3}}?(?:operations|presence|business|services?)[ ])?(?:in[ ]?to|in|to)[ ](?:the[ ])?{place}(?=\s*(?:[.,;:!]|$|\n|[ ](?:with|and|to|as|by|after|following|through)\b))"),
        ("acquirer", rf"{us}[ ](?:to[ ]acquire|[Aa]cquires|[Aa]cquired|[Bb]uys|[Bb]ought|[Cc]ompletes?(?:d)?[ ](?:the[ ]|its[ ])?[Aa]cquisition[ ]of|[Aa]nnounces?(?:d)?[ ](?:the[ ]|its[ ])?(?:[Aa]cquisition[ ]of|agreement[ ]to[ ]acquire))[ ](?P<other>{_NAME})"),
        ("acquired", rf"{name}[ ](?:(?:is|was|has[ ]been|will[ ]be|to[ ]be|gets)[ ])?(?:[Aa]cquired[ ]by|[Bb]ought[ ]by)[ ](?P<other>{_NAME})"),
        ("acquired", rf"(?<![\w-])(?P<other>{_NAME}?)[ ](?:to[ ]acquire|[Aa]cquires|[Bb]uys|[Cc]ompletes[ ](?:the[ ])?[Aa]cquisition[ ]of)[ ]{name}(?=\s*(?:[.,;:!]|$|\n|[ ](?:for|in|to|as|and)\b))"),
        ("layoffs", rf"{us}[ ](?:is[ ])?(?:[Ll]ays[ ]off|[Ll]aid[ ]off|[Ll]aying[ ]off|to[ ]lay[ ]off|[Cc]uts|to[ ]cut|[Cc]utting|[Aa]xes|[Ss]lashes|to[ ]slash)[ ](?:about[ ]|around[ ]|nearly[ ]|roughly[ ]|over[ ]|more[ ]than[ ]|approximately[ ])?(?:(?P<percent>[0-9]{{1,2}})[ ]?(?:%|percent|per[ ]cent)|(?P<count>{DIGITS}))[ ](?:of[ ](?:its[ ]|the[ ])?)?(?:[\w-]+[ ]){{0,3}}?(?:employees|staff|jobs|workers|workforce|roles|positions|people)\b"),
        ("partnership", rf"{us}[ ](?:[Pp]artners|[Pp]artnered|[Tt]eams[ ]up|[Tt]eamed[ ]up|[Jj]oins[ ]forces|[Jj]oined[ ]forces|(?:[Aa]nnounces?(?:d)?|[Ee]nters?(?:ed)?(?:[ ]into)?|[Ss]igns?(?:ed)?|[Ff]orms?(?:ed)?)[ ](?:a[ ]|an[ ]|its[ ]|new[ ]){{0,2}}(?:[\w-]+[ ]){{0,2}}?[Pp]artnership)[ ]with[ ](?P<partner>{_NAME})"),
        ("partnership", rf"{name}[ ]and[ ](?P<partner>{_NAME}?)[ ](?:[Aa]nnounce|[Ee]nter|[Ss]ign|[Ff]orm|[Ll]aunch)[ ](?:a[ ]|an[ ]|new[ ]){{0,2}}(?:[\w-]+[ ]){{0,2}}?[Pp]artnership"),
    )  # fmt: skip
    return tuple(_Shape(kind, re.compile(pattern)) for kind, pattern in shapes)


_HEDGED = re.compile(
    r"\b(?:rumou?r\w*|reportedly|in[ ]talks|could|may[ ]be|might|considering|how[ ]to|why|what[ ]if|if|years?[ ]ago|anniversary|denies|not|unless|would)\b|\?",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    "the|a|an|our|new|more|its|this|that|leading|local|other|companies|customers|us|you|your|their|startup|startups"
    "|competitor|rival".split("|")
)
_LEAD_SENTENCES = 6


def read_events(reading: Reading) -> Iterator[Claim]:
    """Yield events told by news and press documents: their title and lead, or headlines of a press list."""
    document = reading.document
    is_press = document.kind == "website" and document.purpose == "press"
    if document.kind != "news" and not is_press:
        return
    shapes = _shapes(_names(reading))
    told: set[str] = set()
    for sentence in reading.sentences[: 400 if is_press else _LEAD_SENTENCES]:
        text = reading.slice(sentence)
        if _HEDGED.search(text) or (
            document.tier in ("news", "third-party") and not reading.identity.is_mentioned(text)
        ):
            continue
        if is_press and not reading.identity.is_mentioned(text):
            continue
        for shape in shapes:
            match = shape.pattern.search(text)
            for claim in _event(reading, shape.kind, match, sentence) if match else ():
                key = f"{claim.attribute} {claim.value}"
                if key not in told:
                    told.add(key)
                    yield claim


def _names(reading: Reading) -> tuple[str, ...]:
    labels = [label for label in reading.identity.labels if "." in label]
    return tuple(dict.fromkeys((*reading.identity.names, *labels))) or ("\0",)


def _event(reading: Reading, kind: str, match: re.Match[str], sentence: Span) -> Iterator[Claim]:
    attribute, value = _value(reading, kind, match)
    if value is None:
        return
    text = reading.slice(sentence)
    published = reading.document.published_at
    dates = [
        mention.first
        for mention in find_dates(text, published)
        if published is None or mention.first <= published
    ]
    on = dates[0] if len(dates) == 1 else None
    if reading.document.kind == "website" and on is None and published is None:
        on = _day_beside(reading, sentence)
    quote = reading.quote_around(sentence.start + match.start(), sentence.start + match.end())
    yield from reading.claim(f"event_{attribute}@1", attribute, value, quote, event_on=on)


def _day_beside(reading: Reading, sentence: Span) -> date | None:
    """Return the date on the line just before or after a headline in a press list."""
    before = reading.text[max(0, sentence.start - 40) : sentence.start].rstrip("\n").rsplit("\n", 1)[-1]
    after = reading.text[sentence.end : sentence.end + 40].lstrip("\n").split("\n", 1)[0]
    for line in (before, after):
        mentions = list(find_dates(line))
        if len(mentions) == 1 and len(line.strip()) <= mentions[0].end - mentions[0].start + 6:
            return mentions[0].first
    return None


def _value(reading: Reading, kind: str, match: re.Match[str]) -> tuple[str, JsonValue]:
    if kind in ("appointed", "promoted", "departed"):
        title = re.sub(r"^(?:new|first)[ ]", "", match["title"].strip(" ,"), flags=re.IGNORECASE)
        return "leadership_change", {"title": title, "change": kind} if role_of_title(title) else None
    if kind == "launch":
        product = _trimmed(match["product"])
        return "product_launch", {"product": product} if product else None
    if kind in ("office", "facility", "market"):
        place = match["place"].strip(" .,'’")
        if parse_place(place) is None and region_countries(place) is None:
            return "expansion", None
        return "expansion", {"kind": kind, "place": place, "country": None}
    if kind in ("acquirer", "acquired"):
        other = _trimmed(match["other"])
        if other is None or reading.identity.is_named(other):
            return "acquisition", None
        return "acquisition", {"role": kind, "other": other}
    if kind == "layoffs":
        count = to_int(read_digits(match["count"])) if match["count"] else None
        percent = int(match["percent"]) if match["percent"] else None
        return "layoffs", {"count": count, "percent": percent}
    partner = _trimmed(match["partner"])
    if partner is None or reading.identity.is_named(partner):
        return "partnership", None
    return "partnership", {"partner": partner}


def _trimmed(name: str) -> str | None:
    """Return a captured name without the small words it ran into, or `None` when it is not a name."""
    words = name.strip(" ,.'’").split()
    while words and words[-1].casefold() in ("of", "and", "the", "for", "&", "to"):
        words.pop()
    if not words or words[0].casefold() in _GENERIC or not any(word[0].isupper() for word in words):
        return None
    return re.sub(r"['’]s$", "", " ".join(words)) or None
