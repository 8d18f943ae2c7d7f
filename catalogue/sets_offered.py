"""The sets that a view offers, at a glance: families, how many sets each has, and one of them.

``Snapshot.sets`` lists all of them for harvesters; pages show a few lines.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import exists, select

from catalogue.database import Database
from catalogue.tables import ItemSetRow, SetRow, ViewRow


class Family(NamedTuple):
    """Sets that begin alike."""

    root: str
    name: str
    """As ListSets calls the root."""
    sets: int
    """How many there are below it."""
    example: str
    """The first of these by spec, or the root where there are none."""


def families(database: Database, view: str = "public") -> list[Family]:
    """Return the families of sets that hold, or held, anything in a view, by their roots."""
    views = select(ViewRow.id).where(ViewRow.name == view).scalar_subquery()
    held = exists().where(ItemSetRow.view_id == views, ItemSetRow.set_id == SetRow.id)
    query = select(SetRow.spec, SetRow.name).where(held).order_by(SetRow.spec)
    with database.reading() as connection:
        named = {row.spec: row.name for row in connection.execute(query)}
    below: dict[str, list[str]] = {spec: [] for spec in named if ":" not in spec}
    for spec in sorted(named):
        root, colon, _ = spec.partition(":")
        if colon:
            below.setdefault(root, []).append(spec)
    return [
        Family(root, named.get(root, root), len(specs), next(iter(specs), root))
        for root, specs in below.items()
    ]
