"""How sources stand now, and stood when they were last looked at.

What changed is kept in one transaction with the new standing and the messages that tell of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from catalogue import queue, watch
from catalogue.alerts import outbox
from catalogue.alerts.model import Change, Found, Observed, Stand
from catalogue.alerts.store import keep
from catalogue.alerts.tables import KnownProblemRow, WatchRow
from catalogue.database import Database
from catalogue.model import Lease, RunStatus
from catalogue.sql import chunks, dialect_insert, table
from catalogue.tables import ProblemRow, RunRow, SourceRow
from catalogue.watch import Watched
from crosswalks.model import Severity

_watches, _known = table(WatchRow), table(KnownProblemRow)
_problems, _runs, _sources = table(ProblemRow), table(RunRow), table(SourceRow)
_STAND = tuple(Stand.__slots__)


class Judged(NamedTuple):
    """What came of looking at a source."""

    observed: Observed
    after: Stand
    changes: tuple[Change, ...]


def observe(database: Database) -> list[Observed]:
    """Return all sources by name, as they are and as they stood."""
    with database.reading_primary() as connection:
        rows = connection.execute(select(_sources.c.id, _sources.c.code, _sources.c.library_id))
        ids = {row.code: (row.id, row.library_id) for row in rows}
        stands = _stands(connection)
        found = watch.watched(connection, sorted(ids))
        return [_observed(connection, each, *ids[each.source.name], stands) for each in found]


def record(database: Database, lease: Lease, judged: Iterable[Judged], now: int) -> int:
    """Keep how sources stand, what changed and whom to tell; return how many changes there were.

    Raises LeaseLost.
    """
    kept = [each for each in judged if each.changes or each.after != each.observed.before]

    def work(connection: Connection) -> int:
        queue.renew(connection, lease)
        for each in kept:
            _put(connection, each)
        alerts = keep(
            connection,
            [(each.observed.id, change) for each in kept for change in each.changes],
            now,
        )
        outbox.put_alerts(connection, alerts, now)
        return len(alerts)

    return database.writing(work)


def _stands(connection: Connection) -> Mapping[int, Stand]:
    rows = connection.execute(select(_watches))
    return {row.source_id: Stand(**{name: getattr(row, name) for name in _STAND}) for row in rows}


def _observed(
    connection: Connection,
    watched: Watched,
    source_id: int,
    library_id: int,
    stands: Mapping[int, Stand],
) -> Observed:
    before = stands.get(source_id)
    last = watched.last.id if watched.last else 0
    since = before.seen_run if before else 0
    new = last > since
    return Observed(
        id=source_id,
        library_id=library_id,
        watched=watched,
        before=before,
        listed=_listed(connection, source_id, since) if new else None,
        problems=_new_problems(connection, source_id, since, last) if new else (),
    )


def _listed(connection: Connection, source_id: int, since: int) -> tuple[int, bool] | None:
    row = connection.execute(
        select(_runs.c.listed, _runs.c.decision)
        .where(
            _runs.c.source_id == source_id,
            _runs.c.id > since,
            _runs.c.status == RunStatus.SUCCEEDED.value,
            _runs.c.listed.is_not(None),
        )
        .order_by(_runs.c.id.desc())
        .limit(1)
    ).one_or_none()
    return (row.listed, bool(row.decision)) if row else None


def _new_problems(
    connection: Connection, source_id: int, since: int, last: int
) -> tuple[Found, ...]:
    """Return the kinds of problems that runs after ``since`` found and none had before."""
    runs = connection.scalars(
        select(_runs.c.id).where(
            _runs.c.source_id == source_id, _runs.c.id > since, _runs.c.id <= last
        )
    ).all()
    known = set(connection.scalars(select(_known.c.code).where(_known.c.source_id == source_id)))
    found: dict[tuple[str, str], int] = defaultdict(int)
    for chunk in chunks(runs):
        for row in connection.execute(_kinds(chunk)):
            found[row.code, row.severity] += row.times
    return tuple(
        Found(code, Severity(severity), count)
        for (code, severity), count in sorted(found.items())
        if code not in known
    )


def _kinds(runs: Sequence[int]) -> Any:
    return (
        select(_problems.c.code, _problems.c.severity, func.count().label("times"))
        .where(_problems.c.run_id.in_(runs))
        .group_by(_problems.c.code, _problems.c.severity)
    )


def _put(connection: Connection, judged: Judged) -> None:
    values = asdict(judged.after)
    row = dialect_insert(connection, WatchRow).values(source_id=judged.observed.id, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["source_id"], set_=values))
    codes = sorted({each.code for each in judged.observed.problems})
    if codes:
        connection.execute(
            insert(_known), [{"source_id": judged.observed.id, "code": code} for code in codes]
        )
