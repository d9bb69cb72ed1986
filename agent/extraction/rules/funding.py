"""Financing rounds and money raised in all, from news, press releases and the account's own pages.

"Series B cameras", charity drives, a customer's round and an investor's own fund are not the account's
funding: a raising verb, a stage or funding noun and the account as the one who raises must come together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pydantic import JsonValue

from agent.canonical.dates import find_dates
from agent.canonical.literals import holds, needed_words, words_in
from agent.canonical.money import MoneyMention, find_money
from agent.canonical.terms import canonical_term
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim

_I = re.IGNORECASE
_STAGE = re.compile(
    r"\b(?:(?P<series>(?:Series|Série|Serie)[ -][A-K])(?:[1-3]|\+)?|(?P<named>pre-?[ ]?seed|seed|angel|growth(?:[ ]equity)?|venture[ ]debt|debt[ ]financing|private[ ]equity))"
    r"(?=[ ]?(?:-?[ ]?(?:round|funding|financing|investment|extension|raise|finanzierung|runde|finanzierungsrunde|tour|levée|ronde|ronda)\b)|[ ](?:led|from|to|with|in|at|was|on|by|and|over|of|über|von|de|par|mené\w*|d['’]un|auprès|por|con|liderad\w+|di|da|guidat\w+|van|onder|door|geführt|angeführt|wurde)\b|[,.;)!]|$)",
    _I,
)
_VERB = re.compile(
    r"\b(?:raises?|raised|raising|secures?|secured|closes?|closed|lands?|landed|bags?|bagged|nabs?|nabbed|scores?|scored|completes?|completed"
    r"|announces?|announced|anuncia\w*|anunció|kündigt|kondigt|receives?|received|pulls?[ ]in|picks?[ ]up|snags?|lève|levé|levée|boucle|annonce|sammelt|erhält|sichert|schließt"
    r"|recauda\w*|levanta\w*|cierra|cerrad[oa]|ha[ ]cerrado|captad[oa]|opgehaald|eingesammelt|gesichert|abgeschlossen|angeführt|raccolto|chiuso|captou|levantou|was[ ]led[ ]by|were[ ]led[ ]by|wurde|raccoglie|chiude|haalt|capta|funding|investment)\b",
    _I,
)
_FUNDING = re.compile(
    r"\b(?:funding|financing|private[ ]credit|credit[ ]facility|loan|rounds?|investment|(?:venture[ ])?capital|led[ ]by|investors?|valuation|raise|equity|finanzierung\w*|runde|levée|tour[ ]de[ ]table|financiación|financiering\w*|ronde|ronda|\w+-ronde|\w+-runde|round)\b",
    _I,
)
_TOTAL = re.compile(
    r"\b(?:total(?:[ ](?:funding|raised|capital|investment|amount))(?:[ ]raised)?(?:[ ]to[ ]date)?(?:[ ]raised)?[ ](?:of|to|is|now|stands[ ]at|raised|reaches|past|over|:)"
    r"|raised[ ]a[ ]total[ ]of|(?:has|have|we['’]ve|having)[ ](?:now[ ]|already[ ]|since[ ])?raised(?=[^.]{0,60}\b(?:to[ ]date|in[ ]total|so[ ]far|since)\b)"
    r"|total[ ](?:funding|capital)[ ]raised:?|bringing[ ](?:its|our|the[ ]company['’]s|their)?[ ]?total[ ][^.]{0,40}?[ ]to)[ ]?(?:more[ ]than[ ]|over[ ]|nearly[ ]|about[ ]|approximately[ ])?",
    _I,
)
_NOT_A_ROUND = re.compile(
    r"\b(?:charity|charities|donat\w+|non-?profits?|fundrais\w+|campaign|customers?|clients?|users?|helped|helping|helps|ARR|revenue|sales|for[ ]the[ ]cause|camera|cameras"
    r"|in[ ]talks|reportedly|rumou?r\w*|IPO|initial[ ]public|listing|previous[ ]rounds?|earlier[ ]rounds?|prior[ ]rounds?|fund[ ](?:I|II|III|IV|V)\b)\b|\bfund\b(?!ing|s?[ ]led)",
    _I,
)
_SUPPOSED = re.compile(
    r"\b(?:could|would|should|if|plans[ ]to|looking[ ]to|seeking|seeks|not|never|to[ ]raise|up[ ]to|nicht|kein\w*|pas|aucun\w*|jamais|nunca|niet|geen|nooit)\b",
    _I,
)
"""Of what comes before the sum: what is planned with the money ("and plans to hire") makes it no less raised."""
_DEBT = re.compile(
    r"\b(?:private[ ]credit(?:[ ]facility)?|(?:revolving[ ])?credit[ ](?:facility|line)|line[ ]of[ ]credit|(?:term[ ])?loan(?:[ ]facility)?|debt(?:[ ](?:facility|financing|funding|round))?"
    r"|Kreditlinie|Kreditfazilität|Darlehen|ligne[ ]de[ ]crédit|financement[ ](?:par[ ](?:la[ ])?dette|en[ ]dette)|prêt|línea[ ]de[ ]crédito|préstamo|kredietfaciliteit|lening)\b",
    _I,
)
_EQUITY = re.compile(r"\b(?:equity|eigenkapital|capital-risque|fonds[ ]propres)\b", _I)
_LED_BY = re.compile(
    r"\b(?:led|co-led|headed|angeführt|geführt|geleid|aangevoerd|menée?s?|dirigée?s?|liderad[oa]|encabezad[oa]|guidat[oa])[ ](?:by|von|door|par|por|da)[ ]"
    r"(?P<who>[A-ZÀ-Þ][\w&.'’-]*(?:(?:,[ ]|[ ](?:and|und|et|y|en|e|&)[ ]|,[ ](?:and|und|et|y|en)[ ]|[ ])[A-ZÀ-Þ][\w&.'’-]*){0,14})(?P<next>[ ][a-zà-ÿ]+)?"
    r"|\b(?:von|door)[ ](?P<who2>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){0,4})[ ](?:angeführt|geführt|geleid)\b"
)
_WHOSE = re.compile(
    r"\b(?P<name>[A-ZÀ-Þ][\w&.-]*(?:[ ][A-ZÀ-Þ][\w&.-]*){0,3})['’]s?[ ](?:[$€£][0-9][0-9.,]*[ ]?[\w]{0,8}[ ])?(?:Series|Serie|Série|seed|pre-?seed|round|funding|raise)\b"
    r"|\b(?:Series|Serie|Série)[ -][A-K](?:[ -][Rr][ou]u?nde?)?[ ](?:of|for|by|bei|für|pour|voor)[ ](?P<name2>[A-ZÀ-Þ][\w&.-]*(?:[ ][A-ZÀ-Þ][\w&.-]*){0,3})"
)
_LEADS = re.compile(
    r"\b(?:co-)?(?:leads?|led|leading|anchors?|anchored|invests?|invested|investing|participates?|participated|backs)\b(?![ ]by\b)(?=[^.,;]{0,60}(?:round|seed|series|funding|[$€£0-9]))|\b(?:steigt|beteiligt[ ]sich|investiert|investit|participe|invierte|participa|investeert|investe)\b",
    _I,
)
"""What an investor does in somebody else's round."""
_PEOPLE_OF = (
    r"(?:\b(?:former|ex|early)[ -](?:{names})\b|(?:{names})(?:['’]s?)?[ ](?:(?:co-?)?founders?|alum\w*|veterans?|mafia|spin-?(?:out|off)s?|engineers?|employees|executives?|staff(?:ers)?"
    r"|rivals?|competitors?|investors?|backers?|customers?|clients?|partners?|suppliers?|subsidiar\w+|portfolio[ ]\w+|backed|competitor)\b|\b(?:rivals?|competitors?|suppliers?|customers?|partners?)[ ](?:of|to)[ ](?:{names})\b)"
)
"""People and companies called by the account's name, who raise for themselves."""
_TIMES = frozenset(("today", "yesterday", "week", "month", "year", "it"))
_BESIDE = 28
"""Characters between a stage and its sum in "the Series A round of $12 million": then the round tells itself."""
_SOMEBODY = re.compile(
    r"^(?:an?|one|another)[ ](?!total)(?:[\w-]+[ ]){0,4}(?:start-?up|company|client|customer|business|firm|brand)\b|\bpartnered[ ]with[ ]us\b|\bhaving[ ](?:raised|secured)\b",
    _I,
)
"""Case studies tell of unnamed clients: "a well-funded startup, having secured $20M, partnered with us"."""
_JOINED = re.compile(r"\b(?:acquir\w+|invests?[ ]in|backed[ ]by)\b", _I)


