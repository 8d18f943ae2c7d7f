"""A library that changes its system: a hub with its old and its new source, and another library."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Event

from sqlalchemy import select

from catalogue import sources
from catalogue.database import Database
from catalogue.model import HubIdentity, Source
from catalogue.raw import FolderRawStore
from catalogue.succession import report, steps
from catalogue.succession.report import Report
from catalogue.tables import MemberRow, RecordRow, SourceRow
from crosswalks.model import Record
from scheduler import succession
from scheduler.model import Line
from support.filled import deliver, settle
from support.harvesting import LOOPBACK
from support.marc import marc

OLD, NEW, OTHER = "old", "new", "other"


def line(database: Database, folder: Path) -> Line:
    """Return a hub's line on a database."""
    raw_store = FolderRawStore(folder / "raw")
    return Line(db=database, raw_store=raw_store, identity=HubIdentity(), http=LOOPBACK)


def add(database: Database, *, waits: bool = True) -> None:
    """Add the old and the new source of a library, and one of another."""
    _add(database, OLD, "A")
    _add(database, NEW, "A", succeeds=OLD if waits else "")
    _add(database, OTHER, "B")


def _add(database: Database, name: str, library: str, succeeds: str = "") -> None:
    url = f"http://127.0.0.1/{name}"
    sources.add(
        database,
        Source(name=name, library=library, protocol="oai-pmh", url=url, succeeds=succeeds),
    )


def book(title: str, number: str = "", *more: str, author: str = "Nam Cao") -> Record:
    """Return a record of a book with a number of its system."""
    lines = [f"001 {number}"] if number else []
    lines += [
        "008 240101s1941    vm            000 0 vie d",
        f"100 0_ $a{author}",
        f"245 10 $a{title}",
        "260 __ $aHà Nội$bVăn học$c1941",
        "300 __ $a120 tr.",
    ]
    return marc(*lines, *more)


def bring(database: Database, name: str, records: Mapping[str, Record | None]) -> None:
    """Let a source deliver records, by identifier, and place what may be placed."""
    deliver(database, name, records)
    settle(database)


def found(hub: Line) -> Report:
    """Pair the two sources, and return what came of it."""
    named = steps.named(hub.db, OLD, NEW)
    with succession.looking(hub, named) as work:
        succession.find(hub, work)
    return report.report(hub.db, named)


def taken_over(hub: Line, step: int = 200) -> Report:
    """Let the new source take over from the old one, and place all."""
    named = steps.named(hub.db, OLD, NEW)
    with succession.taken(hub, named) as work:
        succession.find(hub, work)
        succession.apply(hub, work._replace(step=step), named, Event())
    settle(hub.db)
    return report.report(hub.db, named)


def clusters(database: Database) -> dict[str, int]:
    """Return source/identifier -> cluster of all records that are in one."""
    query = (
        select(SourceRow.code, RecordRow.identifier, MemberRow.cluster_id)
        .join(RecordRow, RecordRow.source_id == SourceRow.id)
        .join(MemberRow, MemberRow.record_id == RecordRow.id)
    )
    with database.reading() as connection:
        rows = connection.execute(query)
        return {f"{row.code}/{row.identifier}": row.cluster_id for row in rows}


def states(database: Database) -> dict[str, str]:
    """Return source/identifier -> state of all records."""
    query = select(SourceRow.code, RecordRow.identifier, RecordRow.state).join(
        RecordRow, RecordRow.source_id == SourceRow.id
    )
    with database.reading() as connection:
        rows = connection.execute(query)
        return {f"{row.code}/{row.identifier}": row.state for row in rows}
