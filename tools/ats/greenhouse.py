"""Greenhouse: one JSON answer holds the board (developers.greenhouse.io/job-board.html)."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from tools.ats.api import Adapter, Board, BoardPosting, BoardReading, distinct_lines, keep_readable, merged
from tools.ats.fragment import fragment_text, one_line
from tools.ats.shape import Node, iso_date, read_json
from tools.fetching.api import FetchRequest


class Greenhouse(Adapter):
    """`first_published` is the date: `updated_at` moves whenever anything is edited."""

    name, label = "greenhouse", "Greenhouse"

    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Ask for the whole board with descriptions."""
        return FetchRequest(url=f"{self._jobs(board)}?content=true", accept="json", origin="api")

    def other_requests(self, board: Board) -> tuple[FetchRequest, ...]:
        """Ask the EU host for a board linked there, and for titles, places and dates only."""
        urls = [self._jobs(board)]
        if board.host == "eu":
            urls.insert(0, f"{self._jobs(board).replace('boards-api.', 'boards-api.eu.')}?content=true")
        return tuple(FetchRequest(url=url, accept="json", origin="api") for url in urls)

    def _jobs(self, board: Board) -> str:
        return f"https://boards-api.greenhouse.io/v1/boards/{quote(board.token, safe='')}/jobs"

    def public_url(self, board: Board) -> str:
        """Return the hosted board."""
        region = ".eu" if board.host == "eu" else ""
        return f"https://job-boards{region}.greenhouse.io/{quote(board.token, safe='')}"

    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read the answer of the job board API."""
        answer = read_json(payload)
        rows = answer.require_items("jobs")
        postings, skipped = keep_readable(rows, self._posting)
        total = answer.child("meta").count("total")
        return BoardReading(
            postings=merged(postings),
            total=len(rows) if total is None else total,
            rows=len(rows),
            company=next((posting.company for posting in postings if posting.company), None),
            skipped=(*skipped, *answer.notes),
        )

    def _posting(self, row: Node) -> BoardPosting:
        offices = [office.text("location") for office in row.items("offices")]
        location = row.child("location").text("name")
        return BoardPosting(
            key=row.require_text("id"),
            title=one_line(row.require_text("title")) or "",
            url=row.require_text("absolute_url"),
            department=one_line(next((d.text("name") for d in row.items("departments")), None)),
            locations=distinct_lines([location] if location else offices),
            posted_on=iso_date(row.text("first_published")),
            description=fragment_text(row.text("content")),
            language=row.text("language"),
            company=one_line(row.text("company_name")),
            raw=row.raw(),
        )
