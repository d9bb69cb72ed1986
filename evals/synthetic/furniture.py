"""What stands around the facts on real sites: heroes, logo strips, counters, questions, milestones, structured data.

Most of it is noise, some of it states a fact in an unusual place, and its numbers are of customers, readers
and countries: the ledger says which is which.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from evals.synthetic.author import Author, para
from evals.synthetic.denials import deny
from evals.synthetic.layouts import Block
from evals.synthetic.sayings import Wrong, headquarters_value


def hero(author: Author, title: str) -> Block:
    """Return the first screen of a home page."""
    rng = author.rng
    eyebrow = author.say("hero.eyebrow") if rng.random() < 0.7 else ""
    return Block(
        "hero",
        rows=((eyebrow, title, author.say("hero.sub"), rng.choice(author.book.choices("hero.cta"))),),
    )


def logo_strip(author: Author) -> Block:
    """Return the strip of customers' logos with the number of customers above it."""
    count = author.foreign(340, 2_500, 12_000)
    line = author.say("logos", n=author.number(count))
    author.site.ledger.wrong_count(count, "customer_numbers")
    return Block("logos", line, items=tuple(author.say("other") for _ in range(author.rng.randint(3, 5))))


def counters(author: Author) -> Block:
    """Return a band of big numbers, none of them about the company itself."""
    customers, countries, uptime, shipped = author.book.choices("stats")
    count = author.foreign(450, 3_000, 18_000)
    author.site.ledger.wrong_count(count, "customer_numbers")
    rows = [
        (f"{author.number(count)}+", customers),
        ("40+", countries),
        ("99.98%", uptime),
        (author.number(2_600_000), shipped),
    ]
    author.rng.shuffle(rows)
    return Block("stats", rows=tuple(rows[: author.rng.choice((3, 4))]))


def newsletter(author: Author) -> Block:
    """Return the invitation to a newsletter, with its number of readers."""
    count = author.foreign(5_400, 12_800, 48_000)
    author.site.ledger.wrong_count(count, "customer_numbers")
    return para(author.say("newsletter", n=author.number(count)))


def questions(author: Author, places: set[str], url: str) -> tuple[Block, str]:
    """Return a list of questions and answers, and its structured data; some answers are facts, some denials."""
    company, rng = author.company, author.rng
    rows = []
    for pair in author.some("faq.noise", 3):
        question, _, answer = pair.partition(" => ")
        rows.append((question, answer))
    if "faq" in places:
        answer = author.say("employee_count", n=author.quantity())
        author.site.ledger.headcount(company, url, answer)
        rows.append((author.say("faq.q.size"), answer))
    if company.founded and rng.random() < 0.35:
        answer = author.say("founded", year=str(company.founded))
        author.state("founded_year", company.founded, url, answer)
        rows.append((author.say("faq.q.founded"), answer))
    if rng.random() < 0.35:
        answer = author.say("hq")
        author.state("headquarters", headquarters_value(company.place), url, answer, accept=hq_accept(author))
        rows.append((author.say("faq.q.hq"), answer))
    for denial in company.denied("certification"):
        rows.append((author.say("faq.q.cert", cert=denial.of), deny(author, denial, url)))
    for denial in company.denied("integration"):
        rows.append((author.say("faq.q.integration", tool=denial.of), deny(author, denial, url)))
    for denial in company.denied("api"):
        rows.append((author.say("faq.q.api"), deny(author, denial, url)))
    if company.api and rng.random() < 0.5:
        answer = author.say("api")
        author.state("api_offered", True, url, answer)
        rows.append((author.say("faq.q.api"), answer))
    rng.shuffle(rows)
    data = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
            for question, answer in rows
        ],
    }
    structured = script(data) if rng.random() < 0.5 else ""
    return Block("faq", rows=tuple(rows)), structured


