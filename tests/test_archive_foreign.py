"""Archives written by other tools, and files that are none."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from base64 import b32encode
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tools.archive import Archive, ArchiveFault, ReplayFetcher
from tools.documents import FetchFailure
from tools.fetching.api import DnsAnswer, FetchRequest, Response

HOME = "https://acme.example/"
PAGE = b"<html><p>Acme moves freight across Europe.</p></html>"
WHEN = "2025-11-05T10:20:30Z"


def record(
    kind: str, uri: str, block: bytes, *headers: str, version: str = "1.0", date: str | None = WHEN
) -> bytes:
    lines = [f"WARC/{version}", f"WARC-Type: {kind}", f"WARC-Target-URI: {uri}", *headers]
    if date is not None:
        lines.append(f"WARC-Date: {date}")
    lines.append(f"Content-Length: {len(block)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def response(body: bytes = PAGE, uri: str = HOME, head: str = "HTTP/1.1 200 OK", *headers: str) -> bytes:
    message = "\r\n".join([head, *headers]).encode() + b"\r\n\r\n" + body
    return record("response", uri, message, "Content-Type: application/http; msgtype=response")


def save(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def digest(body: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(body).digest()).decode()


async def replayed(path: Path, url: str = HOME, **more: object) -> Response | FetchFailure:
    async with ReplayFetcher(path) as replay:
        return await replay.fetch(FetchRequest(url=url, **more))  # type: ignore[arg-type]


async def body_of(path: Path, url: str = HOME) -> bytes:
    answer = await replayed(path, url)
    assert isinstance(answer, Response), answer
    return answer.body


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    return tmp_path / "foreign.warc.gz"


@pytest.mark.parametrize("packing", ["plain", "member a record", "one member", "two records a member"])
async def test_every_way_of_packing_opens(warc: Path, packing: str) -> None:
    records = [record("warcinfo", "", b"software: x\r\n")]
    records += [response(PAGE + bytes([65 + n]) * 70_000, f"{HOME}{n}") for n in range(4)]
    packed = {
        "plain": b"".join(records),
        "member a record": b"".join(map(gzip.compress, records)),
        "one member": gzip.compress(b"".join(records)),
        "two records a member": gzip.compress(records[0])
        + gzip.compress(records[1] + records[2])
        + gzip.compress(records[3] + records[4]),
    }[packing]
    save(warc, packed)
    archive = Archive(warc)
    assert list(archive.request_keys()) == [f"GET {HOME}{n}" for n in range(4)]
    assert archive.warnings == ()
    async with ReplayFetcher(archive) as replay:
        for n in (3, 0, 2, 1):
            answer = await replay.fetch(FetchRequest(url=f"{HOME}{n}"))
            assert isinstance(answer, Response)
            assert answer.body == PAGE + bytes([65 + n]) * 70_000


@pytest.mark.parametrize(
    "head",
    [
        "HTTP/1.1 200 OK",
        "HTTP/2 200",
        "HTTP/2 200 ",
        "HTTP/1.1 200",
        "HTTP/2.0 200 OK",
        "HTTP/3 200",
        "200 OK",
    ],
)
async def test_every_status_line_is_understood(warc: Path, head: str) -> None:
    save(warc, gzip.compress(response(PAGE, HOME, head, "content-type: text/html")))
    assert await body_of(warc) == PAGE


async def test_an_answer_without_headers_and_one_after_an_interim_answer_are_read(warc: Path) -> None:
    bare = record("response", HOME, b"HTTP/1.1 200 OK\r\n\r\n" + PAGE)
    interim = record(
        "response",
        HOME + "b",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\nX: 1\n\n" + PAGE,
        version="1.1",
    )
    save(warc, bare + interim)
    assert await body_of(warc) == PAGE
    assert await body_of(warc, HOME + "b") == PAGE


def chunked(body: bytes, size: int = 7) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("transfer", ["chunked", "chunked but stored joined", "length"])
@pytest.mark.parametrize(
    "encoding", ["gzip", "deflate", "raw deflate", "br", "zstd", "identity", "stale", "none"]
)
async def test_every_body_encoding_is_undone(warc: Path, encoding: str, transfer: str) -> None:
    packed = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "raw deflate": lambda body: zlib.compress(body, wbits=-15),
        "br": brotli.compress,
        "zstd": zstandard.ZstdCompressor().compress,
    }.get(encoding, bytes)(PAGE)
    name = {"raw deflate": "deflate", "stale": "br"}.get(encoding, encoding)
    headers = ["Content-Type: text/html"]
    if encoding != "none":
        headers.append(f"Content-Encoding: {name}")
    headers.append("Content-Length: 3" if transfer == "length" else "Transfer-Encoding: chunked")
    body = chunked(packed) if transfer == "chunked" else packed
    save(warc, gzip.compress(response(body, HOME, "HTTP/1.1 200 OK", *headers)))
    assert await body_of(warc) == PAGE


@pytest.mark.parametrize("how", ["digest", "id", "uri and date", "own uri, not modified"])
async def test_a_revisit_gives_the_body_it_refers_to(warc: Path, how: str) -> None:
    first = record(
        "response",
        HOME + "old",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nX-Old: 1\r\n\r\n"
        + chunked(PAGE),
        f"WARC-Payload-Digest: {digest(PAGE)}",
        "WARC-Record-ID: <urn:uuid:1>",
    )
    profile = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    links = {
        "digest": [f"WARC-Payload-Digest: {digest(PAGE)}", profile],
        "id": ["WARC-Refers-To: <urn:uuid:1>"],
        "uri and date": [
            f"WARC-Refers-To-Target-URI: {HOME}old",
            f"WARC-Refers-To-Date: {WHEN}",
            profile.replace("1.0", "1.1"),
        ],
        "own uri, not modified": [
            "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/server-not-modified"
        ],
    }[how]
    not_modified = how == "own uri, not modified"
    url = HOME + "old" if not_modified else HOME
    head = b"HTTP/1.1 304 Not Modified\r\n\r\n" if not_modified else b"HTTP/1.1 200 OK\r\nX-New: 1\r\n\r\n"
    save(warc, first + record("revisit", url, head, *links, date="2025-12-01T00:00:00Z"))
    answer = await replayed(warc, url)
    assert isinstance(answer, Response)
    assert answer.body == PAGE
    assert answer.status == 200
    assert answer.header("x-old" if not_modified else "x-new") == "1"
    assert answer.fetched_at == datetime(2025, 12, 1, tzinfo=UTC)


async def test_a_revisit_of_nothing_is_a_named_failure(warc: Path) -> None:
    save(warc, record("revisit", HOME, b"", "WARC-Payload-Digest: sha1:AAAA"))
    answer = await replayed(warc)
    assert isinstance(answer, FetchFailure)
    assert answer.reason == "parse"


async def test_what_another_library_writes_replays(warc: Path) -> None:
    with warc.open("wb") as file:
        packed = brotli.compress(PAGE)
        writer = WARCWriter(file, gzip=True, warc_version="1.0")
        head = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "br")], "HTTP/1.1"
        )
        original = writer.create_warc_record(
            HOME, "response", payload=BytesIO(packed), length=len(packed), http_headers=head
        )
        writer.write_record(original)
        writer.write_record(
            writer.create_revisit_record(
                HOME + "again",
                original.rec_headers.get_header("WARC-Payload-Digest"),
                HOME,
                original.rec_headers.get_header("WARC-Date"),
                http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1"),
            )
        )
        writer.write_record(
            writer.create_warc_record(
                HOME + "llms.txt",
                "resource",
                payload=BytesIO(b"# Acme"),
                length=6,
                warc_content_type="text/plain",
            )
        )
    assert await body_of(warc) == PAGE
    assert await body_of(warc, HOME + "again") == PAGE
    answer = await replayed(warc, HOME + "llms.txt", accept="text")
    assert isinstance(answer, Response)
    assert (answer.body, answer.header("content-type")) == (b"# Acme", "text/plain")


async def test_dns_records_of_other_crawlers_are_answers(warc: Path) -> None:
    text = b"20251105102030\nacme.example.\t300 IN\tA\t93.184.216.34\nacme.example. 300 IN A 93.184.216.35\n"
    save(warc, gzip.compress(record("response", "dns:acme.example", text, "Content-Type: text/dns")))
    async with ReplayFetcher(warc) as replay:
        answer = await replay.resolve("ACME.example.", "A")
        missing = await replay.resolve("acme.example", "MX")
    assert isinstance(answer, DnsAnswer)
    assert answer.answers == ("93.184.216.34", "93.184.216.35")
    assert isinstance(missing, FetchFailure)
    assert missing.reason == "not_in_archive"


async def test_a_post_is_found_by_its_body_when_the_request_was_archived(warc: Path) -> None:
    url = "https://api.example/jobs"
    parts = []
    for number, body in enumerate((b'{"offset": 0, "limit": 20}', b'{"limit":20,"offset":20}')):
        parts.append(
            record(
                "response",
                url,
                b"HTTP/1.1 200 OK\r\n\r\n[%d]" % number,
                f"WARC-Record-ID: <urn:uuid:{number}>",
            )
        )
        parts.append(
            record(
                "request",
                url,
                b"POST /jobs HTTP/1.1\r\nContent-Type: application/json\r\n\r\n" + body,
                f"WARC-Concurrent-To: <urn:uuid:{number}>",
            )
        )
    save(warc, b"".join(map(gzip.compress, parts)))
    for number in (0, 1):
        answer = await replayed(warc, url, accept="json", json_body={"limit": 20, "offset": 20 * number})
        assert isinstance(answer, Response)
        assert answer.body == b"[%d]" % number
    assert isinstance(await replayed(warc, url, accept="json"), FetchFailure)


@pytest.mark.parametrize(
    ("asked", "final"),
    [
        ("http://www.acme.example/about", "https://www.acme.example/about/"),
        ("https://acme.example/about/", "https://www.acme.example/about/"),
        ("https://www.acme.example/about/?x=1", None),
        ("https://shop.acme.example/about/", None),
    ],
)
async def test_a_page_is_found_under_a_near_spelling_of_its_url(
    warc: Path, asked: str, final: str | None
) -> None:
    save(warc, response(PAGE, "https://www.acme.example/about/"))
    answer = await replayed(warc, asked)
    if final is None:
        assert isinstance(answer, FetchFailure)
        assert answer.reason == "not_in_archive"
    else:
        assert isinstance(answer, Response)
        assert (answer.url, answer.final_url) == (asked, final)


async def test_the_exact_url_goes_before_a_near_one(warc: Path) -> None:
    save(warc, response(b"<p>slash", HOME + "a/") + response(b"<p>none", HOME + "a"))
    assert await body_of(warc, HOME + "a") == b"<p>none"
    assert await body_of(warc, HOME + "a/") == b"<p>slash"


async def test_archived_redirects_are_followed_and_may_lead_out_of_the_archive(warc: Path) -> None:
    def redirect(url: str, target: str) -> bytes:
        return response(b"", url, "HTTP/1.1 301 Moved", f"Location: {target}")

    save(
        warc,
        redirect("http://acme.example/", HOME)
        + redirect(HOME, "/en")
        + response(PAGE, HOME + "en")
        + redirect(HOME + "out", "https://elsewhere.example/")
        + redirect(HOME + "x", "/y")
        + redirect(HOME + "y", "/x")
        + redirect("http://only.example/", "https://only.example/")
        + redirect(HOME + "odd", "javascript:void(0)"),
    )
    answer = await replayed(warc, "http://acme.example/")
    assert isinstance(answer, Response)
    assert (answer.final_url, answer.redirects) == (HOME + "en", ("http://acme.example/", HOME))
    for url, reason in (
        (HOME + "out", "not_in_archive"),
        (HOME + "x", "redirect_loop"),
        ("http://only.example/", "not_in_archive"),
        (HOME + "odd", "http_status"),
    ):
        failure = await replayed(warc, url)
        assert isinstance(failure, FetchFailure)
        assert (failure.url, failure.reason) == (url, reason)


async def test_the_rules_of_live_hold_in_replay(warc: Path) -> None:
    bomb = gzip.compress(b"<p>freight</p>" * 1_000_000)
    save(
        warc,
        response(b"gone", HOME + "gone", "HTTP/1.1 404 Not Found")
        + response(b"%PDF-1.7", HOME + "pdf", "HTTP/1.1 200 OK", "Content-Type: application/pdf")
        + response(bomb, HOME + "bomb", "HTTP/1.1 200 OK", "Content-Encoding: gzip")
        + response(b"<title>Just a moment...</title>", HOME + "wall", "HTTP/1.1 403 Forbidden")
        + response(b"<p>freight</p>" * 1_000_000, HOME + "large"),
    )
    for path, reason in (
        ("gone", "http_status"),
        ("pdf", "not_text"),
        ("bomb", "too_large"),
        ("large", "too_large"),
    ):
        failure = await replayed(warc, HOME + path)
        assert isinstance(failure, FetchFailure)
        assert failure.reason == reason
    wall = await replayed(warc, HOME + "wall")
    assert isinstance(wall, FetchFailure)
    assert "Cloudflare" in wall.detail


async def test_a_later_good_answer_goes_before_an_earlier_or_later_bad_one(warc: Path) -> None:
    save(
        warc,
        response(b"<p>one")
        + response(b"<p>two")
        + response(b"busy", HOME, "HTTP/1.1 503 Service Unavailable"),
    )
    assert await body_of(warc) == b"<p>two"


@pytest.mark.parametrize("packed", [True, False])
async def test_damage_in_the_middle_is_stepped_over_and_named(warc: Path, packed: bool) -> None:
    records = [response(PAGE + bytes(range(256)) * 9, f"{HOME}{n}") for n in range(3)]
    parts = [gzip.compress(part) for part in records] if packed else records
    broken = bytearray(parts[1])
    broken[20 if packed else 0 : 40] = b"\xff" * 20
    save(warc, parts[0] + bytes(broken) + parts[2])
    archive = Archive(warc)
    assert f"GET {HOME}0" in list(archive.request_keys())
    assert f"GET {HOME}2" in list(archive.request_keys())
    assert f"GET {HOME}1" not in list(archive.request_keys())
    assert len(archive.warnings) == 1
    assert "skipped" in archive.warnings[0]


@pytest.mark.parametrize("packed", [True, False])
async def test_a_torn_tail_leaves_what_is_whole(warc: Path, packed: bool) -> None:
    records = [response(PAGE, f"{HOME}{n}") for n in range(2)]
    whole = b"".join(map(gzip.compress, records)) if packed else b"".join(records)
    save(warc, whole[:-30])
    archive = Archive(warc)
    assert list(archive.request_keys()) == [f"GET {HOME}0"]
    assert "ends in the middle" in archive.warnings[0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello world\n" * 100,
        b"<html>" * 1000,
        gzip.compress(b"hello world\n" * 100, mtime=0),
        b"\x1f\x8b\x08" + bytes(5000),
        b"\x1f\x8b\x08" * 5000,
        b"\x28\xb5\x2f\xfd" + bytes(100),
        b"\n" * 200_000,
        b"WARC/1.0\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"WARC/1.0\r\n" + b"X: y\r\n" * 50_000,
        bytes(300_000),
    ],
)
def test_a_file_that_is_no_archive_is_one_clear_line(warc: Path, content: bytes) -> None:
    save(warc, content)
    with pytest.raises(ArchiveFault) as fault:
        Archive(warc)
    assert "\n" not in str(fault.value)
    assert str(warc) in str(fault.value)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveFault, match="No such file"):
        Archive(tmp_path / "none.warc.gz")
    with pytest.raises(ArchiveFault, match="cannot read"):
        Archive(tmp_path)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_archive_opens_or_is_refused_but_never_breaks(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "fuzzed.warc"
    parts = [response(chunked(PAGE), HOME, "HTTP/1.1 200 OK", "Transfer-Encoding: chunked"), response()]
    raw = bytearray(b"".join(map(gzip.compress, parts)) if data.draw(st.booleans()) else b"".join(parts))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(raw))
    try:
        archive = Archive(path)
    except ArchiveFault:
        return
    for key in archive.request_keys():
        entry = archive.find(key)
        assert entry is not None


async def test_dates_of_every_kind_and_none_are_taken(warc: Path) -> None:
    dates = ["2025-11-05T10:20:30Z", "2025-11-05T10:20:30.123456789Z", "2025-11-05", None, "yesterday"]
    save(
        warc,
        b"".join(
            record("response", f"{HOME}{n}", b"HTTP/1.1 200 OK\r\n\r\n" + PAGE, date=date)
            for n, date in enumerate(dates)
        ),
    )
    found = []
    for number in range(len(dates)):
        answer = await replayed(warc, f"{HOME}{number}")
        assert isinstance(answer, Response)
        found.append(answer.fetched_at)
    second = datetime(2025, 11, 5, 10, 20, 30, tzinfo=UTC)
    day = datetime(2025, 11, 5, tzinfo=UTC)
    assert found == [second, second.replace(microsecond=123456), day, day, day]


@pytest.mark.shared
async def test_every_real_archive_gives_its_home_page(shared: Path) -> None:
    archives = sorted((shared / "fixtures/archives").glob("*.warc.gz"))
    assert len(archives) >= 29
    for path in archives:
        domain = path.name.removesuffix(".warc.gz")
        archive = Archive(path)
        assert archive.warnings == ()
        async with ReplayFetcher(archive) as replay:
            answer = await replay.fetch(FetchRequest(url=f"https://{domain}"))
        assert isinstance(answer, Response), (domain, answer)
        assert len(answer.body) > 5_000
