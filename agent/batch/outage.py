"""Tell a dead domain from a dead network: many accounts in a row that could not even be looked up."""

from __future__ import annotations

from agent.models import AccountReport, FetchFailure

_SUSPECT = 8.0
_CONNECTION_WEIGHT = 0.4
_LASTING = ("check the spelling", "does not exist", "is not a host name")


def unreached(report: AccountReport) -> bool:
    """Tell whether nothing was read because nobody could be reached just now; a later try may do better.

    A name that does not exist, a refusal and a robots.txt that says no are answers.
    """
    return _weight(report) > 0 and all(document.kind == "imported" for document in report.documents)


def _weight(report: AccountReport) -> float:
    if any(_lasting(failure) for failure in report.failures):
        return 0.0
    reasons = {failure.reason for failure in report.failures}
    if "dns" in reasons:
        return 1.0
    return _CONNECTION_WEIGHT if "timeout" in reasons else 0.0


def _lasting(failure: FetchFailure) -> bool:
    return failure.reason == "dns" and any(word in failure.detail for word in _LASTING)


class OutageWatch:
    """Counts accounts that could not be reached since the last one that could.

    Of a list shorter than the count that makes one suspicious, all accounts must be.
    """

    def __init__(self, accounts: int = 1_000_000) -> None:
        self._suspect = min(_SUSPECT, float(max(1, accounts)))
        self._streak = 0.0
        self.seen = False
        """Whether an outage was suspected at any time of this session."""

    @property
    def suspected(self) -> bool:
        """Tell whether the network seems to be gone."""
        return self._streak >= self._suspect

    def note(self, report: AccountReport) -> None:
        """Take an account's end into account."""
        self._streak = self._streak + _weight(report) if unreached(report) else 0.0
        self.seen = self.seen or self.suspected
