"""Make documents of openings: one for each distinct opening, its stated fields first, then its text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tools.ats.api import BoardPosting, joined
from tools.documents import Posting, SourceDocument, SourceTier, text_id
from tools.occupations import department_of, seniority_of
from tools.pages.language import page_language
from tools.places import country_code

_MOST_LOCATIONS = 20


def distinct_openings(postings: Iterable[BoardPosting]) -> list[BoardPosting]:
    """Merge rows that are one opening in several places: same title, same description of some length."""
    merged: dict[tuple[str, str], BoardPosting] = {}
    for number, posting in enumerate(postings):
        told = len(posting.description) >= 80
        same = (posting.title.casefold(), posting.description if told else f"#{number}")
        first = merged.get(same)
        merged[same] = posting if first is None else joined(first, posting)
    return list(merged.values())


def posting_document(
    posting: BoardPosting,
    *,
    provider: str,
    tier: SourceTier,
    key: str,
    fallback_url: str,
    fetched_at: datetime,
    status: int | None = 200,
) -> SourceDocument:
    """Return the document of one opening; `fallback_url` stands in for a posting's address that is no web address."""
    url = posting.url if posting.url.startswith(("https://", "http://")) else fallback_url
    text = posting_text(posting)
    return SourceDocument(
        id=text_id(text),
        url=url,
        final_url=url,
        kind="job_posting",
        source="jobs",
        tier=tier,
        title=posting.title,
        text=text,
        language=page_language(posting.language, posting.description),
        fetched_at=fetched_at,
        published_at=posting.posted_on,
        status=status,
        purpose="careers",
        provider=provider,
        posting=Posting(
            key=key,
            title=posting.title,
            url=url,
            department=department_of(posting.title, posting.department),
            department_label=posting.department,
            seniority=seniority_of(posting.title),
            location="; ".join(posting.locations[:_MOST_LOCATIONS]) or None,
            country=_country(posting),
            remote=_remote(posting),
            posted_on=posting.posted_on,
        ),
        body=posting.raw,
    )


def posting_text(posting: BoardPosting) -> str:
    """Return title, stated fields one a line (values as the board has them), a blank line, the description."""
    posted = posting.posted_on.isoformat() if posting.posted_on else None
    if posted and posting.posted_note:
        posted = f"{posted} ({posting.posted_note})"
    fields = (
        ("Department", posting.department),
        ("Location", "; ".join(posting.locations[:_MOST_LOCATIONS])),
        ("Employment", posting.employment),
        ("Posted", posted or posting.posted_note),
        ("Reference", posting.reference),
    )
    head = [posting.title, *(f"{name}: {value}" for name, value in fields if value)]
    return "\n".join(head) + (f"\n\n{posting.description}" if posting.description else "")


def _country(posting: BoardPosting) -> str | None:
    """Return the one country of an opening; several, or one unread among several, is no country."""
    stated = set(posting.countries)
    if not stated:
        read = {country_code(location) for location in posting.locations}
        stated = {code for code in read if code} if None not in read else set()
    return stated.pop() if len(stated) == 1 else None


def _remote(posting: BoardPosting) -> bool | None:
    if posting.remote is not None or not posting.locations:
        return posting.remote
    return True if all("remote" in location.casefold() for location in posting.locations) else None
