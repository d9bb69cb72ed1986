"""Which pages of a site are read, in which language, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_site import HOME, Web, gather, page, purposes

from tools.documents import Account, FetchFailure, GatherLimits
from tools.identity import resolve_account
from tools.pages.api import Page
from tools.pages.reader import Reader
from tools.site import read_site
from tools.website import gather_website, page_document, structured_document


def link(path: str, text: str = "x") -> str:
    return f"<a href='{path}'>{text}</a>"


async def test_pages_are_chosen_by_purpose_with_a_quota() -> None:
    paths = ["about", "careers", "pricing", "security", "contact", *[f"products/p{n}" for n in range(30)]]
    web = Web(
        {
            HOME: page("home", links="".join(link(f"/{p}") for p in paths)),
            **{HOME + p: page(p) for p in paths},
        }
    )
    gathered, pages = await gather(web)
    found = purposes(pages)
    assert {"home", "about", "careers", "pricing", "security", "contact", "product"} <= set(found.values())
    assert len(found) <= 15
    assert sum(1 for purpose in found.values() if purpose == "product") <= 6
    assert gathered.state == "read"
    assert f"{len(found)} pages read" in gathered.detail
    assert web.asked.count(HOME) == 1


async def test_questions_are_read_without_costing_another_purpose_its_page() -> None:
    paths = [
        "about",
        "careers",
        "pricing",
        "customers",
        "security",
        "press",
        "contact",
        "products",
        "partners",
        "imprint",
        "blog",
        "help/faq",
    ]
    more = [f"{kind}/{n}" for kind in ("about", "customers", "products", "press") for n in range(9)]
    web = Web(
        {
            HOME: page("home", links="".join(link(f"/{p}") for p in [*more, *paths])),
            **{HOME + p: page(p) for p in [*more, *paths]},
        }
    )
    _, pages = await gather(web)
    found = purposes(pages)
    assert len(found) == 15
    assert set(found.values()) == {
        "home",
        "about",
        "careers",
        "pricing",
        "customers",
        "security",
        "press",
        "contact",
        "product",
        "partners",
        "legal",
        "blog",
        "faq",
    }
    assert sum(purpose == "faq" for purpose in found.values()) == 1


async def test_answers_that_only_scripts_would_show_are_a_document_of_their_own() -> None:
    data = """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [
        {"@type": "Question", "name": "How many people work at Acme?", "acceptedAnswer": {"@type": "Answer", "text": "<p>Around 120.</p>"}},
        {"@type": "Question", "name": "What is shown?", "acceptedAnswer": {"@type": "Answer", "text": "Sentence 1 about home at Acme, told in its own words."}}]}</script>"""
    gathered, _ = await gather(Web({HOME: page("home", head=data)}))
    stated = [document for document in gathered.documents if document.purpose == "faq"]
    assert [document.text for document in stated] == ["How many people work at Acme?\nAround 120."]
    assert stated[0].tier == "first-party-structured"


async def test_the_page_limit_counts_the_home_page() -> None:
    paths = ["about", "careers", "pricing", "products", "press"]
    web = Web(
        {
            HOME: page("home", links="".join(link(f"/{p}") for p in paths)),
            **{HOME + p: page(p) for p in paths},
        }
    )
    _, pages = await gather(web, max_pages=3)
    assert len(purposes(pages)) == 3
    none, no_pages = await gather(Web({HOME: page("home")}), max_pages=0)
    assert (none.state, no_pages) == ("not_looked", ())


async def test_well_known_addresses_are_tried_only_where_no_link_leads() -> None:
    web = Web(
        {
            HOME: page("home", links=link("/team", "Our team")),
            HOME + "team": page("team"),
            HOME + "careers": page("careers"),
        }
    )
    _, pages = await gather(web)
    assert purposes(pages)["careers"] == "careers"
    assert HOME + "about" not in web.asked
    assert not [entry for entry in pages if isinstance(entry.page, FetchFailure)]


async def test_llms_txt_gives_links_and_a_document() -> None:
    web = Web(
        {
            HOME: page("home"),
            HOME + "llms.txt": "# Acme\n> Pumps since 1931\n- [About](/who)\n",
            HOME + "who": page("who"),
        }
    )
    gathered, pages = await gather(web)
    assert purposes(pages)["who"] == "about"
    assert any(
        document.title == "llms.txt" and "since 1931" in document.text for document in gathered.documents
    )


async def test_the_english_variant_is_preferred_where_offered() -> None:
    head = "<link rel=alternate hreflang=en href='https://acme.example/en/'>"
    web = Web(
        {
            HOME: page("Startseite", head=head, lang="de", links=link("/ueber-uns")),
            HOME + "en/": page("home", links=link("/en/about") + link("/de/about", "About")),
            HOME + "en/about": page("about"),
            HOME + "de/about": page("ueber", lang="de"),
            HOME + "ueber-uns": page("ueber uns", lang="de"),
        }
    )
    _, pages = await gather(web, max_pages=3)
    assert list(purposes(pages)) == ["", "en/", "en/about"]


async def test_a_site_without_english_is_read_in_its_own_language() -> None:
    web = Web(
        {
            HOME: page("Startseite", lang="de", links=link("/karriere")),
            HOME + "karriere": page("Karriere", lang="de"),
        }
    )
    gathered, pages = await gather(web)
    assert purposes(pages)["karriere"] == "careers"
    assert {document.language for document in gathered.documents} == {"de"}


async def test_near_duplicates_and_missing_pages_are_left_out() -> None:
    web = Web(
        {
            HOME: page("home", links=link("/about") + link("/company") + link("/jobs") + link("/pricing")),
            HOME + "about": page("about"),
            HOME + "company": page("about"),
            HOME + "jobs": page("jobs").replace("<title>Acme", "<title>Page not found"),
            HOME + "pricing": page(
                "pricing", head="<link rel=canonical href='https://acme.example/pricing/'>"
            ),
        }
    )
    _, pages = await gather(web)
    assert sorted(purposes(pages)) in (["", "about", "pricing"], ["", "company", "pricing"])


@pytest.mark.parametrize(
    "spelling",
    [
        "about?utm_source=mail&utm_medium=x",
        "about/",
        "about#team",
        "about?ref=nav",
        "About-us-page?session=9",
    ],
)
async def test_one_page_under_two_addresses_is_read_once(spelling: str) -> None:
    """Trackers, slashes and fragments, and whatever a page's canonical address says is itself."""
    told = page("about", head="<link rel=canonical href='https://acme.example/about'>")
    web = Web(
        {
            HOME: page("home", links=link("/about", "About us") + link(f"/{spelling}", "About us")),
            HOME + "about": told,
            HOME + spelling.partition("#")[0]: told.replace("Sentence 3", "Phrase 3"),
        }
    )
    gathered, pages = await gather(web)
    assert sorted(purposes(pages).values()) == ["about", "home"]
    assert sum(document.purpose == "about" for document in gathered.documents) == 1


