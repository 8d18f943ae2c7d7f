"""Sources: the configured endpoints of member libraries, and the same as a file."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from catalogue import clockwork, libraries, options, queue
from catalogue.crosswalks import REMAP
from catalogue.database import Database
from catalogue.errors import NameTaken, NoSuchSource, SourceChanged, WrongUse
from catalogue.membership.model import Membership
from catalogue.model import Library, Source
from catalogue.observed import Decided, Stage
from catalogue.sql import Prepared
from catalogue.succession import setting
from catalogue.tables import LibraryRow, SourceRow
from catalogue.waking import wake_library
from crosswalks.model import Checkpoint

_SETTINGS = (
    "protocol",
    "url",
    "prefix",
    "sets",
    "crosswalk",
    "encoding",
    "schedule",
    "suppress",
    "paused",
    "succeeds",
)
_NO_SETTING = frozenset({"decided", "standing", "stage", "membership"})
AUTO = "auto"
"""The encoding of a source that leaves it to what its records show."""
_LIST = frozenset(
    {
        *("protocol", "url", "prefix", "sets", "crosswalk", "encoding", "suppress"),
        *("files.delivers", "files.deletions", "files.identifier", "files.columns", "files.format"),
        *("search.way", "search.query", "search.numbers"),
    }
)
"""Settings that say which records come, and what is made of them."""
_MAPPING = ("crosswalk", "encoding", "suppress", "files.columns")
_TEXTS = ("sets", "suppress")
_WEIGHTS = range(-1000, 1001)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""Names stand in commands, addresses and file names, and before the slash of a record's name."""


class Configured(NamedTuple):
    """A source with what only the catalogue knows of it."""

    id: int
    source: Source
    checkpoint: Checkpoint
    generation: int
    """Grows whenever the settings lead to another list, or to another mapping of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What applying a file would do to one source."""

    name: str
    kind: str
    """``add`` or ``change``."""
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def add(database: Database, source: Source) -> bool:
    """Add a source; tell whether its library had to be created too.

    Raises NameTaken, or WrongUse for a name or weight that cannot be one.
    """
    return database.writing(lambda connection: add_within(connection, source))


def add_within(connection: Connection, source: Source) -> bool:
    """Add a source as ``add`` does, together with what it is added for."""
    if _row(connection, source.name) is not None:
        raise NameTaken(name=source.name)
    check_name(source.name)
    return _insert(connection, source)


def change(database: Database, source: Source, *, same_list: bool = False) -> None:
    """Give a source new settings; its records stay.

    Settings that lead to another list or mapping take its checkpoint away, and stop a run under way
    at its next page. ``same_list`` promises that a new URL gives the old list, so that it goes on
    where it was. Raises NoSuchSource or WrongUse.
    """
    database.writing(lambda connection: _update(connection, source, same_list=same_list))


def get(database: Database, name: str) -> Source:
    """Return a source by name. Raises NoSuchSource."""
    with database.reading() as connection:
        row = _row(connection, name)
    if row is None:
        raise NoSuchSource(name=name)
    return _source(row)


def all(  # noqa: A001 - read as sources.all
    database: Database, *, newest: bool = False
) -> list[Source]:
    """Return all sources by name; ``newest`` promises all that was committed before."""
    with database.reading_primary() if newest else database.reading() as connection:
        return [_source(row) for row in connection.execute(_query().order_by(SourceRow.code))]


def some(connection: Connection, names: Iterable[str]) -> dict[str, Source]:
    """Return the sources of these names, by name, within a snapshot."""
    rows = connection.execute(_query().where(SourceRow.code.in_(names)))
    return {row.code: _source(row) for row in rows}


def checkpoint(database: Database, name: str) -> Checkpoint:
    """Return where the last run of a source left off. Raises NoSuchSource."""
    with database.reading() as connection:
        return configured(connection, name).checkpoint


def export(database: Database) -> list[dict[str, Any]]:
    """Return all sources as plain values; ``apply`` of these changes nothing."""
    return [plain(source) for source in all(database)]


