"""The deterministic scorer: findings and a profile in, a verdict out; no I/O, no clock, no model.

Public: `score_account`, `compile_icp`, `best_match`, `rescore`.
"""
