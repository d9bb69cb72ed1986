"""Rules: what can be read with certainty, without a model.

Each rule has a name and a version, which every claim carries as `rule:<name>@<version>`. A rule that is
not sure says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.models import Account, Claim, SourceDocument

__all__ = ["extract_by_rules", "read_by_rules"]


def extract_by_rules(document: SourceDocument, account: Account) -> tuple[Claim, ...]:
    """Return what the rules read in one document, as `dispatch.extract_by_rules` does.

    The rules are loaded by the first call: where other processes read, this one never needs their patterns.
    """
    from agent.extraction.rules.dispatch import extract_by_rules as extract

    return extract(document, account)


def read_by_rules(
    extract: Callable[[SourceDocument, Account], tuple[Claim, ...]],
    documents: Sequence[SourceDocument],
    account: Account,
) -> list[Claim]:
    """Return every document's claims, in order.

    It stands here so that a process that is given it loads the rules and nothing of the workflow.
    """
    return [claim for document in documents for claim in extract(document, account)]
