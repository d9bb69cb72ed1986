"""How many people work at the account, from its own sentences and its own fact lists.

"Trusted by 10,000 employees", "for teams of 50", "join 10,000 companies" and a customer's size are other
people's numbers: the account must be who has, employs or is the people.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from agent.canonical.employees import SIZE, parse_size
from agent.canonical.literals import Words, choices_in, holds_each, leading_words, needed_choices
from agent.canonical.numbers import NUMBER_WORDS
from agent.extraction.rules.reading import Reading, matches
from agent.grounding.sentences import Span
from agent.models import Claim

_I = re.IGNORECASE
_LINES = re.IGNORECASE | re.MULTILINE
_ADJECTIVES = r"(?:[^\W\d_][\w'’-]{1,20}[ ]){0,3}?"
_EMPLOYEES = (
    r"(?:employees|staff(?:[ ]members)?|team[ ]?members|teammates|team[ ]mates|full[- ]time[ ]employees|FTEs?"
    r"|Mitarbeiter(?:innen|[*:_/]-?innen|nde[nr]?)?(?:[ ]und[ ]Mitarbeiter(?:innen)?)?|Mitarbeitende[nr]?|Beschäftigten?|Angestellten?"
    r"|collaborat(?:eurs|rices)|salarié(?:e?s|·e·s|\(e\)s)|employé(?:e?s|·e·s)|empleados|empleadas|trabajadores"
    r"|dipendenti|collaboratori|medewerkers|werknemers|funcionários|funcionárias|colaboradores)"
)
_PEOPLE = (
    r"(?:people|persons|professionals|humans|folks|colleagues|Menschen|Personen|Köpfen?|Kolleg(?:en|innen)(?:[ ]und[ ]Kolleg(?:en|innen))?"
    r"|personnes|talents|personas|profesionales|persone|professionisti|mensen|collega['’]?s|pessoas|profissionais)"
)
_NOT_USERS = r"(?![ ](?:who[ ]use|using|who[ ]trust|trust|rely|signed|visit|attend|already[ ]use|on[ ](?:our|the)[ ](?:platform|waitlist)))"
_END = r"(?=\s*(?:[.,;:!?)–—-]|$|\n|[ ](?:in|across|around|based|from|spread|working|work|worldwide|globally|strong|distributed|located|with|and|who|located|today|on|over|throughout|remote|remotely|spanning|at|all|located|dedicated|passionate|weltweit|an|und|aus|mit|im|dans|en|à|et|basés|repartis|réparti|repartidos|y|a[ ]nivel|e|distribuit|in[ ]tutto|verspreid|em|espalhad)))"
_COUNTER = (
    rf"^(?P<size>{SIZE})[ ]?\n?[ ]?(?:(?:in-house|full-time|it|tech|skilled|talented|dedicated|experienced|passionate)[ ])?"
    r"(?:employees|team[ ]members|professionals|experts|specialists|colleagues|people[ ]on[ ]board|people[ ]on[ ](?:our|the)[ ]team|mitarbeiter(?:innen|:innen|\*innen)?|mitarbeitende|collaborateurs|empleados|dipendenti|medewerkers)$"
)
_COMPANY_COUNTER = re.compile(
    r"\b(?:years[ ](?:of|in)|offices|projects|founded|established|jahre|projekte|standorte|ans[ ]d|projets|años|proyectos|anni|progetti|jaar|projecten)\b",
    _I,
)
_USER_COUNTER = re.compile(
    r"\b(?:users?|downloads|members|subscribers|students|jobs|candidates|freelancers)\b", _I
)
_MARKETPLACE = re.compile(r"\b(?:marketplace|freelanc\w+|hire[ ](?:top|vetted|the[ ]best))\b")
_LARGEST_COUNTER = 20_000
_MOST_LISTED = 20
_LONGEST_BLOCK = 30
_PATTERNS = (
    # we have / Acme employs / the company counts 120 employees
    rf"\b(?:have|has|employs?|employing|count|counts|now|are|with|of|reached|surpassed|passed|(?:gr[eo]wn?|growing|scaled|expanded|increased|rose|risen|up|counting)[ ](?:[^.\n]{{0,30}}[ ])?to)[ ](?:now[ ]|currently[ ]|today[ ]|grown[ ]to[ ]|a[ ]team[ ]of[ ]|a[ ]staff[ ]of[ ]|a[ ]total[ ]of[ ]|our[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}{_EMPLOYEES}\b{_NOT_USERS}",
    # we are a (global) team of 120 (people)
    rf"\b(?:team|company|group|family|crew|staff|workforce|organi[sz]ation)[ ]of[ ](?:now[ ]|currently[ ])?(?P<size>{SIZE})(?:[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b{_NOT_USERS}|{_END})",
    # we employ 120 people; we are 45 people; we have 300 people across ...
    rf"\b(?:(?:employs?|employing)[ ](?:now[ ]|currently[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}{_PEOPLE}\b)",
    rf"\b(?:we['’]re|we[ ]are|we[ ]have)[ ](?:now[ ]|currently[ ]|already[ ]|proud[ ]to[ ]be[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}{_PEOPLE}\b{_NOT_USERS}{_END}",
    # our 120 employees, our 120-person team, a 120-person company
    rf"\b(?:our|its|the[ ]company['’]s)[ ](?:team[ ]of[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}{_EMPLOYEES}\b{_NOT_USERS}",
    rf"\b(?:our|a|an|its)[ ](?P<size>{SIZE})[- ]?(?:person|people|strong|employee|member)[- ](?:[\w-]+[ ])?(?:team|company|business|firm|startup|start-up|workforce|staff)\b",
    # 640 people work for us; there are 640 of us; counting 640 employees; our team totals 640
    rf"(?<![\w-])(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})[ ](?:now[ ]|currently[ ]|today[ ])?(?:work[ ](?:for|with|at|here)|are[ ]employed[ ](?:by|at)|make[ ]up[ ](?:our|the))\b",
    rf"\bthere[ ](?:are|['’]re)[ ](?:now[ ]|currently[ ]|today[ ])?(?P<size>{SIZE})[ ](?:of[ ]us|{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})[ ](?:at|in|on)[ ](?:our|the)[ ](?:team|company))\b",
    rf"\bcounting[ ](?:now[ ]|currently[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}{_EMPLOYEES}\b",
    rf"\b(?:team|workforce|headcount|staff)[ ](?:now[ ]|currently[ ]|today[ ])?(?:totals|numbers|stands[ ]at|counts|is[ ]made[ ]up[ ]of|consists[ ]of|comprises|has[ ]grown[ ]to)[ ](?P<size>{SIZE})\b",
    # 640 people stand behind Acme; behind our name there are 640 people
    rf"(?<![\w-])(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})[ ](?:stand[ ]behind|keep[ ](?:us|everything)[ ]running)\b",
    rf"\bbehind[ ][^.,\n]{{2,40}},?[ ](?:there[ ]are|stand(?:s)?|are)[ ](?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b{_NOT_USERS}",
    rf"\b(?:headcount|workforce|number[ ]of[ ]employees)[ ](?:of[ ][^\n.]{{1,40}}?[ ])?(?:is|was|has[ ]reached|reached|amounts[ ]to)[ ](?:now[ ]|currently[ ])?(?P<size>{SIZE})(?:[ ](?:{_EMPLOYEES}|{_PEOPLE})\b|{_END})",
    # German
    rf"\b(?:zu[ ]uns[ ]gehören|zum[ ]team[ ]gehören|(?:heute|derzeit|aktuell|inzwischen|mittlerweile)[ ](?:sind|arbeiten)|bei[ ]uns[ ](?:arbeiten|sind)|für[ ]uns[ ](?:arbeiten|sind))[ ](?:[\w-]+[ ]){{0,2}}?(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
    rf"\b(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})[ ](?:arbeiten|sind|stehen)[ ](?:[\w-]+[ ]){{0,2}}?(?:bei|für|hinter)[ ]",
    rf"\b(?:hinter|mit)[ ](?:unseren[ ]|unserem[ ][\w-]+[ ](?:stehen|steht)[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:Kolleg(?:en|innen)(?:[ ]und[ ]Kolleg(?:en|innen))?)\b",
    rf"\b(?:Belegschaft|Team|Mannschaft|Mitarbeiterzahl|Personal)(?:[ ]von[ ][^\n.]{{1,40}}?)?[ ](?:umfasst|zählt|besteht[ ]aus|liegt[ ]bei|beträgt)[ ](?:[\w-]+[ ]){{0,1}}?(?P<size>{SIZE})\b",
    rf"\bwir[ ]sind[ ](?:heute[ ]|inzwischen[ ]|mittlerweile[ ]|aktuell[ ])?(?:ein[ ](?:[\w-]+[ ]){{0,2}}Team[ ](?:aus|von|mit)[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
    rf"\b(?:beschäftigen|beschäftigt|zählen|zählt|haben|unsere[nr]?|arbeiten|mit)[ ](?:[\w-]+[ ]){{0,3}}?(?P<size>{SIZE})[ ]{_ADJECTIVES}{_EMPLOYEES}",
    rf"\bTeam[ ](?:aus|von|mit)[ ](?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
    # French, Spanish, Italian, Dutch, Portuguese
    rf"\b(?:avec|fort[ ]de|forte[ ]de|réunit|regroupe|con|com|cuenta[ ]con[ ]una[ ]plantilla[ ]de|plantilla[ ]de|forza[ ]lavoro[ ]di|met|telt)[ ](?:nos[ ]|ses[ ]|sus[ ]|nuestros[ ]|i[ ]nostri[ ]|onze[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}{_EMPLOYEES}\b",
    rf"\b(?:derrière|chez)[ ][^.,\n]{{2,40}},[ ](?:il[ ]y[ ]a|on[ ]trouve|ce[ ]sont)[ ](?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
    rf"\bmet[ ](?:onze[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}collega['’]?s\b",
    rf"\b(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})[ ](?:travaillent|œuvrent|trabajan|trabalham|lavorano|werken|staan)[ ](?:[\w-]+[ ])?(?:pour|chez|avec|en|para|con|em|na|no|per|da|in|bij|voor)\b",
    rf"\b(?:wij|we)[ ]zijn[ ](?:nu[ ]|inmiddels[ ])?met[ ](?:z['’]n[ ])?(?P<size>{SIZE})(?:[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b|{_END})",
    rf"\b(?:er|bij[ ]ons)[ ]werken[ ](?:[\w-]+[ ]){{0,3}}?(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
    rf"\b(?:empleamos|emplea|damos[ ]empleo|da[ ]empleo|empregamos|emprega)[ ]a[ ](?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
    rf"\b(?:equipo|plantilla|équipe|effectif|team|personale|organico|equipe|quadro)(?:[ ](?:de|di|da|do|van)[ ][^\n.]{{1,40}}?)?[ ](?:es[ ]de|está[ ](?:formad[oa]|compuest[oa])[ ]por|est[ ](?:composée?|constituée?|forte?)[ ]de|est[ ]de|s['’]élève[ ]à|atteint|suma|reúne|asciende[ ]a|alcanza[ ]las|alcanza[ ]los|bedraagt|omvat|ammonta[ ]a|soma|compte|conta|è[ ](?:composto|formato)[ ]da|é[ ](?:composta|formada)[ ]por|bestaat[ ]uit|telt)[ ](?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
    rf"\b(?:nous[ ]sommes|équipe[ ]de|compte|comptons|emploie|employons|nos|rassemble)[ ](?:aujourd['’]hui[ ]|désormais[ ]|actuellement[ ]|une[ ]équipe[ ]de[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
    rf"\b(?:somos|equipo[ ]de|contamos[ ]con|cuenta[ ]con|emplea|empleamos|nuestros)[ ](?:hoy[ ]|ya[ ]|un[ ]equipo[ ]de[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
    rf"\b(?:siamo|team[ ]di|squadra[ ]di|conta|contiamo|impiega|nostri)[ ](?:oggi[ ]|oltre[ ]|un[ ]team[ ]di[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
    rf"\b(?:wij[ ]zijn|we[ ]zijn|team[ ]van|telt|tellen|onze|hebben)[ ](?:een[ ]team[ ]van[ ]|inmiddels[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
    rf"\b(?:somos|equipe[ ]de|time[ ]de|contamos[ ]com|conta[ ]com|emprega|nossos)[ ](?:hoje[ ]|uma[ ]equipe[ ]de[ ]|um[ ]time[ ]de[ ])?(?P<size>{SIZE})[ ]{_ADJECTIVES}(?:{_EMPLOYEES}|{_PEOPLE})\b",
)
"""Of sentences. Compiled when first needed: the many ways to write a number make each of them long."""
_ANY_SIZE = "\ue000"
_COUNTED = re.compile(rf"[0-9]|(?<![^\W\d_]){NUMBER_WORDS}", _I)
"""What a sentence must hold for any of these: trying them all on every sentence takes long."""
_LIST_NOUN = rf"(?:{_EMPLOYEES}|employee[ ]count|headcount|team[ ]size|company[ ]size|number[ ]of[ ]employees|Mitarbeiterzahl|effectifs?|plantilla|organico|número[ ]de[ ]empleados|nombre[ ]de[ ](?:salariés|collaborateurs)|aantal[ ]medewerkers|personeelsbestand|numero[ ](?:di[ ])?dipendenti|número[ ]de[ ]funcionários|Belegschaft)"
_LIST_PLACES = r"(?:[ ](?:worldwide|globally|weltweit|around[ ]the[ ](?:world|globe)|across[ ][\w ]{3,40}|dans[ ]le[ ]monde))?"
_LIST_NUMBER_FIRST = (
    rf"^(?P<size>{SIZE})\s{{0,3}}\n?\s{{0,3}}(?:[^\W\d_]+[ ]){{0,2}}?{_EMPLOYEES}{_LIST_PLACES}$"
)
_LIST_LABEL_FIRST = rf"^{_LIST_NOUN}[ ]?(?::[ ]?|[ ]?\n[ ]?|\t[ ]?|[ ]?\|[ ]?)(?P<size>{SIZE})[ ]?(?:[ ](?:{_EMPLOYEES}|{_PEOPLE})[ ]?)?\.?$"
_STATED = rf"^{_LIST_NOUN}[ ]?:[ ]?(?P<size>{SIZE})[ ](?:{_EMPLOYEES}|{_PEOPLE})[ ]?\.?$"
_OTHERS = re.compile(
    r"\b(?:customers?|clients?|users?|manage[sd]?|managing|platform|trust(?:ed|s)?|helps?|helping|served?|serving|support(?:s|ed|ing)?|for[ ](?:companies|teams|businesses)"
    r"|kunden|clientes|utilisateurs|partner|industry|sector|nationwide[ ]employ|per[ ]company|average|survey(?:ed)?|respondents"
    r"|compan(?:y|ies)[ ](?:with|of)[ ]|businesses[ ](?:with|of)|organi[sz]ations[ ](?:with|of)|you\b|your\b|their\b|his\b|her\b|unternehmen[ ]mit|entreprises[ ](?:de|avec)|empresas[ ](?:con|de)|bedrijven[ ]met|aziende[ ]con|empresas[ ]com|für[ ]unternehmen|pour[ ]les|para[ ]empresas|voor[ ]bedrijven|ausgelegt|clienti|klanten|usuarios|gebruikers)\b",
    _I,
)
_PARTIAL = re.compile(
    r"\b(?:engineers?|developers?|designers?|sales(?:people)?|women|female|new[ ](?:employees|hires|people|team)|remote[ ](?:employees|staff)|hire[ds]?|hiring"
    r"|added|adding|laid[ ]off|departments?|volunteers|contractors|office[ ]of|subsidiar|support[ ]team|started[ ]with|began[ ]with|from[ ]\d)\b",
    _I,
)


def read_headcount(reading: Reading) -> Iterator[Claim]:
    """Yield the account's size from sentences about itself and from the fact lists of its about pages."""
    document = reading.document
    if document.kind not in ("website", "news", "job_posting") or document.purpose in (
        "structured_data",
        "markup",
        "feed",
    ):
        return
    seen: set[tuple[int, int]] = set()
    possible = [
        (pattern, present, leading)
        for pattern, (needed, leading) in zip(_PATTERNS, _words_of_patterns(), strict=True)
        if (present := choices_in(needed, reading.lowered)) is not None
    ]
    counted = [
        (each, reading.lowered_of(each))
        for each in (reading.sentences if possible else ())
        if _COUNTED.search(reading.text, each.start, each.end)
    ]
    for pattern, present, leading in possible:
        spans = [each for each, lowered in counted if holds_each(present, lowered)]
        if not spans:
            continue
        for match, sentence in matches(reading, _compiled(pattern, _I), spans, leading):
            place = match.span("size")
            if place in seen or not reading.is_own_voice(sentence):
                continue
            if not _is_whole_company(reading, sentence, match):
                continue
            seen.add(place)
            yield from _claim(reading, match, reading.quote_around(*match.span()), "headcount@3")
    if document.kind == "website" and document.purpose in ("about", "careers", "press"):
        yield from _lists(reading)
    elif document.kind == "website" and document.purpose in ("home", "contact", "other"):
        yield from _counters(reading)
        yield from _stated_lines(reading)


