"""A hub that things are done to while its worker works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any
from unittest.mock import patch

from sqlalchemy import select, update

from catalogue import queue, runs, sources
from catalogue.cluster.place import waiting
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.model import HubIdentity, ItemQuery, Source
from catalogue.published import snapshot
from catalogue.raw import FolderRawStore
from catalogue.store.run import KIND, job_key
from catalogue.tables import JobRow
from hub.demo.endpoints import RunningMember
from scheduler.model import Line
from scheduler.worker import work
from support.harvesting import LOOPBACK
from support.lines import LONG_AGO, REST_SECONDS, wait_until
from support.processes import Process, lienthong, running

_MANY = 100_000
_MUCH_LATER = 4_000_000_000


class FaultHub:
    """A hub on a database of its own, its work done by ``lienthong worker``."""

    def __init__(self, url: str, folder: Path, members: list[RunningMember]) -> None:
        self.database = Database.open(url)
        self._line = Line(
            db=self.database,
            raw_store=FolderRawStore(folder / "raw"),
            identity=HubIdentity(),
            http=LOOPBACK,
        )
        self.env = {
            "LIENTHONG_INSTANCE": str(folder),
            "LIENTHONG_DATABASE_URL": url,
            "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
            "LIENTHONG_HARVEST__FIRST_WAIT": "0.1",
        }
        self.names = []
        for number, member in enumerate(members):
            name = f"s{number}"
            source = Source(
                name=name,
                library=member.library_code,
                protocol="oai-pmh",
                url=member.url,
                prefix=member.prefix,
            )
            sources.add(self.database, source)
            self.names.append(name)

    def enqueue(self) -> None:
        """Queue a harvest of each source, now due."""
        for name in self.names:
            queue.enqueue(self.database, KIND, job_key(name), LONG_AGO)

    def bring_forward(self) -> None:
        """Have what is queued to be tried again later be due now."""
        now = update(JobRow).where(JobRow.state == "queued", JobRow.kind == KIND)
        self.database.writing(lambda connection: connection.execute(now.values(due=LONG_AGO)))

    @property
    def is_done(self) -> bool:
        """Whether all is harvested to its end, and placed, and no harvest is to come."""
        last = [
            next(iter(runs.all(self.database, source=name, limit=1)), None) for name in self.names
        ]
        ended = all(run is not None and run.status.value == "succeeded" for run in last)
        return ended and not waiting(self.database) and not self._is_to_come

    @property
    def _is_to_come(self) -> bool:
        # A source harvested before may be due once more: its last run says nothing of that.
        open_ = select(JobRow.id).where(
            JobRow.kind == KIND, JobRow.state.in_(("queued", "running"))
        )
        with self.database.reading() as connection:
            return connection.execute(open_.limit(1)).first() is not None

    @contextmanager
    def worker(self) -> Iterator[Process]:
        """Run a worker that is ready."""
        with running(lienthong("worker"), env=self.env) as [process]:
            process.await_text("ready worker")
            yield process

    def work(self, stopping: Event) -> None:
        """Run a worker in this process, whose clock may be set."""
        work(self._line, lambda _: None, stopping, REST_SECONDS)

    def finish(self) -> None:
        """Have a worker do all there is."""
        self.enqueue()
        with self.worker():
            wait_until(lambda: self.is_done)

    def statuses(self) -> list[str]:
        """Return how the runs ended, oldest first."""
        return [run.status.value for run in reversed(runs.all(self.database, limit=_MANY))]

    def facts(self) -> tuple[str, Counter[Any]]:
        """Return all that is known, and all that is given out, but for ids and datestamps."""
        # All there is, that of this very second too.
        horizon = patch("catalogue.clock.Clock.horizon", _MUCH_LATER)
        with horizon, snapshot(self.database) as shown:
            items = shown.page(ItemQuery(prefix="oai_dc", end=shown.horizon, limit=_MANY))
        given = Counter((each.deleted, each.body, each.sets) for each in items)
        return digest(self.database), given

    def close(self) -> None:
        """Close its database."""
        self.database.close()
