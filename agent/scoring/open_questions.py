"""What is still open and what it could change: next facts, the smallest flip, and whether a tier is certain.

An open criterion may come out at either end of its interval, each on its own. Everything here is exact
under that reading; a test enumerates all outcomes of small profiles and must agree. Lists of open criteria
come with the largest gain first, then in the profile's order.
"""

from __future__ import annotations

from typing import NamedTuple

from agent.models import Absence, Flip, NextFact
from agent.scoring.build import build
from agent.scoring.compiled import CompiledCriterion, CompiledICP
from agent.scoring.units import UNIT

_MOST_SUMS = 4096


class Open(NamedTuple):
    """An undecided criterion: its place in the profile, what a good answer adds, and why it is open.

    `may_fail` marks a required criterion that could still be proven unmet, which would end it.
    """

    at: int
    criterion: CompiledCriterion
    gain: int
    absence: Absence
    may_fail: bool


class Standing(NamedTuple):
    """Where the account stands: the proven score, penalties that may still come, and its tier now.

    `raw` and `open_penalties` are in score units; `settled` says that no answer to a criterion can matter
    any more (a proven disqualifier, or a required criterion proven unmet).
    """

    raw: int
    open_penalties: int
    open_disqualifier: bool
    tier: str
    settled: bool


def next_facts(profile: CompiledICP, standing: Standing, openings: list[Open]) -> tuple[NextFact, ...]:
    """Return every open criterion, what could change the tier first, then by the points it could move."""
    if not openings:
        return ()
    deciding = set() if standing.settled else could_change_tier(profile, standing.raw, openings)
    first = [_next_fact(profile, one, True) for one in openings if one.at in deciding]
    rest = [_next_fact(profile, one, False) for one in openings if one.at not in deciding]
    return (*first, *rest)


def _next_fact(profile: CompiledICP, opening: Open, changes: bool) -> NextFact:
    """Return the entry of one open criterion; the same question is asked of many accounts, so it is kept."""
    key = (opening.at, opening.gain, opening.absence, changes)
    held = profile.asked.get(key)
    if held is None:
        criterion = opening.criterion
        held = build(
            NextFact,
            {
                "criterion": criterion.id,
                "attribute": criterion.attribute,
                "absence": opening.absence,
                "points": profile.points(opening.gain),
                "could_change_tier": changes,
                "ask": criterion.ask,
                "look_in": criterion.look_in,
            },
        )
        if opening.gain == criterion.units * UNIT:
            profile.asked[key] = held
    return held


def could_change_tier(profile: CompiledICP, raw: int, openings: list[Open]) -> set[int]:
    """Return the places of the open criteria that, for some answers to all the others, decide the tier.

    Other required criteria must go well, or nothing else matters; every other criterion may go either way.
    """
    needed = sum([one.gain for one in openings if one.may_fail])
    total = sum([one.gain for one in openings])
    free = [(one.gain, one.at) for one in openings if not one.may_fail]
    deciding = set()
    if profile.tier_at(raw + total) is not None:
        deciding = {one.at for one in openings if one.may_fail}
    for gain, at in free:
        base, top = raw + needed, raw + total
        for _, least in profile.tiers:
            if base >= least or top < least:
                continue
            if base + gain >= least or top - gain < least or _pivotal(least, base, free, gain, at):
                deciding.add(at)
                break
    return deciding


def _pivotal(least: int, base: int, free: list[tuple[int, int]], gain: int, at: int) -> bool:
    """Tell whether some sum of the other gains, added to `base`, stays below a tier that `gain` then reaches.

    Filling up greedily nearly always finds it; only when that fails are all sums tried.
    """
    filled = base
    for size, other in free:
        if other != at and filled + size < least:
            filled += size
    if filled + gain >= least:
        return True
    sums = {base}
    for size, other in free:
        if other == at:
            continue
        sums |= {score + size for score in sums if score + size < least}
        if max(sums) + gain >= least:
            return True
        if len(sums) > _MOST_SUMS:
            return True  # thousands of different sums and no gap found: treat it as one that could
    return False


def smallest_flip(profile: CompiledICP, standing: Standing, openings: list[Open]) -> Flip | None:
    """Return the fewest open criteria whose answers would change the tier, or `None` when none can.

    Answers that go well lift the score; one open required criterion that goes badly ends it. Of equally
    many, the lift is named.
    """
    if standing.settled or not openings:
        return None
    lift = _lift(profile, standing, openings)
    failing = sorted(opening.at for opening in openings if opening.may_fail)
    if failing and standing.tier != "not_a_fit" and (lift is None or len(lift.criteria) > 1):
        first = profile.criteria[failing[0]].id
        return Flip(
            to_tier="not_a_fit",
            criteria=(first,),
            reason=f"{first} is required; proven unmet, the account is not a fit.",
        )
    return lift


def _lift(profile: CompiledICP, standing: Standing, openings: list[Open]) -> Flip | None:
    better = profile.tier_at(standing.raw)
    score, chosen = standing.raw, []
    for opening in openings:
        score += opening.gain
        chosen.append(opening)
        reached = profile.tier_at(score)
        if reached is not None and reached not in (better, standing.tier):
            names = [one.criterion.id for one in sorted(chosen, key=lambda one: one.at)]
            goes = "is met" if len(names) == 1 else "are met"
            listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
            points = profile.hundredths(score) / 100
            return Flip(
                to_tier=reached,
                criteria=tuple(names),
                reason=f"If {listed} {goes} in full, the score is {points:.2f}: {reached}.",
            )
    return None


def tier_is_certain(profile: CompiledICP, standing: Standing, openings: list[Open]) -> bool:
    """Tell whether no answer to anything open could change the tier.

    A rejected account stays rejected: which of two reasons ends it is no open question. An account with
    too little evidence has no tier to be certain of.
    """
    if standing.settled:
        return True
    if standing.tier == "insufficient_evidence":
        return False
    best = profile.tier_at(standing.raw + sum(one.gain for one in openings))
    if best is None:
        return standing.tier == "not_a_fit"
    if standing.open_disqualifier or any(one.may_fail for one in openings):
        return False
    worst = profile.tier_at(standing.raw - standing.open_penalties)
    return worst == best == standing.tier
