"""Write one company's site: choose words and places for its facts, and keep a ledger of what was said where."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from agent.canonical.industries import industry_label
from evals.synthetic.boards import BoardFile, Posted, board_of
from evals.synthetic.company import SECTORS, Company, Event
from evals.synthetic.layouts import Block, Page
from evals.synthetic.phrasebook import compose
from evals.synthetic.sayings import (
    Ledger,
    Said,
    Wrong,
    headquarters_value,
    written,
    written_money,
    written_stage,
)

_FOREIGN_TOOLS = ("Workday", "ServiceNow", "Marketo Engage", "Pipedrive", "Zoho CRM")
_PRICES = ("9", "12", "19", "29", "49")


@dataclass
class Site:
    """A written site: its pages, its board, its dated posts and the ledger."""

    company: Company
    root: str
    pages: list[Page] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    board: BoardFile | None = None
    posts: list[tuple[str, str, date | None, str]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return self.root + path


class Author:
    """Writes pages in one site's voice: its person, its favourite wordings, its way with dates and numbers."""

    def __init__(self, company: Company, root: str) -> None:
        self.company = company
        self.site = Site(company, root)
        self.book = company.book
        self.rng = company.rng("prose")
        self.dateform = self.rng.choice(self.book.choices("dateform"))
        self.short_money = self.rng.random() < 0.5
        does = company.words.does
        self.slots = {
            "co": company.name,
            "city": company.place.city,
            "place": company.place.line,
            "offices": self.listed([place.city for place in company.offices]),
            "clients": company.words.clients,
            "clients_one": company.words.client,
            "does": does,
            "does_cap": does[0].upper() + does[1:],
            "product": company.words.products[0],
        }

    def listed(self, parts: list[str]) -> str:
        """Join words as a language lists them."""
        last = self.book.menu("and").label
        return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"

    def say(self, key: str, **slots: str) -> str:
        """Compose one sentence; a key with two voices takes the site's, now and then the other."""
        if f"{key}.we" in ("employee_count.we", "founded.we", "hq.we", "industry.we"):
            own = self.company.we if self.rng.random() < 0.8 else not self.company.we
            key = f"{key}.{'we' if own else 'they'}"
        sentence = self.book.compose(key, self.rng, **{**self.slots, **slots})
        return sentence[0].upper() + sentence[1:]

    def some(self, key: str, count: int, **slots: str) -> list[str]:
        """Compose sentences from different templates of a key."""
        templates = list(self.book.templates(key))
        chosen = self.rng.sample(templates, min(count, len(templates)))
        return [compose(template, self.rng, {**self.slots, **slots}) for template in chosen]

    def number(self, number: int) -> str:
        """Write a number."""
        return written(number, self.company.language)

    def quantity(self) -> str:
        """Write the company's size with its qualifier."""
        company = self.company
        if company.qualifier == "range" and company.band:
            low, high = (self.number(end) for end in company.band)
            return compose(self.rng.choice(self.book.templates("n.range")), self.rng, {"a": low, "b": high})
        if company.qualifier in ("about", "over"):
            key = f"n.{company.qualifier}"
            return compose(self.rng.choice(self.book.templates(key)), self.rng, {"n": self.number(company.employees)})  # fmt: skip
        return self.number(company.employees)

    def day(self, on: date) -> str:
        """Write a date."""
        month = self.book.choices("month")[on.month - 1]
        return self.dateform.format(month=month, d=on.day, dd=f"{on.day:02d}", mm=f"{on.month:02d}", y=on.year, iso=on.isoformat())  # fmt: skip

    def other(self, suffix: str = "") -> dict[str, str]:
        """Draw another company: its name, size, city and year, none of them the account's."""
        count = self.rng.choice((620, 1_900, 4_200, 6_200, 8_700, 14_500))
        if count == self.company.employees:
            count += 110
        return {
            "other": self.say("other") + suffix,
            "n": self.number(count),
            "count": str(count),
            "city2": self.rng.choice(("Lyon", "Malmö", "Porto", "Gdańsk", "Turin")),
            "year2": str(self.rng.randint(1931, 1994)),
        }

    def page(self, key: str, *blocks: Block, path: str | None = None, title: str | None = None) -> Page:
        """Add a page; `key` is its menu entry."""
        menu = self.book.menu(key)
        made = Page(path or menu.path, title or f"{menu.label} | {self.company.name}", list(blocks))
        self.site.pages.append(made)
        return made

    def state(self, attribute: str, value: object, url: str, *quotes: str, accept: tuple[object, ...] | None = None, on: date | None = None, denies: bool = False, label: bool = True) -> None:  # fmt: skip
        """Note a statement in the ledger."""
        self.site.ledger.said.append(
            Said(attribute, value, url, quotes, accept or (value,), on, "denies" if denies else "asserts", label=label)  # type: ignore[arg-type]
        )  # fmt: skip