@lru_cache(maxsize=64)
def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(pattern, flags)


@lru_cache(maxsize=1)
def _words_of_patterns() -> tuple[tuple[tuple[Words, ...], Words | None], ...]:
    """Return for each pattern the words beside the number that a sentence needs, and those it begins with."""
    return tuple(_words_beside_size(pattern, _I) for pattern in _PATTERNS)


@lru_cache(maxsize=64)
def _words_beside_size(pattern: str, flags: int) -> tuple[tuple[Words, ...], Words | None]:
    source, flags = pattern.replace(SIZE, _ANY_SIZE), flags | re.UNICODE
    return needed_choices(source, flags, _ANY_SIZE), leading_words(source, flags, _ANY_SIZE)


def _lines_like(reading: Reading, pattern: str) -> Iterator[re.Match[str]]:
    return reading.find(_compiled(pattern, _LINES), *_words_beside_size(pattern, _LINES))


def _lists(reading: Reading) -> Iterator[Claim]:
    """Read "120+ / Employees" and "Company size / 51-200"; in a block of both kinds its ends tell which it is."""
    numbers_first = list(_lines_like(reading, _LIST_NUMBER_FIRST))[:_MOST_LISTED]
    labels_first = list(_lines_like(reading, _LIST_LABEL_FIRST))[:_MOST_LISTED]
    for matches_here, rivals in ((numbers_first, labels_first), (labels_first, numbers_first)):
        for match in matches_here:
            disputed = any(
                match.start() < rival.end()
                and rival.start() < match.end()
                and match.start("size") != rival.start("size")
                for rival in rivals
            )
            wanted = matches_here is numbers_first
            if _OTHERS.search(match[0]) or (disputed and _numbers_lead(reading, match) is not wanted):
                continue
            yield from _claim(reading, match, Span(*match.span()), "headcount_list@2")


