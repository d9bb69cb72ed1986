"""The `dossier icp` commands that look at deals and stored accounts: learn, backtest, diff, refine, size."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.icp import AS_JSON, PATH, icp, refuse_existing, today, write_new
from agent.cli.output import DateOption, settings
from agent.errors import InputError

if TYPE_CHECKING:
    from agent.models import Findings
    from agent.revops.backtest import KeptBacktest
    from agent.revops.learn import Known, Learned
    from agent.revops.table import Table

_SHOWN = 25
AS_OF = click.option(
    "--as-of", type=DateOption(), help="Look at the accounts as of this day (default: today)."
)


@icp.command()
@click.option("--won", required=True, type=PATH, help="CSV of won accounts.")
@click.option("--lost", required=True, type=PATH, help="CSV of lost accounts.")
@click.option("--churned", type=PATH, help="CSV of accounts that left.")
@click.option("--name", default="learned", show_default=True, help="The draft's name.")
@click.option(
    "--output",
    "--out",
    "-o",
    type=PATH,
    help="Write the draft here; a file that exists is never overwritten.",
)
@AS_OF
@AS_JSON
def learn(
    won: Path,
    lost: Path,
    churned: Path | None,
    name: str,
    output: Path | None,
    as_of: date | None,
    as_json: bool,
) -> int:
    """Learn a draft profile from won, lost and churned accounts.

    Each CSV has a `domain` column. Facts come from the store; columns named like attributes, or as CRMs
    name them (industry, Number of Employees, Tech Stack ...), count instead where they are filled. A third of the accounts is held
    out to test the draft. The draft goes to stdout, or to --output; the figures go to stderr.
    """
    from agent.revops.learn import learn_icp
    from agent.revops.statistics import percent

    refuse_existing(output)
    with _stored_findings() as load:
        groups = [_known_accounts(path, load) for path in (won, lost, churned)]
    learned = learn_icp(*groups, name=name, as_of=as_of or today())
    if output is not None:
        write_new(output, learned.yaml)
    if as_json:
        click.echo(json.dumps(_learned_json(learned), ensure_ascii=False, indent=2))
        return 0
    if output is None:
        click.echo(learned.yaml, nl=False)
    for note in learned.notes:
        click.echo(f"! {note}", err=True)
    click.echo(
        f"learned from {learned.counts[0]} won and {learned.counts[1]} lost accounts; by feature:", err=True
    )
    for one in learned.lifts[:_SHOWN]:
        words = f"won {percent(one.won)}, lost {percent(one.lost)}"
        click.echo(f"  {one.verdict:<8} {one.feature.label}: {words}", err=True)
    _show_held_out(learned)
    return 0


@icp.command()
@click.argument("profile", type=PATH)
@click.option(
    "--deals", required=True, type=PATH, help="CSV of deals: domain, date, outcome, and more if you have it."
)
@click.option("--html", "html", type=PATH, help="Write a report with plots here.")
@click.option("--keep", "keep_it", is_flag=True, help="Keep the figures to compare the next backtest with.")
@click.option(
    "--allow-undated", is_flag=True, help="Let undated evidence count, though it may be newer than the deal."
)
@AS_JSON
def backtest(
    profile: Path, deals: Path, html: Path | None, keep_it: bool, allow_undated: bool, as_json: bool
) -> int:
    """Test PROFILE on deals that are over, with only what was known before each deal's date."""
    from agent.icp import load_icp
    from agent.revops.backtest import compare_kept, keep, run_backtest
    from agent.revops.backtest_report import backtest_html, backtest_json, backtest_text
    from agent.revops.deals import read_deals

    loaded = load_icp(profile)
    table = read_deals(_table(deals), today=today())
    _show_notes(table.notes)
    with _stored_findings() as load:
        result = run_backtest(loaded, table.deals, load, today=today(), allow_undated=allow_undated)
    kept = _kept(loaded.name)
    drop = compare_kept(result, kept) if kept is not None else None
    if html is not None:
        _write(html, backtest_html(result, drop))
    if keep_it:
        folder = settings().home / "backtests"
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"{loaded.name}.json", keep(result, today()).model_dump_json(indent=2) + "\n")
    if as_json:
        click.echo(json.dumps(backtest_json(result, drop), ensure_ascii=False, indent=2))
    else:
        click.echo(backtest_text(result, drop), nl=False)
    return 0


