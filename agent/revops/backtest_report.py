"""Show a backtest: as text for the terminal, as JSON for scripts, and as one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from agent.revops.backtest import Backtest, Precision, TierRow
from agent.revops.statistics import Area, Share, percent

_WIDTH, _HEIGHT, _MARGIN = 420, 300, 45
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
table{border-collapse:collapse;margin:1rem 0}th,td{border-bottom:1px solid #d0d7de;padding:.35rem .7rem;text-align:left}
.warn{border-left:4px solid #9a6700;background:#fff8c5;padding:.6rem 1rem}figure{display:inline-block;margin:1rem 1rem 1rem 0}
.scroll{overflow-x:auto}td{white-space:nowrap}figure{max-width:100%}svg{max-width:100%;height:auto}
figcaption{font-size:13px;color:#57606a}svg text{font:11px system-ui,sans-serif;fill:#57606a}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th,td{border-color:#30363d}
.warn{background:#2d2a13}svg text,figcaption{fill:#9da7b3;color:#9da7b3}}
"""


def area_words(area: Area | None) -> str:
    """Write an AUC with its interval, or that there is none."""
    if area is None:
        return "no AUC: it takes two won and two lost deals"
    return f"{area.value:.2f} ({area.low:.2f}–{area.high:.2f})"


def warnings_of(backtest: Backtest, drop: str | None) -> list[str]:
    """Return what a reader must know before the figures."""
    out = [*([backtest.too_few] if backtest.too_few else []), *([drop] if drop else []), *backtest.notes]
    if backtest.unknown_accounts:
        out.append(f"{backtest.unknown_accounts} deals' accounts are not known here and were left out")
    return out


def backtest_text(backtest: Backtest, drop: str | None) -> str:
    """Return the report for a terminal."""
    icp = backtest.icp
    lines = [
        f"{icp.name} v{icp.version} on {backtest.deals} deals: {backtest.won} won, {backtest.lost} lost",
        *(f"! {warning}" for warning in warnings_of(backtest, drop)),
        f"AUC {area_words(backtest.area)}   (0.5 is a coin toss)",
        f"evidence dated before its deal: {backtest.kept_evidence}; left out: {backtest.left_out_evidence}",
        "",
    ]
    for row in backtest.tiers:
        if row.deals:
            lift = "" if row.lift is None else f", lift {row.lift:.2f}"
            lines.append(f"{row.tier:<22} {row.deals:>5} deals, won {percent(row.won)}{lift}")
            lines += [f"{'':<22}       {words}" for words in _rates(row)]
    lines += [""] + [f"{_top(one):<14} by score: won {percent(one.won)}" for one in backtest.precision]
    return "\n".join(lines).rstrip() + "\n"


def backtest_json(backtest: Backtest, drop: str | None) -> dict[str, Any]:  # Any: JSON
    """Return the figures as JSON values."""
    return {
        "icp": backtest.icp.reference.model_dump(),
        "deals": backtest.deals,
        "won": backtest.won,
        "lost": backtest.lost,
        "auc": None if backtest.area is None else backtest.area._asdict(),
        "tiers": [
            {**row._asdict(), **{key: _share(getattr(row, key)) for key in _SHARES}} for row in backtest.tiers
        ],
        "precision_at": [{"k": one.k, "won": _share(one.won)} for one in backtest.precision],
        "calibration": [{**one._asdict(), "won": _share(one.won)} for one in backtest.bins],
        "lift_chart": [list(point) for point in backtest.gains],
        "evidence": {"kept": backtest.kept_evidence, "left_out": backtest.left_out_evidence},
        "conclusive": backtest.too_few is None,
        "warnings": warnings_of(backtest, drop),
        "drop": drop,
    }


def backtest_html(backtest: Backtest, drop: str | None) -> str:
    """Return one HTML file that loads nothing: tables, a calibration plot and a lift chart."""
    icp = backtest.icp
    title = escape(f"Backtest of {icp.name} v{icp.version}")
    warnings = "".join(f'<p class="warn">{escape(one)}</p>' for one in warnings_of(backtest, drop))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>{warnings}"
        f"<p>{backtest.deals} deals, {backtest.won} won and {backtest.lost} lost. "
        f"AUC {escape(area_words(backtest.area))}; 0.5 is a coin toss. Evidence dated before its deal: "
        f"{backtest.kept_evidence}; left out: {backtest.left_out_evidence}.</p>"
        f"<h2>Tiers</h2>{_tier_table(backtest.tiers)}<h2>Best scores first</h2>{_precision_table(backtest)}"
        f"<figure>{_calibration(backtest)}<figcaption>Calibration: deals won by score, with 95 % intervals"
        f"</figcaption></figure><figure>{_lift_chart(backtest)}<figcaption>Lift: share of won deals found in "
        "the top share of deals</figcaption></figure></body></html>\n"
    )


