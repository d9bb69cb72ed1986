"""Which line of business a home page's title, description and headline put the account in.

"Payroll software for restaurants | Acme", "The API platform for logistics", "Simple CRM software for small
teams": the phrase must open with the kind of company or product (articles and adjectives aside). What a page
promises, compares, lists or asks says nothing: "Build apps faster", "Best CRM software 2026", "Acme vs Rival".
Titles that name somebody else only, and texts that put the account in unrelated sectors, are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.canonical.industries import sector_of
from agent.canonical.sector_words import kinds_of_company
from agent.extraction.rules.industry import LABELLED
from agent.extraction.rules.jsonspans import find_objects
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span, split_sentences
from agent.models import Claim

_I = re.IGNORECASE
_RULE = "industry_tagline@2"
_TITLES = re.compile(r"^(?:title|og:title): (?P<text>[^\n]{3,300})$", re.M)
_DESCRIPTIONS = re.compile(r"^(?:og:)?description: (?P<text>[^\n]{10,600})$", re.M)
_MENU = re.compile(r"[^|]+\|[^|]+\|")
_SEGMENT = re.compile(r"\s+[|–—·•»-]\s+|\s*[|·•»]\s*|:\s+|\s[–—]|(?<=[.!]) ")
_DEFINES = re.compile(r"The [^.]{3,90} (?:for|built|designed|that|with)\b")
_HERO_LINES = 12
_LONGEST_LINE = 160
_OPENING = re.compile(
    r"[\W_]*(?:(?:the|an?|our|your|one|#1|no\.? ?1|world['’]s|le|la|l['’]|une?|der|die|das|eine?|el|una?|il|het|de|een|o|uma?)\s+)*(?P<between>(?:(?:[#\w'’®™/&+.-]+|(?:simple|easy|fast|modern|secure|smart|powerful|flexible|affordable|free|intuitive|complete|beautiful|scalable|reliable|trusted|robust|integrated|comprehensive|fully|open|\w+-[\w-]+),)\s+){0,7}?)$",
    _I,
)
_NOT_IN_BETWEEN = re.compile(
    r"(?<![\w-])(?:for|to|with|that|which|who|of|by|from|at|in|on|into|as|like|is|are|was|ist|sind|est|sommes|sont|es|somos|è|é|zijn|has|have|can|will|your|their|my|its|you|we|us|not|no|never|without|than|vs|versus|compare[ds]?|alternatives?"
    r"|reviews?|guide|tutorial|templates?|examples?|pricing|jobs?|careers?|buy|sell|shop|sale|build|create|make|find|get|hire|learn|discover|try|start|sign|join|book|download|send|manage|run|grow|turn|meet"
    r"|see|explore|introducing|how|what|why|when|where|launch|deploy|ship|scale|accelerate|boost|unlock|improve|increase|reduce|save|transform|deliver|drive|power|choose|choosing|pick|use|using|connect|integrate[sd]?|integration|partner|right|perfect|ideal|favou?rite|top \d+|best \d+|\d{2,}|19\d\d|20\d\d|login|log|helps?|lets|enables?|makes|gives|offers?|provides?|delivers?|brings|drives|allows?|empowers?|supports?|serves?|streamlines?|simplif(?:y|ies)|automates?|customers?|clients?"
    r"|für|mit|von|pour|avec|par|para|con|por|per|voor|met|com|pas|kein\w*|nicht)(?![\w-])",
    _I,
)
_SUPERLATIVE = re.compile(r"\b(?:best|top|cheapest)\b", _I)
_COMPANY = re.compile(r"\b(?:company|agency|firm|studio|services?|provider|partner|consultancy)$", _I)
_OTHERS = re.compile(
    r"^(?!.* for ).*(?:(?:compan|agenc|consultanc|pharmac|factor|universit|brewer)ies|(?:ers|ors|ists|firms|banks|brands|shops|stores|businesses|schools|hospitals|hotels|clinics|operations|groups|practices))$",
    _I,
)
"""Kinds in the plural are whom a company serves, not what it is."""
_LIST_PAGE = re.compile(
    r"\b(?:vs\.?|versus|alternatives?|compar\w+|reviews?|best \d+|top \d+|\d+ best|how to|what is|guide|in 20\d\d|20\d\d (?:review|guide)|jobs|careers|login|definition|meaning|template|course|certification training)\b",
    _I,
)
_AFTER = re.compile(
    r"[®™*\d]?\s*(?:$|[.,;:!?()|–—\n·•*]|- )"
    r"|[®™*]?\s(?:for|that|which|built|designed|made|to|with|of|von|van|in|from|trusted|powered|building|used|where|and|&|by|on|you|specifically|based|helping|serving|without|purpose-built|loved|your|company|us|usa|uk|india|für|mit|zur|zum|die|der|das|aus|pour|qui|de|des|du|avec|en|para|con|que|per|di|che|voor|die|met|van|com)\b",
    _I,
)
_SOFTWARE = re.compile(
    r"(?<![\w-])(?:[\w&/'’+-]+,? ){1,3}?(?P<kind>(?:[\w-]*software|saas))(?![\w-])(?! (?:development|engineer\w*|testing|consult\w*|training|outsourcing|services?|house|compan\w+|developers?|updates?|downloads?|reviews?|licen[cs]\w+|deals|and hardware|lösungen))",
    _I,
)


def read_tagline(reading: Reading) -> Iterator[Claim]:
    """Yield the industry a home page's title, description or headline states, unless they state unrelated ones."""
    document = reading.document
    if document.kind != "website":
        return
    if document.purpose == "structured_data":
        if not reading.is_home_address:
            return
        phrases = [*_title_segments(reading), *_described(reading)]
        structured = True
    elif document.purpose == "home":
        phrases, structured = list(_headlines(reading)), False
    else:
        return
    found = [(code, span) for phrase, span in phrases if (code := _opening_kind(phrase)) is not None]
    codes = dict.fromkeys(code for code, _ in found)
    if len({sector_of(code) for code in codes}) == 1:
        code, span = next((pair for pair in found if sector_of(pair[0]) != pair[0]), found[0])
        yield from reading.claim(_RULE, "industry", code, span, structured=structured)


