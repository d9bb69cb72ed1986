"""Where the account's head office is.

Said of the account ("we're headquartered in …"), in a labelled line ("HQ: …"), or as the address under its
legal name on its legal pages. An office is not a head office; a customer's head office is not the account's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import JsonValue

from agent.canonical.place import Place, parse_place
from agent.extraction.rules.reading import Reading, matches
from agent.grounding.sentences import Span
from agent.models import Claim

_I = re.IGNORECASE
_NAME_PART = (
    r"[A-ZÀ-ÞŁŚŻİ][\w'’.-]*(?:[ -](?:[A-ZÀ-ÞŁŚŻİ][\w'’.-]*|de|la|am|an[ ]der|upon|of|the|do|del|den)){0,3}"
)
_PLACE = rf"(?P<place>(?:the[ ])?{_NAME_PART}(?:(?:,[ ]?|[ ]\()(?:the[ ])?{_NAME_PART}){{0,3}})"
_FIRM = re.compile(
    rf"\b(?i:headquartered|HQ['’]?d)[ ](?i:in|at|near|out[ ]of)[ ](?i:downtown[ ]|sunny[ ]|beautiful[ ])?{_PLACE}"
    rf"|\b(?i:headquarters|HQ|head[ ]office|main[ ]office|world[ ]headquarters)[ ](?i:is[ ]|are[ ])?(?i:located[ ]|based[ ]|situated[ ])?(?i:in|at)[ ]{_PLACE.replace('?P<place>', '?P<place2>')}"
    rf"|\b(?i:(?:hauptverwaltung|zentrale|firmenzentrale|unternehmenszentrale|konzernzentrale|hauptniederlassung|stammsitz)[ ](?:ist[ ]|liegt[ ]|befindet[ ]sich[ ]|steht[ ])?in)[ ]{_PLACE.replace('?P<place>', '?P<place6>')}"
    rf"|\b(?i:hauptsitz|firmensitz|unternehmenssitz|sitz)[ ](?i:(?:des[ ]unternehmens[ ])?(?:ist|liegt|befindet[ ]sich)[ ])?(?i:in)[ ]{_PLACE.replace('?P<place>', '?P<place3>')}"
    rf"|\b(?i:siège(?:[ ]social)?)[ ](?i:est[ ])?(?i:situé[ ]|basé[ ])?à[ ]{_PLACE.replace('?P<place>', '?P<place4>')}"
    rf"|\b(?i:con[ ]sede(?:[ ](?:central|principale|legale|social))?[ ](?:en|a)|com[ ]sede[ ]em|sediad[ao][ ]em|hoofdkantoor[ ](?:is[ ]|staat[ ]|zit[ ]|ligt[ ]|bevindt[ ]zich[ ]|gevestigd[ ])?in|hoofdvestiging[ ](?:is[ ]|staat[ ])?in|sede[ ](?:central|principal|principale|social|legale)?[ ]?(?:está|si[ ]trova|fica|è)[ ](?:ubicada[ ]|situata[ ]|localizada[ ])?(?:en|em|a|in))[ ]{_PLACE.replace('?P<place>', '?P<place5>')}"
)
_BASED = re.compile(
    rf"(?:\b(?i:we(?:['’]re|[ ]are)|the[ ]company[ ]is|our[ ]company[ ]is|company|startup|agency|firm|studio|business|team)|(?P<named>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){{0,3}})[ ](?:is|was))"
    rf"[ ](?:an?[ ](?:[\w-]+[ ]){{0,5}}(?:company|startup|agency|firm|studio|business|team)[ ])?(?:proudly[ ]|currently[ ]|both[ ])?(?i:based|located)[ ]in[ ]{_PLACE}"
)
_SEATED = re.compile(
    rf"(?:(?P<named>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){{0,3}})[ ](?i:is|ist|est|está|è|é|hat|heeft|zit)|\b(?i:wij[ ]zijn|we[ ]zijn|wir[ ]sind|nous[ ]sommes|estamos|siamo|somos|het[ ]bedrijf[ ]is|das[ ]unternehmen[ ]ist|l['’]entreprise[ ]est|la[ ]société[ ]est|la[ ]empresa[ ]está|l['’]azienda[ ]ha[ ]sede))"
    rf"[ ](?i:sinds[ ][0-9]{{4}}[ ]|seit[ ][0-9]{{4}}[ ]|depuis[ ][0-9]{{4}}[ ])?(?i:gevestigd[ ]in|ansässig[ ]in|mit[ ](?:haupt)?sitz[ ]in|(?:basée?|établie?|installée?)[ ]à|(?:con[ ])?(?:sede|basada|afincada|radicada)[ ]en|con[ ]sede[ ]a|sediad[ao][ ]em|(?:ihren|seinen|ihre|seine)[ ](?:haupt|firmen)?(?:sitz|zentrale)[ ]in|(?:zijn|haar)[ ]hoofdkantoor[ ]in)[ ]{_PLACE}"
)
_CITY_BASED = re.compile(
    rf"\b(?P<place>{_NAME_PART})-based[ ](?:[\w-]+[ ]){{0,3}}(?:company|startup|start-up|agency|firm|studio|business|provider|fintech|software[ ]house)\b"
)
_LABEL = re.compile(
    r"^(?i:headquarters|HQ|global[ ]headquarters|head[ ]office|corporate[ ]headquarters|world[ ]headquarters|company[ ]headquarters|headquartered[ ]in|corporate[ ]office|hauptsitz|firmensitz|siège(?:[ ]social)?|sede(?:[ ](?:central|legale|principale|social))?|hoofdkantoor)"
    r"(?:[ ]?:[ ]?|[ ]?\n|[ ]?\|[ ]?|\t|[ ]?[-–][ ])(?P<place>[^\n]{2,120}(?:\n[^\n]{2,80}){0,4})",
    re.MULTILINE,
)
_LABEL_AFTER = re.compile(
    r"^(?P<place>[^\n:]{3,60})(?:\n|[ ]?[|\t][ ]?|[ ]\()(?i:headquarters|HQ|head[ ]office|hauptsitz)\b",
    re.MULTILINE,
)
_LABELLED_PAGES = frozenset(("about", "contact", "legal", "press", "careers", "home"))
_NOT_OURS = re.compile(
    r"\b(?:customers?|clients?|partners?|offices[ ]in|you|your|their|his|her|born|lives?|living|grew[ ]up|investors?|parent|university|employees[ ]based|people[ ]based|members?[ ](?:are[ ])?based|not)\b"
    r"|\b(?:companies|businesses|brands|teams|firms|organi[sz]ations|start-?ups|retailers|manufacturers)\s*$",
    _I,
)
_PERSON_PLACE = re.compile(r"\b(?:he|she|they|who)\b[^.]{0,40}$", _I)
_LEGAL_NAME = re.compile(
    r"\b(?:Inc|LLC|Ltd|Limited|Corp|Corporation|GmbH|AG|SE|KG|UG|S\.?A\.?S?|SARL|S\.?r\.?l|S\.?p\.?A|B\.?V|N\.?V|AB|AS|Oy|ApS|A/S|Pty|Pte|S\.?L|Lda|Ltda|OÜ|sp\.?[ ]z[ ]o\.?[ ]?o)\b\.?"
)
_POSTCODE = re.compile(
    r"\b[0-9]{4,5}\b|\b[A-Z]{1,2}[0-9][A-Z0-9]?[ ]?[0-9][A-Z]{2}\b|\b[0-9]{4}[ ]?[A-Z]{2}\b"
)


def read_headquarters(reading: Reading) -> Iterator[Claim]:
    """Yield the head office from the account's sentences, labelled lines and legal pages."""
    document = reading.document
    if not reading.may_tell_of_company:
        return
    for match, sentence in matches(reading, _FIRM):
        before = reading.text[sentence.start : match.start()]
        if reading.is_own_voice(sentence) or _opens_about(reading, before, match, sentence):
            yield from _from_sentence(reading, match, before)
    for match, sentence in (*matches(reading, _BASED), *matches(reading, _SEATED)):
        named = match["named"]
        if (named is None or reading.identity.is_named(named)) and reading.is_own_voice(sentence):
            yield from _from_sentence(reading, match, reading.text[sentence.start : match.start()])
    for match, sentence in matches(reading, _CITY_BASED):
        if _describes_account(reading, match, sentence) and reading.is_own_voice(sentence):
            yield from _from_sentence(reading, match, "")
    if document.kind == "website" and document.purpose in _LABELLED_PAGES:
        yield from _labelled(reading)
    if document.kind == "website" and document.purpose == "legal":
        yield from _imprint(reading)


