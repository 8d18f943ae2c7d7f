"""Looking at a delivery before it counts: read, mapped, judged, and nothing of it stored.

It is read from an inbox of its own by the reader that would read it later, so that what is foreseen
is what a harvest would do. A check that is killed is begun again by whoever comes by.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from catalogue import crosswalks, libraries, queue
from catalogue.errors import LeaseLost
from catalogue.folders import sha256_of
from catalogue.intake import rows
from catalogue.intake.errors import (
    BeingChecked,
    CheckStopped,
    DeliveryApplied,
    DeliveryDamaged,
    DeliveryDiscarded,
    DeliveryGone,
    NoSuchDelivery,
)
from catalogue.intake.forecast import Forecast
from catalogue.intake.model import Intake
from catalogue.intake.overlay import Overlay
from catalogue.model import Lease, Source
from harvester.errors import HarvestError
from harvester.files.places import places
from harvester.model import SourceSpec
from harvester.readers import reader
from scheduler.arriving import CHECKING, INBOX_ONLY, inbox_name, spool_of
from scheduler.encodings import judged, pooled_before
from scheduler.heartbeat import heartbeat
from scheduler.intake_report import Report
from scheduler.mapping import current_versions, map_page
from scheduler.model import HarvestOptions, Line
from scheduler.outgoing import http_of, spec_of

_TOLD_SECONDS = 2.0

_log = logging.getLogger(__name__)

Tell = Callable[[int], None]
"""Hears how many records were looked at."""


def check(line: Line, number: int, stopping: Event, tell: Tell = lambda _: None) -> Intake:
    """Check a delivery that waits for it, here and now, and return how it stands.

    Raises NoSuchDelivery, BeingChecked while another process is at it, CheckStopped; and
    DeliveryApplied or DeliveryDiscarded where that was decided.
    """
    rows.check_again(line.db, number)
    lease = queue.claim(line.db, rows.CHECK, rows.check_key(number))
    if lease is None:
        raise BeingChecked(number=number)
    _check(line, number, lease, stopping, tell)
    return rows.get(line.db, number)


def check_next(line: Line, stopping: Event) -> bool:
    """Check the delivery that waits longest; tell whether there was one."""
    for key in queue.due(line.db, rows.CHECK):
        lease = queue.claim(line.db, rows.CHECK, key, anew=False)
        if lease is not None:
            _check_queued(line, rows.number_of(key), lease, stopping)
            return True
    return False


def _check_queued(line: Line, number: int, lease: Lease, stopping: Event) -> None:
    try:
        _check(line, number, lease, stopping, lambda _: None)
    except CheckStopped as error:
        _log.info("%s", error)
    except (NoSuchDelivery, DeliveryApplied, DeliveryDiscarded, LeaseLost) as error:
        _log.warning("%s", error)


def _check(line: Line, number: int, lease: Lease, stopping: Event, tell: Tell) -> None:
    work = _Work(line, lease, stopping, tell)
    try:
        with heartbeat(line.db, lease):
            found = work.look_at(rows.get(line.db, number))
            rows.put_report(line.db, lease, number, found)
    except CheckStopped:
        if stopping.is_set():
            # Somebody else goes on, or this one when it is back.
            queue.put_back(line.db, lease)
        else:
            line.db.writing(lambda connection: queue.finish(connection, lease, "failed"))
        raise
    except Exception:
        # Not on a KeyboardInterrupt, which may have come in the middle of a write.
        line.db.writing(lambda connection: queue.finish(connection, lease, "failed"))
        raise
    line.db.writing(lambda connection: queue.finish(connection, lease))


@dataclass(slots=True)
class _Work:
    """One check."""

    line: Line
    lease: Lease
    stopping: Event
    tell: Tell
    told: float = 0.0

    def look_at(self, intake: Intake) -> rows.Found:
        """Return what the file would do; what keeps it from counting is part of that."""
        with Overlay() as overlay:
            forecast = Forecast(self.line.db, intake.source, overlay)
            report = Report(forecast.source, libraries.all(self.line.db))
            try:
                with _laid_out(self.line, intake) as inbox:
                    self._read(intake, forecast, report, inbox)
                return rows.Found(report.value(forecast.end()), forecast.generation, None)
            except (HarvestError, DeliveryGone, DeliveryDamaged) as error:
                return rows.Found({"read": report.read}, forecast.generation, error)

    def _read(self, intake: Intake, forecast: Forecast, report: Report, inbox: Path) -> None:
        source, shelf = forecast.source, crosswalks.shelf(self.line.db)
        pooled = pooled_before(self.line.db, forecast.configured)
        asking = reader(rows.FILES, http_of(self.line, source))
        for page in asking.pages(_spec(self.line, source, inbox), {}):
            source = judged(source, page, pooled)
            mapped = map_page(page, source, (), None, shelf)
            versions = current_versions(source, shelf)
            forecast.page(page, mapped.records, mapped.problems, versions)
            report.page(page, mapped, places(page.raw), source)
            self._look_up(intake, report.read)

    def _look_up(self, intake: Intake, records: int) -> None:
        """Say how far it is from time to time, and see whether somebody wants it to end."""
        if self.stopping.is_set():
            raise CheckStopped(number=intake.id)
        if time.monotonic() - self.told < _TOLD_SECONDS:
            return
        self.told = time.monotonic()
        self.tell(records)
        note = f'{{"records": {records}}}'
        self.line.db.writing(lambda connection: queue.note(connection, self.lease, note))
        if queue.is_stopping(self.line.db, self.lease):
            raise CheckStopped(number=intake.id)


@contextmanager
def _laid_out(line: Line, intake: Intake) -> Iterator[Path]:
    """Give an inbox with nothing but this delivery in it.

    Raises DeliveryGone or DeliveryDamaged.
    """
    spool = spool_of(line)
    folder = spool.folder.parent / CHECKING / f"{intake.id}-{secrets.token_hex(4)}"
    try:
        try:
            spool.link(intake.sha256, folder / inbox_name(intake))
        except FileNotFoundError as error:
            raise DeliveryGone(number=intake.id, name=intake.name) from error
        if sha256_of(folder / inbox_name(intake)) != intake.sha256:
            raise DeliveryDamaged(number=intake.id, name=intake.name)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _spec(line: Line, source: Source, inbox: Path) -> SourceSpec:
    spec = spec_of(line, source, HarvestOptions())
    return replace(spec, url=INBOX_ONLY, files=replace(spec.files, inbox=inbox))
