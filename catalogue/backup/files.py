"""Files of a backup: copied, hashed on the way, or shared with an earlier backup."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_BLOCK = 1 << 20


class Kept(NamedTuple):
    """A file of a backup."""

    path: str
    """Within the backup."""
    size: int
    sum: str


def copy(source: Path, target: Path) -> tuple[int, str] | None:
    """Copy a file and return its size and SHA-256; None where it went away meanwhile."""
    digest = hashlib.sha256()
    size = 0
    try:
        reading = source.open("rb")
    except FileNotFoundError:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    with reading, target.open("wb") as writing:
        while block := reading.read(_BLOCK):
            digest.update(block)
            size += len(block)
            writing.write(block)
    shutil.copymode(source, target)
    return size, digest.hexdigest()


def below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, or the file itself; nothing where there is none."""
    if folder.is_file():
        yield folder
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names))


def share(earlier: Path, target: Path) -> bool:
    """Let a backup have a file of an earlier one, where the disk can; tell whether it has."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(earlier, target)
    except OSError:
        return False
    return True
