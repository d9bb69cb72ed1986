from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.domains import InvalidDomain, normalize_domain, registrable


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("acme.com", "acme.com"),
        ("  ACME.Com.  ", "acme.com"),
        ("HTTPS://User:pw@WWW.Acme.co.uk:8443/a?b#c", "acme.co.uk"),
        ("jane@acme.com", "acme.com"),
        ("Jane Roe <jane@sales.acme.com>", "acme.com"),
        ("mailto:jane@acme.com?subject=hi", "acme.com"),
        ("//careers.acme.com/jobs", "acme.com"),
        ("acme.com:443", "acme.com"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("acme。com", "acme.com"),
        ("acme.github.io", "acme.github.io"),
        ("github.io", "github.io"),
        ("www.wordpress.com", "wordpress.com"),
        ("shop.acme.example", "acme.example"),
        ("acme.test", "acme.test"),
        ("gmail.com", "gmail.com"),
    ],
)
def test_what_people_type_becomes_the_registrable_domain(typed: str, domain: str) -> None:
    assert normalize_domain(typed) == domain


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "no domain given"),
        ("   ", "no domain given"),
        ("localhost", "no top-level domain"),
        ("acme", "did you mean acme.com"),
        ("10.0.0.1", "IP address"),
        ("127.1", "IP address"),
        ("http://[::1]:80/", "IP address"),
        ("2130706433", "IP address"),
        ("co.uk", "public suffix"),
        ("acme corp.com", "spaces"),
        ("acme\x00.com", "control"),
        ("acme.nosuchtld", "no known top-level domain"),
        ("-acme.com", "not a valid domain"),
        ("a..com", "not a valid domain"),
        ("x" * 260 + ".com", "not a valid domain"),
        ("a" * 5000, "too long"),
        ("someone@gmail.com", "mailbox"),
    ],
)
def test_nonsense_gets_one_clear_line(typed: str, says: str) -> None:
    with pytest.raises(InvalidDomain, match=says) as caught:
        normalize_domain(typed)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


@given(st.text(max_size=80))
def test_any_text_gives_a_domain_or_the_one_error(text: str) -> None:
    try:
        domain = normalize_domain(text)
    except InvalidDomain:
        return
    assert normalize_domain(domain) == domain
    assert domain.isascii()
    assert domain == domain.lower()


@given(
    st.from_regex(
        r"(?:https?://)?(?:[a-z0-9-]{1,9}\.){1,3}(?:com|co\.uk|de|io|example)(?:/[a-z]{0,5})?", fullmatch=True
    )
)
def test_links_follow_the_same_rule_as_input(url: str) -> None:
    try:
        expected: str | None = normalize_domain(url)
    except InvalidDomain:
        expected = None
    assert registrable(url) == expected


@pytest.mark.parametrize("host", ["", "localhost", "10.0.0.1", "co.uk", "http://", "javascript:alert(1)"])
def test_what_has_no_registrable_domain_is_none(host: str) -> None:
    assert registrable(host) is None


def test_a_process_that_reads_pages_loads_no_second_http_client() -> None:
    command = "import sys, tools.pages.parsers; print('requests' in sys.modules, 'urllib3' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]
