"""Gather news: the account's own posts first, its filings, then what others wrote and can be tied to it."""

from __future__ import annotations

from tools.documents import Account, Gathered, GatherLimits
from tools.identity import tie_reason
from tools.news.combine import gather_from
from tools.pages.api import PageReader
from tools.providers.keys import SourceKeys
from tools.site import read_site


async def gather_news(
    account: Account, reader: PageReader, limits: GatherLimits, *, keys: SourceKeys | None = None
) -> Gathered:
    """Return what the account announced and what was written about it, at most `limits.max_news` documents.

    Own posts carry the tier `first-party-text`, filings `registry`, everything else `news`. Press-wire
    copies and cross-posts count once, the account's own copy staying. Hits that do not tie to the account
    are quarantined. `published_at` is the stated day of publication (for filings: of the event) or `None`.
    """
    site = await read_site(account, reader, limits)
    return await gather_from(account, reader, limits, keys or SourceKeys(), site, tie_reason)
