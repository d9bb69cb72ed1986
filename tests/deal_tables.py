"""Made-up lists of won and lost deals, and what is known of their accounts."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from datetime import date
from typing import Any

from agent.models import Findings
from agent.revops.deals import read_accounts
from agent.revops.table import read_table

TODAY = date(2026, 6, 30)
PROFILE = """
icp: crm-users
review_by: 2026-08-01
criteria:
  - {id: size, attribute: employee_count, ideal: [100, 1000], acceptable: [50, 2000]}
  - {id: sector, attribute: industry, any_of: [logistics]}
  - {id: crm, attribute: technology, any_of: [Salesforce]}
tiers: [{name: A, min: 70}, {name: B, min: 40}]
min_coverage: 0.3
exclude:
  - {id: public-sector, attribute: industry, any_of: [government]}
"""


def csv_of(rows: Iterable[dict[str, Any]], delimiter: str = ",") -> str:
    listed = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(listed[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue()


def company(number: int, wins: bool, rng: random.Random) -> dict[str, Any]:
    """Return one synthetic company's row: winners are mid-sized, in logistics and on Salesforce more often."""
    likely = 0.8 if wins else 0.25
    return {
        "domain": f"{'w' if wins else 'l'}{number}.example",
        "employee_count": rng.randint(120, 900) if rng.random() < likely else rng.randint(3, 60),
        "industry": "logistics"
        if rng.random() < likely
        else rng.choice(["software", "retail", "government"]),
        "technology": "Salesforce; Stripe" if rng.random() < likely else "Stripe",
    }


def companies(count: int, wins: bool, seed: int = 1) -> list[dict[str, Any]]:
    rng = random.Random(seed + wins)
    return [company(number, wins, rng) for number in range(count)]


def deals_csv(count: int, **more: Any) -> str:
    rows = [
        {**row, "outcome": "Closed Won" if wins else "lost", "close date": f"2026-0{1 + at % 5}-10", **more}
        for wins in (True, False)
        for at, row in enumerate(companies(count, wins))
    ]
    return csv_of(rows)


def known(rows: list[dict[str, Any]]) -> list[tuple[str, Findings]]:
    listed = read_accounts(read_table(csv_of(rows).encode(), "a.csv"))
    return [(domain, findings) for domain, findings in listed.accounts if findings is not None]
