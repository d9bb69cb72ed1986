"""Open any WARC: index it once, then read single records when they are asked for.

Reads what other tools write: one gzip member a record, one for the whole file, or none; chunked and
compressed bodies; `revisit` and `resource` records; status lines of HTTP/2; torn tails and damaged middles.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import weakref
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, Literal

from tools.archive.faults import ArchiveFault
from tools.archive.framing import (
    GZIP_MAGIC,
    HEAD_BYTES,
    ManyInOneMember,
    RawRecord,
    Warnings,
    find_head_end,
    read_block,
    scan_records,
)
from tools.archive.messages import HttpHead, parse_http_head, read_body
from tools.archive.records import FIELDS_TYPE, parse_dns, parse_dns_uri, parse_failure
from tools.documents import FetchFailure
from tools.fetching.answers import MAX_BODY, Exchange
from tools.fetching.rendering import rendering_key
from tools.fetching.urls import canonical_json, canonical_url

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_UNPACKED: Final = 2_000_000_000
_RAW_CAP: Final = 4 * MAX_BODY
_PIECE: Final = 65536
_WEB: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one outcome of a request lies in the file, or the failure itself."""

    offset: int
    kind: Literal["response", "resource", "revisit", "failure"]
    url: str
    date: datetime
    status: int = 0
    content_type: str = ""
    digest: str | None = None
    record_id: str | None = None
    refers_to: tuple[str, str] | None = None
    failure: FetchFailure | None = None


@dataclass(frozen=True, slots=True)
class DnsEntry:
    """One archived DNS question: its answers, or why it had none."""

    answers: tuple[str, ...]
    date: datetime
    failure: FetchFailure | None = None


