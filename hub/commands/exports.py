"""``lienthong export``: what the catalogue holds, as files to take away."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import click

from catalogue.clock import told
from hub.dumping import dumps_of
from hub.harvesting import stopping_by_signals
from hub.instance import Hub
from hub.options import json_option
from provider.dumps import shelf
from provider.dumps.making import Pace, Wanted, make
from provider.dumps.model import Dump, Dumps, Form, Kind, Series
from scheduler.dumps import alone
from web.language import mark

_EVERY = 5.0
"""Seconds between two lines of progress."""
_SO_FAR = mark("{records} records written")
_NOTHING = mark("Nothing can have changed since the last dump of {name}.")
_ONLY_FULL = mark("Earlier dumps are taken away for a full one only: leave out --delta.")
_KINDS = {Kind.FULL: mark("full dump"), Kind.DELTA: mark("changes")}


@click.group("export")
def group() -> None:
    """Write what the catalogue holds as files for others to take away."""


@group.command("dump")
@click.option("--view", default="public", show_default=True, help="As whose eyes see it.")
@click.option("--set", "set_spec", default="", help="Only this set.")
@click.option(
    "--format",
    "form",
    type=click.Choice([each.value for each in Form]),
    default=Form.MARCXML.value,
    show_default=True,
    help="MARCXML, ISO 2709, or a line of JSON for each record.",
)
@click.option("--delta", is_flag=True, help="Only what changed since the last dump.")
@click.option("--resume", is_flag=True, help="Go on with a dump that was stopped.")
@click.option("--alone", "only", is_flag=True, help="Take away all earlier dumps afterwards.")
@json_option
@click.pass_obj
def dump(hub: Hub, /, view: str, set_spec: str, form: str, *, as_json: bool, **given: Any) -> None:
    """Write all records of a view or a set into files, or what changed since the last time."""
    if given["only"] and given["delta"]:
        raise click.UsageError(hub.translate(_ONLY_FULL))
    wanted = Wanted(
        series=Series.of(view, form, set_spec),
        kind=Kind.DELTA if given["delta"] else Kind.FULL,
        resume=given["resume"],
        alone=given["only"],
    )
    with (
        hub.catalogue() as db,
        stopping_by_signals(hub) as stopping,
        alone(db, wanted.series.name),
    ):
        dumps = dumps_of(hub, db)
        made = make(dumps, wanted, Pace(stopping=stopping, told=_showing(hub)))
    if as_json:
        return hub.output.values(_plain(dumps, each) for each in made)
    if not made:
        hub.output.notice(_NOTHING, name=wanted.series.name)
    return _table(hub, dumps, made)


@group.command("list")
@json_option
@click.pass_obj
def list_dumps(hub: Hub, *, as_json: bool) -> None:
    """List the dumps there are, those of a series in the order in which they are applied."""
    with hub.catalogue() as db:
        dumps = dumps_of(hub, db)
        found = [
            each
            for series in shelf.all_series(dumps.folder)
            for each in shelf.dumps_of(dumps.folder, series)
        ]
    if as_json:
        return hub.output.values(_plain(dumps, each) for each in found)
    return _table(hub, dumps, found)


def _table(hub: Hub, dumps: Dumps, found: list[Dump]) -> None:
    hub.output.table(
        ("Dump", "Kind", "Up to", "Records", "Deletions", "Bytes", "Folder"),
        (
            (
                each.series.name,
                hub.translate(_KINDS[each.kind]),
                told(each.until),
                each.records,
                each.deletions,
                each.bytes,
                dumps.folder / each.series.path / each.name,
            )
            for each in found
        ),
    )


def _plain(dumps: Dumps, each: Dump) -> dict[str, Any]:
    return {"folder": str(dumps.folder / each.series.path / each.name), **each.manifest()}


def _showing(hub: Hub) -> Callable[[int], None]:
    """Return what tells every few seconds how far a dump is."""
    last = time.monotonic()

    def show(records: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            hub.output.notice(_SO_FAR, records=f"{records:,}")

    return show
