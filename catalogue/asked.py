"""Forms that are made when somebody first asks for them, and kept as long as the content is shown.

What crosswalk made a form is stored with it, so publishing another has the kept ones made anew and
their items stamped (``cluster.rewrite``): who was given the old one learns of the new one, and who
never asked is told nothing. A form that could not be kept is made again by the next who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from catalogue import crosswalks
from catalogue.database import Database
from catalogue.errors import CrosswalksChanged
from catalogue.forms import Kind, make_stored, undated
from catalogue.sql import Lookup, chunks, insert_missing, table
from catalogue.tables import FormRow, ItemRow, MasterRow, ViewRow
from crosswalks import stored

Content = tuple[int, str]
"""Cluster and hash: what names a master."""
_items, _masters = table(ItemRow).c, table(MasterRow).c


class MadeNow(NamedTuple):
    """A form made just now, and by what."""

    content: Content
    prefix: str
    version: str
    edition: int
    """Of the crosswalks in use when it was made."""
    body: bytes


_CONTENTS = Lookup(select(_masters.cluster_id, _masters.hash, _masters.record), _masters.cluster_id)


def make_now(connection: Connection, contents: Iterable[Content], kind: Kind) -> list[MadeNow]:
    """Return a form of each of these masters; nothing is stored by it."""
    wanted = set(contents)
    shelf = crosswalks.shelf_within(connection)
    version = shelf.version(kind.crosswalk)
    return [
        MadeNow(
            (cluster, content),
            kind.prefix,
            version,
            shelf.edition,
            make_stored(undated(stored.from_json(record)), kind, shelf)[0],
        )
        for cluster, content, record in _CONTENTS.rows(
            connection, {cluster for cluster, _ in wanted}
        )
        if (cluster, content) in wanted
    ]


def keep(database: Database, made: Sequence[MadeNow]) -> None:
    """Store forms for the next who asks, but for those of contents that no view shows any more."""
    if not made:
        return
    try:
        database.writing(lambda connection: _keep(connection, made))
    except CrosswalksChanged:
        # By now they would be made otherwise, and the walk that makes kept ones anew has begun.
        return


def _keep(connection: Connection, made: Sequence[MadeNow]) -> None:
    crosswalks.check_edition(connection, made[0].edition)
    shown = _shown(connection, {each.content[0] for each in made})
    rows = [
        {
            "cluster_id": each.content[0],
            "hash": each.content[1],
            "prefix": each.prefix,
            "version": each.version,
            "body": each.body,
        }
        for each in made
        if each.content in shown
    ]
    if rows:
        insert_missing(connection, FormRow, rows)


def _shown(connection: Connection, clusters: Iterable[int]) -> set[Content]:
    # Locked, so that no placement takes a content away between the look and the insert.
    query = select(_items.cluster_id, _items.hash).where(
        _items.view_id.in_(select(ViewRow.id)), ~_items.deleted
    )
    return {
        (cluster, content)
        for chunk in chunks(sorted(clusters))
        for cluster, content in connection.execute(
            query.where(_items.cluster_id.in_(chunk)).with_for_update(read=True)
        )
    }
