"""Pages of hits that go on behind the last hit of the page before, never at a number of hits.

So a page costs the same wherever it is, and what comes or goes meanwhile moves nothing: a hit that
stays as it was is in one page, and in no second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, or_

from catalogue.search.expression import (
    AllOf,
    Expression,
    all_of,
    any_of,
    is_text,
    without,
)
from catalogue.search.model import Also, FacetCount, FacetName, Hit, SortField, Sorting
from catalogue.search.source import Source, numbers
from catalogue.sql import table
from catalogue.tables import DocumentRow, ShownRow

_documents, _shown = table(DocumentRow).c, table(ShownRow).c
KEYS: dict[SortField, tuple[ColumnElement[Any], str | int]] = {
    SortField.TITLE: (_shown.title_order, ""),
    SortField.AUTHOR: (_shown.author_order, ""),
    SortField.YEAR: (_documents.year, 0),
    SortField.CHANGED: (_documents.changed, 0),
}
"""What results are sorted by, and the value that stands for none."""


class Place(NamedTuple):
    """A hit behind which a page begins: its number, and what stands before that in the order."""

    number: int
    tier: int = 0
    """Which part of the hits by rank it is in (``ranking.tiers``)."""
    keys: tuple[str | int, ...] = ()
    """Its values of the keys that results are sorted by."""


class Page(NamedTuple):
    """Some hits; ``total`` and ``facets`` are counted for the first page alone."""

    hits: tuple[Hit, ...] = ()
    total: int | None = None
    facets: tuple[tuple[FacetName, tuple[FacetCount, ...]], ...] = ()
    also: tuple[Also, ...] = ()
    """What was looked for besides, by see-references; told on the first page alone."""
    last: Place | None = None
    """Where the next page begins; None behind the last."""


def alone(tiers: Sequence[Expression], at: int) -> Expression:
    """Return what one of the tiers finds and none before it.

    Tiers differ in what they ask of the words of a query and in nothing else.
    """
    if not at:
        return tiers[0]
    texts = [all_of(filter(is_text, _parts(tier))) for tier in tiers[: at + 1]]
    others = [part for part in _parts(tiers[at]) if not is_text(part)]
    return all_of((*others, without(texts[at], any_of(texts[:at]))))


def _parts(tier: Expression) -> tuple[Expression, ...]:
    return tier.parts if isinstance(tier, AllOf) else (tier,)


def in_order(
    connection: Connection,
    source: Source,
    sort: Sequence[Sorting],
    after: Place | None,
    limit: int,
) -> list[Place]:
    """Return the next hits in an order; what has no value stands last either way."""
    tables = source.tables
    if {SortField.TITLE, SortField.AUTHOR} & {field for field, _ in sort}:
        tables = tables.join(table(ShownRow), _shown.id == _documents.id)
    columns = [KEYS[field][0] for field, _ in sort]
    keys = list(_keys(source, sort))
    query = numbers(source._replace(tables=tables), *columns)
    if after is not None:
        query = query.where(_behind(keys, _values(sort, after)))
    query = query.order_by(*[key.desc() if descends else key for key, descends in keys])
    rows = connection.execute(query.limit(limit))
    return [Place(number, keys=tuple(values)) for number, *values in rows]


_Key = tuple[ColumnElement[Any], bool]


def _keys(source: Source, sort: Sequence[Sorting]) -> list[_Key]:
    """Return what the order goes by, each with whether it descends."""
    keys: list[_Key] = []
    for field, descending in sort:
        column, none = KEYS[field]
        keys += [(case((column == none, 1), else_=0), False), (column, descending)]
    return [*keys, (source.number, False)]


def _values(sort: Sequence[Sorting], after: Place) -> list[str | int]:
    values: list[str | int] = []
    for (field, _), value in zip(sort, after.keys, strict=True):
        values += [int(value == KEYS[field][1]), value]
    return [*values, after.number]


def _behind(keys: Sequence[_Key], values: Sequence[str | int]) -> ColumnElement[bool]:
    """Return the condition that a hit stands behind one with these values."""
    behind = []
    for at, (key, descends) in enumerate(keys):
        same = [other == value for (other, _), value in zip(keys[:at], values[:at], strict=True)]
        behind.append(and_(*same, key < values[at] if descends else key > values[at]))
    return or_(*behind)
