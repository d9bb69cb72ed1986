"""Score one account against one profile. Same findings, profile and date: the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from agent.icp.model import ICP, Effect
from agent.models import (
    Absence,
    AccountVerdict,
    CriterionStatus,
    CriterionVerdict,
    DimensionScore,
    Exclusion,
    Findings,
    NotRuledOut,
)
from agent.scoring.build import maker
from agent.scoring.compiled import CompiledCriterion, CompiledICP, compile_icp
from agent.scoring.open_questions import Open, Standing, next_facts, smallest_flip, tier_is_certain
from agent.scoring.outcome import MOST_KEPT, Ruling, reason
from agent.scoring.personas import personas_seen
from agent.scoring.units import UNIT, divide
from agent.scoring.view import View

_make_verdict = maker(AccountVerdict)
_make_criterion = maker(CriterionVerdict)
_make_dimension = maker(DimensionScore)
_make_exclusion = maker(Exclusion)
_make_not_ruled_out = maker(NotRuledOut)
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
    view = View(findings, as_of, profile.used)
    ruled = _exclusions(profile, view)
    decided = 0
    failed = False
    openings: list[Open] = []
    may_fail: list[Open] = []
    size = len(profile.places)
    in_full, lows, gaps = [0] * size, [0] * size, [0] * size
    criteria: list[CriterionVerdict] = []
    for criterion in profile.criteria:
        outcome = criterion.evaluate(view)
        ruling = outcome[0]
        place, won, low, gap, decides, fails, base, _, fixed = ruling.kept or _worth(
            profile, criterion, ruling
        )
        if won:
            in_full[place] += won
        elif low:
            lows[place] += low
        if fixed is None:
            values = base.copy()
            values["reason"] = reason(view, outcome)
            values["evidence"] = outcome[2]
            verdict = _make_criterion(values)
            criteria.append(verdict)
            if decides:
                decided += decides
                failed = failed or fails
                continue
            opening = _open(view, criterion, ruling, verdict)
        else:
            verdict, opening = fixed
            criteria.append(verdict)
        gaps[place] += gap
        openings.append(opening)
        if opening[4]:
            may_fail.append(opening)
    lows = [low + UNIT * won for low, won in zip(lows, in_full, strict=True)]
    highs = [low + gap for low, gap in zip(lows, gaps, strict=True)]
    raw, possible = sum(lows) - ruled.penalties, sum(highs) - ruled.penalties
    openings.sort()
    coverage = divide(decided * 100, profile.total_units)
    tier = _tier(profile, raw, coverage, out=ruled.out, failed=failed)
    settled = ruled.out or failed
    standing = Standing(raw, possible, ruled.open_penalties, ruled.may_be_out, tier, settled, may_fail)
    return _make_verdict(
        {
            "icp": profile.reference,
            "score": profile.hundredths(raw) / 100,
            "possible": profile.hundredths(possible) / 100,
            "coverage": coverage / 100,
            "tier": tier,
            "tier_certain": tier_is_certain(profile, standing),
            "dimensions": _dimensions(profile, lows, highs),
            "criteria": tuple(criteria),
            "excluded": ruled.excluded,
            "not_ruled_out": ruled.not_ruled_out,
            "next_facts": next_facts(profile, standing, openings),
            "flip": smallest_flip(profile, standing, openings),
            "personas": personas_seen(view, profile.personas),
            "warnings": _warnings(profile, as_of, tier, possible),
        }
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
    view = View(findings, as_of, profile.used)
    raw = possible = decided = 0
    out = failed = False
    for rule in profile.exclusions:
        if rule.evaluate(view)[0].low == UNIT:
            raw -= rule.units * UNIT
            out = out or rule.disqualifies
    possible = raw
    for criterion in profile.criteria:
        ruling = criterion.evaluate(view)[0]
        raw += ruling.low * criterion.units
        possible += ruling.high * criterion.units
        if ruling.low == ruling.high:
            decided += criterion.units
            failed = failed or (criterion.required and ruling.high == 0)
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


class _Ruled(NamedTuple):
    """What the exclusions come to; penalties are in score units, the last two tell of disqualifiers."""

    excluded: tuple[Exclusion, ...]
    not_ruled_out: tuple[NotRuledOut, ...]
    penalties: int
    open_penalties: int
    out: bool
    may_be_out: bool


def _exclusions(profile: CompiledICP, view: View) -> _Ruled:
    """Return what is excluded, what is not ruled out, and what either costs."""
    excluded: list[Exclusion] = []
    not_ruled_out: list[NotRuledOut] = []
    penalties = open_penalties = 0
    out = may_be_out = False
    for rule in profile.exclusions:
        outcome = rule.evaluate(view)
        ruling, _, evidence = outcome
        if ruling.high < UNIT:
            continue
        effect: Effect = "disqualify" if rule.disqualifies else "penalty"
        if ruling.low == UNIT:
            excluded.append(
                _make_exclusion(
                    {
                        "id": rule.id,
                        "effect": effect,
                        "reason": reason(view, outcome),
                        "points": rule.points,
                        "evidence": evidence,
                    }
                )
            )
            penalties += rule.units * UNIT
            out = out or rule.disqualifies
        else:
            entry: NotRuledOut | None = ruling.kept
            if entry is None:
                entry = _make_not_ruled_out(
                    {"id": rule.id, "effect": effect, "reason": reason(view, outcome)}
                )
                if ruling.constant:
                    ruling.kept = entry
            not_ruled_out.append(entry)
            open_penalties += rule.units * UNIT
            may_be_out = may_be_out or rule.disqualifies
    return _Ruled(tuple(excluded), tuple(not_ruled_out), penalties, open_penalties, out, may_be_out)


def _tier(profile: CompiledICP, raw: int, coverage: int, *, out: bool, failed: bool) -> str:
    if out:
        return "disqualified"
    if failed:
        return "not_a_fit"
    earned = profile.tier_at(raw)
    if earned is not None:
        return earned
    return "insufficient_evidence" if coverage < profile.least_coverage else "not_a_fit"


_Fixed = tuple[CriterionVerdict, Open]
"""A finished verdict and the question it leaves open, the same for every account."""
_Worth = tuple[
    int, int, int, int, int, bool, dict[str, Any], dict[Absence, Open], _Fixed | None  # Any: fields
]
"""What a ruling is worth to its criterion: the place of its dimension; the units it earns in full (small
whole numbers add up fastest), else the score units it proves; the score units that stay open; the units it
decides, whether it ends the account; the verdict's fields without reason and evidence, the open questions
made so far by why they are open, and the finished verdict where accounts do not differ.

