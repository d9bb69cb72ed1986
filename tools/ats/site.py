"""See what the account's site shows of its jobs: careers pages, boards it links, boards that are not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.ats.api import Board
from tools.ats.boards import UnreadBoard, board_of, find_boards, hosted_on
from tools.ats.careers import is_careers_link, list_links
from tools.documents import Account, FetchFailure
from tools.domains import registrable
from tools.pages.api import Page, PageReader, SitePage

_LIST_PAGES = 2
_SOURCE = 2_000_000


@dataclass
class SiteJobs:
    """A site's careers pages and the boards found on them, before any board is asked.

    `failures` are careers pages that could not be opened, `lists_failed` the lists of openings these
    link. `unread` is filled only if no board can be read.
    """

    home: Page | None = None
    pages: list[Page] = field(default_factory=list)
    failures: list[FetchFailure] = field(default_factory=list)
    lists_failed: list[FetchFailure] = field(default_factory=list)
    boards: list[Board] = field(default_factory=list)
    unread: list[UnreadBoard] = field(default_factory=list)

    @property
    def names_text(self) -> str:
        """The ends and titles of the pages, where a legal name stands."""
        pages = [*self.pages, *([self.home] if self.home else [])]
        return "\n".join(f"{page.title}\n{page.text[-6_000:]}" for page in pages)


async def see_jobs(account: Account, reader: PageReader, site: Sequence[SitePage]) -> SiteJobs:
    """Open what is still needed of the careers pages and find the boards on them.

    A board counts where the site speaks of its own jobs: on its careers pages (links, embeds, redirects,
    inline addresses), or else behind its home page's careers link or as an embed there. A blog post that
    links somebody's board does not.
    """
    seen = SiteJobs(
        home=next((s.page for s in site if s.purpose == "home" and isinstance(s.page, Page)), None)
    )
    asked: set[str] = set()
    for entry in site:
        if entry.purpose == "careers":
            asked.add(entry.url)
            _keep(seen, entry.url, entry.page)
    if seen.home is not None and not seen.pages:
        for url in _careers_pages(seen.home, account):
            if url not in asked:
                asked.add(url)
                _keep(seen, url, await reader.read(url))
    _find_boards(seen)
    if not seen.boards:
        following = [url for page in seen.pages for url in list_links(page) if url not in asked]
        opened = [await reader.read(url) for url in list(dict.fromkeys(following))[:_LIST_PAGES]]
        seen.lists_failed = [page for page in opened if isinstance(page, FetchFailure)]
        known = {page.url for page in seen.pages}
        seen.pages += [page for page in opened if isinstance(page, Page) and page.url not in known]
        if opened:
            _find_boards(seen)
    return seen


def _keep(seen: SiteJobs, url: str, page: Page | FetchFailure) -> None:
    if isinstance(page, Page):
        seen.pages.append(page)
        return
    seen.failures.append(page)
    board = board_of(url)
    if board is not None:
        seen.boards.append(board)


def _careers_pages(home: Page, account: Account) -> list[str]:
    own = (
        link.url for link in home.links if is_careers_link(link) and registrable(link.url) in account.domains
    )
    return list(dict.fromkeys(url for url in own if url.split("#")[0].rstrip("/") != home.url.rstrip("/")))[
        :2
    ]


def _find_boards(seen: SiteJobs) -> None:
    boards: dict[Board, None] = dict.fromkeys(seen.boards)
    unread: dict[str, UnreadBoard] = {}
    for page in seen.pages:
        own = hosted_on(page.url, page.markup)
        reached = (page.url, *page.response.redirects, *page.iframes, *page.scripts)
        source = page.response.body[:_SOURCE].decode("utf-8", "ignore")
        found = find_boards((link.url for link in page.links), reached, source)
        boards |= dict.fromkeys((*([own] if own else ()), *found.boards))
        unread |= {board.vendor: board for board in found.unread}
    if not boards and seen.home is not None:
        links = (link.url for link in seen.home.links if is_careers_link(link) or link.region != "main")
        found = find_boards(links, (*seen.home.iframes, *seen.home.scripts))
        boards |= dict.fromkeys(found.boards)
        unread |= {board.vendor: board for board in found.unread}
    seen.boards = list(boards)
    seen.unread = [] if boards else list(unread.values())
