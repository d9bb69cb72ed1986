"""Say why something could not be read, in words for a person who has never seen a status code."""

from __future__ import annotations

from typing import Final

from tools.documents import FailureReason, FetchFailure

REASONS: Final[dict[FailureReason, str]] = {
    "robots": "robots.txt does not allow it",
    "timeout": "no answer in time",
    "dns": "the name does not resolve",
    "tls": "no trusted connection (TLS)",
    "http_status": "the server refused",
    "too_large": "too large to read",
    "not_text": "not readable as text",
    "blocked_address": "its address is not public",
    "redirect_loop": "redirects in a circle",
    "not_in_archive": "not in the archive",
    "budget": "over this run's limits",
    "parse": "its answer could not be understood",
}


def why(failure: FetchFailure) -> str:
    """Return the reason and, where it says more, the failure's own detail, on one line."""
    if failure.reason == "http_status":
        said = failure.detail or REASONS["http_status"]
        return said if failure.status is None or str(failure.status) in said else f"{said} ({failure.status})"
    words = REASONS[failure.reason]
    if failure.reason == "not_in_archive" or not failure.detail:
        return words
    return f"{words} ({failure.detail})"


def unasked(failure: FetchFailure) -> bool:
    """Tell whether nobody was asked at all: an archive that lacks it, or limits that forbid it."""
    return failure.reason in ("not_in_archive", "budget")