class Archive:
    """An indexed WARC file; several accounts may read one at a time.

    `warnings` names damage that was stepped over; `latest` is the newest date of any answer in it, or
    `None` for an archive without answers. Raises `ArchiveFault` for what is no readable WARC.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._unpacked: IO[bytes] | None = None
        self._warnings = Warnings()
        self._entries: dict[str, list[Entry]] = {}
        self._dns: dict[tuple[str, str], DnsEntry] = {}
        self._by_digest: dict[str, Entry] = {}
        self._by_id: dict[str, tuple[str, Entry]] = {}
        self._posts: dict[str, str] = {}
        self._last_date = EPOCH
        self._seen = 0
        self.latest: datetime | None = None
        self._index()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Damage that was stepped over, one line each."""
        return self._warnings.lines

    def request_keys(self) -> Iterator[str]:
        """Yield the request keys (`GET <url>` …) that have an outcome, in the file's order."""
        yield from self._entries

    def find(self, key: str) -> Entry | None:
        """Return the outcome of a request: the last failure told, else the last page, else the last answer."""
        entries = self._entries.get(key)
        if not entries:
            return None
        if entries[-1].kind == "failure":
            return entries[-1]
        pages = [entry for entry in entries if 200 <= entry.status < 300]
        return (pages or entries)[-1]

    def find_dns(self, name: str, record_type: str) -> DnsEntry | None:
        """Return what one DNS question was answered."""
        return self._dns.get((name, record_type))

    def read(self, entry: Entry, method: str = "GET") -> Exchange | None:
        """Return an archived answer, `None` when its record (or what it refers to) is not whole.

        Raises `BodyTooLarge` and `BodyDamaged` as a live answer's body does.
        """
        with self._open() as file:
            block = read_block(file, entry.offset, _RAW_CAP)
            if entry.kind == "resource":
                head: HttpHead | None = HttpHead(200, (("Content-Type", entry.content_type),), 0)
            else:
                head = parse_http_head(block)
            body_head, payload = head, block[head.size :] if head is not None else b""
            if entry.kind == "revisit":
                original = self._original(entry)
                if original is None:
                    return None
                block = read_block(file, original.offset, _RAW_CAP)
                body_head = parse_http_head(block)
                payload = block[body_head.size :] if body_head is not None else b""
                if head is None or head.status == 304:
                    head = body_head
        if head is None or body_head is None:
            return None
        return Exchange(
            method=method,
            url=entry.url,
            request_body=None,
            status=head.status,
            headers=head.headers,
            fetched_at=entry.date,
            body=read_body(body_head, payload, MAX_BODY),
        )

    def _original(self, revisit: Entry) -> Entry | None:
        """Return the answer whose body a revisit repeats: by digest, by record id, or by URL and date."""
        if revisit.digest is not None and revisit.digest in self._by_digest:
            return self._by_digest[revisit.digest]
        if revisit.record_id is not None and revisit.record_id in self._by_id:
            return self._by_id[revisit.record_id][1]
        url, date = revisit.refers_to or (revisit.url, "")
        others = [entry for entry in self._entries.get(f"GET {url}", ()) if entry.kind == "response"]
        dated = [entry for entry in others if date and entry.date == _parse_date(date, EPOCH)]
        found = dated or others
        return found[-1] if found else None

    def _index(self) -> None:
        with self._open() as file:
            start = file.read(16)
        if not start:
            raise ArchiveFault(f"{self.path} is empty; an archive is a WARC file (.warc or .warc.gz)")
        try:
            self._index_records()
        except ManyInOneMember:
            self._unpack()
            self._forget()
            self._index_records()
        self._link_posts()
        if not self._entries and not self._dns and not self._seen:
            hint = (
                "unpack it first"
                if start.startswith(b"\x28\xb5\x2f\xfd")
                else "give a .warc or .warc.gz file"
            )
            raise ArchiveFault(f"{self.path} is not a WARC archive; {hint}")

    def _index_records(self) -> None:
        self._seen = 0
        with self._open() as file:
            for record in scan_records(file, self._warnings):
                self._seen += 1
                self._index_record(record)

    def _forget(self) -> None:
        self._warnings = Warnings()
        for index in (self._entries, self._dns, self._by_digest, self._by_id, self._posts):
            index.clear()
        self.latest, self._last_date = None, EPOCH

    def _index_record(self, record: RawRecord) -> None:
        headers = record.headers
        kind = headers.get("warc-type", "").lower()
        target = headers.get("warc-target-uri", "").strip("<>")
        date = self._last_date = _parse_date(headers.get("warc-date", ""), self._last_date)
        if target.lower().startswith("dns:"):
            self._index_dns(record, kind, target, date)
        elif target.lower().startswith(_WEB):
            self._index_web(record, kind, target, date)

    def _index_dns(self, record: RawRecord, kind: str, target: str, date: datetime) -> None:
        question = parse_dns_uri(target)
        if question is None:
            return
        if kind in ("resource", "response"):
            self._dns[question] = DnsEntry(parse_dns(record.head, question[1]), date)
            self._saw_answer(date)
        elif kind == "metadata" and (told := parse_failure(record.head, target)) is not None:
            self._dns[question] = DnsEntry((), date, told[1])

    def _index_web(self, record: RawRecord, kind: str, target: str, date: datetime) -> None:
        headers = record.headers
        try:
            url = canonical_url(target)
        except ValueError:
            return
        entry = Entry(
            offset=record.offset,
            kind="response",
            url=url,
            date=date,
            status=200,
            content_type=headers.get("content-type", ""),
            digest=headers.get("warc-payload-digest"),
            record_id=headers.get("warc-record-id"),
        )
        if kind == "response":
            head = parse_http_head(record.head)
            if head is None:
                self._warnings.add(f"at byte {record.offset}: the answer of {url} is not HTTP; skipped")
                return
            entry = replace(entry, status=head.status)
            if entry.digest is not None and head.status == 200:
                self._by_digest.setdefault(entry.digest, entry)
            self._add(f"GET {url}", entry)
        elif kind == "resource":
            self._add(f"GET {url}", replace(entry, kind="resource"))
        elif kind == "conversion" and entry.content_type.startswith("text/html"):
            self._add(rendering_key(url), replace(entry, kind="resource"))
        elif kind == "revisit":
            self._add(f"GET {url}", self._revisit(entry, record))
        elif kind == "metadata" and headers.get("content-type", "").startswith(FIELDS_TYPE):
            told = parse_failure(record.head, url)
            if told is not None:
                self._add(told[0], replace(entry, kind="failure", status=0, failure=told[1]))
        elif kind == "request":
            self._note_post(record)

    def _revisit(self, entry: Entry, record: RawRecord) -> Entry:
        refers_to = record.headers.get("warc-refers-to-target-uri", "").strip("<>")
        if refers_to.lower().startswith(_WEB):
            try:
                refers_to = canonical_url(refers_to)
            except ValueError:
                refers_to = ""
        head = parse_http_head(record.head)
        return replace(
            entry,
            kind="revisit",
            status=head.status if head is not None and head.status != 304 else 200,
            record_id=record.headers.get("warc-refers-to"),
            refers_to=(refers_to, record.headers.get("warc-refers-to-date", "")) if refers_to else None,
        )

    def _add(self, key: str, entry: Entry) -> None:
        self._entries.setdefault(key, []).append(entry)
        if entry.kind in ("response", "resource", "revisit"):
            self._saw_answer(entry.date)
            if entry.kind == "response" and entry.record_id is not None:
                self._by_id[entry.record_id] = (key, entry)

    def _saw_answer(self, date: datetime) -> None:
        self.latest = date if self.latest is None else max(self.latest, date)

    def _note_post(self, record: RawRecord) -> None:
        """Remember which answer a POST's body belongs to; other tools link in either direction."""
        if not record.head.startswith(b"POST ") or record.length > HEAD_BYTES:
            return
        end, width = find_head_end(record.head)
        body = record.head[end + width :] if end >= 0 else b""
        with suppress(ValueError, RecursionError):
            body = canonical_json(json.loads(body))
        answer = record.headers.get("warc-concurrent-to")
        if answer is not None:
            self._posts[answer] = f"sha256:{hashlib.sha256(body).hexdigest()}"

    def _link_posts(self) -> None:
        """Move the answers of POST requests from their URL's own key to the request's."""
        for record_id, body in self._posts.items():
            key, entry = self._by_id.get(record_id, ("", None))
            if entry is None or entry not in self._entries.get(key, ()):
                continue
            self._entries[key].remove(entry)
            if not self._entries[key]:
                del self._entries[key]
            self._entries.setdefault(f"POST {entry.url} {body}", []).append(entry)

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        """Give the file to read: its unpacked copy where there is one."""
        if self._unpacked is not None:
            yield self._unpacked
            return
        try:
            with self.path.open("rb") as file:
                yield file
        except OSError as error:
            raise ArchiveFault(
                f"cannot read the archive {self.path}: {error.strerror}; check the path"
            ) from error

    def _unpack(self) -> None:
        """Unpack a file that was gzipped as one piece, so that its records can be found again."""
        copy = tempfile.TemporaryFile()  # noqa: SIM115  closed with the archive
        weakref.finalize(self, copy.close)
        with self.path.open("rb") as packed:
            size = 0
            for piece in _unpacked(packed):
                size += len(piece)
                if size > _MOST_UNPACKED:
                    raise ArchiveFault(
                        f"{self.path} unpacks to more than {_MOST_UNPACKED // 10**9} GB; split it"
                    )
                copy.write(piece)
        self._unpacked = copy


def _unpacked(packed: IO[bytes]) -> Iterator[bytes]:
    """Yield a gzip file's content in bounded pieces, as far as it is whole."""
    inner = zlib.decompressobj(16 + zlib.MAX_WBITS)
    data = packed.read(_PIECE)
    while data:
        try:
            yield inner.decompress(data, _PIECE)
        except zlib.error:
            return
        if inner.eof:
            data = inner.unused_data or packed.read(_PIECE)
            if data[: len(GZIP_MAGIC)] != GZIP_MAGIC:
                return
            inner = zlib.decompressobj(16 + zlib.MAX_WBITS)
        else:
            data = inner.unconsumed_tail or packed.read(_PIECE)


def _parse_date(text: str, fallback: datetime) -> datetime:
    """Return a WARC-Date; one that is missing or unreadable is as old as the record before it."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return fallback
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
