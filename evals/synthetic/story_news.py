"""Write a site's newsroom and blog: what happened and when, in its own and other people's words."""

from __future__ import annotations

import re
from datetime import date

from evals.synthetic.author import Author, Post, head, para, slug
from evals.synthetic.company import Event
from evals.synthetic.furniture import about_the_company, note_boilerplate
from evals.synthetic.layouts import Block
from evals.synthetic.phrasebook import compose
from evals.synthetic.sayings import Wrong, written_money, written_stage


def write_news(author: Author, places: set[str]) -> None:
    """Add the newsroom and a page for each event."""
    company, site = author.company, author.site
    boilerplate = (
        about_the_company(author, places) if "boilerplate" in places or author.rng.random() < 0.5 else []
    )
    for event in company.events:
        _post(author, event, boilerplate)
    if company.has("stale_numbers"):
        _stale_post(author)
    site.posts.sort(key=lambda post: post.on or date(1970, 1, 1), reverse=True)
    rows = tuple((title, path, author.day(on) if on else "") for title, path, on, _ in site.posts)
    author.page("press", head(author, "press"), Block("links", rows=rows))


def _post(author: Author, event: Event, boilerplate: list[tuple[str, str]]) -> None:
    company, site = author.company, author.site
    other = {key: value for key, value in author.other().items() if key not in ("count", "other", "n")}
    slots = {
        **other,
        "amount": written_money(event.amount, event.currency, author.language, author.short_money) if event.amount else "",
        "stage": written_stage(event.stage, author.language) if event.stage else "",
        "title": event.title_of,
        "place2": event.place.line if event.place else "",
        "n": author.number(event.count),
        "other": event.other,
    }  # fmt: skip
    if event.kind == "launch":
        slots["product"] = event.other
    title, body = author.say(f"{event.kind}.title", **slots), author.say(f"{event.kind}.body", **slots)
    path = author.below("press", slug(title))
    url = site.url(path)
    lead = f"{company.place.city.upper()}. " if author.rng.random() < 0.3 else ""
    blocks = [
        Block("h1", title),
        para(lead + body),
        *(para(text) for text in author.some("noise.about", 1)),
    ]
    if event.on:
        blocks.insert(1, para(author.day(event.on)))
    if event.kind in ("partnership", "acquisition"):
        blocks += _about_another(author, event.other)
    if boilerplate:
        blocks += [
            Block("h2", author.say("boilerplate.title")),
            para(" ".join(text for _, text in boilerplate)),
        ]
        note_boilerplate(author, boilerplate, url)
    page = author.page("press", *blocks, path=path, title=f"{title} | {company.name}")
    if event.on and author.rng.random() < 0.6:
        page.head.append(f'<meta property="article:published_time" content="{event.on}T08:00:00Z">')
    site.posts.append(Post(title, path, event.on, body))
    _note_event(author, event, url, body)
    if event.kind == "funding" and company.has("press_wire"):
        copy = [Block("h1", title), para(author.day(event.on or date(2026, 1, 1))), para(body), para("Distributed by NewsFerry. NewsFerry employs 2,500 people worldwide.")]  # fmt: skip
        wire = author.below("press", f"newsferry-{slug(title)}")
        author.page("press", *copy, path=wire, title=f"{title} | NewsFerry")
        site.posts.append(Post(title, wire, event.on, body))
        site.ledger.wrong_count(2_500, "press_wire")


def _note_event(author: Author, event: Event, url: str, body: str) -> None:
    def state(attribute: str, value: object, *accept: object) -> None:
        author.state(attribute, value, url, body, accept=accept or None, on=event.on)

    if event.kind == "funding":
        state("funding_round", {"stage": event.stage, "amount": event.amount, "currency": event.currency})
    elif event.kind == "leadership":
        state("leadership_change", {"title": event.title_of, "change": "appointed"})
    elif event.kind == "launch":
        state("product_launch", {"product": event.other})
    elif event.kind == "partnership":
        state("partnership", {"partner": event.other})
    elif event.kind == "acquisition":
        state("acquisition", {"role": "acquirer", "other": event.other})
    elif event.kind == "layoffs":
        state("layoffs", {"count": event.count, "percent": None}, {"count": event.count})
    elif event.kind == "expansion" and event.place:
        city, line = event.place.city, event.place.line
        state("expansion", {"kind": "office", "place": city, "country": event.place.country}, {"place": city}, {"place": line})  # fmt: skip