async def test_failures_are_named_and_stop_nothing() -> None:
    web = Web(
        {
            HOME: page(
                "home",
                links=link("/about") + link("/company/profile.pdf", "Company profile") + link("/careers"),
            )
        }
    )
    web.pages[HOME + "careers"] = page("careers")
    gathered, _ = await gather(web)
    assert {failure.reason for failure in gathered.failures} == {"http_status", "not_text"}
    assert any("PDF" in failure.detail for failure in gathered.failures)
    assert gathered.state == "read"


async def test_an_archive_of_few_pages_is_read_to_the_last_candidate() -> None:
    links = (
        "".join(link(f"/product/p{n}") for n in range(20))
        + link("/about/index.html")
        + link("/products/last/")
    )
    web = Web(
        {HOME: page("home", links=links), HOME + "about/": page("about"), HOME + "product/p19": page("p19")},
        "not_in_archive",
    )
    gathered, pages = await gather(web)
    assert purposes(pages)["about/"] == "about"
    assert purposes(pages)["product/p19"] == "product"
    assert all(failure.reason == "not_in_archive" for failure in gathered.failures)
    assert len(gathered.failures) <= 3


async def test_other_peoples_sites_and_apps_are_not_read() -> None:
    outside = [
        "https://other.example/about",
        "https://app.acme.example/about",
        "https://docs.acme.example/company",
    ]
    inside = "https://careers.acme.example/jobs"
    web = Web(
        {
            HOME: page("home", links="".join(link(url) for url in [*outside, inside])),
            inside: page("jobs"),
            **{url: page(url) for url in outside},
        }
    )
    await gather(web)
    assert inside in web.asked
    assert not set(outside) & set(web.asked)


