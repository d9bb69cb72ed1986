"""Write a site's careers page and its openings, on a board or on pages of its own."""

from __future__ import annotations

from evals.synthetic.author import Author, para
from evals.synthetic.boards import Posted, board_of
from evals.synthetic.denials import deny
from evals.synthetic.furniture import script
from evals.synthetic.layouts import Block, Page
from evals.synthetic.sayings import Wrong


def write_careers(author: Author, places: set[str]) -> None:
    """Add the careers page and, wherever they are published, the openings."""
    company, site = author.company, author.site
    path = author.path("careers")
    url = site.url(path)
    blocks = [
        Block("h1", author.say("careers.intro")),
        *(para(text) for text in author.some("noise.careers", 2)),
    ]
    if "careers" in places:
        sentence = author.say("employee_count", n=author.quantity())
        site.ledger.headcount(company, url, sentence)
        blocks.append(para(sentence))
    if company.second_count is not None:
        sentence = author.say("employee_count", n=author.number(company.second_count))
        value = {"exact": company.second_count, "low": company.second_count, "high": company.second_count}
        author.state("employee_count", value, url, sentence)
        blocks.append(para(sentence))
    posted = tuple(_posting_text(author, opening.key, "job" in places) for opening in company.openings)
    denials = company.denied("hiring")
    if company.has("empty_careers"):
        blocks.append(para(author.say("careers.empty")))
    blocks += [para(deny(author, denial, url)) for denial in denials]
    page = author.page("careers", *blocks)
    if (company.has("empty_careers") or denials) and company.number % 2:
        return
    site.board = board_of(company, posted)
    if site.board is None:
        _own_openings(author, page, posted)
        urls = {one.opening.key: site.url(author.below("careers", one.opening.key)) for one in posted}
    else:
        urls = site.board.urls
        page.blocks.append(Block("links", rows=((author.say("careers.board"), site.board.link, ""),)))  # fmt: skip
        if site.board.embed and author.rng.random() < 0.5:
            page.blocks.append(Block("raw", site.board.embed))
    _note_openings(author, posted, urls, "job" in places)


def _posting_text(author: Author, key: str, with_size: bool) -> Posted:
    company = author.company
    opening = next(one for one in company.openings if one.key == key)
    author = (
        author
        if company.jobs_language == author.language
        else Author(company, author.site, company.jobs_language)
    )
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


def _own_openings(author: Author, page: Page, posted: tuple[Posted, ...]) -> None:
    rows = tuple(
        (one.opening.title, author.below("careers", one.opening.key), one.opening.place.line)
        for one in posted
    )
    page.blocks.append(Block("links", rows=rows))
    for one in posted:
        opening = one.opening
        data = {
            "@context": "https://schema.org", "@type": "JobPosting", "title": opening.title, "datePosted": str(opening.posted),
            "hiringOrganization": {"@type": "Organization", "name": author.company.name},
            "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": opening.place.city, "addressCountry": opening.place.country}},
            "description": one.html,
        }  # fmt: skip
        made = author.page("careers", Block("h1", opening.title), para(opening.place.line), *(para(text) for text in one.paragraphs), path=author.below("careers", opening.key), title=f"{opening.title} | {author.company.name}")  # fmt: skip
        made.head.append(script(data))
