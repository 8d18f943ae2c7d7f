"""Clusters that wait to be indexed: after an update of the program, or when all is made anew."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import partial

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from catalogue import clock
from catalogue.database import Database
from catalogue.querysets import members
from catalogue.search import store
from catalogue.search.document import document
from catalogue.search.store import Indexed
from catalogue.sql import table
from catalogue.tables import (
    HeadingOfRow,
    HeadingRow,
    ItemRow,
    MasterRow,
    SearchedViewRow,
    ShownRow,
    UnsearchedRow,
    ViewRow,
)
from crosswalks import stored

STEP = 200
"""Clusters indexed in a transaction: SQLite's writers wait for as long as it takes."""
LOOK = 5_000
"""Headings looked at in a transaction for some that nothing has."""
_waiting, _items, _masters = table(UnsearchedRow).c, table(ItemRow).c, table(MasterRow).c
_headings = table(HeadingRow).c
_shown, _views, _searched = table(ShownRow).c, table(ViewRow).c, table(SearchedViewRow).c


def settle(database: Database, most: int = STEP) -> int:
    """Index clusters that wait, this many at most; return how many there were.

    A view that documents were made without is searched once none waits.
    """
    if not does_wait(database):
        return 0
    database.writing(_begin)
    done, some = 0, STEP
    while done < most and some == STEP:
        some = database.writing(_index_some)
        done += some
    if some < STEP:
        _forget_headings(database)
    return done


def count(database: Database) -> int:
    """Return how many clusters wait to be indexed."""
    with database.reading_primary() as connection:
        return int(connection.execute(select(func.count()).select_from(UnsearchedRow)).scalar_one())


def begin_anew(database: Database) -> int:
    """Have all clusters wait; what is indexed goes on being found. Returns how many they are."""
    database.writing(_wait_all)
    return count(database)


def does_wait(database: Database) -> bool:
    """Tell whether a cluster waits to be indexed, or a view to be searched."""
    with database.reading_primary() as connection:
        known = select(_searched.view_id).where(_searched.ready)
        new = select(_views.id).where(_views.id.not_in(known)).limit(1)
        waits = select(_waiting.cluster_id).limit(1)
        return any(connection.execute(each).first() for each in (new, waits))


def _begin(connection: Connection) -> None:
    """Have all clusters wait for the sake of views that documents were made without."""
    clock.read(connection, lock=True)
    query = select(_views.id).where(_views.id.not_in(select(_searched.view_id)))
    new = list(connection.execute(query).scalars())
    if new:
        _wait_all(connection)
        rows = [{"view_id": view, "ready": False} for view in new]
        connection.execute(insert(table(SearchedViewRow)), rows)


def _wait_all(connection: Connection) -> None:
    shown = select(_items.cluster_id).where(~_items.deleted)
    everything = shown.union(select(_shown.cluster_id))
    known = select(_waiting.cluster_id)
    new = everything.subquery()
    connection.execute(
        insert(table(UnsearchedRow)).from_select(
            ["cluster_id"], select(new.c.cluster_id).where(new.c.cluster_id.not_in(known))
        )
    )


def _index_some(connection: Connection) -> int:
    # Before all other locks, as a placement takes it; and what was found before is so no more.
    clock.invalidate(connection)
    first = select(_waiting.cluster_id).order_by(_waiting.cluster_id).limit(STEP)
    batch = list(connection.execute(first).scalars())
    store.replace(connection, batch, _documents(connection, batch))
    members.refresh(connection, batch)
    connection.execute(delete(table(UnsearchedRow)).where(_waiting.cluster_id.in_(batch)))
    if len(batch) < STEP:
        # Documents know of all views by now.
        connection.execute(update(table(SearchedViewRow)).values(ready=True))
    return len(batch)


def _documents(connection: Connection, clusters: Collection[int]) -> list[Indexed]:
    """Return the documents of clusters, made of their masters as the views show them."""
    items = select(_items.cluster_id, _items.hash, _items.view_id).where(
        _items.view_id.in_(select(_views.id)), _items.cluster_id.in_(clusters), ~_items.deleted
    )
    views: dict[tuple[int, str], set[int]] = {}
    for cluster, content, view in connection.execute(items):
        views.setdefault((cluster, content), set()).add(view)
    masters = select(
        _masters.cluster_id, _masters.hash, _masters.stamp, _masters.record, _masters.holdings
    ).where(_masters.cluster_id.in_(clusters))
    return [
        Indexed(
            row.cluster_id,
            document(stored.from_json(row.record), _libraries(row.holdings)),
            frozenset(views[row.cluster_id, row.hash]),
            row.stamp,
        )
        for row in connection.execute(masters.order_by(_masters.cluster_id, _masters.hash))
        if (row.cluster_id, row.hash) in views
    ]


def _libraries(holdings: str) -> list[str]:
    return sorted({holding["library"] for holding in json.loads(holdings)})


def _forget_headings(database: Database) -> None:
    """Forget the headings that nothing has, some at a time: placements wait for each step."""
    reached: int | None = -1
    while reached is not None:
        reached = database.writing(partial(_forget_some, after=reached))


def _forget_some(connection: Connection, after: int) -> int | None:
    """Forget those among the next headings behind a number; return the last of them, if any."""
    # No placement gives one of them to a document meanwhile.
    clock.read(connection, lock=True)
    query = select(_headings.id).where(_headings.id > after).order_by(_headings.id).limit(LOOK)
    some = list(connection.execute(query).scalars())
    if not some:
        return None
    held = exists().where(table(HeadingOfRow).c.heading_id == _headings.id)
    these = _headings.id.between(some[0], some[-1])
    connection.execute(delete(table(HeadingRow)).where(these, ~held))
    return int(some[-1])
