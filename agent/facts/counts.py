"""Openings: one fact a department, counting what was posted."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from agent.facts.ranking import Statement, ids, strength
from agent.models import Fact


def merge_openings(attribute: str, asserted: list[Statement], denied: list[Statement]) -> Fact:
    """Return how many openings one department has.

    Postings are counted by address and title, and within one document by place: one address read twice (its
    page and the data in it) is one opening, a list that names a title twice two. A board and the careers page list the same jobs, so
    the fullest single source tier counts, not their sum; a stated total ("12 open roles in Sales") counts
    when it is larger.
    """
    posted: dict[str, dict[tuple[str, str], dict[str, set[int]]]] = defaultdict(dict)
    stated = 0
    for statement in asserted:
        value: Any = statement.value  # Any: a canonical JSON object
        if value["title"] is None:
            stated = max(stated, value["count"])
        else:
            item = statement.evidence
            opening = (
                item.url.partition("#")[0].rstrip("/"),
                " ".join(str(value["title"]).casefold().split()),
            )
            places = posted[item.source_tier].setdefault(opening, defaultdict(set))
            places[item.document].add(item.start)
    counted = (
        sum(max(map(len, documents.values())) for documents in openings.values())
        for openings in posted.values()
    )
    count = max(stated, *counted, 0)
    best: Any = min(asserted, key=strength).value  # Any: a canonical JSON object
    return Fact(
        attribute=attribute,
        value={"department": best["department"], "seniority": None, "title": None, "count": count},
        status="contradicted" if denied else "supported",
        evidence=ids(asserted),
        against=ids(denied),
    )
