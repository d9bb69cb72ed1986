"""What kind of company the account says it is: owner, listing, parent, industry, legal name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.extraction.rules.reading import Reading, matches
from agent.grounding.sentences import Span
from agent.models import Claim

_I = re.IGNORECASE
_TICKER = re.compile(
    r"(?P<name>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][\w&.,'’-]+){0,5}?)[ ]?[(\[](?i:NASDAQ|NYSE(?:[ ]American)?|LSE|LON|AIM|Euronext(?:[ ]\w+)?|ASX|TSXV?|XETRA|ETR|FWB|SIX|HKEX|TSE|NSE|BSE|JSE|Nasdaq[ ](?:GS|Stockholm|First[ ]North[\w ]{0,20}|Helsinki|Copenhagen)|OMX)[ ]?:[ ]?\$?[A-Z0-9.]{1,8}[)\],;]"
)
_OWNERSHIP = (
    ("public", re.compile(r"\b(?:publicly[ ](?:traded|listed)|listed[ ]on[ ]the[ ][A-Z][\w ]{2,40}(?:Exchange|Nasdaq|NYSE)|traded[ ]on[ ](?:the[ ])?(?:NASDAQ|Nasdaq|NYSE|New[ ]York[ ]Stock[ ]Exchange)|börsennotiert\w*|cotée?[ ]en[ ]bourse)")),
    ("private", re.compile(r"\bprivately[ ](?:held|owned)\b|\bprivate[ ]company\b", _I)),
    ("family_owned", re.compile(r"\bfamily[- ](?:owned|run)\b|\binhabergeführte[sn]?[ ]Familienunternehmen\b|\bFamilienunternehmen\b|\bfamiliengeführt\w*\b|\bentreprise[ ]familiale\b|\bempresa[ ]familiar\b|\bazienda[ ]familiare\b|\bfamiliebedrijf\b", _I)),
    ("employee_owned", re.compile(r"\bemployee[- ]owned\b", _I)),
    ("cooperative", re.compile(r"\b(?:member-owned|a)[ ]co-?operative\b", _I)),
    ("nonprofit", re.compile(r"\b(?:is|are|as)[ ](?:an?[ ])(?:[\w-]+[ ]){0,3}(?:non-?profit|not-for-profit)\b(?:[ ]organi[sz]ation)?", _I)),
)  # fmt: skip
_OWNERSHIP_NOT = re.compile(
    r"\b(?:customers?|clients?|your|you|businesses|companies|for|help|helps|serv\w+|partners?|brands|or)\b",
    _I,
)
_PARENT = (
    re.compile(r"\b(?P<own>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){0,3}|[Ww]e)[ ](?:is|are|became|was)[ ](?:now[ ])?(?:a[ ]|an[ ])?(?:wholly[- ]owned[ ])?(?:subsidiary|part|division|member)[ ]of[ ](?:the[ ])?(?P<parent>[A-ZÀ-Þ][\w&.-]*(?:[ ](?:[A-ZÀ-Þ&][\w&.-]*)){0,4})(?:[ ](?:family|group))?"),
    re.compile(r"\b(?P<own>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){0,2}),[ ]an?[ ](?P<parent>[A-ZÀ-Þ][\w&.-]*(?:[ ][A-ZÀ-Þ&][\w&.-]*){0,2})[ ]company\b"),
)  # fmt: skip
_A = r"(?:an?|the|your|ein|eine|une?|la|le|el|una?|uno|il|een|uma?)"
_COPULA = r"(?:is|are|ist|sind|est|sommes|es|somos|è|siamo|zijn|é)"
_SUBJECT = r"(?P<subject>\b[Ww]e|[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){0,3})"
_INDUSTRIES = (
    ("cybersecurity", r"(?:cyber[ ]?security|information[ ]security|endpoint[ ]protection)[ ](?:company|firm|vendor|provider|leader|platform|software|startup)"),
    ("fintech", r"(?:fintech|financial[ ]technology|payments?|payment[ ]processing)[ ](?:company|firm|provider|platform|startup|processor)"),
    ("it_services", r"(?:(?:custom[ ])?software|web|app|mobile(?:[ ]app)?|web[ ]and[ ]mobile(?:[ ]app)?|IT|product)[ ](?:development|engineering|consulting|consultancy|services|outsourcing)[ ](?:and[ ]\w+[ ])?(?:company|firm|agency|provider|partner|house|studio)|software[ ]house|IT[ ]consultancy|Softwaredienstleister"),
    ("marketing_advertising", r"(?:digital|marketing|creative|advertising|branding|performance|PR|SEO|media|content)(?:[ ]marketing)?[ ]agency"),
    ("ecommerce", r"online[ ](?:shop|store|retailer)|e-?commerce[ ](?:retailer|brand)"),
    ("staffing_hr", r"(?:recruitment|staffing|recruiting|executive[ ]search)[ ](?:agency|company|firm)"),
    ("logistics", r"(?:logistics|freight[ ]forwarding|trucking|shipping|transportation|3PL|supply[ ]chain[ ]services)[ ](?:company|provider|firm|carrier|business)|freight[ ]forwarder|Logistikdienstleister|Logistikunternehmen|Spedition"),
    ("insurance", r"insurance[ ](?:company|provider|carrier|group)|insurer|Versicherung(?:sunternehmen)?"),
    ("legal_services", r"law[ ]firm"),
    ("automotive", r"(?:automotive[ ](?:company|supplier|manufacturer)|car[ ](?:manufacturer|maker)|Automobilzulieferer|Automobilhersteller)"),
    ("construction", r"construction[ ](?:company|firm|contractor)|general[ ]contractor|Bauunternehmen"),
    ("real_estate", r"real[ ]estate[ ](?:company|agency|developer|firm)|property[ ](?:developer|management[ ]company)|Immobilienunternehmen"),
    ("life_sciences", r"(?:bio)?pharmaceutical[ ]company|biotech(?:nology)?[ ]company|pharma[ ]company|life[ ]sciences[ ]company"),
    ("medical_devices", r"medical[ ](?:device|technology)[ ](?:company|manufacturer|maker)|Medizintechnik(?:unternehmen|hersteller)"),
    ("telecommunications", r"(?:telecommunications|telecoms?)[ ](?:company|provider|operator|carrier)"),
    ("education", r"(?:university|business[ ]school|edtech[ ]company|education[ ](?:company|provider|technology[ ]company))"),
    ("healthcare", r"(?:hospital|health[ ]system|healthcare[ ]provider|clinic)"),
    ("financial_services", r"(?:bank|neobank|asset[ ]manager|investment[ ](?:firm|bank)|credit[ ]union|wealth[ ]management[ ]firm)"),
    ("professional_services", r"(?:management[ ]consult(?:ancy|ing[ ]firm)|consulting[ ](?:firm|company)|accounting[ ]firm|Unternehmensberatung|cabinet[ ]de[ ]conseil)"),
    ("manufacturing", r"(?:machine[ ]builder|industrial[ ]manufacturer|manufacturing[ ]company|Maschinenbauer|Maschinenbauunternehmen|contract[ ]manufacturer)"),
    ("retail", r"retailer|retail[ ](?:chain|company)|supermarket[ ]chain|Einzelhändler"),
    ("software", r"(?:(?:enterprise[ ]|cloud[ ]|business[ ])?software|SaaS|software-as-a-service)[ ](?:company|provider|vendor|platform|startup|solution|tool|application|suite|business|maker)|(?:CRM|ERP|project[ ]management|work[ ]management|developer|API|analytics|data[ ]analytics|collaboration|customer[ ]engagement|customer[ ]service|marketing[ ]automation|business[ ]intelligence|help[ ]?desk|communications?)[ ](?:software|platform|tool|app|system|suite)|accounting[ ]software|Softwareunternehmen|Softwarehersteller|éditeur[ ]de[ ]logiciels?"),
)  # fmt: skip
_INDUSTRY_PATTERNS = tuple(
    (
        code,
        re.compile(
            rf"{_SUBJECT}(?:['’]re|[ ]{_COPULA})[ ](?:now[ ])?(?:one[ ]of[ ]the[ ]|{_A}[ ])?"
            rf"(?:[\w'’/&#+-]+,?[ ]){{0,7}}?(?P<kind>(?i:{words}))(?![\w-])"
        ),
    )
    for code, words in _INDUSTRIES
)
_INDUSTRY_NOT = re.compile(
    r"\b(?:for|to|with|that|which|who|of|by|not|customers?|clients?|partner|trusted|like|used|integrat\w+)\b",
    _I,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)[ ]?(?:©[ ]?)?(?:[0-9]{4}(?:[ ]?[-–][ ]?(?:[0-9]{4}|present))?,?[ ]?)?(?:by[ ])?(?P<name>[A-ZÀ-Þ0-9][^\n©|•·]{1,60}?(?:,?[ ](?:Inc|LLC|Ltd|Limited|Corp|Corporation|GmbH|AG|SE|S\.?A\.?S?|B\.?V|AB|ApS|A/S|Oy|Pty|S\.?L|S\.?r\.?l|S\.?p\.?A|PLC|plc|L\.?P)\b\.?(?:[ ]?Ltd\.?)?))",
    _I,
)


def read_company(reading: Reading) -> Iterator[Claim]:
    """Yield ownership, parent, industry and legal name from the account's own pages."""
    if reading.document.kind == "news":
        yield from _listing(reading)
        return
    if not reading.is_own_page:
        return
    yield from _listing(reading)
    yield from _ownership(reading)
    yield from _parent(reading)
    if reading.document.purpose in ("home", "about", "press", "careers", "contact"):
        yield from _industry(reading)
    yield from _legal_name(reading)


