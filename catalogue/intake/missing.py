"""What a complete list lacks, and what is stored of a source besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from catalogue.intake.overlay import Overlay
from catalogue.model import RecordState
from catalogue.sql import table
from catalogue.tables import HeldRow, RecordRow
from crosswalks import stored
from crosswalks.model import Record

LOOK = 2000
"""Records looked at in one step."""
SAMPLES = 20
"""Of each kind of change."""
_records, _held = table(RecordRow), table(HeldRow)


class Sample(NamedTuple):
    """A record that would be another."""

    name: str
    title: str
    """Empty where only what is stored has one."""
    key: int


@dataclass(slots=True)
class Missing:
    """What a complete list lacks."""

    count: int = 0
    live: int = 0
    unlisted: int = 0
    """Live records it lacks, those whose deletion was held before among them."""
    samples: list[Sample] = field(default_factory=list)

    def add(self, row: Any) -> None:
        """Count one record that is not there."""
        live = RecordState(row.state).is_kept
        self.unlisted += live
        if row.held is not None:
            return
        self.count += 1
        self.live += live
        if len(self.samples) < SAMPLES:
            self.samples.append(Sample(row.identifier, "", row.id))


def title_of(record: Record | None) -> str:
    """Return the title of a record, or an empty text."""
    return " ".join(record.values("245", "a")) if record else ""


def look(connection: Connection, source_id: int, overlay: Overlay) -> Missing:
    """Return what is stored of a source and was not named by any page."""
    missing = Missing()
    for rows in _stored(connection, source_id):
        unseen = set(overlay.unseen([row.id for row in rows]))
        for row in rows:
            if row.id in unseen:
                missing.add(row)
    return missing


def titles(connection: Connection, keys: Sequence[int]) -> dict[int, str]:
    """Return the titles that are stored of some records, by their keys."""
    query = select(_records.c.id, _records.c.parsed).where(_records.c.id.in_(keys))
    return {
        row.id: title_of(stored.from_json(row.parsed) if row.parsed else None)
        for row in connection.execute(query)
    }


def _stored(connection: Connection, source_id: int) -> Iterator[Sequence[Any]]:
    """Yield what is stored of a source and not deleted, in steps."""
    after = 0
    while True:
        rows = connection.execute(
            select(
                _records.c.id,
                _records.c.identifier,
                _records.c.state,
                _held.c.record_id.label("held"),
            )
            .outerjoin(_held, _held.c.record_id == _records.c.id)
            .where(
                _records.c.source_id == source_id,
                _records.c.state != RecordState.DELETED.value,
                _records.c.id > after,
            )
            .order_by(_records.c.id)
            .limit(LOOK)
        ).all()
        if not rows:
            return
        yield rows
        after = rows[-1].id


def live(connection: Connection, source_id: int) -> int:
    """Return how many records of a source readers may see."""
    kept = [state.value for state in RecordState if state.is_kept]
    query = select(func.count()).where(
        _records.c.source_id == source_id, _records.c.state.in_(kept)
    )
    return connection.execute(query).scalar_one()


def absent_held(connection: Connection, source_id: int) -> int:
    """Return of how many records the deletion is held since a list lacked them."""
    query = select(func.count()).where(_held.c.source_id == source_id, _held.c.absent)
    return connection.execute(query).scalar_one()
