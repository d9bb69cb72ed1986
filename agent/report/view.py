"""What a reader is shown, in reading order, before it becomes text, Markdown or HTML.

One place decides what is said and what is left to the JSON, so that the three renderings never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from pydantic import JsonValue

from agent.attributes import OPEN_ENDED
from agent.models import (
    FRESH_DAYS,
    AccountReport,
    AccountVerdict,
    BriefSentence,
    CriterionVerdict,
    Evidence,
    Exclusion,
    Fact,
    SourceCoverage,
)
from tools.failure_words import why

TIER_WORDS = {
    "not_a_fit": "Not a fit",
    "insufficient_evidence": "Insufficient evidence",
    "disqualified": "Disqualified",
}
STATE_WORDS = {
    "read": "read",
    "read_nothing_found": "read, nothing found",
    "unreadable": "could not be read",
    "not_looked": "not looked at",
}
TRICK_WORDS = {
    "ignore_previous": "tells it to ignore its instructions",
    "multilingual": "tells it to ignore its instructions, in another language",
    "role_marker": "imitates a system message",
    "delimiter_spoof": "pretends that the page's text has ended",
    "score_manipulation": "asks for a better score",
    "system_imitation": "imitates its operator",
    "tool_call": "asks for an action",
    "answer_spoof": "dictates an answer",
    "secrecy": "asks it to keep something from the reader",
    "evidence_order": "says what counts as evidence",
    "hidden_text": "in text no visitor sees",
    "invisible_characters": "with invisible characters",
    "homoglyphs": "with look-alike letters",
    "bidi": "with reversed text",
    "encoded": "in encoded text",
}
BRIEF_WORDS = {
    "why_this_account": "Why this account",
    "why_now": "Why now",
    "who": "Whom to talk to",
    "risks": "Risks",
    "ask": "What to ask",
}
INTENT_ATTRIBUTES = (
    "funding_round",
    "leadership_change",
    "acquisition",
    "expansion",
    "product_launch",
    "partnership",
    "layoffs",
    "vendor_evaluation",
    "event_attendance",
    "website_change",
    "third_party_intent",
)


class Citation(NamedTuple):
    """A quote as shown: its text, where it stands, and when what it tells happened (`None`: undated)."""

    evidence: str
    quote: str
    url: str
    day: date | None

    @property
    def where(self) -> str:
        """Return the URL without its scheme, for a reader."""
        if self.url.startswith("dns:"):
            return f"DNS of {self.url.removeprefix('dns:')}"
        parts = urlsplit(self.url)
        return (parts.netloc.removeprefix("www.") + parts.path.rstrip("/")) or self.url


class Line(NamedTuple):
    """A statement and the quotes it rests on."""

    text: str
    citations: tuple[Citation, ...] = ()


def tier_name(tier: str) -> str:
    """Return a tier as a reader says it."""
    return TIER_WORDS.get(tier, tier)


def number(value: float) -> str:
    """Return points without a useless `.0`."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def effect_words(exclusion: Exclusion) -> str:
    """Return what an exclusion that holds does: `disqualify`, or `penalty, -12.5 points`."""
    if exclusion.effect == "disqualify":
        return exclusion.effect
    return f"{exclusion.effect}, -{number(exclusion.points)} points"


def headline(report: AccountReport) -> str:
    """Return the account as a reader names it."""
    account = report.account
    name = f"{account.name} ({account.domain})" if account.name else account.domain
    if account.final_domain != account.domain:
        name += f", redirects to {account.final_domain}"
    return name


def extractor_note(report: AccountReport) -> str:
    """Say in one line who read the pages."""
    run = report.run
    if run.extractor == "rules":
        return "Read by rules alone, no model: questions and free text stay open (set OPENAI_API_KEY to add one)."
    cost = "cost unknown" if run.cost_usd is None else f"${run.cost_usd:.4f}"
    calls = f"{run.llm_calls} call{'' if run.llm_calls == 1 else 's'}"
    return f"Read by rules and {run.model}: {calls}, {run.input_tokens:,} tokens in, {run.output_tokens:,} out, {cost}."


def checked_note(report: AccountReport) -> str:
    """Say in one line how much was checked and how much was turned away."""
    return (
        f"{counted(len(report.evidence), 'quote')} checked against "
        f"{counted(len(report.documents), 'archived text')}; "
        f"{counted(len(report.rejected), 'claim')} rejected, "
        f"{counted(len(report.quarantined), 'document')} set aside."
    )


