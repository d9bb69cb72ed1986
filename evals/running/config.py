"""What a run measures: which extractor, model and prompt, on which accounts, with which code."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from agent.errors import InputError
from agent.icp import ICP, load_icp
from agent.llm.session import EXTRACTION_PROMPT
from agent.models import Frozen
from agent.version import code_version
from evals.labels import ACCOUNTS, Case
from prompts import PromptError, load_prompt

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent
ICPS = HERE / "icps"
META = "recording.json"
COMPLETIONS = HERE / "completions"
PRODUCT = ("agent", "tools", "prompts")
Mode = Literal["live", "replay", "record"]
SplitChoice = Literal["dev", "test", "all"]


class RunConfig(Frozen):
    """One run's choices. `completions` is the folder that `record` writes and `replay` reads.

    `fault` names a seeded fault of the self-test and is empty in every honest run.
    """

    extractor: Literal["rules", "llm", "local"] = "rules"
    model: str | None = None
    prompt: str = EXTRACTION_PROMPT
    split: SplitChoice = "dev"
    repeat: int = 1
    mode: Mode = "live"
    max_cost: float | None = None
    accounts: Path = ACCOUNTS
    icps: Path = ICPS
    completions: Path = COMPLETIONS
    only: tuple[str, ...] = ()
    fault: str = ""


class RunIdentity(Frozen):
    """What a result is a result of. Two results with equal identities measure the same thing.

    `rescored_with` is the hash of the code that scored kept evidence again, empty for a run of its own.
    """

    extractor: str
    model: str | None
    prompts: tuple[str, ...]
    split: str
    repeat: int
    mode: str
    fault: str
    dataset_sha256: str
    cases: int
    icps: tuple[str, ...]
    code_version: str
    code_sha256: str
    commit: str | None
    dirty: bool | None
    rescored_with: str = ""


def identify(config: RunConfig, cases: Sequence[Case], icps: Sequence[ICP]) -> RunIdentity:
    """Return the identity of a run over `cases`."""
    commit, dirty = git_state(ROOT)
    return RunIdentity(
        extractor=config.extractor,
        model=config.model,
        prompts=() if config.extractor == "rules" else (checked_prompt(config.prompt),),
        split=config.split,
        repeat=config.repeat,
        mode=config.mode,
        fault=config.fault,
        dataset_sha256=dataset_hash(cases),
        cases=len(cases),
        icps=tuple(icp_label(icp) for icp in icps),
        code_version=code_version(),
        code_sha256=code_hash(),
        commit=commit,
        dirty=dirty,
    )


def recorded_domains(folder: Path) -> frozenset[str]:
    """Return the accounts whose completions lie in a folder."""
    return frozenset(path.name.removesuffix(".json") for path in folder.glob("*.json") if path.name != META)


def icp_label(icp: ICP) -> str:
    """Return a profile's name, version and hash in one line."""
    return f"{icp.name} v{icp.version} {icp.sha256[:12]}"


def checked_prompt(reference: str) -> str:
    """Return the id of a published prompt; an unknown or edited one is an `InputError`."""
    try:
        return load_prompt(reference).id
    except PromptError as error:
        raise InputError(str(error)) from error


def load_icps(folder: Path) -> tuple[ICP, ...]:
    """Return the profiles the accounts are scored under, by file name."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise InputError(f"no profile (*.yaml) in {str(folder)!r}; verdicts cannot be measured without one")
    return tuple(load_icp(file) for file in files)


def dataset_hash(cases: Iterable[Case]) -> str:
    """Return the sha256 of all labels and archives, in the order of domains."""
    digest = hashlib.sha256()
    for case in sorted(cases, key=lambda each: each.domain):
        for file in sorted(case.folder.glob("*")):
            if file.is_file() and not file.name.startswith("."):
                digest.update(f"{case.domain}/{file.name}\n".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def code_hash(root: Path = ROOT) -> str:
    """Return the sha256 of the product's own files: code, prompts, templates and word lists."""
    digest = hashlib.sha256()
    for name in PRODUCT:
        for file in sorted((root / name).rglob("*")):
            if file.is_file() and file.suffix in (".py", ".md", ".json", ".yaml", ".html", ".css", ".txt"):
                digest.update(f"{file.relative_to(root).as_posix()}\n".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def git_state(root: Path) -> tuple[str | None, bool | None]:
    """Return the commit and whether tracked files differ from it; `None`s outside a repository."""
    commit = _git(root, "rev-parse", "HEAD")
    if commit is None:
        return None, None
    changes = _git(root, "status", "--porcelain", "--untracked-files=no")
    return commit, None if changes is None else bool(changes)


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, no shell
            ["git", "-C", str(root), *arguments],  # noqa: S607 - whichever git the user has
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
