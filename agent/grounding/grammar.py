"""Read a sentence just far enough to see that it denies, supposes or looks back.

Everything works on one clause around the place where the value stands, by closed word lists in seven
languages. It errs towards seeing a denial: a claim lost costs recall, a denial missed is a wrong fact.
"""

from __future__ import annotations

import re
from datetime import date

from agent.grounding.sentences import Span

_I = re.IGNORECASE

# Set phrases that only look like a denial or a plan: "not only", "developers will love our API".
_IDIOMS = re.compile(
    r"\bnot\s+(?:only|just|merely|simply|least|to\s+mention|including|counting)\b|\bno[- ]code\b|\bnot[- ]for[- ]profit\b"
    r"|\bno\s+(?:fewer|less)\s+than\b|\bnot\s+less\s+than\b|\bno\s+(?:doubt|wonder|matter|problem|secret|stranger|surprise)\b"
    r"|\bno\.?\s?\d|\bnothing\s+but\b|\bwhy\s+not\b|\bnever\s+(?:stop(?:ped|s)?|been\s+\w+er)\b"
    r"|\b(?:can't|cannot|can\s+not)\s+wait\b|\bdon't\s+(?:worry|hesitate)\b|\bno\s+credit\s+card\b|\bno\s+longer\s+(?:just|only)\b"
    r"|\bnicht\s+(?:nur|zuletzt|weniger\s+als|allein)\b|\b(?:non|pas)\s+seulement\b|\bpas\s+moins\s+de\b|\bsans\s+cesse\b"
    r"|\b(?:will|'ll)\s+(?:just\s+|all\s+|also\s+|really\s+|absolutely\s+)?(?:love|like|enjoy|appreciate|adore|welcome)\b"
    r"|\bno\s+s[oó]lo\b|\bno\s+menos\s+de\b|\bsin\s+(?:duda|embargo)\b|\bnon\s+sol(?:o|tanto)\b|\bnon\s+meno\s+di\b"
    r"|\bsenza\s+dubbio\b|\bnão\s+(?:só|apenas|somente)\b|\bsem\s+dúvida\b|\bniet\s+(?:alleen|minder\s+dan|te\s+vergeten)\b",
    _I,
)
# Deny everything that follows in the clause.
_WIDE = re.compile(
    r"\b(?:not|never|cannot|neither|nor|hardly|barely|nobody|nothing|nowhere|no\s+longer|no\s+one|nicht|nie|niemals|niemand(?:en)?|weder"
    r"|jamais|nunca|jamás|tampoco|não|jamais|niet|nooit|inte|ikke|nessuno)\b|n't\b|(?<![\w])(?:не|нет|никогда)(?![\w])"
    r"|[不没沒未]|ません|ない|않|아니",
    _I,
)
_WIDE_BY_LANGUAGE = {
    "fr": re.compile(r"\b(?:ne|pas)\b|\bn'", _I),
    "it": re.compile(r"\b(?:non|mai)\b", _I),
    "es": re.compile(r"\bno\b", _I),
    "pt": re.compile(r"\b(?:nem)\b", _I),
    "sv": re.compile(r"\bej\b", _I),
    "pl": re.compile(r"\bnie\b", _I),
}
# Deny the next few words only.
_NARROW = re.compile(
    r"\b(?:no|none|without|zero|lack(?:s|ed|ing)?(?:\s+of)?|free\s+of|free\s+from|instead\s+of|rather\s+than|other\s+than"
    r"|except|unlike|den(?:y|ies|ied)|refus(?:es?|ed)|fail(?:s|ed)?\s+to|stop(?:s|ped)?|ceas(?:es?|ed)|discontinued?"
    r"|paus(?:es?|ed|ing)|froz(?:e|en)|halt(?:s|ed)?|suspend(?:s|ed)?|cancel(?:s|led|ed)?|ohne|kein(?:e|en|em|er|es)?|statt"
    r"|aucune?|ning[uú]n[oa]?|nenhuma?|geen|zonder|senza|nessun[oa]?|ingen|inga)\b|無し|なし|(?<![\w])без(?![\w])|无|無",
    _I,
)
_NARROW_BY_LANGUAGE = {
    "fr": re.compile(r"\bsans\b", _I),
    "es": re.compile(r"\bsin\b", _I),
    "pt": re.compile(r"\bsem\b", _I),
    "pl": re.compile(r"\b(?:bez|brak)\b", _I),
}
_NARROW_WORDS = 6
# What follows the value and denies it: "Salesforce is no longer used", "hiring freeze".
_AFTER = re.compile(
    r"^(?:[\s\"'”’)]+[\w'-]+){0,4}?[\s\"'”’)]+(?:not|never|no\s+longer|nicht|niet|nie|inte|ikke|pas)\b"
    r"|^(?:\s+[\w'-]+){0,3}?(?:n't\b)|^(?:\s+(?:is|are|was|were|has\s+been|currently|now))*\s+(?:freeze|frozen|paused|stopped|suspended|discontinued|on\s+hold|ended)\b|^(?:\s+(?:is|are|was|were|has\s+been|now))+\s+over\b"
    r"|^(?:\s+(?:is|are|was|were|has|have|been|be|being))*\s+(?:false|untrue|ruled\s+out|denied|rumou?rs?|cancell?ed)\b"
    r"|^.{0,12}(?:ません|ない|않|없)",
    _I,
)
# German and Dutch put the denial at the end of the clause, however far the verb is: "... haben wir nicht".
_AT_THE_END = re.compile(
    r"\b(?:nicht|niet)(?:\s+(?:mehr|meer|vor|an|aan|zur\s+Verfügung|haben|hebben|sind|zijn|besitzen))?\s*[.!;,\n]?\s*$",
    _I,
)
_CLAUSE_END = re.compile(
    r"[;?!()\n]|\s[-–—]+\s|—|[.:]\s"
    r"|,\s+(?=(?:we|our|it|they|he|she|i|you|and\s+we|and\s+our|so|with|while|which|who|not|though|although|however|yet|but)\b)"
    r"|\s(?:but|however|although|though|whereas|while|because|aber|sondern|obwohl|mais|pero|sino|mas|maar|ma)\s"
    r"|\s(?:and|und|et|y|e|en)\s+(?=(?:we|our|have|has|employ|employs|are|is|were|was|use|uses|now|today|it|wir|nous|haben|sind)\b)"
    r"|\s(?=(?:who|which|whose)\s)",
    _I,
)
_SUPPOSES = re.compile(
    r"\b(?:could|would|might|should|if|unless|whether|imagine|suppose|assuming|hypothetical(?:ly)?"
    r"|plan(?:s|ned|ning)?\s+(?:to|on|for)|plans\b(?!\s+(?:start|starting|from|include|and|are|begin))|aim(?:s|ed|ing)?\s+(?:to|at|for)|hop(?:e|es|ed|ing)\s+(?:to|for|that)"
    r"|expect(?:s|ed|ing)?(?:\s+to)?|intend(?:s|ed|ing)?\s+to|seek(?:s|ing)?\s+to|looking\s+to|wants?\s+to|wish(?:es)?\s+to"
    r"|target(?:s|ing|ed)?\s+(?:of|to)|goal\s+(?:is|of|to)|ambition|on\s+track\s+to|on\s+(?:its|our|the)\s+way\s+to"
    r"|will|won't|going\s+to|set\s+to|about\s+to|likely\s+to|forecast(?:s|ed|ing)?|projected|rumou?red|reportedly|allegedly"
    r"|consider(?:s|ing)|up\s+to|as\s+many\s+as|ideal\s+for|perfect\s+for|suited\s+(?:for|to)|once\s+you|let's\s+say"
    r"|e\.g\.|for\s+example|for\s+instance|example:"
    r"|könnten?|würden?|möchten?|plan(?:t|en)\s+(?:zu|bis)|sollen?\b|falls|wenn\s+sie|wenn\s+du|bis\s+zu|beispielsweise|z\.\s?b\."
    r"|pourr(?:ait|aient|ons)|prévoi(?:t|ent|ons)|envisage(?:ons|nt)?|si\s+vous|jusqu'à|par\s+exemple"
    r"|podr[ií]a[ns]?|planea(?:mos|n)?|prevé(?:n)?|si\s+(?:usted|tienes?|su)|por\s+ejemplo"
    r"|potrebbe(?:ro)?|prevede|se\s+(?:hai|avete)|ad\s+esempio|fino\s+a"
    r"|poderia[m]?|planeja(?:mos|m)?|se\s+você|por\s+exemplo"
    r"|zou(?:den)?\b|van\s+plan|als\s+(?:u|je)|bijvoorbeeld)\b|(?-i:\bmay\b)(?!\s+\d)",
    _I,
)
_FUTURE_YEAR = re.compile(
    r"\b(?P<by>by|before|until|bis|d'ici|para|entro|até|tegen)?\s*(?:in\s+|the\s+end\s+of\s+|ende\s+|fin\s+|finales\s+de\s+)?(?P<year>20\d\d)\b",
    _I,
)
_FORMER = re.compile(
    r"\b(?:used\s+to|formerly|former|previously|once\s+had|at\s+its\s+peak|until|back\s+then|no\s+longer|originally"
    r"|früher|ehemals|vormals|damals|anciennement|auparavant|autrefois|antiguamente|anteriormente|en\s+su\s+día"
    r"|precedentemente|antigamente|voorheen|vroeger|(?:hasta|bis|jusqu'en|tot|fino\s+al)\s+(?:el\s+año\s+|zum\s+jahr\s+)?(?:19|20)\d\d)\b",
    _I,
)


