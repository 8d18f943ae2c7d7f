"""How complete each library's records are, counted once a day, in batches.

A library whose records are as they were the last time is told so at once: one look over all records
says which changed. Each library is stored when it is done, so that whoever is killed over it leaves
the others counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import fmean
from threading import Event
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, select

from catalogue import clock
from catalogue.database import Database
from catalogue.membership.model import Membership
from catalogue.model import RecordState, Sharing
from catalogue.quality.tables import AverageRow, QualityRow
from catalogue.sql import table, upsert
from catalogue.tables import LibraryRow, RecordRow, SourceRow
from crosswalks import stored
from crosswalks.checks.shares import MEASURE, NAMES, judge

STEP = 500
"""Records that are read together."""
KEEP_DAYS = 400
"""Every day is kept for so long, then the first of each month."""
_ACTIVE = RecordState.ACTIVE.value
_records, _libraries, _sources = table(RecordRow).c, table(LibraryRow).c, table(SourceRow).c
_figures, _averages = table(QualityRow), table(AverageRow)


class Print(NamedTuple):
    """What tells whether any record of a library changed: a change raises ``rev``."""

    records: int
    revs: int
    keys: int

    def __str__(self) -> str:
        """Return it as it is kept, with the version of what is measured."""
        return f"{MEASURE}:{self.records}:{self.revs}:{self.keys}"


def are_never_counted(database: Database) -> bool:
    """Tell whether there are records, and they were never counted."""
    with database.reading() as connection:
        counted = connection.scalar(select(_figures.c.day).limit(1))
        records = connection.scalar(select(_records.id).limit(1))
    return counted is None and records is not None


def count_next(database: Database, stopping: Event) -> Iterator[str]:
    """Count the libraries that were not counted today, one with each step; yield their codes.

    At the end, or once whoever asks ends early, what was counted stays; the mean of all libraries
    is worked out when the last one is done. Once ``stopping`` is set the library at hand is left.
    """
    now = clock.wall_clock()
    today = datetime.fromtimestamp(now, UTC).date()
    prints = _prints(database)
    for library, code in _not_counted(database, today.isoformat()):
        row = _last(database, library)
        if row is None or row["fingerprint"] != str(prints.get(library, Print(0, 0, 0))):
            row = _count(database, library, stopping)
        if row is None:
            return
        _keep(database, row | {"library_id": library, "day": today.isoformat(), "at": now})
        yield code
    database.writing(lambda connection: _end(connection, today))


def _keep(database: Database, row: dict[str, Any]) -> None:
    database.writing(lambda connection: upsert(connection, QualityRow, [row]))


def _prints(database: Database) -> dict[int, Print]:
    query = (
        select(
            _sources.library_id,
            func.count(),
            func.sum(_records.rev),
            func.sum(_records.id),
        )
        .join(RecordRow.__table__, _records.source_id == _sources.id)
        .where(_records.state == _ACTIVE)
        .group_by(_sources.library_id)
    )
    with database.reading() as connection:
        return {row[0]: Print(*map(int, row[1:])) for row in connection.execute(query)}


def _not_counted(database: Database, today: str) -> list[tuple[int, str]]:
    """Return keys and codes of the libraries with sources that have no figures of today."""
    counted = select(_figures.c.library_id).where(_figures.c.day == today)
    query = (
        select(_libraries.id, _libraries.code)
        .where(_libraries.id.in_(select(_sources.library_id)), _libraries.id.not_in(counted))
        .order_by(_libraries.id)
    )
    with database.reading() as connection:
        return [(row.id, row.code) for row in connection.execute(query)]


def _last(database: Database, library: int) -> dict[str, Any] | None:
    query = (
        select(*(_figures.c[name] for name in ("records", "score", "fields", "fingerprint")))
        .where(_figures.c.library_id == library)
        .order_by(_figures.c.day.desc())
        .limit(1)
    )
    with database.reading() as connection:
        row = connection.execute(query).one_or_none()
    return dict(row._mapping) if row else None


def _count(database: Database, library: int, stopping: Event) -> dict[str, Any] | None:
    """Return the figures of a library; None once it is to stop."""
    has: Counter[str] = Counter()
    seen, total, read = Print(0, 0, 0), 0, 0
    for rows in _batches(database, library):
        if stopping.is_set():
            return None
        for row in rows:
            seen = Print(seen.records + 1, seen.revs + row.rev, seen.keys + row.id)
            if row.parsed:
                judged = judge(stored.from_json(row.parsed))
                total, read = total + judged.score, read + 1
                has.update(judged.has)
    return {
        "records": read,
        "score": total,
        "fields": json.dumps({name: has[name] for name in NAMES}),
        "fingerprint": str(seen),
    }


def _batches(database: Database, library: int) -> Iterator[Any]:
    """Yield the live records of a library; each step is a short read of its own."""
    with database.reading() as connection:
        sources = connection.scalars(
            select(_sources.id).where(_sources.library_id == library).order_by(_sources.id)
        ).all()
    # What came back from the hub says nothing of the library's own work.
    parsed = func.coalesce(_records.own, _records.parsed).label("parsed")
    for source in sources:
        last = 0
        while True:
            query = (
                select(_records.id, _records.rev, parsed)
                .where(_records.source_id == source, _records.id > last)
                .where(_records.state == _ACTIVE)
                .order_by(_records.id)
                .limit(STEP)
            )
            with database.reading() as connection:
                rows = connection.execute(query).all()
            if not rows:
                break
            last = rows[-1].id
            yield rows


def _end(connection: Connection, today: date) -> None:
    """Work out the mean of all libraries of a day, and forget days that are long ago."""
    rows = connection.execute(
        select(_figures.c.records, _figures.c.score, _figures.c.fields)
        .join(LibraryRow.__table__, _libraries.id == _figures.c.library_id)
        .where(_figures.c.day == today.isoformat(), _figures.c.records > 0)
        # What only the hub's staff may know of is in no figure that others see.
        .where(_libraries.sharing_level != Sharing.HUB.value)
        .where(_libraries.standing == Membership.MEMBER.value)
    ).all()
    if rows:
        row = {"day": today.isoformat(), "libraries": len(rows), "figures": _mean(rows)}
        upsert(connection, AverageRow, [row])
    old = (today - timedelta(days=KEEP_DAYS)).isoformat()
    for each in (_figures, _averages):
        first = each.c.day.endswith("-01")
        connection.execute(delete(each).where(each.c.day < old, ~first))


def _mean(rows: Any) -> str:
    has = [
        {name: 100 * count / row.records for name, count in json.loads(row.fields).items()}
        for row in rows
    ]
    return json.dumps(
        {
            "score": fmean(row.score / row.records for row in rows),
            "fields": {name: fmean(each.get(name, 0.0) for each in has) for name in NAMES},
        }
    )
