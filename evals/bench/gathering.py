"""Measure gathering over loopback pages against a plain httpx loop in the same run.

    python -m evals.bench.gathering [--pages 2000] [--kilobytes 20] [--rounds 3] [--readers 1]

The server runs in a process of its own. The reference fetches every page over one `httpx.AsyncClient`,
`WIDTH` at a time, and does nothing with it. Ours runs `WIDTH` accounts at a time, one `LiveFetcher` each,
with the address check, robots.txt, pace, caps and content checks; then the same again with every page read
whole (parsed, its text, links and structured data taken) in a process pool, off the event loop. Rounds
alternate, and the median of each is compared. The target is a ratio of at least 0.7.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Final

import httpx

from tools.documents import FetchFailure
from tools.fetching.api import FetchRequest, Response
from tools.fetching.live import LiveFetcher
from tools.fetching.pace import HostLimits, HostPace
from tools.pages.parse import parse_page

WIDTH: Final = 8
PAGES_PER_ACCOUNT: Final = 20


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark and print pages per second and ratios; return 0 when the target is met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--kilobytes", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--readers", type=int, default=1, help="processes that read pages (default 1)")
    options = parser.parse_args(argv)
    with _serving(options.kilobytes) as port, _pool(options.readers) as pool:
        asyncio.run(
            _fetch_accounts(port, PAGES_PER_ACCOUNT * WIDTH, pool)
        )  # warm: imports, pool, TLS context
        measured: dict[str, list[float]] = {"plain httpx": [], "fetched": [], "fetched and read": []}
        for _ in range(options.rounds):
            measured["plain httpx"].append(_rate(lambda: _plain_loop(port, options.pages), options.pages))
            measured["fetched"].append(
                _rate(lambda: _fetch_accounts(port, options.pages, None), options.pages)
            )
            measured["fetched and read"].append(
                _rate(lambda: _fetch_accounts(port, options.pages, pool), options.pages)
            )
    plain = statistics.median(measured["plain httpx"])
    print(
        f"{options.pages} loopback pages of {options.kilobytes} kB, {WIDTH} at a time, {options.rounds} rounds"
    )
    for name, rates in measured.items():
        rate = statistics.median(rates)
        spread = f"{min(rates):.0f}–{max(rates):.0f}"
        print(f"{name:>17}: {rate:6.0f} pages/s ({spread})  ratio {rate / plain:.2f}")
    return 0 if statistics.median(measured["fetched and read"]) >= 0.7 * plain else 1


def read_whole(response: Response) -> int:
    """Read one page as the gatherer does and return how much text it has; runs in the pool."""
    return len(parse_page(response).text)


async def _plain_loop(port: int, pages: int) -> int:
    """Fetch every page and do nothing with it."""
    waiting = iter(range(pages))
    async with httpx.AsyncClient(trust_env=False) as client:

        async def work() -> int:
            got = 0
            for number in waiting:
                answer = await client.get(f"http://127.0.0.1:{port}/{number}")
                got += answer.status_code == 200
            return got

        return sum(await asyncio.gather(*(work() for _ in range(WIDTH))))


async def _fetch_accounts(port: int, pages: int, pool: Executor | None) -> int:
    """Fetch the same pages as accounts of `PAGES_PER_ACCOUNT`, reading each in `pool` when given."""
    hosts = HostLimits(default=HostPace(interval=0.0, concurrency=WIDTH))
    accounts = iter(range(0, pages, PAGES_PER_ACCOUNT))

    async def gather_account(first: int) -> int:
        host = f"account-{first}.test"
        readings: list[Awaitable[int]] = []
        got = 0
        async with LiveFetcher(
            agent="Dossier/bench", hosts=hosts, test_hosts={host: ("127.0.0.1", port)}
        ) as fetcher:
            for number in range(first, min(first + PAGES_PER_ACCOUNT, pages)):
                answer = await fetcher.fetch(FetchRequest(url=f"http://{host}/{number}"))
                if isinstance(answer, FetchFailure):
                    raise SystemExit(f"a loopback page failed: {answer.detail}")
                got += 1
                if pool is not None:
                    readings.append(asyncio.get_running_loop().run_in_executor(pool, read_whole, answer))
            await asyncio.gather(*readings)
        return got

    async def work() -> int:
        return sum([await gather_account(first) for first in accounts])

    return sum(await asyncio.gather(*(work() for _ in range(WIDTH))))


def _rate(run: Callable[[], Awaitable[int]], pages: int) -> float:
    async def timed() -> float:
        begin = time.perf_counter()
        got = await run()
        if got != pages:
            raise SystemExit(f"{got} of {pages} pages arrived")
        return pages / (time.perf_counter() - begin)

    return asyncio.run(timed())


@contextmanager
def _pool(readers: int) -> Iterator[Executor]:
    """Give the processes that read pages; the event loop and the server want a core each as well."""
    with ProcessPoolExecutor(readers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def _serving(kilobytes: int) -> Iterator[int]:
    """Serve pages on loopback from another process and give its port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(theirs, _page(kilobytes)), daemon=True)
    server.start()
    try:
        yield ours.recv()
    finally:
        server.terminate()
        server.join()


def _serve(pipe: Connection, page: bytes) -> None:
    asyncio.run(_serve_forever(pipe, page))


async def _serve_forever(pipe: Connection, page: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(
        page
    )
    robots = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    class Pages(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.WriteTransport)
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            self.transport.write(robots if b" /robots.txt " in data[:40] else head + page)

    server = await asyncio.get_running_loop().create_server(Pages, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _page(kilobytes: int) -> bytes:
    """Build a page like a company's: head, structured data, menu, cards, footer."""
    head = (
        "<!doctype html><html lang=en><head><title>Acme Freight</title>"
        '<meta name=description content="Freight across Europe">'
        '<script type="application/ld+json">{"@type": "Organization", "name": "Acme Freight"}</script>'
        '<script src="/static/app.js"></script></head><body><nav>'
    )
    menu = "".join(f'<a href="/section-{number}">Section {number}</a>' for number in range(30))
    card = (
        '<section class="card"><h2>Freight that arrives</h2><p>Acme moves pallets between forty cities, and '
        'shows where each of them is.</p><a class="more" href="/product?card={number}">Read more</a></section>'
    )
    footer = "</main><footer><p>Acme Freight GmbH, Example Street 1, Berlin</p></footer></body></html>"
    body, number = "", 0
    while len(head) + len(menu) + len(body) + len(footer) < kilobytes * 1000:
        body += card.format(number=number)
        number += 1
    return f"{head}{menu}</nav><main>{body}{footer}".encode()


if __name__ == "__main__":
    raise SystemExit(main())
