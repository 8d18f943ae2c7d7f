"""What a backup is: a folder with the hub's files, what each must be, and what it is a copy of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from catalogue.backup.errors import BackupDamaged, NoBackup
from crosswalks.errors import Said

ABOUT, SUMS = "backup.json", "SHA256SUMS"
FORM = 1
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
DATABASE = {SQLITE: "database.sqlite", POSTGRESQL: "database.dump"}
"""The file with the database, by the engine it is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What stands in ``backup.json``."""

    made: int
    """Epoch seconds: when it was begun. Nothing of the database is older."""
    version: str
    """Of the program."""
    engine: str
    schema: str
    """The migration that the database is at."""
    files: int
    size: int
    """Bytes of all of them."""
    sums: str
    """The SHA-256 of ``SHA256SUMS``."""

    def written(self) -> bytes:
        """Return it as JSON, with a hash of itself."""
        return json.dumps({"form": FORM, **asdict(self), "sum": self.sum}, indent=1).encode()

    @property
    def sum(self) -> str:
        """Return the SHA-256 of all this."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was made to its end."""

    folder: Path
    about: About

    @property
    def database(self) -> Path:
        """Return the file with the database."""
        return self.folder / DATABASE[self.about.engine]

    def sums(self) -> dict[str, str]:
        """Return what each file must hash to, by its path in the folder. Raises BackupDamaged."""
        try:
            text = (self.folder / SUMS).read_bytes()
        except OSError as error:
            raise BackupDamaged(folder=self.folder, reason=error) from error
        if hashlib.sha256(text).hexdigest() != self.about.sums:
            raise BackupDamaged(folder=self.folder, reason=spoilt(SUMS))
        lines = text.decode().splitlines()
        return {path: sum_ for sum_, _, path in (line.partition("  ") for line in lines)}


def spoilt(name: str) -> Said:
    """Say what is wrong with a file of a backup."""
    return Said("{name} was changed or cut off", {"name": name})


def read(folder: Path) -> Backup:
    """Return a backup. Raises NoBackup or BackupDamaged."""
    try:
        found: dict[str, Any] = json.loads((folder / ABOUT).read_bytes())
        form, wanted = found.pop("form"), found.pop("sum")
        about = About(**found) if form == FORM else None
    except FileNotFoundError as error:
        raise NoBackup(folder=folder, reason=Said("it has no {name}", {"name": ABOUT})) from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupDamaged(folder=folder, reason=spoilt(ABOUT)) from error
    if about is None:
        raise NoBackup(folder=folder, reason=Said("its form is of another version", {}))
    if about.sum != wanted or about.engine not in DATABASE:
        raise BackupDamaged(folder=folder, reason=spoilt(ABOUT))
    return Backup(folder=folder, about=about)


def all_in(folder: Path) -> list[Backup]:
    """Return the backups in a folder, the oldest first; what cannot be read is left out."""
    found = []
    for each in folder.glob(f"*/{ABOUT}"):
        try:
            found.append(read(each.parent))
        except (NoBackup, BackupDamaged):
            continue
    return sorted(found, key=lambda backup: (backup.about.made, backup.folder.name))
