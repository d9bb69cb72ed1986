"""The year the account was founded.

"Founded the category", a year in a copyright line, "customers since 2019", another company's founding and a
person's earlier start-up are none of it: the verb must be founding, and what is founded the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.extraction.rules.reading import Reading, matches
from agent.grounding.sentences import Span
from agent.models import Claim

_I = re.IGNORECASE
_YEAR = r"(?P<year>1[6-9][0-9]{2}|20[0-9]{2})(?![0-9]|[.,][0-9]|[ ]?%|[-–][0-9])"
_MONTHS = (
    r"(?:[0-9]{1,2}(?:st|nd|rd|th)?[ ](?:of[ ])?)?(?:[^\W\d_]{3,10}\.?(?:[ ][0-9]{1,2},?)?[ ](?:of[ ])?)?"
)
_BY = r"(?:by[ ][^.;:\n]{2,80}?[ ])?"
_WHERE = r"(?:in[ ][A-ZÀ-Þ][\w'’,. -]{1,40}?[ ])?"
_PATTERNS = tuple(
    re.compile(pattern, _I)
    for pattern in (
        rf"\b(?:founded|established|incorporated|set[ ]up)[ ]{_BY}(?:back[ ])?(?:in|on)[ ](?:the[ ]year[ ])?{_MONTHS}{_YEAR}",
        rf"\b(?:founded|established)[ ]{_WHERE}in[ ]{_MONTHS}{_YEAR}",
        rf"\b(?:founded|started|created|established|launched|incorporated)[ ](?P<object>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){{0,3}}|(?:the|this|our)[ ](?:company|business|firm|agency|studio))[ ](?:back[ ])?in[ ]{_MONTHS}{_YEAR}",
        rf"\b(?:we|the[ ]company|our[ ]company|our[ ]story|it[ ]all)[ ](?:(?:was|were|first)[ ])?(?:started|began|begun|opened[ ]our[ ]doors)[ ](?:out[ ])?(?:back[ ])?in[ ]{_MONTHS}{_YEAR}",
        rf"\b(?:back[ ])?in[ ]{_MONTHS}{_YEAR},?[ ](?P<object>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){{0,3}}|(?:the|this|our)[ ](?:company|business|firm|agency|studio))[ ](?:was|were)[ ](?:first[ ])?(?:founded|established|started|born|created)",
        rf"\b(?:in[ ]business|been[ ]around)[ ]since[ ]{_MONTHS}{_YEAR}",
        rf"\b(?:im[ ]Jahr(?:e)?[ ]|seit[ ]|in[ ])?{_YEAR}[ ](?:in[ ][A-ZÀ-Þ]\w+[ ])?(?:von[ ][^.;:\n]{{2,60}}?[ ])?gegründet",
        rf"\bgegründet[ ](?:wurde[ ][^.;:\n]{{2,40}}?[ ])?(?:im[ ]Jahr(?:e)?|in|im|am)?[ ]?(?:[0-9]{{1,2}}\.[ ])?{_MONTHS}{_YEAR}",
        rf"\bseit[ ](?:der|unserer|ihrer)[ ](?:Unternehmens)?gründung[ ](?:im[ ]Jahr(?:e)?[ ])?{_YEAR}",
        rf"\b(?:fondée?s?|créée?s?)[ ](?:par[ ][^.;:\n]{{2,60}}?[ ])?(?:à[ ][A-ZÀ-Þ]\w+[ ])?en[ ]{_MONTHS}{_YEAR}",
        rf"\bc['’]est[ ]en[ ]{_YEAR}[ ]que[ ](?P<object>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){{0,3}})[ ](?:est[ ]née?|a[ ]été[ ](?:fondée?|créée?)|a[ ]vu[ ]le[ ]jour)\b",
        rf"\bim[ ]Jahr(?:e)?[ ]{_YEAR}[ ]wurde[ ](?P<object>[A-ZÀ-Þ][\w&.'’-]*(?:[ ][A-ZÀ-Þ][\w&.'’-]*){{0,3}})[ ](?:[^\n.]{{0,60}}[ ])?gegründet\b",
        rf"\bfundad[ao]s?[ ](?:por[ ][^.;:\n]{{2,60}}?[ ])?(?:en|em)[ ](?:el[ ]año[ ])?{_MONTHS}{_YEAR}",
        rf"\bfondat[ao][ ](?:da[ ][^.;:\n]{{2,60}}?[ ])?(?:nel|a[ ]\w+[ ]nel)[ ]{_YEAR}",
        rf"\bopgericht[ ](?:door[ ][^.;:\n]{{2,60}}?[ ])?in[ ]{_YEAR}",
        rf"\bin[ ]{_YEAR}[ ](?:door[ ][^.;:\n]{{2,60}}?[ ])?opgericht",
    )
)
_SINCE = tuple(
    re.compile(pattern, _I)
    for pattern in (
        # the account's own beginning, told by other verbs than founding
        rf"\bgründung[ ](?:erfolgte|war|fand)[ ](?:im[ ]Jahr(?:e)?[ ])?{_YEAR}",
        rf"\bwurde[ ](?:im[ ]Jahr(?:e)?[ ])?{_YEAR}[ ](?:ins[ ]Leben[ ]gerufen|aus[ ]der[ ]Taufe[ ]gehoben)",
        rf"(?P<opening>)(?:alles[ ]begann|angefangen[ ]hat[ ]alles|begonnen[ ]hat[ ]alles|unsere[ ]geschichte[ ]beg(?:ann|innt)|wir[ ]begannen)[ ](?:im[ ]Jahr(?:e)?[ ])?{_YEAR}\b",
        rf"(?P<opening>)(?:het[ ]begon[ ]allemaal|alles[ ]begon|ons[ ]verhaal[ ]begon|we[ ]begonnen|wij[ ]begonnen)[ ]in[ ]{_YEAR}\b",
        rf"\b(?:wij|we)[ ]zijn[ ]in[ ]{_YEAR}[ ](?:begonnen|gestart|opgericht)\b",
        rf"(?P<opening>)(?:tout[ ]a[ ]commencé|notre[ ](?:histoire|aventure)[ ](?:a[ ])?(?:commencé|commence|débuté|débute)|l['’]aventure[ ](?:a[ ])?(?:commencé|commence|débute|débuté))[ ]en[ ]{_YEAR}\b",
        rf"(?P<opening>)(?:todo[ ](?:empezó|comenzó)|nuestra[ ]historia[ ](?:empezó|comenzó|comienza|empieza)|empezamos|comenzamos|nacimos)[ ]en[ ](?:el[ ]año[ ])?{_YEAR}\b",
        rf"(?P<opening>)(?:tutto[ ](?:è[ ]iniziato|inizia|cominciò)|la[ ]nostra[ ]storia[ ](?:inizia|comincia|è[ ]iniziata))[ ]nel[ ]{_YEAR}\b",
        rf"(?P<opening>)(?:tudo[ ]começou|a[ ]nossa[ ]história[ ]começou|nossa[ ]história[ ]começ(?:ou|a))[ ]em[ ]{_YEAR}\b",
        rf"\b(?:société|entreprise|maison|firma|unternehmen|empresa|compañía|companhia|azienda|società|bedrijf|company|firm|business)[ ](?:existe|besteht|exist(?:s|iert)|has[ ]existed|bestaat|esiste)[ ](?:depuis|seit|desde|sinds|since|dal)[ ](?:el[ ]año[ ]|l['’]an[ ])?{_YEAR}\b",
        rf"\b(?:(?:la|esta|nuestra)[ ](?:empresa|compañía)[ ]|(?:a|nossa)[ ]empresa[ ]|(?:notre|la|cette)[ ](?:société|entreprise)[ ]|(?:la|nostra)[ ](?:azienda|società)[ ]|l['’]azienda[ ]|l['’]entreprise[ ])(?:nació|nasceu|est[ ]née|a[ ]vu[ ]le[ ]jour|nasce|è[ ]nata|surgió|se[ ]fundó|se[ ]creó)[ ](?:en|em|nel)[ ](?:el[ ]año[ ])?{_YEAR}\b",
        rf"\b(?:nous[ ]avons|on[ ]a)[ ](?:créé|fondé|lancé)[ ](?:l['’]entreprise|la[ ]société|notre[ ](?:entreprise|société)|l['’]agence)[ ]en[ ]{_YEAR}\b",
        rf"\b(?:fundamos|creamos)[ ](?:la|nuestra)[ ](?:empresa|compañía)[ ]en[ ](?:el[ ]año[ ])?{_YEAR}\b",
        rf"\bwir[ ]haben[ ](?:das[ ]Unternehmen|die[ ]Firma|uns(?:er[ ]Unternehmen)?)[ ](?:im[ ]Jahr(?:e)?[ ])?{_YEAR}[ ]gegründet\b",
        # "Since 1966 we have done one thing", "Seit 1986 gibt es uns": not "since 2019 we are certified"
        rf"(?P<opening>)(?:since|ever[ ]since|seit|depuis|desde|dal|sinds)[ ](?:the[ ]year[ ]|dem[ ]Jahr[ ]|el[ ]año[ ]|l['’]an[ ])?{_YEAR},?[ ]"
        r"(?:we(?:[ ]have|['’]ve)?[ ](?:been[ ])?(?:in[ ]business|existed|around|(?:doing|done|do)[ ](?:just[ ]|exactly[ ])?(?:one[ ]thing|this|that|the[ ]same))|(?:machen|tun)[ ]wir[ ](?:nur[ ]|genau[ ])?(?:das|eines|eine[ ]Sache|dasselbe|ein[ ]Ding)|(?:gibt[ ]es|bestehen|existieren)[ ](?:uns|wir)"
        r"|nous[ ](?:faisons|exerçons)[ ](?:le[ ]même[ ]métier|une[ ]seule[ ]chose|la[ ]même[ ]chose|notre[ ]métier)|nous[ ]existons|(?:hacemos)[ ](?:lo[ ]mismo|una[ ]sola[ ]cosa|exactamente[ ]esto)|existimos|facciamo[ ](?:la[ ]stessa[ ]cosa|una[ ]sola[ ]cosa)|esistiamo"
        r"|doen[ ](?:wij|we)[ ](?:maar[ ])?(?:één[ ]ding|precies[ ]dit|hetzelfde|dit)|bestaan[ ](?:wij|we)|fazemos[ ](?:a[ ]mesma[ ]coisa|uma[ ]só[ ]coisa))\b",
    )
)
_BOUGHT = re.compile(
    r"\b(?:acqui\w+|bought|buys|takes?[ ]over|took[ ]over|übern\w+|gekauft|kauft|erwirbt|erworben|erwarb|rachet\w+|racheté\w*|rachat|a[ ]acquis|adquir\w+|compr(?:a|ó|ado|ou)|overgenomen|neemt|nam|gekocht|kocht"
    r"|acquist\w+|rilev\w+|partner\w*|partenair\w+|customers?|clients?|kund\w+|klant\w*|clientes?|clienti)\b",
    _I,
)
_LABEL = re.compile(
    rf"^(?:founded|established|est\.?|year[ ]founded|founding[ ]year|founded[ ]in|gegründet|gründung(?:sjahr)?|année[ ]de[ ]création|fundación|fondazione|opgericht|oprichting(?:sjaar)?|fundação|fondation|création|créée?[ ]en|fondée?[ ]en|anno[ ]di[ ]fondazione|año[ ]de[ ]fundación|ano[ ]de[ ]fundação|fundad[ao][ ]en|seit)"
    rf"[ ]?(?:[:|][ ]?|\n[ ]?|[ ])(?:in[ ])?{_YEAR}[ ]?\.?$",
    _I | re.MULTILINE,
)
_NUMBER_FIRST = re.compile(
    rf"^{_YEAR}\n(?:founded|year[ ]founded|established|gegründet|gründungsjahr|company[ ]founded|fondation)$",
    _I | re.MULTILINE,
)
_OTHER_THING = re.compile(
    r"\b(?:offices?|teams?|communit(?:y|ies)|program(?:me)?s?|schools?|foundation|funds?|clubs?|partnership|subsidiar(?:y|ies)|committee|awards?|department"
    r"|conference|podcast|magazine|lab|branch|scholarship|initiative|venture[ ]arm|practice|division|customers?|clients?|parent|standard|principle|co-?founded|"
    r"co-?founder|product|platform[ ]was|category|he|she|his|her|previously|before[ ]joining|prior[ ]to|former|investors?|portfolio|acquired)\b",
    _I,
)
_AS_A_MEANS = re.compile(
    r",?[ ]as[ ](?:a|an|part|one)[ ](?:way|means|initiative|fund|program(?:me)?|project|response|forum|of)\b",
    _I,
)
"""What is established "as a way to support" something is a fund or a programme, not the company."""
_FOLLOWING_SUBJECT = re.compile(
    r"^[^,;.\n]{0,140},[ ](?P<name>[A-ZÀ-Þ][\w&.'’-]*(?:[ ](?:[A-ZÀ-Þ&][\w&.'’-]*)){0,4})[ ](?:[a-z]+ly[ ]|now[ ]|today[ ])?(?:is|are|has|was|advises?|provides?|offers?|helps?|serves?|makes?|builds?|operates?|delivers?|exists?|employs?|works?|speciali[sz]es?|develops?|supplies|manufactures|sells)\b"
)


def read_founding_year(reading: Reading) -> Iterator[Claim]:
    """Yield the founding year from the account's own sentences and fact lists."""
    document = reading.document
    if not reading.may_tell_of_company:
        return
    seen: set[int] = set()
    for pattern in (*_PATTERNS, *_SINCE):
        for match, sentence in matches(reading, pattern):
            if pattern in _SINCE and not _tells_of_itself(reading, match, sentence):
                continue
            if match.start("year") in seen or not _founds_account(reading, match, sentence):
                continue
            seen.add(match.start("year"))
            yield from _claim(reading, match, reading.quote_around(*match.span()), "founded@2")
    if document.kind == "website" and document.purpose in (
        "about",
        "careers",
        "press",
        "home",
        "contact",
        "legal",
    ):
        for pattern in (_LABEL, _NUMBER_FIRST):
            for match in reading.find(pattern):
                yield from _claim(reading, match, Span(*match.span()), "founded_list@1")


