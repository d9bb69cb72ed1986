"""Score one account against one profile. Same findings, profile and date: the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Protocol

from agent.icp.model import ICP, Effect
from agent.models import (
    AccountVerdict,
    CriterionStatus,
    CriterionVerdict,
    DimensionScore,
    Exclusion,
    Findings,
    NotRuledOut,
)
from agent.scoring.build import build
from agent.scoring.compiled import CompiledCriterion, CompiledICP, compile_icp
from agent.scoring.open_questions import Open, Standing, next_facts, smallest_flip, tier_is_certain
from agent.scoring.outcome import Outcome, SharedOutcome
from agent.scoring.personas import personas_seen
from agent.scoring.units import UNIT, divide
from agent.scoring.view import View

_RANK = {"disqualified": 0, "not_a_fit": 1, "insufficient_evidence": 2}


class FindingsSource(Protocol):
    """Stored findings of many accounts, one at a time, so that memory stays flat."""

    def iterate_findings(self) -> Iterator[tuple[str, Findings]]:
        """Yield each account's domain and findings, in a fixed order."""
        ...


def score_account(icp: ICP | CompiledICP, findings: Findings, as_of: date) -> AccountVerdict:
    """Return the verdict on one account as of a day.

    Nothing but the findings is looked at: no page, no clock, no model. To score many accounts, compile the
    profile once (`compile_icp`) and pass that.
    """
    profile = icp if isinstance(icp, CompiledICP) else _compiled(icp)
    view = View(findings, as_of)
    excluded, not_ruled_out, penalties, open_penalties, out, may_be_out = _exclusions(profile, view)
    raw = possible = -penalties
    decided = 0
    failed = False
    openings: list[Open] = []
    sums = [[0, 0] for _ in profile.dimensions]
    criteria: list[CriterionVerdict] = []
    for criterion in profile.criteria:
        outcome = criterion.evaluate(view)
        low, high, units = outcome.low * criterion.units, outcome.high * criterion.units, criterion.units
        raw += low
        possible += high
        both = sums[criterion.place]
        both[0] += low
        both[1] += high
        if low == high:
            decided += units
            failed = failed or (criterion.required and high == 0)
        else:
            absence = "contradicted" if outcome.conflicting else view.absence(criterion.attribute)
            may_fail = criterion.required and low == 0
            openings.append(Open(len(criteria), criterion, high - low, absence, may_fail))
        criteria.append(_criterion(profile, criterion, outcome, low, high))
    openings.sort(key=_gain_first)
    coverage = divide(decided * 100, profile.total_units)
    tier = _tier(profile, raw, coverage, out=out, failed=failed)
    standing = Standing(raw, open_penalties, may_be_out, tier, settled=out or failed)
    return build(
        AccountVerdict,
        {
            "icp": profile.reference,
            "score": profile.hundredths(raw) / 100,
            "possible": profile.hundredths(possible) / 100,
            "coverage": coverage / 100,
            "tier": tier,
            "tier_certain": tier_is_certain(profile, standing, openings),
            "dimensions": _dimensions(profile, sums),
            "criteria": tuple(criteria),
            "excluded": excluded,
            "not_ruled_out": not_ruled_out,
            "next_facts": next_facts(profile, standing, openings),
            "flip": smallest_flip(profile, standing, openings),
            "personas": personas_seen(view, profile.personas),
            "warnings": _warnings(profile, as_of, tier, possible),
        },
    )


class AccountStanding(NamedTuple):
    """Where an account stands under a profile: the head of its verdict, without the sentences."""

    score: float
    possible: float
    coverage: float
    tier: str


def stand(profile: CompiledICP, findings: Findings, as_of: date) -> AccountStanding:
    """Return the figures and the tier of the verdict that `score_account` would give, and nothing else.

    For bulk questions that read no reasons (how many accounts reach a tier); sentences are never made.
    """
    view = View(findings, as_of)
    raw = possible = decided = 0
    out = failed = False
    for rule in profile.exclusions:
        if rule.evaluate(view).low == UNIT:
            raw -= rule.units * UNIT
            out = out or rule.disqualifies
    possible = raw
    for criterion in profile.criteria:
        outcome = criterion.evaluate(view)
        raw += outcome.low * criterion.units
        possible += outcome.high * criterion.units
        if outcome.low == outcome.high:
            decided += criterion.units
            failed = failed or (criterion.required and outcome.high == 0)
    coverage = divide(decided * 100, profile.total_units)
    tier = _tier(profile, raw, coverage, out=out, failed=failed)
    return AccountStanding(
        profile.hundredths(raw) / 100, profile.hundredths(possible) / 100, coverage / 100, tier
    )


def best_match(verdicts: Sequence[AccountVerdict]) -> AccountVerdict | None:
    """Return the verdict of the profile that fits best, or `None` when every one rejects the account.

    A tier goes before too little evidence; then the proven score, the possible score, coverage, the name.
    """
    open_ones = [verdict for verdict in verdicts if _RANK.get(verdict.tier, 3) >= 2]
    if not open_ones:
        return None
    return min(
        open_ones,
        key=lambda one: (
            -_RANK.get(one.tier, 3),
            -one.score,
            -one.possible,
            -one.coverage,
            one.icp.name,
            one.icp.sha256,
        ),
    )


