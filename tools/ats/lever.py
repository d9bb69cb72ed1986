"""Lever, worldwide and EU hosts: one JSON array holds the board (github.com/lever/postings-api)."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from tools.ats.api import Adapter, Board, BoardPosting, BoardReading, distinct_lines, keep_readable, merged
from tools.ats.fragment import fragment_text, one_line, plain_text
from tools.ats.shape import Node, epoch_date, read_json
from tools.fetching.api import FetchRequest

_REMOTE = {"remote": True, "hybrid": False, "on-site": False, "onsite": False}


class Lever(Adapter):
    """The text is spread over an opening, titled lists and a closing; all of it is visible to applicants."""

    name, label = "lever", "Lever"

    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Ask for the whole board; `host` `eu` is Lever's EU instance."""
        return FetchRequest(url=self._postings(board), accept="json", origin="api")

    def other_requests(self, board: Board) -> tuple[FetchRequest, ...]:
        """Ask for the first hundred postings only."""
        return (FetchRequest(url=f"{self._postings(board)}&limit=100", accept="json", origin="api"),)

    def _postings(self, board: Board) -> str:
        host = "api.eu.lever.co" if board.host == "eu" else "api.lever.co"
        return f"https://{host}/v0/postings/{quote(board.token, safe='')}?mode=json"

    def public_url(self, board: Board) -> str:
        """Return the hosted board."""
        host = "jobs.eu.lever.co" if board.host == "eu" else "jobs.lever.co"
        return f"https://{host}/{quote(board.token, safe='')}"

    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read the answer of the postings API."""
        answer = read_json(payload)
        rows = answer.require_items()
        postings, skipped = keep_readable(rows, self._posting)
        return BoardReading(
            postings=merged(postings),
            total=len(rows) - len(skipped),
            rows=len(rows),
            skipped=(*skipped, *answer.notes),
        )

    def _posting(self, row: Node) -> BoardPosting:
        categories = row.child("categories")
        country = row.text("country")
        workplace = row.text("workplaceType")
        return BoardPosting(
            key=row.require_text("id"),
            title=one_line(row.require_text("text")) or "",
            url=row.require_text("hostedUrl"),
            department=one_line(categories.text("department") or categories.text("team")),
            locations=distinct_lines([categories.text("location"), *categories.texts("allLocations")]),
            countries=(country.upper(),) if country and len(country) == 2 else (),
            remote=_REMOTE.get(workplace.lower()) if workplace else None,
            employment=one_line(categories.text("commitment")),
            posted_on=epoch_date(row.get("createdAt")),
            description=self._description(row),
            raw=row.raw(),
        )

    def _description(self, row: Node) -> str:
        opening = plain_text(row.text("descriptionPlain")) or fragment_text(row.text("description"))
        parts = [opening]
        for listed in row.items("lists"):
            parts += [plain_text(listed.text("text")), fragment_text(listed.text("content"))]
        parts.append(plain_text(row.text("additionalPlain")) or fragment_text(row.text("additional")))
        return plain_text("\n".join(part for part in parts if part))
