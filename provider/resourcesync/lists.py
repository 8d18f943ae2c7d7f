"""Which resources there are, and which changed, deletions included.

A list of all resources is cut by the keys of clusters, so its parts are the same for ever and each
is read without the others. A list of changes is cut by seconds, and tells of each resource its last
change alone: what changed again is in a later list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

from catalogue.clock import told
from catalogue.model import Item, ItemQuery
from catalogue.walks import DAY, Count, Stretch, Walk
from provider.resourcesync.documents import Entry

WIDTH = 10_000
"""Keys that a part of the list of all resources is about, and changes in a list of these: the
bodies of all have to be read for their checksums. Sitemaps may have 50,000 entries."""
CHANGE_DAYS = 60
"""So far back changes are listed day by day; who was away for longer begins anew."""
_STEP = 500
_FORM = "marc21"
_TYPE = "application/xml"
"""The schema of ResourceSync takes no ``application/marcxml+xml``."""


class Span(NamedTuple):
    """Seconds that a list of changes is about, both ends included; no end: it is open."""

    start: int
    end: int | None


class Listed(NamedTuple):
    """The entries of a list of changes, and up to when it is complete."""

    entries: list[Entry]
    until: int | None
    """None: an open list, complete up to now."""


def resources(shown: Walk, address: str, number: int, set_spec: str = "") -> list[Entry]:
    """Return the part of the list of all resources with this number; ``address`` + id + .xml."""
    stretch = Stretch(
        after=number * WIDTH,
        upto=(number + 1) * WIDTH,
        set_spec=set_spec,
        prefix=_FORM,
        limit=_STEP,
    )
    return [
        Entry(_at(address, item), _described(item), item.stamp)
        for items in _stepped(shown, stretch)
        for item in items
    ]


def changes(shown: Walk, address: str, span: Span, set_spec: str = "") -> Listed:
    """Return what changed in a span; its end is earlier where that were too many for one list."""
    end = shown.horizon if span.end is None else min(span.end, shown.horizon)
    counts = shown.per_second(span.start, end, set_spec)
    first = next(iter(_packed(counts)), None)
    until = span.end
    if first is not None and first.end != counts[-1].at:
        until = end = first.end
    query = ItemQuery(
        prefix=_FORM, start=span.start, end=end, set_spec=set_spec, limit=_STEP, bodies=True
    )
    entries = [
        entry
        for items in _paged(shown, query)
        for entry in _changed(shown, address, items, span.start)
    ]
    return Listed(entries, until)


def spans(shown: Walk, start: int, set_spec: str = "") -> list[Span]:
    """Return the spans of the lists of all changes since a moment: days, large ones cut.

    The last one is open. Days on which nothing changed last have none.
    """
    found: list[Span] = []
    for day in shown.per_day(start, set_spec):
        first, last = max(day.at, start), day.at + DAY - 1
        if day.items <= WIDTH:
            found.append(Span(first, last))
            continue
        cut = list(_packed(shown.per_second(first, last, set_spec)))
        found += [Span(one.start, other.start - 1) for one, other in pairwise(cut)]
        found.append(Span(cut[-1].start, last))
    return [*found[:-1], found[-1]._replace(end=None)] if found else []


class _Pack(NamedTuple):
    start: int
    end: int


def _packed(counts: Sequence[Count]) -> Iterator[_Pack]:
    """Yield stretches of seconds with no more changes than a list has, save for one second's."""
    start, items, last = None, 0, 0
    for each in counts:
        if start is not None and items + each.items > WIDTH:
            yield _Pack(start, last)
            start, items = None, 0
        start = each.at if start is None else start
        items, last = items + each.items, each.at
    if start is not None:
        yield _Pack(start, last)


def _stepped(shown: Walk, stretch: Stretch) -> Iterator[list[Item]]:
    while items := shown.live(stretch):
        yield items
        stretch = replace(stretch, after=items[-1].key)


def _paged(shown: Walk, query: ItemQuery) -> Iterator[list[Item]]:
    while items := shown.page(query):
        yield items
        query = replace(query, after=(items[-1].stamp, items[-1].key))


def _changed(shown: Walk, address: str, items: Iterable[Item], start: int) -> Iterator[Entry]:
    """Yield what happened to items within a list that begins at a moment."""
    listed = list(items)
    fresh = shown.made_since([each.key for each in listed if not each.deleted], start)
    for item in listed:
        change = "deleted" if item.deleted else "created" if item.key in fresh else "updated"
        md = {"change": change, "datetime": told(item.stamp)}
        described = {} if item.deleted else _described(item)
        yield Entry(_at(address, item), md | described, None if item.deleted else item.stamp)


def _described(item: Item) -> dict[str, str]:
    digest = sha256(item.body).hexdigest()
    return {"hash": f"sha-256:{digest}", "length": str(len(item.body)), "type": _TYPE}


def _at(address: str, item: Item) -> str:
    return f"{address}{item.public_id}.xml"
