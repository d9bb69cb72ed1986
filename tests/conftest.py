"""Fixtures for every test: no network but loopback, a data folder of its own, no model configured."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and look-up that would leave this machine."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(address: object) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and not str(host).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test tried to reach {address!r}")

    def guarded_connect(self: socket.socket, address: object) -> None:
        check(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        check(address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: object, *args: object, **kwargs: object) -> object:
        check((host,))
        return getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Point the data folder at the test's own and forget any model or key of the person running it."""
    for name in list(os.environ):
        if name.startswith(("DOSSIER_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DOSSIER_HOME", str(tmp_path / "home"))


@pytest.fixture
def shared() -> Path:
    """Return the folder of real recorded material, or skip where it is absent; CI requires it."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI requires the recorded material at {SHARED.name}/ beside the repository")
        pytest.skip("the recorded real responses and pages (../shared) are not here")
    return SHARED
