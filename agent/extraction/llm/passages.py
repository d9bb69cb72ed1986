"""Choose the passages that can still decide something, and pack them into prompts of bounded size.

Sentences are ranked by the words that go with the undecided attributes and by the page they stand on. Each
undecided attribute gets its best passages in turn, so that one with many mentions does not crowd out the
rest. What stands on many pages (menus, cookie banners) is shown nowhere. Everything is deterministic and
depends on the documents and on what is asked alone, so that recordings replay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import zip_longest
from typing import NamedTuple

from agent.canonical.literals import (
    choices_in,
    holds_each,
    leading_words,
    matches_at,
    needed_choices,
    words_in,
)
from agent.extraction.llm.cue_words import CUES, PAGES
from agent.grounding import Span, split_sentences
from agent.grounding.subject import ABOUT_THE_COMPANY
from agent.llm.budget import estimate_tokens
from agent.models import SourceDocument

_I = re.IGNORECASE
_MOST_SENTENCES_A_DOCUMENT = 3_000
_MOST_SENTENCES_A_PASSAGE = 6
_BOILERPLATE_PAGES = 3
_MENU_WORDS = 6
_LABEL_WORDS = 3
"""Lines of so few words may be a label or a value; their neighbours belong to them."""
_REPEATABLE = 40
"""Lines shorter than this may stand on two pages and mean two things."""
_WE = re.compile(r"\b(?:we|our|us|wir|unser|nous|notre|nos|nuestr|noi|wij|ons)\b", _I)
_POINTS_BACK = re.compile(
    r"(?:it|its|they|their|this|these|that|he|she|es|sie|dies\w*|ils?|elles?|cela|ce|esto|ello|questo|dit|deze)\b",
    _I,
)
_COUNTED = frozenset({"employee_count", "revenue", "growth_rate", "total_funding", "founded_year"})
_NUMBER = re.compile(
    r"\d|hundred|thousand|dozen|million|billion|doubled|tripled|hundert|tausend|\bcents?\b|\bmille\b|\bcien|\bmil\b|honderd"
    r"|duizend|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|[一二三四五六七八九十百千万億]",
    _I,
)
_STOP = frozenset(
    [
        "does",
        "this",
        "that",
        "they",
        "have",
        "with",
        "from",
        "about",
        "what",
        "which",
        "their",
        "there",
        "company",
        "problem",
        "please",
        "when",
        "where",
        "say",
        "said",
        "any",
        "text",
        "page",
        "mention",
        "state",
    ]
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of neighbouring sentences of one document."""

    document: SourceDocument
    sentences: tuple[Span, ...]
    score: float
    tokens: int


class _Sentence(NamedTuple):
    """A sentence as it is ranked; a named tuple, as there are hundreds an account."""

    span: Span
    folded: str
    is_shown: bool
    """Whether it may be shown: not when it stands on many pages, or was met before."""


def ranking_steps(
    documents: Sequence[SourceDocument],
    undecided: Sequence[str],
    questions: Sequence[str],
    *,
    most_tokens: int,
) -> Generator[None, None, list[Passage]]:
    """Rank passages, stopping after each document so that a loop can serve others; return them best first.

    Footers, markup marks, DNS answers and registry entries are left to the rules; a page about customers
    says nothing about the account's own size, place or tools.
    """
    patterns = {name: _cue(name) for name in undecided if name in CUES}
    patterns |= {
        f"question {n}": pattern for n, text in enumerate(questions) if (pattern := _question_pattern(text))
    }
    found: list[Passage] = []
    wanted_by: list[dict[str, float]] = []
    for document, sentences in (yield from _readable(documents)):
        for passage, scores in _passages_of(document, sentences, patterns):
            found.append(passage)
            wanted_by.append(scores)
        yield
    chosen: list[Passage] = []
    left = most_tokens
    for place in _in_turn(found, wanted_by, tuple(patterns)):
        if found[place].tokens <= left:
            chosen.append(found[place])
            left -= found[place].tokens
    return chosen


@cache
def _cue(name: str) -> re.Pattern[str]:
    return re.compile(CUES[name], _I)


