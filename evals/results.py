"""The results of a run: what was measured, every figure with its n and interval, every case.

`results.json` is this, with a versioned schema. The test half appears in counts only: no value, no quote
and no judgement of it is written, so that nobody tunes to it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from agent.attributes import attribute_names, entry
from agent.errors import InputError
from agent.models import Frozen
from evals.measures.catalogue import MEASURES, Better, Group
from evals.measures.score import CaseScore
from evals.running.config import RunIdentity
from evals.stats.bootstrap import cluster_interval
from evals.stats.paired import detectable_alone

SCHEMA_VERSION = "1.1"
RESULTS = "results.json"
_MAX_BYTES = 512 * 1024 * 1024


class Measure(Frozen):
    """One figure. `value` is `None` when there was nothing to count: no score is not a score of zero.

    `n` items in `accounts` accounts; `low` to `high` is the 95 % interval, `None` with too few accounts;
    `detectable` is the difference that two runs like this one could tell apart with power 0.8.
    """

    key: str
    label: str
    group: Group
    better: Better
    of: str
    value: float | None
    n: int
    accounts: int
    low: float | None = None
    high: float | None = None
    method: Literal["bootstrap", "rule_of_three"] | None = None
    detectable: float | None = None


class AttributeRow(Frozen):
    """One attribute or kind of attribute: counts and the three figures."""

    name: str
    label: str
    right: int
    wrong: int
    missed: int
    precision: Measure
    recall: Measure
    f1: Measure


class Usage(Frozen):
    """What the run cost. Latencies are seconds an account; `cost_usd` is `None` when a price is not known."""

    accounts: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    p50_seconds: float | None
    p95_seconds: float | None


class GateResult(Frozen):
    """One gate's answer. `unknown` is a gate that had nothing to look at; `required` ones then fail."""

    name: str
    kind: Literal["hard", "floor", "drop", "budget"]
    state: Literal["pass", "fail", "unknown"]
    detail: str


class RunResults(Frozen):
    """Everything a run came to."""

    schema_version: Literal["1.1"] = "1.1"
    identity: RunIdentity
    finished_at: datetime
    seconds: float
    measures: tuple[Measure, ...]
    attributes: tuple[AttributeRow, ...] = ()
    kinds: tuple[AttributeRow, ...] = ()
    confusion: dict[str, dict[str, dict[str, int]]] = {}  # noqa: RUF012 - frozen model
    misses: dict[str, int] = {}  # noqa: RUF012
    faults: dict[str, int] = {}  # noqa: RUF012
    traps: dict[str, tuple[int, int]] = {}  # noqa: RUF012
    usage: Usage
    cases: tuple[CaseScore, ...] = ()
    left_out: tuple[str, ...] = ()
    gates: tuple[GateResult, ...] = ()
    prompt_texts: dict[str, str] = {}  # noqa: RUF012
    """The texts of the prompts by id, so that two runs' prompts can be told apart when drafts are long gone."""

    def measure(self, key: str) -> Measure | None:
        """Return a measure by its key."""
        return next((each for each in self.measures if each.key == key), None)


def assemble(
    identity: RunIdentity,
    scores: Sequence[CaseScore],
    *,
    finished_at: datetime,
    seconds: float,
    left_out: Sequence[str] = (),
) -> RunResults:
    """Add the cases up into results; gates are judged by `evals.gates`."""
    ordered = sorted(scores, key=lambda score: score.domain)
    rows = [name for name in attribute_names() if any(f"f1:{name}" in score.sums for score in ordered)]
    kinds = sorted({entry(name).dimension for name in rows})
    return RunResults(
        identity=identity,
        finished_at=finished_at,
        seconds=round(seconds, 2),
        measures=tuple(_measure(m.key, m.label, m.group, m.better, m.of, m.key, ordered) for m in MEASURES),
        attributes=tuple(_row(name, entry(name).label, ordered) for name in rows),
        kinds=tuple(_row(name, name, ordered) for name in kinds),
        confusion=_confusion(ordered),
        misses=_count(score_judgement.reason for score in ordered for score_judgement in score.judgements),
        faults=_count(judged.fault for score in ordered for judged in score.judgements),
        traps=_traps(ordered),
        usage=_usage(ordered),
        cases=tuple(_public(score) for score in ordered),
        left_out=tuple(sorted(left_out)),
    )


