"""Gather the account's own site as documents: the text of its pages, and their structured data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from tools.documents import (
    Account,
    FailureReason,
    FetchFailure,
    Gathered,
    GatherLimits,
    PagePurpose,
    SourceDocument,
    SourceName,
    SourceState,
    text_id,
)
from tools.failure_words import REASONS
from tools.failure_words import why as why_not
from tools.fetching.api import Response
from tools.fetching.charset import decode_body
from tools.pages.api import Page, PageReader, SitePage
from tools.pages.faq import read_questions
from tools.pages.injection import injection_flags
from tools.site import FurtherPages, read_further, read_site, unread_sitemaps
from tools.site_links import is_refused, read_llms_txt

_META_NAMES: Final = (
    "og:title",
    "og:site_name",
    "description",
    "og:description",
    "application-name",
    "author",
    "keywords",
)
_MAX_LLMS: Final = 20_000
_LITTLE: Final = 40
_COUNTED: Final[dict[FailureReason, str]] = REASONS | {
    "robots": "refused by robots.txt",
    "http_status": "answered with an error",
    "timeout": "timed out",
    "dns": "did not resolve",
    "tls": "failed TLS",
    "blocked_address": "at a blocked address",
    "redirect_loop": "lost in redirects",
    "parse": "could not be parsed",
}


async def gather_website(account: Account, reader: PageReader, limits: GatherLimits) -> Gathered:
    """Return documents of the account's own pages and of their JSON-LD, each distinct text once.

    `detail` is one line for a person: how many pages were read, and how many were not and why.
    """
    if limits.max_pages < 1:
        return Gathered(source="website", state="not_looked", detail="no website pages were asked for")
    if account.status in ("dead", "parked", "blocked"):
        state: SourceState = "read_nothing_found" if account.status == "parked" else "unreadable"
        return Gathered(source="website", state=state, detail=account.detail)
    pages = await read_site(account, reader, limits)
    failures = tuple(entry.page for entry in pages if isinstance(entry.page, FetchFailure))
    sitemaps = await unread_sitemaps(account, reader, limits)
    documents = _documents_of(pages)
    llms = await read_llms_txt(account, reader) if documents else None
    if isinstance(llms, Response) and (document := _llms_document(llms)) is not None:
        documents.append(document)
    refused = (llms,) if isinstance(llms, FetchFailure) and is_refused(llms) else ()
    read = sum(1 for entry in pages if isinstance(entry.page, Page))
    return Gathered(
        source="website",
        state=_state_of(pages, documents, account),
        detail=_detail_of(read, pages, failures, sitemaps, account),
        documents=tuple(_distinct(documents)),
        failures=(*failures, *sitemaps, *refused),
    )


async def gather_further(
    account: Account, reader: PageReader, limits: GatherLimits, wanted: Sequence[PagePurpose], why: str
) -> Gathered:
    """Return documents of the pages that the budget still allows, those for `wanted` purposes first.

    `why` says what is open, for the detail; without a page for it the detail is empty. What the site's own
    reading gave is not repeated.
    """
    first = await read_site(account, reader, limits)
    further = await read_further(account, reader, limits, wanted)
    pages = (*further.targeted, *further.others)
    before = {document.id for document in _documents_of(first)}
    documents = [each for each in _documents_of((*first, *pages)) if each.id not in before]
    return Gathered(
        source="website",
        state="read" if documents else "not_looked",
        detail=_further_detail(further, why),
        documents=tuple(_distinct(documents)),
        failures=tuple(entry.page for entry in pages if isinstance(entry.page, FetchFailure)),
    )


async def cited_texts(urls: Iterable[str], reader: PageReader) -> list[SourceDocument]:
    """Return every document that the pages at these addresses give, whatever they are for; failures give none."""
    documents: list[SourceDocument] = []
    for url in dict.fromkeys(urls):
        page = await reader.read(url)
        if isinstance(page, Page):
            made = (page_document(page, "other"), structured_document(page), questions_document(page))
            documents += [document for document in made if document is not None]
    return documents


def page_document(
    page: Page, purpose: PagePurpose, *, source: SourceName = "website", tier_is_news: bool = False
) -> SourceDocument:
    """Return a page's visible text as a document of kind `website` (`news` when `tier_is_news`).

    Pages of the account's own domain are first-party text; the caller checks that they are.
    """
    return SourceDocument(
        id=text_id(page.text),
        url=page.response.url,
        final_url=page.url,
        kind="news" if tier_is_news else "website",
        source=source,
        tier="news" if tier_is_news else "first-party-text",
        title=page.title,
        text=page.text,
        footer_start=page.footer_start if page.footer_start < len(page.text) else None,
        language=page.language,
        fetched_at=page.response.fetched_at,
        published_at=page.published_at,
        status=page.response.status,
        purpose=purpose,
        hidden_dropped=page.hidden_dropped,
        flags=page.flags,
        body=page.response.body,
    )


def structured_document(page: Page) -> SourceDocument | None:
    """Return what a page states for machines: its JSON-LD scripts verbatim, its title, `name: content` meta lines.

    `None` when it states nothing. The tier is first-party structured data.
    """
    lines = [script.strip() for script in page.json_ld_raw if script.strip()]
    metas = [f"{name}: {page.meta[name]}" for name in _META_NAMES if page.meta.get(name)]
    title = " ".join(page.title.split())
    lines += [f"title: {title}"] * bool(title) + metas
    if not lines:
        return None
    text = "\n".join(lines)
    return page_document(page, "structured_data").model_copy(
        update={
            "id": text_id(text),
            "text": text,
            "tier": "first-party-structured",
            "footer_start": None,
            "hidden_dropped": 0,
            "flags": tuple(flag for flag in page.flags if flag.startswith("injection")),
        }
    )


def questions_document(page: Page) -> SourceDocument | None:
    """Return the questions and answers of a page's JSON-LD that its visible text does not show, a line each.

    Accordions filled by scripts leave them there alone. `None` when there are none.
    """
    shown = " ".join(page.text.split())
    hidden = [pair for pair in read_questions(page.json_ld) if pair.answer not in shown]
    if not hidden:
        return None
    text = "\n".join(f"{pair.question}\n{pair.answer}" for pair in hidden)
    return page_document(page, "faq").model_copy(
        update={
            "id": text_id(text),
            "text": text,
            "tier": "first-party-structured",
            "footer_start": None,
            "hidden_dropped": 0,
            "flags": tuple(f"injection:{name}" for name in injection_flags(text)),
        }
    )


def _documents_of(pages: Iterable[SitePage]) -> list[SourceDocument]:
    documents: list[SourceDocument] = []
    scripts_seen: set[str] = set()
    for entry in pages:
        page = entry.page
        if isinstance(page, FetchFailure):
            continue
        if len(page.text) >= _LITTLE:
            documents.append(page_document(page, entry.purpose))
        # Sites repeat their Organization node on every page: one document for it is enough.
        fresh = [script for script in page.json_ld_raw if script.strip() not in scripts_seen]
        if entry.purpose == "home" or fresh:
            scripts_seen.update(script.strip() for script in page.json_ld_raw)
            stated = (structured_document(page), questions_document(page))
            documents += [document for document in stated if document is not None]
    return documents


def _llms_document(answer: Response) -> SourceDocument | None:
    text = decode_body(answer)[:_MAX_LLMS].strip()
    if not text or "<html" in text[:2000].lower() or text.startswith("<"):
        return None
    return SourceDocument(
        id=text_id(text),
        url=answer.url,
        final_url=answer.final_url,
        kind="website",
        source="website",
        tier="first-party-text",
        title="llms.txt",
        text=text,
        fetched_at=answer.fetched_at,
        status=answer.status,
        flags=tuple(f"injection:{name}" for name in injection_flags(text)),
        body=answer.body,
    )


def _distinct(documents: Iterable[SourceDocument]) -> list[SourceDocument]:
    return list({document.id: document for document in reversed(list(documents))}.values())[::-1]


def _state_of(pages: tuple[SitePage, ...], documents: list[SourceDocument], account: Account) -> SourceState:
    if any(document.tier == "first-party-text" for document in documents):
        return "read"
    if account.status == "unreadable" or not pages:
        return "unreadable"
    read = [entry.page for entry in pages if isinstance(entry.page, Page)]
    if not read or all("js_only" in page.flags or "challenge" in page.flags for page in read):
        return "unreadable"
    return "read_nothing_found"


def _further_detail(further: FurtherPages, why: str) -> str:
    read = sum(isinstance(entry.page, Page) for entry in further.targeted)
    failed = [entry.page for entry in further.targeted if isinstance(entry.page, FetchFailure)]
    others = sum(isinstance(entry.page, Page) for entry in further.others)
    parts = [f"{read} more for {why}"] * bool(read)
    if failed:
        parts.append(f"{len(failed)} sought for {why} {_COUNTED[failed[0].reason]}")
    parts += [f"{others} more"] * bool(others)
    return ", ".join(parts)


def _detail_of(
    read: int,
    pages: tuple[SitePage, ...],
    failures: tuple[FetchFailure, ...],
    sitemaps: tuple[FetchFailure, ...],
    account: Account,
) -> str:
    if not pages:
        return account.detail or "the site could not be read"
    parts = [f"{read} page{'' if read == 1 else 's'} read"]
    for reason, count in Counter(failure.reason for failure in failures).most_common():
        parts.append(f"{count} {_COUNTED[reason]}")
    if sitemaps:
        which = "its sitemap" if len(sitemaps) == 1 else f"{len(sitemaps)} of its sitemaps"
        parts.append(f"without {which}: {why_not(sitemaps[0])}")
    if account.detail:
        parts.append(account.detail)
    return ", ".join(parts)