def _readable(
    documents: Sequence[SourceDocument],
) -> Generator[None, None, list[tuple[SourceDocument, list[_Sentence]]]]:
    """Return the documents a model may read with their sentences, those of no use marked."""
    cut: list[tuple[SourceDocument, list[tuple[Span, str]]]] = []
    pages: Counter[str] = Counter()
    for document in documents:
        if document.kind in ("dns", "registry") or document.purpose in ("markup", "structured_data"):
            continue
        text = document.text[: document.footer_start] if document.footer_start is not None else document.text
        spans = split_sentences(text)[:_MOST_SENTENCES_A_DOCUMENT]
        cut.append((document, [(span, _fold(text, span)) for span in spans]))
        yield
    menus = _menus([folded for _, folded in cut])
    for place, (document, folded) in enumerate(cut):
        bare = [_without_menu(document.text, span, said, menus) for span, said in folded] if menus else folded
        cut[place] = (document, bare)
        pages.update({said for _, said in bare})
    seen: set[str] = set()
    read: list[tuple[SourceDocument, list[_Sentence]]] = []
    for document, folded in cut:
        sentences = []
        for span, said in folded:
            fresh = said not in seen or len(said) < _REPEATABLE
            sentences.append(_Sentence(span, said, fresh and pages[said] < _BOILERPLATE_PAGES))
            seen.add(said)
        read.append((document, sentences))
    return read


def _fold(text: str, span: Span) -> str:
    return " ".join(text[span.start : span.end].casefold().strip("-–•·*| ").split())


def _first_words(said: str) -> str:
    return " ".join(said.split(" ", _MENU_WORDS)[:_MENU_WORDS])


def _menus(texts: list[list[tuple[Span, str]]]) -> dict[str, str]:
    """Return by its first words what many pages' sentences begin with: a menu run into the text behind it."""
    groups: dict[str, set[str]] = {}
    for sentences in texts:
        for start, said in {(_first_words(said), said) for _, said in sentences}:
            if len(start) < len(said):
                groups.setdefault(start, set()).add(said)
    menus: dict[str, str] = {}
    for start, group in groups.items():
        if len(group) >= _BOILERPLATE_PAGES and len(start.split()) == _MENU_WORDS:
            shared = _shared_start(min(group), max(group)).rpartition(" ")[0]
            if len(shared) >= _REPEATABLE:
                menus[start] = shared
    return menus


def _shared_start(first: str, last: str) -> str:
    """Return what two texts begin with; of the first and last of a sorted group, all of it does."""
    length = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:length]


def _without_menu(text: str, span: Span, said: str, menus: dict[str, str]) -> tuple[Span, str]:
    """Return a sentence without the menu in front of it; whole when nothing would be left."""
    menu = menus.get(_first_words(said))
    if menu is None or not said.startswith(menu + " "):
        return span, said
    words = [found.end() for found in re.finditer(r"\S+", text[span.start : span.end])]
    start = span.start + words[len(menu.split()) - 1]
    start += len(text[start : span.end]) - len(text[start : span.end].lstrip())
    bare = Span(start, span.end)
    return bare, _fold(text, bare)


def _passages_of(
    document: SourceDocument, sentences: list[_Sentence], patterns: dict[str, re.Pattern[str]]
) -> list[tuple[Passage, dict[str, float]]]:
    favoured = PAGES.get(document.purpose, frozenset())
    if document.purpose == "customers":
        patterns = {name: each for name, each in patterns.items() if name not in ABOUT_THE_COMPANY}
    if document.kind == "imported":  # a cell speaks for its own column, which the rules read
        patterns = {name: each for name, each in patterns.items() if name.startswith("question ")}
    lowered = document.text.lower() if patterns else ""
    asked = [
        (name, name in _COUNTED, each, words, words_in(leading_words(each.pattern, each.flags), lowered))
        for name, each in patterns.items()
        if (words := choices_in(needed_choices(each.pattern, each.flags), lowered)) is not None
    ]
    if not asked:
        return []
    counts = any(counted for _, counted, *_ in asked)
    worth = {name: 3.0 if name in favoured or name.startswith("question ") else 1.0 for name, *_ in asked}
    text, scores = document.text, list[dict[str, float]]()
    for (start, end), folded, is_shown in sentences:
        if not is_shown:
            scores.append({})
            continue
        said = text[start:end]
        lowered = said.lower()
        countable = counts and (_is_label(folded) or _NUMBER.search(said) is not None)
        hits = [
            name
            for name, counted, pattern, words, leading in asked
            if (countable or not counted)
            and holds_each(words, lowered)
            and matches_at(pattern, leading, said, lowered)
        ]
        bonus = 1.0 if hits and _WE.search(said) else 0.0
        scores.append({name: worth[name] + bonus for name in hits})
    return [
        (_passage(document, sentences, scores, run), _best(scores, run)) for run in _runs(sentences, scores)
    ]


