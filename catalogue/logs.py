"""What happened in harvests, line by line: of a run the last lines, of a source the last runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select

from catalogue.database import Database
from catalogue.messages import packed, unpacked
from catalogue.source_tables import RunLogRow
from catalogue.sql import table
from catalogue.tables import RawPageRow, RunRow
from crosswalks.errors import Error, Said
from crosswalks.text import storable

MOST = 500
"""Lines that are kept of a run: the last ones."""
RUNS = 20
"""Runs of a source whose lines are kept."""
_LONGEST = 1000
_lines = table(RunLogRow)


class Kind(StrEnum):
    """What a line tells of."""

    PAGE = "page"
    """A page came and is stored."""
    WAIT = "wait"
    """A server is waited for before it is asked again."""
    FAULT = "fault"
    """What ended the reading early."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One thing that happened."""

    number: int
    """Place in the run, from 1."""
    at: int
    """Epoch milliseconds."""
    kind: Kind
    facts: Mapping[str, Any]
    """Of a page ``page, records, problems, total, url``; of a wait ``seconds``."""
    message: str = ""
    """What failed, in English; in other words by ``code`` and ``details``."""
    code: str = ""
    details: Mapping[str, Any] | None = None


def line(
    number: int, at: int, kind: Kind, facts: Mapping[str, Any], cause: Error | Said | None = None
) -> LogLine:
    """Return a line as it is to be kept."""
    if isinstance(cause, Error) or cause is None:
        told = packed(cause)
    else:
        details = {"why": {"said": cause.template, "details": _plain(cause.details)}}
        told = {"message": str(cause), "code": "", "details": json.dumps(details)}
    return LogLine(
        number=number,
        at=at,
        kind=kind,
        facts=facts,
        message=told["message"][:_LONGEST],
        code=told["code"],
        details=json.loads(told["details"]),
    )


def write(database: Database, run_id: int, lines: Sequence[LogLine]) -> None:
    """Keep lines of a run; those that are too many for it go, the oldest first."""
    if not lines:
        return
    rows = [
        {
            "run_id": run_id,
            "number": each.number,
            "at": each.at,
            "kind": each.kind.value,
            "message": storable(each.message),
            "code": each.code,
            "details": storable(json.dumps(dict(each.details or {}), ensure_ascii=False)),
            "facts": storable(json.dumps(dict(each.facts), ensure_ascii=False)),
        }
        for each in lines
    ]
    oldest = max(each.number for each in lines) - MOST

    def work(connection: Connection) -> None:
        connection.execute(insert(_lines), rows)
        of_run = _lines.c.run_id == run_id
        connection.execute(delete(_lines).where(of_run, _lines.c.number <= oldest))

    database.writing(work)


def forget(database: Database, source_id: int) -> None:
    """Forget the lines of all runs of a source but the last ones."""
    last = select(RunRow.id).where(RunRow.source_id == source_id).order_by(RunRow.id.desc())
    # Those before them were forgotten when they themselves were as old.
    old = last.offset(RUNS).limit(RUNS)

    def work(connection: Connection) -> None:
        keys = connection.scalars(old).all()
        connection.execute(delete(_lines).where(_lines.c.run_id.in_(keys)))

    database.writing(work)


class Log(NamedTuple):
    """What is kept of how a run went."""

    lines: tuple[LogLine, ...]
    """The last ones, in the order they came."""
    total: int
    """How many there were in all, those that are kept no more among them."""
    has_pages: bool
    """Whether answers of its source are kept, so that it can be replayed."""


def read(database: Database, run_id: int, newest: int = MOST) -> Log:
    """Return the last lines of a run, and whether its pages are kept."""
    of_run = select(_lines).where(_lines.c.run_id == run_id)
    pages = select(RawPageRow.number).where(RawPageRow.run_id == run_id).limit(1)
    with database.reading() as connection:
        rows = connection.execute(of_run.order_by(_lines.c.number.desc()).limit(newest)).all()
        has_pages = connection.scalar(pages) is not None
    lines = tuple(_line(row) for row in reversed(rows))
    return Log(lines=lines, total=lines[-1].number if lines else 0, has_pages=has_pages)


def cause(told: LogLine) -> Said | None:
    """Return the sentence of ours that a line tells as its cause, where it is no error."""
    why = unpacked(dict(told.details or {})).get("why")
    return why if isinstance(why, Said) else None


def _line(row: Any) -> LogLine:
    return LogLine(
        number=row.number,
        at=row.at,
        kind=Kind(row.kind),
        facts=json.loads(row.facts),
        message=row.message,
        code=row.code,
        details=json.loads(row.details),
    )


def _plain(details: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value if isinstance(value, int | float) else str(value)[:_LONGEST]
        for name, value in details.items()
    }
