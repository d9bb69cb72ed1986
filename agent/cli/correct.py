"""`dossier correct`: set evidence aside, see the verdict without it, and keep a draft case."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from agent.cli.evidence import read_report
from agent.cli.output import write_report
from agent.errors import InputError


@click.command(short_help="Set wrong evidence aside, score again, and write a draft case.")
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--evidence", "-e", "ids", multiple=True, required=True, help="The evidence's id; repeat it.")
@click.option("--why", required=True, help="What is wrong with it, in a few words.")
@click.option(
    "--icp",
    "icp_files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Each profile the report was scored under.",
)
@click.option(
    "--archive",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The account's WARC, copied into the draft case.",
)
@click.option(
    "--case",
    "case_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the draft case goes (default: DOMAIN beside the report).",
)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="The corrected report.")
def correct(
    report: Path,
    ids: tuple[str, ...],
    why: str,
    icp_files: tuple[Path, ...],
    archive: Path | None,
    case_folder: Path | None,
    output: Path | None,
) -> int:
    """Take evidence out of a JSON REPORT, score what is left, and write a draft case for the eval suite.

    The case says that the value must not be taken again; `dossier-eval label` finishes it.
    """
    from agent.corrections import DRAFT, draft_from_correction, set_aside
    from agent.icp import load_icp

    public = read_report(report)
    correction = set_aside(public, ids, why, [load_icp(path) for path in icp_files])
    domain = correction.report.account.domain
    folder = case_folder or report.parent / domain
    draft = folder / DRAFT
    if draft.exists():
        raise InputError(f"{str(draft)!r} already exists; finish it or choose another --case")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_text(draft_from_correction(correction), encoding="utf-8")
        if archive is not None:
            shutil.copyfile(archive, folder / "archive.warc.gz")
    except OSError as error:
        raise InputError(f"cannot write the draft case to {str(folder)!r}: {error.strerror}") from error
    for item in correction.set_aside:
        click.echo(f"set aside {item.id}: {item.attribute} from {item.url}")
    for name, tier in correction.after.items():
        before = correction.before.get(name, "not scored")
        click.echo(f"{name}: {before}" + (f" became {tier}" if tier != before else " still"))
    click.echo(f"wrote the draft case {draft}", err=True)
    if output is not None:
        write_report(correction.report, format_="json", output=output, texts=lambda _: None)
    return 0
