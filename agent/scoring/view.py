"""The findings of one account, arranged for scoring: facts by attribute, evidence by id, sources by state."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, TypedDict

from pydantic import JsonValue

from agent.icp.catalogue import use_of
from agent.icp.cursor import fold
from agent.icp.model import Where
from agent.models import (
    SOURCES,
    Absence,
    FactStatus,
    Findings,
    Polarity,
    SourceKind,
    SourceName,
    SourceState,
    SourceTier,
)

MICRO = 1_000_000
"""Numbers are compared in whole millionths, so that 12.5 % stays exact."""


class FactRow(TypedDict):
    """A `Fact`'s own fields. The scorer reads models through these: one look-up each instead of three."""

    attribute: str
    value: Any  # Any: JSON
    status: FactStatus
    evidence: tuple[str, ...]
    against: tuple[str, ...]


class EvidenceRow(TypedDict):
    """A piece of `Evidence`'s own fields, as far as the scorer reads them; see `FactRow`."""

    id: str
    value: Any  # Any: JSON
    quote: str
    document: str
    start: int
    url: str
    source_kind: SourceKind
    source_tier: SourceTier
    published_at: date | None
    polarity: Polarity


Reading = tuple[SourceState, ...]
"""The state of each source, in the order of `SOURCES`."""


Amount = tuple[int, int, str | None]
"""A number or a range of them in millionths, ends included, and the currency if it is money."""


Narrowings = tuple[tuple[str, tuple[str, ...]], ...]
"""Fields of a structured value, each with the values it may have."""


class HowRead(NamedTuple):
    """How far the sources of one account were read; `unread` are those not read, or not to their end."""

    reading: Reading
    unread: frozenset[SourceName]


class View:
    """What a scorer may look at, indexed once per account; facts only of attributes the profile uses."""

    __slots__ = ("amounts", "as_of", "evidence", "facts", "reading", "unread")

    def __init__(self, findings: Findings, as_of: date, used: frozenset[str]) -> None:
        facts: dict[str, list[FactRow]] = {}
        # Any: models' fields, as FactRow and EvidenceRow name them
        rows: Any = [row for fact in findings.facts if (row := fact.__dict__)["attribute"] in used]
        for row in rows:
            attribute = row["attribute"]
            if attribute in facts:
                facts[attribute].append(row)
            else:
                facts[attribute] = [row]
        if len(facts) < len(rows):
            # Verdicts must not depend on the order facts came in.
            for held in facts.values():
                if len(held) > 1:
                    held.sort(key=_fact_order)
        told: Any = {(row := one.__dict__)["id"]: row for one in findings.evidence}
        self.facts = facts
        self.evidence: dict[str, EvidenceRow] = told
        self.reading, self.unread = how_read(
            tuple([(one.source, one.state, one.truncated) for one in findings.coverage])
        )
        self.as_of = as_of
        self.amounts: dict[str, list[tuple[FactRow, Amount | None]]] = {}

    def measure(self, attribute: str) -> list[tuple[FactRow, Amount | None]]:
        """Return the facts of an attribute with the numbers their values hold, and keep them as `amounts`."""
        held = [(fact, amount_of(fact["value"])) for fact in self.facts.get(attribute, ())]
        self.amounts[attribute] = held
        return held

    def of(self, attribute: str, where: Narrowings) -> list[FactRow]:
        """Return the facts of an attribute whose values pass every narrowing."""
        facts = self.facts.get(attribute, [])
        return [fact for fact in facts if passes(fact["value"], where)] if where else facts

    def dated(self, fact: FactRow) -> date | None:
        """Return the latest date of a fact's evidence not after `as_of`, or `None` when all is undated."""
        latest: date | None = None
        for name in fact["evidence"]:
            item = self.evidence.get(name)
            on = item["published_at"] if item is not None else None
            if on is not None and on <= self.as_of and (latest is None or on > latest):
                latest = on
        return latest

    def read(self, sources: tuple[SourceName, ...]) -> bool:
        """Tell whether every one of the sources was read, and read to its end."""
        return self.unread.isdisjoint(sources)

    def absence(self, attribute: str) -> Absence:
        """Name why nothing is known, from the state of the sources that usually tell."""
        return absence_of(attribute, self.reading)


@lru_cache(maxsize=4096)
def how_read(coverage: tuple[tuple[SourceName, SourceState, bool], ...]) -> HowRead:
    """Return how far the sources were read; each is told by its name, its state, and whether it was cut off."""
    states = {source: state for source, state, _ in coverage}
    cut_off = {source for source, _, truncated in coverage if truncated}
    reading: Reading = tuple([states.get(source, "not_looked") for source in SOURCES])
    to_the_end = {
        source
        for source, state in zip(SOURCES, reading, strict=True)
        if state in ("read", "read_nothing_found") and source not in cut_off
    }
    return HowRead(reading, frozenset(SOURCES) - to_the_end)


@lru_cache(maxsize=4096)
def absence_of(attribute: str, reading: Reading) -> Absence:
    """Name why an attribute is unknown after such a reading."""
    states = {reading[SOURCES.index(source)] for source in use_of(attribute).sources}
    if "read" in states or "read_nothing_found" in states:
        return "read_nothing_found"
    return "unreadable" if "unreadable" in states else "not_looked"


def _fact_order(fact: FactRow) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    return (repr(fact["value"]), fact["status"], fact["evidence"], fact["against"])


def narrowings(where: tuple[Where, ...]) -> Narrowings:
    """Return what a test's `where` asks for, in the form `passes` reads."""
    return tuple((part.field, part.values) for part in where)


def passes(value: JsonValue, where: Narrowings) -> bool:
    """Tell whether a structured value passes every narrowing. Free text passes when it contains the words."""
    for field, wanted in where:
        held: Any = value.get(field) if isinstance(value, dict) else None  # Any: JSON
        if held is None:
            return False
        if held not in wanted and not _contains_words(str(held), wanted):
            return False
    return True


@lru_cache(maxsize=16_384)
def _contains_words(text: str, wanted: tuple[str, ...]) -> bool:
    words = f" {fold(text)} "
    return any(f" {fold(one)} " in words for one in wanted)


def amount_of(value: Any) -> Amount | None:  # Any: JSON
    """Return the number or range a fact's value holds, or `None` when it holds none."""
    if isinstance(value, dict):
        currency = value.get("currency")
        currency = currency if isinstance(currency, str) else None
        exact = value.get("exact")
        single = exact if exact is not None else value.get("amount", value.get("percent"))
        if single is not None:
            number = _micro(single)
            return None if number is None else (number, number, currency)
        low, high = _micro(value.get("low")), _micro(value.get("high"))
        return None if low is None or high is None or low > high else (low, high, currency)
    number = _micro(value)
    return None if number is None else (number, number, None)


def _micro(number: Any) -> int | None:  # Any: JSON
    if type(number) is int:
        return number * MICRO
    # 12.5 is exact in JSON's own spelling; beyond millionths it is rounded the same way everywhere.
    if isinstance(number, float) and abs(number) < 1e15:
        return round(number * MICRO)
    return None
