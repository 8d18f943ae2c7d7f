"""Which resources there are, and which changed, deletions included.

A list of all resources is cut by the keys of clusters, so its parts are the same for ever and each
is read without the others. A list of changes is cut by seconds, and tells of each resource its last
change alone: what changed again is in a later list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The lists of a view, or of one set of it, at one moment."""

    shown: Walk
    records: str
    """What stands before the id in the address of a record."""
    set_spec: str = ""
    width: int = WIDTH

    def numbers(self) -> list[int]:
        """Return the numbers of the parts of the list of all resources that are not empty."""
        return self.shown.starts(self.width, self.set_spec)

    def resources(self, number: int) -> list[Entry]:
        """Return the part of the list of all resources with this number."""
        stretch = Stretch(
            after=number * self.width,
            upto=(number + 1) * self.width,
            set_spec=self.set_spec,
            prefix=_FORM,
            limit=_STEP,
        )
        return [
            Entry(self._at(item), _described(item), item.stamp)
            for items in _stepped(self.shown, stretch)
            for item in items
        ]

    def changes(self, span: Span) -> Listed:
        """Return what changed in a span; it ends earlier where that is too much for one list."""
        end = self.shown.horizon if span.end is None else min(span.end, self.shown.horizon)
        counts = self.shown.per_second(span.start, end, self.set_spec)
        first, until = next(_packed(counts, self.width), None), span.end
        if first is not None and first.end != counts[-1].at:
            until = end = first.end
        query = ItemQuery(
            prefix=_FORM, start=span.start, end=end, set_spec=self.set_spec, limit=_STEP
        )
        steps = _paged(self.shown, query)
        return Listed([each for items in steps for each in self._changed(items)], until)

    def spans(self, start: int) -> list[Span]:
        """Return the spans of the lists of all changes since a moment: days, large ones cut.

        The last one is open. Days on which nothing changed last have none.
        """
        found: list[Span] = []
        for day in self.shown.per_day(start, self.set_spec):
            first, last = max(day.at, start), day.at + DAY - 1
            if day.items <= self.width:
                found.append(Span(first, last))
                continue
            seconds = self.shown.per_second(first, last, self.set_spec)
            cut = list(_packed(seconds, self.width))
            found += [Span(one.start, other.start - 1) for one, other in pairwise(cut)]
            found.append(Span(cut[-1].start, last))
        return [*found[:-1], found[-1]._replace(end=None)] if found else []

    def _changed(self, items: Sequence[Item]) -> Iterator[Entry]:
        """Yield what happened to items last."""
        made = self.shown.made_at([each.key for each in items if not each.deleted])
        for item in items:
            md = {"change": _change(item, made.get(item.key)), "datetime": told(item.stamp)}
            described = {} if item.deleted else _described(item)
            yield Entry(self._at(item), md | described, None if item.deleted else item.stamp)

    def _at(self, item: Item) -> str:
        return f"{self.records}{item.public_id}.xml"


class _Pack(NamedTuple):
    start: int
    end: int


def _packed(counts: Sequence[Count], width: int) -> Iterator[_Pack]:
    """Yield stretches of seconds with no more changes than a list has, save for one second's."""
    start, items, last = None, 0, 0
    for each in counts:
        if start is not None and items + each.items > width:
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
    while items := shown.changed(query):
        yield items
        query = replace(query, after=(items[-1].stamp, items[-1].key))


def _change(item: Item, made: int | None) -> str:
    if item.deleted:
        return "deleted"
    return "created" if item.stamp == made else "updated"


def _described(item: Item) -> dict[str, str]:
    digest = sha256(item.body).hexdigest()
    return {"hash": f"sha-256:{digest}", "length": str(len(item.body)), "type": _TYPE}
