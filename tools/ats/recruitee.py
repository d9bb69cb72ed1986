"""Recruitee: one JSON answer holds the board, on the vendor's host or the employer's own."""

from __future__ import annotations

from datetime import date

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
from tools.ats.shape import Node, iso_date, read_json
from tools.fetching.api import FetchRequest
from tools.places import country_of_field


class Recruitee(Adapter):
    """Only offers with status `published` (or none stated) are open."""

    name, label = "recruitee", "Recruitee"

    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Ask for the whole board."""
        return FetchRequest(url=f"https://{self._host(board)}/api/offers/", accept="json", origin="api")

    def _host(self, board: Board) -> str:
        return board.host or f"{board.token}.recruitee.com"

    def public_url(self, board: Board) -> str:
        """Return the hosted board."""
        return f"https://{self._host(board)}/"

    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read the answer of the careers site API."""
        answer = read_json(payload)
        rows = [row for row in answer.require_items("offers") if row.text("status") in (None, "published")]
        postings, skipped = keep_readable(rows, self._posting)
        return BoardReading(
            postings=merged(postings),
            total=len(rows) - len(skipped),
            rows=len(rows),
            company=next((posting.company for posting in postings if posting.company), None),
            skipped=(*skipped, *answer.notes),
        )

    def _posting(self, row: Node) -> BoardPosting:
        listed = row.items("locations")
        places = [
            place(node.text("city"), node.text("state"), node.text("country")) or node.text("name")
            for node in listed
        ]
        own = row.text("location") or place(row.text("city"), row.text("country"))
        codes = [country_of_field(node.text("country_code") or node.text("country")) for node in listed]
        codes.append(country_of_field(row.text("country_code") or row.text("country")))
        employment = row.text("employment_type_code")
        remote = row.flag("remote")
        return BoardPosting(
            key=row.require_text("id"),
            title=one_line(row.require_text("title")) or "",
            url=row.require_text("careers_url"),
            department=one_line(row.text("department")),
            locations=distinct_lines(places or [own]),
            countries=tuple(dict.fromkeys(code for code in codes if code)),
            remote=remote,
            employment=one_line(employment.replace("_", " ")) if employment else None,
            posted_on=iso_date(row.text("published_at") or row.text("created_at")),
            description=plain_text(
                fragment_text(row.text("description")) + "\n" + fragment_text(row.text("requirements"))
            ),
            company=one_line(row.text("company_name")),
            raw=row.raw(),
        )
