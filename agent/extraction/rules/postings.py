"""Job postings: what a board's own fields say about hiring, and who would take part in a purchase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from agent.canonical.numbers import DIGITS, read_digits, to_int
from agent.canonical.roles import role_of_title
from agent.extraction.rules.reading import Reading
from agent.grounding.cues import DEPARTMENT_WORDS
from agent.grounding.names import find_name
from agent.grounding.sentences import Span
from agent.models import Claim
from tools.occupations import department_of

_OPENINGS = re.compile(
    rf"(?<![\w.,])(?P<count>{DIGITS})[ ](?:open|current|available)[ ](?:positions?|roles?|jobs?|vacancies)[ ]"
    r"(?:in|for|on|at)[ ](?:our[ ]|the[ ])?(?P<department>[A-Z&][\w&]*(?:[ ](?:&[ ]|and[ ])?[A-Z]\w*){0,3})(?:[ ](?:team|department))?",
)


def read_posting(reading: Reading) -> Iterator[Claim]:
    """Yield one opening per posting, dated by its first publication; the quote is its title."""
    posting = reading.document.posting
    if posting is None or reading.document.kind != "job_posting":
        return
    start = reading.text.find(posting.title)
    if start < 0 or not posting.title:
        return
    span = Span(start, start + len(posting.title))
    value = {
        "department": posting.department,
        "seniority": None if posting.seniority == "unknown" else posting.seniority,
        "title": posting.title,
        "count": 1,
    }
    posted = posting.posted_on
    yield from reading.claim("ats_posting@1", "hiring", dict(value), span, event_on=posted, structured=True)
    yield from read_department(reading, posting.title, span, event_on=posted)
    role = role_of_title(posting.title)
    if role is not None:
        held = {"role": role, "title": posting.title}
        yield from reading.claim(
            "ats_posting@1", "buying_role", dict(held), span, event_on=posted, structured=True
        )


def read_department(
    reading: Reading, title: str, span: Span, *, event_on: date | None = None
) -> Iterator[Claim]:
    """Yield the department whose own words a title holds ("Account Executive" is sales): the account has it."""
    department = department_of(title)
    words = DEPARTMENT_WORDS.get(department, ())
    if department != "other" and find_name(title, words) is not None:
        yield from reading.claim(
            "department_title@1",
            "organisation_department",
            department,
            span,
            event_on=event_on,
            structured=True,
        )


def read_opening_counts(reading: Reading) -> Iterator[Claim]:
    """Yield stated totals on the careers page: "12 open positions in Sales"."""
    if reading.document.kind != "website" or reading.document.purpose != "careers":
        return
    for match in reading.find(_OPENINGS):
        count = to_int(read_digits(match["count"]))
        department = department_of(match["department"], match["department"])
        if count and department != "other":
            value = {"department": department, "seniority": None, "title": None, "count": count}
            yield from reading.claim("careers_count@1", "hiring", dict(value), Span(*match.span()))
