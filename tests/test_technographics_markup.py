import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.fetching.api import Response
from tools.pages.parse import parse_page
from tools.technographics import Sighting, match_markup
from tools.technographics.catalogue import marks

NOBODY = frozenset({"acme.example"})

MARKUP = """header server: cloudflare
header x-powered-by: Next.js
cookie: __hstc
cookie: BIGipServerpool_web
meta generator: WordPress 6.4
meta google-site-verification: abc
html: id="__next"
script: https://js-eu1.hs-scripts.com/123456.js?v=2
script: https://acme.example/wp-content/plugins/woocommerce/assets/js/cart.min.js?ver=8
script: //widget.intercom.io/widget/abc
link: https://fonts.gstatic.com
iframe: https://www.googletagmanager.com/ns.html?id=GTM-ABC123
img: https://px.ads.linkedin.com/collect/?pid=1&fmt=gif
inline: cdn.segment.com
inline: !function(){_hjSettings={hjid:1,hjsv:6}}
comment: This site is optimized with the Yoast SEO plugin v22"""


def seen(text: str, own: frozenset[str] = NOBODY) -> dict[str, Sighting]:
    return {sighting.product: sighting for sighting in match_markup(text, own)}


def test_realistic_page_gives_its_products_and_quotes() -> None:
    found = seen(MARKUP)
    quotes = {name: MARKUP[sighting.start : sighting.end] for name, sighting in found.items()}
    assert quotes == {
        "Cloudflare": "header server: cloudflare",
        "Next.js": "header x-powered-by: Next.js",
        "F5": "cookie: BIGipServerpool_web",
        "WordPress": "meta generator: WordPress 6.4",
        "Google Search Console": "meta google-site-verification: abc",
        "HubSpot": "cookie: __hstc",
        "WooCommerce": "https://acme.example/wp-content/plugins/woocommerce/assets/js/cart.min.js?ver=8",
        "Intercom": "widget.intercom.io/widget/abc",
        "Google Fonts": "fonts.gstatic.com",
        "Google Tag Manager": "www.googletagmanager.com/ns.html?id=GTM-ABC123",
        "LinkedIn Insight Tag": "px.ads.linkedin.com/collect/",
        "Segment": "cdn.segment.com",
        "Hotjar": "_hjSettings={hjid:1,hjsv:6}}",
        "Yoast SEO": "comment: This site is optimized with the Yoast SEO plugin v22",
    }
    assert {s.where for s in found.values()} == {"html", "header"}
    assert found["Google Search Console"].strength == "weak"
    assert found["Google Fonts"].strength == "weak"
    assert found["HubSpot"].category == "crm"
    assert all(s.relation == "uses" and s.polarity == "asserts" for s in found.values())


def test_every_host_mark_is_found_on_its_own_address() -> None:
    missed = [
        mark.pattern
        for mark in marks()
        if mark.kind == "url"
        and mark.product.name
        not in {s.product for s in match_markup(f"script: https://{mark.pattern}", frozenset())}
    ]
    assert missed == []


def test_vendors_own_site_is_no_evidence() -> None:
    assert "HubSpot" not in seen(MARKUP, frozenset({"hubspot.com"}))
    assert "Intercom" in seen(MARKUP, frozenset({"hubspot.com"}))


def test_vendors_logo_is_no_evidence_but_its_tracker_is() -> None:
    assert seen("img: https://www.hotjar.com/images/badge.png") == {}
    assert "Google Analytics" in seen("link: https://www.google-analytics.com")
    assert "Hotjar" in seen("script: https://static.hotjar.com/c/hotjar-1.js")


def test_another_sites_wordpress_picture_is_not_ours() -> None:
    assert seen("img: https://partner.example/wp-content/uploads/logo.png") == {}
    assert seen("script: https://cdn.example/wp-content/a.js")["WordPress"].strength == "weak"
    assert seen("script: /wp-content/a.js")["WordPress"].strength == "strong"
    assert seen("img: https://www.acme.example/wp-content/a.png")["WordPress"].strength == "strong"


def test_host_below_or_beside_is_told_from_a_lookalike() -> None:
    assert "Zendesk" in seen("script: https://static.zdassets.com/ekr/snippet.js?key=1")
    assert seen("script: https://notzdassets.com/x.js") == {}
    assert seen("script: https://static.zdassets.com.evil.example/x.js") == {}
    assert seen("script: https://acme.example/?next=https://static.hotjar.com/c.js") == {}


def test_two_weak_marks_confirm_each_other() -> None:
    one = "meta facebook-domain-verification: x"
    assert seen("script: https://s3.amazonaws.com/bucket/a.js")["Amazon S3"].strength == "weak"
    assert seen(one)["Meta Ads"].strength == "weak"
    both = "script: https://s3.amazonaws.com/b/a.js\nheader x-amz-request-id: 1"
    assert seen(both)["Amazon S3"].strength == "strong"


def test_server_header_is_not_matched_inside_other_names() -> None:
    assert "NGINX" in seen("header server: nginx/1.25.3")
    assert "NGINX" not in seen("header server: mynginxproxy")


def test_escaped_address_in_a_script_is_quoted_verbatim() -> None:
    text = r'inline: var u="https:\/\/js.hs-scripts.com\/1.js";'
    (sighting,) = match_markup(text, NOBODY)
    assert text[sighting.start : sighting.end] == r"js.hs-scripts.com\/1.js"


@pytest.mark.parametrize(
    "text", ["", "\n\n", "no kind here", ": :", "script: ", "header : x", "inline: //", "\x00"]
)
def test_empty_and_malformed_documents_give_nothing(text: str) -> None:
    assert match_markup(text, NOBODY) == ()


