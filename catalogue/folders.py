"""Folders on the disk: which files one has outlives a power cut once the folder is kept too."""

from __future__ import annotations

import os
from pathlib import Path


def keep_folder(folder: Path) -> None:
    """Have on the disk which files a folder has."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
