"""Events in headlines and leads: leadership, launches, expansion, deals, layoffs, partnerships.

High precision by shape: the account must stand right where the grammar puts the doer (or the one done to).
The event's day is the day the sentence gives, else the document's.
"""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property, lru_cache

from pydantic import JsonValue

from agent.canonical.countries import region_countries
from agent.canonical.dates import find_dates
from agent.canonical.literals import choices_in, holds_each, needed_choices
from agent.canonical.numbers import DIGITS, read_digits, to_int
from agent.canonical.place import parse_place
from agent.canonical.roles import role_of_title
from agent.extraction.rules.announcements import announcement_shapes
from agent.extraction.rules.event_words import FOREIGN_TITLE, NAME, PERSON, TITLE
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim

_SOMEBODY = "\ue000"
"""Stands for the account's names where only the words around them matter."""
_LONGEST_NAME = 80
_BESIDE_NAME = 30
"""Letters that a legal form and "has today" beside a name take at most."""


class _Shape:
    """One way to tell an event: a pattern in which `_SOMEBODY` stands for the account's names.

    It is made with an account's names when a sentence holds one of the words it needs, and would tell the event
    of somebody: making all of them for every account of a list would cost more than reading its pages.
    """

    def __init__(self, kind: str, source: str) -> None:
        self.kind = kind
        self._source = source
        self.needed = needed_choices(source, ignored=_SOMEBODY)

    @cached_property
    def _of_anybody(self) -> re.Pattern[str]:
        """Matches wherever the shape does, whatever the account's names are."""
        us, name = _account(_SOMEBODY)
        rest = self._source.removeprefix(us).removeprefix(name)
        anybody = rf"[\s\S]{{1,{_LONGEST_NAME + _BESIDE_NAME}}}?"
        return re.compile(rest.replace(us, anybody).replace(name, anybody))

    def search(self, text: str, names: tuple[str, ...]) -> re.Match[str] | None:
        """Return the first place in a sentence that tells the event of an account with such names."""
        if max(map(len, names)) <= _LONGEST_NAME and not self._of_anybody.search(text):
            return None
        return _pattern(self._source, names).search(text)


@lru_cache(maxsize=256)
def _pattern(source: str, names: tuple[str, ...]) -> re.Pattern[str]:
    spelled = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)[:12])
    return re.compile(source.replace(_SOMEBODY, spelled))


@lru_cache(maxsize=1)
def _shapes() -> tuple[_Shape, ...]:
    return tuple(_Shape(kind, source) for kind, source in _sources())


def _account(names: str) -> tuple[str, str]:
    """Return patterns of the account as the doer (its name, "we", "the company"), and of its name alone."""
    us = rf"(?:(?<![\w-])(?:{names})(?:[ ](?:Inc|Corp|GmbH|Ltd|AG)\.?)?(?:[ ](?:today|has|have|is|also)){{0,2}}|\b[Ww]e(?:['’]ve|[ ]have|[ ]are|['’]re)?(?:[ ]also)?|\b[Tt]he[ ][Cc]ompany(?:[ ]has)?)"
    return us, rf"(?<![\w-])(?:{names})"


