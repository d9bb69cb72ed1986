"""Turn a site's ledger into labels and gold findings, each quote located in the text the product stores."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from agent.attributes import canonical_value, fact_key
from agent.errors import InputError
from agent.graph.context import Context, Workspace
from agent.graph.gather import gather_sources
from agent.grounding import Span, evidence_id, locate_quote
from agent.models import (
    Evidence,
    Fact,
    Findings,
    GatherLimits,
    SourceCoverage,
    SourceDocument,
    SourceKind,
    SourceName,
    SourceState,
    SourceTier,
    text_id,
)
from evals.synthetic.author import Site
from evals.synthetic.company import AS_OF, Company
from evals.synthetic.sayings import Said
from tools.archive import Archive, ReplayFetcher
from tools.pages.reader import Reader

COMPLETE = (
    "employee_count", "founded_year", "headquarters", "funding_round", "certification", "parent", "layoffs",
    "leadership_change", "acquisition", "hiring",
)  # fmt: skip
ABSENT: dict[str, tuple[str, ...]] = {
    "employee_count": (), "founded_year": (), "funding_round": (), "certification": (), "hiring": (), "revenue": (), "total_funding": (),
    "layoffs": ("layoffs.",), "acquisition": ("acquisition.",), "subsidiary": ("acquisition.",), "leadership_change": ("leadership.",),
    "product_launch": ("launch.",), "expansion": ("expansion.",), "parent": ("parent",), "growth_rate": (), "vendor_evaluation": (),
}  # fmt: skip
"""What a site that never says it is labelled absent for, with the phrases that alone could say it.

No phrase states a revenue, a sum of all funding, a rate of growth or an evaluation of a vendor; every other
attribute here is stated through the ledger alone, and where its phrases were spoken without it, building stops.
"""
_EXTRACTOR = "rule:gold@1"


@dataclass(frozen=True)
class Located:
    """A statement and its place: the words as stored, and the text that holds them.

    A page the gatherers did not choose to read is a page of the account all the same.
    """

    said: Said
    quote: str
    span: Span
    document: str
    url: str
    kind: SourceKind
    tier: SourceTier


@dataclass(frozen=True)
class Reading:
    """What the product's gatherers make of an archive."""

    documents: tuple[SourceDocument, ...]
    pages: dict[str, str]


def read_archive(path: Path, domain: str, urls: Iterable[str]) -> Reading:
    """Gather an archive with the product, and read further addresses of it."""
    return asyncio.run(_read(path, domain, tuple(urls)))


async def _read(path: Path, domain: str, urls: tuple[str, ...]) -> Reading:
    async with ReplayFetcher(Archive(path)) as replay:
        reader = Reader(replay, renderer=replay)
        workspace = Workspace()
        context = Context(reader=reader, workspace=workspace, as_of=AS_OF, limits=GatherLimits())
        await gather_sources(domain, context)
        pages: dict[str, str] = {}
        for url in dict.fromkeys(urls):
            if url.startswith("http"):
                page = await reader.read(url)
                pages[url] = getattr(page, "text", "")
        await reader.aclose()
    documents = tuple(document for gathered in workspace.gathered.values() for document in gathered.documents)
    return Reading(documents, pages)


def locate(site: Site, reading: Reading) -> tuple[list[Located], list[str]]:
    """Return where each statement stands, and those that stand nowhere: a fault of the generator."""
    by_url: dict[str, list[SourceDocument]] = defaultdict(list)
    for document in reading.documents:
        for url in {_bare(document.url), _bare(document.final_url)}:
            by_url[url].append(document)
    found: list[Located] = []
    lost: list[str] = []
    for said in site.ledger.said:
        place = _place(said, by_url[_bare(said.url)], reading.pages.get(said.url, ""))
        if place is None:
            lost.append(f"{site.company.asked}: {said.attribute} {said.quotes[0]!r} at {said.url}")
        else:
            found.append(place)
    return found, lost


def _place(said: Said, documents: list[SourceDocument], page: str) -> Located | None:
    for quote in said.quotes:
        for document in documents:
            span = locate_quote(document.text, quote)
            if span is not None:
                quote = document.text[span.start : span.end]
                return Located(
                    said, quote, span, document.id, document.final_url, document.kind, document.tier
                )
    for quote in said.quotes:
        span = locate_quote(page, quote)
        if span is not None:
            quote = page[span.start : span.end]
            return Located(said, quote, span, text_id(page), said.url, "website", "first-party-text")
    return None


