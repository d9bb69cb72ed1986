"""Job boards as seven vendors publish them, in their public formats."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from evals.synthetic.company import Company, Opening


@dataclass(frozen=True)
class Posted:
    """An opening with its written text: paragraphs of one posting."""

    opening: Opening
    paragraphs: tuple[str, ...]
    department: str

    @property
    def html(self) -> str:
        """The description as a fragment."""
        first, *rest = self.paragraphs
        items = "".join(f"<li>{escape(text, quote=False)}</li>" for text in rest)
        return f"<p>{escape(first, quote=False)}</p><ul>{items}</ul>"

    @property
    def plain(self) -> str:
        """The description as text."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True)
class BoardFile:
    """One board: the address of its data, the data, what the careers page links, and each opening's address."""

    api: str
    content_type: str
    body: bytes
    link: str
    embed: str
    urls: dict[str, str]


def board_of(company: Company, posted: tuple[Posted, ...]) -> BoardFile | None:
    """Return the company's board, or `None` when it lists its openings on a page of its own."""
    make = _BOARDS.get(company.ats)
    return None if make is None else make(company, posted)


def _token(company: Company) -> str:
    return company.domain.split(".")[0].replace("-", "")


def _json(value: Any) -> bytes:  # Any: JSON
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _millis(opening: Opening) -> int:
    return int(datetime.fromisoformat(f"{opening.posted}T09:00:00+00:00").timestamp() * 1000)


def _greenhouse(company: Company, posted: tuple[Posted, ...]) -> BoardFile:
    token = _token(company)
    urls = {one.opening.key: f"https://boards.greenhouse.io/{token}/jobs/{one.opening.key}" for one in posted}
    jobs: list[dict[str, Any]] = [
        {
            "absolute_url": urls[one.opening.key], "id": int(one.opening.key), "internal_job_id": int(one.opening.key) + 500,
            "title": one.opening.title, "updated_at": "2026-11-01T09:00:00-04:00", "company_name": company.name,
            "first_published": f"{one.opening.posted}T09:00:00-04:00", "location": {"name": one.opening.place.line},
            "content": escape(one.html), "departments": [{"id": 1, "name": one.department, "child_ids": [], "parent_id": None}],
            "offices": [{"id": 1, "name": one.opening.place.line, "location": one.opening.place.line}], "metadata": None,
        }
        for one in posted
    ]  # fmt: skip
    return BoardFile(
        f"https://boards-api.greenhouse.io/v1/boards/{token}/jobs?content=true", "application/json",
        _json({"jobs": jobs, "meta": {"total": len(jobs)}}), f"https://boards.greenhouse.io/{token}",
        f'<div id="grnhse_app"></div><script src="https://boards.greenhouse.io/embed/job_board/js?for={token}"></script>', urls,
    )  # fmt: skip


def _lever(company: Company, posted: tuple[Posted, ...]) -> BoardFile:
    token = _token(company)
    urls = {one.opening.key: f"https://jobs.lever.co/{token}/{one.opening.key}" for one in posted}
    rows = [
        {
            "id": one.opening.key, "text": one.opening.title, "hostedUrl": urls[one.opening.key], "createdAt": _millis(one.opening),
            "workplaceType": "onsite", "country": one.opening.place.country,
            "categories": {"location": one.opening.place.line, "team": one.department, "department": one.department, "commitment": "Full-time", "allLocations": [one.opening.place.line]},
            "descriptionPlain": one.paragraphs[0], "description": f"<div>{escape(one.paragraphs[0], quote=False)}</div>",
            "lists": [{"text": "", "content": "".join(f"<li>{escape(text, quote=False)}</li>" for text in one.paragraphs[1:])}], "additionalPlain": "",
        }
        for one in posted
    ]  # fmt: skip
    link = f"https://jobs.lever.co/{token}"
    return BoardFile(
        f"https://api.lever.co/v0/postings/{token}?mode=json", "application/json", _json(rows), link, "", urls
    )


def _ashby(company: Company, posted: tuple[Posted, ...]) -> BoardFile:
    token = _token(company)
    urls = {one.opening.key: f"https://jobs.ashbyhq.com/{token}/{one.opening.key}" for one in posted}
    rows = [
        {
            "id": one.opening.key, "title": one.opening.title, "jobUrl": urls[one.opening.key], "isListed": True,
            "location": one.opening.place.line, "department": one.department, "team": one.department, "employmentType": "FullTime",
            "publishedAt": f"{one.opening.posted}T09:00:00.000+00:00", "isRemote": False, "secondaryLocations": [],
            "descriptionPlain": one.plain, "descriptionHtml": one.html,
        }
        for one in posted
    ]  # fmt: skip
    return BoardFile(
        f"https://api.ashbyhq.com/posting-api/job-board/{token}?includeCompensation=true", "application/json",
        _json({"jobs": rows, "apiVersion": "1"}), f"https://jobs.ashbyhq.com/{token}",
        f'<div id="ashby_embed"></div><script src="https://jobs.ashbyhq.com/{token}/embed"></script>', urls,
    )  # fmt: skip


