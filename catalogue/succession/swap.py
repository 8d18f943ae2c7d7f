"""Old records that go on as new ones: a batch of pairs in one transaction.

The old row keeps its key, and takes over what the new row is called and says. The new row takes the
old name, deleted, so that the old identifier still answers. What points at a record by its key
stays true; what pointed at the new row moves along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from catalogue.match import FEATURES_VERSION, keys
from catalogue.model import RecordState
from catalogue.sql import table, upsert
from catalogue.store import held
from catalogue.store.apply import Applied, change_records, write_keys
from catalogue.store.problems import OF_PLACEMENT, forget
from catalogue.succession.work import KEPT, Work, ends, features_of, parted, this_pair
from catalogue.tables import (
    HeldRow,
    HoldingRow,
    ProblemRow,
    QuarantineRow,
    RecordRow,
    SourceRow,
    SuccessionPairRow,
    VerdictEventRow,
    VerdictRow,
)

_records, _pairs = table(RecordRow), table(SuccessionPairRow)
_verdicts, _events = table(VerdictRow), table(VerdictEventRow)
_TAKEN = (
    "source_id",
    "identifier",
    "state",
    "datestamp",
    "format",
    "crosswalk_version",
    "seen_run",
    "raw_hash",
    "content_hash",
    "features_version",
    "features",
    "parsed",
    "raw",
    "refused",
    "own",
    "arrived",
    "listed",
)
"""What the old row takes over as it stands in the new one; its rev is its own."""


class Swapped(NamedTuple):
    """What a step did."""

    pairs: int
    """How many it took; 0 = none are left."""
    dirty: int
    """How many records have to be placed."""


class _Pair(NamedTuple):
    old: Any
    new: Any


def swap(connection: Connection, work: Work) -> Swapped:
    """Let the old records of the next pairs go on as the new ones."""
    lock(connection, work)
    query = (
        select(_pairs.c.old_id, _pairs.c.new_id)
        .where(_pairs.c.succession_id == work.key, _pairs.c.state == "paired")
        .order_by(_pairs.c.old_id, _pairs.c.new_id)
        .limit(work.step)
    )
    found = [(old, new) for old, new in connection.execute(query)]
    if not found:
        return Swapped(0, 0)
    pairs = _rows(connection, work, found)
    sound = [(pair.old.id, pair.new.id) for pair in pairs]
    _mark(connection, work, sound, "applied")
    _mark(connection, work, sorted(set(found) - set(sound)), "outdated")
    if not pairs:
        return Swapped(len(found), 0)
    _settle_old(connection, [old for old, _ in sound])
    heirs = {new: old for old, new in sound}
    _move(connection, heirs)
    _move_verdicts(connection, heirs)
    return Swapped(len(found), _write(connection, pairs))


def lock(connection: Connection, work: Work) -> None:
    """Lock both sources: no page and no record mapped again is stored meanwhile."""
    both = SourceRow.id.in_((work.old_id, work.new_id))
    connection.execute(
        select(SourceRow.id).where(both).order_by(SourceRow.id).with_for_update()
    ).all()


def _rows(connection: Connection, work: Work, found: Sequence[tuple[int, int]]) -> list[_Pair]:
    """Return the rows of pairs that are still what they were when they were found."""
    every = [key for pair in found for key in pair]
    query = select(_records).where(_records.c.id.in_(every), _records.c.state.in_(KEPT))
    rows = {row.id: row for row in connection.execute(query)}
    # Somebody may have looked at a pair since: it waits for as long as a succession stands still.
    apart = parted(connection, found)
    return [
        _Pair(rows[old], rows[new])
        for old, new in found
        if (old, new) not in apart
        and old in rows
        and new in rows
        and rows[old].source_id == work.old_id
        and rows[new].source_id == work.new_id
        and rows[new].parsed is not None
    ]


def _mark(connection: Connection, work: Work, found: Sequence[tuple[int, int]], state: str) -> None:
    if found:
        statement = update(_pairs).where(*this_pair(work.key)).values(state=state)
        connection.execute(statement, ends(found))


def _settle_old(connection: Connection, olds: list[int]) -> None:
    """Take away what was said and held of the old records: what they say now is another's."""
    held.carry_out_as_done(connection, olds)
    connection.execute(delete(QuarantineRow).where(QuarantineRow.record_id.in_(olds)))
    forget(connection, olds)


