"""How companies name their own line of business in a sentence, in seven languages.

`industries.py` reads labels ("Industry: Logistics") and `product_words.py` has what software vendors sell;
this file reads prose: a sector word with a word for a company ("a logistics company", "Energieunternehmen",
"une société de travaux publics"), or a noun that names such a company by itself ("freight forwarder",
"Spedition", "éditeur de logiciels").
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import NamedTuple

from agent.canonical.literals import choices_in, find_all, holds_each, leading_words, needed_choices, words_in
from agent.canonical.product_words import products_named

_I = re.IGNORECASE


class _Words(NamedTuple):
    """Words of one industry.

    `en` stands before "company" or "provider"; `stems` before German and Dutch compounds; `of` after
    "entreprise de", "empresa de", "bedrijf in de", "Unternehmen für"; `nouns` name the company alone.
    """

    en: str
    stems: str
    of: str
    nouns: str


_WORDS: dict[str, _Words] = {
    "cybersecurity": _Words(
        r"cyber[ -]?security|information security|it[ -]security|network security|cloud security|endpoint (?:security|protection)|application security|cyber[ -]?defen[cs]e",
        r"cyber-?security|it-?sicherheits?|it-?security|cyber-?sicherheits?|cyber-?beveiligings?|informationssicherheits?",
        r"cyber-?sécurité|sécurité informatique|ciber-?seguridad|seguridad informática|cybersicurezza|sicurezza informatica|cibersegurança|segurança da informação|cyber-?security|cyberbeveiliging|it-?sicherheit|cybersicherheit",
        r"",
    ),
    "fintech": _Words(
        r"fintech|fin-tech|financial technology|payments?(?: technology| processing| infrastructure)?|embedded finance|lending technology",
        r"fintech|zahlungs(?:dienst)?|payment|finanztechnologie|betaal",
        r"fintech|paiements?|technologie financière|services de paiement|pagos|tecnología financiera|pagamenti|pagamentos|tecnologia finanziaria|betalingen|zahlungen|finanztechnologie|financiële technologie",
        r"payment (?:processor|service provider)|zahlungsdienstleister|betaaldienstverlener|fintech",
    ),
    "financial_services": _Words(
        r"financial services|banking|asset management|wealth management|investment(?: management)?|private equity|venture capital|lending|leasing",
        r"finanz(?:dienstleistungs)?|vermögensverwaltungs|leasing|beleggings",
        r"services financiers|gestion d['’]actifs|servicios financieros|servizi finanziari|serviços financeiros|financiële diensten|finanzdienstleistungen",
        r"neobank|asset manager|credit union|wealth manager|private bank|retail bank|commercial bank|savings bank|finanzdienstleister|vermögensverwalter|privatbank|banque(?: privée)?|société de gestion|entidad financiera|banco digital",
    ),
    "insurance": _Words(
        r"insurance|reinsurance|insurtech",
        r"versicherungs?|insurtech|verzekerings?",
        r"assurances?|seguros|assicurazioni|verzekeringen|versicherungen|insurtech",
        r"insurer|reinsurer|insurance (?:broker|carrier)|versicherer|versicherungsmakler|assureur|courtier en assurances?|aseguradora|compagnia assicurativa|seguradora|verzekeraar",
    ),
    "logistics": _Words(
        r"logistics|freight(?: forwarding| transport(?:ation)?| brokerage)?|trucking|shipping|transport(?:ation)?|supply[ -]chain(?: services| logistics)?|haulage|warehousing|parcel|courier|3pl|last[ -]mile delivery",
        r"logisti[ke]k?|transport|speditions?|fracht|kurier|expeditie|lager",
        r"logistique|transports?(?: et (?:de )?logistique| routier| de marchandises)?|fret|messagerie|logística|transportes?(?: y logística| e logística)?|logistica|trasporti?(?: e logistica)?|spedizioni|logistiek(?:e dienstverlening)?|logistik|spedition",
        r"freight forwarder|haulier|road carrier|3pl provider|4pl provider|logistiker|logistikdienstleister|spediteur|spedition|frachtführer|transitaire|transporteur|commissionnaire de transport|logisticien|opérateur logistique|prestataire logistique|operador(?:a)? logístic[oa]|transportista|operatore logistico|spedizioniere|transportadora|expediteur|logistiek dienstverlener|logistieke dienstverlener|vervoerder",
    ),
    "construction": _Words(
        r"construction|civil engineering|building(?: construction)?|general contracting|infrastructure construction|roofing|homebuilding",
        r"bau|hochbau|tiefbau|bouw|aannemers|infra",
        r"construction|travaux publics|btp|bâtiment|génie civil|construcción|obras públicas|obra civil|ingeniería civil|costruzioni|edilizia|construção(?: civil)?|engenharia civil|bouw|bauwesen|civiele techniek|hoch- und tiefbau",
        r"general contractor|building contractor|construction contractor|civil engineering contractor|home ?builder|bauträger|baufirma|bauunternehmer|bauunternehmung|generalunternehmer|aannemer|bouwer|constructora|impresa edile|construtora|entreprise générale du bâtiment|constructeur de maisons",
    ),
    "energy": _Words(
        r"(?:renewable |clean |green |solar |wind )?energy|renewables|solar(?: power)?|wind power|oil (?:and|&) gas|clean[ -]?tech|power generation|hydrogen|biogas|photovoltaics?",
        r"energie|solar|zonne-?energie|wind(?:kraft|energie)?|photovoltaik|wasserstoff|strom",
        r"énergies?(?: renouvelables?)?|énergie solaire|énergie éolienne|solaire|energías?(?: renovables?)?|energía solar|energia(?: rinnovabile| renovável| solare| solar)?|energie rinnovabili|energias renováveis|(?:duurzame |hernieuwbare |zonne-?)?energie|erneuerbare[nr]? energien?|solarenergie|windkraft",
        r"energieversorger|energiedienstleister|energy (?:supplier|utility|producer)|solar installer|wind farm operator|producteur d['’](?:énergie|électricité)|fournisseur d['’](?:énergie|électricité)|energieleverancier|stromerzeuger|comercializadora de energía|solarteur",
    ),
    "manufacturing": _Words(
        r"(?:industrial |contract |precision |electronics )?manufacturing|mechanical engineering|machine[ -]?building|machinery|industrial (?:equipment|machinery|engineering)|metalworking|machine tools?|plant engineering|mechanical",
        r"maschinenbau|anlagenbau|werkzeugbau|fertigungs|produktions|industrie|metallbau|metallverarbeitungs|machinebouw|maak|productie|metaal",
        r"construction mécanique|fabrication(?: industrielle| de machines)?|machines(?:-outils)?|mécanique(?: de précision)?|maquinaria(?: industrial)?|fabricación(?: de maquinaria| industrial)?|ingeniería mecánica|macchinari|meccanica|máquinas(?: industriais)?|fabricação|machinebouw|maschinenbau|anlagenbau|werktuigbouw(?:kunde)?",
        r"machine[ -]?(?:builder|maker|manufacturer)|machinery (?:manufacturer|maker)|equipment manufacturer|industrial manufacturer|contract manufacturer|(?:machine )?tool ?maker|maschinenbauer|anlagenbauer|maschinenhersteller|werkzeugmaschinenhersteller|constructeur de machines(?:-outils)?|fabricant (?:de machines|d['’]équipements industriels)|fabricante de (?:maquinaria|máquinas)(?: industriales| industriais| industrial)?|constructor de maquinaria|produttore di macchin(?:e|ari)|costruttore di macchine|machinebouwer|machinefabriek|manufacturer(?= of (?!software|saas|pharma|drugs|medicin|vaccin))|hersteller(?= von (?!software|medikament|arznei))|fabricant(?= d[eu] (?!logiciel))|fabricante(?= de (?!software|medicamentos))|produttore(?= di (?!software|farmaci|energia|contenuti))|fabrikant(?= van (?!software))|machinefabrikant|makers? of (?:industrial |heavy |special )?(?:machinery|machines|machine tools)|(?:entreprise|groupe|société) industriel(?:le)?|(?:empresa|grupo) industrial|(?:azienda|gruppo) industriale",
    ),
    "automotive": _Words(r"automotive|car manufacturing", r"automobil|automotive|auto-?zuliefer", r"automobile|automoción|automotive|automobili", r"automotive supplier|car ?maker|car manufacturer|automaker|automobilzulieferer|automobilhersteller|équipementier automobile|constructeur automobile|fabricante de automóviles"),
    "food_beverage": _Words(r"food(?: and beverage| processing| production)?|beverage", r"lebensmittel|getränke|voedings", r"alimentation|agroalimentaire|alimentación|alimentos|alimentare|alimentos e bebidas|levensmiddelen", r"brewery|food (?:producer|manufacturer)|brauerei|lebensmittelhersteller|brasserie artisanale"),
    "chemicals": _Words(r"(?:speciality |specialty )?chemicals?", r"chemie|spezialchemie", r"chimie|química|chimica|chemie", r"chemical (?:manufacturer|producer)|chemikalienhersteller"),
    "packaging": _Words(r"packaging", r"verpackungs|verpakkings", r"emballages?|envases y embalajes|imballaggi|embalagens|verpakkingen", r"packaging (?:manufacturer|producer)|verpackungshersteller"),
    "electronics": _Words(r"electronics|semiconductors?", r"elektronik|halbleiter|elektronica", r"électronique|semi-conducteurs|electrónica|semiconductores|elettronica|semiconduttori|eletrônica", r"chip ?maker|electronics manufacturer|halbleiterhersteller"),
    "aerospace_defense": _Words(r"aerospace|defen[cs]e|space|aviation", r"luftfahrt|raumfahrt|rüstungs", r"aéronautique|défense|aeronáutica|aerospaziale|luft- und raumfahrt", r"aircraft manufacturer|defen[cs]e contractor|flugzeugbauer|avionneur"),
    "life_sciences": _Words(r"biotech(?:nology)?|(?:bio)?pharma(?:ceuticals?)?|life[ -]sciences?|drug discovery", r"biotech(?:nologie)?|pharma|biopharma|farma", r"biotechnologies?|pharmaceutique|biotecnología|farmacéutica|biotecnologie|biotecnologia|farmaceutica|biotechnologie", r"drug ?maker|pharmaunternehmen|laboratoire pharmaceutique"),
    "medical_devices": _Words(r"medical (?:devices?|technology|equipment)|med[ -]?tech", r"medizintechnik|medtech|medisch", r"dispositifs médicaux|technologies médicales|dispositivos médicos|dispositivi medici|medizintechnik|medische technologie", r"medical device (?:maker|manufacturer)|medizintechnikhersteller"),
    "healthcare": _Words(
        r"health[ -]?care|digital health|health[ -]?tech|e-?health|telehealth|telemedicine|health services|home care|medical services|hospital",
        r"gesundheits|klinik|zorg|gezondheidszorg|digital-?health|ehealth|e-health|pflege|healthtech|healthcare",
        r"(?:services? de )?santé(?: numérique)?|soins(?: à domicile)?|(?:servicios? de )?salud(?: digital)?|sanidad|atención médica|sanità(?: digitale)?|servizi sanitari|saúde(?: digital)?|gezondheidszorg|zorg|digitale (?:zorg|gezondheit|gesundheit)|gesundheitswesen|e-?health|telemedicina|télémédecine",
        r"(?:health ?care|healthcare services) provider|hospital (?:group|operator)|clinic (?:group|operator|chain)|care provider|gesundheitsdienstleister|klinikbetreiber|klinikgruppe|prestataire de (?:soins|santé)|groupe hospitalier|zorgaanbieder|zorgverlener|proveedor(?:a)? de (?:servicios de )?salud|grupo hospitalario|grupo hospitalar|fornitore di servizi sanitari",
    ),
    "education": _Words(
        r"ed[ -]?tech|education(?:al)?(?: technology| services)?|e-?learning|online learning|training|learning technology",
        r"bildungs|edtech|e-?learning|lern|weiterbildungs|onderwijs|opleidings|leer",
        r"éducation|formation(?: professionnelle)?|e-?learning|edtech|enseignement|technologie éducative|educación|tecnología educativa|formación|istruzione|formazione|educação|onderwijs|bildung|weiterbildung|tecnologia educacional|tecnologia educativa",
        r"business school|university|e-learning provider|bildungsanbieter|weiterbildungsanbieter|organisme de formation|opleider|onderwijsaanbieder",
    ),
    "ecommerce": _Words(
        r"e-?commerce|online retail|online shopping|electronic commerce",
        r"e-?commerce|online-?handels|versandhandels|webwinkel",
        r"e-?commerce|commerce (?:en ligne|électronique)|vente en ligne|comercio (?:electrónico|en línea|online)|commercio elettronico|vendita online|comércio eletr[ôó]nico|online-?handel|onlinehandel|webwinkels",
        r"online (?:retailer|shop|store|marketplace|merchant)|e-?commerce (?:retailer|merchant|brand)|e-?tailer|onlineh[äa]ndler|online-händler|versandhändler|e-commerçant|cybermarchand|tienda (?:online|en línea)|webshop|webwinkel|online-?retailer|loja (?:online|virtual)|negozio online",
    ),
    "retail": _Words(r"retail(?:ing)?|grocery", r"einzelhandels|handels|detailhandels|winkel", r"distribution|grande distribution|commerce de détail|venta al por menor|comercio minorista|vendita al dettaglio|varejo|detailhandel|einzelhandel", r"retailer|supermarket chain|retail chain|department store|einzelhändler|handelskette|enseigne de distribution|cadena de (?:tiendas|supermercados)|catena di negozi|rede de lojas|winkelketen"),
    "wholesale": _Words(r"wholesale|wholesale distribution", r"großhandels|groothandels", r"commerce de gros|négoce|comercio mayorista|commercio all['’]ingrosso|groothandel|großhandel", r"wholesaler|wholesale distributor|großhändler|grossiste|mayorista|grossista|groothandel|atacadista"),
    "agriculture": _Words(r"agri(?:cultural|culture|business)|farming|ag[ -]?tech", r"agrar|landwirtschafts|landbouw|agrartechnik", r"agriculture|agricultura|agricoltura|agronegócio|landbouw|landwirtschaft", r"grower cooperative|agricultural producer"),
    "mining": _Words(r"mining|mineral exploration|gold mining", r"bergbau|mijnbouw", r"minier|extraction minière|minería|mineração|mijnbouw|bergbau", r"gold miner|mine operator"),
    "utilities": _Words(r"water utility|utility|utilities|water services", r"versorgungs|wasser|nuts", r"distribution d['’]eau|abastecimiento de agua|servizi idrici", r"stadtwerke|netzbetreiber|grid operator|gestionnaire de réseau|nutsbedrijf"),
    "media": _Words(r"media|publishing|news|broadcasting", r"medien|verlags|media|uitgevers", r"médias|presse|édition|medios de comunicación|editoria|mídia|media", r"publisher|publishing house|broadcaster|verlag(?:shaus)?|maison d['’]édition|uitgever(?:ij)?|casa editrice|news agency"),
    "telecommunications": _Words(r"tele-?communications?|telecoms?|mobile network|broadband", r"telekommunikations?|telecom|telekom", r"télécommunications|télécoms?|telecomunicaciones|telecomunicazioni|telecomunicações|telecommunicatie|telekommunikation", r"telecoms? (?:operator|carrier)|mobile (?:network )?operator|telekommunikationsanbieter|mobilfunkanbieter|opérateur (?:télécoms?|de télécommunications|mobile)|operadora de telecomunicaciones|internet service provider"),
    "real_estate": _Words(r"real[ -]estate|property(?: management| development)?|prop[ -]?tech", r"immobilien|vastgoed|proptech", r"immobilier|inmobiliaria|bienes raíces|immobiliare|imobiliária|vastgoed|immobilien", r"property (?:developer|manager)|real[ -]estate (?:agency|developer|broker|investor)|projektentwickler für immobilien|immobilienmakler|immobilienentwickler|promoteur immobilier|agence immobilière|promotora inmobiliaria|makelaar"),
    "professional_services": _Words(r"(?:management |business |strategy )?consulting|accounting|advisory|audit", r"beratungs|unternehmensberatungs|advies|steuerberatungs", r"conseil(?: en (?:management|stratégie))?|consultoría|consulenza|consultoria(?: empresarial)?|expertise comptable|unternehmensberatung|advies", r"management consultancy|accountancy firm|audit firm|unternehmensberatung|steuerberatungskanzlei|wirtschaftsprüfungsgesellschaft|cabinet (?:de conseil|d['’]expertise comptable|comptable)|consultora|adviesbureau|accountantskantoor|società di consulenza"),
    "legal_services": _Words(r"law|legal services", r"rechtsanwalts|advocaten", r"", r"law firm|anwaltskanzlei|rechtsanwaltskanzlei|cabinet d['’]avocats|despacho de abogados|bufete de abogados|studio legale|escritório de advocacia|advocatenkantoor"),
    "marketing_advertising": _Words(r"(?:digital |performance |content |influencer )?marketing|advertising|public relations|branding|creative|digital|seo|media buying", r"werbe|marketing-?|reclame|digital-?", r"marketing(?: digital)?|publicité|communication|publicidad|pubblicità|reclame|werbung", r"(?:digital|marketing|creative|advertising|branding|performance|pr|seo|media|content)(?: marketing)? agency|werbeagentur|digitalagentur|marketingagentur|agence de (?:communication|publicité|marketing)|agence (?:digitale|web|marketing)|agencia de (?:marketing|publicidad|comunicación)|agenzia (?:di (?:marketing|comunicazione|pubblicità)|web)|agência (?:de (?:marketing|publicidade)|digital)|reclamebureau|marketingbureau"),
    "staffing_hr": _Words(r"staffing|recruitment|recruiting|temporary work|executive search|talent acquisition", r"personaldienstleistungs?|zeitarbeits|personalvermittlungs|uitzend|wervings", r"recrutement|intérim|travail temporaire|trabajo temporal|selección de personal|ricerca e selezione|recrutamento|personalvermittlung|zeitarbeit", r"(?:staffing|recruitment|recruiting|employment|temp) agency|executive search firm|headhunter|personaldienstleister|personalvermittler|personalberatung|cabinet de recrutement|agence d['’]intérim|empresa de trabajo temporal|agenzia per il lavoro|uitzendbureau|wervingsbureau"),
    "business_support": _Words(r"facility (?:management|services)|facilities|cleaning|waste management|security services|outsourcing|bpo|call cent(?:er|re)", r"facility|gebäudereinigungs|entsorgungs|reinigungs|schoonmaak|sicherheitsdienst", r"nettoyage|propreté|facility management|limpieza|pulizie|limpeza|gestion des déchets|gestión de residuos|schoonmaak", r"facility (?:manager|services provider)|gebäudedienstleister|entsorger|schoonmaakbedrijf"),
    "hospitality": _Words(r"hospitality|travel|tourism|hotel|restaurant|catering", r"hotel|reise|tourismus|reis|gastronomie|catering|horeca", r"hôtellerie|tourisme|restauration|hostelería|turismo|viajes|ristorazione|hotelaria|viagens|toerisme|horeca|reisen", r"tour operator|hotel (?:group|chain|operator)|travel agency|restaurant (?:chain|group)|reiseveranstalter|hotelkette|hotelgruppe|gastronomiebetrieb|groupe hôtelier|voyagiste|cadena hotelera|catena alberghiera|agencia de viajes|reisorganisatie|caterer"),
    "entertainment": _Words(r"entertainment|sports|music|film production|events?", r"unterhaltungs|veranstaltungs|sport|evenementen", r"divertissement|spectacle|entretenimiento|intrattenimento|entretenimento|événementiel|entertainment", r"record label|film studio|production house|sports club|eventagentur|agence événementielle"),
    "gaming": _Words(r"(?:video )?gam(?:es|ing)|mobile games?|esports", r"gaming|spiele|games?", r"jeux vidéo|videojuegos|videogiochi|jogos", r"game(?:s)? (?:studio|developer|publisher)|spieleentwickler|studio de jeux vidéo|estudio de videojuegos|gamestudio"),
    "it_services": _Words(r"it[ -]services|it consulting|(?:custom |bespoke |web |app |mobile |mobile app |web and mobile )?(?:software )?development services|custom software development|software (?:development|engineering|consulting|outsourcing)|(?:web|app|mobile app|web and mobile|web and app) development|managed (?:it )?services|systems? integration|digital transformation|product engineering|it outsourcing|cloud consulting|data consulting", r"it-?(?:dienstleistungs|beratungs|systemhaus)|it-?consulting|ict", r"services informatiques|conseil (?:en )?informatique|services numériques|servicios informáticos|consultoría tecnológica|consultoría informática|servizi informatici|consulenza informatica|serviços de ti|consultoria de ti|ict-diensten|it-?dienstverlening|it-?dienstleistungen|it-?beratung|it-services", r"it (?:consultancy|service provider)|(?:(?:ai|it|cloud|sap|erp|data|technology|digital transformation|devops) consulting|(?:(?:custom|mobile|web|ai|saas|android|ios|native|cross-platform|enterprise|progressive web) ){0,2}(?:software|app|application|website|web|pwa|mvp|ai|blockchain)(?: design and)? (?:development|engineering)) services|(?:pwa|progressive web app|mobile app|web app|software|blockchain|ai) development (?:company|agency|firm|studio|partner)|software house|systems? integrator|managed service provider|it-dienstleister|it-systemhaus|systemhaus|it-beratung|it-beratungsunternehmen|softwaredienstleister|esn|ssii|intégrateur de systèmes|it-dienstverlener|software factory|(?:web|app|software)(?: development)? (?:agency|studio)|digital product studio|web ?agentur"),
    "developer_tools": _Words(r"developer[ -]tools?|dev[ -]?tools?|developer infrastructure|api infrastructure", r"", r"outils pour développeurs|herramientas para desarrolladores", r"(?:developer|api) platform|developer tools? (?:maker|vendor)"),
    "artificial_intelligence": _Words(r"artificial intelligence|ai|machine learning|generative ai|ai research|conversational ai|ai safety(?: and research)?", r"ki|ai", r"intelligence artificielle|inteligencia artificial|intelligenza artificiale|inteligência artificial|künstliche intelligenz|kunstmatige intelligentie", r"ai lab|ai research lab"),
    "hr_tech": _Words(r"hr[ -]?tech|hr software|human resources software|payroll software", r"hr-?tech|hr-?software|personalsoftware", r"logiciels? rh|software de recursos humanos|software rh", r"hr (?:platform|software vendor)|hris"),
    "martech": _Words(r"mar[ -]?tech|ad[ -]?tech|marketing (?:technology|automation|software)|advertising technology", r"martech|adtech", r"martech|adtech|technologie publicitaire", r"marketing automation platform|ad ?tech platform"),
    "software": _Words(
        r"(?:enterprise |business |cloud |b2b |vertical |open[ -]source |data |accounting |erp |crm |logistics |healthcare |legal |education |insurance |banking |construction |retail |supply chain |design |project management |analytics )?software|saas|software[ -]as[ -]a[ -]service|cloud software|deep ?tech",
        r"(?:business-|unternehmens|cloud-?|erp-|standard|b2b-)?software|saas",
        r"(?:édition de )?logiciels?(?: d['’]entreprise| de gestion| métier| en mode saas)?|solutions logicielles|saas|(?:desarrollo de )?software(?: empresarial| de gestión| a medida)?|sviluppo (?:di )?software|software(?: gestionale| house)?|desenvolvimento de software|softwareontwikkeling|software",
        r"software (?:developer|maker|vendor|house|publisher|provider)|saas (?:provider|vendor|platform)|software-?haus|software-?hersteller|software-?anbieter|software-?entwickler|softwareschmiede|saas-?anbieter|éditeur (?:de )?(?:logiciels?|saas|de solutions logicielles)(?: d['’]entreprise| de gestion)?|desarrollador(?:a)? de software(?: empresarial)?|fabricante de software|proveedor(?:a)? de software(?: empresarial)?|produttore di software|software ?ontwikkelaar|softwareleverancier|softwarehuis|softwarebouwer|desenvolvedora de software|empresa desarrolladora de software"
        r"|(?:accounting|invoicing|billing|payroll|inventory management|scheduling|crm|erp|hcm|project management|work management|data|analytics|data analytics|collaboration|customer engagement|customer service|customer data|business intelligence|help ?desk|communications?|e-?signature|productivity|no-code|low-code|observability|automation|workflow)(?: automation| management)? (?:software|platform|tool|app|suite)(?! (?:company|provider|vendor|firm))",
    ),
}  # fmt: skip

_COMPANY_EN = (
    r"(?:compan(?:y|ies)|firms?|business|group|providers?|vendor|specialists?|enterprise|start-?up|scale-?up|corporation|operator|organi[sz]ation"
    r"|player|leader|supplier|conglomerate|contractor|manufacturer|maker|pioneer|innovator|house|consultancy|agency|cooperative|unicorn)"
)
_COMPANY_DE = r"(?:unternehmen|firma|konzern|gruppe|anbieter|dienstleister|spezialist(?:in)?|hersteller|betrieb|start-?up|gesellschaft|haus|partner|agentur|experte)"
_COMPANY_NL = r"(?:bedrijf|onderneming|concern|groep|dienstverlener|aanbieder|specialist|leverancier|organisatie|start-?up|partij|huis|bureau)"
_COMPANY_OF = (
    r"(?:entreprise|société|groupe|acteur|spécialiste|prestataire|fournisseur|start-?up|pme|eti|cabinet|compagnie|maison|leader|expert"
    r"|empresa|compañía|firma|grupo|proveedor(?:a)?|prestador(?:a)?|operador(?:a)?|especialista|startup|pyme|sociedad"
    r"|azienda|società|impresa|gruppo|fornitore|operatore|realtà|companhia|fornecedor(?:a)?|negócio"
    r"|bedrijf|onderneming|specialist|dienstverlener|leverancier|aanbieder|groep"
    r"|unternehmen|firma|anbieter|spezialist|dienstleister|konzern|gruppe|start-?up)"
)
_LINK = (
    r"(?:spécialisée? (?:dans|en) |especializad[oa]s? en |dedicad[oa] al? |specializzat[oa] in |especializad[oa] em |gespecialiseerd in |actie(?:f|ve) (?:dans|in) |du secteur |del sector |del settore |do setor |nel settore |uit de sector |aus dem bereich |im bereich |aus der branche |in de sector |no setor )?"
    r"(?:(?:de |des |du |d['’]|de la |de l['’]|dans |dans le |dans la |dans les |en |del |di |della |delle |dei |da |do |dos |das |em |in de |in het |in |voor |van |von |für |der |des |in der |rund um |aus der )(?:l['’]|la |le |les |el |los |las |il |lo |de |het |die |das |den )?)?"
)


class _Sector:
    """An industry's words; the pattern is made when a text holds one of the words it needs."""

    def __init__(self, code: str, source: str) -> None:
        self.code, self._source = code, source
        flags = _I | re.UNICODE
        self.needed, self.leading = needed_choices(source, flags), leading_words(source, flags)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self._source, _I)


