"""Previews and what was said of them: each step one transaction that looks first."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, func, insert, select

from catalogue import jobnotes, queue, sources
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.joining import signing
from catalogue.joining.model import By as Joining
from catalogue.joining.model import Side
from catalogue.joining.tables import JoiningRow
from catalogue.mapping_mark import mapping_mark
from catalogue.membership.standing import By, stage_within
from catalogue.model import Lease
from catalogue.observed import Stage
from catalogue.previews.errors import (
    BelongsToJoining,
    NeedsReason,
    NothingNamed,
    NotTriedOut,
    PreviewMissing,
    PreviewOutdated,
    SourceHasRecords,
    StageChanged,
)
from catalogue.previews.model import (
    Basis,
    Figures,
    Preview,
    Sign,
    Standing,
    Verdict,
    Word,
    agrees,
)
from catalogue.previews.tables import PreviewRow, PreviewSignRow
from catalogue.sql import table, upsert
from catalogue.tables import RecordRow, RunRow, SourceRow
from crosswalks.errors import Said
from crosswalks.text import storable

KIND = "preview"
"""The kind of job that makes one; its key is ``preview:<name of the source>``."""
LONGEST = 4000
"""Signs of what is to be mended."""
_previews, _signs = table(PreviewRow), table(PreviewSignRow)
_OPEN = ("asked", "survey", "check", "fix", "agreed")
"""States of an application that goes on."""


def ask(database: Database, name: str) -> bool:
    """Have a preview made; tell whether it was not asked for before.

    Raises NoSuchSource or NotTriedOut.
    """
    if sources.get(database, name).stage is not Stage.TEST:
        raise NotTriedOut(name=name)
    return queue.ask(database, KIND, f"{KIND}:{name}")


def standing(database: Database, name: str) -> Standing:
    """Return how the preview of a source stands. Raises NoSuchSource."""
    with database.reading_primary() as connection:
        source_id = sources.configured(connection, name).id
        noted = jobnotes.noted(connection, f"{KIND}:{name}")
        return Standing(
            preview=_preview(connection, source_id, name),
            sign=_last(connection, source_id),
            application=_application(connection, source_id),
            is_asked=noted is not None,
            so_far=Figures(**(noted or {}).get("figures", {})).looked_at,
        )


def last_said(database: Database, name: str) -> Sign | None:
    """Return what was said last of a source's previews. Raises NoSuchSource."""
    with database.reading_primary() as connection:
        return _last(connection, sources.configured(connection, name).id)


def basis(database: Database, name: str) -> Basis:
    """Return what a preview made now would stand on. Raises NoSuchSource."""
    with database.reading_primary() as connection:
        return _basis(connection, sources.configured(connection, name).id, name)


def note(database: Database, lease: Lease, noted: str) -> None:
    """Note how far a preview is, as JSON with ``figures``. Raises LeaseLost."""
    database.writing(lambda connection: queue.note(connection, lease, noted))


def keep(database: Database, lease: Lease, name: str, on: Basis, figures: Figures) -> None:
    """Keep a preview in place of the one before, and end its job. Raises LeaseLost."""

    def work(connection: Connection) -> None:
        queue.renew(connection, lease)
        row = {
            "source_id": sources.configured(connection, name).id,
            **on._asdict(),
            "made": wall_clock(),
            "told": json.dumps(figures.plain()),
        }
        upsert(connection, PreviewRow, [row])
        queue.finish(connection, lease)

    database.writing(work)


def sign(database: Database, name: str, word: Word) -> bool:
    """Say on behalf of the library what is thought of a preview; tell whether it was not said yet.

    Where the source is the test stream of an application, that is signed or sent back with it.
    Raises NoSuchSource, NotTriedOut, PreviewMissing, PreviewOutdated, NothingNamed, and what
    ``catalogue.joining.signing`` does.
    """
    note = storable(word.note.strip())
    if len(note) > LONGEST or (word.verdict is Verdict.MEND and not note):
        raise NothingNamed(most=LONGEST)

    def work(connection: Connection) -> bool:
        source_id = _locked(connection, name)
        known = _last(connection, source_id)
        found = _seen(connection, source_id, name, word.seen)
        if known is not None and (known.verdict, known.basis) == (word.verdict, found.basis):
            return False
        if code := _application(connection, source_id):
            _to_joining(connection, code, word)
        connection.execute(
            insert(_signs).values(
                source_id=source_id,
                verdict=word.verdict.value,
                author=storable(word.author),
                note=note,
                at=wall_clock(),
                **found.basis._asdict(),
            )
        )
        return True

    return database.writing(work)


