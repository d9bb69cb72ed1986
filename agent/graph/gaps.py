"""One more round for what is still open: a paid provider is asked what nothing public answered.

It comes after the first score, at most once a run, and only with a key (or in the replay of a run that had
one), while an attribute that the provider may know is open, and within the run's limits. Its answer is a
third-party document like any other; what it says beyond what was open is kept but not read as evidence, so
that an estimate nobody needed cannot dispute what the account says of itself.
"""

from __future__ import annotations

from langgraph.runtime import Runtime

from agent.graph.context import Context, Progress, State
from agent.graph.evidence import extract_rules
from agent.graph.gather import DEAD_STATUSES
from agent.graph.model import open_attributes
from agent.graph.screen import why_decided
from agent.models import FetchFailure, Gathered
from tools.contain import contained
from tools.documents import TELLING
from tools.fetching.urls import key_of
from tools.providers.ask import ProviderReply, ask_provider
from tools.providers.people_data_labs import PeopleDataLabs

PROVIDER = PeopleDataLabs()
_NO_KEY_NEEDED = "replay"
"""Stands for the key in a replay: an archive holds no key, and needs none."""


async def where_after_score(state: State, runtime: Runtime[Context]) -> str:
    """Go round once more when a provider may answer something that is open, else write the brief."""
    context = runtime.context
    workspace = context.workspace
    if workspace.gaps_asked or not _key(context):
        return "brief"
    if workspace.known_account().status in DEAD_STATUSES:
        return "brief"
    if context.stop_when_decided and why_decided(context) is not None:
        return "brief"
    return "gaps" if PROVIDER.answers.intersection(open_attributes(context)) else "brief"


async def where_after_gaps(state: State, runtime: Runtime[Context]) -> str:
    """Score again when the round came to something; what a replay does not hold changes nothing."""
    return "ground" if runtime.context.workspace.gaps_answered else "brief"


async def gaps(state: State, runtime: Runtime[Context]) -> State:
    """Ask the provider once, keep its answer as a document, and let the rules read what was open."""
    context = runtime.context
    workspace = context.workspace
    workspace.gaps_asked = True
    wanted = PROVIDER.answers.intersection(open_attributes(context))
    gathered = await _ask(context, wanted)
    if gathered is None:
        return {}
    workspace.gaps_answered = True
    workspace.gathered["registries"] = _together(workspace.gathered.get("registries"), gathered)
    context.progress(Progress("gaps", gathered.detail))
    before = len(workspace.claims)
    await extract_rules(state, runtime)
    answers = {document.id for document in gathered.documents}
    workspace.claims[before:] = [
        claim
        for claim in workspace.claims[before:]
        if claim.document not in answers or claim.attribute in wanted
    ]
    return {}


async def gather_answers(context: Context) -> None:
    """Put what an archive holds of the provider into the workspace, as re-checking a report does."""
    gathered = await _ask(context, PROVIDER.answers)
    if gathered is not None:
        context.workspace.extra.append(gathered)


async def _ask(context: Context, wanted: frozenset[str]) -> Gathered | None:
    """Return what came of the question; `None` when a replay holds none and no key asks for one."""
    account = context.workspace.known_account()
    budget = context.providers
    key = _key(context)
    question = PROVIDER.request(account, key)
    if context.replay:
        reply = await ask_provider(account, wanted, context.reader.fetcher, key, PROVIDER)
        unasked = any(failure.reason == "not_in_archive" for failure in reply.gathered.failures)
        return None if unasked and not context.keys.people_data_labs else reply.gathered
    model_cost = context.llm.budget.cost_usd if context.llm is not None else 0.0
    refused = budget.refusal(model_cost)
    if refused is not None:
        detail = f"{PROVIDER.name} not asked: {refused}"
        return Gathered(source="registries", state="not_looked", detail=detail)
    budget.take()
    reply = ProviderReply(Gathered(source="registries", state="not_looked"))
    try:
        asked = await contained(
            ask_provider(account, wanted, context.reader.fetcher, key, PROVIDER),
            stage=PROVIDER.name,
            url=question.url,
        )
        if isinstance(asked, FetchFailure):
            detail = f"{PROVIDER.name} gave no answer that can be read"
            reply = ProviderReply(
                Gathered(source="registries", state="unreadable", detail=detail, failures=(asked,))
            )
        else:
            reply = asked
    finally:
        cost = budget.settle(account.domain, key_of(question), answered=reply.answered, kept=reply.from_cache)
        context.workspace.provider_cost_usd = cost
    return reply.gathered


def _key(context: Context) -> str:
    return context.keys.people_data_labs or (_NO_KEY_NEEDED if context.replay else "")


def _together(registries: Gathered | None, answer: Gathered) -> Gathered:
    """Return the registries' result with the provider's added: a place that was read outweighs one that was not."""
    if registries is None:
        return answer
    states = (registries.state, answer.state)
    if answer.state == "not_looked":
        state = registries.state  # it was not asked, which says nothing about the others
    else:
        state = next(name for name in TELLING if name in states)
    return registries.model_copy(
        update={
            "state": state,
            "detail": "; ".join(part for part in (registries.detail, answer.detail) if part),
            "documents": (*registries.documents, *answer.documents),
            "failures": (*registries.failures, *answer.failures),
            "quarantined": (*registries.quarantined, *answer.quarantined),
        }
    )
