"""A loopback web and a loopback model for batch runs, in a process of their own.

The web has any number of companies, one a host: ten pages, a job board at Greenhouse's address and a feed each,
made from the company's number. The model answers after a jittered wait and keeps count of every request when it is issued, so that a
killed client's repeats cannot hide. Both count politeness: starts and open requests per host.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from evals.bench.batch_api import FakeBatchAPI, Fault

PAGES = ("", "about", "product", "pricing", "customers", "careers", "security", "press", "blog", "contact")
BOARD_HOST = "boards-api.greenhouse.io"
_TITLES = ("Account Executive", "Sales Development Representative", "Warehouse Planner")
_CITIES = (
    "Savannah, Georgia, USA",
    "Columbus, Ohio, USA",
    "Hamburg, Germany",
    "Toronto, Canada",
    "Austin, Texas, USA",
)
_SECTORS = ("freight forwarding", "contract manufacturing", "cold-chain logistics", "industrial packaging")
_TOOLS = ("Salesforce", "HubSpot", "Pipedrive", "Zendesk")


@dataclass(frozen=True)
class WorldSettings:
    """How the world answers; seconds, tokens a minute, kilobytes of text a page."""

    latency: float = 0.05
    model_latency: float = 0.6
    jitter: float = 0.3
    tokens_per_minute: float | None = None
    page_kilobytes: int = 8
    markup_kilobytes: int = 0
    """Scripts and styles around each page's text, as real pages have them."""
    board: bool = True
    """Whether a company's openings stand on a job board, which all of them share, instead of its careers page."""
    pages: int = len(PAGES)
    """How many of its pages a company has."""
    open_prose: bool = False
    """Whether the prose is about what a profile leaves open, so that a model is asked about four times."""
    misfit_every: int = 0
    """Every so many-th company, the first one too, is far too small for any profile."""
    batch_seconds: float = 0.0
    """How long a batch of the fake Batch API takes."""
    batch_fault: Fault = "none"
    cut_off_every: int = 0
    """Of the model's answers that cover more than one sentence, every so many-th is cut off at its length."""
    log: str | None = None
    """A file that gets one line a model request, written when it is issued."""


@dataclass
class Seen:
    """What the world counted since it began."""

    web: int = 0
    model: int = 0
    repeats: int = 0
    refused: int = 0
    batched: int = 0
    """Requests answered in batches; they count as `model` too."""
    batches: int = 0
    tokens: int = 0
    in_flight: int = 0
    most_open_on_a_host: int = 0
    model_began: float = 0.0
    model_ended: float = 0.0
    by_key: Counter[str] = field(default_factory=Counter)
    answered_at: list[float] = field(default_factory=list)
    """When the last hundred answers of the model were sent, by the monotonic clock."""


def host_name(number: int) -> str:
    """Return the domain of one company."""
    return f"company-{number}.example"


def test_hosts(port: int) -> str:
    """Return the setting that leads every company and their job board to the world.

    A table of the names would grow with the list.
    """
    return f"*.example=127.0.0.1:{port},https://{BOARD_HOST}=127.0.0.1:{port}"


test_hosts.__test__ = False  # type: ignore[attr-defined]  # a name pytest would take for a test


