"""Name the tricks by which a page tries to steer whoever reads it by machine.

A flag changes no evidence: what protects the verdict is that the extractor has no tools, every quote is
checked against visible text, and scoring reads no free text. The flags are for people: they say which page
to distrust. So the patterns prefer plain attacks over cleverness, and ordinary marketing copy about AI
("our prompts follow your instructions") must stay unflagged.
"""

from __future__ import annotations

import base64
import binascii
import re
import sys
import unicodedata

_I = re.IGNORECASE
_MOST = 400_000
_HIDDEN_LEAST = 20

_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TAGS = re.compile("[\U000e0020-\U000e007e]{4,}")
_ZERO_WIDTH_RUN = re.compile("[\u200b\u200c\u200d\u2060\ufeff]{8,}")
_HOMOGLYPHS = str.maketrans(
    "аеорсхуіјѕһԁԛԝвкмнтΑΒΕΖΗΙΚΜΝΟΡΤΥΧορνικ０１", "aeopcxyijshdqwbkmhtABEZHIKMNOPTYXopvik01"
)
_HOMOGLYPH = re.compile(f"[{''.join(map(chr, _HOMOGLYPHS))}]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
# All of the above in one: a text without any of them, as most are, is not searched for each.
_ODD = re.compile(
    f"[\u00ad\u200b-\u200d\u202a-\u202e\u2060\u2066-\u2069\ufeff\U000e0020-\U000e007e{''.join(map(chr, _HOMOGLYPHS))}]"
)

_AGENT = r"(?:assistant|ai|a\.i\.|model|llm|language\s{1,4}model|chatbot|agent|crawler|scraper|bot|system|reader|extractor|gpt|claude|gemini)"
_OLD = r"(?:previous|prior|above|earlier|preceding|foregoing|existing|original|all)"
_ORDERS = r"(?:instructions?|prompts?|rules?|directives?|guidelines?|commands?|context|messages?)"
_TECHNIQUES: dict[str, re.Pattern[str]] = {
    "ignore_previous": re.compile(
        rf"\b(?:ignore|disregard|forget|override|bypass|discard|do\s{{1,4}}not\s{{1,4}}follow)\b[^.\n]{{0,30}}\b{_OLD}\b[^.\n]{{0,30}}\b{_ORDERS}\b"
        rf"|\b(?:ignore|disregard|forget|override)\b[^.\n]{{0,12}}\b(?:your|the\s{{1,4}}system|the\s{{1,4}}developer)\s{{1,4}}(?:[\w-]+\s{{1,4}})?{_ORDERS}\b"
        r"|\bnew\s{1,4}(?:system\s{1,4})?instructions?\s{0,4}:",
        _I,
    ),
    "multilingual": re.compile(
        r"\bignorier\w*\b[^.\n]{0,40}\b(?:anweisung\w*|vorherig\w*|regeln|befehle)\b|\bvergiss\b[^.\n]{0,30}\banweisung\w*"
        r"|\bignore[zr]?\b[^.\n]{0,30}\b(?:instructions\s{1,4}(?:précédentes|antérieures|ci-dessus)|consignes)\b|\boublie[zr]?\b[^.\n]{0,30}\b(?:instructions|consignes)\b"
        r"|\bignor[ae]n?\b[^.\n]{0,30}\binstrucciones\b|\bolvida\b[^.\n]{0,30}\binstrucciones\b|\bignor[ae]\b[^.\n]{0,30}\b(?:istruzioni|instruções)\b"
        r"|\bdimentica\b[^.\n]{0,30}\bistruzioni\b|\besqueça\b[^.\n]{0,30}\binstruções\b|\bnegeer\b[^.\n]{0,30}\binstructies\b"
        r"|(?:игнорируй|забудь)\w*[^.\n]{0,30}(?:инструкци|указани)|忽略[^。\n]{0,12}(?:指令|指示|提示)|無視して[^。\n]{0,12}|(?:指示|命令)を無視|이전[^.\n]{0,10}지시[^.\n]{0,10}무시",
        _I,
    ),
    "role_marker": re.compile(
        r"<\|?\s{0,4}(?:im_start|im_end|system|assistant|user|endoftext|eot_id|start_header_id|end_header_id)\s{0,4}\|?>|\[/?INST\]|<</?SYS>>"
        r"|^[ \t]{0,8}(?:#{1,3}\s{0,4})?(?:system|assistant|developer)\s{0,4}(?:prompt|message|instruction)?\s{0,4}:\s{0,4}(?:you|ignore|the|always|from|set|return|respond|must|override|new)\b",
        _I | re.MULTILINE,
    ),
    "delimiter_spoof": re.compile(
        r"[<\[{(‹«]{1,3}\s{0,4}(?:/\s{0,4}(?:end\s{1,4}(?:of\s{1,4})?)?|(?:end|begin)\s{1,4}(?:of\s{1,4})?|/?\s{0,4}(?=un?trusted))(?:untrusted|trusted|page[_ ]?(?:text|content)"
        r"|document|context|user[_ ]?input|external[_ ]?data|data|passage)s?\b[^\n>\]]{0,24}\s{0,4}[>\])}›»]{1,3}"
        r"|(?<!-)-{3,40}\s{0,4}(?:end|begin|start)\s{1,4}(?:of\s{1,4})?(?:page|document|untrusted|content|context|text|passages?|input)\b",
        _I,
    ),
    "score_manipulation": re.compile(
        r"\b(?<!customers )(?<!users )(?<!clients )(?<!they )(?:score|rate|rank|grade|classify|mark|treat|qualify|label)\s{1,4}(?:this|our|us|it|the\s{1,4}(?:company|account|lead|site|page|prospect|business))\b[^.\n]{0,50}\b(?:100|10/10|maximum|max|highest|perfect|top\s{1,4}tier|tier\s{0,4}1|tier\s{1,4}one|a\+)"
        r"|\b(?:set|assign|give|return|output)\b[^.\n]{0,30}\b(?:score|rating|tier|fit)\b[^.\n]{0,24}\b(?:to|of|=|as|:)?\s{0,4}(?:100|10/10|tier\s{0,4}1|maximum|perfect|high(?:est)?)"
        r"|\bperfect\s{1,4}(?:icp|ideal\s{1,4}customer)\s{1,4}(?:match|fit)\b|\b(?:fit|icp)[ _]?score\s{0,4}[:=]\s{0,4}\d{2,3}\b",
        _I,
    ),
    "system_imitation": re.compile(
        rf"\b(?:attention|note|notice|important|message|instructions?(?=[^.\n:]{{0,60}}:))\b[^.\n]{{0,16}}\b(?:to|for)\b[^.\n]{{0,20}}\b(?:ai|llms?|language\s{{1,4}}models?|ai\s{{1,4}}(?:assistants?|agents?|models?)|automated\s{{1,4}}(?:readers?|systems?|agents?))\b"
        rf"|\b(?:if|when)\s{{1,4}}you\s{{1,4}}are\s{{1,4}}an?\s{{1,4}}(?:ai|llm|large\s{{1,4}}language|language\s{{1,4}}model|automated)\b|\b(?:dear|hey|hello)\s{{1,4}}(?:ai|llm|language\s{{1,4}}model|chatgpt|gpt|claude)\b"
        rf"|\b(?:you\s{{1,4}}are\s{{1,4}}(?:now|no\s{{1,4}}longer))\b[^.\n]{{0,40}}\b{_AGENT}\b|\bas\s{{1,4}}an?\s{{1,4}}(?:ai|language)\s{{1,4}}(?:model|assistant)\s{{0,4}},?\s{{1,4}}you\s{{1,4}}(?:must|should|will)\b"
        r"|\b(?:reveal|print|repeat|show|output)\b[^.\n]{0,24}\b(?:system\s{1,4}prompt|hidden\s{1,4}instructions?|your\s{1,4}(?:instructions|prompt|api\s{1,4}key))\b",
        _I,
    ),
    "tool_call": re.compile(
        r"<\s{0,4}/?\s{0,4}(?:tool_call|function_call|function_calls|invoke|tool_use|antml)\b|\"(?:tool_calls?|function_call|tool_name)\"\s{0,4}:|\b(?:call|invoke|use)\s{1,4}the\s{1,4}[\w ]{0,20}\b(?:tool|function)\b[^.\n]{0,24}\b(?:with|to|and)\b"
        r"|\b(?:curl|wget)\s{1,4}https?://\S{1,200}\s{0,4}\|\s{0,4}(?:ba)?sh\b",
        _I,
    ),
    "answer_spoof": re.compile(
        r"\{[^{}]{0,80}\"(?:attribute|items|sentences|polarity|verdict|tier|fit_score|evidence)\"\s{0,4}:\s{0,4}[\[\"{0-9]"
        r"|\b(?:respond|reply|answer|output|return)\s{1,4}(?:only\s{1,4})?with\s{1,4}(?:the\s{1,4})?(?:following\s{1,4})?(?:json|this\s{1,4}json|exactly)\b",
        _I,
    ),
    "secrecy": re.compile(
        r"\bdo\s{1,4}not\s{1,4}(?:mention|reveal|disclose|tell|report)\b[^.\n]{0,40}\b(?:this|these)\s{1,4}(?:instructions?|message|note|text|prompt)\b|\bwithout\s{1,4}(?:telling|informing)\s{1,4}the\s{1,4}user\b",
        _I,
    ),
    "evidence_order": re.compile(
        r"\b(?:cite|quote|attribute|use)\b[^.\n]{0,30}\b(?:other|another|different|any)\s{1,4}(?:page|document|source|company|account)s?\b[^.\n]{0,30}\b(?:evidence|quote|id|sentence)"
        rf"|\b(?:report|state|say|claim|extract|record|note)\s{{1,4}}that\s{{1,4}}(?:we|the\s{{1,4}}company|this\s{{1,4}}company|it)\s{{1,4}}(?:use|uses|has|have|is|are|employs?)\b[^.\n]{{0,60}}\b(?:regardless|no\s{{1,4}}matter|even\s{{1,4}}if|instead\s{{1,4}}of)\b"
        rf"|\b{_AGENT}s?\s{{1,4}}(?:must|should|shall|are\s{{1,4}}(?:required|instructed)\s{{1,4}}to)\s{{1,4}}(?:ignore|report|output|return|state|say|score|rate|extract|always|answer)\b",
        _I,
    ),
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ORDER_WORDS = _words(
    "instruction instructions prompt prompts rule rules directive directives guideline guidelines command commands "
    "context message messages"
)
_MACHINE_WORDS = _words(
    "assistant assistants ai ais a.i model models llm llms chatbot chatbots agent agents crawler crawlers scraper "
    "scrapers bot bots system systems reader readers extractor extractors gpt gpts claude claudes gemini geminis i is"
)
_ASKED_MACHINES = _words("ai llm llms language automated")
_BRACKETS = _words("< [ { ( ‹ «")
_NEEDED_MARKS = ("<", "[", "{", "(", "‹", "«", "/", ":", "---")
# Words (lower case) and marks without which a technique's pattern cannot match: for one of its branches, one
# of each group must occur. Most pages hold none of them, and a set is much cheaper to ask than ten patterns.
_NEEDS: dict[str, tuple[tuple[frozenset[str], ...], ...]] = {
    "role_marker": (
        (
            _words("<"),
            _words(
                "im_start im_end system assistant user endoftext eot_id start_header_id end_header_id sys"
            ),
        ),
        (_words("["), _words("inst")),
        (_words(":"), _words("system assistant developer")),
    ),
    "delimiter_spoof": (
        (
            _BRACKETS,
            _words("/ end begin untrusted untrusteds"),
            _words(
                "untrusted untrusteds trusted trusteds page page_text page_texts pagetext pagetexts page_content "
                "page_contents pagecontent pagecontents document documents context contexts user user_input "
                "user_inputs userinput userinputs external external_data external_datas externaldata "
                "externaldatas data datas passage passages"
            ),
        ),
        (
            _words("---"),
            _words("end begin start"),
            _words("page document untrusted content context text passage passages input"),
        ),
    ),
    "ignore_previous": (
        (_words("ignore disregard forget override bypass discard follow"), _ORDER_WORDS),
        (_words("new"), _words("instruction instructions")),
    ),
    "score_manipulation": (
        (
            _words("score rate rank grade classify mark treat qualify label"),
            _words("this our us it company account lead site page prospect business"),
        ),
        (_words("set assign give return output"), _words("score rating tier fit")),
        (_words("perfect"), _words("icp ideal")),
        (_words("fit icp fit_score icp_score fitscore icpscore"),),
    ),
    "system_imitation": (
        (
            _words("attention note notice important message instruction instructions"),
            _words("to for"),
            _ASKED_MACHINES,
        ),
        (_words("if when"), _words("you"), _words("ai llm large language automated")),
        (_words("dear hey hello"), _words("ai llm language chatgpt gpt claude")),
        (_words("you"), _words("now longer"), _MACHINE_WORDS),
        (_words("as"), _words("ai language"), _words("model assistant"), _words("must should will")),
        (
            _words("reveal print repeat show output"),
            _words("system hidden your"),
            _words("prompt instruction instructions api"),
        ),
    ),
    "tool_call": (
        (
            _words(
                "tool_call tool_calls function_call function_calls invoke tool_use antml tool_name curl wget"
            ),
        ),
        (_words("call invoke use"), _words("tool function")),
    ),
    "answer_spoof": (
        (_words("attribute items sentences polarity verdict tier fit_score evidence"),),
        (_words("respond reply answer output return"), _words("with"), _words("json exactly")),
    ),
    "secrecy": (
        (_words("not"), _words("mention reveal disclose tell report"), _words("this these")),
        (_words("without"), _words("telling informing")),
    ),
    "evidence_order": (
        (
            _words("cite quote attribute use"),
            _words("other another different any"),
            _words("page pages document documents source sources company companys account accounts"),
        ),
        (
            _words("report state say claim extract record note"),
            _words("that"),
            _words("regardless matter even instead"),
        ),
        (
            _MACHINE_WORDS,
            _words("must should shall required instructed"),
            _words("ignore report output return state say score rate extract always answer"),
        ),
    ),
}
_MULTILINGUAL_STEMS = (
    "ignor", "vergiss", "oublie", "olvida", "dimentica", "esqueça", "negeer", "игнорируй", "забудь", "忽略", "無視", "무시",
)  # fmt: skip
_ASCII_STEMS = tuple(filter(str.isascii, _MULTILINGUAL_STEMS))
_TELLING = frozenset(
    word.encode()
    for branches in _NEEDS.values()
    for branch in branches
    for group in branch
    for word in group
    if word.isascii()
)
_STEP = 25  # words
_LONGEST = 400  # characters of a match, and of what it looks ahead to
_TO_THE_END = sys.maxsize
_BEFORE = 40  # characters of punctuation that may stand before the first word of a match
_STEM_REACH = 200
_SHAPE = bytes(32 if chr(code).isspace() else ord("x") for code in range(256))
_LONG_WORD = b"x" * 32
_STEP_OF_WORDS = re.compile(rb"(?:\S++\s++){%d}" % _STEP)
_WORDS_ONLY = bytes(
    code if (chr(code).isalnum() and code < 128) or code == ord("_") else 32 for code in range(256)
)
_ENCODED = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{32,4000}={0,2}(?![A-Za-z0-9+/=_-])")
_HEX = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){24,2000}(?![0-9a-fA-F])")
_SUSPICIOUS = re.compile(
    r"\b(?:ignore|instruction|system|prompt|score|assistant|override|tier|previous|you\s+are|respond)\b", _I
)


def injection_flags(visible_text: str, hidden_text: str = "") -> tuple[str, ...]:
    """Return the names of the techniques found, sorted; empty for an ordinary page.

    `visible_text` is what a visitor reads, `hidden_text` what the page reader dropped (hidden, zero-size or
    `aria-hidden` elements, comments). A technique in hidden text gets `hidden_text` beside its own name;
    hidden text as such is ordinary. Both are looked at up to 400,000 characters.
    """
    found = _techniques(visible_text[:_MOST])
    hidden = _techniques(hidden_text[:_MOST]) if len(hidden_text) >= _HIDDEN_LEAST else set()
    if hidden:
        found |= hidden | {"hidden_text"}
    return tuple(sorted(found))


def _techniques(text: str) -> set[str]:
    if text.isascii():
        folded, beyond = text, ""
    else:
        folded = unicodedata.normalize("NFKC", text)
        beyond = "".join(_BEYOND_ASCII.findall(folded if folded == text else folded + text))
    if not _ODD.search(beyond):
        found = _matching(folded)
        return found | {"encoded"} if _has_encoded_order(folded) else found
    found = set()
    if _TAGS.search(text):
        found.add("invisible_characters")
    plain = _BIDI.sub("", _ZERO_WIDTH.sub("", folded))
    found |= _matching(plain)
    looks = plain.translate(_HOMOGLYPHS) if _HOMOGLYPH.search(plain) else plain
    if looks != plain and not found - {"invisible_characters"}:
        for name in _matching(looks) - {"multilingual"}:
            found |= {name, "homoglyphs"}
    if (found and _hides(folded)) or _ZERO_WIDTH_RUN.search(text):
        found.add("invisible_characters")
    if _reversed_order(text):
        found |= {"invisible_characters", "bidi"}
    if _has_encoded_order(plain):
        found.add("encoded")
    return found


def _matching(text: str) -> set[str]:
    """Return the techniques whose pattern matches, searched where words they need stand together.

    Only the stretches around them are searched.
    """
    # Patterns that ignore case also take the two Turkish letters for an "i".
    lowered = text.lower()
    if not lowered.isascii():
        lowered = lowered.replace("ı", "i").replace("i\u0307", "i")
    found = {"multilingual"} if _is_foreign_order(text, lowered) else set()
    coded = lowered.encode("ascii", "replace").translate(_WORDS_ONLY)  # byte n is character n
    words = coded.split()
    marks = {mark for mark in _NEEDED_MARKS if mark in lowered}
    anywhere = marks.union(map(bytes.decode, _TELLING.intersection(words)))
    possible = [name for name in _NEEDS if _may_match(name, anywhere)]
    if not possible:
        return found
    if len(text) != len(lowered):  # offsets would lie
        return found.union(name for name in possible if _TECHNIQUES[name].search(text))
    steps = [_TELLING.intersection(words[at : at + _STEP]) for at in range(0, len(words), _STEP)]
    for name, stretches in _stretches(steps, _step_starts(coded), marks, possible).items():
        if any(_TECHNIQUES[name].search(text, start, end) for start, end in stretches):
            found.add(name)
    return found


def _stretches(
    steps: list[frozenset[bytes]], starts: list[int], marks: set[str], names: list[str]
) -> dict[str, list[tuple[int, int]]]:
    """Return from where to where each technique may stand: every step of words that, with what a match beginning there
    can reach, holds what it needs. `starts` are those of the steps; neighbours become one stretch."""
    found: dict[str, list[tuple[int, int]]] = {name: [] for name in names}
    beyond = 0
    starts = starts[: len(steps)]
    for at, start in enumerate(starts):
        reach = (starts[at + 1] if at + 1 < len(starts) else start) + _LONGEST
        while beyond < len(starts) and starts[beyond] < reach:
            beyond += 1
        inside = steps[at].union(*steps[at + 1 : beyond])
        if not inside:
            continue
        here = marks.union(map(bytes.decode, inside))
        end = starts[beyond] if beyond < len(starts) else _TO_THE_END
        for name in names:
            if _may_match(name, here):
                stretches = found[name]
                begin = max(0, start - _BEFORE)
                if stretches and begin <= stretches[-1][1]:
                    begin = stretches.pop()[0]
                stretches.append((begin, end))
    return found


def _step_starts(coded: bytes) -> list[int]:
    """Return where every `_STEP`th word starts."""
    starts = [len(coded) - len(coded.lstrip())]
    while (step := _STEP_OF_WORDS.match(coded, starts[-1])) is not None:
        starts.append(step.end())
    return starts


def _is_foreign_order(text: str, lowered: str) -> bool:
    """Say whether the text holds an order in one of the other languages, around the stems of their verbs."""
    for stem in _ASCII_STEMS if lowered.isascii() else _MULTILINGUAL_STEMS:
        at = lowered.find(stem)
        while at >= 0:
            if _TECHNIQUES["multilingual"].search(text, max(0, at - _BEFORE), at + _STEM_REACH):
                return True
            at = lowered.find(stem, at + _BEFORE)
    return False


def _may_match(name: str, words: set[str]) -> bool:
    for branch in _NEEDS[name]:
        for group in branch:
            if group.isdisjoint(words):
                break
        else:
            return True
    return False


def _hides(text: str) -> bool:
    """Say whether invisible characters split a word that matters: only then do they hide an order."""
    return any(
        not pattern.search(_BIDI.sub(" ", _ZERO_WIDTH.sub(" ", text)))
        and pattern.search(_BIDI.sub("", _ZERO_WIDTH.sub("", text)))
        for pattern in _TECHNIQUES.values()
    )


def _reversed_order(text: str) -> bool:
    """Say whether a text between right-to-left overrides reads as an order backwards."""
    for match in re.finditer("\u202e([^\u202c\n]{8,400})", text):
        backwards = match[1][::-1]
        if any(pattern.search(backwards) for pattern in _TECHNIQUES.values()):
            return True
    return False


def _has_encoded_order(text: str) -> bool:
    if _LONG_WORD not in text.encode("ascii", "replace").translate(_SHAPE):
        return False  # as in most texts: each pattern would try every letter
    for count, match in enumerate(_ENCODED.finditer(text)):
        if count >= 50:
            break
        if _reads_as_order(_base64(match.group())):
            return True
    return any(
        _reads_as_order(bytes.fromhex(match.group()))
        for count, match in enumerate(_HEX.finditer(text))
        if count < 50
    )


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _reads_as_order(decoded: bytes) -> bool:
    try:
        text = decoded.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(set(_SUSPICIOUS.findall(text.lower()))) >= 2 or any(
        each.search(text) for each in _TECHNIQUES.values()
    )
