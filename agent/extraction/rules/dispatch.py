"""Send a document to the rules that can read its kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from agent.attributes import entry
from agent.canonical.industries import sector_of
from agent.extraction.rules.addresses import read_sole_address
from agent.extraction.rules.answers import read_answers
from agent.extraction.rules.certifications import read_certifications
from agent.extraction.rules.commercial import read_commercial, read_segment_of_title
from agent.extraction.rules.company import read_company
from agent.extraction.rules.denials import read_denials
from agent.extraction.rules.evaluations import read_evaluations
from agent.extraction.rules.events import read_events
from agent.extraction.rules.fairs import read_fairs
from agent.extraction.rules.filings import read_filing_events
from agent.extraction.rules.founding import read_founding_year
from agent.extraction.rules.funding import read_funding
from agent.extraction.rules.headcount import read_headcount
from agent.extraction.rules.headquarters import read_headquarters
from agent.extraction.rules.industry import read_industry
from agent.extraction.rules.methods import read_methods
from agent.extraction.rules.people import read_team
from agent.extraction.rules.postings import read_opening_counts, read_posting
from agent.extraction.rules.reading import Reading, Rule
from agent.extraction.rules.regions import read_regions
from agent.extraction.rules.registry import read_imported, read_registry
from agent.extraction.rules.structured import read_json_ld, read_meta_name
from agent.extraction.rules.tagline import read_tagline
from agent.extraction.rules.technologies import read_technologies
from agent.extraction.rules.timelines import read_timeline
from agent.extraction.rules.turnover import read_turnover
from agent.models import Account, Claim, SourceDocument

_PROSE: tuple[Rule, ...] = (
    read_headcount,
    read_founding_year,
    read_timeline,
    read_headquarters,
    read_sole_address,
    read_regions,
    read_turnover,
    read_funding,
    read_certifications,
    read_company,
    read_industry,
    read_tagline,
    read_commercial,
    read_events,
    read_filing_events,
    read_fairs,
    read_evaluations,
    read_denials,
    read_team,
    read_opening_counts,
    read_technologies,
    read_answers,
)


_MOST_OF_ONE_VALUE: Final = 40
_MOST_OF_MANY: Final = 1_000


def extract_by_rules(document: SourceDocument, account: Account) -> tuple[Claim, ...]:
    """Return what the rules read in one document, in text order; the same claim is made once.

    Total: any text gives an answer. Of a text longer than 400,000 characters, the rest is not read, and of
    an attribute that one text states ever anew only the first claims are kept.
    """
    reading = Reading(document, account)
    made = [claim for rule in _rules_for(document) for claim in rule(reading)]
    claims = {_identity(claim): claim for claim in (*made, *_branches(made))}
    ordered = sorted(claims.values(), key=lambda claim: (claim.start or 0, claim.attribute, claim.extractor))
    return tuple(_first_of_each(ordered))


def _first_of_each(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield the claims, of each attribute as many as one text can mean: what it has one value of is stated by no
    text forty times, and statements are compared each with each."""
    counts: Counter[str] = Counter()
    for claim in claims:
        counts[claim.attribute] += 1
        single = entry(claim.attribute).merge in ("scalar", "size", "event")
        if counts[claim.attribute] <= (_MOST_OF_ONE_VALUE if single else _MOST_OF_MANY):
            yield claim


def _branches(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield the branch that an industry's words name: "a cybersecurity company" is of software's branch."""
    for claim in claims:
        code = claim.value.get("code") if isinstance(claim.value, dict) else None
        if claim.attribute == "industry" and isinstance(code, str) and sector_of(code) != code:
            yield claim.model_copy(update={"attribute": "sub_industry"})


def _rules_for(document: SourceDocument) -> tuple[Rule, ...]:
    if document.kind == "registry":
        return (read_registry,)
    if document.kind == "imported":
        return (read_imported,)
    if document.kind == "dns" or document.purpose == "markup":
        return (read_technologies,)
    if document.purpose == "structured_data":
        return (read_json_ld, read_meta_name, read_tagline, read_segment_of_title)
    if document.kind == "job_posting":
        return (read_posting, read_headcount, read_technologies, read_methods, read_evaluations)
    return _PROSE


def _identity(claim: Claim) -> tuple[str, str, int | None, int | None, str]:
    return (claim.attribute, repr(claim.value), claim.start, claim.end, claim.polarity)
