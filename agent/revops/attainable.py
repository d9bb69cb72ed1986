"""The best score any account can have: less than 100 when criteria want different things of one value."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from agent.canonical.industries import industry_codes
from agent.icp.catalogue import use_of
from agent.icp.model import ICP, NumberTest, SetTest
from agent.icp.terms import term_tokens, value_tokens
from agent.scoring.compiled import criterion_points
from agent.scoring.numbers import compile_share
from agent.scoring.units import UNIT
from agent.scoring.view import MICRO


def attainable_points(icp: ICP) -> Fraction:
    """Return an upper bound on the score, exact for numeric and single-valued criteria.

    Several criteria on one number or one single-valued attribute compete: the best single value decides
    what they can earn together. Everything else is taken to be met in full.
    """
    total = Fraction(0)
    groups: dict[str, list[tuple[NumberTest | SetTest, Fraction]]] = {}
    for criterion, points in zip(icp.criteria, criterion_points(icp), strict=True):
        test = criterion.condition
        if isinstance(test, NumberTest) or (
            isinstance(test, SetTest) and use_of(test.attribute).shape == "one"
        ):
            groups.setdefault(test.attribute, []).append((test, points))
        else:
            total += points
    return total + sum((_best(tests) for tests in groups.values()), Fraction(0))


def _best(tests: list[tuple[NumberTest | SetTest, Fraction]]) -> Fraction:
    numbers = [(test, points) for test, points in tests if isinstance(test, NumberTest)]
    sets = [(test, points) for test, points in tests if isinstance(test, SetTest)]
    return (_best_number(numbers) if numbers else Fraction(0)) + (_best_value(sets) if sets else Fraction(0))


def _best_number(tests: list[tuple[NumberTest, Fraction]]) -> Fraction:
    ends = {0}
    for test, _ in tests:
        for band in (test.ideal, test.acceptable):
            for end in (band.low, band.high) if band else ():
                if isinstance(end, Decimal):
                    ends |= {int(end * MICRO) + step for step in (-1, 0, 1)}
    shares = [(compile_share(test.ideal, test.acceptable), points) for test, points in tests]
    return max(
        sum((points * Fraction(share((x, x, None))[1], UNIT) for share, points in shares), Fraction(0))
        for x in ends
    )


def _best_value(tests: list[tuple[SetTest, Fraction]]) -> Fraction:
    """Try every value that any of the tests names, and one that none does."""
    attribute = tests[0][0].attribute
    candidates: set[frozenset[str]] = {frozenset()}
    if attribute == "industry":
        candidates |= {frozenset(value_tokens(attribute, code)) for code in industry_codes()}
    for test, _ in tests:
        for value in test.values:
            candidates |= {frozenset((token,)) for token in term_tokens(attribute, value)}
    return max(
        sum((points for test, points in tests if _meets(test, tokens)), Fraction(0)) for tokens in candidates
    )


def _meets(test: SetTest, tokens: frozenset[str]) -> bool:
    hit = [not tokens.isdisjoint(term_tokens(test.attribute, value)) for value in test.values]
    if test.mode == "none_of":
        return not any(hit)
    return any(hit) if test.mode == "any_of" else all(hit)
