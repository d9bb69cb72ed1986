"""Ashby: one JSON answer holds the board (developers.ashbyhq.com, public job posting API)."""

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
from tools.ats.fragment import fragment_text, one_line, plain_text
from tools.ats.shape import Node, iso_date, read_json
from tools.fetching.api import FetchRequest
from tools.places import country_of_field

_REMOTE = {"remote": True, "hybrid": False, "onsite": False}


class Ashby(Adapter):
    """Rows with `isListed` false are drafts or direct links, not openings shown to anyone."""

    name, label = "ashby", "Ashby"

    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Ask for the whole board. Tokens may hold spaces and dots, and keep their case."""
        url = f"https://api.ashbyhq.com/posting-api/job-board/{quote(board.token, safe='')}"
        return FetchRequest(url=f"{url}?includeCompensation=true", accept="json", origin="api")

    def public_url(self, board: Board) -> str:
        """Return the hosted board."""
        return f"https://jobs.ashbyhq.com/{quote(board.token, safe='')}"

    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read the answer of the job posting API."""
        answer = read_json(payload)
        rows = [row for row in answer.require_items("jobs") if row.flag("isListed") is not False]
        postings, skipped = keep_readable(rows, self._posting)
        return BoardReading(
            postings=merged(postings),
            total=len(rows) - len(skipped),
            rows=len(rows),
            skipped=(*skipped, *answer.notes),
        )

    def _posting(self, row: Node) -> BoardPosting:
        places = [row, *row.items("secondaryLocations")]
        addresses = [node.child("address").child("postalAddress") for node in places]
        countries = (country_of_field(address.text("addressCountry")) for address in addresses)
        workplace = row.text("workplaceType")
        remote = _REMOTE.get(workplace.lower()) if workplace else None
        return BoardPosting(
            key=row.require_text("id"),
            title=one_line(row.require_text("title")) or "",
            url=row.require_text("jobUrl"),
            department=one_line(row.text("department") or row.text("team")),
            locations=distinct_lines(
                node.text("location")
                or place(address.text("addressLocality"), address.text("addressCountry"))
                for node, address in zip(places, addresses, strict=True)
            ),
            countries=tuple(dict.fromkeys(code for code in countries if code)),
            remote=row.flag("isRemote") if remote is None else remote,
            employment=one_line(row.text("employmentType")),
            posted_on=iso_date(row.text("publishedAt")),
            description=plain_text(row.text("descriptionPlain"))
            or fragment_text(row.text("descriptionHtml")),
            raw=row.raw(),
        )