@lru_cache(maxsize=1)
def _patterns() -> tuple[_Sector, ...]:
    sectors = []
    for code, words in _WORDS.items():
        forms = []
        if words.en:
            forms.append(rf"(?:{words.en})(?:[ -](?:and|&) \w+)? (?:services )?{_COMPANY_EN}")
        if words.stems:
            forms.append(rf"(?:{words.stems})-?(?:{_COMPANY_DE}|{_COMPANY_NL})(?:s|en|n)?")
        if words.of:
            forms.append(rf"{_COMPANY_OF} {_LINK}(?:{words.of})")
        if words.nouns:
            forms.append(rf"(?:{words.nouns})(?:s|n|e[ns]?)?")
        source = rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])"
        sectors.append(_Sector(code, source))
    return tuple(sectors)


class Kind(NamedTuple):
    """Words that name a kind of company: the industry's code and where they stand."""

    code: str
    start: int
    end: int


class _Possible(NamedTuple):
    """A sector that a text may name: of each choice of words a sentence needs one, of `leading` it begins with one."""

    sector: _Sector
    needed: tuple[tuple[str, ...], ...]
    leading: tuple[str, ...] | None


@lru_cache(maxsize=4)
def _possible(lowered: str) -> tuple[_Possible, ...]:
    """Return the sectors that a whole text may name, with those of their words that it has."""
    return tuple(
        _Possible(each, needed, words_in(each.leading, lowered))
        for each in _patterns()
        if (needed := choices_in(each.needed, lowered)) is not None
    )


