"""Write what a live fetcher sees to a WARC 1.1 file, one whole record at a time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tools.archive.faults import ArchiveFault
from tools.archive.records import DNS_TYPE, FIELDS_TYPE, RENDERED_TYPE, dns_uri, format_dns, format_failure
from tools.documents import FetchFailure
from tools.fetching.answers import Exchange, page_headers
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response
from tools.fetching.rendering import rendering_key
from tools.fetching.urls import canonical_json, canonical_url, key_of, parse_url

_STANDARD: Final = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_LINE_BREAKS: Final = re.compile(r"[\r\n\x00]+")


class _Head(StatusAndHeaders):  # type: ignore[misc]  # warcio ships no types
    """An HTTP head written as UTF-8: warcio would percent-encode what the server sent as it was."""

    def compute_headers_buffer(self, header_filter: None = None) -> None:
        self.headers_buff = self.to_bytes(header_filter)


class WarcRecorder:
    """Appends to one archive; pass it to a `LiveFetcher` as its `recorder`.

    Each record is written in one piece and flushed, so a killed run leaves every finished record whole.
    Bodies are stored decompressed, under headers that say so. Several accounts may share one recorder in
    one event loop. Raises `ArchiveFault` when the file cannot be written.
    """

    def __init__(self, path: str | Path, *, software: str = "Dossier") -> None:
        self._path = Path(path)
        self._gzip = self._path.suffix == ".gz"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab")
        except OSError as error:
            raise ArchiveFault(
                f"cannot write the archive {self._path}: {error.strerror}; check the path"
            ) from error
        if self._file.tell() == 0:
            self._append_info(software)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was recorded is already in it."""
        self._file.close()

    def exchange(self, exchange: Exchange) -> None:
        """Write one answer as a `response` record, and a POST's `request` record beside it."""
        writer, buffer = self._writer()
        date = _warc_date(exchange.fetched_at)
        headers = [(name, _one_line(value)) for name, value in page_headers(exchange.headers)]
        headers.append(("Content-Length", str(len(exchange.body))))
        response = writer.create_warc_record(
            exchange.url,
            "response",
            payload=BytesIO(exchange.body),
            length=len(exchange.body),
            http_headers=_Head(f"{exchange.status} {_reason(exchange.status)}", headers, "HTTP/1.1"),
            warc_headers_dict={"WARC-Date": date},
        )
        writer.write_record(response)
        if exchange.method == "POST":
            body = exchange.request_body or b""
            response_id = response.rec_headers.get_header("WARC-Record-ID")
            request = writer.create_warc_record(
                exchange.url,
                "request",
                payload=BytesIO(body),
                length=len(body),
                http_headers=_post_head(exchange.url, body),
                warc_headers_dict={"WARC-Date": date, "WARC-Concurrent-To": response_id},
            )
            writer.write_record(request)
        self._append(buffer)

    def failure(self, request: FetchRequest, failure: FetchFailure, at: datetime) -> None:
        """Write how a request ended that gave no page."""
        key = key_of(request)
        self._append_block(
            canonical_url(request.url), "metadata", FIELDS_TYPE, format_failure(key, failure), at
        )

    def cached(self, request: FetchRequest, response: Response) -> None:
        """Write an answer from the page cache as if it had just come, its redirects as 302."""
        hops = [*response.redirects, response.final_url] if request.json_body is None else [request.url]
        for url, target in pairwise(hops):
            self.exchange(_answer(canonical_url(url), 302, (("Location", target),), b"", response.fetched_at))
        last = _answer(
            canonical_url(hops[-1]), response.status, response.headers, response.body, response.fetched_at
        )
        if request.json_body is not None:
            last = replace(last, method="POST", request_body=canonical_json(request.json_body))
        self.exchange(last)

    def rendering(self, url: str, outcome: Response | FetchFailure, at: datetime) -> None:
        """Write a page as its scripts made it as a `conversion` of its answer, or why there is none."""
        if isinstance(outcome, FetchFailure):
            told = format_failure(rendering_key(url), outcome)
            self._append_block(canonical_url(url), "metadata", FIELDS_TYPE, told, at)
            return
        self._append_block(canonical_url(url), "conversion", RENDERED_TYPE, outcome.body, outcome.fetched_at)

    def dns(self, name: str, record_type: RecordType, answer: DnsAnswer | FetchFailure, at: datetime) -> None:
        """Write one DNS question: its answers, or why there are none."""
        uri = dns_uri(name, record_type)
        if isinstance(answer, FetchFailure):
            self._append_block(uri, "metadata", FIELDS_TYPE, format_failure(f"DNS {uri}", answer), at)
            return
        body = format_dns(name, record_type, answer.answers, answer.fetched_at)
        self._append_block(uri, "resource", DNS_TYPE, body, answer.fetched_at)

    def _append_info(self, software: str) -> None:
        writer, buffer = self._writer()
        facts = {"software": software, "format": "WARC File Format 1.1", "conformsTo": _STANDARD}
        writer.write_record(writer.create_warcinfo_record(self._path.name, facts))
        self._append(buffer)

    def _append_block(self, uri: str, kind: str, content_type: str, block: bytes, at: datetime) -> None:
        """Append one record that holds no HTTP message."""
        writer, buffer = self._writer()
        record = writer.create_warc_record(
            uri,
            kind,
            payload=BytesIO(block),
            length=len(block),
            warc_content_type=content_type,
            warc_headers_dict={"WARC-Date": _warc_date(at)},
        )
        writer.write_record(record)
        self._append(buffer)

    def _writer(self) -> tuple[Any, BytesIO]:  # Any: warcio ships no types
        buffer = BytesIO()
        return WARCWriter(buffer, gzip=self._gzip, warc_version="1.1"), buffer

    def _append(self, buffer: BytesIO) -> None:
        try:
            self._file.write(buffer.getvalue())
            self._file.flush()
        except (OSError, ValueError) as error:
            raise ArchiveFault(
                f"cannot write the archive {self._path}: {error}; is the disk full?"
            ) from error


def _answer(
    url: str, status: int, headers: tuple[tuple[str, str], ...], body: bytes, at: datetime
) -> Exchange:
    return Exchange(
        method="GET", url=url, request_body=None, status=status, headers=headers, fetched_at=at, body=body
    )


def _post_head(url: str, body: bytes) -> StatusAndHeaders:
    parsed = parse_url(url)
    headers = [
        ("Host", parsed.netloc.decode("ascii")),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
    ]
    return StatusAndHeaders(f"POST {parsed.raw_path.decode('ascii')} HTTP/1.1", headers, is_http_request=True)


def _warc_date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _one_line(value: str) -> str:
    return _LINE_BREAKS.sub(" ", value)
