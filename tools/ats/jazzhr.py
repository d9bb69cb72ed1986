"""JazzHR: one XML answer holds the board (the vendor's public export of open jobs)."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from lxml import etree

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
from tools.ats.shape import child_text, children, read_xml, require_child_text
from tools.fetching.api import FetchRequest
from tools.places import country_of_field


class JazzHR(Adapter):
    """The export states no date of publication, and lists closed jobs too."""

    name, label = "jazzhr", "JazzHR"

    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Ask for the whole board."""
        url = f"https://app.jazz.co/feeds/export/jobs/{quote(board.token, safe='')}"
        return FetchRequest(url=url, accept="xml", origin="api")

    def public_url(self, board: Board) -> str:
        """Return the hosted board."""
        return f"https://{board.token}.applytojob.com/apply"

    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read the `jobs` document."""
        root = read_xml(payload, "jobs")
        rows = [
            (index, row)
            for index, row in enumerate(children(root, "job"))
            if (child_text(row, "status") or "open").lower() == "open"
        ]
        postings, skipped = keep_readable(rows, lambda row: self._posting(row[1], f"job[{row[0]}]"))
        return BoardReading(
            postings=merged(postings),
            total=len(rows) - len(skipped),
            rows=len(rows),
            company=one_line(child_text(root, "company")),
            skipped=tuple(skipped),
        )

    def _posting(self, row: etree._Element, path: str) -> BoardPosting:
        country = child_text(row, "country")
        code = country_of_field(country)
        url = require_child_text(row, "url", path)
        return BoardPosting(
            key=child_text(row, "id") or url,
            title=one_line(require_child_text(row, "title", path)) or "",
            url=url,
            department=one_line(child_text(row, "department")),
            locations=distinct_lines([place(child_text(row, "city"), child_text(row, "state"), country)]),
            countries=(code,) if code else (),
            employment=one_line(child_text(row, "type")),
            description=fragment_text(child_text(row, "description")),
            raw=etree.tostring(row, encoding="utf-8", with_tail=False),
        )
