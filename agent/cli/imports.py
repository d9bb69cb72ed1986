"""`dossier import`: bring in evidence you already have."""

from __future__ import annotations

import json
from pathlib import Path

import click

from agent.cli.output import settings
from agent.errors import InputError


@click.group(name="import", short_help="Bring in evidence you already have.")
def import_group() -> None:
    """Bring in evidence you already have, such as CRM fields or intent topics."""


@import_group.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was imported and left out as JSON.")
def evidence(file: Path, as_json: bool) -> int:
    """Import FILE, a CSV with the columns domain, attribute and value, and optionally quote, source, date, url.

    Each row becomes a dated line of a document that cites the file and row; the next research of the
    account reads it like any other source. Rows that cannot be used are listed; the rest goes on.
    """
    from agent.report.view import counted
    from agent.services import utc_now
    from agent.store.store import Store
    from tools.imports import ImportFault, import_documents

    now = utc_now()
    try:
        imported = import_documents(file, imported_at=now)
    except ImportFault as fault:
        raise InputError(str(fault)) from fault
    with Store.configured(settings()) as store:
        for domain, documents in imported.documents.items():
            store.save_documents(domain, documents, now=now)
    rows = sum(len(documents) for documents in imported.documents.values())
    if as_json:
        rejects = [reject.model_dump() for reject in imported.rejects]
        told = {"rows": rows, "accounts": sorted(imported.documents), "rejects": rejects}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return 0 if rows else 1
    for reject in imported.rejects:
        click.echo(f"row {reject.row} left out: {reject.reason}", err=True)
    click.echo(
        f"imported {counted(rows, 'row')} for {counted(len(imported.documents), 'account')}; "
        f"{counted(len(imported.rejects), 'row')} left out"
    )
    return 0 if rows else 1