def test_a_mark_behind_huge_lines_is_found() -> None:
    text = "inline: " + "//" * 200_000 + "\nscript: https://" + "a." * 100_000 + "\n" + "link: /x\n" * 20_000
    assert match_markup(text, NOBODY) == ()
    found = match_markup(f"{text}script: https://js.hs-scripts.com/1.js", NOBODY)
    assert [sighting.product for sighting in found] == ["HubSpot"]


_LINE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(MARKUP.split("\n")),
    st.sampled_from([f"script: https://{m.pattern}/x?y#z" for m in marks() if m.kind == "url"]),
)


@given(st.lists(_LINE, max_size=12).map("\n".join))
def test_any_document_gives_ordered_slices_of_itself(text: str) -> None:
    found = match_markup(text, NOBODY)
    assert [s.start for s in found] == sorted(s.start for s in found)
    assert len({s.product for s in found}) == len(found)
    for sighting in found:
        quote = text[sighting.start : sighting.end]
        assert 0 < len(quote) <= 300
        assert "\n" not in quote


EXPECTED = {
    "airtable.com": {"Google Tag Manager", "Marketo Engage", "Contentful", "Next.js"},
    "gooddata.com": {"HubSpot", "jQuery", "Google Tag Manager"},
    "leverx.com": {"HubSpot CMS", "HubSpot", "Google Tag Manager"},
    "miro.com": {"Framer", "OneTrust"},
    "synthesis.com": {"Webflow"},
    "twilio.com": {"Adobe Experience Manager", "TrustArc", "VWO"},
    "together.ai": {"Webflow", "Amplitude", "GSAP"},
}


@pytest.mark.shared
def test_real_home_pages_show_what_their_source_shows(shared: Path) -> None:
    folder = shared / "fixtures" / "pages"
    found: dict[str, set[str]] = {}
    entries = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    for entry in entries:
        if not entry["file"].startswith("homepages/"):
            continue
        domain = Path(entry["file"]).name.partition("__")[0]
        page = parse_page(
            Response(
                url=entry["url"],
                final_url=entry["url"],
                status=200,
                body=(folder / entry["file"]).read_bytes(),
                fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
            )
        )
        sightings = match_markup(page.markup, frozenset({domain}))
        found[domain] = {sighting.product for sighting in sightings}
        for sighting in sightings:
            assert page.markup[sighting.start : sighting.end].strip()
    assert len(found) >= 25
    for domain, expected in EXPECTED.items():
        assert expected <= found[domain], domain


@pytest.mark.parametrize(
    ("kind", "line", "product", "strength"),
    [
        # Whoever runs on a cloud's host may be another vendor, or an example in a comment.
        ("inline", "https://us-central1-some-vendor.cloudfunctions.net/track", "Google Cloud", "weak"),
        ("inline", "staging--some-site.netlify.app", "Netlify", "weak"),
        ("script", "https://main--some-site.netlify.app/app.js", "Netlify", "strong"),
        ("inline", "http://somebody.github.io/LICENSE.txt", "GitHub Pages", "weak"),
        # A picture on a picture service may be somebody else's badge; a script or a preconnect is the site's.
        ("img", "https://res.cloudinary.com/awards/image/upload/badge.png", "Cloudinary", "weak"),
        ("link", "https://res.cloudinary.com", "Cloudinary", "strong"),
        # A firewall's script shows the firewall, not that everything else runs on that cloud.
        ("script", "https://22af5ed3.edge.sdk.awswaf.com/22af5ed3/challenge.js", "AWS WAF", "strong"),
        # Another vendor's snippet carries this one's name for itself.
        ("inline", 'analytics.SNIPPET_VERSION="4.15.3"; analytics.load("k")', "Segment", "weak"),
        ("inline", "https://cdn.segment.com/analytics.js/v1/", "Segment", "strong"),
        # A link to the site's own place is a customer's; `tools.pages.marks` lists no other.
        ("tenant", "https://acme.zendesk.com/hc/en-us", "Zendesk", "strong"),
        ("tenant", "https://boards.greenhouse.io/acme", "Greenhouse", "strong"),
        ("inline", 'var a="/cdn-cgi/challenge-platform/scripts/jsd/main.js"', "Cloudflare", "strong"),
        ("inline", 'o={"ak.v":"39","ak.cp":"1333993"}', "Akamai", "strong"),
        ("inline", "https://0123456789abcdef0123456789abcdef@o12.ingest.sentry.io/34", "Sentry", "strong"),
    ],
)
def test_a_mark_is_as_strong_as_the_place_where_it_stands(
    kind: str, line: str, product: str, strength: str
) -> None:
    found = match_markup(f"{kind}: {line}", frozenset({"acme.example"}))
    assert {sighting.product: sighting.strength for sighting in found}[product] == strength
    assert not any(sighting.product == "AWS" and sighting.strength == "strong" for sighting in found)


def test_a_site_builders_own_tools_are_not_its_customers() -> None:
    own = "script: https://browser.sentry-cdn.com/7.120.3/bundle.min.js"
    wix = f"meta generator: Wix.com Website Builder\n{own}"
    assert {sighting.product for sighting in match_markup(wix, frozenset())} == {"Wix"}
    assert {sighting.product for sighting in match_markup(own, frozenset())} == {"Sentry"}


def test_another_sites_picture_shows_no_library_of_this_one() -> None:
    text = "img: https://docs.other.example/_astro/shot.webp"
    assert match_markup(text, frozenset({"acme.example"})) == ()
