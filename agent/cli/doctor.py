"""`dossier doctor`: what is configured, what is missing, and what collides."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import sys
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import click

from agent.cli.output import settings
from agent.errors import DossierError
from agent.settings import DEFAULT_MODEL, Settings

OUR_PACKAGES = ("agent", "prompts", "tools", "evals")
DISTRIBUTION = "account-dossier"
EXTRAS = {"browser": "playwright", "local": "xllamacpp"}


class Check(NamedTuple):
    """One thing looked at: `problem` makes the command fail, `note` only informs."""

    state: Literal["ok", "note", "problem"]
    subject: str
    detail: str


@click.command(short_help="Say what is configured, what is missing, and what collides.")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def doctor(as_json: bool) -> int:
    """Check the installation offline: data folder, model, extras, and import names."""
    checks = run_checks(settings())
    if as_json:
        click.echo(json.dumps([check._asdict() for check in checks], indent=2))
    else:
        for check in checks:
            mark = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}[check.state]
            click.echo(f"{mark} {check.subject}: {check.detail}")
    return 1 if any(check.state == "problem" for check in checks) else 0


def run_checks(found: Settings) -> list[Check]:
    """Return every check's outcome; none of them touches the network or shows a key."""
    return [
        _python(),
        _data_folder(found),
        _model(found),
        *_optional(found),
        *_extras(),
        *(_import_name(name) for name in OUR_PACKAGES),
    ]


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Check("ok" if sys.version_info >= (3, 11) else "problem", "python", version)


def _data_folder(found: Settings) -> Check:
    from agent.store.store import Store

    try:
        with Store.configured(found) as store:
            return Check("ok", "data folder", f"{store.place} ({store.count_accounts()} accounts)")
    except DossierError as error:
        return Check("problem", "data folder", str(error))


def _model(found: Settings) -> Check:
    if not found.has_model:
        return Check(
            "note",
            "model",
            "none configured: rules extract alone; set OPENAI_API_KEY (or OPENAI_BASE_URL) to add one",
        )
    where = _without_login(found.openai_base_url) if found.openai_base_url else "the OpenAI API"
    return Check("ok", "model", f"{found.model or DEFAULT_MODEL} at {where}")


def _without_login(url: str) -> str:
    """Return a URL without the user name and password that may stand before its host."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _optional(found: Settings) -> list[Check]:
    options = (
        ("DOSSIER_CONTACT", found.contact, "SEC EDGAR is skipped: it requires a contact in the User-Agent"),
        ("DOSSIER_TAVILY_KEY", found.tavily_key, "no Tavily news search"),
        ("DOSSIER_BRAVE_KEY", found.brave_key, "no Brave news search"),
        ("DOSSIER_PDL_KEY", found.people_data_labs_key, "no keyed firmographic provider"),
    )
    return [
        Check("ok", name, "set") if value else Check("note", name, f"not set: {missing}")
        for name, value, missing in options
    ]


def _extras() -> list[Check]:
    checks = []
    for extra, module in EXTRAS.items():
        if importlib.util.find_spec(module):
            checks.append(Check("ok", f"extra [{extra}]", f"{module} is installed"))
        else:
            checks.append(
                Check("note", f"extra [{extra}]", f"not installed: pip install '{DISTRIBUTION}[{extra}]'")
            )
    return checks


def _import_name(name: str) -> Check:
    """Tell whether the package imported under our name is ours, and whether another claims it too."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return Check(
            "problem", f"import {name}", "not importable; install dossier in an environment of its own"
        )
    ours = Path(__file__).resolve().parent.parent.parent
    owners = sorted(set(importlib.metadata.packages_distributions().get(name, [])) - {DISTRIBUTION})
    if Path(spec.origin).resolve().parent.parent != ours:
        return Check(
            "problem",
            f"import {name}",
            f"is another package's, at {spec.origin}; install dossier with pipx or in a fresh virtual environment",
        )
    if owners:
        return Check(
            "problem",
            f"import {name}",
            f"is also claimed by {', '.join(owners)}; install dossier with pipx or in a fresh virtual environment",
        )
    return Check("ok", f"import {name}", "ours")
