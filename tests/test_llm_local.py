"""The local model: found, fetched whole or not at all, and a clear line when something is missing."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
        (httpx.ConnectError("refused"), "cannot fetch .*refused.*try again"),
    ],
)
def test_what_is_not_the_pinned_file_leaves_nothing_behind(tmp_path: Path, answer: object, said: str) -> None:
    route = respx.get(MODEL.url)
    if isinstance(answer, Exception):
        route.mock(side_effect=answer)
    else:
        route.mock(return_value=answer)
    with pytest.raises(ModelHubFault, match=said):
        fetch_model(MODEL, tmp_path)
    assert list(tmp_path.iterdir()) == []


class Hub(BaseHTTPRequestHandler):
    """A hub on loopback that cuts each of the first answers short and understands ranges, if it is told to."""

    cuts: list[int]
    ranges: bool
    asked: list[str]

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.asked.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.ranges else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")
        self.send_header("Content-Length", str(len(BODY) - start))
        self.end_headers()
        self.wfile.write(BODY[start : start + self.cuts.pop(0)] if self.cuts else BODY[start:])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[type[Hub]]:
    handler = type("OneHub", (Hub,), {"cuts": [], "ranges": True, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.url = f"http://127.0.0.1:{server.server_port}/tiny-q4.gguf"  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def at(hub: type[Hub]) -> ModelFile:
    return MODEL._replace(url=hub.url)  # type: ignore[attr-defined]


def test_a_cut_connection_is_taken_up_where_it_was_cut(hub: type[Hub], tmp_path: Path) -> None:
    hub.cuts = [1_000, 2_000]
    assert fetch_model(at(hub), tmp_path).read_bytes() == BODY
    assert hub.asked[0] == ""
    starts = [int(asked.removeprefix("bytes=").rstrip("-")) for asked in hub.asked[1:]]
    assert starts == [1_000, 3_000]


def test_a_download_that_failed_goes_on_in_the_next_run(hub: type[Hub], tmp_path: Path) -> None:
    hub.cuts = [1_000, 0, 0]
    with pytest.raises(ModelHubFault, match="what arrived is kept, try again"):
        fetch_model(at(hub), tmp_path)
    assert (tmp_path / "tiny-q4.gguf.partial").stat().st_size == 1_000
    assert fetch_model(at(hub), tmp_path).read_bytes() == BODY
    assert hub.asked[-1] == "bytes=1000-"
    assert [path.name for path in tmp_path.iterdir()] == ["tiny-q4.gguf"]


def test_a_server_without_ranges_is_asked_for_the_whole_again(hub: type[Hub], tmp_path: Path) -> None:
    hub.cuts, hub.ranges = [1_000], False
    assert fetch_model(at(hub), tmp_path).read_bytes() == BODY


def test_what_arrived_of_another_file_is_thrown_away(hub: type[Hub], tmp_path: Path) -> None:
    (tmp_path / "tiny-q4.gguf.partial").write_bytes(b"x" * 500)
    with pytest.raises(ModelHubFault, match=r"not the pinned file: sha256 .*, expected"):
        fetch_model(at(hub), tmp_path)
    assert fetch_model(at(hub), tmp_path).read_bytes() == BODY


def test_a_disk_without_room_is_one_clear_line_before_anything_is_fetched(
    hub: type[Hub], tmp_path: Path
) -> None:
    huge = at(hub)._replace(size=1 << 60)
    with pytest.raises(ModelHubFault, match=r"cannot download tiny: it needs .* GB, and .* free; make room"):
        fetch_model(huge, tmp_path)
    assert hub.asked == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_disk_that_fills_up_is_one_clear_line(hub: type[Hub], tmp_path: Path) -> None:
    (tmp_path / "tiny-q4.gguf.partial").symlink_to("/dev/full")
    with pytest.raises(ModelHubFault, match=r"cannot write .*No space left on device"):
        fetch_model(at(hub), tmp_path)


def test_every_listed_model_is_pinned() -> None:
    for name, entry in MODELS.items():
        assert known_model(name.upper()) == entry
        assert entry.url.startswith("https://")
        assert entry.url.endswith(".gguf")
        assert len(bytes.fromhex(entry.sha256)) == 32
        assert entry.size > 10_000_000
