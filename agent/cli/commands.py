"""The commands' names, homes and one-line help: plain data, so that `dossier --help` imports nothing else."""

COMMANDS: dict[str, tuple[str, str]] = {
    "research": ("agent.cli.research:research", "Research one account and hold it against ICPs."),
    "demo": ("agent.cli.research:demo", "Run on the bundled synthetic account, without network or key."),
    "batch": ("agent.cli.batch:batch", "Research a list of accounts into a ranked campaign folder."),
    "worker": ("agent.cli.worker:worker", "Work on the batch runs of a shared database, on any machine."),
    "watch": ("agent.cli.watch:watch", "Research what is due on a list again, and report what changed."),
    "verify": ("agent.cli.evidence:verify", "Re-check every quote, hash and the receipt of a report."),
    "document": ("agent.cli.evidence:document", "Print a stored document's text exactly."),
    "rescore": ("agent.cli.rescore:rescore", "Score every stored account under a changed ICP."),
    "correct": ("agent.cli.correct:correct", "Set wrong evidence aside, score again, write a draft case."),
    "icp": ("agent.cli.icp:icp", "Write, check, learn and test Ideal Customer Profiles."),
    "import": ("agent.cli.imports:import_group", "Bring in evidence you already have."),
    "store": ("agent.cli.store:store", "Check, prune, export and delete what is stored."),
    "schema": ("agent.cli.schema:schema", "Print the JSON Schema of what commands write."),
    "doctor": ("agent.cli.doctor:doctor", "Say what is configured, what is missing, and what collides."),
}
"""Command name to (`module:attribute`, one line of help), in the order a new user meets them."""


def help_text() -> str:
    """Return what `dossier --help` prints."""
    width = max(len(name) for name in COMMANDS) + 2
    rows = "\n".join(f"  {name:<{width}}{line}" for name, (_, line) in COMMANDS.items())
    return f"""\
Usage: dossier [OPTIONS] COMMAND [ARGS]...

  Research an account: fit or not, why, why now, and what is unknown.

  Every point of a verdict cites a quote that was checked against the
  archived page.

Options:
  --version   Print the version and exit.
  -h, --help  Show this message and exit.

Commands:
{rows}

dossier COMMAND --help says more about one command."""
