"""Turn a fetched body into text, whatever its server and its author say about the charset.

Order: byte order mark, Content-Type header, the document's own declaration, UTF-8 if it is valid,
windows-1252. Labels are those of the WHATWG Encoding Standard, so that no codec which is not a charset
(`zlib`, `hex`, `punycode`, `unicode_escape` …) can be named by a page.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from tools.fetching.api import Response

_DECLARATION_WINDOW: Final = 2048
_HEADER_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]{1,40})", re.I)
_META_CHARSET: Final = re.compile(
    rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]{1,40})", re.I
)
_XML_ENCODING: Final = re.compile(
    rb"^\s{0,20}<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:\-]{1,40})", re.I
)

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What browsers mean by a label, as Python codecs. Several standards are read as their superset, because
# that is how pages use them (iso-8859-1 is windows-1252, gb2312 is gb18030 …).
_CODECS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "x-cp1252": "cp1252",
    "iso-8859-2": "iso8859-2",
    "latin2": "iso8859-2",
    "windows-1250": "cp1250",
    "cp1250": "cp1250",
    "iso-8859-3": "iso8859-3",
    "iso-8859-4": "iso8859-4",
    "iso-8859-5": "iso8859-5",
    "iso-8859-6": "iso8859-6",
    "iso-8859-7": "iso8859-7",
    "iso-8859-8": "iso8859-8",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-9": "cp1254",
    "latin5": "cp1254",
    "windows-1254": "cp1254",
    "iso-8859-10": "iso8859-10",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-13": "iso8859-13",
    "iso-8859-14": "iso8859-14",
    "iso-8859-15": "iso8859-15",
    "iso-8859-16": "iso8859-16",
    "windows-1251": "cp1251",
    "cp1251": "cp1251",
    "windows-1253": "cp1253",
    "windows-1255": "cp1255",
    "windows-1256": "cp1256",
    "windows-1257": "cp1257",
    "windows-1258": "cp1258",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "ibm866": "cp866",
    "cp866": "cp866",
    "macintosh": "mac-roman",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}

_SINGLE_BYTE: Final = frozenset(
    codec
    for codec in _CODECS.values()
    if codec.startswith(("cp125", "iso8859", "koi8", "cp866", "cp874", "mac"))
)


def decode_body(response: Response) -> str:
    """Return the body as text; never raises, and the text always encodes as UTF-8.

    A byte order mark wins over the header, as in browsers. A declared charset in which the body is
    mostly nonsense is not believed, and bytes that are valid UTF-8 with letters outside ASCII are
    UTF-8 even where the server's default says iso-8859-1. Undecodable bytes become U+FFFD.
    """
    return decode_bytes(response.body, response.header("content-type") or "")


def decode_bytes(body: bytes, content_type: str = "") -> str:
    """Return bytes as text by the rules of `decode_body`; `content_type` is the header's value."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    try:
        utf8 = body.decode("utf-8")
    except UnicodeDecodeError:
        utf8 = None
    declared = _declared_codec(body, content_type)
    if utf8 is not None and (declared in (None, "utf-8") or declared in _SINGLE_BYTE):
        return utf8
    if declared is not None:
        text = body.decode(declared, "replace")
        if text.count("\ufffd") * 50 <= len(text):
            return text
    if utf8 is not None:
        return utf8
    return _utf8_or_windows(body)


def _declared_codec(body: bytes, content_type: str) -> str | None:
    """Return the codec that the header or the document declares, the header first."""
    if found := _HEADER_CHARSET.search(content_type):
        codec = _CODECS.get(found[1].lower())
        if codec is not None:
            return codec
    head = body[:_DECLARATION_WINDOW]
    meta = _XML_ENCODING.search(head) or _META_CHARSET.search(head)
    if meta is None:
        return None
    codec = _CODECS.get(meta[1].decode("ascii").lower())
    # A declaration that could be read as ASCII is not in UTF-16 (WHATWG: treat as UTF-8).
    return "utf-8" if codec in ("utf-16-le", "utf-16-be") else codec


def _utf8_or_windows(body: bytes) -> str:
    """Read bytes that are neither valid UTF-8 nor honestly declared: damaged UTF-8, or windows-1252."""
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore")) - damaged
    return text if beyond_ascii >= damaged else body.decode("cp1252", "replace")
