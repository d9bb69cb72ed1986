"""How software vendors name what they sell: a field with "platform", "software", "tool" or the like.

A company's title and tagline seldom say "we are a software company"; they say "the payroll platform for
restaurants". The field decides the branch; "software" alone, or a field every branch serves (scheduling,
documents, analytics), is the sector itself. A platform without a field ("the platform for growth"), a
physical system and a service are none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agent.canonical.literals import holds, needed_words, words_in

_HEAD = (
    r"(?:platforms?|software|saas|apps?|applications?|tools?|toolkit|suite|solution|system|workspace|cloud|engine|assistant|copilot|agents?"
    r"|plattform(?:en)?|lösung|plateforme|logiciels?|outils?|plataforma|herramienta|solución|aplicación|piattaforma|soluzione|platform|oplossing)"
)
_FIELDS: dict[str, str] = {
    "cybersecurity": (
        r"(?:web )?application (?:security|firewall)|cyber ?-?security|cyber ?-?defen[cs]e|cloud security|network security|endpoint (?:security|protection|detection)|identity security"
        r"|data security|email security|agentic security|security operations|threat (?:intelligence|detection)|vulnerability management|zero[ -]trust|waf|xdr|siem|edr|penetration testing|password manage(?:r|ment)"
        r"|security (?:awareness|compliance)|fraud (?:prevention|detection)|privileged access|attack surface(?: management)?"
    ),
    "fintech": (
        r"payments?|payment processing|card payments?|online payments?|point[ -]of[ -]sale|pos|banking|digital banking|neobanking|credit card processing|lending|loan origination|buy now,? pay later"
        r"|embedded finance|spend management|corporate cards?|invoice financing|crypto(?:currency)?(?: trading| payments?)?|wealth management|trading|zahlungs|paiement|pagos"
    ),
    "hr_tech": (
        r"hr|hris|hcm|payroll|hr and payroll|payroll and hr|human resources?|human capital management|workforce management|people management|employee (?:engagement|experience|scheduling|onboarding|management|recognition)"
        r"|applicant tracking|talent (?:acquisition|management|intelligence)|recruit(?:ing|ment)|performance management|time (?:and|&) attendance|hr-?|personal|rh|recursos humanos"
    ),
    "martech": (
        r"marketing|email marketing|e-?mail & sms marketing|email and sms marketing|sms marketing|content marketing|digital marketing|marketing automation|marketing (?:and|&) (?:sales|crm)|email marketing and automations?|seo|social media(?: management| marketing)?"
        r"|influencer marketing|advertising|ad(?:vertising)? technology|customer data|lead generation|affiliate(?: marketing)?|referral marketing|loyalty|conversion rate optimi[sz]ation"
    ),
    "developer_tools": (
        r"api|api development|developer|devops|ci/cd|continuous integration|application hosting|cloud application|feature flag(?:ging)?|observability|error (?:monitoring|tracking)|test automation|code review"
        r"|version control|backend|web scraping|infrastructure[ -]as[ -]code|low-code development"
    ),
    "software": (
        r"crm|sales crm|erp|cms|accounting|bookkeeping|invoicing|billing|expense management|subscription management|project management|work management|task management|product management|product development|issue tracking"
        r"|workflow(?: automation| management)?|process automation|business process|automation|data|analytics|data analytics|web analytics|product analytics|business intelligence|bi|e-?commerce|online store|collaboration|team collaboration|visual collaboration|online whiteboard|productivity|design|ui design|prototyping"
        r"|no-code|low-code|website build(?:er|ing)|web design|form|survey|feedback|help ?desk|customer (?:service|support|success|experience|engagement|communications?|relationship management|feedback)|contact cent(?:er|re)|call cent(?:er|re)"
        r"|communications?|messaging|business messaging|video(?: messaging| conferencing| editing| marketing| hosting)?|screen record(?:er|ing)|meeting|transcription|scheduling|appointment(?: scheduling| booking)?|booking|reservation|event management|ticketing"
        r"|document(?: management| automation)?|e-?signature|electronic signature|contract(?: management| lifecycle management)?|knowledge(?: base| management)?|learning management|lms|property management|practice management|field service(?: management)?"
        r"|inventory(?: management)?|order management|supply chain(?: management| visibility)?|warehouse management|transport(?:ation)? management|fleet management|asset management software|maintenance management|cmms|procurement|sourcing|manufacturing execution"
        r"|compliance|grc|risk management|legal practice|case management|sales (?:enablement|engagement|intelligence|automation)|revenue (?:intelligence|operations)|quote[ -]to[ -]cash|pricing|translation management|localization|content management"
        r"|digital asset management|digital experience|time tracking|team management|personal productivity|note-?taking|spreadsheet|database|data integration|etl|data warehouse|iot|geospatial|mapping|church management|school management|donor management|association management"
        r"|membership management|construction management|clinic management|electronic health records?|ehr|salon|restaurant management|nutrition analysis|ai|ai-powered|ai innovation|enterprise|business|cloud|cloud-based|desktop|open[ -]source|saas|b2b|all-in-one business"
    ),
}
_ALONE: dict[str, str] = {
    "software": r"(?:crm|erp|cms|no-code|low-code|crm-system|erp-system|screen recorder|website builder|project management|help ?desk|spreadsheet software|cloud-?software|branchensoftware|buchhaltungssoftware|warenwirtschaft(?:ssystem)?)",
    "developer_tools": r"(?:cloud (?:platform )?for (?:builders|developers)|developer cloud|app(?:lication)? hosting)",
    "artificial_intelligence": r"(?:ai[ -]native cloud|ai cloud|ai community|ai infrastructure(?: company| platform)?|foundation models?|large language models?|generative ai (?:platform|models?|company)|machine learning (?:platform|community|company)|ai research (?:company|lab))",
    "fintech": r"(?:card readers? and pos systems?|payment solutions?|payment gateway|mobile wallet)",
    "cybersecurity": r"(?:cybersecurity['’]s (?:[\w-]+ )?platform|agentic security platform|password manager|web application firewall)",
}


_HEADS = re.compile(rf"(?<=[ -]){_HEAD}(?![\w-])", re.I)
_LONGEST_FIELD = 60
_CODES = tuple(_FIELDS)
_FIELD = re.compile("|".join(rf"(?P<f{place}>{_FIELDS[code]})" for place, code in enumerate(_CODES)), re.I)
_NAMED = re.compile(
    rf"(?<![\w-])(?:{'|'.join(f'(?P<n{place}>{words})' for place, words in enumerate(_ALONE.values()))})(?![\w-])",
    re.I,
)
_BETWEEN = re.compile(r"(?:(?: |, | & | and | und | et )[\w/&'’-]+){0,2} ")


class Product(NamedTuple):
    """Words that name a product: the industry of those who sell it, and where they stand."""

    code: str
    start: int
    end: int


_Words = tuple[str, ...] | None


@lru_cache(maxsize=4)
def _asked(within: str | None) -> tuple[_Words, _Words]:
    """Return the words of which a sentence needs one, for a name and for a head noun; of a text, those it has."""
    named, heads = needed_words(_NAMED.pattern, _NAMED.flags), needed_words(_HEADS.pattern, _HEADS.flags)
    return (named, heads) if within is None else (words_in(named, within), words_in(heads, within))


def products_named(text: str, within: str | None = None) -> Iterator[Product]:
    """Yield the products a text names, the longest field before each head noun.

    "Email marketing and automations platform": up to two words may stand between the field and "platform",
    "software", "suite" or "app"; other head nouns follow their field directly. `within` is the whole text in
    lower case, for who asks about many sentences of it.
    """
    lowered = text.lower()
    named, heads = _asked(within)
    for match in _NAMED.finditer(text) if holds(named, lowered) else ():
        place = int((match.lastgroup or "n0")[1:])
        yield Product(tuple(_ALONE)[place], *match.span())
    for head in _HEADS.finditer(text) if holds(heads, lowered) else ():
        begin = max(0, head.start() - _LONGEST_FIELD)
        roomy = head[0].casefold() in ("platform", "software", "suite", "app")
        for start in _word_starts(text, begin, head.start()):
            direct = _FIELD.fullmatch(text, start, head.start() - 1)
            field = direct or (_FIELD.match(text, start, head.start() - 1) if roomy else None)
            if field is None:
                continue
            code = _CODES[int((field.lastgroup or "f0")[1:])]
            if direct or _BETWEEN.fullmatch(text, field.end(), head.start()):
                yield Product(code, start, head.end())
                break


def _word_starts(text: str, begin: int, end: int) -> Iterator[int]:
    for place in range(begin, end):
        if (place == 0 or not (text[place - 1].isalnum() or text[place - 1] in "_-")) and text[
            place
        ].isalnum():
            yield place
