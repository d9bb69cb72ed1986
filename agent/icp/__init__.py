"""Ideal Customer Profiles: the YAML a team writes, checked to the line, and the values it becomes.

Public: `ICP`, `load_icp`, `parse_icp`, `question_attribute`.
"""

from __future__ import annotations

from agent.icp.load import load_icp, parse_icp
from agent.icp.model import ICP, question_attribute

__all__ = ["ICP", "load_icp", "parse_icp", "question_attribute"]
