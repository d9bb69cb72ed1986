"""Which line of business the account says it is in.

Only self-descriptions count: the account (or "we") *is* a kind of company, introduces itself as one, or
puts the kind behind its name. Whom it sells to, what its customers are and what a partner is are none of it,
so nothing but adjectives may stand between the account and the kind. When a document's self-descriptions
name unrelated sectors, the rule says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.canonical.industries import sector_of
from agent.canonical.literals import holds, needed_words, words_in
from agent.canonical.sector_words import Kind, kinds_of_company
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim

_I = re.IGNORECASE
_PAGES = frozenset(("home", "about", "press", "careers", "contact", "product", "legal", "other", "faq"))
_MOST_SENTENCES = 150
_LONGEST = 400
_ARTICLE = r"(?:(?:an?|the|one of the|ein(?:e[rsmn]?)?|d(?:er|ie|as)|une?|l[ae]|l['’]|el|un[ao]?|uno|un['’]|il|lo|een|het|de|uma?|o) ?)?"
_BETWEEN = r"(?:[\w'’/&#+.-]+,? ){0,6}"
_NAME = r"(?P<name>[A-ZÀ-Þ0-9][\w&.'’-]*(?: [A-ZÀ-Þ0-9&][\w&.'’-]*){0,3})"
_WE_ARE = (
    r"(?:(?<!\bno )(?<!\bnão )(?<!\bnon )\b(?:we are|we['’]re|wir sind|nous sommes|on est|somos|siamo|noi siamo|(?:wij|we) zijn|nós somos|(?:the|our) company is)"
    r"(?: (?:now|today|also|proudly|heute|inzwischen|aujourd['’]hui|hoy|oggi|hoje|inmiddels|vandaag))? )"
)
_IS = r"(?: (?:is|are|ist|est|es|è|é|was|remains|bleibt|reste|sigue siendo)(?: (?:now|today|heute|aujourd['’]hui|hoy|oggi|hoje|inmiddels))?| se dedica a ser| s['’]impose comme)"
_LABEL = (
    r"(?:what we are|who we are|what we do|in short|in a nutshell|in one sentence|about us|was wir sind|wer wir sind|kurz gesagt|in einem satz|das sind wir"
    r"|notre métier|qui sommes-nous|en bref|en un mot|en une phrase|ce que nous sommes|qué somos|quiénes somos|en pocas palabras|en resumen|en una frase"
    r"|wat we zijn|wie we zijn|wie wij zijn|in het kort|kortom|chi siamo|in breve|in poche parole|quem somos|em resumo|em poucas palavras)"
)
LABELLED = re.compile(rf"^{_LABEL} ?[:–—-] ", _I)
"""What opens a description that stands alone: "In short: a …"."""
_INTRODUCED = re.compile(
    rf"(?:^{_LABEL} ?[:–—-] |{_WE_ARE}|{_NAME}(?:{_IS} |,? ?[—–:|] ?| - |, )){_ARTICLE}(?P<between>{_BETWEEN})$",
    _I,
)
_AS_A = re.compile(
    rf"(?:^|[,;] )(?:as|being|als|en tant qu(?:e |['’])|como|come|in quanto|enquanto|in qualità di|em tanto que) ?{_ARTICLE}(?P<between>{_BETWEEN})$",
    _I,
)
_NOT_BETWEEN = re.compile(
    r"\b(?:for|to|with|that|which|who|of|by|not|never|no longer|customers?|clients?|partner|trusted|like|used|integrat\w+|your|their|than|at|from|if|when|über|für|mit|von|kein\w*|nicht|keine"
    r"|pour|avec|qui|pas|para|con|que|no|per|che|non|voor|met|geen|niet|com|não|acquir\w+|subsidiary|part|backed|parent|led|founded|owned|between|against|unlike|such)\b",
    _I,
)
_AFTER = re.compile(
    r"\s*(?:$|[.,;:!?()|–—\n·•]|- )"
    r"|\s(?:for|that|which|who|whose|where|serving|helping|based|headquartered|in|with|from|of|on|at|to|and|or|founded|speciali[sz]ing|focused|focusing|dedicated|working|building|offering"
    r"|providing|delivering|operating|making|since|by|creating|developing|established|committed|powering|behind|bringing|known|using|headed|owned|run|transforming|changing|built|made|designed|created|trusted|located"
    r"|für|mit|aus|im|in|und|der|die|das|an|auf|seit|von|bei|rund|zur|zum|verstehen|kennen|liefern|liefert|beliefert|arbeiten|arbeitet|betreut|bedient|betreibt|baut|steht|kennt|weiß|hilft|versorgt|wissen|unterstützt|unterstützen|bieten|bietet|entwickeln|wir|ist|sind|hat|haben"
    r"|au|aux|à|de|des|du|d['’]|pour|avec|qui|dans|en|et|basée?|située?|fondée?|spécialisée?|créée?|française?|dont|nous|depuis"
    r"|para|con|que|y|e|del|al|a|ubicad\w+|fundad\w+|especializad\w+|dedicad\w+|líder|española|mexicana|argentina|desde|su|cuya"
    r"|per|di|che|ed|nel|con|fondat\w+|specializzat\w+|italian[ao]|dal|voor|met|uit|die|dat|van|te|gevestigd|gespecialiseerd|kennen|begrijpen|helpen|sinds|onderscheiden|com|no|na|brasileira|portuguesa|sediada)\b"
)
_OURS = re.compile(
    r"\b(?:we|our|us|wir|uns\w*|nous|notre|nos|nuestr\w+|noi|nostr\w+|wij|ons|onze|nós|noss\w+|\w{3,}(?:amos|emos|imos|iamo))\b",
    _I,
)
_YOURS = re.compile(
    r"^,? ?(?:you|your|sie|ihr\w*|du|vous|votre|vos|usted|tú|tu|voi|lei|u|je|jij|jouw|uw|você)\b", _I
)
_MAKES_SOFTWARE = re.compile(
    rf"(?:\b(?:we|wir|nous|wij)\b|{_NAME}) (?:also )?(?:develops?|builds?|makes?|creates?|sells?|publish(?:es)?|designs?|designs? and builds?|entwickeln|entwickelt|vertreiben|développons|développe|éditons|édite"
    r"|ontwikkelt|ontwikkelen|bouwt|bouwen|maakt|maken) (?:(?!for\b|für\b|pour\b|voor\b)[\w'’&-]+ ){0,4}?(?P<kind>software|saas|logiciels?|apps)(?=\s*(?:[.,;:!?)]|$|\n)|\s(?:for|that|to|which|für|zur|zum|die|pour|qui|de|voor|met|om|in)\b)"
    r"|\b(?P<first>desarrollamos|creamos|sviluppiamo|creiamo|desenvolvemos|criamos) (?:[\w'’&-]+ ){0,3}?(?P<kind2>software)\b",
    _I,
)


def read_industry(reading: Reading) -> Iterator[Claim]:
    """Yield the account's industry as its own pages describe it, unless they describe unrelated ones."""
    if reading.document.purpose not in _PAGES or reading.document.kind != "website":
        return
    found: list[tuple[str, Span]] = []
    making = words_in(needed_words(_MAKES_SOFTWARE.pattern, _MAKES_SOFTWARE.flags), reading.lowered)
    for sentence in reading.sentences[:_MOST_SENTENCES]:
        text = reading.slice(sentence)
        if len(text) <= _LONGEST and not text.endswith("?"):
            makes = holds(making, reading.lowered_of(sentence))
            found += [(code, sentence) for code in _described(reading, sentence, text, may_make=makes)]
    codes = dict.fromkeys(code for code, _ in found)
    if len({sector_of(code) for code in codes}) != 1:
        return
    for code in codes:
        sentence = next(span for named, span in found if named == code)
        yield from reading.claim("industry@3", "industry", code, reading.quote_around(*sentence))


