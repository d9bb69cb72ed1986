"""What a brief may rest on: each fact with its quotes and dates, by the evidence that carries it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from pydantic import JsonValue

from agent.attributes import OPEN_ENDED
from agent.canonical.countries import country_name
from agent.extraction.brief.words import PLAIN
from agent.icp import ICP, question_attribute
from agent.icp.model import Criterion, ExclusionRule, QuestionTest, leaf_tests
from agent.models import AccountVerdict, Evidence, Fact, Findings


@dataclass(frozen=True, eq=False)
class Ground:
    """One fact as a brief may use it: whether a met criterion of the profile rests on it, or a missed one."""

    fact: Fact
    items: tuple[Evidence, ...]
    fits: bool = False
    misses: bool = False

    @property
    def attribute(self) -> str:
        """Return the fact's attribute."""
        return self.fact.attribute

    @property
    def value(self) -> Any:  # Any: a canonical JSON value
        """Return the fact's value."""
        return self.fact.value

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """Return when what the evidence tells happened, latest first; none when undated."""
        return tuple(sorted({item.published_at for item in self.items if item.published_at}, reverse=True))

    @cached_property
    def numbers(self) -> frozenset[float]:
        """Return the value's numbers."""
        return frozenset(numbers_of(self.value))

    @cached_property
    def words(self) -> frozenset[str]:
        """Return the words of the value, and of the openings' titles it counts, folded."""
        return frozenset(words_of(" ".join(texts_of(self.value)))) | self.titles

    @cached_property
    def titles(self) -> frozenset[str]:
        """Return the words of single openings' titles, which the count of a department does not carry."""
        if self.attribute != "hiring" or self.value["title"] is not None:
            return frozenset()
        titles = [item.value.get("title") for item in self.items if isinstance(item.value, dict)]
        found = words_of(" ".join(str(title) for title in titles if title))
        return frozenset(found) - frozenset(words_of(" ".join(texts_of(self.value)))) - PLAIN


TOKEN = re.compile(r"%|[^\W_]+(?:['’][^\W_]+)*[+#]*")


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """Return a word in compared form, without a possessive."""
    return word.casefold().replace("’", "'").removesuffix("'s")


def words_of(text: str) -> list[str]:
    """Return a text's words in compared form."""
    return [fold(word) for word in TOKEN.findall(text)]


class Grounds(NamedTuple):
    """Everything one brief may say: the facts, the account's own name, and the profile's open questions."""

    by_evidence: Mapping[str, Ground]
    all: tuple[Ground, ...]
    name: str
    verdict: AccountVerdict | None
    questions: Mapping[str, str]
    as_of: date


def grounds_of(
    findings: Findings, verdict: AccountVerdict | None, icp: ICP | None, name: str, as_of: date
) -> Grounds:
    """Return what a brief on this account may rest on; facts that the verdict rests on come first."""
    evidence = {item.id: item for item in findings.evidence}
    criteria = verdict.criteria if verdict else ()
    cited = {item for criterion in criteria for item in criterion.evidence}
    met = {i for c in criteria if c.status in ("met", "partly_met") for i in c.evidence}
    missed = {i for c in criteria if c.status == "not_met" for i in c.evidence}
    missed |= {i for exclusion in (verdict.excluded if verdict else ()) for i in exclusion.evidence}
    by_evidence: dict[str, Ground] = {}
    grounds = []
    for fact in sorted(findings.facts, key=lambda fact: not cited & {*fact.evidence, *fact.against}):
        ids = (*fact.evidence, *fact.against)
        items = tuple(evidence[item] for item in ids if item in evidence)
        ground = Ground(fact, items, bool(met & set(fact.evidence)), bool(missed & set(fact.evidence)))
        grounds.append(ground)
        by_evidence |= dict.fromkeys((item.id for item in items), ground)
    return Grounds(by_evidence, tuple(grounds), name, verdict, _questions(icp), as_of)


def _questions(icp: ICP | None) -> dict[str, str]:
    """Return the profile's own questions by the attribute their answers are kept under."""
    rules: tuple[Criterion | ExclusionRule, ...] = (*icp.criteria, *icp.exclude) if icp else ()
    tests = (test for rule in rules for test in leaf_tests(rule.condition))
    return {
        question_attribute(test.question): test.question for test in tests if isinstance(test, QuestionTest)
    }


def leaves(value: JsonValue) -> Iterator[JsonValue]:
    """Yield the texts, numbers and nulls inside a value."""
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    else:
        yield value


def texts_of(value: JsonValue) -> Sequence[str]:
    """Return a value's texts as a reader knows them: words for codes, a country's name for its code.

    How the account relates to what is named (it uses it, it bought it) is left out: that is said by verbs.
    """
    if isinstance(value, dict):
        kinds = {"relation", "change", *(("role",) if "other" in value else ())}
        value = {key: part for key, part in value.items() if key not in kinds}
    found = [part.replace("_", " ") for part in leaves(value) if isinstance(part, str)]
    country = value.get("country") if isinstance(value, dict) else value
    if isinstance(country, str) and len(country) == 2 and country.isupper():
        found.append(country_name(country))
    return found


def numbers_of(value: JsonValue) -> set[float]:
    """Return a value's numbers; the end of an open range is none."""
    return {
        float(part)
        for part in leaves(value)
        if isinstance(part, int | float) and not isinstance(part, bool) and part != OPEN_ENDED
    }
