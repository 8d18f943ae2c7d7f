"""The engine inside PostgreSQL: tsvector and GIN."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    and_,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from catalogue.search.conditions import condition
from catalogue.search.expression import Expression
from catalogue.search.postings import match
from catalogue.search.source import Source, numbers
from catalogue.search.sqlengine import SqlEngine
from catalogue.sql import table
from catalogue.tables import DocumentRow

_documents = table(DocumentRow).c
_tokens: ColumnElement[str] = literal_column("search_document.tokens")
# To compare tokens they have to be fetched from where they are kept out of line, which the planner
# does not count; without this it reads the whole table for a frequent word. And bits that stand for
# whole pages would have all tokens of these compared.
_COSTS = (
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL cpu_operator_cost = 0.05",
    "SET LOCAL work_mem = '64MB'",
    "SET LOCAL jit = off",
)
_FEW = 5_000
"""Hits that are sorted; of more there is one in every few documents in any order."""


class Tsvector:
    """How a tsvector is asked; the columns of the index are the first letters of lexemes."""

    def matches(self, text: Expression) -> ColumnElement[bool]:
        """Return the condition that a document's tokens fit."""
        return _tokens.op("@@")(cast(match(text, postgresql=True), TSQUERY))

    def is_among(self, ids: Sequence[int]) -> ColumnElement[bool]:
        """Return the condition that a document is one of these."""
        return _documents.id == func.any(cast(list(ids), ARRAY(BigInteger)))


class Postgresql(Tsvector, SqlEngine):
    """Search by tsvector."""

    def _source(self, wanted: Expression, seen: ColumnElement[bool]) -> Source:
        return Source(table(DocumentRow), and_(condition(wanted, self), seen), _documents.id)

    def _next(
        self, connection: Connection, source: Source, last: int, step: int
    ) -> list[tuple[int, int]]:
        """Return the next hits: sorted if they are few, else read in the order of their numbers.

        The planner takes rare words for frequent ones where many columns are asked at once, and
        would look for them through all documents.
        """
        some = numbers(source, _documents.work_id).limit(_FEW + 1).cte("some")
        some = some.prefix_with("MATERIALIZED", dialect="postgresql")
        # A row without a number tells how many there are, also where none is left behind ``last``.
        total = select(literal(-1), func.count()).select_from(some)
        page = select(some.c.id, some.c.work_id).where(some.c.id > last)
        both = total.union_all(page.order_by(some.c.id).limit(step).subquery().select())
        (_, count), *rows = sorted((number, work) for number, work in connection.execute(both))
        return super()._next(connection, source, last, step) if count > _FEW else rows

    def _prepare(self, connection: Connection) -> None:
        for statement in _COSTS:
            connection.exec_driver_sql(statement)
