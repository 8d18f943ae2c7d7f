"""A backup is made beside the hub at work: complete in a folder of its own, or not there at all.

The database comes before the pages of the sources: a page is on the disk before a row names it, and
none is removed while a backup is made. What is uploaded comes before the database: it goes once it
was read.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from catalogue.backup import engines, files
from catalogue.backup.errors import BackupBusy, BackupFailed
from catalogue.backup.files import Kept
from catalogue.backup.model import ABOUT, DATABASE, SUMS, About, Backup, all_in
from catalogue.clock import told, wall_clock
from catalogue.database import Database, newest_schema
from catalogue.folders import keep_folder, sha256_of

BEFORE = ("lienthong.toml", "secret.key", "incoming", "baskets")
"""Of the instance folder, what is copied before the database."""
AFTER = ("raw",)
PARTS = (*BEFORE, *AFTER)
_DRAFT = ".part"
_LOCK = ".lock"

Tell = Callable[[int], None]
"""Is told how many files there are so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What is backed up, and where to."""

    database: Database
    instance: Path
    version: str
    into: Path
    """A folder of backups, each of which is a folder in it."""


def make(making: Making, tell: Tell = lambda _: None) -> Backup:
    """Make a backup. Raises BackupBusy, BackupFailed, CopyUnsound, ToolMissing or ToolFailed."""
    try:
        making.into.mkdir(parents=True, exist_ok=True)
        with _alone_in(making.into):
            return _made(making, tell)
    except OSError as error:
        raise BackupFailed(reason=error) from error


def forget(into: Path, keep: int) -> list[Path]:
    """Remove all backups in a folder but the newest; return which."""
    with _alone_in(into):
        going = [each.folder for each in all_in(into)[:-keep]]
        for folder in going:
            # No backup any more from here on, whatever is left of it.
            (folder / ABOUT).unlink()
            shutil.rmtree(folder)
    return going


def _made(making: Making, tell: Tell) -> Backup:
    for left in making.into.glob(f"*{_DRAFT}"):
        shutil.rmtree(left)
    made = wall_clock()
    name = _free_name(making.into, f"lienthong-{told(made).replace(':', '').replace('-', '')}")
    draft = making.into / f"{name}{_DRAFT}"
    draft.mkdir(mode=0o700)
    kept = _all(making, draft, tell)
    sums = "".join(f"{each.sum}  {each.path}\n" for each in kept).encode()
    (draft / SUMS).write_bytes(sums)
    about = About(
        made=made,
        version=making.version,
        engine=engines.engine_of(making.database.url),
        schema=newest_schema(),
        files=len(kept),
        size=sum(each.size for each in kept),
        sums=hashlib.sha256(sums).hexdigest(),
    )
    (draft / ABOUT).write_bytes(about.written())
    # Once for all files: to wait for each by itself would take longer than to copy them.
    os.sync()
    draft.rename(draft.with_name(name))
    keep_folder(making.into)
    return Backup(folder=draft.with_name(name), about=about)


def _free_name(into: Path, name: str) -> str:
    """Return a name that no backup has, where another was made in the same second."""
    names = chain((name,), (f"{name}-{n}" for n in count(2)))
    return next(each for each in names if not (into / each).exists())


def _all(making: Making, draft: Path, tell: Tell) -> list[Kept]:
    kept: list[Kept] = []
    for each in _parts(making, draft):
        kept.append(each)
        tell(len(kept))
    return kept


def _parts(making: Making, draft: Path) -> Iterator[Kept]:
    yield from _copied(making.instance, BEFORE, draft)
    target = draft / DATABASE[engines.engine_of(making.database.url)]
    engines.put_aside(making.database, target)
    yield Kept(target.name, target.stat().st_size, sha256_of(target))
    yield from _pages(making, draft)


def _copied(instance: Path, parts: tuple[str, ...], draft: Path) -> Iterator[Kept]:
    for part in parts:
        for path in files.below(instance / part):
            name = path.relative_to(instance)
            copied = files.copy(path, draft / name)
            if copied is not None:
                yield Kept(name.as_posix(), *copied)


def _pages(making: Making, draft: Path) -> Iterator[Kept]:
    """Copy pages, or share those that the last backup has: a page never changes."""
    earlier = next(reversed(all_in(making.into)), None)
    sums = earlier.sums() if earlier else {}
    for part in AFTER:
        for path in files.below(making.instance / part):
            name = path.relative_to(making.instance)
            known = sums.get(name.as_posix())
            if earlier and known and _shared(path, earlier.folder / name, draft / name):
                yield Kept(name.as_posix(), (draft / name).stat().st_size, known)
                continue
            yield from _copied(making.instance, (name.as_posix(),), draft)


def _shared(path: Path, earlier: Path, target: Path) -> bool:
    try:
        same = path.stat().st_size == earlier.stat().st_size
    except FileNotFoundError:
        return False
    return same and files.share(earlier, target)


@contextmanager
def _alone_in(into: Path) -> Iterator[None]:
    with (into / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupBusy from error
        yield
