"""How far an account's reading is, as text, so that it can step aside for hours and go on as if it had not.

What was gathered is kept, not what was concluded: rules and grounding give the same again from the same
documents. Texts and bodies are in the store already and are named by id.
"""

from __future__ import annotations

import json

from agent.graph.context import Workspace
from agent.models import Account, FetchFailure, Gathered
from agent.store.store import Store


def take_snapshot(workspace: Workspace) -> str:
    """Return a workspace's reading as JSON. Texts of documents that the workspace keeps are left out."""
    return json.dumps(
        {
            "account": workspace.known_account().model_dump(mode="json"),
            "resolve_failures": [each.model_dump(mode="json") for each in workspace.resolve_failures],
            "gathered": [_without_texts(each, workspace) for each in workspace.gathered.values()],
        },
        ensure_ascii=False,
    )


def _without_texts(gathered: Gathered, workspace: Workspace) -> dict[str, object]:
    value = gathered.model_dump(mode="json", exclude={"documents"})
    value["documents"] = [
        document.model_dump(
            mode="json", exclude={"text", "body"} if document.id in workspace.documents else {"body"}
        )
        for document in gathered.documents
    ]
    return value


def restore_snapshot(text: str, store: Store) -> Workspace | None:
    """Return the workspace of a snapshot, or `None` when a text of it is no longer in the store."""
    value = json.loads(text)
    account = Account.model_validate(value["account"])
    workspace = Workspace(
        account=account,
        resolve_failures=tuple(FetchFailure.model_validate(each) for each in value["resolve_failures"]),
        read_further=True,  # an account steps aside when a model is asked, which comes after it
    )
    for part in value["gathered"]:
        for document in part["documents"]:
            kept = store.load_document(document["id"], account.domain)
            if kept is None and "text" not in document:
                return None
            if kept is not None:
                document |= {"text": kept.text, "body": kept.body}
        gathered = Gathered.model_validate(part)
        workspace.gathered[gathered.source] = gathered
    return workspace
