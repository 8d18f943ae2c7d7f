"""For how long pages are kept: by age and by size, and never less than what may still be needed.

Rows go first, run by run from the oldest; then every page that no run names any more. So a kill in
between leaves pages that the next time finds, and a page that several runs were answered with stays
for as long as one of them is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    delete,
    exists,
    func,
    select,
)
from sqlalchemy.orm import aliased

from catalogue.database import Database
from catalogue.model import RunStatus
from catalogue.raw import RawStore, Stored
from catalogue.sql import chunks
from catalogue.tables import RawPageRow, RunRow, SourceRow

DAY = 24 * 3600
GRACE = DAY
"""A page put since is left alone, seconds: the run that will name it may not have stored it yet."""
_STEP = 1000
_OPEN = (RunStatus.QUEUED.value, RunStatus.RUNNING.value, RunStatus.WAITING.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """For how long, and how many, pages are kept; 0: for ever, and any number."""

    days: int = 0
    bytes: int = 0
    audit_days: int = 0
    """For how long it is kept what people changed."""
    reader_days: int = 90
    """For how long the addresses of readers are who reported an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was removed, or would be."""

    runs: int
    """Runs that can no longer be replayed."""
    pages: int
    bytes: int
    left: int
    """Bytes that are still taken up."""


class _Candidate(NamedTuple):
    run: int
    finished: int
    """Epoch seconds."""


def prune(
    database: Database, store: RawStore, wanted: Retention, now: float, *, dry_run: bool = False
) -> Pruned:
    """Remove the pages that need not be kept, and return what that came to.

    Those of runs under way or waiting, and of each source's last good run with all since the one
    before it, stay whatever is wanted; so does everything put within a day.
    """
    dropped = _plan(database, store, wanted, now)
    if not dry_run:
        for run in dropped:
            _forget(database, run)
    before = now - GRACE
    pages, freed, left = 0, 0, 0
    for stored, named in _named(database, store, dropped if dry_run else ()):
        unneeded = not named and stored.put < before
        size = stored.size if unneeded and dry_run else 0
        if unneeded and not dry_run:
            size = store.remove(stored.name, before)
        pages, freed, left = pages + bool(size), freed + size, left + stored.size - size
    if not dry_run:
        freed += store.tidy(before)
    return Pruned(runs=len(dropped), pages=pages, bytes=freed, left=left)


def _plan(database: Database, store: RawStore, wanted: Retention, now: float) -> list[int]:
    """Return the runs whose pages may go, oldest first."""
    oldest = now - wanted.days * DAY if wanted.days else 0
    excess = sum(each.size for each in store.stored()) - wanted.bytes if wanted.bytes else 0
    dropped: list[int] = []
    for candidate in _candidates(database):
        if candidate.finished >= oldest and excess <= 0:
            continue
        dropped.append(candidate.run)
        if wanted.bytes:
            excess -= sum(map(store.size, _only_of(database, dropped)))
    return dropped


def _candidates(database: Database) -> list[_Candidate]:
    """Return the runs that have pages nobody may still need, oldest first."""
    with database.reading_primary() as connection:
        found = [
            _Candidate(row.id, row.finished // 1000)
            for source in connection.execute(select(SourceRow.id)).scalars().all()
            for row in connection.execute(
                select(RunRow.id, RunRow.finished)
                .where(RunRow.source_id == source, RunRow.id <= _last_but_one(connection, source))
                .where(RunRow.status.not_in(_OPEN), RunRow.finished.is_not(None))
                .where(exists().where(RawPageRow.run_id == RunRow.id))
            )
        ]
    return sorted(found)


def _last_but_one(connection: Connection, source: int) -> int:
    """Return the good run before the last good one: what came since is one list, if in parts."""
    good = (
        select(RunRow.id)
        .where(RunRow.source_id == source, RunRow.status == RunStatus.SUCCEEDED.value)
        # Of a few pages or old ones: the source's own list has to be here as well.
        .where(RunRow.replays.is_(None), RunRow.options.not_like('%"record"%'))
        .order_by(RunRow.id.desc())
    )
    return connection.execute(good.offset(1).limit(1)).scalar() or 0


def _only_of(database: Database, dropped: list[int]) -> list[str]:
    """Return the pages of the last of these runs that only these runs name."""
    other = aliased(RawPageRow)
    named = exists().where(other.hash == RawPageRow.hash, _not_of(other, dropped))
    query = select(RawPageRow.hash).distinct().where(RawPageRow.run_id == dropped[-1], ~named)
    with database.reading_primary() as connection:
        return list(connection.execute(query).scalars())


def _not_of(pages: type[RawPageRow], runs: Collection[int]) -> ColumnElement[bool]:
    # Written out, since engines limit how many values a statement takes.
    listed: BindParameter[list[int]] = bindparam(
        "runs", list(runs), expanding=True, literal_execute=True
    )
    return pages.run_id.not_in(listed)


def _forget(database: Database, run: int) -> None:
    """Remove what tells a run's pages, in steps that hold up nobody."""

    def step(connection: Connection) -> int:
        last = select(func.max(RawPageRow.number)).where(RawPageRow.run_id == run)
        most = connection.execute(last).scalar() or 0
        if most:
            connection.execute(
                delete(RawPageRow).where(RawPageRow.run_id == run, RawPageRow.number > most - _STEP)
            )
        return most

    while database.writing(step):
        pass


def _named(
    database: Database, store: RawStore, dropped: Collection[int]
) -> Iterator[tuple[Stored, bool]]:
    """Yield every page that is there, and whether a run names it that is not dropped."""
    for chunk in chunks(store.stored(), _STEP):
        query = select(RawPageRow.hash).where(RawPageRow.hash.in_([each.name for each in chunk]))
        if dropped:
            query = query.where(_not_of(RawPageRow, dropped))
        with database.reading_primary() as connection:
            named = set(connection.execute(query).scalars())
        yield from ((each, each.name in named) for each in chunk)
