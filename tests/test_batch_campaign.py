"""A campaign in this process: outputs, ranking, failures, changes, and accounts that are decided early."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import gc
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from agent.batch.campaign import CampaignOutcome, run_campaign
from agent.batch.order import BatchOrder
from agent.batch.pool import HealingPool
from agent.cli import main
from agent.cli.list_run import relative_links
from agent.errors import InputError
from agent.icp import parse_icp
from agent.llm.prices import Price
from agent.models import AccountReport, Claim, SourceDocument
from agent.services import Services
from agent.settings import Settings
from agent.store.ledger import Ledger
from evals.bench.batch_world import World, WorldSettings, host_name, serving, test_hosts, write_list
from tools.fetching.dns import DnsReply
from tools.fetching.network import NameUnresolved
from tools.pages.api import Page

COMPANIES = 6
ICP = """
icp: freight
version: 1
dimensions: {firmographic: 60, behavioral: 40}
tiers: [{name: Tier 1, min: 60}, {name: Tier 2, min: 30}]
min_coverage: 0.3
criteria:
  - {id: size, dimension: firmographic, attribute: employee_count, weight: 2, ideal: [100, 2000], acceptable: [50, 4000]}
  - {id: home, dimension: firmographic, attribute: headquarters, any_of: [US, CA, DE]}
  - {id: trust, dimension: behavioral, attribute: certification, any_of: [SOC 2 Type II]}
  - {id: pain, dimension: behavioral, question: "Are detention fees a problem?"}
exclude:
  - {id: tiny, attribute: employee_count, below: 20, effect: disqualify}
"""


@pytest.fixture(scope="module")
def worlds() -> Iterator[Callable[[], World]]:
    """Return the world that is running; where one was ended from outside, the next test gets another."""
    settings = WorldSettings(latency=0.0, model_latency=0.01, page_kilobytes=1, misfit_every=2)
    with contextlib.ExitStack() as stack:
        running: list[World] = []

        def current() -> World:
            if not running or not running[-1].alive:
                running.append(stack.enter_context(serving(settings)))
            return running[-1]

        yield current


@pytest.fixture
def world(worlds: Callable[[], World]) -> World:
    return worlds()


@pytest.fixture
def order(tmp_path: Path) -> BatchOrder:
    accounts = tmp_path / "accounts.csv"
    write_list(accounts, COMPANIES)
    with accounts.open("a", encoding="utf-8") as file:
        file.write(f"Twice,{host_name(1)},owner\nBad,not a domain,owner\nGone,nowhere.example,=evil()\n")
    return BatchOrder(
        list_path=accounts,
        folder=tmp_path / "out",
        icps=(parse_icp(ICP),),
        as_of=date(2026, 11, 2),
        extractor="rules",
    )


def settings_for(world: World, home: Path, *, model: bool = False) -> Settings:
    return Settings(
        home=home,
        test_hosts=test_hosts(world.port) + f",nowhere.example=127.0.0.1:{closed_port()}",
        openai_base_url=f"http://127.0.0.1:{world.port}/v1" if model else None,
        model="loopback",
    )


def closed_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(
    order: BatchOrder, settings: Settings, now: datetime | None = None, *, price: Price | None = None
) -> CampaignOutcome:
    """Work through an order; `price` is what the loopback model is said to cost, which is free otherwise."""
    moment = now or datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    async def work() -> CampaignOutcome:
        with Services.open(settings) as services:
            services.clock = lambda: moment
            if price is not None:
                services.price_of = lambda model, base_url: price
            services.resolve, services.dns = nobody_at, no_records
            services.parsers = readers()
            return await run_campaign(order, settings, services=services)

    return asyncio.run(work())


@cache
def readers() -> HealingPool:
    """Start the process that reads, once for all runs here: one of its own would cost each two seconds."""
    return HealingPool(1)


@pytest.fixture(scope="module", autouse=True)
def _end_readers() -> Iterator[None]:
    yield
    if readers.cache_info().currsize:
        readers().shutdown()
    readers.cache_clear()


async def nobody_at(host: str) -> list[str]:
    raise NameUnresolved(host, "has no address; check the spelling", lasting=True)


async def no_records(name: str, record_type: str) -> DnsReply:
    return DnsReply()


@pytest.mark.parametrize("extractor", ["rules", "llm"])
def test_an_account_leaves_nothing_behind_that_the_collector_must_find(
    world: World, order: BatchOrder, tmp_path: Path, extractor: str
) -> None:
    def alive() -> list[object]:
        kinds = SourceDocument | Page | Claim | AccountReport
        return [each for each in gc.get_objects() if isinstance(each, kinds)]

    gc.collect()
    gc.disable()
    try:
        before = alive()  # constants of other test files, where they share this process
        run(
            replace(order, extractor=extractor, full=True), settings_for(world, tmp_path / "home", model=True)
        )
        known = {id(each) for each in before}
        left = [each for each in alive() if id(each) not in known]
    finally:
        gc.enable()
    assert not left


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def finished(worlds: Callable[[], World], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run one campaign for all tests that only look at its folder."""
    folder = tmp_path_factory.mktemp("campaign")
    accounts = folder / "accounts.csv"
    write_list(accounts, COMPANIES)
    with accounts.open("a", encoding="utf-8") as file:
        file.write(f"Twice,{host_name(1)},owner\nBad,not a domain,owner\nGone,nowhere.example,=evil()\n")
    ordered = BatchOrder(
        list_path=accounts,
        folder=folder / "out",
        icps=(parse_icp(ICP),),
        as_of=date(2026, 11, 2),
        extractor="rules",
    )
    outcome = run(ordered, settings_for(worlds(), folder / "home"))
    assert (outcome.total, outcome.done, outcome.failed, outcome.left) == (COMPANIES + 1, COMPANIES, 1, 0)
    return folder / "out"


