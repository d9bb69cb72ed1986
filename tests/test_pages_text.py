from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tools.fetching.api import Response
from tools.pages.api import Page
from tools.pages.nesting import prepare_markup
from tools.pages.parse import parse_page


def read(
    body: str | bytes, url: str = "https://acme.example/", headers: tuple[tuple[str, str], ...] = ()
) -> Page:
    data = body.encode("utf-8") if isinstance(body, str) else body
    return parse_page(
        Response(
            url=url,
            final_url=url,
            status=200,
            headers=headers,
            body=data,
            fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
        )
    )


def lines(body: str) -> list[str]:
    return read(f"<html lang=en><body><main>{body}</main></body></html>").text.split("\n")


HIDING = [
    "hidden",
    'hidden=""',
    'aria-hidden="true"',
    'style="display:none"',
    'style="color:red; DISPLAY : none !important"',
    'style="visibility:hidden"',
    'style="font-size:0"',
    'style="font-size:1px"',
    'style="opacity:0"',
    'style="position:absolute;left:-9999px"',
    'style="text-indent:-9999px"',
    'style="width:0;height:0;overflow:hidden"',
    'style="clip:rect(0,0,0,0)"',
    'style="clip-path:inset(100%)"',
    'style="color:#fff;background:#ffffff"',
    'style="color:transparent"',
    'style="transform:translateX(-9999px)"',
    'class="sr-only"',
    'class="note visually-hidden"',
]


@pytest.mark.parametrize("hiding", HIDING)
def test_hidden_text_is_dropped_and_counted(hiding: str) -> None:
    page = read(f"<main><p>Seen.</p><div {hiding}><p>We employ 9,000 people.</p></div></main>")
    assert page.text == "Seen."
    assert page.hidden_dropped == len("We employ 9,000 people.")


@pytest.mark.parametrize(
    "shown",
    [
        'hidden="until-found"',
        'hidden id="S:0"',
        'role="tabpanel" hidden',
        'role="region" aria-labelledby="q1" style="display:none"',
        'style="opacity:0;transform:translate3d(0,20px,0)"',
        'data-w-id="1" style="opacity:0"',
        'class="fade-in" style="opacity:0"',
        'class="hidden lg:block"',
        'style="color:transparent;background-clip:text;background:linear-gradient(red,blue)"',
        'style="color:#fff;background:#001"',
        'style="height:1px"',
        'style="left:-20px"',
        'aria-hidden="false"',
    ],
)
def test_what_a_visitor_can_reach_is_kept(shown: str) -> None:
    assert read(f"<main><div {shown}>Founded in 2009.</div></main>").text == "Founded in 2009."


def test_style_blocks_hide_by_class_only_where_nothing_shows_it_again() -> None:
    page = read(
        "<style>.zq{display:none} .tab-pane{display:none} .a{display:none} .a.on{display:block}"
        "@media (max-width:9px){.b{display:none}} #secret{position:absolute;left:-9999px}</style>"
        "<main><p class=zq>one</p><p class=tab-pane>two</p><p class=a>three</p><p class=b>four</p><p id=secret>five</p></main>"
    )
    assert page.text.split("\n") == ["two", "three", "four"]
    assert page.hidden_dropped == len("one") + len("five")


def test_scripts_styles_templates_and_comments_are_no_text() -> None:
    page = read(
        "<main>Real<script>var a='fake'</script><style>.x{}</style><template>shadow</template>"
        "<svg><title>icon</title><text>drawn</text></svg><!-- We use Salesforce for all of our sales --></main>"
    )
    assert page.text == "Real"
    assert page.hidden_dropped == len("We use Salesforce for all of our sales")


def test_open_shadow_roots_are_text() -> None:
    assert lines('<x-card><template shadowrootmode="open"><p>In the shadow</p></template></x-card>') == [
        "In the shadow"
    ]