def write_site(company: Company, root: str) -> Site:
    """Return the company's whole site."""
    author = Author(company, root)
    places = _places_of_size(author)
    _home(author, places)
    _about(author, places)
    _product(author)
    _customers(author)
    _careers(author, places)
    _news(author)
    _blog(author)
    _rest(author)
    return author.site


def _places_of_size(author: Author) -> set[str]:
    company = author.company
    if company.qualifier == "none":
        return set()
    open_to = ["about", "facts", "stats", "careers", "job", "home"]
    if company.qualifier == "exact":
        open_to.append("json_ld")
    if company.qualifier in ("about", "range"):
        open_to.remove("stats")
    if company.second_count is not None:
        return {"about"}
    return set(author.rng.sample(open_to, author.rng.choice((1, 1, 2, 3))))


def _para(text: str) -> Block:
    return Block("p", text)


def _head(author: Author, key: str) -> Block:
    return Block("h1", author.book.menu(key).label)


def _home(author: Author, places: set[str]) -> None:
    company, site, url = author.company, author.site, author.site.url("/")
    blocks = [Block("h1", author.say("tagline"))]
    blocks += [_para(sentence) for sentence in author.some("noise.product", 2)]
    if not company.industry_said or author.rng.random() < 0.4:
        _say_industry(author, blocks, url)
    blocks.append(Block("cards", rows=tuple((product, text) for product, text in zip(company.words.products, author.some("noise.product", 2), strict=False))))  # fmt: skip
    if "home" in places:
        sentence = author.say("employee_count", n=author.quantity())
        site.ledger.headcount(company, url, sentence)
        blocks.append(_para(sentence))
    blocks.append(Block("quote", author.say("testimonial")))
    page = author.page("home", *blocks, title=f"{company.name} – {author.say('tagline')}")
    page.description = author.say("tagline")
    if "json_ld" in places or author.rng.random() < 0.5:
        page.head.append(_json_ld(author, "json_ld" in places))


def _json_ld(author: Author, with_size: bool) -> str:
    company, url = author.company, author.site.url("/")
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": company.name,
        "legalName": company.legal,
        "url": url,
    }
    if author.rng.random() < 0.5:
        data["address"] = {"@type": "PostalAddress", "addressLocality": company.place.city, "addressCountry": company.place.country}  # fmt: skip
    if company.founded and author.rng.random() < 0.5:
        data["foundingDate"] = str(company.founded)
        author.state("founded_year", company.founded, url, f'"foundingDate": "{company.founded}"')
    if with_size:
        data["numberOfEmployees"] = {"@type": "QuantitativeValue", "value": company.employees}
        author.site.ledger.headcount(company, url, f'"value": {company.employees}')
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def _say_industry(author: Author, blocks: list[Block], url: str) -> None:
    is_a = author.rng.choice(author.company.words.is_a)
    bare = is_a.split(" ", 1)[1]
    sentence = author.say("industry", is_a=is_a, is_a_bare=bare)
    if bare not in sentence:
        sentence = f"{author.company.name}: {is_a}."
    codes = SECTORS[author.company.sector]
    values = tuple({"code": code, "label": industry_label(code)} for code in codes)
    author.state("industry", values[0], url, sentence, accept=tuple({"code": code} for code in codes))
    blocks.append(_para(sentence))


