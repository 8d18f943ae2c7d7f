"""Sources: the configured endpoints of member libraries, and the same as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from catalogue import libraries
from catalogue.database import Database
from catalogue.errors import NameTaken, NoSuchSource, WrongUse
from catalogue.model import Library, Source
from catalogue.tables import LibraryRow, SourceRow
from crosswalks.model import Checkpoint

_SETTINGS = ("protocol", "url", "prefix", "sets", "crosswalk", "encoding", "schedule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What applying a file would do to one source."""

    name: str
    kind: str
    """``add`` or ``change``."""
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def add(database: Database, source: Source) -> bool:
    """Add a source; tell whether its library had to be created too. Raises NameTaken."""

    def work(connection: Connection) -> bool:
        if _row(connection, source.name) is not None:
            raise NameTaken(name=source.name)
        return _insert(connection, source)

    return database.writing(work)


def change(database: Database, source: Source) -> None:
    """Give a source new settings; its records and its checkpoint stay. Raises NoSuchSource."""
    database.writing(lambda connection: _update(connection, source))


def get(database: Database, name: str) -> Source:
    """Return a source by name. Raises NoSuchSource."""
    with database.reading() as connection:
        row = _row(connection, name)
    if row is None:
        raise NoSuchSource(name=name)
    return _source(row)


def all(database: Database) -> list[Source]:  # noqa: A001 - read as sources.all
    """Return all sources by name."""
    with database.reading() as connection:
        return [_source(row) for row in connection.execute(_query().order_by(SourceRow.code))]


def checkpoint(database: Database, name: str) -> Checkpoint:
    """Return where the last run of a source left off. Raises NoSuchSource."""
    with database.reading() as connection:
        return with_key(connection, name)[2]


def export(database: Database) -> list[dict[str, Any]]:
    """Return all sources as plain values; ``apply`` of these changes nothing."""
    return [_plain(source) for source in all(database)]


def plan(database: Database, wanted: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Return what ``apply`` would change, in the order given. Raises WrongUse for bad entries."""
    present = {source.name: source for source in all(database)}
    changes = []
    for source in [_parse(entry) for entry in wanted]:
        before = present.get(source.name)
        if before != source:
            changes.append(
                Change(
                    name=source.name,
                    kind="change" if before else "add",
                    before=_plain(before) if before else {},
                    after=_plain(source),
                )
            )
    return changes


def apply(database: Database, wanted: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Make the sources as the entries say, all or none; sources not named stay as they are."""
    changes = plan(database, wanted)

    def work(connection: Connection) -> None:
        for each in changes:
            source = _parse(each.after)
            if each.kind == "add":
                _insert(connection, source)
            else:
                _update(connection, source)

    database.writing(work)
    return changes


def _insert(connection: Connection, source: Source) -> bool:
    library_id = libraries.find(connection, source.library)
    created = not library_id
    if created:
        library_id = libraries.insert_library(
            connection, Library(code=source.library, name=source.library)
        )
    connection.execute(
        insert(SourceRow).values(code=source.name, library_id=library_id, **_columns(source))
    )
    return created


def _update(connection: Connection, source: Source) -> None:
    row = _row(connection, source.name)
    if row is None:
        raise NoSuchSource(name=source.name)
    library_id = libraries.find(connection, source.library)
    if row.library_id != library_id:
        # Records belong to their library for ever; a successor takes over by another way.
        raise WrongUse(reason=f"source {source.name} cannot move to library {source.library}")
    connection.execute(update(SourceRow).where(SourceRow.id == row.id).values(**_columns(source)))
    before = _source(row)
    if before.weight != source.weight:
        libraries.mark_dirty(connection, library_id)
    if (before.prefix, before.sets) != (source.prefix, source.sets):
        # Another list: what was seen of the old one says nothing about it.
        connection.execute(update(SourceRow).where(SourceRow.id == row.id).values(checkpoint="{}"))


def _columns(source: Source) -> dict[str, Any]:
    settings = {name: getattr(source, name) for name in _SETTINGS}
    return {"settings": json.dumps(settings, ensure_ascii=False), "weight": source.weight}


def _query() -> Any:
    return select(
        SourceRow.id,
        SourceRow.code,
        SourceRow.library_id,
        SourceRow.settings,
        SourceRow.weight,
        SourceRow.checkpoint,
        LibraryRow.code.label("library"),
    ).join(LibraryRow, LibraryRow.id == SourceRow.library_id)


def _row(connection: Connection, name: str) -> Any:
    return connection.execute(_query().where(SourceRow.code == name)).one_or_none()


def with_key(connection: Connection, name: str) -> tuple[int, Source, dict[str, Any]]:
    """Return a source's key, settings and checkpoint. Raises NoSuchSource."""
    row = _row(connection, name)
    if row is None:
        raise NoSuchSource(name=name)
    return row.id, _source(row), json.loads(row.checkpoint)


def _source(row: Any) -> Source:
    settings = json.loads(row.settings)
    settings["sets"] = tuple(settings["sets"])
    return Source(name=row.code, library=row.library, weight=row.weight, **settings)


def _plain(source: Source) -> dict[str, Any]:
    return {**asdict(source), "sets": list(source.sets)}


def _parse(entry: Mapping[str, Any]) -> Source:
    names = {field.name for field in fields(Source)}
    unknown = sorted(set(entry) - names)
    if unknown:
        raise WrongUse(reason=f"unknown entry in source: {', '.join(unknown)}")
    missing = [name for name in ("name", "library", "protocol", "url") if not entry.get(name)]
    if missing:
        raise WrongUse(reason=f"source {entry.get('name', '?')} lacks {', '.join(missing)}")
    source = Source(**entry)
    return replace(source, sets=tuple(source.sets))
