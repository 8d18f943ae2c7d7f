"""The clusters of a first load, written one batch after the other as they are planned."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from sqlalchemy import Connection, bindparam, select

from catalogue import clock, originals, policies
from catalogue.cluster import newcomers, read
from catalogue.cluster.atonce.choosing import Chosen
from catalogue.cluster.atonce.planning import Desk, plan
from catalogue.cluster.crew import Crew
from catalogue.cluster.guarded import Guarded, Stopped
from catalogue.cluster.place import adopt, told_of
from catalogue.cluster.whole import Catalogue, Whole, work_out
from catalogue.cluster.whole.stored import Ids
from catalogue.cluster.write import Plan, write
from catalogue.database import Database
from catalogue.errors import CatalogueError
from catalogue.match import level
from catalogue.model import HubIdentity
from catalogue.policies import Live
from catalogue.sql import chunks, dialect_insert, insert_missing, table
from catalogue.tables import DeadKeyRow, DirtyRow, MatchKeyRow, MemberRow, VerdictRow
from catalogue.waking import JUDGED_ANEW

_log = logging.getLogger(__name__)
_FEW = 2000
"""Records that are placed before other processes have begun."""
_STEP = 50_000
_KEYS = 200

GetsWhole: TypeAlias = Callable[[Live], AbstractContextManager[Whole]]
"""Gives the partition of the whole catalogue by a policy."""


class PlacedAtOnce(NamedTuple):
    """What was done."""

    records: int
    clusters: int
    interrupted: bool
    """Something else was placed meanwhile, or it was told to stop: the rest waits."""


def place_at_once(
    database: Database,
    hub: HubIdentity,
    whole: GetsWhole | None = None,
    processes: int | None = None,
    told: Callable[[int], bool] = lambda _: True,
) -> PlacedAtOnce:
    """Place the records that were in no cluster yet and hang together only with such.

    The caller has the turn at placing. ``whole`` gives the partition, worked out here by default.
    ``told`` hears how many are left after each batch, and says whether to go on.
    """
    adopt(database)
    with database.reading_primary() as connection:
        now = clock.read(connection)
        live = policies.live(connection)
        never = _new(connection, live.id)
        said = _called_same(connection)
    if not len(never):
        return PlacedAtOnce(0, 0, interrupted=False)
    with (whole or _worked_out(database, processes))(live) as found:
        chosen = Chosen(found, never, said)
        writing = _Writing(database, live, now.turn)
        try:
            split = writing.bury(found.dead)
        except Stopped:
            return PlacedAtOnce(0, 0, interrupted=True)
        desk = partial(Desk.sit_down, database.url, live, hub, frozenset(found.dead))
        with Crew(desk, _processes(len(chosen), processes)) as crew:
            plans = crew.do(plan, chosen.batches(now.last_cluster + 1, split))
            return writing.all(plans, len(chosen), told)


def _processes(records: int, wanted: int | None) -> int:
    if wanted is not None:
        return wanted
    return (os.cpu_count() or 1) if records > _FEW else 0


def _worked_out(database: Database, processes: int | None) -> GetsWhole:
    def taken(folder: Path) -> Catalogue:
        with database.reading_primary() as connection:
            return Catalogue.read(connection, folder)

    return lambda live: work_out(taken, live.policy, processes)


def _new(connection: Connection, policy_id: int) -> Ids:
    record = table(DirtyRow).c.record_id
    query = newcomers.waiting(policy_id).order_by(record).limit(_STEP)
    parts = [np.zeros(0, np.int64)]
    last = 0
    while rows := connection.scalars(query.where(record > last)).all():
        parts.append(np.array(rows, np.int64))
        last = rows[-1]
    return np.concatenate(parts)


def _called_same(connection: Connection) -> Ids:
    query = select(VerdictRow.a, VerdictRow.b).where(VerdictRow.decision == "same")
    rows = [tuple(row) for row in connection.execute(query)]
    return np.array(rows, np.int64).reshape(-1, 2)


class _Writing(Guarded):
    """Writes as long as nobody else places, or changes what is planned by."""

    def __init__(self, database: Database, live: Live, turn: int) -> None:
        super().__init__(database, turn)
        self._live = live

    def bury(self, dead: dict[str, int]) -> Ids:
        """Note the keys that too many hold; return the records that hold them, sorted.

        Who is in a cluster and holds one of them is placed again: a key that finds nobody any more
        may have found it somebody.
        """
        for some in chunks(dead.items(), _KEYS):
            rows = [{"policy_id": self._live.id, "key": key, "size": size} for key, size in some]
            self.write(partial(self._bury_some, rows=rows))
        first = [key for key in dead if level(key) == 0]
        found = np.zeros(0, np.int64)
        with self._database.reading_primary() as connection:
            for keys in chunks(first, _KEYS):
                blocks = read.blocks(connection, self._live.id, keys).values()
                found = np.union1d(found, np.array([*chain(*blocks)], np.int64))
        return found

    def _bury_some(self, connection: Connection, rows: list[dict[str, object]]) -> None:
        before = read.dead(connection, self._live.id, [str(row["key"]) for row in rows])
        new = [row for row in rows if row["key"] not in before]
        if not new:
            return
        insert_missing(connection, DeadKeyRow, new)
        keys = table(MatchKeyRow).c
        holders = (
            select(keys.policy_id, keys.record_id, bindparam("rev", JUDGED_ANEW))
            .distinct()
            .join(MemberRow, MemberRow.record_id == keys.record_id)
            .where(keys.policy_id == self._live.id, keys.key.in_([row["key"] for row in new]))
        )
        waiting = dialect_insert(connection, DirtyRow).from_select(
            ["policy_id", "record_id", "rev"], holders
        )
        connection.execute(waiting.on_conflict_do_nothing())

    def all(
        self, plans: Iterator[Plan | None], left: int, told: Callable[[int], bool]
    ) -> PlacedAtOnce:
        """Write plans as they come."""
        records = clusters = 0
        for each in plans:
            if each is None:
                continue
            try:
                if not self._place(each):
                    return PlacedAtOnce(records, clusters, interrupted=True)
            except CatalogueError:
                raise
            except Exception as error:  # noqa: BLE001 - one bad record never stops the hub
                _log.warning("A batch is left to be placed one by one: %s", told_of(error))
                continue
            originals.stamp(self._database)
            records += len(each.grouping.batch)
            clusters += len(each.new)
            if not told(left - records):
                return PlacedAtOnce(records, clusters, interrupted=True)
        return PlacedAtOnce(records, clusters, interrupted=False)

    def _place(self, each: Plan) -> bool:
        # Nothing but what is written here was placed since it was planned, or this fails.
        mine = replace(each, turn=self._turn)
        done = self._database.writing(lambda connection: write(connection, mine))
        self._turn += 1
        return done
