"""The bundled account: a made-up company, declared synthetic, in an archive that replays without network."""

from __future__ import annotations

from pathlib import Path

DEMO_DOMAIN = "halyard-logistics.example"


def demo_archive() -> Path:
    """Return the bundled WARC; `python -m agent.demo.build` writes it from `agent/demo/site`."""
    return Path(__file__).parent / "demo.warc.gz"


def demo_icp() -> Path:
    """Return the bundled ICP."""
    return Path(__file__).parent / "icp.yaml"
