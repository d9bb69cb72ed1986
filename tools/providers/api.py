"""The seam of keyed firmographic providers. Adding one is one file with these members."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tools.documents import Account
from tools.fetching.api import FetchRequest
from tools.registries.lines import FactLine


class ProviderAnswer(NamedTuple):
    """What a provider says of one company: the websites it knows it by, its name, and facts as lines.

    Only an answer whose websites include the account's domain counts.
    """

    websites: tuple[str, ...]
    title: str
    lines: tuple[FactLine, ...]


class FirmographicProvider(Protocol):
    """A paid company database that answers by domain."""

    @property
    def name(self) -> str:
        """The provider's name as evidence shows it (`people-data-labs`)."""
        ...

    @property
    def answers(self) -> frozenset[str]:
        """The attributes it may know; it is not asked when none of them is open."""
        ...

    def request(self, account: Account, key: str) -> FetchRequest:
        """Return the one question to ask."""
        ...

    def parse(self, body: bytes) -> ProviderAnswer | None:
        """Return the answer, or `None` when the body is no answer. Pure and total."""
        ...
