"""The `dossier` command. Heavy imports happen inside commands, so that `--help` answers at once."""

from __future__ import annotations

import os
import sys


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 the work failed, 2 wrong usage."""
    arguments = sys.argv[1:] if argv is None else argv
    if sys.stdout is None:  # started with its output closed: nobody reads it, but the work is wanted
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  open as long as the process
    if arguments in ([], ["--help"], ["-h"]):
        # The command framework alone takes longer to import than this answer takes to give.
        from agent.cli.commands import help_text

        sys.stdout.write(help_text() + "\n")
        return 0
    from agent.cli.root import run

    return run(arguments)


def entry() -> None:
    """Serve as the console script."""
    import gc

    from agent.batch.ready import SELDOM

    gc.set_threshold(
        *SELDOM
    )  # looking for cycles among what is being loaded takes a tenth of a short command
    sys.exit(main())
