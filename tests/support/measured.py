"""What benchmarks of tests do: here, so that a process made for it has little to import."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def count_to(number: int) -> int:
    """Return a number, counted to."""
    return sum(1 for _ in range(number))


def fill_memory(mebibytes: int) -> int:
    """Fill memory, and return how much of it."""
    return len(b"x" * (mebibytes << 20)) >> 20


def listed(folder: str, path: Path) -> int:
    """Return how many files are in a folder beside, one more where it is that folder."""
    return (path.parent / folder == path) + len([*path.iterdir()])


@contextmanager
def folder_with_files(path: Path) -> Iterator[Path]:
    """Give a folder with a file in it; another comes at the end."""
    path.mkdir()
    (path / "one").touch()
    yield path
    (path / "two").touch()


def end_early() -> int:
    """End this process without a word."""
    os._exit(3)
