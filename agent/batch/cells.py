"""The columns of the result files and what stands in them, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.batch.columns import Columns
from agent.batch.result import ResultRow
from agent.store.ledger import FinishedAccount, ListRow

_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_NUMBER = re.compile(r"[+\-]?[0-9]{1,18}(?:[.,][0-9]{1,18})?%?\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

FIXED = (
    ("rank", int), ("domain", str), ("company", str), ("tier", str), ("tier_certain", bool), ("score", float),
    ("possible", float), ("coverage", float), ("icp", str), ("state", str), ("reasons", str), ("why_now", str),
    ("open_questions", str), ("employees", str), ("industry", str), ("headquarters", str),
    ("website_status", str), ("final_domain", str), ("documents", int), ("model_calls", int),
    ("input_tokens", int), ("output_tokens", int), ("cost_usd", float), ("stopped_early", str), ("as_of", str),
    ("report", str),
)  # fmt: skip
"""Our own columns and their types, in order."""

Cell = str | int | float | bool | None


class ResultColumns:
    """The columns of one run's results: ours, one pair a further profile, then the list's own."""

    def __init__(self, columns: Columns, icps: Sequence[str], report_base: str, *, pages: bool) -> None:
        self._own, self._base, self._pages = columns, report_base.rstrip("/"), pages
        self._icps = tuple(icps) if len(icps) > 1 else ()
        per_icp = [
            (f"{name}: {what}", kind)
            for name in self._icps
            for what, kind in (("tier", str), ("score", float))
        ]
        taken = {name for name, _ in (*FIXED, *per_icp)}
        self.own_names = tuple(f"input {name}" if name in taken else name for name in columns.names)
        self.types: tuple[tuple[str, type], ...] = (
            *FIXED,
            *per_icp,
            *((name, str) for name in self.own_names),
        )

    @property
    def names(self) -> list[str]:
        """Return the header."""
        return [name for name, _ in self.types]

    def link(self, domain: str) -> str:
        """Return where an account's report page is."""
        if not self._pages:
            return ""
        page = f"reports/{domain}.html"
        return f"{self._base}/{page}" if self._base else page

    def cells(self, rank: int | None, account: FinishedAccount, rows: Sequence[ListRow]) -> list[Cell]:
        """Return one account's cells, in the order of the columns."""
        return [*self._fixed(rank, account), *self.merged(rows)]

    def _fixed(self, rank: int | None, account: FinishedAccount) -> list[Cell]:
        if account.entry is None:
            values: dict[str, Cell] = {"rank": rank, "domain": account.domain, "state": account.state}
            return [values.get(name) for name, _ in self.types[: len(self.types) - len(self.own_names)]]
        row = ResultRow.model_validate_json(account.entry)
        fixed: list[Cell] = [
            rank, row.domain, row.name, row.tier, row.tier_certain, row.score, row.possible, row.coverage, row.icp,
            account.state, " | ".join(row.reasons), " | ".join(row.why_now), " | ".join(row.open_questions),
            row.employees, row.industry, row.headquarters, row.status, row.final_domain, row.documents,
            row.model_calls, row.input_tokens, row.output_tokens, row.cost_usd, row.stopped,
            row.as_of.isoformat(), self.link(row.domain),
        ]  # fmt: skip
        seen = {other.icp: (other.tier, other.score) for other in row.others}
        if row.icp is not None and row.tier is not None and row.score is not None:
            seen[row.icp] = (row.tier, row.score)
        for name in self._icps:
            fixed += seen.get(name, (None, None))
        return fixed

    def merged(self, rows: Sequence[ListRow]) -> list[str]:
        """Return the list's own cells: of several rows of one account, the first that says something."""
        return [
            next((row.cells[at] for row in rows if at < len(row.cells) and row.cells[at].strip()), "")
            for at in range(len(self.own_names))
        ]


def safe_cell(value: Cell) -> str:
    """Return a cell as text that no spreadsheet runs as a formula and no control character breaks.

    Plain numbers stay numbers; a phone number with a plus sign gets an apostrophe like everything else.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:g}" if isinstance(value, float) and value == round(value, 4) else str(value)
    text = _CONTROL.sub("", value)
    if _FORMULA.match(text) and not _NUMBER.match(text.strip()):
        return "'" + text
    return text