def test_results_are_ranked_by_tier_then_points_then_domain(finished: Path) -> None:
    rows = rows_of(finished / "results.csv")
    assert [int(row["rank"]) for row in rows] == list(range(1, COMPANIES + 2))
    order = {"Tier 1": 0, "Tier 2": 1, "insufficient_evidence": 2, "not_a_fit": 3, "disqualified": 4}
    keys = [
        (
            order[row["tier"]],
            -float(row["score"]),
            -float(row["possible"]),
            -float(row["coverage"]),
            row["domain"],
        )
        for row in rows
    ]
    assert keys == sorted(keys)
    assert {row["tier"] for row in rows} >= {"Tier 1", "disqualified"}


def test_own_columns_are_carried_through_and_no_cell_is_a_formula(finished: Path) -> None:
    by_domain = {row["domain"]: row for row in rows_of(finished / "results.csv")}
    assert by_domain[host_name(4)]["Owner"] == "owner 4"
    assert by_domain["nowhere.example"]["Owner"] == "'=evil()"


def test_parquet_holds_the_same_rows_with_types(finished: Path) -> None:
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    table = pq.read_table(finished / "results.parquet").to_pylist()
    rows = rows_of(finished / "results.csv")
    assert [row["domain"] for row in table] == [row["domain"] for row in rows]
    assert [row["score"] for row in table] == [float(row["score"]) for row in rows]
    assert isinstance(table[0]["tier_certain"], bool)


