"""Turn a claim into evidence, or say why it is none. Rule-made and model-made claims pass the same checks.

In this order: the attribute and value are of the catalogue (`schema`); the quote stands in the claim's own
document (`quote_not_found`); the value stands in the quote (`value_not_in_quote`); the sentence is about the
account (`wrong_subject`); it states rather than denies (`negated`), and rather than supposes
(`hypothetical`, as is an order to a machine); and it is not about a past that has no date (`stale`).

A past with a date is kept as dated evidence: "in 2015 we had 20 employees" is evidence of 2015, and facts
prefer later evidence. Without the date nobody could tell that it is old, so it is rejected.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from pydantic import JsonValue

from agent.attributes import canonical_value, known_attribute
from agent.canonical import values
from agent.grounding.cues import has_cue
from agent.grounding.genre import genre_of, may_speak_of_tools
from agent.grounding.grammar import has_denial, is_denied, is_former, is_supposed
from agent.grounding.headcount import Headcount, find_headcount
from agent.grounding.identity import Identity, names_another
from agent.grounding.nearest import nearest_passage
from agent.grounding.place import DocumentReading, Place, Refused, place_of
from agent.grounding.questions import answer_to, as_told_by_us
from agent.grounding.relation import relation_of
from agent.grounding.roles import role_in_purchase, tells_change
from agent.grounding.sentences import Span
from agent.grounding.subject import ABOUT_THE_COMPANY, is_about_another, speaks_of_itself
from agent.grounding.support import support
from agent.grounding.when import MAY_SUPPOSE, STATES, date_of_event, is_milestone
from agent.models import Account, Claim, Evidence, RejectedClaim, SourceDocument

FOOTER_ATTRIBUTES = frozenset(
    {"name", "headquarters", "founded_year", "parent", "certification", "operating_region"}
)
"""What a page's footer may speak for; a footer's copyright year is never a founding year."""

_COUNTERS = "rule:headcount_counter@"
"""A row of counters ("20+ years, 2,200+ professionals") often stands beside a footer's contact form."""
_ANNOUNCED = frozenset({"layoffs", "leadership_change"})
"""What is a fact once it is announced: "Acme will lay off 120 people", "she will become chief executive"."""
_MAY_DENY = frozenset(
    {"goal", "pain_point", "buying_trigger", "vendor_evaluation", "content_topic", "layoffs", "budget_signal"}
)
_OWN_PAGES = frozenset({"home", "about", "careers", "contact", "faq", "legal", "press"})


def ground(
    claim: Claim,
    document: SourceDocument,
    account: Account,
    as_of: date,
    *,
    reading: DocumentReading | None = None,
) -> Evidence | RejectedClaim:
    """Return the evidence a claim makes, its quote replaced by the document's own characters, or its rejection.

    `document` must be the one the claim names: a claim is never given another source, so any other
    document is `quote_not_found`. `reading` saves preparing a document again for its next claim.
    """
    if reading is None or reading.document.id != document.id:
        reading = DocumentReading(document)
    try:
        value = _canonical(claim)
        span = _locate(claim, document, reading)
        quote = document.text[span.start : span.end]
        if claim.polarity == "asserts" or not claim.structured:
            value, event_on = _check(claim, value, span, document, Identity.of(account), as_of, reading)
        else:
            event_on = claim.event_on
    except Refused as refused:
        return RejectedClaim(
            attribute=claim.attribute,
            value=claim.value,
            quote=claim.quote[:2000],
            reason=refused.reason,
            url=document.final_url,
            extractor=claim.extractor,
            nearest=nearest_passage(document.text, claim.quote, reading.sentences),
        )
    return Evidence(
        id=evidence_id(claim.attribute, value, document.id, span, claim.polarity, claim.extractor),
        attribute=claim.attribute,
        value=value,
        quote=quote,
        document=document.id,
        start=span.start,
        end=span.end,
        url=document.final_url,
        source_kind=document.kind,
        source_tier=document.tier,
        published_at=event_on or document.published_at,
        polarity=claim.polarity,
        extractor=claim.extractor,
    )


