"""The `dossier` command. Heavy imports happen inside commands, so that `--help` answers at once."""

from __future__ import annotations

import sys


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 the work failed, 2 wrong usage."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments in ([], ["--help"], ["-h"]):
        # The command framework alone takes longer to import than this answer takes to give.
        from agent.cli.commands import help_text

        sys.stdout.write(help_text() + "\n")
        return 0
    from agent.cli.root import run

    return run(arguments)


def entry() -> None:
    """Serve as the console script."""
    sys.exit(main())
