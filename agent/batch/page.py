"""The campaign as one page: tier counts, charts, and a table that sorts and filters, each report behind its row.

Like a report it loads nothing: style and script are inline and named by hash in the page's own policy, the
accounts are data in it, and page text only ever becomes text.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import NamedTuple

from agent.batch.cells import ResultColumns
from agent.batch.outputs import Campaign
from agent.batch.result import ResultRow
from agent.report.view import tier_name
from agent.store.ledger import FinishedAccount

_TEMPLATES = Path(__file__).parent / "templates"
_DETAILS_UP_TO = 20_000
"""Accounts up to which the page carries reasons and questions; above, they are in each report."""
_BINS = 10
_MARK = re.compile(r"@[a-z_]+@")


class Figures(NamedTuple):
    """What the charts show."""

    tiers: Counter[str]
    scores: list[int]
    coverage: list[int]
    accounts: int


def write_page(campaign: Campaign, *, title: str, icps: Sequence[str], as_of: date, summary: str) -> None:
    """Write `index.html` into the campaign's folder."""
    figures = _figures(campaign)
    style, script = _asset("campaign.css"), _asset("campaign.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = _asset("campaign.html")
    replaced: Mapping[str, str] = {
        "@policy@": escape(policy),
        "@title@": escape(title),
        "@icps@": escape(", ".join(icps) or "no profile"),
        "@as_of@": as_of.isoformat(),
        "@summary@": escape(summary),
        "@charts@": _charts(figures),
        "@style@": style,
        "@script@": script,
    }
    before, after = head.split("@data@")
    with campaign.replacing("index.html") as file:
        file.write(_fill(before, replaced))
        separator = ""
        for line in _data(campaign, details=figures.accounts <= _DETAILS_UP_TO):
            file.write(separator + line)
            separator = ",\n"
        file.write(_fill(after, replaced))


def _fill(text: str, values: Mapping[str, str]) -> str:
    # One pass: what a value says is never taken for a mark.
    return _MARK.sub(lambda match: values.get(match[0], match[0]), text)


def _figures(campaign: Campaign) -> Figures:
    tiers: Counter[str] = Counter()
    scores, coverage = [0] * _BINS, [0] * _BINS
    total = 0
    for _, account in campaign.accounts():
        total += 1
        row = ResultRow.model_validate_json(account.entry) if account.entry else None
        tiers[_standing(account, row)] += 1
        if row and account.state == "done" and row.score is not None and row.coverage is not None:
            scores[_bin(row.score / 100)] += 1
            coverage[_bin(row.coverage)] += 1
    return Figures(tiers, scores, coverage, total)


def _standing(account: FinishedAccount, row: ResultRow | None) -> str:
    """Return where an account stands: its tier, or that it failed, for the reason behind its row."""
    if account.state == "failed":
        return "Failed"
    return tier_name(row.tier) if row and row.tier else "No verdict"


def _bin(share: float) -> int:
    return min(_BINS - 1, max(0, int(share * _BINS)))


def _data(campaign: Campaign, *, details: bool) -> Iterator[str]:
    results: ResultColumns = campaign.results
    for rank, account in campaign.accounts():
        row = ResultRow.model_validate_json(account.entry) if account.entry else None
        value: dict[str, object] = {"n": rank, "d": account.domain}
        if row is None:
            value |= {"t": _standing(account, row), "x": account.detail}
        else:
            value |= {
                "c": row.name or "",
                "t": _standing(account, row),
                "s": row.score,
                "p": row.possible,
                "v": row.coverage,
                "i": row.industry or "",
                "e": row.employees or "",
                "h": row.headquarters or "",
                "l": results.link(row.domain),
            }
            if details:
                value |= {"r": row.reasons, "w": row.why_now, "q": row.open_questions, "z": row.stopped}
            if account.state == "failed":
                value["x"] = account.detail
            else:
                value["u"] = int(row.tier_certain is False)
        # `<` ends a script element wherever it stands in `</`; as an escape it is the same JSON.
        yield (
            json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            .replace("<", "\\u003c")
            .replace("\u2028", "\\u2028")
            .replace("\u2029", "\\u2029")
        )


def _charts(figures: Figures) -> str:
    tiers = _bars("Accounts by tier", [(name, count) for name, count in figures.tiers.most_common()])
    labels = [f"{n * 10}-{n * 10 + 10}" for n in range(_BINS)]
    scores = _bars("Proven score", list(zip(labels, figures.scores, strict=True)))
    coverage = _bars("Weight decided, %", list(zip(labels, figures.coverage, strict=True)))
    return tiers + scores + coverage


def _bars(title: str, bars: Sequence[tuple[str, int]]) -> str:
    """Return one chart as SVG: a bar a value, its count beside it."""
    most = max((count for _, count in bars), default=0) or 1
    height = 26 * len(bars) + 6
    drawn = []
    for at, (name, count) in enumerate(bars):
        y, width = 26 * at + 4, round(190 * count / most, 1)
        drawn.append(
            f'<text x="142" y="{y + 14}" text-anchor="end">{escape(name[:24])}</text>'
            f'<rect x="150" y="{y}" width="{width}" height="18" rx="2"/>'
            f'<text class="soft" x="{150 + width + 6}" y="{y + 14}">{count:,}</text>'
        )
    said = ", ".join(f"{name} {count}" for name, count in bars)
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 400 {height}" role="img" '
        f'aria-label="{escape(title)}: {escape(said)}">{"".join(drawn)}</svg></figure>'
    )


def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8").strip()


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(sha256(content.encode()).digest()).decode()
