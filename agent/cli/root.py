"""The command group: commands are loaded when they are called."""

from __future__ import annotations

import errno
import importlib
import logging
import os
import sys
from difflib import get_close_matches

import click

from agent.cli.commands import COMMANDS, help_text
from agent.errors import DossierError

_CANNOT_WRITE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)
"""How a full or broken disk under our output, or under the data folder, answers."""


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

    click.echo(f"dossier {code_version()}")
    ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version)
def dossier() -> None:
    """Research an account; see `agent.cli.commands.help_text` for what is printed."""


def run(argv: list[str]) -> int:
    """Run the group on `argv`; our errors are one line on stderr, bugs are left to crash."""
    _configure_logging(os.environ.get("DOSSIER_LOG", ""))
    try:
        result = dossier.main(args=argv, prog_name="dossier", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("dossier: stopped; what was finished is kept", err=True)
        return 130
    except DossierError as error:
        from agent.report.text import printable

        # What a file or a page said may stand in the message; it must not drive the terminal.
        click.echo(f"dossier: {printable(str(error))}", err=True)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output went away (`| head`); keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in _CANNOT_WRITE:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo(f"dossier: the output is not complete: {error.strerror}", err=True)
        return 1
    return result if isinstance(result, int) else 0


def _configure_logging(level: str) -> None:
    """Keep log lines out of a user's terminal unless DOSSIER_LOG asks for them."""
    if level.upper() in ("DEBUG", "INFO", "WARNING", "ERROR"):
        logging.basicConfig(
            stream=sys.stderr, level=level.upper(), format="%(levelname)s %(name)s %(message)s"
        )
    else:
        logging.getLogger().addHandler(logging.NullHandler())
