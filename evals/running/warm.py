"""Imported once by the worker server, so that each worker starts with the product and its language model loaded."""

from agent.graph.build import compiled_graph
from evals.running import cases, pool
from tools.pages.language import page_language

__all__ = ["cases", "compiled_graph", "pool"]

# The first page without a declared language loads the recogniser: once for all workers, not once in each.
page_language(None, "Words enough for a language to be recognised by. " * 6)
