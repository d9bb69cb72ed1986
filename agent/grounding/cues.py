"""The words that make a value the value of an attribute: "founded", "headquartered", "raised".

A year, a place or an amount alone proves nothing; its sentence has to say what it is. Seven languages,
closed lists.
"""

from __future__ import annotations

import re

_I = re.IGNORECASE
_FOUNDING = re.compile(
    r"\b(?:found(?:ed|ing|ers?|ation)|establish(?:ed|ment)|since|est|incorporated|inception|start(?:ed|ing|s)?|beg[au]n|born|launch(?:ed)?"
    r"|creat(?:ed|ion)|set\s+up|dating\s+back|history|back\s+in|formed|our\s+story|gegründet|gründ\w*|seit|entstand\w*|fond[ée]+e?s?|fondat\w*"
    r"|cré[ée]+e?|création|depuis|naissance|fundad[oa]s?|fundaci[oó]n|fundou|fundação|desde|cread[oa]|criad[oa]|nacid?[oa]?|nació|nasce\w*|nat[oa]"
    r"|beg(?:on\w*|ann\w*|innt)|angefangen|commencé\w*|commence|débuté?|existe|existimos|existons|besteht|bestaat|bestaan|esiste\w*|empez\w+|comenz\w+|comienza|començ\w+|iniziat\w*|inizia|cominci\w+|surgió|ins\s+leben|dal|opgericht|oprichting\w*|gestart|sinds|ontstaan|grundad\w*|grundlagt|sedan|siden|założon\w*|foundingdate|formation)\b|設立|創業|成立|创立|설립|основан",
    _I,
)
_BASED = re.compile(
    r"\b(?:headquarter(?:s|ed)?|hq|based|head\s+office|main\s+office|registered\s+(?:office|address|at|in)|principal\s+(?:office|place)"
    r"|home\s+(?:base|office)|located|hauptsitz|firmensitz|sitz|ansässig|zentrale|standort|anschrift|siège|basée?s?|domicili\w+|sede|con\s+base"
    r"|ubicad\w+|oficinas?\s+centrales|sediad[oa]|hoofdkantoor|gevestigd|huvudkontor|hovedkontor|siedzib\w+|address|global\s+office)\b"
    r"|本社|总部|總部|본사",
    _I,
)

_FUNDING_CUE = re.compile(
    r"\b(?:rais\w+|round|fund\w*|invest\w*|clos\w+|back(?:ed|ing)|(?:series\s[a-k]|seed)(?=[\s-]+(?:company|start-?up|funded|stage))|led\s+by|finan\w+|levée?\w*|lèv\w+|ronda|(?:[\w-]+-)?r[ou]nde|(?:[\w-]+)?finanzierung\w*|opgehaald|haalt|eingesammelt|sammelt|levanta\w*|captad\w*|capta|cerrad\w+|ipo|recaud\w+|captou|raccogl\w+|raccolt\w+|secur\w+|angeführt|geleid|menée?s?\s+par|liderad[oa]|encabezad[oa]|guidat[oa]|lening|loan|credit|boucl\w+|bootstrapped|self-funded|eigenfinanziert)\b"
    # "the Series A of $12 million", "una Serie C de 94 millones": a sum of money stands beside the stage
    r"|\b(?:series|s[ée]rie)[\s-][a-k]\s+(?:(?:round|over|über|van|de|of|von)\s+){0,2}(?:[$€£]\s?\d|\d[\d.,]*[\s\u00a0\u202f]?(?:m\s?€|€|mio|million|millón|miljoen))",
    _I,
)
_CUES: dict[str, re.Pattern[str]] = {
    "founded_year": _FOUNDING,
    "headquarters": _BASED,
    "revenue": re.compile(
        r"\b(?:revenues?|turnover|sales|arr|run[- ]rate|umsatz\w*|chiffre\s+d'affaires|ingresos|facturaci[oó]n|factur[óa]\w*|cifra\s+de\s+negocios?|ventas|fatturato|ricavi|omzet|receita|faturamento)\b|\bca\b",
        _I,
    ),
    "total_funding": re.compile(
        r"\b(?:rais\w+|fund\w*|invest\w*|backed|capital|finan\w+|levé\w*|recaud\w+|raccolt\w+|captad\w+|eingesammelt)\b",
        _I,
    ),
    "funding_round": _FUNDING_CUE,
    "funding_stage": _FUNDING_CUE,
    "ownership": re.compile(
        r"\b(?:privately|publicly|owned|owner|held|traded|listed\s+on|nasdaq|nyse|stock\s+exchange|subsidiary|division\s+of|backed|bootstrapped"
        r"|(?:public|private|family|independent)(?:ly)?[- ](?:company|firm|business|enterprise|owned|run)|co-?op\w*|non-?profit|charity|esop|501\(c\)"
        r"|börsennotiert|inhabergeführt|familien\w+|tochter\w*|filiale?|dochter\w*|subsidi[aá]ri\w+|controllata|genossenschaft|founder-led)\b",
        _I,
    ),
    "growth_rate": re.compile(
        r"\b(?:gr[eo]w\w*|increas\w+|rose|climbed|jumped|surged|up|doubl\w+|tripl\w+|\w*wachs\w*|wuchs|gewachsen|stieg\w*|steiger\w+|legte|erhöht\w+|progress\w+|augment\w+|hausse|aument\w+|subi\w+|steeg|croiss\w+|crec\w+|cresc\w+|groei\w*|yoy|year[- ]over[- ]year)\b|\+",
        _I,
    ),
    "hiring": re.compile(
        r"\b(?:hir\w+|recruit\w*|open(?:ing|ings|\s+positions?|\s+roles?)|vacanc\w+|jobs?|careers?|join\s+(?:us|our)|looking\s+for|seeking|apply|we're\s+growing"
        r"|stellen\w*|suchen|karriere|recrut\w+|embauch\w+|poste\w*|contrat\w+|buscamos|vacante\w*|empleo|assum\w+|posizion\w+|lavora|vacature\w*|vagas?|contratando)\b",
        _I,
    ),
}

