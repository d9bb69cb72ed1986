"""Read openings off a plain careers page: links to postings, lists under a heading, JSON-LD, "no openings".

Conservative on purpose: a list is read only where it is plainly one, and an unrecognised page is said to
be unrecognised, never to be without openings.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from tools.ats.api import BoardPosting
from tools.ats.fragment import one_line
from tools.domains import registrable
from tools.occupations import names_a_job
from tools.pages.api import Link, Page

MOST_LISTED = 200

_JOB_SEGMENT = re.compile(
    r"(?:jobs?|jobangebote?|job-offers?|careers?|karriere|carriere|carrieres?|carreras?|carreira|carriera|lavora-con-noi|positions?|"
    r"open-positions?|openings?|job-openings?|open-roles?|roles|vacanc(?:y|ies)|vacatures?|stellen|stellenangebote?|stellenanzeigen?|"
    r"offene-stellen|offres?|offres?-d-?emplois?|nos-offres|emplois?|recrutement|nous-rejoindre|empleos?|trabajo|trabaja-con-nosotros|"
    r"vagas?|trabalhe-conosco|ofertas?(?:-de-empleo)?|rekry|jobb|lediga-jobb|ledige-stillinger|praca|kariera|join-us|join|hiring|"
    r"werken-bij|werkenbij|posting|postings|opportunit(?:y|ies)|apply)",
    re.IGNORECASE,
)
_LIST_SEGMENT = re.compile(
    r"(?:jobs|openings|job-openings|open-positions|positions|open-roles|open-jobs|current-openings|vacancies|vacatures|stellen|"
    r"stellenangebote|offene-stellen|jobangebote|nos-offres|offres|offres-emploi|offres-d-emploi|emplois|empleos|vagas|ofertas|"
    r"search|all-jobs|job-board|lediga-jobb|ledige-stillinger|opportunities|roles|list)",
    re.IGNORECASE,
)
_SEE_OPENINGS = re.compile(
    r"\b(?:(?:open|current|all|available|our|job)\s+(?:positions?|roles?|openings?|jobs|vacancies|opportunities)|job (?:board|listings?|search)|"
    r"(?:see|view|browse|explore|search)\b.{0,20}\b(?:jobs|openings|roles|positions|vacancies|opportunities)|vacancies|openings|"
    r"offene\s+(?:stellen|positionen)|stellenangebote|jobangebote|alle\s+jobs|zu den jobs|"
    r"(?:nos|voir les)\s+(?:offres|postes)|offres d'emploi|postes ouverts|"
    r"(?:ofertas|vacantes|empleos)(?:\s+(?:de empleo|abiertas|disponibles))?|vagas(?:\s+abertas)?|posizioni aperte|offerte di lavoro|"
    r"(?:alle\s+|onze\s+|bekijk\s+)?vacatures|lediga (?:jobb|tjänster)|ledige stillinger|oferty pracy|avoimet työpaikat)",
    re.IGNORECASE,
)
_CAREERS_TEXT = re.compile(
    r"\b(?:careers?|jobs|join (?:us|our team|the team)|work (?:with|at|for) (?:us|\w+)|we(?:'|’)re hiring|we are hiring|now hiring|vacancies|"
    r"karriere|stellenangebote|carri[eè]res?|recrutement|nous rejoindre|rejoignez|empleo|trabaja con nosotros|carreras|carreiras?|"
    r"trabalhe conosco|vagas|lavora con noi|vacatures|werken bij|jobb|karriär|kariera|praca|ura|採用|招聘|채용)(?!\w)",
    re.IGNORECASE,
)
_OTHER_JOBS = re.compile(
    r"\b(?:cron|batch|background|print|scheduled|queue|post|find|search|manage|start)\b.{0,12}\b(?:jobs?|hiring)\b",
    re.IGNORECASE,
)
_NONE_OPEN = re.compile(
    r"(?:\bno\s+(?:current(?:ly)?\s+|open\s+|available\s+|job\s+|active\s+){1,3}(?:positions?|openings?|vacanc(?:y|ies)|roles?|jobs?|opportunities)"
    r"|\bno\s+(?:positions?|openings?|vacanc(?:y|ies)|roles?|jobs)\s+(?:are\s+)?(?:currently|available|open|at\s+(?:this|the)\s+(?:time|moment)|right\s+now)"
    r"|\b(?:currently|presently)\s+(?:have\s+)?no\s+(?:job\s+)?(?:openings?|vacanc(?:y|ies)|positions?|roles?)"
    r"|\b(?:do\s+not|don['’]t)\s+(?:currently\s+)?have\s+any\s+(?:current\s+|open\s+|job\s+)?(?:positions?|openings?|vacanc(?:y|ies)|roles?|jobs)"
    r"|\b(?:are\s+not|aren['’]t|['’]re\s+not|not)\s+(?:currently|presently)\s+(?:hiring|recruiting)"
    r"|\bnot\s+hiring\s+(?:at\s+(?:this|the)\s+(?:time|moment)|right\s+now|currently)"
    r"|\b(?:derzeit|aktuell|momentan|zurzeit|zur\s+zeit|gerade)\s+(?:haben\s+wir\s+|sind\s+|gibt\s+es\s+)?(?:leider\s+)?keine\s+(?:\w+\s+)?(?:stellen|stellenangebote|positionen|vakanzen|jobs|stellenausschreibungen)"
    r"|\bkeine\s+(?:offenen|freien|aktuellen)\s+(?:stellen|positionen|jobs|stellenangebote|vakanzen)"
    r"|\b(?:aucun|pas\s+de)\s+postes?\s+(?:ouverts?|disponibles?|à\s+pourvoir|n['’]est)|\b(?:aucune|pas\s+d['’])\s?offres?\s+(?:d['’]emploi|disponibles?|n['’]est|en\s+ce\s+moment|pour\s+le\s+moment|actuellement)"
    r"|\b(?:no\s+hay|no\s+tenemos|sin)\s+(?:\w+\s+)?(?:vacantes|ofertas\s+(?:de\s+empleo|disponibles|activas)|posiciones\s+abiertas|puestos\s+(?:disponibles|vacantes|abiertos))"
    r"|\b(?:não\s+há|não\s+temos|nenhuma|sem)\s+(?:\w+\s+)?vagas?(?:\s+(?:abertas?|disponíve(?:l|is)|no\s+momento))?"
    r"|\b(?:geen|momenteel\s+geen)\s+(?:openstaande\s+|open\s+|actuele\s+)?vacatures"
    r"|\b(?:nessuna|non\s+ci\s+sono)\s+(?:posizion[ei]\s+apert[ae]|offert[ae]\s+di\s+lavoro|opportunità\s+apert[ae])"
    r"|\binga\s+lediga\s+(?:jobb|tjänster)|\bingen\s+ledige\s+(?:stillinger|jobs?)|\bbrak\s+(?:aktualnych\s+|otwartych\s+)?ofert\s+pracy|\bei\s+avoimia\s+työpaikkoja)",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"\b(?:if|when|whenever|unless|match(?:es|ing)?|fit|fits|filters?|search|suit(?:s|able)?|criteria|wenn|falls|sollte|si|se|als|nicht\s+gefunden|for\s+you|your\s+profile)\b",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:apply(?: now| here| today)?|learn more|read more|more(?: info(?:rmation)?)?|view(?: job| role| details| position)?|details|see (?:more|details|job)|"
    r"mehr(?: erfahren)?|zur stelle|jetzt bewerben|en savoir plus|postuler|voir l'offre|ver (?:más|mais|oferta|vaga)|bekijk(?: vacature)?|solliciteer|scopri di più|candidati)"
    r"[\s→>»]*",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"\s*(?:[-–|·•]\s*)?(?:apply(?: now| here)?|view job|learn more|read more|details|mehr erfahren|→|>|»)\s*$",
    re.IGNORECASE,
)
_HEADING_MOST = 60
_SENTENCE = 200
_LONGEST_TEXT = 200_000
_QUIET_LINES = 6


class PostingLink(NamedTuple):
    """A link to one posting on the account's own site; `title` is `None` when only the address tells it."""

    url: str
    title: str | None