def write_list(path: Path, companies: int) -> None:
    """Write a list of the companies as a CRM exports it."""
    lines = ["Company name,Website URL,Owner"]
    lines += [f"Company {n},http://www.{host_name(n)}/,owner {n % 7}" for n in range(companies)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


class World:
    """A running world: its port, and what it saw. Whatever is asked of one that ended is a `RuntimeError`."""

    def __init__(self, process: SpawnProcess, pipe: Connection) -> None:
        self._process, self._pipe = process, pipe
        self.port: int = self._answer()

    @property
    def process_id(self) -> int:
        """The id of its process."""
        return self._process.pid or 0

    @property
    def alive(self) -> bool:
        """Whether it is still there."""
        return self._process.is_alive()

    def seen(self) -> Seen:
        """Return what was counted so far."""
        return self._ask("seen")  # type: ignore[no-any-return]  # what `_answer_pipe` sends

    def model_down(self, down: bool) -> None:
        """Let the model refuse connections' requests with 503, or not any more."""
        self._ask(("down", down))

    def _ask(self, question: object) -> Any:  # Any: what `_answer_pipe` sends
        try:
            self._pipe.send(question)
        except OSError as error:
            raise self._gone() from error
        return self._answer()

    def _answer(self) -> Any:  # Any: as above
        try:
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            raise self._gone() from error

    def _gone(self) -> RuntimeError:
        self._process.join(5)
        return RuntimeError(f"the loopback world ended with exit code {self._process.exitcode}")


@contextmanager
def serving(settings: WorldSettings) -> Iterator[World]:
    """Run a world beside this process."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, settings), daemon=True)
    process.start()
    theirs.close()
    try:
        yield World(process, ours)
    finally:
        process.terminate()
        process.join()
        ours.close()


def _serve(pipe: Connection, settings: WorldSettings) -> None:
    # What is sent to whoever measures (Ctrl-C, the end of a process group) is not for the world: it would be gone
    # while its clients still end. It ends by `terminate`, or when the pipe's other end is closed.
    with contextlib.suppress(AttributeError, OSError):
        os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_Server(settings).run(pipe))


class _Server:
    def __init__(self, settings: WorldSettings) -> None:
        self.settings = settings
        self.seen = Seen()
        self.down = False
        self.random = random.Random(7)
        self._open: Counter[str] = Counter()
        self._tokens_due = 0.0
        self._log = Path(settings.log).open("a", encoding="utf-8") if settings.log else None  # noqa: SIM115
        self._pages: dict[tuple[int, str], bytes] = {}
        self._batches = FakeBatchAPI(
            self._batched, seconds=settings.batch_seconds, fault=settings.batch_fault
        )

    async def run(self, pipe: Connection) -> None:
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, backlog=2048, limit=4_000_000)
        pipe.send(server.sockets[0].getsockname()[1])
        loop = asyncio.get_running_loop()
        loop.add_reader(pipe.fileno(), self._answer_pipe, pipe)
        async with server:
            await server.serve_forever()

    def _answer_pipe(self, pipe: Connection) -> None:
        try:
            asked = pipe.recv()
        except EOFError:
            raise SystemExit(0) from None
        if isinstance(asked, tuple):
            self.down = asked[1]
            pipe.send(True)
        else:
            pipe.send(self.seen)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                line, _, rest = head.decode("latin-1").partition("\r\n")
                method, target, _ = line.split(" ", 2)
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (each.partition(":") for each in rest.split("\r\n") if each)
                }
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                if method == "POST" and target.endswith("/chat/completions"):
                    status, kind, answer, more = await self._model(body)
                elif target.startswith(("/v1/files", "/v1/batches")):
                    code, answer = self._batches.handle(method, target.removeprefix("/v1"), body)
                    self.seen.batches = len(self._batches.batches)
                    status, kind, more = f"{code} Fake", "application/json", ""
                else:
                    status, kind, answer, more = await self._page(headers.get("host", ""), target)
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n{more}\r\n".encode()
                    + answer
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    def _wait(self, seconds: float) -> float:
        return seconds * (1 + self.settings.jitter * (2 * self.random.random() - 1))

    async def _page(self, host: str, target: str) -> tuple[str, str, bytes, str]:
        name = host.split(":")[0].removeprefix("www.")
        self.seen.web += 1
        self._open[name] += 1
        self.seen.most_open_on_a_host = max(self.seen.most_open_on_a_host, self._open[name])
        try:
            await asyncio.sleep(self._wait(self.settings.latency))
        finally:
            self._open[name] -= 1
        path = target.split("?")[0].strip("/")
        number = int(name.removeprefix("company-").split(".")[0]) if name.startswith("company-") else 0
        if name == BOARD_HOST:
            return "200 OK", "application/json", _board(int(path.split("/")[2].removeprefix("company"))), ""
        if path == "feed.xml":
            return "200 OK", "application/rss+xml", _feed(number, name), ""
        if path not in PAGES[: self.settings.pages]:
            return "404 Not Found", "text/plain", b"none", ""
        page = self._pages.get((number, path))
        if page is None:
            page = self._pages[number, path] = _page(number, name, path, self.settings)
            if len(self._pages) > 5_000:
                self._pages.clear()
        return "200 OK", "text/html; charset=utf-8", page, ""

    async def _model(self, body: bytes) -> tuple[str, str, bytes, str]:
        key, words = _measure(json.loads(body))
        seen, settings = self.seen, self.settings
        now = time.monotonic()
        if self.down:
            return "503 Service Unavailable", "application/json", b'{"error": {"message": "down"}}', ""
        if settings.tokens_per_minute:
            rate = settings.tokens_per_minute / 60
            due = max(self._tokens_due, now - 2.0)
            if due > now + 2.0:
                seen.refused += 1
                wait = f"Retry-After: {max(1, round(due - now))}\r\n"
                return "429 Too Many Requests", "application/json", b'{"error": {"message": "rate"}}', wait
            self._tokens_due = due + words / rate
        seen.model_began = seen.model_began or now
        self._count(key, words)
        seen.in_flight += 1
        try:
            await asyncio.sleep(self._wait(settings.model_latency))
        finally:
            seen.in_flight -= 1
        seen.model_ended = time.monotonic()
        seen.answered_at = [*seen.answered_at[-99:], seen.model_ended]
        return "200 OK", "application/json", self._answer(key, words), ""

    def _count(self, key: str, words: int) -> None:
        seen = self.seen
        seen.model += 1
        seen.tokens += words
        seen.repeats += key in seen.by_key
        seen.by_key[key] += 1
        if self._log is not None:
            self._log.write(f"{key}\n")
            self._log.flush()

    def _batched(self, body: dict[str, Any]) -> tuple[int, bytes]:  # Any: JSON of a request
        key, words = _measure(body)
        self._count(key, words)
        self.seen.batched += 1
        return 200, self._answer(key, words)

    def _answer(self, key: str, words: int) -> bytes:
        every = self.settings.cut_off_every
        cut_off = bool(every) and words > 900 and int(key[:8], 16) % every == 0
        content = '{"not_found": [' if cut_off else json.dumps({"not_found": [], "items": [], "answers": []})
        choice = {
            "index": 0,
            "finish_reason": "length" if cut_off else "stop",
            "message": {"role": "assistant", "content": content},
        }
        answer = {
            "id": key[:12],
            "object": "chat.completion",
            "model": "loopback",
            "choices": [choice],
            "usage": {"prompt_tokens": words - 20, "completion_tokens": 20, "total_tokens": words},
        }
        return json.dumps(answer).encode()


def _measure(asked: dict[str, Any]) -> tuple[str, int]:  # Any: JSON of a request
    """Return a key and about how many tokens for a request, however its JSON was written."""
    plain = json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()
    return hashlib.sha256(plain).hexdigest(), len(plain) // 4


def _page(number: int, host: str, path: str, settings: WorldSettings) -> bytes:
    """Build one page: what the company is in a few sentences, and as much prose around it as asked."""
    misfit = bool(settings.misfit_every) and number % settings.misfit_every == 0
    chance = random.Random(f"{number} {path}")
    sector, city = _SECTORS[number % len(_SECTORS)], _CITIES[number % len(_CITIES)]
    people = 4 + number % 9 if misfit else 150 + number * 37 % 900
    facts = {
        "": f"Company {number} is a {sector} company.",
        "about": f"Company {number} was founded in {1990 + number % 30}. We are a team of {people} employees. "
        f"Our head office is in {city}.",
        "product": f"Our platform plans loads and integrates with {_TOOLS[number % 4]}.",
        "security": "Company audits are yearly; we are SOC 2 Type II certified."
        if number % 4
        else "We encrypt data.",
        "careers": _careers(number, settings),
        "customers": "Customers tell us that detention fees are a daily problem." if number % 4 == 0 else "",
    }.get(path, "")
    links = "".join(f'<a href="/{name}">{name or "home"}</a> ' for name in PAGES)
    town = city.split(",")[0]
    talk = (
        f"detention fees in {town} are talked about"
        if settings.open_prose
        else f"employees in {town} hire carriers"
    )
    paragraphs = []
    size = 0
    while size < settings.page_kilobytes * 1000:
        text = (
            f"Note {chance.randrange(10**6)}: our {sector} teams review {chance.choice(('orders', 'lanes', 'claims'))} "
            f"every {chance.choice(('morning', 'week', 'quarter'))}, and {talk} "
            f"when demand for {chance.choice(('pallets', 'reefers', 'containers'))} grows."
        )
        paragraphs.append(f"<p>{text}</p>")
        size += len(text)
    return (
        f"<!doctype html><html lang=en><head><title>Company {number} {path}</title>"
        f'<meta property="og:site_name" content="Company {number}">'
        f'<link rel="alternate" type="application/rss+xml" href="/feed.xml">{_markup(chance, settings)}</head>'
        f"<body><nav>{links}</nav>"
        f"<main><h1>{path or 'Company ' + str(number)}</h1><p>{facts}</p>{''.join(paragraphs)}</main>"
        f"<footer>Company {number} Inc., {city}</footer></body></html>"
    ).encode()


def _careers(number: int, settings: WorldSettings) -> str:
    """Say where a company's openings are, or what they are; every second company has none."""
    if settings.board:
        return f'<a href="https://boards.greenhouse.io/company{number}">See our open positions</a>'
    return (
        f"Open positions: {', '.join(_TITLES)}."
        if number % 2
        else "There are no open positions at the moment."
    )


def _board(number: int) -> bytes:
    """Return a company's board as Greenhouse's API gives it."""
    sector, city = _SECTORS[number % len(_SECTORS)], _CITIES[number % len(_CITIES)]
    jobs = [
        {
            "id": 10 * number + n,
            "title": title,
            "absolute_url": f"https://boards.greenhouse.io/company{number}/jobs/{10 * number + n}",
            "location": {"name": city},
            "first_published": "2026-10-05T10:00:00-04:00",
            "updated_at": "2026-11-01T10:00:00-04:00",
            "departments": [{"name": "Operations" if title.endswith("Planner") else "Sales"}],
            "content": f"&lt;p&gt;As our next {title} you help {sector} customers plan their loads.&lt;/p&gt;",
        }
        for n, title in enumerate(_TITLES)
    ]
    jobs = jobs if number % 2 else []
    return json.dumps({"jobs": jobs, "meta": {"total": len(jobs)}}).encode()


def _markup(chance: random.Random, settings: WorldSettings) -> str:
    rules = []
    for _ in range(settings.markup_kilobytes * 10):
        name, width = chance.choice(("card", "hero", "grid", "menu", "foot")), chance.randrange(2_000)
        rules.append(
            f".{name}-{width}{{display:flex;padding:{width % 40}px;color:#{chance.randrange(4096):03x};margin:0 auto}}"
        )
    return f"<style>{''.join(rules)}</style>" if rules else ""


def _feed(number: int, host: str) -> bytes:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Company {number}</title>'
        f"<item><title>Company {number} opens a new hub</title><link>http://{host}/press</link>"
        "<pubDate>Mon, 05 Oct 2026 08:00:00 GMT</pubDate>"
        f"<description>Company {number} opened a new hub for carriers.</description></item></channel></rss>"
    ).encode()
