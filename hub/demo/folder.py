"""The demo's own folder: known by a marker, so that nothing else is ever emptied."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.errors import DemoRunning, NotTheDemo

MARKER = ".lienthong-demo"
_MARK = "Made by lienthong demo; its --fresh deletes all that lies beside this file.\n"


@contextmanager
def demo_folder(path: Path, *, fresh: bool) -> Iterator[Path]:
    """Give the demo's folder, emptied first if ``fresh``, to one demo at a time.

    Raises NotTheDemo for a folder the demo did not make, DemoRunning while another demo is in it.
    """
    marker = path / MARKER
    if path.is_symlink() or (path.exists() and not marker.is_file() and any(path.iterdir())):
        raise NotTheDemo(path=path)
    path.mkdir(parents=True, exist_ok=True)
    with marker.open("a+", encoding="utf-8") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DemoRunning(path=path) from error
        if fresh:
            _empty(path)
        if not marker.stat().st_size:
            mark.write(_MARK)
            mark.flush()
        yield path


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name == MARKER:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