def _describes_account(reading: Reading, match: re.Match[str], sentence: Span) -> bool:
    """Tell whether "the Berlin-based startup" is the account: "Halvard, a …", "we're a …", "… startup Halvard"."""
    before = reading.text[sentence.start : match.start()]
    after = reading.text[match.end() : sentence.end].split()[:2]
    joined = re.search(r"(?P<who>[^,.;]{1,60}?)(?:,|['’]re|[ ](?:is|are|was))[ ](?:an?|the)[ ]$", before)
    if joined is not None:
        who = joined["who"].split()
        return bool(who) and (
            who[-1].casefold() == "we"
            or any(reading.identity.is_named(" ".join(who[-count:])) for count in (1, 2, 3))
        )
    return any(
        reading.identity.is_named(" ".join(after[:count]).strip(",.")) for count in range(1, len(after) + 1)
    )


def _opens_about(reading: Reading, before: str, match: re.Match[str], sentence: Span) -> bool:
    """Take a sentence that begins with "Headquartered in …" on the about page, unless it goes on to name another."""
    if (
        before.strip(" •·-–—*\t")
        or reading.document.purpose not in ("about", "press", "careers")
        or reading.is_quotation(sentence)
        or not reading.is_own_page
    ):
        return False
    following = re.match(
        r"[^,;.\n]{0,40},[ ](?P<name>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){0,3})[ ](?:[a-z]+ly[ ]|now[ ]|today[ ])?(?:is|are|has|was|provides?|offers?|helps?|serves?|makes?|builds?|operates?|delivers?|exists?|employs?|works?|speciali[sz]es?|develops?|supplies|manufactures|sells)\b",
        reading.text[match.end() : sentence.end],
    )
    return following is None or reading.identity.is_named(following["name"])


