"""What the account says it has not: no openings, no public API, a certificate it does not hold.

A denial is a fact of its own ("not hiring"), never the absence of one. Only whole statements in the account's own
voice count: a job search without results, a plan ("certification in progress") and other people's lacks are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pydantic import JsonValue

from agent.canonical.literals import holds
from agent.canonical.terms import canonical_term
from agent.extraction.rules.certifications import CERTIFICATIONS, clean_certification
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim

_I = re.IGNORECASE
_CAREERS_WORDS = ("hiring", "recrui", "position", "opening", "vacanc", "stelle", "einstell", "recrut", "poste", "offre", "vacant", "contrat", "vacature", "roles", "jobs", "werven", "suchen")  # fmt: skip
_NOW = r"(?:at[ ](?:present|the[ ]moment|this[ ]time|this[ ]point)|right[ ]now|currently|presently|for[ ]now|just[ ]now|today|as[ ]of[ ]today)"
_NO_OPENINGS = (
    rf"^(?:unfortunately,?[ ]|sorry,?[ ])?(?:(?:{_NOW}),?[ ])?(?:we[ ](?:(?:do[ ]not|don['’]t)[ ](?:currently[ ])?have[ ]any|(?:currently[ ]|presently[ ])?have[ ]no)|there[ ](?:are|['’]re)[ ](?:(?:{_NOW})[ ])?no)"
    rf"[ ](?:(?:open|current|vacant|available|new|job)[ ]){{0,2}}(?:positions?|roles?|jobs?|vacancies|openings?|vacancy)(?P<rest>[^.!?\n]{{0,80}})",
    rf"^(?:unfortunately,?[ ])?(?:(?:{_NOW}),?[ ])?(?:we[ ](?:are|['’]re)|{{us}}[ ]is)[ ](?:currently[ ]|presently[ ])?not[ ](?:currently[ ]|presently[ ]|actively[ ])?(?:hiring|recruiting)(?P<rest>[^.!?\n]{{0,60}})",
    r"^(?:(?:derzeit|aktuell|zurzeit|zur[ ]zeit|momentan|im[ ]moment|leider)[ ])?(?:(?:haben|suchen|besetzen)[ ]wir|gibt[ ]es|wir[ ](?:haben|suchen)|es[ ]gibt|sind)(?:[ ](?:bei[ ]uns|derzeit|aktuell|zurzeit|momentan|leider|im[ ]moment))*[ ]keine[ ](?:offenen?[ ]|freien?[ ]|neuen?[ ]|vakanten[ ])?(?:Stellen(?:angebote|ausschreibungen)?|Positionen|Vakanzen|Jobs|Mitarbeiter)\b(?P<rest>[^.!?\n]{0,60})",
    r"^(?:(?:derzeit|aktuell|zurzeit|momentan|im[ ]moment)[ ])?(?:wir[ ]stellen|stellen[ ]wir)(?:[ ](?:derzeit|aktuell|zurzeit|momentan|im[ ]moment))?[ ](?:niemanden|nicht|keine[ ]neuen[ ]Mitarbeiter(?:innen)?)[ ](?:\w+[ ])?ein\b(?P<rest>[^.!?\n]{0,40})",
    r"^(?:(?:actuellement|pour[ ]le[ ]moment|en[ ]ce[ ]moment|malheureusement),?[ ])?(?:nous[ ]ne[ ]recrutons[ ]pas|nous[ ]n['’]avons[ ](?:actuellement[ ]|pour[ ]le[ ]moment[ ])?(?:aucun(?:e)?|pas[ ]d[e'’])[ ]?(?:poste|offre|recrutement)s?|il[ ]n['’]y[ ]a[ ](?:actuellement[ ]|pour[ ]le[ ]moment[ ])?(?:aucun(?:e)?|pas[ ]d[e'’])[ ]?(?:poste|offre)s?|aucun[ ]poste[ ]n['’]est[ ](?:ouvert|à[ ]pourvoir)|aucune[ ]offre[ ]d['’]emploi[ ]n['’]est[ ]ouverte)(?P<rest>[^.!?\n]{0,70})",
    r"^(?:(?:actualmente|en[ ]este[ ]momento|por[ ]el[ ]momento|por[ ]ahora|de[ ]momento|ahora[ ]mismo),?[ ])?(?:no[ ](?:hay|tenemos|existen|disponemos[ ]de)[ ](?:ningun[oa]s?[ ])?(?:vacantes?|puestos?|ofertas?[ ]de[ ]empleo|posiciones?|plazas|procesos[ ]de[ ]selección)|no[ ]estamos[ ](?:contratando|buscando[ ]personal|reclutando)|no[ ]contratamos)(?P<rest>[^.!?\n]{0,60})",
    r"^(?:(?:momenteel|op[ ]dit[ ]moment|nu|helaas|vandaag)[ ])?(?:(?:hebben|zoeken)[ ](?:wij|we)|(?:wij|we)[ ](?:hebben|zoeken)|er[ ]zijn|zijn[ ]er)(?:[ ](?:momenteel|op[ ]dit[ ]moment|nu|helaas))*[ ]geen[ ](?:openstaande[ ]|nieuwe[ ]|open[ ])?(?:vacatures|functies|posities|collega['’]s|medewerkers)\b(?P<rest>[^.!?\n]{0,60})",
    r"^(?:(?:momenteel|op[ ]dit[ ]moment)[ ])?(?:wij|we)?[ ]?(?:werven|nemen)[ ](?:(?:wij|we)[ ])?(?:momenteel[ ]|op[ ]dit[ ]moment[ ])?(?:niet|geen[ ]nieuwe[ ]medewerkers|niemand)\b(?P<rest>[^.!?\n]{0,40})",
)
_BARE_NO_OPENINGS = (
    rf"^(?:unfortunately,?[ ]|sorry,?[ ])?(?P<first>(?:{_NOW}),?[ ])?no[ ](?:(?:open|current|vacant|available|new|job)[ ]){{0,2}}(?:positions?|roles?|jobs?|vacancies|openings?|vacancy)(?:[ ](?:are[ ])?(?:currently[ ])?(?:available|open|vacant))?(?P<last>[ ](?:{_NOW}))?[ ]*[.!]?$",
    r"^(?:leider[ ])?(?P<first>(?:derzeit|aktuell|zurzeit|momentan|im[ ]moment)[ ])?(?:leider[ ])?keine[ ](?:offenen?|freien?|vakanten)[ ](?:Stellen|Positionen|Vakanzen)(?P<last>[ ](?:derzeit|aktuell|zurzeit|momentan|im[ ]Moment))?(?:[ ](?:vorhanden|verfügbar))?[ ]*[.!]?$",
    r"^(?P<first>(?:actuellement|pour[ ]le[ ]moment|en[ ]ce[ ]moment),?[ ])?(?:aucun[ ]poste|aucune[ ]offre(?:[ ]d['’]emploi)?)(?:[ ](?:ouverte?|à[ ]pourvoir|disponible))?(?P<last>[ ](?:actuellement|pour[ ]le[ ]moment|en[ ]ce[ ]moment))?[ ]*[.!]?$",
    r"^(?P<first>(?:actualmente|en[ ]este[ ]momento|por[ ]el[ ]momento|de[ ]momento),?[ ])?(?:ning(?:una|ún)[ ](?:vacante|puesto)|sin[ ](?:vacantes|puestos|ofertas))(?:[ ](?:abiert[ao]s?|disponibles?))?(?P<last>[ ](?:actualmente|en[ ]este[ ]momento|por[ ](?:el[ ]momento|ahora)|de[ ]momento))?[ ]*[.!]?$",
    r"^(?P<first>(?:momenteel|op[ ]dit[ ]moment|helaas)[ ])?geen[ ](?:open(?:staande)?[ ])?(?:vacatures|functies)(?P<last>[ ](?:momenteel|op[ ]dit[ ]moment))?(?:[ ](?:beschikbaar|open))?[ ]*[.!]?$",
)
"""Without a verb: "No open positions at the moment." A word of the present makes it more than an empty list."""
_A_SEARCH = re.compile(
    r"\b(?:match\w*|criteri\w+|search\w*|filter\w*|select\w*|found|location|locations|office|department|category|team|country|region|your|this|these|that|in[ ](?!the[ ]moment|diesem|questo|deze)[A-Z]\w+|for[ ](?!now|the[ ]moment)\w+|suche\w*|auswahl|filtern?|corresponden\w*|correspond\w*|recherche|búsqueda|coinciden|zoek\w*|gevonden)\b",
    _I,
)
"""Behind "no open positions": the empty result of a search, or one place or team that has none."""

_GOES_ON = re.compile(
    r"\s*(?:$|[.,;:!(–—-]|(?:at[ ](?:present|the[ ]moment|this)|right[ ]now|currently|presently|for[ ]now|just[ ]now|today|as[ ]of|yet|available|open|but|and|so|please|en[ ]ce[ ]moment|actuellement|pour[ ](?:le[ ]moment|l['’]instant)|en[ ]este[ ]momento|actualmente"
    r"|por[ ](?:el[ ]momento|ahora)|ahora|de[ ]momento|disponibles?|abiert[ao]s?|derzeit|aktuell|zurzeit|momentan|im[ ]moment|zu[ ]besetzen|frei|offen|ausgeschrieben|momenteel|op[ ]dit[ ]moment|nu|beschikbaar|open|ouverts?|à[ ]pourvoir|vacantes?|und|et|y|en|aber|mais|pero|maar)\b)",
    _I,
)
"""How such a sentence may go on: "not hiring at the moment" is all of it, "not hiring remote staff" is not."""

_API_WORDS = ("api",)
_API = r"(?:(?:public|open|REST(?:ful)?|developer|external|öffentlichen?|offenen?|openbare|publieke)[ -]){0,2}API\b"
_NO_API = (
    rf"\b(?:we|{{us}})[ ](?:do(?:es)?[ ]not|don['’]t|doesn['’]t)[ ](?:currently[ ]|yet[ ])?(?:have|offer|provide|publish)[ ](?:an?|any)[ ]{_API}(?![ ](?:key|call|for|in|that|which))",
    rf"\b(?:there[ ](?:is|['’]s)|we[ ]have|we[ ]offer|{{us}}[ ](?:has|offers))[ ](?:currently[ ]|as[ ]yet[ ])?no[ ]{_API}(?![ ](?:key|call|limit|fee|for|in|that|which))",
    r"^no[ ](?:public|open|REST)[ ]API\b(?:[ ](?:yet|so[ ]far|at[ ]present|at[ ]the[ ]moment))?[ ]*[.!]?$",
    rf"\b(?:es[ ]gibt|wir[ ](?:haben|bieten)|{{us}}[ ](?:hat|bietet)|gibt[ ]es|bieten[ ]wir|haben[ ]wir)[ ](?:derzeit[ ]|aktuell[ ]|noch[ ]|bislang[ ])?keine[ ]{_API}",
    rf"^(?:eine[ ])?{_API}[ ](?:bieten[ ]wir|haben[ ]wir|gibt[ ]es|bietet[ ]{{us}}|hat[ ]{{us}})[ ](?:(?:derzeit|aktuell|noch|bislang|bei[ ]uns)[ ])*nicht\b",
    r"\b(?:nous[ ]n['’](?:avons|offrons)|nous[ ]ne[ ](?:proposons|fournissons)|{us}[ ](?:n['’](?:a|offre)|ne[ ](?:propose|fournit|dispose))|il[ ]n['’]y[ ]a|il[ ]n['’]existe)[ ](?:actuellement[ ]|encore[ ])?(?:pas|aucune)[ ](?:encore[ ])?(?:d['’])?API(?:[ ](?:publique|ouverte|REST))?\b",
    r"\b(?:no[ ](?:hay|tenemos|ofrecemos|existe|disponemos[ ]de)|{us}[ ]no[ ](?:ofrece|tiene|dispone[ ]de))[ ](?:(?:una|ninguna)[ ])?API(?:[ ](?:pública|abierta|REST))?\b",
    rf"\b(?:er[ ]is|wij[ ](?:hebben|bieden)|we[ ](?:hebben|bieden)|{{us}}[ ](?:heeft|biedt)|hebben[ ]we|bieden[ ]we)[ ](?:momenteel[ ]|nog[ ])?geen[ ]{_API}",
    rf"^(?:een[ ])?{_API}[ ](?:is[ ]er|hebben[ ](?:wij|we)|bieden[ ](?:wij|we)|heeft[ ]{{us}})[ ](?:(?:nog|momenteel)[ ])*niet\b",
)

_PLANNED = re.compile(
    r"\b(?:in[ ]progress|under[ ]way|underway|planned|plan(?:s|ning)?|working[ ]towards?|pursuing|expect\w*|soon|preparing|roadmap|aim\w*|läuft|geplant|in[ ]vorbereitung|streben|anstreben|arbeiten[ ]an|en[ ]cours|prévu\w*|visons|préparons"
    r"|en[ ]curso|en[ ]proceso|previst\w+|trabajamos|in[ ]voorbereiding|gepland|werken[ ]aan|bezig|your|you|customers?|clients?|kunden|klanten|clientes)\b",
    _I,
)
_CERT = "\ue000"
"""Stands for the certificate's name, however it is written."""
_NO_CERTIFICATE = (
    r"(?:\b(?:we|{us})[ ](?:are|['’]re|is)[ ]not[ ](?:yet[ ]|currently[ ])?{cert}[ ](?:certified|attested|compliant|accredited))",
    r"(?:\b(?:we|{us})[ ](?:are|['’]re|is)[ ]not[ ](?:yet[ ]|currently[ ])?(?:certified|attested|accredited)[ ](?:to|for|under|against|according[ ]to|as)[ ]{cert})",
    r"(?:\b(?:we|{us})[ ](?:(?:do|does)[ ]not|don['’]t|doesn['’]t)[ ](?:yet[ ]|currently[ ])?(?:have|hold)[ ](?:an?[ ]|any[ ])?{cert}(?!\w))",
    r"(?:\b(?:wir[ ]sind|{us}[ ]ist)[ ](?:derzeit[ ]|noch[ ]|bislang[ ]|bisher[ ])*nicht[ ](?:nach[ ]|gemäß[ ])?{cert}[ -]?zertifiziert)",
    r"(?:^(?:eine?[ ])?{cert}(?:-|[ ])?(?:zertifizierung|zertifikat)[ ](?:haben[ ]wir|besitzen[ ]wir|hat[ ]{us}|besitzt[ ]{us}|liegt[ ](?:bei[ ]uns[ ])?)[ ]?(?:(?:derzeit|noch|bislang|bisher)[ ])*nicht\b)",
    r"(?:\b(?:wir[ ](?:haben|besitzen)|{us}[ ](?:hat|besitzt))[ ](?:derzeit[ ]|noch[ ]|bislang[ ])?(?:keine?|kein)[ ]{cert}(?:-|[ ])?(?:zertifizierung|zertifikat)\b)",
    r"(?:\b(?:nous[ ]ne[ ]sommes|{us}[ ]n['’]est)[ ](?:pas|pas[ ]encore)[ ](?:encore[ ])?certifiée?s?[ ]{cert})",
    r"(?:\b(?:nous[ ](?:n['’]avons|ne[ ](?:détenons|possédons))|{us}[ ](?:n['’]a|ne[ ](?:détient|possède)))[ ](?:pas|pas[ ]encore)[ ](?:encore[ ])?(?:la[ ]|de[ ])?certification[ ]{cert})",
    r"(?:\bno[ ]estamos[ ](?:aún[ ]|todavía[ ])?certificad[oa]s[ ](?:(?:según|en|con|bajo)[ ](?:la[ ]|el[ ])?(?:norma[ ])?)?{cert})",
    r"(?:\b(?:no[ ]tenemos|{us}[ ]no[ ](?:tiene|posee|cuenta[ ]con|está[ ]certificad[oa][ ](?:según|en|con)?))[ ](?:aún[ ]|todavía[ ])?(?:la[ ])?(?:certificación[ ])?{cert})",
    r"(?:\b(?:wij[ ]zijn|we[ ]zijn|{us}[ ]is)[ ](?:nog[ ])?niet[ ](?:volgens[ ])?{cert}[ -]?gecertificeerd)",
    r"(?:\b(?:wij[ ](?:hebben|bezitten)|we[ ](?:hebben|bezitten)|{us}[ ](?:heeft|bezit))[ ](?:nog[ ])?geen[ ]{cert}(?:-|[ ])?(?:certificaat|certificering)\b)",
)
_DENYING = (
    " no",
    "no ",
    "n't",
    "n’t",
    "kein",
    "niemand",
    "nicht",
    "pas",
    "aucun",
    "geen",
    "niet",
    "ningun",
    "sin ",
    "ningún",
)
_LONGEST = 240


