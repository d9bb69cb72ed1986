"""Closed vocabularies: funding stages, ownership, certifications, motions, pricing, segments.

Each maps the ways people write a term to the one name facts and profiles use.
"""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Vocabulary = Literal[
    "funding_stage",
    "ownership",
    "business_model",
    "certification",
    "go_to_market",
    "pricing_model",
    "customer_segment",
    "partner_program",
    "sales_methodology",
    "leadership_change",
]

_SERIES = {
    f"series_{letter}": (f"series {letter}", f"série {letter}", f"serie {letter}") for letter in "abcdefghijk"
}
_TERMS: dict[Vocabulary, dict[str, tuple[str, ...]]] = {
    "funding_stage": {
        "bootstrapped": ("self-funded", "self funded", "eigenfinanziert"),
        "angel": ("angel round", "angel investment"),
        "pre_seed": ("pre-seed", "preseed", "pre seed round", "pre-seed round"),
        "seed": ("seed round", "seed funding", "seed extension", "seed financing", "seed-runde", "amorçage"),
        **_SERIES,
        "growth": ("growth round", "growth equity", "growth funding", "growth financing", "late stage"),
        "debt": (
            "debt financing", "venture debt", "debt facility", "debt funding", "debt round", "credit facility", "private credit", "private credit facility", "credit line", "line of credit",
            "loan", "term loan", "loan facility", "revolving credit facility", "kreditlinie", "kreditfazilität", "darlehen", "ligne de crédit", "financement par la dette", "financement par dette", "financement en dette", "prêt",
            "línea de crédito", "préstamo", "kredietfaciliteit", "lening",
        ),
        "grant": ("grant funding",),
        "private_equity": ("pe-backed", "private equity round", "private equity-backed"),
        "ipo": ("initial public offering", "post-ipo", "public"),
        "acquired": (),
    },
    "ownership": {
        "public": (
            "publicly traded", "publicly listed", "public company", "listed", "publicly held", "börsennotiert", "börsennotierte", "börsennotiertes",
            "cotée en bourse", "stock exchange", "nasdaq", "nyse", "lse", "euronext", "asx", "tsx", "xetra", "hkex",
        ),
        "private": ("privately held", "privately owned", "private company", "privat", "non listed"),
        "family_owned": (
            "family owned", "family-owned", "family-run", "family run", "family business", "familiengeführt", "familiengeführte", "familiengeführtes",
            "familienunternehmen", "entreprise familiale", "empresa familiar", "azienda familiare", "familiebedrijf",
        ),
        "venture_backed": ("venture-backed", "vc-backed", "venture backed", "venture capital backed"),
        "private_equity": ("pe-backed", "private equity backed", "private-equity owned", "private equity owned"),
        "subsidiary": (
            "wholly owned subsidiary", "wholly-owned subsidiary", "division", "tochter", "tochtergesellschaft", "tochterunternehmen", "tochterfirma", "filiale", "filial", "subsidiaria", "dochter",
            "dochteronderneming", "dochterbedrijf", "dochtermaatschappij", "controllata",
        ),
        "nonprofit": ("non-profit", "nonprofit organization", "non-profit organization", "not-for-profit", "charity", "non profit", "501(c)(3)"),
        "government": ("state-owned", "government-owned", "publicly owned utility"),
        "cooperative": ("cooperative", "co-operative", "co-op", "genossenschaft", "member-owned"),
        "employee_owned": ("employee-owned", "esop", "employee owned"),
        "founder_owned": ("founder-led and owned", "bootstrapped", "owner-managed", "inhabergeführt", "independent"),
    },
    "business_model": {
        "b2b": ("business to business", "business-to-business"),
        "b2c": ("business to consumer", "business-to-consumer", "d2c", "dtc", "direct to consumer"),
        "b2b2c": ("business to business to consumer",),
        "b2g": ("business to government", "business-to-government"),
        "marketplace": ("two-sided marketplace", "online marketplace"),
        "saas": ("software as a service", "software-as-a-service"),
        "ecommerce": ("e-commerce", "online store", "online shop", "online retailer", "online retail"),
        "services": ("agency", "professional services", "consultancy"),
    },
    "certification": {
        "SOC 2 Type II": ("soc 2 type 2", "soc2 type ii", "soc2 type 2", "soc 2 (type ii)", "soc 2 type ii"),
        "SOC 2 Type I": ("soc 2 type 1", "soc2 type i", "soc2 type 1", "soc 2 (type i)"),
        "SOC 2": ("soc2", "soc ii", "aicpa soc 2"),
        "SOC 1": ("soc1", "ssae 18", "ssae 16", "isae 3402"),
        "SOC 3": ("soc3",),
        **{f"ISO {n}": (f"iso{n}", f"iso/iec {n}", f"iso-{n}") for n in "27001 27017 27018 27701 42001 22301 20000".split()},
        **{f"ISO {n}": (f"iso{n}", f"din en iso {n}", f"en iso {n}") for n in "9001 14001 13485 45001 50001 55001 26262".split()},
        "HIPAA": ("hipaa compliant", "hipaa compliance", "hipaa-compliant"),
        "PCI DSS": ("pci-dss", "pci", "pci dss level 1", "pci compliant", "pci certified"),
        "FedRAMP": ("fedramp authorized", "fedramp moderate", "fedramp high"),
        "StateRAMP": (),
        "HITRUST": ("hitrust csf",),
        "TISAX": (),
        "CSA STAR": ("csa star level 1", "csa star level 2", "csa star"),
        "Cyber Essentials": (),
        "Cyber Essentials Plus": (),
        "BSI C5": ("c5", "c5 type 2", "c5 type ii"),
        "ENS": ("esquema nacional de seguridad",),
        "IRAP": (),
        "B Corp": ("certified b corporation", "b corporation", "b-corp", "bcorp"),
        "IATF 16949": ("iatf16949",),
        "AS9100": ("as 9100", "as9100d"),
        "TX-RAMP": (),
    },
    "go_to_market": {
        "self_serve": (
            "self-serve", "self service", "self-service", "try for free", "try it for free", "try free", "try it free", "start free trial",
            "start your free trial", "start for free", "start free", "sign up free", "sign up for free", "get started free",
            "get started for free", "create a free account", "create your free account", "create free account", "buy now",
            "free trial", "sign up. it's free", "sign up - it's free", "try it free", "get it for free",
        ),
        "sales_led": (
            "sales-led", "enterprise sales", "contact sales", "demo-led", "contact our sales", "contact our sales team", "talk to sales",
            "talk to our sales", "talk to our sales team", "contact sales team", "book a demo", "request a demo", "schedule a demo", "get a demo", "book demo", "get a free demo", "book a free demo", "request a free demo", "schedule a free demo", "book a live demo", "request a live demo", "request a personalized demo",
        ),
        "product_led": ("product-led", "product-led growth", "plg"),
        "channel": ("channel sales", "resellers", "partner-led", "partner led"),
        "hybrid": ("self-serve and sales-led", "product-led sales"),
        "community_led": ("community-led", "open source led"),
        "marketplace": ("cloud marketplace",),
    },
    "pricing_model": {
        "free": ("free of charge",),
        "freemium": ("free plan", "free tier", "free forever", "forever free", "$0"),
        "free_trial": ("free trial", "trial", "kostenlos testen", "essai gratuit", "prueba gratuita", "prova gratuita", "teste grátis"),
        "subscription": ("monthly subscription", "annual subscription", "recurring", "/month", "/mo", "/ month", "/ mo", "per month", "a month", "/year", "per year", "billed annually", "billed monthly", "billed yearly", "pro monat", "par mois", "al mes", "al mese", "per maand", "por mês"),
        "per_seat": (
            "par poste", "par siège", "par collaborateur", "je nutzer", "je benutzer", "je arbeitsplatz", "je mitarbeiter", "pro arbeitsplatz", "pro lizenz", "pro mitarbeiter",
            "per user", "per-seat", "per seat", "per-user", "seat-based", "per member", "per editor", "per agent", "per employee", "/user",
            "/seat", "pro nutzer", "pro benutzer", "par utilisateur", "por usuario", "per utente", "per gebruiker",
        ),
        "usage_based": ("pay as you go", "pay only for actual", "pay per use", "pay-per-use", "usage-based pricing", "usage-based billing", "pay for what you use", "pay only for what you use", "usage-based", "pay-as-you-go", "consumption-based", "metered", "zahlen nur, was sie nutzen", "zahlen sie nur, was sie nutzen", "zahlen nur, was sie verbrauchen", "zahlen sie nur, was sie verbrauchen", "zahlen nur für das, was sie nutzen", "payez ce que vous utilisez", "payez uniquement ce que vous utilisez", "payez que ce que vous utilisez", "payez ce que vous consommez", "payez uniquement ce que vous consommez", "paga solo por lo que usas", "paga solo por lo que utilizas", "pague solo por lo que usa", "paga solo por lo que consumes", "betaal alleen voor wat je gebruikt", "betaal alleen voor wat u gebruikt", "betaalt alleen voor wat je gebruikt", "betaalt alleen voor wat u gebruikt", "betaalt u alleen voor wat u gebruikt", "paghi solo quello che usi", "paghi solo ciò che usi", "paga solo quello che usi", "pague apenas pelo que usar", "pague apenas pelo que usa", "pague só pelo que usar",
            "abrechnung nach verbrauch", "abrechnung nach nutzung", "nach verbrauch abgerechnet", "nach nutzung abgerechnet", "nutzungsbasierte abrechnung", "nutzungsbasierte preise", "nutzungsbasiertes preismodell", "facturation à l'usage", "facturation à la consommation", "paiement à l'usage",
            "facturación por uso", "facturación por consumo", "pago por uso", "afrekening naar gebruik", "afrekening naar verbruik", "betalen naar gebruik", "tariffazione a consumo", "tariffa a consumo", "cobrança por uso"),
        "quote_based": ("custom pricing", "request pricing", "get a free quote", "request a quote", "request a custom quote", "custom quote", "tailored pricing", "contact us for pricing", "get pricing", "get a quote", "preis auf anfrage", "preise auf anfrage", "pricing on request", "pricing upon request", "pricing is available on request", "price on request", "prices on request", "for a quote", "quoted individually", "individuelles angebot", "individuelle preise", "tarif sur demande", "tarifs sur demande", "prix sur demande", "tarif sur mesure", "tarifs sur mesure", "devis sur mesure", "devis sur demande", "tarifs sur devis", "prix sur devis", "presupuesto a medida", "precio a medida", "precios a medida", "presupuesto personalizado", "precio bajo petición", "precios bajo petición", "precio bajo demanda", "precio bajo consulta", "offerte op maat", "prijs op aanvraag", "prijzen op aanvraag", "prezzo su richiesta", "prezzi su richiesta", "preventivo su misura", "preventivo personalizzato", "preço sob consulta", "preços sob consulta", "orçamento personalizado"),
        "transaction_fee": ("transaction fee", "transaction fees", "per transaction", "per successful transaction", "per card charge", "per successful card charge", "transaction-based", "take rate", "commission"),
        "one_time": ("one-time", "perpetual license", "lifetime"),
        "open_source": ("open source", "open-source"),
    },
    "customer_segment": {
        "consumer": ("consumers", "individuals", "b2c"),
        "freelancers": ("freelancer", "solopreneurs", "self-employed", "selbstständige", "autónomos"),
        "startups": ("startup", "start-ups"),
        "small_business": ("small businesses", "smes", "small and medium businesses", "small and medium-sized enterprises", "pymes", "pmi", "kleine und mittlere unternehmen", "smb", "smbs", "small business", "sme", "kmu", "tpe", "pme", "small and medium-sized businesses", "small-to-medium size business", "small merchants", "small business owners", "independent businesses"),
        "mid_market": ("mid-market", "midmarket", "mid-sized companies", "mid-sized businesses", "mid-market companies", "mid sized companies", "mittelstand"),
        "enterprise": ("enterprises", "enterprise teams", "enterprise companies", "enterprise organizations", "large enterprise", "large companies", "large enterprises", "fortune 500"),
        "developers": ("developer", "devs", "engineers", "software engineers", "engineering teams", "entwickler"),
        "agencies": ("agency",),
        "public_sector": ("government", "public sector", "governments", "government agencies"),
        "education": ("schools", "universities"),
        "healthcare_providers": ("hospitals", "clinics"),
    },
    "partner_program": {
        "reseller": ("resellers", "reseller program", "reseller programme", "become a reseller", "var"),
        "technology": ("technology partner", "technology partners", "isv", "integration partner"),
        "referral": ("referral program", "referral programme", "referral partner"),
        "affiliate": ("affiliate program", "affiliate programme", "affiliates"),
        "agency": ("agency program", "agency partner", "solution partner", "solutions partner", "implementation partner"),
        "general": ("partner program", "partner programme", "partners", "become a partner", "partnerprogramm", "partner werden", "devenir partenaire", "yes"),
    },
    "sales_methodology": {
        "MEDDIC": (), "MEDDPICC": ("meddicc",), "Challenger": ("challenger sale",), "SPIN": ("spin selling",),
        "BANT": (), "Sandler": ("sandler selling system",), "Solution selling": (), "Value selling": ("value-based selling",),
        "Account-based": ("abm", "account based marketing", "account-based marketing", "account-based selling"),
        "Command of the Message": ("force management",), "Outbound": ("cold calling", "cold outreach"), "Inbound": (),
        "Miller Heiman": ("strategic selling",), "GAP selling": (),
    },
    "leadership_change": {
        "appointed": ("appoints", "hired", "joins", "joined", "named", "hires", "new"),
        "promoted": ("promotes",),
        "departed": ("leaves", "left", "steps down", "resigns", "retires", "stepping down", "departs"),
    },
}  # fmt: skip


def terms(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the canonical names of a vocabulary, in catalogue order."""
    return tuple(_TERMS[vocabulary])


def canonical_term(vocabulary: Vocabulary, text: str) -> str | None:
    """Return the canonical name of a term however it is written, or `None` when it is not one."""
    return _INDEX[vocabulary].get(_fold(text))


def spellings(vocabulary: Vocabulary, name: str) -> tuple[str, ...]:
    """Return how a canonical term may be written, itself included."""
    return (name, name.replace("_", " "), name.replace("_", "-"), *_TERMS[vocabulary].get(name, ()))


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:120]).casefold().replace("_", " ")
    return re.sub(r"\s*:\s*(?:2013|2015|2017|2019|2022)$", "", " ".join(folded.split()).strip(" .,;®™"))


_INDEX: dict[Vocabulary, dict[str, str]] = {
    vocabulary: {
        **{_fold(alias): name for name, aliases in names.items() for alias in aliases},
        **{_fold(name): name for name in names},
        **{_fold(name.replace("_", "-")): name for name in names},
    }
    for vocabulary, names in _TERMS.items()
}
