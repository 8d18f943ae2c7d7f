"""What was counted of how complete a library's records are, beside the mean of all libraries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select

from catalogue.database import Database
from catalogue.quality.tables import AverageRow, QualityRow
from catalogue.sql import table
from catalogue.tables import LibraryRow
from crosswalks.checks.shares import NAMES

DAYS = 365
"""The latest days with figures that are told."""
_figures, _averages = table(QualityRow).c, table(AverageRow).c


class Day(NamedTuple):
    """How complete a library's records were on a day, and those of all; percent, or None."""

    day: str
    """ISO 8601, UTC."""
    records: int
    score: float | None
    """None where there was no record."""
    average: float | None
    """The mean of all libraries; None where that was not worked out."""


class Share(NamedTuple):
    """How many of the records have something, in percent."""

    name: str
    """Of ``crosswalks.checks.shares.NAMES``."""
    records: int
    """The library's that have it."""
    own: float
    average: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What is known of a library."""

    days: tuple[Day, ...] = ()
    """The oldest first."""
    shares: tuple[Share, ...] = ()
    """On the last of these days; none without records."""
    libraries: int = 0
    """How many the average is of."""
    at: int | None = None
    """When it was counted last, epoch seconds; None: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mean:
    libraries: int = 0
    score: float | None = None
    fields: Mapping[str, float] = field(default_factory=dict)


def of_library(database: Database, code: str, days: int = DAYS) -> Quality:
    """Return what was counted of the library with this code, and of all on the same days."""
    query = (
        select(_figures.day, _figures.at, _figures.records, _figures.score, _figures.fields)
        .join(LibraryRow.__table__, LibraryRow.id == _figures.library_id)
        .where(LibraryRow.code == code)
        .order_by(_figures.day.desc())
        .limit(days)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()[::-1]
        if not rows:
            return Quality()
        means = {
            row.day: _Mean(libraries=row.libraries, **json.loads(row.figures))
            for row in connection.execute(
                select(_averages.day, _averages.libraries, _averages.figures).where(
                    _averages.day >= rows[0].day
                )
            )
        }
    last, mean = rows[-1], means.get(rows[-1].day, _Mean())
    return Quality(
        days=tuple(
            Day(row.day, row.records, _share(row.score, row), means.get(row.day, _Mean()).score)
            for row in rows
        ),
        shares=_shares(last, mean) if last.records else (),
        libraries=mean.libraries,
        at=last.at,
    )


def _share(sum_of: int, row: Any) -> float | None:
    return sum_of / row.records if row.records else None


def _shares(row: Any, mean: _Mean) -> tuple[Share, ...]:
    has = json.loads(row.fields)
    return tuple(
        Share(name, has[name], 100 * has[name] / row.records, mean.fields.get(name))
        for name in NAMES
        if name in has
    )
