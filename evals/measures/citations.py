"""Whether citations hold, and whether they are the right ones. Checked here anew, not believed.

Validity asks of each piece of evidence: is its document among those read, is the id the hash of the text,
is the quote exactly the text's own characters. Precision asks whether the evidence cited for a right fact
stands where a label says the fact is stated (labels name places, not all of them, so this is a lower
bound). Recall asks of each right fact whether one of the labelled places is cited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agent.grounding import TextIndex
from agent.models import Evidence, text_id
from evals.labels import Case, Label
from evals.measures.judgement import Judgement
from evals.measures.misses import address
from evals.running.outcome import CaseOutcome, StoredText


class Citations(NamedTuple):
    """Counts of one research: `(good, all)` each; `faults` names what does not hold."""

    valid: tuple[int, int]
    precise: tuple[int, int]
    recalled: tuple[int, int]
    faults: tuple[str, ...]


def check_citations(case: Case, outcome: CaseOutcome, judged: Sequence[Judgement]) -> Citations:
    """Return the citation counts of one research."""
    texts = {text.id: text for text in outcome.texts}
    evidence = {item.id: item for item in outcome.evidence}
    faults = [f"{item.id}: {fault}" for item in outcome.evidence if (fault := citation_fault(item, texts))]
    cited = {each for fact in outcome.facts for each in (*fact.evidence, *fact.against)}
    cited |= {each for verdict in outcome.verdicts for row in verdict.criteria for each in row.evidence}
    dangling = sorted(cited - evidence.keys())
    faults += [f"{each}: cited, and no such evidence" for each in dangling]
    total = len(outcome.evidence) + len(dangling)
    precise = [0, 0]
    recalled = [0, 0]
    places = _Places(texts)
    for each in judged:
        if each.kind != "right" or each.label is None:
            continue
        label = case.truth.labels[each.label]
        hits = [places.supports(label, evidence[name]) for name in each.evidence if name in evidence]
        precise[0] += sum(hits)
        precise[1] += len(hits)
        recalled[0] += any(hits)
        recalled[1] += 1
    return Citations(
        (total - len(faults), total), (precise[0], precise[1]), (recalled[0], recalled[1]), tuple(faults)
    )


def citation_fault(item: Evidence, texts: Mapping[str, StoredText]) -> str:
    """Return what does not hold about a citation, or an empty text."""
    text = texts.get(item.document)
    if text is None:
        return "its document is not among those read for this account"
    if text_id(text.text) != item.document:
        return "its document's text does not hash to its id"
    if text.text[item.start : item.end] != item.quote or not item.quote:
        return "the quote is not what stands at its place"
    return ""


class _Places:
    """Finds labelled spans in the stored texts, each text prepared once."""

    def __init__(self, texts: Mapping[str, StoredText]) -> None:
        self._texts = texts
        self._indexes: dict[str, TextIndex] = {}

    def supports(self, label: Label, item: Evidence) -> bool:
        """Tell whether the evidence overlaps a labelled span of its own page, or quotes the same words."""
        text = self._texts.get(item.document)
        if text is None:
            return False
        mine = {address(text.url), address(text.final_url)}
        folded = _folded(item.quote)
        for span in label.spans:
            words = _folded(span.quote)
            if folded in words or words in folded:
                return True
            if address(span.url) in mine and self._overlaps(text, span.quote, item):
                return True
        return False

    def _overlaps(self, text: StoredText, quote: str, item: Evidence) -> bool:
        start = text.text.find(quote)
        if start >= 0:  # to the letter, which is most of them; the ladder is dear
            if start < item.end and item.start < start + len(quote):
                return True
            if text.text.find(quote, start + 1) < 0:
                return False
        found = self._index(text).locate(quote, item.start)
        return found is not None and found.start < item.end and item.start < found.end

    def _index(self, text: StoredText) -> TextIndex:
        if text.id not in self._indexes:
            self._indexes[text.id] = TextIndex(text.text)
        return self._indexes[text.id]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
