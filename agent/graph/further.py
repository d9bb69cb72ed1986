"""A second reading of the account's site, by one who knows what the rules left open.

It comes once, after the rules' first score and before a model is asked, so that whoever reads next has the pages
too. The site's own reading keeps a few pages of the budget back for it. Pages are sought by the purposes that go
with the open attributes, those first that could move the verdict most.
"""

from __future__ import annotations

from typing import Final

from langgraph.runtime import Runtime

from agent.extraction.llm.cue_words import PAGES
from agent.graph.context import Context, Progress, State
from agent.graph.evidence import extract_rules
from agent.graph.gather import DEAD_STATUSES
from agent.graph.model import decide, open_attributes, where_to_read
from agent.graph.screen import why_decided
from agent.models import Gathered
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


def where_after_decide(state: State, runtime: Runtime[Context]) -> str:
    """Read the site further unless that was done or nobody needs it; then on to the model, or past it."""
    context = runtime.context
    workspace = context.workspace
    done = workspace.read_further or "website" not in workspace.gathered
    dead = workspace.known_account().status in DEAD_STATUSES
    decided = context.stop_when_decided and why_decided(context) is not None
    return where_to_read(state, runtime) if done or dead or decided else "read_further"


async def read_further(state: State, runtime: Runtime[Context]) -> State:
    """Read the pages kept back, let the rules read them, and score again what they found."""
    from tools.website import gather_further

    context = runtime.context
    workspace = context.workspace
    workspace.read_further = True
    account = workspace.known_account()
    wanted = open_attributes(context)
    sought = purposes_for(wanted)
    why = ", ".join(name for name in wanted if any(name in _PURPOSES[purpose] for purpose in sought))
    gathered = await contained(
        gather_further(account, context.reader, context.limits, sought, why),
        stage="read further",
        url=account.home_url,
    )
    website = workspace.gathered["website"]
    if isinstance(gathered, FetchFailure):
        gathered = Gathered(source="website", state="not_looked", failures=(gathered,))
    if not (gathered.documents or gathered.failures):
        return {}
    if gathered.detail:
        workspace.notes.append(f"website, read further: {gathered.detail}")
        context.progress(Progress("further", gathered.detail))
    workspace.gathered["website"] = website.model_copy(
        update={
            "state": "read" if "read" in (website.state, gathered.state) else website.state,
            "detail": ", ".join(part for part in (website.detail, gathered.detail) if part),
            "documents": (*website.documents, *gathered.documents),
            "failures": (*website.failures, *gathered.failures),
        }
    )
    if gathered.documents:
        await extract_rules(state, runtime)
        await decide(state, runtime)
    return {}


def purposes_for(attributes: tuple[str, ...]) -> tuple[PagePurpose, ...]:
    """Return the purposes of pages that may state any of these attributes, in the attributes' order."""
    found = [purpose for name in attributes for purpose, known in _PURPOSES.items() if name in known]
    return tuple(dict.fromkeys(found))
