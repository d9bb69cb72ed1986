"""The one door: a domain and its ICPs in, a sealed report out."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from agent.errors import InputError
from agent.extraction.llm import LLMSession
from agent.graph.build import compiled_graph
from agent.graph.context import Context, Progress, Steps, Workspace
from agent.graph.gaps import gather_answers
from agent.graph.gather import collect_documents, gather_sources
from agent.icp import ICP
from agent.models import (
    LIST_PROVIDER,
    SOURCES,
    AccountEntry,
    AccountReport,
    DocumentEntry,
    FetchFailure,
    Gathered,
    GatherLimits,
    RunRecord,
    SourceDocument,
)
from agent.report.contract import seal
from agent.scoring import best_match
from agent.services import Services
from agent.settings import Settings
from agent.version import code_version
from tools.archive import ReplayFetcher
from tools.domains import InvalidDomain, normalize_domain
from tools.pages.reader import Reader
from tools.providers.keys import OPT_IN_SOURCES, SourceKeys
from tools.website import cited_texts

logger = logging.getLogger(__name__)

MOST_PAGES = 500
"""The most website pages one run may be told to read."""


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
    imported: tuple[SourceDocument, ...] = ()
    """Documents the caller brings, such as a list's row; read like any other, kept with the account."""
    stop_when_decided: bool = False
    left_out_sources: tuple[str, ...] = ()
    """News searches not to ask, by name in lower case."""
    run_id: str | None = None
    """The run's id where the caller must know it beforehand; default: a new one."""


def check_domain(text: str) -> str:
    """Return the registrable domain of a domain, URL or e-mail address; nonsense is an `InputError`."""
    try:
        return normalize_domain(text)
    except InvalidDomain as error:
        raise InputError(str(error)) from error


async def research_account(
    request: ResearchRequest,
    services: Services,
    *,
    progress: Callable[[Progress], None] = lambda _: None,
    steps: Steps | None = None,
    workspace: Workspace | None = None,
) -> AccountReport:
    """Research one account and return its sealed report; documents and report are kept in the store.

    What the network or a model does ends as data in the report. Raises our errors only for what the
    caller can mend: an unreadable archive, a data folder that cannot be written, a model endpoint that is
    not configured. `steps` exchanges the pure steps, which only the eval suite's self-test does. `workspace`
    is the account's own where the caller must see it, or begins with what was read before; default: a new one.
    """
    if request.record is not None and request.record.exists():
        raise InputError(
            f"{str(request.record)!r} already exists; --record writes a new file, choose another name"
        )
    started = services.clock()
    workspace = workspace or Workspace()
    async with (
        services.reader(archive=request.archive, record=request.record, refresh=request.refresh) as reader,
        services.session(
            extractor=request.extractor,
            model=request.model,
            max_cost=request.max_cost,
            archive=request.archive,
            record=request.record,
        ) as session,
    ):
        context = Context(
            reader=reader,
            workspace=workspace,
            as_of=request.as_of or reader.now().date(),
            limits=GatherLimits(
                max_pages=request.max_pages,
                opt_in_sources=services.settings.opt_in_sources,
                left_out_sources=request.left_out_sources,
            ),
            icps=request.icps,
            keys=services.keys.in_replay() if request.archive is not None else services.keys,
            store=services.store,
            llm=session,
            progress=progress,
            steps=steps or Steps(),
            executor=services.parsers,
            forget_pages=reader.forget_pages,
            providers=services.provider_budget(request.max_cost),
            replay=request.archive is not None,
            stop_when_decided=request.stop_when_decided,
        )
        workspace.damage = _damage(damages := _damages(reader))
        for damage in damages:
            progress(Progress("archive", damage))
        brought = _brought(request, services)
        if brought:
            workspace.extra.append(Gathered(source="registries", state="read", documents=brought))
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


def _brought(request: ResearchRequest, services: Services) -> tuple[SourceDocument, ...]:
    """Return the documents of the caller and those imported earlier; an older row of a list is out of date.

    An archive stands for the web, not for what the user brought: a replay reads the imports as well.
    """
    kept = services.store.imported_documents(request.domain)
    current = [document for document in kept if document.provider != LIST_PROVIDER]
    return tuple({document.id: document for document in (*request.imported, *current)}.values())


def _damages(reader: Reader) -> tuple[str, ...]:
    """Return what is wrong with the archive that a reader replays; nothing where it reads the web."""
    return reader.fetcher.archive.warnings if isinstance(reader.fetcher, ReplayFetcher) else ()


def _damage(faults: tuple[str, ...]) -> str:
    """Say in one line that an archive is damaged, and where first; "" where nothing is."""
    if not faults:
        return ""
    more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
    return f"the archive is damaged, so what is missing may have been saved ({faults[0]}{more})"


