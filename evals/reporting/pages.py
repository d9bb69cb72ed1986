"""A case's pages with labelled, predicted and rejected quotes marked in their text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from agent.grounding import Span, TextIndex
from agent.models import Evidence, RejectedClaim
from evals.measures.misses import address
from evals.measures.score import CaseScore, MarkedSpan
from evals.running.outcome import CaseOutcome, StoredText

WINDOW = 300
"""Characters of text kept on either side of a mark; what lies further away is cut, and says so."""
_MOST_REJECTED = 40


class Segment(NamedTuple):
    """A run of text: `marks` are CSS classes (`gold`, `missed`, `predicted`, `rejected`), `cut` a stated gap."""

    text: str
    marks: str = ""
    title: str = ""
    cut: bool = False


class MarkedPage(NamedTuple):
    """One page with its segments."""

    title: str
    url: str
    kind: str
    segments: tuple[Segment, ...]
    gold: int
    predicted: int
    rejected: int
    missed: int
    """Places of labels that were missed: where to look first."""


class _Mark(NamedTuple):
    start: int
    end: int
    kind: str
    title: str


def marked_pages(score: CaseScore, outcome: CaseOutcome) -> tuple[MarkedPage, ...]:
    """Return the pages that have a mark, those with a missed label first."""
    pages = []
    spans, found, rejected = _by_place(score, outcome)
    missed = {each.label for each in score.judgements if each.kind == "missed"}
    for text in outcome.texts:
        mine = sorted({address(text.url), address(text.final_url)})
        marks = list(
            _marks(
                text,
                [span for name in mine for span in spans[name]],
                found[text.id],
                [claim for name in mine for claim in rejected[name]][:_MOST_REJECTED],
                missed,
            )
        )
        if not marks:
            continue
        pages.append(
            MarkedPage(
                title=text.title or text.url,
                url=text.final_url,
                kind=text.kind.replace("_", " "),
                segments=tuple(segments(text.text, marks)),
                gold=sum(mark.kind in ("gold", "missed") for mark in marks),
                predicted=sum(mark.kind == "predicted" for mark in marks),
                rejected=sum(mark.kind == "rejected" for mark in marks),
                missed=sum(mark.kind == "missed" for mark in marks),
            )
        )
    return tuple(
        sorted(pages, key=lambda page: (-page.missed, -page.rejected, -page.gold, -page.predicted, page.url))
    )


class _ByPlace(NamedTuple):
    spans: dict[str, list[MarkedSpan]]
    found: dict[str, list[Evidence]]
    rejected: dict[str, list[RejectedClaim]]


def _by_place(score: CaseScore, outcome: CaseOutcome) -> _ByPlace:
    """Return labels and rejected claims by address, and evidence by document."""
    places = _ByPlace(defaultdict(list), defaultdict(list), defaultdict(list))
    for span in score.spans:
        places.spans[address(span.url)].append(span)
    for item in outcome.evidence:
        places.found[item.document].append(item)
    for claim in outcome.rejected:
        places.rejected[address(claim.url)].append(claim)
    return places


def _marks(
    text: StoredText,
    spans: Sequence[MarkedSpan],
    found: Sequence[Evidence],
    rejected: Sequence[RejectedClaim],
    missed: Collection[int | None],
) -> Iterable[_Mark]:
    places = _Places(text.text)
    for span in spans:
        if (at := places.find(span.quote)) is not None:
            kind = "missed" if span.label in missed else "gold"
            words = f"labelled{', and missed' if kind == 'missed' else ''}: {span.says}"
            yield _Mark(at.start, at.end, kind, words)
    for item in found:
        yield _Mark(
            item.start, item.end, "predicted", f"found: {item.attribute} {item.value} ({item.polarity})"
        )
    for claim in rejected:
        at = places.find(claim.quote) or (places.find(claim.nearest) if claim.nearest else None)
        if at is not None:
            yield _Mark(
                at.start, at.end, "rejected", f"rejected ({claim.reason}): {claim.attribute} {claim.value}"
            )


class _Places:
    """Finds quotes in one text; the ladder is only climbed for a quote that is not there to the letter."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._index: TextIndex | None = None

    def find(self, quote: str) -> Span | None:
        start = self._text.find(quote)
        if start >= 0:
            return Span(start, start + len(quote))
        if self._index is None:
            self._index = TextIndex(self._text)
        return self._index.locate(quote, None)


def segments(text: str, marks: Sequence[_Mark]) -> Iterable[Segment]:
    """Split a text at the edges of its marks; overlapping marks share a segment, far text is cut."""
    edges = sorted({0, len(text), *(m.start for m in marks), *(m.end for m in marks)})
    opening: dict[int, list[_Mark]] = {}
    for mark in marks:
        opening.setdefault(mark.start, []).append(mark)
    active: list[_Mark] = []
    for start, end in pairwise(edges):
        active = [mark for mark in (*active, *opening.get(start, ())) if mark.end > start]
        if active:
            kinds = " ".join(sorted({mark.kind for mark in active}))
            titles = "\n".join(dict.fromkeys(mark.title for mark in active))
            yield Segment(text[start:end], kinds, titles)
        else:
            yield from _plain(text, start, end)


def _plain(text: str, start: int, end: int) -> Iterable[Segment]:
    head = WINDOW if start else 0
    tail = WINDOW if end < len(text) else 0
    if end - start <= head + tail + 80:
        yield Segment(text[start:end])
        return
    if head:
        yield Segment(text[start : start + head])
    yield Segment(f"[{end - start - head - tail:,} characters are not shown here]", cut=True)
    if tail:
        yield Segment(text[end - tail : end])