def _about(author: Author, places: set[str]) -> None:
    company, ledger, book = author.company, author.site.ledger, author.book
    path = book.menu("about").path
    url = author.site.url(path)
    blocks = [_head(author, "about")]
    if company.industry_said:
        _say_industry(author, blocks, url)
    facts: list[tuple[str, str]] = []
    prose: list[str] = author.some("noise.about", 3)
    if company.founded:
        year = str(company.founded)
        if author.rng.random() < 0.7 or not any(said.attribute == "founded_year" for said in ledger.said):
            prose.append(author.say("founded", year=year))
            author.state("founded_year", company.founded, url, prose[-1])
        if author.rng.random() < 0.3:
            label = book.menu("founded").label
            facts.append((label, year))
            author.state("founded_year", company.founded, url, f"{label} | {year}", f"{label} {year}", f"{label}: {year}")  # fmt: skip
    hq = headquarters_value(company.place)
    accept = ({"city": company.place.city, "country": company.place.country},)
    if author.rng.random() < 0.8:
        prose.append(author.say("hq"))
        author.state("headquarters", hq, url, prose[-1], accept=accept)
    else:
        label = book.menu("hq").label
        facts.append((label, company.place.line))
        author.state("headquarters", hq, url, f"{label} | {company.place.line}", f"{label} {company.place.line}", f"{label}: {company.place.line}", accept=accept)  # fmt: skip
    if "about" in places:
        prose.append(author.say("employee_count", n=author.quantity()))
        ledger.headcount(company, url, prose[-1])
    if company.parent:
        n = 18_000
        prose += [author.say("parent", parent=company.parent, n=author.number(n)), author.say("parent.size", parent=company.parent, n=author.number(n))]  # fmt: skip
        author.state("parent", company.parent, url, prose[-2])
        ledger.wrong_count(n, "subsidiary")
    if company.former:
        prose.append(author.say("rebrand", old=company.former, year2="2024"))
        ledger.wrong.append(Wrong("name", company.former, "rebrand"))
    if company.has("namesake"):
        other = author.other()
        prose.append(author.say("namesake", n=other["n"], city2=other["city2"], year2=other["year2"]))
        ledger.wrong_count(int(other["count"]), "namesake")
    author.rng.shuffle(prose)
    blocks += [_para(sentence) for sentence in prose]
    employees = book.menu("employees").label
    if "stats" in places:
        shown = author.number(company.employees) + ("+" if company.qualifier == "over" else "")
        blocks.append(Block("stats", rows=(("98%", author.say("tagline")), (shown, employees.lower() if company.language != "de" else employees))))  # fmt: skip
        ledger.headcount(
            company, url, f"{shown} {employees}", f"{employees} {shown}", f"{employees}\n{shown}"
        )
    if "facts" in places:
        shown = author.quantity()
        facts.append((employees, shown))
        ledger.headcount(company, url, f"{employees} | {shown}", f"{employees} {shown}", f"{employees}: {shown}")  # fmt: skip
    if facts:
        blocks += [Block("h2", book.menu("facts").label), Block("rows", rows=tuple(facts))]
    author.page("about", *blocks)


