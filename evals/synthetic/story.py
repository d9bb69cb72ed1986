"""Write one company's site: choose words and places for its facts, and keep a ledger of what was said where."""

from __future__ import annotations

from agent.canonical.industries import industry_label
from evals.synthetic.author import Author, Site, head, para, slug
from evals.synthetic.company import SECTORS, Company
from evals.synthetic.denials import deny
from evals.synthetic.furniture import (
    counters,
    customer_profile,
    hero,
    hq_accept,
    logo_strip,
    milestones,
    newsletter,
    organisation,
    questions,
)
from evals.synthetic.layouts import Block, Page
from evals.synthetic.sayings import Wrong, headquarters_value
from evals.synthetic.story_jobs import write_careers
from evals.synthetic.story_news import write_blog, write_news

__all__ = ["Site", "write_site"]

_FOREIGN_TOOLS = ("Workday", "ServiceNow", "Marketo Engage", "Pipedrive", "Zoho CRM")
_PRICES = ("9", "12", "19", "29", "49")


def write_site(company: Company, root: str) -> Site:
    """Return the company's whole site."""
    author = Author(company, Site(company, root))
    places = _places_of_size(author)
    _home(author, places)
    _about(author, places)
    _product(author)
    _customers(author)
    _faq(author, places)
    write_careers(author, places)
    write_news(author, places)
    write_blog(author)
    _security(author)
    _contact(author)
    if company.is_bilingual:
        _in_english(author, places)
    return author.site


def _places_of_size(author: Author) -> set[str]:
    company = author.company
    if company.qualifier == "none":
        return set()
    open_to = ["about", "facts", "stats", "careers", "job", "home", "faq", "boilerplate"]
    if company.is_bilingual:
        open_to.append("english")
    if company.qualifier == "exact":
        open_to.append("json_ld")
    if company.qualifier in ("about", "range"):
        open_to.remove("stats")
    if company.second_count is not None:
        return {"about"}
    return set(author.rng.sample(open_to, author.rng.choice((1, 1, 2, 3))))


def _home(author: Author, places: set[str]) -> None:
    company, site, rng = author.company, author.site, author.rng
    url = site.url("/")
    tagline = author.say("tagline")
    first = hero(author, tagline) if rng.random() < 0.7 else Block("h1", tagline)
    blocks: list[Block] = [para(sentence) for sentence in author.some("noise.product", 2)]
    in_head = rng.choice(("", "", "meta", "json_ld"))
    described = ""
    if not company.industry_said or in_head or rng.random() < 0.3:
        described = say_industry(author, url)
        if not in_head:
            blocks.append(para(described))
    blocks.append(Block("cards", rows=tuple((product, text) for product, text in zip(company.words.products, author.some("noise.product", 2), strict=False))))  # fmt: skip
    if "home" in places:
        sentence = author.say("employee_count", n=author.quantity())
        site.ledger.headcount(company, url, sentence)
        blocks.append(para(sentence))
    blocks.append(Block("quote", author.say("testimonial")))
    for extra in (logo_strip, counters, newsletter):
        if rng.random() < 0.45:
            blocks.append(extra(author))
    rng.shuffle(blocks)
    page = author.page("home", first, *blocks, title=f"{company.name} – {tagline}")
    page.description = described if in_head == "meta" else author.say("hero.sub")
    if in_head == "json_ld" or "json_ld" in places or rng.random() < 0.5:
        data = organisation(author, with_size="json_ld" in places, description=described if in_head == "json_ld" else "")  # fmt: skip
        page.head.append(data)


def say_industry(author: Author, url: str) -> str:
    """Return a sentence that says what the company is, noted as said at `url`."""
    is_a = author.rng.choice(author.words.is_a)
    bare = is_a.split(" ", 1)[1]
    sentence = author.say("industry", is_a=is_a, is_a_bare=bare)
    if bare not in sentence:
        sentence = f"{author.company.name}: {is_a}."
    codes = SECTORS[author.company.sector]
    values = tuple({"code": code, "label": industry_label(code)} for code in codes)
    author.state("industry", values[0], url, sentence, accept=tuple({"code": code} for code in codes))
    return sentence


