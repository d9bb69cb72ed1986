"""More ways to announce something: round the account's name, with the account last, or with the event as subject.

`{us}` in these is the account as the doer (its name, "we", "the company"), `{name}` its name alone.
"""

from __future__ import annotations

from agent.canonical.numbers import DIGITS
from agent.extraction.rules.event_words import FOREIGN_TITLE, PERSON, TITLE

_TODAY = r"(?:[ ](?:today|now|also|this[ ]week))?"
_PRODUCT = r"(?P<product>[A-Z][\w.+'’-]*(?:[ ](?:[A-Z0-9][\w.+'’-]*|for|of|and|&)){0,5})"
_ITS = r"(?:(?:its|our|the|a|an|new|all-new|brand[ ]new|first|next-generation|latest)[ ]){0,3}"
_OFFICE = r"(?:office|hub|headquarters|HQ|location|branch|site)"
_ENDS = r"(?=\s*(?:$|[.,;:!()–—-]|\n|[ ](?:to|and|who|in|for|as|from|after|at|on|with|following|today|this|next|starting|effective|joining|[A-Z])))"
"""What may follow a title: "a new CEO dashboard" is no appointment."""
_SHARE = (
    rf"(?:about[ ]|around[ ]|nearly[ ]|almost[ ]|roughly[ ]|some[ ]|over[ ]|more[ ]than[ ]|approximately[ ]|up[ ]to[ ])?"
    rf"(?:(?P<percent>[0-9]{{1,2}})[ ]?(?:%|percent|per[ ]cent)|(?P<count>{DIGITS}))"
)
_PEOPLE = r"(?:[\w-]+[ ]){0,3}?(?:employees|staff|jobs|workers|workforce|roles|positions|people)\b"
_SHARE_DE = (
    rf"(?:rund[ ]|etwa[ ]|circa[ ]|über[ ]|mehr[ ]als[ ]|knapp[ ]|environ[ ]|près[ ]de[ ]|unos[ ]|cerca[ ]de[ ]|ongeveer[ ]|ruim[ ])?"
    rf"(?:(?P<percent>[0-9]{{1,2}})[ ]?(?:%|Prozent|pour[ ]cent|por[ ]ciento|procent)|(?P<count>{DIGITS}))"
)
_PEOPLE_FOREIGN = (
    r"(?:[\w-]+[ ]){0,2}?(?:Mitarbeiter\w*|Mitarbeitende\w*|Stellen|Arbeitsplätze|Beschäftigte\w*|Jobs|salariés|postes|emplois|collaborateurs"
    r"|empleados|empleos|puestos(?:[ ]de[ ]trabajo)?|trabajadores|medewerkers|banen|werknemers|arbeidsplaatsen|functies)\b"
)
_CITY = r"(?P<place>[A-ZÀ-Þ][\w'’.-]*(?:[ ][A-ZÀ-Þ][\w'’.-]*){0,2})"


