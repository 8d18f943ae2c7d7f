"""Folders and files on the disk: kept through a power cut, and known by their hash."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def keep_folder(folder: Path) -> None:
    """Have on the disk which files a folder has."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    """Return the hash of a file as it lies there now, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
