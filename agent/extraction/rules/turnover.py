"""What the account takes in a year, and how fast it grows, from sentences and fact lists about itself.

Money that passes through ("$2 billion processed"), money raised, a quarter's figure, a run rate, a market's size, a
plan and what customers earned are none of it: a word for revenue must stand right beside the sum, in the account's
own voice or beside its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pydantic import JsonValue

from agent.canonical.literals import holds, words_in
from agent.canonical.money import MoneyMention, find_money
from agent.canonical.numbers import DIGITS, read_digits, to_int
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim

_I = re.IGNORECASE
_WORDS = ("revenue", "turnover", "sales", "umsatz", "chiffre", "facturaci", "factur", "ingresos", "ventas", "omzet", "fatturat", "ricavi", "receita")  # fmt: skip
_GROWING = (*_WORDS, "headcount", "workforce", "customer base", "belegschaft", "effectif")
_GREW_BY = ("%", "cent", "prozent", "ciento", "doubled", "tripled")
_PAGES = frozenset(("home", "about", "press", "careers", "other"))
_YEAR = r"(?:19|20)[0-9]{2}"
_SMALLEST = 100_000
_LONGEST = 420


@lru_cache(maxsize=1)
def _before() -> re.Pattern[str]:
    """Return what ends right before a sum that is revenue."""
    hedge = (
        r"(?:(?:about|around|approximately|roughly|some|nearly|almost|over|more[ ]than|above|in[ ]excess[ ]of|just[ ]over|just[ ]under|rund|etwa|über|mehr[ ]als|knapp|fast|circa|ca\.|environ|plus[ ]de|près[ ]de"
        r"|unos|cerca[ ]de|más[ ]de|aproximadamente|ongeveer|ruim|meer[ ]dan|circa|bijna|oltre|quasi)[ ])?"
    )
    when = rf"(?:[ ](?:in|for|of|im[ ]Jahr|im[ ]Geschäftsjahr|en|in[ ]het[ ]jahr|nel|del|pour)[ ](?:the[ ])?(?:fiscal[ ](?:year[ ])?|financial[ ]year[ ]|FY[ ]?|l['’]année[ ])?(?:{_YEAR})(?:/[0-9]{{2,4}})?|[ ]{_YEAR})?"
    return re.compile(
        rf"(?:\b(?:revenues?|turnover|net[ ]sales|annual[ ]sales|total[ ]sales|sales[ ]revenues?){when}[ ](?:of|was|were|is|are|reached|totall?ed|amounted[ ]to|hit|exceeded|surpassed|stood[ ]at|came[ ]to|grew[ ]to|rose[ ]to|increased[ ]to|climbed[ ]to)"
        rf"|\b(?:jahres|konzern|gesamt|netto)?umsatz(?:erlöse[n]?|es)?{when}[ ](?:von|in[ ]Höhe[ ]von|betrug|lag[ ]bei|liegt[ ]bei|beträgt|beläuft[ ]sich[ ]auf|belief[ ]sich[ ]auf|erreichte|stieg[ ]auf|wuchs[ ]auf)"
        rf"|\bchiffre[ ]d['’]affaires(?:[ ](?:annuel|consolidé|total))?{when}[ ](?:de|d['’]|s['’]élève[ ]à|s['’]élevait[ ]à|s['’]est[ ]élevé[ ]à|a[ ]atteint|atteint|était[ ]de|est[ ]de|s['’]est[ ]établi[ ]à)"
        rf"|\b(?:facturación|ingresos|cifra[ ]de[ ](?:negocios?|ventas)|volumen[ ]de[ ](?:negocio|facturación)|ventas[ ]anuales)(?:[ ]anual(?:es)?)?{when}[ ](?:de|alcanzó|alcanzaron|fue[ ]de|fueron[ ]de|superó|ascendió[ ]a|ascendieron[ ]a)|\b(?:facturó|facturamos|facturó){when}"
        rf"|\b(?:jaar|netto)?omzet{when}[ ](?:van|bedroeg|bedraagt|kwam[ ]uit[ ]op|steeg[ ]naar|groeide[ ]naar|was)"
        rf"|\bfatturato(?:[ ](?:annuo|consolidato))?{when}[ ](?:di|pari[ ]a|ha[ ]raggiunto[ ]i|è[ ]stato[ ]di)|\b(?:receita|faturamento)(?:[ ]anual)?{when}[ ]de"
        rf"|\b(?:turned|turns|turn)[ ]over)[ ]{hedge}$",
        _I,
    )


_AFTER = re.compile(
    rf"^[ ](?:in|of)[ ](?:(?:{_YEAR}|FY[ ]?[0-9]{{2,4}}|annual|yearly|total|net|group|full-year|fiscal[ ]{_YEAR})[ ]){{0,3}}(?:revenues?|turnover|net[ ]sales|annual[ ]sales)\b(?![ ](?:for|growth|increase|savings|from|impact|opportunit|pipeline|potential|loss))"
    rf"|^[ ](?:Jahres)?umsatz\b|^[ ](?:de|d['’])[ ]?(?:chiffre[ ]d['’]affaires|facturación(?:[ ]anual)?|ingresos[ ]anuales)\b|^[ ]omzet\b|^[ ]di[ ]fatturato\b",
    _I,
)
_NOT_OURS = re.compile(
    r"\b(?:businesses|companies|brands|stores?|average|typical|each|every|how|customers?|clients?|users?|merchants|partners?|sellers|their|your|you|help(?:s|ed|ing)?|enabl\w+|GMV|gross[ ]merchandise|process(?:ed|es|ing)|volume|transactions?|market|industry|sector|economy|funding|raised|valuation|valued|ARR|recurring|run[- ]rate"
    r"|quarter(?:ly)?|Q[1-4]|month(?:ly|s)?|half[- ]year|first[ ]half|second[ ]half|H[12]|weekly|daily|target(?:ing|s|ed)?|goal|aim\w*|plan(?:s|ned|ning)?|expect\w*|forecast\w*|project(?:ed|s|ions?)|guidance|outlook|could|would|should|will|if|lost|losing|potential|influenced|pipeline|per[ ](?:employee|user|customer)|opportunity|additional|incremental|saved?|savings|cost"
    r"|kunden|klanten|clientes|marchés?|mercado|markt|branche|quartal|quartals\w*|halbjahr|trimestre|semestre|kwartaal|halfjaar|ziel|erwart\w+|prognos\w+|objectif|prévo\w+|objetivo|prevé|verwacht|volumen[ ]de[ ]transacciones|acqui\w+|subsidiar\w+|division|segment|business[ ]unit|tochter\w*|filiale?)\b",
    _I,
)
_SAID_YEAR = re.compile(rf"(?<![\d.,$€£-]){_YEAR}(?![\d%]|[.,]\d)")
_LABEL = r"(?:(?:annual|yearly|total|net|group)[ ])?(?:revenues?|turnover)|annual[ ]sales|(?:jahres|konzern)?umsatz|chiffre[ ]d['’]affaires(?:[ ]annuel)?|facturación(?:[ ]anual)?|cifra[ ]de[ ]negocios|(?:jaar)?omzet|fatturato(?:[ ]annuo)?"
_ROW = re.compile(
    rf"^(?:{_LABEL})(?:[ ]\(?(?:in[ ])?(?:FY[ ]?)?{_YEAR}\)?)?[ ]?(?::[ ]?|[ ]?\n[ ]?|[ ]?\|[ ]?|\t)(?P<sum>[^\n]{{2,40}})$",
    _I | re.MULTILINE,
)
_COLUMN = re.compile(
    rf"^(?P<sum>[^\n]{{2,30}})\n[ ]?(?:annual[ ](?:revenues?|turnover|sales)|(?:revenues?|turnover)[ ](?:in[ ])?(?:FY[ ]?)?\(?{_YEAR}\)?|jahresumsatz|chiffre[ ]d['’]affaires(?:[ ]annuel)?|facturación[ ]anual|jaaromzet|fatturato[ ]annuo)$",
    _I | re.MULTILINE,
)

_PERCENT = rf"(?P<percent>{DIGITS})[ ]?(?:%|percent|per[ ]cent|Prozent|pour[ ]cent|por[ ]ciento|procent)"
_MEASURES = (
    ("revenue", r"(?:revenues?|turnover|net[ ]sales|sales)", r"(?:umsatz|jahresumsatz)", r"(?:chiffre[ ]d['’]affaires|ventes)", r"(?:ingresos|facturación|ventas|cifra[ ]de[ ]negocios)", r"(?:jaar)?omzet"),
    ("employees", r"(?:headcount|workforce|number[ ]of[ ]employees|team)", r"(?:belegschaft|mitarbeiterzahl)", r"effectifs?", r"plantilla", r"(?:personeelsbestand|team)"),
    ("customers", r"(?:customer[ ]base|number[ ]of[ ]customers)", r"(?:kundenstamm|kundenzahl)", r"nombre[ ]de[ ]clients", r"(?:base|número)[ ]de[ ]clientes", r"klantenbestand"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _growths() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found: list[tuple[str, re.Pattern[str]]] = []
    hedge = r"(?:(?:about|around|over|more[ ]than|nearly|almost|roughly|rund|etwa|über|mehr[ ]als|environ|plus[ ]de|más[ ]de|ruim|ongeveer)[ ])?"
    for measure, en, de, fr, es, nl in _MEASURES:
        forms = (
            rf"\b{en}(?:[ ](?:in|for)[ ](?:FY[ ]?)?{_YEAR})?[ ](?:grew|increased|rose|climbed|jumped|surged|(?:was|were|is|are)[ ]up|has[ ]grown|have[ ]grown)(?:[ ]by)?[ ]{hedge}{_PERCENT}",
            rf"\b(?:grew|increased|grown|expanded|raised)[ ](?:(?:its|our|the|total|annual|net|global)[ ]){{0,3}}{en}(?:[ ]by)?[ ]{hedge}{_PERCENT}",
            rf"\b{en}[ ]growth[ ](?:of|was|reached|:)[ ]{hedge}{_PERCENT}",
            rf"{_PERCENT}[ ](?:(?:year[- ]over[- ]year|year[- ]on[- ]year|yoy|annual|yearly)[ ])?{en}[ ]growth\b",
            rf"\b(?P<doubled>doubled|tripled)[ ](?:its|our|the[ ]company['’]s)[ ](?:(?:total|annual|net|global)[ ]){{0,2}}{en}\b",
            rf"\b{de}[ ](?:[\w.]+[ ]){{0,3}}?(?:stieg|wuchs|ist|legte|erhöhte[ ]sich)[ ](?:[\w.]+[ ]){{0,3}}?um[ ]{hedge}{_PERCENT}(?=[^.]{{0,30}})",
            rf"\b(?:{de}wachstum|wachstum[ ](?:des[ ])?{de}(?:es|s)?)[ ](?:von|lag[ ]bei|betrug)[ ]{hedge}{_PERCENT}",
            rf"\bsteiger(?:te|ten|n)[ ](?:[\w-]+[ ]){{0,4}}?{de}[ ](?:[\w.]+[ ]){{0,2}}?um[ ]{hedge}{_PERCENT}",
            rf"\b{fr}[ ](?:[\w'’]+[ ]){{0,3}}?(?:a[ ](?:progressé|augmenté|bondi|crû)|(?:est[ ])?en[ ](?:hausse|croissance|progression))[ ]de[ ]{hedge}{_PERCENT}",
            rf"\b{es}[ ](?:[\w]+[ ]){{0,3}}?(?:creció|crecieron|aumentó|aumentaron|subió|subieron)[ ](?:un[ ]|en[ ]un[ ])?{hedge}{_PERCENT}",
            rf"\b{nl}[ ](?:[\w]+[ ]){{0,3}}?(?:groeide|steeg|nam)[ ](?:[\w]+[ ]){{0,2}}?met[ ]{hedge}{_PERCENT}",
            rf"\b{nl}groei[ ]van[ ]{hedge}{_PERCENT}",
        )
        found += [(measure, re.compile(form, _I)) for form in forms]
    return tuple(found)


def read_turnover(reading: Reading) -> Iterator[Claim]:
    """Yield yearly revenue and growth rates that the account, or news about it, states."""
    document = reading.document
    if document.kind not in ("website", "news") or not (
        document.kind == "news" or (reading.is_own_page and document.purpose in _PAGES)
    ):
        return
    said = words_in(_GROWING, reading.lowered)
    if said == ():
        return
    for sentence in reading.sentences:
        text = reading.slice(sentence)
        if len(text) > _LONGEST or not holds(said, reading.lowered_of(sentence)) or text.endswith("?"):
            continue
        yield from _revenue(reading, sentence, text)
        yield from _growth(reading, sentence, text)
    if document.kind == "website" and document.purpose in ("about", "careers", "press"):
        for pattern in (_ROW, _COLUMN):
            for match in reading.find(pattern):
                yield from _row(reading, match)


def _revenue(reading: Reading, sentence: Span, text: str) -> Iterator[Claim]:
    sums = [each for each in find_money(text) if each.amount >= _SMALLEST]
    if not sums or _NOT_OURS.search(text) or not _speaks(reading, sentence, text):
        return
    for each in sums:
        if _before().search(text[: each.start]) or _AFTER.match(text[each.end :]):
            years = set(_SAID_YEAR.findall(text))
            quote = reading.quote_around(sentence.start, sentence.end)
            year = int(years.pop()) if len(years) == 1 else None
            if year is not None and str(year) not in reading.slice(quote):
                year = None
            yield from reading.claim("revenue@1", "revenue", _value(each, year), quote)
            return


def _row(reading: Reading, match: re.Match[str]) -> Iterator[Claim]:
    sums = list(find_money(match["sum"]))
    if len(sums) != 1 or sums[0].amount < _SMALLEST:
        return
    rest = (match["sum"][: sums[0].start] + match["sum"][sums[0].end :]).strip(" +>~≈()")
    if rest and not re.fullmatch(
        rf"(?:(?:in[ ])?(?:FY[ ]?)?{_YEAR}|more[ ]than|over|about|approx\.?|ca\.?|rund|über|plus[ ]de|más[ ]de|ruim)",
        rest,
        _I,
    ):
        return
    years = set(_SAID_YEAR.findall(match[0]))
    year = int(years.pop()) if len(years) == 1 else None
    yield from reading.claim("revenue_row@1", "revenue", _value(sums[0], year), Span(*match.span()))


def _value(sum_: MoneyMention, year: int | None) -> JsonValue:
    return {"low": sum_.amount, "high": sum_.amount, "currency": sum_.currency, "year": year}


def _growth(reading: Reading, sentence: Span, text: str) -> Iterator[Claim]:
    if not holds(_GREW_BY, reading.lowered_of(sentence)):
        return
    if _NOT_GROWTH.search(text) or not _speaks(reading, sentence, text):
        return
    for measure, pattern in _growths():
        match = pattern.search(text)
        if match is None:
            continue
        groups = match.groupdict()
        percent = (
            {"doubled": 100, "tripled": 200}[groups["doubled"].lower()]
            if groups.get("doubled")
            else to_int(read_digits(groups["percent"]))
        )
        if percent is not None and 0 < percent < 10_000:
            quote = reading.quote_around(sentence.start + match.start(), sentence.start + match.end())
            value: JsonValue = {"percent": percent, "measure": measure}
            yield from reading.claim("growth@1", "growth_rate", value, quote)
            return


_NOT_GROWTH = re.compile(
    r"\b(?:how|see|learn|discover|average|typical|quarter\w*|Q[1-4]|month\w*|week\w*|half-year|H[12]|quartal\w*|monat\w*|trimestre|mois|mes(?:es)?|kwartaal|maand\w*|customers?(?![ ]base)|clients?(?![ ]base)|users?|merchants|sellers|brands|partners?|their|your|you|help(?:s|ed|ing)?|enabl\w+|market|industry|sector|economy|retail[ ]sales|ecommerce[ ]sales|target\w*|goal|aim\w*|plan(?:s|ned|ning)?|expect\w*|forecast\w*|project(?:ed|ions?)|guidance|outlook|could|would|should|will|if|by[ ]20[3-9][0-9]"
    r"|kunden|klanten(?!bestand)|markt|branche|ziel|erwart\w+|prognos\w+|clients|clientes(?=[ ](?:que|de))|marché|objectif|prévo\w+|mercado|objetivo|prevé|verwacht)\b(?!zahl|stamm)",
    _I,
)


def _speaks(reading: Reading, sentence: Span, text: str) -> bool:
    """Tell whether the sentence is the account's own, or names it in other people's news."""
    if reading.document.kind == "news" and reading.document.tier in ("news", "third-party"):
        return reading.identity.is_mentioned(text)
    return reading.is_own_voice(sentence)
