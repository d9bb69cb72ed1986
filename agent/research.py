"""The one door: a domain and its ICPs in, a sealed report out."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from agent.errors import InputError
from agent.graph.build import compiled_graph
from agent.graph.context import SOURCES, Context, Progress, Workspace
from agent.graph.gather import collect_documents, gather_sources
from agent.icp import ICP
from agent.models import (
    AccountEntry,
    AccountReport,
    DocumentEntry,
    FetchFailure,
    GatherLimits,
    RunRecord,
    SourceDocument,
)
from agent.report.contract import seal
from agent.scoring import best_match
from agent.services import Services
from agent.settings import Settings
from agent.version import code_version
from tools.domains import InvalidDomain, normalize_domain

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ResearchRequest:
    """One account's order. `as_of` defaults to today, or in a replay to the day of the recording."""

    domain: str
    icps: tuple[ICP, ...] = ()
    as_of: date | None = None
    extractor: str = "auto"
    model: str | None = None
    max_pages: int = 15
    max_cost: float | None = None
    refresh: bool = False
    archive: Path | None = None
    record: Path | None = None


def check_domain(text: str) -> str:
    """Return the registrable domain of a domain, URL or e-mail address; nonsense is an `InputError`."""
    try:
        return normalize_domain(text)
    except InvalidDomain as error:
        raise InputError(str(error)) from error
