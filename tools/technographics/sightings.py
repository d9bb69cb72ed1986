"""What a matcher saw: a product, how the account relates to it, and the words that show it."""

from __future__ import annotations

from typing import Literal, NamedTuple

SightingRelation = Literal["uses", "integrates_with", "sells", "migrating_from", "evaluates", "nice_to_have"]
Strength = Literal["strong", "weak"]
Where = Literal["html", "header", "dns", "job", "text"]


class Sighting(NamedTuple):
    """One product seen in one text; `text[start:end]` is the snippet that shows it, verbatim.

    `relation` is one of the attribute's five, or `nice_to_have`: a job posting would welcome the skill,
    which says nothing of the company. `strength` is `weak` where the snippet alone proves little (a
    verification token, a job requirement without "our" or "we"). `polarity` is `denies` where the text says
    the opposite ("we no longer use Jira"). `where` is the part of the account's surface it was seen in.
    """

    product: str
    vendor: str
    category: str
    relation: SightingRelation
    start: int
    end: int
    strength: Strength
    where: Where
    polarity: Literal["asserts", "denies"] = "asserts"
