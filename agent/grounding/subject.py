"""Decide whether a sentence is about the account or about somebody else.

Two questions in turn: does the sentence's frame put the value with somebody else ("customers like X have …",
"helps teams of 500", a testimonial); is the grammatical subject a proper name that is not the account's. Closed word lists; no model.
"""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

import re

from agent.grounding.grammar import clause_around
from agent.grounding.identity import Identity, bare_letters
from agent.grounding.sections import whose_section
from agent.grounding.sentences import Span
from agent.models import SourceDocument

_I = re.IGNORECASE

ABOUT_THE_COMPANY = frozenset(
    (
        "name industry sub_industry employee_count revenue growth_rate founded_year headquarters "
        "operating_region ownership funding_stage funding_round total_funding technology hiring layoffs "
        "certification api_offered business_model organisation_department parent subsidiary"
    ).split()
)
_FIRST_PERSON = re.compile(
    r"\b(?:we|our|ours|us|wir|unser\w{0,2}|uns|nous|notre|nos|nosotros|nuestr[oa]s?|somos|contamos|tenemos|nós|nosso|nossa"
    r"|nossos|temos|noi|nostr[oaie]|siamo|abbiamo|wij|onze|ons|\w{3,24}(?:amos|emos|imos|iamo))\b|[我弊当]们?|我们|弊社|当社|私たち|우리",
    _I,
)
_THE_COMPANY = re.compile(
    r"\b(?:the\s+(?:company|firm|startup|start-up|group|business|team)|das\s+unternehmen|die\s+firma|l'entreprise|la\s+société"
    r"|la\s+empresa|la\s+compañía|l'azienda|a\s+empresa|het\s+bedrijf)\b",
    _I,
)
_OTHERS = (
    r"(?:customers?|clients?|compan(?:y|ies)|business(?:es)?|organi[sz]ations?|teams|firms?|enterprises?|brands|users?"
    r"|agenc(?:y|ies)|startups?|employers?|groups|corporations|smbs?|smes?|schools|hospitals|retailers|manufacturers|providers|institutions"
    r"|kunden|unternehmen|firmen|entreprises|clients|équipes|empresas|clientes|equipos|aziende|clienti|bedrijven|klanten)"
)
_FRAME_OF_OTHERS = re.compile(
    rf"\b{_OTHERS}\b(?:\s+[\w-]+){{0,3}}?\s+(?:of|with|that\s+(?:have|has|had|employs?|use[sd]?)|having|between|from|over|under"
    r"|more\s+than|fewer\s+than|less\s+than|employing|mit|avec|con|com|van|met|de)\s"
    rf"|\b{_OTHERS}\b[^.]{{0,60}}?\b(?:like|such\s+as|including|includes?|wie|comme|como|come|zoals)\b"
    rf"|\b(?:our|their|your|its|these|many|most|some|one\s+of\s+our|one|a|any|every|each)\s+(?:[\w-]+\s+){{0,2}}?"
    r"(?:customers?|clients?|partners?|users?|suppliers?|competitors?|investors?|vendors?|parent(?:\s+company)?|acquirers?)\b"
    r"|\b(?:trusted|used|loved|chosen|adopted|relied\s+(?:up)?on|backed)\s+by\b"
    r"|\b(?:your|yours|you're|you)\b|\bihre?[nmrs]?\b|\bvotre\b|\bvos\b|\bsu\s+equipo\b"
    r"|\b(?:parent|sister|holding)\s+company\b|\bmuttergesellschaft\b|\b(?:competitors?|rivals?)\b",
    _I,
)
_READER = re.compile(r"your|yours|you're|you|ihre?[nmrs]?|votre|vos|su\s+equipo", _I)
_DEAL = re.compile(
    r"\b(?:acqui(?:res?|red|ring|sition)|takes?[ ]over|took[ ]over|takeover|merg(?:es?|ed|er)|partner(?:s|ed|ship)?[ ]with|partnership|teams?[ ]up|joins?[ ]forces|buys|bought"
    r"|übern(?:immt|ommen|ahme)|kauft|Zusammenarbeit|Partnerschaft|kooperier\w*|rach[eè]t\w*|rachat|acquiert|partenariat|adquier\w*|adquisición|alianza|acuerdo[ ]con"
    r"|overname|overgenomen|neemt[ ][^.\n]{1,60}[ ]over|samenwerk\w*|gaan[ ]samenwerken|partnerschap|acquis(?:isce|ta|izione)|rileva|parceria)\b",
    re.IGNORECASE,
)
_COMPANY_WITH = re.compile(
    r"\b(?:we\s+are|we're|is|are|as)\s+an?\s+(?:[\w-]+\s+){0,4}?(?:company|business|firm|team|startup)", _I
)
_REACH = re.compile(
    r"\b(?:help(?:s|ed|ing)?|enabl(?:e|es|ed|ing)|empower(?:s|ed|ing)?|support(?:s|ed|ing)?|serv(?:e|es|ed|ing)|by|for"
    r"|(?<!to )reach(?:es|ed|ing)?|pay(?:s|ing)?|manag(?:e|es|ed|ing)|onboard(?:s|ed|ing)?|train(?:s|ed|ing)?|protect(?:s|ed|ing)?"
    r"|insur(?:e|es|ed|ing)|cover(?:s|ed|ing)?|engag(?:e|es|ed|ing)|surveyed|interviewed|connect(?:s|ed|ing)?|für|pour|para|per"
    r"|voor|von|par|por|da)\s+(?:[\w'-]+\s+){0,3}$",
    _I,
)
_TEAM_OF = re.compile(
    r"\b(?:team|staff|workforce|headcount|crew|group|family|belegschaft|équipe|equipo|squadra|equipe)\s+(?:of|von|de|di)\s+(?:[\w'-]+\s+){0,2}$",
    _I,
)
_PAST_LIVES = re.compile(
    r"\b(?:he|she|his|her|him)\b|\b(?:prior\s+to|before)\s+(?:joining|founding)\b|\bpreviously\s+at\b", _I
)
_VERB = (
    r"(?:has|have|had|is|are|was|were|employs?|employed|raises|raised|secure[sd]|closed|uses?|used|runs|ran|announce[sd]"
    r"|acquire[sd]|launche[sd]|opened|opens|hires|hired|operates|operated|generate[sd]|makes|made|reported|reports|grew|boasts"
    r"|counts|relies|migrated|switched|moved|selected|chose|adopted|deployed|started|began|ha|hat|beschäftigt|nutzt|zählt|emploie"
    r"|compte|utilise|tiene|cuenta|utiliza|emplea|conta|impiega|tem|emprega|heeft|telt|gebruikt)"
)
_WORD = r"[A-ZÀ-ÖØ-Þ][\w&'.+-]*"
_NAMED_SUBJECT = re.compile(
    rf"(?P<name>{_WORD}(?:\s+(?:{_WORD}|&|of|de|and)){{0,5}}?)(?P<apposition>,[^,.;]{{2,120}},)?\s+(?:\w+ly\s+|now\s+|currently\s+|also\s+|already\s+)?"
    rf"(?:{_VERB})\b"
)
_APPOSITION = re.compile(
    rf"(?P<name>{_WORD}(?:\s+{_WORD}){{0,4}})\s*,\s+(?:an?|the)\s+(?:[\w-]+\s+){{0,8}}?"
    r"(?:company|firm|provider|startup|start-up|retailer|manufacturer|bank|agency|brand|platform|group|maker|business|organi[sz]ation|insurer|carrier)\b"
)
_NAMESAKE = re.compile(
    r"\b(?:no(?:t)?\s+(?:affiliat\w+|relat\w+|connect\w+|associat\w+|part\s+of)|unrelated|unaffiliated|no\s+(?:relation|connection|affiliation|link)|nothing\s+to\s+do\s+with"
    r"|not\s+to\s+be\s+confused|nichts\s+mit\s+\w+\s+zu\s+tun|keine(?:rlei)?\s+verbindung|nicht\s+zu\s+verwechseln|(?:aucun|pas\s+de)\s+(?:lien|rapport)|rien\s+à\s+voir|ne\s+pas\s+confondre"
    r"|nada\s+que\s+ver|ning(?:una|ún)\s+(?:relación|vínculo)|no\s+confundir|niets\s+te\s+maken|geen\s+(?:band|relatie|verband)|niet\s+te\s+verwarren|nulla\s+a\s+che\s+(?:fare|vedere)"
    r"|nessun\s+legame|nada\s+a\s+ver|nenhuma\s+(?:relação|ligação))\b",
    _I,
)
_LINKED = (
    r"which|who|whose|die|der|das|deren|dessen|dat|wier|qui|dont|que|cuy[oa]s?|che|cujo|cuja|founded|established|formed|headquartered|gegründet|fondée?|créée?|fundad[oa]|cread[oa]"
    r"|fondat[oa]|criad[oa]|opgericht|employing|with|mit|avec|con|met|com|une?\s+(?:société|entreprise|groupe)|una\s+(?:empresa|compañía|azienda|società)|société|entreprise|empresa|een\s+bedrijf"
    r"|an?\s+(?:[\w-]+\s+){0,4}(?:company|firm|business|group|startup|start-up|specialist|provider|maker)"
)
_ATTACHED = re.compile(
    rf"(?P<name>{_WORD}(?:\s+(?:{_WORD}|&|of|de|and)){{0,4}})(?:\s+(?i:übernommen|gekauft|erworben|overgenomen|gekocht))?(?:\s*,\s*(?P<link>{_LINKED})\b|\s+(?:that|who|which|qui|que|die|che)\s+(?=(?:has|have|had|employ|counts?|emplo|beschäft|hat|cuenta|tiene|compte|telt|heeft|impiega|conta|emprega|tem)))(?:[^,;()]|(?<=\d),(?=\d)){{0,80}}$"
)
_BRACKETED = re.compile(rf"(?P<name>{_WORD}(?:\s+(?:{_WORD}|&|of|de|and)){{0,4}})\s*\([^()]{{0,80}}$")
_ATTACHABLE = frozenset(
    "employee_count founded_year headquarters revenue ownership funding_stage funding_round total_funding parent".split()
)
_COMMON_OPENERS = frozenset(
    (
        "a about after all also although an and approximately around as at based because before both but by "
        "company currently de der die das den des each employees established every everybody everyone few "
        "five following for formed founded four from group growth half he headcount headquartered "
        "headquarters her here his hq hundreds if in incorporated it its la le les el los las lo il un una "
        "une last launched leadership located management many members more most much my nearly ninety no "
        "nobody not now of office offices on once one only operations opened originally our ours over "
        "overall people profit product recently revenue revenues roughly sales salaries second seven several "
        "she since six so some staff started still team teams ten that the their them then there these they "
        "thirty this those thousands three to today together total twelve twenty two unser unsere under "
        "until up us we what when where which while who with within women workforce yes you your wir ihr sie "
        "es nous vous notre nos nuestra nuestro somos seit depuis desde dal unternehmen firma gruppe "
        "standort hauptsitz mitarbeiter entreprise société empresa azienda bedrijf onze wij het een funding "
        "round series salesforce startup business firm organization organisation platform software "
        "technology technologies engineering support everything nothing customers clients users partners "
        "belegschaft mitarbeitende beschaftigte equipe effectif equipo plantilla personale medewerkers equipes gegrundet fondee creee fundada fondata opgericht heute aujourd hoy oggi hoje vandaag "
        "customer client investors founders founder ceo cto cfo president chairman january february march "
        "april may june july august september october november december monday tuesday wednesday thursday "
        "friday"
    ).split()
)
_QUOTES = {"“": "”", "„": "“", "«": "»", "»": "«", '"': '"'}
_ATTRIBUTION = re.compile(
    r"[\s\"”»]*(?:[—–-]\s*)?[^\n]{0,80}?(?:\n[^\n]{0,60}){0,3}?\b(?:CEO|CTO|CFO|COO|CMO|CIO|CISO|VP|Vice\s+President|President|Founder|"
    r"Co-?founder|Director|Head|Manager|Lead|Owner|Engineer|Officer|Geschäftsführer\w*|Leiter\w*|Directeur|Directora?|Responsable)\b[^\n]{0,80}"
)


