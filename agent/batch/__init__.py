"""Batch runs: a list of accounts in, a ranked campaign folder out, resumable at any moment.

Public: `agent.batch.accounts` reads lists, `agent.batch.run` does the work, `agent.batch.outputs` writes files.
"""
