"""Telling what no row tells: that somebody signed in, or tried to."""

from __future__ import annotations

from typing import Any

from catalogue.audit import acting
from catalogue.audit.trail import note
from catalogue.database import Database


def tell(database: Database, kind: str, name: str, **told: Any) -> None:
    """Write something down, if it was asked for by somebody."""
    act = acting.current()
    if act is not None:
        database.writing(lambda connection: note(connection, act, kind, name, told))
