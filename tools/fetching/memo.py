"""Do a piece of work once, however many ask for it at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Results by key for the length of one account's run; a caller's cancellation does not hurt others."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[T]] = {}

    def get(self, key: str, make: Callable[[], Coroutine[Any, Any, T]]) -> Awaitable[T]:
        """Return the result kept under `key`, making it on first use."""
        task = self._tasks.get(key)
        if task is None or task.cancelled():
            task = self._tasks[key] = asyncio.ensure_future(make())
        return asyncio.shield(task)

    def forget(self) -> None:
        """Let go of what is finished; asked again, it is made anew."""
        self._tasks = {key: task for key, task in self._tasks.items() if not task.done()}

    async def close(self) -> None:
        """Cancel what is still under way and forget everything."""
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
