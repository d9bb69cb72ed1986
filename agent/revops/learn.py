"""Learn a profile from deals: what won accounts have more often than lost and churned ones, and how sure that is.

Nothing is learned from few cases: below `LEAST` won or lost accounts it refuses. A third of the accounts,
chosen by hash so that it is the same third every time, is held out and only used to test the draft.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from agent.errors import InputError
from agent.icp.load import parse_icp
from agent.icp.model import ICP
from agent.models import Findings
from agent.revops.draft_yaml import SizeBand, write_draft
from agent.revops.features import Feature, Traits, comparable, traits_of
from agent.revops.segments import Segments, find_segments
from agent.revops.statistics import (
    Area,
    Difference,
    Share,
    area_under_curve,
    corrected_z,
    difference,
    quantile,
    wilson,
)
from agent.scoring.compiled import compile_icp
from agent.scoring.score import score_account

LEAST = 30
"""Won accounts and lost accounts it takes, each, held-out ones included."""
_HELD_OUT = 3
_LEAST_SEEN = 5
_MOST_CRITERIA = 14

Known = tuple[str, Findings]
Verdict = Literal["wanted", "unwanted", "unclear"]


class Lift(NamedTuple):
    """How often a feature is seen among won, lost and churned accounts that can say anything about it.

    `gap` is won minus lost, `churn_gap` churned minus won, each `None` when one side cannot say. `verdict`
    is more cautious than either: it allows for how many features were looked at.
    """

    feature: Feature
    won: Share
    lost: Share
    churned: Share
    lift: float | None
    gap: Difference | None
    churn_gap: Difference | None
    verdict: Verdict


class HoldOut(NamedTuple):
    """How the draft did on the accounts it never saw; `area` is `None` when they are too few."""

    won: int
    lost: int
    area: Area | None
    tiers: tuple[tuple[str, int, int], ...]


class Learned(NamedTuple):
    """The draft profile, its YAML, every feature's figures, and what they rest on."""

    icp: ICP
    yaml: str
    lifts: tuple[Lift, ...]
    size: SizeBand | None
    held_out: HoldOut
    segments: Segments | None
    counts: tuple[int, int, int]
    notes: tuple[str, ...]


def learn_icp(
    won: Sequence[Known], lost: Sequence[Known], churned: Sequence[Known], *, name: str, as_of: date
) -> Learned:
    """Return a draft profile with its figures, or refuse with how many more accounts it takes."""
    won, lost, churned, notes = _disjoint(won, lost, churned)
    _refuse_few(won, lost, notes)
    train_won, test_won = _split(won)
    train_lost, test_lost = _split(lost)
    traits = [[traits_of(findings) for _, findings in part] for part in (train_won, train_lost, churned)]
    lifts = measure_lifts(*traits)
    if not any(lift.verdict != "unclear" for lift in lifts):
        notes.append("no feature tells won from lost beyond chance; the draft rests on size and sector alone")
    size = _size_band(traits[0])
    counts = (len(train_won), len(train_lost), len(churned))
    chosen = _chosen(lifts)
    dated = any(item.published_at for _, findings in train_won for item in findings.evidence)
    text = write_draft(name=name, as_of=as_of, lifts=chosen, size=size, counts=counts, dated=dated)
    icp = parse_icp(text, f"{name} (draft)")
    return Learned(
        icp=icp,
        yaml=text,
        lifts=lifts,
        size=size,
        held_out=_test(icp, test_won, test_lost, as_of),
        segments=find_segments(won),
        counts=counts,
        notes=tuple(notes),
    )


def measure_lifts(won: list[Traits], lost: list[Traits], churned: list[Traits]) -> tuple[Lift, ...]:
    """Return each feature's figures, those that tell most first, in a fixed order."""
    groups = (won, lost, churned)
    seen = Counter(feature for group in groups for traits in group for feature in traits.features)
    features = sorted(feature for feature, count in seen.items() if count >= _LEAST_SEEN)
    z = corrected_z(len(features))
    lifts = [_measure(feature, groups, z) for feature in features]
    return tuple(sorted(lifts, key=lambda one: (one.verdict == "unclear", -_distance(one), one.feature)))


def _measure(feature: Feature, groups: tuple[list[Traits], list[Traits], list[Traits]], z: float) -> Lift:
    """Measure one feature. The verdict holds over all features looked at; the figures shown are 95 %."""
    won, lost, churned = (_share(feature, group) for group in groups)
    gap, sure_gap = _gap(won, lost), _gap(_again(won, z), _again(lost, z))
    churn_gap, sure_churn = _gap(churned, won), _gap(_again(churned, z), _again(won, z))
    verdict: Verdict = "unclear"
    if sure_gap is not None and sure_gap.low > 0:
        verdict = "wanted"
    if (sure_gap is not None and sure_gap.high < 0) or (sure_churn is not None and sure_churn.low > 0):
        verdict = "unwanted"
    lift = won.value / lost.value if won.value is not None and lost.value else None
    return Lift(feature, won, lost, churned, lift, gap, churn_gap, verdict)


