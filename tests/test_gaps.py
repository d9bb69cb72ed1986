"""The round after the first score: a paid provider is asked once, for what is open, within the run's limits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from agent.batch.payments import RunLimits, RunProviderBudget
from agent.cli import main
from agent.errors import InputError
from agent.graph.providers import ProviderBudget
from agent.icp import parse_icp
from agent.models import AccountReport
from agent.research import ResearchRequest, research_account
from agent.services import Services
from agent.settings import Settings
from agent.store.ledger import Ledger
from agent.store.store import Store
from tools.archive import WarcRecorder
from tools.fetching.dns import DnsReply
from tools.fetching.live import LiveFetcher
from tools.fetching.pace import HostLimits, HostPace
from tools.pages.reader import Reader
from tools.providers.people_data_labs import PeopleDataLabs

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DOMAIN = "acme-freight.example"
HOME = "<title>Acme Freight</title><h1>Acme Freight</h1><p>Acme Freight moves pallets. Acme Freight was founded in 2003.</p>"
PROVIDER = "api.peopledatalabs.com"
COMPANY = {
    "status": 200,
    "likelihood": 9,
    "display_name": "Acme Freight",
    "website": DOMAIN,
    "size": "201-500",
    "employee_count": 312,
    "founded": 1971,
    "industry": "logistics and supply chain",
    "location": {"locality": "utrecht", "country": "netherlands"},
}
PROFILE = """
icp: carriers
version: 1
dimensions: {firmographic: 100}
tiers: [{name: Tier 1, min: 50}]
criteria:
  - {id: size, dimension: firmographic, attribute: employee_count, ideal: [200, 1000], acceptable: [100, 2000]}
"""


class Pauses(list[float]):
    """Stands in for sleeping and remembers how long it should have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


async def nobody(name: str, record_type: str) -> DnsReply:
    return DnsReply(exists=True, answers=())


class NearServices(Services):
    """The product's services over a live fetcher that waits for nothing; respx stands where the network is."""

    pauses: Pauses
    web: respx.Router

    @asynccontextmanager
    async def reader(
        self, *, archive: Path | None, record: Path | None, refresh: bool
    ) -> AsyncIterator[Reader]:
        recorder = WarcRecorder(record) if record else None
        async with LiveFetcher(
            agent="test",
            transport=httpx.MockTransport(self.web.async_handler),
            hosts=HostLimits(default=HostPace(0.0, 8), sleep=self.pauses),
            cache=self.store,
            recorder=recorder,
            clock=self.clock,
            dns=nobody,
            sleep=self.pauses,
        ) as fetcher:
            yield Reader(fetcher)
        if recorder is not None:
            recorder.close()


class Round:
    """One run of the whole workflow against given answers, and what was asked of the provider."""

    def __init__(self, tmp_path: Path, **settings: Any) -> None:
        self.settings = Settings(home=tmp_path / "home", **{"people_data_labs_key": "secret-key", **settings})
        self.home = HOME
        self.profile = PROFILE
        self.pauses = Pauses()
        self.asked: list[httpx.Request] = []

    async def run(self, *answers: httpx.Response, **order: Any) -> AccountReport:
        queue = list(answers)

        def provider(request: httpx.Request) -> httpx.Response:
            self.asked.append(request)
            return queue.pop(0) if len(queue) > 1 else queue[0]

        web = respx.Router(assert_all_called=False)
        web.route(host=PROVIDER).mock(side_effect=provider)
        web.get(f"https://{DOMAIN}/").respond(200, html=self.home)
        web.route().respond(404)
        with Store(self.settings.home) as store:
            services = NearServices(settings=self.settings, store=store, clock=lambda: NOW)
            services.pauses, services.web = self.pauses, web
            icps = (parse_icp(self.profile),)
            request = ResearchRequest(domain=DOMAIN, icps=icps, extractor="rules", **order)
            return await research_account(request, services)


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    return Round(tmp_path)


def status_of(report: AccountReport, criterion: str = "size") -> str:
    return next(entry.status for entry in report.verdicts[0].criteria if entry.id == criterion)


def registries_of(report: AccountReport) -> str:
    return next(entry.detail for entry in report.coverage_of_sources if entry.source == "registries")