def test_reports_failures_rejects_and_duplicates_say_what_became_of_every_row(finished: Path) -> None:
    reports = [json.loads(line) for line in (finished / "reports.jsonl").read_text().splitlines()]
    assert len(reports) == COMPANIES + 1
    [failure] = rows_of(finished / "failures.csv")
    assert failure["domain"] == "nowhere.example"
    assert "nothing could be read" in failure["reason"]
    [reject] = rows_of(finished / "rejects.csv")
    assert reject["row"] == str(COMPANIES + 3)
    assert rows_of(finished / "duplicates.csv") == [
        {"domain": host_name(1), "kept_row": "3", "merged_rows": str(COMPANIES + 2)}
    ]
    summary = json.loads((finished / "summary.json").read_text())
    assert summary["state"] == "complete"
    assert summary["rows"] == {"used": COMPANIES + 2, "merged": 1, "rejected": 1}
    assert summary["accounts"] == {"total": 7, "done": 6, "failed": 1, "unread": 1, "left": 0}
    assert summary["unread_tiers"] == {"insufficient_evidence": 1}
    assert sum(summary["tiers"].values()) == COMPANIES + 1


def test_every_account_has_its_report_page_behind_its_row(finished: Path) -> None:
    page = (finished / "index.html").read_text(encoding="utf-8")
    start = page.index('id="data">') + len('id="data">')
    data = json.loads(page[start : page.index("</script>", start)])
    assert [row["n"] for row in data] == list(range(1, COMPANIES + 2))
    for row in data:
        assert (finished / row["l"]).is_file()
    failed = next(row for row in data if row["d"] == "nowhere.example")
    assert (failed["t"], "u" in failed) == ("Failed", False)
    assert "nothing could be read" in failed["x"]
    assert "default-src 'none'" in unescape(page)
    assert "@data@" not in page
    assert "http://" not in page.replace("http://www.", "")


def test_crm_files_carry_the_names_importers_expect(finished: Path) -> None:
    hubspot = rows_of(finished / "hubspot.csv")
    assert hubspot[0]["Company Domain Name"].endswith(".example")
    assert hubspot[0]["Dossier Tier"] == "Tier 1"
    assert hubspot[0]["Company name"].startswith("Company ")
    salesforce = rows_of(finished / "salesforce.csv")
    assert all(len(row["Dossier_Reasons__c"]) <= 255 for row in salesforce)
    assert salesforce[0]["Dossier_Report__c"].startswith("reports/")


def test_a_proven_disqualifier_ends_the_reading_and_the_report_says_so(finished: Path) -> None:
    reports = [json.loads(line) for line in (finished / "reports.jsonl").read_text().splitlines()]
    stopped = {
        report["account"]["domain"]
        for report in reports
        if any(
            "already decided, disqualified by tiny" in each["detail"]
            for each in report["coverage_of_sources"]
        )
    }
    assert stopped == {host_name(n) for n in range(0, COMPANIES, 2)}
    by_domain = {row["domain"]: row for row in rows_of(finished / "results.csv")}
    assert "disqualified by tiny" in by_domain[host_name(0)]["stopped_early"]
    others = [row["stopped_early"] for domain, row in by_domain.items() if domain not in stopped]
    assert all(
        said == "" or f"certain to be {row_tier}" in said
        for said, row_tier in zip(
            others, [row["tier"] for domain, row in by_domain.items() if domain not in stopped], strict=True
        )
    )


def test_full_reads_on_asks_more_and_gives_the_same_tiers(
    world: World, order: BatchOrder, tmp_path: Path
) -> None:
    tiers, calls = {}, {}
    for full in (False, True):
        before = world.seen().model
        folder = tmp_path / f"out-{full}"
        settings = settings_for(world, tmp_path / f"home-{full}", model=True)
        run(replace(order, extractor="llm", full=full, folder=folder), settings)
        calls[full] = world.seen().model - before
        tiers[full] = {row["domain"]: row["tier"] for row in rows_of(folder / "results.csv")}
    assert tiers[False] == tiers[True]
    assert calls[False] < calls[True]


