"""Laws the scorer keeps for any profile and any findings."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.icp.model import (
    DEFAULT_DIMENSIONS,
    ICP,
    Band,
    Case,
    Composition,
    Condition,
    Criterion,
    DimensionShare,
    ExclusionRule,
    Graded,
    NumberTest,
    PresenceTest,
    QuestionTest,
    SetTest,
    SignalTest,
    Tier,
    Where,
    question_attribute,
)
from agent.models import AccountVerdict, Evidence, Fact, Findings, SourceCoverage
from agent.scoring import best_match, compile_icp, score_account, stand
from agent.scoring.open_questions import some_sum_between
from agent.scoring.outcome import Outcome, Rulings
from agent.scoring.rules import join, negate
from agent.scoring.units import UNIT, decay

AS_OF = date(2026, 6, 30)
USES = (Where(field="relation", values=("uses",)),)
SALES = (Where(field="department", values=("sales",)),)
FAST = settings(
    max_examples=35, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


# ---- building blocks -------------------------------------------------------------------------------


def evidence(name: str, attribute: str, value: Any, on: date | None, polarity: str = "asserts") -> Evidence:
    quote = f"quote {name}"
    return Evidence(
        id=name,
        attribute=attribute,
        value=value,
        quote=quote,
        document=f"doc-{name}",
        start=0,
        end=len(quote),
        url="https://acme.example/page",
        source_kind="website",
        source_tier="first-party-text",
        published_at=on,
        polarity=polarity,
        extractor="rule:test@1",
    )


def findings_of(facts: list[tuple[Fact, list[Evidence]]], states: dict[str, str] | None = None) -> Findings:
    read = states or {}
    return Findings(
        facts=tuple(fact for fact, _ in facts),
        evidence=tuple(item for _, items in facts for item in items),
        coverage=tuple(SourceCoverage(source=name, state=state, documents=3) for name, state in read.items()),
    )


def size(count: int) -> dict[str, Any]:
    return {"exact": count, "low": count, "high": count}


def opening(department: str, title: str | None = "Rep", count: int = 1) -> dict[str, Any]:
    return {"department": department, "seniority": None, "title": title, "count": count}


VALUES: dict[str, list[Any]] = {
    "employee_count": [size(20), size(150), size(500), {"exact": None, "low": 51, "high": 400}],
    "industry": [{"code": "logistics", "label": "L"}, {"code": "software", "label": "S"}],
    "headquarters": [
        {"city": "Ulm", "region": None, "country": "DE"},
        {"city": None, "region": None, "country": "US"},
    ],
    "technology": [
        {"product": name, "category": "CRM", "relation": relation}
        for name in ("Salesforce", "HubSpot")
        for relation in ("uses", "migrating_from")
    ],
    "certification": ["ISO 27001", "SOC 2 Type II"],
    "hiring": [opening("sales"), opening("engineering")],
    "funding_round": [{"stage": "series_a", "amount": None, "currency": None}],
    "api_offered": [True],
    question_attribute("Is it so?"): [{"answer": "yes"}, {"answer": "no"}],
}
POSITIVE: list[Condition] = [
    NumberTest(
        attribute="employee_count",
        ideal=Band(low=Decimal(200), high=Decimal(1000)),
        acceptable=Band(low=Decimal(100), high=Decimal(2000)),
    ),
    NumberTest(attribute="employee_count", ideal=Band(low=Decimal(100))),
    SetTest(attribute="industry", mode="any_of", values=("logistics", "retail")),
    SetTest(attribute="headquarters", mode="any_of", values=("DACH",)),
    SetTest(attribute="technology", mode="any_of", values=("Salesforce", "HubSpot"), where=USES),
    SetTest(attribute="technology", mode="all_of", values=("Salesforce", "HubSpot"), where=USES),
    SetTest(attribute="certification", mode="any_of", values=("SOC 2",)),
    SignalTest(attribute="hiring", where=SALES, min_count=3, within_days=90, half_life_days=Decimal(45)),
    SignalTest(attribute="hiring", min_count=2),
    SignalTest(attribute="funding_round", within_days=365),
    PresenceTest(attribute="api_offered"),
    QuestionTest(question="Is it so?"),
]
NEGATIVE: list[Condition] = [
    SetTest(attribute="industry", mode="none_of", values=("software",)),
    Composition(test="not", parts=(PresenceTest(attribute="api_offered"),)),
    QuestionTest(question="Is it so?", answer="no"),
]
ABSENCES: list[Condition] = [
    SetTest(
        attribute="technology",
        mode="none_of",
        values=("Salesforce",),
        where=USES,
        read_sources=("website", "jobs"),
    ),
    PresenceTest(attribute="funding_round", present=False, read_sources=("news",)),
]
GRADED: list[Condition] = [
    Graded(
        cases=(
            Case(grade=5, when=NumberTest(attribute="employee_count", ideal=Band(low=Decimal(300)))),
            Case(grade=3, when=NumberTest(attribute="employee_count", ideal=Band(low=Decimal(100)))),
            Case(grade=2, when=None),
        )
    )
]
ATTRIBUTES = list(VALUES)
DIMENSION_OF = {"hiring": "intent", "funding_round": "intent", "technology": "technographic"}


def composed(leaves: list[Condition]) -> st.SearchStrategy[Condition]:
    leaf = st.sampled_from(leaves)
    pairs = st.lists(leaf, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        leaf,
        leaf,
        pairs.map(lambda parts: Composition(test="all", parts=parts)),
        pairs.map(lambda parts: Composition(test="any", parts=parts)),
    )


@st.composite
def profiles(
    draw: Any, leaves: list[Condition], exclusions: list[Condition] | None = None, required: bool = True
) -> ICP:
    criteria = tuple(
        Criterion(
            id=f"c{at}",
            dimension=draw(
                st.sampled_from(["firmographic", "behavioral", "technographic", "needs", "intent"])
            ),
            weight=Decimal(draw(st.integers(1, 7))),
            required=required and draw(st.integers(0, 5)) == 0,
            condition=condition,
        )
        for at, condition in enumerate(draw(st.lists(composed(leaves), min_size=1, max_size=7)))
    )
    rules = []
    for at, condition in enumerate(
        draw(st.lists(st.sampled_from(exclusions), max_size=3)) if exclusions else []
    ):
        penalty = draw(st.booleans())
        rules.append(
            ExclusionRule(
                id=f"x{at}",
                effect="penalty" if penalty else "disqualify",
                points=Decimal(draw(st.integers(1, 30))) if penalty else Decimal(0),
                condition=condition,
            )
        )
    return profile(criteria, tuple(rules))


def profile(criteria: tuple[Criterion, ...], rules: tuple[ExclusionRule, ...] = (), **more: Any) -> ICP:
    shares = tuple(DimensionShare(dimension=name, share=share) for name, share in DEFAULT_DIMENSIONS)
    return ICP(name="p", dimensions=shares, criteria=criteria, exclude=rules, **more)


DATES = st.one_of(st.none(), st.integers(0, 500).map(lambda days: AS_OF - timedelta(days=days)))


@st.composite
def fact_of(
    draw: Any, attribute: str, at: int, statuses: tuple[str, ...] = ("supported",)
) -> tuple[Fact, list[Evidence]]:
    value = draw(st.sampled_from(VALUES[attribute]))
    status = draw(st.sampled_from(statuses))
    told = [
        evidence(
            f"{attribute}-{at}-{n}",
            attribute,
            value,
            draw(DATES),
            "denies" if status == "denied" else "asserts",
        )
        for n in range(draw(st.integers(1, 3)))
    ]
    against = []
    if status == "contradicted":
        other = draw(st.sampled_from(VALUES[attribute]))
        against = [evidence(f"{attribute}-{at}-against", attribute, other, draw(DATES))]
    fact = Fact(
        attribute=attribute,
        value=value,
        status=status,
        evidence=tuple(item.id for item in told),
        against=tuple(item.id for item in against),
    )
    return fact, [*told, *against]


@st.composite
def accounts(
    draw: Any, statuses: tuple[str, ...] = ("supported", "supported", "contradicted", "denied")
) -> list[tuple[Fact, list[Evidence]]]:
    known = draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=8, unique=True))
    return [draw(fact_of(attribute, at, statuses)) for at, attribute in enumerate(known)]


STATES = st.fixed_dictionaries(
    {
        name: st.sampled_from(["read", "read_nothing_found", "unreadable", "not_looked"])
        for name in ("website", "jobs", "news", "technographics", "registries")
    }
)


def total_open_penalties(icp: ICP, verdict: AccountVerdict) -> float:
    points = {rule.id: float(rule.points) for rule in icp.exclude}
    return sum(points[entry.id] for entry in verdict.not_ruled_out)


# ---- the interval contains every outcome --------------------------------------------------------------


@FAST
@given(st.data())
def test_any_resolution_of_the_unknowns_lands_inside_the_interval(data: Any) -> None:
    icp = data.draw(profiles([*POSITIVE, *NEGATIVE, *GRADED], exclusions=[*POSITIVE[1:4], *NEGATIVE]))
    facts, states = data.draw(accounts()), data.draw(STATES)
    before = score_account(icp, findings_of(facts, states), AS_OF)
    known = {fact.attribute for fact, _ in facts}
    for at, attribute in enumerate(attribute for attribute in ATTRIBUTES if attribute not in known):
        if data.draw(st.booleans()):
            facts = [*facts, data.draw(fact_of(attribute, 100 + at, ("supported", "denied")))]
    after = score_account(icp, findings_of(facts, states), AS_OF)
    lowest = max(0, before.score - total_open_penalties(icp, before))
    assert lowest - 0.011 <= after.score <= after.possible + 0.011
    assert after.possible <= before.possible + 0.011
    for old, new in zip(before.criteria, after.criteria, strict=True):
        assert old.points <= new.points
        assert new.possible_points <= old.possible_points
    if before.tier_certain and before.tier not in ("not_a_fit", "disqualified"):
        assert after.tier == before.tier


@FAST
@given(profiles([*POSITIVE, *NEGATIVE, *ABSENCES, *GRADED], exclusions=POSITIVE[1:4]), accounts(), STATES)
def test_score_possible_and_coverage_stay_in_range_and_add_up(icp: ICP, facts: Any, states: Any) -> None:
    verdict = score_account(icp, findings_of(facts, states), AS_OF)
    assert 0 <= verdict.score <= verdict.possible <= 100
    head = stand(compile_icp(icp), findings_of(facts, states), AS_OF)
    assert head == (verdict.score, verdict.possible, verdict.coverage, verdict.tier)
    assert 0 <= verdict.coverage <= 1
    assert sum(one.max_points for one in verdict.criteria) == pytest.approx(100, abs=0.1)
    assert sum(one.points for one in verdict.dimensions) == pytest.approx(
        sum(one.points for one in verdict.criteria), abs=0.1
    )
    for one in verdict.criteria:
        assert (one.points == one.possible_points) or one.status in ("unknown", "partly_met", "conflicting")
        assert one.reason.endswith((".", "?"))


# ---- evidence only helps ------------------------------------------------------------------------------


@FAST
@given(st.data())
def test_supporting_evidence_never_lowers_and_removing_it_never_raises_the_proven_score(data: Any) -> None:
    icp = data.draw(profiles(POSITIVE, required=False))
    fewer, states = data.draw(accounts(("supported",))), data.draw(STATES)
    more: list[tuple[Fact, list[Evidence]]] = []
    for at, (fact, told) in enumerate(fewer):
        extra = [
            evidence(f"extra-{at}-{n}", fact.attribute, fact.value, data.draw(DATES))
            for n in range(data.draw(st.integers(0, 2)))
        ]
        grown = fact.model_copy(update={"evidence": (*fact.evidence, *(item.id for item in extra))})
        more.append((grown, [*told, *extra]))
    known = {fact.attribute for fact, _ in fewer}
    fresh = [attribute for attribute in ATTRIBUTES if attribute not in known]
    if fresh and data.draw(st.booleans()):
        more.append(data.draw(fact_of(data.draw(st.sampled_from(fresh)), 50)))
    less_known = score_account(icp, findings_of(fewer, states), AS_OF)
    more_known = score_account(icp, findings_of(more, states), AS_OF)
    assert more_known.score >= less_known.score
    for old, new in zip(less_known.criteria, more_known.criteria, strict=True):
        assert new.points >= old.points


# ---- order and scale do not matter --------------------------------------------------------------------


@FAST
@given(profiles([*POSITIVE, *NEGATIVE, *GRADED], exclusions=POSITIVE[1:4]), accounts(), STATES, st.integers())
def test_order_of_facts_evidence_and_sources_never_changes_a_byte(
    icp: ICP, facts: Any, states: Any, seed: int
) -> None:
    straight = findings_of(facts, states)
    shuffle = random.Random(seed)
    parts = [list(part) for part in (straight.facts, straight.evidence, straight.coverage)]
    for part in parts:
        shuffle.shuffle(part)
    crooked = Findings(facts=tuple(parts[0]), evidence=tuple(parts[1]), coverage=tuple(parts[2]))
    first, second = score_account(icp, straight, AS_OF), score_account(icp, crooked, AS_OF)
    assert first.model_dump_json() == second.model_dump_json()


@FAST
@given(profiles([*POSITIVE, *GRADED], exclusions=POSITIVE[1:4]), accounts(), STATES, st.integers())
def test_order_of_criteria_never_changes_score_or_tier(icp: ICP, facts: Any, states: Any, seed: int) -> None:
    findings = findings_of(facts, states)
    criteria = list(icp.criteria)
    random.Random(seed).shuffle(criteria)
    other = icp.model_copy(update={"criteria": tuple(criteria), "exclude": tuple(reversed(icp.exclude))})
    first, second = score_account(icp, findings, AS_OF), score_account(other, findings, AS_OF)
    assert (
        first.score,
        first.possible,
        first.coverage,
        first.tier,
        first.tier_certain,
        first.dimensions,
    ) == (
        second.score,
        second.possible,
        second.coverage,
        second.tier,
        second.tier_certain,
        second.dimensions,
    )
    assert sorted(first.criteria, key=lambda one: one.id) == sorted(second.criteria, key=lambda one: one.id)


@FAST
@given(profiles([*POSITIVE, *GRADED]), accounts(), st.sampled_from(["0.001", "0.1", "3", "10", "142"]))
def test_rescaling_all_weights_changes_nothing(icp: ICP, facts: Any, factor: str) -> None:
    scaled = tuple(one.model_copy(update={"weight": one.weight * Decimal(factor)}) for one in icp.criteria)
    other = icp.model_copy(update={"criteria": scaled})
    first, second = (score_account(one, findings_of(facts), AS_OF) for one in (icp, other))
    assert first.model_dump(exclude={"icp"}) == second.model_dump(exclude={"icp"})


@FAST
@given(
    profiles([*POSITIVE, *NEGATIVE, *ABSENCES, *GRADED], exclusions=[*POSITIVE, *ABSENCES]),
    st.lists(st.tuples(accounts(), STATES), min_size=2, max_size=4),
)
def test_what_a_profile_keeps_from_one_account_never_shows_in_another(icp: ICP, drawn: Any) -> None:
    warm = compile_icp(icp)
    for facts, states in [*drawn, *reversed(drawn)]:
        findings = findings_of(facts, states)
        kept, fresh = score_account(warm, findings, AS_OF), score_account(compile_icp(icp), findings, AS_OF)
        assert kept.model_dump_json() == fresh.model_dump_json()


@FAST
@given(st.permutations([20, 150, 500, 5000]))
def test_order_of_accounts_never_matters(counts: list[int]) -> None:
    icp = compile_icp(
        profile((Criterion(id="a", dimension="firmographic", weight=Decimal(1), condition=POSITIVE[0]),))
    )
    scores = {}
    for count in counts:
        value = size(count)
        item = evidence("e", "employee_count", value, None)
        fact = Fact(attribute="employee_count", value=value, status="supported", evidence=("e",))
        scores[count] = score_account(icp, findings_of([(fact, [item])]), AS_OF).score
    assert scores == {20: 0.0, 150: 50.0, 500: 100.0, 5000: 0.0}


# ---- what beats what ----------------------------------------------------------------------------------


@FAST
@given(profiles(POSITIVE, exclusions=POSITIVE), accounts(("supported",)), STATES)
def test_a_proven_disqualifier_beats_everything(icp: ICP, facts: Any, states: Any) -> None:
    proven = ExclusionRule(id="out", effect="disqualify", condition=PresenceTest(attribute="founded_year"))
    item = evidence("f", "founded_year", 1999, None)
    fact = Fact(attribute="founded_year", value=1999, status="supported", evidence=("f",))
    other = icp.model_copy(update={"exclude": (*icp.exclude, proven)})
    verdict = score_account(other, findings_of([*facts, (fact, [item])], states), AS_OF)
    assert verdict.tier == "disqualified"
    assert verdict.tier_certain
    assert verdict.flip is None
    assert not any(entry.could_change_tier for entry in verdict.next_facts)


@FAST
@given(profiles([*POSITIVE, *NEGATIVE, *GRADED]), STATES)
def test_the_empty_account_is_unknown_and_never_fifty(icp: ICP, states: Any) -> None:
    verdict = score_account(icp, findings_of([], states), AS_OF)
    assert verdict.score == 0
    assert verdict.possible == 100
    assert verdict.coverage == 0
    assert verdict.tier == "insufficient_evidence"
    assert all(one.status == "unknown" for one in verdict.criteria)
    assert {entry.criterion for entry in verdict.next_facts} == {one.id for one in icp.criteria}


@FAST
@given(profiles(POSITIVE), st.sampled_from(["read", "read_nothing_found", "unreadable", "not_looked"]))
def test_nothing_found_is_never_not_met(icp: ICP, state: str) -> None:
    states = dict.fromkeys(("website", "jobs", "news", "technographics", "registries"), state)
    verdict = score_account(icp, findings_of([], states), AS_OF)
    assert all(one.status == "unknown" and one.possible_points == one.max_points for one in verdict.criteria)


# ---- three-valued logic -------------------------------------------------------------------------------

SHARES = st.integers(0, 4).map(lambda quarter: quarter * UNIT // 4)
OUTCOMES = st.tuples(SHARES, SHARES).map(lambda ends: share(min(ends), max(ends)))
RULINGS = Rulings(lambda view, told: "r.")


def share(low: int, high: int) -> Outcome:
    return RULINGS.of(low, high), None, ()


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


# ---- next facts and the smallest flip agree with brute force --------------------------------------------


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


# ---- small exact things -------------------------------------------------------------------------------


@FAST
@given(st.integers(0, 3000), st.integers(1, 400))
def test_decay_halves_every_half_life_and_never_grows_with_age(age: int, half_life: int) -> None:
    life = Decimal(half_life)
    assert decay(0, life) == UNIT
    assert abs(decay(age + half_life, life) * 2 - decay(age, life)) <= 1
    assert decay(age + 1, life) <= decay(age, life)


def test_best_match_prefers_a_tier_then_the_score_and_names_none_when_all_reject() -> None:
    def verdict(name: str, tier: str, score: float) -> AccountVerdict:
        icp = profile((Criterion(id="a", dimension="intent", weight=Decimal(1), condition=POSITIVE[0]),))
        base = score_account(icp, findings_of([]), AS_OF)
        return base.model_copy(
            update={"tier": tier, "score": score, "icp": base.icp.model_copy(update={"name": name})}
        )

    good, better = verdict("good", "Tier 2", 61.0), verdict("better", "Tier 2", 75.0)
    thin, out = verdict("thin", "insufficient_evidence", 90.0), verdict("out", "disqualified", 99.0)
    assert best_match([thin, good, out, better]) == better
    assert best_match([out, thin]) == thin
    assert best_match([out, verdict("no", "not_a_fit", 10.0)]) is None
    assert best_match([]) is None
