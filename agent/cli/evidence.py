"""`dossier verify` and `dossier document`: look behind a report's quotes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from agent.cli.output import settings
from agent.errors import InputError, VerificationError

MAX_REPORT_BYTES = 256 * 1024 * 1024


@click.command(short_help="Re-check every quote, hash and the receipt of a report.")
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--archive",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check against this WARC instead of the data folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the faults as a JSON list.")
def verify(report: Path, archive: Path | None, as_json: bool) -> int:
    """Check a JSON report offline: quotes, offsets, document hashes, references and the receipt.

    With --archive, imported rows are still looked up in the data folder: they never were on the web.
    Exit 0 when all hold, 1 naming the first that does not, 2 when the file is no report at all.
    """
    from agent.report.verify import verify_report
    from agent.store.store import Store

    public = read_report(report)
    damage = ""
    if archive is not None:
        from agent.research import archived_texts

        archived, damage = archived_texts(archive, public, settings())
        imported = _imported_ids(public)
        with Store.configured(settings()) as store:
            faults = verify_report(
                public, lambda key: store.load_text(key) if key in imported else archived.get(key)
            )
    else:
        with Store.configured(settings()) as store:
            faults = verify_report(public, store.load_text)
    if as_json:
        click.echo(
            json.dumps([*faults, *([damage] if faults and damage else [])], ensure_ascii=False, indent=2)
        )
        return 1 if faults else 0
    if faults:
        more = f" ({len(faults) - 1} more faults)" if len(faults) > 1 else ""
        raise VerificationError(f"{report}: {faults[0]}{more}" + (f"; {damage}" if damage else ""))
    quotes, documents = len(public["evidence"]), len(public["documents"])
    click.echo(f"{report}: {quotes} quotes in {documents} documents and the receipt hold")
    return 0


def _imported_ids(public: Any) -> set[str]:  # Any: JSON, of whatever shape; the verifier checks it
    """Return the ids of the report's documents that the user imported."""
    listed = public.get("documents") if isinstance(public, dict) else None
    return {
        str(entry.get("id"))
        for entry in (listed if isinstance(listed, list) else ())
        if isinstance(entry, dict) and entry.get("kind") == "imported"
    }


def read_report(path: Path) -> Any:  # Any: JSON, of whatever shape; the verifier checks it
    """Return the file's JSON; what is not JSON is an `InputError`."""
    try:
        if path.stat().st_size > MAX_REPORT_BYTES:
            raise InputError(f"{str(path)!r} is over {MAX_REPORT_BYTES:,} bytes; that is no dossier report")
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InputError(
            f"{str(path)!r} is not a JSON report ({error}); write one with "
            "`dossier research DOMAIN --format json --output report.json`"
        ) from error


@click.command(short_help="Print a stored document's text exactly.")
@click.argument("document_id", metavar="ID")
@click.option("--raw", is_flag=True, help="Print the stored raw body instead of the text.")
def document(document_id: str, raw: bool) -> int:
    """Print the text that evidence quotes, byte for byte; an unambiguous start of the id will do."""
    from agent.store.store import Store

    wanted = document_id.strip().lower()
    with Store.configured(settings()) as store:
        matches = store.document_ids(wanted)
        if not matches:
            raise InputError(
                f"no document {document_id!r} in {store.place!r}; ids stand under `documents` of a JSON report"
            )
        if len(matches) > 1:
            listed = ", ".join(match[:16] for match in matches)
            raise InputError(f"{document_id!r} fits several documents: {listed}; give more characters")
        if not raw:
            text = store.load_text(matches[0])
            sys.stdout.buffer.write((text or "").encode())
        else:
            found = store.load_document(matches[0])
            if found is None or not found.body:
                raise InputError(
                    f"document {matches[0]} has no raw body of its own; its text is all there is"
                )
            sys.stdout.buffer.write(found.body)
        sys.stdout.buffer.flush()
    return 0
