"""The keys and the contact a user configured for sources that need one."""

from __future__ import annotations

from pydantic import Field

from tools.documents import Frozen


class SourceKeys(Frozen):
    """What the user configured. An empty value means that source is not asked.

    `contact` is the name and e-mail address that SEC EDGAR wants in the User-Agent header. Keys are
    kept out of `repr` so that they reach no log or traceback.
    """

    tavily: str = Field(default="", repr=False)
    brave: str = Field(default="", repr=False)
    people_data_labs: str = Field(default="", repr=False)
    contact: str = ""
    replayed: bool = False
    """Whether an archive stands for the web, so that looking for an answer asks nobody."""

    def in_replay(self) -> SourceKeys:
        """Return keys for a replay: what is not configured is looked for in the archive, and only there."""
        missing = {name: REPLAYED for name in ("tavily", "brave", "contact") if not getattr(self, name)}
        return self.model_copy(update={**missing, "replayed": True})


REPLAYED = "replay"
"""Stands for a key in a replay. An archive without that source's answers means that it was not asked."""
GOOGLE_NEWS = "google-news"
OPT_IN_SOURCES = (GOOGLE_NEWS,)
"""Sources that are asked only when the user names them."""
