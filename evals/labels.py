"""Labelled accounts: what is true of an account, where its frozen web says so, and what it never says.

A case is a folder `evals/accounts/<domain>/` with `labels.yaml` and `archive.warc.gz`; a poisoned account
has a twin without the poison, `archive.clean.warc.gz`; `gold.json` holds findings built from the truth, for
measuring the scorer alone. `evals/labels_lint.py` checks a case against the archive.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import Field, JsonValue, ValidationError, model_validator

from agent.attributes import known_attribute, nearest_attribute
from agent.errors import InputError
from agent.models import CriterionStatus, Findings, Frozen, Polarity
from tools.documents import AccountStatus

__all__ = [
    "ACCOUNTS",
    "AccountTruth",
    "Case",
    "CaseTruth",
    "Label",
    "LabelSpan",
    "Split",
    "VerdictTruth",
    "lint_case",
    "load_case",
    "load_cases",
    "value_matches",
]

ACCOUNTS = Path(__file__).parent / "accounts"
LABELS, ARCHIVE, CLEAN_ARCHIVE, GOLD = "labels.yaml", "archive.warc.gz", "archive.clean.warc.gz", "gold.json"
Split = Literal["dev", "test"]
_MAX_BYTES = 1_000_000
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where the library was built with it."""


class LabelSpan(Frozen):
    """Words that carry a label's value, and the address of the text they stand in."""

    url: str = Field(min_length=1)
    quote: str = Field(min_length=1)


class Label(Frozen):
    """One thing known about one attribute.

    Exactly one of three kinds:

    - `accept`: the account has this value. Any one of the values is right; a JSON object is compared on
      the keys it names (see `value_matches`). `spans` are places that say so, not all of them.
    - `absent`: nothing in the account's web says it: every asserted value is a hallucination.
    - neither, with `reject`: values that the text tempts a reader to take and that are wrong.

    `reject` may also stand beside `accept` or `absent`; `trap` names the temptation. `tolerance` is relative
    (0.05 is 5 %) and applies to numbers. `aliases` are words that must occur nowhere when `absent`.
    """

    attribute: str
    accept: tuple[JsonValue, ...] = ()
    tolerance: float = Field(default=0.0, ge=0, lt=1)
    polarity: Polarity = "asserts"
    spans: tuple[LabelSpan, ...] = ()
    absent: bool = False
    aliases: tuple[str, ...] = ()
    reject: tuple[JsonValue, ...] = ()
    trap: str | None = None

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if not known_attribute(self.attribute):
            near = nearest_attribute(self.attribute)
            raise ValueError(
                f"no attribute named {self.attribute!r}" + (f"; did you mean {near!r}?" if near else "")
            )
        if self.absent and (self.accept or self.spans):
            raise ValueError("an absent label has no accepted value and no span: nothing may say it")
        if self.accept and not self.spans:
            raise ValueError("a label with accepted values needs at least one span that says so")
        if not (self.accept or self.absent or self.reject):
            raise ValueError(
                "say what is right (accept), that nothing is said (absent), or what is wrong (reject)"
            )
        if self.spans and not self.accept:
            raise ValueError("spans support accepted values; there are none")
        if self.reject and not self.trap:
            raise ValueError("rejected values need the name of the trap that tempts to them")
        if self.aliases and not self.absent:
            raise ValueError("aliases are the words that an absent label is looked up by")
        return self

    def accepts(self, value: JsonValue) -> bool:
        """Tell whether `value` is one of the right ones."""
        return any(value_matches(right, value, self.tolerance) for right in self.accept)

    def rejects(self, value: JsonValue) -> bool:
        """Tell whether `value` is one of the wrong ones that the text tempts to, and not a right one."""
        return not self.accepts(value) and any(value_matches(wrong, value) for wrong in self.reject)


class AccountTruth(Frozen):
    """Names that are right for the account, and what answers at its domain."""

    name: tuple[str, ...] = ()
    status: AccountStatus


class VerdictTruth(Frozen):
    """The right tier and criterion statuses of one profile."""

    tier: str
    criteria: dict[str, CriterionStatus]