def is_about_another(
    attribute: str,
    context: str,
    place: Span,
    document: SourceDocument,
    identity: Identity,
    *,
    span: Span,
    lead_in: str = "",
    own: str = "",
    product_may_speak: bool = False,
    to_reader: bool = False,
) -> bool:
    """Say whether the sentence gives what stands at `place` to somebody other than the account.

    `context` is the sentence, `place` the value in it, `span` the value in the document, `own` a name that
    may be the subject because it is the value itself ("Salesforce is our CRM"). `product_may_speak` lets
    any name be the subject, for what a company's products do ("Example Hub syncs with Salesforce"); `to_reader`
    lets "your" stand before the value ("Sync your data with Salesforce").
    """
    if attribute not in ABOUT_THE_COMPANY:
        return False
    plain = context.replace("’", "'")
    clause = clause_around(plain, place)
    before = plain[clause.start : place.start]
    is_posting = document.kind == "job_posting"
    if _is_testimonial(document, span, identity):
        return True
    if attribute in _ATTACHABLE and may_be_the_others(document, context, identity):
        return True
    if is_in_anothers_section(document, context, span, identity):
        return True
    if not is_posting and _is_framed(attribute, before, lead_in, identity, to_reader=to_reader):
        return True
    if _PAST_LIVES.search(plain) and not identity.is_mentioned(plain) and not _FIRST_PERSON.search(plain):
        return True
    if attribute in _ATTACHABLE and (_NAMESAKE.search(plain) or _is_attached(plain, place, identity)):
        return True
    if not product_may_speak and _has_other_subject(plain, place, identity, own):
        return True
    named = identity.is_mentioned(plain)
    if document.purpose == "customers" and not named:
        in_footer = document.footer_start is not None and span.start >= document.footer_start
        badge = attribute in {"certification", "industry", "name"}
        return not badge or (_FIRST_PERSON.search(plain) is not None and not in_footer)
    if document.kind == "news" and document.tier in ("news", "third-party"):
        return not (
            named or (identity.is_mentioned(document.title) and _THE_COMPANY.search(plain) is not None)
        )
    return False


