"""What placements read of overlays, and how these stand after one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from catalogue.cluster import read
from catalogue.overlays.applying import Laid
from catalogue.overlays.model import AnyField, Change, Kind, State
from catalogue.overlays.tables import OverlayRow
from catalogue.sql import Lookup, table
from crosswalks import stored
from crosswalks.model import Control, Field, Record, Schema

_rows = table(OverlayRow).c
_OF_CLUSTERS = Lookup(
    select(
        _rows.cluster_id,
        _rows.id,
        _rows.kind,
        _rows.beneath,
        _rows.over,
        _rows.within,
        _rows.records,
        _rows.state,
        _rows.parted,
    ).where(_rows.undone_at.is_(None)),
    _rows.cluster_id,
)


class Stored(NamedTuple):
    """An overlay in force, as a placement needs it."""

    id: int
    change: Change
    records: frozenset[int]
    """Those that its cluster had when it was made."""
    state: State
    parted: bool

    def laid(self, records: Collection[int]) -> Laid:
        """Return it as it is laid over the master of a cluster with these records.

        Where some went elsewhere it may be about what they brought: it holds to the letter then.
        """
        return Laid(self.id, self.change, strict=not self.records <= set(records))


def of_clusters(
    connection: Connection, clusters: Mapping[int, Iterable[int]]
) -> dict[int, list[Stored]]:
    """Return the overlays in force of clusters and of those that went into each, oldest first."""
    heir = {each: cluster for cluster, those in clusters.items() for each in (cluster, *those)}
    found: defaultdict[int, list[Stored]] = defaultdict(list)
    for row in _OF_CLUSTERS.rows(connection, sorted(heir)):
        found[heir[row.cluster_id]].append(_stored(row))
    return {cluster: sorted(those, key=lambda each: each.id) for cluster, those in found.items()}


def write(connection: Connection, placed: Sequence[Stored], states: Mapping[int, State]) -> None:
    """Store how overlays stand now, where that is otherwise than before; members are written."""
    clusters = read.membership(connection, {name for each in placed for name in each.records})
    changed = []
    for each in placed:
        parted = len({clusters[record] for record in each.records if record in clusters}) > 1
        state = states.get(each.id, each.state)
        if (state, parted) != (each.state, each.parted):
            changed.append({"b_id": each.id, "b_state": state.value, "b_parted": parted})
    if changed:
        connection.execute(_STAND, changed)


_STAND = (
    update(table(OverlayRow))
    .where(_rows.id == bindparam("b_id"))
    .values(state=bindparam("b_state"), parted=bindparam("b_parted"))
)


def _stored(row: Any) -> Stored:
    return Stored(
        id=row.id,
        change=change_of(row),
        records=frozenset(json.loads(row.records)),
        state=State(row.state),
        parted=row.parted,
    )


def change_of(row: Any) -> Change:
    """Return what a row is to do."""
    within = field_of(row.within)
    return Change(
        kind=Kind(row.kind),
        beneath=field_of(row.beneath),
        over=field_of(row.over),
        within=within if isinstance(within, Field) else None,
    )


def field_of(text: str) -> AnyField | None:
    """Return the field that ``text_of`` wrote, None for nothing."""
    if not text:
        return None
    [field] = stored.from_json(text).fields
    assert isinstance(field, Control | Field)
    return field


def text_of(field: AnyField | None) -> str:
    """Return a field as JSON, empty for none."""
    return stored.to_json(Record(schema=Schema.MARC21, fields=(field,))) if field else ""
