"""The first placement of a whole catalogue, on several processors: for first loads of millions.

Records without a usable key in common never meet in a cluster. So the records are parted along
their keys, each part is planned in a process of its own, and the plans are written in turn by the
transaction that every placement uses.
"""

from __future__ import annotations

import multiprocessing
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from itertools import combinations, groupby
from typing import NamedTuple

from sqlalchemy import Connection, select, tuple_

from catalogue import clock, match, policies
from catalogue.cluster import read, works
from catalogue.cluster.place import make_plan
from catalogue.cluster.write import Plan, write
from catalogue.database import Database
from catalogue.errors import WrongUse
from catalogue.model import HubIdentity
from catalogue.sql import chunks, insert_missing, table
from catalogue.tables import DeadKeyRow, DirtyRow, MatchKeyRow

PART = 2000
"""Records planned at a time."""

_STEP = 50_000
"""Keys read at a time."""
_AHEAD = 2
"""Plans per process that may wait to be written: each holds some megabytes."""


_AT_A_STRETCH = 16
"""Parts that each process plans before all are awaited."""


class _Part(NamedTuple):
    """Records to plan together, and the highest cluster id that may be given before theirs."""

    records: list[int]
    last_cluster: int


def place_first(database: Database, hub: HubIdentity, processes: int, size: int = PART) -> int:
    """Place all records of a catalogue in which nothing was placed yet; return how many.

    Nobody else may place meanwhile. Cluster ids are given with gaps. Raises WrongUse where
    something was placed already, or is placed by others meanwhile.
    """
    with database.reading() as connection:
        now = clock.read(connection)
        policy_id, policy = policies.live(connection)
        components, dead = _components(connection, policy_id, policy.block_cap)
    if now.last_cluster:
        raise WrongUse(reason="a first placement needs a catalogue without clusters")
    # Each part would otherwise find them dead, and wake up all the others' records for it.
    rows = [{"policy_id": policy_id, "key": key, "size": held} for key, held in dead.items()]
    database.writing(lambda connection: insert_missing(connection, DeadKeyRow, rows))
    parts = _parts(components, size)
    for turn, plan in enumerate(_plans(database.url, hub, parts, processes), start=now.turn):
        work = partial(write, plan=replace(plan, turn=turn))
        if not database.writing(work):
            raise WrongUse(reason="another process placed records during a first placement")
    works.settle(database)
    return sum(len(part.records) for part in parts)


def _plans(url: str, hub: HubIdentity, parts: list[_Part], processes: int) -> Iterator[Plan]:
    """Yield the plans of the parts in order, a few of them made ahead.

    Now and then all are awaited: SQLite starts its log anew only when nobody reads.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        for some in chunks(parts, processes * _AT_A_STRETCH):
            waiting: deque[Future[Plan]] = deque()
            for part in some:
                waiting.append(pool.submit(_plan, url, hub, part))
                if len(waiting) > processes * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()


def _plan(url: str, hub: HubIdentity, part: _Part) -> Plan:
    with _opened(url).reading() as connection:
        live = policies.live(connection)
        batch = read.waiting_among(connection, live.id, part.records, len(part.records))
        now = replace(clock.read(connection), last_cluster=part.last_cluster)
        return make_plan(connection, live, batch, hub, now)


@cache
def _opened(url: str) -> Database:
    return Database.open(url)


def _parts(components: Iterable[list[int]], size: int) -> list[_Part]:
    """Gather components into parts of about a size."""
    parts: list[_Part] = []
    open_part: list[int] = []
    last_cluster = 0
    for component in components:
        if open_part and len(open_part) + len(component) > size:
            parts.append(_Part(open_part, last_cluster))
            last_cluster += len(open_part)
            open_part = []
        open_part += component
    return [*parts, _Part(open_part, last_cluster)] if open_part else parts


def _components(
    connection: Connection, policy_id: int, cap: int
) -> tuple[Iterable[list[int]], dict[str, int]]:
    """Return the waiting records parted by usable keys, and the keys held by too many."""
    query = select(DirtyRow.record_id).where(DirtyRow.policy_id == policy_id)
    heads = {record: record for record in connection.execute(query).scalars()}
    dead: dict[str, int] = {}
    blocks = _blocks(connection, policy_id)
    for _ in range(match.DEPTH + 1):
        large: dict[str, list[int]] = {}
        for key, block in blocks:
            if len(block) > cap:
                large[key] = block
            for record in block[1:] if key not in large else ():
                _unite(heads, block[0], record)
        dead |= {key: len(block) for key, block in large.items()}
        blocks = iter(_split(connection, large).items())
    found: defaultdict[int, list[int]] = defaultdict(list)
    for record in sorted(heads):
        found[_head(heads, record)].append(record)
    return found.values(), dead


def all_pairs(connection: Connection, policy_id: int, cap: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs of records, lower id first, that share a usable key; some more than once."""
    held = _blocks(connection, policy_id)
    blocks = ((key, block) for key, block in held if match.level(key) == 0)
    for depth in range(match.DEPTH + 1):
        large: dict[str, list[int]] = {}
        for key, block in blocks:
            if len(block) > cap:
                large[key] = block
            else:
                yield from combinations(sorted(block), 2)
        if depth < match.DEPTH:
            blocks = ((key, block) for key, block in _split(connection, large).items())


def _split(connection: Connection, large: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Return the narrower blocks of those that are too large, as placements split them."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for key, block in large.items():
        for some in chunks(block):
            for record, node in read.nodes(connection, some).items():
                for narrower in match.refined(key, node.features):
                    found[narrower].append(record)
    return found


def _unite(heads: dict[int, int], a: int, b: int) -> None:
    first, second = sorted((_head(heads, a), _head(heads, b)))
    heads[second] = first


def _head(heads: dict[int, int], record: int) -> int:
    """Return the first record of a component, with the way there made shorter."""
    while heads[record] != record:
        heads[record] = record = heads[heads[record]]
    return record


def _blocks(connection: Connection, policy_id: int) -> Iterator[tuple[str, list[int]]]:
    """Yield each key with its records."""
    for key, rows in groupby(_keys(connection, policy_id), key=lambda row: row[0]):
        yield key, [record for _, record in rows]


def _keys(connection: Connection, policy_id: int) -> Iterator[tuple[str, int]]:
    """Yield (key, record) by key, some thousand at a time."""
    columns = table(MatchKeyRow).c
    order = (columns.key, columns.record_id)
    query = select(*order).where(columns.policy_id == policy_id).order_by(*order).limit(_STEP)
    rows = connection.execute(query).all()
    while rows:
        yield from ((key, record) for key, record in rows)
        last = tuple(rows[-1])
        rows = connection.execute(query.where(tuple_(*order) > tuple_(*last))).all()
