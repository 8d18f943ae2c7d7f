"""``lienthong sources``: the endpoints of the member libraries."""

from __future__ import annotations

import sys
from typing import Any

import click

from catalogue import crosswalks, sources
from catalogue.model import Source
from catalogue.sources import Change
from hub import sourcefile
from hub.errors import HubError, NotConfirmed, UnreadableFile
from hub.harvesting import settle
from hub.instance import Hub
from hub.options import json_option
from hub.sourcecheck import check


@click.group("sources")
def group() -> None:
    """Show and change the endpoints that are harvested."""


@group.command("list")
@json_option
@click.pass_obj
def list_sources(hub: Hub, *, as_json: bool) -> None:
    """List the sources."""
    with hub.catalogue() as db:
        found = sources.all(db)
    if as_json:
        return hub.output.values(found)
    rows = (
        (one.name, one.library, one.protocol, one.prefix, one.sets, one.schedule, one.url)
        for one in found
    )
    headings = ("Name", "Library", "Protocol", "Prefix", "Sets", "Schedule", "URL")
    return hub.output.table(headings, rows)


@group.command("show")
@click.argument("name")
@json_option
@click.pass_obj
def show(hub: Hub, name: str, *, as_json: bool) -> None:
    """Show one source."""
    with hub.catalogue() as db:
        _print(hub, sources.get(db, name), as_json=as_json)


@group.command("add")
@click.argument("name")
@click.option("--protocol", required=True, help="oai-pmh; others come with later versions.")
@click.option("--url", required=True, help="The endpoint's address.")
@click.option("--library", required=True, help="Code of the library; a new one is created.")
@click.option("--prefix", default="", help="metadataPrefix to ask for; default: the best offered.")
@click.option("--set", "sets", multiple=True, help="Only this OAI set; may be given again.")
@click.option("--crosswalk", default="", help="Crosswalk to use instead of the schema's own.")
@click.option("--encoding", default="", help="Encoding of the records, where it is not UTF-8.")
@click.option(
    "--schedule",
    default="",
    help="When to harvest: 'every 15 minutes', 'every 6 hours', 'daily 02:30'; default: by hand.",
)
@click.option(
    "--suppress",
    multiple=True,
    help="Condition that marks a record its library keeps from readers; may be given again.",
)
@json_option
@click.pass_obj
def add(hub: Hub, /, *, as_json: bool, **settings: Any) -> None:
    """Add an endpoint of a library under a name of its own."""
    source = Source(**settings)
    with hub.catalogue() as db:
        check(source, crosswalks.shelf(db).names())
        if sources.add(db, source):
            hub.output.notice(
                "Library {code} was not known and has been added.", code=source.library
            )
        _print(hub, sources.get(db, source.name), as_json=as_json)


def _print(hub: Hub, source: Source, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(source)
    return hub.output.pairs(
        {
            "Name": source.name,
            "Library": source.library,
            "Protocol": source.protocol,
            "URL": source.url,
            "Prefix": source.prefix,
            "Sets": source.sets,
            "Crosswalk": source.crosswalk,
            "Encoding": source.encoding,
            "Weight": source.weight,
            "Schedule": source.schedule,
            "Suppressed if": source.suppress,
        }
    )


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True), default="-")
@json_option
@click.pass_obj
def export(hub: Hub, file: str, *, as_json: bool) -> None:
    """Write all sources as YAML, to change by hand and apply again."""
    with hub.catalogue() as db:
        found = sources.export(db)
    if as_json:
        return hub.output.values(found)
    try:
        with click.open_file(file, "w", encoding="utf-8", atomic=file != "-") as out:
            out.write(sourcefile.write(found))
    except BrokenPipeError:
        raise
    except OSError as error:
        # Its own text names the passing file beside the one that was asked for.
        raise HubError(reason=f"{file}: {error.strerror}") from error
    return None


@group.command("apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def apply(hub: Hub, file: str, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Make the sources as a YAML file says; those it does not name stay as they are."""
    wanted = sourcefile.read(file, _text(file))
    with hub.catalogue() as db:
        changes = sources.plan(db, wanted)
        known = crosswalks.shelf(db).names()
        for change in changes:
            check(sources.parse(change.after), known)
        _show_changes(hub, changes, as_json=as_json)
        if changes and not dry_run and _confirmed(hub, yes=yes):
            sources.apply(db, wanted)
            if any(map(_weighs_anew, changes)):
                settle(hub, db)


def _text(file: str) -> str:
    try:
        with click.open_file(file, encoding="utf-8") as opened:
            return str(opened.read())
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path=file, reason=error) from error


def _weighs_anew(change: Change) -> bool:
    return change.kind == "change" and change.before["weight"] != change.after["weight"]


def _show_changes(hub: Hub, changes: list[Change], *, as_json: bool) -> None:
    if as_json:
        hub.output.values(changes)
    elif not changes:
        hub.output.notice("Nothing changes.")
    for change in () if as_json else changes:
        hub.output.line(sourcefile.diff(change))


def _confirmed(hub: Hub, *, yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        raise NotConfirmed
    return click.confirm(hub.translate("Apply these changes?"), err=True)