def counted(count: int, noun: str) -> str:
    """Return a number and its noun, in the plural where it is one."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


class ReportView:
    """A report with its evidence indexed, answering what each section shows."""

    def __init__(self, report: AccountReport) -> None:
        self.report = report
        self.evidence = {item.id: item for item in report.evidence}

    def citations(self, ids: Sequence[str], most: int = 3) -> tuple[Citation, ...]:
        """Return the quotes behind ids, distinct texts only, at most `most`."""
        seen: set[str] = set()
        found = []
        for identifier in ids:
            item = self.evidence.get(identifier)
            if item is None or item.quote in seen:
                continue
            seen.add(item.quote)
            found.append(_citation(item))
        return tuple(found[:most])

    def references(self, ids: Sequence[str], most: int = 2) -> tuple[Citation, ...]:
        """Return the first quote of each place that ids lead to, at most `most` places."""
        by_place: dict[str, Citation] = {}
        for citation in self.citations(ids, most=len(ids)):
            by_place.setdefault(citation.where, citation)
        return tuple(by_place.values())[:most]

    def unquoted(self, criterion: CriterionVerdict) -> tuple[Citation, ...]:
        """Return the criterion's first quote, unless its reason already shows it."""
        cited = self.citations(criterion.evidence, most=1)
        shown = " ".join(criterion.reason.split())
        return tuple(c for c in cited if " ".join(c.quote.split())[:40] not in shown)

    def criteria(self, verdict: AccountVerdict, *statuses: str) -> list[CriterionVerdict]:
        """Return the criteria in one of these states, most points first."""
        chosen = [c for c in verdict.criteria if c.status in statuses]
        return sorted(chosen, key=lambda c: (-c.points, -c.possible_points, c.id))

    def why_now(self) -> list[Line]:
        """Return dated intent signals, freshest first, then hiring."""
        dated: list[tuple[date, Line]] = []
        for fact in self.report.facts:
            if fact.attribute not in INTENT_ATTRIBUTES or fact.status == "denied":
                continue
            cited = self.citations(fact.evidence, most=1)
            day = max((c.day for c in cited if c.day), default=None)
            if day is not None and 0 <= (self.report.as_of - day).days <= FRESH_DAYS:
                dated.append((day, Line(f"{day}: {describe_fact(fact)}", cited)))
        dated.sort(key=lambda entry: (entry[0], entry[1].text), reverse=True)
        lines = [line for _, line in dated]
        lines += self._hiring()
        return lines

    def _hiring(self) -> list[Line]:
        """Return all openings as one line, the departments that hire most first."""
        counts = [
            (int(str(fact.value["count"])), str(fact.value["department"]), fact)
            for fact in self.report.facts
            if fact.attribute == "hiring" and fact.status != "denied" and isinstance(fact.value, dict)
        ]
        if not counts:
            return []
        counts.sort(key=lambda entry: (-entry[0], entry[1]))
        total = sum(count for count, _, _ in counts)
        parts = ", ".join(f"{label(department)} {count}" for count, department, _ in counts)
        return [Line(f"{counted(total, 'opening')}: {parts}", self.citations(counts[0][2].evidence, most=1))]

    def brief(self) -> list[tuple[str, list[BriefSentence]]]:
        """Return the brief's sentences under their section's heading, in order."""
        sections: dict[str, list[BriefSentence]] = {}
        for sentence in self.report.brief:
            sections.setdefault(BRIEF_WORDS[sentence.section], []).append(sentence)
        return list(sections.items())

    def who(self, verdict: AccountVerdict | None) -> list[Line]:
        """Return buying-committee roles by title."""
        if verdict is None:
            return []
        words = {"present": "in place", "hiring": "being hired", "not_seen": "not seen"}
        return [
            Line(
                f"{persona.role.replace('_', ' ')}: {words[persona.state]}"
                + (
                    f" ({', '.join(persona.titles)})"
                    if persona.titles and persona.state != "not_seen"
                    else ""
                ),
                self.citations(persona.evidence, most=1),
            )
            for persona in verdict.personas
        ]

    def contradictions(self) -> list[Line]:
        """Return facts whose sources disagree, both sides cited."""
        return [
            Line(
                f"{label(fact.attribute)}: taken as {describe_value(fact)}, but sources disagree",
                self.citations((*fact.evidence[:1], *fact.against[:2])),
            )
            for fact in self.report.facts
            if fact.status == "contradicted"
        ]

    def set_aside(self) -> list[str]:
        """Return the documents that do not tie to the account, each with the reason."""
        return [f"{entry.title or entry.url}: {entry.reason}" for entry in self.report.quarantined]

    def suspicious(self) -> list[str]:
        """Return the documents that try to steer whoever reads them by machine, and how."""
        tricks: dict[str, list[str]] = {}
        for document in self.report.documents:
            names = [
                flag.removeprefix("injection:") for flag in document.flags if flag.startswith("injection:")
            ]
            if names:
                known = tricks.setdefault(document.final_url, [])
                known += [name for name in names if name not in known]
        return [
            f"{url} tries to steer a machine that reads it ({', '.join(TRICK_WORDS.get(n, label(n)) for n in names)});"
            " it was read as data, and its quotes were checked like any other"
            for url, names in tricks.items()
        ]

    def not_read(self) -> list[str]:
        """Return what could not be read, was not looked at, or held nothing."""
        covered = self.report.coverage_of_sources
        lines = [f"{c.source}: {c.damage}" for c in covered if c.state == "read" and c.damage]
        lines += [describe_coverage(c) for c in covered if c.state != "read"]
        own = (self.report.account.domain, self.report.account.final_domain)
        failures = [f for f in self.report.failures if _is_on(f.url, own)]
        lines += [f"{f.url}: {why(f)}" for f in failures[:3]]
        if rest := len(self.report.failures) - len(failures[:3]):
            lines.append(f"and {counted(rest, 'other request')} without an answer (see failures in the JSON)")
        return lines


