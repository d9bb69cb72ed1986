"""Gates: what turns a run red. Read from YAML; each answers pass, fail or unknown, with the figure."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from agent.errors import InputError
from agent.models import Frozen
from evals.baseline import Baseline, entry_key
from evals.comparing import compare_sums
from evals.labels import YAML_LOADER
from evals.measures.catalogue import BY_KEY
from evals.results import GateResult, Measure, RunResults
from evals.running.config import HERE

BASELINE_FLOOR = "is no worse than the baseline"
"""How the name of a gate ends that allows not one more error than the baseline."""
GATES = HERE / "gates.yaml"


class MeasureGate(Frozen):
    """A bound on a measure. `required` turns a measure without a score red."""

    name: str
    measure: str
    min: float | None = None
    max: float | None = None
    required: bool = False

    @model_validator(mode="after")
    def _names_a_measure(self) -> MeasureGate:
        if self.measure not in BY_KEY:
            raise ValueError(f"no measure named {self.measure!r}; known: {', '.join(BY_KEY)}")
        if (self.min is None) == (self.max is None):
            raise ValueError("give min or max, one of them")
        return self


class DropGate(Frozen):
    """Measures that may not drop significantly against the baseline."""

    alpha: float = Field(default=0.05, gt=0, lt=1)
    measures: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_measures(self) -> DropGate:
        for name in self.measures:
            if name not in BY_KEY:
                raise ValueError(f"no measure named {name!r}; known: {', '.join(BY_KEY)}")
        return self


class BudgetGate(Frozen):
    """A bound on what the run used."""

    name: str
    usage: Literal["calls", "input_tokens", "output_tokens", "cost_usd", "p50_seconds", "p95_seconds"]
    max: float


class Gates(Frozen):
    """One gates file."""

    schema_version: Literal[1] = Field(alias="schema")
    hard: tuple[MeasureGate, ...] = ()
    floors: tuple[MeasureGate, ...] = ()
    drops: DropGate = DropGate()
    strict: tuple[str, ...] = ()
    budget: tuple[BudgetGate, ...] = ()

    @model_validator(mode="after")
    def _strict_names_measures(self) -> Gates:
        for name in self.strict:
            if name not in BY_KEY:
                raise ValueError(f"strict: no measure named {name!r}; known: {', '.join(BY_KEY)}")
        return self


def load_gates(path: Path = GATES) -> Gates:
    """Return the gates in a YAML file; what is wrong with it is an `InputError` of one line."""
    try:
        return Gates.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER))  # noqa: S506
    except OSError as error:
        raise InputError(f"no gates at {str(path)!r}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} is not YAML: {' '.join(str(error).split())[:200]}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from error


def judge_gates(results: RunResults, gates: Gates, baseline: Baseline) -> tuple[GateResult, ...]:
    """Return every gate's answer."""
    answers = [_bound(gate, "hard", results) for gate in gates.hard]
    answers += [_bound(gate, "floor", results) for gate in gates.floors]
    answers += _drops(results, gates.drops, baseline)
    answers += _strict(results, gates.strict, baseline)
    for gate in gates.budget:
        used = getattr(results.usage, gate.usage)
        if used is None:
            answers.append(
                GateResult(
                    name=gate.name, kind="budget", state="unknown", detail=f"{gate.usage} is not known"
                )
            )
            continue
        state: Literal["pass", "fail"] = "pass" if used <= gate.max else "fail"
        answers.append(
            GateResult(
                name=gate.name,
                kind="budget",
                state=state,
                detail=f"{gate.usage} {used:g}, at most {gate.max:g}",
            )
        )
    return tuple(answers)


def is_red(answers: tuple[GateResult, ...]) -> bool:
    """Tell whether any gate failed."""
    return any(answer.state == "fail" for answer in answers)


