"""Organization nodes in JSON-LD: what the account's site states about itself in key/value form.

A node speaks for the account when its URL, `sameAs` or id lies on the account's domain, or its name is the
account's. The publisher of somebody else's article, a customer or a reviewed product's maker does not.
"""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import JsonValue

from agent.canonical.industries import industry_code
from agent.extraction.rules.addresses import is_shared_address
from agent.extraction.rules.jsonspans import Node, find_objects
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim
from tools.places import country_of_field

_ORGANISATIONS = frozenset(
    "Organization Corporation LocalBusiness OnlineBusiness OnlineStore NGO GovernmentOrganization EducationalOrganization "
    "CollegeOrUniversity School MedicalOrganization Hospital FinancialService BankOrCreditUnion InsuranceAgency Airline "
    "ProfessionalService LegalService NewsMediaOrganization ResearchOrganization Consortium Cooperative LibrarySystem "
    "SportsOrganization EmploymentAgency RealEstateAgent TravelAgency Store AutomotiveBusiness Restaurant Hotel "
    "AccountingService ComputerStore SoftwareCompany".split()
)
_HEAD_OFFICE_TYPES = frozenset(("Organization", "Corporation", "OnlineBusiness", "NGO", "OnlineStore"))
_LONGEST_ADDRESS = 700
_MOST_NAME_WORDS = 7


def read_json_ld(reading: Reading) -> Iterator[Claim]:
    """Yield name, founding year, size, head office, parent and industry from the account's own nodes."""
    if reading.document.purpose != "structured_data" or reading.document.kind != "website":
        return
    for node in find_objects(reading.text):
        if _types(node) & _ORGANISATIONS and _is_account(node, reading):
            yield from _organisation(node, reading)


_META_NAME = re.compile(r"^(?:og:site_name|application-name): (?P<name>[^\n]{2,80})$", re.M)
_TITLE = re.compile(r"^title: (?P<title>[^\n]{2,300})$", re.M)
_TITLE_PART = re.compile(r"(?:\s+[|–—·•»-]\s+|\s*[|·•»]\s*|:\s+|\s[–—])")


def read_meta_name(reading: Reading) -> Iterator[Claim]:
    """Yield the site's name from its meta tags or title, when it is a name that the account is known by."""
    if reading.document.purpose != "structured_data" or reading.document.kind != "website":
        return
    known = {name.casefold() for name in reading.account.names}
    found = _META_NAME.search(reading.text)
    if found and found["name"].strip().casefold() in known:
        yield from reading.claim(
            "meta_name@1", "name", found["name"].strip(), Span(*found.span()), structured=True
        )
        return
    title = _TITLE.search(reading.text)
    parts = _TITLE_PART.split(title["title"]) if title else []
    named = [part.strip(" ®™") for part in parts if part.strip(" ®™").casefold() in known]
    if title and named and len(parts) > 1:
        # The whole title is the quote: a name alone says nothing about where it stands.
        yield from reading.claim("title_name@1", "name", named[-1], Span(*title.span()), structured=True)


def _types(node: Node) -> set[str]:
    found = node.get("@type")
    return (
        {re.sub(r"^(?:https?://schema\.org/|schema:)", "", text) for text in found.texts()}
        if found
        else set()
    )


def _is_account(node: Node, reading: Reading) -> bool:
    name = node.get("name") or node.get("legalName")
    named = name is not None and any(reading.identity.is_named(text) for text in name.texts())
    if name is not None and not named and reading.account.names:
        return False
    own_link = any(
        _host_is_own(text, reading)
        for key in ("url", "@id", "sameAs")
        if (value := node.get(key)) is not None
        for text in value.texts()
    )
    return named or own_link


def _host_is_own(url: str, reading: Reading) -> bool:
    try:
        host = (urlsplit(url.strip()[:500]).hostname or "").lower()
    except ValueError:
        return False
    return any(host == domain or host.endswith(f".{domain}") for domain in reading.account.domains)


