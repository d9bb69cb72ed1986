"""List a page's technical marks, one a line, verbatim, for fingerprints to match and quote.

Lines (each `kind: value`, at most 300 characters, in page order within a kind):

    header NAME: value          response header (no dates, cookies, lengths, policies)
    cookie: NAME                name of a cookie the response sets
    meta NAME: content          generator and other technical or verification tags
    html: NAME="value"          attributes of <html> and <body> but class and style; ids of framework roots
    script: URL · link: URL · iframe: URL · form: URL    as absolute URLs
    img: URL                    tracking pixels, the first picture of each foreign host, own ones by folder
    tenant: URL                 a link to a place on a foreign host that bears the site's own name
    inline: URL-or-host         a foreign address inside an inline script, as written there
    inline: snippet             ≤ 200 characters around a vendor's well-known identifier or call
    inline: "src":"URL"         a script that the page's own data tell the browser to load
    comment: text               first line of an HTML comment

Scripts and pictures inside `<noscript>` count, and so do scripts that a cache or consent tool holds back under
a type or attribute of its own. Bodies of data scripts (JSON) are not searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from tools.domains import registrable
from tools.fetching.api import Response
from tools.names import squash
from tools.pages.urls import LinkBase

_MAX_LINE: Final = 300
_MAX_SNIPPET: Final = 200
_MAX_PER_KIND: Final = 400
_MAX_INLINE: Final = 300
_MAX_SCRIPT: Final = 60_000
_MAX_SNIPPETS: Final = 40
_MAX_FOLDERS: Final = 12
_MAX_TENANTS: Final = 40

_SKIPPED_HEADER_LIST: Final = """
    date expires last-modified content-length content-type content-encoding set-cookie etag age vary
    connection keep-alive transfer-encoding cache-control pragma content-security-policy
    content-security-policy-report-only permissions-policy feature-policy strict-transport-security
    referrer-policy x-frame-options x-content-type-options p3p x-xss-protection accept-ranges
    content-language location report-to nel alt-svc status
