from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_site import Web

from tools.company_names import agrees_with, legal_names_in
from tools.documents import Account, FailureReason, FetchFailure
from tools.identity import resolve_account, tie_reason
from tools.pages.reader import Reader

BODY = (
    "<html lang=en><title>Acme | Freight made easy</title><main><p>"
    + "Acme moves freight across Europe. " * 12
    + "</p></main></html>"
)


def named(
    pages: Mapping[str, str | FetchFailure], otherwise: FailureReason = "dns", status: int | None = 404
) -> Web:
    """Return a web in which no name exists but those of these addresses."""
    return Web(pages, otherwise, status)


async def resolve(web: Web, domain: str = "acme.example") -> Account:
    account, _ = await resolve_account(domain, Reader(web))
    return account


async def test_a_live_site_is_named_from_its_title() -> None:
    account = await resolve(named({"https://acme.example/": BODY}))
    assert (account.status, account.name, account.language, account.detail) == ("live", "Acme", "en", "")


@pytest.mark.parametrize(
    "good", ["https://www.acme.example/", "http://acme.example/", "http://www.acme.example/"]
)
async def test_every_spelling_of_the_home_page_is_tried(good: str) -> None:
    account, failures = await resolve_account("acme.example", Reader(named({good: BODY})))
    assert (account.status, account.home_url) == ("live", good)
    assert failures


async def test_a_redirect_to_another_domain_is_followed_once_and_named() -> None:
    account = await resolve(
        named({"https://acme.example/": "-> https://www.newacme.test/", "https://www.newacme.test/": BODY})
    )
    assert (account.status, account.final_domain) == ("redirected", "newacme.test")
    assert "newacme.test" in account.detail
    assert account.domains == {"acme.example", "newacme.test"}


async def test_a_second_change_of_domain_is_named_and_not_followed() -> None:
    web = named(
        {
            "https://acme.example/": "-> https://b.test/",
            "https://b.test/": "-> https://c.test/",
            "https://c.test/": BODY,
        }
    )
    account = await resolve(web)
    assert (account.status, account.final_domain) == ("redirected", "acme.example")
    assert "b.test" in account.detail
    assert "c.test" in account.detail
    assert account.names == ()


async def test_a_detour_that_comes_back_is_no_redirect() -> None:
    web = named(
        {
            "https://acme.example/": "-> https://sso.test/",
            "https://sso.test/": "-> https://www.acme.example/",
            "https://www.acme.example/": BODY,
        }
    )
    assert (await resolve(web)).status == "live"


async def test_a_redirect_to_a_social_page_is_not_the_companys_site() -> None:
    web = named(
        {"https://acme.example/": "-> https://www.facebook.com/acme", "https://www.facebook.com/acme": BODY}
    )
    account = await resolve(web)
    assert account.final_domain == "acme.example"
    assert "facebook.com" in account.detail


async def test_a_redirect_to_a_marketplace_means_parked() -> None:
    web = named(
        {"https://acme.example/": "-> https://www.hugedomains.com/x", "https://www.hugedomains.com/x": BODY}
    )
    assert (await resolve(web)).status == "parked"


async def test_a_meta_refresh_is_followed() -> None:
    web = named(
        {
            "https://acme.example/": '<meta http-equiv=refresh content="0; url=/de/">',
            "https://acme.example/de/": BODY,
        }
    )
    account = await resolve(web)
    assert (account.status, account.home_url) == ("live", "https://acme.example/de/")


@pytest.mark.parametrize(
    ("reason", "status", "expected", "says"),
    [
        ("dns", None, "dead", "does not resolve"),
        ("timeout", None, "dead", "no answer"),
        ("http_status", 403, "blocked", "HTTP 403"),
        ("http_status", 429, "blocked", "HTTP 429"),
        ("http_status", 500, "dead", "HTTP 500"),
        ("robots", None, "blocked", "robots.txt"),
        ("blocked_address", None, "blocked", "not public"),
        ("not_in_archive", None, "unreadable", "archive"),
        ("too_large", None, "unreadable", ""),
    ],
)
async def test_silence_has_a_name(
    reason: FailureReason, status: int | None, expected: str, says: str
) -> None:
    account, failures = await resolve_account("acme.example", Reader(named({}, reason, status)))
    assert account.status == expected
    assert says in account.detail
    assert len(failures) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<p>The domain acme.example is for sale</p>", "parked"),
        ("<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>", "parked"),
        ("<title>Just a moment...</title><p>Verifying you are human</p>", "blocked"),
        ("<div id=app></div><script src=/x.js></script>", "unreadable"),
        ("<h1>Coming soon</h1><p>Acme opens its new freight terminal in Lyon this spring.</p>", "live"),
    ],
)
async def test_pages_tell_the_domains_health(body: str, status: str) -> None:
    account = await resolve(named({"https://acme.example/": body}))
    assert account.status == status
    assert status == "live" or account.detail


@pytest.mark.parametrize(
    ("page", "domain", "name"),
    [
        ('<script type="application/ld+json">{"@type":"Organization","name":"Acme Robotics","legalName":"Acme Robotics GmbH"}</script><title>Robots</title>', "acmerobotics.example", "Acme Robotics"),
        ('<script type="application/ld+json">{"@type":"Organization","name":"Other Agency","url":"https://agency.example"}</script><title>Acme - Home</title>', "acme.example", "Acme"),
        ('<meta property="og:site_name" content="ACME"><title>Home</title>', "acme.example", "ACME"),
        ('<meta property="og:site_name" content="Acme - A Better Way to Ship"><title>x</title>', "acme.example", "Acme"),
        ("<title>Home</title><footer>© 2019–2026 Acme Logistics AG. All rights reserved.</footer>", "acme.example", "Acme Logistics AG"),
        ("<title>Welcome</title><p>HugAcme builds tools. HugAcme is here. HugAcme!</p>", "hugacme.example", "HugAcme"),
        ("<title>Freight software for carriers | Acme</title>", "acme.example", "Acme"),
    ],
)  # fmt: skip
async def test_names_come_from_what_the_site_says(page: str, domain: str, name: str) -> None:
    filler = "<main><p>" + "Words about freight in Europe. " * 20 + "</p></main>"
    account = await resolve(
        named({f"https://{domain}/": page + filler if "<footer>" not in page else filler + page}), domain
    )
    assert account.name == name


