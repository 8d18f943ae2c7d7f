"""A backup is put back where there is no hub: all of it is looked at before anything is written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from catalogue.backup import engines, files
from catalogue.backup.errors import (
    BackupDamaged,
    BackupNewer,
    OtherEngine,
    RestoreNotThere,
)
from catalogue.backup.making import PARTS
from catalogue.backup.model import DATABASE, SUMS, Backup, spoilt
from catalogue.database import newest_schema
from catalogue.folders import sha256_of
from crosswalks.errors import Said

_SETTINGS = "lienthong.toml"
_MARK = ".restoring"
"""Stands in an instance folder for as long as a backup is put back there."""

Tell = Callable[[int], None]


def check(backup: Backup, tell: Tell = lambda _: None) -> None:
    """Compare every file of a backup with what it must be. Raises BackupDamaged."""
    folder, sums = backup.folder, backup.sums()
    if len(sums) != backup.about.files or DATABASE[backup.about.engine] not in sums:
        raise BackupDamaged(folder=folder, reason=spoilt(SUMS))
    for count, (name, wanted) in enumerate(sums.items(), start=1):
        try:
            found = sha256_of(folder / name)
        except OSError as error:
            raise BackupDamaged(folder=folder, reason=error) from error
        if found != wanted:
            raise BackupDamaged(folder=folder, reason=spoilt(name))
        tell(count)


def needs_upgrade(backup: Backup) -> bool:
    """Tell whether the database in it is of an earlier version than this one needs."""
    return backup.about.schema < newest_schema()


def settings_of(backup: Backup, instance: Path) -> None:
    """Put the backup's settings into an instance folder that has none, for them to be read."""
    kept, target = backup.folder / _SETTINGS, instance / _SETTINGS
    if kept.exists() and not target.exists():
        instance.mkdir(parents=True, exist_ok=True)
        files.copy(kept, target)


def check_place(backup: Backup, instance: Path, url: str) -> None:
    """Raise what says why a backup cannot be put back there."""
    if backup.about.schema > newest_schema():
        raise BackupNewer(folder=backup.folder, schema=backup.about.schema, ours=newest_schema())
    if engines.engine_of(url) != backup.about.engine:
        raise OtherEngine(engine=backup.about.engine)
    if not (instance / _MARK).exists():
        for part in PARTS:
            path = instance / part
            if part != _SETTINGS and (path.is_file() or any(files.below(path))):
                raise RestoreNotThere(reason=Said("there is {path}", {"path": str(path)}))
    engines.check_empty(url)


def restore(backup: Backup, instance: Path, url: str, tell: Tell = lambda _: None) -> None:
    """Put back a backup that was checked, at a place that was; the database last, whole or not.

    One that was interrupted is begun anew the next time.
    """
    instance.mkdir(parents=True, exist_ok=True)
    (instance / _MARK).write_text(f"{backup.folder}\n")
    for part in PARTS:
        if part != _SETTINGS:
            shutil.rmtree(instance / part, ignore_errors=True)
    count = 0
    for part in PARTS:
        for path in files.below(backup.folder / part):
            target = instance / path.relative_to(backup.folder)
            if part != _SETTINGS or not target.exists():
                files.copy(path, target)
            count += 1
            tell(count)
    engines.put_back(backup.database, url)
    os.sync()
    (instance / _MARK).unlink()
