"""The statistics against closed forms, other implementations by hand, and their own promises."""

from __future__ import annotations

from itertools import permutations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.stats import cluster_interval, exact_upper, holm, mcnemar_exact, paired_permutation, rule_of_three
from evals.stats.paired import detectable_alone

counts = st.integers(min_value=0, max_value=8)
samples = st.lists(
    st.tuples(counts, st.integers(min_value=0, max_value=8)).map(lambda pair: (min(pair), max(pair))),
    min_size=1,
    max_size=30,
)


def test_mcnemar_equals_the_binomial_it_is() -> None:
    assert mcnemar_exact(0, 0) == 1.0
    assert mcnemar_exact(0, 5) == pytest.approx(2 / 32)
    assert mcnemar_exact(1, 9) == pytest.approx(2 * (1 + 10) / 1024)
    assert mcnemar_exact(3, 3) == 1.0


@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_is_symmetric_and_a_probability(worse: int, better: int) -> None:
    p = mcnemar_exact(worse, better)
    assert p == mcnemar_exact(better, worse)
    assert 0 < p <= 1
    n = worse + better
    brute = sum(comb(n, k) for k in range(n + 1) if comb(n, k) <= comb(n, worse)) / 2**n
    assert p == pytest.approx(brute) or worse == better


def test_holm_matches_the_textbook_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_holm_never_lowers_and_ignores_order(values: list[float]) -> None:
    adjusted = holm(values)
    assert all(a >= v and a <= 1 for a, v in zip(adjusted, values, strict=True))
    for order in list(permutations(range(len(values))))[:6]:
        shuffled = holm([values[place] for place in order])
        assert shuffled == [adjusted[place] for place in order]


@pytest.mark.parametrize("n", [5, 30, 60, 300])
def test_the_rule_of_three_is_close_to_three_over_n(n: int) -> None:
    assert rule_of_three(n) == pytest.approx(3 / n, rel=0.3)
    assert (1 - rule_of_three(n)) ** n == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("hits", "count", "bound"), [(0, 294, 0.01014), (1, 7085, 0.00067), (2, 20, 0.28262), (20, 20, 1.0)]
)
def test_the_exact_bound_of_a_rate(hits: int, count: int, bound: float) -> None:
    """Values of Clopper-Pearson tables, one-sided 95 %."""
    assert exact_upper(hits, count) == pytest.approx(bound, rel=0.002)
    assert exact_upper(0, count) == pytest.approx(rule_of_three(count))


def test_no_errors_seen_is_bounded_by_the_rule_of_three_not_called_certain() -> None:
    clean = cluster_interval([0] * 40, [3] * 40)
    assert clean is not None
    assert (clean.low, clean.method) == (0, "rule_of_three")
    assert clean.high == pytest.approx(rule_of_three(40))
    perfect = cluster_interval([3] * 40, [3] * 40)
    assert perfect is not None
    assert perfect.low == pytest.approx(1 - rule_of_three(40))


def test_accounts_that_all_score_alike_are_no_certainty() -> None:
    """Ten accounts with one of two right each: 1 - 0.05^(1/10) = 25.9 % of accounts may be otherwise."""
    alike = cluster_interval([1] * 10, [2] * 10)
    assert alike is not None
    assert (alike.low, alike.high) == pytest.approx((0.3706, 0.6294), abs=1e-4)
    assert alike.method == "rule_of_three"


def test_a_cluster_interval_worked_by_hand() -> None:
    """Five accounts, one of them wrong in everything: its weight is binomial(5, 1/5) of each resample.

    P(it is drawn at least 3 times) = 0.0579, at least 4 times 0.0067: the 97.5 % quantile of the share is 3/5.
    P(never) = 0.3277, so the lower end is 0.
    """
    interval = cluster_interval([4, 0, 0, 0, 0], [4, 4, 4, 4, 4])
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.0, 0.6))


def test_too_few_accounts_have_no_interval_and_empty_ones_no_say() -> None:
    assert cluster_interval([1, 0, 1], [1, 1, 1]) is None
    assert cluster_interval([1, 0, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0]) is None
    assert cluster_interval([], []) is None


@settings(max_examples=40, deadline=None)
@given(samples)
def test_an_interval_holds_its_estimate_and_is_the_same_twice(pairs: list[tuple[int, int]]) -> None:
    top, bottom = [p[0] for p in pairs], [p[1] for p in pairs]
    interval = cluster_interval(top, bottom)
    assert interval == cluster_interval(top, bottom)
    if interval is not None:
        value = sum(top) / sum(bottom)
        assert 0 <= interval.low <= value + 1e-9
        assert value - 1e-9 <= interval.high <= 1


