"""The list of alerts as staff read it, and up to where each of them has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from catalogue.alerts.model import LEVELS, Alert, Change, Kind, Noted
from catalogue.alerts.tables import AlertRow, SeenRow
from catalogue.database import Database
from catalogue.sources import configured
from catalogue.sql import Query, dialect_insert, table
from catalogue.tables import LibraryRow, SourceRow
from crosswalks.model import Severity
from crosswalks.text import storable

MOST_UNREAD = 1000
"""Beyond this nobody counts."""
KEPT_SECONDS = 800 * 24 * 3600

_alerts, _seen = table(AlertRow), table(SeenRow)
_sources, _libraries = table(SourceRow), table(LibraryRow)


def listing(
    database: Database,
    *,
    source: str = "",
    least: Severity = Severity.INFO,
    before: int | None = None,
    limit: int = 50,
) -> list[Alert]:
    """Return the newest alerts first, of one source or of all. Raises NoSuchSource."""
    wanted = [each.value for each in LEVELS[LEVELS.index(least) :]]
    query = _query().where(_alerts.c.severity.in_(wanted)).limit(limit)
    if before is not None:
        query = query.where(_alerts.c.id < before)
    with database.reading() as connection:
        if source:
            query = query.where(_alerts.c.source_id == configured(connection, source).id)
        return [_alert(row) for row in connection.execute(query)]


def some(connection: Connection, keys: Sequence[int]) -> list[Alert]:
    """Return the alerts of these numbers, the gravest first, then as they came."""
    found = [_alert(row) for row in connection.execute(_query().where(_alerts.c.id.in_(keys)))]
    return sorted(found, key=lambda one: (-LEVELS.index(one.severity), one.id))


def of(database: Database, keys: Sequence[int]) -> list[Alert]:
    """Return the alerts of these numbers that there still are, as ``some`` does."""
    with database.reading_primary() as connection:
        return some(connection, keys)


def unread(database: Database, user_id: int) -> int:
    """Return how many alerts somebody has not read, counted up to MOST_UNREAD."""
    seen = select(_seen.c.alert_id).where(_seen.c.user_id == user_id).scalar_subquery()
    new = select(_alerts.c.id).where(_alerts.c.id > func.coalesce(seen, 0)).limit(MOST_UNREAD)
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(new.subquery())).scalar_one()


def seen(database: Database, user_id: int) -> int:
    """Return up to which alert somebody has read; 0 for none."""
    query = select(_seen.c.alert_id).where(_seen.c.user_id == user_id)
    with database.reading_primary() as connection:
        return connection.execute(query).scalar() or 0


def mark_read(database: Database, user_id: int, up_to: int) -> None:
    """Note that somebody has read all up to an alert; less than was noted changes nothing."""

    def work(connection: Connection) -> None:
        newest = connection.execute(select(func.max(_alerts.c.id))).scalar() or 0
        row = dialect_insert(connection, SeenRow).values(
            user_id=user_id, alert_id=min(up_to, newest)
        )
        connection.execute(
            row.on_conflict_do_update(
                index_elements=["user_id"],
                set_={"alert_id": row.excluded.alert_id},
                where=_seen.c.alert_id < row.excluded.alert_id,
            )
        )

    database.writing(work)


def keep(
    connection: Connection, changes: Iterable[tuple[int | None, Change]], now: int
) -> list[Noted]:
    """Keep what changed, each with the key of its source; return them with their own keys."""
    kept = []
    for source_id, change in changes:
        number = connection.execute(
            insert(_alerts)
            .values(
                at=now,
                kind=change.kind.value,
                severity=change.severity.value,
                source_id=source_id,
                run_id=change.run,
                details=storable(json.dumps(dict(change.details), ensure_ascii=False)),
            )
            .returning(_alerts.c.id)
        ).scalar_one()
        kept.append(Noted(number, source_id, change.kind, change.severity))
    return kept


def forget_older(connection: Connection, before: int) -> None:
    """Remove the alerts of before then (epoch seconds)."""
    connection.execute(delete(_alerts).where(_alerts.c.at < before))


def _query() -> Query:
    return (
        select(
            *_alerts.c,
            _sources.c.code.label("source"),
            _libraries.c.name.label("library_name"),
            _libraries.c.code.label("library_code"),
        )
        .outerjoin(_sources, _sources.c.id == _alerts.c.source_id)
        .outerjoin(_libraries, _libraries.c.id == _sources.c.library_id)
        .order_by(_alerts.c.id.desc())
    )


def _alert(row: Any) -> Alert:
    return Alert(
        id=row.id,
        at=row.at,
        kind=Kind(row.kind),
        severity=Severity(row.severity),
        source=row.source or "",
        library=row.library_name or row.library_code or "",
        run=row.run_id,
        details=json.loads(row.details),
    )