@lru_cache(maxsize=1)
def _all_sectors() -> tuple[_Possible, ...]:
    return tuple(_Possible(each, each.needed, each.leading) for each in _patterns())


def kinds_of_company(text: str, within: str | None = None) -> tuple[Kind, ...]:
    """Return every kind of company named in a sentence; of overlapping ones the longest counts.

    "insurance software company" is software, not insurance. `within` is the whole text in lower case, for
    who asks about many sentences of it: what stands nowhere in it is not looked for in each.
    """
    text = text[:1000]
    lowered = text.lower()
    found = [
        Kind(each.sector.code, match.start(), match.end())
        for each in (_all_sectors() if within is None else _possible(within))
        if holds_each(each.needed, lowered)
        for match in find_all(each.sector.pattern, each.leading, text, lowered)
    ]
    found += [Kind(*product) for product in products_named(text, within)]
    if not found:
        return ()
    kept: list[Kind] = []
    for kind in sorted(found, key=lambda each: (each.start - each.end, each.start, each.code)):
        if all(kind.end <= other.start or kind.start >= other.end for other in kept):
            kept.append(kind)
    return tuple(sorted(kept, key=lambda each: each.start))


def find_kind(text: str, code: str) -> tuple[int, int] | None:
    """Return where `text` names a company of the industry `code`, or `None`."""
    return next(((kind.start, kind.end) for kind in kinds_of_company(text) if kind.code == code), None)
