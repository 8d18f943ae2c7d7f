"""Which records might be one manifestation, and whether they are: pure functions of two records.

``features`` reads a record once, ``keys`` find its candidates, ``decide`` judges a pair and says
why. Words and codes lie in ``tables``, weights and thresholds in ``policy.toml``.
"""

from catalogue.match.decide import Decision, Verdict, decide
from catalogue.match.features import FEATURES_VERSION, Features, features
from catalogue.match.keys import DEPTH, MARK, keys, level, refined
from catalogue.match.policy import Policy, policy, read_policy
from catalogue.match.works import work_keys

__all__ = [
    "DEPTH",
    "FEATURES_VERSION",
    "MARK",
    "Decision",
    "Features",
    "Policy",
    "Verdict",
    "decide",
    "features",
    "keys",
    "level",
    "policy",
    "read_policy",
    "refined",
    "work_keys",
]
