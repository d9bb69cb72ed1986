"""The `dossier-eval` command. Heavy imports happen inside commands, so that `--help` answers at once."""

from __future__ import annotations

import sys


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 pass, 1 a gate failed or a fault was found, 2 could not run."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments in ([], ["--help"], ["-h"]):
        from evals.cli.commands import help_text

        sys.stdout.write(help_text() + "\n")
        return 0
    from evals.cli.root import run

    return run(arguments)


def entry() -> None:
    """Serve as the console script."""
    import gc

    # A run builds millions of values that live to its end; looking through them for cycles after every
    # 700 new ones takes a fifth of the time of a re-score.
    gc.set_threshold(200_000, 50, 50)
    sys.exit(main())
