"""Openings: one fact a department, counting what was posted."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from agent.facts.ranking import Statement, ids, strength
from agent.models import Fact


def merge_openings(attribute: str, asserted: list[Statement], denied: list[Statement]) -> Fact:
    """Return how many openings one department has.

    Postings are counted by place in their document. A board and the careers page list the same jobs, so
    the fullest single source tier counts, not their sum; a stated total ("12 open roles in Sales") counts
    when it is larger.
    """
    posted: dict[str, set[tuple[str, int]]] = defaultdict(set)
    stated = 0
    for statement in asserted:
        value: Any = statement.value  # Any: a canonical JSON object
        if value["title"] is None:
            stated = max(stated, value["count"])
        else:
            item = statement.evidence
            posted[item.source_tier].add((item.document, item.start))
    count = max(stated, *(len(places) for places in posted.values()), 0)
    best: Any = min(asserted, key=strength).value  # Any: a canonical JSON object
    return Fact(
        attribute=attribute,
        value={"department": best["department"], "seniority": None, "title": None, "count": count},
        status="contradicted" if denied else "supported",
        evidence=ids(asserted),
        against=ids(denied),
    )