def rescore(
    accounts: FindingsSource | Iterable[tuple[str, Findings]], icp: ICP, as_of: date
) -> Iterator[tuple[str, AccountVerdict]]:
    """Yield every stored account's verdict under a profile, one at a time: nothing is fetched or kept."""
    profile = compile_icp(icp)
    pairs = accounts if isinstance(accounts, Iterable) else accounts.iterate_findings()
    for domain, findings in pairs:
        yield domain, score_account(profile, findings, as_of)


@lru_cache(maxsize=64)
def _compiled(icp: ICP) -> CompiledICP:
    return compile_icp(icp)


def _gain_first(opening: Open) -> tuple[int, int]:
    return (-opening.gain, opening.at)


def _exclusions(
    profile: CompiledICP, view: View
) -> tuple[tuple[Exclusion, ...], tuple[NotRuledOut, ...], int, int, bool, bool]:
    """Return what is excluded and not ruled out, the proven and open penalties, and proven or open disqualifiers."""
    excluded: list[Exclusion] = []
    not_ruled_out: list[NotRuledOut] = []
    penalties = open_penalties = 0
    out = may_be_out = False
    for rule in profile.exclusions:
        outcome = rule.evaluate(view)
        effect: Effect = "disqualify" if rule.disqualifies else "penalty"
        if outcome.low == UNIT:
            excluded.append(
                build(
                    Exclusion,
                    {
                        "id": rule.id,
                        "effect": effect,
                        "reason": outcome.reason,
                        "points": rule.points,
                        "evidence": outcome.evidence,
                    },
                )
            )
            penalties += rule.units * UNIT
            out = out or rule.disqualifies
        elif outcome.high == UNIT:
            not_ruled_out.append(_not_ruled_out(rule.id, effect, outcome))
            open_penalties += rule.units * UNIT
            may_be_out = may_be_out or rule.disqualifies
    return tuple(excluded), tuple(not_ruled_out), penalties, open_penalties, out, may_be_out


def _not_ruled_out(name: str, effect: Effect, outcome: Outcome) -> NotRuledOut:
    kept: NotRuledOut | None = outcome.kept
    if kept is not None:
        return kept
    entry = build(NotRuledOut, {"id": name, "effect": effect, "reason": outcome.reason})
    if isinstance(outcome, SharedOutcome):
        outcome.kept = entry
    return entry


def _tier(profile: CompiledICP, raw: int, coverage: int, *, out: bool, failed: bool) -> str:
    if out:
        return "disqualified"
    if failed:
        return "not_a_fit"
    earned = profile.tier_at(raw)
    if earned is not None:
        return earned
    return "insufficient_evidence" if coverage < profile.least_coverage else "not_a_fit"


def _criterion(
    profile: CompiledICP, criterion: CompiledCriterion, outcome: Outcome, low: int, high: int
) -> CriterionVerdict:
    """Build one criterion's verdict; `low` and `high` are what it earns in score units."""
    kept: CriterionVerdict | None = outcome.kept
    if kept is not None:
        return kept
    most = criterion.max_points
    status: CriterionStatus
    if outcome.low == UNIT:
        status, points, possible = "met", most, most
    elif high == 0:
        status, points, possible = "not_met", 0.0, 0.0
    else:
        status = "conflicting" if outcome.conflicting else "partly_met" if low else "unknown"
        points = profile.points(low) if low else 0.0
        possible = most if outcome.high == UNIT else points if high == low else profile.points(high)
    verdict = build(
        CriterionVerdict,
        {
            "id": criterion.id,
            "dimension": criterion.dimension,
            "status": status,
            "reason": outcome.reason,
            "points": points,
            "possible_points": possible,
            "max_points": most,
            "evidence": outcome.evidence,
        },
    )
    if isinstance(outcome, SharedOutcome):
        outcome.kept = verdict
    return verdict


def _dimensions(profile: CompiledICP, sums: list[list[int]]) -> tuple[DimensionScore, ...]:
    scores = []
    for (dimension, most), (low, high) in zip(profile.dimensions, sums, strict=True):
        points = profile.points(low)
        possible = points if high == low else profile.points(high)
        scores.append(
            build(
                DimensionScore,
                {"dimension": dimension, "points": points, "possible_points": possible, "max_points": most},
            )
        )
    return tuple(scores)


def _warnings(profile: CompiledICP, as_of: date, tier: str, possible: int) -> tuple[str, ...]:
    warnings = []
    due = profile.icp.review_by
    if due is not None and due < as_of:
        warnings.append(f"The profile {profile.icp.name} was due for review on {due.isoformat()}.")
    if tier == "insufficient_evidence" and profile.tier_at(possible) is None:
        best = profile.hundredths(possible) / 100
        warnings.append(
            f"Even if everything open went well, the score would be {best:.2f}, below every tier."
        )
    return tuple(warnings)
