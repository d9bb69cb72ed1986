"""Every measure by name: what it counts, and which way is better."""

from __future__ import annotations

from typing import Literal, NamedTuple

Better = Literal["higher", "lower"]
Group = Literal["extraction", "citations", "errors", "verdicts", "abstention", "robustness", "model"]


class MeasureEntry(NamedTuple):
    """One measure: a ratio of counts. `of` says what is counted below the line."""

    key: str
    label: str
    group: Group
    better: Better
    of: str


MEASURES: tuple[MeasureEntry, ...] = (
    MeasureEntry("precision", "Precision of facts", "extraction", "higher", "judged facts"),
    MeasureEntry("recall", "Recall of facts", "extraction", "higher", "labelled facts"),
    MeasureEntry("f1", "F1 of facts", "extraction", "higher", "labelled and judged facts"),
    MeasureEntry("citation_validity", "Citations that hold", "citations", "higher", "citations"),
    MeasureEntry(
        "citation_precision",
        "Citations at a labelled place",
        "citations",
        "higher",
        "citations of right facts",
    ),
    MeasureEntry(
        "citation_recall", "Right facts citing a labelled place", "citations", "higher", "right facts"
    ),
    MeasureEntry("hallucination", "Hallucinated on absent facts", "errors", "lower", "absent facts"),
    MeasureEntry("invented_value", "Asserted a value never said", "errors", "lower", "values never said"),
    MeasureEntry("wrong_subject", "Took another company's value", "errors", "lower", "traps about others"),
    MeasureEntry("wrong_polarity", "Asserted what is denied", "errors", "lower", "denied facts"),
    MeasureEntry("trap_taken", "Took a trap of any kind", "errors", "lower", "labelled traps"),
    MeasureEntry("crashed", "Product failed on the account", "errors", "lower", "runs"),
    MeasureEntry("tier_accuracy", "Tier right", "verdicts", "higher", "verdicts"),
    MeasureEntry("tier_within_one", "Tier at most one step off", "verdicts", "higher", "verdicts"),
    MeasureEntry("criterion_accuracy", "Criterion status right", "verdicts", "higher", "criteria"),
    MeasureEntry(
        "scorer_tier_accuracy", "Tier right, scorer alone on the truth", "verdicts", "higher", "verdicts"
    ),
    MeasureEntry(
        "scorer_criterion_accuracy",
        "Criterion right, scorer alone on the truth",
        "verdicts",
        "higher",
        "criteria",
    ),
    MeasureEntry("answered", "Single-valued facts answered", "abstention", "higher", "single-valued facts"),
    MeasureEntry(
        "accuracy_when_answered",
        "Right when answered",
        "abstention",
        "higher",
        "answered single-valued facts",
    ),
    MeasureEntry(
        "criterion_answered", "Decidable criteria decided", "abstention", "higher", "decidable criteria"
    ),
    MeasureEntry(
        "criterion_overclaim", "Decided what is not knowable", "abstention", "lower", "undecidable criteria"
    ),
    MeasureEntry(
        "injection_changed", "Changed by a poisoned page", "robustness", "lower", "poisoned accounts"
    ),
    MeasureEntry("flip_rate", "Flipped between repeats", "robustness", "lower", "repeated accounts"),
    MeasureEntry("refused", "Answers refused", "model", "lower", "model calls"),
    MeasureEntry("truncated", "Answers cut off", "model", "lower", "model calls"),
    MeasureEntry("invalid", "Answers that fit no schema", "model", "lower", "model calls"),
    MeasureEntry("call_failed", "Calls that failed", "model", "lower", "model calls"),
)
BY_KEY = {measure.key: measure for measure in MEASURES}

PRIMARY = (
    "precision",
    "recall",
    "hallucination",
    "wrong_subject",
    "wrong_polarity",
    "citation_validity",
    "tier_accuracy",
    "criterion_accuracy",
)
"""The measures a comparison judges, corrected as one family. The others are shown without a verdict."""
