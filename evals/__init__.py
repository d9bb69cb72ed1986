"""Quality measurement on labelled accounts. Evals are not tests."""
