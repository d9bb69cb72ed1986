"""`dossier-eval run`: measure, print, write the files, and say by the exit status whether a gate is red."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.errors import InputError
from evals.cli.accounts import FOLDER

if TYPE_CHECKING:
    from evals.results import RunResults
    from evals.running.pool import CaseDone

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(short_help="Measure the product on the labelled accounts.")
@click.option(
    "--extractor", type=click.Choice(["rules", "llm", "local"]),
    help="Default: rules; in a replay, what was recorded.",
)  # fmt: skip
@click.option("--model", help="The model's name at the configured endpoint.")
@click.option(
    "--prompt",
    "prompts",
    multiple=True,
    metavar="NAME=VERSION",
    help="Another prompt, such as extract=v2, or a draft: extract=FILE.md.",
)
@click.option(
    "--split", type=click.Choice(["dev", "test", "all"]), default="dev", show_default=True,
    help="Which half of the accounts; the test half is reported in counts only.",
)  # fmt: skip
@click.option(
    "--repeat", type=click.IntRange(1, 50), default=1, show_default=True, help="Runs of each account."
)
@click.option(
    "--max-cost", type=click.FloatRange(min=0), help="Stop starting accounts at this many US dollars."
)
@click.option("--replay", is_flag=True, help="Answer from recorded completions; a missing one is an error.")
@click.option("--record", is_flag=True, help="Ask the model and record its completions for later replays.")
@click.option("--completions", type=FOLDER, help="The folder of recorded completions.")
@click.option("--out", type=FOLDER, help="The run's folder; an unfinished one is resumed.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes (default: one a core).")
@click.option("--only", multiple=True, metavar="DOMAIN", help="Only this account; repeat it for several.")
@click.option("--accounts", type=FOLDER, help="Another folder of labelled accounts.")
@click.option("--icps", type=FOLDER, help="Another folder of profiles.")
@click.option("--gates", "gates_file", type=FILE, help="Another gates file.")
@click.option("--baseline", "baseline_file", type=FILE, help="Another baseline file.")
@click.option(
    "--rescore", type=click.Path(path_type=Path), help="Score this earlier run's kept evidence again."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress, no table.")
def run(
    extractor: str | None,
    model: str | None,
    prompts: tuple[str, ...],
    split: str,
    repeat: int,
    max_cost: float | None,
    replay: bool,
    record: bool,
    completions: Path | None,
    out: Path | None,
    workers: int | None,
    only: tuple[str, ...],
    accounts: Path | None,
    icps: Path | None,
    gates_file: Path | None,
    baseline_file: Path | None,
    rescore: Path | None,
    quiet: bool,
) -> int:
    """Run the product over the labelled accounts and judge the result.

    Writes results.json, report.html and junit.xml into --out, and a step summary where GitHub asks for one.
    Exit 0 all gates hold, 1 a gate is red, 2 it could not run.
    """
    from evals.baseline import BASELINE, load_baseline
    from evals.gates import GATES, load_gates
    from evals.measuring import measure, remeasure
    from evals.running.config import RunConfig

    if replay and record:
        raise InputError("--replay answers from a recording and --record makes one; give one of them")
    if extractor is None:
        extractor = _recorded_extractor(model, completions) if replay else "rules"
    if extractor == "rules" and (replay or record or model or prompts):
        raise InputError(
            "rules ask no model, so --replay, --record, --model and --prompt mean nothing to them"
        )
    gates = load_gates(gates_file or GATES)
    baseline = load_baseline(baseline_file or BASELINE)
    chosen: dict[str, object] = {
        "extractor": extractor,
        "model": model,
        "prompt": chosen_prompt(prompts),
        "split": split,
        "repeat": repeat,
        "mode": "replay" if replay else "record" if record else "live",
        "max_cost": max_cost,
        "only": only,
        **({"accounts": accounts} if accounts else {}),
        **({"icps": icps} if icps else {}),
    }
    if extractor != "rules":
        chosen.update(_recording(extractor, model, completions, prompts, replay=replay))
    config = RunConfig.model_validate(chosen)
    if rescore is not None:
        from evals.results import load_results

        folder = rescore if rescore.is_dir() else rescore.parent
        results = remeasure(load_results(rescore), config, folder, gates, baseline)
        return finish(results, out or folder, quiet=quiet, outcomes=folder)
    folder = out or Path("eval-runs") / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{extractor}"
    progress = _Progress(quiet)
    results = measure(
        config, folder, gates, baseline, workers=workers, started=progress.start, progress=progress.step
    )
    progress.end()
    return finish(results, folder, quiet=quiet, outcomes=folder)


def chosen_prompt(assignments: tuple[str, ...]) -> str:
    """Return the extraction prompt's reference from `extract=v2` or `extract=FILE.md`; an unknown prompt is an `InputError`."""
    from agent.llm.session import EXTRACTION_PROMPT
    from evals.running.config import checked_prompt

    reference = EXTRACTION_PROMPT
    for assignment in assignments:
        name, equals, version = assignment.partition("=")
        if not equals:
            raise InputError(f"--prompt {assignment!r}: write it as NAME=VERSION, for example extract=v2")
        if name != "extract":
            raise InputError(f"--prompt {assignment!r}: the only prompt is 'extract'")
        reference = (
            f"{name}/draft:{Path(version).resolve()}" if version.endswith(".md") else f"{name}/{version}"
        )
        checked_prompt(reference)
    return reference