def _about(author: Author, places: set[str]) -> None:
    company, ledger, book, rng = author.company, author.site.ledger, author.book, author.rng
    url = author.site.url(author.path("about"))
    blocks = [head(author, "about")]
    if company.industry_said:
        blocks.append(para(say_industry(author, url)))
    facts: list[tuple[str, str]] = []
    prose: list[str] = author.some("noise.about", 3)
    history = milestones(author, url) if rng.random() < 0.4 else []
    if company.founded:
        year = str(company.founded)
        if rng.random() < 0.6 or not any(said.attribute == "founded_year" for said in ledger.said):
            prose.append(author.say("founded", year=year))
            author.state("founded_year", company.founded, url, prose[-1])
        if rng.random() < 0.3:
            label = book.menu("founded").label
            facts.append((label, year))
            author.state("founded_year", company.founded, url, *_cells(label, year))
    if rng.random() < 0.75:
        prose.append(author.say("hq"))
        author.state(
            "headquarters", headquarters_value(company.place), url, prose[-1], accept=hq_accept(author)
        )
    else:
        label = book.menu("hq").label
        facts.append((label, company.place.line))
        author.state("headquarters", headquarters_value(company.place), url, *_cells(label, company.place.line), accept=hq_accept(author))  # fmt: skip
    if "about" in places:
        prose.append(author.say("employee_count", n=author.quantity()))
        ledger.headcount(company, url, prose[-1])
    prose += _relatives(author, url)
    prose += [deny(author, denial, url) for denial in company.denied("formerly", "layoffs")]
    if company.has("denied") and not any(event.kind == "funding" for event in company.events):
        prose.append(author.say("denied.funding"))
    rng.shuffle(prose)
    sections: list[list[Block]] = [[para(sentence) for sentence in prose], history]
    employees = book.menu("employees").label
    if "stats" in places:
        shown = author.number(company.employees) + ("+" if company.qualifier == "over" else "")
        label = employees.lower() if company.language != "de" else employees
        sections.append([Block("stats", rows=(("98%", author.say("tagline")), (shown, label)))])
        ledger.headcount(
            company, url, f"{shown} {employees}", f"{employees} {shown}", f"{employees}\n{shown}"
        )
    if "facts" in places:
        shown = author.quantity()
        facts.append((employees, shown))
        ledger.headcount(company, url, *_cells(employees, shown))
    if facts:
        rng.shuffle(facts)
        sections.append([Block("h2", book.menu("facts").label), Block("rows", rows=tuple(facts))])
    rng.shuffle(sections)
    author.page("about", *blocks, *(block for section in sections for block in section))


def _cells(label: str, value: str) -> tuple[str, ...]:
    """Return the ways in which two neighbouring cells become text."""
    return f"{label} | {value}", f"{label} {value}", f"{label}: {value}", f"{value} {label}"


def _relatives(author: Author, url: str) -> list[str]:
    """Return sentences about the parent, the former name and the namesake."""
    company, ledger = author.company, author.site.ledger
    prose: list[str] = []
    if company.parent:
        n = author.foreign(18_000)
        slots = {"parent": company.parent, "n": author.number(n)}
        prose += [author.say("parent", **slots), author.say("parent.size", **slots)]
        author.state("parent", company.parent, url, prose[-2])
        ledger.wrong_count(n, "subsidiary")
    if company.former:
        prose.append(author.say("rebrand", old=company.former, year2="2024"))
        ledger.wrong.append(Wrong("name", company.former, "rebrand"))
    if company.has("namesake"):
        other = author.other()
        prose.append(author.say("namesake", n=other["n"], city2=other["city2"], year2=other["year2"]))
        ledger.wrong_count(int(other["count"]), "namesake")
        ledger.wrong.append(Wrong("headquarters", {"city": other["city2"]}, "namesake"))
    return prose


def _product(author: Author) -> None:
    company, ledger, rng = author.company, author.site.ledger, author.rng
    url = author.site.url(author.path("product"))
    blocks = [Block("ul", items=tuple(author.some("noise.product", 4)))]
    if company.integrations:
        a, b, c = company.integrations
        sentence = author.say("integrates", a=a, b=b, c=c)
        blocks.append(para(sentence))
        for product in company.integrations:
            ledger.technology(product, "integrates_with", url, sentence)
    if company.api:
        sentence = author.say("api")
        blocks.append(para(sentence))
        author.state("api_offered", True, url, sentence)
    if rng.random() < 0.4:
        blocks.append(counters(author))
    rng.shuffle(blocks)
    author.page("product", head(author, "product"), *blocks)
    more = [head(author, "features"), *(para(sentence) for sentence in author.some("noise.product", 3))]
    links = []
    for product in company.words.products:
        path = author.below("product", slug(product))
        author.page("product", Block("h1", product), para(author.say("hero.sub")), *(para(text) for text in author.some("noise.product", 2)), path=path, title=f"{product} by {company.name}")  # fmt: skip
        links.append((product, path, ""))
    author.page("features", *more, Block("links", rows=tuple(links)))
    if company.pricing:
        currency = "${}" if company.language == "en" else "{} €"
        price = currency.format(rng.choice(_PRICES))
        sentence = author.say(f"pricing.{company.pricing}", price=price)
        author.state("pricing_model", company.pricing, author.site.url(author.path("pricing")), sentence)
        author.page("pricing", head(author, "pricing"), para(sentence), *(para(text) for text in author.some("noise.product", 1)))  # fmt: skip


