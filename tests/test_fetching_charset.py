from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.fetching.api import Response
from tools.fetching.charset import decode_body


def page(body: bytes, content_type: str | None = None) -> Response:
    headers = (("Content-Type", content_type),) if content_type else ()
    return Response(
        url="http://acme.example/",
        final_url="http://acme.example/",
        status=200,
        headers=headers,
        body=body,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("Zürich".encode(), None, "Zürich"),
        ("Zürich".encode("cp1252"), None, "Zürich"),
        ("Zürich – “x”".encode("cp1252"), "text/html; charset=ISO-8859-1", "Zürich – “x”"),
        ("Zürich".encode(), "text/html; charset=ISO-8859-1", "Zürich"),
        (b"\xef\xbb\xbf" + "Zürich".encode(), "text/html; charset=iso-8859-1", "Zürich"),
        ("Москва".encode("cp1251"), 'text/html; charset="windows-1251"', "Москва"),
        ('<meta charset="koi8-r">Москва'.encode("koi8-r"), None, '<meta charset="koi8-r">Москва'),
        ("<meta charset=gb2312>公司".encode("gb18030"), "text/html", "<meta charset=gb2312>公司"),
        (
            '<?xml version="1.0" encoding="Shift_JIS"?><a>会社</a>'.encode("cp932"),
            "text/xml",
            '<?xml version="1.0" encoding="Shift_JIS"?><a>会社</a>',
        ),
        ("\ufeffé".encode("utf-16-le"), None, "é"),
        ("é—x".encode("utf-16-le"), "text/html; charset=utf-16", "é—x"),
        ("<meta charset='utf-16'>Zürich".encode(), None, "<meta charset='utf-16'>Zürich"),
        ("Zürich".encode(), "text/html; charset=nonsense", "Zürich"),
        ("Zürich".encode(), "text/html; charset=", "Zürich"),
    ],
)
def test_charset_is_found_where_browsers_find_it(
    body: bytes, content_type: str | None, expected: str
) -> None:
    assert decode_body(page(body, content_type)) == expected


@pytest.mark.parametrize("label", ["zlib", "hex", "punycode", "unicode_escape", "utf-7", "idna", "rot13"])
def test_a_codec_that_is_no_charset_is_never_used(label: str) -> None:
    assert decode_body(page(b"abc\\u0041-+", f"text/html; charset={label}")) == "abc\\u0041-+"


def test_utf8_with_a_few_broken_bytes_stays_utf8() -> None:
    body = "Grüße aus Köln, Straße für Straße".encode() + b"\xff" + " schön".encode()
    assert decode_body(page(body, "text/html")) == "Grüße aus Köln, Straße für Straße\ufffd schön"


def test_a_page_declared_utf8_that_is_not_is_read_as_windows_1252() -> None:
    text = "Ä" * 30 + "ö"
    assert decode_body(page(text.encode("cp1252"), "text/html; charset=utf-8")) == text


@given(
    st.binary(max_size=400), st.sampled_from(["", "utf-8", "shift_jis", "utf-16", "big5", "iso-2022-jp", "x"])
)
def test_any_bytes_become_text_that_encodes(body: bytes, label: str) -> None:
    decode_body(page(body, f"text/html; charset={label}")).encode("utf-8")
