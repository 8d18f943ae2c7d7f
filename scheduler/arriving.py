"""The way of a delivery: kept in the spool, put into its source's inbox, read, and laid aside.

Its row says how it stands, and the file follows. Whatever is killed in between is gone on with by
saying the same once more: each step looks first whether it was done.
"""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from catalogue import queue, runs, sources
from catalogue.clock import wall_clock
from catalogue.intake import rows
from catalogue.intake.errors import DeliveryGone, DeliveryInUse
from catalogue.intake.model import Arrived, Intake, State
from catalogue.intake.rows import Received
from catalogue.intake.spool import Draft, Spool
from catalogue.store.run import KIND, job_key
from harvester.errors import HarvestError
from harvester.files.taken import taken
from scheduler.model import HarvestOptions, Line
from scheduler.outgoing import spec_of

INBOX_ONLY = "file:"
"""The address of a source that has nothing but its inbox."""
CHECKING = ".checking"
"""The folder with an inbox for each check under way."""
DONE = "done"
_LONGEST = 120
_STRANGE = re.compile(r"[^\w.,()+ -]+")
_LEFT_ALONE = (".part", ".tmp", ".crdownload", ".filepart", ".partial", "~")
_DAY = 86_400
_LOOK_BACK = 50
"""So many replays may have come since."""


def spool_of(line: Line) -> Spool:
    """Return where deliveries of this hub wait."""
    return Spool(_incoming(line), line.file_limits.file_bytes)


def safe(name: str) -> str:
    """Return the name of a file without what is no part of a name, or would have it left alone."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    clean = _STRANGE.sub("-", last).strip(" .-") or "delivery"
    stem, dot, ending = clean.rpartition(".")
    while len(clean.encode()) > _LONGEST:
        stem, clean = (stem[:-1], f"{stem[:-1]}{dot}{ending}") if stem else ("", clean[:-1])
    # Such are taken for copies that are not complete.
    return f"{clean}_" if clean.casefold().endswith(_LEFT_ALONE) else clean


def inbox_name(intake: Intake) -> str:
    """Return how the file of a delivery is called in an inbox: the reader knows kind and order."""
    return f"{intake.id:08d}-{intake.kind or 'auto'}-{safe(intake.name)}"


def receive(line: Line, draft: Draft, arrived: Arrived) -> Received:
    """Keep a file that was written and note its arrival; its check is queued.

    Raises what keeping a file raises, NoSuchSource or NotOfFiles.
    """
    spool = spool_of(line)
    draft.sync()
    with spool.locked():
        kept = draft.keep()
        try:
            return rows.receive(line.db, arrived)
        except Exception:
            _forget(line, spool, kept.sha256)
            raise


def put_into_inbox(line: Line, number: int, decider: str) -> Intake:
    """Say that a delivery counts, and put it where the next harvest of its source reads it.

    To say so again goes on where it broke off. Raises DeliveryGone, and what
    ``rows.begin_applying`` raises.
    """
    spool = spool_of(line)
    with spool.locked():
        before = rows.get(line.db, number)
        target = _inbox(line, before.source) / inbox_name(before)
        lies_there = target.exists() or _done(target).exists()
        if before.state.is_open and not lies_there and not spool.path(before.sha256).exists():
            raise DeliveryGone(number=number, name=before.name)
        intake = rows.begin_applying(line.db, number, decider)
        if not lies_there:
            spool.link(intake.sha256, target)
        _forget(line, spool, intake.sha256)
    return intake


def discard(line: Line, number: int, decider: str) -> Intake:
    """Say that a delivery never counts, and remove its file; twice is as good as once.

    What a harvest that broke off has stored of it stays. Raises NoSuchDelivery, DeliveryApplied,
    or DeliveryInUse while a harvest may be reading it.
    """
    spool = spool_of(line)
    with spool.locked():
        intake = rows.get(line.db, number)
        if intake.state is State.APPLYING and queue.is_running(line.db, job_key(intake.source)):
            raise DeliveryInUse(number=number, source=intake.source)
        intake = rows.discard(line.db, number, decider)
        (_inbox(line, intake.source) / inbox_name(intake)).unlink(missing_ok=True)
        _forget(line, spool, intake.sha256)
    return intake


def lay_aside(line: Line, name: str, run_id: int | None) -> list[Intake]:
    """Note which deliveries of a source were read to their end, and by which run; return the rest.

    Their files are laid aside, for as long as pages are kept.
    """
    open_ones = rows.applying(line.db, name)
    if not open_ones or line.incoming is None:
        return open_ones
    source = sources.get(line.db, name)
    spec = spec_of(line, source, HarvestOptions())
    try:
        found = taken(spec.files, sources.checkpoint(line.db, name))
    except HarvestError:
        # What lies there cannot be looked at: the harvest says so in its own words.
        return open_ones
    names = {inbox_name(each): each for each in open_ones}
    touched = [each.id for key, each in names.items() if key in found.done or key in found.begun]
    if run_id is not None and touched:
        rows.note_run(line.db, touched, run_id)
    with spool_of(line).locked():
        done = {key: each for key, each in names.items() if _is_done(line, each, found.done)}
        for key in done:
            _move(_inbox(line, name) / key)
        rows.end_applying(line.db, [each.id for each in done.values()])
    return [each for key, each in names.items() if key not in done]


def last_run(line: Line, name: str) -> int | None:
    """Return the number of a source's newest harvest, if there was one."""
    found = runs.all(line.db, source=name, limit=_LOOK_BACK)
    return next((run.id for run in found if not run.replays), None)


