"""Read from prose how the account relates to the products it names: uses, sells, integrates with, leaves.

Works sentence by sentence. Products that stand in one list share one relation; the nearest cue before the
list decides it, a cue right behind it ("... integration", "... partner") goes first. On general website text
only an explicit first person counts as use: a bare name is a customer's logo, a comparison or a blog post.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from tools.technographics import around, cues
from tools.technographics.mentions import Mention, find_mentions, in_one_list, names_in
from tools.technographics.sentences import Sentence, sentences_of
from tools.technographics.sightings import Sighting, SightingRelation, Strength

MAX_TEXT = 400_000
WHOLE_SENTENCE = 220
SECTION_REACH = 400
_CLAUSE_BREAK = re.compile(
    r"(?<!e\.g)(?<!i\.e)(?<!etc)(?<!\bz)(?<!\bB)[;.!?](?:\s|$)| (?:but|whereas|however|aber|mais|pero|maar|mas) ",
    re.IGNORECASE,
)
_OR_LIST = re.compile(r"\b(?:or|oder|ou|o|of)\b|/", re.IGNORECASE)
_TO = re.compile(
    r"\b(?:to|onto|into|towards|with|by|zu|nach|auf|durch|vers|à|a|naar|op|hacia|verso|para)\b", re.IGNORECASE
)
_OUR_FIRST = re.compile(
    r"\b(?:we|we're|we’re|our|wir|unser\w*|nous|notre|nuestr\w*|wij|onze)\b", re.IGNORECASE
)
_FIRST_PERSON_OR_NOW = re.compile(r"\b(?:we|we're|we’re|our|currently|wir|nous|wij)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:customers?(?! (?:success|support|service|care|experience|operations|onboarding|engagement|solutions)\b)|clients?(?! (?:services?|success|support|partner)\b)|your|their|kunden|clientes?|klanten|companies|businesses)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[\w'’&+#-]+")
# "SAP's best practices" are not SAP.
_POSSESSIVE = re.compile(r"(?: [A-Z]\w+)?['’]s [\"“‘']?[a-z]")
# Nothing is integrated with a language or a framework: "our Kotlin app", "an API for Python".
_BUILT_WITH = frozenset(("programming_language", "web_framework", "javascript_library"))


class _Reading(NamedTuple):
    relation: SightingRelation
    strength: Strength
    start: int  # of the words that show it, in the sentence
    end: int
    polarity: Literal["asserts", "denies"] = "asserts"
    chains: bool = False  # later products of the sentence may share it


def match_prose(text: str, own_domains: frozenset[str], kind: Literal["job", "text"]) -> tuple[Sighting, ...]:
    """Return how the account relates to the products a text names, each product and relation once.

    `kind` is `job` for a posting, whose requirements count weakly as use, and `text` for anything else.
    `text[start:end]` is the sentence, or the clause of a long one, that holds the product and the relation.
    Products of the account's own vendor are left out.
    """
    text = text[:MAX_TEXT]
    names = names_in(text)
    if not names:
        return ()
    found: dict[tuple[str, str, str], Sighting] = {}
    before: tuple[Sentence, Mention] | None = None
    for sentence in sentences_of(text, kind):
        words = text[sentence.start : sentence.end]
        mentions = find_mentions(words) if any(name in words for name in names) else ()
        if kind == "text" and before is not None and around.GIVEN_UP.match(words):
            given_up = _given_up(*before, sentence.end)
            found[(given_up.product, given_up.relation, given_up.polarity)] = given_up
        alone = len(mentions) == 1 and not mentions[0].product.belongs_to(own_domains)
        before = (sentence, mentions[0]) if alone and around.SERVED_US.search(words) else None
        if not mentions or (kind == "text" and words.endswith("?")):
            continue
        for mention, reading in _read(words, mentions, sentence, kind):
            if mention.product.belongs_to(own_domains):
                continue
            if reading.relation == "integrates_with" and mention.product.category in _BUILT_WITH:
                continue
            start, end = _quote_span(text, sentence, mention, reading)
            sighting = Sighting(
                mention.product.name,
                mention.product.vendor,
                mention.product.category,
                reading.relation,
                start,
                end,
                reading.strength,
                kind,
                reading.polarity,
            )
            key = (sighting.product, sighting.relation, sighting.polarity)
            known = found.get(key)
            if known is None or (known.strength == "weak" and sighting.strength == "strong"):
                found[key] = sighting
    return tuple(sorted(found.values(), key=lambda sighting: (sighting.start, sighting.product)))


def _given_up(first: Sentence, mention: Mention, end: int) -> Sighting:
    """Return the denial that two sentences make: one names the product, the next says that it is given up."""
    product = mention.product
    return Sighting(
        product.name,
        product.vendor,
        product.category,
        "uses",
        first.start,
        end,
        "strong",
        "text",
        "denies",
    )


def _read(
    words: str, mentions: tuple[Mention, ...], sentence: Sentence, kind: str
) -> Iterator[tuple[Mention, _Reading]]:
    groups = _groups(words, mentions)
    before = sorted(
        (
            (hit.start(), hit.end(), cue)
            for cue in (cues.JOB_CUES if kind == "job" else cues.TEXT_CUES)
            if cue.reach > 0 or "$" not in cue.pattern.pattern
            for hit in cue.pattern.finditer(words)
        ),
        key=lambda item: (item[1], -item[0]),
    )
    previous: tuple[int, _Reading] | None = None
    replaced_up_to = 0
    for group in groups:
        if group[0].start < replaced_up_to:
            continue
        reading = _read_group(words, group, before, previous, sentence, kind)
        if reading is None:
            previous = None
            continue
        for mention in group:
            yield mention, reading
        previous = (group[-1].end, reading) if reading.chains else None
        if reading.relation == "migrating_from" or reading.polarity == "denies":
            for mention, replacement in _replacements(words, groups, group, reading):
                replaced_up_to = mention.end
                yield mention, replacement


def _groups(words: str, mentions: tuple[Mention, ...]) -> list[list[Mention]]:
    groups: list[list[Mention]] = []
    for mention in mentions:
        if groups and in_one_list(words, groups[-1][-1], mention):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _replacements(
    words: str, groups: list[list[Mention]], group: list[Mention], reading: _Reading
) -> Iterator[tuple[Mention, _Reading]]:
    """Read "from X to Y" and "replaced X with Y": Y is in use once it is done, and under way before."""
    at = groups.index(group)
    if at + 1 == len(groups):
        return
    following = groups[at + 1]
    gap = words[group[-1].end : following[0].start]
    if len(gap.split()) <= 5 and _TO.search(gap) and not _CLAUSE_BREAK.search(gap):
        strength: Strength = "strong" if reading.polarity == "denies" else "weak"
        for mention in following:
            yield mention, _Reading("uses", strength, reading.start, mention.end)


def _read_group(
    words: str,
    group: list[Mention],
    before: list[tuple[int, int, cues.Cue]],
    previous: tuple[int, _Reading] | None,
    sentence: Sentence,
    kind: str,
) -> _Reading | None:
    start, end = group[0].start, group[-1].end
    left, right = words[:start], words[end:]
    behind = _read_behind(words, left, right, start, end, kind)
    if behind is not None:
        return behind
    if around.HYPOTHETICAL.search(left) or around.RIVALS_OF_IT.match(right):
        return None
    adjacent = _adjacent_cue(left, kind)
    nearest = next((item for item in reversed(before) if item[1] <= start), None)
    # "in Salesforce" is a duty only when nothing else in the sentence governs it.
    if adjacent is not None and (nearest is None or adjacent[2].relation == "job_uses" or kind == "text"):
        nearest = adjacent
    if previous is not None and (nearest is None or nearest[1] <= previous[0]):
        gap = words[previous[0] : start]
        if len(_WORDS.findall(gap)) <= 6 and not _CLAUSE_BREAK.search(gap) and not _negated(gap):
            return previous[1]._replace(end=end)
        return None
    if nearest is None:
        return _read_by_section(words, group, sentence, kind)
    reading = _read_cue(words, group, nearest, kind)
    if reading is not None and kind == "job" and reading.relation == "uses":
        return _soften(words, group, reading, nearest[2].relation, sentence)
    if reading is None and nearest[2].relation == "none":
        return None
    return reading or _read_by_section(words, group, sentence, kind)


def _read_behind(words: str, left: str, right: str, start: int, end: int, kind: str) -> _Reading | None:
    """Read the words right behind a list of products, which say more than any cue before it."""
    if kind == "job" and around.NO_EXPERIENCE.search(left) and around.AFTER_EXPERIENCE.match(right):
        return _Reading("nice_to_have", "weak", max(0, start - 30), min(len(words), end + 40), "denies")
    if kind == "job" and around.NOT_NEEDED.match(right):
        return _Reading("nice_to_have", "weak", start, min(len(words), end + 40), "denies")
    if kind == "text":
        if (around.BEFORE_NO.search(left) and around.AFTER_NO.match(right)) or around.OBJECT_DENIED.match(
            right
        ):
            return _Reading("uses", "strong", 0, len(words), "denies")
        if around.AFTER_INTEGRATION.match(right) and around.NOT_CONNECTED.search(left):
            return _Reading("integrates_with", "strong", 0, len(words), "denies")
    integration = around.AFTER_INTEGRATION.match(right)
    if integration and (
        around.INTEGRATION_SOLD.match(right[integration.end() :])
        or around.SPOKEN_ILL_OF.match(right[integration.end() :])
        or around.TO_COME.search(words)
        or around.ANOTHERS_PROJECT.search(words)
    ):
        return None
    if integration and kind == "text":
        return _Reading("integrates_with", "strong", start, end + integration.end())
    sells = around.AFTER_SELLS.match(right)
    if (
        sells
        and kind == "text"
        and not re.search(r"\b(?:find|your|become|our) (?:a |an )?$", left, re.IGNORECASE)
    ):
        sure = around.BEFORE_SELLS.search(left) or around.FIRST_PERSON.search(words)
        return _Reading("sells", "strong" if sure else "weak", start, end + sells.end())
    resells = around.BEFORE_RESOLD.search(left) if kind == "text" else None
    if resells:
        return _Reading("sells", "strong", resells.start(), end)
    return None


def _adjacent_cue(left: str, kind: str) -> tuple[int, int, cues.Cue] | None:
    tail = left[-60:]
    for cue in cues.JOB_CUES if kind == "job" else cues.TEXT_CUES:
        if cue.reach == 0 and "$" in cue.pattern.pattern:
            hit = cue.pattern.search(tail)
            if hit:
                shift = len(left) - len(tail)
                return hit.start() + shift, len(left), cue
    return None


def _negated(gap: str) -> bool:
    return bool(around.NEGATION_BETWEEN.search(gap))


def _read_cue(
    words: str, group: list[Mention], nearest: tuple[int, int, cues.Cue], kind: str
) -> _Reading | None:
    cue_start, cue_end, cue = nearest
    start, end = group[0].start, group[-1].end
    gap = words[cue_end:start]
    relation = cue.relation
    if relation == "none" or len(_WORDS.findall(gap)) > cue.reach or _CLAUSE_BREAK.search(gap):
        return None
    if relation not in ("none", "denied") and _POSSESSIVE.match(words[end:]):
        return None
    if relation == "uses" and kind == "text" and around.AFTER_NOT_USE.match(words[end:]):
        return None
    if relation == "uses" and kind == "text" and _is_not_its_own_tool(words, group):
        return None
    if relation == "uses":
        if around.AFTER_DENIAL.match(words[end:]):
            return _Reading("uses", "strong", cue_start, min(len(words), end + 30), "denies")
        if _negated(gap):
            return _Reading("uses", "strong", cue_start, end, "denies") if len(gap.split()) <= 3 else None
        return _Reading("uses", "strong", cue_start, end, chains=True)
    if relation == "uses_weak":
        return (
            None
            if _negated(gap) or _others_before(words, cue_start)
            else _Reading("uses", "weak", cue_start, end)
        )
    if relation in ("job_uses", "job_experience"):
        # Work on a client's system, in a consultancy's posting, is not the account's own.
        strong = relation == "job_uses" and not _OTHERS.search(words)
        return (
            None
            if _negated(gap)
            else _Reading("uses", "strong" if strong else "weak", cue_start, end, chains=True)
        )
    if relation == "denied":
        return _Reading("uses", "strong", cue_start, end, "denies")
    if relation in ("migrated_from", "migrating_from"):
        ours = _OUR_FIRST.search(words[: start + 1])
        if _others_before(words, start) or not (ours or kind == "job"):
            return None
        if relation == "migrated_from":
            return _Reading("uses", "strong", cue_start, end, "denies")
        return _Reading("migrating_from", "strong" if ours else "weak", cue_start, end)
    if relation == "evaluates":
        if _others_before(words, start) or not _FIRST_PERSON_OR_NOW.search(words[:start]):
            return None
        return _Reading("evaluates", "strong", cue_start, end)
    if (
        relation == "integrates_with"
        and kind == "text"
        and (
            around.GERUND_FIRST.match(words)
            or around.BY_MEANS_OF.search(gap)
            or around.HOSTED.search(words[:start])
            or around.NEEDED.search(words[:cue_start])
            or around.DEVELOPED.search(words[:cue_start])
            or around.TO_COME.search(words)
            or around.ANOTHERS_PROJECT.search(words)
        )
    ):
        return None
    if relation == "integrates_with" and kind == "text" and _is_not_connected(words, cue_start, cue_end, end):
        return _Reading("integrates_with", "strong", 0, len(words), "denies")
    if relation == "integrates_with":
        return (
            None
            if _negated(gap)
            else _Reading(
                "integrates_with", "strong" if kind == "text" else "weak", cue_start, end, chains=True
            )
        )
    return None


def _is_not_its_own_tool(words: str, group: list[Mention]) -> bool:
    """Tell whether "we use" is a tutorial's, or of what is built for clients in a language or framework."""
    built_with = all(mention.product.category in _BUILT_WITH for mention in group)
    return around.TUTORIAL.search(words) is not None or (
        built_with and around.BUILT_FOR_OTHERS.search(words) is not None
    )


