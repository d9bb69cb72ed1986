"""Fetch a small model file by name from the hub, checked against a pinned sha256.

The file is written beside its name as `.partial` and renamed only when its hash is the pinned one: a broken
download never looks like a model, and a cut one goes on where it was cut.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import httpx

_ATTEMPTS = 3
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

    A connection that breaks is taken up where it broke, now and in a later call: what arrived stays beside
    the target as `.partial`. Blocking. Raises `ModelHubFault` when the download fails, the disk is full, or
    the sha256 is not the pinned one; what is not the pinned file is removed.
    """
    target = folder / model.filename
    if target.is_file() and target.stat().st_size == model.size:
        return target
    partial = target.with_name(f"{target.name}.partial")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _check_room(model, folder, partial)
        for attempt in range(_ATTEMPTS):
            try:
                _download(model, partial, progress)
                break
            except httpx.TransportError:
                if attempt == _ATTEMPTS - 1:
                    raise
        digest = _digest(partial)
        if digest != model.sha256:
            partial.unlink(missing_ok=True)
            raise ModelHubFault(
                f"{model.url} is not the pinned file: sha256 {digest[:12]}, expected {model.sha256[:12]}"
            )
        partial.replace(target)
    except httpx.HTTPError as error:
        raise ModelHubFault(
            f"cannot fetch {model.url}: {error or type(error).__name__}; what arrived is kept, try again, or "
            "set DOSSIER_LOCAL_MODEL to a .gguf file"
        ) from error
    except OSError as error:
        raise ModelHubFault(f"cannot write {target}: {error.strerror or error}") from error
    return target


def _check_room(model: ModelFile, folder: Path, partial: Path) -> None:
    have = partial.stat().st_size if partial.is_file() else 0
    free = shutil.disk_usage(folder).free
    if free < model.size - have:
        raise ModelHubFault(
            f"cannot download {model.name}: it needs {_gigabytes(model.size - have)}, and {folder} has "
            f"{_gigabytes(free)} free; make room, or set DOSSIER_LOCAL_MODEL to a .gguf file"
        )


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"


def _download(model: ModelFile, partial: Path, progress: Progress) -> None:
    """Append to `partial` what is missing of it; start anew where the server cannot go on in the middle."""
    have = partial.stat().st_size if partial.is_file() else 0
    if have == model.size:
        return
    if have > model.size:
        partial.unlink()
        have = 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with httpx.stream("GET", model.url, headers=headers, follow_redirects=True, timeout=_TIMEOUT) as response:
        if response.status_code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
            raise ModelHubFault(f"cannot fetch {model.url}: HTTP {response.status_code}")
        goes_on = response.headers.get("content-range", "").startswith(f"bytes {have}-")
        done = have if response.status_code == httpx.codes.PARTIAL_CONTENT and goes_on else 0
        with partial.open("ab" if done else "wb") as file:
            for chunk in response.iter_raw():
                done += len(chunk)
                if done > model.size:
                    partial.unlink()
                    raise ModelHubFault(f"{model.url} is larger than the pinned {model.size} bytes")
                file.write(chunk)
                progress(done, model.size)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