def test_the_standard_error_agrees_with_the_closed_form_for_a_mean() -> None:
    hits = [1] * 30 + [0] * 70
    interval = cluster_interval(hits, [1] * 100)
    assert interval is not None
    assert interval.error == pytest.approx((0.3 * 0.7 / 100) ** 0.5, rel=0.06)


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Accounts whose items stick together: 95 % intervals over 300 seeded worlds of 40 accounts."""
    generator = np.random.default_rng(3)
    covered = 0
    for _ in range(300):
        rates = generator.beta(6, 2, size=40)  # mean 0.75, clearly clustered
        items = generator.integers(2, 12, size=40)
        hits = generator.binomial(items, rates)
        interval = cluster_interval(hits.tolist(), items.tolist())
        assert interval is not None
        covered += interval.low <= 0.75 <= interval.high
    assert 0.90 <= covered / 300 <= 0.99


def test_permutation_p_is_uniform_when_nothing_differs() -> None:
    """Under the null the share of p below 5 % is about 5 %, with whole accounts as the unit."""
    generator = np.random.default_rng(4)
    values = []
    for _ in range(400):
        rates = generator.beta(6, 2, size=30)
        items = generator.integers(2, 10, size=30)
        a, b = generator.binomial(items, rates), generator.binomial(items, rates)
        test = paired_permutation(
            list(zip(a.tolist(), items.tolist(), strict=True)),
            list(zip(b.tolist(), items.tolist(), strict=True)),
        )
        assert test is not None
        values.append(test.p)
    below = np.mean(np.array(values) < 0.05)
    assert 0.02 <= below <= 0.08
    assert 0.4 <= np.mean(values) <= 0.6


def test_small_samples_try_every_swap() -> None:
    a, b = [(3.0, 3.0)] * 6, [(1.0, 3.0)] * 6
    test = paired_permutation(a, b)
    assert test is not None
    assert test.p == pytest.approx(2 / 64) == test.least_p
    assert test.difference == pytest.approx(-2 / 3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(counts, counts, st.integers(1, 8)), min_size=2, max_size=6))
def test_the_exact_test_equals_brute_force(rows: list[tuple[int, int, int]]) -> None:
    a = [(float(min(x, n)), float(n)) for x, _, n in rows]
    b = [(float(min(y, n)), float(n)) for _, y, n in rows]
    test = paired_permutation(a, b)
    assert test is not None
    observed = abs(test.difference)
    extreme = 0
    for swaps in product((False, True), repeat=len(rows)):
        first = [y if s else x for x, y, s in zip(a, b, swaps, strict=True)]
        second = [x if s else y for x, y, s in zip(a, b, swaps, strict=True)]
        gap = abs(_ratio(second) - _ratio(first))
        extreme += gap >= observed - 1e-12
    assert test.p == pytest.approx(extreme / 2 ** len(rows))


def _ratio(pairs: list[tuple[float, float]]) -> float:
    return sum(p[0] for p in pairs) / sum(p[1] for p in pairs)


@given(samples)
@settings(max_examples=40, deadline=None)
def test_a_run_against_itself_shows_nothing(pairs: list[tuple[int, int]]) -> None:
    test = paired_permutation(pairs, pairs)
    if test is not None:
        assert (test.p, test.difference, test.differing) == (1.0, 0.0, 0)


def test_no_samples_are_no_comparison() -> None:
    assert paired_permutation([(0, 0)] * 9, [(1, 2)] * 9) is None
    with pytest.raises(ValueError, match="same accounts"):
        paired_permutation([(1, 2)], [(1, 2), (1, 2)])


def test_the_detectable_difference_is_what_power_says_it_is() -> None:
    """A shift of the stated size is found in about 80 % of seeded worlds."""
    generator = np.random.default_rng(5)
    sizes = []
    for _ in range(60):
        base = np.clip(generator.normal(0.6, 0.15, 50), 0.05, 0.95)
        items = np.full(50, 20)
        a, b = generator.binomial(items, base), generator.binomial(items, base)
        test = paired_permutation(list(zip(a, items, strict=True)), list(zip(b, items, strict=True)))
        assert test is not None
        assert test.detectable is not None
        sizes.append(test.detectable)
    size = float(np.mean(sizes))
    found = 0
    for _ in range(60):
        base = np.clip(generator.normal(0.6, 0.1, 50), 0.1, 0.85)
        items = np.full(50, 20)
        a, b = generator.binomial(items, base), generator.binomial(items, np.maximum(base - size, 0))
        test = paired_permutation(list(zip(a, items, strict=True)), list(zip(b, items, strict=True)))
        assert test is not None
        found += test.p < 0.05
    assert 0.65 <= found / 60 <= 0.95


def test_a_paired_comparison_worked_by_hand() -> None:
    """Four accounts of ten facts; two of them lose two facts each.

    Of the 2^4 swaps those of the two that differ count: both as seen or both swapped give 0.10, one of them
    gives 0, so p = 2/4. Residuals are -1, 1, -1, 1 of 40: error = sqrt(4/3 * 4/1600) = 0.0577, times
    1.960 + 0.842 is the least difference seen with power 0.8.
    """
    test = paired_permutation([(8.0, 10.0)] * 4, [(6.0, 10.0), (8.0, 10.0), (6.0, 10.0), (8.0, 10.0)])
    assert test is not None
    assert (test.a, test.b, test.difference) == pytest.approx((0.8, 0.7, -0.1))
    assert (test.p, test.least_p, test.differing, test.accounts) == (0.5, 0.5, 2, 4)
    assert test.detectable == pytest.approx(0.1617, abs=1e-4)


def test_two_runs_alone_tell_less_apart_than_pairs() -> None:
    assert detectable_alone(0.0) is None
    assert detectable_alone(0.02) == pytest.approx(2.8016 * 0.02 * 2**0.5, rel=1e-4)