def _best(scores: list[dict[str, float]], run: range) -> dict[str, float]:
    best: dict[str, float] = {}
    for place in run:
        for name, score in scores[place].items():
            best[name] = max(best.get(name, 0.0), score)
    return best


def _runs(sentences: list[_Sentence], scores: list[dict[str, float]]) -> list[range]:
    """Return runs of scoring sentences, with the neighbours that a label or a pronoun needs."""
    wanted: set[int] = set()
    for place, score in enumerate(scores):
        if not score:
            continue
        wanted.add(place)
        folded = sentences[place].folded
        is_label = _is_label(folded)
        if is_label or _POINTS_BACK.match(folded):
            wanted.add(place - 1)
        if is_label:
            wanted.add(place + 1)
    runs: list[range] = []
    for place in sorted(each for each in wanted if 0 <= each < len(scores) and sentences[each].is_shown):
        if runs and runs[-1].stop == place and len(runs[-1]) < _MOST_SENTENCES_A_PASSAGE:
            runs[-1] = range(runs[-1].start, place + 1)
        else:
            runs.append(range(place, place + 1))
    return runs


def _is_label(folded: str) -> bool:
    return folded.count(" ") < _LABEL_WORDS and ": " not in folded


def _passage(
    document: SourceDocument, sentences: list[_Sentence], scores: list[dict[str, float]], run: range
) -> Passage:
    spans = tuple(sentences[place].span for place in run)
    tokens = sum(estimate_tokens(document.text[span.start : span.end]) + 4 for span in spans)
    total = sum(sum(scores[place].values()) for place in run)
    return Passage(document, spans, round(total / (1 + tokens / 120), 6), tokens)


def _in_turn(found: list[Passage], wanted_by: list[dict[str, float]], names: tuple[str, ...]) -> list[int]:
    """Return the passages' places: the best for each attribute, then the second best for each, and so on."""

    def order(name: str, place: int) -> tuple[float, float, str, int]:
        passage = found[place]
        return (-wanted_by[place][name], -passage.score, passage.document.url, passage.sentences[0].start)

    queues = []
    for name in names:
        places = [place for place, scores in enumerate(wanted_by) if name in scores]
        queues.append(sorted(places, key=partial(order, name)))
    turns = (place for turn in zip_longest(*queues) for place in turn if place is not None)
    return list(dict.fromkeys(turns))


def _question_pattern(question: str) -> re.Pattern[str] | None:
    words = {word.casefold() for word in re.findall(r"\w{4,}", question)} - _STOP
    stems = sorted(re.escape(word[: max(4, len(word) - 3)]) for word in words)[:30]
    return re.compile("|".join(stems), _I) if stems else None


def pack(passages: Sequence[Passage], *, tokens_a_call: int, most_calls: int) -> list[list[Passage]]:
    """Spread ranked passages over calls, best first; what does not fit any call is left out."""
    calls: list[list[Passage]] = []
    sizes: list[int] = []
    for passage in passages:
        for place, size in enumerate(sizes):
            if size + passage.tokens <= tokens_a_call:
                calls[place].append(passage)
                sizes[place] += passage.tokens
                break
        else:
            if len(calls) < most_calls and passage.tokens <= tokens_a_call:
                calls.append([passage])
                sizes.append(passage.tokens)
    return calls
