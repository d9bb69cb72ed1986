"""`dossier-eval report`: a run's results again, as HTML, text or a step summary."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Render a run's results again, as HTML or text.")
@click.argument("results_path", metavar="RESULTS", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["text", "html", "summary", "junit"]),
    default="text",
    show_default=True,
)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Default: stdout.")
@click.option(
    "--against", type=click.Path(exists=True, path_type=Path), help="Another run, to show what flipped."
)
def report(results_path: Path, format_: str, output: Path | None, against: Path | None) -> int:
    """Render the results of a run, optionally against another run (A, with RESULTS as B)."""
    from evals.comparing import compare_runs
    from evals.reporting.html import render_html
    from evals.reporting.junit import render_junit
    from evals.reporting.summary import render_summary
    from evals.reporting.text import render_comparison, render_results
    from evals.results import load_results

    results = load_results(results_path)
    comparison = compare_runs(load_results(against), results) if against else None
    if format_ == "html":
        folder = results_path if results_path.is_dir() else results_path.parent
        text = render_html(results, folder, comparison)
    elif format_ == "junit":
        text = render_junit(results)
    elif format_ == "summary":
        text = render_summary(results, comparison)
    else:
        text = render_results(results)
        if comparison is not None:
            text += "\n\n" + render_comparison(comparison, str(against), str(results_path))
    if output is None:
        click.echo(text)
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"wrote {output}", err=True)
    return 0


@click.command(short_help="Print the JSON Schema of results.json.")
def schema() -> int:
    """Print the JSON Schema of results.json; its version is the constant `schema_version`."""
    import json

    from evals.results import results_schema

    click.echo(json.dumps(results_schema(), indent=1))
    return 0
