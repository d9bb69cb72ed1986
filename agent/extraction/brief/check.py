"""Hold a brief, whoever wrote it, to its evidence: a sentence that says more is dropped, and counted.

A sentence is cut at commas and conjunctions. Each part must be borne by one single cited fact: its numbers,
dates, names and stating words by the fact's value, any other word by the value or, in order and close
together, by the quote. One fact a part is what stops two true facts from lending each other their words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

from agent.attributes import OPEN_ENDED
from agent.canonical.dates import DateMention, find_dates
from agent.canonical.money import find_money
from agent.canonical.numbers import find_numbers
from agent.extraction.brief.grounds import TOKEN, Ground, Grounds, fold, words_of
from agent.extraction.brief.words import (
    DISPUTE,
    NEGATIONS,
    PLAIN,
    QUESTION_WORDS,
    allowed_words,
    label_words,
    stating_words,
)
from agent.models import BriefSentence

Drop = Literal["no_evidence", "unknown_evidence", "not_in_evidence"]
_LONGEST = 400
_CUT = re.compile(r"[,;:()\[\]–—]|\.\s|\s-\s|\b(?:and|while|with|after|plus|but|who|which)\b", re.IGNORECASE)
_NAMELESS = frozenset({"industry", "sub_industry", "customer_segment", "business_model"})
"""Attributes that need no stating word: "a logistics company"."""
_DIRECTED = frozenset(
    {"technology", "acquisition", "partnership", "parent", "subsidiary", "vendor_evaluation"}
)
"""Attributes whose value names another: it is what is used or bought, never who uses or buys."""
_MOST_SKIPPED = 1


class Checked(NamedTuple):
    """The sentences that hold, in order, and how many were dropped for what."""

    kept: tuple[BriefSentence, ...]
    dropped: Counter[Drop]


def check_brief(sentences: Sequence[BriefSentence], grounds: Grounds) -> Checked:
    """Return the sentences that hold. Each keeps the ids of the facts it really rests on, and no others.

    A sentence without evidence holds only in the section `ask`, and only as a question that names nothing
    the profile does not name.
    """
    kept: list[BriefSentence] = []
    dropped: Counter[Drop] = Counter()
    for sentence in sentences:
        held = _hold(sentence, grounds)
        if isinstance(held, BriefSentence):
            kept.append(held)
        else:
            dropped[held] += 1
    return Checked(tuple(kept), dropped)


def _hold(sentence: BriefSentence, grounds: Grounds) -> BriefSentence | Drop:
    if len(sentence.text) > _LONGEST or not sentence.text.strip():
        return "not_in_evidence"
    if not sentence.evidence:
        if sentence.section != "ask":
            return "no_evidence"
        return sentence if _is_open_question(sentence.text, grounds) else "not_in_evidence"
    if any(item not in grounds.by_evidence for item in sentence.evidence):
        return "unknown_evidence"
    cited = {id(ground): ground for ground in (grounds.by_evidence[item] for item in sentence.evidence)}
    if len(cited) == 1 and (asked := grounds.questions.get(next(iter(cited.values())).attribute)):
        ground = next(iter(cited.values()))
        return sentence if sentence.text == answered(asked, ground) else "not_in_evidence"
    if sentence.text.rstrip().endswith("?"):
        return "not_in_evidence"  # a question states nothing, and needs no evidence
    bearing: list[Ground] = []
    carried: frozenset[str] = frozenset()
    own = _own_words(grounds)
    for part in _parts(sentence.text, own):
        ground_or_none = next((each for each in cited.values() if _bears(each, part, carried, grounds)), None)
        if ground_or_none is None:
            return "not_in_evidence"
        bearing.append(ground_or_none)
        carried = _stated(part, ground_or_none) or carried
    ids = {item.id for ground in bearing for item in ground.items}
    return sentence.model_copy(update={"evidence": tuple(i for i in sentence.evidence if i in ids)})


def answered(question: str, ground: Ground) -> str:
    """Return the one sentence that tells the answer to a profile's own question."""
    return f"{question} {str(ground.value['answer']).capitalize()}."


class _Part(NamedTuple):
    """A stretch of a sentence that one fact must bear."""

    words: tuple[str, ...]
    folded: tuple[str, ...]
    numbers: tuple[tuple[float, str], ...]
    """Each number with the word behind it."""
    money: tuple[tuple[int, str], ...]
    dates: tuple[DateMention, ...]
    starts: bool


