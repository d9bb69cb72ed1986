"""Mutation self-test: break the product on purpose, one promise at a time, and see every gate notice.

A suite that stays green whatever is broken measures nothing. The clean run on the same accounts is the
baseline; then each seeded fault is run and its gates judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from agent.models import Frozen
from evals.baseline import Baseline, BaselineEntry, entry_key
from evals.faults import FAULTS
from evals.gates import Gates
from evals.measuring import measure
from evals.results import RunResults
from evals.running.config import RunConfig


class FaultOutcome(Frozen):
    """What one fault did: the gates it turned red, none when nobody noticed."""

    fault: str
    what: str
    red: tuple[str, ...]

    @property
    def noticed(self) -> bool:
        """Tell whether any gate that was green on the clean run is red."""
        return bool(self.red)


class SelfTest(Frozen):
    """The clean run's red gates (which prove nothing about a fault) and every fault's outcome."""

    accounts: int
    red_when_clean: tuple[str, ...]
    faults: tuple[FaultOutcome, ...]

    @property
    def passed(self) -> bool:
        """Tell whether every fault was noticed."""
        return all(fault.noticed for fault in self.faults)


def run_selftest(
    config: RunConfig,
    gates: Gates,
    out: Path,
    *,
    names: Sequence[str] = (),
    workers: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> SelfTest:
    """Run the clean product, then each fault of `names` (default: all), under `out`."""
    progress("clean")
    clean = measure(config, out / "clean", gates, Baseline(), workers=workers)
    baseline = _baseline(clean)
    before = {gate.name for gate in clean.gates if gate.state == "fail"}
    outcomes = []
    for name in names or tuple(FAULTS):
        progress(name)
        # A leak needs one account after another in one process.
        count = 1 if name == "leak-accounts" else workers
        faulty = config.model_copy(update={"fault": name})
        results = measure(faulty, out / name, gates, baseline, workers=count)
        red = tuple(gate.name for gate in results.gates if gate.state == "fail" and gate.name not in before)
        outcomes.append(FaultOutcome(fault=name, what=FAULTS[name][0], red=red))
    return SelfTest(accounts=len(clean.cases), red_when_clean=tuple(sorted(before)), faults=tuple(outcomes))


def _baseline(clean: RunResults) -> Baseline:
    """Return the clean run as the baseline of this test; it is not written anywhere."""
    entry = BaselineEntry(
        identity=clean.identity,
        blessed_on=clean.finished_at.date(),
        floors={},
        cases={case.domain: case.sums for case in clean.cases},
    )
    return Baseline(entries={entry_key(clean.identity): entry}, schema=1)
