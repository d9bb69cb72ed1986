"""The command group: commands are loaded when they are called."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from difflib import get_close_matches

import click

from agent.errors import DossierError
from evals.cli.commands import COMMANDS, help_text

COULD_NOT_RUN = 2


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order a new user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{attribute} is not a command")
        return command

    def get_help(self, ctx: click.Context) -> str:
        """Return the help from the table, importing no command."""
        return help_text()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of that name."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(COMMANDS)}"
            ctx.fail(f"no command named {name!r}; {hint}")
        return super().resolve_command(ctx, args)


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from agent.version import code_version

    click.echo(f"dossier-eval {code_version()}")
    ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version)
def dossier_eval() -> None:
    """Measure Dossier; see `evals.cli.commands.help_text` for what is printed."""


def run(argv: list[str]) -> int:
    """Run the group on `argv`; our errors are one line on stderr and exit 2, bugs are left to crash.

    A refusal (`evals.baseline.Refused`) exits 1: the command ran and said no.
    """
    level = os.environ.get("DOSSIER_LOG", "").upper()
    if level in ("DEBUG", "INFO", "WARNING", "ERROR"):
        logging.basicConfig(stream=sys.stderr, level=level, format="%(levelname)s %(name)s %(message)s")
    else:
        logging.getLogger().addHandler(logging.NullHandler())
    try:
        result = dossier_eval.main(args=argv, prog_name="dossier-eval", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("dossier-eval: stopped; what was finished is kept, the same command goes on", err=True)
        return 130
    except DossierError as error:
        from evals.baseline import Refused

        click.echo(f"dossier-eval: {error}", err=True)
        return 1 if isinstance(error, Refused) else COULD_NOT_RUN
    except BrokenPipeError:
        # The reader of our output went away (`| head`); keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0
