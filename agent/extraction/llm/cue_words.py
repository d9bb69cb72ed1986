"""Which words, and which kinds of page, go with an attribute: where it pays to let a model read.

Closed lists, wide on purpose: a passage shown in vain costs tokens, one left out costs the fact.
"""

from __future__ import annotations

CUES: dict[str, str] = {
    "employee_count": r"employees|employs?\b|employing|people|staff|team\s+of|headcount|workforce|mitarbeit|beschäftig|salari|collaborat|emplead|dipendent|medewerker|funcion|従業員|社員",
    "founded_year": r"found|establish|since|began|start|history|gegründet|seit|fond|cré[ée]|depuis|fundad|desde|opgericht|sinds|(?:19|20)\d\d",
    "headquarters": r"headquarter|based\s+in|head\s+office|\bhq\b|address|located|hauptsitz|sitz|siège|sede|gevestigd|本社",
    "operating_region": r"countr|region|worldwide|global|europe|asia|america|offices?\s+in|länder|pays|país|paesi|landen",
    "industry": r"industr|platform|provider|manufactur|software|services?|solutions?|we\s+(?:are|make|build|help)|anbieter|branche|secteur|sector|settore|speciali[sz]|supplier|retailer|agency|\bbank\b|unternehmen|hersteller|métier|activité|entreprise|fabricant|empresa|fabricante|azienda|produttore|bedrijf|leverancier|dienstverlener",
    "revenue": r"revenue|turnover|sales\s+of|\barr\b|umsatz|chiffre|ingresos|fatturato|omzet|[$€£]\s?\d",
    "growth_rate": r"grew|grow|%|doubled|tripled|wachs|crois|crec",
    "total_funding": r"rais|fund|invest|backed|[$€£]\s?\d",
    "funding_round": r"series\s+[a-k]\b|seed|round|rais|fund|invest|[$€£]\s?\d",
    "funding_stage": r"series\s+[a-k]\b|seed|ipo|bootstrap|listed|nasdaq|nyse",
    "ownership": r"owned|privately|publicly|listed|subsidiary|family|backed|nasdaq|nyse",
    "parent": r"subsidiary|part\s+of|parent|group|acquired\s+by|gehört|filiale",
    "subsidiary": r"subsidiar|brands?|acquired|group",
    "business_model": r"b2b|b2c|saas|marketplace|subscription|businesses|consumers",
    "technology": r"\buse|stack|built\s+(?:on|with)|powered|integrat|connect|migrat|experience\s+with|tools|nutz|utilis|utiliz",
    "api_offered": r"\bapi|sdk|webhook|developer",
    "certification": r"soc\s?[12]|iso[\s/-]|hipaa|pci|gdpr|certif|complian|fedramp|zertifi",
    "go_to_market": r"demo|sales|self-serve|sign\s+up|free|partner|reseller",
    "pricing_model": r"pric|per\s+(?:user|seat|month)|free|trial|plan|quote|pay\s+as",
    "customer_segment": r"customers|enterprise|small\s+business|startups|teams|for\s+(?:companies|businesses)|kunden|clients",
    "partner_program": r"partner|reseller|affiliate|referral",
    "hiring": r"hir|open\s+(?:role|position)|join\s+(?:us|our)|career|vacanc|stellen|recrut|vacant",
    "leadership_change": r"appoint|joins?\b|joined|named|ceo|cto|cfo|coo|chief|steps?\s+down|president|vorstand",
    "product_launch": r"launch|introduc|announc|new|release|available|beta",
    "expansion": r"open|expan|new\s+(?:office|market)|enter|launch",
    "acquisition": r"acqui|merge|bought|takeover|übern|rachat",
    "layoffs": r"lay(?:ing)?\s?-?off|laid\s+off|job\s+cuts|redundan|restructur|stellenabbau",
    "partnership": r"partner|alliance|collaborat|teams?\s+up|together\s+with",
    "event_attendance": r"conference|summit|booth|expo|fair|messe|salon|event",
    "vendor_evaluation": r"evaluat|looking\s+for|select|rfp|tender|compar",
    "pain_point": r"problem|challeng|struggl|pain|difficult|manual|delay|cost|risk|issue",
    "goal": r"goal|aim|mission|vision|plan|target|strateg|want\s+to|ambition",
    "buying_trigger": r"new|replac|migrat|grow|expan|deadline|regulat|complian",
    "buying_role": r"ceo|cto|cfo|coo|cmo|cio|ciso|chief|head\s+of|director|vp\b|vice\s+president|founder",
    "budget_signal": r"budget|invest|spend|fund",
    "team_structure": r"team|department|squad|report",
    "sales_methodology": r"meddic|meddpicc|challenger|spin|bant|sandler|account-based|outbound|inbound",
}
PAGES: dict[str, frozenset[str]] = {
    "about": frozenset(
        [
            "employee_count",
            "founded_year",
            "headquarters",
            "industry",
            "ownership",
            "operating_region",
            "total_funding",
            "parent",
        ]
    ),
    "contact": frozenset({"headquarters", "operating_region"}),
    "legal": frozenset({"headquarters", "parent", "ownership"}),
    "careers": frozenset({"hiring", "employee_count", "technology", "team_structure"}),
    "security": frozenset({"certification", "technology"}),
    "pricing": frozenset({"pricing_model", "go_to_market", "customer_segment"}),
    "press": frozenset(
        [
            "funding_round",
            "leadership_change",
            "product_launch",
            "expansion",
            "acquisition",
            "partnership",
            "layoffs",
            "revenue",
            "growth_rate",
        ]
    ),
    "product": frozenset({"industry", "business_model", "api_offered", "customer_segment"}),
    "home": frozenset({"industry", "business_model", "customer_segment"}),
    "partners": frozenset({"partner_program", "partnership"}),
    "faq": frozenset(
        [
            "employee_count",
            "founded_year",
            "headquarters",
            "certification",
            "api_offered",
            "technology",
            "pricing_model",
        ]
    ),
}
