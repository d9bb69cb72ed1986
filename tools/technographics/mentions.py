"""Find product names in prose: case-sensitive, longest name first, ambiguous names only with a second cue."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import ahocorasick

from tools.technographics.catalogue import Product, products

_WORD = re.compile(r"(?<![\w@])\.?\w[\w+#]*")
_LIST_GAP = re.compile(
    r"^[\s,/&|+•·;()\[\]*-]*(?:(?:and/or|and|or|und|oder|et|ou|y|o|e|en|of|as well as|sowie|plus)\b)?[\s(]*$",
    re.IGNORECASE,
)
# After a name: these make it mean something else ("Slack-like", "AWS-compatible").
_TAIL = re.compile(r"^-(?:like|style|esque|compatible|alternative|inspired|killer)\b", re.IGNORECASE)
# A capitalised neighbour makes an ordinary word part of another name ("Apollo Hospitals", "Box Hill"), but not
# these, which follow product names in job titles and lists.
_NAME_GOES_ON = re.compile(r"^ [A-Z][a-z]+")
_ROLE_WORD = re.compile(
    r"^ (?:Admin|Administrator|Developer|Engineer|Analyst|Architect|Consultant|Specialist|Manager|Expert|Certified|"
    r"CRM|Cloud|API|Enterprise|Experience|Integration|Partner|Workspace|SQL|Native|Platform|Server|Suite|Sales|Marketing)"
)
_URL_TOKEN = re.compile(r"://|www\.|@")


class Mention(NamedTuple):
    """A product's name in a sentence; offsets are the sentence's."""

    product: Product
    start: int
    end: int


class _Term(NamedTuple):
    text: str
    product: Product
    safe: bool  # a longer or domain-like name, which needs no second cue


@lru_cache(maxsize=1)
def _terms() -> dict[str, tuple[_Term, ...]]:
    """Return the names to look for by their first word, longest first."""
    table: dict[str, list[_Term]] = {}
    for product in products():
        if product.trust == "mute":
            continue
        for text in dict.fromkeys((product.name, *product.aliases)):
            first = _WORD.search(text)
            if first is None or first.start() != 0:
                continue
            # "Apollo" is ambiguous however it got into the list; "Apollo.io" and "Mode Analytics" are not.
            safe = product.trust == "plain" or bool(re.search(r"[\w][ .]\w|[a-z][A-Z]", text))
            table.setdefault(first.group(), []).append(_Term(text, product, safe))
    return {
        word: tuple(sorted(found, key=lambda term: len(term.text), reverse=True))
        for word, found in table.items()
    }


@lru_cache(maxsize=1)
def _all_names() -> ahocorasick.Automaton:
    names = ahocorasick.Automaton()
    for terms in _terms().values():
        for term in terms:
            names.add_word(term.text, term.text)
    names.make_automaton()
    return names


def names_in(text: str) -> tuple[str, ...]:
    """Return which of all names stand anywhere in a text: where none does, no sentence mentions a product."""
    return tuple(dict.fromkeys(name for _, name in _all_names().iter(text)))


def _boundary(text: str, end: int) -> bool:
    after = text[end : end + 2]
    if not after:
        return True
    if after[0].isalnum() or after[0] in "_@#+":
        return False
    if after[0] == "." and after[1:].isalnum():
        return False
    return not _TAIL.match(text[end : end + 20])


def find_mentions(sentence: str) -> tuple[Mention, ...]:
    """Return the products a sentence names, in order, without overlaps."""
    found: list[tuple[_Term, int, int]] = []
    table = _terms()
    free_from = 0
    for word in _WORD.finditer(sentence):
        at = word.start()
        terms = table.get(word.group())
        if terms is None and word.group().startswith("."):
            at += 1
            terms = table.get(word.group()[1:])
            if terms is not None and at >= 2 and sentence[at - 2].isalnum():
                terms = None
        if terms is None or at < free_from or _part_of_address(sentence, at):
            continue
        if at > 0 and sentence[at - 1] == "-":
            continue
        for term in terms:
            end = at + len(term.text)
            if sentence.startswith(term.text, at) and _boundary(sentence, end):
                found.append((term, at, end))
                free_from = end
                break
    return _believable(sentence, found)


def _part_of_address(sentence: str, at: int) -> bool:
    left = max(sentence.rfind(" ", 0, at), sentence.rfind("\n", 0, at)) + 1
    right = sentence.find(" ", at)
    token = sentence[max(left, at - 200) : right if 0 <= right < at + 200 else at + 200]
    return bool(_URL_TOKEN.search(token))


def _believable(sentence: str, found: list[tuple[_Term, int, int]]) -> tuple[Mention, ...]:
    first_letter = len(sentence) - len(sentence.lstrip(" \t\n•·*–—-\"'“‘(0123456789."))
    folded = sentence.casefold()
    kept: list[Mention] = []
    for index, (term, start, end) in enumerate(found):
        if not term.safe and not _is_meant(sentence, folded, found, index, first_letter):
            continue
        kept.append(Mention(term.product, start, end))
    return tuple(kept)


def _is_meant(
    sentence: str, folded: str, found: list[tuple[_Term, int, int]], index: int, first_letter: int
) -> bool:
    term, start, end = found[index]
    goes_on = _NAME_GOES_ON.match(sentence[end:]) and not _ROLE_WORD.match(sentence[end:])
    next_is_product = index + 1 < len(found) and found[index + 1][1] == end + 1
    if goes_on and not next_is_product:
        return False
    listed = _listed(sentence, found, index)
    if term.product.trust == "word":
        return start > first_letter or listed or sentence.strip() == term.text
    if any(_has_cue(sentence, folded, cue, start, end) for cue in term.product.cues):
        return True
    # A list of products vouches for its ambiguous members, away from a sentence's first word.
    return listed and (start > first_letter or _any_safe(found, index))


def _listed(sentence: str, found: list[tuple[_Term, int, int]], index: int) -> bool:
    _, start, end = found[index]
    before = index > 0 and bool(_LIST_GAP.match(sentence[found[index - 1][2] : start]))
    after = index + 1 < len(found) and bool(_LIST_GAP.match(sentence[end : found[index + 1][1]]))
    return before or after


def _any_safe(found: list[tuple[_Term, int, int]], index: int) -> bool:
    return any(term.safe for term, _, _ in found[max(0, index - 3) : index + 4])


def _has_cue(sentence: str, folded: str, cue: str, start: int, end: int) -> bool:
    if len(cue) <= 2:
        # "R" or "C": as a word of its own, elsewhere than the name itself.
        return any(
            not start <= hit.start() < end
            for hit in re.finditer(rf"\b{re.escape(cue)}\b(?![+#&'’])", sentence)
        )
    at = folded.find(cue.casefold())
    while at >= 0:
        outside = at >= end or at + len(cue) <= start
        if outside and not folded[at - 1 : at].isalnum():
            return True
        at = folded.find(cue.casefold(), at + 1)
    return False


def in_one_list(sentence: str, first: Mention, second: Mention) -> bool:
    """Tell whether only list signs ("," "/" "and") stand between two mentions."""
    return bool(_LIST_GAP.match(sentence[first.end : second.start]))
