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
