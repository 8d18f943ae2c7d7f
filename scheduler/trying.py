"""A crosswalk tried on records of the hub: what is made of each now, and what would be then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from catalogue import forms, shown, sources
from catalogue.database import Database
from catalogue.model import Source
from catalogue.store import trying
from crosswalks.model import Problem, RawRecord, Record
from crosswalks.shelf import Shelf
from scheduler.encodings import encoding_of
from scheduler.mapping import Steps, map_steps
from scheduler.tally import Wanted


class Tried(NamedTuple):
    """One record, before and after."""

    key: int
    """Lists go on after it; of no use for one that is given out."""
    raw: RawRecord | None
    """As delivered; None for a record that is given out."""
    parsed: Record | None
    """In its own schema, or the merged record that is given out."""
    name: str
    before: Record | None
    after: Record | None
    problems: tuple[Problem, ...]
    """Of before, as ``then`` of after."""
    then: tuple[Problem, ...]


class Which(NamedTuple):
    """Records to try on."""

    source: str = ""
    identifier: str = ""
    after: int = 0
    limit: int = 10


def mapped_by(wanted: Wanted, named: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return which sources may have records that are mapped by what would be another.

    ``named`` are names of sources, each with the crosswalk that it names.
    """
    others = wanted.names()
    by_schema = not others.isdisjoint(wanted.then.up())
    return frozenset(
        name for name, crosswalk in named if (crosswalk in others if crosswalk else by_schema)
    )


def stored(database: Database, wanted: Wanted, which: Which) -> list[Tried]:
    """Return stored records mapped as now, and as then.

    A source that does not use the crosswalk is mapped by it then, as if it named it. Raises
    NoSuchSource.
    """
    source = sources.get(database, which.source)
    then = source
    if (
        not mapped_by(wanted, [(source.name, source.crosswalk)])
        and wanted.name in wanted.then.into_pivot()
    ):
        then = replace(source, crosswalk=wanted.name)
    found = trying.delivered(database, which.source, which.identifier, which.after, which.limit)
    return [_one(key, raw, (source, then), wanted) for key, raw in found]


def _one(key: int, raw: RawRecord, both: tuple[Source, Source], wanted: Wanted) -> Tried:
    one = _steps(raw, both[0], wanted.now)
    two = _steps(raw, both[1], wanted.then)
    return Tried(
        key=key,
        raw=raw,
        parsed=two.parsed or one.parsed,
        name=raw.identifier,
        before=one.mapped.record if one.mapped else None,
        after=two.mapped.record if two.mapped else None,
        problems=one.problems,
        then=two.problems,
    )


def _steps(raw: RawRecord, source: Source, shelf: Shelf) -> Steps:
    return map_steps(raw, source, encoding_of(source), shelf)


def given_out(database: Database, wanted: Wanted, name: str, which: Which) -> list[Tried]:
    """Return records that are given out, as a crosswalk out of MARC 21 makes them now and then.

    ``which`` names one by its public id, or begins after a cluster's number.
    """
    found = shown.some(database, which.identifier, which.after, which.limit)
    return [_shown(key, public_id, record, (wanted, name)) for key, public_id, record in found]


def _shown(key: int, public_id: str, record: Record, how: tuple[Wanted, str]) -> Tried:
    wanted, name = how
    bare = forms.undated(record)
    is_there = name in wanted.now.names()
    one = forms.make(bare, name, wanted.now) if is_there else forms.Made()
    two = forms.make(bare, name, wanted.then)
    return Tried(
        key=key,
        raw=None,
        parsed=bare,
        name=public_id,
        before=one.record,
        after=two.record,
        problems=one.problems,
        then=two.problems,
    )
