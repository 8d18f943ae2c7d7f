"""What looking at a source step by step tells: each step, how it ended, what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from crosswalks.errors import Error, Said

_MOST_NAMED = 12


class Stage(StrEnum):
    """The steps to a repository, in order."""

    DNS = "DNS"
    TCP = "TCP"
    TLS = "TLS"
    HTTP = "HTTP"
    IDENTIFY = "Identify"
    FORMATS = "Formats"
    SETS = "Sets"
    FIRST_PAGE = "First page"


class FileStage(StrEnum):
    """The steps to files, in order; those on a server are behind DNS, TCP and TLS."""

    FILES = "Files"
    FORMAT = "Format"
    FIRST_RECORDS = "First records"


class SearchStage(StrEnum):
    """The steps to a server that can only be searched, in order."""

    SESSION = "Session"
    WAYS = "Ways"
    FIRST_RECORDS = "First records"


class State(StrEnum):
    """How a step ended."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the check."""

    name: Stage | FileStage | SearchStage
    state: State
    detail: tuple[Said, ...] = ()
    """What was found, or what it has to do with."""
    seconds: float = 0
    error: Error | None = None
    found: Mapping[str, Any] = field(default_factory=dict)
    """The same for programs."""


class Found(NamedTuple):
    """What a step found."""

    detail: tuple[Said, ...]
    found: dict[str, Any]
    skipped: bool = False
    """There was nothing to do, as the detail says."""


Asking: TypeAlias = tuple[Stage | FileStage | SearchStage, Callable[[], Found]]
"""A step, and what takes it."""


class Explained(Exception):
    """An error with what was found all the same."""

    def __init__(self, error: Error, found: Found) -> None:
        super().__init__(str(error))
        self.error = error
        self.found = found


def few(names: Iterable[str]) -> str:
    """Return the first of some names, in a line."""
    chosen = list(names)
    more = ", ..." if len(chosen) > _MOST_NAMED else ""
    return ", ".join(chosen[:_MOST_NAMED]) + more


def notice(template: str, **details: object) -> Said:
    """Return a sentence of ours that can be told in another language."""
    return Said(template, details)
