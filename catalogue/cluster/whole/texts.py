"""Texts by number in a file: any process may read them, and none keeps them in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Protocol, Self

import numpy as np

_CODEC = ("utf-8", "surrogatepass")


class Writing:
    """Writes texts one after the other; a context manager, complete at its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb")
        self._lengths: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        lengths = np.concatenate([np.zeros(1, np.int64), *self._lengths])
        np.save(_ends(self._path), np.cumsum(lengths))

    def add(self, texts: Iterable[str]) -> None:
        """Write texts; their numbers go on from those written before."""
        encoded = [text.encode(*_CODEC) for text in texts]
        self._file.write(b"".join(encoded))
        self._lengths.append(np.fromiter(map(len, encoded), np.int64, len(encoded)))


class Lookable(Protocol):
    """Texts by number."""

    def some(self, numbers: Iterable[int]) -> list[str]:
        """Return texts by number."""


class Listed(list[str]):
    """Texts by number in memory."""

    def some(self, numbers: Iterable[int]) -> list[str]:
        """Return texts by number."""
        return [self[number] for number in numbers]


class Texts:
    """Reads texts that were written."""

    def __init__(self, path: Path) -> None:
        # A plain array over the same memory: items of a memmap take ten times as long.
        self._ends = np.load(_ends(path), mmap_mode="r").view(np.ndarray)
        self._file = os.open(path, os.O_RDONLY)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        start, end = self._ends[number : number + 2].tolist()
        return os.pread(self._file, end - start, start).decode(*_CODEC)

    def some(self, numbers: Iterable[int]) -> list[str]:
        """Return texts by number; one asked for again and again is read once."""
        known: dict[int, str] = {}
        found: list[str] = []
        for number in numbers:
            text = known.get(number)
            if text is None:
                text = known[number] = self[number]
            found.append(text)
        return found

    def between(self, first: int, last: int) -> list[str]:
        """Return the texts from one number to before another: for as many as memory holds."""
        ends = self._ends[first : last + 1].tolist()
        if not ends:
            return []
        start = ends[0]
        whole = os.pread(self._file, ends[-1] - start, start)
        return [whole[one - start : two - start].decode(*_CODEC) for one, two in pairwise(ends)]


def _ends(path: Path) -> Path:
    return path.with_suffix(".ends.npy")
