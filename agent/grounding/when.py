"""When what a claim tells happened, by its sentence's own dates; a date the text does not give is not believed."""

from __future__ import annotations

import re
from datetime import date

from agent.canonical.dates import DateMention, find_dates
from agent.grounding.grammar import clause_around
from agent.grounding.place import Place, Refused
from agent.grounding.sentences import Span
from agent.models import Claim, SourceDocument

MAY_SUPPOSE = frozenset(
    {
        "goal",
        "pain_point",
        "buying_trigger",
        "event_attendance",
        "expansion",
        "vendor_evaluation",
        "product_launch",
    }
)
"""What may be told as a plan or a wish."""
_MAY_LIE_AHEAD = MAY_SUPPOSE - {"product_launch"}
"""What may be told with a date to come and be true today: a fair, a plan, a goal. A launch to come is none yet."""
STATES = frozenset(
    {
        "employee_count",
        "headquarters",
        "revenue",
        "ownership",
        "technology",
        "certification",
        "parent",
        "name",
        "hiring",
        "subsidiary",
    }
)
_EVENTS = frozenset(
    {
        "funding_round",
        "leadership_change",
        "product_launch",
        "acquisition",
        "layoffs",
        "partnership",
        "expansion",
        "event_attendance",
        "employee_count",
        "revenue",
        "growth_rate",
        "buying_trigger",
    }
)


def date_of_event(claim: Claim, place: Place, document: SourceDocument, as_of: date) -> date | None:
    """Return when it happened by the sentence's own dates; a date the text does not give is not believed.

    A period is dated by its first day, so that nothing is made fresher than the text says.
    """
    if claim.attribute == "founded_year" or claim.attribute.startswith("question:"):
        return None
    clause = clause_around(place.context, place.value)
    said = _dates(place.context[clause.start : clause.end], document) or _dates(place.context, document)
    past = [each for each in said if each.first <= as_of]
    if said and not past and claim.attribute not in _MAY_LIE_AHEAD:
        raise Refused("hypothetical")
    if claim.event_on is not None:
        for each in past:
            if each.first <= claim.event_on <= each.last:
                return claim.event_on
        if claim.event_on == document.published_at:
            return claim.event_on if not past else past[0].first
    if (
        past
        and (claim.attribute in _EVENTS or claim.attribute in STATES)
        and not _is_since(place.context, past[0])
    ):
        return past[0].first
    return None


def _is_since(context: str, mention: DateMention) -> bool:
    """Say whether a date only begins a state that lasts ("since 2015", "founded in 2012")."""
    before = context[max(0, mention.start - 24) : mention.start] if mention.start else ""
    return (
        re.search(
            r"\b(?:since|founded|established|seit|gegründet|depuis|fondée?|desde|fundada|dal|fondata|sinds)\b[^.]*$",
            before,
            re.IGNORECASE,
        )
        is not None
    )


def _dates(text: str, document: SourceDocument) -> list[DateMention]:
    found = list(find_dates(text, document.published_at))
    taken = [(each.start, each.end) for each in found]
    for year in re.finditer(r"(?<![\d.,$€£-])((?:19|20)\d\d)(?![\d.,]\d|\d|\s?[+%])", text):
        if any(start <= year.start() < end for start, end in taken):
            continue
        before = text[max(0, year.start() - 20) : year.start()].lower()
        if re.search(
            r"(?:\bin|\bof|\bby|\bsince|\bat|\bduring|\bearly|\blate|\bend|\bfy|\bim|\bjahr|\ben|\bann[ée]e|\bnel|\bdal|\bdepuis|\bseit|\bano|\baño|\bem|\(|^)\s*$",
            before,
        ):
            number = int(year.group())
            found.append(
                DateMention(year.start(), year.end(), date(number, 1, 1), date(number, 12, 31), "year")
            )
    return sorted(found, key=lambda each: each.start)


def is_milestone(text: str, span: Span, as_of: date) -> bool:
    """Say whether a line stands under a year of its own that is over: "2014", then "160 people, a second floor"."""
    line = text.rfind("\n", 0, span.start) + 1
    above = text[max(0, line - 40) : line].rstrip().rpartition("\n")[2].strip(" –—-:·|•*")
    return bool(re.fullmatch(r"(?:19|20)\d\d", above)) and int(above) < as_of.year