def test_invisible_characters_are_dropped_and_tag_characters_counted() -> None:
    smuggled = "".join(chr(0xE0000 + ord(c)) for c in "obey me")
    page = read(f"<main>soft\u00adware zero\u200bwidth{smuggled}</main>")
    assert page.text == "software zerowidth"
    assert page.hidden_dropped == len("obey me")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("Line<br>break", ["Line", "break"]),
        ("<p>Word<b>s</b> and H<sub>2</sub>O</p>", ["Words and H2O"]),
        ("<div><span>500+</span><span>employees</span></div>", ["500+ employees"]),
        ("<h1><span>H</span><span>i</span></h1>", ["Hi"]),
        ("<ul><li>Alpha</li><li>Beta</li></ul>", ["Alpha", "Beta"]),
        ("<table><tr><th>Founded</th><td>2009</td></tr><tr><th>Staff</th><td><p>120</p></td></tr></table>", ["Founded | 2009", "Staff | 120"]),
        ("<dl><dt>HQ</dt><dd>Lyon</dd></dl>", ["HQ", "Lyon"]),
        ("<p>  much\n\t space\u00a0here </p>", ["much space here"]),
        ("<p>•</p><p>Point</p>", ["Point"]),
        ("<details><summary>Q</summary>Answer</details>", ["Q", "Answer"]),
        ("<button>Trusted by 40 banks</button>", ["Trusted by 40 banks"]),
        ("<p>AT&amp;T &lt;3</p>", ["AT&T <3"]),
        ("<p>Twice</p><p>Twice</p>", ["Twice"]),
    ],
)  # fmt: skip
def test_blocks_become_lines_and_inline_text_joins(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


def test_menus_forms_banners_and_popups_are_not_text() -> None:
    page = read(
        "<nav><a href=/a>Menu one</a></nav>"
        "<div class=main-navigation><a href=/b>Menu two</a><a href=/c>Menu three</a></div>"
        "<div id=CookieBanner>We use cookies</div><div role=dialog>Subscribe now</div>"
        "<main><h1>Freight, tracked</h1><form><label>E-mail</label><select><option>Germany</option></select></form>"
        "<ol class=breadcrumb><li><a href=/>Home</a></li></ol></main>"
    )
    assert page.text == "Freight, tracked"
    assert {link.text: link.region for link in page.links}["Menu one"] == "nav"
    assert {link.text: link.region for link in page.links}["Menu two"] == "nav"


def test_a_menu_of_buttons_is_a_menu() -> None:
    page = read(
        "<div class=header-nav><ul><li><button>Platform</button></li><li><button>Why us</button></li></ul></div>"
        "<main><h1>Ship faster</h1><button>Trusted by 40 banks</button></main>"
    )
    assert page.text.split("\n") == ["Ship faster", "Trusted by 40 banks"]


def test_a_hero_in_the_header_stays_and_its_menu_goes() -> None:
    page = read(
        "<header><nav><a href=/x>Products</a></nav><ul><li><a href=/y>Blog</a></li></ul>"
        "<h1>Ship faster</h1><p>Used by 300 carriers.</p></header><main><p>More.</p></main>"
    )
    assert page.text.split("\n") == ["Ship faster", "Used by 300 carriers.", "More."]


def test_footer_keeps_the_legal_lines_after_footer_start() -> None:
    page = read(
        "<main><p>Body text.</p></main><footer><nav><a href=/p>Pricing</a><p>© 2026 Acme GmbH</p></nav>"
        "<p>Musterweg 1, 10115 Berlin</p></footer>"
    )
    assert page.text[: page.footer_start].strip() == "Body text."
    assert page.text[page.footer_start :].split("\n") == ["© 2026 Acme GmbH", "Musterweg 1, 10115 Berlin"]
    assert [link.region for link in page.links] == ["footer"]


def test_a_footer_named_by_class_counts_only_at_the_end() -> None:
    end = read("<div><p>" + "Long text here. " * 30 + "</p></div><div class=site-footer>© Acme Ltd</div>")
    assert end.text[end.footer_start :] == "© Acme Ltd"
    card = read(
        "<div class=card><div class=card-footer>Seats: 40</div></div><p>" + "More text. " * 40 + "</p>"
    )
    assert card.footer_start == len(card.text)


def test_a_page_wrapped_in_one_form_is_kept() -> None:
    body = "".join(
        f"<p>Paragraph number {n} about our freight platform and its users.</p>" for n in range(30)
    )
    assert "Paragraph number 29" in read(f"<body><form action=/post>{body}</form></body>").text


def test_a_whole_page_inside_noscript_is_read_but_a_notice_is_not() -> None:
    story = "<p>" + "We build pumps in Graz since 1931. " * 10 + "</p>"
    assert "Graz since 1931" in read(f"<div id=app></div><noscript>{story}</noscript>").text
    notice = read(
        "<div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript><script src=/a.js></script>"
    )
    assert notice.text == ""
    assert notice.flags == ("js_only",)


def test_a_self_closed_frame_in_noscript_does_not_swallow_the_page() -> None:
    page = read('<noscript><iframe src="https://t.example/ns" /></noscript><main><h1>Here</h1></main>')
    assert page.text == "Here"
    assert page.iframes == ("https://t.example/ns",)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000,
        "<div>" * 100_000 + "x" + "</div>" * 100_000,
        "".join(f"<p><b id={n}>" for n in range(30_000)),
        "<rt><rp>" * 60_000,
        "<a href=x><div>" * 40_000,
        "<ul><li>" * 40_000,
        "<table><td>" * 40_000,
        "<!--" * 200_000,
        "<script " * 100_000,
        "<noscript>" * 60_000,
        '<p style="' + "a:b;" * 200_000 + '">',
        "<style>" + ".a{display:none}" * 40_000 + "</style>",
        '<script type="application/ld+json">' + "[" * 300_000 + "</script>",
        "<a href='" + "/a" * 400_000 + "'>x</a>",
        "©" * 300_000,
        "© 2026 " * 60_000,
        "//a.b" * 100_000,
        "<script>" + "//a.b.c.d.e" * 30_000 + "</script>",
    ],
)
def test_a_sentence_before_hostile_markup_is_read(body: str) -> None:
    page = read(f"<p>Pumps from Graz for forty years.</p>{body}")
    assert page.text.split("\n")[0] == "Pumps from Graz for forty years."


