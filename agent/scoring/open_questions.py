"""What is still open and what it could change: next facts, the smallest flip, and whether a tier is certain.

An open criterion may come out at either end of its interval, each on its own. Everything here is exact
under that reading; a test enumerates all outcomes of small profiles and must agree. Lists of open criteria
come with the largest gain first, then in the profile's order.
"""

from __future__ import annotations

from typing import NamedTuple

from agent.models import Absence, Flip, NextFact
from agent.scoring.build import maker
from agent.scoring.compiled import CompiledCriterion, CompiledICP

_MOST_SUMS = 65_536
_make_next_fact = maker(NextFact)
_make_flip = maker(Flip)

Open = tuple[int, int, CompiledCriterion, Absence, bool, list[NextFact | None]]
"""An undecided criterion: its loss (what a good answer adds, below 0), its place in the profile, itself, why
it is open, whether it is required and could still be proven unmet (which would end it), and the finished
next fact, one that cannot and one that could change the tier, once it is made.

Sorted as they are, the largest gain comes first, then the profile's order. A bare tuple, because most of
these are sorted and unpacked for every account.
"""


class Standing(NamedTuple):
    """Where the account stands: the proven and the possible score, penalties that may come, and its tier now.

    Scores and penalties are in score units; `settled` says that no answer to a criterion can matter any
    more (a proven disqualifier, or a required criterion proven unmet). `may_fail` holds the open required
    criteria in the profile's order.
    """

    raw: int
    possible: int
    open_penalties: int
    open_disqualifier: bool
    tier: str
    settled: bool
    may_fail: list[Open]


def next_facts(profile: CompiledICP, standing: Standing, openings: list[Open]) -> tuple[NextFact, ...]:
    """Return every open criterion, what could change the tier first, then by the points it could move."""
    if not openings:
        return ()
    decides = None if standing.settled else least_deciding_gain(profile, standing, openings)
    ends = not standing.settled and profile.tier_at(standing.possible) is not None
    first: list[NextFact] = []
    rest: list[NextFact] = []
    for one in openings:
        loss, _, _, _, may_fail, asked = one
        changes = ends if may_fail else decides is not None and -loss >= decides
        entry = asked[changes]
        if entry is None:
            entry = asked[changes] = _next_fact(profile, one, changes)
        (first if changes else rest).append(entry)
    return (*first, *rest)


def _next_fact(profile: CompiledICP, opening: Open, changes: bool) -> NextFact:
    loss, _, criterion, absence, _, _ = opening
    return _make_next_fact(
        {
            "criterion": criterion.id,
            "attribute": criterion.attribute,
            "absence": absence,
            "points": profile.points(-loss),
            "could_change_tier": changes,
            "ask": criterion.ask,
            "look_in": criterion.look_in,
        }
    )


def least_deciding_gain(profile: CompiledICP, standing: Standing, openings: list[Open]) -> int | None:
    """Return the least gain of an open criterion that, for some answers to all the others, decides the tier.

    Required criteria must go well, or nothing else matters; every other criterion may go either way. Every
    criterion of a greater gain decides too: where the smaller one's other answers include the greater, the
    two change places.
    """
    base, top = standing.raw, standing.possible
    for loss, *_ in standing.may_fail:
        base -= loss
    decides: int | None = None
    for _, least in profile.tiers:
        if base >= least or top < least:
            continue
        for loss, at, _, _, may_fail, _ in reversed(openings):
            gain = -loss
            if decides is not None and gain >= decides:
                break
            if may_fail:
                continue
            if base + gain >= least or top - gain < least or _pivotal(least, base, openings, gain, at):
                decides = gain
                break
    return decides


def _pivotal(least: int, base: int, openings: list[Open], gain: int, at: int) -> bool:
    """Tell whether some sum of the other gains, added to `base`, stays below a tier that `gain` then reaches.

    Such a sum lies in a window as wide as `gain`. Gains no larger than that cannot jump over it: added one
    by one, they fill up whatever the larger ones leave below it. So only the larger ones are tried, against
    a window that begins earlier by all the smaller ones together.
    """
    larger, fill = [], 0
    for loss, other, _, _, may_fail, _ in openings:
        if other == at or may_fail:
            continue
        if -loss > gain:
            larger.append(-loss)
        else:
            fill -= loss
    return some_sum_between(larger, least - base - gain - fill, least - base)


def some_sum_between(sizes: list[int], low: int, below: int) -> bool:
    """Tell whether some of the sizes (each more than 0) add up to at least `low` and less than `below`.

    Filling up greedily nearly always finds them. Else the sums of either half of the sizes are all tried:
    exact for 32 different sizes and any number of equal ones. Beyond that the answer is yes, unproven.
    """
    filled = 0
    for size in sizes:
        if filled + size < below:
            filled += size
    if filled >= low or below <= 0:
        return below > 0
    one, other = _sums(sizes[::2], below), _sums(sizes[1::2], below)
    if one is None or other is None:
        return True
    at = len(other) - 1
    for size in one:
        while at >= 0 and size + other[at] >= below:
            at -= 1
        if at >= 0 and size + other[at] >= low:
            return True
    return False


def _sums(sizes: list[int], below: int) -> list[int] | None:
    """Return every sum below a bound, the smallest first, or `None` when there are too many to try."""
    sums = {0}
    for size in sizes:
        sums |= {total + size for total in sums if total + size < below}
        if len(sums) > _MOST_SUMS:
            return None
    return sorted(sums)


def smallest_flip(profile: CompiledICP, standing: Standing, openings: list[Open]) -> Flip | None:
    """Return the fewest open criteria whose answers would change the tier, or `None` when none can.

    Answers that go well lift the score; one open required criterion that goes badly ends it. Of equally
    many, the lift is named.
    """
    if standing.settled or not openings:
        return None
    lift = _lift(profile, standing, openings)
    failing = standing.may_fail
    if failing and standing.tier != "not_a_fit" and (lift is None or len(lift.criteria) > 1):
        first = failing[0][2].id
        return Flip(
            to_tier="not_a_fit",
            criteria=(first,),
            reason=f"{first} is required; proven unmet, the account is not a fit.",
        )
    return lift


def _lift(profile: CompiledICP, standing: Standing, openings: list[Open]) -> Flip | None:
    score, wanted = standing.raw, None
    for _, least in profile.tiers:
        if least > score:
            wanted = least
    if wanted is None or standing.possible < wanted:
        return None
    lifting: list[tuple[int, str]] = []
    for loss, at, criterion, *_ in openings:
        score -= loss
        lifting.append((at, criterion.id))
        if score >= wanted:
            break
    reached = profile.tier_at(score)
    names = [name for _, name in sorted(lifting)]
    goes = "is met" if len(names) == 1 else "are met"
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    points = profile.hundredths(score) / 100
    return _make_flip(
        {
            "to_tier": reached,
            "criteria": tuple(names),
            "reason": f"If {listed} {goes} in full, the score is {points:.2f}: {reached}.",
        }
    )


def tier_is_certain(profile: CompiledICP, standing: Standing) -> bool:
    """Tell whether no answer to anything open could change the tier.

    A rejected account stays rejected: which of two reasons ends it is no open question. An account with
    too little evidence has no tier to be certain of.
    """
    if standing.settled:
        return True
    if standing.tier == "insufficient_evidence":
        return False
    best = profile.tier_at(standing.possible)
    if best is None:
        return standing.tier == "not_a_fit"
    if standing.open_disqualifier or standing.may_fail:
        return False
    worst = profile.tier_at(standing.raw - standing.open_penalties)
    return worst == best == standing.tier
