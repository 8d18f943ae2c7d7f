"""What staff note of a source for each other: who looks after it, and what is worth knowing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, insert, select, update

from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import NoteChanged, WrongUse
from catalogue.members.model import fingerprint
from catalogue.members.text import line, paragraphs
from catalogue.source_tables import SourceNoteRow
from catalogue.sources import configured
from catalogue.sql import table
from catalogue.tables import SourceRow
from crosswalks.errors import Said

LONGEST = 4000
"""Signs of a note."""
LONGEST_NAME = 200
"""Signs of who looks after a source."""
_notes = table(SourceNoteRow)
_LONG_NAME = Said("who looks after it is written in at most {most} signs", {"most": LONGEST_NAME})
_LONG_NOTE = Said("the note is longer than {most} signs; shorten it", {"most": LONGEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNote:
    """What is noted of one source; empty where nothing was noted yet."""

    manager: str = ""
    """Who of the staff looks after it, in words."""
    note: str = ""
    author: str = ""
    """Who wrote it last."""
    changed: int = 0
    """When, epoch seconds; 0 = never."""

    @property
    def fingerprint(self) -> str:
        """Return what tells what is noted from anything else that could be."""
        return fingerprint(self.manager, self.note)


def get(database: Database, name: str) -> SourceNote:
    """Return what is noted of a source. Raises NoSuchSource."""
    with database.reading() as connection:
        return _read(connection, configured(connection, name).id)


def keep(database: Database, name: str, wanted: SourceNote, seen: str) -> bool:
    """Note something of a source, by the author that it names; tell whether anything is new.

    ``seen`` is the fingerprint of what its author saw, which must still be what is noted. Raises
    NoSuchSource, NoteChanged, or WrongUse for what is too long.
    """
    kept = replace(wanted, manager=line(wanted.manager), note=paragraphs(wanted.note))
    if len(kept.manager) > LONGEST_NAME:
        raise WrongUse(reason=_LONG_NAME)
    if len(kept.note) > LONGEST:
        raise WrongUse(reason=_LONG_NOTE)
    return database.writing(lambda connection: _keep(connection, name, kept, seen))


def _keep(connection: Connection, name: str, kept: SourceNote, seen: str) -> bool:
    source_id = configured(connection, name).id
    # Two who write at once come one after the other, also where nothing was noted before.
    locked = select(SourceRow.id).where(SourceRow.id == source_id)
    connection.execute(locked.with_for_update(key_share=True))
    before = _read(connection, source_id)
    if before.fingerprint == kept.fingerprint:
        return False
    if before.fingerprint != seen:
        raise NoteChanged(name=name, author=before.author or "-")
    values = {
        "manager": kept.manager,
        "note": kept.note,
        "author": kept.author,
        "changed": wall_clock(),
    }
    if before.changed:
        this = update(_notes).where(_notes.c.source_id == source_id)
        connection.execute(this.values(values))
    else:
        connection.execute(insert(_notes).values(source_id=source_id, **values))
    return True


def _read(connection: Connection, source_id: int) -> SourceNote:
    c = _notes.c
    query = select(c.manager, c.note, c.author, c.changed).where(c.source_id == source_id)
    row = connection.execute(query).one_or_none()
    return SourceNote(**row._mapping) if row else SourceNote()