def announcement_shapes(us: str, name: str, place: str) -> tuple[tuple[str, str], ...]:
    """Return (kind, pattern) of each way; `place` is the pattern of a place of up to three parts."""
    again = TITLE.replace("?P<title>", "?P<title2>")
    return (
        ("appointed", rf"{us}{_TODAY}[ ](?:has|gets|welcomes|welcomed|now[ ]has|will[ ]have|names|appoints|hires)[ ](?:a|its|an)[ ][Nn]ew[ ]{TITLE}{_ENDS}"),
        ("appointed", rf"{us}{_TODAY}[ ](?:[Aa]nnounce[sd]?){_TODAY}[ ](?:the[ ])?[Aa]ppointment[ ]of[ ](?:(?:a|its|an)[ ](?:[Nn]ew[ ])?{TITLE}|{PERSON}[ ](?:as|to)[ ](?:its[ ]|our[ ]|the[ ]|be[ ]|the[ ]role[ ]of[ ]|the[ ]position[ ]of[ ])?{again})"),
        ("appointed", rf"{PERSON}[ ](?:has[ ]been|was|is)[ ](?:appointed|named|hired)[ ](?:as[ ]|to[ ]be[ ])?(?:the[ ])?{TITLE}[ ](?:of|at|for)[ ]{name}"),
        ("appointed", rf"\b(?:[Aa][ ])?[Nn]ew[ ]{TITLE}[ ](?:at|for|joins|takes[ ]over[ ]at|to[ ]lead)[ ]{name}"),
        ("appointed", rf"{PERSON}[ ]joins[ ](?:the[ ])?{name}(?:['’]s)?[ ](?:(?:executive|leadership|management|senior)[ ])?(?:leadership[ ])?[Tt]eam[ ]as[ ](?:its[ ]|our[ ]|the[ ])?{TITLE}"),
        ("departed", rf"{PERSON}[ ](?:steps|stepped|is[ ]stepping|to[ ]step|will[ ]step)[ ]down[ ]as[ ](?:the[ ])?(?:{name}(?:['’]s)?[ ]{TITLE}|{again}[ ](?:of|at)[ ]{name})"),
        ("launch", rf"(?:[Aa]nnouncing|[Ii]ntroducing|[Pp]resenting)[ ]{_ITS}{_PRODUCT},[ ]{name}[ ](?:today[ ]|now[ ])?(?:launches|introduces|brings|unveils|releases|makes|presents|adds|opens|gives)\b"),
        ("launch", rf"\b[Ww]ith[ ]{_PRODUCT},[ ]{name}[ ](?:today[ ]|now[ ])?(?:launches|introduces|unveils|releases)[ ](?:its|a|an|the)[ ]"),
        ("launch", rf"(?:{name}[ ](?:today[ ])?is|\b[Ww]e(?:[ ]are|['’]re))[ ](?:today[ ]|now[ ]|also[ ]|excited[ ]to[ ]be[ ]|proudly[ ])?(?:launching|introducing|unveiling|debuting|rolling[ ]out|releasing)[ ]{_ITS}{_PRODUCT}"),
        ("launch", rf"{us}{_TODAY}[ ][Aa]nnounce[sd]?{_TODAY}[ ](?:the[ ])?(?:general[ ]|public[ ]|beta[ ])?(?:launch|release|availability|debut|introduction)[ ]of[ ]{_ITS}{_PRODUCT}"),
        ("office", rf"{us}[ ](?:[Oo]pen(?:s|ed|ing)?|[Uu]nveil(?:s|ed))[ ](?:(?:its|a|an|our|the|new|first|second|third|another)[ ]){{0,3}}{_CITY}[ ]{_OFFICE}\b"),
        ("office", rf"\b[Tt]he[ ]new[ ]{_OFFICE}[ ]in[ ]{place}[ ](?:brings|puts|helps|gives|lets|allows|makes)[ ](?:[a-zà-ÿ'’-]+[ ]){{0,4}}?{name}"),
        ("office", rf"\b[Ww]ith[ ](?:its|our|the|this|a|their)[ ](?:new|first|second|latest)[ ]{_OFFICE}[ ]in[ ]{place},[ ]{us}"),
        ("office", rf"{name}['’]s?[ ](?:new|newest|latest)[ ]{_OFFICE}[ ]in[ ]{place}"),
        ("office", rf"{us}{_TODAY}[ ](?:[Aa]nnounce[sd]?|[Cc]elebrate[sd]?){_TODAY}[ ](?:the[ ]|its[ ])?(?:grand[ ]|official[ ])?opening[ ]of[ ](?:(?:its|a|an|our|the|new|first|second|third|another)[ ]){{1,3}}(?:[\w-]+[ ]){{0,2}}?{_OFFICE}[ ]in[ ]{place}"),
        ("layoffs", rf"{us}[ ](?:will|is[ ]going[ ]to|has[ ]decided[ ]to)[ ](?:lay[ ]off|cut|eliminate|let[ ]go[ ]of)[ ]{_SHARE}[ ](?:of[ ](?:its[ ]|the[ ]|our[ ])?)?{_PEOPLE}"),
        ("layoffs", rf"{us}[ ](?:(?:is|are)[ ])?(?:eliminates|eliminated|eliminating|lets[ ]go[ ]of|let[ ]go[ ]of|letting[ ]go[ ]of|to[ ]eliminate|to[ ]let[ ]go[ ]of)[ ]{_SHARE}[ ](?:of[ ](?:its[ ]|the[ ]|our[ ])?)?{_PEOPLE}"),
        ("layoffs", rf"{us}[ ](?:(?:is|are|will|to)[ ])?(?:reduc(?:es?|ed|ing)|cut(?:s|ting)?|trim(?:s|med|ming)?|shrink(?:s|ing)?)[ ](?:its|our|the)[ ](?:global[ ]|total[ ]|overall[ ])?(?:workforce|headcount|staff|team)[ ]by[ ]{_SHARE}\b"),
        ("layoffs", rf"{_SHARE}[ ](?:of[ ](?:its[ ]|the[ ])?)?{_PEOPLE}[ ](?:at[ ]{name}[ ])?(?:will[ ]be|were|are[ ]being|have[ ]been|are[ ]to[ ]be)[ ](?:laid[ ]off|let[ ]go|made[ ]redundant)[ ](?:at|by|from)[ ]{name}"),
        *_foreign_shapes(name, place),
    )  # fmt: skip