def _tells_of_itself(reading: Reading, match: re.Match[str], sentence: Span) -> bool:
    """Tell whether a beginning is told on the account's own page, by a sentence that opens with it where it must."""
    must_open = "opening" in match.re.groupindex
    return (
        reading.is_own_page
        and not reading.is_quotation(sentence)
        and (not must_open or match.start() == sentence.start)
    )


def _founds_account(reading: Reading, match: re.Match[str], sentence: Span) -> bool:
    before = reading.text[sentence.start : match.start()]
    if _OTHER_THING.search(before[-70:]) or _BOUGHT.search(before):
        return False
    if _AS_A_MEANS.match(reading.text[match.end() : sentence.end]):
        return False
    named = match.groupdict().get("object")
    if named is not None:
        generic = re.fullmatch(r"(?:the|this|our)[ ](?:company|business|firm|agency|studio)", named, _I)
        return reading.is_own_voice(sentence) if generic else reading.identity.is_named(named)
    following = _FOLLOWING_SUBJECT.match(reading.text[match.end() : sentence.end])
    if following is not None:
        return reading.identity.is_named(following["name"]) or following["name"].casefold() in (
            "we",
            "our company",
        )
    opens = (
        before.strip(" •·-–—*\t").casefold() in ("", "die", "unsere", "the", "our")
        and reading.is_own_page
        and reading.document.purpose in ("about", "home", "press", "careers", "legal")
    )
    if opens and not reading.is_quotation(sentence):
        return True
    return reading.is_own_voice(sentence)


def _claim(reading: Reading, match: re.Match[str], span: Span, rule: str) -> Iterator[Claim]:
    year = int(match["year"])
    if year <= reading.document.fetched_at.year:
        yield from reading.claim(rule, "founded_year", year, span)
