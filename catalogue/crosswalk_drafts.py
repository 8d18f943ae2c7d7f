"""Drafts of crosswalks by number, as people keep them: none is lost when two work at one crosswalk.

One draft of a name is the one that would be published. Who keeps a text without having seen it has
that text kept beside it, and is told.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, select

from catalogue import crosswalks
from catalogue.crosswalk_tables import (
    CrosswalkDraftRow,
    CrosswalkEditionRow,
    CrosswalkRevisionRow,
    CrosswalkVersionRow,
)
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.errors import DraftChanged, NoSuchCrosswalkDraft
from catalogue.sql import table

_drafts, _revisions = table(CrosswalkDraftRow), table(CrosswalkRevisionRow)
_versions, _edition = table(CrosswalkVersionRow), table(CrosswalkEditionRow)


class Kept(NamedTuple):
    """What became of a text that somebody kept."""

    number: int
    """Under which it is known."""
    is_draft: bool
    """Whether it is the one that would be published; else it is only kept beside that."""


class Header(NamedTuple):
    """A draft that was kept once, without its text."""

    number: int
    author: str
    made: int
    """Epoch seconds."""
    note: str


def standing(database: Database, name: str) -> str:
    """Return what tells whether a crosswalk is as somebody saw it: version in use and draft."""
    with database.reading_primary() as connection:
        return _standing(connection, name)


def keep(database: Database, wanted: Version, seen: str) -> Kept:
    """Keep a text as the draft, if the crosswalk still is as it was seen (``standing``).

    If it is not, the text is kept all the same, beside the draft there is. The same text once more
    changes nothing. Raises what ``crosswalks.check_draft`` does.
    """
    crosswalks.check_draft(database, wanted)

    def work(connection: Connection) -> Kept:
        connection.execute(select(_edition.c.edition).with_for_update())
        is_free = _standing(connection, wanted.name) == seen
        draft = _number(connection, wanted.name)
        known = _newest(connection, wanted)
        if known is not None and (known == draft or not is_free):
            return Kept(known, is_draft=known == draft)
        number = crosswalks.note_revision(connection, wanted)
        if is_free:
            crosswalks.make_draft(connection, wanted.name, number)
        return Kept(number, is_draft=is_free)

    return database.writing(work)


def discard(database: Database, name: str, seen: str) -> None:
    """Have a crosswalk without a draft; it stays among the earlier ones. Raises DraftChanged."""

    def work(connection: Connection) -> None:
        connection.execute(select(_edition.c.edition).with_for_update())
        if _number(connection, name) and _standing(connection, name) != seen:
            raise DraftChanged(name=name)
        connection.execute(delete(_drafts).where(_drafts.c.name == name))

    database.writing(work)


def headers(database: Database, name: str, limit: int) -> list[Header]:
    """Return the drafts of a crosswalk that were ever kept, the latest first."""
    columns = [_revisions.c[field] for field in Header._fields]
    query = select(*columns).where(_revisions.c.name == name).order_by(_revisions.c.number.desc())
    with database.reading_primary() as connection:
        return [Header(*row) for row in connection.execute(query.limit(limit))]


def get(database: Database, name: str, number: int) -> Version:
    """Return a draft that was kept once. Raises NoSuchCrosswalkDraft."""
    query = select(_revisions).where(_revisions.c.name == name, _revisions.c.number == number)
    with database.reading_primary() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NoSuchCrosswalkDraft(name=name, number=number)
    return crosswalks.drafted(row)


def _standing(connection: Connection, name: str) -> str:
    latest = select(func.max(_versions.c.version)).where(_versions.c.name == name)
    return f"{connection.execute(latest).scalar() or 0}.{_number(connection, name)}"


def _number(connection: Connection, name: str) -> int:
    """Return the number of the draft there is, or 0."""
    query = select(_drafts.c.number).where(_drafts.c.name == name)
    return connection.execute(query).scalar() or 0


def _newest(connection: Connection, wanted: Version) -> int | None:
    """Return the number of the newest draft of an author, if that is the same text as is wanted."""
    query = select(_revisions).where(
        _revisions.c.name == wanted.name, _revisions.c.author == wanted.author
    )
    row: Any = connection.execute(query.order_by(_revisions.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    same = crosswalks.drafted(row)
    is_same = (same.written, same.note) == (wanted.written, wanted.note)
    return same.number if is_same else None