def speaks_of_itself(context: str, identity: Identity) -> bool:
    """Say whether a sentence is in the first person, says "the company", or names the account."""
    plain = context.replace("’", "'")
    return bool(_FIRST_PERSON.search(plain) or _THE_COMPANY.search(plain)) or identity.is_mentioned(plain)


def may_be_the_others(document: SourceDocument, context: str, identity: Identity) -> bool:
    """Say whether "the company" in news of a deal may be the other side of it: it names nobody, and is not "we"."""
    if identity.is_mentioned(context) or _FIRST_PERSON.search(context.replace("’", "'")):
        return False
    if document.kind != "news" and document.purpose not in ("press", "blog"):
        return False
    return _DEAL.search(f"{document.title}\n{document.text[:600]}") is not None


def is_in_anothers_section(document: SourceDocument, context: str, span: Span, identity: Identity) -> bool:
    """Say whether a sentence that does not name the account stands under "About <another company>".

    In news and stories even its "we" is the other's; elsewhere on the account's site "we" is the account.
    """
    if document.kind not in ("website", "news") or identity.is_mentioned(context):
        return False
    tells_of_others = document.kind == "news" or document.purpose in (
        "press",
        "blog",
        "customers",
        "partners",
    )
    if not tells_of_others and _FIRST_PERSON.search(context.replace("’", "'")):
        return False
    name = whose_section(
        document.text,
        span.start,
        document.language,
        lambda name: identity.is_named(name) or identity.is_mentioned(name),
    )
    return name is not None