def mask_idioms(text: str) -> str:
    """Return `text`, equally long, with negative set phrases blotted out and apostrophes made plain."""
    plain = text.replace("’", "'").replace("ʼ", "'")
    return _IDIOMS.sub(lambda found: "_" * len(found.group()), plain)


def clause_around(context: str, place: Span) -> Span:
    """Return the clause of `context` in which `place` stands."""
    start, end = 0, len(context)
    for found in _CLAUSE_END.finditer(context):
        if found.end() <= place.start:
            start = found.end()
        elif found.start() >= place.end:
            end = found.start()
            break
    return Span(start, end)


def is_denied(context: str, place: Span, language: str | None, lead_in: str = "") -> bool:
    """Say whether the clause denies what stands at `place`; `lead_in` is the line that introduces a list."""
    text = mask_idioms(context)
    clause = clause_around(text, place)
    before, after = text[clause.start : place.start], text[place.end : clause.end]
    primary = (language or "")[:2].lower()
    if _cue_before(before, primary) or _AFTER.search(after[:80]) or _AT_THE_END.search(after):
        return True
    return bool(lead_in) and _cue_before(mask_idioms(lead_in), primary)


_GIVEN_UP = re.compile(
    r"\b(?:moved\s+(?:off|away)|dropped|abandoned|retired|replaced|decommissioned|phased\s+out|got\s+rid\s+of|said\s+goodbye|decided\s+against|switched\s+off"
    r"|dagegen|abandonné|cessé|arrêté|remplacé|dejado|dejamos|abandonamos|gestopt|vervangen)\b",
    _I,
)
"""Words of leaving something behind: they deny use today, but deny nothing else that stands beside them."""


