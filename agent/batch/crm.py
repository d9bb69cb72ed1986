"""Files that HubSpot's and Salesforce's importers take as they are.

HubSpot matches companies by `Company Domain Name` or `Record ID`; Salesforce accounts by `Account ID` or
`Account Name`. Ids are carried over from the list when it has them, so that an import updates and does not
double. Our own values are custom properties; docs/batch.md says how to make them once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.batch.cells import Cell, ResultColumns
from agent.batch.columns import Columns
from agent.batch.result import ResultRow
from agent.canonical.list_columns import plain_name
from agent.report.view import tier_name
from agent.store.ledger import FinishedAccount, ListRow

HUBSPOT = (
    "Record ID", "Company name", "Company Domain Name", "Website URL", "Dossier Tier", "Dossier Score",
    "Dossier Possible Score", "Dossier Coverage", "Dossier ICP", "Dossier Reasons", "Dossier Why Now",
    "Dossier Report", "Dossier As Of",
)  # fmt: skip
SALESFORCE = (
    "Account ID", "Account Name", "Website", "Dossier_Tier__c", "Dossier_Score__c", "Dossier_Possible_Score__c",
    "Dossier_Coverage__c", "Dossier_ICP__c", "Dossier_Reasons__c", "Dossier_Why_Now__c", "Dossier_Report__c",
    "Dossier_As_Of__c",
)  # fmt: skip
_HUBSPOT_IDS = ("recordid", "recordidcompany", "companyid", "hsobjectid", "companyrecordid")
_SALESFORCE_IDS = ("accountid", "id", "accountid18", "salesforceid", "sfdcid", "crmid")
_SALESFORCE_ID = re.compile(r"001[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?\Z")
_LONGEST_TEXT = 255
"""Salesforce's text fields; HubSpot's take far more."""


class CRMRow:
    """One account as the importers want it."""

    def __init__(
        self, account: FinishedAccount, rows: Sequence[ListRow], columns: Columns, results: ResultColumns
    ) -> None:
        self._rows, self._columns = rows, columns
        self._merged = results.merged(rows)
        self.row = ResultRow.model_validate_json(account.entry) if account.entry else None
        self._link = results.link(account.domain)

    def _named(self, names: Sequence[str]) -> str:
        plain = [plain_name(name) for name in self._columns.names]
        return next(
            (self._merged[plain.index(n)] for n in names if n in plain and self._merged[plain.index(n)]), ""
        )

    def _company(self, row: ResultRow) -> str:
        listed = self._columns.first("name", self._merged)
        return listed or row.name or row.domain

    def hubspot(self) -> list[Cell] | None:
        """Return HubSpot's cells, `None` for an account without a result."""
        row = self.row
        if row is None:
            return None
        return [
            self._named(_HUBSPOT_IDS), self._company(row), row.domain, f"https://{row.final_domain}",
            tier_name(row.tier) if row.tier else "", row.score, row.possible, row.coverage, row.icp,
            "; ".join(row.reasons), "; ".join(row.why_now), self._link, row.as_of.isoformat(),
        ]  # fmt: skip

    def salesforce(self) -> list[Cell] | None:
        """Return Salesforce's cells, `None` for an account without a result."""
        row = self.row
        if row is None:
            return None
        identifier = self._named(_SALESFORCE_IDS)
        return [
            identifier if _SALESFORCE_ID.match(identifier) else "", self._company(row), f"https://{row.final_domain}",
            tier_name(row.tier) if row.tier else "", row.score, row.possible, row.coverage, row.icp,
            _cut("; ".join(row.reasons)), _cut("; ".join(row.why_now)), self._link, row.as_of.isoformat(),
        ]  # fmt: skip


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 3].rstrip() + "..."
