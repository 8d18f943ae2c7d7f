"""Records that have one kind of problem, with their bytes as delivered: to be looked at."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from catalogue.database import Database
from catalogue.raw import unpack
from catalogue.sql import table
from catalogue.tables import DeliveryRow, ProblemRow, QuarantineRow, RecordRow

_p, _r = table(ProblemRow), table(RecordRow)
_q, _d = table(QuarantineRow), table(DeliveryRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class BytesSample:
    """A record with a problem, and its bytes."""

    identifier: str
    field: str
    sample: str
    detail: str
    record: int | None
    """Its key; None where the page as a whole had the problem, or it is kept no more."""
    raw: bytes
    """The version that was delivered last, also where it could not be read; may be empty."""


def samples(database: Database, run_id: int, code: str, limit: int) -> list[BytesSample]:
    """Return some records that a run told this kind of problem of; none where it told of none."""
    refused = (_d.c.run_id == _q.c.run_id) & (_d.c.seq == _q.c.seq)
    query = (
        select(
            _p.c.identifier,
            _p.c.field,
            _p.c.sample,
            _p.c.detail,
            _p.c.record_id.label("record"),
            # Of a record that stays live, the version that was refused lies with its delivery.
            func.coalesce(_d.c.raw, _r.c.raw).label("raw"),
        )
        .select_from(_p)
        .outerjoin(_r, _r.c.id == _p.c.record_id)
        .outerjoin(_q, _q.c.record_id == _p.c.record_id)
        .outerjoin(_d, refused)
        .where(_p.c.run_id == run_id, _p.c.code == code)
        .order_by(_p.c.id)
        .limit(limit)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [
        BytesSample(
            identifier=row.identifier,
            field=row.field,
            sample=row.sample,
            detail=row.detail,
            record=row.record,
            raw=unpack(row.raw) if row.raw else b"",
        )
        for row in rows
    ]
