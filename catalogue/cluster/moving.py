"""What a placement tells of clusters for their history: which records came, went and where.

Kinds: ``made``, ``gone`` (no records); ``joined``: new records came into a cluster; ``merged``: all
it had went to its successor; ``split``: some left for a cluster of their own, a new one or one that
had been merged away; ``moved``: some went to another that there was. ``cluster_id`` is the one they
left (of ``joined``: the one they came into), ``other_id`` the one they went to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from catalogue.cluster import read
from catalogue.cluster.cut import Pair
from catalogue.rows import insert_many
from catalogue.sql import chunks, table
from catalogue.tables import EventRecordRow, EventRow, VerdictEventRow


class Moved(NamedTuple):
    """Record -> cluster, before and after a placement; which clusters began, came back, ended."""

    before: Mapping[int, int]
    now: Mapping[int, int]
    new: Collection[int]
    back: Collection[int]
    gone: Mapping[int, int | None]


class _Event(NamedTuple):
    kind: str
    cluster: int
    other: int | None
    records: tuple[int, ...] = ()

    def because(self, moved: Moved, said: Mapping[Pair, str]) -> Pair | None:
        """Return a pair that people decided about and that this carries out, or None."""
        to = self.cluster if self.other is None else self.other
        ours = set(self.records)
        for pair, word in sorted(said.items()):
            out = set(pair) - ours
            if len(out) != 1:
                continue
            [other] = out
            if word == "same" and moved.now.get(other) == to:
                return pair
            stayed = moved.before.get(other) == self.cluster and moved.now.get(other) != to
            if word == "different" and stayed:
                return pair
        return None


def tell(connection: Connection, moved: Moved, stamp: int) -> None:
    """Write the history of a placement."""
    events = _events(moved)
    if not events:
        return
    decided = _decided(connection, events, moved)
    # In their order. Of most nobody asks the number: SQLite tells it of one row at a time.
    for numbered, some in groupby(events, key=lambda each: bool(each.records)):
        told = list(some)
        rows = [_row(each, stamp, decided.get(each)) for each in told]
        if numbered:
            _write_with_records(connection, told, rows)
        else:
            insert_many(connection, EventRow, rows)


def _write_with_records(
    connection: Connection, events: Sequence[_Event], rows: Sequence[dict[str, Any]]
) -> None:
    made = connection.execute(
        insert(table(EventRow)).returning(table(EventRow).c.seq, sort_by_parameter_order=True),
        rows,
    )
    insert_many(
        connection,
        EventRecordRow,
        [
            {"event_seq": seq, "record_id": record}
            for seq, each in zip(made.scalars(), events, strict=True)
            for record in each.records
        ],
    )


def _row(each: _Event, stamp: int, decided: int | None) -> dict[str, Any]:
    return {
        "stamp": stamp,
        "cluster_id": each.cluster,
        "kind": each.kind,
        "other_id": each.other,
        "decision_id": decided,
    }


def _decided(connection: Connection, events: Collection[_Event], moved: Moved) -> dict[_Event, int]:
    """Return the decisions that these events carry out."""
    said = read.verdicts(connection, {record for each in events for record in each.records})
    pairs = {each: pair for each in events if said and (pair := each.because(moved, said))}
    columns = table(VerdictEventRow).c
    query = select(columns.a, columns.b, func.max(columns.id)).group_by(columns.a, columns.b)
    numbers = {
        (a, b): number
        for chunk in chunks({a for a, _ in pairs.values()})
        for a, b, number in connection.execute(query.where(columns.a.in_(chunk)))
    }
    return {each: numbers[pair] for each, pair in pairs.items() if pair in numbers}


def _events(moved: Moved) -> list[_Event]:
    went: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    came: defaultdict[int, list[int]] = defaultdict(list)
    for record, cluster in sorted(moved.now.items()):
        before = moved.before.get(record)
        if before is None and cluster not in moved.new:
            came[cluster].append(record)
        elif before is not None and before != cluster:
            went[before, cluster].append(record)
    # A cluster whose records gave way to others has a successor, and none that went there. Of
    # those that end at once the oldest is told last: if they part again it counts as the last.
    gone = sorted(moved.gone.items(), reverse=True)
    merged = {(cluster, heir): () for cluster, heir in gone if heir is not None}
    return [
        *(_Event("made", cluster, None) for cluster in moved.new),
        *(_Event("joined", cluster, None, tuple(records)) for cluster, records in came.items()),
        *(
            _Event(_kind(moved, *way), *way, tuple(records))
            for way, records in (merged | went).items()
        ),
        *(_Event("gone", cluster, None) for cluster, heir in moved.gone.items() if heir is None),
    ]


def _kind(moved: Moved, cluster: int, other: int) -> str:
    if moved.gone.get(cluster) == other:
        return "merged"
    return "split" if other in moved.new or other in moved.back else "moved"
