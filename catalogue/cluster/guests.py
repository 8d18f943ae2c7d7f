"""Where records that are not in the catalogue would stand in it: worked out, and nothing written.

The records of a live search are judged by the very code that places what is harvested, so what is
one publication there is one here. A record that was harvested under the same name is the one that
is stored, whatever it says now: it stands where that one stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from catalogue import policies
from catalogue.cluster import read
from catalogue.cluster.plan import group
from catalogue.cluster.read import Keyring, Node, Waiting
from catalogue.database import Database
from catalogue.match import Features
from catalogue.model import RecordState
from catalogue.sql import Lookup, chunks, table
from catalogue.tables import ClusterRow, ItemRow, RecordRow, SourceRow, ViewRow

_records, _sources = table(RecordRow).c, table(SourceRow).c
_items, _clusters = table(ItemRow).c, table(ClusterRow).c
_NAMED = Lookup(
    select(_records.identifier, _records.id).where(
        _records.source_id == bindparam("source"), _records.state == bindparam("state")
    ),
    _records.identifier,
)


class Guest(NamedTuple):
    """A record from elsewhere as matching sees it, and what it is called."""

    name: tuple[str, str]
    """Source, or an address that is none, and identifier."""
    features: Features


class Seat(NamedTuple):
    """Where a guest stands."""

    group: int
    """The same number for all that are one publication."""
    public_id: str
    """Of the cluster that it would join, where the view shows that; else empty."""


def seats(database: Database, guests: Sequence[Guest], view: str = "public") -> list[Seat]:
    """Return where each guest would stand; names are unique."""
    if not guests:
        return []
    with database.reading() as connection:
        stored = _stored(connection, [guest.name for guest in guests])
        homes = read.membership(connection, stored.values())
        clusters = {
            place: homes[stored[guest.name]]
            for place, guest in enumerate(guests)
            if stored.get(guest.name) in homes
        }
        strangers = {
            -1 - place: Node(name=guest.name, features=guest.features)
            for place, guest in enumerate(guests)
            if place not in clusters
        }
        groups = _grouped(connection, strangers)
        for node, (_, cluster) in groups.items():
            if cluster:
                clusters[-1 - node] = cluster
        shown = _shown(connection, set(clusters.values()), view)
        return [
            Seat(clusters[place], shown.get(clusters[place], ""))
            if place in clusters
            else Seat(groups[-1 - place][0], "")
            for place in range(len(guests))
        ]


def _grouped(connection: Connection, strangers: Mapping[int, Node]) -> dict[int, tuple[int, int]]:
    """Return for each the least of its group, and the cluster that this would be, 0: a new one."""
    live = policies.live(connection)
    waiting = [Waiting(id=node, dirty_rev=0, rev=0, active=True) for node in strangers]
    found = group(connection, live, waiting, Keyring(connection, live.id), strangers)
    return {
        node: (max(members & strangers.keys()), found.assignment.kept.get(position, 0))
        for position, members in enumerate(found.groups)
        for node in members & strangers.keys()
    }


def _stored(connection: Connection, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the records that are stored by these names, as sources deliver them."""
    wanted: dict[str, set[str]] = {}
    for source, identifier in names:
        wanted.setdefault(source, set()).add(identifier)
    known = select(_sources.code, _sources.id).where(_sources.code.in_(wanted))
    return {
        (code, identifier): record
        for code, source in connection.execute(known).all()
        for identifier, record in _NAMED.rows(
            connection, wanted[code], source=source, state=RecordState.ACTIVE.value
        )
    }


def _shown(connection: Connection, clusters: set[int], view: str) -> dict[int, str]:
    query = (
        select(_items.cluster_id, _clusters.public_id)
        .join_from(table(ItemRow), table(ClusterRow), _clusters.id == _items.cluster_id)
        .join(ViewRow, ViewRow.id == _items.view_id)
        .where(ViewRow.name == view, ~_items.deleted)
    )
    return {
        cluster: public_id
        for chunk in chunks(sorted(clusters))
        for cluster, public_id in connection.execute(query.where(_items.cluster_id.in_(chunk)))
    }