def _parts(text: str, own: frozenset[str]) -> list[_Part]:
    """Cut a sentence; what names or states nothing by itself stays with what stands before it."""
    stretches: list[str] = []
    opening = ""
    dated = [(found.start, found.end) for found in _dates(text)]
    for stretch in _stretches(text, dated):
        if _stands_alone(stretch, own):
            stretches.append(f"{opening} {stretch}")
            opening = ""
        elif stretches:
            stretches[-1] += f" {stretch}"
        else:
            opening += f" {stretch}"
    if opening.strip():
        stretches.append(opening)
    return [_read(stretch, starts=place == 0) for place, stretch in enumerate(stretches)]


def _dates(text: str) -> Iterator[DateMention]:
    return find_dates(text) if any(letter.isdigit() for letter in text) else iter(())


def _own_words(grounds: Grounds) -> frozenset[str]:
    return frozenset(words_of(grounds.name))


def _stretches(text: str, dated: Sequence[tuple[int, int]]) -> Iterator[str]:
    begin = 0
    for cut in _CUT.finditer(text):
        inside = any(start <= cut.start() < end for start, end in dated)
        digits = (
            cut[0] == "," and text[cut.end() : cut.end() + 3].isdigit() and text[: cut.start()][-1:].isdigit()
        )
        if not inside and not digits:
            yield text[begin : cut.start()]
            begin = cut.end()
    yield text[begin:]


def _stands_alone(stretch: str, own: frozenset[str]) -> bool:
    bare = _blank(stretch, _dates(stretch))
    bare = _blank(bare, find_numbers(bare))
    return any(word not in PLAIN and word not in own for word in words_of(bare))


def _read(stretch: str, *, starts: bool) -> _Part:
    dates = tuple(_dates(stretch))
    rest = _blank(stretch, dates)
    money = tuple((found.amount, found.currency) for found in find_money(rest))
    mentions = tuple(find_numbers(rest))
    following = (TOKEN.search(rest, mention.end) for mention in mentions)
    numbers = tuple(
        (float(mention.value), fold(word[0]) if word else "")
        for mention, word in zip(mentions, following, strict=True)
    )
    words = tuple(TOKEN.findall(_blank(rest, mentions)))
    return _Part(words, tuple(fold(word) for word in words), numbers, money, dates, starts)


def _blank(text: str, mentions: Any) -> str:  # Any: mentions of numbers or dates, with start and end
    for mention in mentions:
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text


def _bears(ground: Ground, part: _Part, carried: frozenset[str], grounds: Grounds) -> bool:
    """Tell whether one fact bears all that a part says; `carried` are the stating words that it continues."""
    status = ground.fact.status
    folded = part.folded
    if (status == "denied") != bool(NEGATIONS.intersection(folded)):
        return False
    if (status == "contradicted") != bool(DISPUTE.intersection(folded)):
        return False
    if not all(_is_dated(mention, ground) for mention in part.dates):
        return False
    if "latest" in folded and not all(
        m.first <= ground.dates[0] <= m.last for m in part.dates if ground.dates
    ):
        return False
    allowed = allowed_words(ground.attribute, ground.value, fits=ground.fits, misses=ground.misses)
    if status == "denied":
        allowed |= NEGATIONS | _base_forms(allowed)
    if status == "contradicted":
        allowed |= DISPUTE | label_words(ground.attribute)
    return (
        _numbers_hold(part, ground, allowed)
        and _is_stated(part, carried, ground, allowed)
        and _words_hold(part, ground, allowed, grounds)
    )


def _is_dated(mention: DateMention, ground: Ground) -> bool:
    if any(mention.first <= day <= mention.last for day in ground.dates):
        return True
    return mention.precision == "year" and float(mention.first.year) in ground.numbers


def _numbers_hold(part: _Part, ground: Ground, allowed: frozenset[str]) -> bool:
    """Tell whether every number is the value's own, with its unit, and stands before a word of its kind."""
    known = ground.numbers
    named = ground.words
    fields = ground.value if isinstance(ground.value, dict) else {}
    if any(fields.get("currency") != currency or amount not in known for amount, currency in part.money):
        return False
    if part.numbers and ground.titles.intersection(part.folded):
        return False  # so many openings, of which one has this title
    for number, following in part.numbers:
        percent = following in ("%", "percent")
        if percent != ("percent" in fields and fields["percent"] == number):
            return False
        own = number in known and (not following or following in PLAIN | allowed | named)
        if not own and f"{number:.0f}" not in named:  # "ISO 27001", "SOC 2"
            return False
    return _range_holds(fields, {number for number, _ in part.numbers}, set(part.folded))


