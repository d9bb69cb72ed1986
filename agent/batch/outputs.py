"""The campaign folder: files that grow while accounts finish, and the ranked ones at the end.

The store is the truth; every file can be written again from it. Final files are written beside their
place and moved there whole, so a reader never sees half of one.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from agent.batch.cells import Cell, ResultColumns, safe_cell
from agent.batch.columns import Columns
from agent.batch.crm import HUBSPOT, SALESFORCE, CRMRow
from agent.batch.result import ResultRow
from agent.errors import InputError, StoreError
from agent.store.ledger import BatchRun, FinishedAccount, Ledger

_PARQUET_ROWS = 1_000
FAILURE_COLUMNS = ("domain", "rows", "state", "reason")


class Campaign:
    """One run's folder."""

    def __init__(
        self,
        folder: Path,
        run: BatchRun,
        ledger: Ledger,
        columns: Columns,
        *,
        icps: Sequence[str],
        report_base: str = "",
        pages: bool = True,
    ) -> None:
        self.folder, self.run = folder, run
        self._ledger, self._columns = ledger, columns
        self.results = ResultColumns(columns, icps, report_base, pages=pages)
        self._growing: list[IO[str]] = []

    # While the run works

    def open(self) -> None:
        """Write what is finished so far and keep the files open for what comes."""
        self._write_results(ranked=False)
        self._write_reports()
        self._write_failures()
        with _said(self.folder):
            self._growing = [
                (self.folder / name).open("a", encoding="utf-8", newline="")
                for name in ("results.csv", "reports.jsonl", "failures.csv")
            ]

    def finished(self, account: FinishedAccount, report: str | None) -> None:
        """Append one account's end."""
        if not self._growing:
            return
        results, reports, failures = self._growing
        rows = self._ledger.rows_of(self.run.id, account.domain)
        with _said(self.folder):
            results.write(_csv_line(self.results.cells(None, account, rows)))
            results.flush()
            if report is not None:
                reports.write(report + "\n")
                reports.flush()
            if account.state == "failed":
                failures.write(_csv_line(self._failure(account)))
                failures.flush()

    def close(self) -> None:
        """Close the growing files."""
        for file in self._growing:
            file.close()
        self._growing = []

    # At the end

    def write_all(self) -> None:
        """Write every ranked file from the store."""
        self.close()
        self._write_results(ranked=True)
        self._write_parquet()
        self._write_reports()
        self._write_failures()
        self._write_crm()
        self._write_rows("rejects.csv", ["row", "reason", *self._columns.names], self._rejects())
        self._write_rows("duplicates.csv", ["domain", "kept_row", "merged_rows"], self._duplicates())

    def accounts(self) -> Iterator[tuple[int, FinishedAccount]]:
        """Yield every account that came to an end with its rank, best first."""
        yield from enumerate(self._ledger.finished(self.run.id), start=1)

    def tiers(self, state: str | None = None) -> Counter[str]:
        """Return how many accounts with a verdict are in each tier; of one state where it is given.

        One that is `failed` and has a verdict is one of which no page could be read.
        """
        return Counter(
            row.tier or "no profile"
            for _, account in self.accounts()
            if account.entry
            and state in (None, account.state)
            and (row := ResultRow.model_validate_json(account.entry))
        )

    def _write_results(self, *, ranked: bool) -> None:
        rows = (
            self.results.cells(
                rank if ranked else None, account, self._ledger.rows_of(self.run.id, account.domain)
            )
            for rank, account in self.accounts()
        )
        self._write_rows("results.csv", self.results.names, rows)

    def _write_reports(self) -> None:
        with self.replacing("reports.jsonl") as file:
            for _, account in self.accounts():
                line = self._ledger.report(self.run.id, account.domain)
                if line is not None:
                    file.write(line + "\n")

    def _write_failures(self) -> None:
        rows = (self._failure(account) for _, account in self.accounts() if account.state == "failed")
        self._write_rows("failures.csv", FAILURE_COLUMNS, rows)

    def _failure(self, account: FinishedAccount) -> list[Cell]:
        rows = self._ledger.rows_of(self.run.id, account.domain)
        state = "unread" if account.entry else "broke off"
        return [account.domain, " ".join(str(row.number) for row in rows), state, account.detail]

    def _write_crm(self) -> None:
        makers: tuple[tuple[str, Sequence[str], Callable[[CRMRow], list[Cell] | None]], ...] = (
            ("hubspot.csv", HUBSPOT, CRMRow.hubspot),
            ("salesforce.csv", SALESFORCE, CRMRow.salesforce),
        )
        for name, header, make in makers:
            rows = (
                made
                for _, account in self.accounts()
                if (
                    made := make(
                        CRMRow(
                            account,
                            self._ledger.rows_of(self.run.id, account.domain),
                            self._columns,
                            self.results,
                        )
                    )
                )
                is not None
            )
            self._write_rows(name, header, rows)

    def _rejects(self) -> Iterator[list[Cell]]:
        for number, reason, cells in self._ledger.rejects(self.run.id):
            yield [number, reason, *cells]

    def _duplicates(self) -> Iterator[list[Cell]]:
        for domain, numbers in self._ledger.duplicates(self.run.id):
            yield [domain, numbers[0], " ".join(str(number) for number in numbers[1:])]

    def _write_rows(self, name: str, header: Sequence[str], rows: Iterator[list[Cell]]) -> None:
        with self.replacing(name) as file:
            file.write(_csv_line(list(header)))
            for row in rows:
                file.write(_csv_line(row))

    def _write_parquet(self) -> None:
        import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        arrow: dict[type, Any] = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
        types = self.results.types
        schema = pa.schema([(name, arrow[kind]) for name, kind in types])
        target = self.folder / "results.parquet"
        partial = target.with_name(".results.parquet.partial")
        with _said(self.folder), pq.ParquetWriter(partial, schema, compression="zstd") as writer:
            held: list[list[Cell]] = []
            for rank, account in self.accounts():
                held.append(
                    self.results.cells(rank, account, self._ledger.rows_of(self.run.id, account.domain))
                )
                if len(held) >= _PARQUET_ROWS:
                    writer.write_table(_arrow_table(held, schema))
                    held = []
            writer.write_table(_arrow_table(held, schema))
        with _said(self.folder):
            partial.replace(target)

    def write_json(self, name: str, value: object) -> None:
        """Write one JSON file."""
        with self.replacing(name) as file:
            file.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    @contextmanager
    def replacing(self, name: str) -> Iterator[IO[str]]:
        """Open a file that takes its place only when it was written whole."""
        target = self.folder / name
        partial = target.with_name(f".{name}.partial")
        with _said(self.folder):
            with partial.open("w", encoding="utf-8", newline="") as file:
                yield file
            partial.replace(target)


def prepare_folder(folder: Path) -> None:
    """Make the output folder and make sure it can be written; raises `InputError`."""
    try:
        (folder / "reports").mkdir(parents=True, exist_ok=True)
        probe = folder / ".dossier-probe"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        raise InputError(
            f"cannot write to {str(folder)!r}: {error.strerror or error}; give --out a folder you can write to"
        ) from error


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; raises `InputError` when another run works in it.

    The lock belongs to the process and goes with it, also when it is killed.
    """
    try:
        import fcntl
    except ImportError:  # no such lock on this platform; two runs at once are the user's to avoid
        yield
        return
    with (folder / ".dossier-lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(f"another run is working in {str(folder)!r}; wait for it, or stop it") from error
        yield


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    """Turn a failed write into one clear line."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"cannot write to {str(folder)!r}: {error.strerror or error}; what was finished is kept, "
            "run the same command again to go on"
        ) from error


def _csv_line(cells: Sequence[Cell]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow([safe_cell(cell) for cell in cells])
    return line.getvalue()


def _arrow_table(rows: Sequence[Sequence[Cell]], schema: Any) -> Any:  # Any: pyarrow has no types
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