def _report(
    request: ResearchRequest, context: Context, *, started: datetime, seconds: float
) -> AccountReport:
    workspace, session = context.workspace, context.llm
    account = workspace.known_account()
    best = best_match(workspace.verdicts)
    budget = session.budget if session else None
    return AccountReport(
        account=AccountEntry(
            domain=account.domain, name=account.name, status=account.status, final_domain=account.final_domain
        ),
        as_of=context.as_of,
        verdicts=workspace.verdicts,
        best_icp=best.icp.name if best else None,
        facts=workspace.facts,
        evidence=tuple(workspace.evidence.values()),
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
        brief_note=workspace.brief_note,
        run=RunRecord(
            id=request.run_id or uuid.uuid4().hex,
            started_at=started,
            seconds=round(seconds, 3),
            extractor=_extractor(request, session),
            model=session.model if session else None,
            prompts=tuple(workspace.prompts),
            llm_calls=budget.calls if budget else 0,
            input_tokens=budget.usage.input_tokens if budget else 0,
            output_tokens=budget.usage.output_tokens if budget else 0,
            cost_usd=_cost(budget.cost_usd if budget else 0.0, workspace.provider_cost_usd),
            code_version=code_version(),
            receipt="",
            notes=tuple(workspace.notes),
        ),
    )


def _cost(model: float | None, provider: float | None) -> float | None:
    return None if model is None or provider is None else round(model + provider, 6)


def _extractor(request: ResearchRequest, session: LLMSession | None) -> str:
    if session is None:
        return "rules"
    return "local" if request.extractor == "local" else "llm"


def _entry(document: SourceDocument) -> DocumentEntry:
    return DocumentEntry.model_validate(document.model_dump(include=set(DocumentEntry.model_fields)))


def _failures(workspace: Workspace) -> tuple[FetchFailure, ...]:
    """Return every failure once, in the order of the sources; gatherers share pages, so they share failures."""
    batches = [workspace.gathered[source].failures for source in SOURCES if source in workspace.gathered]
    found = (*workspace.resolve_failures, *(failure for batch in batches for failure in batch))
    return tuple({(failure.url, failure.reason): failure for failure in found}.values())


async def _cited_documents(public: object, context: Context) -> list[SourceDocument]:
    """Return documents of a report's pages that reading all of its archive at once does not give.

    A second reading chose their pages, in an order of its own; what a page adds depends on the pages before it.
    """
    from tools.jobs import openings_by_page  # heavy imports that only a check of a report needs
    from tools.technographics.gather import MARKS_TITLE, cited_marks

    known = context.workspace.documents
    listed = public.get("documents") if isinstance(public, dict) else None
    entries = [
        entry
        for entry in (listed if isinstance(listed, list) else ())
        if isinstance(entry, dict) and isinstance(entry.get("url"), str)
    ]
    pages = [each for each in entries if each.get("kind") == "website"]
    missing = [each["url"] for each in pages if each.get("id") not in known]
    documents = await cited_texts(missing, context.reader)
    if missing:
        marked = [each["url"] for each in pages if str(each.get("title")).startswith(MARKS_TITLE)]
        documents += await cited_marks(marked, context.reader)
    if any(each.get("kind") == "job_posting" and each.get("id") not in known for each in entries):
        documents += await openings_by_page(context.workspace.known_account(), context.reader, context.limits)
    return documents


class ArchivedTexts(NamedTuple):
    """The texts of an archive by document id, and what is wrong with the file; "" where nothing is."""

    texts: dict[str, str]
    damage: str = ""


def archived_texts(archive: Path, public: object, settings: Settings) -> ArchivedTexts:
    """Return the texts that reading `archive` anew gives for a report's account.

    Nothing is read from the data folder or the network: this is how a report is checked by somebody who
    only has the archive. A report without a usable domain gives no texts.
    """
    account = public.get("account") if isinstance(public, dict) else None
    domain = account.get("domain") if isinstance(account, dict) else None
    if not isinstance(domain, str):
        return ArchivedTexts({})

    async def gather(folder: Path) -> ArchivedTexts:
        with Services.open(settings.model_copy(update={"home": folder})) as services:
            async with services.reader(archive=archive, record=None, refresh=False) as reader:
                context = Context(
                    reader=reader,
                    workspace=Workspace(),
                    as_of=reader.now().date(),
                    # The report does not say how many pages its run was allowed; more than it cites do no harm.
                    limits=GatherLimits(max_pages=MOST_PAGES, opt_in_sources=OPT_IN_SOURCES),
                    keys=SourceKeys().in_replay(),
                    replay=True,
                )
                await gather_sources(check_domain(domain), context)
                await gather_answers(context)
                collect_documents(context)
                documents = context.workspace.documents
                cited = await _cited_documents(public, context)
                texts = {each.id: each.text for each in (*documents.values(), *cited)}
                return ArchivedTexts(texts, _damage(_damages(reader)))

    with tempfile.TemporaryDirectory(prefix="dossier-verify-") as folder:
        return asyncio.run(gather(Path(folder)))
