"""Gather what gives an account's tools away: the technical marks of its pages, and its DNS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tools.contain import contained
from tools.documents import (
    Account,
    FetchFailure,
    Gathered,
    GatherLimits,
    SourceDocument,
    SourceState,
    text_id,
)
from tools.failure_words import unasked, why
from tools.fetching.api import Fetcher
from tools.pages.api import Page, PageReader, SitePage
from tools.site import read_further, read_site
from tools.technographics.dns import DnsDocuments, dns_documents

MAX_MARKUP = 200_000
"""Characters of marks kept from one page: several times what the busiest real home page shows."""

MARKS_TITLE = "Technical marks of"
"""How the title of every document of marks begins."""


async def gather_technographics(account: Account, reader: PageReader, limits: GatherLimits) -> Gathered:
    """Return one markup document for each page of the site that adds marks, and one of its DNS answers.

    The home page's marks come whole, those of other pages only where they are new, so that one mark is
    quoted from one place. A page that could not be read is the website's failure and is not repeated here.
    """
    pages = await read_site(account, reader, limits)
    return await gather_from_pages(account, pages, reader.fetcher)


async def gather_further_marks(account: Account, reader: PageReader, limits: GatherLimits) -> Gathered:
    """Return markup documents of what the second reading's pages show and the first reading's did not.

    To be asked once the site was read further (`tools.site.read_further`). No page adds a mark: no document.
    """
    first = await read_site(account, reader, limits)
    further = await read_further(account, reader, limits, ())
    pages = [entry for entry in (*further.targeted, *further.others) if isinstance(entry.page, Page)]
    known = {document.id for document in markup_documents(first)}
    documents = tuple(each for each in markup_documents((*first, *pages)) if each.id not in known)
    return Gathered(
        source="technographics",
        state="read" if documents else "read_nothing_found",
        detail=f"{_pages_detail(pages, len(pages))} read further" if documents else "",
        documents=documents,
    )


async def cited_marks(urls: Iterable[str], reader: PageReader) -> tuple[SourceDocument, ...]:
    """Return the markup documents of pages that a report names, in the order of its own markup documents.

    A page that gave no document added no mark, so the pages that did give the same documents again.
    """
    pages = [(url, await reader.read(url)) for url in dict.fromkeys(urls)]
    return markup_documents([SitePage("other", url, page) for url, page in pages])


async def gather_from_pages(account: Account, pages: Sequence[SitePage], fetcher: Fetcher) -> Gathered:
    """Return the technographic documents of pages already read, and of the account's DNS."""
    read = [entry for entry in pages if isinstance(entry.page, Page)]
    documents = markup_documents(read)
    asked = await contained(dns_documents(account, fetcher), stage="DNS", url=f"dns:{account.final_domain}")
    dns = DnsDocuments((), (asked,), (), False) if isinstance(asked, FetchFailure) else asked
    parts = [_pages_detail(read, len(pages))]
    parts.append(f"DNS: {', '.join(dns.answered)}" if dns.answered else _no_dns(dns))
    return Gathered(
        source="technographics",
        state=_state(bool(documents or dns.documents), bool(read) or dns.asked),
        detail=", ".join(parts),
        documents=(*documents, *dns.documents),
        failures=dns.failures,
    )


def _state(found: bool, looked: bool) -> SourceState:
    if found:
        return "read"
    return "read_nothing_found" if looked else "unreadable"


def _pages_detail(read: Sequence[SitePage], tried: int) -> str:
    if not read:
        return "no page could be read" if tried else "no page"
    home = any(entry.purpose == "home" for entry in read)
    others = len(read) - home
    pages = f"{others} page{'' if others == 1 else 's'}"
    if not home:
        return pages
    return f"home page and {others} more page{'' if others == 1 else 's'}" if others else "home page"


def _no_dns(dns: DnsDocuments) -> str:
    if dns.asked:
        return "DNS: no answers"
    why_not = why(dns.failures[0].model_copy(update={"detail": ""})) if dns.failures else "no answer"
    return (
        f"DNS {'not asked' if dns.failures and unasked(dns.failures[0]) else 'could not be read'}: {why_not}"
    )


def markup_documents(pages: Sequence[SitePage]) -> tuple[SourceDocument, ...]:
    """Return a document for each page that shows a mark no page before it does, the home page first."""
    documents: list[SourceDocument] = []
    seen: set[str] = set()
    for _, _, page in sorted(pages, key=lambda entry: entry.purpose != "home"):
        if isinstance(page, FetchFailure):
            continue
        lines = [line for line in dict.fromkeys(page.markup.split("\n")) if line.strip() and line not in seen]
        seen.update(lines)
        text = "\n".join(lines)[:MAX_MARKUP]
        if text:
            documents.append(_markup_document(page, text))
    return tuple(documents)


def _markup_document(page: Page, text: str) -> SourceDocument:
    return SourceDocument(
        id=text_id(text),
        url=page.response.url,
        final_url=page.url,
        kind="website",
        source="technographics",
        tier="first-party-structured",
        title=f"{MARKS_TITLE} {page.url}",
        text=text,
        language=None,
        fetched_at=page.response.fetched_at,
        status=page.response.status,
        purpose="markup",
        provider="markup",
        flags=page.flags,
        body=page.response.body,
    )
