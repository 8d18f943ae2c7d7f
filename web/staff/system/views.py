"""``/staff/system`` shows administrators what runs, what waits, how much room is left, and why."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, render_template, request

from catalogue import clockwork, system
from catalogue.cluster import place
from catalogue.search import waiting
from catalogue.system import Length, Work
from catalogue.users import Role
from web.delivered import size
from web.language import mark
from web.site import current_site
from web.speech import language
from web.staff import access
from web.staff.room import Installed, current_room
from web.staff.system.words import KINDS
from web.staff.words import maintenance

blueprint = Blueprint("system", __name__, url_prefix="/staff", template_folder="../templates")

_MOST = 100_000
"""Records to place that are counted; of more it is said that there are more."""
_LATE = 300
"""Seconds after which work that is due and that nobody is at is worth a word."""
_LITTLE = 10
"""Percent of a disk that is worth a word when no more is free."""
_WHOLE = 100


class Disk(NamedTuple):
    """How much room there is where something is kept."""

    what: str
    """A message."""
    path: Path
    free: int | None
    """Bytes; None where that cannot be told."""
    total: int
    is_little: bool


@blueprint.get("/system")
@access.needs(Role.ADMIN)
def show() -> str:
    """Show how the hub stands; of the settings all, or those that somebody changed."""
    database, installed = current_site().database, current_room().installed
    engine, works, queued = system.standing(database)
    state = clockwork.state(database)
    return render_template(
        "staff/system/show.html",
        installed=installed,
        z3950=current_room().z3950,
        engine=engine,
        led=any(work.kind == clockwork.CLOCK and work.lives for work in works),
        seen=state.seen,
        works=[work for work in works if work.kind != clockwork.CLOCK],
        queued=queued,
        late=_late(works, queued),
        placing=place.waiting(database, _MOST),
        most=_MOST,
        indexing=waiting.does_wait(database),
        disks=list(_disks(installed)) if installed else [],
        settings=_settings(installed, changed="changed" in request.args),
        changed="changed" in request.args,
        kinds=KINDS,
        size=lambda count: size(count, language()),
    )


def _late(works: Sequence[Work], queued: Sequence[Length]) -> int:
    """Return since when work is due that nobody is at, epoch seconds; 0 where all is well."""
    busy = any(work.lives and work.kind != clockwork.CLOCK for work in works)
    if busy or maintenance() is not None:
        return 0
    due = [each.due for each in queued if 0 < each.due < time.time() - _LATE]
    return min(due, default=0)


def _disks(installed: Installed) -> Iterator[Disk]:
    yield _disk(mark("instance folder"), installed.folder)
    if installed.raw is not None:
        yield _disk(mark("what sources delivered"), installed.raw)


def _disk(what: str, path: Path) -> Disk:
    # The folder of pages is made with the first of them.
    there = next((each for each in (path, *path.parents) if each.exists()), path)
    try:
        usage = shutil.disk_usage(there)
    except OSError:
        return Disk(what, path, None, 0, is_little=False)
    little = usage.free * _WHOLE < usage.total * _LITTLE
    return Disk(what, path, usage.free, usage.total, is_little=little)


def _settings(installed: Installed | None, *, changed: bool) -> list[object]:
    every = installed.settings if installed else ()
    return [each for each in every if each.where or not changed]
