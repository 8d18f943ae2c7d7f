"""Settings of a source changed by somebody who saw them: never over what another changed since."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from catalogue import sources
from catalogue.database import Database
from catalogue.errors import SettingsChanged
from catalogue.members.model import fingerprint
from catalogue.model import Source
from catalogue.tables import SourceRow


def fingerprint_of(source: Source) -> str:
    """Return what tells the settings of a source from any others it could have."""
    return fingerprint(json.dumps(sources.plain(source), sort_keys=True, ensure_ascii=False))


def change(database: Database, wanted: Source, seen: str) -> None:
    """Give a source other settings, which are those that were ``seen`` with a person's changes.

    Raises NoSuchSource, SettingsChanged, or WrongUse.
    """
    database.writing(lambda connection: _change(connection, wanted, seen))


def _change(connection: Connection, wanted: Source, seen: str) -> None:
    locked = select(SourceRow.id).where(SourceRow.code == wanted.name)
    connection.execute(locked.with_for_update(key_share=True))
    now = sources.configured(connection, wanted.name).source
    if now == wanted:
        # The button was pressed twice, or nothing is new.
        return
    if fingerprint_of(now) != seen:
        raise SettingsChanged(name=wanted.name)
    sources.change_within(connection, wanted)