"""
_SKIPPED_HEADERS: Final = frozenset(_SKIPPED_HEADER_LIST.split())
_META: Final = re.compile(
    r"generator|verif|msvalidate|application-name|shopify|wix|hubspot|framework|powered|platform|cms|next-head|"
    r"google-signin|fb:app_id|apple-itunes-app|google-play-app|dmbot|wot-|ahrefs|p:domain|csrf-param|intercom|zendesk",
    re.I,
)
_ROOT_IDS: Final = re.compile(
    r"__next|__nuxt|___gatsby|svelte|ember|wix|shopify|hs[-_]|webflow|wp-|drupal|main-app|mktoForm_|klaviyo-form|"
    r"freshchat",
    re.I,
)
# What is no code: data, templates, rules. Tools that delay scripts put types of their own on code
# ("rocketlazyloadscript", "nitropack/inlinescript", "c78d45eb540ef6d20d231481-text/javascript").
_NO_CODE: Final = re.compile(
    r"json|templa|html|xml|importmap|rules|shader|mustache|handlebars|markdown|x-magento|ejs", re.I
)
_SCRIPT_SOURCES: Final = (
    "src",
    "data-src",
    "data-rocket-src",
    "data-litespeed-src",
    "nitro-src",
    "data-nitro-src",
    "data-cookieblock-src",
    "data-cmp-src",
    "data-pmdelayedscript",
    "data-flying-press-src",
    "data-wpmeteor-src",
    "data-suppressedsrc",
)
_PAGE_CONTENT: Final = re.compile(
    r"\A\s*(?:\(?self\.__next_f|window\.__(?:NUXT|remix|NEXT_DATA|INITIAL|APOLLO|PRELOADED|DATA)|__NUXT|self\.__next_s)"
)
# A script's address in the data of a page that its framework loads: `"src":"https://host/file.js"`.
_LOADED: Final = re.compile(r"\"?src\\{0,3}\":\\{0,3}\"(?:https:)?//[^\"\\\s]{4,120}\.js\b")
# An address from its "//" on (also "\\/\\/"); the scheme before it is added when there is one.
_ADDRESS: Final = re.compile(
    r"/\\?/([a-z0-9][a-z0-9.\-]{2,80}\.[a-z]{2,12})(?::\d{1,5})?((?:\\?/[\w.\-~%@+=?&;,!*\\/]{0,160})?)", re.I
)
_SCHEME: Final = re.compile(r"https?:\\?\Z", re.I)
_BARE_HOST: Final = re.compile(
    r"[\"']([a-z0-9][a-z0-9\-]{0,60}(?:\.[a-z0-9\-]{1,60}){1,4}\.(?:com|io|net|co|ai|app|cloud|dev|eu|de))(?=[\"'/])"
)
_TOP_DOMAIN: Final = re.compile(r"\.(?:com|io|net|co|ai|app|cloud|dev|eu|de)")
"""What each of these hosts ends with: far quicker to look for."""
_IDENTIFIER: Final = re.compile(
    r"GTM-[A-Z0-9]{4,9}\b|UA-\d{4,10}-\d{1,3}\b|[\"'](?:G-[A-Z0-9]{6,12}|AW-\d{6,12}|DC-\d{6,10})[\"'/]|ca-pub-\d{8,20}"
)
_IDENTIFIER_STARTS: Final = ("GTM-", "UA-", "G-", "AW-", "DC-", "ca-pub-")
"""One of these stands in every identifier, at its start or behind a quotation mark."""
_TEXTS: Final = ("/cdn-cgi/", '"ak.v"', ".sentry.io/", "@sentry.io/")
"""Searched for as they stand, which costs far less than one more alternative of a pattern."""
_BEGINS_WORD: Final = re.compile(r"[A-Za-z_$]")
_IN_WORD: Final = re.compile(r"[\w$]")
_VENDOR_WORD_LIST: Final = """
    fbq gtag _gaq _hsq _hsp hbspt hj _hjSettings _paq _mtm ttq twq snaptr pintrk rdt qp lintrk
    _linkedin_partner_id uetq obApi _tfa Intercom intercomSettings drift driftt zE zESettings Tawk_API
    LiveChatWidget __lc $crisp CRISP_WEBSITE_ID olark HelpScout Beacon analytics _cio _learnq klaviyo
    _klOnsite mixpanel amplitude heap posthog FS _fs_org FullStory LogRocket Sentry DD_RUM datadogRum
    newrelic NREUM Rollbar _rollbarConfig Bugsnag clarity mouseflow _mfq smartlook luckyorange CE2
    optimizely _vwo_code _vis_opt_queue VWO Munchkin mktoForms MktoForms2 piAId piCId _elqQ dataLayer
    adobeDataLayer _satellite s_account chilipiper ChiliPiper Calendly qualified _6si ZoomInfo _zi clearbit
    leadfeeder ldfdr _lfa demandbase Bizible rb2b koala warmly Shopify BCData Mage magento
    wc_add_to_cart_params woocommerce wpcf7 elementorFrontend __NEXT_DATA__ __NUXT__ __next_f
    __remixContext ___gatsby wixBiSession SQUARESPACE_CONTEXT Webflow drupalSettings Drupal Joomla TYPO3
    contentful storyblok prismic sanity Stripe paypal braintree Recurly Chargebee Paddle Klarna afterpay
    grecaptcha hcaptcha turnstile OneTrust OptanonWrapper Cookiebot CookieConsent usercentrics UC_UI Didomi
    Osano iubenda _iub termly auth0 Auth0 okta firebase algolia algoliasearch Coveo typesense LDClient
    growthbook statsig braze appboy OneSignal iterable fcWidget FreshworksWidget freshchat Gorgias gorgias
    kustomer adaEmbed adaSettings Ketch transcend userflow Userpilot pendo Appcues chmln WalkMe _walkmeConfig
    aptrinsic delighted typeform QSI _qevents criteo_q adroll_adv_id __adroll yandex_metrika plausible fathom
    umami rudderanalytics snowplow snowplowtracker utag utag_data Tealium ChatWidget _chatlio HubSpotConversations
    hsConversationsSettings Trustpilot trustpilot wistia _wq Vidyard Ybug gist gtm partytown