def _bare(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/") or url


def gold_findings(company: Company, located: list[Located]) -> Findings:
    """Return the findings a perfect reader would hand the scorer: true facts only, each with its evidence."""
    groups: dict[tuple[str, str], list[Located]] = defaultdict(list)
    for one in located:
        groups[one.said.attribute, _group(one.said)].append(one)
    evidence: dict[str, Evidence] = {}
    facts: list[Fact] = []
    for (attribute, _), statements in sorted(groups.items(), key=lambda group: group[0]):
        items = [_evidence(one) for one in statements]
        evidence |= {item.id: item for item in items}
        facts.append(_fact(attribute, statements, items))
    return Findings(facts=tuple(facts), evidence=tuple(evidence.values()), coverage=coverage_of(company))  # fmt: skip


def coverage_of(company: Company) -> tuple[SourceCoverage, ...]:
    """Return how far each source can be read, as the generator made it."""
    website: SourceState = "read"
    if company.has("parked"):
        website = "not_looked"
    elif company.has("javascript_only"):
        website = "unreadable"
    jobs: SourceState = "read" if company.openings else "read_nothing_found" if website == "read" else website
    dns: SourceState = "not_looked" if company.has("parked") else "read"
    states: dict[SourceName, SourceState] = {
        "website": website, "jobs": jobs, "news": website, "technographics": dns, "registries": "not_looked",
    }  # fmt: skip
    return tuple(SourceCoverage(source=name, state=state, documents=0) for name, state in states.items())


def _group(said: Said) -> str:
    if said.attribute in ("employee_count", "founded_year", "headquarters", "industry"):
        return said.polarity if said.polarity == "denies" else ""
    return fact_key(said.attribute, said.value) + said.polarity


def _evidence(one: Located) -> Evidence:
    span, said = one.span, one.said
    value = canonical_value(said.attribute, said.value)
    name = evidence_id(said.attribute, value, one.document, span, said.polarity, _EXTRACTOR)
    return Evidence(
        id=name, attribute=said.attribute, value=value, quote=one.quote, document=one.document, start=span.start, end=span.end,
        url=one.url, source_kind=one.kind, source_tier=one.tier, published_at=said.on,
        polarity=said.polarity, extractor=_EXTRACTOR,
    )  # fmt: skip


def _fact(attribute: str, statements: list[Located], items: list[Evidence]) -> Fact:
    first = items[0]
    against = tuple(item.id for item in items if attribute == "employee_count" and item.value != first.value)
    value: Any = first.value
    if attribute == "hiring" and isinstance(value, dict) and first.polarity == "asserts":
        value = {**value, "seniority": None, "title": None, "count": len(items)}
    status = "denied" if first.polarity == "denies" else "contradicted" if against else "supported"
    ids = tuple(item.id for item in items if item.id not in against)
    return Fact(attribute=attribute, value=value, status=status, evidence=ids, against=against)


def labels_of(site: Site, located: list[Located]) -> list[dict[str, JsonValue]]:
    """Return the case's labels, ready for YAML."""
    groups: dict[tuple[str, str], list[Located]] = defaultdict(list)
    for one in located:
        key = json.dumps(one.said.accept, sort_keys=True, ensure_ascii=False) + one.said.polarity
        groups[one.said.attribute, key].append(one)
    labels = [_label(attribute, statements) for (attribute, _), statements in groups.items()]
    said = {attribute for attribute, _ in groups}
    labels += [_absent(site, name) for name in ABSENT if name not in said and not _spoken(site, name)]
    return [*labels, *_rejected(site)]


def _label(attribute: str, statements: list[Located]) -> dict[str, JsonValue]:
    first = statements[0].said
    accept: list[JsonValue] = list(first.accept)
    if attribute == "hiring":
        count = {} if first.polarity == "denies" else {"count": len(statements)}
        accept = [{**one, **count} for one in accept if isinstance(one, dict)]
    spans = {(one.said.url, one.quote): None for one in statements}
    label: dict[str, JsonValue] = {"attribute": attribute, "accept": accept}
    if first.tolerance:
        label["tolerance"] = first.tolerance
    if first.polarity == "denies":
        label["polarity"] = "denies"
    label["spans"] = [{"url": url, "quote": quote} for url, quote in spans]
    return label


def _spoken(site: Site, attribute: str) -> bool:
    """Tell whether the site used a phrase that could say an attribute its ledger does not state.

    For a subsidiary that is told as an acquisition; for anything else the generator forgot to note it.
    """
    used = [key for key in site.ledger.spoken if key.startswith(ABSENT[attribute])]
    if used and attribute != "subsidiary":
        raise InputError(
            f"{site.company.asked}: {sorted(used)} was written, but no {attribute} is in the ledger"
        )
    return bool(used)


def _absent(site: Site, attribute: str) -> dict[str, JsonValue]:
    company = site.company
    aliases: list[JsonValue] = []
    if attribute == "funding_round":
        aliases = ["Series A", "Series B", "Series C"]
    elif attribute == "certification":
        # What is only planned or talked about is named, and absent all the same.
        named = {str(wrong.value) for wrong in site.ledger.wrong if wrong.attribute == "certification"}
        aliases = [name for name in ("SOC 2", "ISO 27001", "ISO 9001", "PCI DSS") if name not in named]
    elif attribute == "employee_count":
        aliases = [f"{company.employees} {company.book.menu('employees').label}"]
    label: dict[str, JsonValue] = {"attribute": attribute, "absent": True}
    if aliases:
        label["aliases"] = aliases
    return label


def _rejected(site: Site) -> list[dict[str, JsonValue]]:
    true = [(said.attribute, accepted) for said in site.ledger.said if said.polarity == "asserts" for accepted in said.accept]  # fmt: skip
    by_trap: dict[tuple[str, str], list[JsonValue]] = defaultdict(list)
    for wrong in site.ledger.wrong:
        if not any(attribute == wrong.attribute and _covers(wrong.value, value) for attribute, value in true):
            known = by_trap[wrong.attribute, wrong.trap]
            if wrong.value not in known:
                known.append(wrong.value)
    return [{"attribute": attribute, "reject": values, "trap": trap} for (attribute, trap), values in by_trap.items()]  # fmt: skip


def _covers(wrong: JsonValue, right: JsonValue) -> bool:
    """Tell whether rejecting one would reject the other."""
    if isinstance(wrong, dict) and isinstance(right, dict):
        return all(right.get(key) == value for key, value in wrong.items())
    return wrong == right
