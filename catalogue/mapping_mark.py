"""What tells how the records of a source are mapped now from any other way."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import Connection, select

from catalogue import crosswalks
from catalogue.tables import SourceRow

_NO_MATTER = frozenset({"schedule", "paused", "guards", "connection", "listing"})
"""Settings of a source that say nothing of what is made of its records."""


def mapping_mark(connection: Connection, source: str) -> str:
    """Return a digest of all that decides what is made of a source's records."""
    row = connection.execute(
        select(SourceRow.settings, SourceRow.decided, SourceRow.generation).where(
            SourceRow.code == source
        )
    ).one()
    settings = {k: v for k, v in json.loads(row.settings).items() if k not in _NO_MATTER}
    shelf = crosswalks.shelf_within(connection)
    versions = [shelf.version(name) for name in shelf.up()]
    decided = json.loads(row.decided or "{}").get("encoding", "")
    told = json.dumps([row.generation, settings, decided, *versions], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
