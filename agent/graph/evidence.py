"""The nodes between documents and verdict: rules, grounding, facts, score, brief."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial

from langgraph.runtime import Runtime

from agent.extraction.brief import write_brief
from agent.graph.context import Context, Progress, State
from agent.graph.gather import collect_documents
from agent.models import Account, Claim, SourceDocument
from agent.scoring import best_match

logger = logging.getLogger(__name__)


async def extract_rules(state: State, runtime: Runtime[Context]) -> State:
    """Let the rules read every new document, and hold what they found against the ICPs."""
    context = runtime.context
    workspace = context.workspace
    new = collect_documents(context)
    account = workspace.known_account()
    before = len(workspace.claims)
    if context.executor is not None and new:
        # Rules need the text alone; raw bodies would only be copied between processes.
        plain = [document.model_copy(update={"body": b""}) for document in new]
        work = partial(read_by_rules, context.steps.extract_by_rules, plain, account)
        claims = await asyncio.get_running_loop().run_in_executor(context.executor, work)
        workspace.claims.extend(claims)
    else:
        for document in new:
            workspace.claims.extend(context.steps.extract_by_rules(document, account))
            await asyncio.sleep(0)  # other work of the process waits for a page, not for a whole site
    found = len(workspace.claims) - before
    context.progress(Progress("rules", f"{found} claims in {len(new)} documents of {account.domain}"))
    return {}


def read_by_rules(
    extract: Callable[[SourceDocument, Account], tuple[Claim, ...]],
    documents: Sequence[SourceDocument],
    account: Account,
) -> list[Claim]:
    """Return every document's claims, in order; a function of its own so that a process can be given it."""
    return [claim for document in documents for claim in extract(document, account)]


async def ground(state: State, runtime: Runtime[Context]) -> State:
    """Check every new claim against its document; what does not hold is kept apart, with the reason."""
    context = runtime.context
    await ground_claims(context)
    workspace = context.workspace
    context.progress(
        Progress(
            "ground", f"{len(workspace.evidence)} quotes hold, {len(workspace.rejected)} claims rejected"
        )
    )
    return {}


async def ground_claims(context: Context) -> None:
    """Ground the claims that are not grounded yet."""
    workspace = context.workspace
    claims = workspace.claims[workspace.grounded :]
    workspace.grounded = len(workspace.claims)
    account = workspace.known_account()
    if context.executor is not None and claims:
        cited = {claim.document for claim in claims}
        documents = {
            key: document.model_copy(update={"body": b""})
            for key, document in workspace.documents.items()
            if key in cited
        }
        work = partial(context.steps.ground_all, claims, documents, account, context.as_of)
        evidence, rejected = await asyncio.get_running_loop().run_in_executor(context.executor, work)
    else:
        evidence, rejected = context.steps.ground_all(claims, workspace.documents, account, context.as_of)
    for item in evidence:
        workspace.evidence.setdefault(item.id, item)
    workspace.rejected.extend(rejected)


async def facts(state: State, runtime: Runtime[Context]) -> State:
    """Resolve the evidence into facts, contradictions kept."""
    context = runtime.context
    workspace = context.workspace
    workspace.facts = context.steps.resolve_facts(tuple(workspace.evidence.values()), context.as_of)
    disputed = sum(fact.status == "contradicted" for fact in workspace.facts)
    context.progress(
        Progress("facts", f"{len(workspace.facts)} facts" + (f", {disputed} disputed" if disputed else ""))
    )
    return {}


async def score(state: State, runtime: Runtime[Context]) -> State:
    """Hold the facts against each ICP."""
    context = runtime.context
    score_facts(context)
    for verdict in context.workspace.verdicts:
        context.progress(
            Progress("score", f"{verdict.icp.name}: {verdict.tier}, proven {verdict.score:g} of 100")
        )
    return {}


def score_facts(context: Context) -> None:
    """Score the workspace's facts against every ICP."""
    findings = context.workspace.findings()
    context.workspace.verdicts = tuple(
        context.steps.score_account(icp, findings, context.as_of) for icp in context.icps
    )


async def brief(state: State, runtime: Runtime[Context]) -> State:
    """Write the short account brief for the profile that fits best."""
    workspace = runtime.context.workspace
    verdict = best_match(workspace.verdicts) or next(iter(workspace.verdicts), None)
    if verdict is not None:
        workspace.brief = write_brief(workspace.findings(), verdict)
    return {}