def _listing(reading: Reading) -> Iterator[Claim]:
    for match in _TICKER.finditer(reading.text):
        name = match["name"].split(". ")[-1]
        if any(
            reading.identity.is_named(" ".join(name.split()[-count:]).strip(",. ")) for count in range(1, 5)
        ):
            quote = reading.quote_around(match.start(), match.end())
            yield from reading.claim("listing@1", "ownership", "public", quote, structured=True)
            return


def _ownership(reading: Reading) -> Iterator[Claim]:
    for value, pattern in _OWNERSHIP:
        for match, sentence in matches(reading, pattern):
            before = reading.text[max(sentence.start, match.start() - 60) : match.start()]
            after = reading.text[match.end() : match.end() + 14]
            if (
                reading.is_own_voice(sentence)
                and not _OWNERSHIP_NOT.search(before)
                and not re.match(r"[ ](?:businesses|companies|brands|customers|shops|restaurants)", after)
            ):
                yield from reading.claim(
                    "ownership@1", "ownership", value, reading.quote_around(*match.span())
                )
                return


def _parent(reading: Reading) -> Iterator[Claim]:
    for pattern in _PARENT:
        for match, sentence in matches(reading, pattern):
            own, parent = match["own"], match["parent"].strip(" .,")
            is_own = own.casefold() == "we" or reading.identity.is_named(own)
            if (
                not is_own
                or reading.identity.is_named(parent)
                or reading.is_quotation(sentence)
                or parent in _NOT_PARENTS
            ):
                continue
            quote = reading.quote_around(*match.span())
            if (
                "subsidiary" in match[0]
                or " company" in match[0]
                or re.search(r"[ ](?:[Gg]roup|family)\b", match[0])
            ):
                yield from reading.claim("parent@1", "parent", parent, quote)
                if "subsidiary" in match[0]:
                    yield from reading.claim("parent@1", "ownership", "subsidiary", quote)
                return


