"""Sitemaps: read within bounds, and nothing in them explodes."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_site import HOME, Web, gather, page, purposes

from tools.pages.sitemap import read_sitemap, sitemaps_in_robots


async def test_a_sitemap_reveals_what_links_do_not() -> None:
    index = b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>https://acme.example/page-sitemap.xml.gz</loc></sitemap></sitemapindex>"
    urls = b"<urlset><url><loc>https://acme.example/unternehmen/</loc></url><url><loc>https://other.example/about</loc></url></urlset>"
    web = Web(
        {
            HOME: page("home"),
            HOME + "robots.txt": "User-agent: *\nSitemap: https://acme.example/map.xml",
            HOME + "map.xml": index,
            HOME + "page-sitemap.xml.gz": gzip.compress(urls),
            HOME + "unternehmen/": page("unternehmen"),
        }
    )
    _, pages = await gather(web)
    assert purposes(pages)["unternehmen/"] == "about"
    assert "https://other.example/about" not in web.asked


@pytest.mark.parametrize("status", [403, 429, 503])
async def test_a_refused_sitemap_is_told_beside_the_pages_that_were_read(status: int) -> None:
    gathered, _ = await gather(Web({HOME: page("home"), HOME + "sitemap.xml": f"!! {status}"}))
    assert gathered.state == "read"
    assert gathered.detail == f"1 page read, without its sitemap: the server refused ({status})"
    assert [(each.url, each.status) for each in gathered.failures] == [(HOME + "sitemap.xml", status)]


async def test_a_refused_part_of_a_sitemap_is_told_and_the_others_are_read() -> None:
    parts = "".join(f"<sitemap><loc>{HOME}{n}.xml</loc></sitemap>" for n in (1, 2, 3))
    listed = f"<urlset><url><loc>{HOME}unternehmen/</loc></url></urlset>"
    refused = {HOME + "1.xml": "!! 429", HOME + "3.xml": "!! 429"}
    site = {HOME: page("home"), HOME + "sitemap.xml": f"<sitemapindex>{parts}</sitemapindex>"}
    web = Web({**site, **refused, HOME + "2.xml": listed, HOME + "unternehmen/": page("unternehmen")})
    gathered, pages = await gather(web)
    assert purposes(pages)["unternehmen/"] == "about"
    assert gathered.detail == "2 pages read, without 2 of its sitemaps: the server refused (429)"


@pytest.mark.parametrize("web", [Web({HOME: page("home")}), Web({HOME: page("home")}, "not_in_archive")])
async def test_a_site_without_a_sitemap_is_missing_nothing(web: Web) -> None:
    gathered, _ = await gather(web)
    assert "sitemap" not in gathered.detail
    assert not [each for each in gathered.failures if "sitemap" in each.url]


@pytest.mark.parametrize(
    ("body", "pages", "sitemaps"),
    [
        (b"<urlset><url><loc> https://a.example/x </loc></url></urlset>", 1, 0),
        (b"<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>", 0, 1),
        (b"https://a.example/1\nhttps://a.example/2\nnonsense", 2, 0),
        (b"<urlset><url><loc>https://a.example/x</loc></url><url><loc>https://a.exa", 1, 0),
        (b"", 0, 0),
        (b"\x1f\x8bbroken", 0, 0),
        (b"<html><body>404</body></html>", 0, 0),
        (
            b"<urlset>"
            + b"<url><loc>https://a.example/%d</loc></url>" * 1
            + b"<url><loc>javascript:x</loc></url></urlset>",
            1,
            0,
        ),
        (b"<a>" * 100_000, 0, 0),
    ],
)
def test_sitemaps_are_read_within_bounds(body: bytes, pages: int, sitemaps: int) -> None:
    found = read_sitemap(body)
    assert (len(found.pages), len(found.sitemaps)) == (pages, sitemaps)


def test_sitemap_bombs_are_defused() -> None:
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "'
        + b"A" * 1000
        + b'"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><urlset><url><loc>https://a.example/&b;</loc></url></urlset>'
    )
    assert all(len(url) < 2100 and "AAAA" not in url for url in read_sitemap(bomb).pages)
    external = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://a.example/&f;</loc></url></urlset>'
    assert not any("root:" in url for url in read_sitemap(external).pages)
    many = (
        b"<urlset>"
        + b"".join(b"<url><loc>https://a.example/%d</loc></url>" % n for n in range(9000))
        + b"</urlset>"
    )
    assert len(read_sitemap(gzip.compress(many)).pages) == 5000
    assert read_sitemap(gzip.compress(b" " * 60_000_000)).pages == ()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_sitemap_or_nothing(body: bytes) -> None:
    read_sitemap(body)
    read_sitemap(b"<urlset>" + body)


def test_robots_names_sitemaps() -> None:
    assert sitemaps_in_robots(
        "User-agent: *\n sitemap : https://a.example/s.xml\n#Sitemap: no\nSITEMAP:https://b.example/t.xml"
    ) == (
        "https://a.example/s.xml",
        "https://b.example/t.xml",
    )
