"""A library's own version of a record that it has overlaid with the hub's, kept beside it.

Members take masters over into their systems and are harvested again. What came back is the hub's
own word: it must not count a second time, and what the library had said itself must not be lost by
it, or masters would lose a little with each round. So the last version that was the library's own
goes on being matched and merged; of the echo only the holdings count. It ends with the next version
that is the library's own again, or when the echo is that of another cluster.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, select

from catalogue import match
from catalogue.match import FEATURES_VERSION, Features
from catalogue.merge import is_echo, named_by
from catalogue.sql import chunks, table
from catalogue.tables import ClusterRow, MemberRow, RecordRow
from crosswalks import stored

if TYPE_CHECKING:
    from catalogue.store.apply import Applied

_MOST_SUCCESSORS = 100
_records, _clusters = table(RecordRow).c, table(ClusterRow).c


class _Own(NamedTuple):
    parsed: str
    features: str


def keep_own(connection: Connection, applied: Applied, hub: str) -> None:
    """Have rows about to be changed to echoes of this hub keep what their library said itself."""
    echoes = {row["b_id"]: row for row in applied.changed if _comes_back(row, hub)}
    if not echoes:
        return
    named = {key: _named(row, hub) for key, row in echoes.items()}
    own = _own(connection, echoes, hub)
    home = _homes(connection, own)
    goes_to = _survivors(connection, {name for names in named.values() for name in names})
    keep = {
        key: each
        for key, each in own.items()
        if not named[key] or home.get(key) in {goes_to.get(name) for name in named[key]}
    }
    _put(applied, keep)


def keep_mapped(connection: Connection, applied: Applied) -> None:
    """Have rows that are mapped again be matched by their library's own version, where kept."""
    rows = [row["b_id"] for row in applied.changed if "parsed" in row]
    _put(applied, {key: _of(row) for key, row in _stored(connection, rows) if row.own})


def _put(applied: Applied, own: Mapping[int, _Own]) -> None:
    names = {applied.ids[name]: name for name in applied.placed_again}
    for row in applied.changed:
        each = own.get(row["b_id"])
        if each is None:
            continue
        row |= {"own": each.parsed, "features": each.features}
        name = names.get(row["b_id"])
        if name is not None and applied.placed_again[name][1]:
            keys = match.keys(Features.from_json(each.features))
            applied.placed_again[name] = (applied.placed_again[name][0], keys)


def _comes_back(row: Mapping[str, Any], hub: str) -> bool:
    parsed: str = row.get("parsed") or ""
    # To read each record again would take long, and hardly any bears this hub's code.
    return hub in parsed and is_echo(stored.from_json(parsed), hub)


def _named(row: Mapping[str, Any], hub: str) -> tuple[str, ...]:
    return named_by(stored.from_json(row["parsed"]), hub)


def _own(connection: Connection, records: Collection[int], hub: str) -> dict[int, _Own]:
    """Return what libraries said themselves of these records, where that is known."""
    return {
        key: _of(row)
        for key, row in _stored(connection, records)
        if row.own or (row.parsed and not is_echo(stored.from_json(row.parsed), hub))
    }


def _stored(connection: Connection, records: Iterable[int]) -> Iterator[tuple[int, Any]]:
    query = select(
        _records.id, _records.own, _records.parsed, _records.features, _records.features_version
    )
    for chunk in chunks(records):
        for row in connection.execute(query.where(_records.id.in_(chunk))):
            yield row.id, row


def _of(row: Any) -> _Own:
    parsed = row.own or row.parsed
    if row.features_version == FEATURES_VERSION and row.features:
        return _Own(parsed, row.features)
    return _Own(parsed, match.features(stored.from_json(parsed)).to_json())


def _homes(connection: Connection, records: Collection[int]) -> dict[int, int]:
    query = select(MemberRow.record_id, MemberRow.cluster_id)
    return {
        record: cluster
        for chunk in chunks(records)
        for record, cluster in connection.execute(query.where(MemberRow.record_id.in_(chunk)))
    }


def _survivors(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """Return the cluster that each public id stands for now: itself, or its last successor."""
    query = select(_clusters.public_id, _clusters.id, _clusters.successor_id)
    found = {
        row.public_id: (row.id, row.successor_id)
        for chunk in chunks(names)
        for row in connection.execute(query.where(_clusters.public_id.in_(chunk)))
    }
    return {name: _last(connection, *each) for name, each in found.items()}


def _last(connection: Connection, cluster: int, successor: int | None) -> int:
    for _ in range(_MOST_SUCCESSORS):
        if successor is None:
            return cluster
        cluster = successor
        query = select(_clusters.successor_id).where(_clusters.id == cluster)
        successor = connection.execute(query).scalar()
    return cluster
