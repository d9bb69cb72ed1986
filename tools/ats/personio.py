"""Personio: one XML answer holds the board (developer.personio.de, career page XML feed)."""

from __future__ import annotations

from datetime import date

from lxml import etree

from tools.ats.api import Adapter, Board, BoardPosting, BoardReading, distinct_lines, keep_readable, merged
from tools.ats.fragment import fragment_text, one_line, plain_text
from tools.ats.shape import child_text, children, iso_date, read_xml, require_child_text
from tools.fetching.api import FetchRequest


class Personio(Adapter):
    """`createdAt` is the only date the feed has; `subcompany` is the legal employer."""

    name, label = "personio", "Personio"

    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Ask for the whole board, in English where the employer wrote it."""
        return FetchRequest(url=f"https://{self._host(board)}/xml?language=en", accept="xml", origin="api")

    def _host(self, board: Board) -> str:
        return board.host or f"{board.token}.jobs.personio.de"

    def public_url(self, board: Board) -> str:
        """Return the hosted board."""
        return f"https://{self._host(board)}/"

    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read the `workzag-jobs` document."""
        rows = list(enumerate(children(read_xml(payload, "workzag-jobs"), "position")))
        postings, skipped = keep_readable(
            rows, lambda row: self._posting(row[1], f"position[{row[0]}]", board)
        )
        distinct = merged(postings)
        return BoardReading(
            postings=distinct,
            total=len(distinct),
            rows=len(rows),
            company=next((posting.company for posting in postings if posting.company), None),
            skipped=tuple(skipped),
        )

    def _posting(self, row: etree._Element, path: str, board: Board) -> BoardPosting:
        key = require_child_text(row, "id", path)
        offices = [child_text(row, "office")]
        for more in children(row, "additionalOffices"):
            offices += ["".join(office.itertext()).strip() for office in children(more, "office")]
        employment = " ".join(filter(None, (child_text(row, "employmentType"), child_text(row, "schedule"))))
        return BoardPosting(
            key=key,
            title=one_line(require_child_text(row, "name", path)) or "",
            url=f"https://{self._host(board)}/job/{key}",
            department=one_line(child_text(row, "department") or child_text(row, "recruitingCategory")),
            locations=distinct_lines(offices),
            employment=one_line(employment),
            posted_on=iso_date(child_text(row, "createdAt")),
            description=self._description(row),
            company=one_line(child_text(row, "subcompany")),
            raw=etree.tostring(row, encoding="utf-8", with_tail=False),
        )

    def _description(self, row: etree._Element) -> str:
        parts: list[str] = []
        for group in children(row, "jobDescriptions"):
            for described in children(group, "jobDescription"):
                parts += [
                    plain_text(child_text(described, "name")),
                    fragment_text(child_text(described, "value")),
                ]
        return plain_text("\n".join(part for part in parts if part))