"""
_VENDOR_WORDS: Final = frozenset(_VENDOR_WORD_LIST.split())
_LETTERS: Final = bytes(
    code if (chr(code).isalpha() and code < 128) or chr(code) in "_$" else 32 for code in range(256)
)
_WORDS_OF_LETTERS: Final = {word.encode(): word for word in _VENDOR_WORDS if not re.search(r"\d", word)}
_OTHER_WORDS: Final = _VENDOR_WORDS.difference(_WORDS_OF_LETTERS.values())


def list_marks(
    response: Response,
    nodes: Mapping[str, list[LexborNode]],
    base: LinkBase,
    metas: Iterable[tuple[str, str]],
    comments: Iterable[str],
    links: Iterable[str] = (),
) -> str:
    """Return the marks of a page as text. `nodes` holds its elements by tag name, in page order."""
    lines: dict[str, None] = {}
    _add_headers(lines, response)
    for name, content in metas:
        if _META.search(name):
            _add(lines, f"meta {name}: {content}")
    _add_root_attributes(lines, nodes)
    own = registrable(response.final_url)
    for script in nodes.get("script", [])[:_MAX_PER_KIND]:
        attributes = script.attributes
        source = next((attributes[name] for name in _SCRIPT_SOURCES if attributes.get(name)), None)
        _add_url(lines, "script", source, base)
        if selector := attributes.get("data-drupal-selector"):
            _add(lines, f'html: data-drupal-selector="{selector}"')
    for link in nodes.get("link", [])[:_MAX_PER_KIND]:
        rel = (link.attributes.get("rel") or "").lower()
        if "alternate" not in rel and "canonical" not in rel:
            _add_url(lines, "link", link.attributes.get("href"), base)
    for frame in nodes.get("iframe", [])[:_MAX_PER_KIND]:
        _add_url(lines, "iframe", source_of_frame(frame), base)
    for form in nodes.get("form", [])[:_MAX_PER_KIND]:
        _add_url(lines, "form", form.attributes.get("action"), base)
        if _ROOT_IDS.search(identifier := form.attributes.get("id") or ""):
            _add(lines, f'html: id="{identifier}"')
    _add_pictures(lines, nodes.get("img", []), base, own)
    _add_tenants(lines, links, own)
    for snippet in _inline_marks(nodes.get("script", []), own):
        _add(lines, f"inline: {snippet}")
    for comment in comments:
        _add(lines, f"comment: {comment}")
    return "\n".join(lines)


def source_of_frame(frame: LexborNode) -> str | None:
    """Return a frame's address, also where a consent tool or lazy loading keeps it in a data attribute."""
    attributes = frame.attributes
    for name in ("src", "data-src", "data-cookieblock-src", "data-lazy-src", "data-iframe-src"):
        value = attributes.get(name)
        if value and not value.startswith(("about:", "javascript:", "data:")):
            return value
    return None


def _add(lines: dict[str, None], line: str) -> None:
    line = " ".join(line.split())
    lines[line[:_MAX_LINE]] = None


def _add_url(lines: dict[str, None], kind: str, href: str | None, base: LinkBase) -> None:
    if href and (url := base.absolute(href)) is not None:
        _add(lines, f"{kind}: {url}")


def _add_headers(lines: dict[str, None], response: Response) -> None:
    for name, value in response.headers[:100]:
        lowered = name.lower()
        if lowered == "set-cookie":
            cookie = value.split("=", 1)[0].strip()
            if cookie:
                _add(lines, f"cookie: {cookie[:100]}")
        elif lowered not in _SKIPPED_HEADERS:
            _add(lines, f"header {lowered}: {value}")


def _add_root_attributes(lines: dict[str, None], nodes: Mapping[str, list[LexborNode]]) -> None:
    for tag in ("html", "body"):
        for node in nodes.get(tag, [])[:1]:
            for name, value in node.attributes.items():
                if name not in ("class", "style", "lang", "dir"):
                    _add(lines, f'html: {name}="{value or ""}"')
    for node in nodes.get("id", [])[:200]:
        identifier = node.attributes.get("id") or ""
        if _ROOT_IDS.search(identifier):
            _add(lines, f'html: id="{identifier}"')


def _add_pictures(
    lines: dict[str, None], pictures: list[LexborNode], base: LinkBase, own: str | None
) -> None:
    hosts: dict[str, str | None] = {}  # by origin, so that a hundred pictures of one host cost one look at it
    listed: set[str] = set()
    folders: set[str] = set()
    for picture in pictures[:1500]:
        attributes = picture.attributes
        source = attributes.get("src") or attributes.get("data-src")
        if not source or source.startswith("data:"):
            continue
        url = base.absolute(source)
        if url is None:
            continue
        origin = url[: url.find("/", 8)] if "/" in url[8:] else url
        if origin not in hosts:
            host = _host(url)
            hosts[origin] = host if registrable(host) != own else None
        foreign = hosts[origin]
        if foreign is None:
            folder = "/".join(url.split("/", 5)[3:5])
            if folder not in folders and len(folders) < _MAX_FOLDERS:
                folders.add(folder)
                _add(lines, f"img: {url}")
            continue
        pixel = attributes.get("width") in ("0", "1") or attributes.get("height") in ("0", "1")
        pixel = pixel or "display:none" in (attributes.get("style") or "").replace(" ", "")
        if pixel or foreign not in listed:
            listed.add(foreign)
            _add(lines, f"img: {url}")


