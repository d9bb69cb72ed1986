"""The brief without a model: one plain sentence for each thing that a seller would say first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Literal

from agent.attributes import OPEN_ENDED, entry, is_question
from agent.canonical.countries import country_name
from agent.extraction.brief.check import answered, check_brief
from agent.extraction.brief.grounds import Ground, Grounds, numbers_of, texts_of
from agent.models import FRESH_DAYS, BriefSentence

Section = Literal["why_this_account", "why_now", "who", "risks", "ask"]
SECTIONS: tuple[Section, ...] = ("why_this_account", "why_now", "who", "risks", "ask")
MOST_SENTENCES = 5
_MOST_NAMED = 4
_MOST_EVIDENCE = 4
_FIT = (
    "industry",
    "employee_count",
    "headquarters",
    "customer_segment",
    "revenue",
    "technology",
    "certification",
)
_NOW = (
    "funding_round",
    "hiring",
    "leadership_change",
    "expansion",
    "acquisition",
    "product_launch",
    "partnership",
    "vendor_evaluation",
)
_TELLING = frozenset(
    {
        "crm",
        "marketing_automation",
        "sales_engagement",
        "sales_intelligence",
        "erp",
        "ecommerce",
        "support",
        "data_warehouse",
        "billing",
        "payments",
        "hr",
        "ats",
        "cloud",
        "cms",
        "bi",
        "product_analytics",
        "cdp",
    }
)
"""Categories of product that say how a company works; fonts and tag managers do not."""
_DISPUTED = {"founded_year": "founding year", "employee_count": "number of employees", "name": "company name"}

Said = tuple[str, tuple[str, ...]]


def write_brief(grounds: Grounds) -> tuple[BriefSentence, ...]:
    """Return the brief's sentences, section by section; facts that the verdict rests on come first.

    Questions to ask rest on no evidence and state nothing. What its evidence does not bear is left out.
    """
    writers: dict[Section, Callable[[Grounds], Iterator[Said]]] = {
        "why_this_account": _fit,
        "why_now": _now,
        "who": _who,
        "risks": _risks,
        "ask": _ask,
    }
    sentences = [
        BriefSentence(section=section, text=text, evidence=evidence)
        for section in SECTIONS
        for text, evidence in dict(list(writers[section](grounds))).items()
    ]
    kept = check_brief(sentences, grounds).kept
    return tuple(each for section in SECTIONS for each in _of(kept, section)[:MOST_SENTENCES])


def _of(sentences: Sequence[BriefSentence], section: Section) -> list[BriefSentence]:
    return [sentence for sentence in sentences if sentence.section == section]


def _fit(grounds: Grounds) -> Iterator[Said]:
    supported = [ground for ground in grounds.all if ground.fact.status == "supported"]
    for ground in supported:
        question = grounds.questions.get(ground.attribute)
        if question and ground.value.get("answer") == "yes":
            yield answered(question, ground), _ids(ground)
    for attribute in _FIT:
        found = [
            ground
            for ground in supported
            if ground.attribute == attribute and not _disqualifies(ground, grounds)
        ]
        if attribute == "technology":
            yield from _technologies(found)
        elif attribute == "certification":
            yield from _together("It holds", found, lambda ground: str(ground.value))
        else:
            for ground in found[:1]:
                yield from _said(state(ground), ground)


def _technologies(found: Sequence[Ground]) -> Iterator[Said]:
    leaving = [ground for ground in found if ground.value["relation"] == "migrating_from"]
    yield from _together("It is moving away from", leaving, _product)
    for relation, verb in (("uses", "It uses"), ("evaluates", "It is evaluating")):
        chosen = [ground for ground in found if ground.value["relation"] == relation]
        chosen = [ground for ground in chosen if ground.fits or ground.value["category"] in _TELLING]
        yield from _together(verb, chosen, _product)


def _product(ground: Ground) -> str:
    return str(ground.value["product"])


def _together(start: str, found: Sequence[Ground], name: Callable[[Ground], str]) -> Iterator[Said]:
    chosen = found[:_MOST_NAMED]
    if chosen:
        ids = tuple(dict.fromkeys(i for ground in chosen for i in _ids(ground)[:1]))
        yield f"{start} {_listed([name(ground) for ground in chosen])}.", ids


def _now(grounds: Grounds) -> Iterator[Said]:
    for attribute in _NOW:
        fresh = [
            ground
            for ground in grounds.all
            if ground.attribute == attribute
            and ground.fact.status == "supported"
            and ground.dates
            and (grounds.as_of - ground.dates[0]).days <= FRESH_DAYS
        ]
        if attribute == "hiring":
            yield from _openings(fresh)
            continue
        for ground in sorted(fresh, key=lambda ground: ground.dates[0], reverse=True)[:2]:
            yield from _said(state(ground), ground)


def _openings(found: Sequence[Ground]) -> Iterator[Said]:
    if not found:
        return
    ranked = sorted(found, key=lambda ground: (not ground.fits, -ground.value["count"]))
    first = ranked[0]
    others = [f"{ground.value['count']} in {_department(ground)}" for ground in ranked[1:_MOST_NAMED]]
    count = first.value["count"]
    lead = f"{_openings_of(count)} in {_department(first)} (latest {_day(first.dates[0])})"
    ids = tuple(dict.fromkeys(i for ground in ranked[:_MOST_NAMED] for i in _ids(ground)[:2]))
    yield f"It is hiring: {_listed([lead, *others])}.", ids


def _openings_of(count: int) -> str:
    return f"{count} opening{'' if count == 1 else 's'}"


def _department(ground: Ground) -> str:
    return str(ground.value["department"]).replace("_", " ")


def _who(grounds: Grounds) -> Iterator[Said]:
    personas = grounds.verdict.personas if grounds.verdict else ()
    named: set[str] = set()
    for persona in personas:
        role = persona.role.replace("_", " ")
        for title in persona.titles[:2] if persona.state != "not_seen" else ():
            named.add(title)
            known = [i for i in persona.evidence if i in grounds.by_evidence]
            ids = tuple(i for i in known if title in _titles_of(i, grounds)) or tuple(known)
            kinds = {grounds.by_evidence[i].attribute for i in ids}
            start = "It is hiring" if persona.state == "hiring" else "In place"
            start = "New in place" if kinds == {"leadership_change"} else start
            yield f"{start}: {title} ({role}).", ids
    for ground in grounds.all:
        if ground.attribute == "buying_role" and ground.fact.status == "supported":
            title, role = str(ground.value["title"]), str(ground.value["role"]).replace("_", " ")
            if title not in named and not all(item.source_kind == "job_posting" for item in ground.items):
                yield f"In place: {title} ({role} buyer).", _ids(ground)


def _titles_of(evidence: str, grounds: Grounds) -> Sequence[str]:
    return [
        t for item in grounds.by_evidence[evidence].items if item.id == evidence for t in texts_of(item.value)
    ]


def _risks(grounds: Grounds) -> Iterator[Said]:
    for ground in grounds.all:
        if ground.attribute in grounds.questions and ground.value.get("answer") == "no":
            yield answered(grounds.questions[ground.attribute], ground), _ids(ground)
        elif ground.fact.status == "contradicted" and not is_question(ground.attribute):
            label = _DISPUTED.get(ground.attribute, entry(ground.attribute).label.lower())
            sides = (*ground.fact.evidence[:2], *ground.fact.against[:2])
            yield f"Sources disagree on the {label}.", sides
        elif ground.misses and ground.fact.status == "supported":
            if words := state(ground):
                yield f"Against the profile: {words[0].lower()}{words[1:]}", _ids(ground)
        elif ground.attribute == "layoffs" and ground.fact.status == "supported" and ground.dates:
            yield from _said(state(ground), ground)


_SOUGHT = re.compile(r"\?\s*\(sought: (.*)\)\s*$")
_DOES_IT = {"technology": "use", "certification": "hold", "industry": "work in"}


def _ask(grounds: Grounds) -> Iterator[Said]:
    for fact in grounds.verdict.next_facts if grounds.verdict else ():
        sought = _SOUGHT.search(fact.ask)
        if sought and fact.attribute in _DOES_IT:
            yield f"Does it {_DOES_IT[fact.attribute]} {sought[1]}?", ()
            continue
        asked = _SOUGHT.sub(r" (sought: \1)?", fact.ask.strip())
        yield asked if asked.endswith("?") else f"{asked.rstrip('.')}?", ()


def _disqualifies(ground: Ground, grounds: Grounds) -> bool:
    return ground.misses and not ground.fits


def _said(words: str, ground: Ground) -> Iterator[Said]:
    if words:
        yield words, _ids(ground)


def _ids(ground: Ground) -> tuple[str, ...]:
    return ground.fact.evidence[:_MOST_EVIDENCE]


def state(ground: Ground) -> str:
    """Return a fact as one plain sentence, with its day where it has one; `""` when it has no words."""
    value: Any = ground.value  # Any: a canonical JSON value
    on = f" ({_day(ground.dates[0])})" if ground.dates else ""
    match ground.attribute:
        case "industry" | "sub_industry":
            return f"It works in {value['label']}."
        case "employee_count":
            return f"It employs {_size(value)}."
        case "headquarters":
            places = [value["city"], value["region"], country_name(value["country"])]
            return f"Its head office is in {', '.join(dict.fromkeys(place for place in places if place))}."
        case "founded_year":
            return f"It was founded in {value}."
        case "revenue":
            low, high, currency = value["low"], value["high"], value["currency"]
            amount = (
                _amount(low, currency)
                if low == high
                else f"{_amount(low, currency)} to {_amount(high, currency)}"
            )
            return f"Its yearly revenue is {amount}."
        case "technology":
            verbs = {
                "uses": "It uses",
                "evaluates": "It is evaluating",
                "integrates_with": "It integrates with",
                "sells": "It sells",
                "migrating_from": "It is moving away from",
            }
            return f"{verbs[value['relation']]} {value['product']}."
        case "certification":
            return f"It holds {value}."
        case "customer_segment":
            served = value.replace("_", " ")
            return f"It serves {served}." if served.endswith("s") else f"It serves {served} customers."
        case "pricing_model":
            return f"Its pricing is {value.replace('_', ' ')}."
        case "funding_round":
            amount = (
                f" {_amount(value['amount'], value['currency'])}" if value["amount"] is not None else " money"
            )
            stage = f" in a {_stage(value['stage'])} round" if value["stage"] else ""
            return f"It raised{amount}{stage}{on}."
        case "hiring":
            return f"It has {_openings_of(value['count'])} in {_department(ground)}{on}."
        case "leadership_change":
            verbs = {"appointed": "It appointed", "promoted": "It promoted", "departed": "Departed:"}
            return (
                f"{verbs[value['change']]} {_article(value['title'], value['change'])}{value['title']}{on}."
            )
        case "expansion":
            if not value["place"]:
                return ""
            kind = "" if value["kind"] == "other" else f"{value['kind']} in "
            return f"It is expanding: {kind}{value['place']}{on}."
        case "product_launch":
            return f"It launched {value['product']}{on}."
        case "acquisition":
            verb = "It acquired" if value["role"] == "acquirer" else "It was acquired by"
            return f"{verb} {value['other']}{on}." if value["other"] else ""
        case "partnership":
            return f"It partnered with {value['partner']}{on}."
        case "layoffs":
            if value["percent"] is not None:
                return f"It laid off {value['percent']:g} percent of its people{on}."
            return (
                f"It laid off {value['count']:,} people{on}."
                if value["count"] is not None
                else f"It cut jobs{on}."
            )
        case "vendor_evaluation":
            return f"It is comparing vendors: {value['subject']}{on}."
    return ""


def answered_or_stated(ground: Ground, grounds: Grounds) -> str:
    """Return a fact in words, whatever it is: its sentence, its question's answer, or its label and value."""
    question = grounds.questions.get(ground.attribute)
    if question:
        return answered(question, ground)
    if ground.fact.status == "supported" and (words := state(ground)):
        return words
    return f"{entry(ground.attribute).label}: {', '.join([*texts_of(ground.value), *_counted(ground)])}."


def _counted(ground: Ground) -> list[str]:
    return [f"{number:,.0f}" for number in sorted(numbers_of(ground.value))]


def _article(title: str, change: str) -> str:
    return "" if change == "departed" else "an " if title[:1] in "AEIO" else "a "


def _stage(stage: str) -> str:
    series = re.fullmatch(r"series_([a-z])", stage)
    return f"Series {series[1].upper()}" if series else stage.replace("_", " ")


def _size(value: Any) -> str:  # Any: a canonical size
    low, high = value["low"], value["high"]
    if value["exact"] is not None:
        return f"{value['exact']:,} {'person' if value['exact'] == 1 else 'people'}"
    if high >= OPEN_ENDED:
        return f"{low:,} people or more"
    return f"about {low:,} people" if low == high else f"{low:,} to {high:,} people"


def _amount(amount: int, currency: str) -> str:
    """Return an amount of money in short: `USD 45 million`, exact to the last digit."""
    for size, word in ((10**9, "billion"), (10**6, "million")):
        if amount >= size and amount % (size // 1000) == 0:
            return f"{currency} {amount / size:g} {word}"
    return f"{currency} {amount:,}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
