"""Products the account uses, sells or connects to, from the technographic matchers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from agent.extraction.rules.reading import Reading
from agent.grounding.genre import may_speak_of_tools
from agent.grounding.products import find_product
from agent.grounding.sentences import Span
from agent.models import Claim
from tools.technographics import Sighting, match_dns, match_markup, match_prose


def read_technologies(reading: Reading) -> Iterator[Claim]:
    """Yield products seen in markup, DNS or prose.

    What a snippet alone proves little of (a verification token, a bare job requirement) is claimed by the rule
    `technology_weak`; facts ask for a second document before they believe it.
    """
    document, own = reading.document, reading.account.domains
    if document.kind == "dns":
        yield from _claims(reading, match_dns(reading.text, own), structured=True)
    elif document.kind == "website" and document.purpose == "markup":
        yield from _claims(reading, match_markup(reading.text, own), structured=True)
    elif document.kind == "job_posting":
        yield from _claims(reading, match_prose(reading.text, own, "job"), structured=False)
    elif reading.is_own_page:
        yield from _claims(reading, match_prose(reading.text, own, "text"), structured=False)


def _may_tell(reading: Reading, seen: Sighting, sentence: Span) -> bool:
    """Tell whether a page of its genre may say this of the account: comparisons and guests speak of others."""
    text = reading.slice(sentence)
    place = find_product(text, seen.product, structured=False) or Span(len(text), len(text))
    return may_speak_of_tools(reading.document, text, place, seen.relation, reading.identity)


def _claims(reading: Reading, sightings: Iterable[Sighting], *, structured: bool) -> Iterator[Claim]:
    for seen in sightings:
        if seen.relation == "nice_to_have":
            continue
        value: JsonValue = {"product": seen.product, "category": seen.category, "relation": seen.relation}
        rule = "technology@1" if seen.strength == "strong" else "technology_weak@1"
        span = Span(seen.start, seen.end)
        if not structured:
            around = reading.quote_around(*span)
            if not _may_tell(reading, seen, around):
                continue
            if seen.relation != "integrates_with" and reading.is_quotation(around):
                continue  # a customer's words: "We moved off Zendesk", signed on the next line
            span = around if around.end - around.start <= 300 else span
        yield from reading.claim(
            rule, "technology", value, span, structured=structured, denies=seen.polarity == "denies"
        )
