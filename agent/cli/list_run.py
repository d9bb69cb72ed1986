"""What `dossier batch` and `dossier watch` share: the options of a run over a list, and how its end is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.cli.lazy import F
from agent.cli.output import extractor_options, load_options, unique_profiles
from agent.errors import InputError

if TYPE_CHECKING:
    from agent.batch.campaign import CampaignOutcome
    from agent.batch.order import BatchOrder


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


_PROFILES = (
    click.option(
        "--icp",
        "icp_files",
        multiple=True,
        type=click.Path(dir_okay=False, path_type=Path),
        help="An Ideal Customer Profile; repeat it for several.",
    ),
    click.option(
        "--out",
        "folder",
        required=True,
        type=click.Path(file_okay=False, path_type=Path),
        help="The campaign folder.",
    ),
    click.option(
        "--column", "columns", multiple=True, help="A column's meaning: domain=NAME, industry=NAME ..."
    ),
    click.option(
        "--sheet", default="", help="The sheet of a workbook; default: the first that names accounts."
    ),
    click.option(
        "--currency", default="", help="The currency of plain revenue numbers in the list, such as USD."
    ),
)
_READING = (
    click.option(
        "--max-pages",
        type=click.IntRange(1, 500),
        default=15,
        show_default=True,
        help="Website pages to read of each account.",
    ),
    click.option("--full", is_flag=True, help="Read and ask everything, also where the tier is decided."),
    click.option(
        "--with-gdelt",
        is_flag=True,
        help="Also search GDELT, which allows one request in five seconds: twelve accounts a minute.",
    ),
    click.option(
        "--max-cost", type=click.FloatRange(min=0), help="End the run at this many US dollars in all."
    ),
    click.option(
        "--max-calls", type=click.IntRange(min=0), help="End the run at this many model calls in all."
    ),
    click.option("--llm-rpm", type=click.FloatRange(min=0, min_open=True), help="Model requests a minute."),
    click.option("--llm-tpm", type=click.FloatRange(min=0, min_open=True), help="Model tokens a minute."),
    click.option(
        "--llm-batch",
        is_flag=True,
        help="Send model requests through the endpoint's Batch API: half the price, answers within 24 hours.",
    ),
)
_WRITING = (
    click.option(
        "--report-base", default="", help="Where the folder will be reachable, for links in CRM files."
    ),
    click.option("--no-pages", is_flag=True, help="Write no HTML page for each account."),
)


def list_run_options(command: F) -> F:
    """Add the options of a run over a list; the command passes them on to `order_of` as they come."""
    for options in (_WRITING, (load_options,), _READING, (extractor_options,), _PROFILES):
        for option in reversed(options):
            command = option(command)
    return command


def order_of(
    file: Path,
    *,
    icp_files: tuple[Path, ...],
    columns: tuple[str, ...],
    currency: str,
    llm_rpm: float | None,
    llm_tpm: float | None,
    no_pages: bool,
    **options: Any,  # Any: the options that have their own name in an order
) -> BatchOrder:
    """Return the order that a command's options make; an `InputError` says what is wrong with one."""
    from agent.batch.columns import parse_choice
    from agent.batch.order import BatchOrder
    from agent.icp import load_icp

    if currency and not re.fullmatch(r"[A-Za-z]{3}", currency):
        raise InputError(f"--currency {currency!r} is no currency code; give three letters such as USD")
    return BatchOrder(
        list_path=file,
        icps=unique_profiles([load_icp(path) for path in icp_files]),
        columns=dict(parse_choice(each) for each in columns),
        currency=currency.upper(),
        requests_per_minute=llm_rpm,
        tokens_per_minute=llm_tpm,
        pages=not no_pages,
        **options,
    )


def speaker(*, quiet: bool) -> Callable[[str], None]:
    """Return what tells a person a line on stderr."""

    def say(line: str) -> None:
        if not quiet:
            click.echo(line, err=True)

    return say


def exit_code(order: BatchOrder, outcome: CampaignOutcome, say: Callable[[str], None]) -> int | None:
    """Tell how a run ended; return the exit code of one that ended early, `None` when its list is done."""
    if outcome.done and (line := relative_links(order)):
        say(line)
    if outcome.stopped is None:
        return None
    from agent.report.view import counted

    click.echo(f"dossier: {outcome.stopped} ({counted(outcome.left, 'account')} left)", err=True)
    return 130 if outcome.interrupted else 1


def relative_links(order: BatchOrder) -> str | None:
    """Return what to tell of report links that no CRM can open, or `None` when there are none."""
    if order.report_base or not order.pages:
        return None
    return (
        "report links in hubspot.csv and salesforce.csv are relative, which a CRM cannot open: put the folder on a "
        "server and run the same command again with --report-base https://..."
    )
