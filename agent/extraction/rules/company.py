"""Whose company the account says it is: owner, listing, parent, and its legal name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.canonical.literals import may_match
from agent.extraction.rules.reading import Reading, matches
from agent.grounding.sentences import Span
from agent.models import Claim

_I = re.IGNORECASE
_TICKER = re.compile(
    r"(?<![\w&.'’-])(?P<name>[A-ZÀ-Þ][\w&.'’-]{0,60}(?:[ ][\w&.,'’-]{1,60}){0,5}?)[ ]?[(\[](?i:NASDAQ|NYSE(?:[ ]American)?|LSE|LON|AIM|Euronext(?:[ ]\w+)?|ASX|TSXV?|XETRA|ETR|FWB|SIX|HKEX|TSE|NSE|BSE|JSE|Nasdaq[ ](?:GS|Stockholm|First[ ]North[\w ]{0,20}|Helsinki|Copenhagen)|OMX)[ ]?:[ ]?\$?[A-Z0-9.]{1,8}[)\],;]"
)
_OWNERSHIP = (
    ("public", re.compile(r"\b(?:publicly[ ](?:traded|listed)|listed[ ]on[ ]the[ ][A-Z][\w ]{2,40}(?:Exchange|Nasdaq|NYSE)|traded[ ]on[ ](?:the[ ])?(?:NASDAQ|Nasdaq|NYSE|New[ ]York[ ]Stock[ ]Exchange)|börsennotiert\w*|cotée?[ ]en[ ]bourse)")),
    ("private", re.compile(r"\bprivately[ ](?:held|owned)\b|\bprivate[ ]company\b", _I)),
    ("family_owned", re.compile(r"\bfamily[- ](?:owned|run)\b|\binhabergeführte[sn]?[ ]Familienunternehmen\b|\bFamilienunternehmen\b|\bfamiliengeführt\w*\b|\bentreprise[ ]familiale\b|\bempresa[ ]familiar\b|\bazienda[ ]familiare\b|\bfamiliebedrijf\b", _I)),
    ("employee_owned", re.compile(r"\bemployee[- ]owned\b", _I)),
    ("cooperative", re.compile(r"\b(?:member-owned|a)[ ]co-?operative\b", _I)),
    ("nonprofit", re.compile(r"\b(?:is|are|as)[ ](?:an?[ ])(?:[\w-]+[ ]){0,3}(?:non-?profit|not-for-profit)\b(?:[ ]organi[sz]ation)?", _I)),
)  # fmt: skip
_OWNERSHIP_NOT = re.compile(
    r"\b(?:customers?|clients?|your|you|businesses|companies|for|help|helps|serv\w+|partners?|brands|or)\b",
    _I,
)
_PARENT = (
    re.compile(r"\b(?P<own>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){0,3}|[Ww]e)[ ](?:is|are|became|was|has[ ]been|have[ ]been)[ ](?:now[ ]|today[ ])?(?:a[ ]|an[ ])?(?:(?:fully|wholly)[- ]owned[ ])?(?:wholly[- ]owned[ ])?(?:subsidiary|part|division|member)[ ]of[ ](?:the[ ])?(?P<parent>[A-ZÀ-Þ][\w&.-]*(?:[ ](?:[A-ZÀ-Þ&][\w&.-]*)){0,4})(?:[ ](?:family|group))?"),
    re.compile(r"\b(?P<own>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){0,2}),[ ]an?[ ](?P<parent>[A-ZÀ-Þ][\w&.-]*(?:[ ][A-ZÀ-Þ&][\w&.-]*){0,2})[ ]company\b"),
    re.compile(r"\b(?P<own>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){0,3}|[Ww]ir|[Nn]ous|[Ww]ij|[Ww]e)[ ](?:(?:ist|sind)[ ](?:(?:seit|heute|inzwischen)[ ](?:[0-9]{4}[ ])?)?(?:eine[ ])?(?:hundertprozentige[ ]|100-prozentige[ ])?(?:Tochter(?:gesellschaft|unternehmen|firma)?)[ ](?:der|von|des)|(?:est|sommes)[ ](?:depuis[ ][0-9]{4}[ ])?(?:une[ ])?filiale[ ](?:à[ ]100[ ]?%[ ])?(?:de[ ]la[ ]|de[ ]|du[ ]groupe[ ]|du|d['’])|is[ ](?:sinds[ ][0-9]{4}[ ])?(?:een[ ])?(?:volle[ ])?dochter(?:onderneming|bedrijf|maatschappij)?[ ]van)[ ]?(?:the[ ]|de[ ])?(?P<parent>[A-ZÀ-Þ][\w&.-]*(?:[ ](?:[A-ZÀ-Þ&][\w&.-]*)){0,4})"),
    re.compile(r"\b(?P<own>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){0,3}|[Ss]omos|[Ss]iamo)[ ](?:(?:es|é|è)[ ])?(?:desde[ ][0-9]{4}[ ]|dal[ ][0-9]{4}[ ])?(?:una[ ]|uma[ ])?(?:filial|subsidiaria|subsidiária|controllata|filiale)[ ](?:de|del[ ][Gg]rupo|da|do|di|del[ ][Gg]ruppo|del)[ ](?P<parent>[A-ZÀ-Þ][\w&.-]*(?:[ ](?:[A-ZÀ-Þ&][\w&.-]*)){0,4})"),
)  # fmt: skip
_BOOTSTRAPPED = re.compile(
    r"\b(?:we(?:['’]re|[ ]are)|is|as)[ ](?:an?[ ]|still[ ]|proudly[ ]|fully[ ]|completely[ ]|entirely[ ]|(?:100|one[ ]hundred)[ ]?%[ ]|profitable[ ]and[ ]|independent[ ]and[ ]|(?:small[ ]|profitable[ ]|independent[ ])){0,3}(?:bootstrapped|self-funded)\b|\b(?:proudly|100%)[ ](?:bootstrapped|self-funded)\b"
    r"|\bwir[ ]sind[ ](?:\w+[ ]){0,2}(?:eigenfinanziert|bootstrapped)\b",
    _I,
)
_SUBSIDIARIES = (
    re.compile(r"\b(?:[Oo]ur|[Ii]ts)[ ](?:(?:wholly[- ]owned|fully[- ]owned|[A-ZÀ-Þ]?[a-zà-ÿ]+)[ ]){0,2}(?:subsidiary|Tochtergesellschaft|filiale)[ ,]+(?P<child>[A-ZÀ-Þ][\w&.-]*(?:[ ][A-ZÀ-Þ&][\w&.-]*){0,4})"),
    re.compile(r"\b(?P<child>[A-ZÀ-Þ][\w&.-]*(?:[ ][A-ZÀ-Þ&][\w&.-]*){0,4})(?:[ ]is|,)[ ](?:now[ ])?(?:an?|our|a[ ]wholly[- ]owned|a[ ]fully[- ]owned)[ ]subsidiary[ ]of[ ](?P<own>[A-ZÀ-Þ][\w&.-]*(?:[ ][A-ZÀ-Þ&][\w&.-]*){0,4})"),
    re.compile(r"\b(?:[Uu]nsere|[Uu]nserer)[ ](?:[a-zäöü]+[ ])?Tochter(?:gesellschaft|firma|unternehmen)?[ ](?P<child>[A-ZÀ-Þ][\w&.-]*(?:[ ][A-ZÀ-Þ&][\w&.-]*){0,4})|\b[Nn]otre[ ]filiale[ ](?P<child2>[A-ZÀ-Þ][\w&.-]*(?:[ ][A-ZÀ-Þ&][\w&.-]*){0,4})|\b[Nn]uestra[ ]filial[ ](?P<child3>[A-ZÀ-Þ][\w&.-]*(?:[ ][A-ZÀ-Þ&][\w&.-]*){0,4})|\b(?:[Oo]nze|[Oo]ns)[ ]dochter(?:onderneming|bedrijf)?[ ](?P<child4>[A-ZÀ-Þ][\w&.-]*(?:[ ][A-ZÀ-Þ&][\w&.-]*){0,4})"),
)  # fmt: skip
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)[ ]?(?:©[ ]?)?(?:[0-9]{4}(?:[ ]?[-–][ ]?(?:[0-9]{4}|present))?,?[ ]?)?(?:by[ ])?(?P<name>[A-ZÀ-Þ0-9][^\n©|•·]{1,60}?(?:,?[ ](?:Inc|LLC|Ltd|Limited|Corp|Corporation|GmbH|AG|SE|S\.?A\.?S?|B\.?V|AB|ApS|A/S|Oy|Pty|S\.?L|S\.?r\.?l|S\.?p\.?A|PLC|plc|L\.?P)\b\.?(?:[ ]?Ltd\.?)?))",
    _I,
)

_YEARS = r"(?:(?:19|20)[0-9]{2}(?:[ ]?[-–][ ]?(?:(?:19|20)[0-9]{2}|present|now))?)"
_COPYRIGHT_LINE = re.compile(
    rf"(?:(?:©|\(c\)|copyright)(?:[ ]?©)?[ ]?(?:{_YEARS},?[ ])?(?:by[ ])?|\b{_YEARS}[ ]?©[ ]?)"
    rf"(?P<name>[^\W_][^\n©|•·,;:()]{{0,50}}?)(?=[®™]?(?:[ ]©)?[ ,]*{_YEARS}|[®™]?[.,]?[ ](?i:all[ ]rights|alle[ ]rechte|tous[ ]droits)|[®™.]?[ ]*(?:$|[|•·,;(–—]))",
    _I | re.MULTILINE,
)


def read_company(reading: Reading) -> Iterator[Claim]:
    """Yield ownership, parent and legal name from the account's own pages."""
    if reading.document.kind == "news":
        yield from _listing(reading)
        return
    if not reading.is_own_page:
        return
    yield from _listing(reading)
    yield from _ownership(reading)
    yield from _parent(reading)
    yield from _subsidiaries(reading)
    yield from _bootstrapped(reading)
    yield from _legal_name(reading)