def _gap(left: Share, right: Share) -> Difference | None:
    return difference(left, right) if left.total and right.total else None


def _again(share: Share, z: float) -> Share:
    return wilson(share.hits, share.total, z)


def _distance(one: Lift) -> float:
    return max((abs(gap.value) for gap in (one.gap, one.churn_gap) if gap is not None), default=0.0)


def _share(feature: Feature, group: list[Traits]) -> Share:
    able = [traits for traits in group if comparable(feature, traits)]
    return wilson(sum(feature in traits.features for traits in able), len(able))


def _chosen(lifts: tuple[Lift, ...]) -> tuple[Lift, ...]:
    """Keep what is clear; of sizes none, since the size band says that already."""
    clear = [one for one in lifts if one.verdict != "unclear" and one.feature.attribute != "employee_count"]
    return tuple(clear[:_MOST_CRITERIA])


def _size_band(won: list[Traits]) -> SizeBand | None:
    """Return the band the middle four fifths of won accounts lie in, and the one nearly all do."""
    sizes = [traits.employees for traits in won if traits.employees is not None]
    if len(sizes) < _LEAST_SEEN * 2:
        return None
    low, high = _rounded(quantile(sizes, 0.1)), _rounded(quantile(sizes, 0.9))
    least, most = min(low, _rounded(quantile(sizes, 0.02))), max(high, _rounded(quantile(sizes, 0.98)))
    if low == high:
        high = low + 1
    return SizeBand(least, low, high, max(most, high), len(sizes))


def _rounded(number: float) -> int:
    """Round to two figures: a band of 187 to 1,043 would claim more than the data know."""
    whole = max(1, round(number))
    step = int("1" + "0" * max(0, len(str(whole)) - 2))
    return (whole + step // 2) // step * step


def _test(icp: ICP, won: Sequence[Known], lost: Sequence[Known], as_of: date) -> HoldOut:
    profile = compile_icp(icp)
    verdicts = [[score_account(profile, findings, as_of) for _, findings in part] for part in (won, lost)]
    names = [*(tier.name for tier in icp.tiers), "insufficient_evidence", "not_a_fit", "disqualified"]
    tiers = tuple(
        (tier, *(sum(verdict.tier == tier for verdict in part) for part in verdicts)) for tier in names
    )
    scores = [[0.0 if one.tier == "disqualified" else one.score for one in part] for part in verdicts]
    return HoldOut(len(won), len(lost), area_under_curve(scores[0], scores[1]), tiers)  # type: ignore[arg-type]  # triples


def _split(accounts: Sequence[Known]) -> tuple[list[Known], list[Known]]:
    """Return the accounts to learn from and those held out: the same ones whatever the file's order."""
    ordered = sorted(accounts, key=lambda one: hashlib.sha256(one[0].encode()).hexdigest())
    held = len(ordered) // _HELD_OUT
    return sorted(ordered[held:], key=lambda one: one[0]), sorted(ordered[:held], key=lambda one: one[0])


def _disjoint(
    won: Sequence[Known], lost: Sequence[Known], churned: Sequence[Known]
) -> tuple[list[Known], list[Known], list[Known], list[str]]:
    """Leave out accounts that are both won and lost; a churned one was won and counts as churned only."""
    left = {domain for domain, _ in churned}
    both = {domain for domain, _ in won} & {domain for domain, _ in lost} - left
    notes = []
    if both:
        named = ", ".join(sorted(both)[:5]) + (" ..." if len(both) > 5 else "")
        notes.append(f"accounts that are both won and lost teach nothing: {len(both)} left out ({named})")
    out = both | left
    return (
        [one for one in won if one[0] not in out],
        [one for one in lost if one[0] not in out],
        list(churned),
        notes,
    )


def _refuse_few(won: Sequence[Known], lost: Sequence[Known], notes: Sequence[str]) -> None:
    missing = [
        f"{LEAST - len(part)} more {what} accounts"
        for what, part in (("won", won), ("lost", lost))
        if len(part) < LEAST
    ]
    if missing:
        raise InputError(
            f"{len(won)} won and {len(lost)} lost accounts with facts are too few to learn from: it takes "
            f"{LEAST} of each, so {' and '.join(missing)}{''.join(f'; {note}' for note in notes)}"
        )
