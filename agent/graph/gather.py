"""The gathering nodes: one per source, side by side, none able to change another's result."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from importlib import import_module
from typing import Final, Protocol

from langgraph.runtime import Runtime

from agent.graph.context import Context, Progress, State, Workspace
from agent.models import SOURCES, FetchFailure, Gathered, SourceDocument, SourceName
from tools.documents import Account
from tools.identity import resolve_account

logger = logging.getLogger(__name__)


class Node(Protocol):
    """A node of the workflow, by the parameter names that the graph passes."""

    async def __call__(self, state: State, runtime: Runtime[Context]) -> State:
        """Do the node's work and return what changed in the state."""
        ...


DEAD_STATUSES = ("dead", "parked")


async def resolve(state: State, runtime: Runtime[Context]) -> State:
    """Find out who answers at the domain, and under which name."""
    context = runtime.context
    if context.workspace.account is not None:
        return {}  # known from before the account stepped aside
    account, failures = await resolve_account(state["domain"], context.reader)
    context.workspace.account = account
    context.workspace.resolve_failures = failures
    detail = f"{account.domain} is {account.status}"
    if account.name:
        detail += f", {account.name}"
    context.progress(Progress("resolve", f"{detail}{f' ({account.detail})' if account.detail else ''}"))
    return {}


def gather_node(source: SourceName) -> Node:
    """Return the node that reads one source; a parked or dead domain has no source of its own to read."""

    async def node(state: State, runtime: Runtime[Context]) -> State:
        context = runtime.context
        account = context.workspace.known_account()
        if source in context.workspace.gathered:
            return {}  # read, or ruled out, while the account was screened
        if account.status in DEAD_STATUSES and source != "registries":
            gathered = Gathered(
                source=source, state="not_looked", detail=f"the domain is {account.status}: {account.detail}"
            )
        else:
            gathered = await _guarded(source, account, context)
        context.workspace.gathered[source] = gathered
        context.progress(Progress(source, gathered.detail or gathered.state.replace("_", " ")))
        return {"sources_read": [source]}

    return node


async def _guarded(source: SourceName, account: Account, context: Context) -> Gathered:
    try:
        return await _gather(source, account, context)
    except Exception as error:
        # One source's bug must not cost the others; it is recorded and shown.
        logger.exception("account=%s stage=gather source=%s", account.domain, source)
        return Gathered(
            source=source,
            state="unreadable",
            detail=f"reading it failed inside dossier ({type(error).__name__}: {error})",
            failures=(
                FetchFailure(
                    url=account.home_url, reason="parse", detail=f"{type(error).__name__} in {source}"
                ),
            ),
        )


async def _gather(source: SourceName, account: Account, context: Context) -> Gathered:
    reader, limits, keys = context.reader, context.limits, context.keys
    match source:
        case "website":
            from tools.website import gather_website

            return await gather_website(account, reader, limits)
        case "jobs":
            from tools.jobs import gather_jobs

            return await gather_jobs(account, reader, limits)
        case "news":
            from tools.news.gather import gather_news

            return await gather_news(account, reader, limits, keys=keys)
        case "technographics":
            from tools.technographics.gather import gather_technographics

            return await gather_technographics(account, reader, limits)
        case "registries":
            from tools.registries.gather import gather_registries

            return await gather_registries(account, reader, limits, keys=keys)


def load_sources() -> None:
    """Load what reads the sources before many accounts wait for one loop; one account loads it as it goes."""
    for name in ("website", "jobs", "news.gather", "technographics.gather", "registries.gather"):
        import_module(f"tools.{name}")


async def gather_sources(domain: str, context: Context) -> None:
    """Resolve and read every source outside the workflow, as re-checking a report against an archive does."""
    runtime = Runtime(context=context)
    await resolve({"domain": domain}, runtime)
    await asyncio.gather(*(gather_node(source)({"domain": domain}, runtime) for source in SOURCES))


def _drop_bodies(workspace: Workspace, kept: Sequence[SourceDocument]) -> None:
    """Let go of the bodies of documents that the store keeps."""
    light = {id(document): without_body(document) for document in kept}
    workspace.documents.update((document.id, light[id(document)]) for document in kept)
    for source, gathered in workspace.gathered.items():
        documents = tuple(
            light.get(id(document)) or without_body(document) for document in gathered.documents
        )
        workspace.gathered[source] = gathered.model_copy(update={"documents": documents})


_EVERY_FIELD: Final = set(SourceDocument.model_fields)
"""Which fields are set, for all documents together: two kilobytes each otherwise, and as much on every trip."""


def without_body(document: SourceDocument) -> SourceDocument:
    """Return a document with its text alone, which is all that rules, grounding and models read."""
    if not document.body:
        return document
    return SourceDocument.model_construct(_fields_set=_EVERY_FIELD, **{**dict(document), "body": b""})


def collect_documents(context: Context) -> tuple[SourceDocument, ...]:
    """Put every gathered document into the workspace, in the fixed order of sources, and keep them.

    Gatherers finish in any order; the result does not depend on it. Returns the new ones.
    """
    workspace = context.workspace
    batches = [workspace.gathered[source] for source in SOURCES if source in workspace.gathered]
    new: list[SourceDocument] = []
    for gathered in (*batches, *workspace.extra):
        for document in gathered.documents:
            if document.id not in workspace.documents and document.text.strip():
                workspace.documents[document.id] = document
                new.append(document)
    if context.store is not None and new:
        context.store.save_documents(workspace.known_account().domain, new, now=context.reader.now())
        _drop_bodies(workspace, new)
    return tuple(workspace.documents[document.id] for document in new)
