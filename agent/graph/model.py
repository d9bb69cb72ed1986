"""The nodes that ask a model: what is still open after the rules, and one pass over what may decide it.

One node makes all the calls rather than a `Send` a call: the first call settles how the server wants to be
asked, and the budget is reserved call by call, which calls started all at once could not do.
"""

from __future__ import annotations

from langgraph.runtime import Runtime

from agent.extraction.llm import Question, extract_with_llm
from agent.graph.context import Context, Progress, State
from agent.graph.evidence import ground_claims, score_facts
from agent.graph.screen import why_decided
from agent.icp import ICP, question_attribute
from agent.icp.model import Criterion, ExclusionRule, QuestionTest, leaf_tests
from agent.models import Findings

GENERAL = (
    "industry",
    "employee_count",
    "founded_year",
    "headquarters",
    "business_model",
    "customer_segment",
    "technology",
    "certification",
    "funding_round",
    "leadership_change",
    "expansion",
    "pain_point",
)
"""What a dossier without a profile is expected to say."""


async def decide(state: State, runtime: Runtime[Context]) -> State:
    """Ground and score what the rules found, so that only what is open is asked."""
    context = runtime.context
    await ground_claims(context)
    workspace = context.workspace
    workspace.facts = context.steps.resolve_facts(tuple(workspace.evidence.values()), context.as_of)
    score_facts(context)
    return {}


async def where_to_read(state: State, runtime: Runtime[Context]) -> str:
    """Go to the model when one is there and something is open, else straight on."""
    context = runtime.context
    if context.llm is None or not context.workspace.documents:
        return "ground"
    if context.stop_when_decided and why_decided(context) is not None:
        return "ground"
    return "extract_llm" if open_attributes(context) or open_questions(context) else "ground"


async def extract_llm(state: State, runtime: Runtime[Context]) -> State:
    """Let the model read the passages that may decide what is open; its claims are checked like any other."""
    context = runtime.context
    workspace = context.workspace
    if context.llm is None:
        return {}
    context.forget_pages()
    outcome = await extract_with_llm(
        tuple(workspace.documents.values()),
        workspace.known_account(),
        open_attributes(context),
        open_questions(context),
        context.llm,
    )
    workspace.claims.extend(outcome.claims)
    workspace.rejected.extend(outcome.rejected)
    workspace.notes.extend(outcome.notes)
    if outcome.calls:
        workspace.prompts.append(context.llm.prompt_id)
    detail = f"{len(outcome.claims)} claims in {outcome.calls} calls of {context.llm.model}"
    context.progress(Progress("model", "; ".join((detail, *outcome.notes[:2]))))
    return {}


def open_attributes(context: Context) -> tuple[str, ...]:
    """Return the attributes that the profiles (or, without one, a general dossier) still want."""
    workspace = context.workspace
    if not context.icps:
        known = {fact.attribute for fact in workspace.facts if fact.status == "supported"}
        return tuple(name for name in GENERAL if name not in known)
    wanted: dict[str, None] = {}
    for icp, verdict in zip(context.icps, workspace.verdicts, strict=True):
        open_ids = {entry.criterion for entry in verdict.next_facts}
        open_ids |= {entry.id for entry in verdict.not_ruled_out}
        wanted |= dict.fromkeys(_attributes(icp, open_ids))
    return tuple(wanted)


def _attributes(icp: ICP, open_ids: set[str]) -> list[str]:
    return [
        test.attribute
        for rule in _rules(icp)
        if rule.id in open_ids
        for test in leaf_tests(rule.condition)
        if not isinstance(test, QuestionTest)
    ]


def _rules(icp: ICP) -> tuple[Criterion | ExclusionRule, ...]:
    return (*icp.criteria, *icp.exclude)


def open_questions(context: Context) -> tuple[Question, ...]:
    """Return the profiles' own questions that no evidence answers yet."""
    findings: Findings = context.workspace.findings()
    answered = {fact.attribute for fact in findings.facts}
    asked: dict[str, Question] = {}
    for icp in context.icps:
        for rule in _rules(icp):
            for test in leaf_tests(rule.condition):
                if isinstance(test, QuestionTest):
                    attribute = question_attribute(test.question)
                    if attribute not in answered:
                        asked.setdefault(attribute, Question(attribute, test.question))
    return tuple(asked.values())
