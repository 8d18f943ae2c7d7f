"""Harvests that differ from the usual, as staff ask for them: what they are, and asking once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from catalogue import runs, sources, wishes
from catalogue.database import Database
from catalogue.model import Run, RunStatus, Source
from catalogue.wishes import Came
from harvester.errors import BadDate
from protocols.oai import parse_stamp
from scheduler.errors import DatesTurned, NoDates, NotByDates
from scheduler.model import HarvestOptions
from scheduler.outgoing import OAI

_LOOK_BACK = 200
"""Runs of a source that are looked through for the last of each kind."""


class Wish(StrEnum):
    """What may be asked for."""

    USUAL = "usual"
    """What is new or changed since the last time."""
    BACKFILL = "backfill"
    """What the source says was changed between two dates, once more."""
    FULL = "full"
    """Everything from the beginning."""
    RECONCILE = "reconcile"
    """What is new, and then what the complete list lacks is deleted, if the guards agree."""


def possible(source: Source) -> tuple[Wish, ...]:
    """Return what a source can be asked for: only OAI-PMH lists by dates (OAI-PMH 2.0 s2.7.1)."""
    return tuple(wish for wish in Wish if wish is not Wish.BACKFILL or source.protocol == OAI)


def options(wish: Wish, start: str = "", until: str = "") -> HarvestOptions:
    """Return how a harvest differs; the dates (YYYY-MM-DD) are those of a backfill.

    Raises BadDate, NoDates or DatesTurned.
    """
    if wish is Wish.BACKFILL:
        _check_dates(start, until)
        return HarvestOptions(start=start, until=until)
    return HarvestOptions(full=wish is Wish.FULL, reconcile=wish is Wish.RECONCILE)


def ask(database: Database, name: str, wish: Wish, start: str = "", until: str = "") -> Came:
    """Queue a harvest of a source as somebody wants it, once however often it is asked for.

    Raises NoSuchSource, NotByDates and what ``options`` does.
    """
    if wish not in possible(sources.get(database, name)):
        raise NotByDates(name=name)
    wanted = options(wish, start, until)
    told = wanted.asked().options
    return wishes.ask(database, name, told, includes=not wanted.is_part)


def last(database: Database, name: str) -> Mapping[Wish, Run]:
    """Return the newest run of each kind that came to its end, where one is not too long ago.

    Raises NoSuchSource.
    """
    found: dict[Wish, Run] = {}
    for run in runs.all(database, source=name, limit=_LOOK_BACK):
        wish = _kind(run)
        if wish is not None and run.status in (RunStatus.SUCCEEDED, RunStatus.LIMITED):
            found.setdefault(wish, run)
    return found


def _kind(run: Run) -> Wish | None:
    asked = set(run.options)
    if run.replays or asked - {"from", "until", "full", "reconcile"}:
        return None
    if asked & {"from", "until"}:
        return Wish.BACKFILL
    named = (wish for wish in (Wish.RECONCILE, Wish.FULL) if wish.value in asked)
    return next(named, Wish.USUAL)


def _check_dates(start: str, until: str) -> None:
    if not start and not until:
        raise NoDates
    first, last_one = _moment(start, end=False), _moment(until, end=True)
    if first is not None and last_one is not None and first > last_one:
        raise DatesTurned(start=start, until=until)


def _moment(text: str, *, end: bool) -> int | None:
    if not text:
        return None
    try:
        return parse_stamp(text, end=end)
    except ValueError as error:
        raise BadDate(text=text) from error
