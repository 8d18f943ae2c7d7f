"""Deliveries by command: taken in, checked in the foreground, applied by a harvest here and now."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any

from catalogue import sources
from catalogue.database import Database
from catalogue.intake import rows, watching
from catalogue.intake.errors import BeingChecked, DeliveryApplied
from catalogue.intake.model import Arrived, Intake, Kind, State
from catalogue.intake.spool import chunks_of
from catalogue.model import RunStatus
from hub.harvesting import harvest, line_of, stopping_by_signals
from hub.instance import Hub
from hub.progress import showing
from scheduler import arriving
from scheduler.errors import AlreadyRunning
from scheduler.intake import check
from scheduler.model import HarvestOptions, HarvestOutcome, Line, Progress
from scheduler.takingin import take_in
from web import delivered

_LOOK_SECONDS = 0.5


def who() -> str:
    """Return who gives this command, as far as the machine knows."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def receive(hub: Hub, db: Database, source: str, path: str, kind: Kind) -> Intake:
    """Take a file in and say which delivery it is. Raises what keeping a file raises."""
    line, name = line_of(hub, db), Path(path).name
    rows.of_files(db, source)
    spool = arriving.spool_of(line)
    with Path(path).open("rb") as file, spool.draft(name) as draft:
        spool.expect(Path(path).stat().st_size, name)
        for chunk in chunks_of(file):
            draft.write(chunk)
        arrived = Arrived(
            source=source,
            name=name,
            sha256=draft.sha256(),
            size=draft.size,
            kind=kind,
            author=who(),
        )
        received = arriving.receive(line, draft, arrived)
    if not received.is_new:
        hub.output.notice(
            "{name} waits already, as delivery {number}.", name=name, number=received.intake.id
        )
    return received.intake


def receive_new(hub: Hub, db: Database, source: str) -> list[Intake]:
    """Take in what is new at the address of a source."""
    rows.of_files(db, source)
    with stopping_by_signals(hub) as stopping:

        def rest(seconds: float) -> None:
            stopping.wait(seconds)

        return take_in(line_of(hub, db), sources.get(db, source), rest)


def check_all(hub: Hub, db: Database, numbers: Sequence[int]) -> Iterator[Intake]:
    """Check deliveries one after the other and yield how each stands then."""
    line = line_of(hub, db)
    with stopping_by_signals(hub) as stopping:
        for number in numbers:
            with showing(hub.translate) as show:
                yield _checked(hub, line, number, stopping, show)


def apply_all(
    hub: Hub, db: Database, numbers: Sequence[int]
) -> Iterator[tuple[HarvestOutcome | None, Intake]]:
    """Apply deliveries: yield each harvest that it takes, with a delivery that it read.

    One that was applied before comes without a harvest.
    """
    line = line_of(hub, db)
    wanted: dict[str, list[int]] = {}
    for number in numbers:
        try:
            intake = arriving.put_into_inbox(line, number, who())
        except DeliveryApplied:
            yield None, rows.get(db, number)
            continue
        wanted.setdefault(intake.source, []).append(number)
    for source, some in wanted.items():
        yield from _harvested(hub, db, source, some)


def _harvested(
    hub: Hub, db: Database, source: str, numbers: Sequence[int]
) -> Iterator[tuple[HarvestOutcome, Intake]]:
    """Harvest a source until these deliveries were read, or something keeps them from it."""
    left = list(numbers)
    while left:
        for outcome in harvest(hub, db, [source], HarvestOptions()):
            still = {each.id for each in rows.applying(db, source)}
            read = [number for number in left if number not in still]
            yield outcome, rows.get(db, (read or left)[-1])
            left = [number for number in left if number in still]
        if isinstance(outcome.error, AlreadyRunning):
            arriving.queue_harvest(line_of(hub, db), source)
            hub.output.notice("What was applied waits in the inbox; a worker harvests it next.")
        if outcome.status is not RunStatus.SUCCEEDED or not (read or outcome.counts.delivered):
            return


def _checked(hub: Hub, line: Line, number: int, stopping: Event, show: Any) -> Intake:
    intake = rows.get(line.db, number)

    def tell(records: int) -> None:
        show(_progress(intake, records))

    try:
        return check(line, number, stopping, tell)
    except BeingChecked:
        hub.output.notice(
            "Another process checks delivery {number}; waiting for it.", number=number
        )
    while not stopping.wait(_LOOK_SECONDS):
        found = watching.progress(line.db, number)
        tell(found.records)
        if not found.is_busy:
            break
    return rows.get(line.db, number)


def _progress(intake: Intake, records: int) -> Progress:
    return Progress(
        source=intake.source, stage="check", records=records, pages=0, problems=0, total=None
    )


def as_plain(hub: Hub, intake: Intake) -> dict[str, Any]:
    """Return a delivery as one object, its message in words."""
    told = {
        name: value
        for name, value in asdict(intake).items()
        if name not in ("message", "code", "details", "report")
    }
    say = hub.translate
    said = {
        "message": delivered.why(intake, say),
        "code": intake.code,
        "verdict": delivered.verdict(intake, say),
    }
    return told | said | {"report": dict(intake.report)}


def failed(intake: Intake) -> bool:
    """Tell whether a delivery could not be checked, or cannot count."""
    return intake.state in (State.RECEIVED, State.REFUSED)
