"""A register that answers from a few routes, and JSON of any shape under the names a register uses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from tools.documents import FetchFailure
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response

ASKED_AT = datetime(2026, 5, 1, tzinfo=UTC)


def json_about(names: str) -> st.SearchStrategy[Any]:
    """Return JSON of any shape whose keys are of these names."""
    keys = st.sampled_from(names.split())
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
        max_leaves=30,
    )


class Fetcher:
    """Answers from (substring of the URL, answer) pairs; everything else is a 404."""

    def __init__(self, *routes: tuple[str, Any]) -> None:
        self.routes: Sequence[tuple[str, Any]] = routes
        self.asked: list[FetchRequest] = []

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        self.asked.append(request)
        for part, answer in self.routes:
            if part in request.url:
                if isinstance(answer, FetchFailure):
                    return answer
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                return Response(
                    url=request.url, final_url=request.url, status=200, body=body, fetched_at=ASKED_AT
                )
        return FetchFailure(url=request.url, reason="http_status", status=404)

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        return FetchFailure(url=name, reason="not_in_archive")

    def now(self) -> datetime:
        return ASKED_AT