async def test_an_open_criterion_is_answered_by_a_third_party_document(round_: Round) -> None:
    report = await round_.run(httpx.Response(200, json=COMPANY))
    assert status_of(report) == "met"
    [evidence] = [e for e in report.evidence if e.attribute == "employee_count" and "312" in e.quote]
    assert (evidence.source_tier, evidence.source_kind) == ("third-party", "registry")
    assert evidence.extractor.startswith("rule:registry_people_data_labs")
    [document] = [d for d in report.documents if d.id == evidence.document]
    assert document.title == "people-data-labs: Acme Freight"
    assert "people-data-labs: read" in registries_of(report)
    assert len(round_.asked) == 1
    assert round_.asked[0].headers["X-Api-Key"] == "secret-key"
    assert report.run.cost_usd is None  # no price is configured, so what it cost is not known


async def test_what_was_not_open_is_not_disputed_by_an_estimate(round_: Round) -> None:
    report = await round_.run(httpx.Response(200, json=COMPANY))
    [founded] = [fact for fact in report.facts if fact.attribute == "founded_year"]
    assert (founded.value, founded.status, founded.against) == (2003, "supported", ())


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (httpx.Response(200, content=b""), "gave no answer that can be read"),
        (httpx.Response(200, content=b'{"status": 200, "name": '), "gave no answer that can be read"),
        (httpx.Response(200, json={"status": 200, "name": None}), "gave no answer that can be read"),
        (httpx.Response(404, json={"status": 404, "error": {"type": "not_found"}}), "knows no company at"),
        (httpx.Response(401, json={"status": 401}), "the key was refused (401)"),
        (httpx.Response(402, json={"status": 402}), "its credits are used up (402)"),
        (httpx.Response(429, headers={"Retry-After": "9"}), "it asks for fewer requests (429)"),
        (httpx.Response(200, json=COMPANY | {"website": "acme.example"}), "set aside, the answer is about"),
    ],
)
async def test_without_a_usable_answer_the_criterion_stays_unknown_and_the_report_says_why(
    round_: Round, answer: httpx.Response, says: str
) -> None:
    report = await round_.run(answer)
    assert status_of(report) == "unknown"
    assert says in registries_of(report)
    assert "secret-key" not in report.model_dump_json()


async def test_another_companys_answer_is_shown_among_what_was_set_aside(round_: Round) -> None:
    report = await round_.run(httpx.Response(200, json=COMPANY | {"website": "acme.example"}))
    assert [entry.reason for entry in report.quarantined] == [
        "the answer is about acme.example, not acme-freight.example"
    ]
    assert not any("people-data-labs" in document.title for document in report.documents)


async def test_a_full_counter_is_waited_for_as_long_as_it_asks(round_: Round) -> None:
    slow = httpx.Response(429, headers={"Retry-After": "3"})
    report = await round_.run(slow, httpx.Response(200, json=COMPANY))
    assert status_of(report) == "met"
    assert 3.0 in round_.pauses


async def test_nothing_is_asked_when_nothing_it_knows_is_open(round_: Round) -> None:
    round_.home = HOME + "<p>Today Acme Freight has 340 employees.</p>"
    report = await round_.run(httpx.Response(200, json=COMPANY))
    assert (status_of(report), round_.asked) == ("met", [])
    assert report.run.cost_usd == 0.0


async def test_a_decided_account_asks_nothing_when_reading_stops_once_decided(round_: Round) -> None:
    round_.profile += (
        "  - {id: age, dimension: firmographic, attribute: founded_year, required: true, above: 2015}\n"
    )
    report = await round_.run(httpx.Response(200, json=COMPANY), stop_when_decided=True)
    assert report.verdicts[0].tier == "not_a_fit"
    assert round_.asked == []


@pytest.mark.parametrize(
    ("settings", "order", "says"),
    [
        ({"people_data_labs_requests": 0}, {}, "the limit of 0 questions a run is reached"),
        ({}, {"max_cost": 1.0}, "its price is not known, so --max-cost cannot be kept"),
        ({"people_data_labs_price": 0.28}, {"max_cost": 0.2}, "the limit of 0.2 US dollars is reached"),
    ],
)
async def test_a_limit_that_cannot_be_kept_asks_nothing_and_says_so(
    tmp_path: Path, settings: dict[str, Any], order: dict[str, Any], says: str
) -> None:
    round_ = Round(tmp_path, **settings)
    report = await round_.run(httpx.Response(200, json=COMPANY), **order)
    assert round_.asked == []
    assert says in registries_of(report)
    assert report.run.cost_usd == 0.0


async def test_an_answer_costs_its_price_once_and_a_kept_one_nothing(tmp_path: Path) -> None:
    round_ = Round(tmp_path, people_data_labs_price=0.28)
    costs = [(await round_.run(httpx.Response(200, json=COMPANY))).run.cost_usd for _ in range(2)]
    assert costs == [0.28, 0.0]
    assert len(round_.asked) == 1


