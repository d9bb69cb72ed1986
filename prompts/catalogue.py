"""Load prompt files, check that they are the published ones, and render them.

A prompt is `prompts/<name>/v<N>.md` with `$variables`. A published version is frozen: its sha256 stands in
`prompts/frozen.json`, and a change means `v<N+1>`. Every completion and verdict records
`<name>/v<N>@<first 12 hex digits>`. A text that is still being tried is a draft: `<name>/draft:<file>`, recorded
as `<name>/draft@<first 12 hex digits>`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from string import Template

_REFERENCE = re.compile(r"(?P<name>[a-z][a-z0-9_]*)/v(?P<version>[1-9][0-9]*)")
_DRAFT = re.compile(r"(?P<name>[a-z][a-z0-9_]*)/draft:(?P<file>.+)", re.DOTALL)
_MAX_BYTES = 100_000


class PromptError(Exception):
    """A prompt that does not exist, was edited after it was published, or is rendered with wrong variables."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. `id` is what runs record: `<name>/v<N>@<sha12>`. Version 0 is a draft."""

    name: str
    version: int
    sha256: str
    text: str

    @property
    def id(self) -> str:
        """Return `<name>/v<N>@<first 12 hex digits of the sha256>`, `<name>/draft@…` for a draft."""
        version = f"v{self.version}" if self.version else "draft"
        return f"{self.name}/{version}@{self.sha256[:12]}"

    @property
    def variables(self) -> frozenset[str]:
        """Return the names the text wants filled in."""
        return frozenset(Template(self.text).get_identifiers())

    def render(self, **values: str) -> str:
        """Return the text with every variable filled in; values are inserted as they are, never expanded.

        Raises `PromptError` when a variable is missing or one is given that the text does not have.
        """
        missing, extra = self.variables - values.keys(), values.keys() - self.variables
        if missing or extra:
            faults = [f"missing {', '.join(sorted(missing))}"] if missing else []
            faults += [f"not in the text: {', '.join(sorted(extra))}"] if extra else []
            raise PromptError(f"prompt {self.id}: {'; '.join(faults)}")
        return Template(self.text).substitute(values)


def load_prompt(reference: str) -> Prompt:
    """Return the prompt `<name>/v<N>`, or the draft `<name>/draft:<file>`.

    Raises `PromptError` when there is none, when its file is not the published one, or when a draft wants
    other variables than the published prompt it would replace.
    """
    draft = _DRAFT.fullmatch(reference)
    if draft is not None:
        return _load_draft(draft["name"], Path(draft["file"]))
    match = _REFERENCE.fullmatch(reference)
    hashes = published()
    if match is None or reference not in hashes:
        raise PromptError(f"no prompt named {reference!r}; known: {', '.join(sorted(hashes))}")
    text = (files("prompts") / match["name"] / f"v{match['version']}.md").read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    if digest != hashes[reference]:
        raise PromptError(
            f"prompt {reference} was edited after it was published; restore it and add the next version"
        )
    return Prompt(match["name"], int(match["version"]), digest, text)


def _load_draft(name: str, file: Path) -> Prompt:
    versions = [reference for reference in published() if reference.startswith(f"{name}/v")]
    if not versions:
        raise PromptError(f"no prompt named {name!r}; known: {', '.join(sorted(published()))}")
    try:
        content = file.read_bytes()
        if len(content) > _MAX_BYTES:
            raise PromptError(f"draft {str(file)!r} has {len(content):,} bytes; at most {_MAX_BYTES:,}")
        text = content.decode("utf-8")
    except OSError as error:
        raise PromptError(f"no draft at {str(file)!r}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PromptError(f"draft {str(file)!r} is not UTF-8 text") from error
    if not Template(text).is_valid():
        raise PromptError(f"draft {str(file)!r} has a $ that starts no variable; write a dollar sign as $$")
    prompt = Prompt(name, 0, hashlib.sha256(content).hexdigest(), text)
    variables = prompt.variables
    latest = max(versions, key=lambda reference: int(reference.rpartition("/v")[2]))
    wanted = load_prompt(latest).variables
    if variables != wanted:
        missing, extra = sorted(wanted - variables), sorted(variables - wanted)
        faults = [f"missing ${', $'.join(missing)}"] if missing else []
        faults += [f"unknown ${', $'.join(extra)}"] if extra else []
        raise PromptError(f"draft {str(file)!r}: {'; '.join(faults)}")
    return prompt


@lru_cache(maxsize=1)
def published() -> dict[str, str]:
    """Return the sha256 of every published prompt by its reference."""
    found = json.loads((files("prompts") / "frozen.json").read_text(encoding="utf-8"))
    return {str(reference): str(digest) for reference, digest in found.items()}
