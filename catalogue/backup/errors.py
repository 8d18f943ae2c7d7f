"""What is refused when a hub is backed up or restored."""

from __future__ import annotations

from catalogue.errors import CatalogueError, WrongUse


class NoBackup(WrongUse):
    """{folder} is no backup of a hub: {reason}. Give a folder that lienthong backup create made."""


class BackupDamaged(CatalogueError):
    """The backup {folder} is damaged: {reason}. Nothing was restored. Take another backup, or fetch
    this one again from where it is kept.
    """


class BackupNewer(WrongUse):
    """The backup {folder} is of a newer version ({schema}; this one has {ours}). Install that
    version, then restore.
    """


class BackupBusy(WrongUse):
    """A backup of this hub is being made, or what it names is being removed. Wait until that is
    over, then do this.
    """


class BackupFailed(CatalogueError):
    """The backup was not made: {reason}. What earlier backups there are stay as they are."""


class CopyUnsound(CatalogueError):
    """The database is not sound: {reason}. The backup was not made. Look at the disk, and restore
    the last good backup.
    """


class ToolMissing(CatalogueError):
    """The program {name} is not installed. On Debian: apt install postgresql-client"""


class ToolFailed(CatalogueError):
    """{name} ended with an error: {reason}"""


class RestoreNotThere(WrongUse):
    """A backup is restored where there is no hub yet: {reason}. Move away what is there, or name
    another folder in LIENTHONG_INSTANCE or another database in [database] url.
    """


class OtherEngine(WrongUse):
    """The backup is of {engine}, and [database] url names another kind of database. Restore it
    where it is from; lienthong db move takes a hub from SQLite to PostgreSQL then.
    """
