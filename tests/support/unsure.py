"""A hub that is killed and started again in one process, and what its content is compared with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event, select, update

from catalogue import decisions, runs, sources
from catalogue.database import Database
from catalogue.digest import facts
from catalogue.model import HubIdentity, RecordState, Source
from catalogue.raw import FolderRawStore
from catalogue.tables import JobRow, RecordRow
from crosswalks.model import Checkpoint
from harvester.model import HttpSettings
from scheduler.model import HarvestOptions, HarvestOutcome, Line, Progress
from scheduler.pipeline import harvest
from scheduler.replay import replay

IMPATIENT = HttpSettings(
    allow_networks=("127.0.0.0/8",),
    retries=1,
    first_wait=0.001,
    longest_wait=0.002,
)
"""Of a harvest that is over soon: one more try, and hardly a wait before it."""
NAME = "s1"


class Killed(BaseException):
    """What a kill is, in one process: nothing below may catch it, and nothing is told by it."""


@dataclass(kw_only=True)
class Fuse:
    """Counts moments of some kind, and burns through at one of them; 0 never does."""

    left: int = 0

    def burn(self, *_: object, **__: object) -> None:
        """Come one moment nearer."""
        self.left -= 1
        if self.left == 0:
            raise Killed


@dataclass(kw_only=True)
class Kill:
    """When a hub is killed: after so many pages told, pages kept, or statements that write."""

    told: Fuse = field(default_factory=Fuse)
    kept: Fuse = field(default_factory=Fuse)
    written: Fuse = field(default_factory=Fuse)


class _FusedStore(FolderRawStore):
    """Keeps pages, and is killed after one."""

    def __init__(self, folder: Path, fuse: Fuse) -> None:
        super().__init__(folder)
        self._fuse = fuse

    def put(self, page: bytes) -> str:
        name = super().put(page)
        self._fuse.burn()
        return name


class UnsureHub:
    """A hub with one source on a database of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self.database = Database.open(url)
        self.seen: set[str] = set()
        """Identifiers that were ever stored."""

    def close(self) -> None:
        """Give back its connections."""
        self.database.close()

    def add(self, url: str, **settings: Any) -> None:
        """Add the source."""
        source = Source(name=NAME, library="L1", protocol="oai-pmh", url=url, **settings)
        sources.add(self.database, source)

    @property
    def checkpoint(self) -> Checkpoint:
        """Return where the next harvest begins."""
        return sources.checkpoint(self.database, NAME)

    def harvest(self, kill: Kill | None = None, **options: Any) -> HarvestOutcome | None:
        """Harvest; None where it was killed, and then it is as if started again."""
        return self._try(
            kill or Kill(),
            lambda line, tell: harvest(line, NAME, HarvestOptions(**options), tell),
        )

    def replay(self, number: int, kill: Kill) -> HarvestOutcome | None:
        """Replay one of the runs that brought pages; None where it was killed or there is none."""
        found = [run.id for run in runs.all(self.database) if run.counts.pages]
        if not found:
            return None
        run = found[number % len(found)]
        return self._try(kill, lambda line, tell: replay(line, run, progress=tell))

    def approve(self) -> None:
        """Say yes to what the latest run waits for."""
        decisions.approve(self.database, runs.all(self.database, limit=1)[0].id)

    def _try(
        self, kill: Kill, go: Callable[[Line, Callable[[Progress], None]], HarvestOutcome]
    ) -> HarvestOutcome | None:
        line = Line(
            db=self.database,
            raw_store=_FusedStore(self._folder / "raw", kill.kept),
            identity=HubIdentity(),
            http=IMPATIENT,
        )
        try:
            with _burning(self.database, kill.written):
                return go(line, kill.told.burn)
        except Killed:
            self._start_again()
            return None
        finally:
            self.seen |= set(self.records())

    def _start_again(self) -> None:
        self.database.close()
        self.database = Database.open(self._url)
        # The process that held the leases is dead, though it is this one.
        self.database.writing(lambda c: c.execute(update(JobRow).values(lease_until=0)))

    def records(self) -> dict[str, tuple[str, str]]:
        """Return state and title of each record that is not deleted, by identifier."""
        query = select(RecordRow.identifier, RecordRow.state, RecordRow.parsed).where(
            RecordRow.state != RecordState.DELETED.value
        )
        with self.database.reading() as connection:
            return {
                row.identifier: (row.state, row.parsed or "") for row in connection.execute(query)
            }

    def facts(self) -> list[str]:
        """Return all that the digest counts, but for what is left of deleted records.

        What came and went between two harvests leaves a trace in one hub and not in another.
        """
        with self.database.reading() as connection:
            return sorted(
                str(fact)
                for fact in facts(connection)
                if fact[0] != "record" or fact[3] != RecordState.DELETED.value
            )


@contextmanager
def _burning(database: Database, fuse: Fuse) -> Iterator[None]:
    event.listen(database.write, "before_cursor_execute", fuse.burn)
    try:
        yield
    finally:
        event.remove(database.write, "before_cursor_execute", fuse.burn)