def _listing(reading: Reading) -> Iterator[Claim]:
    for match in reading.find(_TICKER):
        name = match["name"].split(". ")[-1]
        if any(
            reading.identity.is_named(" ".join(name.split()[-count:]).strip(",. ")) for count in range(1, 5)
        ):
            quote = reading.quote_around(match.start(), match.end())
            yield from reading.claim("listing@1", "ownership", "public", quote, structured=True)
            return


def _ownership(reading: Reading) -> Iterator[Claim]:
    for value, pattern in _OWNERSHIP:
        for match, sentence in matches(reading, pattern):
            before = reading.text[max(sentence.start, match.start() - 60) : match.start()]
            after = reading.text[match.end() : match.end() + 14]
            if (
                reading.is_own_voice(sentence)
                and not _OWNERSHIP_NOT.search(before)
                and not re.match(r"[ ](?:businesses|companies|brands|customers|shops|restaurants)", after)
            ):
                yield from reading.claim(
                    "ownership@1", "ownership", value, reading.quote_around(*match.span())
                )
                return


def _parent(reading: Reading) -> Iterator[Claim]:
    for pattern in _PARENT:
        for match, sentence in matches(reading, pattern):
            own, parent = match["own"], match["parent"].strip(" .,")
            is_own = own.casefold() in _OURSELVES or reading.identity.is_named(own)
            if (
                not is_own
                or reading.identity.is_named(parent)
                or reading.is_quotation(sentence)
                or parent in _NOT_PARENTS
            ):
                continue
            quote = reading.quote_around(*match.span())
            if (
                _SUBSIDIARY.search(match[0])
                or " company" in match[0]
                or re.search(r"[ ](?:[Gg]roup|family)\b", match[0])
            ):
                yield from reading.claim("parent@1", "parent", parent, quote)
                if _SUBSIDIARY.search(match[0]):
                    yield from reading.claim("parent@1", "ownership", "subsidiary", quote)
                return