def _product(author: Author) -> None:
    company, ledger, book = author.company, author.site.ledger, author.book
    url = author.site.url(book.menu("product").path)
    blocks = [_head(author, "product"), Block("ul", items=tuple(author.some("noise.product", 4)))]
    if company.integrations:
        a, b, c = company.integrations
        sentence = author.say("integrates", a=a, b=b, c=c)
        blocks.append(_para(sentence))
        for product in company.integrations:
            ledger.technology(product, "integrates_with", url, sentence)
    if company.api:
        sentence = author.say("api")
        blocks.append(_para(sentence))
        author.state("api_offered", True, url, sentence)
    author.page("product", *blocks)
    more = [_head(author, "features"), *(_para(sentence) for sentence in author.some("noise.product", 3))]
    author.page("features", *more)
    if company.pricing:
        path = book.menu("pricing").path
        currency = "${}" if company.language == "en" else "{} €"
        price = currency.format(author.rng.choice(_PRICES))
        sentence = author.say(f"pricing.{company.pricing}", price=price)
        author.state("pricing_model", company.pricing, author.site.url(path), sentence)
        author.page("pricing", _head(author, "pricing"), _para(sentence), *(_para(text) for text in author.some("noise.product", 1)))  # fmt: skip


def _customers(author: Author) -> None:
    company, ledger = author.company, author.site.ledger
    blocks = [_head(author, "customers")]
    told = 3 if company.has("customer_numbers") else 1
    for _ in range(told):
        other = author.other()
        used = {*ledger.uses(), *company.marks, *company.dns, *(tool for one in company.openings for tool in one.tools)}  # fmt: skip
        tool = author.rng.choice([tool for tool in _FOREIGN_TOOLS if tool not in used])
        story = author.say("customer.story", tool=tool, **{k: v for k, v in other.items() if k != "count"})
        blocks += [Block("h2", other["other"]), _para(story), Block("quote", author.say("testimonial"))]
        if other["n"] in story:
            ledger.wrong_count(int(other["count"]), "customer_numbers")
        if tool in story:
            ledger.wrong.append(Wrong("technology", {"product": tool, "relation": "uses"}, "customer_numbers"))  # fmt: skip
        if other["year2"] in story:
            ledger.wrong.append(Wrong("founded_year", int(other["year2"]), "customer_numbers"))
    author.page("customers", *blocks)
    if company.has("partner_numbers"):
        lines = [_head(author, "partners")]
        for _ in range(2):
            other = author.other()
            story = author.say("partner.story", **{k: v for k, v in other.items() if k != "count"})
            lines.append(_para(story))
            if other["n"] in story:
                ledger.wrong_count(int(other["count"]), "partner_numbers")
        author.page("partners", *lines)


def _careers(author: Author, places: set[str]) -> None:
    company, site, book = author.company, author.site, author.book
    path = book.menu("careers").path
    url = site.url(path)
    blocks = [
        Block("h1", author.say("careers.intro")),
        *(_para(text) for text in author.some("noise.careers", 2)),
    ]
    if "careers" in places:
        sentence = author.say("employee_count", n=author.quantity())
        site.ledger.headcount(company, url, sentence)
        blocks.append(_para(sentence))
    if company.second_count is not None:
        sentence = author.say("employee_count", n=author.number(company.second_count))
        value = {"exact": company.second_count, "low": company.second_count, "high": company.second_count}
        author.state("employee_count", value, url, sentence)
        blocks.append(_para(sentence))
    posted = tuple(_posting_text(author, opening.key, "job" in places) for opening in company.openings)
    if company.has("empty_careers"):
        blocks.append(_para(author.say("careers.empty")))
    page = author.page("careers", *blocks)
    if company.has("empty_careers") and company.number % 2:
        return
    site.board = board_of(company, posted)
    if site.board is None:
        _own_openings(author, page, path, posted)
        urls = {one.opening.key: site.url(f"{path}/{one.opening.key}") for one in posted}
    else:
        urls = site.board.urls
        page.blocks.append(Block("links", rows=((author.say("careers.board"), site.board.link, ""),)))  # fmt: skip
        if site.board.embed and author.rng.random() < 0.5:
            page.blocks.append(Block("raw", site.board.embed))
    _note_openings(author, posted, urls, "job" in places)


