"""From evidence to facts: what all the evidence for one attribute comes to. Pure and order-independent."""

from agent.facts.resolve import resolve_facts

__all__ = ["resolve_facts"]
