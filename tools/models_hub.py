"""Fetch a small model file by name from the hub, checked against a pinned sha256.

The file is written beside its name as `.partial`, hashed while it arrives, and renamed only when the hash
is the pinned one: a broken download never looks like a model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import httpx

_CHUNK = 1 << 20
_TIMEOUT = httpx.Timeout(30.0, read=60.0)
Progress = Callable[[int, int], None]
"""Called with the bytes so far and the bytes in all."""


class ModelFile(NamedTuple):
    """One published model file. `size` is in bytes; a longer answer is cut off and refused."""

    name: str
    url: str
    sha256: str
    size: int

    @property
    def filename(self) -> str:
        """Return the last part of the URL."""
        return self.url.rsplit("/", 1)[-1]


class ModelHubFault(Exception):
    """A model that has no entry, cannot be fetched, or is not the pinned file."""


MODELS: dict[str, ModelFile] = {
    entry.name: entry
    for entry in (
        ModelFile(
            "qwen2.5-coder-1.5b-instruct",
            "https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            1_117_320_768,
        ),
    )
}
"""Known models by name; Apache-2.0 weights only."""
DEFAULT_MODEL_NAME = "qwen2.5-coder-1.5b-instruct"


def known_model(name: str) -> ModelFile:
    """Return the entry of a model.

    Raises `ModelHubFault` naming the known ones.
    """
    entry = MODELS.get(name.strip().lower())
    if entry is None:
        raise ModelHubFault(
            f"no model named {name!r}; known: {', '.join(sorted(MODELS))}, or give a .gguf file"
        )
    return entry


def fetch_model(model: ModelFile, folder: Path, *, progress: Progress = lambda done, total: None) -> Path:
    """Return the model's file in `folder`, downloading it first when it is not there.

    Blocking. Raises `ModelHubFault` when the download fails or its sha256 is not the pinned one; the
    partial file is then removed.
    """
    target = folder / model.filename
    if target.is_file() and target.stat().st_size == model.size:
        return target
    partial = target.with_name(f"{target.name}.partial")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        digest = _download(model, partial, progress)
        if digest != model.sha256:
            raise ModelHubFault(
                f"{model.url} is not the pinned file: sha256 {digest[:12]}, expected {model.sha256[:12]}"
            )
        partial.replace(target)
    except httpx.HTTPError as error:
        raise ModelHubFault(f"cannot fetch {model.url}: {error or type(error).__name__}") from error
    except OSError as error:
        raise ModelHubFault(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return target


def _download(model: ModelFile, partial: Path, progress: Progress) -> str:
    digest, done = hashlib.sha256(), 0
    with (
        httpx.stream("GET", model.url, follow_redirects=True, timeout=_TIMEOUT) as response,
        partial.open("wb") as file,
    ):
        if response.status_code != httpx.codes.OK:
            raise ModelHubFault(f"cannot fetch {model.url}: HTTP {response.status_code}")
        for chunk in response.iter_bytes(_CHUNK):
            done += len(chunk)
            if done > model.size:
                raise ModelHubFault(f"{model.url} is larger than the pinned {model.size} bytes")
            digest.update(chunk)
            file.write(chunk)
            progress(done, model.size)
    return digest.hexdigest()