def _title_segments(reading: Reading) -> Iterator[tuple[str, Span]]:
    """Yield the parts of titles that name the account, the account's own name left out."""
    for match in _TITLES.finditer(reading.text):
        title = match["text"]
        if not reading.identity.is_mentioned(title) or _LIST_PAGE.search(title):
            continue
        for part in _SEGMENT.split(title):
            if part.strip() and not reading.identity.is_named(part):
                yield part.strip(), Span(*match.span())


def _described(reading: Reading) -> Iterator[tuple[str, Span]]:
    """Yield the sentences of meta descriptions and of the account's own description in JSON-LD."""
    for match in _DESCRIPTIONS.finditer(reading.text):
        if _LIST_PAGE.search(match["text"]):
            continue
        for sentence in split_sentences(match["text"])[:3]:
            text = match["text"][sentence.start : sentence.end]
            yield _without_subject(reading, text), Span(*match.span())
    for node in find_objects(reading.text):
        kind, described = node.get("@type"), node.get("description")
        if kind is None or described is None or not {"Organization", "Corporation"} & set(kind.texts()):
            continue
        name = node.get("name") or node.get("legalName")
        if name is None or not any(reading.identity.is_named(text) for text in name.texts()):
            continue
        key_start, member = node.members["description"]
        if member.end - key_start <= _LONGEST_LINE * 4:
            for text in described.texts()[:1]:
                for sentence in split_sentences(text[:600])[:2]:
                    sliced = text[sentence.start : sentence.end]
                    yield _without_subject(reading, sliced), Span(key_start, member.end)


def _headlines(reading: Reading) -> Iterator[tuple[str, Span]]:
    """Yield the first lines of a home page, and later ones that open as a definition ("The CRM built for …")."""
    for number, line in enumerate(reading.lines[:400]):
        text = reading.slice(line)
        wanted = number < _HERO_LINES or _DEFINES.match(text)
        if not wanted or len(text) > _LONGEST_LINE or text.endswith("?") or _LIST_PAGE.search(text):
            continue
        # Two words are a menu's entry ("Training provider"), not a claim.
        if len(text.split()) > 2 and not _MENU.match(text) and not reading.is_quotation(line):
            for sentence in split_sentences(text)[:2]:
                yield text[sentence.start : sentence.end], line


def _without_subject(reading: Reading, sentence: str) -> str:
    """Return what follows "Acme is", "Acme:" or "Acme's" when the sentence opens with the account's name."""
    labelled = LABELLED.match(sentence)
    if labelled:
        return sentence[labelled.end() :]
    opened = re.match(
        r"(?P<name>[^,.;:]{2,60}?)(?:['’]s|:| [–—-]| (?:is|are|offers|provides|ist|est|es|è|é|is een)) (?P<rest>.+)",
        sentence,
    )
    if opened and (reading.identity.is_named(opened["name"]) or opened["name"].casefold() == "we"):
        return opened["rest"]
    return sentence


def _opening_kind(phrase: str) -> str | None:
    """Return the industry of the kind of company or product a phrase opens with, or `None`."""
    for kind in kinds_of_company(phrase):
        if _opens(phrase, kind.start, kind.end):
            return kind.code
        return None
    alone = _SOFTWARE.search(phrase)
    if alone and _opens(phrase, alone.start("kind"), alone.end("kind")):
        return "software"
    return None


def _opens(phrase: str, start: int, end: int) -> bool:
    opening = _OPENING.match(phrase[:start])
    if (
        _OTHERS.search(phrase[start:end])
        or opening is None
        or _NOT_IN_BETWEEN.search(opening["between"])
        or not _AFTER.match(phrase, end)
    ):
        return False
    return not _SUPERLATIVE.search(phrase[:start]) or bool(
        _COMPANY.search(phrase[:end]) or re.match(r"(?:the|your)\b", phrase, _I)
    )
