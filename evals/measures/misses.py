"""Why a labelled fact was not found: the first thing that went wrong on the way from page to fact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import JsonValue

from agent.attributes import canonical_value
from agent.grounding import TextIndex
from agent.models import Fact, Rejection
from evals.labels import Label
from evals.running.outcome import CaseOutcome

Miss = Literal[
    "not_fetched",
    "not_in_passage",
    "missed",
    "wrong_value",
    "wrong_subject",
    "polarity",
    "stale",
    "quote_rejected",
    "merged_wrongly",
]
MISS_WORDS: dict[Miss, str] = {
    "not_fetched": "its page was not fetched",
    "not_in_passage": "its sentence was not among the passages shown to the model",
    "missed": "it was read and not noticed",
    "wrong_value": "another value was given",
    "wrong_subject": "taken for another company's, or another company's was taken",
    "polarity": "taken for denied or supposed, or the reverse",
    "stale": "taken for out of date, or an older value was taken",
    "quote_rejected": "noticed, and the quote or value did not pass the checks",
    "merged_wrongly": "evidence was there and the fact did not come of it",
}
_BY_REJECTION: dict[Rejection, Miss] = {
    "quote_not_found": "quote_rejected",
    "value_not_in_quote": "quote_rejected",
    "schema": "quote_rejected",
    "wrong_subject": "wrong_subject",
    "negated": "polarity",
    "hypothetical": "polarity",
    "stale": "stale",
}


def miss_reason(
    label: Label, outcome: CaseOutcome, facts: Sequence[Fact], wrong: Sequence[tuple[str, str]]
) -> Miss:
    """Return the first reason that explains a miss, looking from the fact back to the page.

    `facts` are those of the label's attribute; `wrong` the faults of those that were asserted instead.
    """
    mine = [item for item in outcome.evidence if item.attribute == label.attribute]
    accepted = [item for item in mine if label.accepts(item.value)]
    if any(item.polarity == label.polarity for item in accepted):
        return "merged_wrongly"
    if accepted:
        return "polarity"
    rejected = [
        claim
        for claim in outcome.rejected
        if claim.attribute == label.attribute and _means(label, claim.value)
    ]
    if rejected:
        return _BY_REJECTION[rejected[0].reason]
    if not is_fetched(label, outcome):
        return "not_fetched"
    faults = {fault for fault, _ in wrong}
    if "wrong_subject" in faults:
        return "wrong_subject"
    if "stale" in faults:
        return "stale"
    if "wrong_value" in faults:
        return "wrong_value"
    if outcome.calls and not _is_shown(label, outcome):
        return "not_in_passage"
    return "missed"


def _means(label: Label, value: JsonValue) -> bool:
    """Tell whether a rejected claim meant the labelled value: a model's claim may still be in its own spelling."""
    return label.accepts(value) or label.accepts(canonical_value(label.attribute, value))


def is_fetched(label: Label, outcome: CaseOutcome) -> bool:
    """Tell whether a text of one of the label's addresses was read, or its words stand in another text."""
    wanted = {address(span.url) for span in label.spans}
    if any(address(url) in wanted for text in outcome.texts for url in (text.url, text.final_url)):
        return True
    return any(span.quote in text.text for span in label.spans for text in outcome.texts)


def _is_shown(label: Label, outcome: CaseOutcome) -> bool:
    shown = TextIndex("\n".join(call.shown for call in outcome.calls))
    return any(shown.locate(span.quote, None) is not None for span in label.spans)


def address(url: str) -> str:
    """Return a URL without what never tells two texts apart: scheme, `www.`, fragment, trailing slash."""
    bare = url.partition("#")[0].partition("://")[2] or url
    return bare.removeprefix("www.").rstrip("/")