_SHARES = ("won", "responded", "qualified", "churned", "expanded")


def _share(share: Share) -> dict[str, Any]:  # Any: JSON
    return share._asdict()


def _rates(row: TierRow) -> list[str]:
    named = {
        "responded": row.responded,
        "qualified": row.qualified,
        "churned": row.churned,
        "expanded": row.expanded,
    }
    words = [f"{name} {percent(share)}" for name, share in named.items() if share.total]
    if row.mean_value is not None:
        words.append(f"mean value {row.mean_value:,.0f} (n={row.valued})")
    return words


def _tier_table(rows: Sequence[TierRow]) -> str:
    body = "".join(
        f"<tr><td>{escape(row.tier)}</td><td>{row.deals}</td><td>{row.won.hits}</td><td>{row.won.total - row.won.hits}</td>"
        f"<td>{escape(percent(row.won))}</td><td>{'' if row.lift is None else f'{row.lift:.2f}'}</td>"
        f"<td>{'<br>'.join(escape(words) for words in _rates(row))}</td></tr>"
        for row in rows
    )
    head = "<tr><th>Tier</th><th>Deals</th><th>Won</th><th>Lost</th><th>Win rate</th><th>Lift</th><th>More</th></tr>"
    return f'<div class="scroll"><table>{head}{body}</table></div>'


def _top(row: Precision) -> str:
    return f"top {row.k}" if row.won.total == row.k else f"top {row.k} and ties"


def _precision_table(backtest: Backtest) -> str:
    body = "".join(
        f"<tr><td>{_top(one)}</td><td>{escape(percent(one.won))}</td></tr>" for one in backtest.precision
    )
    return (
        f"<table><tr><th>Deals</th><th>Won</th></tr>{body}</table>"
        if body
        else "<p>Too few deals, or too few different scores, to rank.</p>"
    )


def _axes(x_label: str, y_label: str) -> str:
    left, bottom, right, top = _MARGIN, _HEIGHT - _MARGIN, _WIDTH - 10, 10
    ticks = "".join(
        f'<text x="{_x(share):.0f}" y="{bottom + 16}" text-anchor="middle">{share * 100:.0f}</text>'
        f'<text x="{left - 6}" y="{_y(share) + 4:.0f}" text-anchor="end">{share * 100:.0f}</text>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#8c959f"/>{ticks}'
        f'<text x="{(left + right) // 2}" y="{_HEIGHT - 8}" text-anchor="middle">{x_label}</text>'
        f'<text x="12" y="{(top + bottom) // 2}" text-anchor="middle" transform="rotate(-90 12 {(top + bottom) // 2})">{y_label}</text>'
    )


def _x(share: float) -> float:
    return _MARGIN + share * (_WIDTH - 10 - _MARGIN)


def _y(share: float) -> float:
    return _HEIGHT - _MARGIN - share * (_HEIGHT - _MARGIN - 10)


def _svg(label: str, body: str) -> str:
    return f'<svg role="img" aria-label="{label}" width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}">{body}</svg>'


def _calibration(backtest: Backtest) -> str:
    marks = "".join(
        f'<line x1="{_x(one.mean_score / 100):.1f}" x2="{_x(one.mean_score / 100):.1f}" y1="{_y(one.won.low):.1f}" '
        f'y2="{_y(one.won.high):.1f}" stroke="#4493f8"/><circle cx="{_x(one.mean_score / 100):.1f}" '
        f'cy="{_y(one.won.value or 0):.1f}" r="4" fill="#4493f8"><title>{one.low}–{one.high}: {escape(percent(one.won))}</title></circle>'
        for one in backtest.bins
    )
    return _svg("calibration plot", _axes("score", "won, %") + marks)


def _lift_chart(backtest: Backtest) -> str:
    points = " ".join(f"{_x(deals):.1f},{_y(won):.1f}" for deals, won in backtest.gains)
    chance = (
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#8c959f" stroke-dasharray="4"/>'
    )
    line = f'<polyline points="{points}" fill="none" stroke="#2da44e" stroke-width="2"/>'
    return _svg("lift chart", _axes("deals contacted, %", "won deals found, %") + chance + line)
