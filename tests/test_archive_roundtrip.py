"""What is recorded replays as it was, and opens in other tools."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import respx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio_command

from tools.archive import Archive, ArchiveFault, ReplayFetcher, WarcRecorder
from tools.documents import FetchFailure
from tools.fetching.answers import Exchange
from tools.fetching.api import DnsAnswer, FetchRequest, Response
from tools.fetching.dns import DnsReply
from tools.fetching.live import LiveFetcher
from tools.fetching.pace import HostLimits, HostPace

START = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
HOME = "https://acme.example/"


async def at_once(seconds: float) -> None:
    return None


async def dns(name: str, record_type: str) -> DnsReply:
    if record_type == "MX":
        return DnsReply(("10 mx.mail.example.", "20 mx2.mail.example."))
    if record_type == "TXT":
        return DnsReply(('"v=spf1 include:_spf.mail.example ~all"', '"says \\"hi\\""'))
    if record_type == "NS":
        return DnsReply(problem="the name servers did not answer in time; try again later")
    return DnsReply()


def ticking() -> Callable[[], datetime]:
    """A clock that moves on by a little each time it is read."""
    count = 0

    def now() -> datetime:
        nonlocal count
        count += 1
        return START + timedelta(seconds=count, microseconds=count)

    return now


def live(recorder: WarcRecorder) -> LiveFetcher:
    return LiveFetcher(
        agent="Dossier/test",
        transport=httpx.MockTransport(mock_site().async_handler),
        recorder=recorder,
        hosts=HostLimits(default=HostPace(0.0, 8), sleep=at_once),
        clock=ticking(),
        sleep=at_once,
        dns=dns,
    )


REQUESTS = (
    FetchRequest(url="http://acme.example"),
    FetchRequest(url=HOME + "about"),
    FetchRequest(url=HOME + "gone"),
    FetchRequest(url=HOME + "busy"),
    FetchRequest(url=HOME + "down"),
    FetchRequest(url=HOME + "brochure"),
    FetchRequest(url=HOME + "private"),
    FetchRequest(url=HOME + "circle"),
    FetchRequest(url=HOME + "inwards"),
    FetchRequest(url=HOME + "moved-and-gone"),
    FetchRequest(url="https://api.example/jobs", accept="json", origin="api", json_body={"offset": 0}),
    FetchRequest(url="https://api.example/jobs", accept="json", origin="api", json_body={"offset": 20}),
    FetchRequest(url="https://user:x@acme.example/"),
    FetchRequest(url="nonsense"),
)


def mock_site() -> respx.Router:
    web = respx.Router(assert_all_called=False)
    web.get(url__regex=r".*/robots\.txt$").respond(200, text="User-agent: *\nDisallow: /private")
    web.get("http://acme.example/").respond(301, headers={"Location": HOME})
    web.get(HOME).respond(
        200,
        html="<p>Zürich</p>",
        headers=[
            ("Server", "nginx"),
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("X-Name", "Zürich €".encode()),
        ],
    )
    web.get(HOME + "about").respond(
        200, content=gzip.compress(b"<p>About</p>"), headers={"Content-Encoding": "gzip"}
    )
    web.get(HOME + "gone").respond(404, html="<h1>gone</h1>")
    web.get(HOME + "busy").respond(429, headers={"Retry-After": "0"})
    web.get(HOME + "down").mock(side_effect=httpx.ReadTimeout)
    web.get(HOME + "brochure").respond(200, content=b"%PDF-1.7")
    web.get(HOME + "circle").respond(302, headers={"Location": "/circle"})
    web.get(HOME + "inwards").respond(302, headers={"Location": "http://169.254.169.254/"})
    web.get(HOME + "moved-and-gone").respond(301, headers={"Location": "/gone"})

    def jobs(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"asked": request.content.decode()})

    web.post("https://api.example/jobs").mock(side_effect=jobs)
    return web


async def ask_all(
    fetch: Callable[[FetchRequest], Awaitable[Response | FetchFailure]],
) -> list[Response | FetchFailure]:
    return [await fetch(request) for request in REQUESTS]


@pytest.mark.parametrize("name", ["run.warc.gz", "run.warc"])
async def test_a_recording_replays_every_page_and_every_failure_as_it_was(tmp_path: Path, name: str) -> None:
    with WarcRecorder(tmp_path / name) as recorder:
        async with live(recorder) as fetcher:
            seen = await ask_all(fetcher.fetch)
            questions = [await fetcher.resolve("acme.example", kind) for kind in ("MX", "TXT", "NS", "A")]
    assert sum(isinstance(answer, Response) for answer in seen) == 4
    async with ReplayFetcher(tmp_path / name) as replay:
        assert await ask_all(replay.fetch) == [
            *seen[:-2],
            FetchFailure(
                url=REQUESTS[-2].url, reason="not_in_archive", detail="the archive does not hold this page"
            ),
            seen[-1],
        ]
        assert [await replay.resolve("acme.example", kind) for kind in ("MX", "TXT", "NS", "A")] == questions
        assert replay.archive.warnings == ()
        pages = [answer.fetched_at for answer in seen if isinstance(answer, Response)]
        answers = [answer.fetched_at for answer in questions if isinstance(answer, DnsAnswer)]
        assert replay.now() == max(pages + answers)


async def test_a_recording_opens_in_another_tool(tmp_path: Path) -> None:
    path = tmp_path / "run.warc.gz"
    with WarcRecorder(path) as recorder:
        async with live(recorder) as fetcher:
            await ask_all(fetcher.fetch)
            await fetcher.resolve("acme.example", "MX")
    kinds: dict[str, list[str]] = {}
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            assert record.rec_headers.protocol == "WARC/1.1"
            target = record.rec_headers.get_header("WARC-Target-URI")
            kinds.setdefault(record.rec_type, []).append(target)
            if target == HOME + "about":
                assert record.content_stream().read() == b"<p>About</p>"
                assert record.http_headers.get_header("Content-Encoding") is None
                assert record.http_headers.get_header("Content-Length") == "12"
    assert set(kinds) == {"warcinfo", "response", "request", "resource", "metadata"}
    assert kinds["resource"] == ["dns:acme.example?type=MX"]
    assert kinds["request"] == ["https://api.example/jobs"] * 2
    assert "http://acme.example/" in kinds["response"]


async def test_what_came_from_the_page_cache_is_recorded_too(tmp_path: Path) -> None:
    kept = Response(
        url="http://acme.example",
        final_url=HOME + "en",
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=b"<p>kept</p>",
        fetched_at=START,
        redirects=("http://acme.example/", HOME),
    )
    posted = FetchRequest(url="https://api.example/jobs", accept="json", json_body=[1])
    answer = kept.model_copy(
        update={"url": posted.url, "final_url": posted.url, "redirects": (), "body": b"[]"}
    )
    with WarcRecorder(tmp_path / "run.warc.gz") as recorder:
        recorder.cached(FetchRequest(url="http://acme.example"), kept)
        recorder.cached(posted, answer)
    async with ReplayFetcher(tmp_path / "run.warc.gz") as replay:
        assert await replay.fetch(FetchRequest(url="http://acme.example")) == kept
        assert await replay.fetch(posted) == answer
        other = posted.model_copy(update={"json_body": [2]})
        assert (await replay.fetch(other)).reason == "not_in_archive"  # type: ignore[union-attr]


def exchange(body: bytes, url: str = HOME, status: int = 200, **headers: str) -> Exchange:
    return Exchange(
        method="GET",
        url=url,
        request_body=None,
        status=status,
        headers=tuple(headers.items()),
        fetched_at=START,
        body=body,
    )


header_values = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=30
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=2000),
    value=header_values,
    moment=st.datetimes(
        timezones=st.just(UTC), min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)
    ),
    packed=st.booleans(),
)
def test_any_answer_survives_the_archive(
    tmp_path: Path, body: bytes, value: str, moment: datetime, packed: bool
) -> None:
    path = tmp_path / ("one.warc.gz" if packed else "one.warc")
    path.unlink(missing_ok=True)
    kept = Exchange(
        method="GET",
        url=HOME,
        request_body=None,
        status=200,
        headers=(("X-Value", value),),
        fetched_at=moment,
        body=body,
    )
    with WarcRecorder(path) as recorder:
        recorder.exchange(kept)

    async def replay() -> Response | FetchFailure:
        async with ReplayFetcher(path) as fetcher:
            return await fetcher.fetch(FetchRequest(url=HOME, accept="any"))

    answer = asyncio.run(replay())
    assert isinstance(answer, Response)
    assert (answer.body, answer.headers, answer.fetched_at) == (body, kept.headers, moment)


async def test_a_second_run_appends_and_its_outcome_counts(tmp_path: Path) -> None:
    path = tmp_path / "run.warc.gz"
    for body in (b"first", b"second"):
        with WarcRecorder(path) as recorder:
            recorder.exchange(exchange(body))
    async with ReplayFetcher(path) as replay:
        answer = await replay.fetch(FetchRequest(url=HOME))
    assert isinstance(answer, Response)
    assert answer.body == b"second"


async def test_a_run_killed_in_the_middle_of_a_record_leaves_the_whole_ones(tmp_path: Path) -> None:
    path = tmp_path / "run.warc.gz"
    with WarcRecorder(path) as recorder:
        recorder.exchange(exchange(b"first"))
        whole = path.stat().st_size
        recorder.exchange(exchange(bytes(range(256)) * 40, HOME + "b"))
    for cut in (whole + 1, whole + 40, path.stat().st_size - 1):
        torn = tmp_path / "torn.warc.gz"
        torn.write_bytes(path.read_bytes()[:cut])
        with WarcRecorder(torn) as recorder:
            recorder.exchange(exchange(b"third", HOME + "c"))
        archive = Archive(torn)
        assert list(archive.request_keys()) == [f"GET {HOME}", f"GET {HOME}c"]
        assert len(archive.warnings) >= 1
        async with ReplayFetcher(archive) as replay:
            assert isinstance(await replay.fetch(FetchRequest(url=HOME)), Response)
            assert isinstance(await replay.fetch(FetchRequest(url=HOME + "c")), Response)


def test_an_archive_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveFault, match="cannot write"):
        WarcRecorder(tmp_path)
    recorder = WarcRecorder(tmp_path / "run.warc.gz")
    recorder.close()
    with pytest.raises(ArchiveFault, match="cannot write"):
        recorder.exchange(exchange(b"x"))


@pytest.mark.parametrize("name", ["run.warc", "run.warc.gz"])
def test_a_whole_recording_passes_another_tool_s_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Every kind of record that we write, a rendered page's `conversion` too: all digests are there and hold."""
    path = tmp_path / name
    rendered = "<p>Prêt</p>".encode()
    shown = Response(url=HOME, final_url=HOME, status=200, body=rendered, fetched_at=START)
    silent = FetchFailure(url=HOME + "gone", reason="timeout", detail="no answer")
    kind = (("Content-Type", "text/html"),)
    with WarcRecorder(path) as recorder:
        recorder.exchange(Exchange("POST", "https://api.example/jobs", b'{"q":1}', 200, kind, START, b"{}"))
        recorder.exchange(Exchange("GET", HOME, None, 200, kind, START, b"<div id=app>"))
        recorder.exchange(Exchange("GET", HOME + "empty", None, 204, (), START, b""))
        recorder.rendering(HOME, shown, START)
        recorder.rendering(HOME + "b", silent, START)
        recorder.failure(FetchRequest(url=silent.url), silent, START)
        answer = DnsAnswer(name="acme.example", record_type="MX", answers=("10 mx.",), fetched_at=START)
        recorder.dns("acme.example", "MX", answer, START)
    with pytest.raises(SystemExit) as ended:
        warcio_command(["check", "-v", str(path)])
    said = capsys.readouterr().out
    assert ended.value.code == 0, said
    with path.open("rb") as file:
        found = [(each.rec_type, each.content_stream().read()) for each in ArchiveIterator(file)]
    assert said.count("digest pass") == len(found) == 9
    assert ("conversion", rendered) in found
    assert {each for each, _ in found} == {
        "warcinfo",
        "response",
        "request",
        "resource",
        "metadata",
        "conversion",
    }
