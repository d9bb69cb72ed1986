"""`dossier rescore`: every stored account under a changed profile, without fetching or asking a model."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import click

from agent.cli.output import DateOption, settings
from agent.errors import InputError


@click.command(short_help="Score every stored account under a changed ICP.")
@click.option(
    "--icp",
    "icp_files",
    multiple=True,
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The profile to score under; repeat it for several.",
)
@click.option("--as-of", type=DateOption(), help="Score as of this day (default: today).")
@click.option(
    "--format", "-f", "format_", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True
)
def rescore(icp_files: tuple[Path, ...], as_of: date | None, format_: str) -> int:
    """Hold the stored facts of every researched account against the profiles: no fetch, no model call.

    `json` prints one object a line, `csv` one row an account and profile.
    """
    from agent.icp import load_icp
    from agent.scoring import rescore as rescore_all
    from agent.services import utc_now
    from agent.store.store import Store

    profiles = [load_icp(path) for path in icp_files]
    day = as_of or utc_now().date()
    with Store.configured(settings()) as store:
        if store.count_accounts() == 0:
            raise InputError(
                f"no account is stored in {store.place!r} yet; run `dossier research DOMAIN` first"
            )
        writer = csv.writer(sys.stdout)
        if format_ == "csv":
            writer.writerow(
                ["domain", "icp", "version", "tier", "tier_certain", "score", "possible", "coverage"]
            )
        for profile in profiles:
            tiers: Counter[str] = Counter()
            for domain, verdict in rescore_all(store, profile, day):
                tiers[verdict.tier] += 1
                if format_ == "json":
                    click.echo(
                        json.dumps({"domain": domain, **verdict.model_dump(mode="json")}, ensure_ascii=False)
                    )
                elif format_ == "csv":
                    writer.writerow(
                        [
                            domain,
                            verdict.icp.name,
                            verdict.icp.version,
                            verdict.tier,
                            verdict.tier_certain,
                            verdict.score,
                            verdict.possible,
                            verdict.coverage,
                        ]
                    )
                else:
                    certain = "" if verdict.tier_certain else " (not certain)"
                    click.echo(
                        f"{domain:<40} {verdict.score:>6g} of possible {verdict.possible:>6g}  {verdict.tier}{certain}"
                    )
            total = ", ".join(f"{tier}: {count}" for tier, count in sorted(tiers.items()))
            click.echo(f"{profile.name} v{profile.version} as of {day}: {total}", err=True)
    return 0
