"""What one run of the product on one case left behind: enough to score it again without running it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import zstandard
from pydantic import ValidationError

from agent.errors import InputError
from agent.llm.api import Outcome
from agent.models import (
    AccountEntry,
    AccountVerdict,
    Evidence,
    Fact,
    FetchFailure,
    Findings,
    Frozen,
    Quarantined,
    RejectedClaim,
    SourceCoverage,
    SourceKind,
)

Variant = Literal["main", "clean"]
_MAX_BYTES = 512 * 1024 * 1024


class StoredText(Frozen):
    """A document as the product stored it."""

    id: str
    url: str
    final_url: str
    kind: SourceKind
    title: str
    text: str


class ModelCall(Frozen):
    """One answer of a model, by how it ended; `shown` is the page text the model was given."""

    outcome: Outcome
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    seconds: float
    shown: str
    detail: str = ""


class CaseOutcome(Frozen):
    """One research of one case. `variant` is `clean` for a poisoned account's unpoisoned twin.

    `error` is set when the product itself failed on the case, which is measured like any other result.
    """

    domain: str
    variant: Variant = "main"
    repeat: int = 0
    as_of: date
    account: AccountEntry | None = None
    error: str = ""
    seconds: float = 0.0
    verdicts: tuple[AccountVerdict, ...] = ()
    facts: tuple[Fact, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    rejected: tuple[RejectedClaim, ...] = ()
    coverage: tuple[SourceCoverage, ...] = ()
    texts: tuple[StoredText, ...] = ()
    failures: tuple[FetchFailure, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    calls: tuple[ModelCall, ...] = ()
    cost_usd: float | None = 0.0
    prompts: tuple[str, ...] = ()
    model: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def findings(self) -> Findings:
        """Return what a scorer looked at."""
        return Findings(facts=self.facts, evidence=self.evidence, coverage=self.coverage)


def outcome_path(folder: Path, domain: str, variant: Variant, repeat: int) -> Path:
    """Return where an outcome lies in a run's folder."""
    return folder / "outcomes" / f"{domain}.{variant}.r{repeat}.json.zst"


def save_outcome(folder: Path, outcome: CaseOutcome) -> None:
    """Write an outcome; it is there whole or not at all, so that a stopped run resumes after it."""
    path = outcome_path(folder, outcome.domain, outcome.variant, outcome.repeat)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(zstandard.ZstdCompressor(level=3).compress(outcome.model_dump_json().encode()))
    partial.replace(path)


def load_outcome(folder: Path, domain: str, variant: Variant, repeat: int) -> CaseOutcome | None:
    """Return a kept outcome, `None` when there is none; a damaged one is an `InputError`."""
    path = outcome_path(folder, domain, variant, repeat)
    try:
        packed = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        plain = zstandard.ZstdDecompressor().decompress(packed, max_output_size=_MAX_BYTES)
        return CaseOutcome.model_validate_json(plain)
    except (zstandard.ZstdError, ValidationError) as error:
        raise InputError(
            f"{path} cannot be read ({str(error).splitlines()[0]}); delete it and run again"
        ) from error
