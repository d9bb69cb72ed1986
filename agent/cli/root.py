"""The command group `dossier`: commands are loaded when they are called."""

from __future__ import annotations

import click

from agent.cli.commands import COMMANDS, help_text
from agent.cli.lazy import LazyGroup, run_group, version_option


@click.group(
    cls=LazyGroup, table=COMMANDS, text=help_text, context_settings={"help_option_names": ["-h", "--help"]}
)
@version_option("dossier")
def dossier() -> None:
    """Research an account; see `agent.cli.commands.help_text` for what is printed."""


def run(argv: list[str]) -> int:
    """Run the group on `argv`; see `run_group`."""
    stopped = "stopped; what was finished is kept"
    return run_group(dossier, argv, "dossier", stopped=stopped, exit_code=lambda error: error.exit_code)