def is_careers_link(link: Link) -> bool:
    """Tell whether a link is a site's way to its own jobs: by its words, or its place in the menu or footer."""
    words = link.text
    return len(words) <= 60 and _CAREERS_TEXT.search(words) is not None and _OTHER_JOBS.search(words) is None


def list_links(page: Page, most: int = 2) -> tuple[str, ...]:
    """Return links of a careers page that lead to its list of openings, on the same site."""
    own = registrable(page.url)
    found: dict[str, None] = {}
    for link in page.links:
        if registrable(link.url) != own or _same(link.url, page.url):
            continue
        segments = _segments(link.url)
        if (
            segments
            and _LIST_SEGMENT.fullmatch(segments[-1])
            and any(_JOB_SEGMENT.fullmatch(s) for s in segments)
        ) or (
            len(link.text) <= 60
            and _SEE_OPENINGS.search(link.text)
            and any(map(_JOB_SEGMENT.fullmatch, segments))
        ):
            found.setdefault(link.url)
    return tuple(found)[:most]


def posting_links(page: Page) -> tuple[PostingLink, ...]:
    """Return the page's links to single postings on the account's own site.

    The address must go one step below a jobs folder, and the words (or, under words like "Apply", the
    address) must read as a job title.
    """
    own = registrable(page.url)
    found: dict[str, PostingLink] = {}
    for link in page.links:
        if link.region == "nav" or registrable(link.url) != own or _same(link.url, page.url):
            continue
        segments = _segments(link.url)
        below = next((i for i, s in enumerate(segments[:-1]) if _JOB_SEGMENT.fullmatch(s)), None)
        if below is None or _LIST_SEGMENT.fullmatch(segments[-1]):
            continue
        words = _TRAILING.sub("", one_line(link.text) or "")
        key = link.url.split("?")[0].rstrip("/")
        if names_a_job(words) or _is_seller(words, page.language):
            found[key] = PostingLink(link.url, words)
        elif key not in found and (not words or _GENERIC.fullmatch(words)):
            slug = re.sub(r"[-_+]+", " ", re.sub(r"\.\w{2,5}$|\d{3,}", "", unquote(segments[-1]))).strip()
            if len(slug.split()) > 1 and names_a_job(slug):
                found[key] = PostingLink(link.url, None)
    return tuple(found.values())[:MOST_LISTED]


