"""Where the points come from: one bar a criterion, running up to the proven and the possible score."""

from __future__ import annotations

from typing import NamedTuple

from agent.models import AccountVerdict, CriterionVerdict

HEAD = 22


class Shape(NamedTuple):
    """Where things stand in a row, in SVG user units; `letters` is how many of a label have room."""

    name: str
    plot_x: int
    plot: int
    width: int
    row: int
    bar: int
    thickness: int
    letters: int


WIDE = Shape("wide", plot_x=150, plot=520, width=762, row=26, bar=4, thickness=16, letters=22)
NARROW = Shape("narrow", plot_x=0, plot=330, width=330, row=42, bar=20, thickness=14, letters=32)
"""For telephones: the words stand above the bar, so that they are shown in full size."""


class Bar(NamedTuple):
    """One criterion's row, in SVG user units: proven part, still open part, and the words beside them."""

    name: str
    label: str
    value: str
    y: float
    x: float
    proven: float
    open: float
    status: str


class Tick(NamedTuple):
    """A vertical guide at a round number of points."""

    x: float
    label: str


class Waterfall(NamedTuple):
    """The drawing's rows, shape and size."""

    shape: Shape
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    height: int
    summary: str


def draw_waterfall(verdict: AccountVerdict, shape: Shape = WIDE) -> Waterfall:
    """Lay out the contributions in the ICP's order; each bar starts where the proven points before it end."""
    scale = shape.plot / 100
    bars: list[Bar] = []
    proven = 0.0

    def add(name: str, value: str, points: float, still_open: float, status: str) -> None:
        label = name if len(name) <= shape.letters else name[: shape.letters - 1] + "…"
        y, x = float(HEAD + len(bars) * shape.row), shape.plot_x + proven * scale
        bars.append(Bar(name, label, value, y, x, points * scale, still_open * scale, status))

    for criterion in verdict.criteria:
        still_open = max(0.0, criterion.possible_points - criterion.points)
        add(criterion.id, _value(criterion), criterion.points, still_open, criterion.status)
        proven += criterion.points
    for exclusion in verdict.excluded:
        if exclusion.effect == "penalty":
            taken = min(proven, exclusion.points)
            proven -= taken
            add(exclusion.id, f"-{taken:g}", taken, 0.0, "penalty")
    ticks = tuple(Tick(shape.plot_x + value * scale, str(value)) for value in (0, 20, 40, 60, 80, 100))
    return Waterfall(
        shape=shape,
        bars=tuple(bars),
        ticks=ticks,
        height=HEAD + len(bars) * shape.row + 6,
        summary=f"Proven {verdict.score:g} of 100 points, possible {verdict.possible:g}",
    )


def _value(criterion: CriterionVerdict) -> str:
    if criterion.possible_points > criterion.points:
        return f"{criterion.points:g} to {criterion.possible_points:g}"
    return f"{criterion.points:g} of {criterion.max_points:g}"
