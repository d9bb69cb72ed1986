"""How Dossier writes what WARC has no record of its own for: DNS questions and requests without an answer.

- A DNS question is a `resource` record `dns:<name>?type=<TYPE>` (RFC 4501) of type `text/dns`: the date,
  then one presentation-format line an answer.
- A request that ended without a page is a `metadata` record of its URL, in `application/warc-fields`.
- A page as its scripts made it is a `conversion` record of its URL, as HTML in UTF-8.
- A POST is a `request` record with its body, concurrent to its `response`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final, get_args

from pydantic import ValidationError

from tools.documents import FetchFailure
from tools.fetching.api import RecordType

FIELDS_TYPE: Final = "application/warc-fields"
DNS_TYPE: Final = "text/dns"
RENDERED_TYPE: Final = "text/html; charset=utf-8"
_RECORD_TYPES: Final = frozenset(get_args(RecordType))
_OUTCOME: Final = "fetch-outcome: failure"


def format_failure(key: str, failure: FetchFailure) -> bytes:
    """Return the fields of a failure's metadata record; `key` is its request key."""
    told = failure.model_dump_json(exclude={"url"})
    return f"{_OUTCOME}\r\nrequest: {json.dumps(key)}\r\nfailure: {told}\r\n".encode()


def parse_failure(fields: bytes, url: str) -> tuple[str, FetchFailure] | None:
    """Return the request key and the failure of a metadata record, `None` when it is not one of ours."""
    lines = fields.decode("utf-8", "replace").split("\r\n")
    if not lines or lines[0].strip() != _OUTCOME:
        return None
    values = dict(line.partition(": ")[::2] for line in lines[1:])
    try:
        key = json.loads(values.get("request", ""))
        failure = FetchFailure.model_validate({**json.loads(values.get("failure", "")), "url": url})
    except (ValueError, TypeError, ValidationError, RecursionError):
        return None
    return (key, failure) if isinstance(key, str) else None


def dns_uri(name: str, record_type: RecordType) -> str:
    """Return the `dns:` URI of a question; without a type it means A."""
    return f"dns:{name}?type={record_type}"


def parse_dns_uri(uri: str) -> tuple[str, str] | None:
    """Return the name and the record type of a `dns:` URI, `None` when we never ask such a question."""
    rest = uri[4:] if uri.lower().startswith("dns:") else ""
    rest = rest.rpartition("/")[2] if rest.startswith("//") else rest
    name, _, query = rest.partition("?")
    record_type = "A"
    for part in query.replace("&", ";").split(";"):
        field, _, value = part.partition("=")
        if field.lower() == "type":
            record_type = value.upper()
    if not name or record_type not in _RECORD_TYPES:
        return None
    return name.rstrip(".").lower(), record_type


def format_dns(name: str, record_type: RecordType, answers: tuple[str, ...], at: datetime) -> bytes:
    """Return the body of a `text/dns` record."""
    lines = [at.astimezone(UTC).strftime("%Y%m%d%H%M%S")]
    lines += [f"{name}.\t0\tIN\t{record_type}\t{answer}" for answer in answers]
    return ("\n".join(lines) + "\n").encode()


def parse_dns(body: bytes, record_type: str) -> tuple[str, ...]:
    """Return the answers of one type in a `text/dns` record, sorted; other tools leave spaces between fields."""
    answers = []
    for line in body.decode("utf-8", "replace").split("\n"):
        fields = line.split(None, 4)
        if len(fields) == 5 and fields[2].upper() == "IN" and fields[3].upper() == record_type:
            answers.append(fields[4].strip())
    return tuple(sorted(answers))
