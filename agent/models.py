"""The values that flow through a run, from claim to report. Frozen; JSON in, JSON out.

Values of attributes are plain JSON (see `agent/attributes.py` for the shape of each), so that a fact
reads the same in the store, in a report and in a test. The gatherers' values are re-exported here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field, JsonValue

from tools.documents import (
    SOURCES,
    Account,
    FailureReason,
    FetchFailure,
    Frozen,
    Gathered,
    GatherLimits,
    Quarantined,
    SourceDocument,
    SourceKind,
    SourceName,
    SourceState,
    SourceTier,
    text_id,
)

__all__ = [
    "FRESH_DAYS",
    "SOURCES",
    "Account",
    "AccountReport",
    "AccountVerdict",
    "BriefSentence",
    "Claim",
    "CriterionVerdict",
    "DimensionScore",
    "DocumentEntry",
    "Evidence",
    "Exclusion",
    "Fact",
    "FailureReason",
    "FetchFailure",
    "Findings",
    "Flip",
    "Frozen",
    "GatherLimits",
    "Gathered",
    "ICPReference",
    "NextFact",
    "NotRuledOut",
    "Quarantined",
    "RejectedClaim",
    "Rejection",
    "RunRecord",
    "SourceCoverage",
    "SourceDocument",
    "SourceKind",
    "SourceName",
    "SourceState",
    "SourceTier",
    "text_id",
]

Polarity = Literal["asserts", "denies"]
Rejection = Literal[
    "quote_not_found", "value_not_in_quote", "wrong_subject", "negated", "hypothetical", "stale", "schema"
]
FactStatus = Literal["supported", "contradicted", "denied"]
CriterionStatus = Literal["met", "partly_met", "not_met", "unknown", "conflicting"]
Absence = Literal["not_looked", "unreadable", "read_nothing_found", "contradicted"]

LIST_PROVIDER = "list"
"""The `provider` of documents made from the rows of an account list; the list in hand has the say."""


class Claim(Frozen):
    """What an extractor says it saw. Untrusted, whoever made it.

    `start`/`end` are where the extractor saw the quote, if it knows; grounding checks them too.
    `subject` is whom the sentence is about when the extractor names one; `None` means the account.
    `structured` marks key/value sources (JSON-LD, markup marks, DNS, board fields), which have no grammar
    to check for negation or hypothesis; the value must still occur in the quote.
    `event_on` is when the stated thing happened; `extractor` is `rule:<name>@<version>` or
    `llm:<model>:<prompt id>`.
    """

    attribute: str
    value: JsonValue
    quote: str
    document: str
    extractor: str
    start: int | None = None
    end: int | None = None
    polarity: Polarity = "asserts"
    subject: str | None = None
    event_on: date | None = None
    structured: bool = False


class Evidence(Frozen):
    """A claim whose quote was located and whose support checks hold: `quote == text[start:end]`, always.

    `published_at` is when what the quote tells happened (the claim's event date, else the document's);
    `None` is undated, which is never fresh.
    """

    id: str
    attribute: str
    value: JsonValue
    quote: str
    document: str
    start: int
    end: int
    url: str
    source_kind: SourceKind
    source_tier: SourceTier
    published_at: date | None
    polarity: Polarity
    extractor: str


class RejectedClaim(Frozen):
    """A claim that was not accepted, and why. Counted and shown; never used, never given another source.

    `nearest` is the passage of the same document that comes closest, for the reader; it proves nothing.
    """

    attribute: str
    value: JsonValue
    quote: str
    reason: Rejection
    url: str
    extractor: str
    nearest: str = ""


class Fact(Frozen):
    """What all the evidence for one attribute (and key, such as one technology) comes to."""

    attribute: str
    value: JsonValue
    status: FactStatus
    evidence: tuple[str, ...]
    against: tuple[str, ...] = ()


class SourceCoverage(Frozen):
    """How far one source was read.

    `truncated` means that it holds more than was read (a capped board). `damage` says what is wrong with the
    archive it was read from, which `detail` says too: what is missing may have been saved.
    """

    source: SourceName
    state: SourceState
    documents: int
    detail: str = ""
    truncated: bool = False
    damage: str = ""


class Findings(Frozen):
    """All a scorer may look at: facts, their evidence, and which sources were read."""

    facts: tuple[Fact, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    coverage: tuple[SourceCoverage, ...] = ()


class ICPReference(Frozen):
    """Which profile a verdict is about."""

    name: str
    version: int
    sha256: str


class CriterionVerdict(Frozen):
    """One criterion's outcome. Points are on the ICP's 0-100 scale; `possible_points` if all unknowns fell well."""

    id: str
    dimension: str
    status: CriterionStatus
    reason: str
    points: float
    possible_points: float
    max_points: float
    evidence: tuple[str, ...] = ()


class DimensionScore(Frozen):
    """One dimension's sum over its criteria."""

    dimension: str
    points: float
    possible_points: float
    max_points: float


