"""Workday: the career site's own JSON (CXS), asked by POST twenty rows at a time.

Its dates are words relative to the day of reading ("Posted 3 Days Ago"); "30+" is at least thirty, so no
date at all. Its count stops at 2,000.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

from tools.ats.api import Adapter, Board, BoardPosting, BoardReading, distinct_lines, keep_readable, merged
from tools.ats.fragment import fragment_text, one_line
from tools.ats.shape import Node, ShapeError, read_json
from tools.fetching.api import FetchRequest
from tools.places import country_of_field

TOTAL_CAP = 2_000
"""The largest count Workday ever states; a board of this size has at least so many."""

_DAYS_AGO = re.compile(r"posted (?P<days>\d{1,3}) days? ago", re.IGNORECASE)
_COUNT_OF_LOCATIONS = re.compile(r"\d+ locations?", re.IGNORECASE)
_REMOTE = {
    "remote": True,
    "fully remote": True,
    "onsite": False,
    "on-site": False,
    "hybrid": False,
    "flex": False,
}


class Workday(Adapter):
    """A board is a tenant on a `wdN` host and one of its career sites."""

    name, label = "workday", "Workday"
    page_size = 20

    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Ask for twenty rows from `offset` on."""
        body = {"appliedFacets": {}, "limit": self.page_size, "offset": offset, "searchText": ""}
        return FetchRequest(url=f"{self._api(board)}/jobs", accept="json", json_body=body, origin="api")

    def _api(self, board: Board) -> str:
        return f"https://{board.host}/wday/cxs/{quote(board.token, safe='')}/{quote(board.site, safe='')}"

    def public_url(self, board: Board) -> str:
        """Return the career site."""
        if board.host.endswith("myworkdaysite.com"):
            return (
                f"https://{board.host}/recruiting/{quote(board.token, safe='')}/{quote(board.site, safe='')}"
            )
        return f"https://{board.host}/{quote(board.site, safe='')}"

    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read one page of rows."""
        answer = read_json(payload)
        rows = answer.require_items("jobPostings")
        postings, skipped = keep_readable(rows, lambda row: self._posting(row, board, read_on))
        total = answer.count("total")
        return BoardReading(
            postings=merged(postings),
            total=len(rows) if total is None else total,
            rows=len(rows),
            skipped=(*skipped, *answer.notes),
        )

    def _posting(self, row: Node, board: Board, read_on: date) -> BoardPosting:
        path = row.require_text("externalPath")
        if not path.startswith("/") or path.startswith("//"):
            raise ShapeError(f"{row.path}.externalPath", "path on the board", "address elsewhere")
        location = row.text("locationsText")
        if location and _COUNT_OF_LOCATIONS.fullmatch(location):
            location = None  # "3 Locations" is no place; the detail names them
        posted_on, note = posted_day(row.text("postedOn"), read_on)
        remote = row.text("remoteType")
        return BoardPosting(
            key=path,
            title=one_line(row.require_text("title")) or "",
            url=f"{self.public_url(board)}{path}",
            locations=distinct_lines([location]),
            remote=_REMOTE.get(remote.lower()) if remote else None,
            employment=one_line(row.text("timeType")),
            posted_on=posted_on,
            posted_note=note,
            raw=row.raw(),
        )

    def detail_request(self, board: Board, posting: BoardPosting) -> FetchRequest:
        """Ask for one posting's text and places."""
        return FetchRequest(url=f"{self._api(board)}{posting.key}", accept="json", origin="api")

    def with_detail(self, posting: BoardPosting, payload: bytes, board: Board) -> BoardPosting:
        """Add text, places, employment and the hiring company."""
        answer = read_json(payload)
        stated = answer.child("jobPostingInfo")
        if not stated.value:
            raise ShapeError("jobPostingInfo", "object", "nothing")
        requisition = stated.child("jobRequisitionLocation").child("country")
        country = requisition.text("alpha2Code") or stated.child("country").text("descriptor")
        code = country_of_field(country)
        places = [stated.text("location"), *stated.texts("additionalLocations")]
        return replace(
            posting,
            locations=distinct_lines(places) or posting.locations,
            countries=(code,) if code and len(places) == 1 else (),
            employment=one_line(stated.text("timeType")) or posting.employment,
            description=fragment_text(stated.text("jobDescription")),
            company=one_line(answer.child("hiringOrganization").text("name")),
            raw=answer.raw(),
        )


def posted_day(words: str | None, read_on: date) -> tuple[date | None, str | None]:
    """Turn Workday's wording into the day it means and the wording itself; "30+ Days Ago" is no day."""
    note = one_line(words)
    if note is None:
        return None, None
    plain = note.lower()
    if plain == "posted today":
        return read_on, note
    if plain == "posted yesterday":
        return read_on - timedelta(days=1), note
    match = _DAYS_AGO.fullmatch(plain)
    return (read_on - timedelta(days=int(match["days"])) if match else None), note