def headline(answers: tuple[GateResult, ...]) -> str:
    """Return the gates' answer in one line."""
    red = [answer.name for answer in answers if answer.state == "fail"]
    idle = sum(answer.state == "unknown" for answer in answers)
    rest = f"; {idle} had nothing to look at" if idle else ""
    if not answers:
        return "no gates"
    if red:
        return f"{len(red)} of {len(answers)} gates red: {', '.join(red)}{rest}"
    return f"all {len(answers) - idle} gates hold{rest}"


def _bound(gate: MeasureGate, kind: Literal["hard", "floor"], results: RunResults) -> GateResult:
    found = results.measure(gate.measure)
    if found is None or found.value is None:
        return GateResult(
            name=gate.name,
            kind=kind,
            state="fail" if gate.required else "unknown",
            detail=f"{gate.measure}: no score, nothing was counted",
        )
    holds = found.value >= gate.min if gate.min is not None else found.value <= (gate.max or 0.0)
    wanted = f"at least {gate.min:g}" if gate.min is not None else f"at most {gate.max:g}"
    return GateResult(
        name=gate.name,
        kind=kind,
        state="pass" if holds else "fail",
        detail=f"{gate.measure} {_figure(found)}, {wanted}",
    )


def _figure(found: Measure) -> str:
    interval = (
        f" [{found.low:.3f}, {found.high:.3f}]" if found.low is not None and found.high is not None else ""
    )
    return f"{found.value:.4g}{interval} (n={found.n}, {found.accounts} accounts)"


def _strict(results: RunResults, names: tuple[str, ...], baseline: Baseline) -> list[GateResult]:
    """Hold error rates against the baseline's, without a test: one more error is one too many."""
    entry = baseline.entries.get(entry_key(results.identity))
    if entry is None or entry.identity.dataset_sha256 != results.identity.dataset_sha256:
        return []  # the drop gate says that there is no baseline to hold this run against
    if results.identity.extractor != "rules" and results.identity.mode != "replay":
        return []
    answers = []
    for name in names:
        pairs = [
            entry.cases[case.domain].get(name, (0.0, 0.0))
            for case in results.cases
            if case.domain in entry.cases
        ]
        count, total = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        found = results.measure(name)
        if found is None or found.value is None or not total:
            continue
        floor = count / total
        worse = found.value > floor if BY_KEY[name].better == "lower" else found.value < floor
        answers.append(
            GateResult(
                name=f"{name} {BASELINE_FLOOR}",
                kind="floor",
                state="fail" if worse else "pass",
                detail=f"{floor:.4g} then, {_figure(found)} now",
            )
        )
    return answers


def _drops(results: RunResults, gate: DropGate, baseline: Baseline) -> list[GateResult]:
    if not gate.measures:
        return []
    key = entry_key(results.identity)
    entry = baseline.entries.get(key)
    reason = ""
    if entry is None:
        reason = f"no baseline for {key}; `dossier-eval bless` writes one"
    elif entry.identity.dataset_sha256 != results.identity.dataset_sha256:
        reason = "the baseline is of another dataset"
    if entry is None or reason:
        return [GateResult(name="no drop against the baseline", kind="drop", state="unknown", detail=reason)]
    mine = {case.domain: case.sums for case in results.cases if case.domain in entry.cases}
    theirs = {domain: entry.cases[domain] for domain in mine}
    answers = []
    for row in compare_sums(theirs, mine, gate.measures, alpha=gate.alpha):
        shown = (
            f"{row.a:.3f} became {row.b:.3f}, p={row.adjusted:.3f} (Holm, {row.accounts} accounts, {row.test})"
            if row.a is not None and row.b is not None and row.adjusted is not None
            else "nothing to compare"
        )
        answers.append(
            GateResult(
                name=f"no drop of {row.key}",
                kind="drop",
                state={"regression": "fail", "too few cases": "unknown"}.get(row.verdict, "pass"),
                detail=f"{row.verdict}: {shown}",
            )
        )
    return answers