def _customers(author: Author) -> None:
    company, ledger, rng = author.company, author.site.ledger, author.rng
    denied = {denial.of for denial in company.denials}
    blocks = [head(author, "customers")]
    links = []
    for _ in range(3 if company.has("customer_numbers") else 1):
        other = author.other()
        used = {*ledger.uses(), *company.tools(), *denied}
        tool = rng.choice([tool for tool in _FOREIGN_TOOLS if tool not in used])
        story = author.say("customer.story", tool=tool, **{k: v for k, v in other.items() if k != "count"})
        told = [para(story), Block("quote", author.say("testimonial"))]
        if rng.random() < 0.5:
            told.insert(rng.randrange(2), customer_profile(author, other))
        if rng.random() < 0.5:
            path = author.below("customers", slug(other["other"]))
            author.page("customers", Block("h1", other["other"]), *told, path=path, title=f"{other['other']} | {company.name}")  # fmt: skip
            links.append((other["other"], path, ""))
        else:
            blocks += [Block("h2", other["other"]), *told]
        if other["n"] in story:
            ledger.wrong_count(int(other["count"]), "customer_numbers")
        if tool in story:
            ledger.wrong.append(Wrong("technology", {"product": tool, "relation": "uses"}, "customer_numbers"))  # fmt: skip
        if other["year2"] in story:
            ledger.wrong.append(Wrong("founded_year", int(other["year2"]), "customer_numbers"))
    if links:
        blocks.append(Block("links", rows=tuple(links)))
    author.page("customers", *blocks)
    if company.has("partner_numbers"):
        lines = [head(author, "partners")]
        for _ in range(2):
            other = author.other()
            story = author.say("partner.story", **{k: v for k, v in other.items() if k != "count"})
            lines.append(para(story))
            if other["n"] in story:
                ledger.wrong_count(int(other["count"]), "partner_numbers")
        author.page("partners", *lines)


def _faq(author: Author, places: set[str]) -> None:
    company = author.company
    answers = company.denied("certification", "integration", "api")
    if not answers and "faq" not in places and author.rng.random() < 0.5:
        return
    block, data = questions(author, places, author.site.url(author.path("faq")))
    page = author.page("faq", Block("h1", author.say("faq.title")), block)
    if data:
        page.head.append(data)


def _security(author: Author) -> None:
    company, ledger = author.company, author.site.ledger
    url = author.site.url(author.path("security"))
    lines: list[str] = []
    for certification in company.certifications:
        lines.append(author.say("cert.yes", cert=certification))
        author.state("certification", certification, url, lines[-1])
    if company.text_tool:
        lines.append(author.say("uses.text", tool=company.text_tool))
        ledger.technology(company.text_tool, "uses", url, lines[-1])
    lines += [deny(author, denial, url) for denial in company.denied("tool", "planned")]
    lines += author.some("noise.product", 2)
    author.rng.shuffle(lines)
    author.page("security", head(author, "security"), *(para(text) for text in lines))


def _contact(author: Author) -> None:
    company = author.company
    label = company.domain.split(".")[0]
    street = f"{author.rng.randint(2, 99)} Example Street, {company.place.line}"
    blocks = [head(author, "contact"), para(f"hello@{label}.example"), para(company.place.line)]
    if len(company.offices) > 1:
        blocks += [Block("h2", author.say("offices.title")), Block("ul", items=tuple(place.line for place in company.offices))]  # fmt: skip
    author.page("contact", *blocks)
    author.page("legal", head(author, "legal"), para(company.legal), para(street))


def _in_english(author: Author, places: set[str]) -> None:
    """Add what many a foreign site has: one English page about the company, with the same facts."""
    company, english = author.company, author.in_english()
    path = english.path("about")
    url = author.site.url(path)
    prose = english.some("noise.about", 2)
    if "english" in places:
        prose.append(english.say("employee_count", n=english.quantity()))
        author.site.ledger.headcount(company, url, prose[-1])
    if company.founded and english.rng.random() < 0.7:
        prose.append(english.say("founded", year=str(company.founded)))
        author.state("founded_year", company.founded, url, prose[-1])
    if english.rng.random() < 0.7:
        prose.append(english.say("hq"))
        author.state(
            "headquarters", headquarters_value(company.place), url, prose[-1], accept=hq_accept(author)
        )
    english.rng.shuffle(prose)
    english.page("about", head(english, "about"), para(say_industry(english, url)), *(para(text) for text in prose))  # fmt: skip
    author.site.alternates["en"] = path


def shell(page: Page, markup: str) -> Page:
    """Return the page as an empty shell that scripts would fill."""
    return Page(page.path, page.title, tail=[markup])