def ground_all(
    claims: list[Claim] | tuple[Claim, ...],
    documents: Mapping[str, SourceDocument],
    account: Account,
    as_of: date,
) -> tuple[tuple[Evidence, ...], tuple[RejectedClaim, ...]]:
    """Ground every claim against its own document and return evidence without repeats, and rejections.

    A claim that names a document which is not in `documents` (another account's, or an invented id) is
    rejected as `quote_not_found`.
    """
    readings: dict[str, DocumentReading] = {}
    evidence: dict[str, Evidence] = {}
    rejected: list[RejectedClaim] = []
    for claim in claims:
        document = documents.get(claim.document)
        if document is None:
            rejected.append(
                RejectedClaim(
                    attribute=claim.attribute,
                    value=claim.value,
                    quote=claim.quote[:2000],
                    reason="quote_not_found",
                    url="",
                    extractor=claim.extractor,
                )
            )
            continue
        reading = (
            readings.setdefault(document.id, DocumentReading(document))
            if document.id not in readings
            else readings[document.id]
        )
        found = ground(claim, document, account, as_of, reading=reading)
        if isinstance(found, Evidence):
            evidence.setdefault(found.id, found)
        else:
            rejected.append(found)
    return tuple(evidence.values()), tuple(rejected)


def evidence_id(
    attribute: str, value: JsonValue, document: str, span: Span, polarity: str, extractor: str
) -> str:
    """Return the id of a piece of evidence: 16 hex digits over everything that makes it that piece."""
    parts = [attribute, value, document, span.start, span.end, polarity, extractor]
    packed = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(packed.encode("utf-8")).hexdigest()[:16]


def _canonical(claim: Claim) -> JsonValue:
    if claim.attribute.startswith("question:"):
        value = values.answer(claim.value)
    elif known_attribute(claim.attribute):
        value = canonical_value(claim.attribute, claim.value)
    else:
        value = None
    if claim.attribute == "hiring" and isinstance(value, dict):
        if claim.polarity == "denies":
            value = {**value, "count": 0}
        elif value["count"] == 0:
            value = None
    if value is None:
        raise Refused("schema")
    return value


def _locate(claim: Claim, document: SourceDocument, reading: DocumentReading) -> Span:
    if claim.document != document.id:
        raise Refused("quote_not_found")
    span = _exact_slice(claim, document) or reading.index.locate(claim.quote, claim.start)
    if span is None:
        raise Refused("quote_not_found")
    footer = document.footer_start
    if (
        footer is not None
        and span.end > footer
        and not claim.structured
        and claim.attribute not in FOOTER_ATTRIBUTES
        and not claim.extractor.startswith(_COUNTERS)
    ):
        raise Refused("wrong_subject")
    return span


def _exact_slice(claim: Claim, document: SourceDocument) -> Span | None:
    """Return the place a structured claim names when its quote stands exactly there.

    A mark in markup or DNS may end inside a long token, where prose must not.
    """
    start, end = claim.start, claim.end
    if not claim.structured or start is None or end is None or not claim.quote:
        return None
    return Span(start, end) if document.text[max(start, 0) : end] == claim.quote else None


def _check(
    claim: Claim,
    value: JsonValue,
    span: Span,
    document: SourceDocument,
    identity: Identity,
    as_of: date,
    reading: DocumentReading,
) -> tuple[JsonValue, date | None]:
    quote = document.text[span.start : span.end]
    if claim.attribute == "employee_count" and claim.polarity == "asserts":
        counted = _headcount(claim, value, span, document.text)
        within: Span | None = counted.place
        value = counted.value
    else:
        within = support(claim.attribute, value, quote, structured=claim.structured)
    if within is None and claim.polarity == "asserts":
        raise Refused("value_not_in_quote")
    if names_another(claim.subject, identity):
        raise Refused("wrong_subject")
    if claim.structured:
        return value, claim.event_on
    place = place_of(span, within or Span(0, len(quote)), reading)
    if claim.polarity == "asserts" and not _is_part_told(claim.attribute, value, place, identity):
        raise Refused("value_not_in_quote")
    if reading.orders_a_machine(span):
        raise Refused("hypothetical")
    if (
        claim.polarity == "asserts"
        and not has_cue(claim.attribute, place.context)
        and not _needs_no_cue(claim, document, span)
    ):
        raise Refused("value_not_in_quote")
    denied_by_rule = claim.polarity == "denies" and claim.extractor.startswith("rule:")
    if claim.attribute == "technology" and isinstance(value, dict) and not denied_by_rule:
        introduced = f"{place.lead_in}\n"
        relation = relation_of(
            introduced + place.context,
            Span(place.value.start + len(introduced), place.value.end + len(introduced)),
            str(value["relation"]),
            is_posting=document.kind == "job_posting",
        )
        if relation is None:
            raise Refused("value_not_in_quote")
        value = {**value, "relation": relation}
    if claim.attribute == "employee_count" and is_milestone(document.text, span, as_of):
        raise Refused("stale")
    _check_subject(claim, value, place, document, identity)
    _check_polarity(claim, place, document)
    _check_mood(claim, value, place, document, as_of)
    event_on = date_of_event(claim, place, document, as_of)
    if (
        claim.polarity == "asserts"
        and claim.attribute in STATES
        and event_on is None
        and is_former(place.context, place.value)
        and not _leaves_technology(value)
    ):
        raise Refused("stale")
    return value, event_on


