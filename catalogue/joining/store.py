"""Applications: kept, found, changed and moved from state to state, each change with who and why.

A change names the revision that a person saw, which must still be the application's; what is as it
was asked to be already is left alone, so a button that was pressed twice does one thing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update

from catalogue import libraries
from catalogue.alerts.addresses import check_mail
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.joining import links
from catalogue.joining.errors import (
    ApplicationChanged,
    ApplicationTaken,
    CannotMove,
    NoStream,
    NoSuchApplication,
)
from catalogue.joining.model import MOVES, TURNS, Action, Application, By, Event, State, Turn
from catalogue.joining.reminding import forget_channel
from catalogue.joining.tables import JoiningEventRow, JoiningRow, JoiningSignRow
from catalogue.sql import table
from catalogue.tables import LibraryRow, SourceRow
from crosswalks.text import storable

PERSONAL = ("name", "kind", "region", "contact", "mail", "language")
"""What can be changed of an application beside its answers."""
_rows, _events, _signs = table(JoiningRow), table(JoiningEventRow), table(JoiningSignRow)
_libraries, _sources = table(LibraryRow), table(SourceRow)


def all(database: Database) -> list[Application]:  # noqa: A001 - read as store.all
    """Return all applications: those that wait longest first, those that are over last."""
    with database.reading_primary() as connection:
        found = [_application(row) for row in connection.execute(_query())]
    return sorted(found, key=lambda each: (not each.state.is_open, each.since, each.id))


def get(database: Database, code: str) -> Application:
    """Return an application by its code. Raises NoSuchApplication."""
    with database.reading_primary() as connection:
        return one(connection, code)


def by_token(database: Database, token: str) -> Application | None:
    """Return the application that a link with this token leads to, if any does."""
    query = _query().where(_rows.c.digest == links.digest(token))
    with database.reading_primary() as connection:
        row = connection.execute(query).one_or_none()
    return _application(row) if row else None


def events(database: Database, code: str) -> list[Event]:
    """Return what happened to an application, the newest first. Raises NoSuchApplication."""
    with database.reading_primary() as connection:
        number = one(connection, code).id
        query = select(_events).where(_events.c.joining_id == number).order_by(_events.c.id.desc())
        return [_event(row) for row in connection.execute(query)]


def add(database: Database, wanted: Application, author: str, note: str = "") -> Application:
    """Keep a new application. Raises BadLibraryCode, ApplicationTaken or BadMailAddress."""
    libraries.check_code(wanted.code)
    _check_mail(wanted.mail)

    def work(connection: Connection) -> Application:
        taken = select(_rows.c.id).where(_rows.c.code == wanted.code)
        if connection.execute(taken).first():
            raise ApplicationTaken(code=wanted.code)
        now = wall_clock()
        number = connection.execute(
            insert(_rows)
            .values(
                **{name: storable(getattr(wanted, name)) for name in ("code", *PERSONAL)},
                answers=_json(wanted.answers),
                state=State.ASKED.value,
                turn=Turn.STAFF.value,
                since=now,
                created=now,
                rev=1,
                invited=0,
                reminded="",
            )
            .returning(_rows.c.id)
        ).scalar_one()
        tell(connection, number, (author, Action.ADDED, State.ASKED, note))
        return one(connection, wanted.code)

    return database.writing(work)


def change(database: Database, code: str, by: By, **given: str) -> Application:
    """Change what is known of the applicant: see ``PERSONAL``.

    Raises NoSuchApplication, ApplicationChanged or BadMailAddress.
    """
    given = {name: storable(value.strip()) for name, value in given.items()}
    _check_mail(given.get("mail", ""))

    def work(connection: Connection) -> Application:
        before = locked(connection, code)
        changed = {name: new for name, new in given.items() if getattr(before, name) != new}
        if not changed:
            return before
        check_seen(before, by.seen)
        note = "; ".join(f"{name}: {new}" for name, new in changed.items())
        put(connection, before, (by.author, Action.CHANGED, before.state, note), **changed)
        return one(connection, code)

    return database.writing(work)


def answer(
    database: Database, code: str, answers: Mapping[str, Any], by: By, *, complete: bool
) -> Application:
    """Keep what was answered; a complete survey goes to the hub, which then has to check.

    Raises NoSuchApplication, ApplicationChanged, or CannotMove where it is over.
    """

    def work(connection: Connection) -> Application:
        before = locked(connection, code)
        goes_on = complete and before.state in (State.ASKED, State.SURVEY)
        if dict(before.answers) == dict(answers) and not goes_on:
            return before
        check_seen(before, by.seen)
        if not before.state.is_open:
            raise _cannot(before, State.SURVEY)
        state = State.CHECK if goes_on else before.state
        more = turned(before, state, TURNS[state]) if goes_on else {}
        put(
            connection,
            before,
            (by.author, Action.ANSWERED, state, ""),
            answers=_json(answers),
            **more,
        )
        return one(connection, code)

    return database.writing(work)


def move(database: Database, code: str, to: State, by: By) -> Application:
    """Move an application to another state, by ``MOVES``.

    Raises NoSuchApplication, ApplicationChanged, CannotMove, or NoStream for a check of nothing.
    """

    def work(connection: Connection) -> Application:
        before = locked(connection, code)
        if before.state is to:
            return before
        check_seen(before, by.seen)
        move_within(connection, before, to, by)
        return one(connection, code)

    return database.writing(work)


def move_within(
    connection: Connection, before: Application, to: State, by: By, turn: Turn | None = None
) -> None:
    """Move an application as ``move`` does; what was agreed to before does not count any more."""
    if to not in MOVES[before.state]:
        raise _cannot(before, to)
    if to is State.CHECK and not before.source:
        raise NoStream(code=before.code)
    more = turned(before, to, TURNS[to] if turn is None else turn)
    if not to.is_open:
        more |= {"digest": None, "invited": 0}
        forget_channel(connection, before)
    forget_signs(connection, before)
    put(connection, before, (by.author, Action.MOVED, to, by.note), **more)


def forget_signs(connection: Connection, application: Application) -> None:
    """Have both sides agree anew; that they did is told by the events."""
    connection.execute(_signs.delete().where(_signs.c.joining_id == application.id))


def one(connection: Connection, code: str) -> Application:
    """Return an application within a snapshot. Raises NoSuchApplication."""
    row = connection.execute(_query().where(_rows.c.code == storable(code))).one_or_none()
    if row is None:
        raise NoSuchApplication(code=code)
    return _application(row)


def locked(connection: Connection, code: str) -> Application:
    """Return an application that nobody else changes before this transaction ends."""
    query = select(_rows.c.id).where(_rows.c.code == storable(code)).with_for_update()
    connection.execute(query)
    return one(connection, code)


def check_seen(application: Application, seen: int | None) -> None:
    """Raise ApplicationChanged where a person saw another revision than this one."""
    if seen not in (None, application.rev):
        raise ApplicationChanged(code=application.code)


def put(
    connection: Connection,
    before: Application,
    what: tuple[str, Action, State, str],
    **columns: Any,
) -> None:
    """Change an application, and tell who did what to it."""
    these = update(_rows).where(_rows.c.id == before.id)
    connection.execute(these.values(rev=before.rev + 1, **columns))
    tell(connection, before.id, what)


def tell(connection: Connection, number: int, what: tuple[str, Action, State, str]) -> None:
    """Keep that something happened to the application with this key."""
    author, action, state, note = what
    values = {"at": wall_clock(), "author": storable(author), "note": storable(note)}
    connection.execute(
        insert(_events).values(joining_id=number, action=action.value, state=state.value, **values)
    )


def turned(before: Application, state: State, turn: Turn) -> dict[str, Any]:
    """Return the columns of a state and whose turn it is; days count anew where one differs."""
    if (before.state, before.turn) == (state, turn):
        return {}
    return {"state": state.value, "turn": turn.value, "since": wall_clock()}


def _cannot(application: Application, to: State) -> CannotMove:
    allowed = ", ".join(MOVES[application.state]) or "-"
    return CannotMove(code=application.code, state=application.state, wanted=to, allowed=allowed)


def _check_mail(address: str) -> None:
    if address:
        check_mail(address)


def _json(answers: Mapping[str, Any]) -> str:
    return storable(json.dumps(dict(answers), ensure_ascii=False))


def _query() -> Any:
    return (
        select(*_rows.c, _libraries.c.code.label("library"), _sources.c.code.label("source"))
        .outerjoin(_libraries, _libraries.c.id == _rows.c.library_id)
        .outerjoin(_sources, _sources.c.id == _rows.c.source_id)
    )


def _application(row: Any) -> Application:
    same = ("id", "code", *PERSONAL, "since", "created", "rev", "invited", "reminded")
    return Application(
        **{name: row._mapping[name] for name in same},
        answers=json.loads(row.answers),
        state=State(row.state),
        turn=Turn(row.turn),
        library=row.library or "",
        source=row.source or "",
    )


def _event(row: Any) -> Event:
    return Event(
        at=row.at,
        author=row.author,
        action=Action(row.action),
        state=State(row.state),
        note=row.note,
    )
