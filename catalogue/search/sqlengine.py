"""What the engines of both databases share: everything but how a full-text index is asked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, true

from catalogue.authorities.widening import Widened, widened
from catalogue.database import Database
from catalogue.errors import ViewNotSearched
from catalogue.search import conditions, facets, paging, ranking, scanning, showing
from catalogue.search.expression import Expression, Nothing, all_of, preorder
from catalogue.search.masks import without_masks
from catalogue.search.model import Also, Cost, Hits, Request, Scanned, ScanRequest, SortField
from catalogue.search.paging import Page, Place
from catalogue.search.source import Source, numbers
from catalogue.search.store import ALONE
from catalogue.sql import Prepared, table
from catalogue.tables import DocumentRow, SearchedViewRow, ShownRow, ViewRow

_documents, _shown = table(DocumentRow).c, table(ShownRow).c
_views, _searched = table(ViewRow).c, table(SearchedViewRow).c
_STEP = 100
"""Hits looked at, at least, for a page of works."""


class Sought(NamedTuple):
    """What is looked for: as it was typed, and with what see-references add."""

    typed: Expression
    wanted: Expression
    also: tuple[Also, ...]

    def tiers(self) -> list[Expression]:
        """Return what to show before what: what has the words typed stands before all others."""
        return list(dict.fromkeys((*ranking.tiers(self.typed), self.wanted)))


class SqlEngine:
    """A SearchEngine inside the hub's database; subclasses know its full-text index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, request: Request) -> Hits:
        """Return a page of hits."""
        with self._reading(request.view) as (connection, seen):
            sought = self._sought(connection, request)
            if isinstance(sought.wanted, Nothing):
                return Hits(total=0, clusters=0, hits=())
            source = self._source(sought.wanted, seen)
            total, clusters = _count(connection, source, by_work=request.by_work)
            page = list(self._page(connection, sought, seen, request)) if total else []
            return Hits(
                also=sought.also,
                total=total,
                clusters=clusters,
                hits=showing.hits(connection, page, seen),
                facets=facets.counted(connection, source, request, clusters) if total else (),
            )

    def ids(self, request: Request) -> tuple[int, tuple[str, ...]]:
        """Return how many clusters are found, and the public ids of a page of them."""
        request = replace(request, by_work=False)
        with self._reading(request.view) as (connection, seen):
            sought = self._sought(connection, request)
            if isinstance(sought.wanted, Nothing):
                return 0, ()
            page = list(self._page(connection, sought, seen, request))
            total = len(page)
            if request.offset or total >= request.limit:
                total, _ = _count(connection, self._source(sought.wanted, seen), by_work=False)
            return total, showing.public_ids(connection, page)

    def clusters(self, wanted: Expression, most: int) -> list[int]:
        """Return the keys of the clusters that any view finds, in order, ``most`` of them at most.

        All of one moment. Raises QueryError for masks that too many words fit.
        """
        with self._database.reading() as connection:
            self._prepare(connection)
            flat = self._flattened(connection, without_masks(connection, wanted))
            if isinstance(flat, Nothing):
                return []
            source = self._source(flat, true())
            ids = numbers(source).scalar_subquery()
            query = select(_shown.cluster_id).where(_shown.id.in_(ids)).distinct()
            return list(connection.scalars(query.order_by(_shown.cluster_id).limit(most)))

    def page(self, request: Request, after: Place | None = None) -> Page:
        """Return the hits behind one of them, each cluster by itself."""
        request = replace(request, by_work=False)
        with self._reading(request.view) as (connection, seen):
            sought = self._sought(connection, request)
            if isinstance(sought.wanted, Nothing):
                return Page(total=0)
            # The last of them finds all there is.
            tiers = sought.tiers() if not request.sort else [sought.wanted]
            source = self._source(tiers[-1], seen)
            most = request.limit + 1
            if request.sort:
                found = paging.in_order(connection, source, request.sort, after, most)
            else:
                found = self._by_rank(connection, tiers, seen, after, most)
            shown = found[: request.limit]
            page = Page(
                showing.hits(connection, [each.number for each in shown], seen),
                last=shown[-1] if len(found) > len(shown) else None,
            )
            if after is not None:
                return page
            total, _ = _count(connection, source, by_work=False)
            counted = facets.counted(connection, source, request, total) if total else ()
            return page._replace(total=total, facets=counted, also=sought.also)

    def _by_rank(
        self,
        connection: Connection,
        tiers: Sequence[Expression],
        seen: ColumnElement[bool],
        after: Place | None,
        most: int,
    ) -> list[Place]:
        """Return the next hits by rank, each in the first tier that finds it."""
        begun = after or Place(-1)
        found: list[Place] = []
        for at in range(begun.tier, len(tiers)):
            if len(found) == most:
                break
            source = self._source(paging.alone(tiers, at), seen)
            last = begun.number if at == begun.tier else -1
            rows = self._next(connection, source, last, most - len(found))
            found += [Place(number, at) for number, _ in rows]
        return found

    def scan(self, request: ScanRequest) -> Scanned:
        """Return a part of an index."""
        with self._reading(request.view) as (connection, seen):
            return scanning.scan(connection, request, seen)

    def costs(self, request: Request) -> Sequence[Cost]:
        """Return what each part finds and costs, the whole first."""
        with self._reading(request.view) as (connection, seen):
            sought = self._sought(connection, request)
            return [
                Cost(depth, part, *self._cost(connection, part, seen))
                for depth, part in preorder(sought.wanted)
            ]

    @contextmanager
    def _reading(self, view: str) -> Iterator[tuple[Connection, ColumnElement[bool]]]:
        """Give a snapshot, and the condition that a document is seen in the view."""
        with self._database.reading() as connection:
            self._prepare(connection)
            yield connection, conditions.seen_by(ready_view(connection, view))

    def _sought(self, connection: Connection, request: Request) -> Sought:
        typed = without_masks(connection, request.wanted)
        narrowed = [facets.narrowing(*each) for each in request.narrowed]
        found = widened(connection, typed) if request.see else Widened(typed, ())
        as_typed = self._flattened(connection, all_of((typed, *narrowed)))
        if not found.also:
            return Sought(as_typed, as_typed, ())
        wanted = self._flattened(connection, all_of((found.wanted, *narrowed)))
        return Sought(as_typed, wanted, found.also)

    def _flattened(self, connection: Connection, wanted: Expression) -> Expression:
        """Return a query that is too deep for the engines as the documents it finds."""

        def found(part: Expression) -> set[int]:
            source = self._source(part, true())
            return set(connection.execute(numbers(source)).scalars())

        return conditions.flattened(wanted, found)

    def _cost(
        self, connection: Connection, part: Expression, seen: ColumnElement[bool]
    ) -> tuple[int, float]:
        began = time.perf_counter()
        _, clusters = _count(connection, self._source(part, seen), by_work=False)
        return clusters, (time.perf_counter() - began) * 1000

    def _page(
        self,
        connection: Connection,
        sought: Sought,
        seen: ColumnElement[bool],
        request: Request,
    ) -> Iterator[int]:
        """Yield the numbers of the documents that are shown."""
        if request.sort:
            found = _sorted(connection, self._source(sought.wanted, seen), request)
        else:
            found = self._ranked(connection, sought, seen, request)
        last = request.offset + request.limit
        works: set[int] = set()
        for number, work in found:
            # Works have numbers above 0, so no document stands for one.
            unit = work if request.by_work and work != ALONE else -number
            if unit not in works:
                works.add(unit)
                if len(works) > request.offset:
                    yield number
                if len(works) >= last:
                    return

    def _ranked(
        self,
        connection: Connection,
        sought: Sought,
        seen: ColumnElement[bool],
        request: Request,
    ) -> Iterator[tuple[int, int]]:
        """Yield number and work of the hits by rank; some come again in a later tier."""
        step = max(_STEP, request.limit)
        for tier in sought.tiers():
            source = self._source(tier, seen)
            last = -1
            while True:
                rows = self._next(connection, source, last, step)
                yield from rows
                if len(rows) < step:
                    break
                last = rows[-1][0]

    def _next(
        self, connection: Connection, source: Source, last: int, step: int
    ) -> list[tuple[int, int]]:
        """Return number and work of the next hits behind a number, by number."""
        query = numbers(source, _documents.work_id).where(source.number > last)
        rows = connection.execute(query.order_by(source.number).limit(step))
        return [(number, work) for number, work in rows]

    def _source(self, wanted: Expression, seen: ColumnElement[bool]) -> Source:
        """Return where the hits of something come from, as a view sees them."""
        raise NotImplementedError

    def _prepare(self, connection: Connection) -> None:
        """Have the engine's planner know what reading costs."""