_SELLER = re.compile(r"comercial|commerciale?", re.IGNORECASE)


def _is_seller(words: str, language: str | None) -> bool:
    """Tell whether a link's only word is the seller's own title in French, Spanish, Italian or Portuguese."""
    bare = re.sub(r"\s*[(\[][^)\]]{1,12}[)\]]|\s+[HhMmFf](?:/[HhMmFf]){1,2}$", "", words).strip()
    return (language or "")[:2] in ("es", "fr", "it", "pt") and _SELLER.fullmatch(bare) is not None


def listed_openings(page: Page) -> tuple[BoardPosting, ...]:
    """Return the job titles listed under an "Open positions" heading in the page's text.

    Reading stops after a few lines that are no titles, or at the first paragraph.
    """
    titles: dict[str, None] = {}
    lines = page.text[: page.footer_start].splitlines()
    open_list, quiet = False, 0
    for line in (" ".join(line.split()) for line in lines):
        if not line:
            continue
        if len(line) <= _HEADING_MOST and _SEE_OPENINGS.search(line) and not names_a_job(line):
            open_list, quiet = True, 0
        elif open_list and names_a_job(line):
            titles.setdefault(line)
            quiet = 0
        elif open_list:
            quiet += 1
            open_list = quiet < _QUIET_LINES and len(line) <= 160
    return tuple(
        BoardPosting(key=f"{page.url}#{title.casefold()}", title=title, url=page.url)
        for title in list(titles)[:MOST_LISTED]
    )


def says_no_openings(page: Page) -> str | None:
    """Return the sentence in which the page says, without condition, that nothing is open; else `None`."""
    for found in _NONE_OPEN.finditer(page.text[:_LONGEST_TEXT]):
        before = re.split(r"[.!?\n]", page.text[max(0, found.start() - _SENTENCE) : found.start()])[-1]
        after = re.split(r"[.!?\n]", page.text[found.end() : found.end() + _SENTENCE])[0]
        sentence = (before + found[0] + after).strip()
        if not _CONDITIONAL.search(sentence):
            return sentence
    return None


def _segments(url: str) -> list[str]:
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    label = (parts.hostname or "").split(".")[0]
    return [label, *segments] if _JOB_SEGMENT.fullmatch(label) else segments


def _same(url: str, other: str) -> bool:
    return url.split("#")[0].rstrip("/") == other.split("#")[0].rstrip("/")
