"""The one door: a domain and its ICPs in, a sealed report out."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from agent.errors import InputError
from agent.graph.build import compiled_graph
from agent.graph.context import SOURCES, Context, Progress, Workspace
from agent.graph.gather import collect_documents, gather_sources
from agent.icp import ICP
from agent.models import (
    AccountEntry,
    AccountReport,
    DocumentEntry,
    FetchFailure,
    GatherLimits,
    RunRecord,
    SourceDocument,
)
from agent.report.contract import seal
from agent.scoring import best_match
from agent.services import Services
from agent.settings import Settings
from agent.version import code_version
from tools.domains import InvalidDomain, normalize_domain

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ResearchRequest:
    """One account's order. `as_of` defaults to today, or in a replay to the day of the recording."""

    domain: str
    icps: tuple[ICP, ...] = ()
    as_of: date | None = None
    extractor: str = "auto"
    model: str | None = None
    max_pages: int = 15
    max_cost: float | None = None
    refresh: bool = False
    archive: Path | None = None
    record: Path | None = None


def check_domain(text: str) -> str:
    """Return the registrable domain of a domain, URL or e-mail address; nonsense is an `InputError`."""
    try:
        return normalize_domain(text)
    except InvalidDomain as error:
        raise InputError(str(error)) from error


async def research_account(
    request: ResearchRequest, services: Services, *, progress: Callable[[Progress], None] = lambda _: None
) -> AccountReport:
    """Research one account and return its sealed report; documents and report are kept in the store.

    What the network or a model does ends as data in the report. Raises our errors only for what the
    caller can mend: an unreadable archive, a data folder that cannot be written, a model endpoint that is
    not configured.
    """
    if request.record is not None and request.record.exists():
        raise InputError(
            f"{str(request.record)!r} already exists; --record writes a new file, choose another name"
        )
    started = services.clock()
    workspace = Workspace()
    async with (
        services.reader(archive=request.archive, record=request.record, refresh=request.refresh) as reader,
        open_session(request, services) as session,
    ):
        context = Context(
            reader=reader,
            workspace=workspace,
            as_of=request.as_of or reader.now().date(),
            limits=GatherLimits(max_pages=request.max_pages, opt_in_sources=services.settings.opt_in_sources),
            icps=request.icps,
            keys=services.keys,
            store=services.store,
            llm=session,
            progress=progress,
        )
        await compiled_graph().ainvoke({"domain": request.domain}, context=context)
        report = seal(
            _report(request, context, started=started, seconds=(services.clock() - started).total_seconds())
        )
    findings = workspace.findings()
    with services.store.transaction():
        now = services.clock()
        services.store.save_findings(workspace.known_account(), findings, as_of=context.as_of, now=now)
        services.store.save_report(report, now=now)
    return report


def _report(
    request: ResearchRequest, context: Context, *, started: datetime, seconds: float
) -> AccountReport:
    workspace, session = context.workspace, context.llm
    account = workspace.known_account()
    evidence = tuple(workspace.evidence.values())
    best = best_match(workspace.verdicts)
    usage = session.usage if session else Usage()
    return AccountReport(
        account=AccountEntry(
            domain=account.domain, name=account.name, status=account.status, final_domain=account.final_domain
        ),
        as_of=context.as_of,
        verdicts=workspace.verdicts,
        best_icp=best.icp.name if best else None,
        facts=workspace.facts,
        evidence=evidence,
        documents=tuple(_entry(document) for document in workspace.documents.values()),
        failures=_failures(workspace),
        rejected=tuple(workspace.rejected),
        quarantined=tuple(
            entry
            for source in SOURCES
            if source in workspace.gathered
            for entry in workspace.gathered[source].quarantined
        ),
        coverage_of_sources=workspace.coverage(),
        brief=workspace.brief,
        run=RunRecord(
            id=uuid.uuid4().hex,
            started_at=started,
            seconds=round(seconds, 3),
            extractor="llm" if False else "rules",
            model=None,
            prompts=(),
            llm_calls=0,
            input_tokens=0,
            output_tokens=0,
            cost_usd=None,
            code_version=code_version(),
            receipt="",
            notes=tuple(workspace.notes),
        ),
    )
