"""Seeded faults, to prove that the measures notice them.

Each fault wraps the product's own steps and breaks one promise on purpose. They are passed in where the
product takes its steps as values; nothing is patched. A run with a fault says so in its results and can
never be blessed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from pydantic import JsonValue

from agent.errors import InputError
from agent.graph.context import Steps
from agent.grounding import Span, evidence_id
from agent.icp import ICP
from agent.models import (
    Account,
    AccountVerdict,
    Claim,
    Evidence,
    Findings,
    RejectedClaim,
    SourceDocument,
)

SEED = 7
Claims = list[Claim] | tuple[Claim, ...]
Grounded = tuple[tuple[Evidence, ...], tuple[RejectedClaim, ...]]
Documents = Mapping[str, SourceDocument]


@lru_cache(maxsize=32)
def faulty_steps(name: str) -> Steps:
    """Return the product's steps with one fault in them; the same object for a process, so leaks can leak."""
    if name not in FAULTS:
        raise InputError(f"no fault named {name!r}; known: {', '.join(FAULTS)}")
    return FAULTS[name][1](Steps())


def drop_quotes(steps: Steps) -> Steps:
    """Lose five of six pieces of evidence."""

    def ground(claims: Claims, documents: Documents, account: Account, as_of: date) -> Grounded:
        evidence, rejected = steps.ground_all(claims, documents, account, as_of)
        return tuple(item for item in evidence if _dice(item.id) > 5 / 6), rejected

    return replace(steps, ground_all=ground)


def swap_numbers(steps: Steps) -> Steps:
    """Keep the quote and change the number that is said to stand in it."""

    def ground(claims: Claims, documents: Documents, account: Account, as_of: date) -> Grounded:
        evidence, rejected = steps.ground_all(claims, documents, account, as_of)
        return tuple(
            item.model_copy(update={"value": _other_number(item.value)}) for item in evidence
        ), rejected

    return replace(steps, ground_all=ground)


def always_yes(steps: Steps) -> Steps:
    """Call every criterion met and every account the best tier."""

    def score(icp: ICP, findings: Findings, as_of: date) -> AccountVerdict:
        verdict = steps.score_account(icp, findings, as_of)
        criteria = tuple(
            row.model_copy(
                update={"status": "met", "points": row.max_points, "possible_points": row.max_points}
            )
            for row in verdict.criteria
        )
        return verdict.model_copy(
            update={"criteria": criteria, "tier": icp.tiers[0].name, "score": 100.0, "possible": 100.0}
        )

    return replace(steps, score_account=score)


def ignore_negation(steps: Steps) -> Steps:
    """Take every denial for an assertion, and what was rejected as negated for evidence."""

    def ground(claims: Claims, documents: Documents, account: Account, as_of: date) -> Grounded:
        evidence, rejected = steps.ground_all(claims, documents, account, as_of)
        asserted = [item.model_copy(update={"polarity": "asserts"}) for item in evidence]
        for claim in rejected:
            if claim.reason == "negated":
                asserted += _accepted(claim, claim.quote, documents)
        return tuple(asserted), tuple(claim for claim in rejected if claim.reason != "negated")

    return replace(steps, ground_all=ground)


def leak_accounts(steps: Steps) -> Steps:
    """Hand each account the evidence of the one before it."""
    before: list[Evidence] = []

    def ground(claims: Claims, documents: Documents, account: Account, as_of: date) -> Grounded:
        evidence, rejected = steps.ground_all(claims, documents, account, as_of)
        leaked = tuple(before)
        if evidence:
            before[:] = evidence
        return (*evidence, *leaked), rejected

    return replace(steps, ground_all=ground)


def fuzzy_quotes(steps: Steps) -> Steps:
    """Paraphrase one quote in three, as a careless model does, and accept what comes close."""

    def read(document: SourceDocument, account: Account) -> tuple[Claim, ...]:
        return tuple(_paraphrased(claim) for claim in steps.extract_by_rules(document, account))

    def ground(claims: Claims, documents: Documents, account: Account, as_of: date) -> Grounded:
        evidence, rejected = steps.ground_all(claims, documents, account, as_of)
        close = [
            item
            for claim in rejected
            if claim.reason == "quote_not_found" and claim.nearest
            for item in _accepted(claim, claim.nearest, documents)
        ]
        return (*evidence, *close), rejected

    return replace(steps, extract_by_rules=read, ground_all=ground)


FAULTS: dict[str, tuple[str, Callable[[Steps], Steps]]] = {
    "drop-quotes": ("five of six pieces of evidence are lost", drop_quotes),
    "swap-numbers": ("the numbers in values are changed", swap_numbers),
    "always-yes": ("the scorer says yes to everything", always_yes),
    "ignore-negation": ("denials count as assertions", ignore_negation),
    "leak-accounts": ("one account's evidence reaches the next", leak_accounts),
    "fuzzy-quotes": ("paraphrased quotes are accepted", fuzzy_quotes),
}
"""Fault name to what it does and what puts it into the steps."""


def _dice(key: str) -> float:
    return random.Random(f"{SEED}:{key}").random()  # noqa: S311 - a seeded fault, no secret


def _other_number(value: JsonValue) -> JsonValue:
    """Return the value with every number in it changed; texts and relations stay."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return value + max(1, int(abs(value) * 0.37)) if value < 10**9 else value
    if isinstance(value, dict):
        return {key: _other_number(part) for key, part in value.items()}
    return value


def _paraphrased(claim: Claim) -> Claim:
    words = claim.quote.split(" ")
    if len(words) < 4 or _dice(claim.quote) > 1 / 3:
        return claim
    middle = len(words) // 2
    quote = " ".join([*words[:middle], "really", *words[middle:]])
    return claim.model_copy(update={"quote": quote, "start": None, "end": None})


def _accepted(claim: RejectedClaim, passage: str, documents: Documents) -> Sequence[Evidence]:
    """Return evidence made of a rejected claim at the place of `passage`, as no honest grounding would."""
    for document in documents.values():
        start = document.text.find(passage) if document.final_url == claim.url else -1
        if start < 0:
            continue
        span = Span(start, start + len(passage))
        return [
            Evidence(
                id=evidence_id(claim.attribute, claim.value, document.id, span, "asserts", claim.extractor),
                attribute=claim.attribute,
                value=claim.value,
                quote=claim.quote,
                document=document.id,
                start=span.start,
                end=span.end,
                url=document.final_url,
                source_kind=document.kind,
                source_tier=document.tier,
                published_at=document.published_at,
                polarity="asserts",
                extractor=claim.extractor,
            )
        ]
    return []
