"""Which trade fairs and conferences the account goes to: "Meet us at …", "Visit us at booth 12", "We exhibit at …".

The event must be named and look like one: a year, a word such as "Expo" or "Messe", or a booth or hall beside it.
An office, a podcast, the account's own webinar and an event somebody else spoke at are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from agent.canonical.dates import find_dates
from agent.canonical.literals import holds
from agent.extraction.rules.reading import Reading
from agent.models import Claim

_WORDS = ("meet", "visit", "see us", "find us", "join us", "exhibit", "booth", "sponsor", "attend", "besuch", "treffen", "messe", "stand", "retrouvez", "rencontrez", "visítanos", "visítenos", "encuéntr", "bezoek", "ontmoet", "beurs", "aussteller", "speak")  # fmt: skip
_NAME = (
    r"(?P<event>[A-ZÀ-Þ0-9][\w&.+'’/-]*(?:[ ](?:[A-ZÀ-Þ0-9][\w&.+'’/-]*|of|the|for|de|des|du|&|and|und|in(?=[ ](?:Tech|Retail|Finance|Health))))"
    r"{0,7})"
)
_EVENT_WORD = re.compile(
    r"(?:expo\w*|\w*summit|\w*conference|congress\w*|kongress|\w*messe|fair|forum|week|con|show|salon|festival|days?|live|convention|symposium|\w*tage|\w*tag|connect|world|conf|annual|conferencia|feria|congreso|beurs|congrès|sommet)$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:20[0-9]{2}|['’][0-9]{2})$")
_PLACE = re.compile(
    r"\b(?:booth|stand|hall|halle|pavilion|pavillon|hal|pabellón|kiosk)[ ]?(?:no\.?[ ]?|nr\.?[ ]?|n°[ ]?|#[ ]?)?[A-Z]{0,2}[ .-]?[0-9]",
    re.IGNORECASE,
)
_NOT_AN_EVENT = re.compile(
    r"\b(?:office|store|shop|showroom|headquarters|HQ|webinar|podcast|blog|linkedin|twitter|facebook|instagram|youtube|slack|github|careers?|page|website|address|street|road|avenue|campus|factory|university|school|team|community|newsletter|demo|booth|stand|cent(?:er|re)|hotel|arena|palace|venue|park|museum|stadium|theat(?:er|re)|messegelände|fairgrounds?|room|classroom|events?)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:thank(?:s|ed)?|recap|looking[ ]back|last[ ]year|missed|rückblick|retour[ ]sur|was[ ]held|took[ ]place)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _invitations() -> tuple[re.Pattern[str], ...]:
    the = r"(?:the[ ]|this[ ]year['’]s[ ]|our[ ]booth[ ]at[ ](?:the[ ])?)?"
    booth = r"(?:(?:our[ ])?(?i:booth|stand)[ ](?:no\.?[ ]?)?#?[\w.-]{1,8}[ ](?:at|during|of)[ ])?"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"(?:^|[.!:–—-][ ]|\b(?i:come[ ]and|come)[ ])(?i:meet|visit|see|find|catch|join)[ ](?i:us|our[ ]team)[ ](?:(?i:in[ ]person|live)[ ])?(?i:at|during)[ ]{booth}{the}{_NAME}",
            rf"\b(?i:we|our[ ]team|{{us}})[ ](?i:will[ ]be|(?:['’]ll)[ ]be|are|is|['’]re)[ ](?i:exhibiting|attending|speaking|sponsoring|presenting|showcasing(?:[ ][\w ]{{2,30}})?|exhibitors?|at[ ]booth[ ][\w-]+)[ ](?i:at[ ]|in[ ]|of[ ])?(?i:the[ ])?{_NAME}",
            rf"\b(?i:we|{{us}})[ ](?i:will[ ])?(?i:exhibits?|attends?|sponsors?)[ ](?i:at[ ])?(?i:the[ ])?{_NAME}",
            rf"(?:^|[.!:–—-][ ])(?i:besuchen[ ]sie|besucht|treffen[ ]sie|trefft)[ ](?i:uns)[ ](?i:auf|bei|an)[ ](?i:der|dem|den)[ ]{_NAME}",
            rf"\b(?i:wir|{{us}})[ ](?i:sind|ist|stellen|stellt)[ ](?:[\w ]{{0,20}}[ ])?(?i:auf[ ]der|auf[ ]dem|bei[ ]der|an[ ]der)[ ]{_NAME}",
            rf"(?:^|[.!:–—-][ ])(?i:retrouvez|rencontrez)[ -](?i:nous)[ ](?i:au|à|lors[ ]d[ue]|sur|pendant)[ ](?:(?i:la|le|l['’]|les)[ ]?|(?i:salon)[ ])?{_NAME}",
            rf"(?:^|[.!:¡–—-][ ]?)(?i:visítanos|visítenos|encuéntranos|encuéntrenos|nos[ ]vemos)[ ](?i:en)[ ](?:(?i:la|el)[ ])?{_NAME}",
            rf"(?:^|[.!:–—-][ ])(?i:bezoek|ontmoet)[ ](?i:ons)[ ](?i:op|tijdens|bij)[ ](?:(?i:de|het)[ ])?{_NAME}",
        )
    )


def read_fairs(reading: Reading) -> Iterator[Claim]:
    """Yield each event once per document, dated where the sentence or the line beside it gives its days."""
    document = reading.document
    own = document.tier.startswith("first-party") and document.kind in ("website", "news")
    if not own or document.purpose in ("structured_data", "markup", "customers", "legal", "feed"):
        return
    if not holds(_WORDS, reading.lowered):
        return
    told: set[str] = set()
    for sentence in reading.sentences:
        text = reading.slice(sentence)
        if len(text) > 400 or not holds(_WORDS, text.lower()) or _PAST.search(text) or text.endswith("?"):
            continue
        for pattern in _of(reading):
            match = pattern.search(text)
            event = _event(reading, match, text) if match else None
            if match is None or event is None or event.casefold() in told:
                continue
            told.add(event.casefold())
            quote = reading.quote_around(sentence.start + match.start(), sentence.start + match.end())
            yield from reading.claim(
                "event_visit@1", "event_attendance", {"event": event}, quote, event_on=_day(text)
            )
            break


@lru_cache(maxsize=64)
def _named(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    us = "|".join(re.escape(name) for name in names[:6]) or "\0"
    return tuple(re.compile(pattern.pattern.replace("{us}", f"(?:{us})")) for pattern in _invitations())


def _of(reading: Reading) -> tuple[re.Pattern[str], ...]:
    return _named(tuple(reading.identity.names))


def _event(reading: Reading, match: re.Match[str], text: str) -> str | None:
    """Return the event's name when it is one, without the small words it ran into."""
    name = re.split(r"[,;:|]|[ ](?:in|on|from|at|vom|am|le|du|del|van)[ ]", match["event"])[0].strip(" .,'’-")
    words = name.split()
    while words and words[-1].casefold() in ("of", "the", "for", "de", "des", "du", "&", "and", "und"):
        words.pop()
    name = " ".join(words)
    if not words or len(name) < 3 or len(name) > 80 or _NOT_AN_EVENT.search(name):
        return None
    if reading.identity.is_named(name) or re.fullmatch(r"[0-9/.-]+", name):
        return None
    looks = _YEAR.search(words[-1]) or any(_EVENT_WORD.match(word) for word in words) or _PLACE.search(text)
    return name if looks else None


def _day(text: str) -> date | None:
    days = [mention.first for mention in find_dates(text)]
    return days[0] if len(days) == 1 else None
