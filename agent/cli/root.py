"""The command group: names and one-line help here, the commands themselves loaded when called."""

from __future__ import annotations

import importlib
import os
import sys
from typing import NamedTuple

import click

from agent.errors import DossierError


class Entry(NamedTuple):
    """Where a command lives and what it is for."""

    module: str
    attribute: str
    help: str


COMMANDS: dict[str, Entry] = {
    "research": Entry("agent.cli.research", "research", "Research one account and hold it against ICPs."),
    "demo": Entry(
        "agent.cli.research", "demo", "Run on the bundled synthetic account, without network or key."
    ),
    "verify": Entry(
        "agent.cli.evidence", "verify", "Re-check every quote, hash and the receipt of a report."
    ),
    "document": Entry("agent.cli.evidence", "document", "Print a stored document's text exactly."),
    "rescore": Entry("agent.cli.rescore", "rescore", "Score every stored account under a changed ICP."),
    "import": Entry("agent.cli.imports", "import_group", "Bring in evidence you already have."),
    "icp": Entry("agent.cli.icp", "icp", "Write, check, learn and test Ideal Customer Profiles."),
    "schema": Entry("agent.cli.schema", "schema", "Print the JSON Schema of what commands write."),
    "doctor": Entry(
        "agent.cli.doctor", "doctor", "Say what is configured, what is missing, and what collides."
    ),
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order a new user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = getattr(importlib.import_module(entry.module), entry.attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.module}.{entry.attribute} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of that name."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(COMMANDS)}"
            ctx.fail(f"no command named {name!r}; {hint}")
        return super().resolve_command(ctx, args)


class VersionOption(click.Option):
    """`--version`, read from the installed package only when asked."""


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from agent.version import code_version

    click.echo(f"dossier {code_version()}")
    ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    cls=VersionOption,
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and exit.",
)
def dossier() -> None:
    """Research an account: fit or not, why, why now, and what is unknown.

    Every point of a verdict cites a quote that was checked against the archived page.
    """


def run(argv: list[str]) -> int:
    """Run the group on `argv`; our errors are one line on stderr, bugs are left to crash."""
    try:
        result = dossier.main(args=argv, prog_name="dossier", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("stopped; nothing that was finished is lost", err=True)
        return 130
    except DossierError as error:
        click.echo(f"dossier: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output went away (`| head`); keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0