class Exclusion(Frozen):
    """A proven exclusion."""

    id: str
    effect: Literal["disqualify", "penalty"]
    reason: str
    points: float = 0
    evidence: tuple[str, ...] = ()


class NotRuledOut(Frozen):
    """An exclusion that nothing read so far proves or disproves."""

    id: str
    effect: Literal["disqualify", "penalty"]
    reason: str


class NextFact(Frozen):
    """An open question, what it could move, and where the answer may be found."""

    criterion: str
    attribute: str
    absence: Absence
    points: float
    could_change_tier: bool
    ask: str
    look_in: tuple[str, ...] = ()


class Flip(Frozen):
    """The fewest open criteria whose answers would change the tier, and what it would become."""

    to_tier: str
    criteria: tuple[str, ...]
    reason: str


class AccountVerdict(Frozen):
    """One ICP's verdict on one account. Same findings, ICP and as_of give the same bytes."""

    icp: ICPReference
    score: float
    possible: float
    coverage: float
    tier: str
    tier_certain: bool
    dimensions: tuple[DimensionScore, ...] = ()
    criteria: tuple[CriterionVerdict, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    not_ruled_out: tuple[NotRuledOut, ...] = ()
    next_facts: tuple[NextFact, ...] = ()
    flip: Flip | None = None
    personas: tuple[PersonaPresence, ...] = ()
    warnings: tuple[str, ...] = ()


class PersonaPresence(Frozen):
    """Whether a buying-committee role was seen, as a title only."""

    role: str
    state: Literal["present", "hiring", "not_seen"]
    titles: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


FRESH_DAYS = 365
"""How old a dated signal may be to be a reason to act now; older ones stay among the facts."""


class BriefSentence(Frozen):
    """One sentence of the account brief and the evidence it rests on."""

    section: Literal["why_this_account", "why_now", "who", "risks", "ask"]
    text: str
    evidence: tuple[str, ...] = ()


class AccountEntry(Frozen):
    """The account as the report shows it."""

    domain: str
    name: str | None
    status: str
    final_domain: str


class DocumentEntry(Frozen):
    """A document as the report lists it; its text stays in the store.

    `flags` names what to distrust about it; the public JSON leaves it out, the other reports show it.
    """

    id: str
    url: str
    final_url: str
    kind: SourceKind
    title: str
    fetched_at: datetime
    published_at: date | None
    status: int | None
    language: str | None
    flags: tuple[str, ...] = ()


class RunRecord(Frozen):
    """How the report came about. `cost_usd` is `None` when the price is unknown, never a guess."""

    id: str
    started_at: datetime
    seconds: float
    extractor: str
    model: str | None
    prompts: tuple[str, ...]
    llm_calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    code_version: str
    receipt: str
    notes: tuple[str, ...] = ()


class AccountReport(Frozen):
    """The public JSON object of `dossier research --format json`."""

    schema_version: str = "1.0"
    account: AccountEntry
    as_of: date
    verdicts: tuple[AccountVerdict, ...] = ()
    best_icp: str | None = None
    facts: tuple[Fact, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    documents: tuple[DocumentEntry, ...] = ()
    failures: tuple[FetchFailure, ...] = ()
    rejected: tuple[RejectedClaim, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    coverage_of_sources: tuple[SourceCoverage, ...] = ()
    brief: tuple[BriefSentence, ...] = ()
    brief_note: str = ""
    run: RunRecord = Field()


AccountVerdict.model_rebuild()
