"""`dossier worker`: one of any number of machines that work on batch runs."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import click

from agent.cli.output import database_option, load_options, settings


@click.command(short_help="Work on the batch runs of a shared database, on any machine.")
@load_options
@click.option(
    "--lease",
    type=click.FloatRange(3, 3600),
    default=30.0,
    show_default=True,
    help="Seconds without a sign of life after which others take a worker's shards; the same for all.",
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing.")
@database_option
def worker(concurrency: int, processes: int, lease: float, quiet: bool, database_url: str | None) -> int:
    """Take shards of any `dossier batch --engine dbos` run on the database, until Ctrl-C.

    Give every worker the same model endpoint and keys. Ctrl-C or SIGTERM hands unfinished accounts to other
    workers; a worker that dies or is cut off loses them after its lease.
    """
    from agent.batch.worker import run_worker

    def say(line: str) -> None:
        if not quiet:
            click.echo(f"dossier: {line}", err=True)

    asyncio.run(
        run_worker(
            settings(database_url),
            concurrency=concurrency,
            processes=processes,
            lease=timedelta(seconds=lease),
            say=say,
        )
    )
    return 0