def _foreign_shapes(name: str, place: str) -> tuple[tuple[str, str], ...]:
    new = r"(?:neue[rn]?|nouve(?:au|l|lle)|nuev[oa]|nieuwe|nuov[oa]|nov[oa])"
    again = FOREIGN_TITLE.replace("?P<title>", "?P<title2>")
    office = r"(?:Büro|Niederlassung|Standort|Filiale|bureau|agence|site|oficina|sede|delegación|kantoor|vestiging|ufficio|escritório|filial)"
    return (
        ("appointed", rf"\b(?:verstärkt|ergänzt|leitet|führt|übernimmt)[ ](?:[\w-]+[ ]){{0,3}}?ein(?:e)?[ ]neue[rn]?[ ]{FOREIGN_TITLE}[^.\n]{{0,40}}[ ]{name}"),
        ("appointed", rf"{name}[ ](?:hat|bekommt|erhält|begrüßt|a|accueille|tient|ha|tiene|incorpora|recibe|da[ ]la[ ]bienvenida[ ]a|heeft|krijgt|verwelkomt)[ ](?:ab[ ]sofort[ ]|désormais[ ]|ahora[ ]|nu[ ]|vanaf[ ]nu[ ])?(?:einen?[ ]|une?[ ]|una?[ ]|een[ ]|a[ ]una?[ ])?{new}[ ]{FOREIGN_TITLE}"),
        ("appointed", rf"\b(?:[Ee]in[ ]|[Ee]ine[ ]|[Uu]ne?[ ]|[Ee]en[ ])?(?i:{new})[ ]{FOREIGN_TITLE}[ ](?:bei|für|chez|pour|en|para|bij|voor|em|na|in|da)[ ]{name}"),
        ("appointed", rf"{PERSON}[ ](?:wird|ist|est|devient|a[ ]été|es|wordt|is|ha[ ]sido|è|será)[ ](?:zum[ ]|zur[ ]|ab[ ]sofort[ ])?(?:nommé(?:e)?[ ](?:au[ ]poste[ ]de[ ])?|nombrad[oa][ ]|le[ ]|la[ ]|el[ ]|de[ ]|der[ ]|die[ ])?{new}[ ]{FOREIGN_TITLE}[ ](?:bei|von|der|chez|de|du|en|bij|van|di)[ ]{name}"),
        ("appointed", rf"{PERSON}[ ](?:est|a[ ]été)[ ]nommé(?:e)?[ ](?:au[ ]poste[ ]de[ ])?{FOREIGN_TITLE}[ ](?:de|du|chez|d['’])[ ]?{name}"),
        ("appointed", rf"{name}[ ](?:nomme|nombra[ ]a|benoemt|beruft|ernennt|holt|ficha[ ]a|incorpora[ ]a|recrute|stelt)[ ]{PERSON}[ ](?:(?:comme|como|als|zum|zur|tot|en[ ]tant[ ]que|au[ ]poste[ ]de|en[ ]qualité[ ]de|aan[ ]als)[ ])?(?:(?:su|son|sa|seinen?|ihren?|neuen?|nuev[oa]|nouve(?:au|lle)|nieuwe)[ ]){{0,2}}{FOREIGN_TITLE}"),
        ("appointed", rf"{PERSON}[ ]rejoint[ ]{name}[ ](?:en[ ](?:tant[ ]que|qualité[ ]de)|comme|au[ ]poste[ ]de)[ ]{FOREIGN_TITLE}"),
        ("appointed", rf"{name}[ ](?:hat[ ](?:heute[ ])?|a[ ](?:annoncé[ ])?|ha[ ](?:anunciado[ ])?|heeft[ ])(?:{PERSON}[ ](?:zum|zur|als|tot)[ ](?:neuen?[ ]|nieuwe[ ])?{FOREIGN_TITLE}[ ](?:ernannt|berufen|bestellt|benoemd|aangesteld)|(?:la[ ]nomination[ ]d['’]une?|el[ ]nombramiento[ ]de[ ](?:una?[ ])?|nommé[ ]{PERSON}|nombrado[ ]a[ ]{PERSON})[ ]?(?:(?:comme|como|au[ ]poste[ ]de)[ ])?(?:{new}[ ])?{again})"),
        ("launch", rf"{name}[ ](?:annonce|anuncia|ha[ ]anunciado|a[ ]annoncé)[ ](?:le|el)[ ](?:lancement|lanzamiento)[ ]de[ ](?:son[ ]|sa[ ]|su[ ]|la[ ]|el[ ]|nuev[oa][ ]|nouve(?:au|lle)[ ]){{0,2}}(?P<product>[A-ZÀ-Þ][\w.+'’-]*(?:[ ][A-ZÀ-Þ0-9][\w.+'’-]*){{0,3}})"),
        ("office", rf"\b(?:[Dd]er|[Dd]as|[Dd]ie|[Ll]e|[Ll]a|[Ee]l|[Hh]et|[Dd]e)[ ]{new}[ ]{office}[ ](?:in|à|en|em)[ ]{place}[ ](?:bringt|rapproche|acerca|brengt|permet|permite)[ ](?:[a-zà-ÿ'’-]+[ ]){{0,4}}?{name}"),
        ("office", rf"\b(?:[Mm]it|[Aa]vec|[Cc]on|[Mm]et)[ ](?:dem|der|seinem|seiner|ihrem|le|la|son|sa|el|su|het|de|een|zijn)[ ]{new}[nm]?[ ]{office}[ ](?:in|à|en)[ ]{place},?[ ](?:[a-zéèß]+[ ]){{0,2}}?{name}"),
        ("layoffs", rf"{name}[ ](?:wird|muss|gaat|va)[ ]{_SHARE_DE}[ ]{_PEOPLE_FOREIGN}[ ](?:streichen|abbauen|entlassen|kündigen|ontslaan|schrappen)"),
        ("layoffs", rf"{name}[ ](?:trennt[ ]sich[ ]von|se[ ]sépare[ ]de|supprimera|licenciera|recortará|eliminará|suprimirá|prescinde[ ]de|neemt[ ]afscheid[ ]van)[ ]{_SHARE_DE}[ ]{_PEOPLE_FOREIGN}"),
    )  # fmt: skip
