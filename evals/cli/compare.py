"""`dossier-eval compare` and `dossier-eval bless`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Say whether run B is worse than run A, and where.")
@click.argument("a", type=click.Path(exists=True, path_type=Path))
@click.argument("b", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format", "-f", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--alpha", type=click.FloatRange(0.0001, 0.5), default=0.05, show_default=True)
def compare(a: Path, b: Path, format_: str, alpha: float) -> int:
    """Compare two runs (folders or results.json files) over the same accounts.

    Exit 0 without a regression, 1 with one, 2 when the runs cannot be compared.
    """
    from evals.comparing import compare_runs
    from evals.reporting.text import render_comparison
    from evals.results import load_results

    comparison = compare_runs(load_results(a), load_results(b), alpha=alpha)
    if format_ == "json":
        click.echo(comparison.model_dump_json(indent=1))
    else:
        click.echo(render_comparison(comparison, str(a), str(b)))
    return 1 if comparison.verdict == "regression" else 0


@click.command(short_help="Make a run the baseline that later runs are held against.")
@click.argument("results_path", metavar="RESULTS", type=click.Path(exists=True, path_type=Path))
@click.option("--allow-regression", default="", metavar="WHY", help="Lower a floor, and say why.")
@click.option("--new-dataset", default="", metavar="WHY", help="The accounts changed, and say why.")
@click.option("--baseline", "baseline_file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--accounts", type=click.Path(file_okay=False, path_type=Path))
def bless(
    results_path: Path,
    allow_regression: str,
    new_dataset: str,
    baseline_file: Path | None,
    accounts: Path | None,
) -> int:
    """Write the run in RESULTS into the baseline, or say why that is refused (exit 1)."""
    from datetime import UTC, datetime

    from evals.baseline import BASELINE, entry_key, load_baseline, save_baseline
    from evals.baseline import bless as bless_run
    from evals.labels import ACCOUNTS, load_cases
    from evals.results import load_results
    from evals.running.config import ROOT, code_hash, dataset_hash, git_state

    path = baseline_file or BASELINE
    results = load_results(results_path)
    half = results.identity.split
    cases = load_cases(accounts or ACCOUNTS, None if half == "all" else half)  # type: ignore[arg-type]  # dev or test
    if results.identity.mode == "replay":
        # A replay is whole when it is over what was recorded; other runs when over the half.
        ran = {case.domain for case in results.cases}
        cases = tuple(case for case in cases if case.domain in ran)
    blessed = bless_run(
        results,
        load_baseline(path),
        dataset_now=dataset_hash(cases),
        code_now=code_hash(),
        dirty=git_state(ROOT)[1],
        today=datetime.now(UTC).date(),
        allow_regression=allow_regression,
        new_dataset=new_dataset,
    )
    save_baseline(blessed, path)
    key = entry_key(results.identity)
    floors = ", ".join(f"{name} {value:.3f}" for name, value in blessed.entries[key].floors.items())
    click.echo(f"blessed {key}: {floors}")
    return 0
