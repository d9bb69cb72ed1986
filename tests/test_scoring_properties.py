"""What any score has: bounds, monotony, independence of order and scale, and honest emptiness."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import pytest
from drawn_profiles import AS_OF, FAST, evidence, findings_of, profile
from hypothesis import given
from hypothesis import strategies as st

from agent.icp.model import (
    ICP,
    Band,
    Case,
    Composition,
    Condition,
    Criterion,
    ExclusionRule,
    Graded,
    NumberTest,
    PresenceTest,
    QuestionTest,
    SetTest,
    SignalTest,
    Where,
    question_attribute,
)
from agent.models import AccountVerdict, Evidence, Fact, Findings
from agent.scoring import best_match, compile_icp, score_account, stand
from agent.scoring.units import UNIT, decay

USES = (Where(field="relation", values=("uses",)),)
SALES = (Where(field="department", values=("sales",)),)


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


@pytest.mark.parametrize("half_life", [Decimal(1), Decimal("22.5"), Decimal(45), Decimal(365)])
def test_decay_in_floats_is_the_exact_decimal_one_to_the_billionth(half_life: Decimal) -> None:
    exact = Context(prec=40)
    for age in range(1, 400):
        share = exact.power(Decimal("0.5"), exact.divide(Decimal(age), half_life)) * UNIT
        assert decay(age, half_life) == int(share.to_integral_value(ROUND_HALF_EVEN))
