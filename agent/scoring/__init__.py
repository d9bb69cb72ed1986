"""The deterministic scorer: findings and a profile in, a verdict out; no I/O, no clock, no model.

Public: `score_account`, `best_match`, `compile_icp`, `rescore`.
"""

from __future__ import annotations

from agent.scoring.compiled import CompiledICP, compile_icp
from agent.scoring.score import AccountStanding, FindingsSource, best_match, rescore, score_account, stand

__all__ = [
    "AccountStanding",
    "CompiledICP",
    "FindingsSource",
    "best_match",
    "compile_icp",
    "rescore",
    "score_account",
    "stand",
]