@icp.command()
@click.argument("before", type=PATH)
@click.argument("after", type=PATH)
@AS_OF
@AS_JSON
def diff(before: Path, after: Path, as_of: date | None, as_json: bool) -> int:
    """Say which stored accounts change tier from profile BEFORE to AFTER, and which criterion did it."""
    from agent.icp import load_icp
    from agent.revops.diff import TierChange, flows, tier_changes
    from agent.store.store import Store

    first, second = load_icp(before), load_icp(after)
    with Store.configured(settings()) as store:
        found = list(tier_changes(store.iterate_findings(), first, second, as_of or today()))
    changes = [one for one in found if isinstance(one, TierChange)]
    if not found:
        raise InputError("no account is stored yet; run `dossier research DOMAIN` first")
    if as_json:
        rows = [{**one._asdict(), "causes": [cause._asdict() for cause in one.causes]} for one in changes]
        click.echo(json.dumps({"accounts": len(found), "changes": rows}, ensure_ascii=False, indent=2))
        return 0
    click.echo(f"{len(changes)} of {len(found)} stored accounts change tier")
    for flow in flows(changes):
        click.echo(f"  {flow.accounts:>5}  {flow.before} → {flow.after}")
    for change in changes:
        causes = "; ".join(
            f"{cause.id} {cause.points:+g} ({cause.how})" if cause.points else f"{cause.id} {cause.how}"
            for cause in change.causes[:3]
        )
        scores = f"{change.score_before:g} → {change.score_after:g}"
        click.echo(f"{change.domain}: {change.before} → {change.after} ({scores}): {causes}")
    return 0


@icp.command()
@click.argument("profile", type=PATH)
@click.option("--deals", required=True, type=PATH, help="CSV of deals: domain, date, outcome.")
@click.option(
    "--allow-undated", is_flag=True, help="Let undated evidence count, though it may be newer than the deal."
)
@click.option(
    "--output",
    "--out",
    "-o",
    type=PATH,
    help="Write PROFILE with the proposed weights here; a file that exists is never overwritten.",
)
@AS_JSON
def refine(profile: Path, deals: Path, allow_undated: bool, output: Path | None, as_json: bool) -> int:
    """Propose weights for PROFILE from outcomes, with the gain on deals not seen, or "no gain".

    With --output a gain is written as a draft: the profile's own text with new weights, the figures on top.
    Without a gain nothing is written.
    """
    from agent.icp import load_icp
    from agent.revops.backtest import score_deals
    from agent.revops.deals import read_deals
    from agent.revops.refine import refine_weights
    from agent.revops.refined_yaml import refined_yaml

    refuse_existing(output)
    loaded = load_icp(profile)
    table = read_deals(_table(deals), today=today())
    _show_notes(table.notes)
    with _stored_findings() as load:
        scored = score_deals(loaded, table.deals, load, today=today(), allow_undated=allow_undated)
    result = refine_weights(loaded, [(one.verdict, one.won) for one in scored.deals])
    if output is not None and result.worthwhile:
        write_new(output, refined_yaml(profile.read_text(encoding="utf-8"), loaded, result))
    if as_json:
        rows = [one._asdict() for one in result.proposals]
        click.echo(
            json.dumps({**result._asdict(), "proposals": rows, "worthwhile": result.worthwhile}, indent=2)
        )
        return 0
    gain = f"{result.gain:+.3f} ({result.gain_low:+.3f} to {result.gain_high:+.3f})"
    aucs = f"AUC {result.auc_today:.3f} today, {result.auc_proposed:.3f} proposed"
    click.echo(f"{aucs} on deals not seen, n={result.deals}; gain {gain}")
    if not result.worthwhile:
        click.echo(f"no gain: keep today's weights{'; nothing was written' if output is not None else ''}")
        return 0
    click.echo("points of 100; write them as weights, and each dimension's sum as its share:")
    for one in result.proposals:
        remark = f"   {one.remark}" if one.remark else ""
        click.echo(f"  {one.id:<28} {one.today:>6.1f} → {one.proposed:>6.1f}{remark}")
    return 0


