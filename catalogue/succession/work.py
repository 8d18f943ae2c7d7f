"""Who finds or carries out the pairs of a succession, and how each write of it is fenced."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, bindparam, exists, update

from catalogue import queue
from catalogue.cluster import read
from catalogue.cluster.cut import Pair
from catalogue.database import Database
from catalogue.match import FEATURES_VERSION, Features, features
from catalogue.model import Lease, RecordState
from catalogue.sql import table
from catalogue.tables import RecordRow, SuccessionPairRow, SuccessionRow
from crosswalks import stored

T = TypeVar("T")

KEPT = [state.value for state in RecordState if state.is_kept]

_records, _pairs = table(RecordRow), table(SuccessionPairRow)


class Work(NamedTuple):
    """Who pairs, for which succession, and the two sources."""

    leases: tuple[Lease, ...]
    """Of the succession and, where it is carried out, of the harvests of both sources."""
    key: int
    old_id: int
    new_id: int
    step: int = 200
    """Pairs of a transaction: SQLite's other writers wait for as long as one is written."""


def write(database: Database, work: Work, do: Callable[[Connection], T]) -> T:
    """Write in one transaction that proves the leases first. Raises LeaseLost."""

    def fenced(connection: Connection) -> T:
        for lease in work.leases:
            queue.renew(connection, lease)
        return do(connection)

    return database.writing(fenced)


def note(connection: Connection, key: int, **values: object) -> None:
    """Set columns of a succession."""
    connection.execute(update(SuccessionRow).where(SuccessionRow.id == key).values(**values))


def took_over(key: int) -> ColumnElement[bool]:
    """Return the condition that a record of the new source was one of the old source's."""
    return exists().where(
        _pairs.c.succession_id == key,
        _pairs.c.old_id == _records.c.id,
        _pairs.c.state == "applied",
    )


def this_pair(key: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a pair meets whose ends are bound by ``ends``."""
    return (
        _pairs.c.succession_id == key,
        _pairs.c.old_id == bindparam("b_old"),
        _pairs.c.new_id == bindparam("b_new"),
    )


def ends(pairs: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the ends of pairs as ``this_pair`` binds them."""
    return [{"b_old": old, "b_new": new} for old, new in pairs]


def parted(connection: Connection, pairs: Collection[Pair]) -> set[Pair]:
    """Return those (old, new) pairs of which a person said that they are different."""
    found = read.verdicts(connection, {end for pair in pairs for end in pair})
    return {(old, new) for old, new in pairs if found.get(_sorted(old, new)) == "different"}


def _sorted(old: int, new: int) -> Pair:
    return min(old, new), max(old, new)


def features_of(row: Any) -> Features:
    """Return the features of a row, made anew where another version made them."""
    if row.features_version != FEATURES_VERSION or row.features is None:
        return features(stored.from_json(row.parsed))
    return Features.from_json(row.features)
