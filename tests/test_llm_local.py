"""The local model: found, fetched whole or not at all, and a clear line when something is missing."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import httpx
import pytest
import respx

from agent.errors import LLMError
from agent.llm.local import find_model, local_session
from tools.models_hub import MODELS, ModelFile, ModelHubFault, fetch_model, known_model

BODY = b"GGUF" + b"weights" * 1_000
MODEL = ModelFile(
    "tiny", "https://hub.example/models/tiny-q4.gguf", hashlib.sha256(BODY).hexdigest(), len(BODY)
)


async def test_a_missing_package_says_which_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(LLMError, match=r"pip install 'account-dossier\[local\]'"):
        async with local_session(None):
            pass


def test_a_gguf_file_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "any.gguf"
    path.write_bytes(BODY)
    assert find_model(str(path), tmp_path) == path


@pytest.mark.parametrize("name", ["missing.gguf", "./nowhere/model.gguf"])
def test_a_missing_file_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(LLMError, match="cannot be read"):
        find_model(str(tmp_path / name), tmp_path)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.gguf"
    path.write_text("<html>not found</html>")
    with pytest.raises(LLMError, match="no GGUF model file"):
        find_model(str(path), tmp_path)


def test_an_unknown_name_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(LLMError, match=r"known: .*, or give a \.gguf file"):
        find_model("gpt-17", tmp_path)


@respx.mock
def test_a_model_is_downloaded_once_with_progress(tmp_path: Path) -> None:
    route = respx.get(MODEL.url).mock(return_value=httpx.Response(200, content=BODY))
    seen: list[tuple[int, int]] = []
    path = fetch_model(MODEL, tmp_path / "models", progress=lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == BODY
    assert seen[-1] == (len(BODY), len(BODY))
    assert fetch_model(MODEL, tmp_path / "models") == path
    assert route.call_count == 1


@respx.mock
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(200, content=BODY[:-1] + b"x"), "not the pinned file"),
        (httpx.Response(200, content=BODY[:-1]), "not the pinned file"),
        (httpx.Response(200, content=BODY + b"more"), "larger than the pinned"),
        (httpx.Response(404), "HTTP 404"),
        (httpx.ConnectError("refused"), "cannot fetch"),
    ],
)
def test_a_broken_download_leaves_nothing_behind(tmp_path: Path, answer: object, said: str) -> None:
    route = respx.get(MODEL.url)
    if isinstance(answer, Exception):
        route.mock(side_effect=answer)
    else:
        route.mock(return_value=answer)
    with pytest.raises(ModelHubFault, match=said):
        fetch_model(MODEL, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_listed_model_is_pinned() -> None:
    for name, entry in MODELS.items():
        assert known_model(name.upper()) == entry
        assert entry.url.startswith("https://")
        assert entry.url.endswith(".gguf")
        assert len(bytes.fromhex(entry.sha256)) == 32
        assert entry.size > 10_000_000
