"""`dossier research` and `dossier demo`: one account, one report."""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.output import (
    DateOption,
    check_output,
    extractor_options,
    output_options,
    settings,
    unique_profiles,
    write_report,
)
from agent.errors import InputError

if TYPE_CHECKING:
    from agent.graph.context import Progress
    from agent.research import ResearchRequest


@click.command(short_help="Research one account and hold it against ICPs.")
@click.argument("domain")
@click.option(
    "--icp",
    "icp_files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="An Ideal Customer Profile; repeat it for several. Without one there are facts but no verdict.",
)
@output_options
@click.option("--archive", type=click.Path(dir_okay=False, path_type=Path), help="Replay a WARC; no network.")
@click.option(
    "--record", type=click.Path(dir_okay=False, path_type=Path), help="Record the run to this WARC."
)
@click.option(
    "--as-of", type=DateOption(), help="Score as of this day (default: today, or the archive's day)."
)
@extractor_options
@click.option(
    "--max-pages", type=click.IntRange(1, 500), default=15, show_default=True, help="Website pages to read."
)
@click.option("--max-cost", type=click.FloatRange(min=0), help="Stop model calls at this many US dollars.")
@click.option("--refresh", is_flag=True, help="Fetch every page anew instead of using the page cache.")
@click.option("--quiet", "-q", is_flag=True, help="No progress lines.")
def research(
    domain: str,
    icp_files: tuple[Path, ...],
    format_: str | None,
    output: Path | None,
    archive: Path | None,
    record: Path | None,
    as_of: date | None,
    extractor: str,
    model: str | None,
    max_pages: int,
    max_cost: float | None,
    refresh: bool,
    quiet: bool,
) -> int:
    """Research the company behind DOMAIN (a domain, URL or e-mail address) and print a cited verdict.

    Exit 0 done, 1 when not one document of the account could be read (the report is still printed),
    2 for wrong usage.
    """
    from agent.icp import load_icp
    from agent.research import ResearchRequest, check_domain

    if archive and record:
        raise InputError("--archive replays and --record records; give one of them")
    if archive and not archive.is_file():
        raise InputError(f"no archive at {str(archive)!r}; --record FILE.warc.gz writes one")
    request = ResearchRequest(
        domain=check_domain(domain),
        icps=unique_profiles([load_icp(path) for path in icp_files]),
        as_of=as_of,
        extractor=extractor,
        model=model,
        max_pages=max_pages,
        max_cost=max_cost,
        refresh=refresh,
        archive=archive,
        record=record,
    )
    return _run(request, format_=format_, output=output, quiet=quiet)


@click.command(short_help="Run on the bundled synthetic account, without network or key.")
@output_options
@click.option("--as-of", type=DateOption(), help="Score as of this day (default: the archive's day).")
@click.option("--quiet", "-q", is_flag=True, help="No progress lines.")
def demo(format_: str | None, output: Path | None, as_of: date | None, quiet: bool) -> int:
    """Research a made-up company from the archive that ships with dossier, by rules alone."""
    from agent.demo import DEMO_DOMAIN, demo_archive, demo_icp
    from agent.icp import load_icp
    from agent.research import ResearchRequest

    request = ResearchRequest(
        domain=DEMO_DOMAIN,
        icps=(load_icp(demo_icp()),),
        as_of=as_of,
        extractor="rules",
        archive=demo_archive(),
    )
    if not quiet:
        click.echo("The demo account is synthetic: company, pages and openings are made up.", err=True)
    return _run(request, format_=format_, output=output, quiet=quiet)


def _run(request: ResearchRequest, *, format_: str | None, output: Path | None, quiet: bool) -> int:
    from agent.research import research_account
    from agent.services import Services

    check_output(output)
    with Services.open(settings()) as services:
        report = asyncio.run(research_account(request, services, progress=_progress(quiet)))
        write_report(report, format_=format_, output=output, texts=services.store.load_text)
    return 0 if report.documents else 1


def _progress(quiet: bool):  # type: ignore[no-untyped-def]  # returns Callable[[Progress], None]; see below
    """Return what prints one line a stage on stderr: coloured on a terminal, plain otherwise."""
    if quiet:
        return lambda _: None
    from agent.report.text import printable

    if sys.stderr.isatty():
        from rich.console import Console
        from rich.markup import escape

        console = Console(stderr=True, highlight=False)

        def coloured(progress: Progress) -> None:
            console.print(f"[bold cyan]{progress.stage:<15}[/] {escape(printable(progress.detail))}")

        return coloured

    def plain(progress: Progress) -> None:
        click.echo(f"{progress.stage:<15} {printable(progress.detail)}", err=True)

    return plain