def milestones(author: Author, url: str) -> list[Block]:
    """Return the company's history in years: its founding, a size it has outgrown, a product."""
    company = author.company
    if not company.founded or company.founded > 2015:
        return []
    year = str(company.founded)
    first = author.say("timeline.founded")
    author.state(
        "founded_year", company.founded, url, f"{year} {first}", f"{year} | {first}", f"{year}: {first}"
    )
    then = author.foreign(max(2, company.employees // 5), max(3, company.employees // 4))
    author.site.ledger.wrong_count(then, "stale_numbers")
    rows = (
        (year, first),
        (str(author.rng.randint(company.founded + 2, 2018)), author.say("timeline.stale", n=author.number(then))),
        (str(author.rng.randint(2019, 2024)), author.say("timeline.launch")),
    )  # fmt: skip
    return [Block("h2", author.say("timeline.title")), Block("timeline", rows=rows)]


def customer_profile(author: Author, other: dict[str, str]) -> Block:
    """Return the fact box of a case study: everything in it is true of the customer."""
    book, ledger = author.book, author.site.ledger
    sector = author.rng.choice([line for line in ("healthcare", "education", "energy") if line != author.company.sector])  # fmt: skip
    ledger.wrong_count(int(other["count"]), "customer_numbers")
    ledger.wrong.append(Wrong("founded_year", int(other["year2"]), "customer_numbers"))
    ledger.wrong.append(Wrong("headquarters", {"city": other["city2"]}, "customer_numbers"))
    rows = [
        (book.menu("industry").label, book.sector(sector).is_a[0].split(" ", 1)[1]),
        (book.menu("employees").label, other["n"]),
        (book.menu("hq").label, other["city2"]),
        (book.menu("founded").label, other["year2"]),
    ]
    return Block("rows", rows=tuple(rows[: author.rng.choice((2, 3, 4))]))


def about_the_company(author: Author, places: set[str]) -> list[tuple[str, str]]:
    """Return the paragraph that ends every press release, sentence by sentence, each with what it states."""
    company = author.company
    said = [("", author.say("hero.sub"))]
    if author.rng.random() < 0.6:
        said.append(("headquarters", author.say("hq", voice="they")))
    if company.founded and author.rng.random() < 0.6:
        said.append(("founded_year", author.say("founded", voice="they", year=str(company.founded))))
    if "boilerplate" in places:
        said.append(("employee_count", author.say("employee_count", voice="they", n=author.quantity())))
    return said


def note_boilerplate(author: Author, said: Sequence[tuple[str, str]], url: str) -> None:
    """Enter what a press release's last paragraph states at `url`."""
    company = author.company
    for attribute, sentence in said:
        if attribute == "headquarters":
            author.state(
                attribute, headquarters_value(company.place), url, sentence, accept=hq_accept(author)
            )
        elif attribute == "founded_year":
            author.state(attribute, company.founded, url, sentence)
        elif attribute == "employee_count":
            author.site.ledger.headcount(company, url, sentence)


def hq_accept(author: Author) -> tuple[object, ...]:
    """Return the values a label takes for the head office."""
    return ({"city": author.company.place.city, "country": author.company.place.country},)


def organisation(author: Author, *, with_size: bool, description: str = "") -> str:
    """Return the site's structured data: the organisation alone, or in a graph with the site and a trail."""
    company, url, rng = author.company, author.site.url("/"), author.rng
    data: dict[str, object] = {
        "@type": "Organization",
        "name": company.name,
        "legalName": company.legal,
        "url": url,
    }
    if description:
        data["description"] = description
    if rng.random() < 0.5:
        data["address"] = {"@type": "PostalAddress", "addressLocality": company.place.city, "addressCountry": company.place.country}  # fmt: skip
    if company.founded and rng.random() < 0.5:
        data["foundingDate"] = str(company.founded)
        author.state("founded_year", company.founded, url, f'"foundingDate": "{company.founded}"')
    if with_size:
        data["numberOfEmployees"] = {"@type": "QuantitativeValue", "value": company.employees}
        author.site.ledger.headcount(company, url, f'"value": {company.employees}')
    if rng.random() < 0.5:
        return script({"@context": "https://schema.org", **data})
    label = company.domain.split(".")[0]
    trail = {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": {"@id": url, "name": author.book.menu("home").label}}]}  # fmt: skip
    data |= {
        "@id": f"{url}#organization",
        "logo": f"{url}img/logo.svg",
        "sameAs": [f"https://www.linkedin.com/company/{label}", f"https://x.com/{label}"],
        "contactPoint": {"@type": "ContactPoint", "contactType": "sales", "availableLanguage": [company.language, "en"]},
    }  # fmt: skip
    site = {
        "@type": "WebSite",
        "@id": f"{url}#website",
        "name": company.name,
        "publisher": {"@id": f"{url}#organization"},
    }
    return script({"@context": "https://schema.org", "@graph": [site, data, trail]})


def script(data: object) -> str:
    """Return structured data as a page carries it."""
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'
