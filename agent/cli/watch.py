"""`dossier watch`: keep a list up to date and report what is new."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import click

from agent.cli.batch import (
    AgeOption,
    currency_code,
    list_options,
    relative_links,
    report_base_option,
    unique_profiles,
)
from agent.cli.output import database_option, settings
from agent.cli.research import EXTRACTORS


@click.command(short_help="Research what is due on a list again, and report what changed.")
@click.argument("file", metavar="LIST", type=click.Path(dir_okay=False, path_type=Path))
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
@click.option(
    "--every",
    type=AgeOption(),
    default="7d",
    show_default=True,
    help="How old a result may become, such as 7d.",
)
@click.option(
    "--extractor",
    type=click.Choice(EXTRACTORS),
    default="auto",
    show_default=True,
    help="auto: a model when one is configured, else rules alone.",
)
@click.option("--model", help="The model's name at the endpoint (default: DOSSIER_MODEL).")
@click.option("--max-cost", type=click.FloatRange(min=0), help="End the run at this many US dollars in all.")
@click.option("--max-calls", type=click.IntRange(min=0), help="End the run at this many model calls in all.")
@click.option(
    "--llm-batch",
    is_flag=True,
    help="Send model requests through the endpoint's Batch API: half the price, answers within 24 hours.",
)
@report_base_option
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
@database_option
def watch(
    file: Path,
    icp_files: tuple[Path, ...],
    folder: Path,
    columns: tuple[str, ...],
    currency: str,
    every: timedelta,
    extractor: str,
    model: str | None,
    max_cost: float | None,
    max_calls: int | None,
    llm_batch: bool,
    report_base: str,
    as_json: bool,
    quiet: bool,
    database_url: str | None,
) -> int:
    """Research the accounts of LIST that are due, and print what changed since the last time.

    One call does one round; let cron or a timer call it. The changes also stand in changes.json and
    changes.txt of the folder. Exit 0 when nothing is left to do, 1 when work ended early.
    """
    from agent.batch.campaign import run_campaign
    from agent.batch.columns import parse_choice
    from agent.batch.order import BatchOrder
    from agent.icp import load_icp
    from tools.pages.parsers import DEFAULT_PROCESSES

    order = BatchOrder(
        list_path=file,
        folder=folder,
        icps=unique_profiles([load_icp(path) for path in icp_files]),
        columns=dict(parse_choice(each) for each in columns),
        currency=currency_code(currency),
        extractor=extractor,
        model=model,
        max_cost=max_cost,
        max_calls=max_calls,
        llm_batch=llm_batch,
        refresh_older_than=every,
        report_base=report_base,
        processes=DEFAULT_PROCESSES,
    )

    def say(line: str) -> None:
        if not quiet:
            click.echo(line, err=True)

    outcome = asyncio.run(run_campaign(order, settings(database_url), say=say, quiet=quiet))
    if outcome.done and (line := relative_links(order)):
        say(line)
    if outcome.changes is None:
        say("this is the first run of the list; the next one has something to compare with")
        if as_json:
            click.echo("null")
    elif as_json:
        click.echo(json.dumps(outcome.changes.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        from agent.batch.changes import describe_changes

        click.echo(describe_changes(outcome.changes), nl=False)
    if outcome.stopped is not None:
        click.echo(f"dossier: {outcome.stopped} ({outcome.left:,} accounts left)", err=True)
        return 130 if outcome.interrupted else 1
    return 0
