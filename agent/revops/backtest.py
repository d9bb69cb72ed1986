"""Test a profile on deals that are over: does a higher score win more often, and does each tier mean something?

Only what was known before a deal's date may count: evidence dated on or after it is left out, and so is
undated evidence, unless asked for, since nobody can say when it was true.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from math import sqrt
from typing import NamedTuple

from agent.errors import InputError
from agent.facts import resolve_facts
from agent.icp.model import ICP
from agent.models import AccountVerdict, Findings, Frozen
from agent.revops.deals import Deal
from agent.revops.statistics import Area, Share, area_under_curve, wilson
from agent.scoring.compiled import compile_icp
from agent.scoring.score import score_account

LEAST_DEALS = 40
LEAST_OF_EACH = 10
DROP = 0.05
"""A fall of the AUC that is pointed out even when chance could explain it."""
_BINS = 5


class TierRow(NamedTuple):
    """One tier's deals: how many, how many won, how that compares with all, and its other rates."""

    tier: str
    deals: int
    won: Share
    lift: float | None
    responded: Share
    qualified: Share
    churned: Share
    expanded: Share
    mean_value: float | None
    valued: int


class Bin(NamedTuple):
    """Deals with scores in [low, high): their mean score and how many won."""

    low: int
    high: int
    mean_score: float
    won: Share


class Precision(NamedTuple):
    """Of the `k` deals with the highest scores, and all that score like the last of them, how many were won."""

    k: int
    won: Share


class Backtest(NamedTuple):
    """A profile held against past deals. `too_few` is a sentence when n allows no conclusion, else `None`."""

    icp: ICP
    deals: int
    won: int
    lost: int
    unknown_accounts: int
    area: Area | None
    tiers: tuple[TierRow, ...]
    precision: tuple[Precision, ...]
    bins: tuple[Bin, ...]
    gains: tuple[tuple[float, float], ...]
    left_out_evidence: int
    kept_evidence: int
    too_few: str | None
    notes: tuple[str, ...]


class KeptBacktest(Frozen):
    """What is kept of a backtest, to compare the next one with."""

    profile: str
    version: int
    sha256: str
    on: date
    deals: int
    auc: float | None
    error: float | None


class ScoredDeal(NamedTuple):
    """A deal and the verdict its account had before it; a disqualified account scores 0."""

    deal: Deal
    verdict: AccountVerdict
    score: float

    @property
    def won(self) -> bool:
        """Whether it was won; a customer who left later was won first."""
        return self.deal.outcome in ("won", "churned")


class ScoredDeals(NamedTuple):
    """Deals of known accounts, and what was left out: accounts nobody researched, evidence of later days."""

    deals: tuple[ScoredDeal, ...]
    unknown_accounts: int
    kept_evidence: int
    left_out_evidence: int


Load = Callable[[str], Findings | None]


def score_deals(
    icp: ICP, deals: Sequence[Deal], load: Load, *, today: date, allow_undated: bool = False
) -> ScoredDeals:
    """Score every deal's account as it was known before the deal.

    `load` gives an account's stored findings. Attribute columns of the deals file, where present, count
    instead: they are taken to describe the account at the time.
    """
    profile = compile_icp(icp)
    scored: list[ScoredDeal] = []
    unknown = left_out = kept = 0
    for deal in deals:
        findings = deal.given or load(deal.domain)
        if findings is None:
            unknown += 1
            continue
        if deal.given is None:
            before = known_before(findings, deal.on, allow_undated=allow_undated)
            left_out += len(findings.evidence) - len(before.evidence)
            kept += len(before.evidence)
            findings = before
        verdict = score_account(profile, findings, deal.on or today)
        scored.append(ScoredDeal(deal, verdict, 0.0 if verdict.tier == "disqualified" else verdict.score))
    return ScoredDeals(tuple(scored), unknown, kept, left_out)


def run_backtest(
    icp: ICP, deals: Sequence[Deal], load: Load, *, today: date, allow_undated: bool = False
) -> Backtest:
    """Score every deal's account as it was known before the deal, and compare with what became of it.

    One class only (all won, all lost) is an `InputError`: there is nothing to compare.
    """
    result = score_deals(icp, deals, load, today=today, allow_undated=allow_undated)
    scored = result.deals
    won = [one.score for one in scored if one.won]
    lost = [one.score for one in scored if not one.won]
    _refuse_one_class(won, lost, result.unknown_accounts)
    ranked = sorted(
        scored, key=lambda one: (-one.score, -one.verdict.possible, one.deal.domain, str(one.deal.on))
    )
    return Backtest(
        icp=icp,
        deals=len(scored),
        won=len(won),
        lost=len(lost),
        unknown_accounts=result.unknown_accounts,
        area=area_under_curve(won, lost),
        tiers=_tiers(icp, scored),
        precision=_precision(ranked),
        bins=_bins(scored),
        gains=_gains(ranked),
        left_out_evidence=result.left_out_evidence,
        kept_evidence=result.kept_evidence,
        too_few=_too_few(len(won), len(lost)),
        notes=_notes(deals, result),
    )


def _notes(deals: Sequence[Deal], result: ScoredDeals) -> tuple[str, ...]:
    notes = []
    undated = sum(deal.on is None for deal in deals)
    if undated:
        have = "1 deal has" if undated == 1 else f"{undated} deals have"
        notes.append(f"{have} no date: all that is known today counted for them")
    if result.left_out_evidence and not result.kept_evidence:
        notes.append(
            "no evidence is dated before its deal; research accounts before deals close, or allow undated"
        )
    if len({one.score for one in result.deals}) == 1:
        notes.append("every deal has the same score, so the profile tells none of them apart")
    given = sum(one.deal.given is not None for one in result.deals)
    if given:
        notes.append(
            f"{given} of the deals were scored by the list's own columns, taken as true on the day of the deal"
        )
    return tuple(notes)