async def test_no_company_costs_nothing(tmp_path: Path) -> None:
    round_ = Round(tmp_path, people_data_labs_price=0.28)
    assert (await round_.run(httpx.Response(404, json={"status": 404}))).run.cost_usd == 0.0


async def test_a_recorded_answer_is_replayed_without_a_key_and_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, report, profile = tmp_path / "run.warc.gz", tmp_path / "report.json", tmp_path / "icp.yaml"
    live = await Round(tmp_path).run(httpx.Response(200, json=COMPANY), record=archive)
    assert b"secret-key" not in archive.read_bytes()
    profile.write_text(PROFILE)
    order = ["research", DOMAIN, "--archive", str(archive), "--icp", str(profile), "-q", "-o", str(report)]
    await _in_thread(order)
    replayed = json.loads(report.read_text())
    assert replayed["facts"] == json.loads(live.model_dump_json(include={"facts"}))["facts"]
    assert replayed["run"]["cost_usd"] == 0.0
    await _in_thread(["verify", str(report), "--archive", str(archive)])


async def test_an_archive_without_an_answer_says_so_only_to_who_has_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, report, profile = tmp_path / "run.warc.gz", tmp_path / "report.json", tmp_path / "icp.yaml"
    await Round(tmp_path, people_data_labs_key=None).run(httpx.Response(500), record=archive)
    profile.write_text(PROFILE)
    order = ["research", DOMAIN, "--archive", str(archive), "--icp", str(profile), "-o", str(report)]
    await _in_thread(order)
    assert "people-data-labs" not in report.read_text()
    stages = [line.split(" ")[0] for line in capsys.readouterr().err.splitlines()]
    assert (stages.count("ground"), stages.count("facts"), stages.count("score")) == (1, 1, 1)
    monkeypatch.setenv("DOSSIER_PDL_KEY", "k")
    await _in_thread(order)
    told = json.loads(report.read_text())
    assert any(PROVIDER in f["url"] and f["reason"] == "not_in_archive" for f in told["failures"])


async def _in_thread(argv: list[str]) -> None:
    """Run the command line, which has an event loop of its own."""
    assert await asyncio.to_thread(main, argv) == 0


def test_a_crash_changes_neither_what_an_account_cost_nor_what_the_run_spent(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        ledger = Ledger(store)
        limits = RunLimits()
        first = RunProviderBudget(price_usd=0.28, ledger=ledger, run_id="r", limits=limits)
        first.take()
        assert first.settle("acme.example", "GET x", answered=True, kept=False) == 0.28
        assert limits.cost_usd == 0.28
        spent = ledger.spent("r")
        after = RunProviderBudget(price_usd=0.28, ledger=ledger, run_id="r", cost_usd=spent.cost_usd)
        after.take()
        assert after.settle("acme.example", "GET x", answered=True, kept=True) == 0.28
        assert after.settle("other.example", "GET y", answered=True, kept=True) == 0.0
        assert after.spent_usd(0.0) == ledger.spent("r").cost_usd == 0.28


def test_questions_under_way_count_against_the_limit() -> None:
    budget = ProviderBudget(price_usd=0.3, max_cost_usd=0.5)
    assert budget.refusal(0.0) is None
    budget.take()
    assert "0.5 US dollars" in (budget.refusal(0.0) or "")
    budget.settle("a.example", "q", answered=False, kept=False)
    assert budget.refusal(0.0) is None
    assert budget.refusal(0.4) is not None


@pytest.mark.parametrize(
    ("size", "count", "lines"),
    [
        ("201-500", 312, {"Employees: 312", "Employee range: 201-500"}),
        ("201-500", 1284, {"Profiles counted: 1,284", "Employee range: 201-500"}),
        ("10001+", 20_500, {"Employees: 20,500", "Employee range: 10001+"}),
        (None, 12, {"Employees: 12"}),
        ("11-50", None, {"Employee range: 11-50"}),
    ],
)
def test_a_count_of_profiles_outside_the_stated_range_is_not_called_employees(
    size: str | None, count: int | None, lines: set[str]
) -> None:
    answer = PeopleDataLabs().parse(json.dumps(COMPANY | {"size": size, "employee_count": count}).encode())
    assert answer is not None
    assert {
        line.render() for line in answer.lines if "mploye" in line.label or "Profiles" in line.label
    } == lines


@pytest.mark.parametrize("price", ["free", "-1", "1e3", "0,28", "nan"])
def test_a_price_that_is_no_amount_names_the_setting(price: str) -> None:
    with pytest.raises(InputError, match="DOSSIER_PDL_PRICE"):
        Settings.from_environment({"DOSSIER_PDL_PRICE": price})
