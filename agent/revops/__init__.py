"""Keep a profile alive: lint it, learn it from deals, test it on the past, compare, refine and size it.

Pure functions over profiles, findings and tables; files, clock and store are `agent/cli/icp.py`'s.
"""
