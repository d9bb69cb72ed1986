"""Parse one fetched page: text, links, structured data, marks, dates, and what to distrust about it.

Pure and total: any bytes give a `Page`, in time linear in their number (see `tools/pages/nesting.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tools.fetching.api import Response
from tools.fetching.charset import decode_body
from tools.pages.api import Page
from tools.pages.condition import is_javascript_notice, page_flags
from tools.pages.consent import without_consent
from tools.pages.dates import read_page_dates
from tools.pages.hidden import read_hiding_rules
from tools.pages.injection import injection_flags
from tools.pages.language import page_language
from tools.pages.marks import list_marks, source_of_frame
from tools.pages.nesting import prepare_markup
from tools.pages.structured import parse_json_ld
from tools.pages.text import TextWalk, VisibleText
from tools.pages.urls import LinkBase

_LITTLE_TEXT: Final = 600
_ENOUGH_TEXT: Final = 2_500
_MAX_META: Final = 4_000
_COLLECTED: Final = "html, body, base, title, meta, link, script, style, iframe, img, form, time, [id]"
_COLLECTED_TAGS: Final = frozenset(_COLLECTED.replace(",", "").split())
_TEMPLATE_COMMENT: Final = re.compile(r"/?wp:|/?\$|\[|\]|\?")
_LONG_COMMENT: Final = 4_000
_MAX_COMMENTS: Final = 400
_FEED_TYPE: Final = re.compile(r"application/(?:rss\+xml|atom\+xml|feed\+json|json)\Z", re.I)

# Characters that show nothing: text hidden in them must not reach a reader, and they break quotes apart.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\xad\u180e\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff"
    "\U000e0000-\U000e007f]+"
)
_CONTROLS: Final = bytes(code for code in (*range(32), 127) if chr(code) != "\n")
_TAG_CHARACTERS: Final = re.compile(r"[\U000E0020-\U000E007E]+")


def parse_page(response: Response) -> Page:
    """Return the page that a response holds. Never raises; a body that is no HTML gives what text it has."""
    markup = decode_body(response)
    prepared = prepare_markup(markup)
    tree = LexborHTMLParser(prepared.markup)
    nodes = _collect(tree)
    fallback = LexborHTMLParser(prepared.noscript) if prepared.noscript else None
    if fallback is not None:
        for node in fallback.css("img, iframe"):
            nodes[node.tag or ""].append(node)
    metas = _metas(nodes["meta"])
    meta: dict[str, str] = {}
    for name, content in metas:
        meta.setdefault(name, content)
    base = LinkBase(response.final_url, next((n.attributes.get("href") for n in nodes["base"]), None))
    visible, noscript = _read_text(tree.root, fallback, nodes["style"], base)
    comments = _comments(markup)
    text, footer_start = _join(visible)
    raw_text = f"{visible.main}\n{visible.footer}"
    title = _title(nodes["title"], meta)
    json_ld_raw = tuple(_json_ld_scripts(nodes["script"]))
    json_ld = parse_json_ld(json_ld_raw)
    feeds, alternates, canonical = _head_links(nodes["link"], base)
    dates = read_page_dates(
        response.final_url, meta, json_ld, _time_values(nodes["time"]), markup, response.fetched_at.date()
    )
    scripts = _addresses((node.attributes.get("src") for node in nodes["script"]), base)
    hidden, hidden_count = _with_smuggled(visible, comments)
    flags = page_flags(title, text, markup, scripts=len(nodes["script"]), noscript=noscript)
    return Page(
        response=response,
        title=title,
        text=text,
        footer_start=footer_start,
        language=page_language(_declared_language(nodes["html"], meta), text),
        canonical=canonical,
        links=visible.links,
        feeds=feeds,
        scripts=scripts,
        iframes=_addresses((source_of_frame(node) for node in nodes["iframe"]), base),
        json_ld_raw=json_ld_raw,
        json_ld=json_ld,
        meta=meta,
        markup=list_marks(
            response, nodes, base, metas, _marking_comments(comments), (link.url for link in visible.links)
        ),
        published_at=dates.published,
        modified_at=dates.modified,
        hidden_dropped=hidden_count,
        flags=(*flags, *(f"injection:{name}" for name in injection_flags(raw_text, hidden))),
        alternates=alternates,
    )


def _collect(tree: LexborHTMLParser) -> dict[str, list[LexborNode]]:
    """Return the elements that carry data, by tag; `id` holds those with an id near the page's root."""
    nodes: dict[str, list[LexborNode]] = {tag: [] for tag in _COLLECTED_TAGS}
    nodes["id"] = []
    for node in tree.css("html, body, base, title, meta, link, script, style, iframe, img, form, time"):
        nodes[node.tag or ""].append(node)
    if tree.body is not None:
        nodes["id"] = [child for child in tree.body.iter() if child.tag in ("div", "main", "app-root")][:50]
    return nodes


