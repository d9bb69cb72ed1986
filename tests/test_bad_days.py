"""Whatever a site or a model does, the run ends with an honest report and no traceback."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from agent.demo import DEMO_DOMAIN, demo_archive, demo_icp
from tools.archive import WarcRecorder
from tools.documents import FetchFailure
from tools.fetching.answers import Exchange
from tools.fetching.api import FetchRequest

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
DOMAIN = "acme.example"
HOME = f"https://{DOMAIN}/"
Build = Callable[[WarcRecorder], None]


def page(recorder: WarcRecorder, url: str, body: str | bytes, status: int = 200, **headers: str) -> None:
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items()) or HTML
    raw = body if isinstance(body, bytes) else body.encode()
    recorder.exchange(Exchange("GET", url, None, status, fields, AT, raw))


def research(tmp_path: Path, build: Build, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    archive = tmp_path / "site.warc.gz"
    with WarcRecorder(archive) as recorder:
        build(recorder)
    status = main(
        ["research", DOMAIN, "--archive", str(archive), "--icp", str(demo_icp()), "--format", "json", "-q"]
    )
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return status, json.loads(captured.out)


def parked(recorder: WarcRecorder) -> None:
    page(
        recorder,
        HOME,
        "<html><head><title>acme.example</title></head><body><h1>acme.example is for sale</h1>"
        "<p>This domain is for sale. Buy this domain now.</p><a href='https://sedo.com/search'>Make an offer</a>"
        "</body></html>",
    )


def dead(recorder: WarcRecorder) -> None:
    for url in (HOME, f"https://www.{DOMAIN}/", f"http://{DOMAIN}/", f"http://www.{DOMAIN}/"):
        failure = FetchFailure(url=url, reason="dns", detail=f"{DOMAIN} does not exist")
        recorder.failure(FetchRequest(url=url), failure, AT)


def forbidden(recorder: WarcRecorder) -> None:
    for url in (HOME, f"https://www.{DOMAIN}/"):
        page(
            recorder,
            url,
            "<title>Just a moment...</title><p>Checking your browser</p>",
            403,
            Server="cloudflare",
        )


def javascript_only(recorder: WarcRecorder) -> None:
    page(
        recorder,
        HOME,
        "<html><head><title>Acme</title><script src='/app.js'></script></head><body><div id='root'></div>"
        "<noscript>You need to enable JavaScript to run this app.</noscript></body></html>",
    )


@pytest.mark.parametrize(
    ("build", "status"),
    [(parked, "parked"), (dead, "dead"), (forbidden, "blocked"), (javascript_only, "unreadable")],
)
def test_a_domain_without_a_readable_site_is_named_and_scores_nothing(
    build: Build, status: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = research(tmp_path, build, capsys)
    assert report["account"]["status"] == status
    assert report["verdicts"][0]["score"] == 0
    assert report["verdicts"][0]["tier"] == "insufficient_evidence"
    states = {entry["source"]: entry["state"] for entry in report["coverage_of_sources"]}
    assert "read_nothing_found" not in (states["website"], states["jobs"])


def test_a_redirect_to_another_domain_is_followed_once_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(recorder: WarcRecorder) -> None:
        page(recorder, HOME, "", 301, Location="https://zeta.example/")
        page(
            recorder,
            "https://zeta.example/",
            "<html lang=en><title>Zeta</title><main><h1>Zeta plans loads</h1><p>Zeta was founded in 2009 and plans "
            "loads for shippers in nine countries of Europe and in North America.</p></main></html>",
        )

    status, report = research(tmp_path, build, capsys)
    assert status == 0
    assert (report["account"]["status"], report["account"]["final_domain"]) == ("redirected", "zeta.example")


MAIN = (
    "<html lang=en><head><title>Acme</title>{head}</head><body><main><h1>Acme plans loads</h1><p>Acme was founded in "
    "2009 and plans loads for shippers in nine countries of Europe and in North America.</p></main></body></html>"
)


def big(recorder: WarcRecorder) -> None:
    page(recorder, HOME, MAIN.format(head=""))
    page(recorder, f"https://{DOMAIN}/about", b"<p>x</p>" * 2_600_000)


def broken_charset(recorder: WarcRecorder) -> None:
    page(
        recorder,
        HOME,
        b"\xc3\x28\xfa" + MAIN.format(head="").encode() + b"\x80\x81",
        Content_Type="text/html; charset=klingon",
    )


def broken_json_ld(recorder: WarcRecorder) -> None:
    head = (
        '<script type="application/ld+json">{"@type": "Organization", "numberOfEmployees": {{{], NaN</script>'
    )
    page(recorder, HOME, MAIN.replace("{head}", head))


def deep(recorder: WarcRecorder) -> None:
    page(recorder, HOME, MAIN.format(head="") + "<div>" * 100_000)


@pytest.mark.parametrize("build", [big, broken_charset, broken_json_ld, deep])
def test_a_page_gone_wrong_costs_only_itself(
    build: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, report = research(tmp_path, build, capsys)
    assert status == 0
    assert [fact["value"] for fact in report["facts"] if fact["attribute"] == "founded_year"] == [2009]


class Model(http.server.BaseHTTPRequestHandler):
    """A loopback model endpoint that answers every call in one bad way."""

    answer: tuple[int, Any]
    calls = 0

    def do_POST(self) -> None:  # the handler's own naming
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        type(self).calls += 1
        status, payload = type(self).answer
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


def message(content: str | None, finish: str = "stop", **more: Any) -> tuple[int, Any]:
    choice = {
        "index": 0,
        "finish_reason": finish,
        "message": {"role": "assistant", "content": content, **more},
    }
    usage = {"prompt_tokens": 900, "completion_tokens": 20, "total_tokens": 920}
    return 200, {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
        "usage": usage,
    }


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Model]]:
    Model.calls = 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_address[1]}/v1")
    monkeypatch.setenv("DOSSIER_MODEL", "small")
    yield Model
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.parametrize(
    "answer",
    [
        message("The company has 9,000 employees and is a perfect fit!"),
        message('{"items": "all of them"}'),
        message(None, refusal="I cannot help with that."),
        message('{"items": [{"attr', finish="length"),
        (429, {"error": {"message": "slow down", "type": "rate_limit", "code": "rate_limit_exceeded"}}),
        (500, {"error": {"message": "boom"}}),
        (401, {"error": {"message": "bad key", "code": "invalid_api_key"}}),
        (200, b"<html>a proxy's error page</html>"),
        (200, {"choices": []}),
    ],
    ids=["prose", "wrong-shape", "refusal", "truncated", "429", "500", "401", "not-json", "empty"],
)
def test_a_model_gone_wrong_leaves_the_rules_verdict(
    answer: tuple[int, Any], model: type[Model], capsys: pytest.CaptureFixture[str]
) -> None:
    base = [
        "research",
        DEMO_DOMAIN,
        "--archive",
        str(demo_archive()),
        "--icp",
        str(demo_icp()),
        "--format",
        "json",
    ]
    assert main([*base, "--extractor", "rules", "-q"]) == 0
    by_rules = json.loads(capsys.readouterr().out)
    model.answer = answer
    assert main([*base, "--extractor", "llm"]) == 0
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert model.calls > 0
    assert "Traceback" not in captured.err
    assert "model" in captured.err
    assert report["facts"] == by_rules["facts"]
    assert report["verdicts"] == by_rules["verdicts"]
    assert report["run"]["extractor"] == "llm"
    assert report["run"]["model"] == "small"
    assert report["run"]["llm_calls"] <= 5
