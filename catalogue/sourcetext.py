"""What a source's records show of their encoding, kept between its runs with what was decided.

A decision outlives the run that made it, so that the next one, and whoever maps the records again,
repairs them by the same table; new settings of the source begin anew.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, Row, select, update

from catalogue import queue, sources
from catalogue.crosswalks import REMAP
from catalogue.database import Database
from catalogue.model import RunHandle
from catalogue.observed import Decided
from catalogue.tables import SourceRow


def shown(database: Database, source_id: int) -> str:
    """Return the pooled evidence of a source's runs so far, as ``keep`` was given it."""
    query = select(SourceRow.shown).where(SourceRow.id == source_id)
    with database.reading_primary() as connection:
        return str(connection.execute(query).scalar_one())


def keep(
    database: Database,
    run: RunHandle,
    evidence: str,
    decided: tuple[Decided | None, Decided | None],
) -> None:
    """Keep what a run found; another decision has the records before it mapped again.

    ``decided`` is what was before, and is now: where somebody else changed it meanwhile, or the
    source's settings, nothing is kept. Raises LeaseLost.
    """
    before, now = map(_plain, decided)

    def work(connection: Connection) -> None:
        queue.renew(connection, run.lease)
        found = _locked(connection, SourceRow.id == run.source_id)
        is_ours = found.generation == run.generation and found.decided == before
        if is_ours:
            values = {"shown": evidence, "decided": now}
            connection.execute(
                update(SourceRow).where(SourceRow.id == run.source_id).values(values)
            )
        if _effect(now) != _effect(found.decided):
            # What was mapped by the other decision is outdated, whichever of the two is kept.
            queue.enqueue_within(connection, REMAP, REMAP, int(time.time()))

    database.writing(work)


def forget(database: Database, name: str) -> Decided | None:
    """Withdraw what was decided of a source's encoding, and forget why; return what it was.

    Its records are mapped again, as they came. Raises NoSuchSource.
    """

    def work(connection: Connection) -> Decided | None:
        before = sources.configured(connection, name).source.decided
        found = _locked(connection, SourceRow.code == name)
        values = {"shown": "", "decided": ""}
        connection.execute(update(SourceRow).where(SourceRow.code == name).values(values))
        if _effect(found.decided):
            queue.enqueue_within(connection, REMAP, REMAP, int(time.time()))
        return before

    return database.writing(work)


def _locked(connection: Connection, which: ColumnElement[bool]) -> Row[int, str]:
    query = select(SourceRow.generation, SourceRow.decided).where(which)
    return connection.execute(query.with_for_update(key_share=True)).one()


def _plain(decided: Decided | None) -> str:
    return json.dumps(asdict(decided)) if decided else ""


def _effect(decided: str) -> tuple[object, ...]:
    """Return what of a decision changes how records come out."""
    told = json.loads(decided) if decided else {}
    encoding = told.get("encoding", "utf-8")
    return () if encoding == "utf-8" else (encoding, told["stops"])
