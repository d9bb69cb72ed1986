"""Write a site to a WARC through the product's recorder, and make the file the same on every run."""

from __future__ import annotations

import re
import uuid
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.synthetic.boards import BoardFile
from evals.synthetic.company import RECORDED_AT
from evals.synthetic.feeds import Item, atom, rss
from evals.synthetic.layouts import STYLES, Frame, Page, write_page
from evals.synthetic.story import Site
from evals.synthetic.vendors import mark_of, zone
from tools.archive import WarcRecorder
from tools.fetching.answers import Exchange
from tools.fetching.api import DnsAnswer, RecordType

HTML, XML, TEXT = "text/html; charset=utf-8", "application/xml", "text/plain"
_SERVER = {
    "tailwind": (("Server", "Vercel"),), "wordpress": (("Server", "Apache"),), "tables": (("Server", "Microsoft-IIS/8.5"),),
}  # fmt: skip
_ID = re.compile(rb"(?<=<urn:uuid:)[0-9a-f-]{36}(?=>)")


def write_archive(path: Path, site: Site, pages: list[Page], board_body: bytes | None = None) -> None:
    """Write `pages`, the board, the feed and DNS to `path`; the same arguments give the same records."""
    company = site.company
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "site.warc"
        with WarcRecorder(plain, software="Dossier (synthetic labelled account)") as recorder:
            for exchange in _exchanges(site, pages, board_body):
                recorder.exchange(exchange)
            _record_dns(recorder, site)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_pinned(plain.read_bytes(), company.name))


def _exchanges(site: Site, pages: list[Page], board_body: bytes | None) -> list[Exchange]:
    company = site.company
    home = site.url("/")
    found: list[Exchange] = []
    if company.asked != company.domain:
        found.append(_answer(f"https://{company.asked}/", 301, b"", (("Location", home),)))
    if site.root != f"https://{company.domain}":
        found.append(_answer(f"https://{company.domain}/", 301, b"", (("Location", home),)))
    frame = _frame(site)
    server = _SERVER.get(company.style, (("Server", "nginx"),))
    for page in pages:
        body = write_page(page, frame, STYLES[company.style]) if page.blocks or page.head else page.tail[0]
        found.append(_answer(site.url(page.path), 200, body.encode(), (("Content-Type", HTML), *server)))
    if company.has("parked"):
        return found
    dated = [Item(title, site.url(path), on, body) for title, path, on, body in site.posts if on]
    write = rss if company.number % 3 else atom
    found.append(_typed(site.url("/feed.xml"), XML, write(company.name, home, dated)))
    urls = "".join(f"<url><loc>{site.url(page.path)}</loc></url>" for page in pages)
    found.append(_typed(site.url("/sitemap.xml"), XML, f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()))  # fmt: skip
    found.append(_typed(site.url("/robots.txt"), TEXT, f"User-agent: *\nAllow: /\nSitemap: {site.url('/sitemap.xml')}\n".encode()))  # fmt: skip
    if site.board is not None:
        found.append(_board(site.board, board_body))
    return found


def _board(board: BoardFile, body: bytes | None) -> Exchange:
    return _typed(board.api, board.content_type, body or board.body)


def _typed(url: str, content_type: str, body: bytes) -> Exchange:
    return _answer(url, 200, body, (("Content-Type", content_type),))


def _answer(url: str, status: int, body: bytes, headers: tuple[tuple[str, str], ...]) -> Exchange:
    return Exchange("GET", url, None, status, headers, RECORDED_AT, body)


def _frame(site: Site) -> Frame:
    company, book = site.company, site.company.book
    rng = company.rng("frame")
    top = ["product", "features", "customers", "pricing", "about", "careers", "press", "blog", "contact"]
    foot = ["security", "partners", "faq", "legal", "careers", "press"]
    rng.shuffle(top)
    if rng.random() < 0.3:
        # Some sites keep what is not for buyers in the footer.
        foot = list(dict.fromkeys([*foot, "about", "careers", "press"]))
        top = [key for key in top if key not in ("careers", "press", "about")]
    marks = [mark_of(product, company.rng(f"mark {product}")).html for product in company.marks]
    switch = [(language.upper(), path) for language, path in site.alternates.items()]
    head = f'<link rel="alternate" type="application/rss+xml" title="{company.name}" href="/feed.xml">'
    head += "".join(f'<link rel="alternate" hreflang="{name}" href="{site.url(path)}">' for name, path in site.alternates.items())  # fmt: skip
    if rng.random() < 0.6:
        head += f'<meta property="og:site_name" content="{company.name}"><meta property="og:type" content="website"><meta name="twitter:card" content="summary_large_image"><link rel="icon" href="/favicon.svg">'
    return Frame(
        language=company.language,
        name=company.name,
        menu=(*(site.menu[key] for key in top if key in site.menu), *switch),
        footer_links=tuple(site.menu[key] for key in foot if key in site.menu),
        footer_line=f"© {rng.choice(('2026', '2019–2026'))} {company.legal}, {company.place.line}",
        cookie=book.compose("cookie", rng),
        head=(head, *marks[:2]),
        tail=tuple(marks[2:]),
    )


def _record_dns(recorder: WarcRecorder, site: Site) -> None:
    company = site.company
    rows, _ = zone(company.domain, company.dns, company.rng("dns"))
    grouped: dict[tuple[str, RecordType], list[str]] = {}
    for row in rows:
        grouped.setdefault((row.name, row.record_type), []).append(row.answer)
    for (name, record_type), answers in grouped.items():
        answer = DnsAnswer(name=name, record_type=record_type, answers=tuple(sorted(answers)), fetched_at=RECORDED_AT)  # fmt: skip
        recorder.dns(name, record_type, answer, RECORDED_AT)


def _pinned(warc: bytes, name: str) -> bytes:
    """Return the WARC with record ids and the file's own date made from the content, each record compressed."""
    records = _records(warc)
    out = bytearray()
    for number, record in enumerate(records):
        head, _, rest = record.partition(b"\r\n\r\n")
        made = str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://{name}.example/{number}"))
        head = _ID.sub(made.encode(), head)
        if b"WARC-Type: warcinfo" in head:
            date = RECORDED_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
            head = re.sub(rb"(?<=WARC-Date: )[^\r\n]+", date, head)
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        out += packer.compress(head + b"\r\n\r\n" + rest) + packer.flush()
    return bytes(out)


def _records(warc: bytes) -> list[bytes]:
    records: list[bytes] = []
    at = 0
    while at < len(warc):
        end = warc.index(b"\r\n\r\n", at) + 4
        length = re.search(rb"(?mi)^Content-Length: (\d+)", warc[at:end])
        if length is None:
            raise ValueError("the recorder wrote a record without a length")
        stop = end + int(length[1]) + 4
        records.append(warc[at:stop])
        at = stop
    return records
