"""Tell pages that are no real pages: bot challenges, parked domains, shells that need JavaScript."""

from __future__ import annotations

import re
from typing import Final

_SHORT: Final = 2_500
_LITTLE: Final = 200

_CHALLENGE_TITLE: Final = re.compile(
    r"\A\s*(?:just a moment|attention required|access (?:to this page has been )?denied|please wait\.*\s*\||"
    r"pardon our interruption|are you (?:a )?(?:robot|human)|human verification|robot or human|security check|"
    r"ddos-guard|verify(?:ing)? (?:you are|your)|one moment,? please|checking your browser|403 forbidden|"
    r"forbidden|blocked|request rejected|bot verification|client challenge|"
    r"nur einen moment|un instant|un momento)",
    re.I,
)
_CHALLENGE_TEXT: Final = re.compile(
    r"verify(?:ing)? (?:that )?you are (?:a )?human|checking (?:if the site connection is secure|your browser)|"
    r"enable javascript and cookies to continue|complete the (?:security check|captcha)|unusual traffic from your|"
    r"please (?:complete|solve) the captcha|press & hold to confirm|you have been blocked|"
    r"request unsuccessful\. incapsula|sorry, you have been blocked|your access to this site has been limited|"
    r"why have i been blocked|performance & security by cloudflare|prove you(?:'|’)re not a robot",
    re.I,
)
_CHALLENGE_MARKUP: Final = re.compile(
    r"cdn-cgi/challenge-platform/h/|_cf_chl_opt|captcha-delivery\.com|/_Incapsula_Resource|perimeterx|px-captcha|"
    r"awswaf|ak_bmsc|geo\.captcha",
    re.I,
)

_PARKED_TEXT: Final = re.compile(
    r"(?:this |the )?domain (?:name )?(?:\S{1,80} )?(?:is|may be|has been|could be|might be) (?:now )?"
    r"(?:for sale|parked|available for (?:sale|purchase)|listed for sale|registered (?:at|with|by|through))|"
    r"buy this domain|this (?:web ?(?:site|page)|domain) is parked|parked (?:free|domain)|"
    r"make an offer (?:on|for) this domain|inquire about this domain|get this domain|domain is available\b|"
    r"the owner of \S{1,80} is offering it for sale|related searches ads|sponsored listings (?:displayed|for)|"
    r"interested in (?:buying )?this domain|own this domain today|premium domain (?:for sale|name)|"
    r"diese domain (?:steht (?:zum|zu) verkauf|ist (?:zu verkaufen|verkäuflich|geparkt|kaufen))|domain (?:kaufen|zu verkaufen)|"
    r"(?:ce|le) (?:nom de )?domaine (?:\S{1,80} )?(?:est )?(?:à vendre|en vente|est réservé|parqué)|"
    r"(?:este|el) dominio (?:\S{1,80} )?(?:está|esta) (?:a la venta|en venta|aparcado)|dominio (?:en venta|in vendita|à venda)|"
    r"(?:este|o) domínio (?:\S{1,80} )?está (?:à venda|estacionado|registrado)|(?:questo|il) dominio (?:\S{1,80} )?è (?:in vendita|parcheggiato)|"
    r"dit domein (?:is )?(?:te koop|geparkeerd|gereserveerd)|deze domeinnaam is (?:te koop|geregistreerd)|"
    r"(?:ta )?domena (?:\S{1,80} )?(?:jest )?(?:na sprzedaż|zaparkowana)|denna domän är (?:till salu|parkerad)|"
    r"dette dom(?:æ|e)net? er (?:til salgs?|parkeret)|домен (?:\S{1,80} )?(?:продаётся|продается|припаркован)|このドメインは|该域名|此域名",
    re.I,
)
_DEFAULT_PAGE: Final = re.compile(
    r"apache2? (?:\w+ ){0,2}default page|welcome to nginx|test page for the (?:apache|nginx)|iis windows server|"
    r"\Ait works!\s*\Z|default web site page|this is the default (?:welcome|web) page|"
    r"(?:your|this) (?:new )?(?:web ?site|hosting account|domain) (?:has been|is) (?:successfully )?(?:set up|created|activated|ready)|"
    r"future home of (?:something|\S{1,60}\.\w{2,12})|website (?:is )?(?:not )?(?:published|connected) yet|"
    r"plesk (?:obsidian|default)|cpanel, (?:inc|l\.?l\.?c)|no website (?:is )?configured at this address|"
    r"hier entsteht eine neue (?:internetpräsenz|website|webseite|homepage)|"
    r"domain (?:not (?:claimed|configured|connected)|isn't connected to a website)|looks like this domain isn",
    re.I,
)
_PARKING_MARKUP: Final = re.compile(
    r"sedoparking|parkingcrew|bodis\.com|hugedomains|dan\.com/|afternic|parklogic|above\.com/|undeveloped\.com|"
    r"domainmarket\.com|sav\.com/|img\.sedo|parked-content\.godaddy|wsimg\.com/parking|domainlore|uniregistry|"
    r"cashparking|park\.io|skenzo|voodoo\.com|namebright|squadhelp\.com/|atom\.com/name|brandbucket|efty\.com|"
    r"window\.park\b|d38psrni17bvxu|caf\.js",
    re.I,
)
_JS_NOTICE: Final = re.compile(
    r"(?:enable|activate|turn on|requires?|needs?|without|does(?:n't| not) work (?:properly )?without|activer|aktivieren|"
    r"habilitar?|activar|abilitare|inschakelen|włącz) {1,2}(?:\w+ ){0,3}javascript|javascript (?:is |must be |muss |ist )?"
    r"(?:disabled|required|enabled|deaktiviert|aktiviert|erforderlich|désactivé)",
    re.I,
)
# A contact page whose address alone is written by a script.
_PROTECTED_MAIL: Final = re.compile(
    r"spam|e-?mail|courriel|correo|posta elettronica|view (?:it|this address)", re.I
)
_SHELL_ROOT: Final = re.compile(
    r"<(?:div|app-root|main)\b[^>]{0,200}?\bid=[\"']?(?:root|app|__next|__nuxt|___gatsby|svelte|application|react-root|main-app|ember)\b"
    r"|<app-root|ng-version=|data-reactroot",
    re.I,
)

