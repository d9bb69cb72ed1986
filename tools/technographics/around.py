"""The words round a product's name that change what a cue says of it, or say it alone.

What stands behind it ("... integration", "... partner", "... alternatives"), what denies, supposes or puts off, and
what shows that a sentence speaks of somebody else's work. The cues themselves are in `cues.py`.
"""

from __future__ import annotations

import re

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

TITLE_ROLE = re.compile(
    r"^[ -/](?:[\w&+/-]+ ){0,3}?(?:administrator|admin|developer|engineer|architect|consultant|manager|specialist|"
    r"analyst|owner|lead|expert|entwickler(?:in)?|programmer|operator|associate)\b",
    re.IGNORECASE,
)
