"""Score sets and presence: any of, all of, none of, known at all, looked for in vain."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import JsonValue

from agent.icp.catalogue import use_of
from agent.icp.model import PresenceTest, QuestionTest, SetTest, question_attribute
from agent.icp.terms import compile_doubt, compile_match, term_tokens, value_tokens
from agent.scoring.outcome import (
    Evaluate,
    Outcome,
    Ruling,
    Rulings,
    compile_silence,
    conflict,
    met,
    not_met,
    reason,
    unknown,
)
from agent.scoring.units import UNIT
from agent.scoring.view import FactRow, View, narrowings, passes
from agent.scoring.wording import both_sides, cite, terms_words, value_words, words_of


def compile_set(test: SetTest) -> Evaluate:
    """Return the evaluator of `any_of`, `all_of` or `none_of`."""
    if test.mode == "all_of":
        return _compile_all(test)
    any_of = _compile_any(test)
    return any_of if test.mode == "any_of" else _compile_none(test, any_of)


def _compile_any(test: SetTest) -> Evaluate:
    attribute, where = test.attribute, narrowings(test.where)
    wanted = frozenset(token for term in test.values for token in term_tokens(attribute, term))
    separately = tuple(term_tokens(attribute, term) for term in test.values)
    single = use_of(attribute).shape == "one"
    words = terms_words(attribute, test.values)
    subject = use_of(attribute).subject
    silent = compile_silence(attribute, f"{subject[0].upper()}{subject[1:]} {words}")
    told = words_of(attribute)
    hit = Ruling(UNIT, UNIT, f", sought: {words}.", words=told)
    miss = Ruling(0, 0, f" is not {words}.", words=told)
    unsure = Ruling(0, UNIT, f"; whether that is {words} is open.", words=told)
    match, may_match = compile_match(attribute, wanted), compile_doubt(attribute, test.values)

    def dispute(view: View, fact: FactRow) -> str:
        return both_sides(view, fact, f"; sought: {words}.")

    def evaluate(view: View) -> Outcome:
        facts = view.facts.get(attribute)
        if facts is None:
            return silent(view)
        if len(facts) == 1 and facts[0]["status"] == "supported":
            fact = facts[0]
            value = fact["value"]
            if not match(value):
                if single and may_match is None:
                    return miss, fact, fact["evidence"]
            elif not where or passes(value, where):
                return hit, fact, fact["evidence"]
        disputed: FactRow | None = None
        other: FactRow | None = None
        doubtful: FactRow | None = None
        denied: list[FactRow] = []
        for fact in facts:
            matches, status = match(fact["value"]), fact["status"]
            if where and (matches or status == "contradicted") and not passes(fact["value"], where):
                continue
            if matches and status == "supported":
                return hit, fact, fact["evidence"]
            if status == "denied":
                if matches:
                    denied.append(fact)
            elif matches or (status == "contradicted" and _rival_matches(view, fact, match)):
                disputed = disputed or fact
            elif may_match is not None and may_match(fact["value"]):
                doubtful = doubtful or fact
            else:
                other = other or fact
        if disputed is not None:
            return conflict(dispute, disputed)
        if doubtful is not None:
            return unsure, doubtful, doubtful["evidence"]
        if single and other is not None:
            return miss, other, other["evidence"]
        if denied:
            return _denied(view, denied, separately, words)
        return silent(view)

    return evaluate


def _rival_matches(view: View, fact: FactRow, match: Callable[[JsonValue], bool]) -> bool:
    """Tell whether one of the values speaking against a contradicted fact is wanted."""
    for name in fact["against"]:
        item = view.evidence.get(name)
        if item is not None and item["polarity"] == "asserts" and match(item["value"]):
            return True
    return False


def _denied(view: View, denied: list[FactRow], separately: tuple[frozenset[str], ...], words: str) -> Outcome:
    """Decide a set of which some values are denied: not met only when every one is."""
    tokens = frozenset(token for fact in denied for token in value_tokens(fact["attribute"], fact["value"]))
    evidence = tuple(name for fact in denied for name in fact["evidence"])
    told = f"{value_words(denied[0]['attribute'], denied[0]['value'])} is denied{cite(view, denied[0]['evidence'])}"
    if all(not tokens.isdisjoint(wanted) for wanted in separately):
        return not_met(f"{told}; sought: {words}.", evidence=evidence)
    return unknown(f"{told}; the rest of {words} is open.", evidence=evidence)


def _compile_all(test: SetTest) -> Evaluate:
    parts = tuple(
        _compile_any(test.model_copy(update={"mode": "any_of", "values": (term,)})) for term in test.values
    )
    rulings = Rulings(tell_all)

    def evaluate(view: View) -> Outcome:
        outcomes = [part(view) for part in parts]
        low = min([ruling.low for ruling, _, _ in outcomes])
        high = min([ruling.high for ruling, _, _ in outcomes])
        # What decides an "all" is what is missing; when nothing is, everything counts.
        telling = [outcome for outcome in outcomes if outcome[0].low < UNIT] or outcomes
        evidence = tuple(dict.fromkeys(name for _, _, names in outcomes for name in names))
        conflicting = any(ruling.conflicting for ruling, _, _ in telling)
        return rulings.of(low, high, conflicting), telling, evidence

    return evaluate


def tell_all(view: View, outcomes: Sequence[Outcome]) -> str:
    """Return the sentences of several outcomes, one after the other."""
    if len(outcomes) == 1:
        return reason(view, outcomes[0])
    return " ".join([reason(view, outcome) for outcome in outcomes])


def _compile_none(test: SetTest, any_of: Evaluate) -> Evaluate:
    words = terms_words(test.attribute, test.values)
    single = use_of(test.attribute).shape == "one"
    sources = test.read_sources
    present = Ruling(
        0, 0, tell=lambda view, found: f"{reason(view, found)[:-1]}; the profile wants none of these."
    )
    ruled_out = Ruling(UNIT, UNIT, tell=lambda view, found: f"{reason(view, found)[:-1]}, as wanted.")
    read_in_vain = Ruling(UNIT, UNIT, tell=f"{', '.join(sources)} read: no mention of {words}.")

    def evaluate(view: View) -> Outcome:
        found = any_of(view)
        ruling, _, evidence = found
        if ruling.low == UNIT:
            return present, found, evidence
        if ruling.high == 0:
            return ruled_out, found, evidence
        if ruling.conflicting:
            return found
        if view.unread.isdisjoint(sources):
            return (read_in_vain, None, ()) if sources and not single and not evidence else found
        unread = ", ".join([source for source in sources if source in view.unread])
        return unknown(f"No mention of {words}, but {unread} could not be read in full.")

    return evaluate


def compile_presence(test: PresenceTest) -> Evaluate:
    """Return the evaluator of `present: true` or `present: false`."""
    attribute, where, sources = test.attribute, narrowings(test.where), test.read_sources
    subject = use_of(attribute).subject
    title = subject[0].upper() + subject[1:]
    silent = compile_silence(attribute, title)
    if use_of(attribute).shape == "flag":
        known = Ruling(UNIT, UNIT, ".", words=lambda _: "yes", opening=f"{title}: ")
    else:
        known = Ruling(UNIT, UNIT, ".", words=words_of(attribute), opening=f"{title} known: ")

    def evaluate(view: View) -> Outcome:
        denied: FactRow | None = None
        disputed: FactRow | None = None
        for fact in view.of(attribute, where):
            if fact["status"] == "supported":
                return known, fact, fact["evidence"]
            if fact["status"] == "contradicted":
                disputed = disputed or fact
            else:
                denied = denied or fact
        if disputed is not None:
            return conflict(_disputed_words, disputed)
        if denied is not None:
            told = f"{value_words(attribute, denied['value'])} is denied{cite(view, denied['evidence'])}."
            # One denied technology says nothing about the others; a denied yes/no attribute is settled.
            decide = not_met if use_of(attribute).shape in ("flag", "event") else unknown
            return decide(told, evidence=denied["evidence"])
        return silent(view)

    if test.present:
        return evaluate
    unwanted, absent = Ruling(0, 0, tell=reason), Ruling(UNIT, UNIT, tell=reason)
    read_in_vain = Ruling(UNIT, UNIT, tell=f"{', '.join(sources)} read: no sign of {subject}.")

    def evaluate_absence(view: View) -> Outcome:
        found = evaluate(view)
        ruling, _, evidence = found
        if ruling.low == UNIT:
            return unwanted, found, evidence
        if ruling.high == 0:
            return absent, found, evidence
        if ruling.conflicting or evidence:
            return found
        if view.unread.isdisjoint(sources):
            return read_in_vain, None, ()
        unread = ", ".join([source for source in sources if source in view.unread])
        return unknown(f"No sign of {subject}, but {unread} could not be read in full.")

    return evaluate_absence


def _disputed_words(view: View, fact: FactRow) -> str:
    return both_sides(view, fact, ".")


def compile_question(test: QuestionTest) -> Evaluate:
    """Return the evaluator of a question in the profile's own words."""
    attribute = question_attribute(test.question)
    question, wanted = test.question, test.answer
    silent = compile_silence(attribute, f"{question} Answer")

    def disagree(view: View, fact: FactRow) -> str:
        return f"{question} The evidence disagrees{cite(view, (*fact['evidence'], *fact['against']))}."

    def evaluate(view: View) -> Outcome:
        for fact in view.of(attribute, ()):
            answer = _answer(fact)
            if fact["status"] == "contradicted" or answer is None:
                return conflict(disagree, fact)
            told = f"{question} {answer.capitalize()}{cite(view, fact['evidence'])}."
            return (met if answer == wanted else not_met)(told, evidence=fact["evidence"])
        return silent(view)

    return evaluate


def _answer(fact: FactRow) -> str | None:
    """Return `yes` or `no`; a denied yes is a no."""
    value = fact["value"].get("answer") if isinstance(fact["value"], dict) else fact["value"]
    said = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else value
    if said not in ("yes", "no"):
        return None
    return {"yes": "no", "no": "yes"}[str(said)] if fact["status"] == "denied" else str(said)