def _stated_lines(reading: Reading) -> Iterator[Claim]:
    """Read "Headcount: 410 people." anywhere on the site: label, number and noun leave nothing to guess."""
    for match in _lines_like(reading, _STATED):
        yield from _claim(reading, match, Span(*match.span()), "headcount_list@2")


def _counters(reading: Reading) -> Iterator[Claim]:
    """Read "2,200+ / professionals" on a home page, in a row of counters with years, projects or offices.

    Beside users, downloads or countries served alone, a number of people may be anybody's.
    """
    for match in _lines_like(reading, _COUNTER):
        around = reading.text[max(0, match.start() - 90) : match.end() + 90]
        size = parse_size(" ".join(match["size"].split()))
        beside = around.replace(match[0], "")
        if size is None or size.low > _LARGEST_COUNTER or _MARKETPLACE.search(reading.lowered):
            continue
        if _COMPANY_COUNTER.search(beside) and not _USER_COUNTER.search(beside):
            yield from _claim(reading, match, Span(*match.span()), "headcount_counter@1")


def _numbers_lead(reading: Reading, match: re.Match[str]) -> bool | None:
    """Tell whether a block of numbers and labels goes number first; `None` when its ends do not agree."""
    at = bisect_right(reading.lines, match.start(), key=lambda line: line.end)
    first = last = at
    while first > max(0, at - _LONGEST_BLOCK) and _alternates(reading, first - 1):
        first -= 1
    while last + 1 < min(len(reading.lines), at + _LONGEST_BLOCK) and _alternates(reading, last):
        last += 1
    starts = _is_number(reading.slice(reading.lines[first]))
    ends = not _is_number(reading.slice(reading.lines[last]))
    return starts if starts == ends else None


