"""The values of deliveries: what arrived, how it stands, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a delivery says of the records of its source."""

    AUTO = ""
    """As the source's settings say."""
    WHOLE = "whole"
    """It is the complete list: what it lacks is gone."""
    CHANGES = "changes"
    """It adds and changes; nothing is concluded from what it lacks."""
    DELETIONS = "deletions"
    """It lists what is gone."""


class State(StrEnum):
    """How a delivery stands."""

    RECEIVED = "received"
    """It lies there, and has not been looked at to its end."""
    CHECKED = "checked"
    """It can be applied."""
    REFUSED = "refused"
    """It cannot be read, and never counts."""
    APPLYING = "applying"
    """Somebody said that it counts; it is read, or is going to be."""
    APPLIED = "applied"
    DISCARDED = "discarded"

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to become of it."""
        return self not in (State.APPLIED, State.DISCARDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A file that has just been kept, before anything is known of it."""

    source: str
    name: str
    sha256: str
    size: int
    kind: Kind = Kind.AUTO
    origin: str = ""
    """Where it was fetched from; empty where somebody sent it."""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A delivery as the catalogue knows it; moments are epoch seconds."""

    id: int
    source: str
    name: str
    kind: Kind
    sha256: str
    size: int
    origin: str
    received: int
    author: str
    state: State
    checked: int | None
    outdated: bool
    """Whether the source was given other settings since it was checked."""
    report: Mapping[str, Any] = field(hash=False)
    message: str
    """Why it was refused, in English; ``code`` and ``details`` say it in any language."""
    code: str
    details: Mapping[str, Any] = field(hash=False)
    decided: int | None
    decider: str
    run: int | None
    """The last run that read of it."""
    run_status: str
