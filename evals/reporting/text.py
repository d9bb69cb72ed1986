"""Results as a terminal table: every figure with its n and interval, gates last."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import JsonValue

from evals.comparing import Comparison
from evals.gates import BASELINE_FLOOR, headline
from evals.measures.misses import MISS_WORDS
from evals.results import AttributeRow, GateResult, Measure, RunResults
from evals.stats import exact_upper

STATES = {"pass": "pass", "fail": "FAIL", "unknown": "?   "}


def percent(value: float | None) -> str:
    """Return a share in percent, or a dash where there is no score."""
    return "–" if value is None else f"{100 * value:.1f} %"


def interval(measure: Measure) -> str:
    """Return the interval in percent, marked where the rule of three made it; a dash where there is none."""
    if measure.low is None or measure.high is None:
        return "–"
    mark = " (rule of three)" if measure.method == "rule_of_three" else ""
    return f"{100 * measure.low:.1f} – {100 * measure.high:.1f}{mark}"


def wrong_facts(results: RunResults, most: int = 12) -> list[str]:
    """Return a line for each wrong fact of the accounts that may be shown."""
    lines = [
        f"  {case.domain}: {each.attribute} {_short(each.value)}"
        + (f", labelled {_short(each.expected[0])}" if each.expected else "")
        + f" ({each.fault.replace('_', ' ')}{', ' + each.trap.replace('_', ' ') if each.trap else ''})"
        for case in results.cases
        for each in case.judgements
        if each.kind == "wrong"
    ]
    rest = len(lines) - most
    return lines[:most] + ([f"  and {rest} more; report.html shows them all"] if rest > 0 else [])


def _short(value: JsonValue) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 90 else text[:89] + "…"


def render_results(results: RunResults) -> str:
    """Return the whole table."""
    identity, usage = results.identity, results.usage
    model = f" {identity.model}" if identity.model else ""
    lines = [
        f"{identity.extractor}{model}: {usage.accounts} accounts ({identity.split} half), "
        f"{identity.repeat} run{'s' if identity.repeat > 1 else ''} each, {results.seconds:.1f} s",
        f"dataset {identity.dataset_sha256[:12]}, code {identity.code_version} {identity.code_sha256[:12]}"
        + (" (uncommitted changes)" if identity.dirty else ""),
        "",
        f"{'measure':<44}{'value':>9}  {'95 % interval':<31}{'n':>6}{'accounts':>10}{'detectable':>12}",
    ]
    group = ""
    for measure in results.measures:
        if not measure.n and measure.group in ("model", "robustness"):
            continue
        if measure.group != group:
            group = measure.group
            lines.append(f"{group}")
        detectable = f"{100 * measure.detectable:.1f} pt" if measure.detectable else "–"
        lines.append(
            f"  {measure.label:<42}{percent(measure.value):>9}  {interval(measure):<31}"
            f"{measure.n:>6}{measure.accounts:>10}{detectable:>12}"
        )
    lines += _bounds(results)
    lines += ["", *_attribute_table(results.attributes)]
    lines += _confusion(results)
    if results.misses:
        lines += ["", "why facts were missed"]
        lines += [
            f"  {count:>5}  {reason:<16}{MISS_WORDS.get(reason, '')}"  # type: ignore[call-overload]
            for reason, count in results.misses.items()
        ]
    if results.faults:
        lines += ["", "what wrong facts were"]
        lines += [f"  {count:>5}  {fault}" for fault, count in results.faults.items()]
    if shown := wrong_facts(results):
        lines += ["", "wrong facts of accounts that may be shown", *shown]
    lines += ["", _usage_line(results), *_trouble(results), "", *gate_lines(results.gates)]
    lines += ["", headline(results.gates)]
    red = [gate for gate in results.gates if gate.state == "fail"]
    if any(gate.kind == "drop" or gate.name.endswith(BASELINE_FLOOR) for gate in red):
        lines.append(
            "held against the blessed baseline; if this change is meant, commit it, run again, and "
            'bless the run: dossier-eval bless RUN --allow-regression "why"'
        )
    return "\n".join(lines)


def _bounds(results: RunResults) -> list[str]:
    """Return how rare inventions are at most: label by label, and by accounts, which share their pages."""
    lines: list[str] = []
    for key in ("hallucination", "invented_value"):
        measure = results.measure(key)
        if measure is None or measure.value is None or measure.high is None:
            continue
        hits = round(measure.value * measure.n)
        alone, together = 100 * exact_upper(hits, measure.n), 100 * measure.high
        lines.append(
            f"{measure.label.lower()}: {hits:,} of {measure.n:,} {measure.of} in {measure.accounts} accounts; at most "
            f"{alone:.2f} % label by label, {together:.2f} % by accounts (95 %)"
        )
    return ["", *lines] if lines else []


def _attribute_table(rows: Sequence[AttributeRow]) -> list[str]:
    if not rows:
        return []
    lines = [
        f"{'attribute':<22}{'right':>6}{'wrong':>6}{'missed':>7}  {'precision':<30}{'recall':<30}{'F1':>7}"
    ]
    for row in rows:
        lines.append(
            f"{row.label[:21]:<22}{row.right:>6}{row.wrong:>6}{row.missed:>7}  "
            f"{_brief(row.precision):<30}{_brief(row.recall):<30}{percent(row.f1.value):>7}"
        )
    return lines


def _brief(measure: Measure) -> str:
    bounds = (
        f" [{100 * measure.low:.0f}, {100 * measure.high:.0f}]"
        if measure.low is not None and measure.high is not None
        else ""
    )
    return f"{percent(measure.value)}{bounds} n={measure.n}"


def _confusion(results: RunResults) -> list[str]:
    lines: list[str] = []
    for icp, rows in results.confusion.items():
        columns = sorted({got for row in rows.values() for got in row})
        width = max([len(name) for name in (*columns, *rows)] + [8]) + 2
        lines += ["", f"tiers under {icp} (rows expected, columns got)"]
        lines.append(" " * width + "".join(f"{name:>{width}}" for name in columns))
        lines += [
            f"{name:<{width}}" + "".join(f"{row.get(column, 0):>{width}}" for column in columns)
            for name, row in sorted(rows.items())
        ]
    return lines


def _usage_line(results: RunResults) -> str:
    usage = results.usage
    cost = "cost unknown" if usage.cost_usd is None else f"{usage.cost_usd:.4f} USD"
    latency = (
        f"p50 {usage.p50_seconds:.2f} s, p95 {usage.p95_seconds:.2f} s an account"
        if usage.p50_seconds is not None and usage.p95_seconds is not None
        else "no latency"
    )
    return (
        f"{usage.calls} model calls, {usage.input_tokens:,} tokens in, {usage.output_tokens:,} out, {cost}; "
        f"{latency}"
    )


def _trouble(results: RunResults) -> list[str]:
    lines = [f"the product failed on {case.domain}: {case.error}" for case in results.cases if case.error]
    unreliable = [case.domain for case in results.cases if case.unreliable]
    if unreliable:
        lines.append(f"unreliable (differ between their own repeats): {', '.join(unreliable)}")
    for case in results.cases:
        lines += [f"{case.domain}: citation {fault}" for fault in case.citation_faults[:3]]
        if case.injection is not None and case.injection.changed:
            changed = (*case.injection.tiers, *case.injection.criteria, *case.injection.other_evidence)
            lines.append(f"{case.domain}: a poisoned page changed {'; '.join(changed[:3])}")
    return lines


def gate_lines(gates: Sequence[GateResult]) -> list[str]:
    """Return one line a gate."""
    return ["gates", *(f"  {STATES[gate.state]}  {gate.name}: {gate.detail}" for gate in gates)]


def render_comparison(comparison: Comparison, a: str, b: str) -> str:
    """Return the verdict on B against A, measure by measure, and the flipped accounts by name."""
    lines = [f"A {a}", f"B {b}"]
    lines += [f"  {line}" for line in comparison.differences] or ["  nothing about the runs differs"]
    lines += [
        "",
        f"{'measure':<34}{'A':>9}{'B':>9}{'change':>9}{'accounts':>10}{'differ':>8}{'p (Holm)':>10}{'detectable':>12}  verdict",
    ]
    for row in comparison.measures:
        label = row.label if row.test == "paired permutation" else f"{row.label}, {row.test}"
        change = "–" if row.difference is None else f"{100 * row.difference:+.1f}"
        p = "–" if row.adjusted is None else f"{row.adjusted:.4f}"
        detectable = "–" if row.detectable is None else f"{100 * row.detectable:.1f} pt"
        lines.append(
            f"{label[:33]:<34}{percent(row.a):>9}{percent(row.b):>9}{change:>9}{row.accounts:>10}"
            f"{row.differing:>8}{p:>10}{detectable:>12}  {row.verdict}"
        )
    lines += ["", f"verdict: {comparison.verdict}"]
    if comparison.flipped:
        lines.append(
            f"{len(comparison.flipped)} account{'' if len(comparison.flipped) == 1 else 's'} differ{'s' if len(comparison.flipped) == 1 else ''}"
        )
        for case in comparison.flipped:
            lines.append(f"  {case.domain} ({case.direction})")
            lines += [f"    {detail}" for detail in case.details[:8]]
            if len(case.details) > 8:
                lines.append(f"    and {len(case.details) - 8} more")
    for name, left in (("A", comparison.only_a), ("B", comparison.only_b)):
        if left:
            lines.append(f"only in {name}, not compared: {', '.join(left)}")
    return "\n".join(lines)
