"""Propose weights from outcomes, and say honestly whether they do better than today's.

A regularised logistic regression over what each criterion earned; its gain is measured on deals it did
not see (repeated stratified cross-validation) against today's weights on the same deals. Needs the extra
`[learn]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any, NamedTuple

from agent.errors import InputError
from agent.icp.model import ICP
from agent.models import AccountVerdict
from agent.revops.statistics import Z95, area_under_curve

LEAST = 40
LEAST_OF_EACH = 10
_FOLDS = 5
_REPEATS = 5
_STRENGTH = 0.5


class Proposal(NamedTuple):
    """One criterion's worth today and proposed, in points of 100, and a remark where one is due."""

    id: str
    today: float
    proposed: float
    remark: str


class Refinement(NamedTuple):
    """Proposed weights and what they gain in AUC on unseen deals, with a 95 % interval."""

    proposals: tuple[Proposal, ...]
    auc_today: float
    auc_proposed: float
    gain: float
    gain_low: float
    gain_high: float
    deals: int

    @property
    def worthwhile(self) -> bool:
        """Whether the gain is more than chance explains."""
        return self.gain_low > 0


def refine_weights(icp: ICP, verdicts: Sequence[tuple[AccountVerdict, bool]]) -> Refinement:
    """Return proposed weights for a profile from verdicts and whether each deal was won.

    Too few deals, one class only, or criteria that all earned the same everywhere are an `InputError`.
    """
    won = sum(outcome for _, outcome in verdicts)
    lost = len(verdicts) - won
    if min(won, lost) < LEAST_OF_EACH or len(verdicts) < LEAST:
        raise InputError(
            f"{won} won and {lost} lost deals are too few to refine weights: it takes {LEAST} deals with at "
            f"least {LEAST_OF_EACH} of each"
        )
    rows = [[_earned(one.points, one.max_points) for one in verdict.criteria] for verdict, _ in verdicts]
    varied = [at for at in range(len(icp.criteria)) if len({row[at] for row in rows}) > 1]
    if not varied:
        raise InputError(
            "every criterion earned the same on every deal, so no weight can be told from another"
        )
    outcomes = [outcome for _, outcome in verdicts]
    today = [one.max_points for one in verdicts[0][0].criteria]
    pairs = _cross_validated(rows, outcomes, today, varied)
    gains = [new - old for old, new in pairs]
    mean = sum(gains) / len(gains)
    # Folds share training data, so their spread understates the error; Nadeau and Bengio's correction.
    variance = sum((gain - mean) ** 2 for gain in gains) / (len(gains) - 1)
    error = sqrt(variance * (1 / len(gains) + 1 / (_FOLDS - 1)))
    coefficients = _fit([[row[at] for at in varied] for row in rows], outcomes)
    return Refinement(
        proposals=_proposals(icp, today, varied, coefficients),
        auc_today=sum(old for old, _ in pairs) / len(pairs),
        auc_proposed=sum(new for _, new in pairs) / len(pairs),
        gain=mean,
        gain_low=mean - Z95 * error,
        gain_high=mean + Z95 * error,
        deals=len(verdicts),
    )


def _earned(points: float, most: float) -> float:
    return points / most if most else 0.0


def _proposals(
    icp: ICP, today: list[float], varied: list[int], coefficients: list[float]
) -> tuple[Proposal, ...]:
    """Share the points of the criteria that vary by their positive coefficients; the rest keep theirs."""
    pot = sum(today[at] for at in varied)
    positive = {at: max(0.0, value) for at, value in zip(varied, coefficients, strict=True)}
    total = sum(positive.values())
    proposals = []
    for at, criterion in enumerate(icp.criteria):
        if at not in positive:
            proposals.append(
                Proposal(criterion.id, today[at], today[at], "the same on every deal: says nothing")
            )
            continue
        share = pot * positive[at] / total if total else today[at]
        remark = "" if positive[at] > 0 else "won deals earn less here than lost ones: reconsider it"
        proposals.append(Proposal(criterion.id, today[at], round(share, 1), remark))
    return tuple(proposals)


def _cross_validated(
    rows: list[list[float]], outcomes: list[bool], today: list[float], varied: list[int]
) -> list[tuple[float, float]]:
    """Return the AUC of today's and of refitted weights on each held-out fold."""
    folds = _sklearn("model_selection").RepeatedStratifiedKFold(
        n_splits=_FOLDS, n_repeats=_REPEATS, random_state=0
    )
    pairs = []
    for train, test in folds.split(rows, outcomes):
        fitted = _fit([[rows[at][key] for key in varied] for at in train], [outcomes[at] for at in train])
        old = [sum(today[key] * rows[at][key] for key in range(len(today))) for at in test]
        # What is proposed is what is tested: a weight below 0 cannot be written in a profile.
        new = [
            sum(max(0.0, weight) * rows[at][key] for weight, key in zip(fitted, varied, strict=True))
            for at in test
        ]
        won = [outcomes[at] for at in test]
        pairs.append((_auc(old, won), _auc(new, won)))
    return pairs


def _auc(scores: list[float], won: list[bool]) -> float:
    area = area_under_curve(
        [score for score, is_won in zip(scores, won, strict=True) if is_won],
        [score for score, is_won in zip(scores, won, strict=True) if not is_won],
    )
    if area is None:
        raise ValueError("a fold of LEAST deals has two of each class")
    return area.value


def _fit(rows: list[list[float]], outcomes: list[bool]) -> list[float]:
    model = _sklearn("linear_model").LogisticRegression(C=_STRENGTH, max_iter=1000)
    model.fit(rows, outcomes)
    return [float(value) for value in model.coef_[0]]


def _sklearn(part: str) -> Any:  # Any: scikit-learn has no types
    import importlib

    try:
        return importlib.import_module(f"sklearn.{part}")
    except ImportError:
        raise InputError("refining needs scikit-learn: install account-dossier[learn]") from None
