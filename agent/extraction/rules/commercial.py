"""How the account sells: pricing, sales motion, segments, partner programme, API. Only what its pages say outright."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agent.attributes import canonical_value
from agent.canonical.literals import may_match
from agent.extraction.rules.reading import Reading
from agent.models import Claim

_I = re.IGNORECASE


class _Cue(NamedTuple):
    attribute: str
    value: str | bool
    pattern: re.Pattern[str]


def _cue(attribute: str, value: str | bool, pattern: str, flags: int = _I) -> _Cue:
    return _Cue(attribute, value, re.compile(pattern, flags))


_PRICING = (
    _cue("pricing_model", "free_trial", r"\b(?:[0-9]{1,3}[- ]day(?:s)?[ ])?free[ ]trial\b|\bkostenlos(?:en|e)?[ ]testen\b|\bessai[ ]gratuit\b|\bprueba[ ]gratuita\b|\bprova[ ]gratuita\b|\bteste[ ]gr[áa]tis\b"),
    _cue("pricing_model", "freemium", r"\bfree[ ](?:plan|tier|forever)\b|\bforever[ ]free\b|\$0(?:[ ]?/[ ]?|[ ]per[ ])(?:month|mo|user)\b"),
    _cue("pricing_model", "per_seat", r"\bper[ ](?:user|seat|member|editor|agent|employee)\b(?!s)|(?:/|\bpro[ ])(?:user|seat|nutzer|benutzer)\b|\bpar[ ](?:utilisateur|poste|siège|collaborateur)\b|\bje[ ](?:nutzer|benutzer|arbeitsplatz|mitarbeiter)\b|\bpro[ ](?:arbeitsplatz|lizenz|mitarbeiter)\b|\bpor[ ]usuario\b|\bper[ ]utente\b|\bper[ ]gebruiker\b"),
    _cue("pricing_model", "usage_based", r"\bpay[- ]as[- ]you[- ]go\b|\busage[- ]based[ ](?:pricing|billing)\b|\bpay[ ](?:only[ ])?for[ ]what[ ]you[ ]use\b|\bzahlen[ ](?:sie[ ])?nur,?[ ](?:für[ ]das,?[ ])?was[ ]sie[ ](?:wirklich[ ]|tatsächlich[ ])?(?:nutzen|brauchen|verbrauchen)\b|\bpayez[ ](?:uniquement[ ]|seulement[ ])?(?:que[ ])?ce[ ]que[ ]vous[ ](?:utilisez|consommez)\b|\bpag[ae](?:s|n)?[ ](?:solo|sólo|únicamente)[ ]por[ ]lo[ ]que[ ](?:usas?|utilizas?|consumes?)\b|\bbetaal(?:t)?[ ](?:u[ ])?alleen[ ]voor[ ]wat[ ](?:je|u)[ ](?:gebruikt|verbruikt)\b|\bpaghi?[ ]solo[ ](?:per[ ])?(?:quello|ciò)[ ]che[ ](?:usi|consumi)\b|\bpague[ ](?:apenas|só|somente)[ ]pelo[ ]que[ ]usa(?:r)?\b"),
    _cue("pricing_model", "quote_based", r"\b(?:custom|tailored)[ ](?:pricing|quote)\b|\brequest[ ]a[ ](?:custom[ ])?quote\b|\b(?:get|contact[ ]us[ ]for)[ ](?:a[ ](?:custom[ ])?quote|pricing)\b|\bpreise?[ ]auf[ ]anfrage\b|\bpric(?:ing|es?)[ ](?:is[ ]|are[ ])?(?:available[ ])?(?:on|upon)[ ]request\b|\b(?:ask|contact)[ ](?:our[ ])?sales(?:[ ]team)?[ ]for[ ]a[ ]quote\b|\bquoted[ ]individually\b|\bindividuelle[s]?[ ](?:angebot|preise)\b|\b(?:tarifs?|prix|devis)[ ]sur[ ](?:demande|mesure|devis)\b|\b(?:presupuesto|precios?|tarifas?)[ ](?:a[ ]medida|bajo[ ](?:petición|demanda|consulta)|personalizado)\b|\bofferte[ ]op[ ]maat\b|\bprij(?:s|zen)[ ]op[ ]aanvraag\b|\bprezz[io][ ]su[ ]richiesta\b|\bpreventivo[ ](?:su[ ]misura|personalizzato)\b|\bpreços?[ ]sob[ ]consulta\b|\borçamento[ ]personalizado\b"),
    _cue("pricing_model", "transaction_fee", r"\b[0-9](?:[.,][0-9]{1,2})?[ ]?%[ ](?:\+[ ][^\n]{1,12}[ ])?per[ ]transaction\b|[0-9][^\n.;]{0,12}[ ]per[ ](?:successful[ ])?(?:transaction|card[ ]charge)\b"),
    _cue("go_to_market", "sales_led", r"^[\s]*(?:contact|talk[ ]to)[ ](?:our[ ])?sales(?:[ ]team)?[\s.!→]*$|^[\s]*(?:book|request|schedule|get)[ ]a[ ]demo[\s.!→]*$", _I | re.MULTILINE),
    _cue("go_to_market", "self_serve", r"^[\s]*(?:start[ ](?:your[ ])?(?:free[ ]trial|for[ ]free|free)|sign[ ]up[ ](?:for[ ])?free|try[ ](?:it[ ])?(?:for[ ])?free|get[ ]started[ ](?:for[ ])?free|create[ ](?:a[ ]|your[ ])?free[ ]account|buy[ ]now)[\s.!→]*$", _I | re.MULTILINE),
)  # fmt: skip
_ANYWHERE = (
    _cue("api_offered", True, r"^[\s]*(?:(?:REST|developer|public|open)[ ])?API[ ](?:reference|documentation|docs|explorer)[\s→]*$", _I | re.MULTILINE),
    _cue("api_offered", True, r"\bour[ ](?:(?:REST(?:ful)?|GraphQL|open|public|developer|powerful|flexible|robust|own)[ ]){0,3}APIs?\b"),
    _cue("api_offered", True, r"\b(?:an?|the|our|its)[ ](?:(?:fully|well)[ -])?(?:documented|public|open|REST(?:ful)?|GraphQL|developer)[ ](?:and[ ]\w+[ ])?(?:REST(?:ful)?[ ])?APIs?\b(?![ ](?:key|call|gateway|first))"),
    _cue("api_offered", True, r"\b(?:eine|unsere|die|notre|une|nuestra|una|la|onze|een|de|la[ ]nostra|nossa|uma)[ ](?:(?:dokumentierte|offene|öffentliche|documentée|publique|ouverte|documentada|abierta|pública|openbare|open|gedocumenteerde|aperta|documentata|pubblica|aberta)[ ])?(?:REST[- ])?API(?:[ ](?:REST[ ])?(?:documentée|publique|ouverte|documentada|abierta|pública|aperta|documentata|pubblica|aberta|REST(?:[ ]publique)?))?\b(?=[^.\n]{0,60}\b(?:automat\w+|kunden|clients?|clientes|klanten|clienti|permet\w*|permite\w*|erlaubt|offen|open|tout|todo|alles|steht|ouverte|abierta)\b)"),
    _cue("partner_program", "affiliate", r"^[\s]*affiliate[ ]program(?:me)?[\s→]*$|\bour[ ]affiliate[ ]program(?:me)?\b", _I | re.MULTILINE),
    _cue("partner_program", "reseller", r"^[\s]*(?:reseller[ ]program(?:me)?|become[ ]a[ ]reseller)[\s→]*$|\bour[ ]reseller[ ]program(?:me)?\b", _I | re.MULTILINE),
    _cue("partner_program", "referral", r"^[\s]*referral[ ]program(?:me)?[\s→]*$|\bour[ ]referral[ ]program(?:me)?\b", _I | re.MULTILINE),
    _cue("partner_program", "general", r"^[\s]*(?:become[ ]a[ ]partner|partner[ ]program(?:me)?|(?:join[ ])?our[ ]partner[ ]program(?:me)?|partnerprogramm|partner[ ]werden|devenir[ ]partenaire)[\s.!→]*$|\bour[ ](?:[\w-]+[ ])?partner[ ]program(?:me)?\b", _I | re.MULTILINE),
    _cue("business_model", "b2b", r"(?<![\w/])(?:we(?:['’]re|[ ]are)|is)[ ]a[ ](?:[\w-]+[ ]){0,2}B2B[ ](?:company|business|SaaS|software)\b"),
    _cue("business_model", "b2c", r"(?<![\w/])(?:we(?:['’]re|[ ]are)|is)[ ]a[ ](?:[\w-]+[ ]){0,2}(?:B2C|direct-to-consumer|D2C|DTC)[ ](?:company|business|brand)\b"),
    _cue("business_model", "marketplace", r"(?<![\w/])(?:we(?:['’]re|[ ]are)|is)[ ](?:an?|the)[ ](?:[\w'’-]+[ ]){0,3}marketplace\b"),
)  # fmt: skip
_FOR = r"\b(?:built|designed|made|created|software|platform|tools?|solutions?|app|crm|banking|payments|accounting|entwickelt|gemacht|lösungen|pensé|conçu|logiciel|diseñad[oa])[ ](?:just[ ]|especially[ ]|specifically[ ])?(?:for|für|pour|para|per)[ ](?:the[ ]|modern[ ]|growing[ ]|ambitious[ ]|les[ ]|los[ ]|las[ ])?"
_SEGMENTS = tuple(
    _cue("customer_segment", name, _FOR + words)
    for name, words in (
        ("small_business", r"(?:small[ ]business(?:es)?|SMBs?|SMEs?|small[ ]and[ ]medium(?:-sized)?[ ](?:businesses|enterprises)|KMU|kleine[ ]und[ ]mittlere[ ]Unternehmen|TPE|PME|pymes|PMI)\b"),
        ("enterprise", r"(?:large[ ])?(?:enterprises|enterprise[ ](?:teams|companies|organi[sz]ations))\b"),
        ("mid_market", r"(?:mid-?[ ]?market(?:[ ]companies)?|mid-?[ ]?sized[ ](?:companies|businesses)|(?:den[ ])?Mittelstand)\b"),
        ("startups", r"(?:start-?ups)\b"),
        ("freelancers", r"(?:freelancers|solopreneurs|self-employed|selbstständige|freelances?|autónomos)\b"),
        ("developers", r"(?:developers|software[ ]engineers|engineering[ ]teams|entwickler)\b"),
        ("agencies", r"(?:(?:marketing|digital|creative)[ ])?agencies\b"),
        ("public_sector", r"(?:government(?:s|[ ]agencies)?|(?:the[ ])?public[ ]sector)\b"),
    )
)  # fmt: skip
_SEGMENT_NOT = re.compile(
    r"\b(?:you|your|their|not|customers?[ ]build|blog|guide|best|top[ ][0-9]+|how[ ]to)\b|\?", _I
)


def read_commercial(reading: Reading) -> Iterator[Claim]:
    """Yield each commercial trait once per document, with the line or sentence that says it."""
    if not reading.is_own_page or reading.document.purpose in ("legal", "press"):
        return
    if reading.document.purpose == "pricing":
        yield from _first_of_each(reading, _PRICING)
    elif reading.document.purpose in ("home", "product"):
        yield from _first_of_each(reading, tuple(cue for cue in _PRICING if cue.attribute == "go_to_market"))
    yield from _first_of_each(reading, _ANYWHERE)
    if reading.document.purpose in ("home", "product", "pricing", "about"):
        yield from _first_of_each(reading, _SEGMENTS, excluded=_SEGMENT_NOT)


def _first_of_each(
    reading: Reading, cues: tuple[_Cue, ...], excluded: re.Pattern[str] | None = None
) -> Iterator[Claim]:
    seen: set[tuple[str, str | bool]] = set()
    for cue in cues:
        if (cue.attribute, cue.value) in seen:
            continue
        if not may_match(cue.pattern, reading.lowered):
            continue
        for match in cue.pattern.finditer(reading.text):
            start = match.end() - len(match[0].lstrip())
            end = match.start() + len(match[0].rstrip())
            quote = reading.quote_around(start, end)
            text = reading.slice(quote)
            if (excluded and excluded.search(text)) or reading.is_quotation(quote) or "?" in text[-2:]:
                continue
            if canonical_value(cue.attribute, cue.value) is not None:
                seen.add((cue.attribute, cue.value))
                yield from reading.claim("commercial@1", cue.attribute, cue.value, quote)
            break
