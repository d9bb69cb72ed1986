"""Intervals for a ratio of sums, by resampling whole accounts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from evals.stats.exact import rule_of_three

RESAMPLES = 2_000
SEED = 20_261_102
LEAST_ACCOUNTS = 5
"""Fewer accounts than this give no interval: resampling two or three accounts looks far too certain."""


class Interval(NamedTuple):
    """A 95 % interval, how it was made, and the standard error (0 where the rule of three stands in)."""

    low: float
    high: float
    error: float
    method: Literal["bootstrap", "rule_of_three"]


def cluster_interval(
    numerators: Sequence[float], denominators: Sequence[float], *, seed: int = SEED
) -> Interval | None:
    """Return the 95 % percentile interval of `sum(numerators) / sum(denominators)` over accounts.

    One entry is one account; accounts with an empty denominator have no say. `None` below
    `LEAST_ACCOUNTS`. When every account scores the same (all 0, all 1, all a half), resampling would claim
    certainty; then the interval is the rule of three over accounts: as many as could have gone unseen may
    score anything from 0 to 1. Only for ratios between 0 and 1.
    """
    top = np.asarray(numerators, dtype=np.float64)
    bottom = np.asarray(denominators, dtype=np.float64)
    kept = bottom > 0
    top, bottom = top[kept], bottom[kept]
    accounts = len(bottom)
    if accounts < LEAST_ACCOUNTS:
        return None
    shares = top / bottom
    if np.ptp(shares) < 1e-12:
        share, unseen = float(shares[0]), rule_of_three(accounts)
        return Interval(share * (1.0 - unseen), share + (1.0 - share) * unseen, 0.0, "rule_of_three")
    weights = _resamples(accounts, seed)
    values = (weights @ top) / (weights @ bottom)
    low, high = np.quantile(values, (0.025, 0.975))
    return Interval(float(low), float(high), float(values.std(ddof=1)), "bootstrap")


@lru_cache(maxsize=64)
def _resamples(accounts: int, seed: int) -> npt.NDArray[np.float64]:
    """Return how often each account is drawn in each resample; the same draw serves every measure."""
    generator = np.random.default_rng((seed, accounts))
    counts = generator.multinomial(accounts, np.full(accounts, 1 / accounts), size=RESAMPLES)
    return counts.astype(np.float64)
