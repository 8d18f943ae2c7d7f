"""A cluster as somebody who judges it sees it: some of its records at a time beside one of them.

However many records it has, the same number of questions is asked of the database.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from catalogue import browse, pairs, policies, verdicts, why
from catalogue.cluster import read
from catalogue.database import Database
from catalogue.errors import NoSuchCluster
from catalogue.manifestation import Manifestation
from catalogue.pairs import Side
from catalogue.sql import Query, table
from catalogue.tables import ClusterRow
from catalogue.why import Step

_clusters = table(ClusterRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Mate:
    """A record, and why it is one with the first."""

    side: Side
    path: tuple[Step, ...]
    """From the first record to this one; empty for the first, and while it waits to be placed."""
    seen: str
    """What a decision about the two is given back with; see ``verdicts.decide``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgeable:
    """Some records of a cluster beside one of them."""

    public_id: str
    state: str
    """``live`` or ``gone``."""
    successor: str
    size: int
    """Records it has in all."""
    first: Side | None
    """What the others are compared with; None where the cluster has no record."""
    others: tuple[Mate, ...]
    more: int
    """The key of the last of these where there are others behind it, else 0."""
    work: tuple[Manifestation, ...]


def beside(
    database: Database, public_id: str, first: int = 0, after: int = 0, limit: int = 4
) -> Judgeable:
    """Return the records of a cluster behind one, by key, beside a first: the least by default.

    Raises NoSuchCluster.
    """
    with database.reading_primary() as connection:
        cluster = _cluster(connection, public_id)
        members = read.members(connection, [cluster.id])
        chosen = first if first in members else min(members, default=0)
        shown = sorted(each for each in members if each > after and each != chosen)
        others = _mates(connection, chosen, shown[:limit], members)
        return Judgeable(
            public_id=public_id,
            state=cluster.state,
            successor=cluster.successor or "",
            size=len(members),
            first=pairs.sides_of(connection, [chosen]).get(chosen),
            others=others,
            more=shown[limit - 1] if len(shown) > limit else 0,
            work=browse.work(connection, cluster.id),
        )


def _cluster(connection: Connection, public_id: str) -> Any:
    heir = table(ClusterRow).alias("heir")
    query: Query = (
        select(_clusters.id, _clusters.state, heir.c.public_id.label("successor"))
        .outerjoin(heir, heir.c.id == _clusters.successor_id)
        .where(_clusters.public_id == public_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NoSuchCluster(name=public_id)
    return row


def _mates(
    connection: Connection, first: int, shown: list[int], members: Collection[int]
) -> tuple[Mate, ...]:
    live = policies.live(connection)
    ways = why.ways(why.within(connection, live, members), first)
    paths = why.told_all(connection, live, [ways.get(each, ()) for each in shown])
    looked_at = {each: (min(first, each), max(first, each)) for each in shown}
    seen = verdicts.seen_of(connection, looked_at.values())
    sides = pairs.sides_of(connection, shown)
    return tuple(
        Mate(side=sides[each], path=path, seen=seen[looked_at[each]])
        for each, path in zip(shown, paths, strict=True)
    )