def read_denials(reading: Reading) -> Iterator[Claim]:
    """Yield what the account's own pages say it has not."""
    if not reading.is_own_page or reading.document.purpose == "press":
        return
    denying = tuple(word for word in _DENYING if word in reading.lowered)
    for sentence in reading.sentences if denying else ():
        lowered = reading.lowered_of(sentence)
        if sentence.end - sentence.start > _LONGEST or not holds(denying, lowered):
            continue
        text = reading.slice(sentence)
        if text.endswith("?") or reading.is_quotation(sentence):
            continue
        if reading.document.purpose == "careers" and holds(_CAREERS_WORDS, lowered):
            yield from _openings(reading, sentence, text)
        if holds(_API_WORDS, lowered):
            yield from _api(reading, sentence, text)
        yield from _certificates(reading, sentence, text)


def _openings(reading: Reading, sentence: Span, text: str) -> Iterator[Claim]:
    if _says_no_openings(reading, text) or (_is_bare_denial(text) and not _is_of_one_team(reading, sentence)):
        nothing: JsonValue = {"department": "other", "seniority": None, "title": None, "count": 0}
        yield from reading.claim("no_openings@1", "hiring", nothing, sentence, denies=True)


def _says_no_openings(reading: Reading, text: str) -> bool:
    for pattern in _compiled(_NO_OPENINGS, _us(reading)):
        match = pattern.search(text)
        if match is not None and _GOES_ON.match(match["rest"]) and not _A_SEARCH.search(match["rest"]):
            return True
    return False