def _workable(company: Company, posted: tuple[Posted, ...]) -> BoardFile:
    token = _token(company)
    urls = {one.opening.key: f"https://apply.workable.com/j/A{one.opening.key}" for one in posted}
    rows = [
        {
            "title": one.opening.title, "shortcode": f"A{one.opening.key}", "code": "", "employment_type": "Full-time",
            "telecommuting": False, "department": one.department, "url": urls[one.opening.key], "shortlink": urls[one.opening.key],
            "application_url": f"{urls[one.opening.key]}/apply", "country": one.opening.place.country, "city": one.opening.place.city, "state": "",
            "published_on": str(one.opening.posted), "created_at": str(one.opening.posted), "description": one.html,
        }
        for one in posted
    ]  # fmt: skip
    return BoardFile(
        f"https://www.workable.com/api/accounts/{token}?details=true", "application/json",
        _json({"name": company.name, "description": None, "jobs": rows}), f"https://apply.workable.com/{token}/", "", urls,
    )  # fmt: skip


def _personio(company: Company, posted: tuple[Posted, ...]) -> BoardFile:
    host = f"{_token(company)}.jobs.personio.de"
    urls = {one.opening.key: f"https://{host}/job/{one.opening.key}" for one in posted}
    rows = "".join(
        f"<position><id>{one.opening.key}</id><subcompany>{escape(company.legal)}</subcompany><office>{escape(one.opening.place.line)}</office>"
        f"<department>{escape(one.department)}</department><name>{escape(one.opening.title)}</name><jobDescriptions>"
        f"<jobDescription><name>Info</name><value><![CDATA[{one.html}]]></value></jobDescription></jobDescriptions>"
        f"<employmentType>permanent</employmentType><schedule>full-time</schedule><createdAt>{one.opening.posted}T10:14:07+0200</createdAt></position>"
        for one in posted
    )
    body = f'<?xml version="1.0" encoding="UTF-8"?><workzag-jobs>{rows}</workzag-jobs>'.encode()
    return BoardFile(f"https://{host}/xml?language=en", "text/xml", body, f"https://{host}/", "", urls)


def _recruitee(company: Company, posted: tuple[Posted, ...]) -> BoardFile:
    host = f"{_token(company)}.recruitee.com"
    urls = {one.opening.key: f"https://{host}/o/job-{one.opening.key}" for one in posted}
    rows = [
        {
            "id": int(one.opening.key), "title": one.opening.title, "status": "published", "careers_url": urls[one.opening.key],
            "locations": [{"city": one.opening.place.city, "country": one.opening.place.country, "name": one.opening.place.line}],
            "city": one.opening.place.city, "country_code": one.opening.place.country, "department": one.department,
            "employment_type_code": "fulltime_permanent", "published_at": f"{one.opening.posted} 08:00:00 UTC", "created_at": f"{one.opening.posted} 08:00:00 UTC",
            "description": one.html, "requirements": "", "company_name": company.name, "remote": False,
        }
        for one in posted
    ]  # fmt: skip
    return BoardFile(f"https://{host}/api/offers/", "application/json", _json({"offers": rows}), f"https://{host}/", "", urls)  # fmt: skip


def _teamtailor(company: Company, posted: tuple[Posted, ...]) -> BoardFile:
    host = f"{_token(company)}.teamtailor.com"
    urls = {one.opening.key: f"https://{host}/jobs/{one.opening.key}-job" for one in posted}
    rows = "".join(
        f"<item><title>{escape(one.opening.title)}</title><description>{escape(one.html)}</description>"
        f"<pubDate>{one.opening.posted.strftime('%a, %d %b %Y')} 09:30:00 +0000</pubDate><link>{urls[one.opening.key]}</link><remoteStatus>none</remoteStatus>"
        f"<guid>{one.opening.key}-1111-4c2b-9f00-000000000101</guid><tt:locations><tt:location><tt:name>{escape(one.opening.place.city)}</tt:name>"
        f"<tt:city>{escape(one.opening.place.city)}</tt:city><tt:country>{one.opening.place.country}</tt:country></tt:location></tt:locations>"
        f"<tt:department>{escape(one.department)}</tt:department></item>"
        for one in posted
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:tt="https://teamtailor.com/locations"><channel>'
        f"<title>{escape(company.name)} jobs</title><link>https://{host}/jobs</link>{rows}</channel></rss>"
    ).encode()
    return BoardFile(f"https://{host}/jobs.rss?offset=0&per_page=100", "application/rss+xml", body, f"https://{host}/jobs", "", urls)  # fmt: skip


_BOARDS: dict[str, Callable[[Company, tuple[Posted, ...]], BoardFile]] = {
    "greenhouse": _greenhouse,
    "lever": _lever,
    "ashby": _ashby,
    "workable": _workable,
    "personio": _personio,
    "recruitee": _recruitee,
    "teamtailor": _teamtailor,
}
