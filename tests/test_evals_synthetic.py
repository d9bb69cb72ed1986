"""The synthetic accounts: what they cover, that they come out the same, and that their verdicts are right."""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest

from agent.errors import InputError
from agent.icp import ICP
from agent.icp.load import load_icp
from agent.scoring import score_account
from evals.labels import ACCOUNTS, Case, Split, load_cases
from evals.synthetic.build import build_account, compose_site
from evals.synthetic.cast import companies
from evals.synthetic.company import POISONS, SECTORS, TRAPS, Company, DenialKind
from evals.synthetic.phrasebook import LANGUAGES, compose, phrasebook, variety
from evals.synthetic.truth import ABSENT, labels_of

ICPS = Path(ACCOUNTS).parent / "icps"
CORE = ("employee_count", "founded", "hq")
_HALVES: tuple[Split, ...] = ("dev", "test")


@cache
def _cases() -> tuple[Case, ...]:
    """Return the labelled accounts, read once: YAML of 2,000 labels takes its time."""
    return load_cases()


def _cast() -> list[tuple[Case, Company]]:
    cases = {case.domain: case for case in _cases()}
    return [(cases[company.asked], company) for company in companies()]


@pytest.fixture(scope="module")
def icps() -> tuple[ICP, ...]:
    return tuple(load_icp(path) for path in sorted(ICPS.glob("*.yaml")))


def test_the_cast_covers_sectors_languages_sizes_and_every_trap_in_both_halves() -> None:
    cast = companies()
    assert len(cast) >= 60
    assert {company.sector for company in cast} == set(SECTORS)
    assert {company.language for company in cast} == set(LANGUAGES)
    assert min(company.employees for company in cast) <= 8
    assert max(company.employees for company in cast) >= 40_000
    assert len({company.asked for company in cast}) == len(cast)
    for half in ("dev", "test"):
        members = [company for company in cast if company.split == half]
        assert {trap for company in members for trap in company.traps} >= set(TRAPS)
        assert {company.poison for company in members} >= set(POISONS)


def test_every_account_has_eight_pages_a_board_a_feed_and_dns() -> None:
    boards = (b"greenhouse.io", b"lever.co", b"ashbyhq.com", b"workable.com", b"personio.de", b"recruitee.com", b"teamtailor.com")  # fmt: skip
    for case, company in _cast():
        records = re.findall(rb"WARC-Target-URI: (\S+)", gzip.decompress(case.archive.read_bytes()))
        own = [uri for uri in records if company.domain.encode() in uri and uri.startswith(b"http")]
        pages = {uri for uri in own if not uri.endswith((b".xml", b".txt"))}
        assert len(pages) >= 8, case.domain
        assert any(uri.startswith(b"dns:") for uri in records), case.domain
        if company.has("parked"):
            continue
        assert any(uri.endswith(b"/feed.xml") for uri in records), case.domain
        if company.has("javascript_only") or (not company.openings and company.number % 2):
            continue  # no board is the trap
        on_board = any(name in uri for name in boards for uri in records)
        on_pages = any(opening.key.encode() in uri for opening in company.openings for uri in own)
        assert on_board or on_pages or (company.ats == "page" and not company.openings), case.domain


def test_every_trap_is_tagged_in_both_halves() -> None:
    tags = {
        half: {
            tag.removeprefix("trap:")
            for case in _cases()
            if case.truth.split == half
            for tag in case.truth.tags
            if tag.startswith("trap:")
        }
        for half in _HALVES
    }
    for half in _HALVES:
        assert tags[half] >= {*TRAPS, *(f"poisoned_{technique}" for technique in POISONS)}


def test_denied_facts_stand_on_many_sites_in_five_languages_and_of_every_kind() -> None:
    cast = [company for company in companies() if company.denials]
    for half in _HALVES:
        members = [company for company in cast if company.split == half]
        assert len(members) >= 8
        assert {company.language for company in members} == set(LANGUAGES)
    kinds = {denial.kind for company in cast for denial in company.denials}
    assert kinds == set(get_args(DenialKind))
    for company in cast:
        denied = {denial.of for denial in company.denied("tool", "formerly", "integration")}
        assert not denied & company.tools(), company.asked
    labels = [label for case in _cases() for label in case.truth.labels if label.polarity == "denies"]
    assert {label.attribute for label in labels} == {"technology", "certification", "hiring", "api_offered"}
    assert len(labels) >= 50


def test_the_test_half_speaks_in_wordings_that_the_dev_half_never_uses() -> None:
    for language in LANGUAGES:
        mine, theirs = phrasebook(language), phrasebook(language, held_out=True)
        held_out = {
            template
            for key in sorted(mine.keys())
            for template in set(theirs.templates(key)) - set(mine.templates(key))
        }
        assert len(held_out) >= 5
        assert not any(
            template.startswith("~") for key in sorted(theirs.keys()) for template in theirs.templates(key)
        )


