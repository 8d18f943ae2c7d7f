"""Giving an applicant its link, another one, or none any more."""

from __future__ import annotations

from sqlalchemy import Connection

from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.joining import links, store
from catalogue.joining.errors import LinkNeedsState
from catalogue.joining.model import Action, By, State


def invite(database: Database, code: str, author: str) -> str:
    """Return the token of a new link; the one before leads nowhere from now on.

    Raises NoSuchApplication, or LinkNeedsState where the application is over. One that was asked
    for goes on to the survey: the link is how it is filled in.
    """
    token = links.new_token()

    def work(connection: Connection) -> None:
        before = store.locked(connection, code)
        if not before.state.is_open:
            raise LinkNeedsState(code=before.code, state=before.state)
        link = {"digest": links.digest(token), "invited": wall_clock()}
        what = (author, Action.INVITED, before.state, "")
        store.put(connection, before, what, **link)
        if before.state is State.ASKED:
            now = store.one(connection, code)
            store.move_within(connection, now, State.SURVEY, By(author))

    database.writing(work)
    return token


def uninvite(database: Database, code: str, author: str) -> None:
    """Have an applicant's link lead nowhere. Raises NoSuchApplication."""

    def work(connection: Connection) -> None:
        before = store.locked(connection, code)
        if before.invited:
            what = (author, Action.UNINVITED, before.state, "")
            store.put(connection, before, what, digest=None, invited=0)

    database.writing(work)
