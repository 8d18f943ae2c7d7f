"""Clusters that nobody has described from the publication itself yet: only before it came out.

CIP, cataloguing in publication (MARC 21 leader/17 8; 263 says when it was to come out).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalogue.merge.ranking import heard
from catalogue.model import HubIdentity
from crosswalks.model import Record

_PREPUBLICATION = "8"
_UNCERTAIN = frozenset("5u3z")
"""Levels that a record with a projected date may have and still be one made before."""
_PROJECTED = re.compile(r"(\d{4})(\d\d)")
_ENTERED = re.compile(r"(\d\d)(\d\d)\d\d")
_FIRST_YEAR = 68
"""MARC began in 1968: 008/00-01 below that is of this century."""
UNKNOWN = 0


def preliminary(records: Sequence[Record], hub: HubIdentity) -> int | None:
    """Return since which month (as 202611) nobody has described what some records are of.

    None where somebody has; UNKNOWN where no record tells a month: neither when it was to come out
    (263) nor when it was entered (008/00-05). The latest month told counts.
    """
    if not any(map(_is_preliminary, records)):
        # Nearly always: to look for echoes takes longer.
        return None
    told = heard(records, lambda each: each, hub)
    if not all(map(_is_preliminary, told)):
        return None
    return max(map(_month, told))


def _is_preliminary(record: Record) -> bool:
    level = record.leader[17:18]
    return level == _PREPUBLICATION or (level in _UNCERTAIN and any(record.values("263", "a")))


def _month(record: Record) -> int:
    for told in record.values("263", "a"):
        if found := _PROJECTED.match(told.strip()):
            return _valid(int(found[1]), int(found[2]))
    if found := _ENTERED.match(record.control("008")):
        year = int(found[1])
        return _valid(year + (1900 if year >= _FIRST_YEAR else 2000), int(found[2]))
    return UNKNOWN


def _valid(year: int, month: int) -> int:
    is_month = 1 <= month <= 12  # noqa: PLR2004 - months of a year
    return year * 100 + month if is_month else UNKNOWN
