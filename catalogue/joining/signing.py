"""Both sides agree to what a check and the test stream showed; then, and only then, all is shown.

An agreement counts for the newest check and for how records were mapped when it was given: a new
check or another mapping asks for a new one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.joining import reminding, store
from catalogue.joining.checks import PASS
from catalogue.joining.errors import NothingToSign, OtherCheck
from catalogue.joining.model import MOVES, Action, Application, By, Side, Sign, State, Turn
from catalogue.joining.tables import JoiningCheckRow, JoiningSignRow
from catalogue.mapping_mark import mapping_mark
from catalogue.membership.model import Membership
from catalogue.membership.standing import By as Changed
from catalogue.membership.standing import set_within, stage_within
from catalogue.observed import Stage
from catalogue.sql import table, upsert
from crosswalks.text import storable

_checks, _signs = table(JoiningCheckRow), table(JoiningSignRow)


def signs(database: Database, code: str) -> list[Sign]:
    """Return the agreements that hold now. Raises NoSuchApplication."""
    with database.reading_primary() as connection:
        return _holding(connection, store.one(connection, code))


def sign(database: Database, code: str, side: Side, check: int, by: By) -> bool:
    """Agree on behalf of a side to what a check found; tell whether that connected the library.

    Once both have, the source is live and the library a member, in the same transaction. Raises
    NoSuchApplication, NothingToSign, OtherCheck or ApplicationChanged.
    """
    return database.writing(lambda connection: sign_within(connection, code, side, check, by))


def sign_within(connection: Connection, code: str, side: Side, check: int, by: By) -> bool:
    """Agree as ``sign`` does, together with what else has to hold."""
    before = store.locked(connection, code)
    again = {each.side for each in _holding(connection, before)}
    if before.state is State.CONNECTED or side in again:
        # Pressed twice.
        return False
    store.check_seen(before, by.seen)
    newest = _newest(connection, before)
    if newest is None or newest.verdict != PASS or before.state not in _OPEN:
        raise NothingToSign(code=before.code)
    if newest.id != check:
        raise OtherCheck(code=before.code)
    row = {
        "joining_id": before.id,
        "side": side.value,
        "check_id": check,
        "mapping": mapping_mark(connection, before.source),
        "author": storable(by.author),
        "note": storable(by.note),
        "at": wall_clock(),
    }
    upsert(connection, JoiningSignRow, [row])
    sides = {each.side for each in _holding(connection, before)}
    if sides == set(Side):
        _connect(connection, before, by)
        return True
    agreed = side is Side.MEMBER
    state = State.AGREED if agreed else before.state
    more = store.turned(before, state, Turn.STAFF if agreed else Turn.APPLICANT)
    store.put(connection, before, (by.author, Action.SIGNED, state, by.note), **more)
    return False


_OPEN = (State.CHECK, State.AGREED)


def objecting(database: Database, code: str, by: By) -> None:
    """Say that something is to be mended, in a note: whoever agreed before has to anew.

    Raises NoSuchApplication, NothingToSign where nothing is to be agreed to, ApplicationChanged.
    """
    database.writing(lambda connection: object_within(connection, code, by))


def object_within(connection: Connection, code: str, by: By) -> None:
    """Say so as ``objecting`` does, together with what else has to hold."""
    before = store.locked(connection, code)
    store.check_seen(before, by.seen)
    if State.FIX not in MOVES[before.state]:
        raise NothingToSign(code=before.code)
    store.forget_signs(connection, before)
    more = store.turned(before, State.FIX, Turn.STAFF)
    store.put(connection, before, (by.author, Action.OBJECTED, State.FIX, by.note), **more)


def _connect(connection: Connection, before: Application, by: By) -> None:
    who = Changed(person=by.author, reason=by.note)
    stage_within(connection, before.source, Stage.LIVE, who)
    set_within(connection, before.library, Membership.MEMBER, who)
    ended = {"digest": None, "invited": 0}
    more = store.turned(before, State.CONNECTED, Turn.NOBODY) | ended
    reminding.forget_channel(connection, before)
    store.put(connection, before, (by.author, Action.CONNECTED, State.CONNECTED, by.note), **more)


def _newest(connection: Connection, application: Application) -> Any:
    """Return the newest check, if it is finished."""
    query = select(_checks.c.id, _checks.c.verdict, _checks.c.finished).where(
        _checks.c.joining_id == application.id
    )
    row = connection.execute(query.order_by(_checks.c.id.desc()).limit(1)).first()
    return row if row is not None and row.finished else None


def _holding(connection: Connection, application: Application) -> list[Sign]:
    newest = _newest(connection, application)
    if newest is None:
        return []
    mapping = mapping_mark(connection, application.source)
    rows = connection.execute(select(_signs).where(_signs.c.joining_id == application.id)).all()
    return [
        Sign(
            side=Side(row.side),
            check=row.check_id,
            mapping=row.mapping,
            author=row.author,
            note=row.note,
            at=row.at,
        )
        for row in rows
        if (row.check_id, row.mapping) == (newest.id, mapping)
    ]
