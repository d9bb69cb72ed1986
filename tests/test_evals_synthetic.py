"""The synthetic accounts: what they cover, that they come out the same, and that their verdicts are right."""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from agent.icp import ICP
from agent.icp.load import load_icp
from agent.scoring import score_account
from evals.labels import ACCOUNTS, load_cases
from evals.synthetic.build import build_account
from evals.synthetic.company import POISONS, SECTORS, TRAPS, companies
from evals.synthetic.phrasebook import LANGUAGES, compose, phrasebook, variety

ICPS = Path(ACCOUNTS).parent / "icps"
CORE = ("employee_count", "founded", "hq")


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


def test_live_accounts_have_eight_pages_a_feed_and_dns() -> None:
    for case in load_cases():
        if case.truth.account.status == "parked":
            continue
        records = re.findall(rb"WARC-Target-URI: (\S+)", gzip.decompress(case.archive.read_bytes()))
        pages = [
            uri for uri in records if not uri.endswith((b".xml", b".txt")) and case.domain.encode() in uri
        ]
        assert len(pages) >= 8 or case.truth.account.status == "redirected"
        assert any(uri.endswith(b"/feed.xml") for uri in records)
        assert any(uri.startswith(b"dns:") for uri in records)


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
    for case in load_cases():
        assert case.gold is not None
        for icp in icps:
            verdict, right = score_account(icp, case.gold, case.truth.as_of), case.truth.verdicts[icp.name]
            assert {one.id: one.status for one in verdict.criteria} == right.criteria, case.domain
            assert verdict.tier == right.tier, case.domain
            tiers[right.tier] += 1
    assert set(tiers) == {"Tier 1", "Tier 2", "Tier 3", "not_a_fit", "insufficient_evidence", "disqualified"}


def test_a_poisoned_account_and_its_twin_differ_in_the_poison_only() -> None:
    poisoned = [case for case in load_cases() if case.clean_archive is not None]
    assert len(poisoned) >= 12
    for case in poisoned:
        clean_path = case.clean_archive
        assert clean_path is not None
        dirty, clean = (gzip.decompress(path.read_bytes()) for path in (case.archive, clean_path))
        uris = [re.findall(rb"WARC-Target-URI: (\S+)", side) for side in (dirty, clean)]
        assert uris[0] == uris[1]
        assert dirty != clean
        assert len(dirty) > len(clean)
