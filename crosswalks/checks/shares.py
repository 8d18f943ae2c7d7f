"""What a record has of that which libraries compare: author, subject, ISBN, call number and so on.

Beside it stands how complete the record is, by the same reading of it; see ``completeness``.
"""

from __future__ import annotations

from typing import NamedTuple

from crosswalks import tables
from crosswalks.checks.completeness import score
from crosswalks.checks.features import features, kind_of, says_nothing
from crosswalks.model import Record

MEASURE = 1
"""Grows when the same record would be judged otherwise: all are judged anew then."""


class Judged(NamedTuple):
    """One record, judged."""

    score: int
    """How complete it is, in percent."""
    has: tuple[str, ...]
    """Names of ``NAMES``."""


def judge(record: Record) -> Judged:
    """Judge a record of MARC 21."""
    told = features(record)
    has = [name for name, feature in _FEATURES if _says(told.get(feature, ()))]
    has += [name for name, places in _PLACES if _says(_values(record, places))]
    return Judged(score(told, kind_of(record, told)), tuple(has))


def _says(values: tuple[str, ...]) -> bool:
    return any(not says_nothing(value) for value in values)


def _values(record: Record, places: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    found = (value for tag, codes in places for value in record.values(tag, codes))
    return tuple(value.strip() for value in found if value.strip())


_ROWS = tables.rows("quality-shares.tsv")
NAMES = tuple(row[0] for row in _ROWS)
"""What is looked for, in the order in which it is told."""
_FEATURES = tuple((name, feature) for name, feature, _ in _ROWS if feature)
_PLACES = tuple(
    (name, tuple((place[:3], place[3:]) for place in places.split()))
    for name, _, places in _ROWS
    if places
)