def _move(connection: Connection, heirs: Mapping[int, int]) -> None:
    """Let what points at the new rows point at those that go on as they."""
    forget(connection, list(heirs), ProblemRow.code.in_(OF_PLACEMENT))
    rows = [{"b_new": new, "b_old": old} for new, old in heirs.items()]
    for kind in (ProblemRow, QuarantineRow, HeldRow, HoldingRow):
        column = table(kind).c.record_id
        connection.execute(
            update(table(kind))
            .where(column == bindparam("b_new"))
            .values(record_id=bindparam("b_old")),
            rows,
        )


def _move_verdicts(connection: Connection, heirs: Mapping[int, int]) -> None:
    """Let what people decided of the new rows hold of the old ones; what was said last counts."""
    a, b = _verdicts.c.a, _verdicts.c.b
    # Two look-ups, each on its own index.
    told = [
        row
        for end in (a, b)
        for row in connection.execute(select(_verdicts).where(end.in_(list(heirs))))
    ]
    _move_history(connection, heirs)
    if not told:
        return
    statement = delete(_verdicts).where(a == bindparam("b_a"), b == bindparam("b_b"))
    connection.execute(statement, [{"b_a": row.a, "b_b": row.b} for row in told])
    for row in sorted(told, key=lambda row: row.made):
        low, high = sorted((heirs.get(row.a, row.a), heirs.get(row.b, row.b)))
        made = select(_verdicts.c.made).where(a == low, b == high)
        before = connection.execute(made).scalar()
        if low != high and (before is None or before <= row.made):
            upsert(connection, VerdictRow, [dict(row._mapping) | {"a": low, "b": high}])


def _move_history(connection: Connection, heirs: Mapping[int, int]) -> None:
    """Let the steps that led to these verdicts be told of the same records as they."""
    found = {
        row.id: row
        for end in (_events.c.a, _events.c.b)
        for row in connection.execute(select(_events).where(end.in_(list(heirs))))
    }
    statement = update(_events).where(_events.c.id == bindparam("b_id"))
    for row in found.values():
        low, high = sorted((heirs.get(row.a, row.a), heirs.get(row.b, row.b)))
        connection.execute(statement.values(a=low, b=high), {"b_id": row.id})


def _write(connection: Connection, pairs: Sequence[_Pair]) -> int:
    """Write both rows of each pair; return how many records have to be placed."""
    # No two rows may have one name at any moment.
    aside = [{"b_id": new.id, "identifier": f"succeeding:{new.id}"} for _, new in pairs]
    change_records(connection, aside)
    change_records(connection, [_gone_on(old, new) for old, new in pairs])
    change_records(connection, [_retired(old, new) for old, new in pairs])
    placed = {RecordState.ACTIVE.value, RecordState.SUPPRESSED.value}
    left = [pair for pair in pairs if pair.new.state in placed]
    applied = Applied(
        ids={f"+{old.id}": old.id for old, _ in pairs} | {f"-{new.id}": new.id for _, new in left},
        placed_again={f"+{old.id}": (old.rev + 1, _keys(new)) for old, new in pairs}
        | {f"-{new.id}": (new.rev + 1, ()) for _, new in left},
    )
    write_keys(connection, applied)
    return applied.dirty


def _keys(new: Any) -> tuple[str, ...]:
    if new.state == RecordState.SUPPRESSED.value:
        return ()
    return keys(features_of(new))


def _gone_on(old: Any, new: Any) -> dict[str, Any]:
    taken = {name: new._mapping[name] for name in _TAKEN}
    if new.state == RecordState.WAITING.value:
        taken["state"] = RecordState.ACTIVE.value
    return {"b_id": old.id, "rev": old.rev + 1, "stamp": None, **taken}


def _retired(old: Any, new: Any) -> dict[str, Any]:
    """Return a new row as the old record that was deleted: what it said last is kept with it."""
    return {
        "b_id": new.id,
        "source_id": old.source_id,
        "identifier": old.identifier,
        "state": RecordState.DELETED.value,
        "rev": new.rev + 1,
        "datestamp": old.datestamp,
        "format": old.format,
        "crosswalk_version": "",
        "seen_run": old.seen_run,
        "raw_hash": held.NO_BYTES,
        "content_hash": b"",
        "features_version": FEATURES_VERSION,
        "features": None,
        "parsed": None,
        "raw": old.raw,
        "refused": False,
        "own": None,
        "stamp": None,
        "listed": old.listed,
    }
