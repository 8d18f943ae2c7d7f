"""What a draft or a version of a crosswalk would do, kept for people to look at before they decide.

Worked out in ``scheduler``; one for each name, the latest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from catalogue import queue
from catalogue.crosswalk_tables import CrosswalkEffectRow
from catalogue.database import Database
from catalogue.model import Lease
from catalogue.sql import table, upsert

_effects = table(CrosswalkEffectRow)


class Known(NamedTuple):
    """What is known of an effect."""

    asked: str
    """``draft``, or the number of a version."""
    key: str
    """By which crosswalks it was worked out: it holds while these are the same."""
    made: int
    """Epoch seconds."""
    told: Mapping[str, Any]
    """The figures and samples of ``scheduler.tally.Effect``."""

    @property
    def token(self) -> str:
        """What tells that somebody looked at just this."""
        told = json.dumps([self.asked, self.key, self.made, self.told], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def get(database: Database, name: str) -> Known | None:
    """Return what was last worked out for a crosswalk, or None."""
    columns = [_effects.c[each] for each in Known._fields]
    with database.reading_primary() as connection:
        row = connection.execute(select(*columns).where(_effects.c.name == name)).one_or_none()
    return None if row is None else Known(row.asked, row.key, row.made, json.loads(row.told))


def keep(database: Database, name: str, effect: Known, lease: Lease) -> None:
    """Keep what was worked out, in place of what was known before.

    With that the job ends: whoever sees the effect must not see that somebody is still at it.
    """
    row = {"name": name, **effect._asdict(), "told": json.dumps(effect.told, ensure_ascii=False)}

    def work(connection: Connection) -> None:
        queue.finish(connection, lease)
        upsert(connection, CrosswalkEffectRow, [row])

    database.writing(work)
