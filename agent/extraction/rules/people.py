"""Buying-committee roles on team and leadership pages: the titles, never the names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import urlsplit

from agent.canonical.roles import role_of_title
from agent.extraction.rules.postings import read_department
from agent.extraction.rules.reading import Reading
from agent.models import Claim

_TEAM_PAGE = re.compile(
    r"/(?:[\w-]*(?:team|leadership|people|management|about|company|ueber-uns|equipe|equipo|who-we-are)[\w-]*)(?:/|$|\.)",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?:(?:Co-?)?[Ff]ounder(?:[ ]?(?:&|and|,|/|\+)[ ]?.{2,40})?|(?:Global[ ]|Group[ ]|Interim[ ]|Deputy[ ])?(?:Chief[ ][A-Z][^.!?]{2,50}?Officer|C[EFTIMORPSD][A-Z]?O|CISO)(?:[ ]?(?:&|and|,|/|\+)[ ]?.{2,40})?"
    r"|(?:President|Managing[ ]Director|General[ ](?:Counsel|Manager)|Geschäftsführer(?:in)?)(?:[ ]?(?:&|and|,|/)[ ]?.{2,40})?"
    r"|(?:(?:Senior|Executive|Regional|Global|Corporate)[ ])?(?:VP|SVP|EVP|Vice[ ]President)(?:,|[ ]of|[ ]-)?[ ].{2,50}|(?:Global[ ])?Head[ ]of[ ].{2,50}|(?:Senior[ ])?Director(?:,|[ ]of)[ ].{2,50})"
)
_PERSON = re.compile(r"(?:(?:Dr|Prof)\.?[ ])?[^\W\d_][\w.'’-]+(?:[ ][^\W\d_][\w.'’-]*){1,4}(?:,[ ]\w{2,6})?")
_OUTSIDE = re.compile(
    r"\b(?:at|@|former|ex-|investor|advisor|adviser|board|partner,|previously|venture|capital|in[ ]residence)\b|\b(?-i:(?:Officer|President|CEO|CFO|CTO)\b[^,]{0,40}[ ]of[ ][A-Z])",
    re.IGNORECASE,
)
_FEWEST = 2
_MOST = 40


def read_team(reading: Reading) -> Iterator[Claim]:
    """Yield the titles of a page that lists at least two people with one: a single one may be a testimonial's."""
    document = reading.document
    if document.kind != "website" or document.purpose not in ("about", "other", "press"):
        return
    if not _TEAM_PAGE.search(urlsplit(document.final_url).path):
        return
    found = []
    lines = reading.lines[:1500]
    for before, line in pairwise(lines):
        title = reading.slice(line).strip(" ,–—-")
        if not _TITLE.fullmatch(title) or len(title) > 80 or _OUTSIDE.search(title):
            continue
        name = reading.slice(before)
        if (
            _PERSON.fullmatch(name)
            and name[0].isupper()
            and role_of_title(name) is None
            and line.start - before.end <= 3
        ):
            found.append((title, line))
    if len(found) < _FEWEST:
        return
    for title, line in found[:_MOST]:
        role = role_of_title(title)
        if role is not None:
            yield from reading.claim(
                "team_title@2", "buying_role", {"role": role, "title": title}, line, structured=True
            )
        yield from read_department(reading, title, line)
