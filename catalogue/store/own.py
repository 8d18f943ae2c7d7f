"""A library's own version of a record that it has overlaid with the hub's, kept beside it.

Members take masters over into their systems and are harvested again. What came back is the hub's
own word: it must not count a second time, and what the library had said itself must not be lost by
it, or masters would lose a little with each round. So the last version that was the library's own
goes on being matched and merged; of the echo only the holdings count. It ends with the next version
that is the library's own again, or when the echo is that of another cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from catalogue import match
from catalogue.cluster import read
from catalogue.match import FEATURES_VERSION, Features
from catalogue.merge import is_echo, numbers_of
from catalogue.sql import chunks, table
from catalogue.tables import RecordRow
from crosswalks import stored

if TYPE_CHECKING:
    from catalogue.store.apply import Applied

_records = table(RecordRow).c


class _Own(NamedTuple):
    parsed: str
    features: str


def keep_own(connection: Connection, applied: Applied, hub: str) -> None:
    """Have rows about to be changed to echoes of this hub keep what their library said itself."""
    named = dict(_echoes(applied.changed, hub))
    if not named:
        return
    own = {
        row.id: _of(row)
        for row in _stored(connection, named)
        if row.own or (row.parsed and not is_echo(stored.from_json(row.parsed), hub))
    }
    home = read.membership(connection, own)
    goes_to = read.survivors(connection, {name for names in named.values() for name in names})
    keep = {
        key: each
        for key, each in own.items()
        if not named[key] or home.get(key) in {goes_to.get(name) for name in named[key]}
    }
    _put(applied, keep)


def keep_mapped(connection: Connection, applied: Applied) -> None:
    """Have rows that are mapped again be matched by their library's own version, where kept."""
    rows = [row["b_id"] for row in applied.changed if "parsed" in row]
    _put(
        applied, {row.id: _of(row) for row in _stored(connection, rows, _records.own.is_not(None))}
    )


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


def _echoes(rows: Iterable[Mapping[str, Any]], hub: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the records that come back, each with the ids of clusters that it bears."""
    for row in rows:
        parsed: str = row.get("parsed") or ""
        # To read each record again would take long, and hardly any bears this hub's code.
        if hub in parsed and is_echo(record := stored.from_json(parsed), hub):
            yield row["b_id"], numbers_of(record, hub)


def _stored(
    connection: Connection, records: Iterable[int], *where: ColumnElement[bool]
) -> Iterator[Any]:
    query = select(
        _records.id, _records.own, _records.parsed, _records.features, _records.features_version
    ).where(*where)
    for chunk in chunks(records):
        yield from connection.execute(query.where(_records.id.in_(chunk)))


def _of(row: Any) -> _Own:
    parsed = row.own or row.parsed
    if row.features_version == FEATURES_VERSION and row.features:
        return _Own(parsed, row.features)
    return _Own(parsed, match.features(stored.from_json(parsed)).to_json())
