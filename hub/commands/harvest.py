"""``lienthong harvest``: pull from sources now, and place what came into the union catalogue."""

from __future__ import annotations

from typing import Any

import click

from catalogue import sources
from catalogue.database import Database
from harvester.errors import BadDate
from hub.errors import DatesReversed, FullOrPart, NothingToHarvest, ReconcileWhole
from hub.harvesting import harvest, tell
from hub.instance import Hub
from hub.memory import set_program_apart
from hub.options import json_option
from hub.stopping import interrupted_by_terminate
from protocols.oai import parse_stamp
from scheduler.model import HarvestOptions

_NEVER_WHOLE = ("until", "sets", "limit", "dry_run")


@click.command("harvest")
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every source.")
@click.option("--from", "start", help="Go back to this date (YYYY-MM-DD).")
@click.option("--until", help="Only up to this date; the next harvest begins where it would have.")
@click.option(
    "--set",
    "sets",
    multiple=True,
    help="Only this OAI set, whatever the source says; may be given again.",
)
@click.option("--full", is_flag=True, help="Everything from the beginning, not only what is new.")
@click.option(
    "--reconcile",
    is_flag=True,
    help="Compare with the complete list, and delete what it lacks.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Stop after this many records.")
@click.option("--dry-run", is_flag=True, help="Fetch and read, but store nothing.")
@click.option(
    "--place-later",
    is_flag=True,
    help="Only store what comes: 'clusters place' places all of a first load at once.",
)
@json_option
@click.pass_obj
def command(
    hub: Hub, /, names: tuple[str, ...], *, everything: bool, as_json: bool, **options: Any
) -> int:
    """Harvest sources now: what is new or changed since the last time."""
    _check(options)
    with interrupted_by_terminate(), hub.catalogue() as db:
        chosen = _chosen(db, names, everything=everything)
        set_program_apart()
        outcomes = harvest(hub, db, chosen, HarvestOptions(**options))
        return max([tell(hub, outcome, as_json=as_json) for outcome in outcomes], default=0)


def _check(options: dict[str, Any]) -> None:
    """Put what was left out to its empty value; refuse what cannot be before anything is opened."""
    moments = {name: _moment(options[name], end=name == "until") for name in ("start", "until")}
    options |= {name: options[name] or "" for name in moments}
    if options["full"] and (options["start"] or options["until"] or options["sets"]):
        raise FullOrPart
    if options["reconcile"] and any(options[name] for name in _NEVER_WHOLE):
        raise ReconcileWhole
    start, until = moments["start"], moments["until"]
    if start is not None and until is not None and start > until:
        raise DatesReversed(start=options["start"], until=options["until"])


def _moment(text: str | None, *, end: bool) -> int | None:
    if text is None:
        return None
    try:
        return parse_stamp(text, end=end)
    except ValueError as error:
        raise BadDate(text=text or "''") from error


def _chosen(db: Database, names: tuple[str, ...], *, everything: bool) -> list[str]:
    if bool(names) == everything:
        raise NothingToHarvest
    if everything:
        return [source.name for source in sources.all(db)]
    # A name that does not exist is told before anything is fetched.
    return [sources.get(db, name).name for name in dict.fromkeys(names)]