def _sources() -> tuple[tuple[str, str], ...]:
    us, name = _account(_SOMEBODY)
    place = r"(?P<place>[A-ZÀ-Þ][\w'’.-]*(?:[ ][A-ZÀ-Þ][\w'’.-]*){0,2}(?:,[ ][A-ZÀ-Þ][\w'’.-]*(?:[ ][A-ZÀ-Þ][\w'’.-]*){0,2}){0,2})"
    return (
        ("appointed", rf"{us}[ ](?:[Aa]ppoint(?:s|ed|ing)?|[Nn]am(?:es|ed|ing)|[Hh]ir(?:es|ed|ing)|[Ww]elcom(?:es|ed|ing)|[Tt]aps|[Tt]apped|[Bb]rings[ ]on)[ ](?:[\w-]+[ ]){{0,3}}?{PERSON}[ ](?:as|to)[ ](?:its[ ]|our[ ]|the[ ]|be[ ])?{TITLE}"),
        ("appointed", rf"{us}[ ](?:[Aa]ppoints|[Nn]ames|[Hh]ires|[Aa]ppointed|[Hh]ired)[ ](?:a[ ]|its[ ]|an[ ])?{TITLE}(?![ ]of[ ]the[ ]Year)"),
        ("appointed", rf"{PERSON}[ ](?:has[ ])?(?:joins|joined|appointed|named)[ ](?:to[ ])?{name}(?:['’]s)?[ ](?:team[ ])?as[ ](?:its[ ]|our[ ]|the[ ])?{TITLE}"),
        ("promoted", rf"{us}[ ](?:[Pp]romot(?:es|ed))[ ]{PERSON}[ ]to[ ]{TITLE}"),
        ("departed", rf"{name}(?:['’]s?)?[ ]{TITLE}[ ](?:{PERSON}[ ])?(?:steps[ ]down|stepped[ ]down|to[ ]step[ ]down|resigns|resigned|departs|leaves|is[ ]leaving|to[ ]leave|retires|to[ ]retire)"),
        ("launch", rf"{us}[ ](?:[Ll]aunch(?:es|ed)?|[Ii]ntroduc(?:es|ed)|[Uu]nveil(?:s|ed)|[Dd]ebut(?:s|ed)|[Rr]olls[ ]out|[Rr]olled[ ]out|[Rr]eleas(?:es|ed))[ ](?:(?:its|our|the|a|an|new|all-new|brand[ ]new|first|next-generation|latest)[ ]){{0,3}}(?P<product>[A-Z][\w.+'’-]*(?:[ ](?:[A-Z0-9][\w.+'’-]*|for|of|and|&)){{0,5}})"),
        ("office", rf"{us}[ ](?:[Oo]pen(?:s|ed|ing)?|[Uu]nveil(?:s|ed)|[Ee]stablish(?:es|ed))[ ](?:[\w'’-]+[ ]){{0,5}}?(?:office|hub|headquarters|HQ|office[ ]space|location)[ ](?:space[ ])?in[ ](?:downtown[ ])?{place}"),
        ("facility", rf"{us}[ ](?:[Oo]pen(?:s|ed|ing)?|[Bb]uild(?:s|ing)?)[ ](?:[\w'’-]+[ ]){{0,5}}?(?:plant|factory|warehouse|facility|data[ ]cent(?:er|re)|distribution[ ]cent(?:er|re)|store|lab)[ ]in[ ](?:downtown[ ])?{place}"),
        ("market", rf"{us}[ ](?:[Ee]xpand(?:s|ed|ing)?|[Ll]aunch(?:es|ed|ing)?|[Ee]nter(?:s|ed))[ ](?:(?:its[ ]|our[ ])?(?:[\w-]+[ ]){{0,3}}?(?:operations|presence|business|services?)[ ])?(?:in[ ]?to|in|to)[ ](?:the[ ])?{place}(?=\s*(?:[.,;:!]|$|\n|[ ](?:with|and|to|as|by|after|following|through)\b))"),
        ("acquirer", rf"{us}[ ](?:to[ ]acquire|[Aa]cquires|[Aa]cquired|[Bb]uys|[Bb]ought|[Cc]ompletes?(?:d)?[ ](?:the[ ]|its[ ])?[Aa]cquisition[ ]of|[Aa]nnounces?(?:d)?[ ](?:the[ ]|its[ ])?(?:[Aa]cquisition[ ]of|agreement[ ]to[ ]acquire))[ ](?P<other>{NAME})"),
        ("acquired", rf"{name}[ ](?:(?:is|was|has[ ]been|will[ ]be|to[ ]be|gets)[ ])?(?:[Aa]cquired[ ]by|[Bb]ought[ ]by)[ ](?P<other>{NAME})"),
        ("acquired", rf"(?<![\w-])(?P<other>{NAME}?)[ ](?:to[ ]acquire|[Aa]cquires|[Bb]uys|[Cc]ompletes[ ](?:the[ ])?[Aa]cquisition[ ]of)[ ]{name}(?=\s*(?:[.,;:!]|$|\n|[ ](?:for|in|to|as|and)\b))"),
        ("layoffs", rf"{us}[ ](?:is[ ])?(?:[Ll]ays[ ]off|[Ll]aid[ ]off|[Ll]aying[ ]off|to[ ]lay[ ]off|[Cc]uts|to[ ]cut|[Cc]utting|[Aa]xes|[Ss]lashes|to[ ]slash)[ ](?:about[ ]|around[ ]|nearly[ ]|roughly[ ]|over[ ]|more[ ]than[ ]|approximately[ ])?(?:(?P<percent>[0-9]{{1,2}})[ ]?(?:%|percent|per[ ]cent)|(?P<count>{DIGITS}))[ ](?:of[ ](?:its[ ]|the[ ])?)?(?:[\w-]+[ ]){{0,3}}?(?:employees|staff|jobs|workers|workforce|roles|positions|people)\b"),
        ("partnership", rf"{us}[ ](?:[Pp]artners|[Pp]artnered|[Tt]eams[ ]up|[Tt]eamed[ ]up|[Jj]oins[ ]forces|[Jj]oined[ ]forces|(?:[Aa]nnounces?(?:d)?|[Ee]nters?(?:ed)?(?:[ ]into)?|[Ss]igns?(?:ed)?|[Ff]orms?(?:ed)?)[ ](?:a[ ]|an[ ]|its[ ]|new[ ]){{0,2}}(?:[\w-]+[ ]){{0,2}}?[Pp]artnership)[ ]with[ ](?P<partner>{NAME})"),
        ("partnership", rf"{name}[ ]and[ ](?P<partner>{NAME}?)[ ](?:[Aa]nnounce|[Ee]nter|[Ss]ign|[Ff]orm|[Ll]aunch)[ ](?:a[ ]|an[ ]|new[ ]){{0,2}}(?:[\w-]+[ ]){{0,2}}?[Pp]artnership"),
        *announcement_shapes(us, name, place),
        *_foreign(name, place),
    )  # fmt: skip


