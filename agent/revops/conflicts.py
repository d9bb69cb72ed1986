"""Where the conditions of a profile get into each other's way: bands that meet, wants that exclude each other."""

from __future__ import annotations

from agent.canonical.industries import sector_of
from agent.icp.catalogue import use_of
from agent.icp.model import Band, Composition, Condition, NumberTest, SetTest
from agent.icp.terms import term_tokens


def overlap(left: Band, right: Band) -> bool:
    """Tell whether some number lies in both bands."""
    low = max((end for end in (left.low, right.low) if end is not None), default=None)
    high = min((end for end in (left.high, right.high) if end is not None), default=None)
    if low is None or high is None:
        return True
    open_end = any(
        (band.low_open and band.low == low) or (band.high_open and band.high == high)
        for band in (left, right)
    )
    return low < high or (low == high and not open_end)


def inside(inner: Band, outer: Band) -> bool:
    """Tell whether every number of one band lies in the other."""
    if outer.low is not None:
        if inner.low is None or inner.low < outer.low:
            return False
        if inner.low == outer.low and outer.low_open and not inner.low_open:
            return False
    if outer.high is None:
        return True
    if inner.high is None or inner.high > outer.high:
        return False
    return not (inner.high == outer.high and outer.high_open and not inner.high_open)


def sufficient(condition: Condition, *through: str) -> tuple[Condition, ...]:
    """Return a condition and the parts it is made of, looking only through these kinds of composition."""
    if not isinstance(condition, Composition) or condition.test not in through:
        return (condition,)
    return (condition, *(found for part in condition.parts for found in sufficient(part, *through)))


def clash(wanted: Condition, unwanted: Condition) -> str | None:
    """Return what an account is wanted for and excluded for at once, in words, or `None`."""
    if wanted == unwanted:
        return "the very thing"
    if isinstance(wanted, NumberTest) and isinstance(unwanted, NumberTest):
        same = wanted.attribute == unwanted.attribute and overlap(wanted.ideal, unwanted.ideal)
        return f"{use_of(wanted.attribute).subject} inside its ideal band" if same else None
    if not (isinstance(wanted, SetTest) and isinstance(unwanted, SetTest)):
        return None
    if wanted.attribute != unwanted.attribute or wanted.where != unwanted.where:
        return None
    if wanted.mode == "none_of" or unwanted.mode == "none_of":
        return None
    out = {token for value in unwanted.values for token in term_tokens(unwanted.attribute, value)}
    both = [value for value in wanted.values if not out.isdisjoint(_with_parents(wanted.attribute, value))]
    return ", ".join(both) or None


def _with_parents(attribute: str, value: str) -> set[str]:
    tokens = set(term_tokens(attribute, value))
    if attribute in ("industry", "sub_industry"):
        tokens |= term_tokens(attribute, sector_of(value))
    return tokens


def exclusive(left: Condition, right: Condition) -> bool:
    """Tell whether no account can meet both conditions."""
    if isinstance(left, NumberTest) and isinstance(right, NumberTest):
        outer = left.acceptable or left.ideal, right.acceptable or right.ideal
        return left.attribute == right.attribute and left.where == right.where and not overlap(*outer)
    if not (isinstance(left, SetTest) and isinstance(right, SetTest)):
        return False
    if left.attribute != right.attribute or use_of(left.attribute).shape != "one" or left.mode != "any_of":
        return False
    wanted = {token for value in left.values for token in _with_parents(left.attribute, value)}
    other = {token for value in right.values for token in _with_parents(right.attribute, value)}
    if right.mode == "none_of":
        return wanted <= other
    return right.mode == "any_of" and wanted.isdisjoint(other)
