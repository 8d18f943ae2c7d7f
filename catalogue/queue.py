"""The queue: one job waiting and one running per key, the latter under a lease with a token.

Every write checks the token: a worker that stalls loses its lease and with it the right to write.
One that was killed on this machine is known to be dead and need not be waited for.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import LeaseLost
from catalogue.model import Lease
from catalogue.sql import dialect_insert
from catalogue.tables import JobRow

LEASE_SECONDS = 60
TRIES = 5
"""So often a job is taken up by itself; one that ends its worker each time must not end all."""

_ASKED_FOR = 1
"""The priority of what somebody asked for; what is only due has 0."""

# Literal, as in the partial indexes: a bound value would not let the planner use them.
_QUEUED = JobRow.state == literal_column("'queued'")
_RUNNING = JobRow.state == literal_column("'running'")


class Stopped(NamedTuple):
    """What was found of a job that had to end."""

    job: int | None
    """The one under way."""
    lives: bool
    """Whether its worker will hear of it; if not, it is over now."""
    withdrawn: bool
    """Whether one was waiting in the queue, which now does not."""


def enqueue(database: Database, kind: str, key: str, due: int) -> bool:
    """Queue a job for ``due`` (epoch seconds); tell whether none of this key was queued already."""
    return database.writing(lambda connection: enqueue_within(connection, kind, key, due))


def enqueue_within(
    connection: Connection, kind: str, key: str, due: int, payload: str = "{}"
) -> bool:
    """Queue a job as ``enqueue`` does, together with what it is queued for.

    ``payload`` is JSON for who does it. One that is queued for later is brought forward.
    """
    values = {"kind": kind, "key": key, "state": "queued", "due": due, "payload": payload}
    row = dialect_insert(connection, JobRow).values(values)
    unless_queued = row.on_conflict_do_nothing(
        index_elements=["key"], index_where=text("state = 'queued'")
    )
    if connection.execute(unless_queued.returning(JobRow.id)).first() is not None:
        return True
    sooner = update(JobRow).where(JobRow.key == key, _QUEUED, JobRow.due > due)
    connection.execute(sooner.values(due=due))
    return False


def ask(database: Database, kind: str, key: str, payload: str = "{}") -> bool:
    """Queue what a person asks for, now; tell whether none of this key was queued already."""
    return database.writing(lambda connection: ask_within(connection, kind, key, payload))


def ask_within(connection: Connection, kind: str, key: str, payload: str = "{}") -> bool:
    """Queue a job as ``ask`` does. It is done before all that is only due: somebody waits."""
    is_new = enqueue_within(connection, kind, key, wall_clock(), payload)
    asked = update(JobRow).where(JobRow.key == key, _QUEUED)
    connection.execute(asked.values(priority=_ASKED_FOR))
    return is_new


def payload(database: Database, lease: Lease) -> str:
    """Return what was last noted of a job, by whoever held it: JSON."""
    with database.reading_primary() as connection:
        return str(
            connection.execute(select(JobRow.payload).where(JobRow.id == lease.job_id)).scalar_one()
        )


def note(connection: Connection, lease: Lease, told: str) -> None:
    """Note how far a job is, so that another can go on there. Raises LeaseLost."""
    renew(connection, lease)
    connection.execute(update(JobRow).where(JobRow.id == lease.job_id).values(payload=told))


def noted(database: Database, key: str) -> str:
    """Return what is noted of the job of this key that is under way or queued: JSON."""
    query = select(JobRow.payload).where(JobRow.key == key, _RUNNING | _QUEUED)
    with database.reading() as connection:
        # Under way is older than what was queued since.
        return connection.scalars(query.order_by(JobRow.id).limit(1)).first() or "{}"


def next_due(database: Database, kind: str) -> str | None:
    """Return the key of the job to claim next, or None; the first of ``due``."""
    return next(iter(due(database, kind, 1)), None)


def due(database: Database, kind: str, limit: int = 1000) -> list[str]:
    """Return the keys of the jobs to claim next.

    First what another left unfinished, then what is queued and due; never what a living worker is
    at.
    """
    with database.reading() as connection:
        running = connection.execute(
            select(JobRow.key, JobRow.attempts, JobRow.stopping, JobRow.lease_until, JobRow.owner)
            .where(_RUNNING, JobRow.kind == kind)
            .order_by(JobRow.due, JobRow.id)
        ).all()
        # One that somebody wanted to end has ended, if not as it should.
        left = [
            str(row.key)
            for row in running
            if not _lives(row) and row.attempts < TRIES and not row.stopping
        ]
        if len(left) >= limit:
            return left[:limit]
        passed = [*left, *(row.key for row in running if _lives(row))]
        return left + _queued(connection, kind, passed, limit - len(left))


def waiting(database: Database, kind: str) -> dict[str, int]:
    """Return when the queued jobs of a kind are due (epoch seconds), by key."""
    query = select(JobRow.key, JobRow.due).where(_QUEUED, JobRow.kind == kind)
    with database.reading() as connection:
        return {str(row.key): int(row.due) for row in connection.execute(query)}


def is_running(database: Database, key: str) -> bool:
    """Tell whether a living process is at a job of this key."""
    with database.reading() as connection:
        row = connection.execute(
            select(JobRow.lease_until, JobRow.owner).where(JobRow.key == key, _RUNNING)
        ).one_or_none()
    return row is not None and _lives(row)


def living(connection: Connection) -> list[str]:
    """Return the keys of the jobs that living processes are at, of any kind."""
    running = connection.execute(
        select(JobRow.key, JobRow.lease_until, JobRow.owner).where(_RUNNING).order_by(JobRow.key)
    )
    return [str(row.key) for row in running if _lives(row)]


def _queued(connection: Connection, kind: str, passed: list[str], limit: int) -> list[str]:
    query = (
        select(JobRow.key)
        .where(_QUEUED, JobRow.due <= wall_clock(), JobRow.kind == kind, JobRow.key.not_in(passed))
        .order_by(JobRow.priority.desc(), JobRow.due, JobRow.id)
    )
    return [str(key) for key in connection.scalars(query.limit(limit))]


def claim(
    database: Database, kind: str, key: str, seconds: int = LEASE_SECONDS, *, anew: bool = True
) -> Lease | None:
    """Take the one running job of this key, or return None while another lives.

    It is the queued one if there is one, else the one left by a worker that died, else a new one;
    without ``anew`` there is no new one, so that a queued job is done once whoever else looks.
    """

    def work(connection: Connection) -> Lease | None:
        running = _find(connection, key, _RUNNING)
        if running is not None and _lives(running):
            return None
        queued = _find(connection, key, _QUEUED)
        if queued is None:
            if running is not None:
                return _hold(connection, running.id, seconds)
            return _start(connection, kind, key, seconds) if anew else None
        if running is not None:
            connection.execute(update(JobRow).where(JobRow.id == running.id).values(state="failed"))
        return _hold(connection, queued.id, seconds)

    try:
        return database.writing(work)
    except IntegrityError:
        # Another process started the same key in the same moment.
        return None


def step_in(database: Database, kind: str, key: str) -> Lease | None:
    """Start a job of another kind under a key, or return None while a job of this key lives.

    What is queued under the key stays queued, and what died is queued again if it was of the usual
    kind: stepping in takes nothing away.
    """

    def work(connection: Connection) -> Lease | None:
        running = _find(connection, key, _RUNNING)
        if running is not None:
            if _lives(running):
                return None
            connection.execute(update(JobRow).where(JobRow.id == running.id).values(state="failed"))
            died = connection.execute(
                select(JobRow.kind, JobRow.payload).where(JobRow.id == running.id)
            ).one()
            if died.kind != kind:
                enqueue_within(connection, died.kind, key, wall_clock(), died.payload)
        return _start(connection, kind, key, LEASE_SECONDS)

    try:
        return database.writing(work)
    except IntegrityError:
        return None


def renew(connection: Connection, lease: Lease, seconds: int = LEASE_SECONDS) -> None:
    """Prove, inside the writer's own transaction, that the lease is still ours; and prolong it.

    Raises LeaseLost.
    """
    ours = {"b_job": lease.job_id, "b_token": lease.token, "b_until": wall_clock() + seconds}
    if connection.execute(_RENEWED, ours).rowcount != 1:
        raise LeaseLost(job=lease.job_id)


# Made once: every page of every harvest asks for it.
_RENEWED = (
    update(JobRow)
    .where(
        JobRow.id == bindparam("b_job"),
        JobRow.lease_token == bindparam("b_token"),
        JobRow.state == "running",
    )
    .values(lease_until=bindparam("b_until"))
)


def finish(connection: Connection, lease: Lease, state: str = "done") -> None:
    """End a job; a job that another took over is left to that other."""
    connection.execute(
        update(JobRow)
        .where(JobRow.id == lease.job_id, JobRow.lease_token == lease.token)
        .values(state=state)
    )


def let_go(database: Database, lease: Lease) -> None:
    """Leave a job that we could not bring to an end to whoever looks next, without a wait."""
    free = update(JobRow).where(
        JobRow.id == lease.job_id, JobRow.lease_token == lease.token, _RUNNING
    )
    database.writing(lambda connection: connection.execute(free.values(lease_until=0, owner="")))


def stop(connection: Connection, key: str) -> Stopped:
    """Take a job of this key out of the queue, and tell one under way to end at its next moment.

    One whose worker is gone is ended at once.
    """
    withdrawn = connection.execute(
        update(JobRow).where(JobRow.key == key, _QUEUED).values(state="failed")
    )
    running = _find(connection, key, _RUNNING)
    if running is None:
        return Stopped(None, lives=False, withdrawn=bool(withdrawn.rowcount))
    lives = _lives(running)
    ended = {"stopping": True} if lives else {"state": "failed"}
    connection.execute(update(JobRow).where(JobRow.id == running.id).values(**ended))
    return Stopped(running.id, lives=lives, withdrawn=bool(withdrawn.rowcount))


def is_stopping(database: Database, lease: Lease) -> bool:
    """Tell whether somebody wants this job to end."""
    with database.reading_primary() as connection:
        query = select(JobRow.stopping).where(JobRow.id == lease.job_id)
        return bool(connection.execute(query).scalar())


def put_back(database: Database, lease: Lease, due: int | None = None) -> None:
    """Queue a job again with what was noted of it; end it if there is a newer one of its key.

    Without ``due`` (epoch seconds) it is due when it was. A job that another took over is left to
    that other.
    """
    try:
        database.writing(lambda connection: again(connection, lease, due))
    except IntegrityError:
        database.writing(lambda connection: finish(connection, lease, "failed"))


def again(connection: Connection, lease: Lease, due: int | None = None) -> None:
    """Queue a job again as ``put_back`` does, together with what else is noted of it.

    No other of its key may be queued.
    """
    connection.execute(
        update(JobRow)
        .where(JobRow.id == lease.job_id, JobRow.lease_token == lease.token, _RUNNING)
        .values(state="queued", attempts=0, **({} if due is None else {"due": due}))
    )


def latest(database: Database, kind: str, before: Lease | None = None) -> tuple[str, str]:
    """Return the state and the note of a kind's last job, or of the one before; empty if none."""
    query = select(JobRow.state, JobRow.payload).where(JobRow.kind == kind)
    if before is not None:
        query = query.where(JobRow.id < before.job_id)
    with database.reading_primary() as connection:
        row = connection.execute(query.order_by(JobRow.id.desc()).limit(1)).one_or_none()
    return (row.state, row.payload) if row else ("", "{}")


