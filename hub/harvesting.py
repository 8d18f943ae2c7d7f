"""The harvest line of this hub, and its result as design and scripts know it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any
from zoneinfo import ZoneInfo

from catalogue import clockwork, sources
from catalogue.blobs import DatabaseRawStore
from catalogue.cluster.place import waiting
from catalogue.database import Database
from catalogue.intake import rows
from catalogue.model import RunStatus
from catalogue.raw import FolderRawStore, RawStore
from catalogue.retention import Retention
from harvester.model import FileLimits, HttpSettings
from hub import secret
from hub.dumping import Dumping, dumps_of
from hub.instance import Hub
from hub.progress import showing
from hub.sections import Public
from hub.settings import Settings
from hub.stopping import stopped_by_signals
from scheduler.joining.rules import Rules
from scheduler.model import HarvestOptions, HarvestOutcome, Line
from scheduler.timetable import Missed, Timetable
from web.language import Translate, message

_GIBIBYTE = 1024**3
_MOST_TOLD = 1000


def line_of(hub: Hub, db: Database) -> Line:
    """Return what a harvest of this hub needs to run."""
    return Line(
        db=db,
        raw_store=raw_store(hub.settings, db),
        identity=hub.identity(),
        http=http_settings(hub.settings),
        key=credentials_key(hub),
        timetable=timetable_of(hub.settings),
        retention=retention_of(hub.settings),
        incoming=hub.settings.incoming,
        file_limits=FileLimits(file_bytes=hub.settings.files.max_bytes),
        joining=Rules(**asdict(hub.settings.joining)),
        dumper=Dumping(dumps_of(hub, db), hub.settings.dumps.scheduled),
    )


def timetable_of(settings: Settings) -> Timetable:
    """Return how this hub means schedules."""
    said = settings.scheduler
    return Timetable(
        zone=ZoneInfo(said.time_zone),
        spread_minutes=said.spread_minutes,
        missed=Missed(said.missed),
        chores={
            "prune": said.prune,
            "reindex": said.reindex,
            "report": said.report,
            "dump": said.dump,
            "quality": said.quality,
        },
        relist=said.relist,
    )


def credentials_key(hub: Hub) -> bytes:
    """Return the key that this hub's stored credentials are sealed with."""
    return secret.for_purpose(secret.key(hub.settings.folder), "credentials")


def raw_store(settings: Settings, db: Database) -> RawStore:
    """Return where this hub keeps pages."""
    if settings.raw.store == "database":
        return DatabaseRawStore(db)
    return FolderRawStore(settings.raw_folder)


def retention_of(settings: Settings) -> Retention:
    """Return for how long this hub keeps pages."""
    return Retention(
        days=settings.raw.keep_days,
        bytes=int(settings.raw.keep_gb * _GIBIBYTE),
        audit_days=settings.accounts.audit_days,
    )


def http_settings(settings: Settings) -> HttpSettings:
    """Return how this hub goes out: its harvest settings, and whom to write to about it."""
    email = settings.public.admin_email
    said = email if email != Public().admin_email else ""
    return HttpSettings(**asdict(settings.harvest), from_email=said)


def harvest(
    hub: Hub, db: Database, names: Sequence[str], options: HarvestOptions
) -> Iterator[HarvestOutcome]:
    """Harvest sources one after another, showing how it goes, and yield what came of each.

    Ctrl-C or SIGTERM ends after the page at hand: that source and those not reached are cancelled.
    """
    from scheduler import pipeline  # noqa: PLC0415 - brings the network; many only look or settle

    line = line_of(hub, db)
    with stopping_by_signals(hub) as stopping:
        for name in names:
            with _turn(hub, line, name, options, stopping), showing(hub.translate) as show:
                outcome = pipeline.harvest(line, name, options, show, stopping)
            _tell_waiting(hub, db, name)
            yield outcome


def _tell_waiting(hub: Hub, db: Database, name: str) -> None:
    """Say that deliveries wait for somebody, where a harvest reads only what was applied."""
    if not sources.get(db, name).files.check_first:
        return
    count = len(rows.all(db, name, only_open=True, limit=_MOST_TOLD))
    if count:
        hub.output.notice(
            "{count} deliveries of {source} wait. See them with: lienthong import list --open",
            count=count,
            source=name,
        )


