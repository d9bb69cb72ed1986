"""Say which IP addresses are somebody's public server, so that a prospect cannot point us inwards.

The standard library's `is_global` is not used: on supported Pythons it is wrong for NAT64, 6to4,
IPv4-compatible and multicast addresses and for parts of 192.0.0.0/24.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

# IANA special-purpose registry, plus what is reachable only inside a cloud.
_NOT_PUBLIC_V4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared address space; also a cloud's metadata service
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host agent on an address that looks public
        "169.254.0.0/16",  # link-local; the usual metadata service
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_UNICAST_V6: Final = IPv6Network("2000::/3")
_NOT_PUBLIC_V6: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4: leads to any IPv4 address
        "3fff::/20",
    )
)
_MAPPED_V4: Final = IPv6Network("::ffff:0:0/96")
_NAT64: Final = IPv6Network("64:ff9b::/96")


def is_public_address(text: str) -> bool:
    """Tell whether a textual IP address is public unicast; what is no address at all is not.

    IPv4-mapped and NAT64 addresses are as public as the IPv4 address inside them.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return _is_public_v4(address)
    if address.scope_id is not None:
        return False
    if address in _MAPPED_V4 or address in _NAT64:
        return _is_public_v4(IPv4Address(int(address) & 0xFFFFFFFF))
    return _is_public_v6(address)


def is_address(text: str) -> bool:
    """Tell whether a host is written as an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in network for network in _NOT_PUBLIC_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    return address in _UNICAST_V6 and not any(address in network for network in _NOT_PUBLIC_V6)
