"""Markup in seven manners: the same blocks as semantic HTML5, div soup, Tailwind, tables, Webflow, WordPress, Bootstrap.

A page is a list of blocks; a style says how each kind of block and the page around it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Literal

Kind = Literal["h1", "h2", "p", "ul", "rows", "stats", "quote", "cards", "links", "raw"]


@dataclass(frozen=True)
class Block:
    """One block: a text, a list of texts, or rows of texts (label and value; title, text; caption, address)."""

    kind: Kind
    text: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass
class Page:
    """One page before it is written: its path, title, blocks, and what else stands in its head and body."""

    path: str
    title: str
    blocks: list[Block] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    description: str = ""
    dated: str | None = None


@dataclass(frozen=True)
class Frame:
    """What all pages of a site share."""

    language: str
    name: str
    menu: tuple[tuple[str, str], ...]
    footer_links: tuple[tuple[str, str], ...]
    footer_line: str
    cookie: str
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()


@dataclass(frozen=True)
class Style:
    """How a manner writes blocks. `{t}` is the text, `{i}` the joined items; items and rows have their own forms."""

    h1: str
    h2: str
    p: str
    ul: str
    li: str
    rows: str
    row: str
    stats: str
    stat: str
    quote: str
    cards: str
    card: str
    links: str
    link: str
    page: str


_HEAD = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>{head}'
STYLES: dict[str, Style] = {
    "semantic": Style(
        h1="<h1>{t}</h1>", h2="<h2>{t}</h2>", p="<p>{t}</p>", ul="<ul>{i}</ul>", li="<li>{t}</li>",
        rows="<dl>{i}</dl>", row="<dt>{a}</dt><dd>{b}</dd>",
        stats='<ul class="figures">{i}</ul>', stat="<li><strong>{a}</strong> {b}</li>",
        quote="<figure><blockquote><p>{t}</p></blockquote></figure>",
        cards="<section>{i}</section>", card="<article><h3>{a}</h3><p>{b}</p></article>",
        links="<ul>{i}</ul>", link='<li><a href="{b}">{a}</a>{c}</li>',
        page='<!doctype html>\n<html lang="{lang}">\n<head>' + _HEAD + '</head>\n<body>\n<header><a href="/">{name}</a><nav><ul>{menu}</ul></nav></header>\n<main>\n{body}\n</main>\n<aside class="cookie-banner" role="dialog"><p>{cookie}</p></aside>\n<footer><nav><ul>{flinks}</ul></nav><p>{fline}</p></footer>\n{tail}</body></html>',
    ),
    "divs": Style(
        h1='<div class="t1">{t}</div>', h2='<div class="t2"><b>{t}</b></div>', p='<div class="txt">{t}</div>',
        ul='<div class="lst">{i}</div>', li='<div class="it">- {t}</div>',
        rows='<div class="kv">{i}</div>', row='<div><span class="k">{a}:</span> <span class="v">{b}</span></div>',
        stats='<div class="nums">{i}</div>', stat='<div class="num"><span>{a}</span> <span>{b}</span></div>',
        quote='<div class="q"><i>“{t}”</i></div>',
        cards='<div class="row">{i}</div>', card='<div class="box"><div class="bt">{a}</div><div class="bb">{b}</div></div>',
        links='<div class="lnk">{i}</div>', link='<div><a href="{b}">{a}</a> <i>{c}</i></div>',
        page='<html lang="{lang}"><head>' + _HEAD + '</head><body><div id="wrap"><div id="top"><div class="logo"><a href="/">{name}</a></div><div id="nav">{menu}</div></div><div id="cc">{cookie}</div><div id="content">{body}</div><div id="bottom"><div>{flinks}</div><div>{fline}</div></div></div>{tail}</body></html>',
    ),
    "tailwind": Style(
        h1='<h1 class="text-4xl font-bold tracking-tight text-gray-900 sm:text-6xl">{t}</h1>',
        h2='<h2 class="mt-16 text-2xl font-semibold text-gray-900">{t}</h2>',
        p='<p class="mt-6 text-lg leading-8 text-gray-600">{t}</p>',
        ul='<ul role="list" class="mt-8 space-y-4">{i}</ul>', li='<li class="flex gap-x-3"><svg class="h-6 w-6" viewBox="0 0 20 20"><path d="M16.7 4.2z"/></svg><span>{t}</span></li>',
        rows='<div class="mt-8 divide-y">{i}</div>', row='<div class="grid grid-cols-2 py-4"><span class="text-sm text-gray-500">{a}</span><span class="text-sm font-medium">{b}</span></div>',
        stats='<div class="grid grid-cols-3 gap-8 mt-16">{i}</div>', stat='<div class="flex flex-col-reverse"><span class="text-base text-gray-600">{b}</span><span class="text-5xl font-semibold">{a}</span></div>',
        quote='<figure class="mt-10 border-l pl-6"><blockquote class="italic"><p>“{t}”</p></blockquote></figure>',
        cards='<div class="grid md:grid-cols-3 gap-6">{i}</div>', card='<div class="rounded-2xl p-8 ring-1"><h3 class="text-base font-semibold">{a}</h3><p class="mt-2 text-sm">{b}</p></div>',
        links='<div class="mt-10 flex flex-col gap-4">{i}</div>', link='<a class="group block" href="{b}"><span>{a}</span><span class="text-sm text-gray-500">{c}</span></a>',
        page='<!DOCTYPE html><html lang="{lang}" class="scroll-smooth"><head>' + _HEAD + '<link rel="preload" href="/_next/static/media/c9a5.woff2" as="font"/></head><body class="antialiased"><div id="__next"><header class="sticky top-0"><a class="font-bold" href="/">{name}</a><nav class="hidden lg:flex">{menu}</nav></header><main class="mx-auto max-w-7xl px-6">{body}</main><div class="fixed bottom-0" data-cookie="1">{cookie}</div><footer class="bg-gray-900"><div>{flinks}</div><p class="text-xs">{fline}</p></footer></div><script src="/_next/static/chunks/main-8f3a.js" defer></script>{tail}</body></html>',
    ),
    "tables": Style(
        h1='<p><font size="5"><b>{t}</b></font></p>', h2='<p><font size="4"><b>{t}</b></font></p>', p="<p>{t}",
        ul="<ul>{i}</ul>", li="<li>{t}",
        rows='<table border="1" cellpadding="4">{i}</table>', row="<tr><td>{a}</td><td>{b}</td></tr>",
        stats='<table width="100%"><tr>{i}</tr></table>', stat='<td align="center"><b>{a}</b> {b}</td>',
        quote='<table><tr><td bgcolor="#eeeeee"><i>{t}</i></td></tr></table>',
        cards="<table><tr>{i}</tr></table>", card='<td valign="top"><b>{a}</b><br>{b}</td>',
        links="<p>{i}</p>", link='<a href="{b}">{a}</a> {c}<br>',
        page='<HTML lang="{lang}"><HEAD>' + _HEAD + '</HEAD><BODY bgcolor="#ffffff"><table width="900" align="center"><tr><td colspan="2"><a href="/"><b>{name}</b></a></td></tr><tr><td width="160" valign="top">{menu}</td><td valign="top">{body}</td></tr><tr><td colspan="2"><hr>{flinks}<br><font size="1">{fline}</font></td></tr></table>{tail}</BODY></HTML>',
    ),
    "webflow": Style(
        h1='<h1 class="heading-xlarge">{t}</h1>', h2='<h2 class="heading-large">{t}</h2>', p='<p class="paragraph w-richtext">{t}</p>',
        ul='<ul role="list" class="w-list-unstyled">{i}</ul>', li='<li class="list-item"><div>{t}</div></li>',
        rows='<div class="spec-list">{i}</div>', row='<div class="spec-row w-row"><div class="w-col w-col-6">{a}</div><div class="w-col w-col-6">{b}</div></div>',
        stats='<div class="stats-grid w-layout-grid">{i}</div>', stat='<div class="stat"><div class="stat-number">{a}</div><div class="stat-label">{b}</div></div>',
        quote='<div class="testimonial w-slide"><div class="testimonial-text">“{t}”</div></div>',
        cards='<div class="w-layout-grid grid-3">{i}</div>', card='<div class="card w-inline-block"><h3 class="heading-small">{a}</h3><div class="text-small">{b}</div></div>',
        links='<div class="w-dyn-list"><div role="list" class="w-dyn-items">{i}</div></div>', link='<div role="listitem" class="w-dyn-item"><a href="{b}" class="link-block w-inline-block"><div>{a}</div></a><div>{c}</div></div>',
        page='<!DOCTYPE html><html data-wf-page="64f0c2" data-wf-site="64f0c1" lang="{lang}"><head>' + _HEAD + '<meta content="Webflow" name="generator"/></head><body class="body"><div class="navbar w-nav" role="banner"><a href="/" class="brand w-nav-brand">{name}</a><nav role="navigation" class="w-nav-menu">{menu}</nav></div><div class="section"><div class="container w-container">{body}</div></div><div class="cookie-wrap"><div>{cookie}</div></div><div class="footer"><div class="w-container">{flinks}<div class="text-small">{fline}</div></div></div>{tail}</body></html>',
    ),
    "wordpress": Style(
        h1='<h1 class="entry-title">{t}</h1>', h2='<h2 class="wp-block-heading">{t}</h2>', p="<p>{t}</p>\n",
        ul='<ul class="wp-block-list">{i}</ul>', li="<li>{t}</li>",
        rows='<figure class="wp-block-table"><table><tbody>{i}</tbody></table></figure>', row="<tr><td><strong>{a}</strong></td><td>{b}</td></tr>",
        stats='<div class="elementor-row">{i}</div>', stat='<div class="elementor-counter"><span class="elementor-counter-number">{a}</span><div class="elementor-counter-title">{b}</div></div>',
        quote='<blockquote class="wp-block-quote"><p>{t}</p></blockquote>',
        cards='<div class="wp-block-columns">{i}</div>', card='<div class="wp-block-column"><h3>{a}</h3><p>{b}</p></div>',
        links='<ul class="wp-block-latest-posts__list">{i}</ul>', link='<li><a class="wp-block-latest-posts__post-title" href="{b}">{a}</a><time>{c}</time></li>',
        page='<!DOCTYPE html><html lang="{lang}"><head>' + _HEAD + '<meta name="generator" content="WordPress 6.6.2" /><link rel="stylesheet" href="/wp-content/themes/astra/style.css" /></head><body class="page-template-default"><header id="masthead" class="site-header"><a class="custom-logo-link" href="/">{name}</a><nav id="site-navigation"><ul id="primary-menu" class="menu">{menu}</ul></nav></header><div id="primary" class="content-area"><main id="main" class="site-main"><article class="page type-page"><div class="entry-content">{body}</div></article></main></div><div id="cookie-notice">{cookie}</div><footer id="colophon" class="site-footer"><div class="widget-area">{flinks}</div><div class="site-info">{fline}</div></footer>{tail}</body></html>',
    ),
    "bootstrap": Style(
        h1='<h1 class="display-4">{t}</h1>', h2='<h3 class="mb-3">{t}</h3>', p='<p class="lead">{t}</p>',
        ul='<ul class="list-group">{i}</ul>', li='<li class="list-group-item">{t}</li>',
        rows='<table class="table table-striped">{i}</table>', row='<tr><th scope="row">{a}</th><td>{b}</td></tr>',
        stats='<div class="row text-center">{i}</div>', stat='<div class="col"><h2>{a}</h2><p>{b}</p></div>',
        quote='<div class="card"><div class="card-body"><em>{t}</em></div></div>',
        cards='<div class="row row-cols-3">{i}</div>', card='<div class="col"><div class="card"><div class="card-body"><h5 class="card-title">{a}</h5><p class="card-text">{b}</p></div></div></div>',
        links='<div class="list-group">{i}</div>', link='<a href="{b}" class="list-group-item list-group-item-action">{a} <small>{c}</small></a>',
        page='<!doctype html><html lang="{lang}"><head>' + _HEAD + '</head><body><nav class="navbar navbar-expand-lg"><a class="navbar-brand" href="/">{name}</a><div class="navbar-nav">{menu}</div></nav><div class="container my-5">{body}</div><div class="modal fade" id="cookieModal">{cookie}</div><footer class="footer mt-auto py-3"><div class="container">{flinks}<span class="text-muted">{fline}</span></div></footer>{tail}</body></html>',
    ),
}  # fmt: skip


def write_page(page: Page, frame: Frame, style: Style) -> str:
    """Return the page's HTML."""
    body = "\n".join(_block(block, style) for block in page.blocks)
    head = "".join((*frame.head, *page.head))
    if page.description:
        head += f'<meta name="description" content="{escape(page.description)}">'
    slots = {
        "lang": frame.language,
        "title": escape(page.title),
        "head": head,
        "name": escape(frame.name),
        "menu": _links(frame.menu, listed="<ul" in style.page.split("{menu}")[0][-80:]),
        "flinks": _links(frame.footer_links, listed=False),
        "cookie": escape(frame.cookie),
        "fline": escape(frame.footer_line, quote=False),
        "tail": "".join((*frame.tail, *page.tail)),
        "body": body,
    }
    return style.page.format_map(slots)


def _links(links: tuple[tuple[str, str], ...], *, listed: bool) -> str:
    form = '<li><a href="{1}">{0}</a></li>' if listed else '<a href="{1}">{0}</a> '
    return "".join(form.format(escape(label), escape(path)) for label, path in links)


def _block(block: Block, style: Style) -> str:
    if block.kind == "raw":
        return block.text
    form: str = getattr(style, block.kind)
    if block.kind in ("h1", "h2", "p", "quote"):
        return form.format(t=escape(block.text, quote=False))
    if block.kind == "ul":
        return form.format(i="".join(style.li.format(t=escape(item, quote=False)) for item in block.items))
    one = {"rows": style.row, "stats": style.stat, "cards": style.card, "links": style.link}[block.kind]
    return form.format(i="".join(_row(one, row) for row in block.rows))


def _row(form: str, row: tuple[str, ...]) -> str:
    cells = [escape(cell, quote=False) for cell in (*row, "", "")[:3]]
    return form.format(a=cells[0], b=cells[1], c=cells[2])
