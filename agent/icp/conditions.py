"""Read one condition of a profile: which test it is, and whether that test fits the attribute."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from agent.attributes import is_question, known_attribute, nearest_attribute
from agent.icp.catalogue import AttributeUse, testable_attributes, use_of
from agent.icp.cursor import Cursor, fold
from agent.icp.keys import CASE, CONDITION, NUMBER_KEYS, SET_KEYS, SIGNAL_KEYS
from agent.icp.model import (
    Band,
    Case,
    Composition,
    Condition,
    Graded,
    NumberTest,
    PresenceTest,
    QuestionTest,
    SetTest,
    SignalTest,
    Where,
)
from agent.icp.terms import read_term
from agent.models import SOURCES, SourceName

_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_TESTS = "a numeric band (ideal, above, below ...), any_of, all_of, none_of, present, a signal (min_count, within_days), cases"
_MOST_DAYS = 36_500


class Rules(NamedTuple):
    """What a place in the profile allows. An exclusion and a case are yes or no: no partial credit there."""

    partial: bool
    attribute: Cursor | None = None


Keys = dict[str, Cursor]


def read_condition(cursor: Cursor, keys: Keys, rules: Rules) -> Condition:
    """Return the condition that `keys` of the mapping at `cursor` describe."""
    given = {name: key for name, key in keys.items() if name in CONDITION}
    attribute = given.get("attribute") or rules.attribute
    if "question" in given:
        return _question(given)
    if "not" in given or any(_holds_conditions(given.get(key)) for key in ("all_of", "any_of")):
        return _composition(given, rules)
    if attribute is None and "cases" not in given:
        cursor.fail("says nothing to look for; allowed: attribute, question, all_of, any_of, not, cases")
    if "cases" in given:
        return _graded(given, attribute, rules)
    assert attribute is not None  # noqa: S101 - told above
    return _attribute_test(cursor, given, attribute, rules)


def _holds_conditions(key: Cursor | None) -> bool:
    """Tell a list of conditions from a list of values: `all_of` and `any_of` take either."""
    return (
        key is not None and isinstance(key.value, list) and any(isinstance(item, dict) for item in key.value)
    )


def _only(keys: Keys, allowed: tuple[str, ...], test: str) -> None:
    for name, key in keys.items():
        if name not in allowed:
            key.fail(f"does not go with {test}; allowed beside it: {', '.join(allowed)}")


def _question(keys: Keys) -> QuestionTest:
    _only(keys, ("question", "answer"), "a question")
    answer = keys.get("answer")
    said = None if answer is None else ("yes" if answer.flag() else "no")
    return QuestionTest(question=keys["question"].text(at_most=300), answer="no" if said == "no" else "yes")


def _composition(keys: Keys, rules: Rules) -> Composition:
    operators = [name for name in ("all_of", "any_of", "not") if name in keys]
    first = keys[operators[0]]
    if len(operators) > 1:
        keys[operators[1]].fail(f"stands beside {operators[0]}; nest one inside the other")
    _only(keys, (operators[0],), f"'{operators[0]}' of conditions")
    nested = Rules(rules.partial)
    if operators[0] == "not":
        return Composition(test="not", parts=(read_condition(first, first.mapping(CONDITION), nested),))
    parts = tuple(read_condition(item, item.mapping(CONDITION), nested) for item in first.items(at_most=50))
    return Composition(test="all" if operators[0] == "all_of" else "any", parts=parts)


def _graded(keys: Keys, attribute: Cursor | None, rules: Rules) -> Graded:
    if not rules.partial:
        keys["cases"].fail("grades are not allowed here: the answer must be yes or no")
    _only(keys, ("cases", "attribute"), "cases")
    cases: list[Case] = []
    for item in keys["cases"].items(at_most=20):
        if cases and cases[-1].when is None:
            item.fail("stands after `otherwise`, which must come last")
        inside = item.mapping(CASE)
        if "grade" not in inside:
            item.fail("has no grade; allowed: grade: 1 to 5")
        grade = inside.pop("grade").whole(least=1, most=5)
        otherwise = inside.pop("otherwise", None)
        if otherwise is not None and otherwise.flag():
            if inside:
                item.fail("has a condition and `otherwise`; keep one")
            cases.append(Case(grade=grade, when=None))
        else:
            cases.append(Case(grade=grade, when=read_condition(item, inside, Rules(False, attribute))))
    return Graded(cases=tuple(cases))


def _attribute_test(cursor: Cursor, keys: Keys, attribute: Cursor, rules: Rules) -> Condition:
    name = read_attribute(attribute)
    use = use_of(name)
    where = _where(keys, name, use)
    sets = [key for key in SET_KEYS if key in keys]
    numbers = [key for key in NUMBER_KEYS if key in keys]
    signals = [key for key in SIGNAL_KEYS if key in keys]
    if len(sets) > 1:
        keys[sets[1]].fail(f"stands beside {sets[0]}; one of {', '.join(SET_KEYS)} per condition")
    if numbers and use.shape != "number":
        keys[numbers[0]].fail(f"{name!r} is not a number; allowed for it: {_allowed(use)}")
    if sets and use.shape in ("number", "event", "flag"):
        hint = "; narrow an event with where: {field: value}" if use.shape == "event" else ""
        keys[sets[0]].fail(f"{name!r} has no set of values{hint}; allowed for it: {_allowed(use)}")
    if signals and use.shape != "event":
        keys[signals[0]].fail(f"{name!r} is not a dated signal; allowed for it: {_allowed(use)}")
    if "read_sources" in keys and "none_of" not in keys and "present" not in keys:
        keys["read_sources"].fail("belongs to none_of or present: false, which prove an absence")
    if numbers:
        return _number(cursor, keys, name, where, rules)
    if sets:
        return _set(keys, name, use, sets[0], where)
    if "present" in keys:
        return _presence(keys, name, where)
    if use.shape == "event":
        return _signal(keys, name, where, rules)
    if where or use.shape == "flag":
        return PresenceTest(attribute=name, where=where)
    cursor.fail(f"names {name!r} but no test; allowed: {_TESTS}")


def read_attribute(cursor: Cursor) -> str:
    """Return a known attribute's name, or fail with the nearest and all that are allowed."""
    name = cursor.text(at_most=100)
    if name in testable_attributes() and not is_question(name):
        return name
    near = nearest_attribute(name)
    hint = f"; nearest: {near}" if near and known_attribute(near) else ""
    cursor.fail(f"unknown attribute {name!r}{hint}; allowed: {', '.join(testable_attributes())}")


