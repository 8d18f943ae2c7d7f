"""The queue: one running job per key, held under a lease whose token every write checks.

A worker that stalls loses its lease and with it the right to write; a worker that was killed on
this machine is known to be dead and need not be waited for.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import LeaseLost
from catalogue.model import Lease
from catalogue.tables import JobRow

LEASE_SECONDS = 60


def claim(database: Database, kind: str, key: str, seconds: int = LEASE_SECONDS) -> Lease | None:
    """Take the one running job of this key, or return None while another lives."""

    def work(connection: Connection) -> Lease | None:
        row = connection.execute(
            select(JobRow.id, JobRow.lease_token, JobRow.lease_until, JobRow.owner)
            .where(JobRow.key == key, JobRow.state == "running")
            .with_for_update()
        ).one_or_none()
        if row is None:
            return _start(connection, kind, key, seconds)
        if row.lease_until > wall_clock() and not _is_dead(row.owner):
            return None
        return _take_over(connection, row.id, row.lease_token + 1, seconds)

    try:
        return database.writing(work)
    except IntegrityError:
        # Another process started the same key in the same moment.
        return None


def renew(connection: Connection, lease: Lease, seconds: int = LEASE_SECONDS) -> None:
    """Prove, inside the writer's own transaction, that the lease is still ours; and prolong it.

    Raises LeaseLost.
    """
    done = connection.execute(
        update(JobRow)
        .where(
            JobRow.id == lease.job_id,
            JobRow.lease_token == lease.token,
            JobRow.state == "running",
        )
        .values(lease_until=wall_clock() + seconds)
    )
    if done.rowcount != 1:
        raise LeaseLost(job=lease.job_id)


def finish(connection: Connection, lease: Lease, state: str = "done") -> None:
    """End a job; a job that another took over is left to that other."""
    connection.execute(
        update(JobRow)
        .where(JobRow.id == lease.job_id, JobRow.lease_token == lease.token)
        .values(state=state)
    )


def _start(connection: Connection, kind: str, key: str, seconds: int) -> Lease:
    now = wall_clock()
    job_id = connection.execute(
        insert(JobRow)
        .values(
            kind=kind,
            key=key,
            payload=json.dumps({}),
            state="running",
            due=now,
            attempts=1,
            lease_token=1,
            lease_until=now + seconds,
            owner=_me(),
        )
        .returning(JobRow.id)
    ).scalar_one()
    return Lease(job_id=job_id, token=1)


def _take_over(connection: Connection, job_id: int, token: int, seconds: int) -> Lease:
    connection.execute(
        update(JobRow)
        .where(JobRow.id == job_id)
        .values(
            lease_token=token,
            lease_until=wall_clock() + seconds,
            attempts=JobRow.attempts + 1,
            owner=_me(),
        )
    )
    return Lease(job_id=job_id, token=token)


def _me() -> str:
    return f"{_boot()}:{os.getpid()}:{_born(os.getpid())}"


def _is_dead(owner: str) -> bool:
    """Tell whether the owner was a process of this very boot that no longer runs."""
    boot, _, rest = owner.partition(":")
    pid, _, born = rest.partition(":")
    return bool(boot) and boot == _boot() and _born(int(pid)) != born


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
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