def _range_holds(fields: dict[str, Any], said: set[float], words: set[str]) -> bool:  # Any: JSON
    """Tell whether a range is told as one: both ends, its open end, or "about" for a hedged number."""
    low, high = fields.get("low"), fields.get("high")
    if low is None or high is None or not said:
        return True
    if low == high:
        return fields.get("exact", low) is not None or bool(words & {"about", "around", "roughly", "some"})
    if high == OPEN_ENDED:
        return said == {float(low)} and bool(words & {"more", "over", "least", "plus"})
    return {float(low), float(high)} <= said


def _stated(part: _Part, ground: Ground) -> frozenset[str]:
    """Return the words with which a part states something, those of the value itself aside."""
    return (frozenset(part.folded) & stating_words()) - ground.words


def _is_stated(part: _Part, carried: frozenset[str], ground: Ground, allowed: frozenset[str]) -> bool:
    """Tell whether a part says what kind of fact it is, by itself or as a continuation ("A, B and C")."""
    if ground.fact.status != "supported" or _stated(part, ground):
        return True
    if carried:
        return carried <= allowed | PLAIN
    return ground.attribute in _NAMELESS or bool(allowed.intersection(part.folded) - PLAIN)


def _words_hold(part: _Part, ground: Ground, allowed: frozenset[str], grounds: Grounds) -> bool:
    named = ground.words
    own = _own_words(grounds)
    states_at = next((n for n, w in enumerate(part.folded) if w in allowed and w not in PLAIN), None)
    if ground.attribute in _DIRECTED and states_at is not None:
        names_at = next((n for n, w in enumerate(part.folded) if w in named - allowed - PLAIN), None)
        if names_at is not None and names_at < states_at:
            return False
    if ground.attribute == "acquisition" and ("by" in part.folded) != (ground.value["role"] == "acquired"):
        return False
    told: list[str] = []
    for place, word in enumerate(part.words):
        folded = fold(word)
        is_name = folded not in _NEVER_NAMES and _is_name(word, first=part.starts and place == 0)
        if folded in named:
            told.append(folded)
        elif folded in own or (not is_name and folded in PLAIN | allowed):
            continue
        elif is_name or folded in stating_words() or any(letter.isdigit() for letter in word):
            return False
        elif states_at is None or place < states_at:
            return False  # who does it is the account, by its name or a pronoun
        else:
            told.append(folded)
    return set(told) <= named or any(_in_order(told, item.quote) for item in ground.items)


_NEVER_NAMES = frozenset({"hq", "api", "it", "its", "they", "their", "the", "a", "an", "this"})


def _is_name(word: str, *, first: bool) -> bool:
    inner = any(letter.isupper() for letter in word[1:])
    return inner or (word[:1].isupper() and not first)


def _in_order(wanted: Sequence[str], quote: str) -> bool:
    """Tell whether words stand in a quote in this order, with next to nothing said between them."""
    said = [word for word in words_of(quote) if word not in PLAIN]
    for begin in (n for n, word in enumerate(said) if word == wanted[0]):
        place = begin
        for word in wanted[1:]:
            window = said[place + 1 : place + 2 + _MOST_SKIPPED]
            if word not in window:
                break
            place += 1 + window.index(word)
        else:
            return True
    return False


def _base_forms(words: frozenset[str]) -> frozenset[str]:
    """Return the forms that follow "does not": "use" for "uses"."""
    return frozenset(word.removesuffix("s") for word in words) | frozenset(
        word.removesuffix("es") for word in words
    )


def _is_open_question(text: str, grounds: Grounds) -> bool:
    """Tell whether a question without evidence supposes nothing: only plain words and the profile's own."""
    if not text.rstrip().endswith("?") or text.rstrip()[:-1].count("?") > 1:
        return False
    asked = [fact.ask for fact in grounds.verdict.next_facts] if grounds.verdict else []
    asked += grounds.questions.values()
    known = {word for one in asked for word in words_of(one)}
    known |= _own_words(grounds) | PLAIN | QUESTION_WORDS
    return all(word in known for word in words_of(text))
