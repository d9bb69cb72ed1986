"""Write the bundled archive from the made-up site beside this file: `python -m agent.demo.build`.

The company, its pages, people counts, openings and DNS answers are synthetic. The archive is written by the
same recorder that records live runs, so that replaying it is no special case.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from agent.demo import DEMO_DOMAIN, demo_archive
from tools.archive import WarcRecorder
from tools.fetching.answers import Exchange
from tools.fetching.api import DnsAnswer, RecordType

SITE = Path(__file__).parent / "site"
RECORDED_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WWW = f"https://www.{DEMO_DOMAIN}"
BOARD = "https://boards-api.greenhouse.io/v1/boards/halyardlogistics/jobs?content=true"
HTML, JSON, XML, TEXT = "text/html; charset=utf-8", "application/json", "application/xml", "text/plain"
PAGES: dict[str, tuple[str, str]] = {
    f"{WWW}/": ("index.html", HTML),
    **{
        f"{WWW}/{name}": (f"{name}.html", HTML)
        for name in (
            "about",
            "platform",
            "pricing",
            "customers",
            "careers",
            "security",
            "press",
            "contact",
            "imprint",
        )
    },
    f"{WWW}/blog/": ("blog.html", HTML),
    f"{WWW}/press/series-b": ("press-series-b.html", HTML),
    f"{WWW}/press/new-cro": ("press-new-cro.html", HTML),
    f"{WWW}/press/series-a": ("press-series-a.html", HTML),
    f"{WWW}/newsroom.xml": ("newsroom.xml", XML),
    f"{WWW}/robots.txt": ("robots.txt", TEXT),
    f"{WWW}/sitemap.xml": ("sitemap.xml", XML),
    BOARD: ("greenhouse.json", JSON),
}
SERVER = (("Server", "cloudflare"), ("X-Powered-By", "Next.js"))
DNS_TYPES: tuple[RecordType, ...] = ("MX", "TXT", "NS")


def build(path: Path) -> None:
    """Write the archive to `path`, replacing what was there."""
    path.unlink(missing_ok=True)
    with WarcRecorder(path, software="Dossier (synthetic demo account)") as recorder:
        for url, location in ((f"https://{DEMO_DOMAIN}/", f"{WWW}/"),):
            recorder.exchange(Exchange("GET", url, None, 301, (("Location", location),), RECORDED_AT, b""))
        for url, (name, content_type) in PAGES.items():
            headers = (("Content-Type", content_type), *(SERVER if content_type == HTML else ()))
            body = (SITE / name).read_bytes()
            recorder.exchange(Exchange("GET", url, None, 200, headers, RECORDED_AT, body))
        for (name, record_type), answers in read_dns().items():
            answer = DnsAnswer(
                name=name, record_type=record_type, answers=tuple(sorted(answers)), fetched_at=RECORDED_AT
            )
            recorder.dns(name, record_type, answer, RECORDED_AT)


def read_dns() -> dict[tuple[str, RecordType], list[str]]:
    """Return the made-up zone: answers by name and type."""
    zone: dict[tuple[str, RecordType], list[str]] = {}
    for line in (SITE / "dns.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, kind, answer = line.split(" ", 2)
        record_type: RecordType = "CNAME" if kind == "CNAME" else DNS_TYPES[DNS_TYPES.index(kind)]
        zone.setdefault((name, record_type), []).append(answer)
    return zone


if __name__ == "__main__":
    build(demo_archive())
