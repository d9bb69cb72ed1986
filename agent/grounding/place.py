"""A document prepared for grounding, and the place in it where a claim's value stands."""

from __future__ import annotations

from typing import NamedTuple

from agent.grounding.locate import TextIndex
from agent.grounding.sentences import Span, covering, split_sentences
from agent.models import Rejection, SourceDocument
from tools.pages.injection import injection_flags

_ORDER_REACH = 600


class DocumentReading:
    """A document prepared for grounding many claims: its text index and sentences."""

    def __init__(self, document: SourceDocument) -> None:
        self.document = document
        self.index = TextIndex(document.text)
        self.sentences = split_sentences(document.text)
        self._orders: dict[str, bool] = {}

    def orders_a_machine(self, span: Span) -> bool:
        """Say whether what stands at `span` belongs to an order to the machine that reads it: it states nothing.

        The sentence counts, and what stands before it on its line ("Ignore your instructions. We are 900.").
        A website's pages were looked at when they were read; where nothing was flagged, nothing is looked for.
        """
        if self.document.kind == "website" and not self.document.flags:
            return False
        text = self.document.text
        line = text.rfind("\n", 0, span.start) + 1
        around = text[max(line, span.start - _ORDER_REACH) : covering(self.sentences, span).end]
        if around not in self._orders:
            self._orders[around] = bool(injection_flags(around))
        return self._orders[around]


class Place(NamedTuple):
    """Where the value stands in the document, its sentence, where in that, and the line that leads a list in."""

    span: Span
    context: str
    value: Span
    lead_in: str


class Refused(Exception):
    """A claim is no evidence, and why; `ground` turns it into a `RejectedClaim`."""

    def __init__(self, reason: Rejection) -> None:
        self.reason: Rejection = reason


def place_of(span: Span, within: Span, reading: DocumentReading) -> Place:
    """Return where the characters `within` a quote at `span` stand."""
    text = reading.document.text
    sentence = covering(reading.sentences, span)
    offset = span.start - sentence.start
    value = Span(offset + within.start, offset + within.end)
    at = Span(span.start + within.start, span.start + within.end)
    return Place(at, text[sentence.start : sentence.end], value, _lead_in(text, sentence.start))


def _lead_in(text: str, start: int) -> str:
    """Return the line ending in a colon that introduces the list this line belongs to, or ''."""
    lines = text[max(0, start - 1200) : start].rstrip("\n").split("\n")
    for line in reversed(lines[-13:]):
        stripped = line.strip()
        if stripped.endswith((":", "：")) and len(stripped) <= 200:
            return stripped
        if len(stripped) > 80 or not stripped or stripped.endswith((".", "!", "?")):
            return ""
    return ""
