"""Statistics for few accounts: intervals, paired tests and what they cannot see. Seeded; numpy only.

The account is the unit everywhere: an account's labels share one website and are not independent, and
treating them as if they were gives false alarms (measured: 9 to 11 % at a nominal 5 %).
"""

from evals.stats.bootstrap import Interval, cluster_interval
from evals.stats.exact import exact_upper, holm, mcnemar_exact, rule_of_three
from evals.stats.paired import PairedTest, paired_permutation

__all__ = [
    "Interval",
    "PairedTest",
    "cluster_interval",
    "exact_upper",
    "holm",
    "mcnemar_exact",
    "paired_permutation",
    "rule_of_three",
]