_NOT_PARENTS = frozenset(
    (
        "B",
        "Fortune",
        "SaaS",
        "AI",
        "American",
        "Delaware",
        "European",
        "German",
        "Inc",
        "YC",
        "Y Combinator",
        "IT",
        "Internet",
        "Israeli",
        "British",
        "French",
        "Indian",
        "Canadian",
    )
)


def _industry(reading: Reading) -> Iterator[Claim]:
    for span in reading.sentences[:120]:
        text = reading.slice(span)
        if reading.is_quotation(span):
            continue
        for code, pattern in _INDUSTRY_PATTERNS:
            match = pattern.search(text)
            if match is None:
                continue
            subject = match["subject"]
            between = text[match.start("subject") + len(subject) : match.start("kind")]
            if (
                subject.casefold() == "we" or reading.identity.is_named(subject)
            ) and not _INDUSTRY_NOT.search(between):
                yield from reading.claim(
                    "industry@1",
                    "industry",
                    code,
                    reading.quote_around(span.start + match.start(), span.start + match.end()),
                )
                return
            break


def _legal_name(reading: Reading) -> Iterator[Claim]:
    """Read the legal name beside the copyright sign, when it is the account's name with a legal form."""
    for match in _COPYRIGHT.finditer(reading.text):
        name = re.sub(r"(?<=[a-z]{5})\.$", "", " ".join(match["name"].split()).strip(" ,"))
        if reading.identity.is_mentioned(name) and len(name) <= 80:
            yield from reading.claim("copyright_name@1", "name", name, Span(*match.span()), structured=True)
            return
