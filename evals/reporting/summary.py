"""Results as a short Markdown page for a GitHub step summary."""

from __future__ import annotations

from evals.comparing import Comparison
from evals.gates import headline
from evals.measures.catalogue import PRIMARY
from evals.reporting.text import interval, percent
from evals.results import RunResults

_MARKS = {"pass": "✅", "fail": "❌", "unknown": "➖"}


def render_summary(results: RunResults, comparison: Comparison | None = None) -> str:
    """Return the Markdown: gates, primary figures, and what flipped when there is a comparison."""
    identity, usage = results.identity, results.usage
    lines = [
        f"## dossier-eval: {_cell(headline(results.gates))}",
        "",
        f"{identity.extractor}{' ' + identity.model if identity.model else ''}, {usage.accounts} accounts ({identity.split} half), "
        f"{results.seconds:.1f} s, dataset `{identity.dataset_sha256[:12]}`",
        "",
        "| gate | | figure |",
        "|---|---|---|",
        *(f"| {_cell(gate.name)} | {_MARKS[gate.state]} | {_cell(gate.detail)} |" for gate in results.gates),
        "",
        "| measure | value | 95 % interval | n | accounts |",
        "|---|---:|---:|---:|---:|",
    ]
    for key in PRIMARY:
        measure = results.measure(key)
        if measure is not None:
            lines.append(
                f"| {measure.label} | {percent(measure.value)} | {interval(measure)} | {measure.n} | "
                f"{measure.accounts} |"
            )
    if comparison is not None:
        lines += ["", f"Against the other run: **{comparison.verdict}**"]
        lines += [f"- `{_cell(case.domain)}` {case.direction}" for case in comparison.flipped[:30]]
    return "\n".join(lines) + "\n\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
