"""A second reading of the account's site, by one who knows what the rules left open.

It comes once, after the rules' first score and before a model is asked, so that whoever reads next has the pages
too. The site's own reading keeps a few pages of the budget back for it. Pages are sought by the purposes that go
with the open attributes, those first that could move the verdict most.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from langgraph.runtime import Runtime

from agent.extraction.llm.cue_words import PAGES
from agent.graph.context import Context, Progress, State, Workspace
from agent.graph.evidence import extract_rules
from agent.graph.gather import DEAD_STATUSES
from agent.graph.model import decide, open_attributes, where_to_read
from agent.graph.screen import why_decided
from agent.models import Gathered, SourceDocument
from tools.contain import contained
from tools.documents import FetchFailure, PagePurpose

_PURPOSES: Final[dict[PagePurpose, frozenset[str]]] = {
    "about": PAGES["about"] | {"buying_role", "subsidiary", "revenue"},
    "careers": PAGES["careers"],
    "pricing": PAGES["pricing"],
    "security": PAGES["security"],
    "press": PAGES["press"],
    "product": PAGES["product"] | {"technology"},
    "partners": PAGES["partners"] | {"technology"},
    "contact": PAGES["contact"],
    "faq": PAGES["faq"],
    "customers": frozenset({"customer_segment", "pain_point", "goal", "buying_trigger"}),
    "legal": PAGES["legal"],
}
"""Where what is open may be found: the pages a model's passages favour, and a few more."""


async def where_after_decide(state: State, runtime: Runtime[Context]) -> str:
    """Read the site further unless that was done or nobody needs it; then on to the model, or past it."""
    context = runtime.context
    workspace = context.workspace
    done = workspace.read_further or "website" not in workspace.gathered
    dead = workspace.known_account().status in DEAD_STATUSES
    decided = context.stop_when_decided and why_decided(context) is not None
    return await where_to_read(state, runtime) if done or dead or decided else "read_further"


async def read_further(state: State, runtime: Runtime[Context]) -> State:
    """Read the pages kept back, their marks and jobs too; let the rules read them, and score again what they found."""
    context = runtime.context
    workspace = context.workspace
    workspace.read_further = True
    wanted = open_attributes(context)
    sought = purposes_for(wanted)
    why = ", ".join(name for name in wanted if any(name in _PURPOSES[purpose] for purpose in sought))
    website = await _website(context, sought, why)
    if website.detail:
        workspace.notes.append(f"website, read further: {website.detail}")
        context.progress(Progress("further", website.detail))
    _add(workspace, website)
    for gathered in (await _marks(context), await _jobs(context)):
        if gathered is not None:
            _add(workspace, gathered)
    if any(each.id not in workspace.documents for each in _documents(workspace)):
        await extract_rules(state, runtime)
        await decide(state, runtime)
    return {}


async def _website(context: Context, sought: tuple[PagePurpose, ...], why: str) -> Gathered:
    from tools.website import gather_further

    account = context.workspace.known_account()
    gathered = await contained(
        gather_further(account, context.reader, context.limits, sought, why),
        stage="read further",
        url=account.home_url,
    )
    if isinstance(gathered, FetchFailure):
        return Gathered(source="website", state="not_looked", failures=(gathered,))
    return gathered


async def _marks(context: Context) -> Gathered | None:
    """Return what the further pages show of the account's tools, `None` where that adds nothing."""
    from tools.technographics.gather import gather_further_marks

    account = context.workspace.known_account()
    work = gather_further_marks(account, context.reader, context.limits)
    gathered = await contained(work, stage="further marks", url=account.home_url)
    if isinstance(gathered, FetchFailure):
        return Gathered(source="technographics", state="not_looked", failures=(gathered,))
    return gathered if gathered.documents else None


async def _jobs(context: Context) -> Gathered | None:
    """Return the account's jobs with what the further careers pages show of them, `None` where that is nothing."""
    from tools.jobs import gather_further_jobs

    account, first = context.workspace.known_account(), context.workspace.gathered.get("jobs")
    if first is None:
        return None
    work = gather_further_jobs(account, context.reader, context.limits, first)
    gathered = await contained(work, stage="further jobs", url=account.home_url)
    if isinstance(gathered, FetchFailure):
        return first.model_copy(update={"failures": (*first.failures, gathered)})
    return gathered


def _add(workspace: Workspace, more: Gathered) -> None:
    """Add what a further reading gave to its source; of jobs it is all there is to say, the first reading's with it."""
    first = workspace.gathered.get(more.source)
    if first is not None and more.source != "jobs":
        more = first.model_copy(
            update={
                "state": "read" if "read" in (first.state, more.state) else first.state,
                "detail": ", ".join(part for part in (first.detail, more.detail) if part),
                "documents": (*first.documents, *more.documents),
                "failures": (*first.failures, *more.failures),
            }
        )
    workspace.gathered[more.source] = more


def _documents(workspace: Workspace) -> Iterator[SourceDocument]:
    return (document for gathered in workspace.gathered.values() for document in gathered.documents)


def purposes_for(attributes: tuple[str, ...]) -> tuple[PagePurpose, ...]:
    """Return the purposes of pages that may state any of these attributes, in the attributes' order."""
    found = [purpose for name in attributes for purpose, known in _PURPOSES.items() if name in known]
    return tuple(dict.fromkeys(found))
