"""A replay needs none of the keys the run was recorded with, and says nothing of sources nobody recorded."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from tools.archive import WarcRecorder
from tools.documents import Account
from tools.fetching.answers import Exchange
from tools.fetching.api import FetchRequest
from tools.fetching.urls import canonical_json
from tools.news.searches import Brave, GoogleNews, Tavily
from tools.registries.sec import TICKERS_URL

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DOMAIN = "acme-freight.com"
HOME = f"https://{DOMAIN}/"
ACCOUNT = Account(domain=DOMAIN, final_domain=DOMAIN, status="live", home_url=HOME, name="Acme Freight")
TOLD = (
    "<p>Acme Freight moves pallets between the ports of the north and keeps every shipper informed.</p>" * 4
)
SITE = {
    HOME: f"<html lang=en><head><title>Acme Freight</title></head><body><main>{TOLD}</main></body></html>"
}


def hit(headline: str, **names: str) -> dict[str, Any]:
    return {"url": f"https://paper.example/{len(headline)}", "title": headline, **names}


TAVILY = {
    "results": [
        hit(
            "Acme Freight opens an office in Oslo",
            content="Acme Freight (acme-freight.com) opens an office in Oslo.",
            published_date="Mon, 02 Feb 2026 10:00:00 GMT",
        )
    ]
}
BRAVE = {
    "results": [
        hit(
            "Acme Freight raises $12 million",
            description="acme-freight.com raised a Series A.",
            page_age="2026-02-04T09:00:00",
        )
    ]
}
GOOGLE = "<rss version='2.0'><channel><title>news</title><item><title>Acme Freight buys ten lorries</title><link>https://news.google.com/x</link><pubDate>Tue, 03 Feb 2026 10:00:00 GMT</pubDate></item></channel></rss>"
FILER = {
    "cik": "123",
    "name": "Acme Freight Inc",
    "website": HOME,
    "sicDescription": "Trucking (No Local)",
    "filings": {"recent": {}},
}
TICKERS = {"0": {"cik_str": 123, "ticker": "ACF", "title": "Acme Freight Inc"}}


def keep(recorder: WarcRecorder, request: FetchRequest, body: str) -> None:
    posted = canonical_json(request.json_body) if request.json_body is not None else None
    kind = "application/json" if body.startswith("{") else "text/html"
    method = "GET" if posted is None else "POST"
    recorder.exchange(
        Exchange(method, request.url, posted, 200, (("Content-Type", kind),), NOW, body.encode())
    )


def report_of(tmp_path: Path, capsys: pytest.CaptureFixture[str], answers: dict[str, str]) -> dict[str, Any]:
    archive, report = tmp_path / "a.warc", tmp_path / "report.json"
    with WarcRecorder(archive) as recorder:
        for url, body in {**SITE, **answers}.items():
            search = {"tavily": Tavily("secret"), "brave": Brave("secret"), "google": GoogleNews()}.get(url)
            request = search.request(ACCOUNT) if search is not None else FetchRequest(url=url)
            assert request is not None
            keep(recorder, request, body)
    order = ["research", DOMAIN, "--archive", str(archive), "-q", "--format", "json", "--output", str(report)]
    assert main(order) == 0
    assert main(["verify", str(report), "--archive", str(archive)]) == 0
    capsys.readouterr()
    return json.loads(report.read_text())  # type: ignore[no-any-return]


def detail_of(report: dict[str, Any], source: str) -> str:
    return str(next(each["detail"] for each in report["coverage_of_sources"] if each["source"] == source))


@pytest.mark.parametrize(
    ("name", "source", "body", "title"),
    [
        ("Tavily", "tavily", json.dumps(TAVILY), "Acme Freight opens an office in Oslo"),
        ("Brave", "brave", json.dumps(BRAVE), "Acme Freight raises $12 million"),
        ("Google News", "google", GOOGLE, "Acme Freight buys ten lorries"),
    ],
)
def test_a_recorded_search_is_replayed_without_its_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, source: str, body: str, title: str
) -> None:
    report = report_of(tmp_path, capsys, {source: body})
    seen = [each["title"] for each in (*report["documents"], *report["quarantined"])]
    assert title in seen
    assert f"{name}: 1 hit" in detail_of(report, "news")
    assert ("its terms allow personal" in detail_of(report, "news")) is (name == "Google News")


def test_a_recorded_filer_is_replayed_without_a_contact(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = "https://data.sec.gov/submissions/CIK0000000123.json"
    report = report_of(tmp_path, capsys, {TICKERS_URL: json.dumps(TICKERS), entry: json.dumps(FILER)})
    assert "SEC EDGAR: Acme Freight Inc" in [each["title"] for each in report["documents"]]
    assert "SEC EDGAR: read" in detail_of(report, "registries")
    assert "SEC EDGAR: 0 8-Ks of 0 with an event read" in detail_of(report, "news")


def test_what_nobody_recorded_is_not_mentioned_as_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = report_of(tmp_path, capsys, {})
    for name in ("Tavily", "Brave", "Google News"):
        assert name not in detail_of(report, "news")
    for source in ("news", "registries"):
        assert "SEC EDGAR not asked: it wants a contact address" in detail_of(report, source)
    asked = " ".join(each["url"] for each in report["failures"])
    assert not any(host in asked for host in ("tavily", "brave", "sec.gov", "news.google"))