def test_no_two_sites_share_a_paragraph_order_or_most_of_their_sentences() -> None:
    """Templates alone read alike: two accounts of one language and half have few sentences in common."""
    sentences: dict[str, set[str]] = {}
    homes: Counter[tuple[str, ...]] = Counter()
    for _, company in _cast():
        if company.has("parked") or company.has("javascript_only"):
            continue
        site = compose_site(company)
        texts = [text for page in site.pages for block in page.blocks for text in (block.text, *block.items)]
        sentences[company.asked] = {
            text.replace(company.name, "_") for text in texts if len(text.split()) > 3
        }
        homes[tuple(block.kind for block in site.pages[0].blocks)] += 1
    for one, other in combinations(sentences, 2):
        common = len(sentences[one] & sentences[other])
        assert common <= 0.5 * min(len(sentences[one]), len(sentences[other])), (one, other)
    assert max(homes.values()) <= 6


def test_the_labelled_accounts_stay_small() -> None:
    assert sum(path.stat().st_size for path in ACCOUNTS.rglob("*") if path.is_file()) < 8_000_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_core_facts_can_be_said_in_at_least_fifteen_ways(language: str) -> None:
    book = phrasebook(language)
    for key in CORE:
        ways = sum(
            variety(template) for voice in ("we", "they") for template in book.templates(f"{key}.{voice}")
        )
        assert ways >= 15, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase(language: str) -> None:
    assert phrasebook(language).keys() == phrasebook("en").keys()


def test_a_slot_nobody_fills_is_an_error() -> None:
    with pytest.raises(KeyError):
        compose("{co} has {n} people", random.Random(1), {"co": "Acme"})


@pytest.mark.parametrize("number", [0, 9, 36])
def test_an_account_comes_out_the_same_as_committed(number: int, tmp_path: Path) -> None:
    company = companies()[number]
    build_account(company, tmp_path / company.asked)
    committed = ACCOUNTS / company.asked
    assert {path.name for path in committed.iterdir()} == {
        path.name for path in (tmp_path / company.asked).iterdir()
    }
    for path in committed.glob("*.warc.gz"):
        made = (tmp_path / company.asked / path.name).read_bytes()
        assert gzip.decompress(made) == gzip.decompress(path.read_bytes())


def test_the_scorer_agrees_with_verdicts_worked_out_by_hand(icps: tuple[ICP, ...]) -> None:
    tiers: Counter[str] = Counter()
    for case in _cases():
        assert case.gold is not None
        for icp in icps:
            verdict, right = score_account(icp, case.gold, case.truth.as_of), case.truth.verdicts[icp.name]
            assert {one.id: one.status for one in verdict.criteria} == right.criteria, case.domain
            assert verdict.tier == right.tier, case.domain
            tiers[right.tier] += 1
    assert set(tiers) == {"Tier 1", "Tier 2", "Tier 3", "not_a_fit", "insufficient_evidence", "disqualified"}


def test_a_poisoned_account_and_its_twin_differ_in_the_poison_only() -> None:
    poisoned = [case for case in _cases() if case.clean_archive is not None]
    assert len(poisoned) >= 12
    for case in poisoned:
        clean_path = case.clean_archive
        assert clean_path is not None
        dirty, clean = (gzip.decompress(path.read_bytes()) for path in (case.archive, clean_path))
        uris = [re.findall(rb"WARC-Target-URI: (\S+)", side) for side in (dirty, clean)]
        assert uris[0] == uris[1]
        assert dirty != clean
        assert len(dirty) > len(clean)


def test_what_is_labelled_absent_was_never_spoken() -> None:
    labelled: Counter[str] = Counter()
    for case, company in _cast()[::6]:
        ledger = compose_site(company).ledger
        for label in case.truth.labels:
            if label.absent:
                labelled[label.attribute] += 1
                assert label.attribute not in {said.attribute for said in ledger.said}
                assert not [key for key in ledger.spoken if key.startswith(ABSENT[label.attribute])]
    assert labelled.keys() >= {"leadership_change", "product_launch", "expansion", "parent", "growth_rate"}


def test_a_phrase_that_was_spoken_and_not_noted_stops_the_building() -> None:
    company = next(each for each in companies() if all(event.kind != "launch" for event in each.events))
    site = compose_site(company)
    site.ledger.said.clear()
    site.ledger.spoken.clear()
    assert {"attribute": "product_launch", "absent": True} in labels_of(site, [])
    site.ledger.spoken.add("launch.body")
    with pytest.raises(InputError, match="product_launch"):
        labels_of(site, [])
