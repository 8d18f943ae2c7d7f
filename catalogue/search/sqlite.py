"""The engine inside SQLite: FTS5, of which nothing newer than 3.40 is used."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Integer, and_, column, func, select
from sqlalchemy import table as sql_table

from catalogue.authorities.widening import widened
from catalogue.search import quick, showing
from catalogue.search.conditions import DEEPEST, condition
from catalogue.search.expression import AllOf, Expression, all_of, depth, is_text
from catalogue.search.model import Request
from catalogue.search.postings import match
from catalogue.search.source import Source
from catalogue.search.sqlengine import Sought, SqlEngine, ready_view
from catalogue.sql import table
from catalogue.tables import DocumentRow

_text = sql_table("search_text", column("rowid", Integer), column("search_text"))
_documents = table(DocumentRow).c


_DEEPER = 2
"""Levels that see-references add at most."""


class Fts5:
    """How FTS5 is asked."""

    def matches(self, text: Expression) -> ColumnElement[bool]:
        """Return the condition that FTS5 finds a document."""
        return _documents.id.in_(select(_text.c.rowid).where(asks(_text.c.search_text, text)))

    def is_among(self, ids: Sequence[int]) -> ColumnElement[bool]:
        """Return the condition that a document is one of these."""
        values = func.json_each(json.dumps(ids)).table_valued("value")
        return _documents.id.in_(select(values.c.value))


class Sqlite(Fts5, SqlEngine):
    """Search by FTS5, whose row numbers are those of documents, and so give hits by rank."""

    def ids(self, request: Request) -> tuple[int, tuple[str, ...]]:
        """Return how many clusters are found, and the public ids of a page of them."""
        plain = not (request.narrowed or request.sort) and is_text(request.wanted)
        if not plain or depth(request.wanted) + _DEEPER * request.see > DEEPEST:
            return super().ids(request)
        with self._database.reading() as connection:
            view = ready_view(connection, request.view)
            last = request.offset + request.limit
            wanted = widened(connection, request.wanted).wanted if request.see else request.wanted
            sought = Sought(request.wanted, wanted, ())
            total, found = quick.numbers(connection, sought, view, last)
            return total, showing.public_ids(connection, found[request.offset :])

    def _source(self, wanted: Expression, seen: ColumnElement[bool]) -> Source:
        parts = wanted.parts if isinstance(wanted, AllOf) else (wanted,)
        texts = [part for part in parts if is_text(part)]
        rest = [condition(part, self) for part in parts if not is_text(part)]
        if not texts:
            return Source(table(DocumentRow), and_(*rest, seen), _documents.id)
        # FTS5 leads: it gives its rows by number, and so a page without finding all of them.
        tables = _text.join(table(DocumentRow), _documents.id == _text.c.rowid)
        return Source(
            tables, and_(asks(_text.c.search_text, all_of(texts)), *rest, seen), _text.c.rowid
        )


def asks(column: ColumnElement[str], text: Expression) -> ColumnElement[bool]:
    """Return the condition that FTS5, by the column that stands for its table, finds text."""
    return column.op("MATCH")(match(text, postgresql=False))
