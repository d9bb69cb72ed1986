"""Turn what a person types (a domain, a URL, an e-mail address) into the account's registrable domain.

Public suffixes come from a bundled list: no look-up leaves the machine. Private suffixes
count, so `acme.github.io` is an account of its own. The reserved top-level domains `.example` and
`.test` are accepted for synthetic accounts.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache
from typing import Final

import idna
from publicsuffixlist import PublicSuffixList

_MAX_INPUT: Final = 2048
_MAX_HOST: Final = 253
_RESERVED_TLDS: Final = frozenset({"example", "test"})
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{0,30}://")
_BRACKETED_ADDRESS: Final = re.compile(r"<\s*([^<>\s@]+@[^<>\s@]+)\s*>\s*\Z")

_PROVIDER_LIST: Final = """
    126.com 139.com 163.com aim.com alice.it aol.com arcor.de att.net bellsouth.net bigpond.com bk.ru
    bluewin.ch btinternet.com bt.com comcast.net cox.net daum.net duck.com earthlink.net fastmail.com
    fastmail.fm foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.fr gmx.net
    googlemail.com hanmail.net hey.com hotmail.ca hotmail.co.uk hotmail.com hotmail.de hotmail.es
    hotmail.fr hotmail.it hushmail.com icloud.com inbox.com inbox.ru interia.pl laposte.net libero.it
    list.ru live.ca live.co.uk live.com live.de live.fr live.nl mac.com mail.com mail.ru mailbox.org
    me.com msn.com naver.com neuf.fr o2.pl oi.com.br onet.pl optonline.net orange.fr outlook.com
    outlook.de outlook.es outlook.fr passport.com pm.me posteo.de proton.me protonmail.ch protonmail.com
    qq.com rambler.ru rediffmail.com rocketmail.com rogers.com sapo.pt sbcglobal.net seznam.cz sfr.fr
    shaw.ca sina.com sky.com skynet.be sohu.com sympatico.ca t-online.de talktalk.net telenet.be
    terra.com.br tiscali.it tuta.com tuta.io tutanota.com uol.com.br verizon.net virgilio.it
    virginmedia.com wanadoo.fr web.de wp.pl xtra.co.nz yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk
    yahoo.com yahoo.com.au yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.in yahoo.it yandex.com yandex.ru
    yeah.net ymail.com zoho.com zohomail.com
"""
_MAILBOX_PROVIDERS: Final = frozenset(_PROVIDER_LIST.split())


class InvalidDomain(ValueError):
    """What was typed names no company's domain. The message is one line with the value and the next step."""


def normalize_domain(text: str) -> str:
    """Return the registrable domain of a domain, URL or e-mail address, lower-case and in punycode.

    Raises `InvalidDomain`, and nothing else, for what cannot be an account: empty text, single labels,
    IP addresses, bare public suffixes, names over 253 characters, and free mailbox addresses.
    """
    shown = _shown(text)
    stripped = text.strip()
    if not stripped:
        raise InvalidDomain("no domain given; pass a company's domain such as acme.com")
    if len(stripped) > _MAX_INPUT:
        raise InvalidDomain(f"{shown} is too long to be a domain; pass a company's domain such as acme.com")
    host, is_address = _host_of(stripped)
    if any(character.isspace() or not character.isprintable() for character in host):
        raise InvalidDomain(
            f"{shown} is not a domain (it holds spaces or control characters); pass one domain"
        )
    if _is_ip(host):
        raise InvalidDomain(f"{shown} is an IP address; pass the company's domain name instead")
    name = _ascii_host(host)
    if name is None:
        raise InvalidDomain(f"{shown} is not a valid domain name; pass a company's domain such as acme.com")
    if _is_ip(name):
        raise InvalidDomain(f"{shown} is an IP address; pass the company's domain name instead")
    if "." not in name:
        raise InvalidDomain(f"{shown} has no top-level domain; did you mean {name}.com?")
    domain = _registrable(name)
    if domain is None:
        if _suffixes().publicsuffix(name) is not None:
            raise InvalidDomain(
                f"{shown} is a public suffix, not one company's domain; add the company's name"
            )
        raise InvalidDomain(f"{shown} ends in no known top-level domain; check the spelling")
    if is_address and domain in _MAILBOX_PROVIDERS:
        raise InvalidDomain(
            f"{shown} is a mailbox at {domain}, not a company's address; pass the company's domain"
        )
    return domain