_VIEW = Prepared(
    select(_views.id, _searched.ready)
    .join_from(table(ViewRow), table(SearchedViewRow), _searched.view_id == _views.id)
    .where(_views.name == bindparam("name"))
)


def ready_view(connection: Connection, name: str) -> int:
    """Return the number of a view that is indexed. Raises ViewNotSearched for any other."""
    found = _VIEW.rows(connection, name=name)
    if not found or not found[0][1]:
        raise ViewNotSearched(view=name)
    return int(found[0][0])


def _count(connection: Connection, source: Source, *, by_work: bool) -> tuple[int, int]:
    """Return how many works, or clusters, and how many clusters."""
    works = facets.works() if by_work else func.count()
    query = select(works, func.count()).select_from(source.tables).where(source.holds)
    total, clusters = connection.execute(query).one()
    return total, clusters


def _sorted(connection: Connection, source: Source, request: Request) -> Iterator[tuple[int, int]]:
    """Yield number and work of the hits in the order asked for; what has no value stands last."""
    keys: list[ColumnElement[Any]] = []
    for field, descending in request.sort:
        column, none = paging.KEYS[field]
        keys += [column == none, column.desc() if descending else column]
    tables = source.tables
    if {SortField.TITLE, SortField.AUTHOR} & {field for field, _ in request.sort}:
        tables = tables.join(table(ShownRow), _shown.id == _documents.id)
    query = numbers(source._replace(tables=tables), _documents.work_id)
    query = query.order_by(*keys, source.number)
    size = 2 * (request.offset + request.limit)
    known = 0
    while True:
        rows = connection.execute(query.limit(size).offset(known)).all()
        yield from map(tuple, rows)
        if len(rows) < size:
            return
        known += size
