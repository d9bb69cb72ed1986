"""`dossier icp`: write, check, learn, test, compare and refine Ideal Customer Profiles."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from agent.errors import ICPError, InputError

PATH = click.Path(dir_okay=False, path_type=Path)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


class _WithDeals(click.Group):
    """Finds the commands about deals in their own module, which imports this one."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name."""
        _load_deal_commands()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order a new user meets them."""
        _load_deal_commands()
        return list(self.commands)


def _load_deal_commands() -> None:
    from agent.cli import icp_deals  # noqa: F401 - importing it registers its commands


@click.group(cls=_WithDeals, short_help="Write, check, learn and test Ideal Customer Profiles.")
def icp() -> None:
    """Write, check, learn and test Ideal Customer Profiles."""


@icp.command()
def schema() -> int:
    """Print the JSON Schema of a profile, so that editors complete and check it."""
    from agent.icp.json_schema import profile_schema

    click.echo(json.dumps(profile_schema(), indent=2, ensure_ascii=False))
    return 0


@icp.command()
@click.option("--template", help="Start from a template; `--list` names them.")
@click.option("--list", "list_", is_flag=True, help="List the templates and what they are for.")
@click.option("--name", help="The profile's name (default: the template's, or asked for).")
@click.option(
    "--output", "--out", "-o", type=PATH, help="Write to this file; one that exists is never overwritten."
)
@AS_JSON
def new(template: str | None, list_: bool, name: str | None, output: Path | None, as_json: bool) -> int:
    """Start a profile from a template, or from the answers to a few questions.

    Without --output the profile is printed.
    """
    from agent.icp import parse_icp
    from agent.icp.draft import dated, draft_profile, template_names, template_text

    if list_:
        described = {
            known: parse_icp(template_text(known), known).description or "" for known in template_names()
        }
        if as_json:
            click.echo(json.dumps(described, ensure_ascii=False, indent=2))
        for known, what in () if as_json else described.items():
            click.echo(f"{known:<22} {what}")
        return 0
    refuse_existing(output)
    if template is not None:
        text = dated(template_text(template), name, today())
    else:
        from agent.cli.icp_questions import ask

        text = draft_profile(ask(name, today()), today())
    try:
        profile = parse_icp(text, str(output or "profile"))
    except ICPError as error:
        raise InputError(f"that does not make a profile: {error}") from None
    if output is not None:
        write_new(output, text)
    if as_json:
        click.echo(
            json.dumps({"name": profile.name, "sha256": profile.sha256, "yaml": text}, ensure_ascii=False)
        )
    elif output is None:
        click.echo(text, nl=False)
    return 0


@icp.command()
@click.argument("profiles", nargs=-1, required=True, type=PATH)
@AS_JSON
def lint(profiles: tuple[Path, ...], as_json: bool) -> int:
    """Check PROFILES for what loads but misleads: codes with a fix each. Exit 1 with findings."""
    from agent.icp import load_icp
    from agent.revops.lint import lint_icps

    findings = lint_icps([load_icp(path) for path in profiles], today())
    if as_json:
        click.echo(
            json.dumps([one.model_dump(mode="json") for one in findings], ensure_ascii=False, indent=2)
        )
        return 1 if findings else 0
    for one in findings:
        where = " ".join(part for part in (one.profile, one.where) if part)
        click.echo(f"{one.code} {where}: {one.message}\n       fix: {one.fix}")
    count = len(findings)
    click.echo(f"{count} finding{'s' if count != 1 else ''}" if count else "nothing to fix", err=True)
    return 1 if findings else 0


def today() -> date:
    """Return today's date; the one place of this module that reads the clock."""
    return datetime.now(UTC).date()


def refuse_existing(output: Path | None) -> None:
    """Fail before any work when the output file is already there or its folder is not."""
    if output is None:
        return
    if output.exists():
        raise InputError(f"{str(output)!r} exists and is never overwritten; choose another name")
    if not output.parent.is_dir():
        raise InputError(f"cannot write {str(output)!r}: the folder {str(output.parent)!r} does not exist")


def write_new(output: Path, text: str) -> None:
    """Write a file that does not exist yet."""
    try:
        with output.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError(f"{str(output)!r} exists and is never overwritten; choose another name") from None
    except OSError as error:
        raise InputError(f"cannot write {str(output)!r}: {error.strerror or error}") from None
    click.echo(f"wrote {output}", err=True)
