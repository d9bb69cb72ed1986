"""Run the product on one case: every repeat, and a poisoned account's clean twin."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from agent.errors import DossierError, InputError
from agent.graph.context import Steps
from agent.icp import ICP
from agent.llm.api import LLM
from agent.llm.recordings import ReplayLLM
from agent.models import AccountReport
from agent.research import ResearchRequest, research_account
from agent.settings import Settings
from agent.store.store import Store
from evals.labels import Case
from evals.running.config import RunConfig
from evals.running.outcome import CaseOutcome, StoredText, Variant, load_outcome, save_outcome
from evals.running.services import (
    EvalServices,
    RecordingFile,
    RecordingMeta,
    completions_file,
    load_meta,
    save_meta,
)

logger = logging.getLogger(__name__)


def planned(case: Case, config: RunConfig) -> Iterator[tuple[Variant, int]]:
    """Yield what has to be run for one case: each repeat, then the clean twin once."""
    for repeat in range(config.repeat):
        yield "main", repeat
    if case.clean_archive is not None:
        yield "clean", 0


def run_case(
    case: Case,
    config: RunConfig,
    icps: tuple[ICP, ...],
    out: Path,
    *,
    steps: Steps | None = None,
    llm: LLM | None = None,
    max_cost: float | None = None,
) -> list[CaseOutcome]:
    """Run what is still missing of one case, keep it under `out`, and return it all.

    Our own errors (a missing recording, a model that is not configured) are raised: they stop the run. Any
    other error is the product failing on the case; it is recorded as such. `llm` replaces the model, for
    tests and dry runs.
    """
    completions = completions_file(config.completions, case.domain)
    recording = RecordingFile(completions) if config.mode == "record" else None
    results: list[CaseOutcome] = []
    spent = 0.0
    for variant, repeat in planned(case, config):
        kept = load_outcome(out, case.domain, variant, repeat)
        if kept is None:
            left = None if max_cost is None else max(0.0, max_cost - spent)
            kept = _run_once(case, config, icps, variant, repeat, steps, llm, recording, left)
            save_outcome(out, kept)
        spent += kept.cost_usd or 0.0
        results.append(kept)
    if recording is not None:
        recording.save()
    return results


def _run_once(
    case: Case,
    config: RunConfig,
    icps: tuple[ICP, ...],
    variant: Variant,
    repeat: int,
    steps: Steps | None,
    llm: LLM | None,
    recording: RecordingFile | None,
    max_cost: float | None,
) -> CaseOutcome:
    archive = case.archive if variant == "main" else case.clean_archive
    request = ResearchRequest(
        domain=case.domain,
        icps=icps,
        as_of=case.truth.as_of,
        extractor=config.extractor,
        model=config.model,
        max_cost=max_cost,
        archive=archive,
    )
    blank = CaseOutcome(domain=case.domain, variant=variant, repeat=repeat, as_of=case.truth.as_of)
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="dossier-eval-") as home,
        open_services(Path(home), config, case.domain, repeat, llm, recording) as services,
    ):
        try:
            report = asyncio.run(research_account(request, services, steps=steps))
        except DossierError:
            raise
        except Exception as error:
            # The product crashed on this account: a result, and the worst one.
            logger.exception("account=%s stage=eval variant=%s", case.domain, variant)
            return blank.model_copy(
                update={
                    "error": f"{type(error).__name__}: {error}"[:500],
                    "seconds": round(time.monotonic() - started, 3),
                }
            )
        if recording is not None and services.used:
            used = services.used[-1]
            save_meta(
                config.completions,
                RecordingMeta(
                    extractor=config.extractor,
                    model=used.model,
                    prompt=used.prompt_id,
                    tokens_a_call=used.tokens_a_call,
                    output_tokens=used.output_tokens,
                    max_calls=used.budget.max_calls,
                    recorded_on=datetime.now(UTC).date().isoformat(),
                ),
            )
        return _outcome(blank, report, services, round(time.monotonic() - started, 3))


def open_services(
    home: Path,
    config: RunConfig,
    domain: str,
    repeat: int,
    llm: LLM | None = None,
    recording: RecordingFile | None = None,
) -> EvalServices:
    """Return the services of one research: a data folder of its own, the model as the run wants it."""
    # Only the model's configuration is the user's: source keys would ask for what no archive holds.
    configured = Settings.from_environment(os.environ)
    settings = Settings(
        home=home,
        openai_api_key=configured.openai_api_key,
        openai_base_url=configured.openai_base_url,
        model=configured.model,
        local_model=configured.local_model,
    )
    services = EvalServices(
        settings=settings,
        store=Store(home),
        prompt=config.prompt,
        repeat=repeat,
        recording=recording,
        scripted=llm,
    )
    if config.mode == "replay" and config.extractor != "rules":
        services.meta = load_meta(config.completions)
        path = completions_file(config.completions, domain)
        if not path.is_file():
            raise InputError(
                f"no completions were recorded for {domain} ({path}); record them with "
                "`dossier-eval run --record`, or name the recorded accounts with --only"
            )
        services.replay = ReplayLLM.load(path)
    return services


def _outcome(
    blank: CaseOutcome, report: AccountReport, services: EvalServices, seconds: float
) -> CaseOutcome:
    texts = tuple(
        StoredText(
            id=entry.id,
            url=entry.url,
            final_url=entry.final_url,
            kind=entry.kind,
            title=entry.title,
            text=services.store.load_text(entry.id) or "",
        )
        for entry in report.documents
    )
    return CaseOutcome(
        domain=blank.domain,
        variant=blank.variant,
        repeat=blank.repeat,
        as_of=report.as_of,
        account=report.account,
        seconds=seconds,
        verdicts=report.verdicts,
        facts=report.facts,
        evidence=report.evidence,
        rejected=report.rejected,
        coverage=report.coverage_of_sources,
        texts=texts,
        failures=report.failures,
        quarantined=report.quarantined,
        calls=tuple(services.meter.calls) if services.meter else (),
        cost_usd=report.run.cost_usd,
        prompts=report.run.prompts,
        model=report.run.model,
        notes=report.run.notes,
    )
