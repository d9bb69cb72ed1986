"""What sort of text a page is, and so whose "we" and whose products its sentences speak of.

A company's site also carries what is not about the company: comparisons of other makers' tools, instructions for
what a reader runs, transcripts in which guests speak, listings written by vendors, reviews by customers. Read
from the address, the title and whether the page is dated like an article; closed word lists in seven languages.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote, urlsplit

from agent.grounding.identity import Identity
from agent.grounding.sentences import Span
from agent.models import SourceDocument

Genre = Literal["own", "article", "comparison", "instructions", "others"]
"""`others`: pages on which other people speak. `article`: somebody writes, of the account or of anything else."""

_I = re.IGNORECASE
_ITS_OWN_WORDS = frozenset({"pricing", "careers", "contact", "legal", "security", "faq"})
_ABOUT_ITSELF = _ITS_OWN_WORDS | {"about"}
_OTHERS_SPEAK = re.compile(
    r"(?:customer-|user-|app-|partner-|expert-|vendor-|agency-|company-)?(?:reviews?|testimonials?|marketplace|director(?:y|ies)|listings?|vendors?|agencies)"
    r"|podcasts?|episodes?|ep-?\d+(?:-.*)?|interviews?(?:-.*)?|.*-(?:interview|transcript|podcast)|transcripts?|webinars?|forums?|community|threads?|topics?|discussions?|questions|answers"
    r"|guest-?(?:posts?|blogs?|authors?)?|contributors?|contributed|sponsored|advertorials?|bewertungen|erfahrungsberichte|kundenstimmen|marktplatz|anbieterverzeichnis|gastbeitr(?:ag|aege)"
    r"|avis|temoignages|annuaire|entretiens?|entrevistas?|opiniones|directorio|foro|recensies|ervaringen|gastblog|recensioni|interviste|depoimentos",
)
_COMPARISON = re.compile(
    r"compare[ds]?|comparisons?|versus|vs|alternatives?|rankings?|(?:.*-)?(?:vs|versus|alternatives?|comparison|compared|alternativen|vergleich|comparatif|comparativa|vergelijking|confronto)(?:-.*)?"
    r"|(?:the-)?(?:\d+-)?(?:best|top)-.*|.*-(?:best|top-\d+)-.*|reviews?-of-.*|.*-reviews?|vergleich(?:-.*)?|comparatifs?|alternativas|top-\d+",
)
_INSTRUCTIONS = re.compile(
    r"docs?|documentation|guides?|tutorials?|how-?to(?:-.*)?|manuals?|reference|api-reference|public-api|kb|knowledge-?base|wiki|help|help-cent(?:er|re)|quick-?start|getting-?started|user-?guide|changelog"
    r"|release-notes|developers?|academy|troubleshoot.*|.*-not-(?:working|syncing|loading|opening|responding).*|(?:fix|solve)-.*|courses?|lessons?|cookbooks?|recipes|what-is-.*|dokumentation|anleitung(?:en)?|handbuch|hilfe|aide|guia|ayuda|documentacion|handleiding(?:en)?|guida|ajuda",
)
_ARTICLE = re.compile(
    r"blogs?|articles?|posts?|resources?|insights?|magazine|journal|explore|learn|library|knowledge|stories|wp|b|p|notes|(?:19|20)\d\d|ratgeber|wissen|magazin|ressources|recursos|kennis",
)
_HOSTS: dict[str, Genre] = {
    **dict.fromkeys(("docs", "doc", "developer", "developers", "dev", "api", "help", "support", "wiki", "kb", "learn", "academy", "readthedocs"), "instructions"),
    **dict.fromkeys(("community", "forum", "forums", "discuss", "discourse", "reviews", "marketplace", "podcast", "podcasts"), "others"),
    "blog": "article",
}  # fmt: skip
_TITLE_COMPARES = re.compile(
    r"\b(?:\d+\s+(?:\w+\s+){0,2}?best|(?:the\s+)?best\s+(?:[\w-]+\s+){1,6}?(?:of|in|for)\b|top[\s-]\d+|alternatives?\s+(?:to|for|in|you|of)|\w+\s+alternatives\b|vs\.?\s|versus|compar(?:ed|ison|ing)|reviewed|alternativen\s+zu|im\s+vergleich|comparatif|alternativas\s+a)",
    _I,
)
_TITLE_LISTS = re.compile(
    r"\b\d+\s+(?:[\w-]+\s+){0,2}?best\b|\b(?:top|best)[\s-]\d+\b|\balternatives?\s+(?:to|for)\b|\w\s+(?:vs\.?|versus)\s+\w",
    _I,
)
"""A list of makers even where the address reads like a product page's."""
_TITLE_OTHERS = re.compile(
    r"\b(?:podcasts?|episode\s+\d+|ep\.?\s?\d+|interview(?:s|\s+with)?|guest\s+(?:post|author|blog)|transcript|q\s?&\s?a\s+with|a\s+conversation\s+with|in\s+conversation|im\s+gespräch|gastbeitrag|entretien\s+avec|entrevista)\b",
    _I,
)
_TITLE_INSTRUCTS = re.compile(
    r"^\W*(?:how\s+to\b|what\s+(?:is|are)\b|getting\s+started|tutorial|a\s+guide\s+to|(?:the\s+)?(?:\w+\s+){0,2}guide\s+to|so\s+(?:geht|funktioniert)|was\s+ist\b|comment\s|qu['’]est-ce|cómo\s|qué\s+es|hoe\s|wat\s+is\b)",
    _I,
)


