"""The findings of one account, arranged for scoring: facts by attribute, evidence by id, sources by state."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import JsonValue

from agent.icp.catalogue import use_of
from agent.icp.cursor import fold
from agent.icp.model import Where
from agent.icp.terms import value_tokens
from agent.models import Absence, Evidence, Fact, Findings, SourceName, SourceState

MICRO = 1_000_000
"""Numbers are compared in whole millionths, so that 12.5 % stays exact."""


SOURCES: tuple[SourceName, ...] = ("website", "jobs", "news", "technographics", "registries")
Reading = tuple[SourceState, ...]
"""The state of each source, in the order of `SOURCES`."""


class Amount(NamedTuple):
    """A number or a range of them in millionths, ends included; `currency` for money."""

    low: int
    high: int
    currency: str | None


class View:
    """What a scorer may look at, indexed once per account."""

    __slots__ = ("_amounts", "_tokens", "as_of", "evidence", "facts", "reading", "states", "truncated")

    def __init__(self, findings: Findings, as_of: date) -> None:
        facts: dict[str, list[Fact]] = {}
        several: set[str] = set()
        for fact in findings.facts:
            attribute = fact.attribute
            if attribute in facts:
                facts[attribute].append(fact)
                several.add(attribute)
            else:
                facts[attribute] = [fact]
        # Verdicts must not depend on the order facts came in.
        for attribute in several:
            facts[attribute].sort(key=_fact_order)
        self.facts = facts
        self.evidence: dict[str, Evidence] = {item.id: item for item in findings.evidence}
        self.states: dict[SourceName, SourceState] = {one.source: one.state for one in findings.coverage}
        self.truncated = frozenset(one.source for one in findings.coverage if one.truncated)
        self.reading: Reading = tuple([self.states.get(source, "not_looked") for source in SOURCES])
        self.as_of = as_of
        self._tokens: dict[str, list[tuple[Fact, tuple[str, ...]]]] = {}
        self._amounts: dict[str, list[tuple[Fact, Amount | None]]] = {}

    def amounts(self, attribute: str) -> list[tuple[Fact, Amount | None]]:
        """Return the facts of an attribute with the numbers their values hold, worked out once."""
        held = self._amounts.get(attribute)
        if held is None:
            held = [(fact, amount_of(fact.value)) for fact in self.facts.get(attribute, ())]
            self._amounts[attribute] = held
        return held

    def tokens(self, attribute: str) -> list[tuple[Fact, tuple[str, ...]]]:
        """Return the facts of an attribute with the tokens their values match on, worked out once."""
        held = self._tokens.get(attribute)
        if held is None:
            held = [(fact, value_tokens(attribute, fact.value)) for fact in self.facts.get(attribute, ())]
            self._tokens[attribute] = held
        return held

    def of(self, attribute: str, where: tuple[Where, ...]) -> list[Fact]:
        """Return the facts of an attribute whose values pass every narrowing."""
        facts = self.facts.get(attribute, [])
        return [fact for fact in facts if passes(fact.value, where)] if where else facts

    def dated(self, fact: Fact) -> date | None:
        """Return the latest date of a fact's evidence not after `as_of`, or `None` when all is undated."""
        latest: date | None = None
        for name in fact.evidence:
            item = self.evidence.get(name)
            on = item.published_at if item is not None else None
            if on is not None and on <= self.as_of and (latest is None or on > latest):
                latest = on
        return latest

    def read(self, sources: tuple[SourceName, ...]) -> bool:
        """Tell whether every one of the sources was read, and read to its end."""
        return all(
            self.states.get(source) in ("read", "read_nothing_found") and source not in self.truncated
            for source in sources
        )

    def absence(self, attribute: str) -> Absence:
        """Name why nothing is known, from the state of the sources that usually tell."""
        return absence_of(attribute, self.reading)


@lru_cache(maxsize=4096)
def absence_of(attribute: str, reading: Reading) -> Absence:
    """Name why an attribute is unknown after such a reading."""
    states = {reading[SOURCES.index(source)] for source in use_of(attribute).sources}
    if "read" in states or "read_nothing_found" in states:
        return "read_nothing_found"
    return "unreadable" if "unreadable" in states else "not_looked"


def _fact_order(fact: Fact) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    return (repr(fact.value), fact.status, fact.evidence, fact.against)


def passes(value: JsonValue, where: tuple[Where, ...]) -> bool:
    """Tell whether a structured value passes every narrowing. Free text passes when it contains the words."""
    for narrowing in where:
        held: Any = value.get(narrowing.field) if isinstance(value, dict) else None  # Any: JSON
        if held is None:
            return False
        if held in narrowing.values:
            continue
        words = f" {fold(str(held))} "
        if not any(f" {fold(wanted)} " in words for wanted in narrowing.values):
            return False
    return True


def amount_of(value: Any) -> Amount | None:  # Any: JSON
    """Return the number or range a fact's value holds, or `None` when it holds none."""
    if isinstance(value, dict):
        currency = value.get("currency")
        currency = currency if isinstance(currency, str) else None
        exact = value.get("exact")
        single = exact if exact is not None else value.get("amount", value.get("percent"))
        if single is not None:
            number = _micro(single)
            return None if number is None else Amount(number, number, currency)
        low, high = _micro(value.get("low")), _micro(value.get("high"))
        return None if low is None or high is None or low > high else Amount(low, high, currency)
    number = _micro(value)
    return None if number is None else Amount(number, number, None)


def _micro(number: Any) -> int | None:  # Any: JSON
    if isinstance(number, int) and not isinstance(number, bool):
        return number * MICRO
    # 12.5 is exact in JSON's own spelling; beyond millionths it is rounded the same way everywhere.
    if isinstance(number, float) and abs(number) < 1e15:
        return round(number * MICRO)
    return None
