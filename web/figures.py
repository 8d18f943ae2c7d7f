"""What the hub tells a program that keeps its figures: names and units as Prometheus wants them.

Seconds and bytes; moments are epoch seconds. What the database is asked for is kept a while: every
scrape of several Prometheus servers would ask it anew.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from catalogue import metering
from catalogue.backup.model import all_in
from catalogue.database import Database
from catalogue.errors import CatalogueError
from catalogue.metering import SourceStand
from web.counting import Disks

EVERY_SECONDS = 15.0
_Rows = Iterable[tuple[tuple[str, ...], float]]
"""Values of the labels, and the figure."""


class Figures(Collector):
    """All that the database and the disk tell; safe in threads."""

    def __init__(
        self, database: Database, disks: Disks, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._disks = disks
        self._now = now
        self._lock = Lock()
        self._kept: list[Metric] = []
        self._until = 0.0

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: nothing is asked for until somebody asks."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Return all figures; where the database does not answer, that and those of the disk."""
        with self._lock:
            if self._now() >= self._until:
                self._kept = list(self._all())
                self._until = self._now() + EVERY_SECONDS
            return list(self._kept)

    def _all(self) -> Iterator[Metric]:
        try:
            found = list(of_catalogue(metering.figures(self._database)))
        except CatalogueError:
            found = []
        yield _gauge("up", "1 where the database answers.", [((), float(bool(found)))])
        yield from found
        yield from of_disks(self._disks)


def of_catalogue(found: metering.Figures) -> Iterator[Metric]:
    """Yield what the database tells."""
    engine, day = found.standing.engine, found.day
    yield _gauge("clock_up", "1 where a clock runs.", [((), float(found.clock_runs))])
    yield _gauge("database_bytes", "Size of the database.", [((), engine.bytes)])
    yield _gauge("raw_bytes", "What sources delivered and is kept.", [((), found.raw_bytes)])
    if day is not None:
        yield _gauge(
            "catalogue",
            "How much there was when it was last counted.",
            [((name,), getattr(day, name)) for name in _COUNTED],
            ("what",),
        )
        yield _gauge("catalogue_counted_timestamp_seconds", "When.", [((), day.at)])
    yield from _of_queue(found)
    yield from _of_harvests(found)
    yield from _of_sources(found.sources)
    for name in ("requests", "records", "octets"):
        rows = [((each.door,), getattr(each, name)) for each in found.taken]
        unit = "bytes" if name == "octets" else name
        yield _counter(f"given_out_{unit}", f"Given out at the doors: {unit}.", rows, ("door",))


_COUNTED = ("records", "clusters", "folded", "questions", "problems", "quarantined")


def _of_queue(found: metering.Figures) -> Iterator[Metric]:
    queued, works = found.standing.queued, found.standing.works
    now = time.time()
    yield _gauge(
        "jobs_queued", "Jobs that wait.", [((each.kind,), each.jobs) for each in queued], ("kind",)
    )
    yield _gauge(
        "jobs_overdue_seconds",
        "For how long the first job of a kind has been due.",
        [((each.kind,), max(0.0, now - each.due) if each.due else 0.0) for each in queued],
        ("kind",),
    )
    for name, lives in (("running", True), ("abandoned", False)):
        kinds = [each.kind for each in works if each.lives is lives]
        yield _gauge(
            f"jobs_{name}",
            "Jobs that a process is at." if lives else "Jobs whose process is gone.",
            [((kind,), kinds.count(kind)) for kind in sorted(set(kinds))],
            ("kind",),
        )


def _of_harvests(found: metering.Figures) -> Iterator[Metric]:
    of = ("source",)
    yield _counter(
        "harvest_runs",
        "Harvests, by how they ended.",
        [((one.source, how), n) for one in found.harvested for how, n in one.runs.items()],
        (*of, "status"),
    )
    yield _counter(
        "harvest_records",
        "Records of harvests, by what became of them.",
        [((one.source, what), n) for one in found.harvested for what, n in one.records.items()],
        (*of, "outcome"),
    )
    pages = [((one.source,), one.pages) for one in found.harvested]
    yield _counter("harvest_pages", "Answers of sources.", pages, of)


def _of_sources(stands: Iterable[SourceStand]) -> Iterator[Metric]:
    stands = list(stands)
    conditions: Mapping[str, Callable[[SourceStand], bool]] = {
        "failing": lambda one: one.failing,
        "silent": lambda one: one.silent,
        "waiting": lambda one: one.watched.waiting is not None,
        "paused": lambda one: one.watched.source.rests,
    }
    yield _gauge(
        "source_condition",
        "1 where it is so: failing, silent, waiting for a person, paused.",
        [
            ((one.watched.source.name, one.watched.source.library, name), float(is_so(one)))
            for one in stands
            for name, is_so in conditions.items()
        ],
        ("source", "library", "condition"),
    )
    yield _moments("source_last_success", "When a harvest last succeeded.", stands, _success)
    yield _moments("source_shrank", "When its list last shrank.", stands, _told("shrinking"))
    yield _moments(
        "source_certificate_end",
        "End of a certificate that is about to end.",
        stands,
        lambda one: one.expires,
    )


def _moments(
    name: str, text: str, stands: Iterable[SourceStand], moment: Callable[[SourceStand], float]
) -> Metric:
    rows = [((one.watched.source.name,), moment(one)) for one in stands]
    known = [row for row in rows if row[1]]
    return _gauge(f"{name}_timestamp_seconds", text, known, ("source",))


def _success(one: SourceStand) -> float:
    success = one.watched.success
    return datetime.fromisoformat(success).timestamp() if success else 0.0


def _told(kind: str) -> Callable[[SourceStand], float]:
    return lambda one: one.told.get(kind, 0)


def of_disks(disks: Disks) -> Iterator[Metric]:
    """Yield how much room is left, and when the last backup was made."""
    sizes = {name: shutil.disk_usage(path) for name, path in disks.folders.items() if path.is_dir()}
    for what, text in (("free", "Room that is left."), ("total", "Room that there is.")):
        rows = [((name,), getattr(size, what)) for name, size in sizes.items()]
        yield _gauge(f"disk_{what}_bytes", text, rows, ("folder",))
    last = _last_backup(disks.backups)
    if last:
        yield _gauge("backup_timestamp_seconds", "When the last backup was made.", [((), last)])


def _last_backup(folder: Path | None) -> int:
    found = all_in(folder) if folder else []
    return found[-1].about.made if found else 0


def _gauge(name: str, text: str, rows: _Rows, labels: tuple[str, ...] = ()) -> Metric:
    return _filled(GaugeMetricFamily(f"lienthong_{name}", text, labels=labels), rows)


def _counter(name: str, text: str, rows: _Rows, labels: tuple[str, ...]) -> Metric:
    return _filled(CounterMetricFamily(f"lienthong_{name}", text, labels=labels), rows)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, rows: _Rows) -> Metric:
    for values, figure in rows:
        family.add_metric(list(values), figure)
    return family
