"""Workable: one JSON answer holds the board, with one row for each location of an opening."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from tools.ats.api import (
    Adapter,
    Board,
    BoardPosting,
    BoardReading,
    distinct_lines,
    keep_readable,
    merged,
    place,
)
from tools.ats.fragment import fragment_text, one_line
from tools.ats.shape import Node, iso_date, read_json
from tools.fetching.api import FetchRequest
from tools.places import country_of_field


class Workable(Adapter):
    """An opening is its `shortcode`; `published_on` is when it went public, `created_at` when it was drafted."""

    name, label = "workable", "Workable"

    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Ask for the whole board with descriptions."""
        return FetchRequest(url=f"{self._account(board)}?details=true", accept="json", origin="api")

    def other_requests(self, board: Board) -> tuple[FetchRequest, ...]:
        """Ask for the list without descriptions."""
        return (FetchRequest(url=self._account(board), accept="json", origin="api"),)

    def _account(self, board: Board) -> str:
        return f"https://www.workable.com/api/accounts/{quote(board.token, safe='')}"

    def public_url(self, board: Board) -> str:
        """Return the hosted board."""
        return f"https://apply.workable.com/{quote(board.token, safe='')}/"

    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read the answer of the account API or of the widget API, which have one shape."""
        answer = read_json(payload)
        rows = answer.require_items("jobs")
        postings, skipped = keep_readable(rows, self._posting)
        distinct = merged(postings)
        return BoardReading(
            postings=distinct,
            total=len(distinct),
            rows=len(rows),
            company=one_line(answer.text("name")),
            skipped=(*skipped, *answer.notes),
        )

    def _posting(self, row: Node) -> BoardPosting:
        key = row.text("shortcode") or row.require_text("id")
        own = place(row.text("city"), row.text("state"), row.text("country"))
        listed = [node for node in row.items("locations") if node.flag("hidden") is not True]
        others = [place(node.text("city"), node.text("region"), node.text("country")) for node in listed]
        countries = [country_of_field(node.text("countryCode") or node.text("country")) for node in listed]
        countries.append(country_of_field(row.text("country")))
        return BoardPosting(
            key=key,
            title=one_line(row.require_text("title")) or "",
            url=row.text("url")
            or row.text("shortlink")
            or f"https://apply.workable.com/j/{quote(key, safe='')}",
            department=one_line(row.text("department")),
            locations=distinct_lines([own, *others]),
            countries=tuple(dict.fromkeys(code for code in countries if code)),
            remote=row.flag("telecommuting"),
            employment=one_line(row.text("employment_type")),
            posted_on=iso_date(row.text("published_on") or row.text("created_at")),
            description=fragment_text(row.text("description")),
            raw=row.raw(),
        )