def _is_number(line: str) -> bool:
    return len(line) <= 20 and any(char.isdigit() for char in line)


def _alternates(reading: Reading, number: int) -> bool:
    """Tell whether line `number` and the next are a number and a label, in either order."""
    left, right = (reading.slice(line) for line in reading.lines[number : number + 2])
    return len(left) <= 40 and len(right) <= 40 and _is_number(left) != _is_number(right)


def _is_whole_company(reading: Reading, sentence: Span, match: re.Match[str]) -> bool:
    """Tell whether the number is the company's people, not its users', a customer's or one team's."""
    before = reading.text[sentence.start : match.start("size")]
    around = reading.text[max(sentence.start, match.start() - 60) : min(sentence.end, match.end() + 30)]
    after = reading.text[match.end() : min(sentence.end, match.end() + 25)]
    if _OTHERS.search(before[-90:]) or re.match(r"[ ](?:using|use|who[ ]use|rely)\b", after, _I):
        return False
    return _PARTIAL.search(around) is None


def _claim(reading: Reading, match: re.Match[str], span: Span, rule: str) -> Iterator[Claim]:
    size = parse_size(" ".join(match["size"].split()))
    if size is None or (size.low < 2 and size.high < 10) or 1900 <= size.low == size.high <= 2100:
        return
    value = {"exact": size.exact, "low": size.low, "high": size.high}
    yield from reading.claim(rule, "employee_count", dict(value), span)
