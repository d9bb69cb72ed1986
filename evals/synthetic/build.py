"""Write the labelled accounts: archives, labels, gold findings, and the lock of the test half."""

from __future__ import annotations

import shutil
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from agent.errors import InputError
from evals.labels import ACCOUNTS, ARCHIVE, CLEAN_ARCHIVE, GOLD, LABELS
from evals.labels_lint import file_hash, lock_test_half
from evals.synthetic.archive import write_archive
from evals.synthetic.author import Site
from evals.synthetic.cast import companies
from evals.synthetic.company import AS_OF, SECTORS, Company
from evals.synthetic.layouts import Page
from evals.synthetic.poison import note_decoys, poisoned, poisoned_board
from evals.synthetic.story import shell, write_site
from evals.synthetic.truth import COMPLETE, Located, gold_findings, labels_of, locate, read_archive
from evals.synthetic.vendors import mark_of, zone
from evals.synthetic.verdicts import Truth, developer_tools, mid_market, size_range

_PARKED_PATHS = ("/", "/lander", "/about", "/contact", "/jobs", "/offer", "/terms", "/search")
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class Built(NamedTuple):
    """One case as written."""

    company: Company
    folder: Path
    pages: int
    labels: int


def build_accounts(folder: Path = ACCOUNTS, *, why: str, only: str | None = None) -> list[Built]:
    """Write every account (or the one asked for) to `folder`, replacing it, and lock the test half.

    `why` goes into the lock. Raises `InputError` when a statement of a site is not found in its archive.
    """
    chosen = [company for company in companies() if only in (None, company.asked)]
    if not chosen:
        raise InputError(f"no synthetic account {only!r}")
    built = [build_account(company, folder / company.asked) for company in chosen]
    lock_test_half(folder, why=why)
    return built


def build_account(company: Company, folder: Path) -> Built:
    """Write one account to its folder."""
    site = compose_site(company)
    pages = list(site.pages)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    body = None
    if company.poison:
        write_archive(folder / CLEAN_ARCHIVE, site, pages)
        pages = poisoned(site, company.poison)
        body = poisoned_board(company, site)
        note_decoys(site.ledger)
        if body is None and company.poison == "job_text":
            pages = poisoned(site, "visible")
    write_archive(folder / ARCHIVE, site, pages, body)
    reading = read_archive(folder / ARCHIVE, company.asked, [said.url for said in site.ledger.said])
    located, lost = locate(site, reading)
    if lost:
        raise InputError(f"{len(lost)} statements stand nowhere in the archive; first: {lost[0]}")
    gold = gold_findings(company, located)
    (folder / GOLD).write_text(gold.model_dump_json(indent=1) + "\n", encoding="utf-8")
    labels = labels_of(site, located)
    truth: dict[str, Any] = {
        "schema": 1,
        "domain": company.asked,
        "synthetic": True,
        "as_of": AS_OF,
        "split": company.split,
        "tags": _tags(company),
        "archive_sha256": file_hash(folder / ARCHIVE),
        **({"clean_sha256": file_hash(folder / CLEAN_ARCHIVE)} if company.poison else {}),
        "account": {"name": _names(company), "status": _status(company)},
        "labels": labels,
        "complete": list(COMPLETE),
        "verdicts": _verdicts(located, board_read=bool(company.openings)),
    }
    text = yaml.dump(truth, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=110)
    (folder / LABELS).write_text(f"# Synthetic: written by `python -m evals.synthetic`.\n{text}", encoding="utf-8")  # fmt: skip
    return Built(company, folder, len(pages), len(labels))


def compose_site(company: Company) -> Site:
    """Return the company's site as it is published: written, parked, or an empty shell for scripts."""
    host = f"www.{company.domain}" if company.number % 2 else company.domain
    root = f"https://{host}"
    if company.has("parked"):
        notice = f"<html><head><title>{company.domain}</title></head><body><h1>{company.domain}</h1><p>This domain is for sale. Make an offer for this domain today.</p></body></html>"
        # A parking service answers every address with the same page.
        return Site(company, root, [Page(path, company.domain, tail=[notice]) for path in _PARKED_PATHS])
    if company.has("javascript_only"):
        empty = f'<!doctype html><html lang="{company.language}"><head><title>{company.name}</title><script defer src="/static/js/main.4f1b.js"></script></head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body></html>'
        site = write_site(company, root)
        site = Site(company, root, [shell(page, empty) for page in site.pages])
    else:
        site = write_site(company, root)
        for product in company.marks:
            quote = mark_of(product, company.rng(f"mark {product}")).quote
            site.ledger.technology(product, "uses", site.url("/"), quote)
    _, quotes = zone(company.domain, company.dns, company.rng("dns"))
    for product, quote in quotes.items():
        site.ledger.technology(product, "uses", f"dns:{company.domain}", quote)
    return site


def _names(company: Company) -> list[str]:
    return [] if company.has("parked") else [company.name, company.legal]


def _status(company: Company) -> str:
    return "parked" if company.has("parked") else "unreadable" if company.has("javascript_only") else "redirected" if company.former else "live"  # fmt: skip


def _tags(company: Company) -> list[str]:
    size = next(label for most, label in ((10, "1-10"), (50, "11-50"), (200, "51-200"), (1_000, "201-1000"), (5_000, "1001-5000"), (10**9, "5001+")) if company.employees <= most)  # fmt: skip
    tags = [f"sector:{company.sector}", f"size:{size}", f"lang:{company.language}", f"ats:{company.ats}", f"style:{company.style}"]  # fmt: skip
    return [*tags, *(f"trap:{trap}" for trap in company.traps), *([f"trap:poisoned_{company.poison}"] if company.poison else [])]  # fmt: skip


def _verdicts(located: list[Located], *, board_read: bool) -> dict[str, Any]:
    said = [one.said for one in located if one.said.polarity == "asserts"]

    def values(attribute: str) -> list[Any]:
        return [one.value for one in said if one.attribute == attribute]

    def days(attribute: str) -> tuple[date | None, ...]:
        return tuple(one.on for one in said if one.attribute == attribute)

    hiring: dict[str, list[date]] = defaultdict(list)
    for one in said:
        if one.attribute == "hiring" and isinstance(one.value, dict) and one.on:
            hiring[str(one.value["department"])].append(one.on)
    denied = {
        str(one.said.value["product"])
        for one in located
        if one.said.attribute == "technology" and one.said.polarity == "denies" and isinstance(one.said.value, dict)
        and one.said.value["relation"] == "uses"
    }  # fmt: skip
    truth = Truth(
        sizes=tuple(dict.fromkeys(size_range(value) for value in values("employee_count"))),
        industry=next((value["code"] for value in values("industry")), None),
        country=next((value["country"] for value in values("headquarters")), None),
        uses=frozenset(value["product"] for value in values("technology") if value["relation"] == "uses"),
        lacks=frozenset(
            denied
            | {value["product"] for value in values("technology") if value["relation"] == "migrating_from"}
        ),
        hiring={name: tuple(found) for name, found in hiring.items()},
        hires_nobody=any(one.said.polarity == "denies" and one.said.attribute == "hiring" for one in located),
        board_read=board_read,
        funding=days("funding_round"),
        leaders=days("leadership_change"),
        layoffs=days("layoffs"),
    )
    found = {"eval-mid-market": mid_market(truth), "eval-developer-tools": developer_tools(truth)}
    return {name: {"tier": verdict.tier, "criteria": verdict.criteria} for name, verdict in found.items()}


def sectors() -> tuple[str, ...]:
    """Return the sectors of the cast."""
    return tuple(SECTORS)
