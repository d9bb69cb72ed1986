"""Industries: about thirty sectors with their NAICS 2-digit code, their branches, and other names for them.

Aliases cover how sites, profiles, CRMs and registries (LinkedIn's list, Wikidata, SEC SIC titles) call an
industry, in several languages. `industry_code` reads a *label*, not prose: the whole text must be a name of the industry.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple


class Industry(NamedTuple):
    """One industry. `parent` is the sector it belongs to, `None` for a sector; `naics` is two digits."""

    code: str
    label: str
    naics: str
    parent: str | None
    aliases: tuple[str, ...]


def _sector(code: str, label: str, naics: str, aliases: str) -> Industry:
    return Industry(code, label, naics, None, tuple(aliases.split("|")))


def _branch(parent: str, code: str, label: str, naics: str, aliases: str) -> Industry:
    return Industry(code, label, naics, parent, tuple(aliases.split("|")))


INDUSTRIES: tuple[Industry, ...] = (
    _sector("agriculture", "Agriculture", "11", "farming|forestry|fishing|agribusiness|landwirtschaft|agricultura|agricoltura|landbouw|agricultural production"),
    _sector("mining", "Mining & Metals", "21", "mining|metals and mining|bergbau|minería|mineração|metal mining"),
    _sector("energy", "Energy", "21", "oil and gas|oil & gas|renewable energy|renewables|energie|énergie|energía|energia|petroleum|solar energy|crude petroleum & natural gas|oil and energy|renewables and environment|renewable energy power generation"),
    _sector("utilities", "Utilities", "22", "electric services|water utility|power utility|versorger|electric utility"),
    _sector("construction", "Construction", "23", "building construction|bauwesen|baugewerbe|bau|bâtiment|construcción|costruzioni|bouw|construção|civil engineering"),
    _sector("manufacturing", "Manufacturing", "31", "industrial manufacturing|machinery|industrial machinery|maschinenbau|produktion|fertigung|industrie|fabricación|manifattura|productie|indústria|mechanical engineering|industrial automation|machinery manufacturing|industrial machinery manufacturing|automation machinery manufacturing|mechanical or industrial engineering|plastics manufacturing|textile manufacturing"),
    _branch("manufacturing", "automotive", "Automotive", "33", "automobile|automotive industry|motor vehicles|automobilindustrie|automobil|automoción|motor vehicles & passenger car bodies|motor vehicle manufacturing|motor vehicle parts manufacturing"),
    _branch("manufacturing", "aerospace_defense", "Aerospace & Defense", "33", "aerospace|defense|aviation and aerospace|luft- und raumfahrt|aéronautique|aircraft|defense and space|defense and space manufacturing|aviation and aerospace component manufacturing"),
    _branch("manufacturing", "chemicals", "Chemicals", "32", "chemical industry|chemical manufacturing|chemie|chimie|química"),
    _branch("manufacturing", "food_beverage", "Food & Beverage", "31", "food and beverages|food production|food industry|lebensmittel|agroalimentaire|alimentación|beverages|food and beverage manufacturing|beverage manufacturing"),
    _branch("manufacturing", "electronics", "Electronics & Semiconductors", "33", "electronics|semiconductors|consumer electronics|semiconductor|elektronik|électronique|electronic computers|semiconductors & related devices|semiconductor manufacturing|computer hardware|computer hardware manufacturing|electrical/electronic manufacturing|electrical electronic manufacturing|computers and electronics manufacturing|appliances, electrical, and electronics manufacturing"),
    _branch("manufacturing", "medical_devices", "Medical Devices", "33", "medical device|medical equipment|medtech|medizintechnik|surgical & medical instruments & apparatus|medical equipment manufacturing"),
    _branch("manufacturing", "consumer_goods", "Consumer Goods", "31", "fmcg|cpg|consumer packaged goods|apparel|fashion|cosmetics|konsumgüter|apparel & fashion|furniture|apparel manufacturing|furniture and home furnishings manufacturing|sporting goods manufacturing|personal care product manufacturing"),
    _branch("manufacturing", "packaging", "Packaging", "32", "packaging and containers|verpackung|emballage|packaging and containers manufacturing"),
    _sector("life_sciences", "Pharma & Life Sciences", "32", "pharmaceuticals|pharmaceutical industry|biotechnology|biotech|life science|pharma|pharmaceutical preparations|biological products|pharmaindustrie|biotechnology research|pharmaceutical manufacturing"),
    _sector("wholesale", "Wholesale", "42", "wholesale trade|distribution|großhandel|commerce de gros|import and export|groothandel"),
    _sector("retail", "Retail", "44", "retail trade|einzelhandel|handel|commerce de détail|commercio|detailhandel|varejo|retailing|retail industry|comercio minorista"),
    _branch("retail", "ecommerce", "E-commerce", "45", "e-commerce|ecommerce|online retail|online shopping|onlinehandel|commerce électronique|retail-catalog & mail-order houses"),
    _sector("logistics", "Logistics & Transportation", "48", "logistics|transportation|freight|supply chain|logistik|transport|logistique|logística|logistica|logistiek|trucking|shipping|freight forwarding|warehousing|transportation and logistics|transportation/trucking/railroad|logistics and supply chain|trucking (no local)|airlines|truck transportation|freight and package transportation|package/freight delivery|package freight delivery|warehousing and storage|maritime transportation|rail transportation|transportation trucking railroad|transportation, logistics, supply chain and storage|airlines/aviation|airlines and aviation|airlines aviation"),
    _sector("media", "Media & Publishing", "51", "publishing|broadcasting|newspapers|medien|médias|medios|news media|online media|mass media|periodicals|book and periodical publishing|newspaper publishing|broadcast media production and distribution|online audio and video media"),
    _sector("software", "Software", "51", "computer software|software development|saas|software as a service|enterprise software|software industry|internet software|application software|softwareentwicklung|logiciel|logiciels|éditeur de logiciels|software company|services-prepackaged software|prepackaged software|cloud computing|information technology|internet|technology, information and internet|desarrollo de software|sviluppo software|services-computer programming, data processing, etc."),
    _branch("software", "cybersecurity", "Cybersecurity", "51", "computer security|computer and network security|computer & network security|cyber security|information security|it security|it-sicherheit|cybersécurité|ciberseguridad"),
    _branch("software", "artificial_intelligence", "Artificial Intelligence", "51", "ai|machine learning|künstliche intelligenz|intelligence artificielle|generative ai"),
    _branch("software", "gaming", "Gaming", "51", "video games|video game industry|computer games|spiele|jeux vidéo|videojuegos|game development"),
    _branch("software", "martech", "Marketing Technology", "51", "marketing software|marketing automation|adtech|advertising technology"),
    _branch("software", "hr_tech", "HR Technology", "51", "hr software|human resources software|hrtech|personalsoftware"),
    _branch("software", "developer_tools", "Developer Tools", "51", "devtools|developer platform|devops"),
    _sector("it_services", "IT Services & Consulting", "54", "it services|it consulting|information technology and services|information technology & services|it services and it consulting|it-dienstleistungen|it-beratung|services informatiques|system integrator|software outsourcing|custom software development|managed services|services-computer integrated systems design|web development|consultoria de ti"),
    _sector("telecommunications", "Telecommunications", "51", "telecom|telecoms|telekommunikation|télécommunications|telecomunicaciones|telecomunicazioni|telephone communications|radiotelephone communications"),
    _sector("financial_services", "Financial Services", "52", "finance|financial service|banking|bank|investment banking|investment management|asset management|finanzdienstleistungen|finanzen|services financiers|servicios financieros|servizi finanziari|serviços financeiros|state commercial banks|national commercial banks|private equity|venture capital|capital markets"),
    _branch("financial_services", "fintech", "Fintech", "52", "financial technology|payments|payment processing|payment services|zahlungsverkehr|payment service provider|mobile payments"),
    _sector("insurance", "Insurance", "52", "versicherung|versicherungen|assurance|seguros|assicurazioni|verzekeringen|insurtech|fire, marine & casualty insurance|life insurance"),
    _sector("real_estate", "Real Estate", "53", "property|commercial real estate|immobilien|immobilier|inmobiliaria|immobiliare|vastgoed|proptech|real estate investment trusts|imobiliário"),
    _sector("professional_services", "Professional Services", "54", "consulting|management consulting|business consulting|accounting|unternehmensberatung|conseil|consultoría|consulenza|accountancy|engineering services|research services|business consulting and services"),
    _branch("professional_services", "legal_services", "Legal Services", "54", "law practice|law firm|legal|rechtsberatung|services juridiques|legal tech"),
    _branch("professional_services", "marketing_advertising", "Marketing & Advertising", "54", "advertising|marketing and advertising|advertising services|marketing services|public relations|werbung|publicité|publicidad|digital agency|marketing agency|marketing|services-advertising agencies"),
    _branch("professional_services", "architecture_design", "Architecture & Design", "54", "architecture|graphic design|interior design|architecture & planning"),
    _sector("staffing_hr", "Staffing & Human Resources", "56", "staffing and recruiting|recruitment|human resources|staffing|personaldienstleistungen|personalvermittlung|recrutement|services-help supply services|employment services|zeitarbeit|human resources services"),
    _sector("business_support", "Business Support Services", "56", "outsourcing|facility management|facilities services|call center|business process outsourcing|bpo|security services|waste management|environmental services"),
    _sector("education", "Education", "61", "higher education|e-learning|edtech|education technology|bildung|éducation|educación|istruzione|onderwijs|educação|education management|primary and secondary education|services-educational services|e-learning providers"),
    _sector("healthcare", "Healthcare", "62", "health care|hospital & health care|hospitals|medical practice|health|healthtech|digital health|gesundheitswesen|gesundheit|santé|salud|sanità|gezondheidszorg|saúde|wellness|hospitals and health care|services-hospitals|hospital health care|medical practices|mental health care|home health care services|health, wellness and fitness|health wellness and fitness"),
    _sector("entertainment", "Arts, Sports & Entertainment", "71", "sports|music|music industry|film industry|film|motion pictures|unterhaltung|gambling|arts|fitness|live events"),
    _sector("hospitality", "Hospitality & Travel", "72", "hospitality|travel|tourism|hotels|restaurants|leisure, travel & tourism|gastgewerbe|tourismus|reise|tourisme|hostelería|turismo|hotels & motels|catering|gastronomie|food service|food and beverage services|travel arrangements"),
    _sector("consumer_services", "Consumer Services", "81", "personal services|home services|repair services|beauty"),
    _sector("nonprofit", "Non-profit", "81", "non-profit organization|nonprofit organization management|charity|philanthropy|ngo|gemeinnützig|non-profit organizations|foundation|religious institutions|not for profit|nonprofit organizations"),
    _sector("government", "Government & Public Sector", "92", "public sector|public administration|government administration|öffentlicher dienst|öffentliche verwaltung|secteur public|administration publique|sector público|gobierno|overheid|municipality|military|law enforcement"),
)  # fmt: skip
_BY_CODE = {industry.code: industry for industry in INDUSTRIES}


def industry_code(text: str) -> str | None:
    """Return the code of the industry a label names, or `None`. Codes are their own labels."""
    folded = _fold(text)
    names = _names()
    if folded in names:
        return names[folded]
    trimmed = re.sub(
        r"^(?:the )|(?: (?:industry|sector|services-|companies|company|branche|sektor))$", "", folded
    )
    return names.get(trimmed)


def industry(code: str) -> Industry | None:
    """Return the industry with that code."""
    return _BY_CODE.get(code)


def industry_label(code: str) -> str:
    """Return an industry's English label, or the code itself when unknown."""
    found = _BY_CODE.get(code)
    return found.label if found else code


