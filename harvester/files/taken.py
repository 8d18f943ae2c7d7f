"""Which files of an inbox were read to their end, by a source's own checkpoint."""

from __future__ import annotations

from typing import NamedTuple

from crosswalks.model import Checkpoint
from harvester.files import listing
from harvester.files.position import Position
from harvester.model import FileSettings


class Taken(NamedTuple):
    """The names of the files in the inbox, as they lie there."""

    done: frozenset[str]
    """Read to their end."""
    begun: frozenset[str]
    """In the list that is under way."""


def taken(settings: FileSettings, checkpoint: Checkpoint) -> Taken:
    """Return which files of an inbox a checkpoint has passed; raise FilesRefused."""
    position = Position.of(checkpoint)
    under_way = position.under_way
    arrived = frozenset(position.arrived)
    begun = frozenset(under_way.files) if under_way and under_way.arrived else frozenset()
    keys = {found.path.name: found.key() for found in listing.inbox(settings)}
    return Taken(
        frozenset(name for name, key in keys.items() if key in arrived),
        frozenset(name for name, key in keys.items() if key in begun),
    )
