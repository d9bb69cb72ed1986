"""Exact arithmetic: shares are whole billionths, points whole multiples of one common unit; nothing is a float.

A share says how far something is met: 0 is not at all, `UNIT` is in full. Only the very last step turns a
whole number into the two decimals a report shows, by one fixed rule.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache

UNIT = 1_000_000_000
_UNSURE = 1e-4
_CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN)


@lru_cache(maxsize=65_536)
def decay(age_days: int, half_life_days: Decimal | None) -> int:
    """Return the share a signal of that age still has: `0.5 ** (age / half_life)`, to the billionth.

    Every platform gives the same digits: a float is good to seven digits behind the billionth, so only where
    its rest is that near a half does decimal arithmetic, 500 times as dear, decide. Without a half-life age
    costs nothing.
    """
    if half_life_days is None or age_days <= 0:
        return UNIT
    if half_life_days >= 1:
        near: float = 0.5 ** (age_days / float(half_life_days)) * UNIT
        if abs(near % 1 - 0.5) > _UNSURE:
            return round(near)
    return _exact_decay(age_days, half_life_days)


def _exact_decay(age_days: int, half_life_days: Decimal) -> int:
    halvings = _CONTEXT.divide(Decimal(age_days), half_life_days)
    share = _CONTEXT.power(Decimal("0.5"), halvings)
    return int(_CONTEXT.multiply(share, Decimal(UNIT)).to_integral_value(ROUND_HALF_EVEN))


def share_of(part: int, whole: int) -> int:
    """Return `part / whole` as a share, halves to even; `part` is 0 or more, `whole` more than 0."""
    return divide(part * UNIT, whole)


def divide(number: int, by: int) -> int:
    """Return `number / by` as a whole number, halves to even; `by` is more than 0."""
    quotient, rest = divmod(number, by)
    twice = rest * 2
    return quotient + 1 if twice > by or (twice == by and quotient & 1) else quotient


def least_rounding_to(hundredths: int, scale: int) -> int:
    """Return the least whole number `n` for which `divide(n * 100, scale)` is at least `hundredths`."""
    twice = (2 * hundredths - 1) * scale
    least = -(-twice // 200)
    return least if divide(least * 100, scale) >= hundredths else least + 1


def as_fraction(number: Decimal) -> Fraction:
    """Return a decimal number exactly."""
    return Fraction(number)
