"""Where the points come from: one bar a criterion, running up to the proven and the possible score."""

from __future__ import annotations

from typing import NamedTuple

from agent.models import AccountVerdict, CriterionVerdict

ROW = 26
LABEL = 150
PLOT = 520
VALUE = 92
HEAD = 22


class Bar(NamedTuple):
    """One criterion's row, in SVG user units: proven part, still open part, and the words beside them."""

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
    """The drawing's rows and size."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    width: int
    height: int
    label_width: int
    summary: str


def draw_waterfall(verdict: AccountVerdict) -> Waterfall:
    """Lay out the contributions in the ICP's order; each bar starts where the proven points before it end."""
    scale = PLOT / 100
    bars: list[Bar] = []
    proven = 0.0
    y = float(HEAD)
    for criterion in verdict.criteria:
        bars.append(
            Bar(
                label=criterion.id,
                value=_value(criterion),
                y=y,
                x=LABEL + proven * scale,
                proven=criterion.points * scale,
                open=max(0.0, criterion.possible_points - criterion.points) * scale,
                status=criterion.status,
            )
        )
        proven += criterion.points
        y += ROW
    for exclusion in verdict.excluded:
        if exclusion.effect == "penalty":
            taken = min(proven, exclusion.points)
            proven -= taken
            bars.append(
                Bar(exclusion.id, f"-{taken:g}", y, LABEL + proven * scale, taken * scale, 0.0, "penalty")
            )
            y += ROW
    ticks = tuple(Tick(LABEL + value * scale, str(value)) for value in (0, 20, 40, 60, 80, 100))
    return Waterfall(
        bars=tuple(bars),
        ticks=ticks,
        width=LABEL + PLOT + VALUE,
        height=int(y + 6),
        label_width=LABEL,
        summary=f"Proven {verdict.score:g} of 100 points, possible {verdict.possible:g}",
    )


def _value(criterion: CriterionVerdict) -> str:
    if criterion.possible_points > criterion.points:
        return f"{criterion.points:g} to {criterion.possible_points:g}"
    return f"{criterion.points:g} of {criterion.max_points:g}"
