"""Cheap sources first: an account whose verdict they settle costs no further page and no model call.

Off unless `Context.stop_when_decided`. What was not read for that reason says so in the report's coverage.
"""

from __future__ import annotations

import asyncio

from langgraph.runtime import Runtime

from agent.graph.context import Context, Progress, State
from agent.graph.evidence import extract_rules, ground_claims, score_facts
from agent.graph.gather import gather_node
from agent.models import SOURCES, Gathered, SourceName

CHEAP: tuple[SourceName, ...] = ("website", "technographics")
"""Read first: the account's own pages and DNS, which share their pages and wait for no shared host."""


async def screen(state: State, runtime: Runtime[Context]) -> State:
    """Read the cheap sources and score them; when that decides, set the other sources aside."""
    context = runtime.context
    if not context.stop_when_decided or not context.icps:
        return {}
    read = await asyncio.gather(*(gather_node(source)(state, runtime) for source in CHEAP))
    await extract_rules(state, runtime)
    decided = await score_so_far(context)
    if decided is not None:
        workspace = context.workspace
        for source in SOURCES:
            if source not in workspace.gathered:
                workspace.gathered[source] = Gathered(
                    source=source, state="not_looked", detail=f"not read: {decided}"
                )
        context.progress(Progress("screen", decided))
    return {"sources_read": [name for each in read for name in each.get("sources_read", [])]}


async def score_so_far(context: Context) -> str | None:
    """Ground and score what there is; return why nothing more is needed, or `None` when something may be."""
    await ground_claims(context)
    workspace = context.workspace
    workspace.facts = context.steps.resolve_facts(tuple(workspace.evidence.values()), context.as_of)
    score_facts(context)
    return why_decided(context)


def why_decided(context: Context) -> str | None:
    """Return why no profile's tier can change any more, or `None` when one still can."""
    verdicts = context.workspace.verdicts
    if not verdicts or not all(verdict.tier_certain for verdict in verdicts):
        return None
    said = []
    for verdict in verdicts:
        proven = [entry.id for entry in verdict.excluded if entry.effect == "disqualify"]
        why = f"disqualified by {proven[0]}" if proven else f"certain to be {verdict.tier.replace('_', ' ')}"
        said.append(f"{why} under {verdict.icp.name}")
    return "already decided, " + "; ".join(said)
