"""Checks of servers, from being asked for to being forgotten.

One waits or is under way for each source at a time, however often it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from catalogue import jobnotes, queue, sources
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.model import Lease
from catalogue.sql import Query, table
from catalogue.tables import SourceRow
from catalogue.validations.errors import NoEndpoint, NoSuchValidation
from catalogue.validations.tables import ValidationRow
from crosswalks.text import storable

KIND = "validate"
"""The kind of job that checks a server; its key is ``validate:<source id>``."""
KEPT = 10
"""Checks of a source that are kept."""
PASS, MEND, BROKEN = "pass", "mend", "broken"
_PROTOCOL = "oai-pmh"
_rows = table(ValidationRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """A check of a source's server; moments are epoch seconds."""

    id: int
    source: str
    asked: int
    author: str
    finished: int = 0
    """0 while it waits or is under way."""
    verdict: str = ""
    """``pass``, ``mend``, ``broken`` where nobody brought it to its end; empty: not yet."""
    report: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What ``scheduler.validations.plain`` wrote; empty in lists."""

    @property
    def is_told(self) -> bool:
        """Tell whether there is a report."""
        return self.verdict in (PASS, MEND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a check is."""

    is_busy: bool = False
    """Whether a worker is at it, or is to be."""
    stage: str = ""
    """What is being asked for; empty while it waits."""
    requests: int = 0


def ask(database: Database, name: str, author: str) -> bool:
    """Have the server of a source checked; tell whether it was not asked for before.

    Raises NoSuchSource or NoEndpoint.
    """
    source = sources.get(database, name)
    if source.protocol != _PROTOCOL:
        raise NoEndpoint(name=name, protocol=source.protocol)

    def work(connection: Connection) -> bool:
        source_id = _source_id(connection, name, lock=True)
        if jobnotes.noted(connection, _key(source_id)) is not None:
            return False
        _give_up(connection, source_id)
        row = {"source_id": source_id, "asked": wall_clock(), "author": storable(author)}
        connection.execute(insert(_rows).values(**row, finished=0, verdict="", report="{}"))
        return queue.ask_within(connection, KIND, _key(source_id))

    return database.writing(work)


def waiting(database: Database, key: str) -> Validation | None:
    """Return the check that a job is about, if there still is one."""
    query = _query().where(
        _rows.c.source_id == int(key.removeprefix(f"{KIND}:")), _rows.c.finished == 0
    )
    with database.reading_primary() as connection:
        row = connection.execute(query.order_by(_rows.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _validation(row)


def finish(
    database: Database, lease: Lease, number: int, verdict: str, report: Mapping[str, Any]
) -> None:
    """Keep what a check found and end its job; the oldest are forgotten. Raises LeaseLost."""

    def work(connection: Connection) -> None:
        queue.renew(connection, lease)
        done = {"finished": wall_clock(), "verdict": verdict}
        told = storable(json.dumps(report, ensure_ascii=False))
        this = update(_rows).where(_rows.c.id == number).values(**done, report=told)
        source_id = connection.execute(this.returning(_rows.c.source_id)).scalar()
        if source_id is not None:
            _forget(connection, source_id)
        queue.finish(connection, lease)

    database.writing(work)


def progress(database: Database, name: str) -> Progress:
    """Return how far the check of a source's server is. Raises NoSuchSource."""
    with database.reading_primary() as connection:
        found = jobnotes.noted(connection, _key(_source_id(connection, name)))
    if found is None:
        return Progress()
    return Progress(
        is_busy=True, stage=found.get("stage", ""), requests=int(found.get("requests", 0))
    )


def get(database: Database, name: str, number: int) -> Validation:
    """Return a check of a source's server with its report. Raises NoSuchValidation."""
    this = _query().where(_rows.c.id == number, SourceRow.code == storable(name))
    with database.reading_primary() as connection:
        row = connection.execute(this).one_or_none()
    if row is None:
        raise NoSuchValidation(name=name, number=number)
    return _validation(row)


def before(database: Database, found: Validation) -> Validation | None:
    """Return the check with a report that was made before this one, if it is kept."""
    query = _query().where(
        SourceRow.code == found.source,
        _rows.c.id < found.id,
        _rows.c.verdict.in_((PASS, MEND)),
    )
    with database.reading_primary() as connection:
        row = connection.execute(query.order_by(_rows.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _validation(row)


def all(database: Database, name: str) -> list[Validation]:  # noqa: A001 - read as store.all
    """Return the kept checks of a source's server, the newest first, without their reports."""
    query = _query(_BRIEF).where(SourceRow.code == storable(name))
    with database.reading_primary() as connection:
        rows = connection.execute(query.order_by(_rows.c.id.desc()).limit(KEPT + 1)).all()
    return [_validation(row) for row in rows]


def latest(database: Database, names: Collection[str]) -> dict[str, Validation]:
    """Return the newest check of each of these sources that has one, without its report."""
    newest = (
        select(func.max(_rows.c.id))
        .join(SourceRow, SourceRow.id == _rows.c.source_id)
        .where(SourceRow.code.in_(names))
        .group_by(_rows.c.source_id)
    )
    with database.reading_primary() as connection:
        rows = connection.execute(_query(_BRIEF).where(_rows.c.id.in_(newest))).all()
    return {row.source: _validation(row) for row in rows}


def _key(source_id: int) -> str:
    return f"{KIND}:{source_id}"


def _source_id(connection: Connection, name: str, *, lock: bool = False) -> int:
    source_id = sources.configured(connection, name).id
    if lock:
        # Two who ask at once come to one check.
        this = select(SourceRow.id).where(SourceRow.id == source_id)
        connection.execute(this.with_for_update())
    return source_id


def _give_up(connection: Connection, source_id: int) -> None:
    """Say of a check that nobody is at any more that it was not brought to its end."""
    left = update(_rows).where(_rows.c.source_id == source_id, _rows.c.finished == 0)
    connection.execute(left.values(finished=wall_clock(), verdict=BROKEN))


def _forget(connection: Connection, source_id: int) -> None:
    mine = select(_rows.c.id).where(_rows.c.source_id == source_id)
    oldest = connection.scalars(mine.order_by(_rows.c.id.desc()).offset(KEPT)).all()
    connection.execute(delete(_rows).where(_rows.c.id.in_(oldest)))


def _query(columns: Collection[Any] = tuple(_rows.c)) -> Query:
    source = SourceRow.code.label("source")
    return select(*columns, source).join(SourceRow, SourceRow.id == _rows.c.source_id)


_BRIEF = tuple(column for column in _rows.c if column.name != "report")


def _validation(row: Any) -> Validation:
    return Validation(
        id=row.id,
        source=row.source,
        asked=row.asked,
        author=row.author,
        finished=row.finished,
        verdict=row.verdict,
        report=json.loads(getattr(row, "report", "{}")),
    )
