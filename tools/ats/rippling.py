"""Rippling: a paginated JSON list, in its present (`items`) and its older (plain array) shape.

The older shape has one row for each location of an opening. Text and date come per posting.
"""

from __future__ import annotations

from dataclasses import replace
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
from tools.ats.fragment import fragment_text, one_line, plain_text
from tools.ats.shape import Node, ShapeError, iso_date, read_json
from tools.fetching.api import FetchRequest
from tools.places import country_of_field


class Rippling(Adapter):
    """`workplaceType` is `REMOTE`, `HYBRID` or `ON_SITE`, per location."""

    name, label = "rippling", "Rippling"
    page_size = 50

    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Ask for fifty rows; the board counts in pages."""
        url = f"{self._jobs(board)}?page={offset // self.page_size}&pageSize={self.page_size}"
        return FetchRequest(url=url, accept="json", origin="api")

    def _jobs(self, board: Board) -> str:
        return f"https://ats.rippling.com/api/v2/board/{quote(board.token, safe='')}/jobs"

    def public_url(self, board: Board) -> str:
        """Return the hosted board."""
        return f"https://ats.rippling.com/{quote(board.token, safe='')}/jobs"

    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read one page of the list, of either shape."""
        answer = read_json(payload)
        rows = answer.require_items() if isinstance(answer.value, list) else answer.require_items("items")
        postings, skipped = keep_readable(rows, self._posting)
        distinct = merged(postings)
        total = answer.count("totalItems")
        return BoardReading(
            postings=distinct,
            total=len(distinct) if total is None else total,
            rows=len(rows),
            skipped=(*skipped, *answer.notes),
        )

    def _posting(self, row: Node) -> BoardPosting:
        places = row.items("locations")
        department = row.child("department")
        workplaces = {node.text("workplaceType") for node in places}
        countries = [country_of_field(node.text("countryCode") or node.text("country")) for node in places]
        return BoardPosting(
            key=row.text("uuid") or row.require_text("id"),
            title=one_line(row.require_text("name")) or "",
            url=row.require_text("url"),
            department=one_line(department.text("label") or department.text("name")),
            locations=distinct_lines(
                [
                    row.child("workLocation").text("label"),
                    *(
                        place(node.text("city"), node.text("state"), node.text("country"))
                        or node.text("name")
                        for node in places
                    ),
                ]
            ),
            countries=tuple(dict.fromkeys(code for code in countries if code)),
            remote=None if not workplaces - {None} else workplaces == {"REMOTE"},
            language=row.text("language"),
            raw=row.raw(),
        )

    def detail_request(self, board: Board, posting: BoardPosting) -> FetchRequest:
        """Ask for one posting's text and date."""
        url = f"{self._jobs(board)}/{quote(posting.key, safe='')}"
        return FetchRequest(url=url, accept="json", origin="api")

    def with_detail(self, posting: BoardPosting, payload: bytes, board: Board) -> BoardPosting:
        """Add text, date and employment."""
        answer = read_json(payload)
        described = answer.child("description")
        if not described.value:
            raise ShapeError("description", "object", "nothing")
        parts = [fragment_text(described.text("company")), fragment_text(described.text("role"))]
        return replace(
            posting,
            posted_on=iso_date(answer.text("createdOn")),
            employment=one_line(answer.child("employmentType").text("label")),
            description=plain_text("\n".join(parts)),
            locations=posting.locations or distinct_lines(answer.texts("workLocations")),
            raw=answer.raw(),
        )
