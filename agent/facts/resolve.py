"""Group evidence by attribute and key, and merge each group by the catalogue's rule.

The same evidence gives the same facts in the same order, however it is ordered or repeated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from pydantic import JsonValue

from agent.attributes import attribute_names, canonical_value, entry, fact_key, known_attribute
from agent.facts.counts import merge_openings
from agent.facts.events import merge_events
from agent.facts.ranking import Statement, ids, strength
from agent.facts.scalars import merge_scalar
from agent.facts.sizes import merge_size
from agent.models import Evidence, Fact

WEAK_TECHNOLOGY = "rule:technology_weak@"
"""Extractor of marks that need a second document before they make a fact."""
_ORDER = {name: place for place, name in enumerate(attribute_names())}


def resolve_facts(evidence: Sequence[Evidence], as_of: date) -> tuple[Fact, ...]:
    """Return the facts that `evidence` comes to, in catalogue order, then by key.

    `as_of` is the day the facts are for: a number dated long before it may be stale rather than wrong,
    and evidence of things dated after it is left out. A fact is `contradicted` when statements that
    cannot both be true remain, `denied` when nothing asserts it; both sides keep their evidence.
    """
    groups: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for item in sorted({item.id: item for item in evidence}.values(), key=lambda item: item.id):
        statement = _statement(item, as_of)
        if statement is not None:
            groups[(item.attribute, _group_key(item.attribute, statement))].append(statement)
    facts: list[Fact] = []
    for (attribute, _), statements in sorted(groups.items(), key=lambda group: _place(group[0])):
        values = {statement.evidence.id: statement.value for statement in statements}
        facts.extend(_prove_first(fact, values) for fact in _merge(attribute, statements, as_of))
    return tuple(facts)


def _prove_first(fact: Fact, values: dict[str, JsonValue]) -> Fact:
    """Put the evidence that states the fact's very value first: it is the quote a reader is shown."""
    ordered = tuple(sorted(fact.evidence, key=lambda item: values[item] != fact.value))
    return fact if ordered == fact.evidence else fact.model_copy(update={"evidence": ordered})


def _statement(item: Evidence, as_of: date) -> Statement | None:
    """Return the item's canonical statement, or `None` when it may not speak for its attribute."""
    if not known_attribute(item.attribute) or item.source_tier not in entry(item.attribute).tiers:
        return None
    if item.published_at is not None and item.published_at > as_of:
        return None
    value = canonical_value(item.attribute, item.value)
    return None if value is None else Statement(value, item)


def _group_key(attribute: str, statement: Statement) -> str:
    """Return the fact key; events of one attribute are told apart later, when their dates are compared."""
    merge = entry(attribute).merge
    return "" if merge in ("scalar", "size", "event") else fact_key(attribute, statement.value)


def _place(group: tuple[str, str]) -> tuple[int, str, str]:
    attribute, key = group
    return (_ORDER.get(attribute, len(_ORDER)), attribute, key)


def _merge(attribute: str, statements: list[Statement], as_of: date) -> list[Fact]:
    asserted = [statement for statement in statements if not statement.denies]
    denied = [statement for statement in statements if statement.denies]
    merge = entry(attribute).merge
    if merge == "event":
        return merge_events(attribute, asserted, denied)
    if not asserted:
        strongest = min(denied, key=strength)
        return [Fact(attribute=attribute, value=strongest.value, status="denied", evidence=ids(denied))]
    if merge == "scalar":
        return [merge_scalar(attribute, asserted, denied, as_of)]
    if merge == "size":
        return [merge_size(attribute, asserted, denied, as_of)]
    if attribute == "technology" and _is_hint(asserted):
        return []
    if merge == "count":
        return [merge_openings(attribute, asserted, denied)]
    return [
        Fact(
            attribute=attribute,
            value=min(asserted, key=strength).value,
            status="contradicted" if denied else "supported",
            evidence=ids(asserted),
            against=ids(denied),
        )
    ]


def _is_hint(asserted: list[Statement]) -> bool:
    """Tell whether weak marks (a verification token, a bare job requirement) stand in one document only."""
    weak = all(statement.evidence.extractor.startswith(WEAK_TECHNOLOGY) for statement in asserted)
    return weak and len({statement.evidence.document for statement in asserted}) < 2
