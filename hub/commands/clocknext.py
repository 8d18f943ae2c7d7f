"""``lienthong clock next``: what comes next, and whether a clock runs at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from hub.commands import clock
from hub.harvesting import timetable_of
from hub.instance import Hub
from hub.maintenance import local
from hub.options import json_option, limit_option
from scheduler.upcoming import Next, Outlook, outlook
from web import coming, schedules


@click.command("next")
@limit_option
@json_option
@click.pass_obj
def command(hub: Hub, limit: int, *, as_json: bool) -> None:
    """List what comes next and when, in the hub's time zone, with what stands against it."""
    timetable = timetable_of(hub.settings)
    with hub.catalogue() as db:
        found = outlook(db, timetable, datetime.now(UTC))
    if as_json:
        return hub.output.value(_plain(hub, found, limit))
    hub.output.pairs(
        {
            "Clock": coming.clock_word(found, hub.translate),
            "Last seen": local(hub, found.seen) if found.seen else hub.translate("never"),
            "Time zone": hub.settings.scheduler.time_zone,
            "Maintenance": clock.in_words(hub, found.maintenance) if found.maintenance else "",
        }
    )
    hub.output.line("")
    rows = (_row(hub, each) for each in found.next[:limit])
    return hub.output.table(("When", "What comes", "Schedule", "Remark"), rows)


def _row(hub: Hub, each: Next) -> tuple[object, ...]:
    say = hub.translate
    begins = each.begins or each.at
    return (
        local(hub, begins) if begins and each.begins else "–",
        coming.what(each, say),
        schedules.in_words(each.schedule, say),
        coming.remark(each, say),
    )


def _plain(hub: Hub, found: Outlook, limit: int) -> dict[str, Any]:
    zone = timetable_of(hub.settings).zone

    def told(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None

    window = found.maintenance
    return {
        "time_zone": hub.settings.scheduler.time_zone,
        "clock": {"leads": found.led, "seen": told(found.seen)},
        "maintenance": clock.as_plain(hub, window) if window else None,
        "next": [
            {
                "kind": each.kind,
                "source": each.source,
                "schedule": each.schedule,
                "at": told(each.at),
                "begins": told(each.begins),
                "queued": each.queued,
                "reason": each.reason.value,
            }
            for each in found.next[:limit]
        ],
    }
