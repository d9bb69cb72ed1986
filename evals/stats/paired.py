"""A against B on the same accounts: swap whole accounts, and say what could have been seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evals.stats.bootstrap import SEED

PERMUTATIONS = 10_000
EXACT_UP_TO = 13
"""Up to this many differing accounts every one of the 2^n swaps is tried."""
_Z_ALPHA, _Z_POWER = 1.959964, 0.841621  # two-sided 5 %, power 80 %

Floats = npt.NDArray[np.float64]


class PairedTest(NamedTuple):
    """The outcome of a paired comparison of a ratio of sums.

    `difference` is B minus A; `p` two-sided; `accounts` how many had a say in either run, `differing` how
    many of them differ at all; `least_p` the smallest p that so many differing accounts could ever give;
    `detectable` the difference that a test of this size sees with power 0.8, `None` when nothing varies.
    """

    a: float
    b: float
    difference: float
    p: float
    accounts: int
    differing: int
    least_p: float
    detectable: float | None


def paired_permutation(
    a: Sequence[tuple[float, float]], b: Sequence[tuple[float, float]], *, seed: int = SEED
) -> PairedTest | None:
    """Compare `sum(numerator)/sum(denominator)` of two runs; entry `i` of both is the same account.

    Under the null an account's two results could as well have come the other way round, so each
    permutation swaps some accounts and recomputes both ratios. `None` when a run has no sample at all.
    """
    first, second = (
        np.asarray(a, dtype=np.float64).reshape(-1, 2),
        np.asarray(b, dtype=np.float64).reshape(-1, 2),
    )
    if first.shape != second.shape:
        raise ValueError("a paired comparison needs the same accounts on both sides")
    kept = (first[:, 1] + second[:, 1]) > 0
    first, second = first[kept], second[kept]
    if not first[:, 1].sum() or not second[:, 1].sum():
        return None
    value_a, value_b = _ratio(first.sum(axis=0)), _ratio(second.sum(axis=0))
    observed = value_b - value_a
    differs = (first != second).any(axis=1)
    fixed_a, fixed_b = first[~differs].sum(axis=0), second[~differs].sum(axis=0)
    p, least = _p_value(first[differs], second[differs], fixed_a, fixed_b, abs(observed), seed)
    return PairedTest(
        a=value_a,
        b=value_b,
        difference=observed,
        p=p,
        accounts=len(first),
        differing=int(differs.sum()),
        least_p=least,
        detectable=_detectable(first, second, value_a, value_b),
    )


def _ratio(sums: Floats) -> float:
    return float(sums[0] / sums[1])


def _p_value(
    first: Floats, second: Floats, fixed_a: Floats, fixed_b: Floats, observed: float, seed: int
) -> tuple[float, float]:
    """Return the two-sided p and the least one so many differing accounts could give."""
    count = len(first)
    least = 2.0 ** (1 - count) if count else 1.0
    if count == 0:
        return 1.0, least
    exact = count <= EXACT_UP_TO
    if exact:
        numbers = np.arange(2**count)
        swapped = ((numbers[:, None] >> np.arange(count)) & 1).astype(np.float64)
    else:
        swapped = (
            np.random.default_rng((seed, count)).integers(0, 2, size=(PERMUTATIONS, count)).astype(np.float64)
        )
    moved = swapped @ (second - first)
    sums_a = fixed_a + first.sum(axis=0) + moved
    sums_b = fixed_b + second.sum(axis=0) - moved
    valid = (sums_a[:, 1] > 0) & (sums_b[:, 1] > 0)
    gaps = np.zeros(len(swapped))
    gaps[valid] = np.abs(sums_b[valid, 0] / sums_b[valid, 1] - sums_a[valid, 0] / sums_a[valid, 1])
    extreme = int((gaps >= observed - 1e-12).sum())
    p = extreme / len(swapped) if exact else (extreme + 1) / (len(swapped) + 1)
    return float(p), least


def _detectable(first: Floats, second: Floats, value_a: float, value_b: float) -> float | None:
    """Return the minimal detectable difference: linearised ratios, paired by account."""
    if len(first) < 2:
        return None
    residual = (second[:, 0] - value_b * second[:, 1]) / second[:, 1].sum() - (
        first[:, 0] - value_a * first[:, 1]
    ) / first[:, 1].sum()
    count = len(residual)
    error = float(np.sqrt(count / (count - 1) * (residual**2).sum()))
    return (_Z_ALPHA + _Z_POWER) * error if error > 0 else None


def detectable_alone(error: float) -> float | None:
    """Return what two *independent* runs of a measure with this standard error could tell apart.

    An upper bound: a paired comparison of the same accounts sees smaller differences.
    """
    return (_Z_ALPHA + _Z_POWER) * error * 2**0.5 if error > 0 else None
