"""What a preview tells, as other rooms carry it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Verdict(StrEnum):
    """What a library says of a preview."""

    AGREED = "agreed"
    MEND = "mend"
    """Something is to be mended first."""


class Basis(NamedTuple):
    """What a preview stands on: it holds while both are the same."""

    run: int
    """The newest harvest that changed records of the source; 0 = there was none."""
    mapping: str
    """How its records are mapped; see ``catalogue.mapping_mark``."""


@dataclass(slots=True, kw_only=True)
class Figures:
    """What a source has brought, and what the union would make of it."""

    mapped: int = 0
    """Records that would be in the union."""
    faulty: int = 0
    """Of these, those with an error or a warning."""
    quarantined: int = 0
    hidden: int = 0
    """Held back by rules of the source, or waiting for a change of system."""
    deleted: int = 0
    joins: int = 0
    """Of those mapped, those that would be one with a record of the union."""
    new: int = 0
    """Of those mapped, those that the union lacks."""
    outdated: int = 0
    """Those that are still to be mapped again by the crosswalks in use."""
    kinds: dict[str, list[Any]] = field(default_factory=dict)
    """By code of a problem: its severity, in how many records, and the key of one of them."""

    @property
    def looked_at(self) -> int:
        """How many records were looked at."""
        return self.mapped + self.quarantined + self.hidden + self.deleted

    def plain(self) -> dict[str, Any]:
        """Return them as JSON has them."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Figures, when they were made, and what they stand on."""

    basis: Basis
    made: int
    """Epoch seconds."""
    figures: Figures = field(hash=False)
    now: Basis
    """What a preview made now would stand on."""

    @property
    def token(self) -> str:
        """What tells that somebody looked at just this."""
        told = json.dumps([*self.basis, self.made, self.figures.plain()], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def holds(self) -> bool:
        """Tell whether it shows how things are."""
        return self.basis == self.now and not self.figures.outdated


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What was said of a preview on behalf of the library."""

    id: int
    verdict: Verdict
    author: str
    note: str
    at: int
    """Epoch seconds."""
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the preview of a source stands."""

    preview: Preview | None
    sign: Sign | None
    """What was said last, whatever it was said of."""
    application: str
    """The code of the open application that the source is the test stream of, or empty."""
    is_asked: bool
    """Whether a worker makes one, or is to."""
    so_far: int
    """Records that were looked at by who makes one."""

    @property
    def is_agreed(self) -> bool:
        """Tell whether the library agrees to how things are now."""
        return agrees(self.sign, self.preview)

    @property
    def kinds(self) -> list[tuple[str, str, int, int]]:
        """Problems: code, severity, in how many records, key of one; the most frequent first."""
        found = self.preview.figures.kinds if self.preview else {}
        told = [(code, severity, count, key) for code, (severity, count, key) in found.items()]
        return sorted(told, key=lambda each: (-each[2], each[0]))


def agrees(sign: Sign | None, preview: Preview | None) -> bool:
    """Tell whether what was said agrees to what a preview shows, and that to how things are."""
    if sign is None or preview is None or sign.verdict is not Verdict.AGREED:
        return False
    return preview.holds and sign.basis == preview.now


class Word(NamedTuple):
    """What somebody wants to say of a preview that was seen."""

    verdict: Verdict
    author: str
    note: str = ""
    seen: str = ""
    """The token of the preview that was seen."""
    joining: tuple[int, int] | None = None
    """Check and revision of the application that were seen, where the source is its stream."""
