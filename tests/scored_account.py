"""An account made of what is known of it, scored by a criterion or two."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from agent.icp import parse_icp
from agent.models import AccountVerdict, CriterionVerdict, Evidence, Fact, Findings, SourceCoverage
from agent.scoring import score_account

AS_OF = date(2026, 6, 30)
ALL_READ = dict.fromkeys(("website", "jobs", "news", "technographics", "registries"), "read")


class Account:
    """Findings under construction."""

    def __init__(self, **states: str) -> None:
        self.states = states
        self.facts: list[Fact] = []
        self.evidence: list[Evidence] = []

    def quote(self, attribute: str, value: Any, quote: str, days_ago: int | None, **more: Any) -> str:
        name = f"e{len(self.evidence)}"
        fields: dict[str, Any] = {
            "document": f"doc{len(self.evidence)}",
            "source_kind": "website",
            "source_tier": "first-party-text",
            "polarity": "asserts",
            **more,
        }
        self.evidence.append(
            Evidence(
                id=name,
                attribute=attribute,
                value=value,
                quote=quote,
                start=0,
                end=len(quote),
                url="https://www.acme.example/about?x=1",
                published_at=None if days_ago is None else AS_OF - timedelta(days=days_ago),
                extractor="rule:test@1",
                **fields,
            )
        )
        return name

    def fact(
        self,
        attribute: str,
        value: Any,
        *days_ago: int | None,
        quote: str = "as quoted",
        status: str = "supported",
        rival: Any = None,
        **more: Any,
    ) -> Account:
        told = tuple(self.quote(attribute, value, quote, days, **more) for days in days_ago or (None,))
        against = (self.quote(attribute, rival, "the other quote", None),) if rival is not None else ()
        fields: dict[str, Any] = {"status": status, "evidence": told, "against": against}
        self.facts.append(Fact(attribute=attribute, value=value, **fields))
        return self

    def openings(self, department: str, *days_ago: int | None, tier: str = "ats") -> Account:
        value = {"department": department, "seniority": None, "title": "Account Executive", "count": 1}
        told = tuple(
            self.quote(
                "hiring", value, "Account Executive", days, source_tier=tier, source_kind="job_posting"
            )
            for days in days_ago
        )
        total = {**value, "title": None, "count": len(told)}
        self.facts.append(Fact(attribute="hiring", value=total, status="supported", evidence=told))
        return self

    def findings(self) -> Findings:
        coverage = [{"source": name, "state": state, "documents": 1} for name, state in self.states.items()]
        return Findings(
            facts=tuple(self.facts),
            evidence=tuple(self.evidence),
            coverage=tuple(SourceCoverage.model_validate(entry) for entry in coverage),
        )


def verdict(account: Account, *criteria: str, more: str = "") -> AccountVerdict:
    rows = "".join(f"  - {{id: c{at}, {criterion}}}\n" for at, criterion in enumerate(criteria))
    return score_account(parse_icp(f"icp: test\ncriteria:\n{rows}{more}"), account.findings(), AS_OF)


def scored(account: Account, criterion: str) -> CriterionVerdict:
    return verdict(account, criterion).criteria[0]


def size(low: int, high: int | None = None) -> dict[str, Any]:
    return {"exact": low if high is None else None, "low": low, "high": low if high is None else high}


BAND = "attribute: employee_count, ideal: [200, 1000], acceptable: [100, 2000]"
SALES = "attribute: hiring, where: {department: sales}, min_count: 3, within_days: 90"
