"""``lienthong backup``: the hub put aside while it works, looked at, and put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from catalogue.backup import making, model, restoring
from catalogue.backup.making import Making
from catalogue.backup.model import Backup
from catalogue.clock import told
from hub.installed import DISTRIBUTION
from hub.instance import Hub
from hub.options import json_option
from scheduler.keeping import kept_from_going
from web.language import mark

_MEBIBYTE = 1 << 20
_EVERY = 5000
"""Files between two lines of progress."""
_SO_FAR = mark("{files} files so far")
_MADE = mark("Backup {folder}: {files} files, {size} MiB.")
_GONE = mark("The older backup {folder} was removed.")
_SOUND = mark("All {files} files of {folder} are as they were made at {made}.")
_RESTORED = mark("The hub of {made} is back in {folder}.")
_UPGRADE = mark("Its database is of an earlier version. Next: lienthong db upgrade")


@click.group("backup")
def group() -> None:
    """Put the hub aside as it is now, and put it back."""


@group.command("create")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--keep", type=click.IntRange(1), help="Remove all backups there but so many, the newest."
)
@json_option
@click.pass_obj
def create(hub: Hub, /, folder: Path | None, keep: int | None, *, as_json: bool) -> None:
    """Make a backup in a folder of backups while the hub goes on working.

    Without FOLDER it is made in the one that [backup] folder names.
    """
    into = folder or hub.settings.backup_folder
    keep = keep or hub.settings.backup.keep
    with hub.catalogue() as db, kept_from_going(db):
        wanted = Making(
            database=db, instance=hub.settings.folder, version=version(DISTRIBUTION), into=into
        )
        made = making.make(wanted, _showing(hub))
    gone = making.forget(into, keep) if keep else []
    if as_json:
        return hub.output.value({**_plain(made), "removed": list(map(str, gone))})
    hub.output.notice(
        _MADE,
        folder=made.folder,
        files=made.about.files,
        size=f"{made.about.size / _MEBIBYTE:.1f}",
    )
    for each in gone:
        hub.output.notice(_GONE, folder=each)
    return None


@group.command("list")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def list_backups(hub: Hub, /, folder: Path | None, *, as_json: bool) -> None:
    """List the backups in a folder, the oldest first."""
    found = model.all_in(folder or hub.settings.backup_folder)
    if as_json:
        return hub.output.values(map(_plain, found))
    return hub.output.table(
        ("Made", "Database", "Version", "Files", "Bytes", "Folder"),
        (
            (
                told(each.about.made),
                each.about.engine,
                each.about.version,
                each.about.files,
                each.about.size,
                each.folder,
            )
            for each in found
        ),
    )


@group.command("check")
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def check(hub: Hub, /, folder: Path, *, as_json: bool) -> None:
    """Compare every file of the backup FOLDER with what it must be."""
    found = model.read(folder)
    restoring.check(found, _showing(hub))
    if as_json:
        return hub.output.value(_plain(found))
    return hub.output.notice(
        _SOUND, files=found.about.files, folder=folder, made=told(found.about.made)
    )


@group.command("restore")
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def restore(hub: Hub, /, folder: Path, *, as_json: bool) -> None:
    """Put the backup FOLDER back where there is no hub: all of it is compared first."""
    found = model.read(folder)
    restoring.check(found, _showing(hub))
    # Where the settings say that the database is, they have to be there before it is.
    restoring.settings_of(found, hub.settings.folder)
    again = Hub(hub.environment, hub.translate, hub.language)
    instance, url = again.settings.folder, again.settings.database_url
    restoring.check_place(found, instance, url)
    restoring.restore(found, instance, url, _showing(hub))
    if as_json:
        return hub.output.value({**_plain(found), "restored": str(instance)})
    hub.output.notice(_RESTORED, made=told(found.about.made), folder=instance)
    if restoring.needs_upgrade(found):
        hub.output.notice(_UPGRADE)
    return None


def _plain(backup: Backup) -> dict[str, Any]:
    about = asdict(backup.about)
    return {"folder": str(backup.folder), **about, "made": told(backup.about.made)}


def _showing(hub: Hub) -> Callable[[int], None]:
    def show(files: int) -> None:
        if files % _EVERY == 0:
            hub.output.notice(_SO_FAR, files=files)

    return show