def _is_framed(
    attribute: str, before: str, lead_in: str, identity: Identity, *, to_reader: bool = False
) -> bool:
    """Say whether other companies frame what follows; `to_reader` lets "your" pass ("Sync your data with X")."""
    if _TEAM_OF.search(before) and not re.search(
        r"\b(?:your|their|a|any)\s+(?:team|staff)\s+of\s", before, _I
    ):
        return False
    if attribute == "employee_count" and _REACH.search(before):
        return True
    for part in (before, lead_in):
        for found in _FRAME_OF_OTHERS.finditer(part):
            if to_reader and _READER.fullmatch(found.group()):
                continue
            own = identity.is_mentioned(part) or _FIRST_PERSON.search(part[: found.start()])
            company_with = re.match(r"(?:company|business|firm|startup)\b", found.group(), _I)
            if company_with and (own or _COMPANY_WITH.search(part)):
                continue
            return True
    return False


def _has_other_subject(context: str, place: Span, identity: Identity, own: str) -> bool:
    nearest: str | None = None
    for pattern in (_APPOSITION, _NAMED_SUBJECT):
        for found in pattern.finditer(context):
            if found.start() >= place.start or (
                pattern is _NAMED_SUBJECT and found.start("name") >= place.start
            ):
                break
            name = _trim_openers(found["name"])
            if name is not None:
                nearest = name
        if nearest is not None:
            break
    if nearest is None:
        return False
    return (
        not identity.is_named(nearest)
        and not identity.is_mentioned(nearest)
        and (not own or bare_letters(own) not in bare_letters(nearest))
    )