@contextmanager
def _turn(
    hub: Hub, line: Line, name: str, options: HarvestOptions, stopping: Event
) -> Iterator[None]:
    """Wait for a place at the source's server, and say what a harvest by hand passes over."""
    from scheduler import budget  # noqa: PLC0415 - as above
    from scheduler.quiet import quiet_until  # noqa: PLC0415 - as above

    source = sources.get(line.db, name)
    if options.pages is not None:
        yield
        return
    if source.paused:
        hub.output.notice("Source {name} is paused; it is harvested this once.", name=name)
    if clockwork.maintenance(line.db) is not None:
        hub.output.notice(
            "All harvests are paused for maintenance; {name} is harvested this once.", name=name
        )
    if quiet_until(source, line.zone, datetime.now(UTC)) is not None:
        hub.output.notice(
            "Source {name} has its quiet hours; it is harvested all the same.", name=name
        )

    def busy(server: str) -> None:
        hub.output.notice("Another harvest of {server} is running; waiting for it.", server=server)

    with budget.place_when_free(line.db, source, stopping, busy):
        yield


def settle(hub: Hub, db: Database) -> None:
    """Place at once what a change of settings concerns, so that every reader sees it."""
    left = waiting(db)
    if left:
        from scheduler import pipeline  # noqa: PLC0415 - as above

        hub.output.notice("Placing {records} records anew; this may take a while.", records=left)
        pipeline.settle(line_of(hub, db))


def replay(hub: Hub, db: Database, number: int, *, dry_run: bool) -> HarvestOutcome:
    """Replay a run, showing how it goes; Ctrl-C ends after the page at hand. Raises NoSuchRun."""
    from scheduler import replay as replaying  # noqa: PLC0415 - as above

    line = line_of(hub, db)
    with stopping_by_signals(hub) as stopping, showing(hub.translate) as show:
        return replaying.replay(line, number, dry_run=dry_run, progress=show, stopping=stopping)


def refetch(hub: Hub, db: Database, name: str, identifier: str) -> HarvestOutcome:
    """Fetch one record anew. Raises NoSuchSource."""
    from scheduler import refetch as refetching  # noqa: PLC0415 - as above

    with stopping_by_signals(hub) as stopping, showing(hub.translate) as show:
        return refetching.refetch(line_of(hub, db), (name, identifier), show, stopping)


@contextmanager
def stopping_by_signals(hub: Hub) -> Iterator[Event]:
    """Give what Ctrl-C or SIGTERM sets, which the person is told."""
    stopping = Event()

    def stop() -> None:
        hub.output.notice("Stopping after this page. Press Ctrl-C once more to stop at once.")
        stopping.set()

    # In a thread: the handler may have broken into the very lock or stream that this needs.
    with stopped_by_signals(Thread(target=stop, daemon=True).start):
        yield stopping


def tell(hub: Hub, outcome: HarvestOutcome, *, as_json: bool) -> int:
    """Say what came of a harvest, and return the exit code for it."""
    if as_json:
        hub.output.value(as_result(outcome, hub.translate))
    else:
        hub.output.line(in_words(hub, outcome))
        report_failure(hub, outcome)
    return 0 if outcome.status is RunStatus.SUCCEEDED else 1


def as_result(outcome: HarvestOutcome, translate: Translate = str) -> dict[str, Any]:
    """Return an outcome as one flat object: the harvest result that scripts rely on."""
    return {
        "run": outcome.run,
        "source": outcome.source,
        "status": outcome.status.value,
        **asdict(outcome.counts),
        "seconds": round(outcome.seconds, 3),
        "message": message(outcome.error, translate) if outcome.error else outcome.message,
    }


def in_words(hub: Hub, outcome: HarvestOutcome) -> str:
    """Return an outcome as a line for people: what was counted, without what was not."""
    counted = asdict(outcome.counts).items()
    counts = ", ".join(f"{hub.translate(name)} {value:,}" for name, value in counted if value)
    status = hub.translate(outcome.status.value)
    return f"{outcome.source}: {status}: {counts or '0'} ({outcome.seconds:.1f} s)"


def report_failure(hub: Hub, outcome: HarvestOutcome) -> None:
    """Say on standard error why a harvest ended early, if it did."""
    if outcome.error is not None:
        hub.output.notice("{why}", why=message(outcome.error, hub.translate))
