"""What several commands share at the edge: formats, files, dates, settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.lazy import F
from agent.errors import InputError

if TYPE_CHECKING:
    from agent.icp import ICP
    from agent.models import AccountReport
    from agent.settings import Settings


FORMATS = ("text", "json", "markdown", "html")
SUFFIXES = {
    ".json": "json",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
}


class DateOption(click.ParamType[date]):
    """An ISO 8601 date."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or fail naming the value."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(
                f"{str(value)!r} is not a date; write it as YYYY-MM-DD, for example 2026-11-02", param, ctx
            )


def output_options(command: F) -> F:
    """Add `--format` and `--output`."""
    for option in (
        click.option(
            "--output",
            "-o",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write the report to this file instead of stdout.",
        ),
        click.option(
            "--format",
            "-f",
            "format_",
            type=click.Choice(FORMATS),
            help="Default: by the output file's ending, else text.",
        ),
    ):
        command = option(command)
    return command


def check_output(output: Path | None) -> None:
    """Refuse a report file that cannot be written before any work is done for it."""
    if output is None:
        return
    if not output.parent.is_dir():
        raise InputError(f"cannot write {str(output)!r}: the folder {str(output.parent)!r} does not exist")
    if not os.access(output if output.exists() else output.parent, os.W_OK):
        raise InputError(f"cannot write {str(output)!r}: permission denied")


def write_report(
    report: AccountReport,
    *,
    format_: str | None,
    output: Path | None,
    texts: Callable[[str], str | None],
) -> None:
    """Render the report and put it where it was asked for."""
    chosen = format_ or (SUFFIXES.get(output.suffix.lower()) if output else None) or "text"
    rendered = _render(report, chosen, texts, colour=output is None and _colour_terminal())
    if output is None:
        stream = sys.stdout
        # A pipe on an old locale may not know every character of a quote; never lose a report to it.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace" if chosen == "text" else "strict", encoding="utf-8")
        stream.write(rendered)
        stream.flush()
        return
    try:
        write_text(output, rendered)
    except OSError as error:
        raise InputError(f"cannot write {str(output)!r}: {error.strerror or error}") from error
    click.echo(f"wrote {output}", err=True)


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all; a device or pipe is written to, never replaced by a file."""
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _render(report: AccountReport, format_: str, texts: Callable[[str], str | None], *, colour: bool) -> str:
    match format_:
        case "json":
            from agent.report.contract import render_json

            return render_json(report)
        case "markdown":
            from agent.report.markdown import render_markdown

            return render_markdown(report)
        case "html":
            from agent.report.html import render_html

            return render_html(report, texts)
        case _:
            from agent.report.text import render_text

            return render_text(report, colour=colour)


def _colour_terminal() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def extractor_options(command: F) -> F:
    """Add `--extractor` and `--model`: who reads what the rules left open."""
    command = click.option("--model", help="The model's name at the endpoint (default: DOSSIER_MODEL).")(
        command
    )
    return click.option(
        "--extractor",
        type=click.Choice(("auto", "rules", "llm", "local")),
        default="auto",
        show_default=True,
        help="auto: a model when one is configured, else rules alone.",
    )(command)


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


def database_option(command: F) -> F:
    """Add `--database-url`; the command passes its value to `settings`."""
    return click.option(
        "--database-url",
        metavar="URL",
        help="The store on PostgreSQL: postgresql://USER@HOST/DATABASE (default: DOSSIER_DATABASE_URL).",
    )(command)


def _default_processes() -> int:
    from tools.pages.parsers import DEFAULT_PROCESSES

    return DEFAULT_PROCESSES


def load_options(command: F) -> F:
    """Add `--concurrency` and `--processes`: how much a run may have under way on this machine."""
    command = click.option(
        "--processes",
        type=click.IntRange(1, 64),
        default=_default_processes,
        help="Processes that parse pages and run rules, some 170 MB each (default: one for each core).",
    )(command)
    return click.option(
        "--concurrency",
        type=click.IntRange(1, 2000),
        default=200,
        show_default=True,
        help="Most accounts at once.",
    )(command)


def settings(database_url: str | None = None) -> Settings:
    """Return the settings of this process's environment; an option's value wins over it."""
    from agent.settings import Settings

    found = Settings.from_environment(os.environ)
    return found if database_url is None else found.model_copy(update={"database_url": database_url})
