"""The commands' names, homes and one-line help: plain data, so that `--help` imports nothing else."""

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("evals.cli.run:run", "Measure the product on the labelled accounts."),
    "compare": ("evals.cli.compare:compare", "Say whether run B is worse than run A, and where."),
    "bless": ("evals.cli.compare:bless", "Make a run the baseline that later runs are held against."),
    "report": ("evals.cli.report:report", "Render a run's results again, as HTML or text."),
    "schema": ("evals.cli.report:schema", "Print the JSON Schema of results.json."),
    "lint": ("evals.cli.accounts:lint", "Check every label, span and hash of the labelled accounts."),
    "capture": ("evals.cli.accounts:capture", "Freeze a live account into a case with draft labels."),
    "label": ("evals.cli.accounts:label", "Confirm or correct a case's draft labels, one by one."),
    "selftest": ("evals.cli.selftest:selftest", "Prove that seeded faults turn the gates red."),
}
"""Command name to (`module:attribute`, one line of help), in the order a new user meets them."""


def help_text() -> str:
    """Return what `dossier-eval --help` prints."""
    width = max(len(name) for name in COMMANDS) + 2
    rows = "\n".join(f"  {name:<{width}}{line}" for name, (_, line) in COMMANDS.items())
    return f"""\
Usage: dossier-eval [OPTIONS] COMMAND [ARGS]...

  Measure Dossier on labelled accounts: did a prompt, a model or a rule
  get worse, by how much, and on which accounts.

Options:
  --version   Print the version and exit.
  -h, --help  Show this message and exit.

Exit status: 0 all gates hold, 1 a gate is red or a fault was found,
2 it could not run.

Commands:
{rows}

dossier-eval COMMAND --help says more about one command."""
