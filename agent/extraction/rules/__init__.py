"""Rules: what can be read with certainty, without a model.

Each rule has a name and a version, which every claim carries as `rule:<name>@<version>`. A rule that is
not sure says nothing.
"""

from agent.extraction.rules.dispatch import extract_by_rules

__all__ = ["extract_by_rules"]
