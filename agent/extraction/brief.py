"""The account brief: why this account, why now, who, risks, what to ask. A template; no model.

Every sentence stands on evidence. `check_brief` holds any brief, written here or by a model, to that: a
sentence whose numbers, names or dates are not in its evidence is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from agent.attributes import OPEN_ENDED, entry
from agent.canonical.countries import country_name
from agent.canonical.numbers import find_numbers
from agent.models import AccountVerdict, BriefSentence, Evidence, Fact, Findings

Section = Literal["why_this_account", "why_now", "who", "risks", "ask"]

_FIT = ("industry", "employee_count", "headquarters", "technology", "certification", "customer_segment")
_NOW = (
    "funding_round",
    "hiring",
    "leadership_change",
    "expansion",
    "product_launch",
    "acquisition",
    "partnership",
)
_MOST = {"why_this_account": 6, "why_now": 5, "who": 3, "risks": 5, "ask": 5}


def write_brief(findings: Findings, verdict: AccountVerdict) -> tuple[BriefSentence, ...]:
    """Return the brief's sentences, section by section; facts the verdict rests on come first.

    Questions to ask rest on no evidence and state nothing. Sentences that their evidence does not bear
    are left out.
    """
    evidence = {item.id: item for item in findings.evidence}
    cited = {item for criterion in verdict.criteria for item in criterion.evidence}
    facts = sorted(findings.facts, key=lambda fact: not cited & set(fact.evidence))
    sentences = [
        *_limited("why_this_account", _fit(facts, evidence)),
        *_limited("why_now", _now(facts, evidence)),
        *_limited("who", _who(facts, evidence)),
        *_limited("risks", _risks(facts, verdict, evidence)),
        *_limited("ask", _ask(verdict)),
    ]
    return check_brief(sentences, findings.evidence)


def check_brief(
    sentences: Sequence[BriefSentence], evidence: Sequence[Evidence]
) -> tuple[BriefSentence, ...]:
    """Return the sentences that hold: known evidence ids, and no number, name or date beyond their evidence.

    A sentence without evidence holds only in the section `ask`, and only as a question.
    """
    by_id = {item.id: item for item in evidence}
    return tuple(sentence for sentence in sentences if _holds(sentence, by_id))


def _limited(section: Section, sentences: Iterator[tuple[str, tuple[str, ...]]]) -> list[BriefSentence]:
    kept: list[BriefSentence] = []
    for text, ids in sentences:
        if len(kept) < _MOST[section] and text not in {sentence.text for sentence in kept}:
            kept.append(BriefSentence(section=section, text=text, evidence=ids))
    return kept


def _fit(facts: Sequence[Fact], evidence: Mapping[str, Evidence]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for attribute in _FIT:
        for fact in facts:
            if fact.attribute == attribute and fact.status == "supported":
                words = _words(fact)
                if words:
                    yield words, fact.evidence


def _now(facts: Sequence[Fact], evidence: Mapping[str, Evidence]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for attribute in _NOW:
        for fact in facts:
            if fact.attribute != attribute or fact.status != "supported":
                continue
            words, on = _words(fact), _latest(fact, evidence)
            if words and on is not None:
                yield f"{words[:-1]} ({on.isoformat()}).", fact.evidence


def _who(facts: Sequence[Fact], evidence: Mapping[str, Evidence]) -> Iterator[tuple[str, tuple[str, ...]]]:
    roles: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.attribute == "buying_role" and fact.status == "supported" and isinstance(fact.value, dict):
            roles.setdefault(str(fact.value["role"]), []).append(fact)
    for role, holders in roles.items():
        for hiring in (False, True):
            shown = [fact for fact in holders if _is_posting(fact, evidence) == hiring][:3]
            if shown:
                titles = ", ".join(str(fact.value["title"]) for fact in shown if isinstance(fact.value, dict))
                verb = "Hiring" if hiring else "In place"
                yield f"{verb} ({role.replace('_', ' ')} role): {titles}.", _ids(shown)


def _risks(
    facts: Sequence[Fact], verdict: AccountVerdict, evidence: Mapping[str, Evidence]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for exclusion in verdict.excluded:
        yield f"Excluded by the profile: {exclusion.id}.", exclusion.evidence
    for fact in facts:
        if fact.attribute == "layoffs" and fact.status == "supported":
            on = _latest(fact, evidence)
            if on is not None:
                yield f"Has let people go ({on.isoformat()}).", fact.evidence
        elif fact.status == "contradicted":
            yield (
                f"Sources disagree on {entry(fact.attribute).label.lower()}.",
                (*fact.evidence[:2], *fact.against[:2]),
            )
        elif (
            fact.attribute == "technology"
            and isinstance(fact.value, dict)
            and fact.value["relation"] == "migrating_from"
        ):
            yield f"Is moving away from {fact.value['product']}.", fact.evidence


def _ask(verdict: AccountVerdict) -> Iterator[tuple[str, tuple[str, ...]]]:
    for fact in verdict.next_facts:
        yield (fact.ask if fact.ask.rstrip().endswith("?") else f"{fact.ask.rstrip('.')}?"), ()


def _words(fact: Fact) -> str:
    """Return a fact as one plain sentence, `""` when it has none."""
    value: Any = fact.value  # Any: a canonical JSON value
    match fact.attribute:
        case "industry":
            return f"Industry: {value['label']}."
        case "employee_count":
            return f"Employees: {_size(value)}."
        case "headquarters":
            places = [value["city"], value["region"], country_name(value["country"])]
            return f"Head office: {', '.join(place for place in places if place)}."
        case "technology":
            verbs = {"uses": "Uses", "evaluates": "Is evaluating", "integrates_with": "Integrates with"}
            return f"{verbs[value['relation']]} {value['product']}." if value["relation"] in verbs else ""
        case "certification":
            return f"Holds {value}."
        case "customer_segment":
            return f"Serves the segment {value.replace('_', ' ')}."
        case "funding_round":
            amount = f" {value['currency']} {value['amount']:,}" if value["amount"] is not None else ""
            stage = f" in a {value['stage'].replace('_', ' ')} round" if value["stage"] else ""
            return f"Raised{amount or ' money'}{stage}."
        case "hiring":
            count = value["count"]
            return f"Hiring in {value['department'].replace('_', ' ')}: {count} opening{'s' if count != 1 else ''}."
        case "leadership_change":
            return f"Leadership change: {value['title']} {value['change']}."
        case "expansion":
            return f"Expansion: {value['place']}." if value["place"] else ""
        case "product_launch":
            return f"Launched {value['product']}."
        case "acquisition":
            return (
                f"{'Acquired' if value['role'] == 'acquirer' else 'Was acquired by'} {value['other']}."
                if value["other"]
                else ""
            )
        case "partnership":
            return f"Partnered with {value['partner']}."
    return ""


def _size(value: Any) -> str:
    if value["exact"] is not None:
        return f"{value['exact']:,}"
    if value["high"] >= OPEN_ENDED:
        return f"{value['low']:,} or more"
    return (
        f"about {value['low']:,}"
        if value["low"] == value["high"]
        else f"{value['low']:,} to {value['high']:,}"
    )


def _latest(fact: Fact, evidence: Mapping[str, Evidence]) -> date | None:
    dates = [
        item.published_at for name in fact.evidence if (item := evidence.get(name)) and item.published_at
    ]
    return max(dates, default=None)


def _is_posting(fact: Fact, evidence: Mapping[str, Evidence]) -> bool:
    return all(evidence[name].source_kind == "job_posting" for name in fact.evidence if name in evidence)


def _ids(facts: Sequence[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for fact in facts for name in fact.evidence))


_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-ZÀ-Þ][\w&.+'’/-]*(?:[ ][A-ZÀ-Þ0-9][\w&.+'’/-]*)*")
_ISO_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


def _holds(sentence: BriefSentence, by_id: Mapping[str, Evidence]) -> bool:
    if not sentence.evidence:
        return sentence.section == "ask" and sentence.text.rstrip().endswith("?")
    items = [by_id[name] for name in sentence.evidence if name in by_id]
    if len(items) != len(sentence.evidence):
        return False
    dates = {item.published_at.isoformat() for item in items if item.published_at}
    if any(found not in dates for found in _ISO_DATE.findall(sentence.text)):
        return False
    text = _ISO_DATE.sub(" ", sentence.text)
    known = _known_words(items)
    numbers = _known_numbers(items)
    if any(mention.value not in numbers for mention in find_numbers(text)):
        return False
    words = (word for name in _NAME.findall(text) for word in name.split())
    return all(word[0].isdigit() or _folded(word) in known for word in words)


def _known_numbers(items: Sequence[Evidence]) -> set[Any]:
    """Return the numbers in quotes and values, and how many openings the evidence shows."""
    numbers: set[Any] = {mention.value for item in items for mention in find_numbers(item.quote)}
    for item in items:
        numbers.update(
            part for part in _leaves(item.value) if isinstance(part, int) and not isinstance(part, bool)
        )
        numbers.update(
            int(word)
            for part in _leaves(item.value)
            if isinstance(part, str)
            for word in re.findall(r"\b[0-9]{1,9}\b", part)
        )
    numbers.update(range(1, len(items) + 1))
    return numbers


def _known_words(items: Sequence[Evidence]) -> set[str]:
    words: set[str] = set()
    for item in items:
        parts = [item.quote, *(str(part) for part in _leaves(item.value) if part is not None)]
        if isinstance(item.value, dict) and isinstance(country := item.value.get("country"), str):
            parts.append(country_name(country))
        words.update(_folded(word) for part in parts for word in re.split(r"[\s_]+", part))
    return words


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _folded(word: str) -> str:
    return re.sub(r"['’]s$", "", word.casefold()).strip(".,;:!?()[]\"'“”’")