DEPARTMENT_WORDS: dict[str, tuple[str, ...]] = {
    "sales": (
        "sales",
        "account executive",
        "account executives",
        "account manager",
        "sdr",
        "sdrs",
        "bdr",
        "vertrieb",
        "ventas",
        "vendite",
        "commercial",
        "verkoop",
        "vendas",
    ),
    "marketing": ("marketing", "marketers", "growth"),
    "customer_success": ("customer success", "csm", "csms", "onboarding"),
    "support": ("support", "customer service", "customer care", "kundenservice", "help desk"),
    "engineering": (
        "engineering",
        "engineer",
        "engineers",
        "developer",
        "developers",
        "entwickler",
        "devops",
        "software",
        "sre",
        "développeur",
        "développeurs",
        "desarrolladores",
        "sviluppatori",
        "ontwikkelaars",
    ),
    "data": ("data", "analytics", "data scientist", "data scientists", "machine learning"),
    "product": ("product", "product manager", "product managers", "produkt"),
    "design": ("design", "designer", "designers", "ux"),
    "it": ("it", "information technology", "system administrator", "sysadmin"),
    "security": ("security", "infosec"),
    "finance": ("finance", "accounting", "accountant", "accountants", "controller", "buchhaltung"),
    "legal": ("legal", "counsel", "paralegal", "compliance"),
    "people": ("people", "hr", "human resources", "recruiter", "recruiters", "talent"),
    "operations": ("operations", "ops", "operator", "operators", "logistics"),
    "supply_chain": ("supply chain", "logistics", "warehouse", "drivers", "driver", "procurement"),
    "manufacturing": ("manufacturing", "production", "assembly", "produktion"),
    "research": ("research", "researcher", "researchers", "scientist", "scientists", "r&d"),
    "healthcare": ("nurse", "nurses", "physician", "physicians", "clinical", "care"),
    "education": ("teacher", "teachers", "instructor", "instructors", "tutor", "tutors"),
    "administration": ("administration", "office manager", "assistant", "administrative"),
    "executive": ("executive", "ceo", "cto", "cfo", "coo", "vp", "chief"),
}
"""How a department is named on pages; an opening's title is matched elsewhere."""


def has_cue(attribute: str, context: str) -> bool:
    """Say whether a sentence carries the word that makes a value the value of this attribute."""
    pattern = _CUES.get(attribute)
    return pattern is None or pattern.search(context.replace("’", "'")) is not None