def _organisation(node: Node, reading: Reading) -> Iterator[Claim]:
    for key in ("legalName", "name"):
        for text in _texts(node, key):
            if (called := _without_slogan(text, reading)) is not None:
                yield from _pair(reading, node, key, "name", called)
    for text in _texts(node, "foundingDate"):
        yield from _pair(reading, node, "foundingDate", "founded_year", text.strip()[:10])
    founded = node.get("foundingDate")
    if founded is not None and isinstance(founded.scalar, int):
        yield from _pair(reading, node, "foundingDate", "founded_year", founded.scalar)
    yield from _employees(node, reading)
    yield from _address(node, reading)
    parent = node.get("parentOrganization")
    if parent is not None and parent.is_object and (name := parent.get("name")) is not None:
        home = parent.get("url")
        own = home is not None and any(_host_is_own(text, reading) for text in home.texts())
        for text in name.texts():
            if not own and not reading.identity.is_named(text):
                yield from _pair(reading, node, "parentOrganization", "parent", text)
    for key in ("industry", "naics"):
        for text in _texts(node, key):
            if industry_code(text):
                yield from _pair(reading, node, key, "industry", text)


def _without_slogan(name: str, reading: Reading) -> str | None:
    """Return a stated name, of "Acme - Pumps, Valves and Fittings since 1950" only "Acme", or `None`."""
    if len(name.split()) <= _MOST_NAME_WORDS:
        return name
    first = re.split(r"\s*[-–—|:]\s+", name)[0].strip()
    return first if reading.identity.is_named(first) else None


def _texts(node: Node, key: str) -> list[str]:
    value = node.get(key)
    return value.texts()[:1] if value else []


def _pair(reading: Reading, node: Node, key: str, attribute: str, value: str | int) -> Iterator[Claim]:
    key_start, member = node.members[key]
    if member.end - key_start <= _LONGEST_ADDRESS:
        yield from reading.claim("jsonld@2", attribute, value, Span(key_start, member.end), structured=True)


def _employees(node: Node, reading: Reading) -> Iterator[Claim]:
    value = node.get("numberOfEmployees")
    if value is None:
        return
    low, high, exact = (_scalar(value, key) for key in ("minValue", "maxValue", "value"))
    stated: object = exact if exact is not None else value.scalar
    if low is not None and high is not None and exact is None:
        stated = f"{low}-{high}"
    if isinstance(stated, str | int) and not isinstance(stated, bool):
        text = str(stated)
        yield from _pair(reading, node, "numberOfEmployees", "employee_count", text)


def _scalar(node: Node, key: str) -> str | int | None:
    value = node.get(key)
    if value is None or isinstance(value.scalar, bool) or not isinstance(value.scalar, str | int):
        return None
    return value.scalar


def _address(node: Node, reading: Reading) -> Iterator[Claim]:
    """Read an organisation-level address; a list of addresses is a list of offices, not a head office."""
    if not _types(node) & _HEAD_OFFICE_TYPES:
        return
    value = node.get("address")
    if value is not None and len(value.items) == 1:
        value = value.items[0]
    if value is None or value.items:
        return
    key_start, member = node.members["address"]
    span = Span(key_start, member.end)
    if span.end - span.start > _LONGEST_ADDRESS or is_shared_address(reading.slice(span)):
        return
    if isinstance(value.scalar, str):
        yield from reading.claim("jsonld@2", "headquarters", value.scalar, span, structured=True)
        return
    country_node = value.get("addressCountry")
    if country_node is not None and country_node.is_object:
        country_node = country_node.get("name")
    country = country_node.scalar if country_node else None
    city, region = _scalar(value, "addressLocality"), _scalar(value, "addressRegion")
    place: dict[str, JsonValue] = {
        "city": _capitalised(city),
        "region": region if isinstance(region, str) else None,
        "country": country_of_field(country) if isinstance(country, str) else None,
    }
    if place["country"] or place["city"]:
        yield from reading.claim("jsonld@2", "headquarters", place, span, structured=True)


def _capitalised(city: str | int | None) -> str | None:
    """Return a city name, without the state some sites append ("Austin, TX")."""
    return city.split(",")[0].strip() or None if isinstance(city, str) else None
