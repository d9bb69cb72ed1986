"""`dossier-eval lint`, `capture` and `label`: the labelled accounts themselves."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.errors import InputError

if TYPE_CHECKING:
    from evals.labels_lint import Texts

FOLDER = click.Path(file_okay=False, path_type=Path)
_SHOWN = 400


@click.command(short_help="Check every label, span and hash of the labelled accounts.")
@click.option("--accounts", type=FOLDER, help="Another folder of labelled accounts.")
@click.option("--relock", metavar="WHY", help="Lock the test half as it is now, and say why.")
def lint(accounts: Path | None, relock: str | None) -> int:
    """Check labels against the archives, with the product's own quote ladder, and the test half's lock.

    Exit 0 when all are sound, 1 with the faults on stdout, 2 when they cannot be read.
    """
    from evals.labels import ACCOUNTS, load_cases
    from evals.labels_lint import lint_cases, lock_test_half

    folder = accounts or ACCOUNTS
    count = len(load_cases(folder))
    if not count:
        raise InputError(f"no labelled account in {str(folder)!r}")
    if relock is not None:
        click.echo(f"locked {lock_test_half(folder, why=relock)} files of the test half", err=True)
    faults = lint_cases(folder)
    for fault in faults:
        click.echo(fault)
    click.echo(f"{count} accounts, {len(faults)} fault{'' if len(faults) == 1 else 's'}", err=True)
    return 1 if faults else 0


@click.command(short_help="Freeze a live account into a case with draft labels.")
@click.argument("domain")
@click.option("--accounts", type=FOLDER, help="Where cases lie (default: the suite's own).")
@click.option("--icp", "icp_files", multiple=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--archive",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Use this recording instead of the live web.",
)
@click.option("--extractor", type=click.Choice(["auto", "rules", "llm", "local"]), default="rules")
def capture(
    domain: str, accounts: Path | None, icp_files: tuple[Path, ...], archive: Path | None, extractor: str
) -> int:
    """Research DOMAIN once, keep its web as a WARC, and write a label template filled from the run.

    Nothing in it is a label yet: `dossier-eval label` walks a person through it.
    """
    import asyncio

    from agent.cli.output import settings
    from agent.corrections import DRAFT
    from agent.icp import load_icp
    from agent.research import ResearchRequest, check_domain, research_account
    from agent.services import Services
    from evals.drafts import draft_from_report
    from evals.labels import ACCOUNTS, ARCHIVE
    from evals.running.config import ICPS, load_icps

    name = check_domain(domain)
    folder = (accounts or ACCOUNTS) / name
    if folder.exists():
        raise InputError(f"{str(folder)!r} already exists; a captured case is never overwritten")
    icps = tuple(load_icp(path) for path in icp_files) if icp_files else load_icps(ICPS)
    folder.mkdir(parents=True)
    try:
        if archive is not None:
            shutil.copyfile(archive, folder / ARCHIVE)
        request = ResearchRequest(
            domain=name,
            icps=icps,
            extractor=extractor,
            archive=folder / ARCHIVE if archive is not None else None,
            record=None if archive is not None else folder / ARCHIVE,
        )
        with Services.open(settings()) as services:
            report = asyncio.run(research_account(request, services))
        (folder / DRAFT).write_text(draft_from_report(report), encoding="utf-8")
    except BaseException:
        shutil.rmtree(folder)  # made a moment ago by this command: half a case is none
        raise
    click.echo(
        f"captured {name}: {len(report.documents)} documents, {len(report.facts)} facts to confirm; "
        f"next: dossier-eval label {folder}"
    )
    return 0 if report.documents else 1


@click.command(short_help="Confirm or correct a case's draft labels, one by one.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def label(folder: Path) -> int:
    """Walk through the draft in FOLDER: confirm, correct or drop each label; stop at any time and go on later."""
    from evals.drafts import answer, finish_draft, load_draft, open_labels, save_draft
    from evals.labels import ARCHIVE
    from evals.labels_lint import lint_case, read_texts

    draft = load_draft(folder)
    if not (folder / ARCHIVE).is_file():
        raise InputError(f"{str(folder)!r} has no {ARCHIVE}; copy the account's recording there first")
    texts = read_texts(folder / ARCHIVE, str(draft["domain"]))
    waiting = list(open_labels(draft))
    for number, entry in enumerate(waiting, 1):
        _show(entry, number, len(waiting))
        given = _ask(entry)
        if given == "quit":
            save_draft(folder, draft)
            click.echo(
                f"kept; {len(waiting) - number + 1} labels are still open, the same command goes on with them",
                err=True,
            )
            return 0
        answer(entry, given, **(_new_value(entry, texts) if given == "value" else {}))
        save_draft(folder, draft)
    _add_labels(draft, texts)
    save_draft(folder, draft)
    draft["verdicts"] = _verdicts(draft.get("verdicts") or {})
    case = finish_draft(folder, draft)
    save_draft(folder, draft)
    faults = lint_case(case)
    for fault in faults:
        click.echo(fault)
    click.echo(f"wrote {folder / 'labels.yaml'} with {len(case.truth.labels)} labels", err=True)
    return 1 if faults else 0


_ANSWERS = {"y": "right", "n": "wrong", "v": "value", "a": "absent", "s": "skip", "q": "quit"}


def _show(entry: dict[str, Any], number: int, count: int) -> None:  # Any: YAML
    click.echo(f"\n{number}/{count}  {entry['attribute']}  {entry.get('note', '')}")
    if entry.get("absent"):
        click.echo("  nowhere stated?")
    for value in (*entry.get("accept", ()), *entry.get("reject", ())):
        word = "must not be taken:"
        if value in entry.get("accept", ()):
            word = "denied:" if entry.get("polarity") == "denies" else "value"
        click.echo(f"  {word} {json.dumps(value, ensure_ascii=False)}")
    for span in entry.get("spans") or ([entry["seen"]] if "seen" in entry else []):
        click.echo(f"  “{str(span.get('quote', ''))[:_SHOWN]}”\n  {span.get('url', '')}")


def _ask(entry: dict[str, Any]) -> str:  # Any: YAML
    sys.stdout.flush()
    chosen = click.prompt(
        "  right [y], wrong [n], another value [v], nowhere stated [a], skip [s], stop for now [q]",
        type=click.Choice(list(_ANSWERS)),
        show_choices=False,
    )
    return "absent" if chosen == "y" and entry.get("absent") else _ANSWERS[chosen]


def _add_labels(draft: dict[str, Any], texts: Texts) -> None:  # Any: YAML
    """Ask for facts that the run did not find: without them nothing could be counted as missed."""
    from agent.attributes import known_attribute, nearest_attribute

    while True:
        name = click.prompt(
            "\nanother fact that the site states (its attribute; empty to end)",
            default="",
            show_default=False,
        ).strip()
        if not name:
            return
        if not known_attribute(name):
            near = nearest_attribute(name)
            click.echo(f"  no attribute named {name!r}" + (f"; did you mean {near!r}?" if near else ""))
            continue
        found = _new_value({"attribute": name}, texts)
        draft["labels"].append(
            {
                "attribute": name,
                "accept": [found["value"]],
                "polarity": "denies"
                if click.confirm("  does the site deny it?", default=False)
                else "asserts",
                "spans": [{"url": found["url"], "quote": found["quote"]}],
                "answer": "right",
            }
        )


def _new_value(entry: dict[str, Any], texts: Texts) -> dict[str, Any]:  # Any: YAML
    from agent.attributes import canonical_value
    from agent.attributes import entry as catalogue

    shape = catalogue(entry["attribute"]).shape
    while True:
        hint = shape if shape == "text" else f"{shape}, or as text"
        typed = click.prompt(f"  the right value ({hint})")
        try:
            raw = json.loads(typed)
        except ValueError:
            raw = typed
        value = canonical_value(entry["attribute"], raw)
        if value is not None:
            break
        click.echo(f"  {typed!r} is no {entry['attribute']}")
    while True:
        quote = click.prompt("  the words that say so, as they stand on the page")
        pages = texts.where(quote)
        if pages:
            url = pages[0] if len(pages) == 1 else _choose_page(pages)
            return {"value": value, "url": url, "quote": quote}
        click.echo("  those words stand on no page that was read; copy them from the page, word for word")


def _choose_page(pages: list[str]) -> str:
    for number, page in enumerate(pages, 1):
        click.echo(f"  {number}  {page}")
    return pages[click.prompt("  on which page", type=click.IntRange(1, len(pages)), default=1) - 1]


def _verdicts(drafted: dict[str, Any]) -> dict[str, Any]:  # Any: YAML
    """Ask about each profile's verdict; one that nobody can confirm is left out."""
    kept: dict[str, Any] = {}
    for name, verdict in drafted.items():
        rows = ", ".join(f"{key}: {status}" for key, status in verdict["criteria"].items())
        click.echo(f"\n{name}: {verdict['tier']}\n  {rows}")
        chosen = click.prompt(
            "  right [y], wrong [n], leave out [s]", type=click.Choice(["y", "n", "s"]), show_choices=False
        )
        if chosen == "n":
            statuses = click.Choice(["met", "partly_met", "not_met", "unknown", "conflicting"])
            verdict = {
                "tier": click.prompt("  the right tier", default=verdict["tier"]),
                "criteria": {
                    key: click.prompt(f"  {key}", type=statuses, default=status)
                    for key, status in verdict["criteria"].items()
                },
            }
        if chosen != "s":
            kept[name] = verdict
    return kept