def registrable(host_or_url: str) -> str | None:
    """Return the registrable domain of a host or an absolute URL, or `None` where there is none.

    The same rules as `normalize_domain`, without the errors: for links and redirects, not for input.
    """
    if len(host_or_url) > 8 * _MAX_INPUT:
        return None
    return _registrable_host(_host_of(host_or_url.strip())[0])


@lru_cache(maxsize=2048)  # by host: a site's pages are many, its host is one
def _registrable_host(host: str) -> str | None:
    if not host or _is_ip(host):
        return None
    name = _ascii_host(host)
    if name is None or _is_ip(name):
        return None
    return _registrable(name)


def is_registrable_domain(name: str) -> bool:
    """Tell whether a name is what one registers at a registry (`acme.co.uk`), not a host beneath it."""
    plain = name.rstrip(".").lower()
    return plain != "" and _public_suffixes().privatesuffix(plain) == plain


@cache  # reading a list takes 40 ms, which a process pays once it needs one
def _suffixes() -> PublicSuffixList:
    """Return all suffixes, those of hosting companies too; a name under none of them has none."""
    return PublicSuffixList(accept_unknown=False)


@cache
def _public_suffixes() -> PublicSuffixList:
    """Return the suffixes of registries alone."""
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def _shown(text: str) -> str:
    value = text if len(text) <= 80 else text[:77] + "..."
    return repr(value)


def _host_of(text: str) -> tuple[str, bool]:
    """Return the host part, and whether the text was an e-mail address."""
    if address := _BRACKETED_ADDRESS.search(text):
        text = address[1]
    if text[:7].lower() == "mailto:":
        text = text[7:]
    has_scheme = _SCHEME.match(text) is not None
    if has_scheme:
        text = text.split("://", 1)[1]
    elif text.startswith("//"):
        text = text[2:]
    for stop in "/?#\\":
        text = text.split(stop, 1)[0]
    before, at, host = text.rpartition("@")
    if host.startswith("["):
        host = host[1:].split("]", 1)[0]
    elif ":" in host and host.count(":") == 1:
        host = host.split(":", 1)[0]
    return host.rstrip("."), bool(at) and not has_scheme and ":" not in before


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        # Old notations that resolvers still accept: 127.1, 0x7f000001, 2130706433.
        return all(re.fullmatch(r"0[xX][0-9a-fA-F]*|[0-9]+", part) for part in host.split("."))
    return True


def _ascii_host(host: str) -> str | None:
    """Return the host in lower-case ASCII (IDNA 2008 with UTS 46 mapping), or `None` if it is no host name."""
    try:
        name = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError, IndexError):
        return None
    name = name.rstrip(".")
    if not name or len(name) > _MAX_HOST:
        return None
    return name if all(_LABEL.match(label) for label in name.split(".")) else None


def _registrable(name: str) -> str | None:
    labels = name.split(".")
    if labels[-1] in _RESERVED_TLDS:
        return ".".join(labels[-2:]) if len(labels) >= 2 and labels[-2] != "www" else None
    # `www.` of a hosting company (`www.wordpress.com`) is that company, not a customer called "www".
    if labels[0] == "www" and len(labels) > 2:
        without = name[4:]
        if _public_suffixes().privatesuffix(without) is not None:
            name = without
    return _suffixes().privatesuffix(name) or _public_suffixes().privatesuffix(name)