def _from_sentence(reading: Reading, match: re.Match[str], before: str) -> Iterator[Claim]:
    written = next(text for key, text in match.groupdict().items() if key.startswith("place") and text)
    if _NOT_OURS.search(before[-80:]) or _PERSON_PLACE.search(before):
        return
    place = _longest_place(written)
    if place is not None:
        yield from _claim(reading, place, reading.quote_around(*match.span()), "headquarters@1")


def _longest_place(written: str) -> Place | None:
    """Return the place of the longest beginning of `written` that is one: a sentence may run on after it."""
    parts = written.rstrip(".").replace(" (", ",").split(",")
    for count in range(len(parts), 0, -1):
        place = parse_place(",".join(parts[:count]))
        if place is not None and (count > 1 or place.city or place.country):
            return place
    words = parts[0].split()
    for count in range(len(words) - 1, 0, -1):
        place = parse_place(" ".join(words[:count]))
        if place is not None:
            return place
    return None


def _labelled(reading: Reading) -> Iterator[Claim]:
    for match in reading.find(_LABEL):
        lines = match["place"].split("\n")
        for count in range(1, len(lines) + 1):
            place = parse_place(", ".join(lines[:count]))
            if place is not None and (place.city or count == len(lines)):
                end = match.start("place") + len("\n".join(lines[:count]))
                yield from _claim(reading, place, Span(match.start(), end), "headquarters_label@1")
                break
    for match in reading.find(_LABEL_AFTER):
        place = parse_place(match["place"])
        if place is not None and place.city:
            yield from _claim(reading, place, Span(*match.span()), "headquarters_label@1")


def _imprint(reading: Reading) -> Iterator[Claim]:
    """Read the address that follows the account's legal name on a legal page, country or known city included."""
    lines = reading.lines
    for number, line in enumerate(lines[:400]):
        name = reading.slice(line)
        if len(name) > 90 or not _LEGAL_NAME.search(name) or not reading.identity.is_mentioned(name):
            continue
        for last in range(number + 1, min(number + 5, len(lines))):
            address = reading.text[lines[number + 1].start : lines[last].end]
            place = parse_place(address.replace("\n", ", ")) if _POSTCODE.search(address) else None
            if place is not None and place.city:
                yield from _claim(reading, place, Span(line.start, lines[last].end), "headquarters_imprint@1")
                return


def _claim(reading: Reading, place: Place, span: Span, rule: str) -> Iterator[Claim]:
    value: dict[str, JsonValue] = {"city": place.city, "region": place.region, "country": place.country}
    yield from reading.claim(rule, "headquarters", value, span)
