"""What people decided about pairs, as labels: what matching is measured by and fitted to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, select

from catalogue import contradictions
from catalogue.cluster.cut import Pair
from catalogue.database import Database
from catalogue.model import RecordState
from catalogue.sql import chunks, table
from catalogue.tables import RecordRow, SourceRow, VerdictEventRow, VerdictRow
from crosswalks import stored
from crosswalks.model import Record

_STEP = 500
_verdicts, _events = table(VerdictRow).c, table(VerdictEventRow).c


class Label(NamedTuple):
    """Two records, called ``source/identifier``, and what stands of them."""

    a: str
    b: str
    label: str
    """``same`` or ``different``."""
    author: str
    made: int
    """Epoch seconds."""
    reason: str
    beside: int | None
    """The decision that this one came along with, looked at only as part of it; or None."""


def all(database: Database) -> list[Label]:  # noqa: A001 - read as labels.all
    """Return what stands of all pairs, in the order of names; taken back is not there."""
    columns = (
        _verdicts.a,
        _verdicts.b,
        _verdicts.decision,
        _verdicts.author,
        _verdicts.made,
        _verdicts.reason,
    )
    with database.reading_primary() as connection:
        rows = connection.execute(select(*columns)).all()
        steps = _steps(connection)
        names = contradictions.names(connection, {end for row in rows for end in (row.a, row.b)})
    labels = [_label(row, names, steps.get((row.a, row.b))) for row in rows]
    return sorted(labels, key=lambda label: (label.a, label.b))


def _label(row: Any, names: Mapping[int, str], beside: int | None) -> Label:
    a, b = sorted((names[row.a], names[row.b]))
    return Label(a, b, row.decision, row.author, row.made, row.reason, beside)


def _steps(connection: Connection) -> dict[Pair, int]:
    """Return the pairs that were decided along with another, and with which decision."""
    newer = table(VerdictEventRow).alias("newer")
    later = exists().where(newer.c.a == _events.a, newer.c.b == _events.b, newer.c.id > _events.id)
    query = select(_events.a, _events.b, _events.step).where(_events.step != _events.id, ~later)
    return {(a, b): step for a, b, step in connection.execute(query)}


def records(database: Database) -> Iterator[tuple[str, Record]]:
    """Yield each live record that somebody decided about, with its name; some at a time."""
    ends = select(_verdicts.a).union(select(_verdicts.b))
    with database.reading_primary() as connection:
        wanted = sorted(connection.execute(ends).scalars())
    for step in chunks(wanted, _STEP):
        yield from _contents(database, step)


def _contents(database: Database, wanted: Collection[int]) -> list[tuple[str, Record]]:
    query = (
        select(SourceRow.code, RecordRow.identifier, RecordRow.parsed)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .where(RecordRow.id.in_(wanted), RecordRow.state == RecordState.ACTIVE.value)
        .where(RecordRow.parsed.is_not(None))
        .order_by(RecordRow.id)
    )
    with database.reading_primary() as connection:
        return [
            (f"{source}/{identifier}", stored.from_json(parsed or ""))
            for source, identifier, parsed in connection.execute(query)
        ]