def _stale_post(author: Author) -> None:
    company = author.company
    year, count = 2019 + company.number % 4, max(3, company.employees // 3)
    sentence = author.say("stale", year2=str(year), n=author.number(count))
    on = date(year + 1, 3, 14)
    title = author.say("award.title")
    path = author.below("press", f"{slug(title)}-{year}")
    author.page("press", Block("h1", title), para(author.day(on)), para(sentence), para(author.say("award.body")), path=path, title=title)  # fmt: skip
    author.site.posts.append(Post(title, path, on, sentence))
    author.site.ledger.wrong_count(count, "stale_numbers")


def _about_another(author: Author, name: str) -> list[Block]:
    """Return the other company's last paragraph, which a press release about two companies carries too."""
    count = author.foreign(1_300, 2_900, 5_600)
    author.site.ledger.wrong_count(count, "partner_numbers")
    other = {
        **author.slots,
        "co": name,
        "n": author.number(count),
        "city": "Porto",
        "place": "Porto",
        "offices": "Porto",
    }
    own = compose(author.rng.choice(author.book.templates("employee_count.they")), author.rng, other)
    title = compose(author.rng.choice(author.book.templates("boilerplate.title")), author.rng, other)
    return [Block("h2", title), para(own)]


def write_blog(author: Author) -> None:
    """Add the blog: advice that names products, certificates and other people's numbers."""
    company = author.company
    rows = [(title, author.below("blog", slug(title)), "") for title in author.some("noise.blog", 2)]
    for (title, path, _), count in zip(rows, (4, 2), strict=False):
        body = author.some("noise.blogbody", count)
        if any(re.search(r"50[.,\u202f ]000", text) for text in body):
            author.site.ledger.wrong_count(50_000, "customer_numbers")
        author.page("blog", Block("h1", title), *(para(text) for text in body), path=path, title=title)
    if company.has("mentioned"):
        rows += _mentions(author)
    if author.rng.random() < 0.4:
        rows[0] = (rows[0][0], rows[0][1], author.say("fair", city2="Malmö"))
    author.page("blog", head(author, "blog"), Block("links", rows=tuple(rows)))


def _mentions(author: Author) -> list[tuple[str, str, str]]:
    """Add posts that compare two products and explain a certificate, none of which the company has."""
    company, ledger = author.company, author.site.ledger
    taken = {*company.tools(), *ledger.uses(), *(denial.of for denial in company.denials)}
    a, b = [name for name in ("Salesforce", "HubSpot", "Zoho CRM", "Pipedrive", "Microsoft Dynamics 365") if name not in taken][:2]  # fmt: skip
    held = " ".join(company.certifications)
    cert = next(name for name in ("SOC 2", "ISO 27001", "PCI DSS") if name not in held)
    ledger.wrong += [
        Wrong("technology", {"product": name, "relation": "uses"}, "mentioned") for name in (a, b)
    ]
    ledger.wrong.append(Wrong("certification", cert, "mentioned"))
    rows = []
    for key, slots in (("tool", {"a": a, "b": b}), ("cert", {"cert": cert})):
        title = author.say(f"mention.{key}.title", **slots)
        path = author.below("blog", slug(title))
        body = [*author.some(f"mention.{key}.body", 2, **slots), *author.some("noise.blogbody", 1)]
        author.page("blog", Block("h1", title), *(para(text) for text in body), path=path, title=title)
        rows.append((title, path, ""))
    return rows