_IS_FOREIGN_TITLE = re.compile(FOREIGN_TITLE)


def _foreign(name: str, place: str) -> tuple[tuple[str, str], ...]:
    """Return the shapes of German, French, Spanish, Dutch, Italian and Portuguese announcements."""
    product = r"(?P<product>[A-ZÀ-Þ][\w.+'’-]*(?:[ ][A-ZÀ-Þ0-9][\w.+'’-]*){0,3})"
    other = r"(?P<other>[A-ZÀ-Þ0-9][\w&.+'’-]*(?:[ ](?:[A-ZÀ-Þ0-9][\w&.+'’-]*|&)){0,4})"
    partner = other.replace("?P<other>", "?P<partner>")
    new = r"(?:(?:[a-zà-ÿ]+|l['’]|d['’])[ ]?){0,4}?"
    today = r"(?:[ ](?:heute|jetzt|aujourd['’]hui|ce[ ]jour|hoy|vandaag|nu|oggi|hoje|auch|également))?"
    people = r"(?:Mitarbeiter\w*|Stellen|Arbeitsplätze|Beschäftigte\w*|Jobs|salariés|postes|emplois|collaborateurs|personnes|empleados|empleos|puestos|trabajadores|personas|medewerkers|banen|werknemers|arbeidsplaatsen|dipendenti|posti|funcionários|postos|empregos|colaboradores)"
    number = rf"(?:(?P<percent>[0-9]{{1,2}})[ ]?(?:%|Prozent|pour[ ]cent|por[ ]ciento|procent)|(?P<count>{DIGITS}))"
    return (
        (
            "launch",
            rf"{name}[ ](?:bringt|lanciert|präsentiert|stellt|launcht|lance|présente|dévoile|lanza|presenta|estrena|lanceert|presenteert|introduceert|lancia|lança|apresenta){today}[ ](?:(?:das|die|den|ein|eine|einen|neue[nrs]?|le|la|un|une|el|su|nuev[oa]|de|het|een|nieuwe|il|o|a|novo|nova|nuovo|nuova|son|sa|sein|seine)[ ]){{0,3}}{product}",
        ),
        (
            "launch",
            rf"{name}[ ](?:hat|a|ha|heeft)[ ](?:(?:heute|jetzt|aujourd['’]hui|hoy|vandaag)[ ])?(?:(?:lancé|présenté|dévoilé|lanzado|presentado|estrenado|lanciato|lançou|lançado|apresentado)[ ](?:(?:le|la|un|une|el|su|il|o|a|nuevo|nueva|nouveau|nouvelle)[ ]){{0,2}}{product}|{product.replace('?P<product>', '?P<product2>')}[ ](?:vorgestellt|eingeführt|veröffentlicht|gelauncht|präsentiert|auf[ ]den[ ]Markt[ ]gebracht|gelanceerd|geïntroduceerd|gepresenteerd|uitgebracht))",
        ),
        (
            "acquirer",
            rf"{name}[ ](?:hat|a|ha|heeft)[ ](?:{other}[ ](?:übernommen|gekauft|erworben|akquiriert|overgenomen|gekocht|verworven)|(?:racheté|acquis|repris|adquirido|comprado|acquisito|rilevato|adquiriu)[ ](?:a[ ]|la[ ]société[ ]|la[ ]empresa[ ])?{other.replace('?P<other>', '?P<other2>')})",
        ),
        (
            "acquirer",
            rf"{name}[ ](?:übernimmt|kauft|erwirbt|rachète|acquiert|reprend|adquiere|compra|koopt|acquista|rileva|adquire){today}[ ](?:a[ ]|die[ ]|den[ ]|das[ ])?{other}",
        ),
        ("acquirer", rf"{name}[ ]neemt[ ]{other}[ ]over\b"),
        (
            "partnership",
            rf"{name}[ ](?:(?:a[ ])?(?:conclut|conclu|signe|signé|annonce|noue|noué)|(?:ha[ ])?(?:firma|firmado|anuncia|anunciado|cierra|cerrado)|(?:ha[ ])?(?:annuncia|annunciato|sigla|siglato)|(?:assina|assinou|anuncia|anunciou|firma|firmou))[ ](?:une?|una?|um|uno)[ ](?:(?:nouve(?:au|lle)|nuev[oa]|acuerdo[ ]de|accord[ ]de|accordo[ ]di|acordo[ ]de)[ ])?(?:partenariat|collaboration|coopération|alianza|colaboración|acuerdo|asociación|partnership|collaborazione|parceria|colaboração)(?:[ ][a-zà-ÿ]+)?[ ](?:avec|con|com)[ ]{partner}",
        ),
        (
            "partnership",
            rf"{name}[ ](?:gaat[ ](?:een[ ]|het[ ])?(?:samenwerking|partnerschap|partnership)[ ]aan[ ]met|is[ ]een[ ](?:samenwerking|partnerschap|partnership)[ ]aangegaan[ ]met|werkt[ ](?:voortaan[ ]|nu[ ])?samen[ ]met|kooperiert[ ](?:ab[ ]sofort[ ]|künftig[ ])?mit|(?:schließt|vereinbart|startet)[ ](?:eine[ ])?(?:Partnerschaft|Kooperation|Zusammenarbeit)[ ]mit|s['’](?:associe|allie)[ ](?:à|avec)|se[ ](?:alía|asocia)[ ]con)[ ]{partner}",
        ),
        (
            "partnership",
            rf"{name}[ ](?:und|et|y|en|e)[ ]{partner}[ ](?:(?:haben|ont|han|hebben|hanno)[ ])?(?:eine|un|une|una|uma|een)?[ ]?(?:neue[ ]|strategische[ ])?(?:Zusammenarbeit|Partnerschaft|Kooperation|partenariat|alianza|acuerdo|samenwerking|partnerschap|parceria|partnership|schließen|signent|firman|sluiten|se[ ]alían|gaan[ ]samenwerken|slaan[ ]de[ ]handen)\b",
        ),
        (
            "office",
            rf"{name}[ ](?:(?:hat|a|ha|heeft)[ ])?(?:eröffnet|ouvre|ouvert|abre|abierto|opent|apre|aperto)[ ]{new}(?:Büro|Niederlassung|Standort|Filiale|bureau|agence|siège|oficina|sede|delegación|kantoor|vestiging|ufficio|escritório|filial)[ ](?:in|à|en|em|a)[ ]{place}",
        ),
        (
            "office",
            rf"{name}[ ](?:hat|heeft)[ ]{new}(?:Büro|Niederlassung|Standort|Filiale|kantoor|vestiging)[ ]in[ ]{place}[ ](?:eröffnet|bezogen|geopend)",
        ),
        (
            "layoffs",
            rf"{name}[ ](?:(?:entlässt|streicht|kündigt|licencie|supprime|va[ ](?:licencier|supprimer)|despide[ ]a|despedirá[ ]a|despide|recorta|suprime|ontslaat|schrapt|licenzia|taglia|demite|corta)|baut)[ ](?:rund[ ]|etwa[ ]|environ[ ]|unos[ ]|ongeveer[ ]|circa[ ]|cerca[ ]de[ ])?{number}[ ]{people}\b",
        ),
        (
            "appointed",
            rf"{name}[ ](?:hat|a|ha|heeft)[ ](?:(?:nommé|nombrado|nominato|nomeado)[ ](?:(?:un|une|una|uno|um|uma|a)[ ])?(?:nouve(?:au|lle)[ ]|nuev[oa][ ]|nuovo[ ])?{FOREIGN_TITLE}|(?:einen?|een)[ ](?:neuen?[ ]|nieuwe[ ])?{FOREIGN_TITLE.replace('?P<title>', '?P<title2>')}[ ](?:berufen|ernannt|bestellt|eingestellt|benoemd|aangesteld|aangetrokken))",
        ),
        (
            "appointed",
            rf"{name}[ ](?:annonce[ ]la[ ]nomination[ ](?:d['’]un(?:e)?|de)|anuncia[ ]el[ ]nombramiento[ ]de(?:[ ]una?)?|annuncia[ ]la[ ]nomina[ ]di(?:[ ]un[oa]?)?|anuncia[ ]a[ ]nomeação[ ]de(?:[ ]uma?)?|nomme[ ]une?|nombra[ ](?:a[ ])?una?|benoemt(?:[ ]een)?|beruft[ ]einen?|ernennt[ ]einen?)[ ](?:nouve(?:au|lle)[ ]|nuev[oa][ ]|nuovo[ ]|novo[ ]|nieuwe[ ]|neuen?[ ])?{FOREIGN_TITLE}",
        ),
    )