def _recorded_extractor(model: str | None, completions: Path | None) -> str:
    from evals.running.config import COMPLETIONS
    from evals.running.services import load_meta

    if completions is None and model is None:
        known = sorted(path.parent.name for path in COMPLETIONS.glob("*/recording.json"))
        raise InputError(
            f"say what to replay with --completions FOLDER; recorded: {', '.join(known) or 'nothing'}"
        )
    return load_meta(completions or COMPLETIONS / slug(model or "")).extractor


def _recording(
    extractor: str, model: str | None, completions: Path | None, prompts: tuple[str, ...], *, replay: bool
) -> dict[str, object]:
    from evals.running.config import COMPLETIONS
    from evals.running.services import load_meta

    folder = completions or COMPLETIONS / slug(model or extractor)
    chosen: dict[str, object] = {"completions": folder}
    if replay:
        meta = load_meta(folder)
        chosen["model"] = meta.model
        if not prompts:
            chosen["prompt"] = meta.prompt.partition("@")[0]
    return chosen


def slug(name: str) -> str:
    """Return a model's name as a folder's name."""
    return "".join(char if char.isalnum() or char in "._-" else "-" for char in name).strip(".-") or "model"


def finish(results: RunResults, out: Path, *, quiet: bool, outcomes: Path) -> int:
    """Write the run's files, print the table, and return the exit status."""
    from evals.gates import is_red
    from evals.reporting.html import write_html
    from evals.reporting.junit import write_junit
    from evals.reporting.summary import render_summary
    from evals.reporting.text import render_results
    from evals.results import save_results

    out.mkdir(parents=True, exist_ok=True)
    path = save_results(out, results)
    write_junit(out / "junit.xml", results)
    write_html(out / "report.html", results, outcomes)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(render_summary(results))
    if not quiet:
        click.echo(render_results(results))
    click.echo(f"wrote {path}, report.html and junit.xml beside it", err=True)
    if results.left_out:
        click.echo(
            f"dossier-eval: the budget was spent; {len(results.left_out)} accounts were not run "
            f"({', '.join(results.left_out[:5])}); the figures are of the others",
            err=True,
        )
        return 2
    return 1 if is_red(results.gates) else 0


class _Progress:
    """One line that counts up on a terminal; a line every ten accounts elsewhere."""

    def __init__(self, quiet: bool) -> None:
        self._quiet, self._live = quiet, sys.stderr.isatty()
        self._done, self._all, self._cost, self._begun = 0, 0, 0.0, time.monotonic()

    def start(self, count: int) -> None:
        self._all = count

    def step(self, case: CaseDone) -> None:
        self._done += 1
        self._cost += case.cost_usd or 0.0
        if case.error:
            click.echo(f"\r{case.domain}: the product failed: {case.error}", err=True)
        if self._quiet:
            return
        seconds = time.monotonic() - self._begun
        cost = f", {self._cost:.3f} USD" if self._cost else ""
        line = f"{self._done}/{self._all} accounts, {seconds:.0f} s{cost}"
        if self._live:
            filled = round(30 * self._done / max(1, self._all))
            click.echo(f"\r{'█' * filled}{'·' * (30 - filled)} {line}", err=True, nl=False)
        elif self._done % 10 == 0 or self._done == self._all:
            click.echo(line, err=True)

    def end(self) -> None:
        if self._live and not self._quiet:
            click.echo(err=True)
