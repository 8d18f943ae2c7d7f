"""What T1 does with each record: add, change, delete, refuse, or leave as it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from catalogue import clock
from catalogue.errors import PageOutdated
from catalogue.match import FEATURES_VERSION
from catalogue.model import RecordState, RunHandle
from catalogue.rows import insert_many, new_ids, upsert_many, upsert_tuples
from catalogue.sql import Prepared, chunks, table
from catalogue.store.own import keep_own
from catalogue.store.prepare import Incoming
from catalogue.store.problems import write_problems
from catalogue.tables import (
    DeliveryRow,
    DirtyRow,
    MatchKeyRow,
    PolicyRow,
    RecordRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the catalogue holds of an identifier before a page."""

    id: int
    state: RecordState
    rev: int
    raw_hash: bytes
    content_hash: bytes
    crosswalk_version: str
    features_current: bool
    refused: bool
    seen_run: int = 0
    held: bool = False
    """Whether its deletion waits for the end of a run."""

    def same_bytes(self, raw_hash: bytes, versions: Collection[str]) -> bool:
        """Tell whether these bytes, mapped by any of these, are what is live and came last.

        Equal bytes are of one schema, so that of all current versions they have the right one.
        """
        return (
            self.state.is_kept
            and not self.refused
            and self.raw_hash == raw_hash
            and self.crosswalk_version in versions
            and self.features_current
        )


class Writer(NamedTuple):
    """The run and the source that rows are written for."""

    run_id: int
    source_id: int
    seen_since: int | None = None
    """Where several sets are harvested: the first run of the harvest under way."""
    waits: bool = False
    """Whether its new records wait until it takes over from another source."""
    now: int = 0
    """When it writes, epoch seconds."""


@dataclass(slots=True)
class Applied:
    """The rows a page leads to, gathered record by record and written in bulk."""

    actions: list[tuple[Incoming, str]] = field(default_factory=list)
    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    placed_again: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    """Identifier -> its new rev and keys."""
    refused_live: set[str] = field(default_factory=set)
    alive: list[int] = field(default_factory=list)
    """Records whose deletion was held, and that came alive again."""
    read_again: list[int] = field(default_factory=list)
    """Records that were in quarantine, and are not any more."""

    @property
    def dirty(self) -> int:
        """How many records have to be placed."""
        return len(self.placed_again)

    def log(self, connection: Connection, run_id: int, start: int) -> None:
        """Write what was done with each record that was not simply unchanged."""
        rows = [
            {
                "run_id": run_id,
                "seq": start + each.raw.position,
                "identifier": each.raw.identifier,
                "action": "deleted" if action == "held" else action,
                "raw_hash": each.raw_hash,
                "state": action if action in ("held", "quarantined") else "applied",
                # The row of a live record keeps its last good version: this one is kept here.
                "raw": each.packed() if each.raw.identifier in self.refused_live else None,
            }
            for each, action in self.actions
            if action != "unchanged"
        ]
        insert_many(connection, DeliveryRow, rows)


def apply(
    connection: Connection,
    run: RunHandle,
    incoming: Sequence[Incoming],
    known: Mapping[str, Known],
) -> Applied:
    """Write the records of a page and tell what was done with each.

    A deletion is not carried out, but held to the end of the run.
    """
    applied = judge(_writer(run), incoming, known, run.versions)
    keep_own(connection, applied, run.hub)
    _write_records(connection, run, applied)
    write_keys(connection, applied)
    told = [(each, applied.ids.get(each.raw.identifier)) for each, _ in applied.actions]
    new = {applied.ids[row["identifier"]] for row in applied.added}
    again = [applied.ids[name] for name in applied.placed_again]
    write_problems(connection, run, told, again, new)
    return applied


def _writer(run: RunHandle) -> Writer:
    since = None
    if len(run.source.sets) > 1:
        # Once a list was complete, what comes after it is another.
        since = run.told_by if run.list_done else run.list_run or run.began or run.told_by
    return Writer(run.told_by, run.source_id, since, run.source.waits, clock.wall_clock())


def judge(
    run: Writer, incoming: Sequence[Incoming], known: Mapping[str, Known], versions: Collection[str]
) -> Applied:
    """Work out what has to be done with each record of a page; nothing is written."""
    applied = Applied()
    for each in incoming:
        before = known.get(each.raw.identifier)
        applied.actions.append((each, _one(applied, run, each, before, versions)))
    return applied


def _one(
    applied: Applied, run: Writer, each: Incoming, before: Known | None, versions: Collection[str]
) -> str:
    if before is not None:
        applied.ids[each.raw.identifier] = before.id
    if each.raw.deleted:
        return _delete(applied, run, before)
    if before is not None and before.held:
        applied.alive.append(before.id)
    if each.read and each.content is None:
        return _quarantine(applied, run, each, before)
    if before is not None and before.same_bytes(each.raw_hash, versions):
        applied.seen.append(before.id)
        return "unchanged"
    if each.content is None:
        raise PageOutdated(name=each.raw.identifier)
    return keep(applied, run, each, before)


def _delete(applied: Applied, run: Writer, before: Known | None) -> str:
    # A deletion of what never was here is no news (OAI-PMH 2.0 s2.5.1 lets them come).
    if before is None:
        return "unchanged"
    applied.seen.append(before.id)
    if before.state is RecordState.DELETED or before.held or _left_a_set(run, before):
        return "unchanged"
    return "held"


