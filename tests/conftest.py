"""Fixtures for every test: no network but loopback, a data folder of its own, no model configured."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from agent.grounding.check import evidence_id
from agent.grounding.sentences import Span
from agent.models import (
    AccountEntry,
    AccountReport,
    AccountVerdict,
    CriterionVerdict,
    DimensionScore,
    DocumentEntry,
    Evidence,
    Exclusion,
    Fact,
    FetchFailure,
    Flip,
    ICPReference,
    NextFact,
    NotRuledOut,
    PersonaPresence,
    Quarantined,
    RejectedClaim,
    RunRecord,
    SourceCoverage,
    SourceDocument,
    text_id,
)
from agent.report.contract import seal
from evals.bench import postgres_server

pytest_plugins = ("respx_web",)
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture
def chromium() -> str:
    """Return the browser's program; skip where it or the extra is absent."""
    pytest.importorskip("playwright.async_api", reason="the extra [browser] is not installed")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no Chromium is installed")
    return program


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and look-up that would leave this machine."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(address: object) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and not str(host).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test tried to reach {address!r}")

    def guarded_connect(self: socket.socket, address: object) -> None:
        check(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        check(address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: object, *args: object, **kwargs: object) -> object:
        check((host,))
        return getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Point the data folder at the test's own and forget any model or key of the person running it."""
    for name in list(os.environ):
        if name.startswith(("DOSSIER_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DOSSIER_HOME", str(tmp_path / "home"))


@pytest.fixture
def shared() -> Path:
    """Return the folder of real recorded material, or skip where it is absent; CI requires it."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI requires the recorded material at {SHARED.name}/ beside the repository")
        pytest.skip("the recorded real responses and pages (../shared) are not here")
    return SHARED


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Server]:
    """Run one PostgreSQL server for all tests that ask for it, or skip where it is absent."""
    pytest.importorskip("psycopg", reason="the extra [scale] is not installed")
    if postgres_server.programs() is None:
        pytest.skip("PostgreSQL's programs are not installed here (apt-get install postgresql)")
    with postgres_server.running() as server:
        yield server


@pytest.fixture
def database(postgres: postgres_server.Server, tmp_path: Path) -> Iterator[str]:
    """Return the URL of an empty database of the test's own."""
    name = f"t{abs(hash(tmp_path)):x}"
    postgres.execute(f"CREATE DATABASE {name}")
    yield postgres.url(name)
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """Return where the store lies: `None` for SQLite, then a PostgreSQL database."""
    return None if request.param == "sqlite" else str(request.getfixturevalue("database"))


@pytest.fixture
def sample() -> SampleReport:
    """Return a small sealed report whose quotes hold, with its documents."""
    return build_sample_report()


class SampleReport(NamedTuple):
    """A report made by hand for tests, and the documents behind it."""

    report: AccountReport
    documents: dict[str, SourceDocument]

    def text_of(self, document: str) -> str | None:
        """Return a document's text, as the store does."""
        found = self.documents.get(document)
        return found.text if found is not None else None


ABOUT = "About Acme\nToday we are a team of about 340 people in Savannah.\nAcme was founded in 2014."
HOSTILE = "<script>alert(1)</script> We use Salesforce & love <b>freight</b>. \u202e\x1b[31m"


def build_sample_report() -> SampleReport:
    """Return a report with every section filled, page text that attacks the reader included."""
    fetched = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    documents = {}
    for text, url in ((ABOUT, "https://acme.example/about"), (HOSTILE, "javascript:alert(1)//acme.example")):
        document = SourceDocument(
            id=text_id(text),
            url=url,
            final_url=url,
            kind="website",
            source="website",
            tier="first-party-text",
            title=f"Acme {text[:8]}",
            text=text,
            fetched_at=fetched,
        )
        documents[document.id] = document

    def quote(attribute: str, value: object, text: str, part: str, day: date | None = None) -> Evidence:
        start = text.index(part)
        span = Span(start, start + len(part))
        extractor = "rule:test@1"
        document = documents[text_id(text)]
        return Evidence(
            id=evidence_id(attribute, value, document.id, span, "asserts", extractor),  # type: ignore[arg-type]
            attribute=attribute,
            value=value,  # type: ignore[arg-type]
            quote=part,
            document=document.id,
            start=span.start,
            end=span.end,
            url=document.url,
            source_kind="website",
            source_tier="first-party-text",
            published_at=day,
            polarity="asserts",
            extractor=extractor,
        )

    size = quote(
        "employee_count", {"exact": 340, "low": 340, "high": 340}, ABOUT, "a team of about 340 people"
    )
    founded = quote("founded_year", 2014, ABOUT, "founded in 2014")
    crm = quote(
        "technology",
        {"product": "Salesforce", "category": "crm", "relation": "uses"},
        HOSTILE,
        "<script>alert(1)</script> We use Salesforce",
        date(2026, 10, 1),
    )
    verdict = AccountVerdict(
        icp=ICPReference(name="mid-market", version=3, sha256="0" * 64),
        score=61.25,
        possible=86.25,
        coverage=0.75,
        tier="Tier 2",
        tier_certain=False,
        dimensions=(DimensionScore(dimension="firmographic", points=40, possible_points=40, max_points=40),),
        criteria=(
            CriterionVerdict(
                id="size",
                dimension="firmographic",
                status="met",
                reason="340 employees is inside the ideal 200-1,000.",
                points=40,
                possible_points=40,
                max_points=40,
                evidence=(size.id,),
            ),
            CriterionVerdict(
                id="crm",
                dimension="technographic",
                status="partly_met",
                reason="Uses Salesforce.",
                points=21.25,
                possible_points=21.25,
                max_points=35,
                evidence=(crm.id,),
            ),
            CriterionVerdict(
                id="pain",
                dimension="behavioral",
                status="unknown",
                reason="Nothing read says so.",
                points=0,
                possible_points=25,
                max_points=25,
            ),
        ),
        excluded=(
            Exclusion(id="legacy", effect="penalty", reason="Runs AS/400.", points=5, evidence=(crm.id,)),
        ),
        not_ruled_out=(NotRuledOut(id="public", effect="disqualify", reason="Industry is unknown."),),
        next_facts=(
            NextFact(
                criterion="pain",
                attribute="pain_point",
                absence="read_nothing_found",
                points=25,
                could_change_tier=True,
                ask="Are detention fees a problem?",
                look_in=("jobs", "news"),
            ),
        ),
        flip=Flip(to_tier="Tier 1", criteria=("pain",), reason="A yes on pain would make it Tier 1."),
        personas=(PersonaPresence(role="champion", state="hiring", titles=("Head of RevOps",)),),
    )
    report = AccountReport(
        account=AccountEntry(domain="acme.example", name="Acme", status="live", final_domain="acme.example"),
        as_of=date(2026, 11, 2),
        verdicts=(verdict,),
        best_icp="mid-market",
        facts=(
            Fact(
                attribute="employee_count",
                value={"exact": 340, "low": 340, "high": 340},
                status="contradicted",
                evidence=(size.id,),
                against=(founded.id,),
            ),
            Fact(attribute="founded_year", value=2014, status="supported", evidence=(founded.id,)),
            Fact(
                attribute="technology",
                value={"product": "Salesforce", "category": "crm", "relation": "uses"},
                status="supported",
                evidence=(crm.id,),
            ),
        ),
        evidence=(size, founded, crm),
        documents=tuple(
            DocumentEntry.model_validate(
                document.model_dump(include=set(DocumentEntry.model_fields), mode="python")
            )
            for document in documents.values()
        ),
        failures=(
            FetchFailure(url="https://acme.example/x", reason="robots", detail="refused", status=None),
        ),
        rejected=(
            RejectedClaim(
                attribute="employee_count",
                value=9000,
                quote="9,000 employees",
                reason="quote_not_found",
                url="https://acme.example/",
                extractor="rule:test@1",
            ),
        ),
        quarantined=(
            Quarantined(url="https://acme.other/", kind="news", title="Acme Corp", reason="another company"),
        ),
        coverage_of_sources=(
            SourceCoverage(source="website", state="read", documents=2, detail="2 pages read"),
            SourceCoverage(source="jobs", state="unreadable", documents=0, detail="careers page: timeout"),
        ),
        run=RunRecord(
            id="run-1",
            started_at=fetched,
            seconds=1.5,
            extractor="rules",
            model=None,
            prompts=(),
            llm_calls=0,
            input_tokens=0,
            output_tokens=0,
            cost_usd=0.0,
            code_version="test",
            receipt="",
        ),
    )
    return SampleReport(seal(report), documents)
