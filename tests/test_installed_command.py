"""The installed command against a real HTTP server on loopback, through the test-only host switch."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.demo import demo_icp

HOST = "acme-freight.test"
PAGES = {
    "/": """<!doctype html><html lang="en"><head><title>Acme Freight | Load planning</title></head><body>
        <nav><a href="/about">About</a> <a href="/careers">Careers</a> <a href="/away">Away</a></nav>
        <main><h1>Load planning for shippers</h1><p>Acme Freight plans loads for shippers in nine countries.</p></main>
        </body></html>""",
    "/about": """<html lang="en"><head><title>About Acme Freight</title></head><body><main><h1>About us</h1>
        <p>Acme Freight was founded in 2011. We are a team of 250 people, headquartered in Columbus, Ohio, United
        States.</p></main></body></html>""",
    "/careers": """<html lang="en"><head><title>Careers</title></head><body><main><h1>Careers</h1>
        <p>There are currently no open positions.</p></main></body></html>""",
    "/robots.txt": "User-agent: *\nDisallow: /private\n",
}


class Site(http.server.BaseHTTPRequestHandler):
    """A small site; `/away` redirects into a metadata address, which must never be followed."""

    seen: list[str]

    def do_GET(self) -> None:  # the handler's own naming
        type(self).seen.append(self.path)
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
            self.end_headers()
            return
        body = PAGES.get(self.path)
        self.send_response(200 if body else 404)
        kind = "text/plain" if self.path.endswith(".txt") else "text/html"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write((body or "not here").encode())

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def site() -> Iterator[http.server.ThreadingHTTPServer]:
    Site.seen = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


def run(arguments: list[str], home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).parent / "dossier"
    return subprocess.run(
        [str(command), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PATH": os.environ["PATH"], "DOSSIER_HOME": str(home), **environment},
    )


def test_the_installed_command_researches_records_replays_and_verifies(
    site: http.server.ThreadingHTTPServer, tmp_path: Path
) -> None:
    hosts = f"{HOST}=127.0.0.1:{site.server_address[1]},www.{HOST}=127.0.0.1:{site.server_address[1]}"
    archive, report = tmp_path / "acme.warc.gz", tmp_path / "acme.json"
    live = run(
        ["research", HOST, "--icp", str(demo_icp()), "--record", str(archive), "-o", str(report)],
        tmp_path / "home",
        DOSSIER_TEST_HOSTS=hosts,
    )
    assert live.returncode == 0, live.stderr
    assert "Traceback" not in live.stderr
    public = json.loads(report.read_text())
    facts = {fact["attribute"]: fact["value"] for fact in public["facts"]}
    assert facts["founded_year"] == 2011
    assert facts["employee_count"]["exact"] == 250
    assert facts["headquarters"]["country"] == "US"
    [jobs] = [entry for entry in public["coverage_of_sources"] if entry["source"] == "jobs"]
    assert jobs["state"] == "read_nothing_found"
    assert "no openings" in jobs["detail"]
    [hiring] = [fact for fact in public["facts"] if fact["attribute"] == "hiring"]
    assert hiring["status"] == "denied", "the page itself says there are none: a denial, quoted"

    asked = len(Site.seen)
    replay = run(
        ["research", HOST, "--icp", str(demo_icp()), "--archive", str(archive), "--format", "json", "-q"],
        tmp_path / "elsewhere",
    )
    assert replay.returncode == 0, replay.stderr
    assert len(Site.seen) == asked
    assert json.loads(replay.stdout)["facts"] == public["facts"]

    assert run(["verify", str(report)], tmp_path / "home").returncode == 0
    assert run(["verify", str(report), "--archive", str(archive)], tmp_path / "empty").returncode == 0
    assert run(["verify", str(report)], tmp_path / "empty").returncode == 1


def test_without_the_switch_a_loopback_name_is_refused(
    site: http.server.ThreadingHTTPServer, tmp_path: Path
) -> None:
    done = run(
        ["research", HOST, "--format", "json", "-q"],
        tmp_path / "home",
        DOSSIER_TEST_HOSTS=f"{HOST}=10.0.0.7:80",
    )
    assert done.returncode == 2
    assert "loopback" in done.stderr
    assert Site.seen == []