def stage_token(stage: Stage, known: Sign | None) -> str:
    """Return what tells how a source stood when somebody looked at its stage."""
    return f"{stage.value}.{known.id if known else 0}"


def set_stage(database: Database, name: str, after: Stage, by: By, seen: str) -> bool:
    """Publish a source, or have it tried out first; tell whether it was not so yet.

    Raises NoSuchSource, StageChanged, BelongsToJoining, SourceHasRecords, or NeedsReason where its
    library has not agreed.
    """

    def work(connection: Connection) -> bool:
        source_id = _locked(connection, name)
        stage = Stage(_column(connection, source_id, SourceRow.stage))
        if stage is after:
            return False
        known = _last(connection, source_id)
        if stage_token(stage, known) != seen:
            raise StageChanged(name=name)
        if code := _application(connection, source_id):
            raise BelongsToJoining(name=name, code=code)
        if after is Stage.TEST:
            _check_empty(connection, source_id, name)
        elif not by.reason and not agrees(known, _preview(connection, source_id, name)):
            raise NeedsReason(name=name)
        return stage_within(connection, name, after, by)

    return database.writing(work)


def _check_empty(connection: Connection, source_id: int, name: str) -> None:
    mine = select(func.count()).where(RecordRow.source_id == source_id)
    count = connection.execute(mine).scalar_one()
    if count:
        raise SourceHasRecords(name=name, count=count)


def _to_joining(connection: Connection, code: str, word: Word) -> None:
    check, rev = word.joining or (0, 0)
    by = Joining(word.author, word.note.strip(), rev)
    if word.verdict is Verdict.MEND:
        signing.object_within(connection, code, by)
    else:
        signing.sign_within(connection, code, Side.MEMBER, check, by)


def _seen(connection: Connection, source_id: int, name: str, seen: str) -> Preview:
    """Return the preview that was seen, if it still shows how things are."""
    if _column(connection, source_id, SourceRow.stage) != Stage.TEST.value:
        raise NotTriedOut(name=name)
    found = _preview(connection, source_id, name)
    if found is None:
        raise PreviewMissing(name=name)
    reason = _stale(found, seen)
    if reason is not None:
        raise PreviewOutdated(name=name, reason=reason)
    return found


def _stale(found: Preview, seen: str) -> Said | None:
    if found.basis.run != found.now.run:
        return Said("harvest {run} has changed some", {"run": found.now.run})
    if found.basis.mapping != found.now.mapping:
        return Said("they are mapped in another way now", {})
    if found.figures.outdated:
        told = {"count": found.figures.outdated}
        return Said("{count} are still to be mapped again by the crosswalks in use", told)
    if found.token != seen:
        return Said("it is not the newest one", {})
    return None


def _locked(connection: Connection, name: str) -> int:
    source_id = sources.configured(connection, name).id
    this = select(SourceRow.id).where(SourceRow.id == source_id)
    connection.execute(this.with_for_update())
    return source_id


def _column(connection: Connection, source_id: int, column: Any) -> Any:
    return connection.execute(select(column).where(SourceRow.id == source_id)).scalar_one()


def _application(connection: Connection, source_id: int) -> str:
    query = select(JoiningRow.code).where(
        JoiningRow.source_id == source_id, JoiningRow.state.in_(_OPEN)
    )
    return connection.scalars(query.limit(1)).first() or ""


def _basis(connection: Connection, source_id: int, name: str) -> Basis:
    changed = RunRow.added + RunRow.changed + RunRow.deleted + RunRow.quarantined > 0
    newest = (
        select(RunRow.id)
        .where(RunRow.source_id == source_id, changed)
        .order_by(RunRow.id.desc())
        .limit(1)
    )
    return Basis(connection.scalars(newest).first() or 0, mapping_mark(connection, name))


def _preview(connection: Connection, source_id: int, name: str) -> Preview | None:
    query = select(_previews).where(_previews.c.source_id == source_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Preview(
        basis=Basis(row.run, row.mapping),
        made=row.made,
        figures=Figures(**json.loads(row.told)),
        now=_basis(connection, source_id, name),
    )


def _last(connection: Connection, source_id: int) -> Sign | None:
    query = select(_signs).where(_signs.c.source_id == source_id)
    row = connection.execute(query.order_by(_signs.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Sign(
        id=row.id,
        verdict=Verdict(row.verdict),
        author=row.author,
        note=row.note,
        at=row.at,
        basis=Basis(row.run, row.mapping),
    )
