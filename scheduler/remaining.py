"""How far the work is that follows from publishing crosswalks."""

from __future__ import annotations

from typing import NamedTuple

from catalogue import crosswalks, forms, remaining, sources
from catalogue.crosswalks import REMAP, REWRITE
from catalogue.database import Database
from scheduler.mapping import current_versions


class Remaining(NamedTuple):
    """One kind of work."""

    kind: str
    """``remap`` or ``rewrite``."""
    state: str
    """``queued``, ``running`` or empty."""
    left: int
    """Records, or stored forms, by another version than the one in use."""


def remaining_work(database: Database) -> tuple[Remaining, Remaining]:
    """Return how much is left of mapping records again, and of making forms anew."""
    shelf = crosswalks.shelf(database)
    records = sum(
        remaining.records(database, source.name, current_versions(source, shelf))
        for source in sources.all(database)
    )
    stored = remaining.forms(database, forms.versions(shelf))
    return (
        Remaining(REMAP, remaining.state(database, REMAP), records),
        Remaining(REWRITE, remaining.state(database, REWRITE), stored),
    )
