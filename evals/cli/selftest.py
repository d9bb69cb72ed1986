"""`dossier-eval selftest`: prove that seeded faults turn the gates red."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click


@click.command(short_help="Prove that seeded faults turn the gates red.")
@click.option("--split", type=click.Choice(["dev", "test", "all"]), default="dev", show_default=True)
@click.option("--fault", "names", multiple=True, help="Only this fault; repeat it for several.")
@click.option("--only", multiple=True, metavar="DOMAIN", help="Only this account; repeat it for several.")
@click.option("--accounts", type=click.Path(file_okay=False, path_type=Path))
@click.option("--icps", type=click.Path(file_okay=False, path_type=Path))
@click.option("--gates", "gates_file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--workers", type=click.IntRange(1, 64))
def selftest(
    split: str,
    names: tuple[str, ...],
    only: tuple[str, ...],
    accounts: Path | None,
    icps: Path | None,
    gates_file: Path | None,
    workers: int | None,
) -> int:
    """Break the product on purpose, one fault at a time, and check that a gate turns red.

    Exit 0 when every fault was noticed, 1 when one was not, 2 when it could not run.
    """
    from agent.errors import InputError
    from evals.faults import FAULTS
    from evals.gates import GATES, load_gates
    from evals.running.config import RunConfig
    from evals.selftest import run_selftest

    for name in names:
        if name not in FAULTS:
            raise InputError(f"no fault named {name!r}; known: {', '.join(FAULTS)}")
    config = RunConfig.model_validate(
        {
            "split": split,
            "only": only,
            **({"accounts": accounts} if accounts else {}),
            **({"icps": icps} if icps else {}),
        }
    )
    with tempfile.TemporaryDirectory(prefix="dossier-selftest-") as folder:
        outcome = run_selftest(
            config,
            load_gates(gates_file or GATES),
            Path(folder),
            names=names,
            workers=workers,
            progress=lambda name: click.echo(f"running {name}", err=True),
        )
    if outcome.red_when_clean:
        click.echo(f"already red without a fault: {', '.join(outcome.red_when_clean)}")
    for fault in outcome.faults:
        said = ", ".join(fault.red) if fault.noticed else "NOBODY NOTICED"
        click.echo(f"{fault.fault:<16} {fault.what:<44} {said}")
    click.echo(
        f"{outcome.accounts} accounts; " + ("every fault was noticed" if outcome.passed else "a fault passed")
    )
    return 0 if outcome.passed else 1