def has_denial(context: str, language: str | None) -> bool:
    """Say whether anything at all is denied in `context`."""
    text = mask_idioms(context)
    primary = (language or "")[:2].lower()
    patterns = (_WIDE, _NARROW, _GIVEN_UP, _WIDE_BY_LANGUAGE.get(primary), _NARROW_BY_LANGUAGE.get(primary))
    return any(pattern.search(text) for pattern in patterns if pattern)


def _cue_before(before: str, primary: str) -> bool:
    by_language = _WIDE_BY_LANGUAGE.get(primary)
    if _WIDE.search(before) or (by_language and by_language.search(before)):
        return True
    for pattern in (_NARROW, _NARROW_BY_LANGUAGE.get(primary)):
        for found in pattern.finditer(before) if pattern else ():
            if len(before[found.end() :].split()) <= _NARROW_WORDS:
                return True
    return False


def is_supposed(context: str, place: Span, as_of: date, *, future_is_plain: bool = False) -> bool:
    """Say whether the clause only supposes, plans, exemplifies or conditions what stands at `place`.

    `future_is_plain` lets "will" and "you" pass, as in a job posting ("you will use Salesforce").
    """
    text = mask_idioms(context)
    clause = clause_around(text, place)
    before = text[clause.start : place.start]
    for found in _SUPPOSES.finditer(before):
        if not (future_is_plain and found.group().lower() in {"will", "going to"}):
            return True
    for found in _FUTURE_YEAR.finditer(text[clause.start : clause.end]):
        year = int(found["year"])
        if year > as_of.year + 0 or (
            year == as_of.year and (found["by"] or "").lower() in {"by", "before", "bis"}
        ):
            return True
    return False


def is_former(context: str, place: Span) -> bool:
    """Say whether the clause puts what stands at `place` in the past ("used to", "formerly", "until")."""
    text = mask_idioms(context)
    clause = clause_around(text, place)
    return _FORMER.search(text[clause.start : clause.end]) is not None
