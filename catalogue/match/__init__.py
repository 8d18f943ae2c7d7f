"""Which records might be one manifestation, and whether they are: pure functions of two records.

``features`` reads a record once, ``keys`` find its candidates, ``decide`` judges a pair and says
why. Words and codes lie in ``tables``, weights and thresholds in ``policy.toml``.
"""

from catalogue.match.decide import Decision, Verdict, decide
from catalogue.match.features import FEATURES_VERSION, Features, features
from catalogue.match.keys import DEPTH, MARK, keys, level, refined
from catalogue.match.policy import (
    RULES,
    Policy,
    figures,
    kept_policy,
    policy,
    read_policy,
    same_names,
    shipped_text,
    with_names,
    with_reused,
)
from catalogue.match.works import work_keys

__all__ = [
    "DEPTH",
    "FEATURES_VERSION",
    "MARK",
    "RULES",
    "Decision",
    "Features",
    "Policy",
    "Verdict",
    "decide",
    "features",
    "figures",
    "kept_policy",
    "keys",
    "level",
    "policy",
    "read_policy",
    "refined",
    "same_names",
    "shipped_text",
    "with_names",
    "with_reused",
    "work_keys",
]
