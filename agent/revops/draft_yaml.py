"""Write a learned profile as YAML, each line with the figures it rests on in a comment."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from agent.icp import parse_icp
from agent.icp.catalogue import use_of
from agent.icp.model import DEFAULT_DIMENSIONS, ICP
from agent.revops.statistics import percent

if TYPE_CHECKING:
    from agent.revops.learn import Lift

_REVIEW_AFTER = timedelta(days=90)
_GROUPED = frozenset(("industry", "headquarters"))


class SizeBand(NamedTuple):
    """Employees of won accounts: nearly all between `least` and `most`, four fifths between `low` and `high`."""

    least: int
    low: int
    high: int
    most: int
    accounts: int


def write_draft(
    *,
    name: str,
    as_of: date,
    lifts: Sequence[Lift],
    size: SizeBand | None,
    counts: tuple[int, int, int],
    dated: bool,
) -> str:
    """Return the YAML of a draft profile; at least one criterion always stands in it.

    `dated` says whether the signals learned from had dates; without, a window would let none of them count.
    """
    won, lost, churned = counts
    wanted = [one for one in lifts if one.verdict == "wanted"]
    unwanted = [one for one in lifts if one.verdict == "unwanted"]
    rows = [*_size_rows(size), *_wanted_rows(wanted, dated)]
    if not rows:
        rows = [
            "  # Nothing could be learned; replace this.",
            "  - {id: known-industry, attribute: industry, present: true}",
        ]
    lines = [
        f"# A draft learned on {as_of.isoformat()} from {won} won, {lost} lost and {churned} churned accounts.",
        "# Shares are won against lost, with 95 % intervals. They are associations: check each against what",
        "# you know, then run `dossier icp lint` and `dossier icp backtest`.",
        f"icp: {name if re.fullmatch(r'[A-Za-z][A-Za-z0-9._-]*', name) else json.dumps(name)}",
        "version: 1",
        f"review_by: {(as_of + _REVIEW_AFTER).isoformat()}",
        "criteria:",
        *rows,
    ]
    exclusions = [row for number, one in enumerate(unwanted) for row in _unwanted_rows(one, number, dated)]
    if exclusions:
        lines += ["exclude:", *exclusions]
    draft = parse_icp("\n".join(lines), f"{name} (draft)")
    lines[lines.index("criteria:") : lines.index("criteria:")] = _dimension_rows(draft)
    return "\n".join(lines) + "\n"


def _dimension_rows(draft: ICP) -> list[str]:
    """Spread the points of dimensions of which nothing was learned over the others, in proportion."""
    used = {draft.pool_of(one.dimension) for one in draft.criteria}
    shares = {name: share for name, share in DEFAULT_DIMENSIONS if name in used}
    if len(shares) == len(DEFAULT_DIMENSIONS):
        return []
    total = sum(shares.values())
    rounded = {name: round(share * 100 / total) for name, share in shares.items()}
    rounded[max(rounded, key=lambda name: rounded[name])] += 100 - sum(rounded.values())
    missing = ", ".join(name for name, _ in DEFAULT_DIMENSIONS if name not in used)
    written = ", ".join(f"{name}: {share}" for name, share in rounded.items())
    return [f"# Nothing was learned about {missing}.", f"dimensions: {{{written}}}"]


def _size_rows(size: SizeBand | None) -> list[str]:
    if size is None:
        return []
    band = f"ideal: [{size.low}, {size.high}], acceptable: [{size.least}, {size.most}]"
    return [
        f"  # 80 % of {size.accounts} won accounts of known size have {size.low:,}–{size.high:,} employees",
        f"  - {{id: size, attribute: employee_count, weight: 2, {band}}}",
    ]


def _wanted_rows(lifts: Sequence[Lift], dated: bool) -> list[str]:
    rows: list[str] = []
    for attribute in _GROUPED:
        together = [one for one in lifts if one.feature.attribute == attribute]
        if together:
            rows += [f"  # {_figures(one)}" for one in together]
            values = ", ".join(_value(one.feature.value) for one in together)
            weight = max(weight_of(one) for one in together)
            rows.append(
                f"  - {{id: {attribute}, attribute: {attribute}, weight: {weight}, any_of: [{values}]}}"
            )
    rest = [one for one in lifts if one.feature.attribute not in _GROUPED]
    for number, one in enumerate(rest):
        rows.append(f"  # {_figures(one)}")
        rows.append(f"  - {{id: {_id(one, number)}, {_test(one, dated)}, weight: {weight_of(one)}}}")
    return rows


def _unwanted_rows(one: Lift, number: int, dated: bool) -> list[str]:
    """Write an exclusion: a disqualifier only for what not one won account has, else a penalty."""
    never_won = one.won.hits == 0 and one.lost.hits >= 5
    effect = "effect: disqualify" if never_won else f"effect: penalty, points: {5 * weight_of(one)}"
    return [f"  # {_figures(one)}", f"  - {{id: not-{_id(one, number)}, {_test(one, dated)}, {effect}}}"]


def weight_of(one: Lift) -> int:
    """Return a weight from 1 to 5: a point for every ten by which the shares differ at least, and one."""
    sure = max(
        one.gap.low if one.gap else 0.0,
        -one.gap.high if one.gap else 0.0,
        one.churn_gap.low if one.churn_gap else 0.0,
        0.0,
    )
    return min(5, 1 + int(sure * 10))


def _figures(one: Lift) -> str:
    churn = f"; churned {percent(one.churned)}" if one.churned.total else ""
    lift = f"; lift {one.lift:.1f}" if one.lift is not None else ""
    return f"{one.feature.label}: won {percent(one.won)}, lost {percent(one.lost)}{churn}{lift}".replace(
        "\n", " "
    )


def _test(one: Lift, dated: bool) -> str:
    attribute, value, field, _ = one.feature
    shape = use_of(attribute).shape
    if field:
        window = ", within_days: 180" if dated else ""
        return f"attribute: {attribute}, where: {{{field}: {_value(value)}}}{window}"
    if shape == "event":
        return (
            f"attribute: {attribute}, within_days: 365" if dated else f"attribute: {attribute}, present: true"
        )
    if shape == "flag":
        return f"attribute: {attribute}, present: true"
    return f"attribute: {attribute}, any_of: [{_value(value)}]"


def _id(one: Lift, number: int) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", f"{one.feature.attribute} {one.feature.value}".casefold()).strip("-")
    return f"{words[:60].strip('-') or 'criterion'}-{number + 1}"


def _value(text: str) -> str:
    return (
        text
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9 _.-]*[A-Za-z0-9]", text)
        else json.dumps(text, ensure_ascii=False)
    )