_HEDGED = re.compile(
    r"\b(?:nicht|kein\w*|nie|pas|jamais|aucun\w*|niet|geen|soll(?:te)?|könnte|pourrait|podría|zou|forse|potrebbe|Gerücht\w*|rumeur\w*|rumores|rumou?r\w*|reportedly|in[ ]talks|could|may[ ]be|might|considering|how[ ]to|why|what[ ]if|if|years?[ ]ago|anniversary|denies|not|unless|would)\b|\?",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    "the|a|an|our|new|more|its|this|that|leading|local|other|companies|customers|us|you|your|their|startup|startups"
    "|competitor|rival".split("|")
)
_TITLE_CASE_ARTICLE = re.compile(r"^(?:(?:New|The|Its|Our|A|An|First|All-New|Next-Generation)[ ])+")
_TITLE_CASE_END = re.compile(r"[ ](?:In|To|With|At|Across|On|As|From|By)(?:[ ]|$)")
_PARTS = re.compile(r"[ ](?:connectors?|integrations?|support|templates?|feeds?)\b")
"""What is launched for another maker's product: "Halvard launches Osterfield and Amberly connectors"."""
_LEAD_SENTENCES = 6
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mär|Mai|Okt|Dez|Fév|Avr|Juin|Juil|Aoû|Déc|Ene|Abr|Ago|Dic|Mrt|Mei|Gen|Mag|Giu|Lug|Set|Ott|Out|Fev|Dez)[a-zé]*\.?"
# A list of headlines runs a name into the day of the next line: "Northmark 23 May 2026", "Northmark May 27".
_DATED = re.compile(
    rf"(?:^|[ ])(?=(?:[0-9]{{1,2}}\.?[ ](?:de[ ])?{_MONTH}|{_MONTH}[ ][0-9]{{1,2}}\b|(?:19|20)[0-9]{{2}}[-/.]|[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-]))|(?<=[a-zà-ÿ])(?=(?-i:{_MONTH})[ ]?[0-9]{{0,2}}$)",
    re.IGNORECASE,
)


