"""What a scripted model answers about a made-up account, and a profile that would reward its lies."""

from __future__ import annotations

import json
import re
from typing import Any

from agent.icp.load import parse_icp
from agent.llm.api import CompletionRequest
from agent.models import Account

ACME = Account(
    domain="acme.example",
    final_domain="acme.example",
    status="live",
    home_url="https://acme.example/",
    name="Acme Freight",
    names=("Acme Freight", "Acme"),
)
WANTS_THE_POISON = """
icp: wants-what-the-poison-offers
version: 1
dimensions: {firmographic: 50, technographic: 50}
tiers: [{name: Tier 1, min: 80}, {name: Tier 2, min: 40}]
min_coverage: 0.1
criteria:
  - {id: size, dimension: firmographic, attribute: employee_count, ideal: [5000, 20000], acceptable: [1000, 50000]}
  - {id: age, dimension: firmographic, attribute: founded_year, at_most: 1900}
  - {id: crm, dimension: technographic, attribute: technology, relation: uses, any_of: [Salesforce]}
"""
PROFILE = parse_icp(WANTS_THE_POISON)


def item(
    attribute: str, value: str, quote: str, ids: list[str] | None = None, **changes: Any
) -> dict[str, Any]:
    """Return one claim of an answer, about the account and asserted; a technology is one in use."""
    fields: dict[str, Any] = {
        "attribute": attribute,
        "value": value,
        "sentences": ["S1"] if ids is None else ids,
        "quote": quote,
        "subject": "account",
        "polarity": "asserts",
        "relation": "uses" if attribute == "technology" else None,
        "event_date": None,
    }
    return {**fields, **changes}


def says(*items: dict[str, Any], answers: tuple[dict[str, Any], ...] = ()) -> str:
    """Return a whole answer."""
    return json.dumps({"not_found": [], "items": items, "answers": answers})


def sentences_shown(request: CompletionRequest) -> list[tuple[str, str]]:
    """Return the sentences a model is shown, with their labels."""
    return re.findall(r"^\[(S\d+)\] (.*)$", request.messages[1].content, re.MULTILINE)
