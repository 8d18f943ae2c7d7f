"""What is known of a source beside its settings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Stage(StrEnum):
    """Whether a source's records are given out: those of a test are in no cluster."""

    LIVE = "live"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a source's encoding was decided to be where its settings leave that to the records."""

    encoding: str
    """``utf-8`` where nothing is to be repaired."""
    fields: int
    """How many fields showed marks of any encoding when it was decided."""
    words: int
    """How many different words were judged, and of these:"""
    legal: int
    """How many are Vietnamese as decided."""
    mended: int
    """How many of them were none as they came."""
    unicode: int
    """How many fields were Vietnamese in sound Unicode."""
    stops: tuple[float, ...] = ()
    """The source's habit of full stops, for VIQR."""
    at: int
    """Epoch seconds."""


class Standing(NamedTuple):
    """How a source stands to those it takes over from, and to those that take over from it."""

    waits: bool = False
    """Its new records are in no cluster until it takes over from the source that it succeeds."""
    successor: str = ""
    """Name of the source that took over from it; from then on it is harvested no more."""
