"""``lienthong harvest``: pull from sources now, and place what came into the union catalogue."""

from __future__ import annotations

from typing import Any

import click

from catalogue import sources
from catalogue.database import Database
from catalogue.model import RunStatus
from harvester.errors import BadDate
from hub.errors import NothingToHarvest
from hub.harvesting import as_result, harvest, in_words, report_failure
from hub.instance import Hub
from hub.options import json_option
from hub.stopping import interrupted_by_terminate
from protocols.oai import parse_stamp
from scheduler.model import HarvestOptions, HarvestOutcome


@click.command("harvest")
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every source.")
@click.option("--from", "start", help="Go back to this date (YYYY-MM-DD).")
@click.option("--limit", type=click.IntRange(min=1), help="Stop after this many records.")
@click.option("--dry-run", is_flag=True, help="Fetch and read, but store nothing.")
@json_option
@click.pass_obj
def command(
    hub: Hub, /, names: tuple[str, ...], *, everything: bool, as_json: bool, **options: Any
) -> int:
    """Harvest sources now: what is new or changed since the last time."""
    options["start"] = _date(options["start"])
    statuses = []
    with interrupted_by_terminate(), hub.catalogue() as db:
        chosen = _chosen(db, names, everything=everything)
        for outcome in harvest(hub, db, chosen, HarvestOptions(**options)):
            _print(hub, outcome, as_json=as_json)
            statuses.append(outcome.status)
    return 0 if all(status is RunStatus.SUCCEEDED for status in statuses) else 1


def _date(text: str | None) -> str:
    """Return a date that was given, as it is; raise BadDate before anything is opened."""
    if text is None:
        return ""
    try:
        parse_stamp(text)
    except ValueError as error:
        raise BadDate(text=text or "''") from error
    return text


def _chosen(db: Database, names: tuple[str, ...], *, everything: bool) -> list[str]:
    if bool(names) == everything:
        raise NothingToHarvest
    if everything:
        return [source.name for source in sources.all(db)]
    # A name that does not exist is told before anything is fetched.
    return [sources.get(db, name).name for name in dict.fromkeys(names)]


def _print(hub: Hub, outcome: HarvestOutcome, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(as_result(outcome))
    hub.output.line(in_words(hub, outcome))
    return report_failure(hub, outcome)
