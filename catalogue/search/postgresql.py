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
    literal_column,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from catalogue.search.conditions import condition
from catalogue.search.expression import Expression
from catalogue.search.postings import match
from catalogue.search.sqlengine import Source, SqlEngine
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


class Postgresql(SqlEngine):
    """Search by tsvector; the columns of the index are the first letters of lexemes."""

    def matches(self, text: Expression) -> ColumnElement[bool]:
        """Return the condition that a document's tokens fit."""
        return _tokens.op("@@")(cast(match(text, postgresql=True), TSQUERY))

    def is_among(self, ids: Sequence[int]) -> ColumnElement[bool]:
        """Return the condition that a document is one of these."""
        return _documents.id == func.any(cast(list(ids), ARRAY(BigInteger)))

    def _source(self, wanted: Expression, seen: ColumnElement[bool]) -> Source:
        return Source(table(DocumentRow), and_(condition(wanted, self), seen), _documents.id)

    def _prepare(self, connection: Connection) -> None:
        for statement in _COSTS:
            connection.exec_driver_sql(statement)
