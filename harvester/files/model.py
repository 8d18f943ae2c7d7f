"""What files are cut into, whatever they are files of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, TypeAlias

from crosswalks.model import Problem
from harvester.model import FileSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One record of a file, or a region of it that is none."""

    offset: int
    """Where it begins: the byte of the file, or the row of a table."""
    body: bytes
    format: str
    """The name of its format (``crosswalks.formats``)."""
    identifier: str = ""
    """As the record says it; empty where it says none."""
    deleted: bool = False
    """Whether the file says that the record is gone."""
    problems: tuple[Problem, ...] = ()
    """What was wrong with how it came; one of error level keeps it out."""


Cutter: TypeAlias = Callable[[IO[bytes], FileSettings, str], Iterator[Cut]]
"""Cuts a stream (perhaps one that cannot be sought) of a file with this name into records.

Memory is bounded by one record; what cannot be such a file raises HarvestError.
"""
