"""`dossier watch`: keep a list up to date and report what is new."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from agent.cli.list_run import AgeOption, exit_code, list_run_options, order_of, speaker
from agent.cli.output import database_option, settings


@click.command(short_help="Research what is due on a list again, and report what changed.")
@click.argument("file", metavar="LIST", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--every",
    type=AgeOption(),
    default="7d",
    show_default=True,
    help="How old a result may become, such as 7d.",
)
@list_run_options
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
@database_option
def watch(
    file: Path,
    every: timedelta,
    as_json: bool,
    quiet: bool,
    database_url: str | None,
    **options: Any,  # Any: those of `list_run_options`
) -> int:
    """Research the accounts of LIST that are due, and print what changed since the last time.

    One call does one round; let cron or a timer call it, with the options of the list's batch run. The changes
    also stand in changes.json and changes.txt of the folder. Exit 0 when nothing is left to do, 1 when work
    ended early.
    """
    from agent.batch.campaign import run_campaign

    order = order_of(file, refresh_older_than=every, **options)
    say = speaker(quiet=quiet)
    outcome = asyncio.run(run_campaign(order, settings(database_url), say=say, quiet=quiet))
    if outcome.changes is None:
        say("this is the first run of the list; the next one has something to compare with")
        if as_json:
            click.echo("null")
    elif as_json:
        click.echo(json.dumps(outcome.changes.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        from agent.batch.changes import describe_changes

        click.echo(describe_changes(outcome.changes), nl=False)
    return exit_code(order, outcome, say) or 0
