"""Write the synthetic accounts: `python -m evals.synthetic --why 'reason' [--only DOMAIN] [--out FOLDER]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agent.errors import DossierError
from evals.labels import ACCOUNTS
from evals.synthetic.build import build_accounts


def main(argv: list[str] | None = None) -> int:
    """Build what the arguments ask for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.synthetic", description=__doc__)
    parser.add_argument("--why", required=True, help="kept in the lock of the test half")
    parser.add_argument("--only", metavar="DOMAIN", help="one account instead of all")
    parser.add_argument("--out", type=Path, default=ACCOUNTS, metavar="FOLDER")
    arguments = parser.parse_args(argv)
    try:
        built = build_accounts(arguments.out, why=arguments.why, only=arguments.only)
    except DossierError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 (a command's own message)
        return error.exit_code
    pages, labels = sum(one.pages for one in built), sum(one.labels for one in built)
    print(f"{len(built)} accounts, {pages} pages, {labels} labels in {arguments.out}", file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
