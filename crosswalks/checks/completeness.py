"""How complete a record is: 0 to 100, by what it describes and by weights in a table."""

from __future__ import annotations

from crosswalks import tables
from crosswalks.checks.features import Features, features, kind_of, says_nothing
from crosswalks.model import Record


def completeness(record: Record) -> int:
    """Return how complete a record is, in percent; see quality-weights.tsv."""
    told = features(record)
    return score(told, kind_of(record, told))


def score(told: Features, kind: str) -> int:
    """Return how complete a record of a kind is that tells this."""
    weights = WEIGHTS[kind]
    got = sum(weight for feature, weight in weights.items() if _is_told(told, feature))
    return round(100 * got / sum(weights.values()))


def _is_told(told: Features, feature: str) -> bool:
    return any(not says_nothing(value) for value in told.get(feature, ()))


def _weights() -> dict[str, dict[str, int]]:
    kinds = ("book", "serial", "part", "thesis", "other")
    rows = tables.rows("quality-weights.tsv")
    return {
        kind: {row[0]: int(row[place]) for row in rows if row[place]}
        for place, kind in enumerate(kinds, 1)
    }


WEIGHTS = _weights()
"""What counts for each kind of record, and how much."""
