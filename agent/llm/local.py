"""A small model on this machine: llama.cpp in this process, through xllamacpp, on a loopback port.

It speaks the same protocol as any server, so everything behind the seam stays the same. The port takes a
key made for the process, because other users of the machine can reach loopback too. A process loads a model
once: its accounts share the server, and with it the read-in instructions that all prompts begin with.

A small model reads slowly and loses its way in long prompts, so its portions are small: on two cores an
account takes about a minute.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from agent.errors import LLMError
from agent.llm.budget import Budget
from agent.llm.client import OpenAILLM
from agent.llm.prices import FREE
from agent.llm.session import LLMSession
from tools.models_hub import DEFAULT_MODEL_NAME, ModelHubFault, fetch_model, known_model

CONTEXT_TOKENS = 8_192
MAX_CALLS = 2
PAGE_TOKENS = 800
OUTPUT_TOKENS = 500
_TIMEOUT_SECONDS = 900.0
_GGUF = b"GGUF"


@asynccontextmanager
async def local_session(
    model: str | None, *, threads: int | None = None, folder: Path | None = None
) -> AsyncIterator[LLMSession]:
    """Yield a session with a local model; its server stays loaded for the process's next accounts.

    `model` is a GGUF file or a known model's name, which is downloaded to `folder` (the user's cache) on
    first use; `None` means the default model. Raises `LLMError` when the extra is not installed, the file
    is no GGUF model, or the download fails.
    """
    engine = _engine()
    path = await asyncio.to_thread(find_model, model, folder or _cache_folder())
    served = await asyncio.to_thread(_serve, engine, path, threads or _processors())
    client = OpenAILLM(
        api_key=served.key,
        base_url=served.base_url,
        timeout=_TIMEOUT_SECONDS,
        attempts=2,
        price_of=lambda model, base_url: FREE,
    )
    try:
        yield LLMSession(
            llm=client,
            model=path.stem,
            budget=Budget(max_calls=MAX_CALLS, price=FREE),
            tokens_a_call=PAGE_TOKENS,
            output_tokens=OUTPUT_TOKENS,
        )
    finally:
        await client.aclose()


def find_model(model: str | None, folder: Path) -> Path:
    """Return the GGUF file that `model` names: a path, or a known name, downloaded to `folder` if need be.

    Blocking. Raises `LLMError`.
    """
    wanted = model or DEFAULT_MODEL_NAME
    path = Path(wanted).expanduser()
    if path.suffix == ".gguf" or os.sep in wanted or path.is_file():
        try:
            with path.open("rb") as file:
                start = file.read(4)
        except OSError as error:
            raise LLMError(
                f"DOSSIER_LOCAL_MODEL={wanted!r} cannot be read: {error.strerror or error}"
            ) from error
        if start != _GGUF:
            raise LLMError(f"DOSSIER_LOCAL_MODEL={wanted!r} is no GGUF model file")
        return path
    try:
        return _fetch(wanted, folder)
    except ModelHubFault as fault:
        raise LLMError(str(fault)) from fault


def _fetch(name: str, folder: Path) -> Path:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    entry = known_model(name)
    columns = ("{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(file=sys.stderr)
    if not console.is_terminal and not (folder / entry.filename).is_file():
        console.print(f"downloading {entry.name} ({entry.size / 1e9:.1f} GB) to {folder}", soft_wrap=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(entry.filename, total=entry.size)
        return fetch_model(entry, folder, progress=lambda done, _: bar.update(task, completed=done))


def _cache_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("dossier", appauthor=False)) / "models"


def _engine() -> Any:  # Any: the module has no types
    try:
        import xllamacpp
    except ImportError as error:
        raise LLMError(
            "the local extractor is not installed; pip install 'account-dossier[local]'"
        ) from error
    return xllamacpp


class _Served(NamedTuple):
    server: Any  # Any: untyped module; it serves as long as this is referenced
    base_url: str
    key: str


@lru_cache(maxsize=1)
def _serve(engine: Any, path: Path, threads: int) -> _Served:  # Any: untyped module
    key = secrets.token_urlsafe(24)
    params = engine.CommonParams()
    params.model.path = str(path)
    params.hostnames = ["127.0.0.1"]
    params.port = _free_port()
    params.api_keys = [key]
    params.verbosity = 0
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    try:
        server = engine.Server(params)
    except (RuntimeError, ValueError, OSError) as error:
        raise LLMError(f"llama.cpp cannot load {path.name!r}: {error}") from error
    return _Served(server, f"{str(server.listening_address).rstrip('/')}/v1", key)


def _processors() -> int:
    """Return how many processors this process may use, which in a container can be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