def _left_a_set(run: Writer, before: Known) -> bool:
    """Tell whether the record is alive in another set: servers say deleted of one that left a set.

    If it is gone altogether, the next harvest is told so again: it begins where this one began.
    """
    return run.seen_since is not None and before.seen_run >= run.seen_since


def _quarantine(applied: Applied, run: Writer, each: Incoming, before: Known | None) -> str:
    if before is None:
        applied.added.append(_row(run, each, RecordState.QUARANTINED, 1))
    elif before.state.is_kept:
        # What cannot be read leaves the earlier version live.
        applied.refused_live.add(each.raw.identifier)
        row = {"b_id": before.id, "refused": True, "seen_run": run.run_id}
        applied.changed.append(row)
    else:
        row = _row(run, each, RecordState.QUARANTINED, before.rev)
        applied.changed.append({"b_id": before.id, **row})
    return "quarantined"


def keep(
    applied: Applied,
    run: Writer,
    each: Incoming,
    before: Known | None,
) -> str:
    """Work out what becomes of a record that could be read; tell the action."""
    content = each.content
    assert content is not None
    state = state_of(each, before, waits=run.waits)
    kept = before is not None and before.state.is_kept
    same = (
        before is not None
        and before.state is state
        and before.content_hash == content.hash
        and before.features_current
    )
    rev = (before.rev if before else 0) + (0 if same else 1)
    row = _row(run, each, state, rev) | {
        "crosswalk_version": content.version,
        "content_hash": content.hash,
        "parsed": content.parsed,
        "features": content.features,
    }
    if before is None:
        applied.added.append(row)
    else:
        applied.changed.append({"b_id": before.id, **row})
        if before.refused or before.state is RecordState.QUARANTINED:
            applied.read_again.append(before.id)
    if same:
        return "unchanged"
    if state is not RecordState.WAITING:
        # Without keys it finds no other, and no other finds it.
        keys = content.keys if state is RecordState.ACTIVE else ()
        applied.placed_again[each.raw.identifier] = (rev, keys)
    return "changed" if kept else "added"


def state_of(each: Incoming, before: Known | None, *, waits: bool) -> RecordState:
    """Return the state of a record that could be read, where its source ``waits`` or not."""
    if each.suppressed:
        return RecordState.SUPPRESSED
    # What is in a cluster already never leaves it for this.
    live = before is not None and before.state is RecordState.ACTIVE
    return RecordState.WAITING if waits and not live else RecordState.ACTIVE


def _row(run: Writer, each: Incoming, state: RecordState, rev: int) -> dict[str, Any]:
    return {
        "source_id": run.source_id,
        "identifier": each.raw.identifier,
        "state": state.value,
        "rev": rev,
        "datestamp": each.raw.datestamp,
        "format": each.raw.format,
        "crosswalk_version": "",
        "seen_run": run.run_id,
        "raw_hash": each.raw_hash,
        "content_hash": b"",
        "features_version": FEATURES_VERSION,
        "features": None,
        "parsed": None,
        "raw": each.packed(),
        "refused": False,
        "own": None,
        "arrived": run.now,
        "stamp": None,
    }


def _write_records(connection: Connection, run: RunHandle, applied: Applied) -> None:
    records = table(RecordRow)
    if applied.added:
        ids = new_ids(connection, RecordRow, len(applied.added))
        rows = [{"id": key, **row} for key, row in zip(ids, applied.added, strict=True)]
        insert_many(connection, RecordRow, rows)
        applied.ids.update({row["identifier"]: row["id"] for row in rows})
    change_records(connection, applied.changed)
    for chunk in chunks(applied.seen):
        connection.execute(
            update(records).where(records.c.id.in_(chunk)).values(seen_run=run.told_by)
        )


def change_records(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Set columns of records, each row's by its ``b_id``."""
    records = table(RecordRow)
    for shape in by_shape(rows):
        connection.execute(
            update(records)
            .where(records.c.id == bindparam("b_id"))
            .values({name: bindparam(name) for name in shape[0] if name != "b_id"}),
            shape,
        )


def by_shape(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Group rows that set the same columns: one statement each."""
    shapes: dict[frozenset[str], list[dict[str, Any]]] = {}
    for row in rows:
        shapes.setdefault(frozenset(row), []).append(row)
    return list(shapes.values())


def write_keys(connection: Connection, applied: Applied) -> None:
    """Add the keys of each new rev, and the record to what waits to be placed.

    Keys of an older rev stay until T2 removes them: it has to see which blocks a record left.
    """
    if not applied.placed_again:
        return
    again = [
        (applied.ids[identifier], rev, keys)
        for identifier, (rev, keys) in applied.placed_again.items()
    ]
    for (policy,) in _POLICIES.rows(connection):
        upsert_tuples(
            connection,
            MatchKeyRow,
            ("policy_id", "key", "record_id", "rev"),
            # In their order, which is that of the index they go into.
            sorted([(policy, key, record, rev) for record, rev, keys in again for key in keys]),
        )
        upsert_many(
            connection,
            DirtyRow,
            [{"policy_id": policy, "record_id": record, "rev": rev} for record, rev, _ in again],
        )


_POLICIES = Prepared(select(PolicyRow.id))
"""Made once, not for each page."""
