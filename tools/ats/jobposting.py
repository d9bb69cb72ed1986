"""Read schema.org `JobPosting` from a page's JSON-LD."""

from __future__ import annotations

from typing import Any, NamedTuple

from tools.ats.api import BoardPosting, distinct_lines, place
from tools.ats.fragment import fragment_text, one_line
from tools.ats.shape import Node, iso_date
from tools.pages.api import Page
from tools.places import country_of_field

_MOST = 200


class StatedPosting(NamedTuple):
    """A posting in a page's structured data, and the employer and its website as stated there."""

    posting: BoardPosting
    employer: str | None
    website: str | None


def stated_postings(page: Page) -> tuple[StatedPosting, ...]:
    """Return the `JobPosting` nodes of a page, those without a title left out."""
    found: list[StatedPosting] = []
    for node in _job_nodes(page.json_ld):
        stated = _posting(Node(node, "JobPosting"), page)
        if stated is not None:
            found.append(stated)
        if len(found) >= _MOST:
            break
    return tuple(found)


def _job_nodes(
    nodes: tuple[dict[str, Any], ...],
) -> list[dict[str, Any]]:  # Any: JSON-LD is whatever pages say
    """Find the nodes themselves and those inside an `ItemList`."""
    jobs: list[dict[str, Any]] = []
    for node in nodes[:2_000]:
        if not isinstance(node, dict):
            continue
        if _is_job(node):
            jobs.append(node)
        elements = node.get("itemListElement")
        for listed in elements[:_MOST] if isinstance(elements, list) else ():
            item = listed.get("item", listed) if isinstance(listed, dict) else None
            if isinstance(item, dict) and _is_job(item):
                jobs.append(item)
    return jobs


def _is_job(node: dict[str, Any]) -> bool:
    kind = node.get("@type")
    return kind == "JobPosting" or (isinstance(kind, list) and "JobPosting" in kind)


def _posting(node: Node, page: Page) -> StatedPosting | None:
    title = one_line(_first_text(node, "title") or _first_text(node, "name"))
    if not title:
        return None
    organisation = node.child("hiringOrganization")
    employer = node.get("hiringOrganization") if isinstance(node.get("hiringOrganization"), str) else None
    addresses = [where.child("address") for where in _listed(node, "jobLocation")]
    countries = [country_of_field(_country(address)) for address in addresses]
    countries += [
        country_of_field(_first_text(where, "name"))
        for where in _listed(node, "applicantLocationRequirements")
    ]
    identifier = node.child("identifier").text("value") or _first_text(node, "identifier")
    url = _first_text(node, "url")
    posting = BoardPosting(
        key=identifier or url or f"{page.url}#{title.casefold()}",
        title=title,
        url=url if url and url.startswith(("http://", "https://")) else page.url,
        department=one_line(_first_text(node, "occupationalCategory")),
        locations=distinct_lines(
            place(_first_text(a, "addressLocality"), _first_text(a, "addressRegion"), _country(a))
            for a in addresses
        ),
        countries=tuple(dict.fromkeys(code for code in countries if code)),
        remote=True if _first_text(node, "jobLocationType") == "TELECOMMUTE" else None,
        employment=one_line(
            ", ".join(node.texts("employmentType"))
            if isinstance(node.get("employmentType"), list)
            else _first_text(node, "employmentType")
        ),
        posted_on=iso_date(_first_text(node, "datePosted")),
        description=fragment_text(_first_text(node, "description")),
        language=page.language,
        raw=node.raw(),
    )
    name = employer if isinstance(employer, str) else _first_text(organisation, "name")
    site = _first_text(organisation, "url") or _first_text(organisation, "sameAs")
    return StatedPosting(posting, one_line(name), site)


def _listed(node: Node, key: str) -> list[Node]:
    return node.items(key) if isinstance(node.get(key), list) else [node.child(key)]


def _country(address: Node) -> str | None:
    value = address.get("addressCountry")
    return (
        _first_text(address.child("addressCountry"), "name")
        if isinstance(value, dict)
        else _first_text(address, "addressCountry")
    )


def _first_text(node: Node, key: str) -> str | None:
    value = node.get(key)
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str)), None)
    return (
        str(value).strip() or None if isinstance(value, str | int) and not isinstance(value, bool) else None
    )
