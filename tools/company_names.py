"""Collect the names a site uses for its own company, best first.

Structured data and `og:site_name` first, then title segments that agree with the domain and the legal
name in the footer. A name that agrees with the domain beats one that does not.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from tools.domains import registrable
from tools.names import squash
from tools.pages.api import Page
from tools.pages.structured import types_of

LEGAL_FORM: Final = re.compile(
    r"(?:^|[\s,])(?:Inc|Incorporated|LLC|L\.L\.C|Ltd|Limited|LLP|PLC|plc|Corp|Corporation|Co|Company|GmbH|mbH|AG|SE|KG|KGaA|OHG|"
    r"UG|e\.?K|e\.?V|S\.?A\.?S?|SASU?|SARL|S\.?à\s?r\.?l|S\.?r\.?l|S\.?p\.?A|S\.?L\.?U?|B\.?V|N\.?V|A/S|ApS|AB|ASA?|Oyj?|"
    r"Sp\.\s?z\s?o\.\s?o|spol\.\s?s\s?r\.\s?o|s\.\s?r\.\s?o|a\.\s?s|Kft|Zrt|d\.o\.o|OÜ|UAB|SIA|Ltda|S\.A\. de C\.V|Pty|Pte|Pvt|"
    r"K\.K|Sdn|Bhd|Holding|Holdings|Group)\.?(?=$|[\s,.;)&])"
)
_ORGANISATIONS: Final = re.compile(
    r"\A(?:Organization|Corporation|LocalBusiness|OnlineBusiness|OnlineStore|ProfessionalService|SoftwareCompany|NGO|"
    r"EducationalOrganization|MedicalOrganization|FinancialService|Store|NewsMediaOrganization|Company|"
    r"GovernmentOrganization|BankOrCreditUnion|InsuranceAgency|LegalService|Airline|Hotel|Restaurant|\w+Business)\Z"
)
_GENERIC: Final = re.compile(
    r"\A(?:home ?page|home|welcome(?: to)?|start(?:seite)?|accueil|inicio|index|untitled|website|official (?:site|website)|"
    r"about(?: us)?|blog|careers?|contact(?: us)?|all rights reserved|company|organization|my site|default|dashboard|"
    r"products?|pricing|privacy policy|terms|copyright)\W*\Z",
    re.I,
)
_TITLE_SEPARATOR: Final = re.compile(r"\s+[|–—\-·•:»>/]+\s+|\s*[|｜·•»]\s*|[:：]\s+|\s+[–—]\s*")
_COPYRIGHT: Final = re.compile(
    r"(?:©|\(c\)|copyright|℗)\s{0,3}(?:©|\(c\)|copyright|by)?[\s,:]{0,3}"
    r"(?:(?:19|20)\d\d\s{0,2}(?:[-–—/,]|to\b|present\b)?\s{0,2}){0,3}(?:present\b)?[\s,.\-–—|:]{0,4}(?:by\s+)?"
    r"([^\n©|•·]{2,90})",
    re.I,
)
_NAME_END: Final = re.compile(
    r"\s*(?:(?<!\bInc)(?<!\bLtd)(?<!\bCo)(?<!\bCorp)(?<!\b[A-Z])\.\s|\s[-–—]\s|[;(]|\ball rights|\balle rechte|\btous droits|\btodos los|\btutti i|\bregistered\b|"
    r"\btrademark|\bis a\b|\bprivacy|\bterms\b|\bdesigned\b|\bpowered\b|\bmade\b|\bbuilt\b|(?:,?\s(?:19|20)\d\d\b)).*\Z",
    re.I | re.S,
)
_ABBREVIATED: Final = re.compile(r"(?:\b(?:Inc|Ltd|Corp|Co|Pty|Pte|Pvt|Ltda)|\.\s?[A-Za-z])\Z")
_MAX_NAME: Final = 80


def company_names(page: Page, domain: str) -> tuple[str, ...]:
    """Return the names that a home page uses for the company at `domain`, best first; at most eight."""
    label = squash(domain.split(".")[0])
    scores: dict[str, float] = {}

    def offer(name: object, weight: float, *, must_agree: bool = False, longest: int = 8) -> None:
        cleaned = _clean(_own_part(name, label))
        if cleaned is None:
            return
        same = squash(cleaned) in (label, squash(domain))
        agrees = same or agrees_with(cleaned, label)
        if must_agree and not (agrees and (same or len(cleaned.split()) <= longest)):
            return
        score = weight + (5.5 if same else 3.5 if agrees else 0.0)
        scores[cleaned] = max(scores.get(cleaned, 0.0), score)

    for node in _own_organisations(page.json_ld, domain):
        offer(node.get("name"), 5.0)
        offer(node.get("legalName"), 2.5)
        for alternate in _as_list(node.get("alternateName")):
            offer(alternate, 1.0, must_agree=True)
    for node in page.json_ld:
        if "WebSite" in types_of(node):
            offer(node.get("name"), 3.5)
    offer(page.meta.get("og:site_name"), 4.0)
    offer(page.meta.get("application-name"), 2.5, must_agree=True)
    for segment in _TITLE_SEPARATOR.split(page.title):
        offer(segment, 2.0, must_agree=True, longest=2)
    footer = page.text[page.footer_start :] or page.text[-1500:]
    for name in legal_names_in(footer):
        offer(name, 1.5 if agrees_with(name, label) or LEGAL_FORM.search(name) else 0.5)
    offer(_spelling_in(page, label), 1.0, must_agree=True)
    if any(agrees_with(name, label) for name in scores):
        # A slogan in og:site_name is no name where others fit the domain; a legal name may differ from it.
        scores = {
            n: s for n, s in scores.items() if s >= 5.0 or agrees_with(n, label) or LEGAL_FORM.search(n)
        }
    ordered = sorted(scores, key=lambda name: (-scores[name], len(name), name))
    return tuple(_without_case_repeats(ordered))[:8]


def legal_names_in(footer: str) -> list[str]:
    """Return the names that copyright lines give (`© 2026 Acme Robotics GmbH`), in order."""
    found: list[str] = []
    for line in _COPYRIGHT.finditer(footer[-6000:]):
        name = _NAME_END.sub("", line[1]).strip(" ,.-–—|®™")
        name = re.sub(r"\A(?:the\s+)?(?:19|20)\d\d\s*", "", name)
        if line[1][len(name) :].startswith(".") and _ABBREVIATED.search(name):
            name += "."
        if (
            2 <= len(name) <= _MAX_NAME
            and len(name.split()) <= 8
            and any(c.isupper() or not c.isascii() for c in name)
        ):
            found.append(name)
    return found


def agrees_with(name: str, label: str) -> bool:
    """Return whether a name and a domain's squashed label speak of the same word: `Acme Robotics` and `acme`."""
    bare = squash(LEGAL_FORM.sub(" ", name))
    if not bare or not label:
        return False
    if bare == label:
        return True
    shorter, longer = sorted((bare, label), key=len)
    if len(shorter) >= 3 and longer.startswith(shorter):
        return len(name.split()) <= 6 and (
            len(shorter) >= 4 or longer == label or name.split()[0].lower() == shorter
        )
    initials = "".join(word[0] for word in re.findall(r"\w+", name)).casefold()
    return len(label) >= 3 and initials == label