def read_events(reading: Reading) -> Iterator[Claim]:
    """Yield events told by news and press documents: their title and lead, or headlines of a press list."""
    document = reading.document
    is_press = document.kind == "website" and document.purpose == "press"
    if document.kind != "news" and not is_press:
        return
    shapes = [
        (shape, needed)
        for shape in _shapes()
        if (needed := choices_in(shape.needed, reading.lowered)) is not None
    ]
    names = _names(reading)
    told: set[str] = set()
    for sentence in reading.sentences[: 400 if is_press else _LEAD_SENTENCES]:
        lowered = reading.lowered_of(sentence)
        likely = [shape for shape, needed in shapes if holds_each(needed, lowered)]
        if not likely:
            continue
        text = reading.slice(sentence)
        if _HEDGED.search(text) or (
            document.tier in ("news", "third-party") and not reading.identity.is_mentioned(text)
        ):
            continue
        if is_press and not reading.identity.is_mentioned(text):
            continue
        for shape in likely:
            match = shape.search(text, names)
            for claim in _event(reading, shape.kind, match, sentence) if match else ():
                key = f"{claim.attribute} {claim.value}"
                if key not in told:
                    told.add(key)
                    yield claim


def _names(reading: Reading) -> tuple[str, ...]:
    labels = [label for label in reading.identity.labels if "." in label]
    return tuple(dict.fromkeys((*reading.identity.names, *labels))) or ("\0",)


