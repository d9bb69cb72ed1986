"""Three-valued logic and open questions: the laws they keep, and agreement with brute force."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from drawn_profiles import AS_OF, FAST, RULINGS, evidence, findings_of, profile, share
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.icp.model import (
    ICP,
    Criterion,
    ExclusionRule,
    QuestionTest,
    Tier,
    question_attribute,
)
from agent.models import Fact, Findings
from agent.scoring import compile_icp, score_account
from agent.scoring.open_questions import some_sum_between
from agent.scoring.outcome import Outcome
from agent.scoring.rules import join, negate
from agent.scoring.units import UNIT

SHARES = st.integers(0, 4).map(lambda quarter: quarter * UNIT // 4)
OUTCOMES = st.tuples(SHARES, SHARES).map(lambda ends: share(min(ends), max(ends)))


def ends(outcome: Outcome) -> tuple[int, int]:
    return outcome[0].low, outcome[0].high


def turned(outcome: Outcome) -> Outcome:
    return negate(outcome, RULINGS)


@FAST
@given(OUTCOMES, OUTCOMES, OUTCOMES, st.booleans())
def test_three_valued_logic_keeps_the_laws(a: Outcome, b: Outcome, c: Outcome, every: bool) -> None:
    def both(*parts: Outcome) -> Outcome:
        return join(list(parts), RULINGS, every=every)

    def either(*parts: Outcome) -> Outcome:
        return join(list(parts), RULINGS, every=not every)

    assert ends(both(a, b)) == ends(both(b, a))
    assert ends(both(a, both(b, c))) == ends(both(both(a, b), c)) == ends(both(a, b, c))
    assert ends(both(a, a)) == ends(a) == ends(turned(turned(a)))
    assert ends(turned(both(a, b))) == ends(either(turned(a), turned(b)))
    assert ends(both(a, either(b, c))) == ends(either(both(a, b), both(a, c)))
    assert ends(both(a, either(a, b))) == ends(a)


@FAST
@given(OUTCOMES, OUTCOMES, st.booleans(), st.data())
def test_learning_more_only_narrows_a_composition(a: Outcome, b: Outcome, every: bool, data: Any) -> None:
    least, most = ends(a)
    low = data.draw(st.integers(least, most))
    narrowed = share(low, data.draw(st.integers(low, most)))
    wide, narrow = join([a, b], RULINGS, every=every), join([narrowed, b], RULINGS, every=every)
    assert ends(wide)[0] <= ends(narrow)[0] <= ends(narrow)[1] <= ends(wide)[1]
    assert ends(turned(narrowed))[0] >= ends(turned(a))[0]


def answered(answers: dict[int, str]) -> Findings:
    facts = []
    for number, said in answers.items():
        attribute = question_attribute(f"Question {number}?")
        item = evidence(f"q{number}", attribute, {"answer": said}, None)
        facts.append(
            (
                Fact(attribute=attribute, value={"answer": said}, status="supported", evidence=(item.id,)),
                [item],
            )
        )
    return findings_of(facts)


@st.composite
def small_profiles(draw: Any) -> tuple[ICP, dict[int, str]]:
    count = draw(st.integers(1, 4))
    dimensions = ["firmographic", "intent", "behavioral"]
    criteria = tuple(
        Criterion(
            id=f"c{n}",
            dimension=draw(st.sampled_from(dimensions)),
            weight=Decimal(draw(st.integers(1, 9))),
            required=draw(st.integers(0, 4)) == 0,
            condition=QuestionTest(question=f"Question {n}?"),
        )
        for n in range(count)
    )
    effects = draw(st.lists(st.sampled_from(["disqualify", "penalty"]), max_size=2))
    rules = tuple(
        ExclusionRule(
            id=f"x{n}",
            effect=effect,
            points=Decimal(draw(st.integers(1, 40))) if effect == "penalty" else Decimal(0),
            condition=QuestionTest(question=f"Question {10 + n}?"),
        )
        for n, effect in enumerate(effects)
    )
    tiers = tuple(
        Tier(name=f"T{least}", min=Decimal(least))
        for least in sorted(draw(st.sets(st.integers(5, 95), min_size=1, max_size=3)), reverse=True)
    )
    asked = [*range(count), *range(10, 10 + len(effects))]
    known = {n: draw(st.sampled_from(["yes", "no"])) for n in asked if draw(st.integers(0, 2)) == 0}
    icp = profile(
        criteria, rules, tiers=tiers, min_coverage=draw(st.sampled_from([Decimal("0.3"), Decimal("0.7")]))
    )
    return icp, known


def all_answers(questions: list[int]) -> list[dict[int, str]]:
    return [
        dict(zip(questions, said, strict=True))
        for said in itertools.product(("yes", "no"), repeat=len(questions))
    ]


@settings(max_examples=40, deadline=None)
@given(small_profiles())
def test_next_facts_flip_and_certainty_agree_with_brute_force(drawn: tuple[ICP, dict[int, str]]) -> None:
    icp, known = drawn
    compiled = compile_icp(icp)

    def tier(answers: dict[int, str]) -> str:
        return score_account(compiled, answered(answers), AS_OF).tier

    verdict = score_account(compiled, answered(known), AS_OF)
    open_criteria = [n for n in range(len(icp.criteria)) if n not in known]
    open_rules = [10 + n for n in range(len(icp.exclude)) if 10 + n not in known]
    # Could this answer decide the tier, exclusions standing as they are?
    silent = {**known, **dict.fromkeys(open_rules, "no")}
    for entry in verdict.next_facts:
        one = int(entry.criterion[1:])
        others = [n for n in open_criteria if n != one]
        decides = any(
            tier({**silent, **rest, one: "yes"}) != tier({**silent, **rest, one: "no"})
            for rest in all_answers(others)
        )
        assert entry.could_change_tier == decides
    assert [entry.criterion for entry in verdict.next_facts if entry.could_change_tier] == [
        entry.criterion for entry in verdict.next_facts
    ][: sum(entry.could_change_tier for entry in verdict.next_facts)]
    # The fewest answers that move the account to another tier, or prove a required criterion unmet.
    named = {one.name for one in icp.tiers}
    required = {n for n, one in enumerate(icp.criteria) if one.required}
    fewest = None
    for count in range(1, len(open_criteria) + 1):
        for chosen in itertools.combinations(open_criteria, count):
            for answers in all_answers(list(chosen)):
                reached = tier({**known, **answers})
                fails = any(answers[n] == "no" for n in chosen if n in required)
                if reached != verdict.tier and (reached in named or (fails and reached == "not_a_fit")):
                    fewest = fewest or count
    assert (len(verdict.flip.criteria) if verdict.flip else None) == fewest
    if verdict.flip:
        direction = "no" if verdict.flip.to_tier == "not_a_fit" else "yes"
        moved = {int(name[1:]): direction for name in verdict.flip.criteria}
        assert tier({**known, **moved}) == verdict.flip.to_tier
    # Certain means: no answer to anything makes it another tier (a rejected account may be rejected twice).
    outcomes = {tier({**known, **answers}) for answers in all_answers([*open_criteria, *open_rules])}
    rejected = {"not_a_fit", "disqualified"}
    certain = outcomes == {verdict.tier} or (verdict.tier in rejected and outcomes <= rejected)
    assert verdict.tier_certain == (certain and verdict.tier != "insufficient_evidence")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(st.integers(1, 400), st.sampled_from([60, 90, 120])), max_size=9),
    st.integers(-50, 900),
    st.integers(1, 120),
)
def test_whether_open_gains_can_stop_just_below_a_tier_agrees_with_every_sum(
    sizes: list[int], low: int, width: int
) -> None:
    sums = {sum(some) for count in range(len(sizes) + 1) for some in itertools.combinations(sizes, count)}
    expected = any(low <= total < low + width for total in sums)
    assert some_sum_between(sorted(sizes, reverse=True), low, low + width) == expected


def test_thirty_two_different_open_gains_are_still_decided_exactly() -> None:
    even = [2**30 + 2**at for at in range(1, 33)]  # every sum differs, and every sum is even
    assert not some_sum_between(even, 16 * 2**30 + 2**17 + 1, 16 * 2**30 + 2**17 + 2)
    assert some_sum_between(even, 16 * 2**30 + 2**17 - 2, 16 * 2**30 + 2**17)
