"""Score a number against a band: full inside the ideal, linear down to the acceptable, nothing outside."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from agent.icp.catalogue import use_of
from agent.icp.model import Band, NumberTest
from agent.models import Fact
from agent.scoring.outcome import Outcome, unknown
from agent.scoring.units import UNIT, share_of
from agent.scoring.view import MICRO, Amount, View, amount_of, passes
from agent.scoring.wording import band_words, cite, compile_silence, said

Evaluate = Callable[[View], Outcome]


def compile_number(test: NumberTest) -> Evaluate:
    """Return the evaluator of a numeric test."""
    attribute, where, currency = test.attribute, test.where, test.currency
    share = compile_share(test.ideal, test.acceptable)
    subject = use_of(attribute).subject
    wanted = f"the ideal {band_words(test.ideal)}" if test.acceptable else band_words(test.ideal)
    inside = f" is inside {wanted}." if test.acceptable else f" is {wanted}."
    outside = (
        f" is outside the acceptable {band_words(test.acceptable)}."
        if test.acceptable
        else f" is not {wanted}."
    )
    # Facts of a `size` or `scalar` attribute describe one number; of several measures the best one counts.
    alternatives = attribute == "growth_rate"

    silent = compile_silence(attribute, f"{subject[0].upper()}{subject[1:]}")

    def evaluate(view: View) -> Outcome:
        best: Outcome | None = None
        for fact, amount in view.amounts(attribute):
            if where and not passes(fact.value, where):
                continue
            outcome = one_fact(view, fact, amount)
            best = outcome if best is None else _combine(best, outcome, alternatives)
        return best or silent(view)

    def one_fact(view: View, fact: Fact, amount: Amount | None) -> Outcome:
        status = fact.status
        if status == "denied" or amount is None:
            return unknown(
                lambda: f"{said(view, fact)} is denied, and no other number is known.", fact.evidence
            )
        if currency is not None and amount.currency != currency:
            return unknown(
                lambda: (
                    f"{said(view, fact)} is in {amount.currency}, the profile asks in {currency}; "
                    "nothing is converted."
                ),
                fact.evidence,
            )
        low, high = share(amount)
        if status == "contradicted":
            return _contradicted(view, fact, (low, high), share, wanted)
        if low == UNIT:
            ending = inside
        elif high == 0:
            ending = outside
        elif low == high:
            ending = f" is acceptable, short of {wanted}."
        else:
            ending = f" may or may not be {wanted}; the exact number is open."
        return Outcome(low, high, partial(said, view, fact, ending), fact.evidence)

    return evaluate


def _contradicted(
    view: View,
    fact: Fact,
    interval: tuple[int, int],
    share: Callable[[Amount], tuple[int, int]],
    wanted: str,
) -> Outcome:
    """Score what speaks for and what speaks against, and keep both outcomes."""
    low, high = interval
    for name in fact.against:
        item = view.evidence.get(name)
        amount = amount_of(item.value) if item is not None and item.polarity == "asserts" else None
        other = share(amount) if amount is not None else (0, UNIT)
        low, high = min(low, other[0]), max(high, other[1])
    if not fact.against:
        low, high = 0, UNIT
    same = low == high
    ending = f"either way it comes to the same against {wanted}" if same else f"only one can be {wanted}"

    def say() -> str:
        return f"{said(view, fact)} is contradicted{cite(view, fact.against)}; {ending}."

    return Outcome(low, high, say, (*fact.evidence, *fact.against), conflicting=not same)


def _combine(left: Outcome, right: Outcome, alternatives: bool) -> Outcome:
    if alternatives:
        return left if (left.low, left.high) >= (right.low, right.high) else right
    low, high = min(left.low, right.low), max(left.high, right.high)
    evidence = (*left.evidence, *right.evidence)
    return Outcome(low, high, lambda: f"{left.reason} {right.reason}", evidence, conflicting=low != high)


def compile_share(ideal: Band, acceptable: Band | None) -> Callable[[Amount], tuple[int, int]]:
    """Return the function from an amount to its interval of shares.

    The share falls on both sides of the ideal, so over a range its least value stands at one of the ends,
    and its greatest too unless the range touches the ideal.
    """
    low, high = _micro(ideal.low), _micro(ideal.high)
    least, most = (_micro(acceptable.low), _micro(acceptable.high)) if acceptable else (None, None)
    low_open, high_open = ideal.low_open, ideal.high_open

    def at(x: int) -> int:
        if low is not None and (x < low or (low_open and x == low)):
            if acceptable is None or least is None or x < least:
                return 0
            # The edge itself is acceptable: it keeps a trace, so that it never counts as "not met".
            return max(1, share_of(x - least, low - least))
        if high is not None and (x > high or (high_open and x == high)):
            if acceptable is None or most is None or x > most:
                return 0
            return max(1, share_of(most - x, most - high))
        return UNIT

    def interval(amount: Amount) -> tuple[int, int]:
        first, last = at(amount.low), at(amount.high)
        if amount.low == amount.high:
            return first, first
        below = high is not None and (amount.low > high or (high_open and amount.low == high))
        above = low is not None and (amount.high < low or (low_open and amount.high == low))
        return min(first, last), max(first, last) if below or above else UNIT

    return interval


def _micro(end: Decimal | None) -> int | None:
    return None if end is None else int(end * MICRO)
