"""`dossier batch`: a list of accounts in, a ranked campaign folder out."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import click

from agent.cli.list_run import AgeOption, exit_code, list_run_options, order_of, speaker
from agent.cli.output import DateOption, database_option, settings


@click.command(short_help="Research a list of accounts into a ranked campaign folder.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@list_run_options
@click.option("--as-of", type=DateOption(), help="Score as of this day (default: the day the run began).")
@click.option("--retry-failed", is_flag=True, help="Take accounts that failed up again.")
@click.option(
    "--refresh-older-than",
    type=AgeOption(),
    help="Research accounts again whose result is older, such as 30d.",
)
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
    as_of: date | None,
    retry_failed: bool,
    refresh_older_than: timedelta | None,
    engine: Literal["local", "dbos"],
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    database_url: str | None,
    **options: Any,  # Any: those of `list_run_options`
) -> int:
    """Research every account of FILE (CSV, TSV, XLSX or JSON lines) and rank them in a folder.

    The same command again goes on where it stopped. Exit 0 when the list is done, 1 when work ended early or
    no account could be read, 2 for wrong usage.
    """
    import json

    from agent.batch.campaign import run_campaign
    from agent.report.view import counted

    order = order_of(
        file,
        as_of=as_of,
        retry_failed=retry_failed,
        refresh_older_than=refresh_older_than,
        engine=engine,
        **options,
    )
    say = speaker(quiet=quiet)
    outcome = asyncio.run(run_campaign(order, settings(database_url), say=say, quiet=quiet, dry_run=dry_run))
    if dry_run:
        return 0
    if as_json:
        click.echo(json.dumps(outcome.summary, ensure_ascii=False, indent=2))
    code = exit_code(order, outcome, say)
    if code is not None:
        return code
    say(
        f"wrote {order.folder}: {counted(outcome.done, 'account')} researched, {outcome.failed:,} failed; "
        "start with index.html"
    )
    return 0 if outcome.done else 1
