"""The test stream of an application, and the technical checks of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from catalogue import libraries, sources
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.joining import store
from catalogue.joining.errors import LibraryHasLeft, NoStream, SourceElsewhere, SourceIsLive
from catalogue.joining.model import Action, Application, By, Check, State, Turn
from catalogue.joining.tables import JoiningCheckRow, JoiningRow
from catalogue.membership.model import Membership
from catalogue.membership.standing import By as Changed
from catalogue.membership.standing import stage_within
from catalogue.model import Library, Source
from catalogue.observed import Stage
from catalogue.sql import table
from catalogue.tables import LibraryRow, SourceRow
from crosswalks.text import storable

PASS, MEND = "pass", "mend"
_checks = table(JoiningCheckRow)
_sources = table(SourceRow)


def stream(database: Database, code: str, source: Source, by: By) -> Application:
    """Give an application the source that is tried out, made where there is none, as its library.

    Its records are stored and mapped as any other and are at no door. Raises NoSuchApplication,
    LibraryHasLeft, SourceIsLive, SourceElsewhere, and what keeping a source does.
    """

    def work(connection: Connection) -> Application:
        before = store.locked(connection, code)
        store.check_seen(before, by.seen)
        library_id = _library(connection, before)
        source_id = _source(connection, before, source, by)
        joined = {"library_id": library_id, "source_id": source_id}
        what = (by.author, Action.CHANGED, before.state, by.note)
        store.put(connection, before, what, **joined)
        return store.one(connection, code)

    return database.writing(work)


def _library(connection: Connection, application: Application) -> int:
    """Return the library, made as one that is joining where there is none of that code."""
    found = libraries.find(connection, application.code)
    if not found:
        told = ("code", "name", "kind", "region")
        fields = {name: getattr(application, name) for name in told}
        made = Library(**fields, standing=Membership.JOINING)
        return libraries.insert_library(connection, made)
    standing = connection.execute(
        select(LibraryRow.standing).where(LibraryRow.id == found)
    ).scalar_one()
    if standing in (Membership.SUSPENDED, Membership.WITHDRAWN):
        raise LibraryHasLeft(code=application.code, standing=standing)
    return found


def _source(connection: Connection, application: Application, source: Source, by: By) -> int:
    """Return the source to be tried out, made or given these settings."""
    known = connection.execute(
        select(_sources.c.id, _sources.c.stage, LibraryRow.code)
        .join(LibraryRow, LibraryRow.id == _sources.c.library_id)
        .where(_sources.c.code == source.name)
    ).one_or_none()
    if known is None:
        sources.add_within(connection, source)
        stage_within(connection, source.name, Stage.TEST, Changed(person=by.author, reason=by.note))
    elif known.code != application.code:
        raise SourceElsewhere(name=source.name, library=known.code, code=application.code)
    elif known.stage != Stage.TEST:
        raise SourceIsLive(name=source.name)
    else:
        sources.change_within(connection, source)
    query = select(_sources.c.id).where(_sources.c.code == source.name)
    return int(connection.execute(query).scalar_one())


def begin(database: Database, code: str, by: By) -> int:
    """Note that an application is to be checked; return the number of the check.

    One that is not finished yet is the same, however often it is asked for. Raises
    NoSuchApplication, NoStream, CannotMove or ApplicationChanged.
    """

    def work(connection: Connection) -> int:
        before = store.locked(connection, code)
        store.check_seen(before, by.seen)
        if not before.source:
            raise NoStream(code=before.code)
        waits = select(func.max(_checks.c.id)).where(
            _checks.c.joining_id == before.id, _checks.c.finished == 0
        )
        number = connection.execute(waits).scalar()
        if number is not None and before.state is State.CHECK:
            return int(number)
        if before.state is not State.CHECK:
            store.move_within(connection, before, State.CHECK, by)
        store.forget_signs(connection, before)
        return int(
            connection.execute(
                insert(_checks)
                .values(
                    joining_id=before.id,
                    asked=wall_clock(),
                    author=storable(by.author),
                    finished=0,
                    verdict="",
                    report="{}",
                )
                .returning(_checks.c.id)
            ).scalar_one()
        )

    return database.writing(work)


def finish(database: Database, number: int, verdict: str, report: Mapping[str, Any]) -> None:
    """Keep what came of a check; what has to be mended is the applicant's turn, else both sign."""

    def work(connection: Connection) -> None:
        query = select(_checks.c.joining_id, _checks.c.author).where(_checks.c.id == number)
        row = connection.execute(query).one()
        code = select(JoiningRow.code).where(JoiningRow.id == row.joining_id)
        before = store.locked(connection, connection.execute(code).scalar_one())
        connection.execute(
            update(_checks)
            .where(_checks.c.id == number)
            .values(
                finished=wall_clock(),
                verdict=verdict,
                report=storable(json.dumps(report, ensure_ascii=False)),
            )
        )
        if before.state is not State.CHECK:
            return
        state = State.CHECK if verdict == PASS else State.FIX
        more = store.turned(before, state, Turn.APPLICANT)
        store.put(connection, before, (row.author, Action.CHECKED, state, verdict), **more)

    database.writing(work)


def all(database: Database, code: str) -> list[Check]:  # noqa: A001 - read as checks.all
    """Return the checks of an application, the newest first. Raises NoSuchApplication."""
    with database.reading_primary() as connection:
        number = store.one(connection, code).id
        query = select(_checks).where(_checks.c.joining_id == number)
        rows = connection.execute(query.order_by(_checks.c.id.desc())).all()
    return [
        Check(
            id=row.id,
            asked=row.asked,
            author=row.author,
            finished=row.finished,
            verdict=row.verdict,
            report=json.loads(row.report),
        )
        for row in rows
    ]
