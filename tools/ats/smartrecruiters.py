"""SmartRecruiters: a paginated JSON list, with the text of each posting in its own answer.

The list is the vendor's public Posting API (developers.smartrecruiters.com); for the one-by-one texts
the host's robots.txt decides.
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

_NO_DEPARTMENT = frozenset(("other", "not applicable"))


class SmartRecruiters(Adapter):
    """`department` is the employer's own word; `function` is the vendor's list and stands in for it."""

    name, label = "smartrecruiters", "SmartRecruiters"
    page_size = 100

    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Ask for a hundred postings from `offset` on."""
        url = f"{self._postings(board)}?limit={self.page_size}&offset={offset}"
        return FetchRequest(url=url, accept="json", origin="api")

    def _postings(self, board: Board) -> str:
        return f"https://api.smartrecruiters.com/v1/companies/{quote(board.token, safe='')}/postings"

    def public_url(self, board: Board) -> str:
        """Return the hosted board."""
        return f"https://careers.smartrecruiters.com/{quote(board.token, safe='')}"

    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read one page of the list."""
        answer = read_json(payload)
        rows = answer.require_items("content")
        postings, skipped = keep_readable(rows, lambda row: self._posting(row, board))
        total = answer.count("totalFound")
        return BoardReading(
            postings=merged(postings),
            total=len(rows) - len(skipped) if total is None else total,
            rows=len(rows),
            company=next((posting.company for posting in postings if posting.company), None),
            skipped=(*skipped, *answer.notes),
        )

    def _posting(self, row: Node, board: Board) -> BoardPosting:
        key = row.require_text("id")
        location = row.child("location")
        country = country_of_field(location.text("country"))
        full = location.text("fullLocation")
        stated = place(
            *(full.split(",") if full else (location.text("city"), location.text("region"), country))
        )
        department = row.child("department").text("label")
        function = row.child("function").text("label")
        if not department and function and function.lower() not in _NO_DEPARTMENT:
            department = function
        return BoardPosting(
            key=key,
            title=one_line(row.require_text("name")) or "",
            url=f"https://jobs.smartrecruiters.com/{quote(board.token, safe='')}/{quote(key, safe='')}",
            department=one_line(department),
            locations=distinct_lines([stated]),
            countries=(country,) if country else (),
            remote=location.flag("remote"),
            employment=one_line(row.child("typeOfEmployment").text("label")),
            posted_on=iso_date(row.text("releasedDate")),
            language=row.child("language").text("code"),
            company=one_line(row.child("company").text("name")),
            raw=row.raw(),
        )

    def detail_request(self, board: Board, posting: BoardPosting) -> FetchRequest:
        """Ask for one posting's text, if robots.txt allows."""
        return FetchRequest(url=f"{self._postings(board)}/{quote(posting.key, safe='')}", accept="json")

    def with_detail(self, posting: BoardPosting, payload: bytes, board: Board) -> BoardPosting:
        """Add the text of the posting's sections, and its public address."""
        answer = read_json(payload)
        sections = answer.child("jobAd").child("sections")
        if not isinstance(sections.value, dict) or not sections.value:
            raise ShapeError("jobAd.sections", "object", "nothing")
        parts: list[str] = []
        for name in sections.value:
            section = sections.child(name)
            text = fragment_text(section.text("text"))
            if text:
                parts += [plain_text(section.text("title")), text]
        url = answer.text("postingUrl")
        return replace(
            posting,
            description=plain_text("\n".join(parts)),
            url=url if url and url.startswith("https://") else posting.url,
            raw=answer.raw(),
        )
