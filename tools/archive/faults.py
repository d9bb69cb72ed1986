"""The one error of this package."""

from __future__ import annotations


class ArchiveFault(ValueError):
    """A file that cannot be read or written as an archive; the message is one line for the user."""
