"""Score a number against a band: full inside the ideal, linear down to the acceptable, nothing outside."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from agent.icp.catalogue import use_of
from agent.icp.model import Band, NumberTest
from agent.scoring.outcome import MOST_KEPT, Evaluate, Outcome, Ruling, compile_silence, reason
from agent.scoring.units import UNIT, share_of
from agent.scoring.view import MICRO, Amount, FactRow, View, amount_of, narrowings, passes
from agent.scoring.wording import band_words, cite, said, words_of


def compile_number(test: NumberTest) -> Evaluate:
    """Return the evaluator of a numeric test."""
    attribute, where, currency = test.attribute, narrowings(test.where), test.currency
    share = compile_share(test.ideal, test.acceptable)
    subject = use_of(attribute).subject
    words, told = _Words.of(test), words_of(attribute)
    silent = compile_silence(attribute, f"{subject[0].upper()}{subject[1:]}")
    denied = Ruling(0, UNIT, " is denied, and no other number is known.", words=told)
    # Facts of a `size` or `scalar` attribute describe one number; of several measures the best one counts.
    alternatives = attribute == "growth_rate"
    known: dict[Amount | None, Ruling] = {}
    inside, outside = (Ruling(UNIT, UNIT, words.inside, words=told), Ruling(0, 0, words.outside, words=told))

    def evaluate(view: View) -> Outcome:
        amounts = view.amounts.get(attribute)
        if amounts is None:
            amounts = view.measure(attribute)
        if not amounts:
            return silent(view)
        if len(amounts) == 1 and not where:
            fact, amount = amounts[0]
            if fact["status"] == "supported" and (ruling := known.get(amount)) is not None:
                return ruling, fact, fact["evidence"]
            return one_fact(view, fact, amount)
        best: Outcome | None = None
        for fact, amount in amounts:
            if where and not passes(fact["value"], where):
                continue
            outcome = one_fact(view, fact, amount)
            best = outcome if best is None else _combine(best, outcome, alternatives)
        return best or silent(view)

    def one_fact(view: View, fact: FactRow, amount: Amount | None) -> Outcome:
        status = fact["status"]
        if status == "denied" or amount is None:
            return denied, fact, fact["evidence"]
        ruling = known.get(amount)
        if ruling is None:
            if len(known) >= MOST_KEPT:
                known.clear()
            ruling = known[amount] = rule(amount)
        if status == "contradicted" and (currency is None or amount[2] == currency):
            return _contradicted(view, fact, ruling, share, words.wanted)
        return ruling, fact, fact["evidence"]

    def rule(amount: Amount) -> Ruling:
        if currency is not None and amount[2] != currency:
            elsewhere = f" is in {amount[2]}, the profile asks in {currency}; nothing is converted."
            return Ruling(0, UNIT, elsewhere, words=told)
        low, high = share(amount)
        if low == UNIT:
            return inside
        if high == 0:
            return outside
        return Ruling(low, high, words.partway if low == high else words.astride, words=told)

    return evaluate


class _Words(NamedTuple):
    """How the sentences about one band end."""

    wanted: str
    inside: str
    outside: str
    partway: str
    astride: str

    @classmethod
    def of(cls, test: NumberTest) -> _Words:
        years = test.attribute == "founded_year"
        ideal = band_words(test.ideal, years=years)
        acceptable = band_words(test.acceptable, years=years) if test.acceptable else ""
        wanted = f"the ideal {ideal}" if test.acceptable else ideal
        return cls(
            wanted,
            f" is inside {wanted}." if test.acceptable else f" is {wanted}.",
            f" is outside the acceptable {acceptable}." if test.acceptable else f" is not {wanted}.",
            f" is acceptable, short of {wanted}.",
            f" may or may not be {wanted}; the exact number is open.",
        )


def _contradicted(
    view: View, fact: FactRow, ruling: Ruling, share: Callable[[Amount], tuple[int, int]], wanted: str
) -> Outcome:
    """Score what speaks for and what speaks against, and keep both outcomes."""
    low, high = ruling.low, ruling.high
    for name in fact["against"]:
        item = view.evidence.get(name)
        amount = amount_of(item["value"]) if item is not None and item["polarity"] == "asserts" else None
        other = share(amount) if amount is not None else (0, UNIT)
        low, high = min(low, other[0]), max(high, other[1])
    if not fact["against"]:
        low, high = 0, UNIT
    ending = (
        f"either way it comes to the same against {wanted}" if low == high else f"only one can be {wanted}"
    )

    def tell(view: View, fact: FactRow) -> str:
        return f"{said(view, fact)} is contradicted{cite(view, fact['against'])}; {ending}."

    both = Ruling(low, high, tell=tell, conflicting=True)
    return both, fact, (*fact["evidence"], *fact["against"])


def _combine(left: Outcome, right: Outcome, alternatives: bool) -> Outcome:
    (one, _, held), (other, _, more) = left, right
    if alternatives:
        return left if (one.low, one.high) >= (other.low, other.high) else right
    low, high = min(one.low, other.low), max(one.high, other.high)
    return Ruling(low, high, tell=_tell_both, conflicting=True), (left, right), (*held, *more)


def _tell_both(view: View, both: tuple[Outcome, Outcome]) -> str:
    return f"{reason(view, both[0])} {reason(view, both[1])}"


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
        least_amount, most_amount, _ = amount
        first = at(least_amount)
        if least_amount == most_amount:
            return first, first
        last = at(most_amount)
        below = high is not None and (least_amount > high or (high_open and least_amount == high))
        above = low is not None and (most_amount < low or (low_open and most_amount == low))
        return min(first, last), max(first, last) if below or above else UNIT

    return interval


def _micro(end: Decimal | None) -> int | None:
    return None if end is None else int(end * MICRO)
