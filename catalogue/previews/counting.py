"""The records of a source looked at in the order in which they came, a step at a time.

Matching is asked where each record would stand by the very code that places what is harvested, and
nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, case, select

from catalogue.cluster.guests import Guest, seats
from catalogue.database import Database
from catalogue.match import FEATURES_VERSION, Features, features
from catalogue.model import RecordState
from catalogue.previews.model import Figures
from catalogue.sources import configured
from catalogue.tables import ProblemRow, RecordRow
from crosswalks import stored
from crosswalks.model import Severity

STEP = 200


def step(
    database: Database, name: str, after: int, figures: Figures, versions: Collection[str]
) -> int | None:
    """Take the next records into the figures; return the key of the last, None at the end.

    ``versions`` are those by which records are mapped now. Raises NoSuchSource.
    """
    with database.reading() as connection:
        source_id = configured(connection, name).id
        rows = _rows(connection, source_id, after)
        found = _problems(connection, [row.id for row in rows])
    if not rows:
        return None
    guests = []
    for row in rows:
        _count(row, found.get(row.id, {}), figures, versions)
        if row.state == RecordState.ACTIVE.value:
            guests.append(Guest((name, row.identifier), _features(row)))
    for seat in seats(database, guests):
        # A group of its own has the number of a guest, which is below 0.
        if seat.group > 0:
            figures.joins += 1
        else:
            figures.new += 1
    return int(rows[-1].id)


def _rows(connection: Connection, source_id: int, after: int) -> list[Any]:
    other = (
        (
            RecordRow.features_version != FEATURES_VERSION,
            RecordRow.parsed,
        ),
    )
    return list(
        connection.execute(
            select(
                RecordRow.id,
                RecordRow.identifier,
                RecordRow.state,
                RecordRow.crosswalk_version,
                RecordRow.features,
                case(*other).label("parsed"),
            )
            .where(RecordRow.source_id == source_id, RecordRow.id > after)
            .order_by(RecordRow.id)
            .limit(STEP)
        ).all()
    )


def _problems(connection: Connection, records: list[int]) -> dict[int, dict[str, str]]:
    """Return by record the codes of its problems with their severity."""
    query = select(ProblemRow.record_id, ProblemRow.code, ProblemRow.severity).distinct()
    found: dict[int, dict[str, str]] = {}
    for record, code, severity in connection.execute(
        query.where(ProblemRow.record_id.in_(records))
    ):
        found.setdefault(int(record or 0), {})[code] = severity
    return found


def _count(row: Any, codes: dict[str, str], figures: Figures, versions: Collection[str]) -> None:
    state = RecordState(row.state)
    if state is RecordState.ACTIVE:
        figures.mapped += 1
        figures.faulty += any(each != Severity.INFO.value for each in codes.values())
        figures.outdated += row.crosswalk_version not in versions
    elif state is RecordState.QUARANTINED:
        figures.quarantined += 1
    elif state is RecordState.DELETED:
        figures.deleted += 1
    else:
        figures.hidden += 1
    for code, severity in codes.items():
        known = figures.kinds.setdefault(code, [severity, 0, row.id])
        known[1] += 1


def _features(row: Any) -> Features:
    if row.parsed is not None:
        return features(stored.from_json(row.parsed))
    return Features.from_json(row.features or "")