async def test_structured_data_is_a_document_of_its_own_once() -> None:
    script = '<script type="application/ld+json">{"@type":"Organization","name":"Acme","numberOfEmployees":40}</script>'
    head = script + '<meta name=description content="Pumps">'
    web = Web(
        {HOME: page("home", head=head, links=link("/about")), HOME + "about": page("about", head=script)}
    )
    gathered, _ = await gather(web)
    structured = [document for document in gathered.documents if document.purpose == "structured_data"]
    assert len(structured) == 1
    assert structured[0].tier == "first-party-structured"
    assert structured[0].text.split("\n") == [
        '{"@type":"Organization","name":"Acme","numberOfEmployees":40}',
        "title: Acme",
        "description: Pumps",
    ]


async def test_documents_carry_where_they_come_from() -> None:
    reader = Reader(Web({HOME: page("home")}))
    read = await reader.read(HOME)
    assert isinstance(read, Page)
    document = page_document(read, "home")
    assert (document.kind, document.tier, document.status, document.language) == (
        "website",
        "first-party-text",
        200,
        "en",
    )
    assert document.body == read.response.body
    assert document.footer_start is None
    stated = structured_document(read)
    assert stated is not None
    assert stated.text == f"title: {read.title}"
    assert stated.tier == "first-party-structured"


@pytest.mark.parametrize(
    ("body", "state", "says"),
    [
        ("<div id=root></div><script src=/a.js></script>", "unreadable", "JavaScript"),
        ("<p>This domain is for sale</p>", "read_nothing_found", "parked"),
        ("<title>Just a moment...</title><p>Checking your browser</p>", "unreadable", "challenge"),
        (None, "unreadable", "HTTP 404"),
    ],
)
async def test_unread_sites_say_why(body: str | None, state: str, says: str) -> None:
    gathered, _ = await gather(Web({} if body is None else {HOME: body}))
    assert gathered.state == state
    assert says in gathered.detail
    assert not gathered.documents


async def test_reading_is_the_same_twice() -> None:
    paths = [
        "about",
        "careers",
        "pricing",
        "products",
        "press",
        "blog",
        "legal",
        "contact",
        "partners",
        "customers",
    ]
    pages: dict[str, str | bytes] = {
        HOME: page("home", links="".join(link(f"/{p}") for p in paths)),
        **{HOME + p: page(p) for p in paths},
    }
    first, _ = await gather(Web(dict(pages)))
    second, _ = await gather(Web(dict(pages)))
    assert first == second


async def test_an_account_elsewhere_is_not_read() -> None:
    account = Account(
        domain="acme.example",
        final_domain="acme.example",
        status="redirected",
        home_url="https://b.example/",
        detail="leads away",
    )
    gathered = await gather_website(account, Reader(Web({"https://b.example/": page("b")})), GatherLimits())
    assert (gathered.state, gathered.documents, gathered.detail) == ("unreadable", (), "leads away")


@pytest.mark.shared
async def test_the_whole_site_on_record_is_read_by_purpose(shared: Path) -> None:
    from warcio.archiveiterator import ArchiveIterator

    pages: dict[str, str | bytes] = {}
    with (shared / "fixtures" / "archives" / "sumup.com.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                url = record.rec_headers.get_header("WARC-Target-URI")
                location = record.http_headers.get_header("Location")
                pages[url] = f"-> {location}" if location else record.content_stream().read()
    reader = Reader(Web(pages, "not_in_archive"))
    account, _ = await resolve_account("sumup.com", reader)
    found = [
        entry.purpose
        for entry in await read_site(account, reader, GatherLimits())
        if isinstance(entry.page, Page)
    ]
    assert {"home", "about", "careers", "press", "contact", "partners"} <= set(found)
    assert account.name == "SumUp"
