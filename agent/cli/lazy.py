"""What both commands, `dossier` and `dossier-eval`, do the same: load late, and end in one line."""

from __future__ import annotations

import errno
import importlib
import logging
import os
import sys
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

import click

from agent.errors import DossierError

F = TypeVar("F", bound=Callable[..., Any])  # Any: click decorates functions of every signature
_CANNOT_WRITE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)
"""How a full or broken disk under our output, or under the data folder, answers."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for, not before.

    `table` maps a command's name to `module:attribute` and its line of help, in the order a new user meets
    them; `text` writes the group's help from it.
    """

    def __init__(
        self, *, table: Mapping[str, tuple[str, str]], text: Callable[[], str], **attributes: object
    ):
        super().__init__(**attributes)  # type: ignore[arg-type]  # what the decorator collects for any group
        self._table, self._text = table, text

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order a new user meets them."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in self._table:
            return None
        module, attribute = self._table[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{attribute} is not a command")
        return command

    def get_help(self, ctx: click.Context) -> str:
        """Return the help from the table, importing no command."""
        return self._text()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of that name."""
        name = args[0]
        if name not in self._table and not name.startswith("-"):
            near = get_close_matches(name, self._table, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(self._table)}"
            ctx.fail(f"no command named {name!r}; {hint}")
        return super().resolve_command(ctx, args)


def version_option(name: str) -> Callable[[F], F]:
    """Add `--version`, which prints `name` and the version of the code."""

    def show(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if not value or ctx.resilient_parsing:
            return
        from agent.version import code_version

        click.echo(f"{name} {code_version()}")
        ctx.exit()

    return click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=show)


def run_group(
    group: click.Command,
    argv: list[str],
    name: str,
    *,
    stopped: str,
    exit_code: Callable[[DossierError], int],
) -> int:
    """Run a group on `argv`; our errors are one line on stderr, bugs are left to crash.

    `stopped` is what Ctrl-C is answered with, `exit_code` says how one of our errors ends.
    """
    _configure_logging(os.environ.get("DOSSIER_LOG", ""))
    try:
        result = group.main(args=argv, prog_name=name, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(f"{name}: {stopped}", err=True)
        return 130
    except DossierError as error:
        from agent.report.text import printable

        # What a file or a page said may stand in the message; it must not drive the terminal.
        click.echo(f"{name}: {printable(str(error))}", err=True)
        return exit_code(error)
    except BrokenPipeError:
        # The reader of our output went away (`| head`); keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in _CANNOT_WRITE:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo(f"{name}: the output is not complete: {error.strerror}", err=True)
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
