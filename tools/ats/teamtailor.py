"""Teamtailor: the career site's own feed, RSS with `tt:` tags or JSON Feed, on any host.

RSS is asked for (it states departments); both are read.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import unquote

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
from tools.ats.shape import (
    Node,
    ShapeError,
    child_text,
    children,
    feed_date,
    iso_date,
    read_json,
    read_xml,
    require_child_text,
)
from tools.fetching.api import FetchRequest
from tools.places import country_of_field

_REMOTE = {"fully": True, "hybrid": False, "temporary": False, "none": False}


class Teamtailor(Adapter):
    """`remoteStatus` is `fully`, `hybrid`, `temporary` or `none`."""

    name, label = "teamtailor", "Teamtailor"
    page_size = 100

    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Ask for a hundred openings from `offset` on."""
        url = f"https://{self._host(board)}/jobs.rss?offset={offset}&per_page={self.page_size}"
        return FetchRequest(url=url, accept="xml", origin="api")

    def _host(self, board: Board) -> str:
        return board.host or f"{board.token}.teamtailor.com"

    def public_url(self, board: Board) -> str:
        """Return the career site's list."""
        return f"https://{self._host(board)}/jobs"

    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read either feed."""
        return self._json_feed(payload) if payload.lstrip()[:1] == b"{" else self._rss(payload)

    def _rss(self, payload: bytes) -> BoardReading:
        channel = next(children(read_xml(payload, "rss"), "channel"), None)
        if channel is None:
            raise ShapeError("rss/channel", "element", "nothing")
        rows = list(enumerate(children(channel, "item")))
        postings, skipped = keep_readable(rows, lambda row: self._item(row[1], f"item[{row[0]}]"))
        return BoardReading(
            postings=merged(postings),
            total=len(rows) - len(skipped),
            rows=len(rows),
            company=_employer(child_text(channel, "title")),
            skipped=tuple(skipped),
        )

    def _item(self, row: etree._Element, path: str) -> BoardPosting:
        link = require_child_text(row, "link", path)
        places: list[str | None] = []
        countries: list[str | None] = []
        for group in children(row, "locations"):
            for location in children(group, "location"):
                city, country = child_text(location, "city"), child_text(location, "country")
                places.append(place(city, country) or child_text(location, "name"))
                countries.append(country_of_field(country))
        remote = child_text(row, "remoteStatus")
        return BoardPosting(
            key=child_text(row, "guid") or link,
            title=one_line(require_child_text(row, "title", path)) or "",
            url=link,
            department=one_line(child_text(row, "department")),
            locations=distinct_lines(places),
            countries=tuple(dict.fromkeys(code for code in countries if code)),
            remote=_REMOTE.get(remote.lower()) if remote else None,
            posted_on=feed_date(child_text(row, "pubDate")),
            description=fragment_text(child_text(row, "description")),
            raw=etree.tostring(row, encoding="utf-8", with_tail=False),
        )

    def _json_feed(self, payload: bytes) -> BoardReading:
        answer = read_json(payload)
        rows = answer.require_items("items")
        postings, skipped = keep_readable(rows, self._json_item)
        return BoardReading(
            postings=merged(postings),
            total=len(rows) - len(skipped),
            rows=len(rows),
            company=_employer(answer.text("title")),
            skipped=(*skipped, *answer.notes),
        )

    def _json_item(self, row: Node) -> BoardPosting:
        stated = row.child("_jobposting")
        addresses = [node.child("address") for node in stated.items("jobLocation")]
        countries = (country_of_field(address.text("addressCountry")) for address in addresses)
        return BoardPosting(
            key=row.require_text("id"),
            title=one_line(row.require_text("title")) or "",
            url=row.require_text("url"),
            locations=distinct_lines(
                place(address.text("addressLocality"), address.text("addressCountry"))
                for address in addresses
            ),
            countries=tuple(dict.fromkeys(code for code in countries if code)),
            remote=True if stated.text("jobLocationType") == "TELECOMMUTE" else None,
            posted_on=iso_date(row.text("date_published")),
            description=fragment_text(row.text("content_html") or stated.text("description")),
            raw=row.raw(),
        )


def _employer(title: str | None) -> str | None:
    name = one_line(unquote(title)) if title else None
    return name.removesuffix(" jobs").removesuffix(" Jobs") if name else None
