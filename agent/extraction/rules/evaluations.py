"""What kind of system the account is choosing: "we are evaluating a new CRM", "an RFP for …", a duty in a posting.

Only systems of a closed list, and only a choice that the account itself is making: buyers' guides, what the account
helps others to choose, and a product it merely sells are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from agent.canonical.literals import holds
from agent.extraction.rules.reading import Reading
from agent.models import Claim

_WORDS = ("evaluat", "select", "rfp", "tender", "request for proposal", "ausschreib", "auswahl", "choos", "appel d'offres", "appel d’offres", "licitaci", "aanbested", "selectie", "evaluier", "sélection", "selecci")  # fmt: skip
_SYSTEM = (
    r"(?P<subject>(?:CRM|ERP|HRIS|HCM|ATS|CMS|PIM|TMS|WMS|MES|PLM|LMS|CDP|ITSM|MRP|POS|BI|DAM|CPQ|payroll|billing|ticketing|help ?desk|data[ ]warehouse|marketing[ ]automation|e-?commerce|contact[ ]cent(?:er|re)|procurement|expense[ ]management|project[ ]management"
    r"|warehouse[ ]management|transport(?:ation)?[ ]management|accounting|observability|identity[ ]management|analytics)(?:[ -](?:systems?|platforms?|software|tools?|solutions?|suite|providers?|vendors?|Systems?|Lösung|Software))?)\b"
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[bool, re.Pattern[str]], ...]:
    new = r"(?:(?:an?|the|our|its|next|new|different|modern|potential|various|several)[ ]){0,4}"
    return tuple(
        (posting, re.compile(pattern, re.IGNORECASE))
        for posting, pattern in (
            (False, rf"\b(?:we|{{us}})[ ]?(?:are|['’]re|is)[ ](?:currently[ ]|now[ ]|actively[ ]|also[ ]|in[ ]the[ ]process[ ]of[ ])?(?:evaluating|selecting|assessing|choosing)[ ]{new}{_SYSTEM}"),
            (False, rf"\b(?:we|{{us}})[ ](?:have[ ]|has[ ])?(?:issued|published|launched|opened|released|started)[ ](?:an?|our|its|the)[ ](?:RFP|RFI|tender|request[ ]for[ ]proposals?)[ ](?:process[ ])?(?:for|to[ ]select)[ ]{new}{_SYSTEM}"),
            (False, rf"\b(?:wir[ ]evaluieren|wir[ ]suchen)[ ](?:derzeit[ ]|aktuell[ ]|gerade[ ])?(?:eine?n?[ ])?neue[ns]?[ ]{_SYSTEM}"),
            (True, rf"\b(?:lead|drive|own|manage|support|run|head|leading|supporting)[ ](?:the[ ]|our[ ])?(?:evaluation[ ]and[ ]selection|selection[ ]and[ ](?:implementation|rollout|roll-out)|evaluation|selection)[ ]of[ ](?:(?:an?|our|the)[ ])?(?:new|next)[ ]{_SYSTEM}"),
            (True, rf"\b(?:help[ ]us|you(?:['’]ll|[ ]will)(?:[ ]help)?)[ ](?:us[ ])?(?:select|choose|evaluate|pick)[ ](?:and[ ](?:implement|roll[ ]out|introduce)[ ])?(?:(?:an?|our|the)[ ])?(?:new|next)[ ]{_SYSTEM}"),
        )
    )  # fmt: skip


_OTHERS = re.compile(
    r"\b(?:customers?|clients?|your|their|buyers?|prospects?|helps?[ ](?!us)|if|when[ ]you|whether|guide|checklist|template|how[ ]to|should|could|would|not|never|kunden|klanten|clientes)\b",
    re.IGNORECASE,
)


def read_evaluations(reading: Reading) -> Iterator[Claim]:
    """Yield each kind of system once per document."""
    document = reading.document
    is_posting = document.kind == "job_posting"
    if not is_posting and not (reading.is_own_page or document.tier == "first-party-text"):
        return
    if not holds(_WORDS, reading.lowered):
        return
    us = "|".join(re.escape(name) for name in reading.identity.names[:6]) or "\0"
    told: set[str] = set()
    for sentence in reading.sentences:
        text = reading.slice(sentence)
        if len(text) > 400 or not holds(_WORDS, text.lower()) or text.endswith("?"):
            continue
        for posting, pattern in _patterns():
            if posting and not is_posting:
                continue
            match = re.search(pattern.pattern.replace("{us}", f"(?:{us})"), text, re.IGNORECASE)
            if match is None or _OTHERS.search(text) or match["subject"].casefold() in told:
                continue
            if not is_posting and not reading.is_own_voice(sentence):
                continue
            told.add(match["subject"].casefold())
            quote = reading.quote_around(sentence.start + match.start(), sentence.start + match.end())
            yield from reading.claim(
                "evaluation@1", "vendor_evaluation", {"subject": match["subject"]}, quote
            )