async def test_a_name_carries_no_characters_that_turn_or_hide_text() -> None:
    body = BODY.replace("Acme | Freight made easy", "Ac\u200bme \u202e| Freight")
    body = body.replace(
        "<title>", '<meta property="og:site_name" content="\u2066Acme\u2069 Freight\u202e"><title>'
    )
    account, _ = await resolve_account("acme.example", Reader(named({"https://acme.example/": body})))
    assert account.name is not None
    assert all(character.isprintable() for name in account.names for character in name)
    assert "Acme" in account.name


@pytest.mark.parametrize(
    ("footer", "name"),
    [
        ("© 2026 Acme GmbH", "Acme GmbH"),
        ("Copyright © 2010-2026 Acme Agency Ltd. All rights reserved.", "Acme Agency Ltd."),
        ("© Toptal Example, LLC 2026", "Toptal Example, LLC"),
        ("Acme™ ©2025. All rights reserved.", None),
        ("(c) 2024 by Together Pumps S.A. - Privacy", "Together Pumps S.A."),
        ("© 2026", None),
    ],
)
def test_copyright_lines_give_the_legal_name(footer: str, name: str | None) -> None:
    assert (legal_names_in(footer) or [None])[0] == name


@pytest.mark.parametrize(
    ("name", "label", "agree"),
    [
        ("Acme", "acme", True),
        ("Acme Robotics GmbH", "acmerobotics", True),
        ("Acme Robotics", "acme", True),
        ("Société Générale", "societegenerale", True),
        ("International Business Machines", "ibm", True),
        ("Globex", "acme", False),
        ("", "acme", False),
    ],
)
def test_names_agree_with_domains(name: str, label: str, agree: bool) -> None:
    assert agrees_with(name, label) is agree


ACME = Account(
    domain="acme.example",
    final_domain="acme.example",
    status="live",
    home_url="https://acme.example/",
    name="Acme",
    names=("Acme", "Acme Logistics AG"),
)


@pytest.mark.parametrize(
    ("url", "text", "reason"),
    [
        ("https://blog.acme.example/x", "anything", None),
        ("https://news.example/x", "Acme (acme.example) raised money", None),
        ("https://news.example/x", "Write to press@acme.example, says Acme.", None),
        ("https://news.example/x", "Acme Logistics AG opens a plant", None),
        ("https://news.example/x", "Acme raised money", "namesake"),
        ("https://news.example/x", "Acme (acme.io) raised money", "acme.io"),
        ("https://news.example/x", "See acme.example for details", "never names"),
        ("https://news.example/x", "Globex raised money", "does not name"),
        ("https://news.example/x", "Acmeville is a town; notacme.example is not it", "does not name"),
        ("https://news.example/x", "ACME.EXAMPLE.ORG sells Acme things", "namesake"),
        ("https://acme.test/about", "We are Acme", "namesake"),
        ("https://news.example/x", "acme is a common noun here", "does not name"),
    ],
)  # fmt: skip
def test_documents_tie_to_the_account_or_say_why_not(url: str, text: str, reason: str | None) -> None:
    found = tie_reason(ACME, url, text)
    assert found is None if reason is None else found is not None and reason in found


@given(st.text(max_size=200), st.text(max_size=40))
def test_tying_never_raises(text: str, url: str) -> None:
    tie_reason(ACME, url, text)


@pytest.mark.shared
async def test_recorded_companies_are_named_right(shared: Path) -> None:
    from warcio.archiveiterator import ArchiveIterator

    expected = {
        "accountedge.com": "AccountEdge", "airtable.com": "Airtable", "cloudflare.com": "Cloudflare", "crowdstrike.com": "CrowdStrike",
        "fly.io": "Fly", "folio3.com": "Folio3", "freedcamp.com": "Freedcamp", "freshworks.com": "Freshworks", "gooddata.com": "GoodData",
        "hubspot.com": "HubSpot", "huggingface.co": "Hugging Face", "jetruby.com": "JetRuby", "leverx.com": "LeverX", "linear.app": "Linear",
        "loom.com": "Loom", "mailchimp.com": "Mailchimp", "miro.com": "Miro", "neoteric.eu": "Neoteric", "notion.so": "Notion",
        "onepagecrm.com": "OnePageCRM", "postman.com": "Postman", "render.com": "Render", "sumup.com": "SumUp", "synthesis.com": "Synthesis",
        "together.ai": "Together AI", "toptal.com": "Toptal", "twilio.com": "Twilio", "uizard.io": "Uizard", "workforce.com": "Workforce.com",
    }  # fmt: skip
    for domain, name in expected.items():
        pages: dict[str, str | FetchFailure] = {}
        with (shared / "fixtures" / "archives" / f"{domain}.warc.gz").open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    location = record.http_headers.get_header("Location")
                    body = record.content_stream().read().decode("utf-8", "replace")
                    pages[record.rec_headers.get_header("WARC-Target-URI")] = (
                        f"-> {location}" if location else body
                    )
        account = await resolve(named(pages, "not_in_archive"), domain)
        assert (account.status, account.name) == ("live", name), account.names
