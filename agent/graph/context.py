"""What the workflow's nodes may touch: clients, limits and the run's own working set.

State carries ids and JSON only; documents, claims and evidence live in the `Workspace`, which belongs to
one account's run and is thrown away with it, so that nothing can leak from one account to the next.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, NamedTuple, TypedDict

from agent.extraction.llm import LLMSession
from agent.extraction.rules import extract_by_rules
from agent.facts import resolve_facts
from agent.graph.providers import ProviderBudget
from agent.grounding import ground_all
from agent.icp import ICP
from agent.models import (
    SOURCES,
    Account,
    AccountVerdict,
    BriefSentence,
    Claim,
    Evidence,
    Fact,
    FetchFailure,
    Findings,
    Gathered,
    GatherLimits,
    RejectedClaim,
    SourceCoverage,
    SourceDocument,
    SourceName,
)
from agent.scoring import score_account
from agent.store.store import Store
from tools.pages.api import PageReader
from tools.providers.keys import SourceKeys


class Progress(NamedTuple):
    """One line of progress: the stage that ended and what it came to."""

    stage: str
    detail: str


class State(TypedDict, total=False):
    """The graph's state: JSON types and ids only."""

    domain: str
    sources_read: Annotated[list[str], operator.add]


@dataclass
class Workspace:
    """One run's working set."""

    account: Account | None = None
    resolve_failures: tuple[FetchFailure, ...] = ()
    damage: str = ""
    """What is wrong with the archive that stands for the web; empty where nothing is."""
    gathered: dict[SourceName, Gathered] = field(default_factory=dict)
    extra: list[Gathered] = field(default_factory=list)
    documents: dict[str, SourceDocument] = field(default_factory=dict)
    ruled: set[str] = field(default_factory=set)
    claims: list[Claim] = field(default_factory=list)
    grounded: int = 0
    evidence: dict[str, Evidence] = field(default_factory=dict)
    rejected: list[RejectedClaim] = field(default_factory=list)
    facts: tuple[Fact, ...] = ()
    verdicts: tuple[AccountVerdict, ...] = ()
    brief: tuple[BriefSentence, ...] = ()
    brief_note: str = ""
    prompts: list[str] = field(default_factory=list)
    """The ids of the prompts that calls were made with."""
    notes: list[str] = field(default_factory=list)
    read_further: bool = False
    """Whether the site was read a second time, for what the rules left open."""
    gaps_asked: bool = False
    gaps_answered: bool = False
    """Whether that round came to anything: an answer, or why there is none."""
    provider_cost_usd: float | None = 0.0

    def known_account(self) -> Account:
        """Return the resolved account; asking before `resolve` ran is a bug."""
        if self.account is None:
            raise RuntimeError("the account is not resolved yet")
        return self.account

    def forget(self) -> None:
        """Let go of what was read and found: the workflow's own leftovers hold on to it until they are collected."""
        self.gathered, self.extra, self.documents = {}, [], {}
        self.claims, self.evidence, self.rejected = [], {}, []
        self.facts, self.verdicts = (), ()

    def coverage(self) -> tuple[SourceCoverage, ...]:
        """Return how far each source was read, in the fixed order; a source that never ran was not looked at."""
        entries = []
        for source in SOURCES:
            gathered = self.gathered.get(source)
            if gathered is None:
                entries.append(SourceCoverage(source=source, state="not_looked", documents=0))
                continue
            damage = self.damage if source == "website" else ""
            entries.append(
                SourceCoverage(
                    source=source,
                    state=gathered.state,
                    documents=len(gathered.documents),
                    detail="; ".join(part for part in (gathered.detail, damage) if part),
                    truncated=_is_truncated(gathered),
                    damage=damage,
                )
            )
        return tuple(entries)

    def findings(self) -> Findings:
        """Return what a scorer may look at."""
        return Findings(facts=self.facts, evidence=tuple(self.evidence.values()), coverage=self.coverage())


def _is_truncated(gathered: Gathered) -> bool:
    """Tell whether a board names more openings than were read."""
    openings = sum(document.posting is not None for document in gathered.documents)
    return gathered.total_postings is not None and gathered.total_postings > openings


@dataclass(frozen=True)
class Steps:
    """The pure steps between documents and verdict, as values, so that a measurement can put faults in them.

    The defaults are the product; nothing but the eval suite's self-test passes others.
    """

    extract_by_rules: Callable[[SourceDocument, Account], tuple[Claim, ...]] = extract_by_rules
    ground_all: Callable[
        [list[Claim] | tuple[Claim, ...], Mapping[str, SourceDocument], Account, date],
        tuple[tuple[Evidence, ...], tuple[RejectedClaim, ...]],
    ] = ground_all
    resolve_facts: Callable[[Sequence[Evidence], date], tuple[Fact, ...]] = resolve_facts
    score_account: Callable[[ICP, Findings, date], AccountVerdict] = score_account


@dataclass(frozen=True)
class Context:
    """The clients and limits of one account's run. `llm` is `None` when only rules extract."""

    reader: PageReader
    workspace: Workspace
    as_of: date
    limits: GatherLimits
    icps: tuple[ICP, ...] = ()
    keys: SourceKeys = field(default_factory=SourceKeys)
    store: Store | None = None
    llm: LLMSession | None = None
    progress: Callable[[Progress], None] = lambda _: None
    steps: Steps = field(default_factory=Steps)
    forget_pages: Callable[[], None] = lambda: None
    """Lets go of pages that nothing will read again."""
    executor: Executor | None = None
    """Processes for the pure steps' heavy part; `None` runs them here, which is right for one account."""
    providers: ProviderBudget = field(default_factory=ProviderBudget)
    """What may be asked of paid providers; a batch's accounts share one."""
    replay: bool = False
    """Whether an archive stands for the web: nothing is paid, and no key is needed."""
    stop_when_decided: bool = False
    """Whether a verdict that nothing open can change ends the reading and asking; see `graph.screen`."""
