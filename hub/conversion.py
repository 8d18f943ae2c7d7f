"""Converting a file of records: its way from schema to schema, and what became of each record."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, NamedTuple, TypeVar

from crosswalks import crosswalk, formats
from crosswalks.crosswalk import PIVOT
from crosswalks.errors import CrosswalkError, FormatError, UnknownCrosswalk
from crosswalks.files import Item
from crosswalks.formats import Readable, Writable, iso2709
from crosswalks.model import Problem, Record, Schema, Severity
from crosswalks.reading import read_as
from crosswalks.shelf import SHIPPED_ONLY, Shelf
from hub.errors import UnreadSchema, UnwrittenSchema

S = TypeVar("S")
T = TypeVar("T")
_BATCH = 64


class Refusal(NamedTuple):
    """A record that did not make it: where it stands, what it is called, and why it did not."""

    position: int
    offset: int
    identifier: str
    reason: str


@dataclass(slots=True)
class Counts:
    """What became of the records so far."""

    read: int = 0
    written: int = 0
    refused: int = 0
    warnings: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The way of a record: read as one format, mapped by crosswalks in turn, written as another."""

    source: Readable
    target: Writable
    crosswalks: tuple[crosswalk.Crosswalk, ...]

    def convert_quickly(self, batch: Sequence[bytes]) -> list[bytes | None]:
        """Return what sound records of ISO 2709 become without being taken apart, if they can be.

        None is for ``convert``, which also tells what is wrong.
        """
        of_texts = self.crosswalks[0].of_texts if len(self.crosswalks) == 1 else None
        if of_texts is None or self.source is not iso2709:
            return [None] * len(batch)
        # Each step for all records: a processor is quicker at what it has just done.
        undivided = [iso2709.undivided(data) for data in batch]
        write = formats.writer_of_columns(self.target)
        return _unless_refused(write, _unless_refused(of_texts, undivided))

    def convert(self, record: Record) -> bytes:
        """Return a record's bytes at the end of the way; raise CrosswalkError."""
        for step in self.crosswalks:
            record = crosswalk.apply(step, record)
        return self.target.write(record)


def readable(name: str) -> Readable:
    """Return the format of a schema that is read; raise UnreadSchema."""
    found = {form.NAME: form for form in formats.FORMATS}
    if name not in found:
        raise UnreadSchema(name=name, known=", ".join(found))
    return found[name]


def writable(name: str) -> Writable:
    """Return the format of a schema that is written; raise UnwrittenSchema."""
    found = {form.NAME: form for form in formats.WRITTEN}
    if name not in found:
        raise UnwrittenSchema(name=name, known=", ".join(found))
    return found[name]


def route(source: Readable, target: Writable, name: str = "", shelf: Shelf = SHIPPED_ONLY) -> Route:
    """Return the way between two formats, over the pivot if need be; raise UnknownCrosswalk.

    Formats of one schema need no crosswalk, so that nothing is changed between them.
    """
    if name:
        names = [name, *_beyond(shelf.find(name).target, target.SCHEMA)]
    elif source.SCHEMA is target.SCHEMA:
        names = []
    else:
        names = [*_beyond(source.SCHEMA, PIVOT), *_beyond(PIVOT, target.SCHEMA)]
    steps = tuple(map(shelf.find, names))
    if steps and steps[0].source is not source.SCHEMA:
        known = ", ".join(each for each in shelf.names() if each.startswith(source.SCHEMA))
        raise UnknownCrosswalk(name=f"{name} ({source.SCHEMA})", known=known)
    return Route(source=source, target=target, crosswalks=steps)


def convert(
    stream: IO[bytes], way: Route, counts: Counts, refuse: Callable[[Refusal], None]
) -> Iterator[bytes]:
    """Yield the pieces of the converted file; what is refused is told as it comes."""
    return formats.file_of(way.target, _written(stream, way, counts, refuse))


def _beyond(reached: Schema, wanted: Schema) -> list[str]:
    return [] if reached is wanted else [f"{reached}-{wanted}"]


def _written(
    stream: IO[bytes], way: Route, counts: Counts, refuse: Callable[[Refusal], None]
) -> Iterator[bytes]:
    numbered = enumerate(way.source.split(stream), start=1)
    for batch in _batches(numbered):
        quick = way.convert_quickly([data for _, (_, data) in batch])
        for (position, (offset, data)), converted in zip(batch, quick, strict=True):
            counts.read += 1
            if converted is not None:
                counts.written += 1
                yield converted
                continue
            item = Item(position, offset, *read_as(way.source, data))
            yield from _carefully(item, way, counts, refuse)


def _carefully(
    item: Item, way: Route, counts: Counts, refuse: Callable[[Refusal], None]
) -> Iterator[bytes]:
    counts.warnings.update(problem.code for problem in item.problems if _is_warning(problem))
    written = _one(item, way)
    if isinstance(written, str):
        counts.refused += 1
        identifier = item.record.control("001") if item.record else ""
        refuse(Refusal(item.position, item.offset, identifier.strip(), written))
    else:
        counts.written += 1
        yield written


def _batches(each: Iterable[T]) -> Iterator[list[T]]:
    """Yield things a few at a time; what came before something went wrong, before that is told."""
    batch: list[T] = []
    try:
        for one in each:
            batch.append(one)
            if len(batch) == _BATCH:
                yield batch
                batch = []
    except (OSError, EOFError, zlib.error):
        yield batch
        raise
    yield batch


def _unless_refused(function: Callable[[S], T], values: Sequence[S | None]) -> list[T | None]:
    """Return what becomes of each, None of those that are None or refused."""
    try:
        return [None if each is None else function(each) for each in values]
    except CrosswalkError:
        # Seldom: then each is tried by itself, to the last.
        return [_one_unless_refused(function, each) for each in values]


def _one_unless_refused(function: Callable[[S], T], value: S | None) -> T | None:
    try:
        return None if value is None else function(value)
    except CrosswalkError:
        return None


def _one(item: Item, way: Route) -> bytes | str:
    """Return a record converted, or the reason why it cannot be."""
    if item.record is None:
        return "; ".join(problem.detail or problem.code for problem in item.problems)
    try:
        return way.convert(item.record)
    except FormatError as error:
        return error.reason
    except CrosswalkError as error:
        return str(error)


def _is_warning(problem: Problem) -> bool:
    return problem.severity is not Severity.ERROR