A bare tuple, because a named one takes longer to unpack, and this is unpacked for every criterion.
"""


def _worth(profile: CompiledICP, criterion: CompiledCriterion, ruling: Ruling) -> _Worth:
    low, high, most = ruling.low * criterion.units, ruling.high * criterion.units, criterion.max_points
    open_ended = low != high
    points = most if ruling.low == UNIT else profile.points(low) if low else 0.0
    possible = most if ruling.high == UNIT else profile.points(high) if open_ended else points
    status: CriterionStatus
    if ruling.low == UNIT:
        status = "met"
    elif high == 0:
        status = "not_met"
    else:
        status = "conflicting" if ruling.conflicting else "partly_met" if low else "unknown"
    base = {
        "id": criterion.id,
        "dimension": criterion.dimension,
        "status": status,
        "reason": "",
        "points": points,
        "possible_points": possible,
        "max_points": most,
        "evidence": (),
    }
    decides, fails = (0, False) if open_ended else (criterion.units, criterion.required and high == 0)
    won = criterion.units if ruling.low == UNIT else 0
    worth: _Worth = (criterion.place, won, 0 if won else low, high - low, decides, fails, base, {}, None)
    ruling.kept = worth
    return worth


def _open(view: View, criterion: CompiledCriterion, ruling: Ruling, verdict: CriterionVerdict) -> Open:
    """Return the question that an undecided criterion leaves open; the same for every account of its ruling."""
    kept: _Worth = ruling.kept
    place, won, low, gap, decides, fails, base, asked, _ = kept
    absence: Absence = "contradicted" if ruling.conflicting else view.absence(criterion.attribute)
    opening = asked.get(absence)
    if opening is None:
        may_fail = criterion.required and low == 0
        opening = (-gap, criterion.at, criterion, absence, may_fail, [None, None])
        asked[absence] = opening
    if ruling.constant:
        worth: _Worth = (place, won, low, gap, decides, fails, base, asked, (verdict, opening))
        ruling.kept = worth
    return opening


def _dimensions(profile: CompiledICP, lows: list[int], highs: list[int]) -> tuple[DimensionScore, ...]:
    known, scores = profile.sums, []
    for sums in zip(profile.places, lows, highs, strict=True):
        score = known.get(sums)
        if score is None:
            if len(known) >= MOST_KEPT:
                known.clear()
            (dimension, most), low, high = profile.dimensions[sums[0]], sums[1], sums[2]
            points, possible = profile.points(low), profile.points(high)
            score = known[sums] = _make_dimension(
                {"dimension": dimension, "points": points, "possible_points": possible, "max_points": most}
            )
        scores.append(score)
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
