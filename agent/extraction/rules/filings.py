"""Events in an 8-K, in the language of filings: each under the item that says what kind of event it is.

    2.01  a completed acquisition          -> acquisition (acquirer)
    2.05  costs of exit or disposal        -> layoffs, where people are named
    5.01  a change in control              -> acquisition (acquired)
    5.02  directors and officers           -> leadership change, of officers alone

Other items are read by the rules for any news. "The Company" is the filer: EDGAR says whose filing it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pydantic import JsonValue

from agent.canonical.dates import find_dates
from agent.canonical.numbers import DIGITS, read_digits, to_int
from agent.canonical.roles import role_of_title
from agent.extraction.rules.reading import Reading
from agent.models import Claim

_I: Final = re.IGNORECASE
_ITEM: Final = re.compile(r"^Item\s+(?P<item>[1-9]\.\d\d)\b", _I | re.MULTILINE)
_NAME: Final = r"(?P<other>[A-Z][\w&.'’-]*(?:[ ](?:[A-Z][\w&.'’-]*|&|of)){0,5}(?:,[ ](?:Inc|LLC|L\.L\.C|Ltd|Corp|L\.P)\b\.?)?)"
_OFFICE: Final = (
    r"(?P<title>(?:(?:Interim|Executive|Senior|Global|Group|Acting)[ ]){0,2}(?:Chief[ ](?:[A-Z][a-z]+[ ]){1,3}?Officer|President|Vice[ ]President(?:,[ ][A-Z][a-z]+){0,2}"
    r"|General[ ]Counsel|Chief[ ]of[ ]Staff|Treasurer|Controller)(?:[ ]and[ ]Chief[ ](?:[A-Z][a-z]+[ ]){1,2}Officer)?)"
)
_PERSON: Final = r"[A-Z][\w.'’-]+(?:[ ][A-Z][\w.'’-]*){0,4}(?:,[ ](?:age[ ])?[0-9]{2},)?"
_OWNER: Final = r"(?:(?:as|to[ ]serve[ ]as|to[ ]the[ ]position[ ]of|to[ ]be|from[ ](?:his|her|their)[ ]position[ ]as)[ ])(?:(?:the|its|our|Acting|a|new)[ ]|the[ ]Company['’]s[ ]|[A-Z]\w+['’]s[ ]){0,3}"
_APPOINTED: Final = (
    re.compile(rf"\b(?:appointed|elected|named|promoted)[ ](?:Mr\.[ ]|Ms\.[ ]|Dr\.[ ])?{_PERSON}[ ]{_OWNER}{_OFFICE}"),
    re.compile(rf"\b{_PERSON}[ ](?:was|has[ ]been|will[ ]be)[ ](?:appointed|elected|named|promoted)[ ](?:{_OWNER})?{_OFFICE}"),
    re.compile(rf"\bappointment[ ]of[ ](?:Mr\.[ ]|Ms\.[ ]|Dr\.[ ])?{_PERSON}[ ]{_OWNER}{_OFFICE}"),
)  # fmt: skip
_LEFT: Final = (
    re.compile(rf"\b(?:resigned|retired|stepped[ ]down|departed|resignation|retirement|departure|(?:decision|intention)[ ]to[ ](?:resign|retire|step[ ]down)|will[ ](?:resign|retire|step[ ]down))\b[^.;]{{0,60}}?{_OWNER}{_OFFICE}"),
    re.compile(rf"\b(?:termination|terminated)\b[^.;]{{0,60}}?{_OWNER}{_OFFICE}"),
)  # fmt: skip
_BOUGHT: Final = re.compile(
    rf"\bcompleted[ ](?:its|the)[ ](?:previously[ ]announced[ ])?(?:acquisition|purchase)[ ]of[ ](?:(?:all|100%)[^.;]{{0,90}}?[ ]of[ ])?{_NAME}"
)
_BOUGHT_BY: Final = re.compile(
    rf"(?:^|[.,][ ]|\n){_NAME}[ ](?:completed[ ](?:its|the)[ ](?:previously[ ]announced[ ])?acquisition[ ]of|acquired[ ]all[^.;]{{0,80}}?[ ]of)[ ]the[ ]Company\b"
)
_CUT: Final = re.compile(
    rf"\b(?:reduc\w+|eliminat\w+|lay[ ]off|terminat\w+)\b[^.;]{{0,90}}?\b(?:by[ ])?(?:approximately[ ]|about[ ]|up[ ]to[ ]|roughly[ ])?(?:(?P<count>{DIGITS})[ ](?:[\w-]+[ ]){{0,2}}?(?:employees|positions|jobs|roles)|(?P<percent>[0-9]{{1,2}})%[^.;]{{0,40}}?\b(?:workforce|headcount|employees))"
    r"|\bworkforce\b[^.;]{0,30}\bby[ ](?:approximately[ ]|about[ ])?(?P<percent2>[0-9]{1,2})%",
    _I,
)
_ELSEWHERE: Final = re.compile(
    r"[ ](?:of|at|for)[ ](?P<whom>(?:the[ ])?[A-Z][\w&.'’-]*(?:[ ][A-Z][\w&.'’-]*){0,4})"
)
_LIFE: Final = re.compile(
    r"\b(?:prior[ ]to|previously|before[ ]joining|formerly|served[ ]as|since[ ](?:19|20)[0-9]{2})\b", _I
)
"""What a filing tells of a person's earlier life."""
_HEDGED: Final = re.compile(
    r"\b(?:not|no|may|might|could|if|would|termination[ ]of[ ]the[ ](?:merger|agreement))\b", _I
)


