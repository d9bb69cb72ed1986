"""The keys a profile may use, section by section, with their meaning. One table for the reader and the schema."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """One key: the shape of its value (a name in `agent/icp/json_schema.py`) and one line of meaning."""

    shape: str
    meaning: str


PROFILE: dict[str, Key] = {
    "icp": Key("name", "The profile's name: letters, digits, '-', '_' and '.'."),
    "version": Key("positive_int", "Raise it with every change; default 1."),
    "description": Key("text", "One line about whom this profile describes."),
    "review_by": Key("date", "When the profile is due for review; a passed date warns."),
    "dimensions": Key(
        "dimensions", "How 100 points are split; default 40 firmographic, 30 behavioral, 30 intent."
    ),
    "tiers": Key("tiers", "Names and least scores, any number; default Tier 1 at 80 and Tier 2 at 60."),
    "min_coverage": Key("fraction", "Least decided weight (0-1) below which a low score is not a verdict."),
    "criteria": Key("criteria", "What the profile looks for."),
    "exclude": Key("exclude", "Whom the profile does not want."),
    "personas": Key("personas", "Buying-committee roles and the titles that fill them."),
}

SET_KEYS: dict[str, Key] = {
    "any_of": Key(
        "values", "One of these values is enough; or, without `attribute`, one of these conditions."
    ),
    "all_of": Key("values", "All of these values; or, without `attribute`, all of these conditions."),
    "none_of": Key("values", "None of these values."),
}
NUMBER_KEYS: dict[str, Key] = {
    "ideal": Key("band", "[low, high] that counts in full; null leaves an end open."),
    "acceptable": Key("band", "[low, high] outside which nothing counts; credit is linear up to `ideal`."),
    "above": Key("number", "More than this."),
    "below": Key("number", "Less than this."),
    "at_least": Key("number", "This or more."),
    "at_most": Key("number", "This or less."),
    "currency": Key("currency", "ISO 4217 code; an amount in another currency stays unknown."),
}
SIGNAL_KEYS: dict[str, Key] = {
    "min_count": Key("positive_int", "How many it takes; default 1."),
    "within_days": Key("positive_int", "How old it may be; older counts nothing."),
    "half_life_days": Key("positive_number", "Days after which a signal counts half."),
}
CONDITION: dict[str, Key] = {
    "attribute": Key("attribute", "What is looked at; `dossier icp schema` lists all."),
    "relation": Key("relation", "How the account relates to a technology; default `uses`."),
    "where": Key("where", "Narrows structured values, such as {department: sales}."),
    **NUMBER_KEYS,
    **SET_KEYS,
    **SIGNAL_KEYS,
    "present": Key("flag", "Known at all (true), or looked for in vain in `read_sources` (false)."),
    "read_sources": Key("sources", "Absence counts only after all of these sources were read."),
    "question": Key("text", "A yes/no question in your own words, answered from what the account publishes."),
    "answer": Key("answer", "The answer that counts; default yes."),
    "not": Key("condition", "Holds when this condition does not."),
    "cases": Key("cases", "Grades 1 to 5; the first case that holds decides."),
}
CASE: dict[str, Key] = {
    "grade": Key("grade", "1 earns nothing, 5 everything."),
    "otherwise": Key("flag", "Marks the last case, which needs no condition."),
    **{name: key for name, key in CONDITION.items() if name != "cases"},
}
CRITERION: dict[str, Key] = {
    "id": Key("id", "A short name, unique in the profile."),
    "dimension": Key("dimension", "Which part of the score it belongs to; default: the attribute's own."),
    "weight": Key("positive_number", "Worth relative to the dimension's other criteria; default 1."),
    "required": Key("flag", "An account proven not to meet it is not a fit, whatever its score."),
    "label": Key("text", "How reports call it."),
    "ask": Key("text", "What to ask the account when it stays open."),
    **CONDITION,
}
EXCLUSION: dict[str, Key] = {
    "id": Key("id", "A short name, unique in the profile."),
    "effect": Key("effect", "`disqualify` ends it; `penalty` costs points. Default disqualify."),
    "points": Key("positive_number", "What a penalty costs, on the 0-100 scale."),
    "label": Key("text", "How reports call it."),
    "ask": Key("text", "What to ask the account when it stays open."),
    **CONDITION,
}
TIER: dict[str, Key] = {
    "name": Key("text", "The tier's name."),
    "min": Key("score", "The least proven score, 0 to 100."),
}
PERSONA: dict[str, Key] = {
    "role": Key("text", "champion, user, technical, economic, gatekeeper, legal_procurement, or your own."),
    "titles": Key("titles", "Job titles that fill the role."),
}
