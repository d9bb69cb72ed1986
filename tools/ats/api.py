"""What a job board is, what reading one gives, and what an adapter has to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, NamedTuple, TypeVar

from tools.ats.fragment import one_line
from tools.ats.shape import ShapeError
from tools.fetching.api import FetchRequest

T = TypeVar("T")


class Board(NamedTuple):
    """One board as a link or embed names it.

    `token` is the employer's name on the board; `host` the host that serves it where employers have
    their own (Workday, Personio, Teamtailor); `site` the career site within a Workday tenant.
    """

    provider: str
    token: str
    host: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class BoardPosting:
    """One opening in the board's own words.

    `countries` are ISO alpha-2 codes where the board states them; otherwise they are read from
    `locations`. `posted_note` is the board's wording where it gives no date ("Posted 30+ Days Ago").
    `reference` is shown only to tell openings apart that read the same. `description` is visible text. `raw` is this posting alone as the board sent it.
    """

    key: str
    title: str
    url: str
    department: str | None = None
    locations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    remote: bool | None = None
    employment: str | None = None
    posted_on: date | None = None
    posted_note: str | None = None
    description: str = ""
    language: str | None = None
    company: str | None = None
    reference: str | None = None
    raw: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class BoardReading:
    """What one answer of a board says.

    `total` is the board's own count where it gives one, else the openings in this answer.
    `rows` counts the raw rows of the answer (one opening may have several), to ask for the next page.
    `skipped` names what could not be read, by key path. `company` and `website` are the employer as the
    board names it.
    """

    postings: tuple[BoardPosting, ...]
    total: int
    rows: int
    company: str | None = None
    website: str | None = None
    skipped: tuple[str, ...] = ()


class Adapter(ABC):
    """How one kind of board is asked and read. Stateless; `parse` is pure.

    `page_size` is `None` when one answer holds the whole board. Boards that give the description only
    per posting have `detail_request`.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    page_size: ClassVar[int | None] = None

    @abstractmethod
    def request(self, board: Board, offset: int = 0) -> FetchRequest:
        """Build the request for the rows from `offset` on."""

    def other_requests(self, board: Board) -> tuple[FetchRequest, ...]:
        """Build what to ask when the first answer fails: a smaller list, another region's host."""
        return ()

    @abstractmethod
    def parse(self, payload: bytes, board: Board, read_on: date) -> BoardReading:
        """Read one answer, which came on `read_on`. Raises `ShapeError` when nothing in it can be read."""

    def detail_request(self, board: Board, posting: BoardPosting) -> FetchRequest | None:
        """Build the request for one posting's text, or `None` when the list has it."""
        return None

    def with_detail(self, posting: BoardPosting, payload: bytes, board: Board) -> BoardPosting:
        """Return the posting completed from its own answer. Raises `ShapeError`."""
        return posting

    def public_url(self, board: Board) -> str:
        """Return the page a person would open to see the board."""
        return self.request(board).url


def keep_readable(
    rows: Sequence[T], read: Callable[[T], BoardPosting | None]
) -> tuple[list[BoardPosting], list[str]]:
    """Read rows one by one; a bad one is named and left out, but if all are bad the first error is raised.

    `read` returns `None` for a row that is no open, listed opening.
    """
    postings: list[BoardPosting] = []
    skipped: list[str] = []
    first: ShapeError | None = None
    for row in rows:
        try:
            posting = read(row)
        except ShapeError as error:
            first = first or error
            skipped.append(str(error))
            continue
        if posting is not None:
            postings.append(posting)
    if first is not None and not postings and len(skipped) == len(rows):
        raise first
    return postings, skipped


def distinct_lines(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return the values as single lines, each once, in order."""
    return tuple(dict.fromkeys(line for value in values if (line := one_line(value))))


def place(*parts: str | None) -> str | None:
    """Join the parts of an address that are stated, each once: `Leeds, England, United Kingdom`."""
    return ", ".join(distinct_lines(parts)) or None


def merged(postings: Iterable[BoardPosting]) -> tuple[BoardPosting, ...]:
    """Make one posting of the rows of one opening (same key), with all their locations."""
    by_key: dict[str, BoardPosting] = {}
    for posting in postings:
        first = by_key.get(posting.key)
        by_key[posting.key] = posting if first is None else joined(first, posting)
    return tuple(by_key.values())


def joined(first: BoardPosting, second: BoardPosting) -> BoardPosting:
    """Return one opening's rows as one: all its places, its first day; whether it is remote only where they agree."""
    dates = [day for day in (first.posted_on, second.posted_on) if day]
    return replace(
        first,
        locations=tuple(dict.fromkeys(first.locations + second.locations)),
        countries=tuple(dict.fromkeys(first.countries + second.countries)),
        posted_on=min(dates) if dates else None,
        remote=first.remote if first.remote == second.remote else None,
    )
