"""Fingerprints on a markup document: script hosts, paths, headers, cookies, generators, inline snippets.

A markup document has one mark a line behind its kind: `script: URL`, `link: URL`, `iframe: URL`,
`img: URL`, `form: URL`, `tenant: URL`, `inline: snippet or host`, `meta NAME: TEXT`, `html: attribute`, `comment: TEXT`,
`header NAME: VALUE`, `cookie: NAME`.
Hosts are looked up, not searched for, so the cost grows with the page and not with the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tools.technographics.catalogue import Mark, marks, sighting
from tools.technographics.hits import Hit, best_hits
from tools.technographics.sightings import Sighting

MAX_TEXT = 1_000_000
MAX_LINE = 8_000
MAX_QUOTE = 120
_CLOUDS = frozenset(("cloud", "hosting", "collaboration"))
_PICTURES = frozenset(("cdn",))
# A builder's own scripts, which every site built with it loads: they are the builder's tools.
_BUNDLED = {
    "Wix": ("Sentry", "React", "Lodash"),
    "Squarespace": ("Sentry", "React"),
    "Substack": ("Sentry", "Datadog", "Cloudflare Web Analytics"),
    "Webflow": ("jQuery",),
}
# A library is used by whoever loads it, from any host; a system that builds the site serves its own files.
_LIBRARIES = frozenset(("javascript_library", "web_framework", "fonts"))
# Up to a quote, bracket or blank: an address as it stands in an attribute or inside a script. Scripts in
# JSON write their slashes as "\/".
_ADDRESS = re.compile(r"(?<![\w:.])(?:https?:)?(?:\\?/){2}([A-Za-z0-9_.-]{3,253})([^\s\"'<>()`]{0,1000})")
_BARE_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){1,6}")
_TOKEN_END = re.compile(r"[\s\"'<>()`]")


class _Tables(NamedTuple):
    hosts: dict[str, tuple[Mark, ...]]
    paths: tuple[Mark, ...]
    inline: tuple[Mark, ...]
    headers: dict[str, tuple[Mark, ...]]
    cookies: dict[str, Mark]
    cookie_starts: tuple[Mark, ...]
    tenants: dict[str, Mark]
    contained: dict[str, tuple[Mark, ...]]  # by line kind: the value begins with, or holds, the pattern


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    hosts: dict[str, list[Mark]] = {}
    headers: dict[str, list[Mark]] = {}
    by_kind: dict[str, list[Mark]] = {}
    for mark in marks():
        by_kind.setdefault(mark.kind, []).append(mark)
    for mark in by_kind["url"]:
        hosts.setdefault(mark.pattern.partition("/")[0], []).append(mark)
    for mark in by_kind["header"]:
        headers.setdefault(mark.pattern.partition(":")[0].strip().lower(), []).append(mark)
    return _Tables(
        hosts={host: tuple(found) for host, found in hosts.items()},
        paths=tuple(by_kind["path"]),
        inline=tuple(by_kind["inline"]),
        headers={name: tuple(found) for name, found in headers.items()},
        cookies={mark.pattern: mark for mark in by_kind["cookie"] if not mark.pattern.endswith("*")},
        cookie_starts=tuple(mark for mark in by_kind["cookie"] if mark.pattern.endswith("*")),
        tenants={mark.pattern: mark for mark in by_kind["tenant"]},
        contained={kind: tuple(by_kind[kind]) for kind in ("generator", "html", "comment", "meta")},
    )


def match_markup(text: str, own_domains: frozenset[str]) -> tuple[Sighting, ...]:
    """Return the products whose marks a markup document shows, each once, in order of appearance.

    Products of the account's own (`own_domains`: its registrable domains) are left out: a vendor's site
    loading its own script says nothing. Two different weak marks of one product make it strong.
    """
    best = best_hits(_hits(text[:MAX_TEXT], own_domains), own_domains)
    for platform, bundled in _BUNDLED.items():
        if platform in best.by_product:
            for name in bundled:
                best.by_product.pop(name, None)
    return tuple(
        sighting(hit.mark.product, start=hit.start, end=hit.end, weak=best.is_weak(hit), where=hit.where)
        for hit in best.in_order()
    )


def _hits(text: str, own_domains: frozenset[str]) -> Iterator[Hit]:
    at = 0
    for line in text.split("\n"):
        kind, colon, _ = line.partition(": ")
        if colon and len(kind) < 80:
            value_at = len(kind) + 2
            yield from _line_hits(kind, line[:MAX_LINE], at, value_at)
            if kind in ("script", "link", "img", "iframe", "form"):
                yield from _path_hits(kind, line[:MAX_LINE], at, value_at, own_domains)
        at += len(line) + 1


def _line_hits(kind: str, line: str, at: int, value_at: int) -> Iterator[Hit]:
    tables = _tables()
    if kind.startswith("header "):
        yield from _header_hits(kind[7:].strip().lower(), line, at, value_at)
    elif kind == "cookie":
        name = line[value_at:].strip()
        exact = tables.cookies.get(name)
        for mark in (exact,) if exact else tables.cookie_starts:
            if exact or name.startswith(mark.pattern[:-1]):
                yield Hit(mark, at, at + min(len(line), value_at + MAX_QUOTE), "header")
    elif kind in ("html", "comment") or kind.startswith("meta "):
        yield from _contained_hits(kind, line, at, value_at)
    elif kind == "tenant":
        yield from _tenant_hits(line, at, value_at)
    elif kind == "inline":
        yield from _address_hits(kind, line, at, value_at)
        yield from _bare_host_hits(line, at, value_at)
        for mark in tables.inline:
            found = line.find(mark.pattern, value_at)
            if found >= 0:
                yield Hit(mark, at + found, at + found + _reach(line, found, len(mark.pattern)), "html")
    else:
        yield from _address_hits(kind, line, at, value_at)


def _contained_hits(kind: str, line: str, at: int, value_at: int) -> Iterator[Hit]:
    whole = at + min(len(line), MAX_QUOTE)
    contained = _tables().contained
    if kind == "meta generator":
        value = line[value_at:].lstrip()
        for mark in contained["generator"]:
            if value.startswith(mark.pattern):
                yield Hit(mark, at, whole, "html")
    elif kind == "html":
        for mark in contained["html"]:
            if mark.pattern in line[:MAX_QUOTE]:
                yield Hit(mark, at, whole, "html")
    elif kind == "comment":
        value = line[value_at:].lstrip()
        for mark in contained["comment"]:
            if value.startswith(mark.pattern):
                yield Hit(mark, at, whole, "html")
    else:
        name = kind.removeprefix("meta ").lower()
        for mark in contained["meta"]:
            if name.startswith(mark.pattern):
                yield Hit(mark, at, whole, "html")


def _bare_host_hits(line: str, at: int, value_at: int) -> Iterator[Hit]:
    """Read an inline mark that is a host alone, as scripts write those they load from."""
    if _BARE_HOST.fullmatch(line, value_at):
        for mark in _marks_of_host(line[value_at:].lower()):
            if "/" not in mark.pattern:
                mark = _proving(mark, "inline")
                yield Hit(mark, at + value_at, at + len(line), "html")


def _path_hits(kind: str, line: str, at: int, value_at: int, own_domains: frozenset[str]) -> Iterator[Hit]:
    found_marks = [mark for mark in _tables().paths if mark.pattern in line]
    if not found_marks:
        return
    address = _ADDRESS.search(line, value_at)
    host = address.group(1).lower() if address else ""
    foreign = bool(host) and not any(host == own or host.endswith("." + own) for own in own_domains)
    for mark in found_marks:
        found = line.find(mark.pattern, value_at)
        if found < 0:
            continue
        if foreign and kind not in ("script", "link"):
            continue  # another site's picture shows that site's system
        if foreign and mark.product.category not in _LIBRARIES:
            mark = mark._replace(weak=True)  # its script may be this site's own CDN
        start = value_at if found - value_at <= 60 else found
        reach = _reach(line, start, found + len(mark.pattern) - start)
        yield Hit(mark, at + start, at + start + reach, "html")


def _reach(line: str, start: int, at_least: int) -> int:
    """Return how many characters to quote from `start`: to the token's end, if that is near."""
    end = _TOKEN_END.search(line, start + at_least)
    stop = end.start() if end else len(line)
    return max(at_least, min(stop - start, MAX_QUOTE))