def _is_part_told(attribute: str, value: JsonValue, place: Place, identity: Identity) -> bool:
    """Say whether the sentence gives the part claimed: who came or went, who bought or was bought."""
    if not isinstance(value, dict):
        return True
    if attribute == "leadership_change":
        return tells_change(str(value["change"]), place.context, place.value)
    if attribute == "acquisition":
        return role_in_purchase(place.context, place.value, identity) == value["role"]
    return True


def _headcount(claim: Claim, value: JsonValue, span: Span, text: str) -> Headcount:
    begin = max(0, span.start - 48)
    around = text[begin : span.end + 60]
    counted = find_headcount(
        value, around, Span(span.start - begin, span.end - begin), structured=claim.structured
    )
    if counted is None:
        raise Refused("value_not_in_quote")
    return counted


def _needs_no_cue(claim: Claim, document: SourceDocument, span: Span) -> bool:
    """Say whether the place itself is the cue: an address on a contact or legal page, or in the footer."""
    if claim.attribute == "headquarters":
        in_footer = document.footer_start is not None and span.start >= document.footer_start
        return in_footer or document.purpose in ("contact", "legal") or document.kind == "registry"
    return claim.attribute == "hiring" and (document.kind == "job_posting" or document.purpose == "careers")


def _check_subject(
    claim: Claim, value: JsonValue, place: Place, document: SourceDocument, identity: Identity
) -> None:
    own = _own_name(claim.attribute, value)
    relation = value.get("relation") if isinstance(value, dict) else None
    is_product = claim.attribute == "api_offered" or relation in ("integrates_with", "sells")
    claimed = claim.value.get("relation") if isinstance(claim.value, dict) else None
    if is_about_another(
        claim.attribute,
        as_told_by_us(place.context, place.value),
        place.value,
        document,
        identity,
        span=place.span,
        lead_in=place.lead_in,
        own=own,
        product_may_speak=is_product and document.tier.startswith("first-party"),
        to_reader=claimed == "integrates_with" and document.tier.startswith("first-party"),
    ):
        raise Refused("wrong_subject")
    in_footer = document.footer_start is not None and place.span.start >= document.footer_start
    if (
        claim.attribute in ABOUT_THE_COMPANY
        and genre_of(document) == "others"
        and not in_footer
        and not identity.is_mentioned(place.context)
    ):
        raise Refused("wrong_subject")  # an unsigned "we" in a review or a vendor's listing
    if claim.attribute == "technology" and not may_speak_of_tools(
        document, place.context, place.value, str(relation or "uses"), identity
    ):
        raise Refused("wrong_subject")
    if (
        claim.attribute == "employee_count"
        and document.kind == "website"
        and document.purpose not in _OWN_PAGES
        and not speaks_of_itself(place.context, identity)
    ):
        raise Refused("wrong_subject")


def _own_name(attribute: str, value: JsonValue) -> str:
    if isinstance(value, dict):
        return next(
            (str(value[key]) for key in ("product", "partner", "other", "city") if value.get(key)), ""
        )
    return value if isinstance(value, str) else ""


def _check_polarity(claim: Claim, place: Place, document: SourceDocument) -> None:
    answer = answer_to(place.context, place.value)
    if claim.polarity == "denies":
        if answer == "no":
            return
        if not has_denial(place.context + "\n" + place.lead_in, document.language):
            raise Refused("negated")
    if answer == "open" or (answer == "yes" and claim.polarity == "denies"):
        raise Refused("hypothetical")
    if answer == "no":
        raise Refused("negated")
    if claim.polarity == "denies":
        return
    if claim.attribute in _MAY_DENY or claim.attribute.startswith("question:"):
        return
    if is_denied(place.context, place.value, document.language, place.lead_in):
        raise Refused("negated")


def _check_mood(claim: Claim, value: JsonValue, place: Place, document: SourceDocument, as_of: date) -> None:
    if claim.attribute in MAY_SUPPOSE or claim.attribute.startswith("question:"):
        return
    if isinstance(value, dict) and value.get("relation") in ("evaluates", "migrating_from"):
        return
    announced = document.kind == "job_posting" or claim.attribute in _ANNOUNCED
    if is_supposed(place.context, place.value, as_of, future_is_plain=announced):
        raise Refused("hypothetical")


def _leaves_technology(value: JsonValue) -> bool:
    return isinstance(value, dict) and value.get("relation") == "migrating_from"
