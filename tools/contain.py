"""Keep one source's bug to that source: what breaks becomes a failure, logged with its traceback."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import TypeVar

from tools.documents import FetchFailure

logger = logging.getLogger(__name__)
T = TypeVar("T")


async def contained(work: Awaitable[T], *, stage: str, url: str) -> T | FetchFailure:
    """Return what `work` comes to, or a `FetchFailure(parse)` for `url` when it raises.

    For the seams between sources only: what the network or a page does is a value already, so whatever is
    raised here is a mistake of ours, and the other sources' results must not depend on it.
    """
    try:
        return await work
    except Exception as error:
        logger.exception("stage=%s", stage)
        return FetchFailure(url=url, reason="parse", detail=broken(stage, error))


def broken(stage: str, error: Exception) -> str:
    """Return the one line that says where dossier itself failed."""
    return f"{stage}: reading it failed inside dossier ({type(error).__name__}: {error})"[:300]
