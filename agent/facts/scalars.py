"""Attributes with one true value: which statements agree, and which one is believed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import JsonValue

from agent.canonical.industries import sector_of
from agent.facts.ranking import STALE_AFTER_DAYS, Statement, cluster_strength, ids, strength, without
from agent.models import Fact

_LEGAL_FORM = re.compile(
    r"[,\s]+(?:inc|incorporated|llc|ltd|limited|corp|corporation|company|co|plc|gmbh|ag|se|kg|ug|sarl|sas|sa|srl|spa|bv|nv"
    r"|ab|as|oy|oyj|aps|pty|pte|sl|kk|lp|llp)\b\.?",
    re.IGNORECASE,
)
_COMPATIBLE_OWNERSHIP = (
    {
        "private",
        "venture_backed",
        "family_owned",
        "private_equity",
        "founder_owned",
        "employee_owned",
        "subsidiary",
        "cooperative",
    },
    {"public", "employee_owned"},
    {"public", "subsidiary"},
    {"public", "family_owned"},
    {"nonprofit", "private"},
    {"nonprofit", "cooperative"},
    {"government", "public"},
)
_CHANGES_OVER_TIME = frozenset(("headquarters", "ownership", "funding_stage", "name"))


def merge_scalar(attribute: str, asserted: list[Statement], denied: list[Statement], as_of: date) -> Fact:
    """Return the one value the statements come to: tier, then agreement, then recency decides.

    Compatible statements (a branch and its sector, a country and a city in it, a brand and its legal name)
    support each other and the fuller one is the value. What changes over time may be stale instead of contrary.
    """
    if attribute == "funding_stage":
        asserted = _latest_stage(asserted)
    statements = sorted(asserted, key=strength)
    clusters = [[other for other in statements if _agree(attribute, leader, other)] for leader in statements]
    winners = min(clusters, key=lambda cluster: (cluster_strength(cluster), ids(cluster)))
    leader = min(winners, key=strength)
    supporting = [s for s in statements if _agree(attribute, leader, s)]
    losers = without(statements, supporting)
    contrary = [s for s in losers if not _explained(attribute, s, leader, as_of)]
    return Fact(
        attribute=attribute,
        value=_fullest(attribute, leader, supporting),
        status="contradicted" if contrary or denied else "supported",
        evidence=ids(supporting),
        against=ids([*losers, *denied]),
    )


def _latest_stage(statements: list[Statement]) -> list[Statement]:
    """Keep the latest dated stages: a company passes through earlier ones without contradiction."""
    dates = [s.on for s in statements if s.on]
    return [s for s in statements if s.on == max(dates)] if dates else statements


def _agree(attribute: str, left: Statement, right: Statement) -> bool:
    first: Any = left.value  # Any: canonical JSON
    second: Any = right.value
    if attribute == "name":
        return True  # a brand, a legal name and a former name are all its names
    if attribute == "industry":
        sectors = {sector_of(first["code"]), sector_of(second["code"])}
        return bool(first["code"] == second["code"]) or (
            # Software vendors name several branches of theirs ("AI", "security", "developer tools").
            len(sectors) == 1 and (sectors == {"software"} or bool(sectors & {first["code"], second["code"]}))
        )
    if attribute == "founded_year":
        return bool(abs(first - second) <= 1)  # founding and registration straddle a new year
    if attribute == "headquarters":
        cities = _bare(first["city"]), _bare(second["city"])
        return bool(first["country"] == second["country"]) and ("" in cities or cities[0] == cities[1])
    if attribute == "ownership":
        same: bool = first == second
        return same or any({first, second} <= group for group in _COMPATIBLE_OWNERSHIP)
    return bool(first == second)


def _explained(attribute: str, loser: Statement, leader: Statement, as_of: date) -> bool:
    """Tell whether a differing statement is reconcilable: the same country's other city, or an old state."""
    if attribute == "headquarters":
        first: Any = loser.value  # Any: canonical JSON objects
        second: Any = leader.value
        if first["country"] == second["country"]:
            return True
    if attribute not in _CHANGES_OVER_TIME or loser.on is None:
        return False
    return ((leader.on or as_of) - loser.on).days >= STALE_AFTER_DAYS


def _fullest(attribute: str, leader: Statement, supporting: list[Statement]) -> JsonValue:
    if attribute == "headquarters":
        return _fill_place(leader, supporting)
    if attribute == "industry":
        return next((s.value for s in supporting if _is_branch(s)), leader.value)
    if attribute == "name":
        return next((s.value for s in supporting if _LEGAL_FORM.search(str(s.value))), leader.value)
    if attribute == "ownership":
        return next((s.value for s in supporting if s.value != "private"), leader.value)
    return leader.value


def _is_branch(statement: Statement) -> bool:
    value: Any = statement.value  # Any: a canonical JSON object
    return bool(sector_of(value["code"]) != value["code"])


def _fill_place(leader: Statement, supporting: list[Statement]) -> JsonValue:
    """Return the leader's place with a missing city or region taken from the strongest agreeing statement."""
    place: dict[str, JsonValue] = dict(leader.value) if isinstance(leader.value, dict) else {}
    for statement in supporting:
        other: Any = statement.value  # Any: a canonical JSON object
        if place["city"] is None and other["city"] is not None:
            place["city"], place["region"] = other["city"], place["region"] or other["region"]
        if place["region"] is None and _bare(place["city"]) == _bare(other["city"]) != "":
            place["region"] = other["region"]
    return place


def _bare(text: object) -> str:
    return _letters(str(text or ""))


@lru_cache(maxsize=1024)  # cities are compared each with each
def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in folded if char.isalnum())
