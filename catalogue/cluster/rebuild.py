"""The whole partition worked out anew, and what is stored brought to it where it is another.

Only a record whose cluster, keys or alarms are not as they should be is left to wait, to be placed
as any other; whichever step a killed process got to, what waits then ends in the same. Links
between records that wait only for other rules are corrected at once, and such a record is taken off
the list where all else about it is right.

What changes meanwhile waits by itself. Whatever is placed meanwhile stops this: what is not done
by then is left to be placed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, delete, select

from catalogue import clock, policies
from catalogue.cluster import asking, read, whole
from catalogue.cluster.apart import arriving
from catalogue.cluster.effect import PolicyEffect, compared, waiting
from catalogue.cluster.guarded import Guarded, Stopped
from catalogue.cluster.whole import Catalogue, Whole
from catalogue.cluster.whole.differing import Correction, correction
from catalogue.cluster.whole.stored import WORDS, Ids, Members, StoredLinks
from catalogue.database import Database
from catalogue.match import Policy
from catalogue.policies import Live
from catalogue.sql import chunks, delete_rows, insert_missing, table, upsert
from catalogue.tables import DeadKeyRow, DirtyRow, EdgeRow, LargeComponentRow
from catalogue.waking import JUDGED_ANEW

_AT_ONCE = 2000
"""Rows written in a transaction."""


class Rebuilt(NamedTuple):
    """What was found."""

    records: int
    again: int
    """Records that wait to be placed again, since what is stored of them is not right."""
    spared: int
    """Records that waited for another look, and need no other."""
    links: int
    """Links corrected at once."""
    interrupted: bool
    """Something else was placed meanwhile: the rest waits, to be placed."""
    effect: PolicyEffect
    """What becomes of the clusters there were."""


class _Now(NamedTuple):
    """What is stored, of the snapshot that the records are read in."""

    links: StoredLinks
    members: Members
    dead: set[str]
    large: dict[int, int]
    idle: Ids
    """Records that wait only to be judged anew."""
    waiting: int
    """Records that wait for whatever reason."""
    policy: Policy

    def effect(self, found: Whole) -> PolicyEffect:
        """Return what becomes of the clusters."""
        return compared(found, self.links, self.members, self.policy, self.waiting)


def rebuild(database: Database, processes: int | None = None, *, dry_run: bool = False) -> Rebuilt:
    """Work out the partition by the policy in use, and have placed again what is not as it says.

    A dry run only says what that is.
    """
    with database.reading_primary() as connection:
        # Before the snapshot: if the policy changes in between, so does the turn.
        turn = clock.read(connection).turn
        live = policies.live(connection)
    now: list[_Now] = []

    def taken(folder: Path) -> Catalogue:
        with database.reading_primary() as connection:
            now.append(_now(connection, live))
            return Catalogue.read(connection, folder)

    with whole.work_out(taken, live.policy, processes) as found:
        writing = Writing(database, live.id, turn)
        return writing.foresee(found, now[0]) if dry_run else writing.correct(found, now[0])


def rebuild_from(database: Database, result: Path, *, dry_run: bool = False) -> Rebuilt:
    """Do the same by what was worked out apart from the hub, from an export of it.

    Records that changed since then wait and are placed as any other. Once anything was placed
    since, no link is corrected and nothing taken off the list at once: what differs is placed
    again. Raises what ``arriving.arrived`` does.
    """
    with database.reading_primary() as connection:
        turn = clock.read(connection).turn
        live = policies.live(connection)
        now = _now(connection, live)
    if arriving.take(result, live).origin.turn != turn:
        now = now._replace(idle=np.zeros(0, np.int64))
    with arriving.arrived(database, result, live) as found:
        writing = Writing(database, live.id, turn)
        return writing.foresee(found, now) if dry_run else writing.correct(found, now)


def _now(connection: Connection, live: Live) -> _Now:
    policy_id = live.id
    dead = select(DeadKeyRow.key).where(DeadKeyRow.policy_id == policy_id)
    large = table(LargeComponentRow).c
    alarms = select(large.record_id, large.size).where(large.policy_id == policy_id)
    idle = (
        select(DirtyRow.record_id)
        .where(DirtyRow.policy_id == policy_id, DirtyRow.rev == JUDGED_ANEW, read.not_failed())
        .order_by(DirtyRow.record_id)
    )
    return _Now(
        links=StoredLinks.read(connection, policy_id, reasons=True),
        members=Members.read(connection),
        dead=set(connection.execute(dead).scalars()),
        large=dict(map(tuple, connection.execute(alarms))),
        idle=np.fromiter(connection.execute(idle).scalars(), np.int64),
        waiting=waiting(connection, policy_id),
        policy=live.policy,
    )


class Writing(Guarded):
    """Writes corrections as long as nobody else places anything."""

    def __init__(self, database: Database, policy_id: int, turn: int) -> None:
        super().__init__(database, turn)
        self._policy_id = policy_id
        self._links = 0
        self._spared = 0
        self._woken: set[int] = set()

    def correct(self, found: Whole, now: _Now) -> Rebuilt:
        """Bring what is stored to what was found."""
        done = correction(found, now.links, now.members, now.idle)
        again = done.again | self._alarms(found, now)
        interrupted = False
        try:
            self._turn_keys(found, now)
            self._wake(again)
            self._correct_links(found, done)
            self._spare(sorted(set(now.idle.tolist()) - self._woken))
        except Stopped:
            interrupted = True
        return Rebuilt(
            records=len(found.ids),
            again=len(again),
            spared=self._spared,
            links=self._links,
            interrupted=interrupted,
            effect=now.effect(found),
        )

    def foresee(self, found: Whole, now: _Now) -> Rebuilt:
        """Return what ``correct`` would do."""
        done = correction(found, now.links, now.members, now.idle)
        again = done.again | self._alarms(found, now)
        with self._database.reading_primary() as connection:
            for keys in chunks(sorted(now.dead ^ found.dead.keys()), _AT_ONCE // 20):
                again.update(*read.blocks(connection, self._policy_id, keys).values())
        return Rebuilt(
            records=len(found.ids),
            again=len(again),
            spared=len(set(now.idle.tolist()) - again),
            links=len(done.gone) + len(done.come.a),
            interrupted=False,
            effect=now.effect(found),
        )

    def _alarms(self, found: Whole, now: _Now) -> set[int]:
        """Return a record of each component that is too large, or was, where that is news."""
        large = {int(found.ids[number]): size for number, size in found.large.items()}
        return {record for record, _ in large.items() ^ now.large.items()}

    def _turn_keys(self, found: Whole, now: _Now) -> None:
        """Wake all who hold a key that is held by too many now, or is not any more."""
        for some in chunks(sorted(now.dead ^ found.dead.keys()), _AT_ONCE // 20):
            self.write(partial(self._turn_some, keys=some, found=found))

    def _turn_some(self, connection: Connection, keys: list[str], found: Whole) -> None:
        holders = read.blocks(connection, self._policy_id, keys)
        columns = table(DeadKeyRow).c
        revived = [key for key in keys if key not in found.dead]
        connection.execute(
            delete(table(DeadKeyRow)).where(
                columns.policy_id == self._policy_id, columns.key.in_(revived)
            )
        )
        self._wake_some(connection, {record for block in holders.values() for record in block})

    def _wake(self, records: Iterable[int]) -> None:
        for some in chunks(sorted(records), _AT_ONCE):
            self.write(partial(self._wake_some, records=some))

    def _wake_some(self, connection: Connection, records: Iterable[int]) -> None:
        rows = [
            {"policy_id": self._policy_id, "record_id": record, "rev": JUDGED_ANEW}
            for record in sorted(records)
        ]
        insert_missing(connection, DirtyRow, rows)
        self._woken.update(records)

    def _correct_links(self, found: Whole, done: Correction) -> None:
        for some in chunks(done.gone.tolist(), _AT_ONCE):
            self.write(partial(self._part, pairs=some))
            self._links += len(some)
        columns = zip(*(column.tolist() for column in done.come), strict=True)
        for links in chunks(columns, _AT_ONCE):
            rows = [self._row(found, link) for link in links]
            self.write(partial(self._link, rows=rows))
            self._links += len(rows)

    def _part(self, connection: Connection, pairs: list[list[int]]) -> None:
        names = ("policy_id", "a", "b")
        delete_rows(connection, EdgeRow, names, [(self._policy_id, *pair) for pair in pairs])
        asking.refresh_around(connection, self._policy_id, {end for pair in pairs for end in pair})

    def _link(self, connection: Connection, rows: list[dict[str, Any]]) -> None:
        upsert(connection, EdgeRow, rows)
        ends = {row[end] for row in rows for end in ("a", "b")}
        asking.refresh_around(connection, self._policy_id, ends)

    def _row(self, found: Whole, link: tuple[Any, ...]) -> dict[str, Any]:
        a, b, word, score, reason = link
        return {
            "policy_id": self._policy_id,
            "a": int(found.ids[a]),
            "b": int(found.ids[b]),
            "decision": WORDS[word],
            "score": score,
            "reasons": found.reasons[reason],
        }

    def _spare(self, records: list[int]) -> None:
        """Take records off the list, but for those that changed meanwhile."""
        names = ("policy_id", "record_id", "rev")
        for some in chunks(records, _AT_ONCE):
            rows = [(self._policy_id, record, JUDGED_ANEW) for record in some]
            self.write(partial(delete_rows, model=DirtyRow, names=names, values=rows))
            self._spared += len(some)
