"""Job titles to buying-committee roles, and what makes a text a job title at all."""

from __future__ import annotations

import re
from typing import Literal, get_args

BuyingRole = Literal["champion", "user", "technical", "economic", "gatekeeper", "legal_procurement"]
BUYING_ROLES: tuple[str, ...] = get_args(BuyingRole)

_ALIASES = {
    "economic_buyer": "economic", "decision_maker": "economic", "budget_holder": "economic",
    "technical_buyer": "technical", "technical_evaluator": "technical", "end_user": "user", "user_buyer": "user",
    "procurement": "legal_procurement", "legal": "legal_procurement", "influencer": "champion", "blocker": "gatekeeper",
}  # fmt: skip
_EXECUTIVE = re.compile(
    r"\b(?:chief\b[^,|]{0,40}\bofficer|c[eofrmtipsd]o|cpo|chro|ciso|cdo|president|founder|co-?founder|owner|managing director"
    r"|general manager|geschäftsführer(?:in)?|vorstand|directeur général|directeur generale|consejero delegado|pdg"
    r"|amministratore delegato|managing partner)\b",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\b(?:(?:e|s)?vp\b|(?:senior |executive )?vice president|head of|global head|director|leiter(?:in)?|directeur|directrice"
    r"|director[a]?|responsable|direttore|hoofd|diretor[a]?)\b",
    re.IGNORECASE,
)
_TECHNICAL = re.compile(
    r"\b(?:cto|cio|ciso|chief (?:technology|information|technical|data|security|information security)\b[^,|]{0,20}"
    r"|engineering|technology|architect|\bit\b|infrastructure|platform|security|data|devops|software)\b",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"\b(?:legal|counsel|procurement|purchasing|sourcing|compliance|privacy|einkauf|achats|compras)\b",
    re.IGNORECASE,
)
_GATEKEEPER = re.compile(
    r"\b(?:executive assistant|office manager|chief of staff|receptionist|assistant to)\b", re.IGNORECASE
)
_MANAGER = re.compile(r"\b(?:manager|lead|principal|supervisor|teamleiter(?:in)?|chef de)\b", re.IGNORECASE)
_NOT_MANAGER = re.compile(
    r"\b(?:account|project|product marketing|customer success|community|success)\s+manager\b", re.IGNORECASE
)


def buying_role(text: str) -> str | None:
    """Return the canonical buying role of a role name ("economic buyer"), or `None`."""
    folded = re.sub(r"[\s/-]+", "_", text.strip().casefold())
    folded = _ALIASES.get(folded, folded)
    return folded if folded in BUYING_ROLES else None


def role_of_title(title: str) -> str | None:
    """Return the part a title usually plays in a purchase, or `None` when `title` names no such job.

    Technical goes before economic: a CTO evaluates; other executives and heads hold the budget.
    """
    if not 2 <= len(title) <= 120:
        return None
    if _GATEKEEPER.search(title):
        return "gatekeeper"
    if _LEGAL.search(title):
        return "legal_procurement"
    senior = _EXECUTIVE.search(title) or _HEAD.search(title)
    if _TECHNICAL.search(title) and (
        senior or re.search(r"\barchitect|manager|lead\b", title, re.IGNORECASE)
    ):
        return "technical"
    if senior:
        return "economic"
    if _MANAGER.search(title):
        return "user" if _NOT_MANAGER.search(title) else "champion"
    return None