def genre_of(document: SourceDocument) -> Genre:
    """Return what sort of text a document of the account's site is; `own` where nothing tells otherwise."""
    if document.kind != "website" or document.purpose in ("structured_data", "markup"):
        return "own"
    return _genre(
        document.final_url, document.title[:300], document.purpose, document.published_at is not None
    )


@lru_cache(maxsize=512)
def _genre(url: str, title: str, purpose: str, is_dated: bool) -> Genre:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "own"
    segments = [
        re.sub(r"\.\w{2,5}$", "", unquote(each)).lower().replace("_", "-") for each in parts.path.split("/")
    ]
    segments = [each for each in segments if each]
    if purpose == "home" or not segments:
        return "own"
    if purpose not in _ITS_OWN_WORDS and any(_OTHERS_SPEAK.fullmatch(each) for each in segments):
        return "others"
    labels = (parts.hostname or "").split(".")[:-2]
    by_host = next((_HOSTS[label] for label in labels if label in _HOSTS), None)
    if by_host is not None:
        return by_host
    if purpose != "pricing" and any(_COMPARISON.fullmatch(each) for each in segments):
        return "comparison"
    if purpose in _ABOUT_ITSELF:
        return "own"
    if any(_INSTRUCTIONS.fullmatch(each) for each in segments):
        return "instructions"
    if _TITLE_LISTS.search(title):
        return "comparison"
    if purpose in ("product", "partners", "customers"):
        return "own"
    if _TITLE_OTHERS.search(title):
        return "others"
    if _TITLE_COMPARES.search(title):
        return "comparison"
    if purpose == "press":
        return "article"  # a release may be about a partner, and a publisher's news about anybody
    if _TITLE_INSTRUCTS.search(title):
        return "instructions"
    return "article" if is_dated or any(_ARTICLE.fullmatch(each) for each in segments) else "own"


_OURS = re.compile(
    r"\b(?:our|ours|unser\w*|notre|nos|nuestr[oa]s?|onze|ons|nostr[oaie]|noss[oa]s?)\b"
    r"|\b(?:we|wir|nous|wij|noi|nós)\s+(?:also\s+|even\s+|natively\s+)?(?:integrate|connect|sync|support|offer|have|provide|are|plug|work|bieten|haben|proposons|offrons|avons|bieden|hebben)\b",
    _I,
)
_WE = re.compile(
    r"\b(?:we|our|ours|us|i|my|wir|unser\w*|uns|nous|notre|nos|nosotros|nuestr[oa]s?|\w{3,24}(?:amos|emos|imos|iamo)|wij|onze|ons|noi|nostr[oaie]|nós|noss[oa]s?)\b|\b(?:this|diese|ce|este|deze)\s+(?:web)?(?:site|seite|página)\b",
    _I,
)
_LEAD = 6
"""Words that may stand before the account's name where it is what the sentence speaks of."""


def may_speak_of_tools(
    document: SourceDocument, sentence: str, place: Span, relation: str, identity: Identity
) -> bool:
    """Say whether a sentence of a page may tell of the account's own relation to the product at `place` in it.

    Where the account is what the sentence speaks of, it may; where only "we" is, that depends on whose "we" the
    page has.
    """
    genre = genre_of(document)
    before = sentence[: place.start]
    if genre == "own" or is_spoken_of(before, identity):
        return True
    if genre == "others":
        return False
    if relation in ("uses", "evaluates", "migrating_from"):
        return genre == "article" and _WE.search(sentence) is not None
    if _OUR_OWN.search(before):
        return True
    if genre == "instructions":
        return relation == "integrates_with" and _is_listed(document, sentence, place)
    return _OURS.search(before if genre == "comparison" else sentence) is not None


_OUR_OWN = re.compile(
    r"\b(?:our|unser\w*|notre|nos|nuestr[oa]s?|onze|ons|nostr[oaie]|noss[oa]s?)\s+(?:[\w-]+\s+){0,2}$", _I
)
_CATALOGUE = re.compile(
    r"/(?:connectors?|integrations?|integrationen|konnektoren|connecteurs|conectores|integraciones|integraties)(?:/|$)",
    _I,
)
_LISTED = re.compile(r"^\s+(?:[\w-]+\s+)?(?:connector|integration|plug-?in)\b", _I)


def _is_listed(document: SourceDocument, sentence: str, place: Span) -> bool:
    """Say whether a manual's list of connectors has the product as an entry: "BigQuery connector | built-in"."""
    begins = not sentence[: place.start].strip(" \t*•–—-")
    return (
        begins
        and _LISTED.match(sentence[place.end :]) is not None
        and _CATALOGUE.search(urlsplit(document.final_url).path) is not None
    )


def is_spoken_of(words: str, identity: Identity) -> bool:
    """Say whether a sentence that begins with these words is about the account: its name is among the first.

    Behind a preposition it is not: "You can connect to Acme", "Unlike Acme, ...".
    """
    first = re.match(rf"\W*(?:\S+\s+){{0,{_LEAD}}}\S*(?:\s\S+)?", words)
    if first is None:
        return False
    return identity.is_mentioned(_BEHIND_A_PREPOSITION.sub(" ", first.group()))


_BEHIND_A_PREPOSITION = re.compile(
    r"\b(?:to|with|from|than|unlike|versus|vs\.?|into|without|via|zu|mit|von|als|avec|vers|que|con|desde|met|naar|dan)\s+(?:the\s+|your\s+)?\S+",
    _I,
)
