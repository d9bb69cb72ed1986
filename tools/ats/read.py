"""Ask a board for its openings: page after page up to the cap, then the texts that come one by one."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import NamedTuple

from tools.ats.api import Adapter, Board, BoardPosting, BoardReading, merged
from tools.ats.boards import ADAPTERS
from tools.ats.shape import ShapeError
from tools.contain import contained
from tools.documents import FetchFailure
from tools.fetching.api import Fetcher, FetchRequest, Response
from tools.pages.aside import Aside, in_thread

MOST_DETAILS = 40
"""Postings of one board whose text is asked for singly; titles, places and dates of the others still count."""

_AT_ONCE = 4
_LARGE = 200_000


class BoardOutcome(NamedTuple):
    """What reading a board gave.

    `total` is the board's own count. `failure` is set when the board could not be read at all, or only
    in part (then `postings` has the part). `skipped` names postings and values that could not be read.
    """

    board: Board
    postings: tuple[BoardPosting, ...]
    total: int
    company: str | None
    website: str | None
    skipped: tuple[str, ...]
    failure: FetchFailure | None


class _Answer(NamedTuple):
    reading: BoardReading
    response: Response


async def read_board(board: Board, fetcher: Fetcher, most: int, aside: Aside = in_thread) -> BoardOutcome:
    """Read one board; a mistake in its adapter stays its own. See `_read_board`."""
    url = ADAPTERS[board.provider].public_url(board)
    outcome = await contained(_read_board(board, fetcher, most, aside), stage=board.provider, url=url)
    if isinstance(outcome, FetchFailure):
        return BoardOutcome(board, (), 0, None, None, (), outcome)
    return outcome


async def _read_board(board: Board, fetcher: Fetcher, most: int, aside: Aside) -> BoardOutcome:
    """Read up to `most` openings of `board`, newest first where it dates them."""
    adapter = ADAPTERS[board.provider]
    answer = await _first_answer(adapter, board, fetcher, aside)
    if isinstance(answer, FetchFailure):
        return BoardOutcome(board, (), 0, None, None, (), answer)
    reading = answer.reading
    postings, skipped, rows = list(reading.postings), list(reading.skipped), reading.rows
    failure: FetchFailure | None = None
    while adapter.page_size and reading.rows and len(postings) < most and _more(adapter, reading, rows):
        following = await _ask(adapter, board, adapter.request(board, rows), fetcher, aside)
        if isinstance(following, FetchFailure):
            failure = following
            break
        known = {posting.key for posting in postings}
        fresh = [posting for posting in following.reading.postings if posting.key not in known]
        if not fresh:
            break  # the board repeats itself instead of ending
        postings += fresh
        skipped += following.reading.skipped
        reading, rows = following.reading, rows + following.reading.rows
    total = max(answer.reading.total, len(postings)) if adapter.page_size else answer.reading.total
    kept = sorted(merged(postings), key=lambda posting: posting.posted_on or date.min, reverse=True)[:most]
    completed, missing = await _with_details(adapter, board, kept, fetcher)
    company = reading.company or next((posting.company for posting in completed if posting.company), None)
    return BoardOutcome(
        board, tuple(completed), total, company, answer.reading.website, tuple(skipped), failure or missing
    )


def _more(adapter: Adapter, reading: BoardReading, rows: int) -> bool:
    """Tell whether another page is worth asking for; later pages of some boards state no total."""
    full = reading.rows >= (adapter.page_size or 0)
    return full or rows < reading.total


async def _first_answer(
    adapter: Adapter, board: Board, fetcher: Fetcher, aside: Aside
) -> _Answer | FetchFailure:
    answer = await _ask(adapter, board, adapter.request(board), fetcher, aside)
    for request in adapter.other_requests(board):
        if not isinstance(answer, FetchFailure) or not _worth_another(answer):
            break
        other = await _ask(adapter, board, request, fetcher, aside)
        if not isinstance(other, FetchFailure):
            return other
    return answer


def _worth_another(failure: FetchFailure) -> bool:
    return failure.reason in ("too_large", "not_in_archive", "timeout") or failure.status == 404


async def _ask(
    adapter: Adapter, board: Board, request: FetchRequest, fetcher: Fetcher, aside: Aside
) -> _Answer | FetchFailure:
    response = await fetcher.fetch(request)
    if isinstance(response, FetchFailure):
        return response
    reading: BoardReading | str | FetchFailure
    if len(response.body) > _LARGE:
        reading = await aside(request.url, _parsed, response, board)
    else:
        reading = _parsed(response, board)
    if isinstance(reading, str):
        reading = FetchFailure(url=request.url, reason="parse", detail=reading)
    return reading if isinstance(reading, FetchFailure) else _Answer(reading, response)


def _parsed(response: Response, board: Board) -> BoardReading | str:
    """Return what an answer of a board says, or why it cannot be read; adapters do not travel, boards do."""
    adapter = ADAPTERS[board.provider]
    try:
        return adapter.parse(response.body, board, response.fetched_at.date())
    except ShapeError as error:
        return f"{adapter.name}: {error}"


async def _with_details(
    adapter: Adapter, board: Board, postings: list[BoardPosting], fetcher: Fetcher
) -> tuple[list[BoardPosting], FetchFailure | None]:
    """Complete the first postings with their own answers; stop asking after the first refusal."""
    done: list[BoardPosting] = []
    first: FetchFailure | None = None
    for start in range(0, min(len(postings), MOST_DETAILS), _AT_ONCE):
        chunk = postings[start : min(start + _AT_ONCE, MOST_DETAILS)]
        answers = await asyncio.gather(*(_detail(adapter, board, posting, fetcher) for posting in chunk))
        for posting, answer in zip(chunk, answers, strict=True):
            if isinstance(answer, FetchFailure):
                first = first or answer
                done.append(posting)
            else:
                done.append(answer)
        if first is not None and first.reason in ("robots", "budget", "blocked_address"):
            break
        if first is not None and first.status in (401, 403, 429):
            break
    return done + postings[len(done) :], first


async def _detail(
    adapter: Adapter, board: Board, posting: BoardPosting, fetcher: Fetcher
) -> BoardPosting | FetchFailure:
    request = adapter.detail_request(board, posting)
    if request is None:
        return posting
    response = await fetcher.fetch(request)
    if isinstance(response, FetchFailure):
        return response
    try:
        return adapter.with_detail(posting, response.body, board)
    except ShapeError as error:
        return FetchFailure(url=request.url, reason="parse", detail=f"{adapter.name}: {error}")