def _header_hits(name: str, line: str, at: int, value_at: int) -> Iterator[Hit]:
    value = line[value_at:].casefold()
    for mark in _tables().headers.get(name, ()):
        _, _, wanted = mark.pattern.partition(":")
        wanted = wanted.strip().casefold()
        # "server: nginx" is the server's name; one that only contains another's name is not that server.
        starts_only = name in ("server", "x-powered-by")
        found = value.strip().startswith(wanted) if starts_only else wanted in value
        if found:
            yield Hit(mark, at, at + min(len(line), MAX_QUOTE), "header")


def _tenant_hits(line: str, at: int, value_at: int) -> Iterator[Hit]:
    address = _ADDRESS.match(line, value_at)
    if address is None:
        return
    labels = address.group(1).lower().rstrip(".").split(".")[-6:]
    for first in range(len(labels) - 1):
        mark = _tables().tenants.get(".".join(labels[first:]))
        if mark is not None:
            yield Hit(mark, at + value_at, at + min(address.end(), value_at + MAX_QUOTE), "html")
            return


def _address_hits(kind: str, line: str, at: int, value_at: int) -> Iterator[Hit]:
    for address in _ADDRESS.finditer(line, value_at):
        host = address.group(1).lower().rstrip(".")
        path = address.group(2)
        for mark in _marks_of_host(host):
            wanted = mark.pattern.partition("/")[2]
            if wanted and not path.replace("\\", "").startswith("/" + wanted):
                continue
            if not wanted and kind == "img" and _is_vendor_site(host, mark):
                continue
            mark = _proving(mark, kind)
            end = len(host) + (len(path) if wanted else len(path.partition("?")[0]))
            end = max(min(end, MAX_QUOTE), len(host) + len(wanted) + 1 if wanted else len(host))
            start = at + address.start(1)
            yield Hit(mark, start, min(start + end, at + address.end()), "html")


def _marks_of_host(host: str) -> Iterator[Mark]:
    """Give the marks on a host and on every domain above it."""
    hosts = _tables().hosts
    labels = host.split(".")[-6:]
    for first in range(len(labels) - 1):
        yield from hosts.get(".".join(labels[first:]), ())


def _proving(mark: Mark, kind: str) -> Mark:
    """Return a mark at the strength it has where it stands.

    Whoever runs on a cloud's host may be another vendor, or an example in a comment, where only a script
    names it; and a picture on a picture service may be somebody else's badge.
    """
    category = mark.product.category
    elsewhere = (kind == "inline" and category in _CLOUDS) or (kind == "img" and category in _PICTURES)
    return mark._replace(weak=True) if elsewhere else mark


def _is_vendor_site(host: str, mark: Mark) -> bool:
    """Tell whether the address is the vendor's website: its logo or badge shows no use of the product."""
    return host.removeprefix("www.") in mark.product.domains
