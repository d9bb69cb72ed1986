"""The sales methodology that the account's own postings say its sellers work by.

"We sell with MEDDPICC" and "qualify deals using MEDDIC" say so; "experience with MEDDIC, SPIN or similar" tells what
a candidate may know, and a trainer's page what it teaches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from agent.canonical.literals import holds
from agent.canonical.terms import canonical_term
from agent.extraction.rules.reading import Reading
from agent.models import Claim

_WORDS = ("medd", "challenger", "spin", "sandler", "bant", "command of the message", "value selling", "solution selling", "miller heiman", "gap selling")  # fmt: skip
_METHOD = r"(?P<method>MEDDPICC|MEDDICC|MEDDIC|Challenger(?:[ ]Sale)?|SPIN(?:[ ][Ss]elling)?|Sandler(?:[ ]Selling[ ]System)?|BANT|Command[ ]of[ ]the[ ]Message|[Vv]alue[ ][Ss]elling|[Ss]olution[ ][Ss]elling|Miller[ ]Heiman|GAP[ ][Ss]elling)"
_KIND = r"(?:(?:sales|qualification|selling|deal|our)[ ])?(?:methodolog(?:y|ies)|framework|process|approach|principles|rigou?r|discipline|playbook)"
_CANDIDATE = re.compile(
    r"\b(?:experience|experienced|knowledge|familiar\w*|understanding|trained|training|proficien\w+|skilled|background|certifi\w+|expertise|preferr?ed|preferably|plus|bonus|nice[ ]to[ ]have|ideally|or[ ](?:a[ ])?(?:similar|equivalent|other|comparable|another)|e\.g\.|such[ ]as|like|for[ ]example|similar|customers?|clients?|teach\w*|course|erfahrung|kenntnisse|expérience|experiencia|ervaring)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"\b(?i:we|our[ ](?:sales[ ]|revenue[ ]|commercial[ ])?(?:team|teams|reps|org(?:anization)?))[ ](?i:use|uses|follow|follows|sell[ ]with|sells[ ]with|run|runs|work[ ]with|works[ ]with|rely[ ]on|practi[cs]e|apply|applies|operate[ ]on|live[ ]by)[ ](?i:the[ ]|a[ ])?{_METHOD}\b",
            rf"\b(?i:our)[ ](?i:sales[ ])?{_KIND}[ ](?i:is|are|based[ ]on|is[ ]based[ ]on|follows)[ ](?i:the[ ])?{_METHOD}\b",
            rf"\b(?i:our|internal)[ ]{_METHOD}[ ](?i:{_KIND})",
            rf"\b(?i:using|use|apply|applying|utili[sz]e|utili[sz]ing|leverage|leveraging|following|follow|through|execute|with)[ ](?i:the[ ]|our[ ])?{_METHOD}(?:[ ](?i:{_KIND}))?[ ](?i:to[ ](?:qualify|forecast|manage|drive|run|close|assess|progress|build)|and[ ](?:maintain|keep|forecast)|for[ ](?:every|all|each|qualif|forecast))",
            rf"\b(?i:qualify|forecast|manage|progress|run|inspect)[ ](?:[\w'’-]+[ ]){{0,5}}?(?i:using|with|against|through|by|following)[ ](?i:the[ ]|our[ ])?{_METHOD}\b",
        )
    )


def read_methods(reading: Reading) -> Iterator[Claim]:
    """Yield each methodology once per posting."""
    if reading.document.kind != "job_posting" or not holds(_WORDS, reading.lowered):
        return
    told: set[str] = set()
    for sentence in reading.sentences:
        text = reading.slice(sentence)
        if len(text) > 400 or not holds(_WORDS, text.lower()) or _CANDIDATE.search(text):
            continue
        if len(re.findall(_METHOD.replace("?P<method>", "?:"), text)) > 1:
            continue  # a list of several is what a candidate may know
        for pattern in _patterns():
            match = pattern.search(text)
            name = canonical_term("sales_methodology", match["method"]) if match else None
            if match is not None and name is not None and name not in told:
                told.add(name)
                quote = reading.quote_around(sentence.start + match.start(), sentence.start + match.end())
                yield from reading.claim("sales_method@1", "sales_methodology", name, quote)
                break
