"""Making a dump: a step of the walk at a time, so that memory stays as it is whatever there is.

A full dump walks by cluster, so each record is in it once, although others write meanwhile; it is
as the view is at its ``until`` or later. A delta has what was stamped after the one before it, up
to its own ``until``. What changes while it is read is in the next: its stamp is later.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from catalogue import published
from catalogue.clock import told
from catalogue.database import Database
from catalogue.folders import keep_folder
from catalogue.model import Item, ItemQuery
from catalogue.published import Snapshot
from catalogue.querysets.defining import views
from catalogue.walks import Stretch, walk
from provider.dumps import shelf
from provider.dumps.begun import STATE, Begun, begin, read
from provider.dumps.errors import (
    CatalogueOlder,
    DumpNotWritten,
    DumpStopped,
    NoFullDump,
    NoSuchSet,
    NoSuchView,
)
from provider.dumps.model import (
    DELETED,
    MANIFEST,
    SUMS,
    Dump,
    Dumps,
    Form,
    Kind,
    Series,
    compact,
)
from provider.dumps.parts import put_whole, summed
from provider.dumps.writing import Writer
from provider.errors import NotYetHere

_STEP = 500
"""Items read in one snapshot."""
_DAY = 86_400
_FORM = "marc21"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which dump is wanted, and how."""

    series: Series
    kind: Kind | None = None
    """None: a full one where there is none yet or the last one is old, else a delta."""
    resume: bool = False
    """Go on with what was begun and broke off, if it is of that kind."""
    alone: bool = False
    """Take away all earlier dumps of the series, once a full one is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Who may stop the making of a dump, and who is told how far it is."""

    stopping: Event = field(default_factory=Event)
    """Set: it ends at the next step, and the part at hand is made again."""
    resting: Event = field(default_factory=Event)
    """Set: it ends after the part at hand."""
    told: Callable[[int], object] = lambda _records: None
    """Hears how many records there are, deletions included."""


UNHURRIED = Pace()


def make(dumps: Dumps, wanted: Wanted, pace: Pace = UNHURRIED) -> list[Dump]:
    """Make a dump and return what was made: the delta before a full one, for those who follow.

    Empty where nothing can have changed since the last. Raises DumpRefused, DumpStopped or
    DumpNotWritten.
    """
    series = wanted.series
    check(dumps.database, dumps.identity.base_url, series)
    try:
        return _make(dumps, wanted, pace)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DumpNotWritten(name=series.name, reason=reason) from error


def check(database: Database, base_url: str, series: Series) -> None:
    """Raise NoSuchView or NoSuchSet where there is nothing that could be dumped."""
    known = views(database)
    if series.view not in known:
        raise NoSuchView(name=series.view, known=", ".join(sorted(known)))
    spec = series.set_spec
    with walk(database, series.view) as shown:
        if not spec or shown.knows_set(spec):
            return
    address = f"{base_url.rstrip('/')}/oai?verb=ListSets"
    raise NoSuchSet(view=series.view, name=spec, address=address)


def _make(dumps: Dumps, wanted: Wanted, pace: Pace) -> list[Dump]:
    place = dumps.folder / wanted.series.path
    place.mkdir(parents=True, exist_ok=True)
    shelf.tidy(place)
    # Who was killed last may have left a dump that nothing points to.
    shelf.point(dumps.folder, wanted.series)
    made = [dump for kind in _kinds(dumps, wanted) if (dump := _one(dumps, wanted, kind, pace))]
    if made:
        shelf.forget_after(dumps.folder, made[-1])
        keep = 1 if wanted.alone and made[-1].kind is Kind.FULL else dumps.rules.keep
        shelf.forget(dumps.folder, wanted.series, keep)
    return made


def _kinds(dumps: Dumps, wanted: Wanted) -> Iterator[Kind]:
    """Yield the kinds to be made, one after the other."""
    found = shelf.dumps_of(dumps.folder, wanted.series)
    full = [each for each in found if each.kind is Kind.FULL]
    kind = wanted.kind or _due(dumps, wanted.series, full)
    if kind is Kind.DELTA and not full:
        raise NoFullDump(name=wanted.series.name)
    half = read(_folder(dumps, wanted.series)) if wanted.resume else None
    # A full one that was begun had its delta before it.
    has_had_delta = kind is Kind.FULL and half is not None and half.kind is Kind.FULL
    put_back = bool(found) and _horizon(dumps, wanted.series) < found[-1].until
    if kind is Kind.DELTA or (full and not has_had_delta and not put_back):
        yield Kind.DELTA
    if kind is Kind.FULL:
        yield Kind.FULL


def _due(dumps: Dumps, series: Series, full: Sequence[Dump]) -> Kind:
    half = read(_folder(dumps, series))
    if not full or (half is not None and half.kind is Kind.FULL):
        return Kind.FULL
    age = _horizon(dumps, series) - full[-1].until
    return Kind.FULL if age >= dumps.rules.full_days * _DAY else Kind.DELTA