def _is_not_connected(words: str, cue_start: int, cue_end: int, end: int) -> bool:
    """Tell whether a word of connecting is denied: before it, in it, or behind the products it governs."""
    return (
        around.NOT_CONNECTED.search(words[:cue_start]) is not None
        or around.NOT_WITHIN.match(words[cue_start:cue_end]) is not None
        or around.NOT_BEHIND.match(words[end:]) is not None
    )


def _others_before(words: str, at: int) -> bool:
    return bool(_OTHERS.search(words[:at]))


def _read_by_section(words: str, group: list[Mention], sentence: Sentence, kind: str) -> _Reading | None:
    """Read a bare list in a posting by the heading it stands under."""
    if kind != "job":
        return None
    start, end = group[0].start, group[-1].end
    if sentence.title:
        is_role = len(words) <= 100 and around.TITLE_ROLE.match(words[end:])
        return _Reading("uses", "weak", 0, len(words)) if is_role else None
    reading: _Reading | None = None
    if sentence.section == "stack":
        reading = _Reading("uses", "strong", start, end)
    elif (
        sentence.section in ("requirements", "nice")
        and len(words) <= WHOLE_SENTENCE
        and not _OUR_FIRST.search(words)
    ) or around.AFTER_EXPERIENCE.match(words[end:]):
        reading = _Reading("uses", "weak", start, end)
    return _soften(words, group, reading, "job_experience", sentence) if reading else None


