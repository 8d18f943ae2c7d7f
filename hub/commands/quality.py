"""``lienthong libraries quality``: how complete a library's records are, beside those of all."""

from __future__ import annotations

from dataclasses import asdict
from threading import Event
from typing import Any

import click

from catalogue import libraries
from catalogue.database import Database
from catalogue.quality import reading
from catalogue.quality.reading import Quality
from hub.harvesting import line_of
from hub.instance import Hub
from hub.options import json_option
from scheduler.quality import count_due, queue_count
from web.language import mark
from web.quality.shares import FIELDS

_BUSY = mark("A worker counts just now. Ask again in a moment.")
_NEVER = mark("Nothing was counted yet. Count now with: lienthong libraries quality {code} --count")


@click.command("quality")
@click.argument("code")
@click.option("--count", is_flag=True, help="First count the libraries not counted today.")
@json_option
@click.pass_obj
def quality(hub: Hub, code: str, *, count: bool, as_json: bool) -> None:
    """Tell how complete a library's records are, beside the average of all members."""
    with hub.catalogue() as db:
        library = libraries.get(db, code).code
        if count and _count(hub, db) is None:
            hub.output.notice(_BUSY)
        found = reading.of_library(db, library)
    if as_json:
        return hub.output.value({"library": library} | asdict(found) | _named(found))
    if found.at is None:
        return hub.output.notice(_NEVER, code=library)
    now = found.days[-1]
    hub.output.pairs(
        {
            "Day": now.day,
            "Completeness": _percent(now.score),
            "Average of all members": _percent(now.average),
            "Records": now.records,
        }
    )
    say = hub.output.translate
    return hub.output.table(
        ("Field", "Records", "Share", "Average of all members"),
        (
            (say(FIELDS[each.name]), each.records, _percent(each.own), _percent(each.average))
            for each in found.shares
        ),
    )


def _count(hub: Hub, database: Database) -> int | None:
    """Count, unless a worker does; return how many libraries were done."""
    queue_count(database)
    nothing_better = Event()
    return count_due(line_of(hub, database), nothing_better, nothing_better)


def _named(found: Quality) -> dict[str, Any]:
    return {
        "days": [each._asdict() for each in found.days],
        "shares": [each._asdict() for each in found.shares],
    }


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} %"
