"""Score sets and presence: any of, all of, none of, known at all, looked for in vain."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from agent.icp.catalogue import use_of
from agent.icp.model import PresenceTest, QuestionTest, SetTest, question_attribute
from agent.icp.terms import term_tokens, value_tokens
from agent.models import Fact
from agent.scoring.outcome import Outcome, conflict, met, not_met, unknown
from agent.scoring.units import UNIT
from agent.scoring.view import View, passes
from agent.scoring.wording import both_sides, cite, compile_silence, said, terms_words, value_words

Evaluate = Callable[[View], Outcome]


def compile_set(test: SetTest) -> Evaluate:
    """Return the evaluator of `any_of`, `all_of` or `none_of`."""
    if test.mode == "all_of":
        return _compile_all(test)
    any_of = _compile_any(test)
    return any_of if test.mode == "any_of" else _compile_none(test, any_of)


def _compile_any(test: SetTest) -> Evaluate:
    attribute, where = test.attribute, test.where
    wanted = frozenset(token for term in test.values for token in term_tokens(attribute, term))
    separately = tuple(term_tokens(attribute, term) for term in test.values)
    single = use_of(attribute).shape == "one"
    words = terms_words(attribute, test.values)
    subject = use_of(attribute).subject
    silent = compile_silence(attribute, f"{subject[0].upper()}{subject[1:]} {words}")
    match, mismatch = f", sought: {words}.", f" is not {words}."

    def evaluate(view: View) -> Outcome:
        disputed: Fact | None = None
        other: Fact | None = None
        denied: list[Fact] = []
        for fact, tokens in view.tokens(attribute):
            matches = not wanted.isdisjoint(tokens)
            if where and (matches or fact.status == "contradicted") and not passes(fact.value, where):
                continue
            if matches and fact.status == "supported":
                return Outcome(UNIT, UNIT, partial(said, view, fact, match), fact.evidence)
            if fact.status == "denied":
                if matches:
                    denied.append(fact)
            elif matches or (fact.status == "contradicted" and _rival_matches(view, fact, wanted)):
                disputed = disputed or fact
            else:
                other = other or fact
        if disputed is not None:
            rival = disputed
            return conflict(
                lambda: f"{both_sides(view, rival)}; sought: {words}.", (*rival.evidence, *rival.against)
            )
        if single and other is not None:
            return not_met(partial(said, view, other, mismatch), other.evidence)
        if denied:
            return _denied(view, denied, separately, words)
        return silent(view)

    return evaluate


def _rival_matches(view: View, fact: Fact, wanted: frozenset[str]) -> bool:
    """Tell whether one of the values speaking against a contradicted fact is wanted."""
    for name in fact.against:
        item = view.evidence.get(name)
        if (
            item is not None
            and item.polarity == "asserts"
            and not wanted.isdisjoint(value_tokens(fact.attribute, item.value))
        ):
            return True
    return False


def _denied(view: View, denied: list[Fact], separately: tuple[frozenset[str], ...], words: str) -> Outcome:
    """Decide a set of which some values are denied: not met only when every one is."""
    tokens = frozenset(token for fact in denied for token in value_tokens(fact.attribute, fact.value))
    evidence = tuple(name for fact in denied for name in fact.evidence)
    told = f"{value_words(denied[0].attribute, denied[0].value)} is denied{cite(view, denied[0].evidence)}"
    if all(not tokens.isdisjoint(wanted) for wanted in separately):
        return not_met(f"{told}; sought: {words}.", evidence)
    return unknown(f"{told}; the rest of {words} is open.", evidence)


def _compile_all(test: SetTest) -> Evaluate:
    parts = tuple(
        _compile_any(test.model_copy(update={"mode": "any_of", "values": (term,)})) for term in test.values
    )

    def evaluate(view: View) -> Outcome:
        outcomes = [part(view) for part in parts]
        low = min(outcome.low for outcome in outcomes)
        high = min(outcome.high for outcome in outcomes)
        # What decides an "all" is what is missing; when nothing is, everything counts.
        telling = [outcome for outcome in outcomes if outcome.low < UNIT] or outcomes
        evidence = tuple(dict.fromkeys(name for outcome in outcomes for name in outcome.evidence))
        return Outcome(
            low,
            high,
            lambda: " ".join(outcome.reason for outcome in telling),
            evidence,
            low != high and any(outcome.conflicting for outcome in telling),
        )

    return evaluate


def _compile_none(test: SetTest, any_of: Evaluate) -> Evaluate:
    words = terms_words(test.attribute, test.values)
    single = use_of(test.attribute).shape == "one"
    sources = test.read_sources

    def evaluate(view: View) -> Outcome:
        found = any_of(view)
        if found.low == UNIT:
            return not_met(lambda: f"{found.reason[:-1]}; the profile wants none of these.", found.evidence)
        if found.high == 0:
            return met(lambda: f"{found.reason[:-1]}, as wanted.", found.evidence)
        if found.conflicting:
            return found
        if sources and not single and not found.evidence and view.read(sources):
            return met(f"{', '.join(sources)} read: no mention of {words}.")
        unread = [source for source in sources if not view.read((source,))]
        if unread:
            return unknown(f"No mention of {words}, but {', '.join(unread)} could not be read in full.")
        return found

    return evaluate


def compile_presence(test: PresenceTest) -> Evaluate:
    """Return the evaluator of `present: true` or `present: false`."""
    attribute, where, sources = test.attribute, test.where, test.read_sources
    subject = use_of(attribute).subject
    title = subject[0].upper() + subject[1:]
    silent = compile_silence(attribute, title)

    def evaluate(view: View) -> Outcome:
        denied: Fact | None = None
        disputed: Fact | None = None
        for fact in view.of(attribute, where):
            if fact.status == "supported":
                return met(partial(_known, view, fact, title), fact.evidence)
            if fact.status == "contradicted":
                disputed = disputed or fact
            else:
                denied = denied or fact
        if disputed is not None:
            rival = disputed
            return conflict(lambda: f"{both_sides(view, rival)}.", (*rival.evidence, *rival.against))
        if denied is not None:
            told = f"{value_words(attribute, denied.value)} is denied{cite(view, denied.evidence)}."
            # One denied technology says nothing about the others; a denied yes/no attribute is settled.
            settled = use_of(attribute).shape in ("flag", "event")
            return not_met(told, denied.evidence) if settled else unknown(told, denied.evidence)
        return silent(view)

    if test.present:
        return evaluate

    def evaluate_absence(view: View) -> Outcome:
        found = evaluate(view)
        if found.low == UNIT:
            return not_met(lambda: found.reason, found.evidence)
        if found.high == 0:
            return met(lambda: found.reason, found.evidence)
        if found.conflicting or found.evidence:
            return found
        if view.read(sources):
            return met(f"{', '.join(sources)} read: no sign of {subject}.")
        unread = ", ".join(source for source in sources if not view.read((source,)))
        return unknown(f"No sign of {subject}, but {unread} could not be read in full.")

    return evaluate_absence


def _known(view: View, fact: Fact, title: str) -> str:
    return f"{title} known: {value_words(fact.attribute, fact.value)}{cite(view, fact.evidence)}."


def compile_question(test: QuestionTest) -> Evaluate:
    """Return the evaluator of a question in the profile's own words."""
    attribute = question_attribute(test.question)
    question, wanted = test.question, test.answer
    silent = compile_silence(attribute, f"{question} Answer")

    def evaluate(view: View) -> Outcome:
        for fact in view.of(attribute, ()):
            answer = _answer(fact)
            if fact.status == "contradicted" or answer is None:
                reason = f"{question} The evidence disagrees{cite(view, (*fact.evidence, *fact.against))}."
                return conflict(reason, (*fact.evidence, *fact.against))
            reason = f"{question} {answer.capitalize()}{cite(view, fact.evidence)}."
            return met(reason, fact.evidence) if answer == wanted else not_met(reason, fact.evidence)
        return silent(view)

    return evaluate


def _answer(fact: Fact) -> str | None:
    """Return `yes` or `no`; a denied yes is a no."""
    value = fact.value.get("answer") if isinstance(fact.value, dict) else fact.value
    said = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else value
    if said not in ("yes", "no"):
        return None
    return {"yes": "no", "no": "yes"}[str(said)] if fact.status == "denied" else str(said)