def _soften(words: str, group: list[Mention], reading: _Reading, cue: str, sentence: Sentence) -> _Reading:
    """Take a requirement for what it is: a wish, or one of several names that would do."""
    if reading.polarity == "denies" or cue in ("uses", "uses_weak"):
        return reading
    gaps = "".join(words[first.end : second.start] for first, second in pairwise(group))
    beside = words[max(0, group[0].start - 60) : group[0].start] + " | " + words[group[-1].end :][:60]
    wished = sentence.section == "nice" or around.NICE_TO_HAVE.search(words)
    if wished or _OR_LIST.search(gaps) or (reading.strength == "weak" and around.ALTERNATIVES.search(beside)):
        return reading._replace(relation="nice_to_have", strength="weak", chains=False)
    return reading


def _quote_span(text: str, sentence: Sentence, mention: Mention, reading: _Reading) -> tuple[int, int]:
    """Return where to quote: the sentence; of a long one, the words from the cue to the product."""
    if (
        sentence.section == "stack"
        and sentence.heading
        and reading.strength == "strong"
        and not reading.chains
    ):
        # Under "Our stack" the heading is what says "uses".
        end = sentence.start + mention.end
        if sentence.heading[0] < sentence.start and end - sentence.heading[0] <= SECTION_REACH:
            return sentence.heading[0], end
    if sentence.end - sentence.start <= WHOLE_SENTENCE:
        return sentence.start, sentence.end
    start = min(reading.start, mention.start)
    end = max(mention.end, reading.end if reading.end <= mention.end + 80 else mention.end)
    words = text[sentence.start : sentence.end]
    while start > 0 and not words[start - 1].isspace():
        start -= 1
    while end < len(words) and not words[end].isspace():
        end += 1
    return sentence.start + start, sentence.start + min(end, len(words))
