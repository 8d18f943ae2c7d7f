"""A dump that is under way, as it is noted after each part: whoever goes on needs nothing else."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from provider.dumps.model import File, Kind
from provider.dumps.parts import put_whole

STATE = "state.json"
_UNREADABLE = (OSError, ValueError, TypeError, KeyError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """How far a dump is. Moments are epoch seconds."""

    kind: Kind
    start: int | None
    """A delta has what changed after this; None for a full dump."""
    until: int
    part_records: int
    place: tuple[int, int] = (0, 0)
    """Stamp and key of the last item in the parts that are complete."""
    parts: tuple[File, ...] = ()
    too_long: tuple[File, ...] = ()
    deleted_bytes: int = 0
    """How much of the list of deletions belongs to these parts."""
    beside: dict[str, str] = field(default_factory=dict)

    def keep(self, folder: Path) -> None:
        """Note this in the folder of the dump."""
        put_whole(folder / STATE, json.dumps(asdict(self)).encode())


def read(folder: Path) -> Begun | None:
    """Return how far the dump in a folder is; None where there is none to go on with."""
    with suppress(*_UNREADABLE):
        found: dict[str, Any] = json.loads((folder / STATE).read_text("utf-8"))
        stamp, key = found.pop("place")
        for name in ("parts", "too_long"):
            found[name] = tuple(File(*each) for each in found[name])
        return Begun(kind=Kind(found.pop("kind")), place=(stamp, key), **found)
    return None


def begin(folder: Path, begun: Begun) -> None:
    """Begin a dump in an empty folder, whatever another had left there."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    begun.keep(folder)
