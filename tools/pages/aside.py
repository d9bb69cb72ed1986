"""Work that would hold the event loop up, done beside it: in a process where a run has some, else in a thread.

A thread that computes shares the interpreter lock with the loop: every time the loop waits for a socket it gets the
lock back a few milliseconds late. One account does not mind; hundreds do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, ParamSpec, Protocol, TypeVar

from tools.documents import FetchFailure

P = ParamSpec("P")
T = TypeVar("T")

PARSER_DIED: Final = "the parsing process died on this page; it was not read"


class Aside(Protocol):
    """Does `work` beside the event loop; work and arguments travel, so they are plain functions and values."""

    async def __call__(
        self, url: str, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T | FetchFailure:
        """Return what the work comes to, or that what lies at `url` took its process down."""
        ...


async def in_thread(url: str, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T | FetchFailure:
    """Do the work in a thread of this process."""
    return await asyncio.to_thread(work, *args, **kwargs)
