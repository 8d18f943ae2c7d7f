"""Whole files of records: one after the other, each with its place and what was wrong with it.

Memory is bounded by one record, however long the file; one bad record costs nothing but itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

from crosswalks import formats
from crosswalks.formats import Readable
from crosswalks.formats.elements import HEAD
from crosswalks.model import Problem, Record
from crosswalks.reading import read_as

__all__ = ["HEAD", "Item", "read_file", "sniff_file"]


class Item(NamedTuple):
    """One record of a file, or what stands in its place."""

    position: int
    """Which record of the file it is, from 1."""
    offset: int
    """The byte of the file at which it begins."""
    record: Record | None
    """None where nothing could be read; the problems say why."""
    problems: tuple[Problem, ...]


def read_file(stream: IO[bytes], form: Readable) -> Iterator[Item]:
    """Yield what is in a file of this format, strictly read if it goes, leniently if it must."""
    for position, (offset, data) in enumerate(form.split(stream), start=1):
        record, problems = read_as(form, data)
        yield Item(position, offset, record, problems)


def sniff_file(head: bytes) -> Readable | None:
    """Return the format of a file that begins with these bytes (up to ``HEAD``), or None."""
    return formats.sniffed(head)
