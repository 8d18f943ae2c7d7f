"""Where an engine's hits come from, for whatever counts, sorts or pages them."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, select

from catalogue.sql import Query


class Source(NamedTuple):
    """Where hits come from: tables, what holds of them, and the number that orders them."""

    tables: FromClause
    holds: ColumnElement[bool]
    number: ColumnElement[int]


def numbers(source: Source, *more: ColumnElement[Any]) -> Query:
    """Return the query for the numbers of hits, and for more of them, in no order."""
    return select(source.number, *more).select_from(source.tables).where(source.holds)
