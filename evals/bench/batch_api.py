"""A fake of the Batch API: files and batches in memory, answers made by whoever owns it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Fault = Literal["none", "expires", "items_fail", "queue_full", "refuses", "unheard"]
Answer = tuple[int, bytes]
_DONE = ("completed", "expired", "cancelled", "failed")


@dataclass
class FakeBatch:
    """One batch: its input, when it is done, and what became of it."""

    id: str
    lines: list[dict[str, Any]]  # Any: JSON of requests
    file: str
    metadata: dict[str, str]
    made_at: float
    status: str = "in_progress"
    errors: list[dict[str, str]] = field(default_factory=list)
    output: str | None = None
    failed: str | None = None


class FakeBatchAPI:
    """Answers `/files` and `/batches`. A batch is done `seconds` after it was made; `fault` goes wrong once.

    `expires` and `items_fail` spoil every second item, `queue_full` and `refuses` the whole batch, `unheard`
    makes the batch and answers 500.
    """

    def __init__(self, answer: Callable[[dict[str, Any]], Answer], *, seconds: float, fault: Fault) -> None:
        self._answer, self._seconds, self._fault = answer, seconds, fault
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, FakeBatch] = {}
        self.sent: list[str] = []
        """The `custom_id` of every request that was put into a batch which began."""

    def handle(self, method: str, path: str, body: bytes) -> Answer:
        """Answer one request; `path` begins after the version, such as `/batches/batch_1`."""
        path = path.split("?")[0]
        if (method, path) == ("POST", "/files"):
            return self._upload(body)
        if (method, path) == ("POST", "/batches"):
            return self._create(json.loads(body))
        if (method, path) == ("GET", "/batches"):
            found = [self._public(each) for each in reversed(self.batches.values())]
            return 200, _json({"object": "list", "data": found, "has_more": False})
        if match := re.fullmatch(r"/batches/(\w+)(/cancel)?", path):
            return self._one(match[1], cancel=match[2] is not None)
        if (match := re.fullmatch(r"/files/(\w+)/content", path)) and match[1] in self.files:
            return 200, self.files[match[1]]
        return 404, _json({"error": {"message": "no such thing"}})

    def _upload(self, body: bytes) -> Answer:
        # A multipart body: the file's part is the one with a file name.
        boundary = body.split(b"\r\n", 1)[0]
        part = next(each for each in body.split(boundary) if b'filename="' in each)
        name = f"file_{len(self.files)}"
        self.files[name] = part.split(b"\r\n\r\n", 1)[1].rstrip(b"\r\n")
        return 200, _json({"id": name, "object": "file", "bytes": 1, "created_at": 1, "filename": "x.jsonl",
                           "purpose": "batch", "status": "processed"})  # fmt: skip

    def _create(self, asked: dict[str, Any]) -> Answer:  # Any: JSON
        lines = [json.loads(each) for each in self.files[asked["input_file_id"]].splitlines()]
        name = f"batch_{len(self.batches)}"
        batch = FakeBatch(name, lines, asked["input_file_id"], asked.get("metadata") or {}, time.monotonic())
        self.batches[name] = batch
        if self._fault in ("queue_full", "refuses"):
            code = "token_limit_exceeded" if self._fault == "queue_full" else "model_not_found"
            batch.status, batch.errors = "failed", [{"code": code, "message": "the fake says no"}]
            self._fault = "none"
            return 200, _json(self._public(batch))
        self.sent += [line["custom_id"] for line in lines]
        if self._fault == "unheard":
            self._fault = "none"
            return 500, _json({"error": {"message": "made, but not said"}})
        return 200, _json(self._public(batch))

    def _one(self, name: str, *, cancel: bool) -> Answer:
        batch = self.batches.get(name)
        if batch is None:
            return 404, _json({"error": {"message": f"no batch {name}"}})
        if cancel and batch.status not in _DONE:
            batch.status, batch.output = "cancelled", None
        elif batch.status not in _DONE and time.monotonic() >= batch.made_at + self._seconds:
            self._finish(batch)
        return 200, _json(self._public(batch))

    def _finish(self, batch: FakeBatch) -> None:
        answered, failed = [], []
        for number, line in enumerate(batch.lines):
            item = {"id": f"item_{number}", "custom_id": line["custom_id"], "response": None, "error": None}
            if self._fault == "expires" and number % 2:
                failed.append({**item, "error": {"code": "batch_expired", "message": "not in time"}})
            elif self._fault == "items_fail" and number % 2:
                body = {"error": {"message": "the server had an error"}}
                failed.append({**item, "response": {"status_code": 500, "request_id": "r", "body": body}})
            else:
                status, content = self._answer(line["body"])
                response = {"status_code": status, "request_id": "r", "body": json.loads(content)}
                answered.append({**item, "response": response})
        batch.status = "expired" if self._fault == "expires" else "completed"
        self._fault = "none"
        batch.output = self._keep(answered)
        batch.failed = self._keep(failed)

    def _keep(self, items: list[dict[str, Any]]) -> str | None:  # Any: JSON
        if not items:
            return None
        name = f"file_{len(self.files)}"
        self.files[name] = b"\n".join(_json(each) for each in items)
        return name

    def _public(self, batch: FakeBatch) -> dict[str, Any]:  # Any: JSON
        done = len(batch.lines) if batch.status in _DONE else 0
        return {
            "id": batch.id, "object": "batch", "endpoint": "/v1/chat/completions", "completion_window": "24h",
            "created_at": 1, "input_file_id": batch.file, "status": batch.status, "metadata": batch.metadata,
            "errors": {"object": "list", "data": batch.errors} if batch.errors else None,
            "output_file_id": batch.output, "error_file_id": batch.failed,
            "request_counts": {"total": len(batch.lines), "completed": done, "failed": 0},
        }  # fmt: skip


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
