"""Which of some clusters a query finds: asked of their documents, not of the whole index."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, column, exists, select
from sqlalchemy import table as sql_table

from catalogue.querysets.errors import NotForASet
from catalogue.search.conditions import DEEPEST, condition
from catalogue.search.expression import Expression, Masked, depth, postorder
from catalogue.search.postgresql import Tsvector
from catalogue.search.sqlite import Fts5, asks
from catalogue.sql import chunks, table
from catalogue.tables import DocumentRow, ShownRow

_documents, _shown = table(DocumentRow).c, table(ShownRow).c


class Found(NamedTuple):
    """A cluster as one of its documents is found, and the views that do not see this document."""

    cluster: int
    unseen: frozenset[int]


class _OneByOne(Fts5):
    """SQLite's full-text index asked about each document: lists of frequent words are long."""

    def matches(self, text: Expression) -> ColumnElement[bool]:
        held = sql_table("search_text", column("rowid"), column("search_text")).alias("held")
        return exists().where(held.c.rowid == _documents.id, asks(held.c.search_text, text))


def among(connection: Connection, wanted: Expression, clusters: Collection[int]) -> list[Found]:
    """Return those of these clusters that are found. Raises NotForASet."""
    index = _OneByOne() if connection.dialect.name == "sqlite" else Tsvector()
    found = condition(check(wanted), index)
    query = (
        select(_shown.cluster_id, _documents.hidden)
        .join_from(table(ShownRow), table(DocumentRow), _documents.id == _shown.id)
        .where(found)
    )
    return [
        Found(cluster, frozenset(map(int, hidden.split())))
        for chunk in chunks(clusters)
        for cluster, hidden in connection.execute(query.where(_shown.cluster_id.in_(chunk)))
    ]


def check(wanted: Expression) -> Expression:
    """Return what can be asked this way: raise NotForASet for what only the whole index can tell.

    Which words fit a mask changes with each word that is indexed.
    """
    masked = any(isinstance(node, Masked) for node in postorder(wanted))
    if masked or depth(wanted) > DEEPEST:
        raise NotForASet(most=DEEPEST)
    return wanted
