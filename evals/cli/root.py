"""The command group `dossier-eval`: commands are loaded when they are called."""

from __future__ import annotations

import click

from agent.cli.lazy import LazyGroup, run_group, version_option
from agent.errors import DossierError
from evals.cli.commands import COMMANDS, help_text

COULD_NOT_RUN = 2


@click.group(
    cls=LazyGroup, table=COMMANDS, text=help_text, context_settings={"help_option_names": ["-h", "--help"]}
)
@version_option("dossier-eval")
def dossier_eval() -> None:
    """Measure Dossier; see `evals.cli.commands.help_text` for what is printed."""


def run(argv: list[str]) -> int:
    """Run the group on `argv`; our errors exit 2, but a refusal exits 1: the command ran and said no."""
    stopped = "stopped; what was finished is kept, the same command goes on"
    return run_group(dossier_eval, argv, "dossier-eval", stopped=stopped, exit_code=_exit_code)


def _exit_code(error: DossierError) -> int:
    from evals.baseline import Refused

    return 1 if isinstance(error, Refused) else COULD_NOT_RUN
