from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.fetching.addresses import is_public_address
from tools.fetching.network import (
    AddressRefused,
    CheckedAddresses,
    NameUnresolved,
    parse_test_hosts,
    system_addresses,
)
from tools.fetching.urls import canonical_url, join_url, refuse_url, request_key


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.8",
        "192.0.0.192",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.9",
        "0.0.0.0",
        "224.0.0.1",
        "239.1.1.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "2001::1",
        "2001:db8::1",
        "100::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1%eth0",
        "fec0::1",
        "ff02::1",
        "3fff::1",
        "5f00::1",
        "localhost",
        "",
        "2130706433",
        "0x7f.1",
        "127.1",
    ],
)
def test_addresses_inside_somebodys_network_are_refused(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_pass(address: str) -> None:
    assert is_public_address(address)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_never_more_public_than_the_standard_library_says(number: int) -> None:
    address = IPv4Address(number)
    if is_public_address(str(address)):
        assert address.is_global
        assert not address.is_multicast


@given(st.integers(0, 2**128 - 1))
def test_an_ipv6_address_that_passes_is_global_unicast_or_holds_a_public_ipv4(number: int) -> None:
    address = IPv6Address(number)
    if is_public_address(str(address)):
        assert address.is_global
        assert not address.is_multicast


@given(st.sampled_from(["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16"]), st.data())
def test_no_wrapping_makes_a_private_ipv4_public(network: str, data: st.DataObject) -> None:
    inside = IPv4Network(network)
    inner = int(inside[0]) + data.draw(st.integers(0, inside.num_addresses - 1))
    wrappers = [0, 0xFFFF << 32, 0x64FF9B << 96, (0x2002 << 112) | (inner << 80)]
    for wrapper in wrappers:
        assert not is_public_address(
            str(ip_address((wrapper | inner) if wrapper >> 112 != 0x2002 else wrapper))
        )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://acme.example/", "parse"),
        ("file:///etc/passwd", "parse"),
        ("javascript:alert(1)", "parse"),
        ("acme.example", "parse"),
        ("http://", "parse"),
        ("http://[::1", "parse"),
        ("https://acme.example/" + "a" * 5000, "parse"),
        ("https://user:secret@acme.example/", "blocked_address"),
        ("https://acme.example:22/", "blocked_address"),
        ("http://169.254.169.254/latest/meta-data/", "blocked_address"),
        ("http://[::ffff:10.0.0.1]/", "blocked_address"),
    ],
)
def test_urls_that_are_never_asked(url: str, reason: str) -> None:
    refused = refuse_url(url)
    assert refused is not None
    assert refused.reason == reason
    assert refused.url == url
    assert "\n" not in refused.detail


@pytest.mark.parametrize(
    "url", ["https://acme.example", "http://acme.example:8080/x", "https://bücher.example/"]
)
def test_ordinary_urls_may_be_asked(url: str) -> None:
    assert refuse_url(url) is None


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Acme.EXAMPLE", "https://acme.example/"),
        ("http://acme.example:80/a?b=1#c", "http://acme.example/a?b=1"),
        ("https://acme.example?x=1", "https://acme.example/?x=1"),
        ("https://acme.example/a/../b", "https://acme.example/b"),
        ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
    ],
)
def test_one_page_has_one_spelling(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@given(st.text(max_size=60))
def test_canonical_url_takes_any_text_or_says_no(text: str) -> None:
    for url in (text, f"https://acme.example/{text}"):
        try:
            canonical = canonical_url(url)
        except ValueError:
            continue
        assert canonical_url(canonical) == canonical


def test_relative_redirects_are_joined() -> None:
    assert join_url("https://acme.example/a/b", "../c?d=1#e") == "https://acme.example/c?d=1"
    assert join_url("https://acme.example/a", "//www.acme.example") == "https://www.acme.example/"
    with pytest.raises(ValueError, match="not a"):
        join_url("https://acme.example/", "javascript:void(0)")


def test_post_requests_differ_by_their_body_and_not_by_its_spelling() -> None:
    one = request_key("POST", "https://acme.example/jobs", {"a": 1, "b": 2})
    assert one == request_key("POST", "https://acme.example/jobs", {"b": 2, "a": 1})
    assert one != request_key("POST", "https://acme.example/jobs", {"a": 2, "b": 2})
    assert one != request_key("GET", "https://acme.example/jobs", None)


async def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    async def resolve(host: str) -> list[str]:
        return ["93.184.216.34", "10.0.0.5"]

    with pytest.raises(AddressRefused, match=r"10\.0\.0\.5"):
        await CheckedAddresses(resolve, {}).checked("acme.example")


async def test_a_name_is_resolved_once_so_a_second_answer_changes_nothing() -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"]]

    async def resolve(host: str) -> list[str]:
        return answers.pop(0)

    addresses = CheckedAddresses(resolve, {})
    assert await addresses.checked("acme.example") == ["93.184.216.34"]
    assert await addresses.checked("acme.example") == ["93.184.216.34"]


async def test_addresses_are_tried_in_order_three_at_most_and_ipv4_first() -> None:
    async def resolve(host: str) -> list[str]:
        return ["2606:4700::1111", "93.184.216.34", "93.184.216.35", "93.184.216.36"]

    tried = await CheckedAddresses(resolve, {}).of("acme.example", 443)
    assert tried == [("93.184.216.34", 443), ("93.184.216.35", 443), ("93.184.216.36", 443)]


async def test_system_lookup_names_what_cannot_be_a_host() -> None:
    with pytest.raises(NameUnresolved):
        await system_addresses("127.0.0.1" + "x" * 300)


def test_test_hosts_lead_to_loopback_only() -> None:
    assert parse_test_hosts("acme.test=127.0.0.1:81, www.acme.test=[::1]:82,") == {
        "acme.test": ("127.0.0.1", 81),
        "www.acme.test": ("::1", 82),
    }
    assert parse_test_hosts("https://api.acme.test=127.0.0.1:83") == {
        "https://api.acme.test": ("127.0.0.1", 83)
    }
    assert parse_test_hosts("") == {}
    for wrong in (
        "acme.test=10.0.0.1:80",
        "https://api.acme.test=10.0.0.1:80",
        "acme.test=example.com:80",
        "acme.test=127.0.0.1",
        "=127.0.0.1:80",
        "x",
    ):
        with pytest.raises(ValueError, match="test host"):
            parse_test_hosts(wrong)
