"""Recognise the page a bot wall serves instead of the page that was asked for.

A wall may come with any status, 200 included. Marks that also stand in ordinary protected pages (a
script of the same vendor, a reCAPTCHA on a contact form) are counted only on a page with hardly any text.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

_WINDOW: Final = 60_000
_LITTLE_TEXT: Final = 900
_MANY_LINKS: Final = 15

# Header (lower case name, text in its value, wall).
_HEADERS: Final = (
    ("cf-mitigated", "challenge", "Cloudflare challenge"),
    ("x-amzn-waf-action", "challenge", "AWS WAF challenge"),
    ("x-amzn-waf-action", "captcha", "AWS WAF CAPTCHA"),
    ("x-vercel-mitigated", "challenge", "Vercel security checkpoint"),
    ("sg-captcha", "challenge", "SiteGround CAPTCHA"),
)
# Marks that stand on nothing but a wall.
_CERTAIN: Final = (
    (b"_cf_chl_opt", "Cloudflare challenge"),
    (b"cf-browser-verification", "Cloudflare challenge"),
    (b"vercel security checkpoint", "Vercel security checkpoint"),
    (b"sec-if-cpt-container", "Akamai challenge"),
    (b"/.well-known/sgcaptcha/", "SiteGround CAPTCHA"),
    (b"sucuri_cloudproxy_js", "Sucuri firewall"),
    (b"incapsula incident id", "Imperva challenge"),
    (b"ddos-guard.net/check.js", "DDoS-Guard challenge"),
    (b"window.gokuprops", "AWS WAF challenge"),
)
# Marks that say so only where the page has hardly any text of its own.
_ON_EMPTY_PAGE: Final = (
    (b"captcha-delivery.com", "DataDome challenge"),
    (b"px-captcha", "PerimeterX challenge"),
    (b"/_pxcaptcha", "PerimeterX challenge"),
    (b"_incapsula_resource", "Imperva challenge"),
    (b"bm-verify", "Akamai challenge"),
    (b"errors.edgesuite.net", "Akamai block"),
    (b"kpsdk", "Kasada challenge"),
    (b"just a moment...", "Cloudflare challenge"),
    (b"attention required! | cloudflare", "Cloudflare block"),
    (b"checking your browser before accessing", "browser check"),
)
_ROBOT_QUESTION: Final = re.compile(
    rb"are you (?:a )?(?:human|robot)|verify (?:that )?you(?: are|'re|\xe2\x80\x99re) (?:a )?(?:human|not a robot)"
    rb"|confirm (?:that )?you(?: are|'re) (?:human|not a robot)|unusual traffic|prove you(?: are|'re) human"
    rb"|(?:complete|solve) the (?:captcha|security check)|i am not a robot",
    re.I,
)
_CAPTCHA_WIDGETS: Final = (b"captcha", b"turnstile")
# Each mark and widget above holds one of these: a page without any is no wall, which so is known in half the time.
_SEEDS: Final = (
    *(b"captcha", b"turnstile", b"incapsula", b"checking your browser", b"just a moment...", b"bm-verify"),
    *(b"_cf_chl_opt", b"cf-browser-verification", b"vercel security checkpoint", b"sec-if-cpt-container"),
    *(b"sucuri_cloudproxy_js", b"ddos-guard.net/check.js", b"window.gokuprops", b"errors.edgesuite.net"),
    *(b"kpsdk", b"attention required! | cloudflare"),
)


def name_challenge(headers: tuple[tuple[str, str], ...], body: bytes) -> str | None:
    """Return the name of the bot wall that answered, or `None` when the answer is not one."""
    lowered = {name.lower(): value.lower() for name, value in headers}
    for name, mark, wall in _HEADERS:
        if mark in lowered.get(name, ""):
            return wall
    if len(body) > 4 * _WINDOW:
        return None  # no wall is that large, and reading on would cost every large page
    if _has_many_links(body):
        return None  # a wall leads nowhere, and looking for every mark would cost every ordinary page
    window = _without_styles(body[:_WINDOW].lower(), body[_WINDOW:])
    if not any(seed in window for seed in _SEEDS):
        return None
    for mark_bytes, wall in _CERTAIN:
        if mark_bytes in window:
            return wall
    return _wall_on_empty_page(window)


def _without_styles(window: bytes, rest: bytes) -> bytes:
    """Return a page's begin without its style sheets, half of many pages and nobody's mark; `rest` follows it."""
    pieces: list[bytes] = []
    at = 0
    while (style := window.find(b"<style", at)) >= 0:
        end = window.find(b"</style", style)
        if end < 0 and b"</style" not in rest:
            break  # words of a script, or a sheet that nobody closes
        pieces.append(window[at:style])
        at = end if end >= 0 else len(window)
    return b"".join([*pieces, window[at:]]) if pieces else window


def _has_many_links(body: bytes) -> bool:
    """Tell whether a page has many links; most have them at their top, so that little of it is looked at."""
    found = 0
    for _ in range(_MANY_LINKS + 1):
        found = body.find(b"<a ", found) + 1
        if not found:
            return False
    return True


def _wall_on_empty_page(window: bytes) -> str | None:
    marks = [wall for mark, wall in _ON_EMPTY_PAGE if mark in window]
    asks = any(widget in window for widget in _CAPTCHA_WIDGETS) and _ROBOT_QUESTION.search(window)
    if not marks and not asks:
        return None
    if _visible_length(window) > _LITTLE_TEXT:
        return None
    return marks[0] if marks else "CAPTCHA"


def _visible_length(window: bytes) -> int:
    tree = LexborHTMLParser(window)
    tree.strip_tags(["script", "style", "noscript", "svg", "template"])
    return len(" ".join(tree.body.text(separator=" ").split())) if tree.body is not None else 0
