"""`dossier batch`: a list of accounts in, a ranked campaign folder out."""

from __future__ import annotations

import asyncio
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from agent.cli.lazy import F
from agent.cli.output import DateOption, database_option, load_options, settings
from agent.cli.research import EXTRACTORS
from agent.errors import InputError

if TYPE_CHECKING:
    from agent.batch.order import BatchOrder
    from agent.icp import ICP


class AgeOption(click.ParamType[timedelta]):
    """An age such as `30d`, `12h` or `2w`."""

    name = "age"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the age, or fail naming the value."""
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"\s*([0-9]{1,5})\s*([hdw])\s*", str(value))
        if match is None:
            self.fail(f"{str(value)!r} is not an age; write 12h, 30d or 2w", param, ctx)
        return (
            int(match[1])
            * {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[match[2]]
        )


def list_options(command: F) -> F:
    """Add `--column` and `--currency`: what a list's columns mean where their names do not tell."""
    command = click.option(
        "--currency", default="", help="The currency of plain revenue numbers in the list, such as USD."
    )(command)
    return click.option(
        "--column", "columns", multiple=True, help="A column's meaning: domain=NAME, industry=NAME ..."
    )(command)


def report_base_option(command: F) -> F:
    """Add `--report-base`, which makes the links in CRM files absolute."""
    return click.option(
        "--report-base", default="", help="Where the folder will be reachable, for links in CRM files."
    )(command)


def currency_code(text: str) -> str:
    """Return a three-letter code in capitals; an empty text stays empty, anything else is an `InputError`."""
    if text and not re.fullmatch(r"[A-Za-z]{3}", text):
        raise InputError(f"--currency {text!r} is no currency code; give three letters such as USD")
    return text.upper()


def relative_links(order: BatchOrder) -> str | None:
    """Return what to tell of report links that no CRM can open, or `None` when there are none."""
    if order.report_base or not order.pages:
        return None
    return (
        "report links in hubspot.csv and salesforce.csv are relative, which a CRM cannot open: put the folder on a "
        "server and run the same command again with --report-base https://..."
    )


@click.command(short_help="Research a list of accounts into a ranked campaign folder.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--icp",
    "icp_files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="An Ideal Customer Profile; repeat it for several.",
)
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The campaign folder.",
)
@list_options
@click.option("--as-of", type=DateOption(), help="Score as of this day (default: the day the run began).")
@click.option(
    "--extractor",
    type=click.Choice(EXTRACTORS),
    default="auto",
    show_default=True,
    help="auto: a model when one is configured, else rules alone.",
)
@click.option("--model", help="The model's name at the endpoint (default: DOSSIER_MODEL).")
@click.option(
    "--max-pages",
    type=click.IntRange(1, 500),
    default=15,
    show_default=True,
    help="Website pages to read of each account.",
)
@click.option("--max-cost", type=click.FloatRange(min=0), help="End the run at this many US dollars in all.")
@click.option("--max-calls", type=click.IntRange(min=0), help="End the run at this many model calls in all.")
@click.option("--full", is_flag=True, help="Read and ask everything, also where the tier is decided.")
@click.option(
    "--with-gdelt",
    is_flag=True,
    help="Also search GDELT, which allows one request in five seconds: twelve accounts a minute.",
)
@click.option("--retry-failed", is_flag=True, help="Take accounts that failed up again.")
@click.option(
    "--refresh-older-than",
    type=AgeOption(),
    help="Research accounts again whose result is older, such as 30d.",
)
@load_options
@click.option("--llm-rpm", type=click.FloatRange(min=0, min_open=True), help="Model requests a minute.")
@click.option("--llm-tpm", type=click.FloatRange(min=0, min_open=True), help="Model tokens a minute.")
@click.option(
    "--llm-batch",
    is_flag=True,
    help="Send model requests through the endpoint's Batch API: half the price, answers within 24 hours.",
)
@report_base_option
@click.option("--no-pages", is_flag=True, help="Write no HTML page for each account.")
@click.option(
    "--engine",
    type=click.Choice(("local", "dbos")),
    default="local",
    show_default=True,
    help="dbos: `dossier worker` on any number of machines does the work; needs --database-url.",
)
@click.option("--dry-run", is_flag=True, help="Read the list, print the forecast, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on stdout.")
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
@database_option
def batch(
    file: Path,
    icp_files: tuple[Path, ...],
    folder: Path,
    columns: tuple[str, ...],
    currency: str,
    as_of: date | None,
    extractor: str,
    model: str | None,
    max_pages: int,
    max_cost: float | None,
    max_calls: int | None,
    full: bool,
    with_gdelt: bool,
    retry_failed: bool,
    refresh_older_than: timedelta | None,
    concurrency: int,
    processes: int,
    llm_rpm: float | None,
    llm_tpm: float | None,
    llm_batch: bool,
    report_base: str,
    no_pages: bool,
    engine: Literal["local", "dbos"],
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    database_url: str | None,
) -> int:
    """Research every account of FILE (CSV, TSV, XLSX or JSON lines) and rank them in a folder.

    The same command again goes on where it stopped. Exit 0 when the list is done, 1 when work ended early or
    no account could be read, 2 for wrong usage.
    """
    import json

    from agent.batch.campaign import run_campaign
    from agent.batch.columns import parse_choice
    from agent.batch.order import BatchOrder
    from agent.icp import load_icp

    order = BatchOrder(
        list_path=file,
        folder=folder,
        icps=unique_profiles([load_icp(path) for path in icp_files]),
        columns=dict(parse_choice(each) for each in columns),
        currency=currency_code(currency),
        extractor=extractor,
        model=model,
        max_pages=max_pages,
        as_of=as_of,
        full=full,
        with_gdelt=with_gdelt,
        refresh_older_than=refresh_older_than,
        retry_failed=retry_failed,
        max_calls=max_calls,
        max_cost=max_cost,
        concurrency=concurrency,
        processes=processes,
        requests_per_minute=llm_rpm,
        tokens_per_minute=llm_tpm,
        llm_batch=llm_batch,
        report_base=report_base,
        pages=not no_pages,
        engine=engine,
    )

    def say(line: str) -> None:
        if not quiet:
            click.echo(line, err=True)

    outcome = asyncio.run(run_campaign(order, settings(database_url), say=say, quiet=quiet, dry_run=dry_run))
    if dry_run:
        return 0
    if as_json:
        click.echo(json.dumps(outcome.summary, ensure_ascii=False, indent=2))
    if outcome.done and (line := relative_links(order)):
        say(line)
    if outcome.stopped is not None:
        click.echo(f"dossier: {outcome.stopped} ({outcome.left:,} accounts left)", err=True)
        return 130 if outcome.interrupted else 1
    say(
        f"wrote {folder}: {outcome.done:,} accounts researched, {outcome.failed:,} failed; start with index.html"
    )
    return 0 if outcome.done else 1


MOST_PROFILES = 3
"""More profiles than this in one run are warned about."""


def unique_profiles(icps: list[ICP]) -> tuple[ICP, ...]:
    """Return the profiles; two of one name are an `InputError`, because results are told apart by name.

    More than `MOST_PROFILES` are a warning on stderr.
    """
    names = [icp.name for icp in icps]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise InputError(f"two profiles are named {doubled[0]!r}; rename one, results are told apart by name")
    if len(icps) > MOST_PROFILES:
        click.echo(
            f"dossier: {len(icps)} profiles in one run; above {MOST_PROFILES}, teams stop acting on the difference",
            err=True,
        )
    return tuple(icps)