def queue_harvest(line: Line, name: str) -> bool:
    """Queue a harvest that reads an inbox; tell whether none was queued before."""
    return queue.enqueue(line.db, KIND, job_key(name), wall_clock())


def go_on(line: Line, name: str) -> bool:
    """Queue another harvest where more was applied than one list takes; tell whether it was."""
    waiting = (_inbox(line, name) / inbox_name(each) for each in rows.applying(line.db, name))
    return any(path.exists() for path in waiting) and queue_harvest(line, name)


def tidy(line: Line) -> int:
    """Remove what nobody waits for and, in time, what was laid aside; return the bytes set free."""
    if line.incoming is None:
        return 0
    spool, day_ago = spool_of(line), time.time() - _DAY
    with spool.locked():
        freed = spool.tidy(day_ago, lambda sha256: rows.is_open(line.db, sha256))
    for folder in line.incoming.glob(f"{CHECKING}/*"):
        if folder.lstat().st_mtime < day_ago:
            shutil.rmtree(folder, ignore_errors=True)
    if not line.retention.days:
        return freed
    before = time.time() - line.retention.days * _DAY
    for path in line.incoming.glob(f"[!.]*/{DONE}/*"):
        found = path.lstat()
        # When it was moved: when it was written says nothing, and another may be reading it.
        if found.st_ctime < before:
            path.unlink(missing_ok=True)
            freed += found.st_size
    return freed


def _incoming(line: Line) -> Path:
    assert line.incoming is not None
    return line.incoming


def _inbox(line: Line, name: str) -> Path:
    return _incoming(line) / name


def _done(path: Path) -> Path:
    return path.parent / DONE / path.name


def _is_done(line: Line, intake: Intake, done: frozenset[str]) -> bool:
    path = _inbox(line, intake.source) / inbox_name(intake)
    # Moved already, by one that was killed before it could say so.
    return path.name in done or (not path.exists() and _done(path).exists())


def _move(path: Path) -> None:
    target = _done(path)
    target.parent.mkdir(exist_ok=True)
    if path.exists():
        path.replace(target)


def _forget(line: Line, spool: Spool, sha256: str) -> None:
    """Remove a file from the spool unless a delivery still waits for it there."""
    if not rows.is_wanted(line.db, sha256):
        spool.remove(sha256)
