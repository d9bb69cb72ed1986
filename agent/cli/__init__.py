"""The `dossier` command. Heavy imports happen inside commands, so that `--help` answers at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 the work failed, 2 wrong usage."""
    from agent.cli.root import run

    return run(list(sys.argv[1:] if argv is None else argv))


def entry() -> None:
    """Serve as the console script."""
    sys.exit(main())
