"""``lienthong sources export`` and ``apply``: all sources as a file that people keep."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from catalogue import crosswalks, sources
from catalogue.sources import Change
from hub import sourcefile
from hub.errors import HubError, NotConfirmed, UnreadableFile
from hub.harvesting import settle
from hub.instance import Hub
from hub.options import json_option
from hub.sourcecheck import check, in_plain_schedules

T = TypeVar("T")


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True), default="-")
@json_option
@click.pass_obj
def export(hub: Hub, file: str, *, as_json: bool) -> None:
    """Write all sources as YAML, to change by hand and apply again."""
    with hub.catalogue() as db:
        found = sources.export(db)
    if as_json:
        return hub.output.values(found)
    return written(file, sourcefile.write(found))


@click.command("apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def apply(hub: Hub, file: str, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Make the sources as a YAML file says; those it does not name stay as they are."""
    wanted = [*map(in_plain_schedules, sourcefile.read(file, text_of(file)))]
    with hub.catalogue() as db:
        changes = sources.plan(db, wanted)
        known = crosswalks.shelf(db).into_pivot()
        for change in changes:
            check(sources.parse(change.after), known)
        show_changes(hub, changes, sourcefile.diff, as_json=as_json)
        if changes and not dry_run and confirmed(hub, yes=yes):
            sources.apply(db, wanted)
            if any(map(_weighs_anew, changes)):
                settle(hub, db)


def written(file: str, text: str) -> None:
    """Write a text to a file or to standard output. Raises HubError."""
    try:
        with click.open_file(file, "w", encoding="utf-8", atomic=file != "-") as out:
            out.write(text)
    except BrokenPipeError:
        raise
    except OSError as error:
        # Its own text names the passing file beside the one that was asked for.
        raise HubError(reason=f"{file}: {error.strerror}") from error


def text_of(file: str) -> str:
    """Return what a file holds. Raises UnreadableFile."""
    try:
        with click.open_file(file, encoding="utf-8") as opened:
            return str(opened.read())
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path=file, reason=error) from error


def _weighs_anew(change: Change) -> bool:
    return change.kind == "change" and change.before["weight"] != change.after["weight"]


def show_changes(
    hub: Hub, changes: Sequence[T], diff: Callable[[T], str], *, as_json: bool
) -> None:
    """Show what applying a file would change."""
    if as_json:
        hub.output.values(changes)
    elif not changes:
        hub.output.notice("Nothing changes.")
    for change in () if as_json else changes:
        hub.output.line(diff(change))


def confirmed(hub: Hub, *, yes: bool) -> bool:
    """Tell whether a person says so to what was shown. Raises NotConfirmed if nobody is there."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise NotConfirmed
    return click.confirm(hub.translate("Apply these changes?"), err=True)
