"""What was written down, the newest first, and removed by age alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from catalogue.audit.watched import WATCHED
from catalogue.database import Database
from catalogue.people_tables import AuditRow
from catalogue.sql import table

_rows = table(AuditRow)
DAY = 24 * 3600
_STEP = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that a person changed."""

    id: int
    at: int
    """Epoch seconds."""
    who: str
    way: str
    address: str
    act: str
    kind: str
    """The table; empty where only the act is told."""
    object: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def names(self) -> tuple[str, ...]:
        """Return what differs, in order."""
        return tuple({**(self.before or {}), **(self.after or {})})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are looked for; what is empty does not matter."""

    who: str = ""
    act: str = ""
    kind: str = ""
    object: str = ""
    since: int = 0
    """Epoch seconds, included."""
    until: int = 0
    """Epoch seconds, not included."""


def entries(
    database: Database, wanted: Wanted, *, limit: int, before: int | None = None
) -> list[Entry]:
    """Return the newest entries first, at most ``limit``; those ``before`` one if it is named."""
    query = select(*_rows.c).order_by(_rows.c.id.desc()).limit(limit)
    for name in ("who", "act", "kind", "object"):
        value = getattr(wanted, name)
        query = query.where(_rows.c[name] == value) if value else query
    if wanted.since:
        query = query.where(_rows.c.at >= wanted.since)
    if wanted.until:
        query = query.where(_rows.c.at < wanted.until)
    if before is not None:
        query = query.where(_rows.c.id < before)
    with database.reading() as connection:
        return [_entry(row) for row in connection.execute(query)]


def kinds() -> tuple[str, ...]:
    """Return the kinds of things that can have been changed."""
    return (*WATCHED, "sign_in")


def forget(database: Database, before: int) -> int:
    """Remove what is older than a moment (epoch seconds), and return how many entries that were.

    In steps that hold up nobody.
    """
    removed = 0
    while step := database.writing(
        lambda connection: (
            connection.execute(
                delete(_rows).where(
                    _rows.c.id.in_(select(_rows.c.id).where(_rows.c.at < before).limit(_STEP))
                )
            ).rowcount
        )
    ):
        removed += step
    return removed


def _entry(row: Any) -> Entry:
    return Entry(
        **{
            name: row._mapping[name]
            for name in ("id", "at", "who", "way", "address", "act", "kind", "object")
        },
        before=json.loads(row.before) if row.before else None,
        after=json.loads(row.after) if row.after else None,
    )
