"""How the account sells: pricing, sales motion, segments, partner programme, API. Only what its pages say outright."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agent.attributes import canonical_value
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim

_I = re.IGNORECASE


class _Cue(NamedTuple):
    attribute: str
    value: str | bool
    pattern: re.Pattern[str]


def _cue(attribute: str, value: str | bool, pattern: str, flags: int = _I) -> _Cue:
    return _Cue(attribute, value, re.compile(pattern, flags))


_CTAS = r"[ ]*(?:(?:contact|talk|book|request|schedule|get|start|try|sign|create|view|see|live|watch|learn)\b[^.\n!?]{0,30}[ ])??"
"""Buttons that stand on one line: "Try it free Book a demo"."""
_PRICING = (
    _cue("pricing_model", "free_trial", r"\b(?:[0-9]{1,3}[- ]day(?:s)?[ ])?free[ ]trial\b|\bkostenlos(?:en|e)?[ ]testen\b|\bessai[ ]gratuit\b|\bprueba[ ]gratuita\b|\bprova[ ]gratuita\b|\bteste[ ]gr[áa]tis\b"),
    _cue("pricing_model", "freemium", r"\bfree[ ](?:plan|tier|forever)\b|\bforever[ ]free\b|\$0(?:[ ]?/[ ]?|[ ]per[ ])(?:month|mo|user)\b"),
    _cue("pricing_model", "per_seat", r"\bper[ ](?:user|seat|member|editor|agent|employee)\b(?!s)|(?:/|\bpro[ ])(?:user|seat|nutzer|benutzer)\b|\bpar[ ](?:utilisateur|poste|siège|collaborateur)\b|\bje[ ](?:nutzer|benutzer|arbeitsplatz|mitarbeiter)\b|\bpro[ ](?:arbeitsplatz|lizenz|mitarbeiter)\b|\bpor[ ]usuario\b|\bper[ ]utente\b|\bper[ ]gebruiker\b"),
    _cue("pricing_model", "usage_based", r"\bpay[- ]as[- ]you[- ]go\b|\busage[- ]based[ ](?:pricing|billing)\b|\bpay[ ](?:only[ ])?for[ ]what[ ]you[ ]use\b|\bzahlen[ ](?:sie[ ])?nur,?[ ](?:für[ ]das,?[ ])?was[ ]sie[ ](?:wirklich[ ]|tatsächlich[ ])?(?:nutzen|brauchen|verbrauchen)\b|\bpayez[ ](?:uniquement[ ]|seulement[ ])?(?:que[ ])?ce[ ]que[ ]vous[ ](?:utilisez|consommez)\b|\bpag[ae](?:s|n)?[ ](?:solo|sólo|únicamente)[ ]por[ ]lo[ ]que[ ](?:usas?|utilizas?|consumes?)\b|\bbetaal(?:t)?[ ](?:u[ ])?alleen[ ]voor[ ]wat[ ](?:je|u)[ ](?:gebruikt|verbruikt)\b|\bpaghi?[ ]solo[ ](?:per[ ])?(?:quello|ciò)[ ]che[ ](?:usi|consumi)\b|\bpague[ ](?:apenas|só|somente)[ ]pelo[ ]que[ ]usa(?:r)?\b"
         r"|\b(?:pricing|prices|billing|plans?)[ ](?:is|are)[ ](?:purely[ ]|fully[ ])?usage-based\b|^usage-based[ ]?:|\babrechnung[ ]nach[ ](?:verbrauch|nutzung)\b|\bnach[ ](?:verbrauch|nutzung)[ ]abgerechnet\b|\bnutzungsbasierte?s?[ ](?:abrechnung|preise|preismodell)\b|\bfacturation[ ]à[ ](?:l['’]usage|la[ ]consommation)\b|\bpaiement[ ]à[ ]l['’]usage\b"
         r"|\bfacturación[ ]por[ ](?:uso|consumo)\b|\bpago[ ]por[ ]uso\b|\bafrekening[ ]naar[ ](?:gebruik|verbruik)\b|\bbetalen[ ]naar[ ]gebruik\b|\btariffa(?:zione)?[ ]a[ ]consumo\b|\bcobrança[ ]por[ ]uso\b", _I | re.MULTILINE),
    _cue("pricing_model", "quote_based", r"\b(?:custom|tailored)[ ](?:pricing|quote)\b|\brequest[ ]a[ ](?:custom[ ])?quote\b|\b(?:get|contact[ ]us[ ]for)[ ](?:a[ ](?:custom[ ])?quote|pricing)\b|\bpreise?[ ]auf[ ]anfrage\b|\bpric(?:ing|es?)[ ](?:is[ ]|are[ ])?(?:available[ ])?(?:on|upon)[ ]request\b|\b(?:ask|contact)[ ](?:our[ ])?sales(?:[ ]team)?[ ]for[ ]a[ ]quote\b|\bquoted[ ]individually\b|\bindividuelle[s]?[ ](?:angebot|preise)\b|\b(?:tarifs?|prix|devis)[ ]sur[ ](?:demande|mesure|devis)\b|\b(?:presupuesto|precios?|tarifas?)[ ](?:a[ ]medida|bajo[ ](?:petición|demanda|consulta)|personalizado)\b|\bofferte[ ]op[ ]maat\b|\bprij(?:s|zen)[ ]op[ ]aanvraag\b|\bprezz[io][ ]su[ ]richiesta\b|\bpreventivo[ ](?:su[ ]misura|personalizzato)\b|\bpreços?[ ]sob[ ]consulta\b|\borçamento[ ]personalizado\b"),
    _cue("pricing_model", "transaction_fee", r"\b[0-9](?:[.,][0-9]{1,2})?[ ]?%[ ](?:\+[ ][^\n]{1,12}[ ])?per[ ]transaction\b|[0-9][^\n.;]{0,12}[ ]per[ ](?:successful[ ])?(?:transaction|card[ ]charge)\b"),
    _cue("go_to_market", "sales_led", r"^[\s]*(?:contact|talk[ ]to)[ ](?:our[ ])?sales(?:[ ]team)?[\s.!→]*$|^[\s]*(?:book|request|schedule|get)[ ]a[ ]demo[\s.!→]*$", _I | re.MULTILINE),
    _cue("go_to_market", "self_serve", r"^[\s]*(?:start[ ](?:your[ ])?(?:free[ ]trial|for[ ]free|free)|sign[ ]up[ ](?:for[ ])?free|try[ ](?:it[ ])?(?:for[ ])?free|get[ ]started[ ](?:for[ ])?free|create[ ](?:a[ ]|your[ ])?free[ ]account|buy[ ]now)[\s.!→]*$", _I | re.MULTILINE),
)  # fmt: skip
_OFFERED = (
    _cue("pricing_model", "free_trial", r"\b(?:start(?:ing)?|try|get|begin|with|sign[ ]up[ ]for|take|experience[^.\n]{0,30}[ ]with|offers?|includes?)[ ](?:(?:your|our|a|an|the|it|us|[A-ZÀ-Þ][\w.-]+)[ ]){0,2}(?:[0-9]{1,3}[- ]days?[ ])?free[ ](?:[0-9]{1,3}[- ]days?[ ])?trial\b|\b[0-9]{1,3}[- ]day(?:s)?[ ]free[ ]trial\b|(?<![Rr]isk-)\bfree[ ][0-9]{1,3}[- ]day[ ]trial\b|\b(?:start|begin)[ ](?:[0-9]{1,3}[- ]day[ ])?(?:free[ ])?trial\b|^[ ]*free[ ]trial[ ]*$|\bkostenlos(?:en|e)?[ ]testen\b|\bessai[ ]gratuit\b|\bprueba[ ]gratuita\b|\bprova[ ]gratuita\b|\bteste[ ]gr[áa]tis\b", _I | re.MULTILINE),
    _cue("pricing_model", "freemium", r"\b(?:our|a|the|basic|generous|start[ ](?:with|on)[ ](?:a|the|our))[ ](?:basic[ ]|generous[ ])?free[ ](?:plan|tier)\b|\bfree[ ]forever\b|\bforever[ ]free\b|\$0(?:\.00)?(?:[ ]?/[ ]?|[ ]per[ ])(?:month|mo|user|seat)\b"),
    _cue("pricing_model", "per_seat", r"[$€£][ ]?[0-9][0-9.,]*[ ]?(?:/|per[ ]|pro[ ]|par[ ]|je[ ]|por[ ])[ ]?(?:user|seat|member|editor|agent|nutzer|benutzer|utilisateur|usuario)\b|[$€£][ ]?[0-9][0-9.,]*[ ]?(?:/|[ ]per[ ]|[ ]a[ ])[ ]?(?:month|mo)\b[ \n](?:/|per[ ])[ ]?(?:user|seat|member|editor|agent)\b"),
    _cue("pricing_model", "usage_based", r"\bpay[- ]as[- ]you[- ]go\b|\busage[- ]based[ ](?:pricing|billing)\b|\b(?:only[ ]pay|pay[ ]only|pay)[ ](?:only[ ])?for[ ](?:what[ ]you[ ](?:actually[ ])?use|actual\b)|\bpay[- ]per[- ]use\b"),
    _cue("pricing_model", "transaction_fee", r"\b[0-9](?:[.,][0-9]{1,2})?[ ]?%[^\n.]{0,24}[ ](?:per[ ](?:card[ ])?transaction|transaction[ ]fees?)\b"),
    _cue("pricing_model", "subscription", r"\b(?:plans?|pricing|prices?|subscriptions?|membership|starting|starts|start)(?:[ ](?:start(?:s|ing)?|starting|begin(?:s|ning)?))?[ ](?:at|from)[ ](?:just[ ]|only[ ]|as[ ]low[ ]as[ ])?[$€£][ ]?[0-9][0-9.,]*[ ]?(?:/[ ]?|per[ ]|a[ ])(?:month|mo|year|user|seat)\b|^[^\n]{0,30}\bbilled[ ](?:annually|monthly|yearly)\b[^\n]{0,40}$", _I | re.MULTILINE),
    _cue("pricing_model", "quote_based", r"^[\s]*(?:request[ ](?:pricing|a[ ](?:custom[ ])?quote)|get[ ](?:a[ ](?:free[ ]|custom[ ])?quote|pricing))[\s.!→]*$", _I | re.MULTILINE),
    _cue("go_to_market", "sales_led", rf"^(?=.{{1,64}}$){_CTAS}(?:contact|talk[ ]to)[ ](?:our[ ])?sales(?:[ ]team)?\b|^(?=.{{1,64}}$){_CTAS}(?:book|request|schedule|get)[ ]a[ ](?:free[ ]|live[ ]|personali[sz]ed[ ])?demo\b|^(?=.{{1,64}}$){_CTAS}book[ ]demo\b", _I | re.MULTILINE),
    _cue("go_to_market", "self_serve", rf"^(?=.{{1,64}}$){_CTAS}(?:start[ ](?:your[ ]|a[ ]|my[ ])?(?:[0-9]{{1,3}}[- ]day[ ])?(?:free[ ]trial|for[ ]free|free)|sign[ ]up[ ](?:for[ ])?free|try[ ](?:it[ ])?(?:for[ ])?free|get[ ]started[ ](?:for[ ])?free|create[ ](?:a[ ]|your[ ])?free[ ]account|sign[ ]up\.[ ]it['’]s[ ]free)\b(?![ ](?:shipping|delivery|consultation|quote|estimate|demo|guide|e-?book|course|download|webinar|sample))", _I | re.MULTILINE),
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
    _cue("api_offered", True, r"\b(?:our|its)[ ](?:[\w-]+[ ]){0,3}(?:APIs?[ ](?:and|&)[ ]SDKs?|SDKs?[ ](?:and|&)[ ]APIs?)\b|^[ ]*(?:[Oo]pen|[Rr]obust|[Pp]owerful|[Dd]eveloper-friendly)[ ]APIs?\b|\bdiscover[ ]developer-friendly[ ]APIs\b|\b(?:single|unified),?[ ](?:unified[ ])?API[ ](?:with|for|to)\b", _I | re.MULTILINE),
    _cue("business_model", "saas", r"\b(?:is|are|we['’]re|offers?|operates?)[ ](?:an?[ ]|the[ ]|our[ ])?(?:[\w-]+[ ]){0,3}SaaS[ ](?:product|platform|company|business|provider|application|solution|vendor)\b"),
    _cue("business_model", "ecommerce", r"(?<![\w/])(?:we(?:['’]re|[ ]are)|is)[ ](?:an?|the|your)[ ](?:[\w'’-]+[ ]){0,3}online[ ](?:store|shop|retailer)\b"),
    _cue("business_model", "b2b", r"(?<![\w/])(?:we(?:['’]re|[ ]are)|is)[ ]a[ ](?:[\w-]+[ ]){0,2}B2B[ ](?:company|business|SaaS|software)\b"),
    _cue("business_model", "b2c", r"(?<![\w/])(?:we(?:['’]re|[ ]are)|is)[ ]a[ ](?:[\w-]+[ ]){0,2}(?:B2C|direct-to-consumer|D2C|DTC)[ ](?:company|business|brand)\b"),
    _cue("business_model", "marketplace", r"(?<![\w/])(?:we(?:['’]re|[ ]are)|is)[ ](?:an?|the)[ ](?:[\w'’-]+[ ]){0,3}marketplace\b"),
)  # fmt: skip
_FOR = r"\b(?:built|designed|made|created|purpose-built|tailored|software|platform|tools?|solutions?|apps?|crm|erp|banking|payments|accounting|invoicing|payroll|entwickelt|gemacht|lösungen|software|pensé|conçu|logiciel|diseñad[oa])[ ](?:just[ ]|especially[ ]|specifically[ ]|exclusively[ ])?(?:for|to|für|pour|para|per)[ ](?:the[ ]|modern[ ]|growing[ ]|ambitious[ ]|any[ ]|your[ ](?=small)|les[ ]|los[ ]|las[ ])?"
_EMPOWER = r"|\b(?:we|our[ ]mission[ ]is[ ]to|our[ ]purpose[ ]is[ ]to|mission[ ]to)[ ](?:help|empower|serve|support)[ ](?:the[ ]|all[ ]|millions[ ]of[ ])?"
_SEGMENTS = tuple(
    _cue("customer_segment", name, f"(?:{_FOR}{_EMPOWER})(?:{words})")
    for name, words in (
        ("small_business", r"(?:(?:your[ ])?small[ ]business(?:es)?|small[ ]merchants|small-to-medium[ ]size[ ]business|SMBs?|SMEs?|small[ ]and[ ]medium(?:-sized)?[ ](?:businesses|enterprises)|KMU|kleine[ ]und[ ]mittlere[ ]Unternehmen|TPE|PME|pymes|PMI)\b"),
        ("enterprise", r"(?:large[ ])?(?:enterprises|enterprise[ ](?:teams|companies|organi[sz]ations))\b"),
        ("mid_market", r"(?:mid-?[ ]?market(?:[ ]companies)?|mid-?[ ]?sized[ ](?:companies|businesses)|(?:den[ ])?Mittelstand)\b"),
        ("startups", r"(?:start-?ups)\b"),
        ("freelancers", r"(?:freelancers|solopreneurs|self-employed|selbstständige|freelances?|autónomos)\b"),
        ("developers", r"(?:developers|devs|engineers|software[ ]engineers|engineering[ ]teams|entwickler)\b"),
        ("agencies", r"(?:(?:marketing|digital|creative)[ ])?agencies\b"),
        ("public_sector", r"(?:government(?:s|[ ]agencies)?|(?:the[ ])?public[ ]sector)\b"),
    )
)  # fmt: skip
_SEGMENT_NOT = re.compile(
    r"\b(?:you|your(?![ ]small)|their|not|vs|alternatives?|reviews?|customers?[ ]build|blog|guide|best|top[ ][0-9]+|how[ ]to)\b|\?",
    _I,
)


_NEGATED = re.compile(
    r"\b(?:both|no|not|never|without|instead[ ]of|unlike|don['’]t|doesn['’]t|other|most|competitors?|their|they)\b[^.\n]{0,50}$",
    _I,
)
_TITLE_LINES = re.compile(r"^(?:title|og:title|description|og:description): [^\n]{3,600}$", re.M)


def read_commercial(reading: Reading) -> Iterator[Claim]:
    """Yield each commercial trait once per document, with the line or sentence that says it."""
    if not reading.is_own_page or reading.document.purpose in ("legal", "press"):
        return
    purpose = reading.document.purpose
    if purpose == "pricing":
        yield from _first_of_each(reading, _PRICING + _OFFERED)
    elif purpose in ("home", "product"):
        yield from _first_of_each(reading, _OFFERED, excluded=_SEGMENT_QUESTION, negated=True)
        yield from _first_of_each(reading, tuple(cue for cue in _PRICING if cue.attribute == "go_to_market"))
    yield from _first_of_each(reading, _ANYWHERE)
    if purpose in ("home", "product", "pricing", "about"):
        yield from _first_of_each(reading, _SEGMENTS, excluded=_SEGMENT_NOT, own=purpose != "home")


def read_segment_of_title(reading: Reading) -> Iterator[Claim]:
    """Yield the segments a home page's title and description name: "CRM Software for Small Business | Acme"."""
    if reading.document.purpose != "structured_data" or not reading.is_home_address:
        return
    for cue in _SEGMENTS:
        for line in _TITLE_LINES.finditer(reading.text):
            if cue.pattern.search(line[0]) and not _SEGMENT_NOT.search(line[0]):
                yield from reading.claim(
                    "segment_title@1", cue.attribute, cue.value, Span(*line.span()), structured=True
                )
                break