def _find(connection: Connection, key: str, state: ColumnElement[bool]) -> Any:
    return connection.execute(
        select(JobRow.id, JobRow.lease_until, JobRow.owner)
        .where(JobRow.key == key, state)
        .with_for_update()
    ).one_or_none()


def _start(connection: Connection, kind: str, key: str, seconds: int) -> Lease:
    job_id = connection.execute(
        insert(JobRow)
        .values(kind=kind, key=key, due=wall_clock(), attempts=1, lease_token=1, **_held(seconds))
        .returning(JobRow.id)
    ).scalar_one()
    return Lease(job_id=job_id, token=1)


def _hold(connection: Connection, job_id: int, seconds: int) -> Lease:
    token = connection.execute(
        update(JobRow)
        .where(JobRow.id == job_id)
        .values(attempts=JobRow.attempts + 1, lease_token=JobRow.lease_token + 1, **_held(seconds))
        .returning(JobRow.lease_token)
    ).scalar_one()
    return Lease(job_id=job_id, token=token)


def _held(seconds: int) -> dict[str, Any]:
    lease = {"lease_until": wall_clock() + seconds, "owner": _me()}
    return {"state": "running", "stopping": False, **lease}


def _lives(row: Any) -> bool:
    return row.lease_until > wall_clock() and not _is_dead(row.owner)


def _me() -> str:
    return f"{_boot()}:{os.getpid()}:{_born(os.getpid())}"


def _is_dead(owner: str) -> bool:
    """Tell whether the owner was a process of this very boot that no longer runs."""
    boot, _, rest = owner.partition(":")
    pid, _, born = rest.partition(":")
    return bool(boot) and boot == _boot() and _born(int(pid)) != born


def _boot() -> str:
    """Name the boot and the process numbers in use: each container counts its own."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _born(pid: int) -> str:
    """Return when a process started, which tells it from a later one with its number."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
    except OSError:
        return ""
    # proc(5): field 3 is the state, field 22 the start time; the name before may hold anything.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]