def _subsidiaries(reading: Reading) -> Iterator[Claim]:
    """Yield each company that the account's pages call its subsidiary, by name."""
    told: set[str] = set()
    for pattern in _SUBSIDIARIES:
        for match, sentence in matches(reading, pattern):
            groups = match.groupdict()
            child = next(
                (groups[key] for key in groups if key.startswith("child") and groups[key]), ""
            ).strip(" .,")
            owner = groups.get("own")
            if owner is not None and not reading.identity.is_named(owner):
                continue
            if owner is None and not reading.is_own_voice(sentence):
                continue
            if (
                reading.is_quotation(sentence)
                or child in told
                or child.split()[0] in ("The", "This", "It", "We")
            ):
                continue
            if re.search(r"\b(?:customers?|clients?|partners?|your|their)\b", reading.slice(sentence), _I):
                continue
            if reading.identity.is_exactly(child):
                continue
            told.add(child)
            yield from reading.claim("subsidiary@1", "subsidiary", child, reading.quote_around(*match.span()))


def _bootstrapped(reading: Reading) -> Iterator[Claim]:
    for match, sentence in matches(reading, _BOOTSTRAPPED):
        text = reading.slice(sentence)
        if reading.is_own_voice(sentence) and not re.search(
            r"\b(?:customers?|clients?|your|you|founders?[ ]who|start-?ups|companies|until|were|was|for)\b",
            text,
            _I,
        ):
            yield from reading.claim(
                "bootstrapped@1", "funding_stage", "bootstrapped", reading.quote_around(*match.span())
            )
            return