def _is_attached(context: str, place: Span, identity: Identity) -> bool:
    """Say whether the value stands in a clause or bracket that hangs on another company's name.

    "... a subsidiary of Northmark, which employs 18,000": a relative clause, participle or bracket tells of
    the name right before it, not of the sentence's subject.
    """
    before = context[max(0, place.start - 240) : place.start]
    bracketed = _BRACKETED.search(before)
    attached = bracketed or _ATTACHED.search(before)
    if attached is None:
        return False
    name = _trim_openers(attached["name"])
    if name is None:
        return False
    if bracketed:
        words = name.split()
        return not any(identity.is_exactly(" ".join(words[-count:])) for count in range(1, len(words) + 1))
    return not identity.is_named(name) and not identity.is_mentioned(name)


def _trim_openers(name: str) -> str | None:
    words = name.split()
    while words and bare_letters(words[0]) in _COMMON_OPENERS | {""}:
        words.pop(0)
    while words and bare_letters(words[-1]) in _COMMON_OPENERS | {""}:
        words.pop()
    return " ".join(words) or None


def _is_testimonial(document: SourceDocument, span: Span, identity: Identity) -> bool:
    """Say whether the span stands inside quotation marks that somebody outside the account signs."""
    if document.kind != "website" or document.purpose in ("press",):
        return False
    text = document.text
    for opening, closing in _QUOTES.items():
        begin = text.rfind(opening, max(0, span.start - 700), span.start + 1)
        if begin < 0 or (opening != closing and text.find(closing, begin + 1, span.start) >= 0):
            continue
        if opening == closing and text.count(opening, max(0, span.start - 700), span.start + 1) % 2 == 0:
            continue
        end = text.find(closing, max(begin + 1, span.end - 1), span.end + 700)
        if end < 0:
            continue
        signed = _ATTRIBUTION.match(text, end, min(len(text), end + 300))
        spoken = text[begin:end]
        if signed and not identity.is_mentioned(signed.group()):
            return True
        if _FIRST_PERSON.search(spoken) and identity.is_mentioned(spoken) and not signed:
            return True
    return False
