"""A against B on the same accounts: what got worse, what got better, what nobody can tell.

Each primary measure is tested by swapping whole accounts, tiers by McNemar's exact test besides, and all
p values are corrected by Holm as one family. The verdict words are `regression`, `improvement`,
`no difference seen` and `too few cases`; "no difference seen" always comes with the difference that could
have been seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from agent.errors import InputError
from agent.models import Frozen
from evals.measures.catalogue import BY_KEY, PRIMARY
from evals.measures.score import CaseScore, Sums
from evals.results import RunResults
from evals.running.config import RunIdentity
from evals.stats.exact import holm, mcnemar_exact
from evals.stats.paired import PairedTest, paired_permutation

Verdict = Literal["regression", "improvement", "no difference seen", "too few cases"]
ALPHA = 0.05
LEAST_ACCOUNTS = 8
"""Fewer accounts with a say than this, and no verdict is given."""


class ComparedMeasure(Frozen):
    """One measure in both runs. `p` is uncorrected, `adjusted` corrected by Holm over the family."""

    key: str
    label: str
    a: float | None
    b: float | None
    difference: float | None
    accounts: int
    differing: int
    p: float | None
    adjusted: float | None
    detectable: float | None
    verdict: Verdict
    test: str


class FlippedCase(Frozen):
    """An account whose verdict or facts differ between the runs; `details` is empty in the test half."""

    domain: str
    direction: Literal["worse", "better", "mixed"]
    details: tuple[str, ...]


class Comparison(Frozen):
    """The outcome of comparing two runs."""

    differences: tuple[str, ...]
    measures: tuple[ComparedMeasure, ...]
    flipped: tuple[FlippedCase, ...]
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()
    prompts: tuple[tuple[str, str], ...] = ()
    """Id and text of A's prompt and of B's, where they differ."""

    @property
    def verdict(self) -> Verdict:
        """Return the verdict on the whole: any regression is one."""
        words = [measure.verdict for measure in self.measures]
        for word in ("regression", "improvement", "no difference seen"):
            if word in words:
                return word
        return "too few cases"


def compare_runs(a: RunResults, b: RunResults, *, alpha: float = ALPHA) -> Comparison:
    """Compare two runs over the same labelled accounts; another dataset is an `InputError`."""
    if a.identity.dataset_sha256 != b.identity.dataset_sha256 and not _same_cases(a, b):
        raise InputError(
            "the two runs are over different datasets "
            f"({a.identity.dataset_sha256[:12]}, {b.identity.dataset_sha256[:12]}); run both on the same accounts"
        )
    first = {case.domain: case for case in a.cases}
    second = {case.domain: case for case in b.cases}
    common = sorted(first.keys() & second.keys())
    if not common:
        raise InputError("the two runs have no account in common")
    return Comparison(
        differences=identity_differences(a.identity, b.identity),
        measures=compare_sums(
            {domain: first[domain].sums for domain in common},
            {domain: second[domain].sums for domain in common},
            PRIMARY,
            alpha=alpha,
        ),
        flipped=tuple(
            flipped for domain in common if (flipped := _flipped(first[domain], second[domain])) is not None
        ),
        only_a=tuple(sorted(first.keys() - second.keys())),
        only_b=tuple(sorted(second.keys() - first.keys())),
        prompts=(*a.prompt_texts.items(), *b.prompt_texts.items())
        if a.prompt_texts.keys() != b.prompt_texts.keys()
        else (),
    )


def _same_cases(a: RunResults, b: RunResults) -> bool:
    """Tell whether only the choice of accounts differs: hashes are over the accounts that were run."""
    return {case.domain for case in a.cases} != {case.domain for case in b.cases} and bool(
        {case.domain for case in a.cases} & {case.domain for case in b.cases}
    )


def identity_differences(a: RunIdentity, b: RunIdentity) -> tuple[str, ...]:
    """Return what was different about the two runs, one line each."""
    left, right = a.model_dump(mode="json"), b.model_dump(mode="json")
    return tuple(
        f"{key}: {_short(left[key])} against {_short(right[key])}" for key in left if left[key] != right[key]
    )


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text[:12] if len(text) in (40, 64) and " " not in text else text


def compare_sums(
    a: Mapping[str, Sums], b: Mapping[str, Sums], keys: Sequence[str], *, alpha: float = ALPHA
) -> tuple[ComparedMeasure, ...]:
    """Test each measure over the same accounts, with tiers tested by McNemar besides."""
    domains = sorted(a)
    tests: list[tuple[str, str, PairedTest | None]] = [
        (
            key,
            "paired permutation",
            paired_permutation(
                [a[domain].get(key, (0.0, 0.0)) for domain in domains],
                [b[domain].get(key, (0.0, 0.0)) for domain in domains],
            ),
        )
        for key in keys
    ]
    if "tier_accuracy" in keys:
        tests.append(("tier_accuracy", "McNemar exact", _mcnemar(a, b)))
    # A measure that cannot be judged takes no share of the error that the others may make.
    judged = [test for _, _, test in tests if test is not None and test.accounts >= LEAST_ACCOUNTS]
    adjusted = dict(zip(map(id, judged), holm([test.p for test in judged]), strict=True))
    rows = []
    for key, name, test in tests:
        entry = BY_KEY[key]
        rows.append(
            ComparedMeasure(
                key=key,
                label=entry.label,
                a=test.a if test else None,
                b=test.b if test else None,
                difference=test.difference if test else None,
                accounts=test.accounts if test else 0,
                differing=test.differing if test else 0,
                p=test.p if test else None,
                adjusted=adjusted.get(id(test)) if test else None,
                detectable=test.detectable if test else None,
                verdict=_word(
                    test, adjusted.get(id(test)) if test else None, better_is=entry.better, alpha=alpha
                ),
                test=name,
            )
        )
    return tuple(rows)


def _word(test: PairedTest | None, adjusted: float | None, *, better_is: str, alpha: float) -> Verdict:
    if test is None or adjusted is None:
        return "too few cases"
    if adjusted < alpha:
        up = test.difference > 0
        return "improvement" if up == (better_is == "higher") else "regression"
    if test.differing and test.least_p >= alpha:
        return "too few cases"  # so few accounts differ that no outcome could have been significant
    return "no difference seen"


def _mcnemar(a: Mapping[str, Sums], b: Mapping[str, Sums]) -> PairedTest | None:
    """Compare accounts whose tiers are all right before and after: the account is the unit here too."""
    states = [
        (_all_right(a[domain]["tier_accuracy"]), _all_right(b[domain]["tier_accuracy"]))
        for domain in sorted(a)
        if "tier_accuracy" in a[domain] and "tier_accuracy" in b[domain]
    ]
    if not states:
        return None
    worse = sum(before and not after for before, after in states)
    better = sum(after and not before for before, after in states)
    right_a, right_b = (sum(state[place] for state in states) / len(states) for place in (0, 1))
    flipped = worse + better
    return PairedTest(
        a=right_a,
        b=right_b,
        difference=right_b - right_a,
        p=mcnemar_exact(worse, better),
        accounts=len(states),
        differing=flipped,
        least_p=2.0 ** (1 - flipped) if flipped else 1.0,
        detectable=None,
    )


def _all_right(pair: tuple[float, float]) -> bool:
    return pair[0] == pair[1]


def _flipped(a: CaseScore, b: CaseScore) -> FlippedCase | None:
    """Return what differs in one account, or `None`."""
    details: list[str] = []
    directions: set[str] = set()
    for key in ("tier_accuracy", "criterion_accuracy", "recall", "precision"):
        before, after = a.sums.get(key), b.sums.get(key)
        if before is None or after is None or before == after:
            continue
        gap = (after[0] / after[1]) - (before[0] / before[1])
        if gap:
            directions.add("better" if gap > 0 else "worse")
    if a.split != "test":
        details += _verdict_details(a, b)
        details += _fact_details(a, b)
    if not directions and not details:
        return None
    direction: Literal["worse", "better", "mixed"] = (
        "mixed" if len(directions) != 1 else "worse" if "worse" in directions else "better"
    )
    return FlippedCase(domain=a.domain, direction=direction, details=tuple(details))


def _verdict_details(a: CaseScore, b: CaseScore) -> list[str]:
    before = {(each.icp, each.repeat): each for each in a.verdicts}
    lines = []
    for each in b.verdicts:
        old = before.get((each.icp, each.repeat))
        if old is None:
            continue
        if old.got != each.got:
            mark = (
                "now wrong" if old.got == each.expected else "now right" if each.got == each.expected else ""
            )
            lines.append(
                f"{each.icp}: {old.got} became {each.got}" + (f" ({mark})" if mark else " (wrong both times)")
            )
        rows = {row.id: row for row in old.criteria}
        lines += [
            f"{each.icp}/{row.id}: {rows[row.id].got} became {row.got}, expected {row.expected}"
            for row in each.criteria
            if row.id in rows and rows[row.id].got != row.got
        ]
    return lines


def _fact_details(a: CaseScore, b: CaseScore) -> list[str]:
    def faults(score: CaseScore) -> set[str]:
        return {
            f"{each.attribute}: {'missed ' + str(list(each.expected)[:1]) if each.kind == 'missed' else 'wrong ' + str(each.value)}"
            for each in score.judgements
            if each.kind != "right"
        }

    before, after = faults(a), faults(b)
    return [f"new: {line}" for line in sorted(after - before)] + [
        f"gone: {line}" for line in sorted(before - after)
    ]
