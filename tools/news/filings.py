"""SEC 8-K filings of a US-listed account: what it had to tell the market, in its own words."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from tools.documents import FetchFailure, SourceDocument, text_id
from tools.fetching.api import Fetcher, Response
from tools.fetching.charset import decode_body
from tools.news.dates import days_before
from tools.news.feeds import html_text
from tools.pages.aside import Aside, in_thread
from tools.registries.payload import Json, fields, items, text_of
from tools.registries.sec import SecFiler, sec_fetch

# The items that tell an event of the business; the rest is exhibits, votes and by-laws.
EVENT_ITEMS = {
    "1.01": "Entry into a Material Definitive Agreement",
    "1.03": "Bankruptcy or Receivership",
    "1.05": "Material Cybersecurity Incidents",
    "2.01": "Completion of Acquisition or Disposition of Assets",
    "2.02": "Results of Operations and Financial Condition",
    "2.05": "Costs Associated with Exit or Disposal Activities",
    "5.01": "Changes in Control of Registrant",
    "5.02": "Departure of Directors or Certain Officers; Election of Directors; Appointment of Certain Officers",
}
_MAX_HTML = 1_500_000


class Filing(NamedTuple):
    """One 8-K: its address, event items, the day of the event, and the day it was filed."""

    url: str
    items: tuple[str, ...]
    event_on: date
    filed_on: date


def event_filings(filer: SecFiler, today: date, within_days: int) -> list[Filing]:
    """Return the filer's recent 8-Ks with an event item, newest first. Total on any answer."""
    recent = fields(filer.submissions, "filings", "recent")
    columns = ("form", "accessionNumber", "primaryDocument", "items", "filingDate", "reportDate")
    rows = zip(*(items(recent, name) for name in columns), strict=False)
    found = [filing for row in rows if (filing := _filing(filer.cik, *row)) is not None]
    oldest = days_before(today, within_days)
    return sorted(
        (filing for filing in found if oldest <= filing.event_on <= today),
        key=lambda filing: (filing.event_on, filing.url),
        reverse=True,
    )


def _filing(
    cik: str, form: Json, accession: Json, document: Json, listed: Json, filed: Json, event: Json
) -> Filing | None:
    number, name = text_of(accession), text_of(document)
    if text_of(form) not in ("8-K", "8-K/A") or not re.fullmatch(r"[\d-]{18,22}", number, re.ASCII):
        return None
    if not re.fullmatch(r"[\w.\-/]{1,120}\.html?", name, re.ASCII):
        return None
    events = tuple(item for item in text_of(listed).replace(" ", "").split(",") if item in EVENT_ITEMS)
    filed_on = _day(text_of(filed))
    if not events or filed_on is None:
        return None
    url = f"https://www.sec.gov/Archives/edgar/data/{int(cik)}/{number.replace('-', '')}/{name}"
    return Filing(url, events, _day(text_of(event)) or filed_on, filed_on)


async def read_filing(
    filing: Filing, fetcher: Fetcher, contact: str, aside: Aside = in_thread
) -> SourceDocument | FetchFailure:
    """Return one filing's text as a document dated by its event."""
    answer = await sec_fetch(fetcher, filing.url, contact)
    if isinstance(answer, FetchFailure):
        return answer
    text = await aside(filing.url, filing_text, decode_body(answer)[:_MAX_HTML])
    if isinstance(text, FetchFailure):
        return text
    if not text:
        return FetchFailure(url=filing.url, reason="parse", detail="the filing holds no text")
    return _document(filing, text, answer)


def filing_text(html: str) -> str:
    """Return what a filing tells: its visible text from the first item on, signatures aside.

    The cover page is the form's own wording, and the inline XBRL header is data about the filing.
    """
    start, end = html.find("<ix:header"), html.find("</ix:header>")
    if 0 <= start < end:
        html = html[:start] + html[end:]
    text = html_text(html)
    first = re.search(r"^Item\s+\d\.\d\d", text, re.I | re.M)
    last = re.search(r"^SIGNATURES?\s*$", text, re.I | re.M)
    body = text[first.start() if first else 0 : last.start() if last else None].strip()
    return body or text


def _document(filing: Filing, text: str, response: Response) -> SourceDocument:
    named = "; ".join(f"{item} {EVENT_ITEMS[item]}" for item in filing.items)
    return SourceDocument(
        id=text_id(text),
        url=filing.url,
        final_url=response.final_url,
        kind="news",
        source="news",
        tier="registry",
        title=f"8-K filed {filing.filed_on}: {named}",
        text=text,
        language="en",
        fetched_at=response.fetched_at,
        published_at=filing.event_on,
        status=response.status,
        purpose="press",
        provider="sec",
        body=response.body,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
