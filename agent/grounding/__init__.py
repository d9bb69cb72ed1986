"""Decide whether a claim's quote stands in its document and carries the claim. Pure."""