def _own_organisations(nodes: Iterable[dict[str, Any]], domain: str) -> list[dict[str, Any]]:
    """Return organisation nodes that are about this site: by URL where they give one."""
    own: list[dict[str, Any]] = []
    for node in nodes:
        candidates = [node]
        candidates += [
            node[key]
            for key in ("publisher", "mainEntity", "about", "provider")
            if isinstance(node.get(key), dict)
        ]
        for candidate in candidates:
            if not any(_ORGANISATIONS.match(name) for name in types_of(candidate)):
                continue
            url = candidate.get("url") or candidate.get("@id")
            home = registrable(url) if isinstance(url, str) and "://" in url else None
            if home is None or home == domain:
                own.append(candidate)
    return own


def _own_part(name: object, label: str) -> object:
    """Return the part of `Acme - Freight made easy` that is the name, where one part agrees with the domain."""
    if not isinstance(name, str):
        return name
    parts = _TITLE_SEPARATOR.split(name[:300])
    return next((part for part in parts if len(parts) > 1 and agrees_with(part, label)), name)


def _clean(name: object) -> str | None:
    if not isinstance(name, str):
        return None
    shown = "".join(
        c for c in html.unescape(name) if unicodedata.category(c) not in ("Cc", "Cf") or c.isspace()
    )
    text = " ".join(shown.split()).strip(" -–—|:,®™©")
    text = re.sub(r"\s*[®™©]", "", text)
    if not 2 <= len(text) <= _MAX_NAME or _GENERIC.match(text) or not any(c.isalpha() for c in text):
        return None
    return None if "://" in text or len(text.split()) > 8 else text


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _spelling_in(page: Page, label: str) -> str | None:
    """Return how the page itself spells the domain's label, the most frequent way."""
    if len(label) < 3 or not label.isascii():
        return None
    pattern = r"[\s\-.]?".join(re.escape(character) for character in label[:40])
    found = Counter(
        re.findall(rf"(?<![\w.@/-])({pattern})(?![\w@-])", f"{page.title}\n{page.text[:50_000]}", re.I)
    )
    spellings = [
        (count, name) for name, count in found.items() if count > 1 and any(c.isupper() for c in name)
    ]
    return max(spellings)[1] if spellings else None


def _without_case_repeats(names: Iterable[str]) -> list[str]:
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(name.casefold(), name)
    return list(kept.values())