def _is_bare_denial(text: str) -> bool:
    found = next((match for each in _compiled(_BARE_NO_OPENINGS, "") if (match := each.match(text))), None)
    return found is not None and bool(found["first"] or found["last"])


def _is_of_one_team(reading: Reading, sentence: Span) -> bool:
    """Tell whether a bare "No open positions at the moment" stands under a team or place, or is said twice."""
    said = [each for each in reading.sentences if _is_bare_denial(reading.slice(each))]
    above = reading.text[: sentence.start].rstrip().rpartition("\n")[2].strip()
    heads = 0 < len(above.split()) <= 4 and not above.endswith((".", "!", "?"))
    return len(said) > 1 or (
        heads and not holds((*_CAREERS_WORDS, "career", "karriere", "carri"), above.lower())
    )


def _api(reading: Reading, sentence: Span, text: str) -> Iterator[Claim]:
    for pattern in _compiled(_NO_API, _us(reading)):
        if pattern.search(text) is not None:
            yield from reading.claim("no_api@1", "api_offered", True, sentence, denies=True)
            return


def _us(reading: Reading) -> str:
    """Return a pattern of the account's names."""
    return "|".join(re.escape(each) for each in reading.identity.names[:6]) or "\0"


def _certificates(reading: Reading, sentence: Span, text: str) -> Iterator[Claim]:
    for match in CERTIFICATIONS.finditer(text):
        if _PLANNED.search(text):
            return
        name = canonical_term("certification", clean_certification(match["name"]))
        masked = text[: match.start("name")] + _CERT + text[match.end("name") :]
        told = any(pattern.search(masked) for pattern in _compiled(_NO_CERTIFICATE, _us(reading)))
        if name is not None and told:
            yield from reading.claim("no_certificate@1", "certification", name, sentence, denies=True)


@lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...], us: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(pattern.replace("{us}", f"(?:{us})").replace("{cert}", _CERT), _I) for pattern in patterns
    )