def _posting_text(author: Author, key: str, with_size: bool) -> Posted:
    company = author.company
    opening = next(one for one in company.openings if one.key == key)
    department = author.book.department(opening.department)
    lines = author.some(f"job.{opening.department}", 2)
    lines += [author.say("uses.job", tool=tool, dept=department) for tool in opening.tools]
    if opening.migrating:
        lines.append(author.say("migrating", old=opening.migrating[0], new=opening.migrating[1]))
    if with_size:
        lines.append(author.say("employee_count", n=author.quantity()))
    return Posted(opening, tuple(lines), department)


def _note_openings(author: Author, posted: tuple[Posted, ...], urls: dict[str, str], with_size: bool) -> None:  # fmt: skip
    company, ledger = author.company, author.site.ledger
    for number, one in enumerate(posted):
        opening, url = one.opening, urls[one.opening.key]
        value = {"department": opening.department, "seniority": None, "title": opening.title, "count": 1}
        author.state("hiring", value, url, opening.title, accept=({"department": opening.department},), on=opening.posted)  # fmt: skip
        for tool in opening.tools:
            sentence = next(line for line in one.paragraphs if tool in line)
            ledger.technology(tool, "uses", url, sentence, on=opening.posted)
        if opening.migrating:
            old, _ = opening.migrating
            sentence = next(line for line in one.paragraphs if old in line)
            ledger.technology(old, "migrating_from", url, sentence, on=opening.posted)
            ledger.wrong.append(Wrong("technology", {"product": old, "relation": "uses"}, "migrating_from"))
        if with_size and number == 0:
            ledger.headcount(company, url, one.paragraphs[-1])
    if company.has("other_departments"):
        ledger.wrong.append(Wrong("hiring", {"department": "sales"}, "other_departments"))


def _own_openings(author: Author, page: Page, path: str, posted: tuple[Posted, ...]) -> None:
    rows = tuple((one.opening.title, f"{path}/{one.opening.key}", one.opening.place.line) for one in posted)
    page.blocks.append(Block("links", rows=rows))
    for one in posted:
        opening = one.opening
        data = {
            "@context": "https://schema.org", "@type": "JobPosting", "title": opening.title, "datePosted": str(opening.posted),
            "hiringOrganization": {"@type": "Organization", "name": author.company.name},
            "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": opening.place.city, "addressCountry": opening.place.country}},
            "description": one.html,
        }  # fmt: skip
        made = author.page("careers", Block("h1", opening.title), _para(opening.place.line), *(_para(text) for text in one.paragraphs), path=f"{path}/{opening.key}", title=f"{opening.title} | {author.company.name}")  # fmt: skip
        made.head.append(
            f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'
        )


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]


def _news(author: Author) -> None:
    company, site = author.company, author.site
    folder = author.book.menu("press").path
    for event in company.events:
        _post(author, event, folder)
    if company.has("stale_numbers"):
        _stale_post(author, folder)
    site.posts.sort(key=lambda post: post[2] or date(1970, 1, 1), reverse=True)
    rows = tuple((title, path, author.day(on) if on else "") for title, path, on, _ in site.posts)
    author.page("press", _head(author, "press"), Block("links", rows=rows))


