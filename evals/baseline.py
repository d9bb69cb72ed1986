"""The blessed baseline: the figures a run is held against, and the rules for writing it.

One file, `evals/baseline.json`, holds one entry an extractor and model. An entry records exactly what was
measured (prompt hashes, model, dataset hash, code version and hash, commit) and each account's counts, so
that a later run is compared account by account.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pydantic import Field, ValidationError

from agent.errors import DossierError, InputError
from agent.models import Frozen
from evals.measures.catalogue import BY_KEY, PRIMARY
from evals.measures.score import Sums
from evals.results import RunResults
from evals.running.config import HERE, RunIdentity

BASELINE = HERE / "baseline.json"


class Refused(DossierError):
    """A baseline that may not be written; exit 1."""


class BaselineEntry(Frozen):
    """One blessed run. `floors` are the primary figures; `why` explains a floor that was lowered."""

    identity: RunIdentity
    blessed_on: date
    floors: dict[str, float]
    cases: dict[str, Sums]
    why: tuple[str, ...] = ()


class Baseline(Frozen):
    """All blessed runs, by extractor and model."""

    schema_version: int = Field(default=1, alias="schema")
    entries: dict[str, BaselineEntry] = Field(default_factory=dict)


def entry_key(identity: RunIdentity) -> str:
    """Return what a run is compared under: its extractor, its model and its half of the accounts."""
    model = f":{identity.model}" if identity.model else ""
    return f"{identity.extractor}{model}/{identity.split}"


def load_baseline(path: Path = BASELINE) -> Baseline:
    """Return the baseline; an absent file is an empty one, a damaged one an `InputError`."""
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Baseline()
    except OSError as error:
        raise InputError(f"cannot read the baseline {path}: {error.strerror}") from error
    except ValidationError as error:
        raise InputError(f"{path} is no baseline: {str(error).splitlines()[0]}") from error


def bless(
    results: RunResults,
    baseline: Baseline,
    *,
    dataset_now: str,
    code_now: str,
    dirty: bool | None,
    today: date,
    allow_regression: str = "",
    new_dataset: str = "",
) -> Baseline:
    """Return the baseline with this run blessed, or raise `Refused` saying why not.

    Refused: an unclean or unknown tree, a run of other code or other accounts than are here now, a partial
    run, a run with a seeded fault or a red hard gate, another dataset than the entry's without a reason,
    and any floor that would sink without a reason.
    """
    identity = results.identity
    if dirty is None:
        raise Refused("this is no git repository, so nobody could find out what was blessed")
    if dirty:
        raise Refused("the tree has changes that are not committed; commit them and run again")
    if identity.dirty is not False:
        raise Refused("the run was made on a tree with uncommitted changes; run again on the clean tree")
    if identity.code_sha256 != code_now:
        raise Refused("the run was made by other code than is here now; run again")
    if identity.dataset_sha256 != dataset_now:
        raise Refused("the run was made on other accounts than are here now; run again")
    if identity.fault:
        raise Refused(f"the run has a seeded fault ({identity.fault}); such a run is never a baseline")
    if drafts := [prompt for prompt in identity.prompts if "/draft@" in prompt]:
        raise Refused(
            f"the run asked with a draft prompt ({drafts[0]}); publish it as a version and run again"
        )
    if identity.rescored_with:
        raise Refused("the run was scored again from kept evidence; only a run of its own can be a baseline")
    if results.left_out:
        raise Refused(f"{len(results.left_out)} accounts were left out for want of budget; run them first")
    red = [gate.name for gate in results.gates if gate.kind == "hard" and gate.state == "fail"]
    if red:
        raise Refused(f"a hard gate is red: {', '.join(red)}")
    floors = {
        key: round(measure.value, 6)
        for key in PRIMARY
        if (measure := results.measure(key)) is not None and measure.value is not None
    }
    old = baseline.entries.get(entry_key(identity))
    why: list[str] = []
    if old is not None:
        if old.identity.dataset_sha256 != identity.dataset_sha256:
            if not new_dataset.strip():
                raise Refused(
                    "the baseline is of another dataset, so its floors say nothing about this run; "
                    'bless with --new-dataset "why"'
                )
            why.append(f"new dataset: {new_dataset.strip()}")
        elif sunk := sunken_floors(old.floors, floors):
            if not allow_regression.strip():
                raise Refused(f'{"; ".join(sunk)}; bless with --allow-regression "why" if that is meant')
            why.append(f"{'; '.join(sunk)}: {allow_regression.strip()}")
    entry = BaselineEntry(
        identity=identity,
        blessed_on=today,
        floors=floors,
        cases={case.domain: _kept(case.sums) for case in results.cases},
        why=tuple(why),
    )
    return Baseline(entries={**baseline.entries, entry_key(identity): entry}, schema=1)


def sunken_floors(old: dict[str, float], new: dict[str, float]) -> list[str]:
    """Return a line for each floor that would get worse, or whose figure is gone."""
    lines = []
    for key, floor in sorted(old.items()):
        if key not in new:
            lines.append(f"{key} was {floor:g} and has no score now")
            continue
        worse = new[key] < floor if BY_KEY[key].better == "higher" else new[key] > floor
        if worse:
            lines.append(f"{key} was {floor:g} and is {new[key]:g}")
    return lines


def _kept(sums: Sums) -> Sums:
    return {key: pair for key, pair in sums.items() if ":" not in key}


def save_baseline(baseline: Baseline, path: Path = BASELINE) -> None:
    """Write the baseline, keys sorted and an account a line, so that a change reads well in a diff."""
    whole = baseline.model_dump(mode="json", by_alias=True)
    lines: dict[str, str] = {}
    for key, entry in whole["entries"].items():
        for domain, sums in entry["cases"].items():
            mark = f"line {len(lines)} of {key}"
            lines[json.dumps(mark)] = json.dumps(sums, sort_keys=True)
            entry["cases"][domain] = mark
    packed = json.dumps(whole, indent=1, sort_keys=True)
    for mark, line in lines.items():
        packed = packed.replace(mark, line, 1)
    path.write_text(packed + "\n", encoding="utf-8")