def _add_tenants(lines: dict[str, None], links: Iterable[str], own: str | None) -> None:
    """Add the first link to each foreign host that leads to a place of the site's own name there.

    `acme.helpdesk.example` and `jobs.example/acme` are Acme's places; a link to somebody else's shows nothing.
    """
    label = squash((own or "").split(".")[0])
    hosts: set[str] = set()
    if len(label) < 3:
        return
    for url in links:
        if "/cdn-cgi/" in url and registrable(_host(url)) == own:
            _add(lines, f"link: {url.partition('?')[0]}")  # the proxy's own address for a hidden e-mail
            continue
        if own is not None and own in url:
            continue
        plain = url.lower().replace("-", "")
        if not (label[:3] in plain or label[-3:] in plain):
            continue
        host = _host(url)
        if host in hosts:
            continue
        domain = registrable(host)
        if domain is None or domain == own or len(hosts) >= _MAX_TENANTS:
            continue
        below = host.removesuffix(domain).rstrip(".").split(".")[0]
        first = url.split("/", 4)[3] if url.count("/") > 2 else ""
        if _same_name(squash(below), label) or _same_name(squash(first.partition("?")[0]), label):
            hosts.add(host)
            _add(lines, f"tenant: {url}")


def _same_name(name: str, label: str) -> bool:
    if name == label:
        return True
    shorter, longer = sorted((name, label), key=len)
    # "otter" and "tryotter", but not "open" and "opentable".
    long_enough = len(shorter) >= 4 and 2 * len(shorter) >= len(longer)
    return long_enough and (longer.startswith(shorter) or longer.endswith(shorter))


def _inline_marks(scripts: list[LexborNode], own: str | None) -> list[str]:
    found: dict[str, None] = {}
    hosts_seen: set[str] = set()
    for script in scripts[:_MAX_PER_KIND]:
        attributes = script.attributes
        if _NO_CODE.search(attributes.get("type") or "") or attributes.get("src"):
            continue
        body = (script.text() or "")[:_MAX_SCRIPT]
        if not body:
            continue
        content = _PAGE_CONTENT.match(body)
        if content:
            found[" ".join(re.split(r"[\[{\"']", body[:80], maxsplit=1)[0].split())] = None
            if '"strategy' in body or "strategy\\" in body:
                found.update(dict.fromkeys(source[0] for source in _LOADED.finditer(body)))
            continue
        for address in _ADDRESS.finditer(body):
            domain = registrable(address[1])
            if domain is None or domain == own or address[0] in hosts_seen:
                continue
            hosts_seen.add(address[0])
            scheme = _SCHEME.search(body[max(0, address.start() - 7) : address.start()])
            found[(f"{scheme[0]}{address[0]}" if scheme else address[0])[:_MAX_SNIPPET]] = None
        if _TOP_DOMAIN.search(body):
            for host in _BARE_HOST.finditer(body):
                domain = registrable(host[1])
                if domain is not None and domain != own:
                    found[host[1]] = None
        _add_snippets(found, body)
        if len(found) > _MAX_INLINE:
            break
    return list(found)[:_MAX_INLINE]


def _add_snippets(found: dict[str, None], body: str) -> None:
    """Add the surroundings of vendors' identifiers and of the first use of each vendor's global."""
    starts = _identifiers(body)
    for text in _TEXTS:
        if (start := body.find(text)) >= 0:
            starts[text] = start
    for name in _possible_words(body).difference(starts):
        whole = [at for at in _positions(body, name) if _is_whole(body, name, at)]
        if whole:  # alone, or else behind a digit, as in "1fbq"
            starts[name] = next((at for at in whole if not at or not _IN_WORD.match(body, at - 1)), whole[0])
    for start in sorted(starts.values())[:_MAX_SNIPPETS]:
        snippet = body[max(0, start - 20) : start + _MAX_SNIPPET - 40]
        found[" ".join(snippet.split())] = None


def _possible_words(body: str) -> set[str]:
    """Return the vendors' words that a script may hold: as whole words where digits and all but ASCII part them."""
    letters = body.encode("ascii", "replace").translate(_LETTERS).split()
    found = {_WORDS_OF_LETTERS[word] for word in _WORDS_OF_LETTERS.keys() & set(letters)}
    return found.union(word for word in _OTHER_WORDS if word in body)


def _identifiers(body: str) -> dict[str, int]:
    """Return vendors' identifiers by their text, each with where it stands last: as searching for the pattern would,
    but looking only where one can be."""
    starts: dict[str, int] = {}
    last = 0
    for at in sorted({at for start in _IDENTIFIER_STARTS for at in _positions(body, start)}):
        for begin in (at - 1, at):
            identifier = _IDENTIFIER.match(body, begin) if begin >= last else None
            if identifier is not None:
                starts[identifier[0]] = begin
                last = identifier.end()
                break
    return starts


def _is_whole(body: str, name: str, at: int) -> bool:
    """Say whether no letter of the same word stands around it; what begins a word is no digit."""
    end = at + len(name)
    if end < len(body) and _IN_WORD.match(body, end):
        return False
    while at and _IN_WORD.match(body, at - 1):
        if _BEGINS_WORD.match(body, at - 1):
            return False
        at -= 1
    return True


def _positions(text: str, needle: str) -> Iterator[int]:
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + 1)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
