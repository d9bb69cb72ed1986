"""Find out whose site a domain leads to, whether it is alive, and whether other documents are about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tools.company_names import LEGAL_FORM, company_names
from tools.documents import Account, AccountStatus, FetchFailure
from tools.domains import registrable
from tools.names import squash
from tools.pages.api import Page, PageReader
from tools.pages.condition import PARKING_HOSTS
from tools.pages.urls import LinkBase

_BLOCKED_STATUSES: Final = frozenset([401, 402, 403, 405, 406, 407, 429, 451, 503])
_SHARED_HOST_LIST: Final = """
    facebook.com instagram.com linkedin.com twitter.com x.com youtube.com tiktok.com google.com linktr.ee
    medium.com substack.com github.com crunchbase.com yelp.com apple.com wikipedia.org t.me wa.me etsy.com
    amazon.com ebay.com bit.ly cloudflare.com godaddy.com namecheap.com ionos.com strato.de
"""
_SHARED_HOSTS: Final = frozenset(_SHARED_HOST_LIST.split())
_REFRESH: Final = re.compile(r"\s*\d{1,2}(?:\.\d+)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'\s]{1,2000})", re.I)
_SEARCHED: Final = 300_000


async def resolve_account(domain: str, reader: PageReader) -> tuple[Account, tuple[FetchFailure, ...]]:
    """Return the account behind a registrable domain, and the addresses that could not be read on the way.

    Tries https, `www.` and plain http. `status` is `live`; `redirected` when the home page answers from
    another registrable domain (followed once; `detail` names it, and a second hop is named and not
    followed); `parked`; `blocked` (refused, or a bot challenge); `unreadable` (no text without JavaScript);
    or `dead` (no such host, or no answer).
    """
    failures: list[FetchFailure] = []
    for url in (f"https://{domain}/", f"https://www.{domain}/", f"http://{domain}/", f"http://www.{domain}/"):
        answer = await reader.read(url)
        if isinstance(answer, Page):
            answer = await _follow_refresh(answer, reader)
            return _account_of(domain, answer), tuple(failures)
        failures.append(answer)
        if answer.reason == "robots":
            break
    return _silent_account(domain, failures), tuple(_without_repeats(failures))


def tie_reason(account: Account, url: str, text: str, title: str = "") -> str | None:
    """Return why a document must be set aside, or `None` when it ties to the account.

    It ties when it is on the account's own domain, names the company and its domain, or gives its legal
    name in full. A page elsewhere that only shares the name may be about a namesake.
    """
    home = registrable(url)
    if home is not None and home in account.domains:
        return None
    words = f"{title}\n{text[:_SEARCHED]}"
    if any(_mentions_domain(words, domain) for domain in account.domains):
        names = account.names or (account.domain.split(".")[0],)
        if any(_mentions_name(words, name) for name in names):
            return None
        return f"mentions {account.domain} but never names {account.name or 'the company'}"
    for name in account.names:
        if LEGAL_FORM.search(name) and len(name.split()) >= 2 and _mentions_name(words, name):
            return None
    shown = account.name or account.domain
    if account.names and any(_mentions_name(words, name) for name in account.names):
        other = _namesake_domain(words, account)
        if other:
            return f"names {shown} together with {other}, not {account.domain}; probably a namesake"
        return f"names {shown} but not {account.domain}; it may be about a namesake"
    return f"does not name {shown} or {account.domain}"


async def _follow_refresh(page: Page, reader: PageReader) -> Page:
    """Follow an immediate client-side redirect of an otherwise empty page, once."""
    found = _REFRESH.match(page.meta.get("refresh", ""))
    if found is None or len(page.text) > 400:
        return page
    target = LinkBase(page.url).absolute(found[1])
    if target is None or target == page.url:
        return page
    answer = await reader.read(target)
    return answer if isinstance(answer, Page) else page


def _account_of(domain: str, page: Page) -> Account:
    hops = _domain_hops(domain, page)
    final = hops[-1] if hops else domain
    status: AccountStatus = "redirected" if hops else "live"
    detail = f"{domain} redirects to {final}" if hops else ""
    speaks_for_it = final
    if final in PARKING_HOSTS and final != domain:
        status, detail, speaks_for_it = (
            "parked",
            f"the domain is parked or for sale: it leads to {final}",
            domain,
        )
    elif final in _SHARED_HOSTS and final != domain:
        detail, speaks_for_it = (
            f"{domain} redirects to a page on {final}, which is not the company's own site",
            domain,
        )
    elif len(hops) > 1:
        detail = (
            f"{domain} redirects to {hops[0]} and on to {final}; a second change of domain is not followed"
        )
        speaks_for_it = domain
    elif "challenge" in page.flags:
        status, detail = "blocked", "the site answers with a bot challenge instead of its pages"
    elif "parked" in page.flags:
        status, detail = (
            "parked",
            "the domain is parked or for sale, or shows a server's default page; there is no company site",
        )
    elif "js_only" in page.flags or "empty" in page.flags:
        status = "unreadable"
        detail = "the home page has no text without JavaScript"
        if page.unrendered:
            detail = f"{detail}; {page.unrendered}"
    readable = status in ("live", "redirected") and speaks_for_it == final
    names = company_names(page, final) if readable or status == "unreadable" else ()
    return Account(
        domain=domain, final_domain=speaks_for_it, status=status, home_url=page.url, name=names[0] if names else None,
        names=names, language=page.language if readable else None, detail=detail,
    )  # fmt: skip


def _domain_hops(domain: str, page: Page) -> list[str]:
    """Return the other registrable domains that the redirects went through, in order."""
    hops: list[str] = []
    current = domain
    for url in (*page.response.redirects, page.response.final_url):
        found = registrable(url)
        if found is not None and found != current:
            hops.append(found)
            current = found
    return [] if hops and hops[-1] == domain else hops


def _silent_account(domain: str, failures: list[FetchFailure]) -> Account:
    status: AccountStatus = "dead"
    reasons = {failure.reason for failure in failures}
    blocked = next((f for f in failures if f.reason == "http_status" and f.status in _BLOCKED_STATUSES), None)
    if blocked is not None:
        status, detail = "blocked", f"the site refuses automated readers (HTTP {blocked.status})"
    elif "robots" in reasons:
        status, detail = "blocked", "robots.txt does not allow the home page to be read"
    elif "blocked_address" in reasons:
        status, detail = "blocked", "the domain leads to an address that is not public, which is never read"
    elif "not_in_archive" in reasons:
        status, detail = "unreadable", f"the archive holds no home page of {domain}"
    elif "http_status" in reasons:
        answer = next(f for f in failures if f.reason == "http_status")
        detail = f"the home page answers with an error (HTTP {answer.status})"
    elif reasons <= {"dns"}:
        detail = f"no such host: {domain} does not resolve"
    elif reasons & {"too_large", "not_text", "parse", "redirect_loop", "budget"}:
        status, detail = "unreadable", failures[0].detail or "the home page cannot be read"
    else:
        detail = f"no answer from {domain} ({', '.join(sorted(reasons))})"
    return Account(
        domain=domain, final_domain=domain, status=status, home_url=f"https://{domain}/", detail=detail
    )


def _without_repeats(failures: Iterable[FetchFailure]) -> list[FetchFailure]:
    """Keep one failure of each reason and status: four spellings of one dead address are one fact."""
    kept: dict[tuple[str, int | None], FetchFailure] = {}
    for failure in failures:
        kept.setdefault((failure.reason, failure.status), failure)
    return list(kept.values())


def _mentions_domain(words: str, domain: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(domain)}(?![\w-]|\.[a-z])", words, re.I) is not None


def _mentions_name(words: str, name: str) -> bool:
    """Return whether the name stands there as words of its own; a one-word name in its own spelling."""
    flags = re.I if len(name.split()) > 1 else 0
    pattern = r"\s+".join(re.escape(part) for part in name.split())
    return bool(pattern) and re.search(rf"(?<!\w){pattern}(?!\w)", words, flags) is not None


def _namesake_domain(words: str, account: Account) -> str | None:
    """Return another domain with the same label that the text gives (`acme.io` beside `acme.com`)."""
    label = account.domain.split(".")[0]
    for found in re.finditer(
        rf"(?<![\w.-]){re.escape(label)}((?:\.[a-z]{{2,12}}){{1,2}})(?![\w-])", words, re.I
    ):
        other = registrable(f"{label}{found[1].lower()}")
        if (
            other is not None
            and other not in account.domains
            and squash(other.split(".")[0]) == squash(label)
        ):
            return other
    return None
