"""URLs as the fetcher sees them: one spelling for one page, and which may be asked at all."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Final

import httpx
from pydantic import JsonValue

from tools.documents import FetchFailure
from tools.fetching.addresses import is_address, is_public_address
from tools.fetching.api import FetchRequest

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
ALLOWED_PORTS: Final = frozenset((80, 443, 8080, 8443))
_LONGEST_URL: Final = 4000


@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """Return the one spelling of a URL: host in lower case, default port and fragment dropped, path `/`.

    Raises `ValueError` for what is not a URL.
    """
    return str(parse_url(url))


@lru_cache(maxsize=4096)  # parsing costs 0.1 ms, and one fetch looks at its URL from many sides
def parse_url(url: str) -> httpx.URL:
    """Return a URL in its one spelling, parsed; raises `ValueError` for what is not an http(s) URL."""
    if len(url) > _LONGEST_URL:
        raise ValueError(f"URL of {len(url)} characters")
    try:
        parsed = httpx.URL(url.strip())
        if parsed.scheme not in _DEFAULT_PORTS or not parsed.host:
            raise ValueError(f"not an http or https URL: {url!r}")
        if parsed.port == _DEFAULT_PORTS[parsed.scheme]:
            parsed = parsed.copy_with(port=None)
        if "#" in url:
            parsed = parsed.copy_with(fragment=None)
        if parsed.path == "/":  # httpx spells an empty path as no path at all
            parsed = parsed.copy_with(raw_path=parsed.raw_path)
    except (httpx.InvalidURL, UnicodeError, TypeError) as error:
        raise ValueError(f"not a URL: {url!r}") from error
    return parsed


def join_url(base: str, reference: str) -> str:
    """Return where a redirect or link leads, in its one spelling; raises `ValueError` when nowhere."""
    try:
        return canonical_url(str(httpx.URL(base).join(reference.strip())))
    except (httpx.InvalidURL, UnicodeError, TypeError) as error:
        raise ValueError(f"not a URL: {reference!r}") from error


def refuse_url(url: str, *, test_hosts: frozenset[str] = frozenset()) -> FetchFailure | None:
    """Return why a URL is never asked, or `None` when it may be.

    Refused are other schemes, user names in the URL, unusual ports and addresses that are not public.
    A host name's addresses are checked where the connection is made.
    """
    try:
        parsed = parse_url(url)
    except ValueError:
        return FetchFailure(url=url, reason="parse", detail="not an http or https URL; check the address")
    if parsed.host in test_hosts:
        return None
    if parsed.userinfo:
        return _blocked(url, "the URL carries a user name; Dossier reads public pages only")
    if parsed.port is not None and parsed.port not in ALLOWED_PORTS:
        return _blocked(url, f"port {parsed.port} is not a web port (80, 443, 8080, 8443)")
    if is_address(parsed.host) and not is_public_address(parsed.host):
        return _blocked(url, f"{parsed.host} is not a public address")
    return None


def request_key(method: str, url: str, json_body: JsonValue) -> str:
    """Return what identifies a request in the cache, in a run and in an archive.

    `GET <url>`, or `POST <url> sha256:<hash of the canonical JSON body>`. Raises `ValueError` for a bad URL.
    """
    if method == "GET":
        return f"GET {canonical_url(url)}"
    return f"POST {canonical_url(url)} sha256:{hashlib.sha256(canonical_json(json_body)).hexdigest()}"


def key_of(request: FetchRequest) -> str:
    """Return the `request_key` of a request."""
    return request_key("POST" if request.json_body is not None else "GET", request.url, request.json_body)


def canonical_json(value: JsonValue) -> bytes:
    """Return the one byte spelling of a JSON value, as it is sent and hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _blocked(url: str, detail: str) -> FetchFailure:
    return FetchFailure(url=url, reason="blocked_address", detail=detail)
