"""Account research agent: the workflow, from documents to a cited verdict. Imports nothing, so `--help` stays fast."""
