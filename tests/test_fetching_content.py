"""What a live fetcher takes for the text it asked for, and what it names instead."""

from __future__ import annotations

import pytest
import respx
from respx_web import HOME, failed, fetched, get

from tools.fetching import challenges
from tools.fetching.live import LiveFetcher


@pytest.mark.parametrize(
    ("accept", "content_type", "body", "kind"),
    [
        ("html", "application/pdf", b"%PDF-1.7 ...", "a PDF"),
        ("html", "text/html", b"%PDF-1.7 ...", "a PDF"),
        ("html", "image/png", b"\x89PNG\r\n\x1a\n", "an image"),
        ("html", "image/svg+xml", b"<svg></svg>", "an image"),
        ("html", "application/octet-stream", bytes(range(256)) * 8, "binary"),
        ("html", None, b"PK\x03\x04" + bytes(100), "zip"),
        ("json", "application/json", b"<!doctype html><p>error</p>", "markup"),
        ("xml", "text/html", b"<!-- x --><!DOCTYPE html><html>", "HTML"),
        ("xml", "text/xml", b"<?xml version='1.0'?><html>", "HTML"),
    ],
)
async def test_what_is_not_the_text_asked_for_is_named(
    fetcher: LiveFetcher, web: respx.Router, accept: str, content_type: str | None, body: bytes, kind: str
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    web.get(HOME).respond(200, content=body, headers=headers)
    failure = failed(await get(fetcher, accept=accept))
    assert failure.reason == "not_text"
    assert kind in failure.detail


@pytest.mark.parametrize(
    ("accept", "content_type", "body"),
    [
        ("html", None, b"<html>"),
        ("html", "application/octet-stream", b"<html>"),
        ("html", "text/html", "é".encode("utf-16")),
        ("html", "text/html", "Zürich".encode("latin-1")),
        ("html", "text/html", b""),
        ("json", "text/html", b' {"a": 1}'),
        ("xml", "text/html", b"<rss version='2.0'>"),
        ("any", "application/pdf", b"%PDF"),
    ],
)
async def test_a_wrong_header_does_not_hide_text(
    fetcher: LiveFetcher, web: respx.Router, accept: str, content_type: str | None, body: bytes
) -> None:
    web.get(HOME).respond(200, content=body, headers={"Content-Type": content_type} if content_type else {})
    assert fetched(await get(fetcher, accept=accept)).body == body


def test_many_comments_before_no_html_are_scanned_in_time() -> None:
    from tools.fetching.content import refuse_content

    assert refuse_content(b"<!---->" * 140, "text/xml", "xml") is None


@pytest.mark.parametrize(
    ("status", "headers", "body", "wall"),
    [
        (403, {"cf-mitigated": "challenge"}, "<title>Just a moment...</title>", "Cloudflare"),
        (200, {}, "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", "Cloudflare"),
        (202, {"x-amzn-waf-action": "challenge"}, "", "AWS WAF"),
        (403, {}, "<h1>Access Denied</h1> errors.edgesuite.net", "Akamai"),
        (403, {}, '<script src="https://ct.captcha-delivery.com/c.js">', "DataDome"),
        (403, {}, '<div id="px-captcha"></div> Press & Hold', "PerimeterX"),
        (200, {}, '<h1>Are you a robot?</h1><div class="g-recaptcha"></div>', "CAPTCHA"),
        (
            403,
            {},
            "<style>p{color:red}</style><div id=px-captcha></div><style>" + "p{}" * 40_000 + "</style>",
            "PerimeterX",
        ),
        (403, {}, "<script>put('<style')</script><div id=px-captcha></div>", "PerimeterX"),
        (200, {}, "<p>Request unsuccessful. Incapsula incident ID: 1-2</p>", "Imperva"),
    ],
)
async def test_bot_walls_are_named_whatever_their_status(
    fetcher: LiveFetcher, web: respx.Router, status: int, headers: dict[str, str], body: str, wall: str
) -> None:
    web.get(HOME).respond(status, html=body, headers=headers)
    failure = failed(await get(fetcher))
    assert (failure.reason, failure.status) == ("http_status", status)
    assert wall in failure.detail


def test_every_mark_of_a_wall_is_among_what_is_looked_for_first() -> None:
    marks = [mark for mark, _ in (*challenges._CERTAIN, *challenges._ON_EMPTY_PAGE)]
    for mark in (*marks, *challenges._CAPTCHA_WIDGETS):
        assert any(seed in mark for seed in challenges._SEEDS), mark


async def test_a_captcha_on_a_contact_form_is_no_wall(fetcher: LiveFetcher, web: respx.Router) -> None:
    text = "<p>Our teams move freight across Europe every day.</p>" * 40
    script = "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
    web.get(HOME).respond(200, html=f"{script}{text}<p>I am not a robot</p><div class='g-recaptcha'></div>")
    fetched(await get(fetcher))