def plan(database: Database, wanted: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Return what ``apply`` would change, in the order given. Raises WrongUse where it would."""
    entries = _parse_all(wanted)
    changes = []
    with database.reading() as connection:
        present = {source.name: _present(connection, source) for source in entries}
    for source in entries:
        before = present[source.name]
        if before != source:
            changes.append(
                Change(
                    name=source.name,
                    kind="change" if before else "add",
                    before=plain(before) if before else {},
                    after=plain(source),
                )
            )
    return changes


def apply(database: Database, wanted: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Make the sources as the entries say, all or none; sources not named stay as they are."""
    changes = plan(database, wanted)

    def work(connection: Connection) -> None:
        wanted = [(each.kind, parse(each.after)) for each in changes]
        for kind, source in wanted:
            if kind == "add":
                # Which it takes over from may stand further down in the file.
                _insert(connection, replace(source, succeeds=""))
        for kind, source in wanted:
            if kind != "add" or source.succeeds:
                _update(connection, source)

    database.writing(work)
    return changes


def _present(connection: Connection, wanted: Source) -> Source | None:
    """Return the source of this name, if any; raise WrongUse if it cannot be added or changed."""
    row = _row(connection, wanted.name)
    library_id = libraries.find(connection, wanted.library)
    if row is not None:
        _check_stays(row, wanted, library_id)
        return _source(row)
    check_name(wanted.name)
    if not library_id:
        libraries.check_code(wanted.library)
    return None


def _check_stays(row: Any, wanted: Source, library_id: int) -> None:
    # Records belong to their library for ever; a successor takes over by another way.
    if row.library_id != library_id:
        raise WrongUse(reason=f"source {wanted.name} cannot move to library {wanted.library}")


def _insert(connection: Connection, source: Source) -> bool:
    library_id = libraries.find(connection, source.library)
    created = not library_id
    if created:
        library_id = libraries.insert_library(
            connection, Library(code=source.library, name=source.library)
        )
    key = connection.execute(
        insert(SourceRow)
        .values(
            code=source.name, library_id=library_id, stage=source.stage.value, **_columns(source)
        )
        .returning(SourceRow.id)
    ).scalar_one()
    if source.succeeds:
        setting.note(connection, key, source)
    clockwork.sources_changed(connection)
    return created


def change_within(connection: Connection, source: Source) -> None:
    """Give a source new settings as ``change`` does, together with what they are changed for."""
    _update(connection, source)


def _update(connection: Connection, source: Source, *, same_list: bool = False) -> None:
    query = _query().where(SourceRow.code == source.name)
    row = connection.execute(query.with_for_update(of=SourceRow, key_share=True)).one_or_none()
    if row is None:
        raise NoSuchSource(name=source.name)
    library_id = libraries.find(connection, source.library)
    _check_stays(row, source, library_id)
    columns = _columns(source)
    before = _source(row)
    if _differ(before, source, _LIST - {"url"} if same_list else _LIST):
        # What was seen of the old list says nothing about this one.
        columns |= {"checkpoint": "{}", "generation": SourceRow.generation + 1}
        columns |= {"decided": "", "shown": ""}
    connection.execute(update(SourceRow).where(SourceRow.id == row.id).values(columns))
    clockwork.sources_changed(connection)
    if before.succeeds != source.succeeds:
        setting.note(connection, row.id, source)
    if _differ(before, source, _MAPPING):
        # What is stored too, and what could not be read until now.
        queue.enqueue_within(connection, REMAP, REMAP, 0)
    if _differ(before, source, ("weight", "url", "protocol")):
        # The address is told with each record.
        wake_library(connection, library_id)


def _differ(before: Source, after: Source, names: Iterable[str]) -> bool:
    values = (attrgetter(name) for name in names)
    return any(value(before) != value(after) for value in values)


def _columns(source: Source) -> dict[str, Any]:
    _check(source)
    settings = {name: getattr(source, name) for name in _SETTINGS} | _groups(source)
    return {"settings": json.dumps(settings, ensure_ascii=False), "weight": source.weight}


def _query() -> Any:
    return select(
        SourceRow.id,
        SourceRow.code,
        SourceRow.library_id,
        SourceRow.settings,
        SourceRow.weight,
        SourceRow.checkpoint,
        SourceRow.generation,
        SourceRow.decided,
        SourceRow.stage,
        LibraryRow.standing.label("membership"),
        LibraryRow.code.label("library"),
        *setting.columns(),
    ).join(LibraryRow, LibraryRow.id == SourceRow.library_id)


def _row(connection: Connection, name: str) -> Any:
    return connection.execute(_query().where(SourceRow.code == name)).one_or_none()


def configured(connection: Connection, name: str) -> Configured:
    """Return a source with its key, checkpoint and generation. Raises NoSuchSource."""
    row = _row(connection, name)
    if row is None:
        raise NoSuchSource(name=name)
    return Configured(row.id, _source(row), json.loads(row.checkpoint), row.generation)


def check_generation(connection: Connection, source_id: int, generation: int) -> None:
    """Prove, inside a writer's own transaction, that the source still gives the list it reads.

    The source cannot change before the transaction ends. Raises SourceChanged.
    """
    [(code, found)] = _GENERATION.rows(connection, b_source=source_id)
    if found != generation:
        raise SourceChanged(name=code)


_GENERATION = Prepared(
    select(SourceRow.code, SourceRow.generation)
    .where(SourceRow.id == bindparam("b_source"))
    .with_for_update(key_share=True)
)


def _source(row: Any) -> Source:
    settings = json.loads(row.settings)
    # A source stored by an earlier version lacks what came later.
    settings |= {name: tuple(settings.get(name, ())) for name in _TEXTS}
    for name, kind in options.GROUPS.items():
        settings[name] = options.stored(kind, settings.get(name, {}))
    decided = _decided(row.decided) if settings["encoding"].strip().lower() == AUTO else None
    return Source(
        name=row.code,
        library=row.library,
        weight=row.weight,
        decided=decided,
        stage=Stage(row.stage),
        membership=Membership(row.membership),
        standing=setting.standing_of(settings.get("succeeds", ""), row),
        **settings,
    )


def _decided(text: str) -> Decided | None:
    if not text:
        return None
    told = json.loads(text)
    return Decided(**told | {"stops": tuple(told["stops"])})


def plain(source: Source) -> dict[str, Any]:
    """Return a source as plain values, as ``export`` does."""
    texts = {name: list(getattr(source, name)) for name in _TEXTS}
    settings = {name: value for name, value in asdict(source).items() if name not in _NO_SETTING}
    return {**settings, **texts, **_groups(source)}


def _groups(source: Source) -> dict[str, dict[str, Any]]:
    return {name: options.plain(getattr(source, name)) for name in options.GROUPS}


def _parse_all(entries: Iterable[Mapping[str, Any]]) -> list[Source]:
    found = [parse(entry) for entry in entries]
    twice = [name for name, times in Counter(source.name for source in found).items() if times > 1]
    if twice:
        raise WrongUse(reason=f"more than one entry for source {', '.join(twice)}")
    return found


def parse(entry: Mapping[str, Any]) -> Source:
    """Return a source from plain values, as ``export`` gives them. Raises WrongUse."""
    entry = {name: value for name, value in entry.items() if value is not None}
    names = {field.name for field in fields(Source)} - _NO_SETTING
    unknown = sorted(str(name) for name in entry if name not in names)
    if unknown:
        raise WrongUse(reason=f"unknown entry in source: {', '.join(unknown)}")
    missing = [name for name in ("name", "library", "protocol", "url") if not entry.get(name)]
    if missing:
        raise WrongUse(reason=f"source {entry.get('name', '?')} lacks {', '.join(missing)}")
    _check_kinds(entry)
    for name, kind in options.GROUPS.items():
        entry[name] = options.read(kind, entry.get(name, {}), entry["name"])
    source = Source(**entry)
    _check(source)
    return replace(source, sets=tuple(source.sets), suppress=tuple(source.suppress))


def _check_kinds(entry: Mapping[str, Any]) -> None:
    """Raise WrongUse for a value of another kind than its setting: a file may hold anything."""
    for name, value in entry.items():
        if name in _TEXTS:
            fits, kind = _is_texts(value), "a list of texts"
        elif name == "weight":
            fits, kind = type(value) is int, "a whole number"
        elif name == "paused":
            fits, kind = type(value) is bool, "true or false"
        elif name in options.GROUPS:
            continue
        else:
            fits, kind = isinstance(value, str), "text, in quotes where it looks like a number"
        if not fits:
            raise WrongUse(reason=f"{name} of source {entry['name']} must be {kind}")


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and {type(each) for each in value} <= {str}


def _check(source: Source) -> None:
    if source.weight not in _WEIGHTS:
        limits = f"a whole number from {_WEIGHTS[0]} to {_WEIGHTS[-1]}"
        raise WrongUse(reason=f"the weight of source {source.name} must be {limits}")
    for name in options.GROUPS:
        options.check(getattr(source, name), source.name)


def check_name(name: str) -> None:
    """Raise WrongUse for what cannot be the name of a source."""
    if not _NAME.fullmatch(name):
        rule = "use 1 to 64 letters A-Z, a-z, digits, dots, hyphens or underscores"
        reason = f"{name!r} cannot be a source's name: {rule}, a letter or digit first"
        raise WrongUse(reason=reason)
