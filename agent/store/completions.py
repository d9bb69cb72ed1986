"""Completions kept in the store, so that neither a crash nor a second run pays twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from agent.llm.api import Completion
from agent.store.store import Store


class StoredCompletions:
    """The store as an `agent.llm.api.CompletionCache`."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def load(self, key: str) -> Completion | None:
        """Return the completion kept under a request's key."""
        entry = self._store.load_completion(key)
        return Completion.model_validate_json(entry) if entry is not None else None

    def save(self, key: str, completion: Completion) -> None:
        """Keep a completion under its request's key."""
        self._store.save_completion(key, completion.model_dump_json(), now=self._clock())