def known_before(findings: Findings, day: date | None, *, allow_undated: bool) -> Findings:
    """Return what was known before a day: earlier evidence only, its facts worked out again.

    Which sources had been read by then nobody knows, so none counts as read and no absence is proven.
    """
    if day is None:
        return findings
    evidence = tuple(
        item
        for item in findings.evidence
        if (item.published_at < day if item.published_at is not None else allow_undated)
    )
    return Findings(facts=resolve_facts(evidence, day), evidence=evidence, coverage=())


def compare_kept(now: Backtest, before: KeptBacktest) -> str | None:
    """Return a sentence when the AUC fell since the kept backtest, or `None`."""
    if now.area is None or before.auc is None or before.error is None:
        return None
    fall = before.auc - now.area.value
    spread = 1.645 * sqrt(before.error**2 + now.area.error**2)
    if fall <= 0 or (fall <= spread and fall < DROP):
        return None
    sure = "more than chance explains" if fall > spread else "chance could still explain it"
    return (
        f"AUC fell from {before.auc:.2f} (version {before.version}, {before.on.isoformat()}, "
        f"{before.deals} deals) to {now.area.value:.2f}: {sure}"
    )


def keep(backtest: Backtest, on: date) -> KeptBacktest:
    """Return what to keep of a backtest for the next review."""
    area = backtest.area
    return KeptBacktest(
        profile=backtest.icp.name,
        version=backtest.icp.version,
        sha256=backtest.icp.sha256,
        on=on,
        deals=backtest.deals,
        auc=None if area is None else round(area.value, 6),
        error=None if area is None else round(area.error, 6),
    )


def _refuse_one_class(won: list[float], lost: list[float], unknown: int) -> None:
    if won and lost:
        return
    what = "lost" if won else "won"
    if not won and not lost:
        deals = "1 deal" if unknown == 1 else f"{unknown} deals"
        raise InputError(
            f"not one account of {deals} is known; research them first, or add attribute columns"
        )
    count, outcome = len(won) or len(lost), "won" if won else "lost"
    said = f"all {count} deals of known accounts are" if count > 1 else "the only deal of a known account is"
    raise InputError(f"{said} {outcome}: without {what} ones nothing can be compared; add {what} deals")


def _too_few(won: int, lost: int) -> str | None:
    if won + lost >= LEAST_DEALS and min(won, lost) >= LEAST_OF_EACH:
        return None
    return (
        f"n is too small to conclude anything: {won} won and {lost} lost, and it takes {LEAST_DEALS} deals "
        f"with at least {LEAST_OF_EACH} of each"
    )


def _tiers(icp: ICP, scored: Sequence[ScoredDeal]) -> tuple[TierRow, ...]:
    base = wilson(sum(one.won for one in scored), len(scored))
    names = [*(tier.name for tier in icp.tiers), "insufficient_evidence", "not_a_fit", "disqualified"]
    rows = []
    for name in names:
        inside = [one for one in scored if one.verdict.tier == name]
        deals = [one.deal for one in inside]
        won = wilson(sum(one.won for one in inside), len(inside))
        values = [deal.value for deal in deals if deal.value is not None]
        customers = [one.deal for one in inside if one.won]
        rows.append(
            TierRow(
                tier=name,
                deals=len(deals),
                won=won,
                lift=won.value / base.value if won.value is not None and base.value else None,
                responded=_rate([deal.responded for deal in deals]),
                qualified=_rate([deal.qualified for deal in deals]),
                churned=_rate([deal.churned for deal in customers]),
                expanded=_rate([deal.expanded for deal in customers]),
                mean_value=float(sum(values, Decimal(0)) / len(values)) if values else None,
                valued=len(values),
            )
        )
    return tuple(rows)


def _rate(flags: list[bool | None]) -> Share:
    told = [flag for flag in flags if flag is not None]
    return wilson(sum(told), len(told))


def _precision(ranked: Sequence[ScoredDeal]) -> tuple[Precision, ...]:
    rows: list[Precision] = []
    for k in (10, 25, 50, 100, 250):
        # Deals of one score come together: which of them stands first says nothing.
        top = [one for one in ranked if k <= len(ranked) and one.score >= ranked[k - 1].score]
        if 0 < len(top) < len(ranked) and (not rows or rows[-1].won.total < len(top)):
            rows.append(Precision(k, wilson(sum(one.won for one in top), len(top))))
    return tuple(rows)


def _bins(scored: Sequence[ScoredDeal]) -> tuple[Bin, ...]:
    width = 100 // _BINS
    bins = []
    for low in range(0, 100, width):
        high = low + width
        inside = [one for one in scored if low <= one.score < high or (high == 100 and one.score == 100)]
        if inside:
            mean = sum(one.score for one in inside) / len(inside)
            bins.append(Bin(low, high, mean, wilson(sum(one.won for one in inside), len(inside))))
    return tuple(bins)


def _gains(ranked: Sequence[ScoredDeal]) -> tuple[tuple[float, float], ...]:
    """Return the lift chart: the share of all won deals found in the top share of deals by score."""
    total = sum(one.won for one in ranked)
    points, found = [(0.0, 0.0)], 0
    for place, one in enumerate(ranked, 1):
        found += one.won
        last = place == len(ranked)
        # Deals of one score come together: their order says nothing.
        if last or ranked[place].score != one.score:
            points.append((place / len(ranked), found / total))
    return tuple(points)
