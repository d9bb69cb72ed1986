"""The nodes between documents and verdict: rules, grounding, facts, score, brief."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from langgraph.runtime import Runtime

from agent.extraction.brief import draft_brief, grounds_of, write_brief
from agent.extraction.rules import read_by_rules
from agent.graph.context import Context, Progress, State
from agent.graph.gather import collect_documents, without_body
from agent.scoring import best_match
from prompts import load_prompt

logger = logging.getLogger(__name__)


async def extract_rules(state: State, runtime: Runtime[Context]) -> State:
    """Let the rules read every new document, and hold what they found against the ICPs."""
    context = runtime.context
    workspace = context.workspace
    new = collect_documents(context)
    account = workspace.known_account()
    before = len(workspace.claims)
    if context.executor is not None and new:
        plain = [without_body(document) for document in new]  # a body would only be copied between processes
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
            key: without_body(document) for key, document in workspace.documents.items() if key in cited
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
    """Write the short account brief for the profile that fits best; without a profile, on the facts alone.

    A model writes it where the session has one for it and calls are left; every sentence is held to its
    evidence, whoever wrote it.
    """
    context = runtime.context
    workspace = context.workspace
    verdict = best_match(workspace.verdicts) or next(iter(workspace.verdicts), None)
    icp = next((icp for icp in context.icps if verdict and icp.sha256 == verdict.icp.sha256), None)
    account = workspace.known_account()
    name = f"{account.name or ''} {account.domain.partition('.')[0]}"
    grounds = grounds_of(workspace.findings(), verdict, icp, name, context.as_of)
    if context.llm is None:
        workspace.brief = write_brief(grounds)
        return {}
    draft = await draft_brief(grounds, account, context.llm)
    workspace.brief, workspace.brief_note = draft.sentences, draft.note
    if draft.note:
        workspace.notes.append(draft.note)
        context.progress(Progress("brief", draft.note))
    if draft.asked and context.llm.brief_prompt is not None:
        workspace.prompts.append(load_prompt(context.llm.brief_prompt).id)
    return {}
