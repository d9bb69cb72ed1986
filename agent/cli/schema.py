"""`dossier schema`: the JSON Schemas scripts can rely on."""

from __future__ import annotations

import json

import click


@click.command(short_help="Print the JSON Schema of what commands write.")
@click.argument("name", type=click.Choice(["report", "icp"]))
def schema(name: str) -> int:
    """Print the JSON Schema of the JSON report or of an ICP file."""
    if name == "report":
        from agent.report.contract import report_schema

        content = report_schema()
    else:
        from agent.icp.json_schema import profile_schema

        content = profile_schema()
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))
    return 0
