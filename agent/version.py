"""Which code wrote a report."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def code_version() -> str:
    """Return the installed distribution's version, or say that the code runs uninstalled."""
    try:
        return version("account-dossier")
    except PackageNotFoundError:
        return "0+uninstalled"
