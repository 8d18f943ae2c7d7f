"""A part of an index in Vietnamese order: Scan of Z39.50 and SRU, and lists for people."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from catalogue.search.model import Scanned, ScanRequest, ScanTerm
from catalogue.sql import Query, table
from catalogue.tables import DocumentRow, HeadingOfRow, HeadingRow
from crosswalks.collation import order

_documents, _of, _headings = table(DocumentRow).c, table(HeadingOfRow).c, table(HeadingRow).c
_STEP = 100


class _Place(NamedTuple):
    order: str
    text: str


class _Listed(NamedTuple):
    """What is scanned, and which documents count."""

    connection: Connection
    columns: tuple[str, ...]
    seen: ColumnElement[bool]


def scan(connection: Connection, request: ScanRequest, seen: ColumnElement[bool]) -> Scanned:
    """Return terms about the one given, those left out that no document of the view has."""
    start = _Place(order(request.term), "")
    listed = _Listed(connection, request.columns, seen)
    after = _terms(listed, start, request.count, backwards=False)
    before = _terms(listed, start, request.before, backwards=True)
    return Scanned(terms=(*reversed(before), *after), at=len(before))


def _terms(listed: _Listed, start: _Place, wanted: int, *, backwards: bool) -> list[ScanTerm]:
    found: list[ScanTerm] = []
    last: _Place | None = None
    while len(found) < wanted:
        query = _next(last or start, backwards=backwards, is_first=last is None)
        places = _places(listed, query, backwards=backwards)
        counts = _counts(listed, places)
        found += [ScanTerm(each.text, counts[each]) for each in places if each in counts]
        if len(places) < _STEP:
            break
        last = places[-1]
    return list(islice(found, wanted))


def _places(listed: _Listed, query: Query, *, backwards: bool) -> list[_Place]:
    """Return the next headings; one that several columns have is one."""
    found: set[_Place] = set()
    for column in listed.columns:
        # One by one, so that each is read in the order of its index.
        rows = listed.connection.execute(query.where(_headings.field == column).limit(_STEP))
        found |= {_Place(*row) for row in rows}
    return sorted(found, reverse=backwards)[:_STEP]


def _next(last: _Place, *, backwards: bool, is_first: bool) -> Query:
    key = tuple_(_headings.order, _headings.text)
    query = select(_headings.order, _headings.text)
    if backwards:
        query = query.where(key < tuple_(*last))
        return query.order_by(_headings.order.desc(), _headings.text.desc())
    query = query.where(key >= tuple_(*last) if is_first else key > tuple_(*last))
    return query.order_by(_headings.order, _headings.text)


def _counts(listed: _Listed, places: list[_Place]) -> dict[_Place, int]:
    query = (
        select(_headings.order, _headings.text, func.count(_of.document_id.distinct()))
        .join(table(HeadingOfRow), _of.heading_id == _headings.id)
        .join(table(DocumentRow), _documents.id == _of.document_id)
        .where(
            _headings.field.in_(listed.columns),
            _headings.order.in_({each.order for each in places}),
            ~_of.short,
            listed.seen,
        )
        .group_by(_headings.order, _headings.text)
    )
    return {_Place(row[0], row[1]): row[2] for row in listed.connection.execute(query)}