def read_filing_events(reading: Reading) -> Iterator[Claim]:
    """Yield the events of a filing's items 2.01, 2.05, 5.01 and 5.02."""
    document = reading.document
    if document.kind != "news" or document.tier != "registry":
        return
    items = [(found.start(), found["item"]) for found in _ITEM.finditer(reading.text)]
    told: set[str] = set()
    for sentence in reading.sentences:
        item = next((name for start, name in reversed(items) if start <= sentence.start), "")
        text = reading.slice(sentence)
        if item not in _READERS or _ITEM.match(text) or _HEDGED.search(text):
            continue
        for attribute, value, begin, end in _READERS[item](reading, text):
            key = f"{attribute} {value}"
            if key in told:
                continue
            told.add(key)
            dates = [each.first for each in find_dates(text, document.published_at)]
            day = dates[0] if len(dates) == 1 else None
            quote = reading.quote_around(sentence.start + begin, sentence.start + end)
            yield from reading.claim(f"filing_{attribute}@1", attribute, value, quote, event_on=day)


_Event = tuple[str, JsonValue, int, int]


def _officers(reading: Reading, text: str) -> Iterator[_Event]:
    if _LIFE.search(text):
        return
    for change, patterns in (("appointed", _APPOINTED), ("departed", _LEFT)):
        for pattern in patterns:
            for match in pattern.finditer(text):
                title = re.sub(r"^(?:Acting|Interim)[ ]", "", match["title"])
                elsewhere = _ELSEWHERE.match(text, match.end())
                if elsewhere and not _is_filer(reading, elsewhere["whom"]):
                    continue
                if role_of_title(title):
                    yield "leadership_change", {"title": title, "change": change}, *match.span()


def _is_filer(reading: Reading, whom: str) -> bool:
    return whom.casefold() in ("the company", "the registrant") or reading.identity.is_named(whom)


def _bought(reading: Reading, text: str) -> Iterator[_Event]:
    match = _BOUGHT.search(text)
    if match is not None:
        yield "acquisition", {"role": "acquirer", "other": _plain(match["other"])}, *match.span()


def _bought_by(reading: Reading, text: str) -> Iterator[_Event]:
    match = _BOUGHT_BY.search(text)
    if match is not None:
        yield "acquisition", {"role": "acquired", "other": _plain(match["other"])}, *match.span()


def _cut(reading: Reading, text: str) -> Iterator[_Event]:
    match = _CUT.search(text)
    if match is None:
        return
    count = to_int(read_digits(match["count"])) if match["count"] else None
    percent = match["percent"] or match["percent2"]
    yield "layoffs", {"count": count, "percent": int(percent) if percent else None}, *match.span()


def _plain(name: str) -> str:
    return re.sub(r"(?:,[ ]|[ ])(?:Inc|LLC|L\.L\.C|Ltd|Corp|L\.P)\.?$", "", name).rstrip(" .,")


_READERS: Final = {"2.01": _bought, "2.05": _cut, "5.01": _bought_by, "5.02": _officers}