def read_funding(reading: Reading) -> Iterator[Claim]:
    """Yield rounds, the stage they bring the account to, and the total raised."""
    document = reading.document
    if document.kind not in ("website", "news") or document.purpose in (
        "structured_data",
        "markup",
        "customers",
        "legal",
        "pricing",
    ):
        return
    telling = (
        (each, words_in(needed_words(each.pattern, each.flags), reading.lowered))
        for each in (_FUNDING, _STAGE, _TOTAL)
    )
    patterns = [(pattern, words) for pattern, words in telling if words != ()]
    for sentence in reading.sentences if patterns else ():
        text = reading.slice(sentence)
        lowered = reading.lowered_of(sentence)
        told = any(holds(words, lowered) and pattern.search(text) for pattern, words in patterns)
        if not told or not _speaks(reading, sentence, text):
            continue
        yield from _sentence(reading, sentence, text)


def _speaks(reading: Reading, sentence: Span, text: str) -> bool:
    if reading.document.purpose == "blog" or reading.document.kind == "news":
        own_news = reading.document.tier in ("first-party-text", "first-party-structured")
        if not reading.identity.is_mentioned(text):
            return own_news and reading.is_own_voice(sentence)
        verb = _VERB.search(text)
        named_first = verb is None or reading.identity.is_mentioned(text[: verb.start()])
        return (named_first or own_news or _TOTAL.search(text) is not None) and _raiser_is_account(
            reading, text
        )
    return reading.is_own_voice(sentence) and _raiser_is_account(reading, text)