def _one(dumps: Dumps, wanted: Wanted, kind: Kind, pace: Pace) -> Dump | None:
    """Make one dump, or go on with it; None where there is one up to this very second."""
    series, folder = wanted.series, _folder(dumps, wanted.series)
    start = _start(dumps, series) if kind is Kind.DELTA else None
    begun = read(folder) if wanted.resume else None
    if begun is None or (begun.kind, begun.start) != (kind, start):
        begun = _new(dumps, series, kind, start)
        if shelf.dump_named(dumps.folder, series, f"{kind}-{compact(begun.until)}"):
            return None
        if start is not None and begun.until <= start:
            return None
        begin(folder, begun)
    with Writer(folder, series.form, dumps.identity, begun) as writer:
        for items in _steps(dumps, series, writer):
            writer.put(items)
            pace.told(writer.count)
            if pace.stopping.is_set() or (writer.is_between and pace.resting.is_set()):
                raise DumpStopped(name=series.name, parts=len(writer.begun.parts))
        done = writer.end()
    return _finish(dumps, series, done)


def _new(dumps: Dumps, series: Series, kind: Kind, start: int | None) -> Begun:
    horizon = _horizon(dumps, series)
    if start is not None and horizon < start:
        raise CatalogueOlder(name=series.name, until=told(start), now=told(horizon))
    identity = dumps.identity
    beside = {
        "hub": identity.name,
        "base_url": identity.base_url,
        "identifiers": f"oai:{identity.domain}:",
        "rights": identity.rights,
    }
    return Begun(
        kind=kind,
        start=start,
        until=horizon,
        part_records=dumps.rules.part_records,
        beside=beside,
    )


def _start(dumps: Dumps, series: Series) -> int:
    """Return up to when the deltas are made: each goes on where the last one ended."""
    found = shelf.dumps_of(dumps.folder, series)
    deltas = [each.until for each in found if each.kind is Kind.DELTA]
    return max(deltas) if deltas else min(each.until for each in found)


def _horizon(dumps: Dumps, series: Series) -> int:
    with published.snapshot(dumps.database, series.view) as shown:
        return shown.horizon


def _steps(dumps: Dumps, series: Series, writer: Writer) -> Iterator[Sequence[Item]]:
    """Yield what is still to come, each step in a snapshot of its own, none beyond its part."""
    read_on = _next_live if writer.begun.kind is Kind.FULL else _next_changed
    place = writer.begun.place
    while items := read_on(dumps, series, writer, place):
        yield items
        place = items[-1].stamp, items[-1].key


def _next_live(
    dumps: Dumps, series: Series, writer: Writer, place: tuple[int, int]
) -> Sequence[Item]:
    stretch = Stretch(
        after=place[1],
        set_spec=series.set_spec,
        prefix=_FORM,
        limit=min(_STEP, writer.room),
        with_sets=series.form is Form.JSONL,
    )
    with walk(dumps.database, series.view) as shown:
        _is_here(shown, writer.begun)
        return shown.live(stretch)


def _next_changed(
    dumps: Dumps, series: Series, writer: Writer, place: tuple[int, int]
) -> Sequence[Item]:
    begun = writer.begun
    query = ItemQuery(
        prefix=_FORM,
        start=(begun.start or 0) + 1,
        end=begun.until,
        set_spec=series.set_spec,
        after=place if place[0] else None,
        limit=min(_STEP, writer.room),
    )
    with walk(dumps.database, series.view) as shown:
        _is_here(shown, begun)
        return shown.changed(query, with_sets=series.form is Form.JSONL)


def _is_here(shown: Snapshot, begun: Begun) -> None:
    """Refuse a copy of the database that is behind what the dump promises to have."""
    if shown.horizon < begun.until:
        raise NotYetHere


def _finish(dumps: Dumps, series: Series, done: Begun) -> Dump:
    """Put the dump in its place as a whole, and have it pointed to."""
    folder = _folder(dumps, series)
    deleted = summed(folder / DELETED) if done.kind is Kind.DELTA else None
    dump = Dump(
        series=series,
        kind=done.kind,
        start=done.start,
        until=done.until,
        parts=done.parts,
        too_long=done.too_long,
        deleted=deleted,
        beside=done.beside,
    )
    manifest = json.dumps(dump.manifest(), ensure_ascii=False, indent=1)
    put_whole(folder / MANIFEST, f"{manifest}\n".encode())
    files = (*dump.files, summed(folder / MANIFEST))
    sums = "".join(f"{each.sha256}  {each.name}\n" for each in files)
    put_whole(folder / SUMS, sums.encode())
    (folder / STATE).unlink()
    keep_folder(folder)
    folder.rename(folder.with_name(dump.name))
    keep_folder(folder.parent)
    shelf.point(dumps.folder, series)
    return dump


def _folder(dumps: Dumps, series: Series) -> Path:
    return dumps.folder / series.path / shelf.BEGUN