def test_a_cost_limit_is_kept_and_a_higher_one_goes_on_without_paying_twice(
    world: World, order: BatchOrder, tmp_path: Path
) -> None:
    write_list(order.list_path, 4)
    icp = parse_icp(ICP.replace("Are detention fees a problem?", "Do teams hire carriers when demand grows?"))
    order = replace(order, icps=(icp,), extractor="llm", full=True, concurrency=1, max_pages=6)
    settings = settings_for(world, tmp_path / "home", model=True)
    price = Price(input=10.0, cached_input=5.0, output=0.5)
    before = world.seen().by_key
    stopped = run(replace(order, max_cost=0.1), settings, price=price)
    assert stopped.stopped == "the limit of 0.1 US dollars is reached (--max-cost)"
    assert (stopped.done, stopped.failed, stopped.left) == (2, 0, 2)
    assert 0.05 < cost_of_run(stopped) <= 0.1
    assert sum((world.seen().by_key - before).values()) == 2
    kept = (order.folder / "reports.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(kept) == 2

    ended = run(replace(order, max_cost=1.0), settings, price=price)
    assert (ended.done, ended.left, ended.stopped) == (4, 0, None)
    assert cost_of_run(ended) == pytest.approx(2 * cost_of_run(stopped), rel=0.05)
    assert set(kept) < set((order.folder / "reports.jsonl").read_text(encoding="utf-8").splitlines())
    assert list((world.seen().by_key - before).values()) == [1, 1, 1, 1]


def cost_of_run(outcome: CampaignOutcome) -> float:
    spent = outcome.summary["spent"]
    assert isinstance(spent, dict)
    return float(spent["cost_usd"])


def test_a_changed_profile_moves_tiers_and_says_that_it_was_the_profile(
    world: World, order: BatchOrder, tmp_path: Path
) -> None:
    settings = settings_for(world, tmp_path / "home")
    first = run(order, settings)
    assert first.changes is None
    stricter = parse_icp(ICP.replace("min: 60", "min: 99").replace("version: 1", "version: 2"))
    outcome = run(replace(order, icps=(stricter,)), settings, datetime(2026, 11, 3, 9, 0, tzinfo=UTC))
    assert outcome.changes is not None
    assert outcome.changes.moved
    assert {cause for move in outcome.changes.moved for cause in move.causes} == {"icp_changed"}
    told = (order.folder / "changes.txt").read_text(encoding="utf-8")
    assert "the profile changed" in told


def test_only_what_is_old_is_researched_again(world: World, order: BatchOrder, tmp_path: Path) -> None:
    settings = settings_for(world, tmp_path / "home")
    begun = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    run(order, settings, begun)
    asked = world.seen().web
    weekly = replace(order, refresh_older_than=timedelta(days=7))
    run(weekly, settings, begun + timedelta(days=3))
    assert world.seen().web == asked
    outcome = run(weekly, settings, begun + timedelta(days=8))
    assert world.seen().web > asked
    assert outcome.changes is not None
    assert outcome.changes.moved == ()


def test_failed_accounts_are_taken_up_again_on_request_only(
    world: World, order: BatchOrder, tmp_path: Path
) -> None:
    settings = settings_for(world, tmp_path / "home")
    run(order, settings)
    mended = settings.model_copy(
        update={"test_hosts": f"{settings.test_hosts},nowhere.example=127.0.0.1:{world.port}"}
    )
    assert run(order, mended).failed == 1
    assert run(replace(order, retry_failed=True), mended).failed == 0


def test_a_longer_list_goes_on_with_the_same_run(world: World, order: BatchOrder, tmp_path: Path) -> None:
    settings = settings_for(world, tmp_path / "home")
    write_list(order.list_path, 2)
    first = run(order, settings)
    asked = world.seen().web
    write_list(order.list_path, 3)
    second = run(order, settings)
    assert second.total == 3
    assert first.summary["run"] == second.summary["run"]
    assert 0 < world.seen().web - asked < asked


def test_a_run_keeps_the_day_it_began(world: World, order: BatchOrder, tmp_path: Path) -> None:
    settings = settings_for(world, tmp_path / "home")
    undated = replace(order, as_of=None)
    write_list(order.list_path, 1)
    run(undated, settings, datetime(2026, 11, 2, 23, 59, tzinfo=UTC))
    write_list(order.list_path, 2)
    outcome = run(undated, settings, datetime(2026, 11, 3, 0, 5, tzinfo=UTC))
    assert outcome.summary["as_of"] == "2026-11-02"


def test_accounts_that_took_the_process_down_are_taken_alone_and_then_given_up(
    world: World, order: BatchOrder, tmp_path: Path
) -> None:
    settings = settings_for(world, tmp_path / "home")
    write_list(order.list_path, 3)
    run(order, settings)
    with Services.open(settings) as services:
        ledger = Ledger(services.store)
        latest = ledger.latest_run(str(order.folder.resolve()))
        assert latest is not None
        services.store.write(
            "UPDATE batch_accounts SET state = 'running', deaths = ? WHERE run_id = ? AND domain = ?",
            [(4, latest.id, host_name(0)), (1, latest.id, host_name(1))],
        )
    outcome = run(order, settings)
    assert (outcome.done, outcome.failed) == (2, 1)
    [failure] = rows_of(order.folder / "failures.csv")
    assert failure["domain"] == host_name(0)
    assert "the process died" in failure["reason"]


def test_an_empty_list_and_a_folder_that_cannot_be_written_are_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts = tmp_path / "a.csv"
    accounts.write_text("domain\n", encoding="utf-8")
    assert main(["batch", str(accounts), "--out", str(tmp_path / "out"), "-q"]) == 2
    assert "no accounts" in capsys.readouterr().err
    accounts.write_text("domain\nnonsense\n", encoding="utf-8")
    assert main(["batch", str(accounts), "--out", str(tmp_path / "out"), "-q"]) == 2
    assert "row 2" in capsys.readouterr().err
    blocker = tmp_path / "file"
    blocker.write_text("")
    assert main(["batch", str(accounts), "--out", str(blocker / "out"), "-q"]) == 2
    assert "--out" in capsys.readouterr().err


def test_a_watched_list_takes_the_same_words_for_its_columns_as_a_batch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts = tmp_path / "a.csv"
    accounts.write_text("where,people\nnonsense,4\n", encoding="utf-8")
    command = ["watch", str(accounts), "--out", str(tmp_path / "out"), "-q"]
    assert main([*command, "--column", "domain=site"]) == 2
    assert "the list has no such column" in capsys.readouterr().err
    assert main([*command, "--column", "domain=where", "--currency", "dollars"]) == 2
    assert "no currency code" in capsys.readouterr().err
    assert main([*command, "--column", "domain=where"]) == 2
    assert "row 2: 'nonsense'" in capsys.readouterr().err


def test_report_links_that_no_crm_can_open_are_told(order: BatchOrder) -> None:
    assert "--report-base https://" in (relative_links(order) or "")
    assert relative_links(replace(order, report_base="https://dossier.example/")) is None
    assert relative_links(replace(order, pages=False)) is None  # no pages, no links


def test_two_runs_do_not_work_in_one_folder(order: BatchOrder, tmp_path: Path) -> None:
    from agent.batch.outputs import lock_folder

    order.folder.mkdir()
    with lock_folder(order.folder), pytest.raises(InputError, match="another run"):
        run(order, Settings(home=tmp_path / "home"))


def test_a_dry_run_says_what_it_would_cost_and_does_nothing(
    world: World,
    order: BatchOrder,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{world.port}/v1")
    monkeypatch.setenv("DOSSIER_MODEL", "loopback")
    asked = world.seen().web
    assert main(["batch", str(order.list_path), "--out", str(order.folder), "--dry-run"]) == 0
    said = capsys.readouterr().err
    assert "1 row merged, 1 row left out" in said
    assert "calls of loopback" in said
    assert "at most" in said
    assert world.seen().web == asked
    assert os.listdir(order.folder / "reports") == []
