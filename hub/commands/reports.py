"""``lienthong reports``: the figures of a period, counted once and kept."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from catalogue.clock import told
from catalogue.reports import periods, store
from catalogue.reports.model import Listed, Report
from hub.commands.crosswalk import author_option
from hub.crosswalks import author_of
from hub.filing import outgoing
from hub.instance import Hub
from hub.options import json_option, limit_option, with_options
from scheduler import reports
from web.language import mark
from web.reports.tables import TITLES, table_of, tables
from web.reports.words import BY_CLOCK

_ASKED = mark("A worker makes the report of {name}. See it with: lienthong reports show {name}")
_ALREADY = mark("The report of {name} was asked for already.")
_UNDER_WAY = mark("The period is not over yet: make another report of {name} when it is.")
_WAITING = mark(
    "{count} records were not placed yet when it was made. Make another report once they are."
)
_SOMEBODY = "lienthong"
"""Who had a report made where the machine does not say: no author means the clock."""
_ONLY_CSV = mark("A workbook has all the tables: leave out --table, or say --format csv.")

which = with_options(
    click.argument("period"),
    click.option("--issue", type=click.IntRange(min=1), help="Not the latest, but this issue."),
)
_TABLE = click.Choice(list(TITLES))


@click.group("reports")
def group() -> None:
    """Count what libraries share in a period, and keep the figures as they were."""


@group.command("list")
@limit_option
@json_option
@click.pass_obj
def list_reports(hub: Hub, *, limit: int, as_json: bool) -> None:
    """List the reports there are, the latest first."""
    with hub.catalogue() as db:
        found = store.all(db, limit)
    if as_json:
        return hub.output.values(map(_plain, found))
    return hub.output.table(
        ("Period", "Issue", "First day", "Last day", "Made at", "Made by"),
        (
            (
                each.period.name,
                each.issue,
                each.period.first,
                each.period.last,
                told(each.made),
                each.author or hub.translate(BY_CLOCK),
            )
            for each in found
        ),
    )


@group.command("make")
@click.argument("period")
@click.option("--background", is_flag=True, help="Let a worker do it, and do not wait.")
@author_option
@json_option
@click.pass_obj
def make(hub: Hub, /, period: str, *, background: bool, author: str, as_json: bool) -> None:
    """Make a report: PERIOD is 2026-10, 2026-q3, 2026 or 2026-01-01..2026-03-31."""
    wanted, who = periods.parse(period), author_of(hub, author) or _SOMEBODY
    with hub.catalogue() as db:
        if background:
            is_new = reports.ask_for(db, _zone(hub), wanted, who)
            hub.output.notice(_ASKED if is_new else _ALREADY, name=wanted.name)
            return hub.output.value({"period": wanted.name, "queued": is_new}) if as_json else None
        made = reports.make_now(db, _zone(hub), wanted, who)
    if wanted.last >= reports.today(_zone(hub)):
        hub.output.notice(_UNDER_WAY, name=wanted.name)
    _warn(hub, made)
    if as_json:
        return hub.output.value(_plain(made) | {"figures": asdict(made.figures)})
    return _show(hub, made, "total")


@group.command("show")
@which
@click.option("--table", "name", type=_TABLE, default="total", help="Which of its tables.")
@json_option
@click.pass_obj
def show(hub: Hub, /, period: str, *, issue: int | None, name: str, as_json: bool) -> None:
    """Show a report as it was made; with --json all of it."""
    with hub.catalogue() as db:
        found = store.get(db, periods.parse(period), issue)
    if as_json:
        return hub.output.value(_plain(found) | {"figures": asdict(found.figures)})
    _warn(hub, found)
    return _show(hub, found, name)


@group.command("export")
@which
@click.option(
    "--format",
    "form",
    type=click.Choice(["xlsx", "csv"]),
    default="xlsx",
    help="A workbook with all tables, or CSV.",
)
@click.option("--table", "name", type=_TABLE, help="With csv: only this table.")
@click.option(
    "-o", "--output", "place", required=True, help="The file; with csv and all tables a folder."
)
@json_option
@click.pass_obj
def export(hub: Hub, /, period: str, *, issue: int | None, as_json: bool, **given: Any) -> None:
    """Write a report as files for a spreadsheet, in the language of this command."""
    with hub.catalogue() as db:
        found = store.get(db, periods.parse(period), issue)
    written = _write(hub, found, given["form"], given["name"], given["place"])
    if as_json:
        hub.output.value(_plain(found) | {"files": written})


def _write(hub: Hub, found: Report, form: str, name: str | None, place: str) -> list[str]:
    """Write the files of a report and return their names."""
    from web.reports import workbook  # noqa: PLC0415 - brings zip and XML, for this alone

    if form == "xlsx" and name is not None:
        raise click.UsageError(hub.translate(_ONLY_CSV))
    every = tables(found, hub.translate)
    if form == "xlsx":
        files = {place: workbook.xlsx(every)}
    elif name is not None:
        files = {place: workbook.csv(next(each for each in every if each.name == name))}
    else:
        Path(place).mkdir(parents=True, exist_ok=True)
        stem = f"{found.period.name}-{found.issue}"
        files = {str(Path(place) / f"{stem}-{each.name}.csv"): workbook.csv(each) for each in every}
    for file, content in files.items():
        with outgoing(file) as out:
            out.write(content)
    return list(files)


def _show(hub: Hub, found: Report, name: str) -> None:
    shown = table_of(found, name, hub.translate)
    hub.output.table(shown.headings, shown.rows)


def _warn(hub: Hub, found: Report) -> None:
    if waiting := found.figures.beside["waiting"]:
        hub.output.notice(_WAITING, count=waiting)


def _plain(each: Listed) -> dict[str, Any]:
    return {
        "period": each.period.name,
        "issue": each.issue,
        "first": str(each.period.first),
        "last": str(each.period.last),
        "zone": each.zone,
        "made": told(each.made),
        "author": each.author,
        "program": each.program,
        "definitions": each.definitions,
    }


def _zone(hub: Hub) -> ZoneInfo:
    return ZoneInfo(hub.settings.scheduler.time_zone)
