"""The words that tell how a company relates to a product it names.

Each cue is a pattern for one sentence. A cue stands before the products it speaks of ("we use ..."),
or behind them ("... integration"); the nearest one before a product decides, and a `none` cue decides that
the sentence says nothing about the account ("customers who use ...").
English, German, French, Spanish, Dutch, Portuguese and Italian.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

CueRelation = Literal[
    "uses",
    "uses_weak",
    "job_uses",
    "job_experience",
    "denied",
    "migrating_from",
    "migrated_from",
    "evaluates",
    "integrates_with",
    "sells",
    "none",
]


class Cue(NamedTuple):
    """A pattern, what it says, and the most words that may stand between it and the first product."""

    relation: CueRelation
    pattern: re.Pattern[str]
    reach: int


def _cue(relation: CueRelation, pattern: str, reach: int = 6) -> Cue:
    return Cue(relation, re.compile(pattern, re.IGNORECASE), reach)


_OUR = (
    r"our (?:[\w-]+ ){0,3}?(?:teams?|engineers|developers|company|platform|products?|infrastructure|services?|"
    r"back-?end|front-?end|(?:web)?site|apps?|applications?|systems?|software|servers?|data|api|code|pipelines?|crm)"
)
_ADVERB = (
    r"(?:\s(?:all|also|currently|mainly|primarily|heavily|mostly|internally|already|now|actively|extensively|"
    r"have|has|been|are|is|'re|’re|both|then|only|still|daily|the|likewise|ourselves|itself))*"
)
_USE_EN = (
    r"(?:use|uses|used|using|utili[sz]e[sd]?|rely on|relies on|leverage|leverages|run on|runs on|running on|"
    r"runs? in|running in|run (?:\w+ ){0,3}on|adopted|standardi[sz]ed on|"
    r"(?:is|are|was)?\s?(?:built|hosted|running|deployed|written|developed|stored|based|powered)"
    r"(?: (?:\w+ ){0,2})?\s?(?:on|with|in|using|by|at|upon)|build (?:\w+ ){0,3}(?:on|with|in|using)|"
    r"host (?:\w+ ){0,3}(?:on|with|in)|deploy (?:\w+ ){0,3}(?:on|to|with|using))"
)
_USE_OTHER = (
    r"(?:wir (?:nutzen|verwenden|benutzen|setzen|betreiben|entwickeln (?:mit|in))|"
    r"(?:nutzen|verwenden|benutzen|setzen) wir|"
    r"unsere? (?:[\w-]+ ){0,2}(?:nutzt|verwendet|läuft (?:auf|in|bei|mit)|basiert auf)|"
    r"(?:diese|unsere) (?:web-?(?:site|seite)|internetseite|seite|homepage) (?:nutzt|verwendet|benutzt)|"
    r"wir arbeiten (?!eng|zusammen|gemeinsam)(?:[\w-]+ ){0,2}mit(?![^.;]{0,80}\bzusammen\b)|(?:bei uns|in unserem team) (?:ist|sind|kommt|kommen|läuft|nutzen wir|arbeiten wir mit)|"
    r"unsere? (?:[\w-]+ ){0,3}(?:arbeitet (?:[\w-]+ ){0,2}mit|setzt auf|(?:wird|werden|ist|sind) (?:[\w-]+ ){0,2}(?:betrieben|gehostet) (?:auf|bei|in|mit|von))|"
    r"nous (?:utilisons|travaillons (?:[\w-]+ ){0,3}?avec|avons choisi|nous appuyons sur|tournons sur)|"
    r"(?:ce|notre) site (?:web |internet )?utilise|notre stack(?: technique)?|"
    r"(?:notre|nos) (?:[\w-]+ ){1,3}?(?:utilise(?:nt)?|s['’]appuie(?:nt)? sur|travaille(?:nt)? (?:[\w-]+ ){0,2}?(?:avec|sur|dans)|tourne(?:nt)? sur|(?:est|sont) (?:construite?s?|hébergée?s?|bâtie?s?|développée?s?) (?:sur|avec|chez|en|par))|"
    r"(?:utilizamos|usamos|trabajamos (?:[\w-]+ ){0,2}?(?:con|en)|nos apoyamos en)|"
    r"(?:este|nuestro) sitio(?: web)? (?:utiliza|usa)|nuestro stack|"
    r"nuestr[oa]s? (?:[\w-]+ ){1,4}?(?:usan?|utilizan?|trabajan? (?:[\w-]+ ){0,2}?(?:con|en)|se apoyan? en|se ejecutan? en|funcionan? (?:con|sobre|en)|est[áa]n? (?:alojad|construid|desarrollad|basad)[oa]s? (?:en|con|sobre))|"
    r"(?:wij|we) (?:gebruiken|werken (?!samen|nauw)(?:[\w-]+ ){0,2}?(?:met|in)|draaien op|maken gebruik van)|"
    r"gebruiken (?:wij|we)|werken (?:wij|we) (?!samen|nauw)(?:[\w-]+ ){0,2}?met|"
    r"(?:ons|onze) (?:[\w-]+ ){1,3}?(?:gebruik(?:t|en)|werk(?:t|en) (?:[\w-]+ ){0,2}?(?:met|in)|draai(?:t|en) op|(?:is|zijn) (?:gebouwd|gehost) (?:op|met|bij|in))|"
    r"(?:deze|onze) (?:web)?site (?:gebruikt|maakt gebruik van)|"
    r"(?:trabalhamos (?:[\w-]+ ){0,2}?com|utilizamos)|(?:este|nosso) (?:site|website) (?:usa|utiliza)|nossa stack|"
    r"noss[oa]s? (?:[\w-]+ ){1,3}?(?:usam?|utilizam?|trabalham? (?:[\w-]+ ){0,2}?com|rodam? (?:em|na|no)|(?:está|estão) hospedad[oa]s? (?:em|na|no))|"
    r"(?:utilizziamo|usiamo|lavoriamo (?:[\w-]+ ){0,2}?con)|(?:il|la|i|le) nostr[oaie] (?:[\w-]+ ){1,3}?(?:usa(?:no)?|utilizza(?:no)?|lavora(?:no)? (?:[\w-]+ ){0,2}?con|si bas(?:a|ano) su|gira(?:no)? su|(?:è|sono) ospitat[oaie] (?:su|da))|(?:questo|il nostro) sito (?:web )?(?:utilizza|usa))"
)

_USES = (
    _cue("uses", rf"\b(?:we(?:'ve|’ve|'re|’re)?|{_OUR}){_ADVERB}\s{_USE_EN}\b"),
    _cue("uses", rf"\b{_USE_OTHER}\b"),
    _cue(
        "uses",
        r"\bour (?:[\w/-]+ ){0,3}?(?:stack|tools?|tool ?set|toolkit|toolbox|technologies|infrastructure|tech)\b"
        r"(?: (?:[\w-]+ ){0,3}?(?:is|are|includes?|consists? of|comprises|contains|features|like|such as)|\s?[:–—(-])",
        8,
    ),
    _cue(
        "uses",
        r"^\W*(?:(?:our|the|current|full|core|main|primary|data|marketing|sales|back-?end|front-?end|engineering|development|product|cloud|software) ){0,3}"
        r"(?:tech(?:nology|nical|nologie)?[ -]?)?stack\s?[:–—-]",
        8,
    ),
    _cue("uses", r"\b(?:tools we use|technologies we use|what we use|tech we use)\b\s?:?", 8),
    _cue(
        "uses",
        r"\bthis (?:web)?(?:site|page|shop) (?:uses|utili[sz]es|is (?:built|hosted) (?:on|with|by|in))\b",
    ),
    _cue("uses_weak", r"\bpowered by\b", 0),
    _cue("uses_weak", r"\bpayments? (?:are|is) (?:\w+ )?(?:processed|handled) (?:by|via|through|with)\b", 2),
    _cue("uses_weak", r"\bunsere? (?:[\w-]+ ){1,3}(?:wird|werden|ist|sind) (?:bei|auf|von|in)\b", 2),
    _cue(
        "uses_weak",
        r"\b(?:is|was|are) (?:\w+ ){0,2}?(?:hosted|stored) (?:\w+ )?(?:on|in|with|by|at)\b",
        5,
    ),
)
_JOB_USES = (
    _cue(
        "job_uses",
        r"\byou(?:'|’)?\s?(?:will|ll|’ll) (?:\w+ ){0,3}?(?:work|working|use|using|manage|own|maintain|administer|"
        r"build|configure|optimi[sz]e|develop|implement|support|run|operate|lead|oversee)\b(?: (?:on|in|with))?",
    ),
    _cue(
        "job_uses",
        r"\byou(?:'|’)ll (?:\w+ ){0,3}?(?:be )?(?:work\w*|us\w+|manag\w+|own|maintain|build|run)\b",
    ),
    _cue(
        "job_uses",
        r"\bwe (?:mainly |mostly |primarily |all )?(?:work|live) (?:[\w-]+ ){0,2}?(?:with|in|on|out of)\b",
    ),
    # "The sales team works in Salesforce", "Our platform group runs on Kubernetes".
    _cue(
        "job_uses",
        r"\b(?:the|our|this|your(?= (?:new )?team)|its) (?:[\w&/-]+ ){0,5}?(?:teams?|squads?|department|group|company|organi[sz]ation|office|crew) "
        r"(?:also |mainly |mostly |currently |primarily |all |already |heavily )?"
        r"(?:us(?:es?|ing)|utili[sz]es?|runs?(?: [\w-]+){0,3}? on|works?(?: [\w-]+){0,3}? (?:in|with|on|out of)|lives? in|operates? (?:in|on|with)|"
        r"rel(?:y|ies)(?: [\w-]+)? on|depends? on|builds?(?: [\w-]+){0,3}? (?:on|with|in)|standardi[sz]ed on|(?:is|are) built on)\b",
    ),
    _cue(
        "job_uses",
        r"\b(?:day[- ]to[- ]day|every day|daily|most days)\b[^.;]{0,25}?\b(?:live|work|be|spend \w+ \w+) (?:mostly |mainly )?(?:in|with|on)\b",
    ),
    _cue(
        "job_uses",
        r"\byou (?:keep|maintain|own|manage|administer|run)\b(?= [^.;]{0,60}?\b(?:our (?:single )?source of truth|our (?:central|main|core) (?:tool|system|platform|crm)|up to date|tidy|clean)\b)",
        3,
    ),
    _cue(
        "job_uses",
        r"\b(?:l['’]équipe|l['’]entreprise|les équipes|el equipo|la empresa|los equipos|das team|die teams?|das unternehmen|het team|de teams|het bedrijf|o time|a equipe|a empresa|il team|la squadra|l['’]azienda) "
        r"(?:[\w-]+ ){0,3}?(?:utilis(?:e|ent)|s['’]appuie(?:nt)? sur|travaille(?:nt)? (?:avec|sur|dans)|tourne(?:nt)? sur|usan?|utilizan?|trabajan? (?:[\w-]+ )?(?:con|en)|se apoyan? en|"
        r"nutz(?:t|en)|verwende(?:t|n)|arbeite(?:t|n) (?:[\w-]+ ){0,2}?(?:mit|in)|setz(?:t|en) auf|gebruik(?:t|en)|werk(?:t|en) (?:[\w-]+ )?(?:met|in)|draai(?:t|en) op|"
        r"usam?|utilizam?|trabalham? (?:[\w-]+ )?com|usa(?:no)?|utilizza(?:no)?|lavora(?:no)? (?:[\w-]+ )?con)",
    ),
    _cue(
        "job_uses",
        r"\b(?:im team|in het team|dans l['’]équipe|en el equipo|na equipe|no time|nel team)\b[^.;]{0,15}?\b(?:nutzen|verwenden|gebruiken|utilisons|usamos|utilizamos|usiamo|utilizziamo)\b",
    ),
    _cue(
        "job_uses",
        r"\b(?:du arbeitest mit|sie arbeiten mit|vous travaillerez (?:avec|sur)|vous utiliserez|"
        r"trabajarás con|je werkt met|você (?:vai )?trabalhar(?:á)? com)\b",
    ),
    _cue("job_uses", r"\bour (?:existing |internal |current |global )?(?:crm|erp|ats|cms)?\s?[,(]?\s?$", 0),
)
_JOB_EXPERIENCE = (
    _cue(
        "job_experience",
        r"\b(?:experienced?|proficien\w+|knowledge|familiar\w*|expertise|skills?|skilled|fluen\w+|hands-on|"
        r"understanding|background|command|mastery|certifi\w+|comfortable|erfahrung(?:en)?|\w*kenntnisse?n?|"
        r"umgang|vertraut|expérience|maîtrise\w*|connaissances?|experiencia|conocimientos?|dominio|manejo|"
        r"ervaring|kennis|experiência|conhecimentos?|domínio|esperienza|conoscenza)\b",
        14,
    ),
    _cue("job_experience", r"^\W*(?:use|using|utili[sz]e|leverage|administer|configure)\b", 3),
    _cue("job_experience", r"^\W*(?:tools?|technologies|software|systems|crm|environment|tech)\s?:", 3),
    # A duty that names its tool: "Maintain accurate records in Salesforce".
    _cue("job_experience", r"\b(?:in|within|using|via|through|with|into|on|mit|avec|con|met|com) $", 0),
)
_COMPANY_ACTS = (
    _cue(
        "denied",
        r"\b(?:we|our (?:\w+ )?\w+) (?:currently )?(?:do not|don['’]t|never|no longer|did not|didn['’]t|are not|"
        r"aren['’]t|have not|haven['’]t|stopped|have stopped)\s(?!just |only |merely |simply )(?:\w+ )?(?:us(?:e|ed|ing)|rely\w* on|run\w* on|need|"
        r"support)\b",
        3,
    ),
    _cue("denied", r"\b(?:moved|migrated|switched) away from\b", 3),
    _cue(
        "denied",
        r"\b(?:we|our (?:\w+ )?team|the company)(?:['’]ve| have| has)? (?:since |recently |finally |long )?(?:moved off(?: of)?|dropped|abandoned|retired|decommissioned|got rid of|stopped using|stopped working with|said goodbye to)\b",
        3,
    ),
    _cue(
        "denied",
        r"\b(?:wir haben [\w-]*\s?aufgehört mit|wir haben uns verabschiedet von|wir haben uns gegen)\b|\bnous avons (?:abandonné|arrêté d['’]utiliser|cessé d['’]utiliser)\b|\b(?:hemos dejado de (?:usar|utilizar)|dejamos de (?:usar|utilizar)|abandonamos)\b|\b(?:wij|we) zijn gestopt met\b",
        3,
    ),
    _cue(
        "denied",
        r"\b(?:nous |on )?(?:n['’]utilisons|n['’]utilise|ne travaillons) (?:pas|plus|jamais)\b(?! (?:seulement|uniquement|que)\b)|\b(?:ya )?no (?:utilizamos|usamos|trabajamos con)\b(?! (?:solo|sólo|solamente)\b)|"
        r"\b(?:já )?não (?:utilizamos|usamos|trabalhamos com)\b|\bnon (?:utilizziamo|usiamo|lavoriamo con)\b|\b(?:wij|we) gebruiken (?:geen|niet)\b|"
        r"\bwir (?:nutzen|verwenden|benutzen) kein(?:e|en)?\b",
        3,
    ),
    _cue("migrated_from", r"\b(?:moved|migrated|switched|transitioned) (?:\w+ ){0,5}?from\b", 3),
    _cue("migrated_from", r"\bwe (?:have )?replaced (?:our )?", 3),
    _cue(
        "migrating_from",
        r"\b(?:migrat(?:e|ing|ion)|mov(?:e|ing)|switching|transition(?:ing)?|port(?:ing)?) (?:\w+ ){0,6}?from\b",
        4,
    ),
    _cue("migrating_from", r"\b(?:replacing|replace|sunsetting|phasing out) (?:our )", 3),
    _cue("migrating_from", r"\b(?:migration|umstellung|wechsel|ablösung) (?:von|des)\b", 4),
    _cue("migrating_from", r"\bmigration (?:de|depuis|desde|vanaf|van|da)\b", 4),
    _cue(
        "migrating_from",
        r"\bwir (?:wechseln|steigen|stellen|migrieren|ziehen) (?:[\w-]+ ){0,3}?von\b|\b(?:wij|we) (?:stappen|migreren|gaan) (?:[\w-]+ ){0,3}?van\b|"
        r"\b(?<!nous )nous (?:passons|migrons|quittons|basculons) (?:[\w-]+ ){0,3}?(?:de|depuis|d['’])|\b(?:estamos (?:migrando|pasando|cambiando)|migramos|pasamos) (?:[\w-]+ ){0,2}?(?:de|desde)\b|"
        r"\bestamos (?:migrando|mudando) (?:[\w-]+ )?d[eo]\b|\bstiamo (?:passando|migrando) (?:[\w-]+ )?da\b",
        3,
    ),
    _cue(
        "evaluates",
        r"\b(?:evaluating|assessing|piloting|trial+ing|considering|exploring|looking (?:at|into)|"
        r"proof of concept (?:with|for|of)|poc (?:with|for|of)|evaluieren)\b",
        5,
    ),
)
_INTEGRATES = (
    _cue(
        "integrates_with",
        r"\b(?:integrat\w+|connect(?:s|ed|ors?|ions?|ivity)?|sync(?:s|ed|ing|hroni[sz]\w+)?|interoperab\w+|"
        r"anbindung\w*|schnittstellen?|intégr\w+|conect\w+|koppel\w+)(?: [\w-]+){0,4}? "
        r"(?:with|into|to|for|an|mit|zu|avec|à|con|com|met|de)\b"
        r"(?: (?:your|their|the|existing|own|current|favou?rite|tools?|apps?|systems?|like|such as)\b){0,5}",
        5,
    ),
    _cue(
        "integrates_with",
        r"\b(?:integrations?|connectors?|integrationen|intégrations|integraciones|integraties)"
        r"(?: (?:such as|including|like|include|includes))?\s?[:–—-]",
        4,
    ),
    # "Les intégrations Salesforce et Slack", "Las integraciones con SAP", "De koppelingen met Exact".
    _cue(
        "integrates_with",
        r"\b(?:les|nos|des) (?:intégrations|connecteurs)(?: (?:natives?|avec|à|pour|pour|vers))*|\b(?:las|nuestras|los|nuestros) (?:integraciones|conectores)(?: (?:nativ[ao]s|con|para))*|"
        r"\b(?:de|onze) (?:integraties|koppelingen|connectoren)(?: (?:met|voor|naar))*|\b(?:die|unsere) (?:integrationen|schnittstellen|konnektoren|anbindungen)(?: (?:zu|für|an|mit))*|"
        r"\b(?:le|le nostre) integrazioni(?: (?:native|con|per))*|\b(?:as|nossas) integrações(?: (?:nativas|com|para))*",
        1,
    ),
    _cue(
        "integrates_with",
        r"\b(?:integreert|koppelt|synchroniseert|werkt samen) (?:[\w-]+ )?met\b|\b(?:integriert|synchronisiert) (?:sich )?(?:[\w-]+ )?mit\b|"
        r"\bs['’]intègre(?:nt)? (?:[\w-]+ )?(?:à|avec|dans)\b|\bse (?:integra|conecta|sincroniza)n? (?:[\w-]+ )?(?:con|a)\b|\bsi (?:integra|collega|connette) (?:[\w-]+ )?(?:con|a)\b|"
        r"\bse (?:integra|conecta)m? (?:[\w-]+ )?(?:com|ao?)\b|\bintegra-se (?:[\w-]+ )?(?:com|ao?)\b",
        4,
    ),
    _cue(
        "integrates_with",
        r"\b(?:plays?|gets? along) (?:well|nicely|nice|great|fine) with\b|\b(?:works?|goes|go) (?:hand in hand|side by side|out of the box|right alongside) with\b|(?<!\bwe )(?<!\bwill )\bworks? (?:\w+ )?with\b|\bplugs? (?:\w+ )?into\b|\bcompatible (?:\w+ )?with\b",
        4,
    ),
    # "Files and apps to ..." are moved, "an add-on to any ... plan" is bought: those connect nothing.
    _cue(
        "integrates_with",
        r"\b(?:(?:connectors?|plug-?ins?|extensions?|add-?(?:in|on)s?|apps?) for|connectors? to)\b",
        3,
    ),
    _cue("integrates_with", r"\b(?:exports?|exported|imports?|imported) (?:\w+ ){0,4}?(?:to|from)\b", 3),
    # "Pull metrics to Grafana" is what a product does; "push the change to GitHub" is somebody's work.
    _cue(
        "integrates_with",
        r"\b(?:push(?:es)?|pulls?) (?:[\w-]+ ){0,3}?(?:data|metrics|logs|contacts|leads|records|orders|reports|invoices|transactions|customers|deals|audiences|results|documents|tickets|candidates) (?:[\w-]+ ){0,2}?(?:to|into|from)\b",
        3,
    ),
    _cue("integrates_with", r"\bconnect (?:your|their|with)\b", 1),
    # "Connect HubSpot, Slack or NetSuite in a few clicks", "Sync with Jira": an order to the reader
    _cue("integrates_with", r"^\W*(?:connect|sync|integrate|link)(?: (?:to|with))? $", 0),
    _cue(
        "integrates_with",
        r"^\W*(?:connect|sync|integrate|link|synchroni[sz]e) (?:your|all your) (?:[\w-]+ ){1,3}(?:with|to) $",
        0,
    ),
    _cue(
        "integrates_with",
        r"\b(?:connect|link|sync|plug)(?= [^.;!?]{2,120}? (?:to|with|into) (?:your|one|a single|the same)\b)",
        0,
    ),
)
_NONE = (
    _cue(
        "none",
        r"\b(?:customers?|clients?|users|companies|businesses|brands|organi[sz]ations|merchants|people|anyone|"
        r"kunden|clientes?|klanten|unternehmen|entreprises|empresas|"
        r"your|their|if you|you (?:can|could|may|might|use|already|want|need)|whether|"
        r"(?:may|might|could|can|would) (?:also )?(?:use|be)|"
        r"compared?|versus|vs\.?|than|alternatives?|unlike|instead of|rather than|similar to|competitors?|"
        r"such companies|formerly|former|previously|worked (?:at|for|with)|founded|backed|acquired|investors?|alumni|"
        r"part of|by applying|subsidiary|without|not just|partnered|announced|blog|how to|learn|guide|tutorial|course|"
        r"help|helps|helping|enables?|allows?|lets?)\b",
        99,
    ),
    # Teams elsewhere: "at Stripe", "companies like Salesforce".
    _cue("none", r"\b(?:from|at) (?:companies|places|teams)(?: (?:like|such as))?\b|\bthe likes of\b", 99),
)

TEXT_CUES: tuple[Cue, ...] = (*_USES, *_COMPANY_ACTS, *_INTEGRATES, *_NONE)
JOB_CUES: tuple[Cue, ...] = (*_USES, *_JOB_USES, *_JOB_EXPERIENCE, *_COMPANY_ACTS, *_INTEGRATES, *_NONE)

AFTER_INTEGRATION = re.compile(
    r"^['’s]{0,2}[ -](?:(?:crm|data|api|two-way|native|erp|sso) ){0,2}"
    r"(?:integrations?|connectors?|plug-?ins?|add-?(?:on|in)s?|extensions?|sync\b|schnittstelle|anbindung|koppeling|integratie)"
    # "lässt sich mit Salesforce und SAP integrieren", "can be connected to": the verb stands at the end.
    r"|^ (?:[\w-]+ ){0,2}?(?:integrieren|verbinden|koppeln|synchronisieren|anbinden|verknüpfen|integriert werden|koppelen|verbinden|synchroniseren)\b",
    re.IGNORECASE,
)
# "HubSpot integration challenges" are a complaint, "Slack alternatives" other products.
SPOKEN_ILL_OF = re.compile(
    r"^(?:s|en)? (?:\w+ )?(?:challenges?|issues?|problems?|costs?|fees?|pitfalls?|difficulties|errors?|limitations?)\b",
    re.IGNORECASE,
)
RIVALS_OF_IT = re.compile(
    r"^(?:['’]s)? (?:alternatives?|competitors?|rivals?|replacements?|clones?)\b", re.IGNORECASE
)
# "HubSpot integration services" are sold to clients; they connect nothing of the seller's.
INTEGRATION_SOLD = re.compile(
    r"^(?:s|en)?[ -](?:(?:and|und|&) \w+ )?(?:programmier\w*|entwickl\w*|development|services?|consult\w*|experts?|agency|agentur|beratung|partners?|spezialist\w*|specialists?|projects?|projekte?)\b",
    re.IGNORECASE,
)
# A writer's "we": "For example, here we use Redis", "In this tutorial, we use Python".
TUTORIAL = re.compile(
    r"\b(?:for (?:example|instance)|here,? we|let['’]s|in (?:this|our|the following|the next|the above) (?:example|tutorial|guide|article|post|implementation|case|section|demo|sample|recipe|walkthrough|video|course|chapter)|we (?:will|['’]ll|are going to) (?:use|build|create)|step [0-9]+"
    r"|zum beispiel|in diesem (?:beispiel|tutorial|artikel)|par exemple|dans (?:cet exemple|ce tutoriel|cet article)|por ejemplo|en este (?:ejemplo|tutorial|artículo)|bijvoorbeeld|in dit (?:voorbeeld|artikel))\b",
    re.IGNORECASE,
)
# What a maker for others builds with: "Our developers leverage Swift to deliver solutions", "we build apps using React".
BUILT_FOR_OTHERS = re.compile(
    r"\b(?:to|we|and|that|developers|engineers|experts) (?:build|builds|deliver|delivers|create|creates|develop|develops|design|designs|craft|crafts|provide|provides|offer|offers) (?:[\w,'’&-]+ ){0,6}?(?:solutions?|apps?|applications?|products?|websites?|software|experiences?|services?|stores?|shops?|mvps?)\b"
    r"|\b(?:development|design) (?:company|services|agency|firm|partner)\b",
    re.IGNORECASE,
)
# Another company's project with the account: "A retailer partnered with Acme for its integration with Power BI".
ANOTHERS_PROJECT = re.compile(
    r"\b(?:partnered|teamed up|collaborated) with\b|\b(?:hired|engaged|approached|commissioned) (?:us|our)\b|\bthe client\b|\bcase study\b"
    # An agency's list of services: "HubSpot Agentur / Schnittstellen-Programmierung / Chargebee Integration".
    r"|\b\w*agentur\b|\bprogrammier(?:ung|en)\b|\b(?:integration|implementation|development|consulting) services\b",
    re.IGNORECASE,
)
# "Our X integration is in active development", "coming soon": it is not there.
TO_COME = re.compile(
    r"\b(?:coming (?:soon|in|later|next)|(?:in|under) (?:active )?development|on (?:our|the) roadmap|planned|in the works|being built|work in progress|in Entwicklung|in Planung|geplant|demnächst|bald verfügbar"
    r"|bientôt|en cours de développement|prévue?s?|próximamente|en desarrollo|binnenkort|in ontwikkeling|gepland)\b",
    re.IGNORECASE,
)
# "A framework to develop apps for ..." is work to be done, not an app that exists.
DEVELOPED = re.compile(
    r"\b(?:develop|build|create|design|code|write|ship|publish)(?:ing|s)? (?:[\w-]+ ){0,5}$", re.IGNORECASE
)
# "It needs a live connection to ..." tells of something else's need.
NEEDED = re.compile(
    r"\b(?:needs?|requires?|requiring|lost?|loses?|without|braucht|benötigt|nécessite|necesita|heeft nodig)\b[^.;:]{0,30}$",
    re.IGNORECASE,
)
# "Connect to your Managed Kafka clusters": what the account hosts, not what it connects to.
HOSTED = re.compile(r"\b(?:managed|hosted|serverless) (?:service for )?(?:Apache |Amazon )?$", re.IGNORECASE)
GERUND_FIRST = re.compile(
    r"^\W*(?:syncing|integrating|connecting|migrating|importing|exporting)\b", re.IGNORECASE
)
BY_MEANS_OF = re.compile(r"\b(?:using|via|through|by means of|with the help of)\b", re.IGNORECASE)
AFTER_SELLS = re.compile(
    r"^[ -](?:(?!(?:its|our|their|your|his|her|my|and|as|strategic|is|are|was|to|for|with)\b)[\w&-]+ ){0,3}?(?:partners?\b(?! (?:with|manager|marketing|account|to|on|up|in))|resellers?|consult(?:ing|ancy|ants?)\b|"
    r"implementation (?:services|partner|specialists?)|agency|agentur|experts|solutions? provider|"
    r"managed services|(?:development|migration|consulting) (?:services|company|agency)|integrator|"
    r"beratung|partenaire|intégrateur|consultora|dienstleister|systemhaus)\b",
    re.IGNORECASE,
)
BEFORE_SELLS = re.compile(
    r"\b(?:certified|official|authori[sz]ed|premier|gold|silver|platinum|elite|diamond|zertifizierter?|offizieller?|"
    r"partenaire|certifié|socio|oficial|gecertificeerd)(?: [\w-]+){0,2} $",
    re.IGNORECASE,
)
BEFORE_RESOLD = re.compile(
    r"\b(?:reseller of|consulting (?:for|around|on)|implementation of|we (?:implement|resell)) $",
    re.IGNORECASE,
)
# German and Dutch deny at the end: "Wir verwenden Salesforce nicht (mehr)".
AFTER_DENIAL = re.compile(
    r"^(?: (?!und|oder|aber|en|of|maar|et|y|e)[\w-]+){0,2} (?:nicht|niet)\b(?! (?:nur|alleen|zuletzt))"
    r"|^(?: (?!(?:und|oder|aber|en|of|maar)\b)[\w-]+){0,6} (?:nicht mehr|niet meer)\b",
    re.IGNORECASE,
)
# "Salesforce setzen wir nicht ein", "Jira kommt bei uns nicht zum Einsatz", "Salesforce gebruiken we niet": the object first.
OBJECT_DENIED = re.compile(
    r"^ (?:nutzen|verwenden|benutzen|setzen|brauchen|haben) wir (?:[\w-]+ ){0,4}?nicht\b(?! (?:nur|allein|zuletzt))|^ (?:kommt|kommen|ist|sind|wird|werden|läuft|spielt) bei uns (?:[\w-]+ ){0,3}?(?:nicht|keine Rolle)\b(?! (?:nur|allein|zuletzt))"
    r"|^ (?:gebruiken|zetten|hebben) (?:wij|we) (?:[\w-]+ ){0,3}?niet\b(?! (?:alleen|enkel))|^ (?:is|wordt|zit) (?:er )?bij ons (?:[\w-]+ ){0,2}?niet\b"
    r"|^,? (?:nous )?(?:ne l['’](?:utilisons|employons)|on ne l['’]utilise|n['’]est) (?:pas|plus)\b(?=[^.;]{0,40}(?:$|nous|[.;]))|^,? (?:ya )?no l[oa] (?:usamos|utilizamos|empleamos)\b"
    r"|^,? (?:we|our team) (?:do not|don['’]t|no longer) (?:use|need|run)\b",
    re.IGNORECASE,
)
# "No Zendesk here: we decided against it", "Kein SAP bei uns"
BEFORE_NO = re.compile(r"^\W*(?:no|kein(?:e|en)?|pas de|sin|geen) $", re.IGNORECASE)
AFTER_NO = re.compile(
    r"^,? (?:here\b|in our (?:stack|company|house|office)|in this (?:company|house)|at our (?:company|office)|bei uns\b|in unserem haus|chez nous\b|aquí\b|en nuestra (?:empresa|casa)|bij ons\b|hier\b)",
    re.IGNORECASE,
)
# The sentence behind one that names a product: "... served us well for years; we stopped using it in spring".
GIVEN_UP = re.compile(
    r"^\W*(?:but |then |since then |in [\w ]{3,20},? )?we (?:have |had |['’]ve )?(?:since |then |now |recently )?(?:stopped using|no longer use|don['’]t use|do not use|moved off|moved away from|dropped|abandoned|retired|replaced|got rid of|decided against) (?:it|them)\b(?! for\b)"
    r"|^\W*(?:aber )?(?:wir (?:nutzen|verwenden|benutzen) (?:es|sie|ihn) (?:heute )?nicht mehr|wir haben uns dagegen entschieden|heute nutzen wir (?:es|sie|ihn) nicht mehr)\b"
    r"|^\W*(?:mais )?nous (?:ne l['’]utilisons plus|l['’]avons (?:abandonné|remplacé))\b|^\W*(?:pero )?(?:ya no l[oa] (?:usamos|utilizamos)|(?:hemos dejado|dejamos) de (?:usar|utilizar)l[oa])\b"
    r"|^\W*(?:maar )?(?:we|wij) (?:gebruiken het niet meer|zijn ermee gestopt|hebben het vervangen)\b",
    re.IGNORECASE,
)
SERVED_US = re.compile(
    r"\b(?:we|us|our|wir|uns\w*|nous|notre|nos|nuestr\w+|usábamos|utilizábamos|wij|ons|onze)\b", re.IGNORECASE
)
# "We do not integrate with X", "no connector for X": what stands before the word of connecting ...
NOT_CONNECTED = re.compile(
    r"(?:\b(?:do|does|did|can|could)(?: not|n['’]t)|\bcannot|\bcan['’]t)(?: yet| currently| \w+ly)? $|\b(?:no|kein(?:e|en|er)?|geen|aucune?|pas d['e’]|ningún|ninguna|no hay|no existe|no tenemos|no ofrecemos|n['’]a pas d['e’]|il n['’]y a pas d['e’]) ?"
    r"(?:(?:native|ready-made|official|built-in|public|fertige[nr]?|eigene[nr]?|native[nr]?|offizielle[nr]?|kant-en-klare|officiële|direct|an?|un|una|une)? ?){0,2}$|\b(?:ne s['’]|ne se |no se |non si )$",
    re.IGNORECASE,
)
# ... in it, or behind the product: "Eine Integration mit X gibt es nicht".
NOT_WITHIN = re.compile(r"^[\w'’-]+ (?:\w+ )?(?:niet|nicht|pas|no)\b", re.IGNORECASE)
NOT_BEHIND = re.compile(
    r"^ (?:gibt es|haben wir|bieten wir|besteht|ist|is er|hebben (?:we|wij)|bieden (?:we|wij)|bestaat)(?: [\w-]+){0,3}? (?:nicht|niet)\b|^ (?:is|are) not (?:available|offered|supported)|^ (?:does not|doesn['’]t) exist|^ (?:n['’]existe pas|no existe)",
    re.IGNORECASE,
)
# "We use Salesforce data to ..." tells of the product sold, not of a tool in use; "AWS data centers" do.
AFTER_NOT_USE = re.compile(
    r"^ (?!data[ -](?:cent|ware))(?:data|users?|customers?|contacts|records|accounts)\b", re.IGNORECASE
)
AFTER_EXPERIENCE = re.compile(
    r"^[ -](?:[\w/&-]+ ){0,3}?(?:experience|expertise|skills?|knowledge|proficiency|certifi\w+|"
    r"administrat\w+|developer|engineer|architect|erfahrung|kenntnisse|admin)\b",
    re.IGNORECASE,
)
NO_EXPERIENCE = re.compile(
    r"\bno (?:\w+ ){0,2}$|\bwithout (?:\w+ )?$|\bkeine (?:\w+ )?$",
    re.IGNORECASE,
)
NOT_NEEDED = re.compile(
    r"^[ -](?:\w+ ){0,3}?(?:is |are )?(?:not|n['’]t) (?:needed|required|necessary|a must)|"
    r"^ (?:experience|knowledge|skills)(?: is| are)? (?:not )?(?:needed|required|necessary)",
    re.IGNORECASE,
)
NEGATION_BETWEEN = re.compile(
    r"\b(?:not|no|never|kein\w*|nicht|pas|aucun\w*|ningún|geen|niet|não|senza|neither|nor|except)\b",
    re.IGNORECASE,
)
HYPOTHETICAL = re.compile(
    r"\b(?:whether (?:you|your|it)|if you|regardless of|no matter|may (?:also )?use|might (?:also )?use|could use|"
    r"imagine|suppose|would use|soll(?:te)?n? sie|falls sie|wenn sie|si vous|si usted|als je|se você)\b",
    re.IGNORECASE,
)
NICE_TO_HAVE = re.compile(
    r"\b(?:nice[- ]to[- ]haves?|(?:is |are |huge |big |strong |definite )?(?:a|an|as) (?:\w+ )?(?:plus|bonus|advantage|asset)|"
    r"bonus(?: points)?|preferred|preferably|ideally|desirable|advantageous|would be great|beneficial|good to have|"
    r"von vorteil|wünschenswert|idealerweise|pluspunkt|gerne auch|un plus|atout|souhaité\w*|idéalement|apprécié\w*|"
    r"deseable|valorable|se valorará|es un plus|idealmente|pluspunt|een pré|diferencial|desejável|preferibil\w+)\b",
    re.IGNORECASE,
)
ALTERNATIVES = re.compile(
    r"\b(?:e\.g\.|z\. ?b\.|bspw\.)|\b(?:or (?:a )?(?:similar|equivalent|comparable|related|another|other|alike)|or the like|and/or|for example|"
    r"for instance|such as|like|one of|any of|similar|comparable|oder ähnlich\w*|oder vergleichbar\w*|"
    r"beispielsweise|o similar\w*|ou similaire\w*|ou équivalent\w*|of vergelijkbaar|of soortgelijk|ou semelhante\w*|etc)\b",
    re.IGNORECASE,
)
FIRST_PERSON = re.compile(
    r"\b(?:we|our|us|wir|unser\w*|nous|notre|nos|nuestr\w+|wij|onze|ons|nós|noss\w+|noi|nostr\w+)\b|['’]s\b",
    re.IGNORECASE,
)

HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "nice",
        re.compile(
            r"nice[- ]to[- ]have|bonus|\bplus(?:es)?\b|preferred|desirable|good to have|extra credit|even better|"
            r"wünschenswert|von vorteil|atouts|deseable|diferencia|pluspunt",
            re.IGNORECASE,
        ),
    ),
    (
        "stack",
        re.compile(
            r"(?:our|the|notre|unser|nuestro|onze) (?:[\w-]+ ){0,2}stack|^\W*(?:tech(?:nology|nical)?[ -]?)?stack\b|"
            r"tools (?:we|you'll|you’ll|you will) use|technologies we use|our tools|what we use|our technolog|tech we use",
            re.IGNORECASE,
        ),
    ),
    (
        "requirements",
        re.compile(
            r"require|qualification|what you(?:'|’)?(?:ll| will)? (?:bring|need|have)|you have|must[- ]have|\bskills\b|"
            r"your profile|who you are|about you|looking for|minimum|experience|anforderung|profil|mitbring|"
            r"requisit|competenc|compétences|vereisten|wat (?:je|jij|u) ",
            re.IGNORECASE,
        ),
    ),
    (
        "duties",
        re.compile(
            r"responsib|what you(?:'|’)?(?:ll| will) (?:do|be)|your role|the role|your (?:tasks|mission)|duties|day[- ]to[- ]day|"
            r"aufgaben|missions?\b|funciones|taken\b|atividades",
            re.IGNORECASE,
        ),
    ),
    (
        "other",
        re.compile(
            r"about (?:us|the company)|benefits|we offer|what you(?:'|’)?ll get|perks|compensation|salary|equal opportunit|"
            r"who we are|our (?:clients|customers|partners)|wir bieten|über uns|nous offrons|ofrecemos",
            re.IGNORECASE,
        ),
    ),
)
TITLE_ROLE = re.compile(
    r"^[ -/](?:[\w&+/-]+ ){0,3}?(?:administrator|admin|developer|engineer|architect|consultant|manager|specialist|"
    r"analyst|owner|lead|expert|entwickler(?:in)?|programmer|operator|associate)\b",
    re.IGNORECASE,
)