def _post(author: Author, event: Event, folder: str) -> None:
    company, site = author.company, author.site
    other = {key: value for key, value in author.other().items() if key not in ("count", "other", "n")}
    slots = {
        **other,
        "amount": written_money(event.amount, event.currency, company.language, author.short_money) if event.amount else "",
        "stage": written_stage(event.stage, company.language) if event.stage else "",
        "title": event.title_of,
        "place2": event.place.line if event.place else "",
        "n": author.number(event.count),
        "other": event.other,
    }  # fmt: skip
    if event.kind == "launch":
        slots["product"] = event.other
    title, body = author.say(f"{event.kind}.title", **slots), author.say(f"{event.kind}.body", **slots)
    path = f"{folder}/{_slug(title)}"
    url = site.url(path)
    lead = f"{company.place.city.upper()}. " if author.rng.random() < 0.3 else ""
    blocks = [
        Block("h1", title),
        _para(lead + body),
        *(_para(text) for text in author.some("noise.about", 1)),
    ]
    if event.on:
        blocks.insert(1, _para(author.day(event.on)))
    page = author.page("press", *blocks, path=path, title=f"{title} | {company.name}")
    if event.on and author.rng.random() < 0.6:
        page.head.append(f'<meta property="article:published_time" content="{event.on}T08:00:00Z">')
    site.posts.append((title, path, event.on, body))
    _note_event(author, event, url, body)
    if event.kind == "funding" and company.has("press_wire"):
        copy = [Block("h1", title), _para(author.day(event.on or date(2026, 1, 1))), _para(body), _para("Distributed by NewsFerry. NewsFerry employs 2,500 people worldwide.")]  # fmt: skip
        author.page("press", *copy, path=f"{folder}/newsferry-{_slug(title)}", title=f"{title} | NewsFerry")
        site.posts.append((title, f"{folder}/newsferry-{_slug(title)}", event.on, body))
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


def _stale_post(author: Author, folder: str) -> None:
    company = author.company
    year, count = 2019 + company.number % 4, max(3, company.employees // 3)
    sentence = author.say("stale", year2=str(year), n=author.number(count))
    on = date(year + 1, 3, 14)
    title = author.say("award.title")
    path = f"{folder}/{_slug(title)}-{year}"
    author.page("press", Block("h1", title), _para(author.day(on)), _para(sentence), _para(author.say("award.body")), path=path, title=title)  # fmt: skip
    author.site.posts.append((title, path, on, sentence))
    author.site.ledger.wrong_count(count, "stale_numbers")


def _blog(author: Author) -> None:
    folder = author.book.menu("blog").path
    titles = author.some("noise.blog", 2)
    rows = tuple((title, f"{folder}/{_slug(title)}", "") for title in titles)
    author.page("blog", _head(author, "blog"), Block("links", rows=rows))
    for (title, path, _), count in zip(rows, (4, 2), strict=False):
        body = author.some("noise.blogbody", count)
        if any(re.search(r"50[.,\u202f ]000", text) for text in body):
            author.site.ledger.wrong_count(50_000, "customer_numbers")
        author.page("blog", Block("h1", title), *(_para(text) for text in body), path=path, title=title)


def _rest(author: Author) -> None:
    company, book, ledger = author.company, author.book, author.site.ledger
    url = author.site.url(book.menu("security").path)
    lines: list[str] = []
    for certification in company.certifications:
        lines.append(author.say("cert.yes", cert=certification))
        author.state("certification", certification, url, lines[-1])
    if company.denied_certification:
        lines.append(author.say("cert.no", cert=company.denied_certification))
        author.state("certification", company.denied_certification, url, lines[-1], denies=True)
        ledger.wrong.append(Wrong("certification", company.denied_certification, "denied"))
    if company.text_tool:
        lines.append(author.say("uses.text", tool=company.text_tool))
        ledger.technology(company.text_tool, "uses", url, lines[-1])
    if company.denied_tool:
        lines.append(author.say("denied.tool", tool=company.denied_tool))
        ledger.technology(company.denied_tool, "uses", url, lines[-1], denies=True)
        ledger.wrong.append(Wrong("technology", {"product": company.denied_tool, "relation": "uses"}, "denied"))  # fmt: skip
        lines.append(author.say("denied.funding"))
    lines += author.some("noise.product", 2)
    author.page("security", _head(author, "security"), *(_para(text) for text in lines))
    label = company.domain.split(".")[0]
    author.page(
        "contact", _head(author, "contact"), _para(f"hello@{label}.example"), _para(company.place.line)
    )
    author.page("legal", _head(author, "legal"), _para(company.legal), _para(f"{author.rng.randint(2, 99)} Example Street, {company.place.line}"))  # fmt: skip