@icp.command()
@click.argument("profile", type=PATH)
@click.option("--list", "list_", type=PATH, help="CSV of domains (default: every stored account).")
@AS_OF
@AS_JSON
def size(profile: Path, list_: Path | None, as_of: date | None, as_json: bool) -> int:
    """Count how many accounts fall in each tier of PROFILE: 500 to 5,000 targets are workable."""
    from agent.icp import load_icp
    from agent.revops.deals import read_accounts
    from agent.revops.size import market_size
    from agent.store.store import Store

    loaded = load_icp(profile)
    day = as_of or today()
    if list_ is None:
        with Store.configured(settings()) as store:
            result = market_size(loaded, store.iterate_findings(), day)
    else:
        listed = read_accounts(_table(list_))
        _show_notes(listed.notes)
        with _stored_findings() as load:
            pairs = ((domain, given or load(domain)) for domain, given in listed.accounts)
            result = market_size(loaded, pairs, day)
    if as_json:
        click.echo(
            json.dumps({**result._asdict(), "tiers": dict(result.tiers)}, ensure_ascii=False, indent=2)
        )
        return 0
    for tier, count in result.tiers:
        click.echo(f"{tier:<24}{count:>8,}")
    click.echo(f"{'not researched':<24}{result.unknown:>8,}\n{result.advice}")
    return 0


@contextmanager
def _stored_findings() -> Iterator[Callable[[str], Findings | None]]:
    """Open the store and give how to look up one account's findings."""
    from agent.store.store import Store

    with Store.configured(settings()) as store:

        def load(domain: str) -> Findings | None:
            stored = store.load_findings(domain)
            return None if stored is None else stored.findings

        yield load


def _table(path: Path) -> Table:
    from agent.revops.table import MAX_BYTES, read_table

    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read {str(path)!r}: {error.strerror or error}") from None
    return read_table(raw, path.name)


def _known_accounts(path: Path | None, load: Callable[[str], Findings | None]) -> list[Known]:
    """Return a file's accounts that are known, saying how many are not."""
    if path is None:
        return []
    from agent.revops.deals import read_accounts

    listed = read_accounts(_table(path))
    _show_notes(listed.notes)
    known: list[Known] = []
    for domain, given in listed.accounts:
        findings = given or load(domain)
        if findings is not None:
            known.append((domain, findings))
    missing = len(listed.accounts) - len(known)
    if missing:
        click.echo(f"! {path.name}: {missing} accounts are not researched yet and teach nothing", err=True)
    return known


def _kept(name: str) -> KeptBacktest | None:
    from pydantic import ValidationError

    from agent.revops.backtest import KeptBacktest

    path = settings().home / "backtests" / f"{name}.json"
    try:
        return KeptBacktest.model_validate_json(path.read_bytes())
    except OSError:
        return None
    except ValidationError:
        click.echo(f"! {path} is damaged and not compared with; --keep writes it anew", err=True)
        return None


def _show_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        click.echo(f"! {note}", err=True)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {str(path)!r}: {error.strerror or error}") from None
    click.echo(f"wrote {path}", err=True)


def _show_held_out(learned: Learned) -> None:
    from agent.revops.backtest_report import area_words

    held = learned.held_out
    click.echo(f"held out: {held.won} won, {held.lost} lost; AUC {area_words(held.area)}", err=True)
    for tier, won, lost in held.tiers:
        if won or lost:
            click.echo(f"  {tier:<22} {won:>4} won {lost:>4} lost", err=True)
    if learned.segments is not None:
        click.echo(
            f"two segments (silhouette {learned.segments.silhouette:.2f}): consider two profiles", err=True
        )
        for segment in learned.segments.groups:
            marks = ", ".join(f"{label} {here:.0%}" for label, here, _ in segment.marks)
            click.echo(f"  {len(segment.domains)} accounts: {marks}", err=True)


def _learned_json(learned: Learned) -> dict[str, object]:
    held = learned.held_out
    return {
        "yaml": learned.yaml,
        "sha256": learned.icp.sha256,
        "counts": dict(zip(("won", "lost", "churned"), learned.counts, strict=True)),
        "features": [
            {
                "feature": one.feature.label,
                "verdict": one.verdict,
                "lift": one.lift,
                **{name: getattr(one, name)._asdict() for name in ("won", "lost", "churned")},
                "gap": None if one.gap is None else one.gap._asdict(),
            }
            for one in learned.lifts
        ],
        "held_out": {
            "won": held.won,
            "lost": held.lost,
            "auc": None if held.area is None else held.area._asdict(),
            "tiers": [{"tier": tier, "won": won, "lost": lost} for tier, won, lost in held.tiers],
        },
        "segments": None
        if learned.segments is None
        else [{"domains": one.domains, "marks": one.marks} for one in learned.segments.groups],
        "notes": learned.notes,
    }
