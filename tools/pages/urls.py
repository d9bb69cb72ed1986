"""Make the links of a page absolute, and compare URLs by what they point at."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

_MAX_URL: Final = 2048
_ABSOLUTE: Final = re.compile(r"https?://[A-Za-z0-9.\-]+(?::\d{1,5})?(?:[/?][^\s\\]*)?\Z")
# An absolute path with nothing to resolve or escape, as most links are, unless it holds "//" or "/.".
_PLAIN_PATH: Final = re.compile(r"/[\w\-.~%@+=&;,!$'()*/]*(?:\?[\w\-.~%@+=&;,!$'()*/?:]*)?\Z", re.A)
_OTHER_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]*:", re.I)
_UNSAFE: Final = "!#$%&'()*+,/:;=?@[]~"
_TRACKING: Final = re.compile(
    r"(?:utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|_hs\w+|hs\w*|ref|referrer|source|campaign|icid|cid|trk|gh_src|s_kwcid)\Z",
    re.I,
)
_INDEX: Final = re.compile(r"/(?:index|default|home)\.(?:html?|php|aspx?|jsp)\Z", re.I)


class LinkBase:
    """The address that a page's links are relative to."""

    def __init__(self, page_url: str, base_href: str | None = None) -> None:
        self._base = page_url
        if base_href:
            self._base = _join(page_url, base_href.strip()) or page_url
        origin = re.match(r"https?://[^/?#\s]+", self._base)
        self._known: dict[str, str | None] = {}
        self._origin = origin[0] if origin else None

    def absolute(self, href: str) -> str | None:
        """Return the absolute http(s) URL of `href` without its fragment, or `None` if it leads nowhere."""
        known = self._known.get(href, "")
        if known != "":
            return known
        if self._origin is not None and _is_plain_path(href):
            url: str | None = self._origin + href
        else:
            url = self._absolute(href)
        self._known[href] = url
        return url

    def _absolute(self, href: str) -> str | None:
        href = href.strip()
        if not href or href[0] == "#" or len(href) > _MAX_URL:
            return None
        cut = href.find("#")
        if cut >= 0:
            href = href[:cut]
        if href[:4] == "http" and _ABSOLUTE.match(href) and href.isascii():
            return href
        if self._origin is not None and _is_plain_path(href):
            return self._origin + href
        scheme = _OTHER_SCHEME.match(href)
        if scheme and scheme[0].lower() not in ("http:", "https:"):
            return None
        return _join(self._base, href)


def _is_plain_path(href: str) -> bool:
    return (
        href[:1] == "/"
        and "//" not in href
        and "/." not in href
        and len(href) <= _MAX_URL
        and _PLAIN_PATH.match(href) is not None
    )


def _join(base: str, href: str) -> str | None:
    try:
        url = urljoin(base, "".join(href.split()) if any(mark in href for mark in "\t\r\n") else href)
        if _ABSOLUTE.match(url) and url.isascii() and "#" not in url and len(url) <= _MAX_URL:
            return url
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or len(url) > _MAX_URL:
        return None
    url = urlunsplit(parts._replace(fragment=""))
    return url if url.isascii() and " " not in url else quote(url, safe=_UNSAFE, errors="replace")


@lru_cache(maxsize=4096)
def page_key(url: str) -> str:
    """Return a key under which spellings of one page meet: scheme, `www.`, slash, index file, tracking."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return url
    path = _INDEX.sub("/", parts.path).rstrip("/") or "/"
    kept = sorted((name, value) for name, value in parse_qsl(parts.query)[:20] if not _TRACKING.match(name))
    query = "?" + urlencode(kept, errors="replace") if kept else ""
    return f"{host}{path}{query}"


def spellings(url: str) -> tuple[str, ...]:
    """Return other addresses under which an archive may hold the same page: slash, index file, no query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ()
    path = _INDEX.sub("/", parts.path)
    bare = path.rstrip("/")
    paths = [path, bare, f"{bare}/"]
    found = [
        urlunsplit(parts._replace(path=other, query=query))
        for query in {parts.query: 0, "": 0}
        for other in paths
    ]
    return tuple(dict.fromkeys(other for other in found if other != url))