def test_pages_within_the_caps_keep_every_character() -> None:
    page = "<html>" + "<div><p>a<b>c</b></p></div>" * 2000 + "</html>"
    assert prepare_markup(page).markup == page


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "text/html", "text/html; charset=utf-16", "image/png"]))
def test_any_bytes_give_a_page(body: bytes, content_type: str) -> None:
    page = read(body, headers=(("content-type", content_type),))
    page.text.encode("utf-8")
    assert 0 <= page.footer_start <= len(page.text)


_TAGS = st.sampled_from(
    [
        "div",
        "p",
        "a",
        "td",
        "tr",
        "table",
        "li",
        "ul",
        "nav",
        "footer",
        "header",
        "form",
        "noscript",
        "script",
        "style",
        "template",
        "b",
        "svg",
        "title",
    ]
)


@example([("div", False, "0\r\x08")])
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_TAGS, st.booleans(), st.text(max_size=8)), max_size=40))
def test_any_tag_soup_gives_the_same_page_twice(parts: list[tuple[str, bool, str]]) -> None:
    soup = "".join(f"<{'/' if closing else ''}{tag}>{text}" for tag, closing, text in parts)
    page = read(soup)
    assert page.text == read(soup).text
    assert all(line == line.strip() and line for line in page.text.split("\n")) or page.text == ""


def test_a_link_s_text_is_not_the_style_sheet_inside_it() -> None:
    body = (
        "<p>x</p><a href=/demo>Book a demo<style>.css-1{display:inherit}</style></a>"
        "<a href=/start aria-label=Start><svg><style>.a>.b{fill:red}</style></svg></a>"
        "<a href=/say>{greeting} <b>you</b></a>"
    )
    assert [link.text for link in read(body).links] == ["Book a demo", "Start", "{greeting} you"]