def _measure(
    key: str,
    label: str,
    group: Group,
    better: Better,
    of: str,
    sums_key: str,
    scores: Sequence[CaseScore],
) -> Measure:
    pairs = [score.sums[sums_key] for score in scores if sums_key in score.sums]
    top, bottom = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    total = sum(bottom)
    interval = cluster_interval(top, bottom) if total else None
    return Measure(
        key=key,
        label=label,
        group=group,
        better=better,
        of=of,
        value=sum(top) / total if total else None,
        n=int(total),
        accounts=len(pairs),
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        method=interval.method if interval else None,
        detectable=detectable_alone(interval.error) if interval else None,
    )


def _row(name: str, label: str, scores: Sequence[CaseScore]) -> AttributeRow:
    def figure(kind: str, of: str) -> Measure:
        key = f"{kind}:{name}"
        return _measure(key, f"{kind} of {label}", "extraction", "higher", of, key, scores)

    precision, recall = figure("precision", "judged facts"), figure("recall", "labelled facts")
    right = sum(int(score.sums.get(f"precision:{name}", (0, 0))[0]) for score in scores)
    return AttributeRow(
        name=name,
        label=label,
        right=right,
        wrong=precision.n - right,
        missed=recall.n - right,
        precision=precision,
        recall=recall,
        f1=figure("f1", "labelled and judged facts"),
    )


def _confusion(scores: Sequence[CaseScore]) -> dict[str, dict[str, dict[str, int]]]:
    table: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for score in scores:
        for each in score.verdicts:
            table[each.icp][each.expected][each.got] += 1
    return {icp: {row: dict(got) for row, got in rows.items()} for icp, rows in sorted(table.items())}


def _count(names: object) -> dict[str, int]:
    return dict(Counter(str(name) for name in names if name).most_common())  # type: ignore[attr-defined]


def _traps(scores: Sequence[CaseScore]) -> dict[str, tuple[int, int]]:
    """Return, for each trap tag, on how many of its accounts a trap was taken, and how many there are."""
    taken: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for score in scores:
        for tag in (tag for tag in score.tags if tag.startswith("trap:")):
            total[tag[5:]] += 1
            taken[tag[5:]] += any(judged.kind == "wrong" for judged in score.judgements)
    return {name: (taken[name], total[name]) for name in sorted(total)}


def _usage(scores: Sequence[CaseScore]) -> Usage:
    seconds = sorted(each for score in scores for each in score.seconds)
    costs = [score.cost_usd for score in scores]
    known = [cost for cost in costs if cost is not None]
    return Usage(
        accounts=len(scores),
        calls=sum(score.calls for score in scores),
        input_tokens=sum(score.input_tokens for score in scores),
        output_tokens=sum(score.output_tokens for score in scores),
        cost_usd=round(sum(known), 6) if len(known) == len(costs) else None,
        p50_seconds=_quantile(seconds, 0.5),
        p95_seconds=_quantile(seconds, 0.95),
    )


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """Return the nearest-rank quantile; of nothing there is none."""
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))], 3)


def _public(score: CaseScore) -> CaseScore:
    """Return a case as it may be written: of the test half, counts only."""
    if score.split != "test":
        return score
    return score.model_copy(
        update={
            "judgements": (),
            "verdicts": (),
            "scorer": (),
            "injection": None,
            "citation_faults": (),
            "tags": (),
            "spans": (),
        }
    )


def results_schema() -> dict[str, object]:
    """Return the JSON Schema of `results.json`; the version is part of it."""
    return RunResults.model_json_schema(mode="serialization")


def save_results(folder: Path, results: RunResults) -> Path:
    """Write `results.json`."""
    path = folder / RESULTS
    path.write_text(results.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return path


def load_results(path: Path) -> RunResults:
    """Return the results in a file or run folder; anything else is an `InputError`."""
    file = path / RESULTS if path.is_dir() else path
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise InputError(f"{str(file)!r} is over {_MAX_BYTES:,} bytes; no results are that large")
        raw = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"no results at {str(file)!r} ({error.strerror}); `dossier-eval run` writes some"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{str(file)!r} is not JSON: {error}") from error
    version = raw.get("schema_version") if isinstance(raw, Mapping) else None
    if version != SCHEMA_VERSION:
        raise InputError(
            f"{str(file)!r} has results schema {version!r}; this dossier-eval reads {SCHEMA_VERSION!r}"
        )
    try:
        return RunResults.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{str(file)!r}: {where}: {first['msg']}") from error
