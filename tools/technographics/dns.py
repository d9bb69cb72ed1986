"""What an account's DNS gives away: who delivers its mail, who may send it, what runs on its subdomains.

A DNS document has one answer a line: `acme.example MX 10 aspmx.l.google.com.`
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tools.documents import Account, FetchFailure, SourceDocument, text_id
from tools.fetching.api import DnsAnswer, Fetcher, RecordType
from tools.technographics.catalogue import Mark, marks, sighting
from tools.technographics.hits import Hit, best_hits
from tools.technographics.sightings import Sighting

SUBDOMAINS = (
    "www",
    "help",
    "support",
    "status",
    "careers",
    "jobs",
    "go",
    "info",
    "pages",
    "blog",
    "shop",
    "app",
    "docs",
    "mail",
    # Selectors under which mail services publish their signing key as an alias.
    "k1._domainkey",
    "s1._domainkey",
    "selector1._domainkey",
    "zendesk1._domainkey",
)
MAX_TEXT = 200_000
MAX_QUOTE = 160
_LINE = re.compile(r"^(\S+) (MX|TXT|NS|CNAME|A) (.+)$", re.MULTILINE)
_SPF_HOST = re.compile(r"(?:include:|redirect=|exists:|a:|mx:)([\w.%{}-]{3,253})")
_DMARC_HOST = re.compile(r"mailto:[^@\s,;\"]{1,120}@([\w.-]{3,253})")
_TXT_WORD = re.compile(r"[^\s\"]+")


class _Tables(NamedTuple):
    hosts: dict[str, dict[str, tuple[Mark, ...]]]
    name_server_parts: tuple[Mark, ...]
    txt: tuple[Mark, ...]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    hosts: dict[str, dict[str, tuple[Mark, ...]]] = {
        kind: {} for kind in ("mx", "ns", "cname", "a", "spf", "dmarc")
    }
    parts: list[Mark] = []
    txt: list[Mark] = []
    for mark in marks():
        if mark.kind == "txt":
            txt.append(mark)
        elif mark.kind == "ns" and mark.pattern.startswith("*"):
            parts.append(mark)
        elif mark.kind in hosts:
            table = hosts[mark.kind]
            table[mark.pattern] = (*table.get(mark.pattern, ()), mark)
    return _Tables(hosts, tuple(parts), tuple(txt))


def match_dns(text: str, own_domains: frozenset[str]) -> tuple[Sighting, ...]:
    """Return the products a DNS document shows, each once, in order of appearance.

    Products of the account's own are left out. A verification token of a search engine or an advertising
    network stays weak: it outlives its use; two different weak marks of one product make it strong.
    """
    best = best_hits(_hits(text[:MAX_TEXT]), own_domains)
    return tuple(
        sighting(hit.mark.product, start=hit.start, end=hit.end, weak=best.is_weak(hit), where=hit.where)
        for hit in best.in_order()
    )


def _hits(text: str) -> Iterator[Hit]:
    for line in _LINE.finditer(text):
        kind, value = line.group(2).lower(), line.group(3)
        if kind == "txt":
            yield from _txt_hits(value, line.start(3))
            continue
        host = value.split()[-1].rstrip(".").lower()
        end = min(line.end(), line.start() + MAX_QUOTE)
        for mark in _at_or_above(host, kind):
            yield Hit(mark, line.start(), end, "dns")
        if kind == "ns":
            for mark in _tables().name_server_parts:
                if mark.pattern.strip("*") in host:
                    yield Hit(mark, line.start(), end, "dns")


def _at_or_above(host: str, kind: str) -> Iterator[Mark]:
    table = _tables().hosts[kind]
    if kind == "a":
        yield from table.get(host, ())
        return
    labels = host.split(".")
    for first in range(len(labels)):
        found = table.get(".".join(labels[first:]))
        if found:
            # The longest name wins: a mail host's own rule over the rule of its domain.
            yield from found
            return


def _txt_hits(value: str, at: int) -> Iterator[Hit]:
    folded = value.casefold()
    if "v=spf1" in folded:
        for include in _SPF_HOST.finditer(value):
            for mark in _at_or_above(include.group(1).rstrip(".").lower(), "spf"):
                yield Hit(mark, at + include.start(), at + include.end(), "dns")
        return
    if "v=dmarc1" in folded:
        for mailbox in _DMARC_HOST.finditer(value):
            for mark in _at_or_above(mailbox.group(1).rstrip(".").lower(), "dmarc"):
                yield Hit(mark, at + mailbox.start(), at + mailbox.end(), "dns")
        return
    for word in _TXT_WORD.finditer(value[:2_000]):
        folded_word = word.group().casefold()
        for mark in _tables().txt:
            if folded_word.startswith(mark.pattern.casefold()):
                yield Hit(mark, at + word.start(), at + min(word.end(), word.start() + MAX_QUOTE), "dns")


class DnsDocuments(NamedTuple):
    """The DNS document, if anything answered, and the questions that failed.

    `answered` names the record types that had answers; `asked` is whether any question was answered at all,
    even by "there is none".
    """

    documents: tuple[SourceDocument, ...]
    failures: tuple[FetchFailure, ...]
    answered: tuple[str, ...]
    asked: bool


async def dns_documents(account: Account, fetcher: Fetcher) -> DnsDocuments:
    """Ask the account's DNS and return one document of its answers.

    Asked: MX, TXT, NS and A of the final domain, TXT of `_dmarc`, and the alias behind a short list of
    subdomains (`help.`, `status.`, `go.` ...). Failed questions about subdomains come back as one failure.
    """
    domain = account.final_domain
    main: tuple[tuple[str, RecordType], ...] = (
        (domain, "MX"),
        (domain, "TXT"),
        (domain, "NS"),
        (domain, "A"),
        (f"_dmarc.{domain}", "TXT"),
    )
    lines: list[str] = []
    failures: list[FetchFailure] = []
    answered: list[str] = []
    first: DnsAnswer | None = None
    aliases: tuple[tuple[str, RecordType], ...] = tuple(
        (f"{label}.{domain}", "CNAME") for label in SUBDOMAINS
    )
    answers = await asyncio.gather(*(fetcher.resolve(name, kind) for name, kind in (*main, *aliases)))
    unanswered: list[FetchFailure] = []
    for (name, record_type), answer in zip((*main, *aliases), answers, strict=True):
        if isinstance(answer, FetchFailure):
            (failures if (name, record_type) in main else unanswered).append(answer)
            continue
        first = first or answer
        if answer.answers and record_type not in answered:
            answered.append(record_type)
        lines += _lines(answer)
    if unanswered:
        failures.append(
            FetchFailure(
                url=f"dns:{domain}?type=CNAME",
                reason=unanswered[0].reason,
                detail=f"{len(unanswered)} of {len(SUBDOMAINS)} subdomains did not answer",
            )
        )
    if first is None or not lines:
        return DnsDocuments((), tuple(failures), tuple(answered), first is not None)
    text = "\n".join(dict.fromkeys(lines))[:MAX_TEXT]
    document = SourceDocument(
        id=text_id(text),
        url=f"dns:{domain}",
        final_url=f"dns:{domain}",
        kind="dns",
        source="technographics",
        tier="first-party-structured",
        title=f"DNS records of {domain}",
        text=text,
        fetched_at=first.fetched_at,
        provider="dns",
    )
    return DnsDocuments((document,), tuple(failures), tuple(answered), True)


def _lines(answer: DnsAnswer) -> list[str]:
    # Answers come from the account's own servers: a line break in one must not become a line of its own.
    return [
        f"{answer.name.rstrip('.')} {answer.record_type} {' '.join(value.split())}"
        for value in answer.answers
        if value.strip()
    ]
