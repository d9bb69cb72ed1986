"""The connection itself: resolve once, refuse what is not public, connect to the address that was checked.

The check sits under HTTP and TLS, so it holds for every redirect, and a name that answers differently a
second time (DNS rebinding) changes nothing: the address that was checked is the one connected to.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from ipaddress import ip_address
from typing import Final

import httpx

from tools.fetching.addresses import is_address, is_public_address

Resolver = Callable[[str], Awaitable[Sequence[str]]]
LoopbackHosts = Mapping[str, tuple[str, int]]

_RESOLVE_SECONDS: Final = 8.0
_ADDRESSES_TRIED: Final = 3
_ENDPOINT: Final = "https://"


class AddressRefused(Exception):
    """A host resolves to an address that is not public."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} resolves to {address}, which is not a public address")


class NameUnresolved(Exception):
    """A host name has no address; `lasting` when the name server said so, not when it failed to answer."""

    def __init__(self, host: str, detail: str, *, lasting: bool) -> None:
        super().__init__(f"{host} {detail}")
        self.lasting = lasting


@cache
def shared_tls_context() -> ssl.SSLContext:
    """Return the one TLS context of the process; building one costs tens of milliseconds."""
    context = httpx.create_ssl_context(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])
    return context


@cache
def _lookup_threads() -> ThreadPoolExecutor:
    """Return threads of their own for name look-ups: dead names block for seconds each."""
    return ThreadPoolExecutor(max_workers=32, thread_name_prefix="lookup")


async def system_addresses(host: str) -> Sequence[str]:
    """Return a host's addresses as the system resolves them; raises `NameUnresolved`."""

    def look_up() -> list[str]:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_RESOLVE_SECONDS):
            return await loop.run_in_executor(_lookup_threads(), look_up)
    except TimeoutError as error:
        raise NameUnresolved(host, "was not resolved in time", lasting=False) from error
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise NameUnresolved(host, "could not be resolved just now", lasting=False) from error
        raise NameUnresolved(host, "has no address; check the spelling", lasting=True) from error
    except UnicodeError as error:
        raise NameUnresolved(host, "is not a host name", lasting=True) from error


class CheckedAddresses:
    """Where an account's connections may lead: to public addresses, each name resolved once.

    `test_hosts` maps names of tests to loopback servers; `https://NAME` stands for an endpoint that is asked
    under https and speaks http there, as no server of a test has its certificate.
    """

    def __init__(self, resolve: Resolver, test_hosts: LoopbackHosts) -> None:
        self._resolve = resolve
        self._test_hosts = test_hosts
        self._endpoints = {
            name.removeprefix(_ENDPOINT): target
            for name, target in test_hosts.items()
            if name.startswith(_ENDPOINT)
        }
        self._checked: dict[str, list[str]] = {}
        self._loopback = frozenset(test_hosts.values())

    async def of(self, host: str, port: int) -> list[tuple[str, int]]:
        """Return the addresses and ports to try for a host, in order; raises `AddressRefused` or `NameUnresolved`."""
        if host in self._test_hosts:
            return [self._test_hosts[host]]
        if host in self._endpoints:
            return [self._endpoints[host]]
        return [(address, port) for address in (await self.checked(host))[:_ADDRESSES_TRIED]]

    def in_the_clear(self, host: str | None) -> bool:
        """Tell whether a host is an endpoint of a test, where TLS is left out."""
        return host in self._endpoints

    async def checked(self, host: str) -> list[str]:
        """Return a host's addresses, IPv4 first, once all are known to be public; raises `AddressRefused`.

        They are kept for the life of this object, so one account's run sees one answer.
        """
        known = self._checked.get(host)
        if known is not None:
            return known
        addresses = [host] if is_address(host) else list(await self._resolve(host))
        if not addresses:
            raise NameUnresolved(host, "has no address", lasting=True)
        for address in addresses:
            if not is_public_address(address):
                raise AddressRefused(host, address)
        addresses.sort(key=lambda address: ":" in address)
        self._checked[host] = addresses
        return addresses

    def check(self, address: str, port: object) -> None:
        """Raise `AddressRefused` unless a connection may lead to an address and port."""
        if (address, port) not in self._loopback and not is_public_address(address):
            raise AddressRefused(address, address)


def parse_test_hosts(text: str) -> dict[str, tuple[str, int]]:
    """Parse `acme.test=127.0.0.1:8123,www.acme.test=127.0.0.1:8123` into hosts for tests.

    `*.test=127.0.0.1:8123` is left as it stands; batch runs know whom it means. `https://api.test=...` is an
    endpoint that every account may ask.
    Only loopback addresses are taken: the switch cannot open the guard to anything else.
    Raises `ValueError` with one line that says what is wrong.
    """
    hosts: dict[str, tuple[str, int]] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, _, target = entry.partition("=")
        address, _, port = target.rpartition(":")
        if not name or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(f"test host {entry!r} is not of the form name=127.0.0.1:port")
        hosts[name.strip().lower()] = (address.strip("[]"), int(port))
    check_test_hosts(hosts)
    return hosts


def check_test_hosts(hosts: LoopbackHosts) -> None:
    """Raise `ValueError` unless every test host leads to a loopback address."""
    for name, (address, _) in hosts.items():
        if not is_address(address) or not ip_address(address).is_loopback:
            raise ValueError(f"test host {name!r} leads to {address!r}; only loopback addresses are allowed")
