"""Decide whether a claim's quote stands in its document and carries the claim. Pure.

`locate_quote` finds a quote, `ground` turns one claim into evidence or a rejection, `ground_all` many.
"""

from agent.grounding.check import FOOTER_ATTRIBUTES, evidence_id, ground, ground_all
from agent.grounding.locate import TextIndex, locate_quote
from agent.grounding.place import DocumentReading
from agent.grounding.sentences import Span, split_sentences

__all__ = [
    "FOOTER_ATTRIBUTES",
    "DocumentReading",
    "Span",
    "TextIndex",
    "evidence_id",
    "ground",
    "ground_all",
    "locate_quote",
    "split_sentences",
]
