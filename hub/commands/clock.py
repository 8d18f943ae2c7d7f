"""``lienthong clock``: the one that says when, as a process of its own; and maintenance windows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from catalogue import clockwork
from catalogue.clockwork import Maintenance
from hub.harvesting import timetable_of
from hub.instance import Hub
from hub.maintenance import in_brackets, local
from hub.options import json_option
from scheduler.moments import moment

_MOST = 200


@click.group("clock", invoke_without_command=True)
@click.pass_context
def group(context: click.Context) -> None:
    """Queue the harvests that are due by the sources' schedules, until stopped with Ctrl-C."""
    if context.invoked_subcommand is not None:
        return
    from hub import background  # noqa: PLC0415 - who pauses the harvests does none
    from hub.stopping import wait_until_stopped  # noqa: PLC0415 - as above

    hub: Hub = context.obj
    with hub.catalogue() as db, background.beside(background.clock(hub, db)):
        wait_until_stopped(lambda: click.echo("ready clock"))


@group.command("pause")
@click.option("--from", "start", default="", help="Only from then on, written like --until.")
@click.option(
    "--until",
    default="",
    help="When it ends: 06:00 (the next one) or 2026-12-31 06:00; default: with clock go-on.",
)
@click.option("--why", default="", help="The reason, shown wherever the pause is.")
@json_option
@click.pass_obj
def pause(hub: Hub, *, start: str, until: str, why: str, as_json: bool) -> None:
    """Begin no harvest for a time; one under way ends after its page and goes on afterwards.

    What is due meanwhile is harvested once when the time is over.
    """
    zone, now = timetable_of(hub.settings).zone, datetime.now(UTC)
    begins = moment(start, zone, now) if start else now
    ends = moment(until, zone, begins) if until else None
    window = Maintenance(
        begins=int(begins.timestamp()),
        ends=int(ends.timestamp()) if ends else None,
        why=" ".join(why.split())[:_MOST],
    )
    with hub.catalogue() as db:
        clockwork.pause(db, window)
    if as_json:
        return hub.output.value(as_plain(hub, window))
    return hub.output.line(in_words(hub, window))


@group.command("go-on")
@json_option
@click.pass_obj
def go_on(hub: Hub, *, as_json: bool) -> None:
    """End the pause of all harvests, or forget one that is planned."""
    with hub.catalogue() as db:
        was_paused = clockwork.go_on(db)
    if as_json:
        return hub.output.value({"was_paused": was_paused})
    if was_paused:
        return hub.output.notice("Harvests go on.")
    return hub.output.notice("Harvests were not paused.")


def as_plain(hub: Hub, window: Maintenance) -> dict[str, Any]:
    """Return a maintenance window as JSON has it, its moments in the hub's time zone."""
    zone = timetable_of(hub.settings).zone
    begins, ends = (
        datetime.fromtimestamp(at, zone).isoformat() if at is not None else None
        for at in (window.begins, window.ends)
    )
    under_way = window.holds(datetime.now(UTC).timestamp())
    return {"begins": begins, "ends": ends, "why": window.why, "under_way": under_way}


def in_words(hub: Hub, window: Maintenance) -> str:
    """Return a maintenance window in words."""
    begins = local(hub, datetime.fromtimestamp(window.begins, UTC))
    if window.ends is None:
        said = hub.translate("All harvests are paused from {begins} on, until: clock go-on {why}")
        return said.format(begins=begins, why=in_brackets(window.why)).rstrip()
    ends = local(hub, datetime.fromtimestamp(window.ends, UTC))
    said = hub.translate("All harvests are paused from {begins} until {ends} {why}")
    return said.format(begins=begins, ends=ends, why=in_brackets(window.why)).rstrip()