_SEGMENT_QUESTION = re.compile(r"\?$|^(?:what|how|why|when|is|do|does|can)\b", _I)


def _first_of_each(
    reading: Reading,
    cues: tuple[_Cue, ...],
    excluded: re.Pattern[str] | None = None,
    *,
    negated: bool = False,
    own: bool = False,
) -> Iterator[Claim]:
    seen: set[tuple[str, str | bool]] = set()
    for cue in cues:
        if (cue.attribute, cue.value) in seen:
            continue
        for match in reading.find(cue.pattern):
            start = match.end() - len(match[0].lstrip())
            end = match.start() + len(match[0].rstrip())
            quote = reading.quote_around(start, end)
            text = reading.slice(quote)
            if (excluded and excluded.search(text)) or reading.is_quotation(quote) or "?" in text[-2:]:
                continue
            if negated and _NEGATED.search(reading.text[quote.start : start]):
                continue
            if negated and len(text) > _LONGEST_OFFER and not reading.is_own_voice(quote):
                continue
            if own and _NAMES_OTHER.match(text) and not reading.is_own_voice(quote):
                continue
            if canonical_value(cue.attribute, cue.value) is not None:
                seen.add((cue.attribute, cue.value))
                yield from reading.claim("commercial@3", cue.attribute, cue.value, quote)
            break


_LONGEST_OFFER = 100
"""Longer sentences tell stories: they must be in the account's voice."""
_NAMES_OTHER = re.compile(
    r"[A-ZÀ-Þ][\w.&'’-]+(?: [A-ZÀ-Þ][\w.&'’-]+){0,3}(?:[:–—]| (?:is|are|offers|provides)\b)"
)
"""A sentence whose subject is a name: it must be the account's, or a product's that the account speaks of."""
