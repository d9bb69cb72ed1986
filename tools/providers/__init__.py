"""Firmographic providers that need a key: asked only for what nothing public answered."""
