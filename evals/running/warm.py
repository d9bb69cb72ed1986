"""Imported once by the worker server, so that each worker starts with the product loaded."""

from agent.graph.build import compiled_graph
from evals.running import cases, pool

__all__ = ["cases", "compiled_graph", "pool"]