# What a text holds, in lower case, wherever the pattern of the name matches: looking for these costs a hundredth.
_CHALLENGE_WORDS: Final = (
    *("verify", "checking ", "javascript and cookies", "security check", "captcha", "unusual traffic from"),
    *("press & hold", "blocked", "incapsula", "access to this site", "by cloudflare", "not a robot"),
)
_PARKED_WORDS: Final = (
    *("dom", "parked", "offering it for sale", "related searches ads", "sponsored listings"),
    *("домен", "このドメインは", "该域名", "此域名"),
)
_DEFAULT_WORDS: Final = (
    *("default page", "welcome to nginx", "test page for", "windows server", "it works!", "default web"),
    *("this is the default", "site has been ", "site is ", "account has been ", "account is "),
    *(
        "domain has been ",
        "domain is ",
        "future home of",
        "published yet",
        "connected yet",
        "plesk ",
        "cpanel, ",
    ),
    *("no website ", "hier entsteht eine neue", "domain not ", "domain isn"),
)

_PARKING_HOST_LIST: Final = """
    sedo.com sedoparking.com dan.com afternic.com hugedomains.com bodis.com undeveloped.com parkingcrew.net
    above.com domainmarket.com buydomains.com brandbucket.com squadhelp.com atom.com uniregistry.com sav.com
    namebright.com park.io efty.com domainnamesales.com parklogic.com perfectdomain.com domainagents.com
    spaceship.com dynadot.com epik.com
"""
PARKING_HOSTS: Final = frozenset(_PARKING_HOST_LIST.split())
"""Registrable domains that sell or park other domains; a redirect to one means there is no company site."""


def page_flags(title: str, text: str, markup: str, *, scripts: int, noscript: str) -> tuple[str, ...]:
    """Return which of `challenge`, `parked`, `js_only`, `empty` apply, in this order.

    `text` is the visible text, `markup` the page's source, `scripts` how many scripts it holds and
    `noscript` the text a visitor without JavaScript would get.
    """
    flags: list[str] = []
    length = len(text)
    head = markup[:30_000]
    if length < _SHORT and (
        _says(_CHALLENGE_TEXT, _CHALLENGE_WORDS, text + "\n" + noscript[:2000])
        or (_CHALLENGE_TITLE.match(title) and length < 1_200)
        or (length < 300 and _CHALLENGE_MARKUP.search(head))
    ):
        flags.append("challenge")
    elif length < _SHORT and _is_parked(title, text, head):
        flags.append("parked")
    elif length < _LITTLE and scripts:  # without a script nothing more would come
        asks = _JS_NOTICE.search(text) and not _PROTECTED_MAIL.search(text)
        shell = _SHELL_ROOT.search(head) or _JS_NOTICE.search(noscript) or asks
        if shell or length < 40:
            flags.append("js_only")
    if not text and "js_only" not in flags:
        flags.append("empty")
    return tuple(flags)


def is_javascript_notice(text: str) -> bool:
    """Return whether a `<noscript>` text only asks for JavaScript."""
    return len(text) < 400 and _JS_NOTICE.search(text) is not None


def _is_parked(title: str, text: str, head: str) -> bool:
    words = f"{title}\n{text}"
    if _says(_PARKED_TEXT, _PARKED_WORDS, words) or _says(_DEFAULT_PAGE, _DEFAULT_WORDS, words):
        return True
    return len(text) < 400 and _PARKING_MARKUP.search(head) is not None


def _says(pattern: re.Pattern[str], words: tuple[str, ...], text: str) -> bool:
    """Tell whether a pattern matches that cannot match a text without any of the `words`."""
    lowered = text.lower()
    return any(word in lowered for word in words) and pattern.search(text) is not None
