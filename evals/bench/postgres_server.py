"""A PostgreSQL server of one's own for tests and benches: in a temporary folder, on a loopback port and a socket."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

USER, PASSWORD = "dossier", "s3cret/word"
_START_SECONDS = 30.0


class Server(NamedTuple):
    """A running server: its folder of sockets, its port, and the process id of its postmaster."""

    folder: Path
    port: int
    pid: int

    def url(self, database: str) -> str:
        """Return a database's URL by loopback and password."""
        return f"postgresql://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as the owner."""
        import psycopg

        with psycopg.connect(
            host=str(self.folder), port=self.port, user=USER, dbname=database, autocommit=True
        ) as db:
            db.execute(statement.encode())


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest version's, or `None`."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0])
    )
    return versions[-1].parent if versions else None


@contextmanager
def running(*, address: str | None = None, network: str | None = None) -> Iterator[Server]:
    """Run a server until the block ends. It keeps nothing safe from a crash of the machine: it is for tests.

    It listens on loopback, and on `address` to the machines of `network`, such as `10.0.0.0/30`.
    PostgreSQL refuses to run as root; then it runs as `postgres` or `nobody`.
    """
    where = programs()
    if where is None:
        raise FileNotFoundError("PostgreSQL's programs (initdb, postgres) are not installed here")
    folder = Path(tempfile.mkdtemp(prefix="dossier-pg-", dir="/tmp"))
    account = _account()
    try:
        if account:
            shutil.chown(folder, account["user"], account["group"])
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if account:
            shutil.chown(secret, account["user"], account["group"])
        data = folder / "data"
        subprocess.run(
            [
                *(
                    str(where / "initdb"),
                    "-D",
                    str(data),
                    "-U",
                    USER,
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "--no-sync",
                ),
                *("-N", "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}"),
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            **account,
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if network is not None:
            with (data / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {network} scram-sha-256\n")
        listen = "127.0.0.1" if address is None else f"127.0.0.1,{address}"
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    *(str(where / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder)),
                    *(
                        "-h",
                        listen,
                        "-c",
                        "fsync=off",
                        "-c",
                        "full_page_writes=off",
                        "-c",
                        "max_connections=120",
                    ),
                ],
                stdout=log,
                stderr=log,
                cwd=folder,
                **account,
            )
        try:
            server = Server(folder, port, process.pid)
            _wait(server, process)
            yield server
        finally:
            process.send_signal(2)  # a fast shutdown: sessions are ended, files are left whole
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> dict[str, Any]:  # Any: Popen's own keyword arguments
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import grp
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": name, "group": grp.getgrgid(entry.pw_gid).gr_name}
    raise FileNotFoundError("no user that PostgreSQL may run as: neither postgres nor nobody exists")


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            server.execute("SELECT 1")
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                said = (server.folder / "log").read_text(errors="replace")[-600:]
                raise RuntimeError(f"the test server did not start: {said}") from None
            time.sleep(0.05)