def _allowed(use: AttributeUse) -> str:
    if use.shape == "number":
        return ", ".join(NUMBER_KEYS)
    if use.shape == "event":
        return ", ".join(("where", *SIGNAL_KEYS, "present"))
    if use.shape == "flag":
        return "present"
    return ", ".join((*SET_KEYS, "where", "present"))


def _where(keys: Keys, name: str, use: AttributeUse) -> tuple[Where, ...]:
    narrowed: list[Where] = []
    if "where" in keys:
        if not use.fields:
            keys["where"].fail(f"{name!r} has no fields to narrow; leave `where` out")
        for field, key in keys["where"].mapping(use.fields).items():
            narrowed.append(_narrow(field, key, use.fields[field]))
    if "relation" in keys:
        if name != "technology":
            keys["relation"].fail(f"belongs to attribute technology, not to {name!r}")
        if any(part.field == "relation" for part in narrowed):
            keys["relation"].fail("stands beside where: {relation: ...}; keep one")
        narrowed.append(_narrow("relation", keys["relation"], use.fields["relation"]))
    elif name == "technology" and not any(part.field == "relation" for part in narrowed):
        narrowed.append(Where(field="relation", values=("uses",)))
    return tuple(sorted(narrowed, key=lambda part: part.field))


def _narrow(field: str, key: Cursor, closed: tuple[str, ...] | None) -> Where:
    if closed is None:
        return Where(field=field, values=tuple(fold(text) for text in key.texts()))
    items = key.items() if isinstance(key.value, list) else iter((key,))
    return Where(field=field, values=tuple(dict.fromkeys(item.choice(closed) for item in items)))


def _number(cursor: Cursor, keys: Keys, name: str, where: tuple[Where, ...], rules: Rules) -> NumberTest:
    _only(keys, ("attribute", "where", *NUMBER_KEYS), "a numeric band")
    ends = [key for key in ("above", "below", "at_least", "at_most") if key in keys]
    currency = keys["currency"].text(at_most=60).upper() if "currency" in keys else None
    if currency is not None and not _CURRENCY.match(currency):
        keys["currency"].refuse("a currency; allowed: an ISO 4217 code such as USD or EUR")
    if ends and ("ideal" in keys or "acceptable" in keys):
        keys[ends[0]].fail("stands beside ideal or acceptable; use one or the other")
    if ends:
        return NumberTest(attribute=name, where=where, ideal=_ends(cursor, keys), currency=currency)
    if "ideal" not in keys:
        cursor.fail("has no ideal band; allowed: ideal: [low, high], or above, below, at_least, at_most")
    ideal = _band(keys["ideal"])
    if "acceptable" not in keys:
        return NumberTest(attribute=name, where=where, ideal=ideal, currency=currency)
    if not rules.partial:
        keys["acceptable"].fail(
            "gives partial credit, and the answer here must be yes or no; use ideal alone"
        )
    acceptable = _band(keys["acceptable"])
    for end, name_of_end in ((0, "below"), (1, "above")):
        if (ideal.low, ideal.high)[end] is not None and (acceptable.low, acceptable.high)[end] is None:
            keys["acceptable"].fail(
                f"is open {name_of_end} the ideal band, so credit could not fall; give a number, or open ideal too"
            )
    if not _contains(acceptable, ideal):
        keys["acceptable"].fail("must contain the ideal band; widen it or narrow ideal")
    return NumberTest(attribute=name, where=where, ideal=ideal, acceptable=acceptable, currency=currency)


