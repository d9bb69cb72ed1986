"""`dossier import`: bring in evidence you already have."""

from __future__ import annotations

from pathlib import Path

import click

from agent.cli.output import settings
from agent.errors import InputError


@click.group(name="import", short_help="Bring in evidence you already have.")
def import_group() -> None:
    """Bring in evidence you already have, such as CRM fields or intent topics."""


@import_group.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def evidence(file: Path) -> int:
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
    for reject in imported.rejects:
        click.echo(f"row {reject.row} left out: {reject.reason}", err=True)
    rows = sum(len(documents) for documents in imported.documents.values())
    click.echo(
        f"imported {counted(rows, 'row')} for {counted(len(imported.documents), 'account')}; "
        f"{counted(len(imported.rejects), 'row')} left out"
    )
    return 0 if rows else 1
