"""Measure gathering over loopback pages against a plain httpx loop over the same pages in the same run.

    python -m evals.bench.gathering [--pages 2000] [--kilobytes 20] [--rounds 3] [--readers N]

- The server runs in a process of its own and answers every page with the same bytes.
- *plain httpx*: one `httpx.AsyncClient`, `WIDTH` requests at a time, the whole body read, nothing done with it.
- *fetched*: `WIDTH` accounts of `PAGES_PER_ACCOUNT` pages at a time, each page through the product's
  `LiveFetcher`: address check, robots.txt (one request an account on top), pace, caps, content checks. The
  least seconds between two requests to a host are set to zero: they are manners, not cost.
- *gathered*: the same through the product's `Reader`, so that every page also comes back parsed whole (text,
  links, structured data, marks, dates, flags) by `--readers` processes, none of it on the event loop.

Rounds alternate, and the median of each is compared. The page has as many elements and links a kilobyte as
the upper quarter of company home pages (29 saved real ones have 3.6, 5.6 and 8.2 elements a kB at the
quartiles, and 0.3, 0.6 and 1.0 links). The target is gathered / plain >= 0.7.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Final

import httpx

from tools.documents import FetchFailure
from tools.fetching.api import FetchRequest
from tools.fetching.live import LiveFetcher
from tools.fetching.pace import HostLimits, HostPace
from tools.pages.parsers import DEFAULT_PROCESSES, PageParsers
from tools.pages.reader import Reader

WIDTH: Final = 8
PAGES_PER_ACCOUNT: Final = 20
TARGET: Final = 0.7


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark and print pages per second and ratios; return 0 when the target is met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--kilobytes", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--readers",
        type=int,
        default=DEFAULT_PROCESSES,
        help="processes that read pages (default: the product's)",
    )
    options = parser.parse_args(argv)
    with _serving(options.kilobytes) as port, _pool(options.readers) as pool:
        ways: dict[str, Callable[[int], Awaitable[int]]] = {
            "plain httpx": lambda pages: _plain_loop(port, pages),
            "fetched": lambda pages: _gather_accounts(port, pages, None, options.readers),
            "gathered": lambda pages: _gather_accounts(port, pages, pool, options.readers),
        }
        for way in ways.values():  # warm: imports, processes, TLS context
            asyncio.run(_awaited(way(PAGES_PER_ACCOUNT * WIDTH)))
        measured: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(options.rounds):
            for name, way in ways.items():
                measured[name].append(_rate(way, options.pages))
    print(
        f"{options.pages} loopback pages of {options.kilobytes} kB, {WIDTH} at a time, "
        f"{options.readers} reading, {options.rounds} rounds"
    )
    for name, rates in measured.items():
        print(f"{name:>12}: {statistics.median(rates):6.0f} pages/s ({min(rates):.0f}–{max(rates):.0f})")
    ratio = statistics.median(measured["gathered"]) / statistics.median(measured["plain httpx"])
    print(
        f"gathering: ratio {ratio:.2f}, target >= {TARGET}, verdict {'met' if ratio >= TARGET else 'missed'}"
    )
    return 0 if ratio >= TARGET else 1


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


async def _gather_accounts(port: int, pages: int, pool: ProcessPoolExecutor | None, readers: int) -> int:
    """Fetch the same pages as accounts of `PAGES_PER_ACCOUNT`, each read whole by `pool` when given.

    An account asks for all of its pages at once; its host takes one request at a time, so that as many are
    under way as in the plain loop.
    """
    hosts = HostLimits(default=HostPace(interval=0.0, concurrency=1))
    parsers = PageParsers(pool, trips=readers + 1) if pool is not None else None
    accounts = iter(range(0, pages, PAGES_PER_ACCOUNT))

    async def gather_account(first: int) -> int:
        host = f"account-{first}.test"
        urls = [f"http://{host}/{n}" for n in range(first, min(first + PAGES_PER_ACCOUNT, pages))]
        async with LiveFetcher(
            agent="Dossier/bench", hosts=hosts, test_hosts={host: ("127.0.0.1", port)}
        ) as fetcher:
            reader = Reader(fetcher, parsers=parsers, inline=0)
            if parsers is None:
                answers = await asyncio.gather(*(fetcher.fetch(FetchRequest(url=url)) for url in urls))
                failed = any(isinstance(answer, FetchFailure) for answer in answers)
            else:
                read = await asyncio.gather(*(reader.read(url) for url in urls))
                failed = any(isinstance(page, FetchFailure) for page in read)
        if failed:
            raise SystemExit(f"a loopback page of {host} failed")
        return len(urls)

    async def work() -> int:
        return sum([await gather_account(first) for first in accounts])

    return sum(await asyncio.gather(*(work() for _ in range(WIDTH))))


async def _awaited(work: Awaitable[int]) -> int:
    return await work


def _rate(way: Callable[[int], Awaitable[int]], pages: int) -> float:
    async def timed() -> float:
        begin = time.perf_counter()
        got = await way(pages)
        if got != pages:
            raise SystemExit(f"{got} of {pages} pages arrived")
        return pages / (time.perf_counter() - begin)

    return asyncio.run(timed())


@contextmanager
def _pool(readers: int) -> Iterator[ProcessPoolExecutor]:
    """Give the processes that read pages, as the product starts them."""
    with ProcessPoolExecutor(readers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def _serving(kilobytes: int) -> Iterator[int]:
    """Serve pages on loopback from another process and give its port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(theirs, _page(kilobytes)), daemon=True)
    server.start()
    theirs.close()  # so that a server that died is an error here, not a wait without end
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
    """Build a page as dense as a company's: head, structured data, scripts, menu, cards, footer."""
    head = (
        "<!doctype html><html lang=en><head><title>Acme Freight</title>"
        '<meta name=description content="Freight across Europe"><link rel=canonical href="/">'
        '<script type="application/ld+json">{"@type": "Organization", "name": "Acme Freight"}</script>'
        '<script src="/static/app.js"></script><style>.card{padding:1rem}.card__hidden{display:none}</style>'
        "</head><body><nav>"
    )
    menu = "".join(f'<a class="nav__link" href="/section-{n}">Section {n}</a>' for n in range(12))
    card = (
        '<section class="card card--shadow grid__cell grid__cell--third"><div class="card__body stack stack--md">'
        '<svg class="icon icon--large" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2a10 10 0 1 0 0 20 '
        '10 10 0 0 0 0-20zm0 3.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3zM14 18h-4v-1.5h1v-5h-1V10h3v6.5h1V18z"/>'
        '</svg><h2 class="card__title heading heading--3">Freight that arrives in {city}</h2>'
        '<p class="card__text text text--body">Acme moves pallets between forty cities, and shows where each of '
        "them is at any time of the day. <strong>Depot {city}</strong> answers within the hour, in five "
        'languages.</p><a class="card__more link link--arrow" href="/depots/{city}">Read more</a></div></section>'
    )
    script = "<script>window.state = " + repr({"routes": [f"route-{n}" for n in range(120)]}) + ";</script>"
    footer = (
        f"</main><footer><p>Acme Freight GmbH, Example Street 1, Berlin</p></footer>{script}</body></html>"
    )
    body, number = "", 0
    while len(head) + len(menu) + len(body) + len(footer) < kilobytes * 1000:
        body += card.format(city=f"city-{number}")
        number += 1
    return f"{head}{menu}</nav><main>{body}{footer}".encode()


if __name__ == "__main__":
    raise SystemExit(main())
