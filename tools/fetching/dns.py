"""DNS questions over dnspython: bounded in time, answers in presentation format."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Final, NamedTuple

import dns.asyncresolver
import dns.exception
import dns.name
import dns.resolver

from tools.fetching.api import RecordType

_LIFETIME: Final = 5.0
_MOST_ANSWERS: Final = 50
_LONGEST_ANSWER: Final = 4096


class DnsReply(NamedTuple):
    """What a name server said: answers (sorted), or that the name does not exist, or why it said nothing."""

    answers: tuple[str, ...] = ()
    exists: bool = True
    problem: str | None = None


DnsClient = Callable[[str, RecordType], Awaitable[DnsReply]]


async def ask_system_dns(name: str, record_type: RecordType) -> DnsReply:
    """Ask the system's name servers one question; never raises for what they answer."""
    try:
        question = dns.name.from_text(name)
        answer = await _resolver().resolve(question, record_type, lifetime=_LIFETIME)
    except dns.resolver.NXDOMAIN:
        return DnsReply(exists=False)
    except dns.resolver.NoAnswer:
        return DnsReply()
    except dns.exception.Timeout:
        return DnsReply(problem="the name servers did not answer in time; try again later")
    except dns.resolver.NoResolverConfiguration:
        return DnsReply(problem="this machine names no DNS server; check /etc/resolv.conf")
    except (dns.exception.DNSException, UnicodeError, OSError) as error:
        return DnsReply(problem=f"the name servers gave no usable answer ({type(error).__name__})")
    texts = sorted(_presentation(str(record), record_type) for record in answer)
    return DnsReply(tuple(texts[:_MOST_ANSWERS]))


@cache
def _resolver() -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver()
    resolver.timeout = 2.0
    return resolver


def _presentation(text: str, record_type: RecordType) -> str:
    """Join the strings of a long TXT record: they are one text cut every 255 bytes."""
    return (text.replace('" "', "") if record_type == "TXT" else text)[:_LONGEST_ANSWER]
