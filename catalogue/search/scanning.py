"""A part of an index in Vietnamese order: Scan of Z39.50 and SRU, and lists for people."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from catalogue.authorities.scanning import Listed, Span, any_lists, references, told
from catalogue.search.model import Scanned, ScanRequest, ScanTerm
from catalogue.sql import Query, table
from catalogue.tables import DocumentRow, HeadingOfRow, HeadingRow
from crosswalks.collation import order

_documents, _of, _headings = table(DocumentRow).c, table(HeadingOfRow).c, table(HeadingRow).c
_STEP = 100


class _Place(NamedTuple):
    order: str
    text: str


def scan(connection: Connection, request: ScanRequest, seen: ColumnElement[bool]) -> Scanned:
    """Return terms about the one given, those left out that no document of the view has."""
    start = _Place(order(request.term), "")
    listed = Listed(connection, request.columns, seen)
    after = _terms(listed, start, request.count, backwards=False)
    before = _terms(listed, start, request.before, backwards=True)
    if request.see and any_lists(connection):
        after = _with_references(listed, after, request)
        before = _with_references(listed, before, request, backwards=True)
        terms = told(listed, [each.term for each in (*reversed(before), *after)])
        return Scanned(terms=tuple(terms), at=len(before))
    return Scanned(terms=tuple(each.term for each in (*reversed(before), *after)), at=len(before))


class _Placed(NamedTuple):
    """A term and where it stands."""

    place: _Place
    term: ScanTerm


def _with_references(
    listed: Listed, found: list[_Placed], request: ScanRequest, *, backwards: bool = False
) -> list[_Placed]:
    """Return terms with the names among them that lead to others."""
    wanted = request.before if backwards else request.count
    if not wanted:
        return found
    is_end = len(found) < wanted
    end = "" if is_end else found[-1].place.order
    more = references(listed, Span(order(request.term), end, wanted, backwards))
    known = {each.term.text for each in found}
    found += [
        _Placed(_Place(each.order, each.text), ScanTerm(each.text, 0, each.see))
        for each in more
        if each.text not in known
    ]
    return list(islice(sorted(set(found), reverse=backwards), wanted))


def _terms(listed: Listed, start: _Place, wanted: int, *, backwards: bool) -> list[_Placed]:
    found: list[_Placed] = []
    last: _Place | None = None
    while len(found) < wanted:
        query = _next(last or start, backwards=backwards, is_first=last is None)
        places = _places(listed, query, backwards=backwards)
        counts = _counts(listed, places)
        found += [
            _Placed(each, ScanTerm(each.text, counts[each])) for each in places if each in counts
        ]
        if len(places) < _STEP:
            break
        last = places[-1]
    return list(islice(found, wanted))


def _places(listed: Listed, query: Query, *, backwards: bool) -> list[_Place]:
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


def _counts(listed: Listed, places: list[_Place]) -> dict[_Place, int]:
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