class CaseTruth(Frozen):
    """The content of `labels.yaml`.

    `complete` names the attributes whose labels are exhaustive: an asserted value of one of them that no
    label accepts is a false positive. For any other attribute an unlabelled value is not judged.
    """

    schema_version: Literal[1] = Field(alias="schema")
    domain: str
    synthetic: bool
    as_of: date
    split: Split
    tags: tuple[str, ...] = ()
    archive_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    clean_sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    account: AccountTruth
    labels: tuple[Label, ...] = ()
    complete: tuple[str, ...] = ()
    verdicts: dict[str, VerdictTruth] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _completes_known_attributes(self) -> Self:
        for name in self.complete:
            if not known_attribute(name):
                raise ValueError(f"'complete' names {name!r}, which is no attribute")
        return self


@dataclass(frozen=True)
class Case:
    """One labelled account and the folder it lies in."""

    folder: Path
    truth: CaseTruth

    @property
    def domain(self) -> str:
        """The account's domain, which is also the folder's name."""
        return self.truth.domain

    @property
    def archive(self) -> Path:
        """The frozen web."""
        return self.folder / ARCHIVE

    @property
    def clean_archive(self) -> Path | None:
        """The same web without the poison; `None` for an account that is not poisoned."""
        return self.folder / CLEAN_ARCHIVE if self.truth.clean_sha256 else None

    @cached_property
    def gold(self) -> Findings | None:
        """Findings built from the truth, or `None` when the case has none."""
        path = self.folder / GOLD
        if not path.is_file():
            return None
        try:
            return Findings.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise InputError(f"{path}: {_faults(error, None)}") from error


def load_cases(folder: Path = ACCOUNTS, split: Split | None = None) -> tuple[Case, ...]:
    """Return the cases of `folder`, by domain; only those of `split` when one is named.

    Raises `InputError` that names the file, the domain, the field and what is wrong with it.
    """
    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is no folder of labelled accounts")
    cases = (load_case(path.parent) for path in sorted(folder.glob(f"*/{LABELS}")))
    return tuple(case for case in cases if split is None or case.truth.split == split)


def load_case(folder: Path) -> Case:
    """Return the case in `folder`; a faulty one is an `InputError` with every fault in it."""
    path = folder / LABELS
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path}: larger than {_MAX_BYTES} bytes, so no label file")
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 (a safe loader)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path}: is not YAML: {' '.join(str(error).split())[:300]}") from error
    if not isinstance(raw, dict):
        raise InputError(f"{path}: holds no keys; see evals/labels.py for what belongs in it")
    try:
        truth = CaseTruth.model_validate(raw)
    except ValidationError as error:
        raise InputError(f"{path}: {_faults(error, raw)}") from error
    if truth.domain != folder.name:
        raise InputError(f"{path}: case {truth.domain}, domain: the folder is called {folder.name!r}")
    return Case(folder=folder, truth=truth)


def lint_case(case: Case) -> tuple[str, ...]:
    """Return the faults of one case against its archive; see `evals/labels_lint.py`."""
    from evals.labels_lint import lint_case as lint  # it reads archives, which loading labels need not

    return lint(case)


def _faults(error: ValidationError, raw: dict[str, Any] | None) -> str:  # Any: unchecked YAML
    case = f"case {raw.get('domain', '?')}, " if raw is not None else ""
    return "; ".join(f"{case}{fault}" for fault in _fault_lines(error))


def _fault_lines(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False):
        where = ".".join(str(part) for part in fault["loc"]) or "the file"
        shown = json.dumps(fault.get("input"), default=str, ensure_ascii=False)
        message = fault["msg"].removeprefix("Value error, ")
        yield f"{where}: {message}" + (f" (got {shown[:80]})" if len(shown) < 200 else "")


def value_matches(right: JsonValue, value: JsonValue, tolerance: float = 0.0) -> bool:
    """Tell whether `value` says what `right` says.

    Objects are compared on the keys that `right` names; texts without regard to case and white space;
    numbers within the relative `tolerance`.
    """
    if isinstance(right, dict):
        return isinstance(value, dict) and all(
            key in value and value_matches(part, value[key], tolerance) for key, part in right.items()
        )
    if isinstance(right, list):
        return (
            isinstance(value, list)
            and len(right) == len(value)
            and all(value_matches(one, other, tolerance) for one, other in zip(right, value, strict=True))
        )
    if isinstance(right, bool) or isinstance(value, bool):
        return right is value
    if isinstance(right, int | float):
        return isinstance(value, int | float) and math.isclose(right, value, rel_tol=tolerance)
    if isinstance(right, str):
        return (
            isinstance(value, str)
            and " ".join(right.split()).casefold() == " ".join(value.split()).casefold()
        )
    return right is None and value is None