def _raiser_is_account(reading: Reading, text: str) -> bool:
    """Tell whether a name right before the raising verb is the account's (no name at all is left to the voice)."""
    match = re.search(
        r"(?P<name>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){0,3})(?:,[^,]{3,80},)?[ ](?:has[ ]|have[ ]|today[ ])?(?:raises?|raised|secures?|secured|closes?|closed|lands?|landed|lève|sammelt|receives?|received)\b",
        text,
    )
    if match is None:
        return True
    name = match["name"]
    return (
        reading.identity.is_named(name)
        or reading.identity.is_mentioned(name)
        or name.casefold() in ("we", "it", "the company", "today we", "today")
    )


def _sentence(reading: Reading, sentence: Span, text: str) -> Iterator[Claim]:
    money = [mention for mention in find_money(text) if mention.amount >= _SMALLEST]
    totals = [mention for mention in money if _is_total(text, mention)]
    for mention in totals[:1]:
        if not _NOT_A_ROUND.search(text):
            value: JsonValue = {"amount": mention.amount, "currency": mention.currency}
            yield from reading.claim(
                "total_funding@1",
                "total_funding",
                value,
                _quote(reading, sentence, mention.start, mention.end),
            )
    stage = _STAGE.search(text)
    verb = _VERB.search(text)
    if _SOMEBODY.search(text) and not reading.identity.is_mentioned(text):
        return
    told_by_itself = stage is not None and any(
        mention not in totals and max(mention.start - stage.end(), stage.start() - mention.end) <= _BESIDE
        for mention in money
    )
    if (verb is None and not told_by_itself) or _NOT_A_ROUND.search(text):
        return
    if verb is not None and _JOINED.search(text[: verb.end()]):
        return
    if _is_anothers(reading, text):
        return
    rest = [
        mention
        for mention in money
        if mention not in totals
        and (stage is not None or (verb is not None and mention.start > verb.start() - 40))
        and not _is_valuation(text, mention)
    ]
    amount = rest[0] if rest else None
    ends = [match.end() for match in (stage, verb) if match is not None]
    if _SUPPOSED.search(text[: max([*ends, *(each.end for each in rest[:1])])]):
        return
    if stage is None and (amount is None or not _raises_money(text)):
        return
    if (
        stage is not None
        and amount is None
        and not re.search(
            r"\b(?:raised?|raises|closed?|closes|secured?|secures|announc\w+|complet\w+|lève|levée?|cierra|cerrado|boucle|bouclé|haalt|opgehaald|sammelt|eingesammelt|anuncia|chiude|chiuso|raccolto|levantado)\b",
            text,
            _I,
        )
    ):
        return
    name = (
        canonical_term(
            "funding_stage",
            re.sub(r"^(?:Série|Serie|Series)[ -]", "Series ", stage["series"] or "", flags=_I)
            or stage["named"],
        )
        if stage
        else None
    )
    places = [(m.start, m.end) for m in rest[:1]] + ([stage.span()] if stage else [])
    debt = _DEBT.search(text) if stage is None and not _EQUITY.search(text) else None
    if debt is not None:
        name, places = "debt", [*places, debt.span()]
    quote = _quote(reading, sentence, min(p[0] for p in places), max(p[1] for p in places))
    on = _event_day(text, reading.document.published_at)
    if (
        reading.document.kind == "website"
        and on is None
        and reading.document.purpose not in ("press", "about", "home")
    ):
        return
    value = {
        "stage": name,
        "amount": amount.amount if amount else None,
        "currency": amount.currency if amount else None,
    }
    yield from reading.claim("funding_round@3", "funding_round", value, quote, event_on=on)
    if name in _COMPANY_STAGES:
        yield from reading.claim("funding_round@3", "funding_stage", name, quote, event_on=on)