def _event(reading: Reading, kind: str, match: re.Match[str], sentence: Span) -> Iterator[Claim]:
    attribute, value = _value(reading, kind, match)
    if value is None:
        return
    text = reading.slice(sentence)
    published = reading.document.published_at
    dates = [
        mention.first
        for mention in find_dates(text, published)
        if published is None or mention.first <= published
    ]
    on = dates[0] if len(dates) == 1 else None
    if reading.document.kind == "website" and on is None and published is None:
        on = _day_beside(reading, sentence)
    quote = reading.quote_around(sentence.start + match.start(), sentence.start + match.end())
    yield from reading.claim(f"event_{attribute}@3", attribute, value, quote, event_on=on)


def _day_beside(reading: Reading, sentence: Span) -> date | None:
    """Return the date on the line just before or after a headline in a press list."""
    before = reading.text[max(0, sentence.start - 40) : sentence.start].rstrip("\n").rsplit("\n", 1)[-1]
    after = reading.text[sentence.end : sentence.end + 40].lstrip("\n").split("\n", 1)[0]
    for line in (before, after):
        mentions = list(find_dates(line))
        if len(mentions) == 1 and len(line.strip()) <= mentions[0].end - mentions[0].start + 6:
            return mentions[0].first
    return None


def _said(match: re.Match[str], group: str) -> str:
    """Return what a group or its second spelling in the pattern caught."""
    groups = match.groupdict()
    return groups.get(group) or groups.get(f"{group}2") or ""


def _value(reading: Reading, kind: str, match: re.Match[str]) -> tuple[str, JsonValue]:
    if kind in ("appointed", "promoted", "departed"):
        title = re.sub(r"^(?:new|first)[ ]", "", _said(match, "title").strip(" ,"), flags=re.IGNORECASE)
        return "leadership_change", {"title": title, "change": kind} if role_of_title(
            title
        ) or _IS_FOREIGN_TITLE.fullmatch(title) else None
    if kind == "launch":
        named = _TITLE_CASE_ARTICLE.sub("", _TITLE_CASE_END.split(_said(match, "product"))[0])
        product = None if _PARTS.match(match.string, match.end()) else _trimmed(named)
        return "product_launch", {"product": product} if product else None
    if kind in ("office", "facility", "market"):
        place = match["place"].strip(" .,'’")
        if parse_place(place) is None and region_countries(place) is None:
            return "expansion", None
        return "expansion", {"kind": kind, "place": place, "country": None}
    if kind in ("acquirer", "acquired"):
        other = _trimmed(_said(match, "other"), is_company=True)
        if other is None or reading.identity.is_named(other):
            return "acquisition", None
        return "acquisition", {"role": kind, "other": other}
    if kind == "layoffs":
        count = to_int(read_digits(match["count"])) if match["count"] else None
        percent = int(match["percent"]) if match["percent"] else None
        return "layoffs", {"count": count, "percent": percent}
    partner = _trimmed(_said(match, "partner"), is_company=True)
    if partner is None or reading.identity.is_named(partner):
        return "partnership", None
    return "partnership", {"partner": partner}


def _trimmed(name: str, *, is_company: bool = False) -> str | None:
    """Return a captured name without the small words it ran into, or `None` when it is not a name."""
    words = _DATED.split(name, maxsplit=1)[0].strip(" ,.'’").split()
    if is_company and len(words) > 1 and re.fullmatch(r"[0-3]?[0-9]\.?", words[-1]):
        words.pop()  # the day of a date whose month is written small
    while words and words[-1].casefold() in ("of", "and", "the", "for", "&", "to"):
        words.pop()
    if not words or words[0].casefold() in _GENERIC or not any(word[0].isupper() for word in words):
        return None
    return re.sub(r"['’]s$", "", " ".join(words)) or None