def _is_on(url: str, domains: tuple[str, str]) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _citation(item: Evidence) -> Citation:
    return Citation(item.id, item.quote, item.url, item.published_at)


def describe_coverage(coverage: SourceCoverage) -> str:
    """Return one source's state as a line."""
    detail = f": {coverage.detail}" if coverage.detail else ""
    return f"{coverage.source} {STATE_WORDS[coverage.state]}{detail}"


def label(attribute: str) -> str:
    """Return an attribute's name as words."""
    return "question" if attribute.startswith("question:") else attribute.replace("_", " ")


def describe_fact(fact: Fact) -> str:
    """Return a fact as a short statement, which says so when the sources deny it."""
    denied = " (denied)" if fact.status == "denied" else ""
    return f"{label(fact.attribute)}: {describe_value(fact)}{denied}"


def describe_value(fact: Fact) -> str:
    """Return a fact's value as words; a shape this function does not know is printed key by key."""
    value = fact.value
    if not isinstance(value, dict):
        return str(value)
    match fact.attribute:
        case "employee_count":
            return _people(value.get("exact"), value.get("low"), value.get("high"))
        case "technology":
            relation = str(value.get("relation")).replace("_", " ")
            return f"{relation} {value.get('product')}"
        case "hiring":
            count = value.get("count")
            title = value.get("title")
            if count == 0:  # as denials carry it
                team = str(value.get("department"))
                return "any opening" if team == "other" else f"any opening in {label(team)}"
            return f"{count} opening{'' if count == 1 else 's'} in {label(str(value.get('department')))}" + (
                f" ({title})" if title else ""
            )
        case "funding_round":
            stage = label(str(value["stage"])).title() if value.get("stage") else "round"
            return f"{stage}, {_money(value)}" if value.get("amount") else stage
        case "total_funding":
            return _money(value)
        case "leadership_change":
            return " ".join(str(part) for part in value.values() if part is not None)
        case "headquarters":
            return ", ".join(str(value[key]) for key in ("city", "region", "country") if value.get(key))
        case _:
            parts = [
                f"{part:,}" if isinstance(part, int) else str(part)
                for part in value.values()
                if part is not None
            ]
            return ", ".join(part.replace("_", " ") for part in parts)


def _money(value: dict[str, JsonValue]) -> str:
    amount = value.get("amount")
    return f"{value.get('currency')} {amount:,}" if isinstance(amount, int) else "amount not stated"


def _people(exact: object, low: object, high: object) -> str:
    if isinstance(exact, int):
        return f"{exact:,}"
    if not isinstance(low, int) or not isinstance(high, int):
        return "unknown"
    if low == high:
        return f"about {low:,}"
    return f"{low:,}+" if high >= OPEN_ENDED else f"{low:,}-{high:,}"