_OURSELVES = frozenset(("we", "wir", "nous", "wij", "somos", "siamo"))
_SUBSIDIARY = re.compile(r"\b(?:subsidiar\w+|Tochter\w*|filiale?|dochter\w*|subsidi[aá]ria|controllata)\b")
_NOT_PARENTS = frozenset(
    (
        "B",
        "Fortune",
        "SaaS",
        "AI",
        "American",
        "Delaware",
        "European",
        "German",
        "Inc",
        "YC",
        "Y Combinator",
        "IT",
        "Internet",
        "Israeli",
        "British",
        "French",
        "Indian",
        "Canadian",
    )
)


_BEFORE_NAME = re.compile(
    r"^(?:(?:©|\(c\)|copyright|(?:19|20)[0-9]{2}|present|by|[-–—,.\s])+\b)?[-–—,.\s]*", _I
)
_FORM_ONLY = re.compile(r"(?:Inc|LLC|Ltd|Limited|Corp|Corporation|GmbH|AG|SE|Co|Company|PLC)\.?", _I)


def _bare_name(written: str) -> str | None:
    """Return the name in a copyright line, without signs and years before it; `None` for a form alone."""
    name = _BEFORE_NAME.sub("", " ".join(written.split())).strip(" ,-–—")
    name = re.sub(r"(?<=[a-z]{5})\.$", "", name)
    return None if not name or _FORM_ONLY.fullmatch(name) else name


def _legal_name(reading: Reading) -> Iterator[Claim]:
    """Read the name beside the copyright sign: one with a legal form, else exactly the account's own."""
    for match in reading.find(_COPYRIGHT):
        name = _bare_name(match["name"])
        if name is not None and reading.identity.is_mentioned(name) and len(name) <= 80:
            yield from reading.claim("copyright_name@2", "name", name, Span(*match.span()), structured=True)
            return
    for match in (
        _COPYRIGHT_LINE.finditer(reading.text) if may_match(_COPYRIGHT_LINE, reading.lowered) else ()
    ):
        name = match["name"].strip(" ,.®™-–—")
        if reading.identity.is_exactly(name):
            yield from reading.claim("copyright_name@2", "name", name, Span(*match.span()), structured=True)
            return