def _ends(cursor: Cursor, keys: Keys) -> Band:
    if "above" in keys and "at_least" in keys:
        keys["at_least"].fail("stands beside above; keep one lower end")
    if "below" in keys and "at_most" in keys:
        keys["at_most"].fail("stands beside below; keep one upper end")
    low = keys.get("above") or keys.get("at_least")
    high = keys.get("below") or keys.get("at_most")
    band = Band(
        low=low.number() if low else None,
        high=high.number() if high else None,
        low_open="above" in keys,
        high_open="below" in keys,
    )
    if band.low is not None and band.high is not None and band.low >= band.high:
        cursor.fail(f"no number is above {band.low} and below {band.high}; swap the ends")
    return band


def _band(key: Cursor) -> Band:
    if not isinstance(key.value, list) or len(key.value) != 2:
        key.refuse("a band; allowed: [low, high], where null leaves an end open")
    low, high = (None if key.value[i] is None else key.child(i).number() for i in (0, 1))
    if low is None and high is None:
        key.fail("is open at both ends; give at least one number")
    if low is not None and high is not None and low > high:
        key.fail(f"runs backwards: {low} is more than {high}; allowed: [low, high]")
    return Band(low=low, high=high)


def _contains(outer: Band, inner: Band) -> bool:
    lower = outer.low is None or (inner.low is not None and outer.low <= inner.low)
    upper = outer.high is None or (inner.high is not None and inner.high <= outer.high)
    return lower and upper


def _set(keys: Keys, name: str, use: AttributeUse, mode: str, where: tuple[Where, ...]) -> SetTest:
    _only(keys, ("attribute", "relation", "where", mode, "read_sources"), mode)
    cursor = keys[mode]
    items = cursor.items(at_most=300) if isinstance(cursor.value, list) else iter((cursor,))
    values = tuple(dict.fromkeys(read_term(name, item) for item in items))
    read = _sources(keys)
    if mode == "none_of" and use.shape == "many" and not read:
        cursor.fail(
            f"{name!r} can have values nobody wrote down, so their absence needs "
            f"read_sources; allowed: read_sources: [{', '.join(use.sources)}]"
        )
    if mode == "all_of" and use.shape == "one" and len(values) > 1:
        cursor.fail(f"{name!r} has one value, so it can never be all of {len(values)}; use any_of")
    chosen: Literal["any_of", "all_of", "none_of"] = (
        "any_of" if mode == "any_of" else "all_of" if mode == "all_of" else "none_of"
    )
    return SetTest(attribute=name, mode=chosen, values=values, where=where, read_sources=read)


def _presence(keys: Keys, name: str, where: tuple[Where, ...]) -> PresenceTest:
    _only(keys, ("attribute", "relation", "where", "present", "read_sources"), "present")
    present = keys["present"].flag()
    read = _sources(keys)
    if present and read:
        keys["read_sources"].fail("belongs to present: false, which proves an absence")
    if not present and not read:
        keys["present"].fail(
            f"an absence is proven only by reading; add read_sources: [{', '.join(use_of(name).sources)}]"
        )
    return PresenceTest(attribute=name, present=present, where=where, read_sources=read)


def _sources(keys: Keys) -> tuple[SourceName, ...]:
    if "read_sources" not in keys:
        return ()
    key = keys["read_sources"]
    items = key.items() if isinstance(key.value, list) else iter((key,))
    named = {item.choice(SOURCES) for item in items}
    return tuple(source for source in SOURCES if source in named)


def _signal(keys: Keys, name: str, where: tuple[Where, ...], rules: Rules) -> SignalTest:
    _only(keys, ("attribute", "where", *SIGNAL_KEYS), "a signal")
    half_life: Decimal | None = None
    if "half_life_days" in keys:
        if not rules.partial:
            keys["half_life_days"].fail(
                "gives partial credit, and the answer here must be yes or no; use within_days"
            )
        half_life = keys["half_life_days"].number(above=0, most=_MOST_DAYS)
    return SignalTest(
        attribute=name,
        where=where,
        min_count=keys["min_count"].whole(least=1, most=1_000) if "min_count" in keys else 1,
        within_days=keys["within_days"].whole(least=1, most=_MOST_DAYS) if "within_days" in keys else None,
        half_life_days=half_life,
    )
