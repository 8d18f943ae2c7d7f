"""By which crosswalk the records of a source are mapped, and why by that one."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue import crosswalks, source_records, sources
from catalogue.database import Database
from catalogue.source_records import FormatSeen
from crosswalks.crosswalk import PIVOT
from crosswalks.errors import CrosswalkError, UnknownCrosswalk
from crosswalks.model import RawRecord
from crosswalks.reading import read
from crosswalks.shelf import Shelf
from scheduler.mapping import current_versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What is made of the records of a source that come in one format."""

    format: str
    """As delivered."""
    schema: str
    """What they were read as; empty where the example cannot be read."""
    crosswalk: str
    """Empty where none fits."""
    version: str
    """Of the crosswalk, as it is now."""
    own: bool
    """Whether somebody of this hub wrote it, and it is not as shipped."""
    records: int
    """How many of the newest records came in it."""
    outdated: int
    """How many of them were mapped by an earlier version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedBy:
    """How the records of a source are mapped."""

    chosen: str
    """The crosswalk that its settings name; empty = the usual one of each format."""
    formats: tuple[Used, ...]
    """Of the newest records; none before the first harvest."""


def mapped_by(database: Database, name: str) -> MappedBy:
    """Return by what the newest records of a source are mapped. Raises NoSuchSource."""
    source, shelf = sources.get(database, name), crosswalks.shelf(database)
    try:
        now = current_versions(source, shelf)
    except CrosswalkError:
        # It names one that is there no more: the table says that none fits.
        now = frozenset()
    seen = source_records.formats(database, name)
    return MappedBy(
        chosen=source.crosswalk,
        formats=tuple(_used(each, source.crosswalk, shelf, now) for each in seen),
    )


def _used(seen: FormatSeen, chosen: str, shelf: Shelf, now: frozenset[str]) -> Used:
    record, _ = read(RawRecord(identifier="", format=seen.format, body=seen.example))
    schema = record.schema.value if record else ""
    crosswalk = chosen or (f"{schema}-{PIVOT}" if schema else "")
    try:
        version = shelf.version(crosswalk) if crosswalk else ""
    except CrosswalkError:
        crosswalk, version = "", ""
    return Used(
        format=seen.format,
        schema=schema,
        crosswalk=crosswalk,
        version=version,
        own=_is_own(shelf, crosswalk),
        records=sum(seen.versions.values()),
        outdated=sum(count for each, count in seen.versions.items() if each and each not in now),
    )


def _is_own(shelf: Shelf, crosswalk: str) -> bool:
    try:
        return shelf.written(crosswalk).stored
    except UnknownCrosswalk:
        # What maps MARC 21 to itself is no text.
        return False
