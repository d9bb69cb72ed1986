"""What a question and its short answer say together: "How many people work here?" – "Around 120."

The answer alone says nothing and the question nothing at all; the quote is both. Longer answers are sentences of
their own, which the other rules read. Only questions about the account count, and only plain answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agent.canonical.employees import SIZE, parse_size
from agent.canonical.place import parse_place
from agent.canonical.terms import canonical_term
from agent.extraction.rules.certifications import CERTIFICATIONS, clean_certification
from agent.extraction.rules.reading import Reading
from agent.grounding.questions import Answer, is_question, opening_of, without_label
from agent.grounding.sentences import Span
from agent.models import Claim
from tools.technographics.mentions import find_mentions

_I = re.IGNORECASE
_RULE = "answer@1"
_LONGEST_QUESTION = 160
_LONGEST_ANSWER = 140
_TO_US = re.compile(
    r"\b(?:you|your|the\s+(?:company|team|firm|business)|sie|ihr\w{0,2}|euch|euer|eure\w?|bei\s+(?:euch|ihnen)|das\s+(?:team|unternehmen)|die\s+firma"
    r"|vous|votre|vos|l['’](?:équipe|entreprise|effectif)|la\s+société|usted(?:es)?|vosotros|vuestr\w+|su|tenéis|tienen|tienes|el\s+equipo|la\s+(?:empresa|plantilla)"
    r"|jullie|u|uw|het\s+(?:team|bedrijf)|voi|vostr\w+|siete|avete|l['’]azienda|il\s+team|vocês|a\s+empresa|o\s+time|there|hay|gibt\s+es|y\s+a-t-il|is\s+er|zijn\s+er|c['’]è)\b",
    _I,
)
_SIZE_ASKED = re.compile(
    r"\bhow\s+many\s+(?:people|employees|staff|colleagues|team\s+members|of\s+you)\s+(?:work|are\b(?!\s+(?:allowed|needed))|make\s+up|do(?:es)?\s+\S+(?:\s\S+){0,3}\s+(?:have|employ))"
    r"|\bhow\s+(?:big|large)\s+is\s+(?!the\s+(?:file|app|market|data|risk))|\bwhat(?:['’]s|\s+is)\s+(?:your|the)\s+(?:headcount|team\s+size|company\s+size)"
    r"|\bwie\s+viele\s+(?:menschen|personen|leute|mitarbeit\w+|beschäftigte|kolleg\w+|köpfe)\s+(?:arbeiten|sind|hat|haben|zählt|beschäftig\w+)|\bwie\s+groß\s+ist\b"
    r"|\bcombien\s+(?:êtes-vous|(?:de\s+|d['’])(?:personnes|salariés|collaborateurs|employés)\s+(?:travaillent|compte|avez|emploi\w+|y\s+a|êtes))|\bquel(?:le)?\s+est\s+(?:votre\s+effectif|l['’]effectif|la\s+taille\s+de\s+(?:votre|l['’])\s?(?:équipe|entreprise))"
    r"|\bcuánt[oa]s\s+(?:personas|empleados|trabajadores|sois|son)\b(?!\s+(?:pueden|puedo|necesit))|\bqué\s+tamaño\s+tiene\s+(?:el\s+equipo|la\s+empresa)"
    r"|\bhoeveel\s+(?:mensen|medewerkers|werknemers|collega['’]s)\s+(?:werken|heeft|hebben|zijn|telt)|\bhoe\s+groot\s+is\b"
    r"|\bquant[ei]\s+(?:persone|dipendenti)\s+(?:lavorano|avete|ha|siete)|\bquant[oa]s\s+(?:pessoas|funcionários)\s+(?:trabalham|têm|tem|a)\b",
    _I,
)
_NOT_SIZE = re.compile(
    r"\b(?:users?|seats?|customers?|clients?|plans?|accounts?|workspace|nutzer|kunden|utilisateurs|usuarios|clientes|gebruikers|klanten|market|markt|marché|mercado)\b",
    _I,
)
_SIZE_ANSWER = re.compile(
    rf"^(?:[^\W\d_][\w'’-]*,?[ ]){{0,4}}?(?P<size>{SIZE})"
    r"(?=\s*(?:$|[.,;!()–—-])|\s+(?:of\s+us|people|persons|employees|staff|colleagues|team\s+members|in|across|spread|worldwide|and|with|today|mitarbeit\w+|beschäftigte|menschen|personen"
    r"|leute|kolleg\w+|weltweit|an|auf|personnes|salariés|collaborateurs|employés|dans|personas|empleados|trabajadores|repartid\w+|en|mensen|medewerkers|collega['’]s|verspreid|persone|dipendenti|pessoas|funcionários|environ|ungefähr|ongeveer|aproximadamente)\b)",
    _I,
)
_FOUNDING_ASKED = re.compile(
    r"\b(?:when|what\s+year|which\s+year)\b[^?]{0,60}\b(?:founded|established|started|start|set\s+up|created|formed)\b|\bhow\s+long\s+has\b[^?]{0,60}\b(?:around|in\s+business|existed)\b|\bhow\s+long\s+have\s+you\b[^?]{0,30}\b(?:around|in\s+business)\b"
    r"|\bwann\b[^?]{0,60}\bgegründet|\bseit\s+wann\s+(?:gibt\s+es|besteht|existiert)|\bquand\b[^?]{0,60}\b(?:fondée?|créée?)|\bdepuis\s+quand\b[^?]{0,40}\bexist"
    r"|\bcuándo\s+(?:se\s+)?(?:fundó|nació|fue\s+fundad[oa])|\bdesde\s+cuándo\b[^?]{0,30}\bexist|\ben\s+qué\s+año\b[^?]{0,30}\b(?:fund|nac)"
    r"|\bwanneer\b[^?]{0,60}\bopgericht|\bsinds\s+wanneer\s+bestaa|\bquando\b[^?]{0,60}\b(?:fondata|nata|fundada)",
    _I,
)
_YEAR_ANSWER = re.compile(r"^(?:[^\W\d_][\w'’-]*,?[ ]){0,5}?(?P<year>(?:18|19|20)[0-9]{2})\b(?!\s?[%€$])", _I)
_SEAT_ASKED = re.compile(
    r"\bwhere\s+(?:is|are)\b[^?]{0,60}\b(?:based|located|headquartered|head\s?quarters|head\s+office)\b|\bwo\b[^?]{0,50}\b(?:hauptsitz|firmensitz|sitz|ansässig|zentrale)\b"
    r"|\boù\b[^?]{0,50}\b(?:siège|basée?s?|domiciliée?)\b|\bdónde\b[^?]{0,50}\b(?:sede|ubicad\w+)\b|\bwaar\b[^?]{0,50}\b(?:gevestigd|hoofdkantoor)\b|\bdove\b[^?]{0,50}\bsede\b|\bonde\b[^?]{0,50}\bsede\b",
    _I,
)
_NOT_SEAT = re.compile(
    r"\b(?:data|servers?|hosted|stored|factor\w+|warehouses?|produced|daten\w*|server\w*|données|serveurs?|datos|servidores|gegevens)\b",
    _I,
)
_SEAT_ANSWER = re.compile(
    r"^(?:(?:we(?:['’]re|\s+are)|our\s+head\s+office\s+is|in|at|wir\s+sitzen|unser\s+hauptsitz\s+ist|nous\s+sommes|notre\s+siège\s+est|en|à|a|nuestra\s+sede\s+está|em|(?:based|located)\s+in)\s+){0,3}(?P<place>[A-ZÀ-ÞŁŚŻİ][^.;!?\n]{2,70})[.!]?$",
    _I,
)
_CERTIFIED_ASKED = re.compile(
    r"\b(?:certif\w+|compliant|accredited|audited|attested|report|zertifi\w+|gecertificeerd|hold|halten)\b",
    _I,
)
_API_ASKED = re.compile(
    r"\b(?:is\s+there|do\s+you|does\s+\S+|have\s+you|gibt\s+es|haben\s+sie|habt\s+ihr|hat\s+\S+|bieten\s+sie|bietet\s+\S+|y\s+a-t-il|avez-vous|proposez-vous|hay|tenéis|tienen|tienes?|ofrece[ns]?|is\s+er|hebben\s+jullie|heeft\s+\S+|bieden\s+jullie|biedt\s+\S+|c['’]è|avete|há|têm)"
    r"\s+(?:(?:have|offer|provide|also|already|eine?|une|un[ao]?|uma|an?|een|die|la|the|öffentliche|offene|public|open|openbare|publieke)\s+){0,4}(?:REST(?:ful)?[ -])?API(?:\s+(?:REST|publique|ouverte|pública|abierta|pubblica|aberta))?\s*\?",
    _I,
)
_JOIN_ASKED = re.compile(
    r"\b(?:integrat\w*|connect(?:s|or|ors|ion)?|syncs?|anbind\w+|anbindung|schnittstelle|integrier\w+|s['’]intègre|intégr\w+|connecteur|conector|integra\w*|conecta\w*|koppel\w*|koppeling|connettore)\b",
    _I,
)
_PENDING = re.compile(
    r"\b(?:in\s+progress|working\s+(?:on|towards?)|plan(?:s|ned|ning)?|soon|expect\w*|will|by\s+20[0-9]{2}|underway|roadmap|upcoming|beta|in\s+arbeit|geplant|bald|demnächst|en\s+cours|prévue?|bientôt|en\s+proceso|previst[oa]|pronto|gepland|binnenkort|in\s+corso|em\s+andamento)\b",
    _I,
)
_OTHER_HOLDER = re.compile(
    r"\b(?:data\s?cent(?:er|re)s?|host(?:ing|er)?|providers?|suppliers?|AWS|Azure|Google\s+Cloud|rechenzentr\w+|hébergeur|centros?\s+de\s+datos|proveedor\w*|datacenters?)\b",
    _I,
)


class _Pair(NamedTuple):
    asked: str
    said: str
    span: Span
    opening: Answer

    @property
    def denies(self) -> bool:
        """Whether the answer is no."""
        return self.opening == "no"


def read_answers(reading: Reading) -> Iterator[Claim]:
    """Yield size, founding year, seat, certifications, API and integrations from questions with a short answer."""
    if not reading.is_own_page or "?" not in reading.text:
        return
    for pair in _pairs(reading):
        if not (_TO_US.search(pair.asked) or reading.identity.is_mentioned(pair.asked)):
            continue
        yield from _size(reading, pair)
        yield from _founding(reading, pair)
        yield from _seat(reading, pair)
        if pair.opening != "open":
            yield from _certification(reading, pair)
            yield from _api(reading, pair)
            yield from _integration(reading, pair)


def _pairs(reading: Reading) -> Iterator[_Pair]:
    """Yield each question with the sentence that follows it; signs of an accordion between them are skipped."""
    sentences = reading.sentences
    for number, question in enumerate(sentences[:-1]):
        asked = reading.slice(question)
        if not asked.endswith("?") or len(asked) > _LONGEST_QUESTION:
            continue
        following = sentences[number + 1 : number + 3]
        answer = next(
            (each for each in following if len(reading.slice(each)) > 2 or each is following[-1]), None
        )
        if answer is None:
            continue
        said = reading.slice(answer)
        opening = opening_of(said)
        if (
            len(said) <= _LONGEST_ANSWER
            and not said.endswith("?")
            and (opening != "open" or is_question(asked))
        ):
            yield _Pair(asked, without_label(said), Span(question.start, answer.end), opening)


def _size(reading: Reading, pair: _Pair) -> Iterator[Claim]:
    if not _SIZE_ASKED.search(pair.asked) or _NOT_SIZE.search(f"{pair.asked}\n{pair.said}"):
        return
    match = _SIZE_ANSWER.match(pair.said)
    if match is None or re.search(r"[0-9]", pair.said[match.end() :]):
        return
    size = parse_size(" ".join(match["size"].split()))
    if size is not None and size.high >= 2 and not 1900 <= size.low == size.high <= 2100:
        value = {"exact": size.exact, "low": size.low, "high": size.high}
        yield from reading.claim(_RULE, "employee_count", dict(value), pair.span)


def _founding(reading: Reading, pair: _Pair) -> Iterator[Claim]:
    match = _YEAR_ANSWER.match(pair.said) if _FOUNDING_ASKED.search(pair.asked) else None
    if match is None or re.search(r"[0-9]", pair.said[match.end() :]):
        return
    if int(match["year"]) <= reading.document.fetched_at.year:
        yield from reading.claim(_RULE, "founded_year", int(match["year"]), pair.span)


def _seat(reading: Reading, pair: _Pair) -> Iterator[Claim]:
    if not _SEAT_ASKED.search(pair.asked) or _NOT_SEAT.search(pair.asked):
        return
    match = _SEAT_ANSWER.match(pair.said)
    place = parse_place(match["place"].strip()) if match else None
    if place is not None and (place.city or place.country):
        value = {"city": place.city, "region": place.region, "country": place.country}
        yield from reading.claim(_RULE, "headquarters", dict(value), pair.span)


def _certification(reading: Reading, pair: _Pair) -> Iterator[Claim]:
    names = list(CERTIFICATIONS.finditer(pair.asked))
    if len(names) != 1 or not _CERTIFIED_ASKED.search(pair.asked) or not _is_plain(pair):
        return
    name = canonical_term("certification", clean_certification(names[0]["name"]))
    if name is not None:
        yield from reading.claim(_RULE, "certification", name, pair.span, denies=pair.denies)


def _api(reading: Reading, pair: _Pair) -> Iterator[Claim]:
    if _API_ASKED.search(pair.asked) and _is_plain(pair):
        yield from reading.claim(_RULE, "api_offered", True, pair.span, denies=pair.denies)


def _integration(reading: Reading, pair: _Pair) -> Iterator[Claim]:
    mentions = find_mentions(pair.asked)
    if len(mentions) != 1 or not _JOIN_ASKED.search(pair.asked) or not _is_plain(pair):
        return
    product = mentions[0].product
    if product.belongs_to(reading.account.domains):
        return
    value = {"product": product.name, "category": product.category, "relation": "integrates_with"}
    yield from reading.claim(_RULE, "technology", dict(value), pair.span, denies=pair.denies)


def _is_plain(pair: _Pair) -> bool:
    """Say whether the answer is a plain yes or no: what is only planned, or somebody else's, is neither."""
    if _OTHER_HOLDER.search(pair.said):
        return False
    return pair.denies or _PENDING.search(pair.said) is None