def _metas(nodes: Iterable[LexborNode]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for node in nodes:
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        name = name or attributes.get("http-equiv")
        content = attributes.get("content")
        if name and content:
            found.append((" ".join(name.lower().split())[:100], " ".join(content.split())[:_MAX_META]))
    return found[:400]


def _read_text(
    root: LexborNode | None, fallback: LexborHTMLParser | None, styles: Iterable[LexborNode], base: LinkBase
) -> tuple[VisibleText, str]:
    """Return the visible text, and what `<noscript>` says instead of it."""
    walk = TextWalk(base, read_hiding_rules(node.text() or "" for node in styles))
    if root is not None:
        walk.read(root)
    visible = walk.finish()
    if len(visible.main) >= _ENOUGH_TEXT:
        return visible, ""
    noscript = _fallback_text(fallback, base)
    if len(visible.main) < _LITTLE_TEXT:
        says_more = len(noscript) >= len(visible.main) and not is_javascript_notice(noscript)
        if says_more and fallback is not None and fallback.root is not None:
            walk.read(fallback.root)
            visible = walk.finish()
        if len(visible.main) < _LITTLE_TEXT // 2 and len(visible.soft) > max(
            _LITTLE_TEXT, 2 * len(visible.main)
        ):
            visible = visible._replace(main="\n".join(filter(None, (visible.main, visible.soft))))
    return visible, noscript


def _fallback_text(fallback: LexborHTMLParser | None, base: LinkBase) -> str:
    if fallback is None or fallback.root is None:
        return ""
    walk = TextWalk(base, read_hiding_rules(()))
    walk.read(fallback.root)
    return walk.finish().main


def _join(visible: VisibleText) -> tuple[str, int]:
    main, footer = without_consent(_shown(visible.main)), _shown(visible.footer)
    if not footer:
        return main, len(main)
    return (f"{main}\n{footer}", len(main) + 1) if main else (footer, 0)


def _shown(lines: str) -> str:
    """Return tidy lines without characters that show nothing; most have none, which is quickly known."""
    if lines.isascii():
        if len(lines.encode().translate(None, _CONTROLS)) == len(lines):
            return lines
    elif lines.replace("\n", "").isprintable():
        return lines
    shown = (line.strip() for line in _INVISIBLE.sub("", lines).split("\n"))
    return "\n".join(filter(None, shown))


def _title(nodes: list[LexborNode], meta: dict[str, str]) -> str:
    for node in nodes:
        parent = node.parent
        if parent is not None and parent.tag in ("head", "body", "html", "noscript", "div"):
            title = " ".join(_INVISIBLE.sub("", node.text() or "").split())
            if title:
                return title[:500]
    return meta.get("og:title", meta.get("twitter:title", ""))[:500]


def _json_ld_scripts(scripts: Iterable[LexborNode]) -> Iterable[str]:
    for node in scripts:
        kind = (node.attributes.get("type") or "").lower()
        if "ld+json" in kind and (raw := node.text()):
            yield raw


def _head_links(
    nodes: Iterable[LexborNode], base: LinkBase
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], str | None]:
    """Return feeds, (hreflang, URL) alternates, and the canonical URL."""
    feeds: dict[str, None] = {}
    alternates: dict[tuple[str, str], None] = {}
    canonical: str | None = None
    for node in nodes:
        attributes = node.attributes
        rel = (attributes.get("rel") or "").lower().split()
        if "canonical" not in rel and "alternate" not in rel:
            continue
        url = base.absolute(attributes.get("href") or "")
        if url is None:
            continue
        if "canonical" in rel:
            canonical = canonical or url
            continue
        kind = (attributes.get("type") or "").strip()
        if _FEED_TYPE.match(kind) and "wp-json" not in url and "oembed" not in url:
            feeds[url] = None
        elif attributes.get("hreflang"):
            alternates[((attributes.get("hreflang") or "").lower(), url)] = None
    return tuple(feeds), tuple(alternates), canonical


def _addresses(values: Iterable[str | None], base: LinkBase) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in values:
        if value and (url := base.absolute(value)) is not None:
            found[url] = None
    return tuple(found)[:500]


def _time_values(nodes: list[LexborNode]) -> list[str]:
    return [value for node in nodes[:5] if (value := node.attributes.get("datetime"))]


def _declared_language(html: list[LexborNode], meta: dict[str, str]) -> str | None:
    for node in html:
        attributes = node.attributes
        if value := attributes.get("lang") or attributes.get("xml:lang"):
            return value
    return meta.get("content-language") or meta.get("language") or meta.get("og:locale")


def _comments(markup: str) -> list[str]:
    """Return the texts of the page's first comments, spaces collapsed."""
    found: list[str] = []
    start = markup.find("<!--")
    while start >= 0 and len(found) < _MAX_COMMENTS:
        end = markup.find("-->", start + 4)
        if end < 0:
            break
        if 8 <= end - start < _LONG_COMMENT and markup[start + 4] != "[":
            found.append(" ".join(markup[start + 4 : end].split()))
        start = markup.find("<!--", end)
    return found


def _marking_comments(comments: Iterable[str]) -> list[str]:
    """Return the comments by which builders and plugins name themselves, not those of a template engine."""
    named = dict.fromkeys(
        text[:160] for text in comments if len(text) >= 6 and not _TEMPLATE_COMMENT.match(text)
    )
    return [text for text in named if "<" not in text][:40]


def _with_smuggled(visible: VisibleText, comments: Iterable[str]) -> tuple[str, int]:
    """Return all hidden text and its length: elements, comments in words, and what tag characters spell."""
    parts = [visible.hidden]
    count = visible.hidden_count
    shown = visible.main + visible.footer
    runs = [] if shown.isascii() else _TAG_CHARACTERS.findall(shown)
    smuggled = "".join(chr(ord(character) - 0xE0000) for run in runs for character in run)
    # Five words and no code: an order to a reader, not the mark of a template.
    worded = (text for text in comments if text.count(" ") >= 4 and "<" not in text and "{" not in text)
    for text in (smuggled, *worded):
        parts.append(text)
        count += len(text)
    return "\n".join(filter(None, parts)), count
