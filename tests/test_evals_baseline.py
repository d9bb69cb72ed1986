"""The blessed baseline in the repository: of today's accounts, whole, clean, and read by `make evals`."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.baseline import BaselineEntry, load_baseline
from evals.labels import load_cases
from evals.measures.catalogue import PRIMARY
from evals.running.config import ROOT, dataset_hash

KEY = "rules/all"


@pytest.fixture(scope="module")
def entry() -> BaselineEntry:
    entries = load_baseline().entries
    assert KEY in entries, "bless one: dossier-eval run --split all, then dossier-eval bless RUN"
    return entries[KEY]


def test_the_baseline_is_of_the_accounts_that_are_here(entry: BaselineEntry) -> None:
    cases = load_cases()
    assert entry.identity.dataset_sha256 == dataset_hash(cases), (
        "the labelled accounts changed: commit them, `make evals`, then "
        '`dossier-eval bless eval-runs/RUN --new-dataset "why"` and commit evals/baseline.json'
    )
    assert set(entry.cases) == {case.domain for case in cases}


def test_the_baseline_is_of_a_clean_honest_run_without_a_crash(entry: BaselineEntry) -> None:
    identity = entry.identity
    assert (identity.dirty, identity.fault, identity.rescored_with) == (False, "", "")
    assert entry.floors.keys() >= set(PRIMARY)
    assert entry.floors["citation_validity"] == 1.0
    assert sum(sums["crashed"][0] for sums in entry.cases.values()) == 0


def test_make_evals_holds_all_accounts_against_it() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "dossier-eval run --extractor rules --split all" in recipe
    assert "make evals" in Path(ROOT, ".ci", "run").read_text(encoding="utf-8")
