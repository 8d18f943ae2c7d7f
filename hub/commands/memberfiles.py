"""``lienthong libraries export`` and ``apply``: all members and groups as a file people keep."""

from __future__ import annotations

import click

from catalogue.members import sheet
from hub import memberfile
from hub.commands.sourcefiles import confirmed, show_changes, text_of, written
from hub.harvesting import settle
from hub.instance import Hub
from hub.options import json_option


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True), default="-")
@json_option
@click.pass_obj
def export(hub: Hub, file: str, *, as_json: bool) -> None:
    """Write all groups and libraries as YAML, to change by hand and apply again."""
    with hub.catalogue() as db:
        found = sheet.export(db)
    if as_json:
        return hub.output.value(found)
    return written(file, memberfile.write(found))


@click.command("apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def apply(hub: Hub, file: str, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Make groups and libraries as a YAML file says; what it does not name stays as it is."""
    wanted = memberfile.read(file, text_of(file))
    with hub.catalogue() as db:
        changes = sheet.plan(db, wanted)
        show_changes(hub, changes, memberfile.diff, as_json=as_json)
        if changes and not dry_run and confirmed(hub, yes=yes):
            sheet.apply(db, wanted, changes)
            settle(hub, db)
