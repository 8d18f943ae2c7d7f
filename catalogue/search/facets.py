"""Hits counted by what they have in common, and narrowed to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, case, func, select

from catalogue.search.columns import LETTERS, NAMES, SUBJECTS
from catalogue.search.document import Heading
from catalogue.search.expression import Between, Expression, Headed, Is, Nothing
from catalogue.search.model import FacetCount, FacetName, Request
from catalogue.search.source import Source
from catalogue.search.store import ALONE, heading_id
from catalogue.sql import table
from catalogue.tables import DocumentRow, HeadingOfRow, HeadingRow

_documents, _of, _headings = table(DocumentRow).c, table(HeadingOfRow).c, table(HeadingRow).c
_HEADED: dict[FacetName, tuple[str, ...]] = {
    FacetName.LIBRARY: ("library",),
    FacetName.SUBJECT: SUBJECTS,
    FacetName.AUTHOR: NAMES,
}


def narrowing(name: FacetName, value: str) -> Expression:
    """Return what documents with a value of a facet are found by."""
    if name in _HEADED:
        return Headed(ids=tuple(heading_id(Heading(column, value)) for column in _HEADED[name]))
    if name is FacetName.YEAR:
        is_year = value.isascii() and value.isdecimal() and len(value) <= 4  # noqa: PLR2004
        return Between(what="year", low=int(value), high=int(value)) if is_year else Nothing()
    return Is(what=name.value, value=value)


MOST_HEADED = 20_000
"""Clusters among which headings are counted: among more, narrowing by other facets comes first."""


def works() -> ColumnElement[int]:
    """Count works: what is all there is of its work need not be told apart from others."""
    shared = func.nullif(_documents.work_id, ALONE)
    return func.count() - func.count(shared) + func.count(shared.distinct())


def counted(
    connection: Connection, source: Source, request: Request, clusters: int
) -> tuple[tuple[FacetName, tuple[FacetCount, ...]], ...]:
    """Return the values of the facets asked for with most hits, works if hits are works.

    Libraries, subjects and authors of more than ``MOST_HEADED`` clusters are not counted.
    """
    return tuple(
        (name, _values(connection, source, name, request))
        for name in request.facets
        if name not in _HEADED or clusters <= MOST_HEADED
    )


def _values(
    connection: Connection, source: Source, name: FacetName, request: Request
) -> tuple[FacetCount, ...]:
    value, tables, holds = _of_facet(source, name)
    hits: ColumnElement[int]
    if name in _HEADED:
        # A document may have one name as an author and as a corporate body.
        work = case((_documents.work_id == ALONE, -source.number), else_=_documents.work_id)
        hits = func.count((work if request.by_work else source.number).distinct())
    else:
        hits = works() if request.by_work else func.count()
    query = (
        select(value, hits)
        .select_from(tables)
        .where(source.holds, holds)
        .group_by(value)
        .order_by(hits.desc(), value)
        .limit(request.facet_values)
    )
    return tuple(FacetCount(str(found), count) for found, count in connection.execute(query))


def _of_facet(
    source: Source, name: FacetName
) -> tuple[ColumnElement[Any], FromClause, ColumnElement[bool]]:
    if name in _HEADED:
        tables = source.tables.join(table(HeadingOfRow), _of.document_id == source.number).join(
            table(HeadingRow), _headings.id == _of.heading_id
        )
        letters = [LETTERS[column] for column in _HEADED[name]]
        return _headings.text, tables, _of.field.in_(letters) & ~_of.short
    column = _documents[name.value]
    return column, source.tables, column != (0 if name is FacetName.YEAR else "")