def industry_codes() -> tuple[str, ...]:
    """Return all industry codes, sectors and branches, in catalogue order."""
    return tuple(_BY_CODE)


def sector_of(code: str) -> str:
    """Return the sector a code belongs to (itself when it is one or unknown)."""
    found = _BY_CODE.get(code)
    return found.parent if found and found.parent else code


def industry_alias_names(code: str) -> frozenset[str]:
    """Return the folded labels, aliases and business nouns of an industry, for checking that a quote names it."""
    return frozenset(name for name, known in _names().items() if known == code) | frozenset(
        _NOUNS.get(code, "").split("|")
    ) - {""}


_NOUNS: dict[str, str] = {
    "software": "crm tool|crm platform|crm system|crm app|erp system|erp platform|project management tool|project management platform"
    "|project management app|work management platform|work management tool|developer platform|api platform|analytics platform"
    "|data platform|data analytics platform|collaboration platform|collaboration tool|collaboration app|customer engagement platform"
    "|customer service platform|customer service software|marketing automation platform|business intelligence platform"
    "|business intelligence tool|help desk|helpdesk|communications platform|communication platform|analytics tool"
    "|softwareunternehmen|softwarehersteller|éditeur de logiciel",
    "it_services": "app development|mobile app development|software development company|software development agency"
    "|software development services|software development partner|software engineering company|software house|it consultancy"
    "|product engineering|product development company|web development company|softwaredienstleister|it outsourcing",
    "marketing_advertising": "creative agency|seo agency|pr agency|branding agency|media agency|performance agency|content agency",
    "logistics": "freight forwarder|3pl|spedition|logistikdienstleister|logistikunternehmen",
    "insurance": "insurer|versicherungsunternehmen",
    "construction": "general contractor|bauunternehmen",
    "real_estate": "property developer|immobilienunternehmen",
    "financial_services": "neobank|asset manager|investment firm|credit union",
    "professional_services": "consultancy|management consultancy|cabinet de conseil",
    "manufacturing": "machine builder|manufacturer|maschinenbauer|maschinenbauunternehmen",
    "retail": "retailer|supermarket chain|einzelhändler",
    "ecommerce": "online store|online shop|online retailer",
    "staffing_hr": "executive search|recruiting agency",
    "healthcare": "hospital|clinic|health system",
    "education": "university|business school",
    "automotive": "car manufacturer|car maker|automobilzulieferer|automobilhersteller",
    "medical_devices": "medizintechnikunternehmen|medizintechnikhersteller",
    "cybersecurity": "endpoint protection",
    "life_sciences": "biopharmaceutical|pharmaceutical company",
}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for entry in INDUSTRIES:
        for name in (entry.code, entry.code.replace("_", " "), entry.label, *entry.aliases):
            names.setdefault(_fold(name), entry.code)
    return names


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:120]).casefold().replace("&", " and ").replace("_", " ")
    return " ".join(folded.split()).strip(" .,;:")