def _is_anothers(reading: Reading, text: str) -> bool:
    """Tell whether the round is another company's: the account led it, or somebody else raised it."""
    verb = _VERB.search(text)
    leads = _LEADS.search(text)
    if (
        leads
        and reading.identity.is_mentioned(text[: leads.start()])
        and not (verb and verb.start() < leads.start())
    ):
        return True
    names = "|".join(re.escape(name) for name in reading.identity.names)
    people = re.search(_PEOPLE_OF.format(names=names), text, _I) if names else None
    if people and (verb is None or people.start() < verb.start()) and reading.document.kind == "news":
        return True
    for match in _LED_BY.finditer(text):
        named = reading.identity.is_mentioned(match["who"] or match["who2"] or "")
        if named and (match["next"] or "").strip() in (
            "",
            "with",
            "alongside",
            "as",
            "mit",
            "avec",
            "con",
            "met",
        ):
            return True
    for match in _WHOSE.finditer(text):
        name = match["name"] or match["name2"]
        if not reading.identity.is_mentioned(name) and name.split()[-1].casefold() not in _TIMES:
            return True
    return False


def _raises_money(text: str) -> bool:
    """Tell whether a sentence without a stage raises money: an investment announced may be made by the account."""
    return _FUNDING.search(text) is not None and (
        _RAISING.search(text) is not None or not re.search(r"\binvestment\b", text, _I)
    )


_RAISING = re.compile(
    r"\b(?:rais\w+|rounds?|funding|financing|led[ ]by|venture|valuation|equity|finanzierung\w*|runde|levée|lèv\w+|ronda|financiación|ronde)\b",
    _I,
)
_SMALLEST = 10_000
_COMPANY_STAGES = frozenset(("pre_seed", "seed", *(f"series_{letter}" for letter in "abcdefghijk")))


def _is_total(text: str, mention: MoneyMention) -> bool:
    if any(match.end() in range(mention.start - 2, mention.start + 1) for match in _TOTAL.finditer(text)):
        return True
    before, after = text[max(0, mention.start - 60) : mention.start], text[mention.end : mention.end + 40]
    raised = re.search(r"\b(?:has|have|['’]ve)[ ](?:now[ ]|already[ ])?raised[^.]{0,30}$", before, _I)
    return raised is not None and re.search(r"\b(?:to[ ]date|in[ ]total|so[ ]far)\b", after, _I) is not None


def _is_valuation(text: str, mention: MoneyMention) -> bool:
    around = text[max(0, mention.start - 25) : mention.end + 25]
    return (
        re.search(
            r"\bvaluation|valued[ ]at|\brevenue|\bARR\b|\bmarket\b(?![- ](?:lead|position|expansion|entry))",
            around,
            _I,
        )
        is not None
    )


def _quote(reading: Reading, sentence: Span, start: int, end: int) -> Span:
    return reading.quote_around(sentence.start + start, sentence.start + end)


def _event_day(text: str, published: date | None) -> date | None:
    """Return the day the sentence itself gives for the round, or `None` (then the document's date counts)."""
    dates = [
        mention for mention in find_dates(text, published) if published is None or mention.first <= published
    ]
    return dates[0].first if len(dates) == 1 else None
