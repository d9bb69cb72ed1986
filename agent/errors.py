"""The errors a caller can meet. What the network does is never one of them: that is a `FetchFailure`.

    DossierError                 base: printed as one line, exit 1
    ├── UsageError               the caller's mistake: exit 2
    │   ├── InputError           a domain, file or option that makes no sense
    │   └── ICPError             a profile that cannot be used; says file, line, key, what is allowed
    ├── ArchiveError             a WARC or a recording that cannot be read or written
    ├── StoreError               the data folder cannot be used
    ├── LLMError                 the model endpoint cannot be used at all (configuration, not one answer)
    │   └── RecordingMiss        a replay asked for a completion that was never recorded
    └── VerificationError        a report whose quotes, hashes or receipt do not hold

A bug is none of these and is left to crash.
"""

from __future__ import annotations


class DossierError(Exception):
    """Base of all errors shown to a user as one line."""

    exit_code = 1


class UsageError(DossierError):
    """The caller's mistake."""

    exit_code = 2


class InputError(UsageError):
    """A domain, file or option that makes no sense."""


class ICPError(UsageError):
    """A profile that cannot be used."""


class ArchiveError(DossierError):
    """A WARC or a recording that cannot be read or written."""


class StoreError(DossierError):
    """The data folder cannot be used."""


class LLMError(DossierError):
    """The model endpoint cannot be used at all."""


class RecordingMiss(LLMError):
    """A replay asked for a completion that was never recorded."""


class VerificationError(DossierError):
    """A report whose quotes, hashes or receipt do not hold."""
