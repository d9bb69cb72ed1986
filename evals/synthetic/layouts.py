"""Markup in ten manners: the same blocks as semantic HTML5, div soup, tables, CMS themes, frameworks and site builders.

A page is a list of blocks; a style says how each kind of block and the page around it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Literal

Kind = Literal[
    "h1", "h2", "p", "ul", "rows", "stats", "quote", "cards", "links", "raw", "hero", "faq", "timeline", "logos"
]  # fmt: skip


@dataclass(frozen=True)
class Block:
    """One block: a text, a list of texts, or rows of texts (label and value; title, text; caption, address).

    A hero is one row: eyebrow, headline, sub-headline, button.
    """

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
    language: str = ""


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
    hero: str = '<section class="hero"><p class="eyebrow">{a}</p><h1>{b}</h1><p class="sub">{c}</p><a class="btn" href="/demo">{d}</a></section>'
    faq: str = '<section class="faq">{i}</section>'
    question: str = "<details><summary>{a}</summary><p>{b}</p></details>"
    timeline: str = '<ol class="timeline">{i}</ol>'
    moment: str = "<li><time>{a}</time><p>{b}</p></li>"
    logos: str = '<section class="logos"><p>{t}</p>{i}</section>'
    logo: str = '<img src="/img/logo-{n}.svg" alt="{t}" loading="lazy">'
    words: str = ""
    """How each word of a heading is wrapped, by builders that animate words; empty: not at all."""
    doubled: bool = False
    """Sliders clone their slides: a quote stands twice in the markup."""


_HEAD = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>{head}'
STYLES: dict[str, Style] = {
    "semantic": Style(
        h1="<h1>{t}</h1>", h2="<h2>{t}</h2>", p="<p>{t}</p>", ul="<ul>{i}</ul>", li="<li>{t}</li>",
        rows="<dl>{i}</dl>", row="<dt>{a}</dt><dd>{b}</dd>",
        stats='<ul class="figures">{i}</ul>', stat="<li><strong>{a}</strong> {b}</li>",
        quote="<figure><blockquote><p>{t}</p></blockquote></figure>",
        cards="<section>{i}</section>", card="<article><h3>{a}</h3><p>{b}</p></article>",
        links="<ul>{i}</ul>", link='<li><a href="{b}">{a}</a> <time>{c}</time></li>',
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
        question='<div class="py-6"><dt><button class="flex w-full text-left" aria-expanded="false"><span class="font-semibold">{a}</span><span><svg class="size-6" viewBox="0 0 24 24"><path d="M12 6v12"/></svg></span></button></dt><dd class="mt-2 pr-12"><p class="text-base/7 text-gray-600">{b}</p></dd></div>',
        moment='<li class="relative pl-8"><span class="absolute left-0 font-mono text-sm">{a}</span><h3 class="text-base">{b}</h3></li>',
        hero='<div class="relative isolate pt-14"><div class="hidden sm:flex"><span class="rounded-full px-3 text-sm ring-1">{a}</span></div><h1 class="text-balance text-5xl font-semibold">{b}</h1><p class="mt-8 text-lg text-pretty text-gray-500">{c}</p><div class="mt-10 flex gap-x-6"><a href="/demo" class="rounded-md bg-indigo-600 px-3.5">{d}</a><a href="#more" class="text-sm">→</a></div></div>',
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
        hero='<p align="center"><font size="6"><b>{b}</b></font><br><i>{c}</i><br>{a}<br><a href="/demo">&gt;&gt; {d}</a></p>',
        faq="{i}", question="<p><b>{a}</b><br>{b}</p>", timeline='<table cellspacing="0">{i}</table>', moment="<tr><td><b>{a}</b></td><td>{b}</td></tr>",
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
        doubled=True,
        question='<div class="accordion-item"><div class="accordion-trigger"><div class="text-medium">{a}</div><img src="https://cdn.prod.website-files.com/plus.svg" alt=""></div><div class="accordion-pane" style="height:0px"><p>{b}</p></div></div>',
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
        question='<div class="elementor-accordion-item"><div class="elementor-tab-title"><a class="elementor-accordion-title" tabindex="0">{a}</a></div><div class="elementor-tab-content elementor-clearfix"><p>{b}</p></div></div>',
        moment='<li class="timeline-entry"><strong>{a}</strong><br />{b}</li>',
        h1='<h1 class="entry-title">{t}</h1>', h2='<h2 class="wp-block-heading">{t}</h2>', p="<p>{t}</p>\n",
        ul='<ul class="wp-block-list">{i}</ul>', li="<li>{t}</li>",
        rows='<figure class="wp-block-table"><table><tbody>{i}</tbody></table></figure>', row="<tr><td><strong>{a}</strong></td><td>{b}</td></tr>",
        stats='<div class="elementor-row">{i}</div>', stat='<div class="elementor-counter"><span class="elementor-counter-number">{a}</span><div class="elementor-counter-title">{b}</div></div>',
        quote='<blockquote class="wp-block-quote"><p>{t}</p></blockquote>',
        cards='<div class="wp-block-columns">{i}</div>', card='<div class="wp-block-column"><h3>{a}</h3><p>{b}</p></div>',
        links='<ul class="wp-block-latest-posts__list">{i}</ul>', link='<li><a class="wp-block-latest-posts__post-title" href="{b}">{a}</a> <time>{c}</time></li>',
        page='<!DOCTYPE html><html lang="{lang}"><head>' + _HEAD + '<meta name="generator" content="WordPress 6.6.2" /><link rel="stylesheet" href="/wp-content/themes/astra/style.css" /></head><body class="page-template-default"><header id="masthead" class="site-header"><a class="custom-logo-link" href="/">{name}</a><nav id="site-navigation"><ul id="primary-menu" class="menu">{menu}</ul></nav></header><div id="primary" class="content-area"><main id="main" class="site-main"><article class="page type-page"><div class="entry-content">{body}</div></article></main></div><div id="cookie-notice">{cookie}</div><footer id="colophon" class="site-footer"><div class="widget-area">{flinks}</div><div class="site-info">{fline}</div></footer>{tail}</body></html>',
    ),
    "bootstrap": Style(
        question='<div class="accordion-item"><h4 class="accordion-header"><button class="accordion-button collapsed" data-bs-toggle="collapse">{a}</button></h4><div class="accordion-collapse collapse"><div class="accordion-body">{b}</div></div></div>',
        h1='<h1 class="display-4">{t}</h1>', h2='<h3 class="mb-3">{t}</h3>', p='<p class="lead">{t}</p>',
        ul='<ul class="list-group">{i}</ul>', li='<li class="list-group-item">{t}</li>',
        rows='<table class="table table-striped">{i}</table>', row='<tr><th scope="row">{a}</th><td>{b}</td></tr>',
        stats='<div class="row text-center">{i}</div>', stat='<div class="col"><h2>{a}</h2><p>{b}</p></div>',
        quote='<div class="card"><div class="card-body"><em>{t}</em></div></div>',
        cards='<div class="row row-cols-3">{i}</div>', card='<div class="col"><div class="card"><div class="card-body"><h5 class="card-title">{a}</h5><p class="card-text">{b}</p></div></div></div>',
        links='<div class="list-group">{i}</div>', link='<a href="{b}" class="list-group-item list-group-item-action">{a} <small>{c}</small></a>',
        page='<!doctype html><html lang="{lang}"><head>' + _HEAD + '</head><body><nav class="navbar navbar-expand-lg"><a class="navbar-brand" href="/">{name}</a><div class="navbar-nav">{menu}</div></nav><div class="container my-5">{body}</div><div class="modal fade" id="cookieModal">{cookie}</div><footer class="footer mt-auto py-3"><div class="container">{flinks}<span class="text-muted">{fline}</span></div></footer>{tail}</body></html>',
    ),
    "nextjs": Style(
        h1='<h1 class="Heading_root__k2Qp1 Heading_xl__9sWcR">{t}</h1>', h2='<h2 class="Heading_root__k2Qp1">{t}</h2>', p='<p class="Text_body__Zu3vJ">{t}</p>',
        ul='<ul class="List_root__1aXbQ">{i}</ul>', li='<li class="List_item__p0Lde"><span aria-hidden="true">✓</span><span>{t}</span></li>',
        rows='<dl class="Spec_root__Yt5nA">{i}</dl>', row='<div class="Spec_row__c8m2E"><dt>{a}</dt><dd>{b}</dd></div>',
        stats='<div class="Stats_grid__uV7bh">{i}</div>', stat='<div><p class="Stats_value__H1xq9">{a}</p><p class="Stats_label__sN4kd">{b}</p></div>',
        quote='<figure class="Quote_root__Jd6fP"><blockquote>{t}</blockquote></figure>',
        cards='<div class="Grid_three__Wm0yL">{i}</div>', card='<a class="Card_root__Bq3zS" href="#more"><div class="Card_title__e7RtU">{a}</div><div class="Card_text__M5oKi">{b}</div></a>',
        links='<ul class="Links_root__0cGhV">{i}</ul>', link='<li><a href="{b}"><!-- -->{a}<!-- --></a> <time>{c}</time></li>',
        question='<div class="Faq_item__r9TtN"><h3><button type="button" aria-expanded="false">{a}</button></h3><div class="Faq_panel__q2Loa">{b}</div></div>',
        page='<!DOCTYPE html><html lang="{lang}"><head>' + _HEAD + '<link rel="stylesheet" href="/_next/static/css/5f1e.css" data-n-g=""/></head><body><div id="__next"><div class="Banner_root__aa01"><a href="/press">→</a></div><header class="Nav_root__pL81c"><a href="/" aria-label="{name}"><svg viewBox="0 0 32 32"><title>{name}</title></svg></a><nav class="Nav_desktop__zz9">{menu}</nav><nav class="Nav_mobile__zz8">{menu}</nav></header><main>{body}</main><footer class="Foot_root__kk2">{flinks}<small>{fline}</small></footer><div class="Consent_root__xY7"><p>{cookie}</p></div></div><script id="__NEXT_DATA__" type="application/json">{{"props":{{"pageProps":{{"preview":false}}}},"page":"/[slug]","buildId":"w9Qm2"}}</script>{tail}</body></html>',
    ),
    "framer": Style(
        words='<span style="display:inline-block;opacity:0.99">{w}</span>', doubled=True,
        h1='<div data-framer-component-type="RichTextContainer"><h1 class="framer-text">{t}</h1></div>', h2='<div data-framer-component-type="RichTextContainer"><h2 class="framer-text">{t}</h2></div>', p='<div data-framer-component-type="RichTextContainer"><p class="framer-text" data-styles-preset="b7">{t}</p></div>',
        ul='<div class="framer-1x7">{i}</div>', li='<div class="framer-9k2"><div data-framer-component-type="SVG"></div><p class="framer-text">{t}</p></div>',
        rows='<div class="framer-tbl">{i}</div>', row='<div class="framer-row"><p class="framer-text">{a}</p><p class="framer-text">{b}</p></div>',
        stats='<div class="framer-num">{i}</div>', stat='<div class="framer-c3"><h3 class="framer-text">{a}</h3><p class="framer-text">{b}</p></div>',
        quote='<div class="framer-tick"><p class="framer-text"><em>{t}</em></p></div>',
        cards='<div class="framer-grid">{i}</div>', card='<div class="framer-card"><h4 class="framer-text">{a}</h4><p class="framer-text">{b}</p></div>',
        links='<div class="framer-list">{i}</div>', link='<div class="framer-li"><a class="framer-text" href="{b}">{a}</a><p class="framer-text">{c}</p></div>',
        hero='<section data-framer-name="Hero"><p class="framer-text">{a}</p><h1 class="framer-text">{b}</h1><p class="framer-text">{c}</p><a class="framer-btn" href="/demo"><p class="framer-text">{d}</p></a></section>',
        page='<!doctype html><html lang="{lang}"><head>' + _HEAD + '<meta name="generator" content="Framer 5c2f1e0"></head><body class="framer-body-augiA20Il"><div id="main"><div data-framer-root="" style="min-height:100vh"><nav class="framer-nav"><a href="/">{name}</a>{menu}</nav>{body}<footer class="framer-foot">{flinks}<p class="framer-text">{fline}</p></footer></div></div><div id="overlay"><p>{cookie}</p></div>{tail}</body></html>',
    ),
    "builder": Style(
        h1='<h1 class="font_0 wixui-rich-text__text">{t}</h1>', h2='<h2 class="font_2 wixui-rich-text__text"><span style="font-weight:bold">{t}</span></h2>', p='<div class="wixui-rich-text"><p class="font_8 wixui-rich-text__text"><span class="color_15">{t}</span></p></div>',
        ul='<ul class="font_8">{i}</ul>', li='<li><p class="font_8"><span>{t}</span></p></li>',
        rows='<div class="comp-k1">{i}</div>', row='<div class="comp-k2"><h6 class="font_6"><span>{a}</span></h6><p class="font_8"><span>{b}</span></p></div>',
        stats='<div class="comp-n1">{i}</div>', stat='<div class="comp-n2"><p class="font_4"><span>{a}</span></p><p class="font_9"><span>{b}</span></p></div>',
        quote='<div class="comp-q1"><p class="font_7"><span>&#8203;“{t}”&#8203;</span></p></div>',
        cards='<div class="comp-r1" data-hook="repeater">{i}</div>', card='<div role="listitem"><h3 class="font_3"><span>{a}</span></h3><p class="font_8"><span>{b}</span></p></div>',
        links='<div class="comp-l1">{i}</div>', link='<div><p class="font_8"><a href="{b}" target="_self">{a}</a>&nbsp;{c}</p></div>',
        question='<li><div data-hook="faq-q"><p>{a}</p></div><div data-hook="faq-a"><p>{b}</p></div></li>', faq='<ul data-hook="faq">{i}</ul>',
        page='<!DOCTYPE html><html lang="{lang}"><head>' + _HEAD + '<meta http-equiv="X-Wix-Meta-Site-Id" content="5d1c"/></head><body><div id="SITE_CONTAINER"><div id="site-root"><header id="SITE_HEADER"><a href="/">{name}</a><nav><ul>{menu}</ul></nav></header><main id="PAGES_CONTAINER"><section class="wixui-section">{body}</section></main><footer id="SITE_FOOTER"><p>{flinks}</p><p class="font_9">{fline}</p></footer></div></div><div data-hook="consent-banner-root">{cookie}</div>{tail}</body></html>',
    ),
}  # fmt: skip


def write_page(page: Page, frame: Frame, style: Style) -> str:
    """Return the page's HTML."""
    body = "\n".join(_block(block, style) for block in page.blocks)
    head = "".join((*frame.head, *page.head))
    if page.description:
        head += f'<meta name="description" content="{escape(page.description)}">'
    slots = {
        "lang": page.language or frame.language,
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
        text = escape(block.text, quote=False)
        if style.words and block.kind == "h1":
            text = " ".join(style.words.format(w=word) for word in text.split())
        written = form.format(t=text)
        return written * 2 if block.kind == "quote" and style.doubled else written
    if block.kind == "ul":
        return form.format(i="".join(style.li.format(t=escape(item, quote=False)) for item in block.items))
    if block.kind == "logos":
        logos = (style.logo.format(n=number, t=escape(item)) for number, item in enumerate(block.items))
        return form.format(t=escape(block.text, quote=False), i="".join(logos))
    if block.kind == "hero":
        return _row(form, block.rows[0])
    one = {
        "rows": style.row, "stats": style.stat, "cards": style.card, "links": style.link, "faq": style.question,
        "timeline": style.moment,
    }[block.kind]  # fmt: skip
    return form.format(i="".join(_row(one, row) for row in block.rows))


def _row(form: str, row: tuple[str, ...]) -> str:
    a, b, c, d = [escape(cell, quote=False) for cell in (*row, "", "", "")[:4]]
    return form.format(a=a, b=b, c=c, d=d)
