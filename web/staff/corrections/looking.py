"""What a correction would make of a record: the fields that differ, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from catalogue.overlays.applying import Laid, lay
from catalogue.overlays.model import Change
from crosswalks.check import check_fully
from crosswalks.model import Problem, Record
from web.sidebyside import Row
from web.sidebyside import rows as beside


class Looked(NamedTuple):
    """What would come of a correction."""

    rows: Sequence[Row]
    """The rows that differ, as it is and as it would be."""
    problems: Sequence[Problem]
    """Of the record as it would be, that it has not now."""


def look(record: Record, changes: Sequence[Change]) -> Looked:
    """Return what corrections, one on another, would make of a record."""
    after = lay(record, [Laid(at, each) for at, each in enumerate(changes)]).record
    known = set(check_fully(record))
    return Looked(
        rows=[row for row in beside([record, after]) if row.differs],
        problems=[each for each in check_fully(after) if each not in known],
    )
