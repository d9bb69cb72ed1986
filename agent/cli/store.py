"""`dossier store`: look after the data folder."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.list_run import AgeOption
from agent.cli.output import database_option, settings, write_text
from agent.errors import InputError

if TYPE_CHECKING:
    from agent.store.upkeep import Removed


@click.group(short_help="Check, prune, export and delete what is stored.")
def store() -> None:
    """Look after the data folder: check it, keep it small, hand out or delete what it holds on an account."""


@store.command(short_help="Check every stored text, quote and the file itself.")
@click.option("--json", "as_json", is_flag=True, help="Print the faults as a JSON list.")
@database_option
def verify(as_json: bool, database_url: str | None) -> int:
    """Check the store offline: exit 0 when all of it holds, 1 when something does not."""
    from agent.report.view import counted
    from agent.store.store import Store
    from agent.store.upkeep import verify_store

    with Store.configured(settings(database_url)) as opened:
        faults = list(verify_store(opened))
        if as_json:
            click.echo(json.dumps(faults, ensure_ascii=False, indent=2))
        else:
            for fault in faults:
                click.echo(fault)
            if not faults:
                click.echo(f"{opened.place}: {counted(opened.count_accounts(), 'account')}, all of it holds")
    return 1 if faults else 0


@store.command(short_help="Drop cached pages, completions and old reports.")
@click.option(
    "--older-than", type=AgeOption(), default="90d", show_default=True, help="What to drop, such as 90d."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was dropped as JSON.")
@database_option
def prune(older_than: timedelta, as_json: bool, database_url: str | None) -> int:
    """Drop what is older than an age; each account keeps its latest findings and report with their texts."""
    from agent.services import utc_now
    from agent.store.store import Store
    from agent.store.upkeep import prune_store

    with Store.configured(settings(database_url)) as opened:
        removed = prune_store(opened, before=utc_now() - older_than)
    _say_removed(removed, as_json, "nothing is that old")
    return 0


@store.command(short_help="Write everything stored on an account as JSON.")
@click.argument("domain")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of stdout."
)
@database_option
def export(domain: str, output: Path | None, database_url: str | None) -> int:
    """Write everything stored on DOMAIN as one JSON object: texts, findings, reports, list rows."""
    from agent.research import check_domain
    from agent.store.store import Store
    from agent.store.upkeep import export_account

    account = check_domain(domain)
    with Store.configured(settings(database_url)) as opened:
        held = export_account(opened, account)
    if held is None:
        raise InputError(f"nothing is stored on {account}")
    text = json.dumps(held, ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
        return 0
    try:
        write_text(output, text + "\n")
    except OSError as error:
        raise InputError(f"cannot write {str(output)!r}: {error.strerror or error}") from error
    return 0


@store.command(short_help="Delete everything stored on an account.")
@click.argument("domain")
@click.option("--json", "as_json", is_flag=True, help="Print what was deleted as JSON.")
@database_option
def delete(domain: str, as_json: bool, database_url: str | None) -> int:
    """Delete everything stored on DOMAIN. Files that commands wrote elsewhere are yours to delete."""
    from agent.research import check_domain
    from agent.store.store import Store
    from agent.store.upkeep import delete_account

    account = check_domain(domain)
    with Store.configured(settings(database_url)) as opened:
        removed = delete_account(opened, account)
    _say_removed(removed, as_json, f"nothing is stored on {account}")
    return 0


def _say_removed(removed: list[Removed], as_json: bool, nothing: str) -> None:
    if as_json:
        click.echo(json.dumps({each.table: each.rows for each in removed}, indent=2))
        return
    click.echo(", ".join(f"{each.table.replace('_', ' ')}: {each.rows:,}" for each in removed) or nothing)