def _described(reading: Reading, sentence: Span, text: str, *, may_make: bool) -> Iterator[str]:
    kinds = kinds_of_company(text, reading.lowered)
    for kind in kinds:
        if _is_self_described(reading, text, kind) and not reading.is_quotation(sentence):
            yield kind.code
            return
    software_alone = all(kind.code == "software" for kind in kinds)
    made = _MAKES_SOFTWARE.search(text) if software_alone and may_make else None
    if made and reading.document.purpose in ("home", "about") and not reading.is_quotation(sentence):
        name = made["name"]
        if name is None or _names_account(reading, name):
            yield "software"


def _is_self_described(reading: Reading, text: str, kind: Kind) -> bool:
    if not _AFTER.match(text, kind.end):
        return False
    before, after = text[max(0, kind.start - 200) : kind.start], text[kind.end :]
    introduced = _INTRODUCED.search(before)
    if introduced and not _NOT_BETWEEN.search(introduced["between"]):
        name = introduced["name"]
        return name is None or _names_account(reading, name) or _is_named_nearer(reading, before, introduced)
    put = _AS_A.search(before)
    if put is None or _NOT_BETWEEN.search(put["between"]) or _YOURS.match(after):
        return False
    return reading.identity.is_mentioned(text) or _OURS.search(after) is not None


def _is_named_nearer(reading: Reading, before: str, introduced: re.Match[str]) -> bool:
    """Tell whether the account stands between the words that were taken for a name and the description.

    "A trusted partner, Halvard is a logistics company": the apposition opens the sentence, the name follows.
    """
    nearer = _INTRODUCED.search(before, introduced.end("name"))
    return (
        nearer is not None
        and nearer["name"] is not None
        and not _NOT_BETWEEN.search(nearer["between"])
        and _names_account(reading, nearer["name"])
    )


def _names_account(reading: Reading, name: str) -> bool:
    """Tell whether the words right before the description end in the account's name ("At Acme", "Today Acme")."""
    words = name.split()
    if words[-1].casefold() in ("we", "wir", "nous", "wij"):
        return True
    return any(reading.identity.is_named(" ".join(words[-count:])) for count in range(1, len(words) + 1))
