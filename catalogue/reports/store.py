"""Where reports are kept: added to, read, and never changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select

from catalogue import queue
from catalogue.database import Database
from catalogue.model import Lease
from catalogue.report_tables import ReportRow
from catalogue.reports.errors import NoSuchReport
from catalogue.reports.model import Listed, Report, read
from catalogue.reports.periods import Period
from catalogue.sql import Query, table

_reports = table(ReportRow).c
_PLAIN = ("id", "issue", "made", "author", "program", "definitions", "zone")
_LISTED = tuple(_reports[name] for name in (*_PLAIN, "first", "last"))


def all(database: Database, most: int | None = None) -> list[Listed]:  # noqa: A001 - read as store.all
    """Return what reports there are, the latest made first, without their figures."""
    query = select(*_LISTED).order_by(_reports.id.desc()).limit(most)
    with database.reading() as connection:
        return [Listed(**_columns(row)) for row in connection.execute(query)]


def get(database: Database, period: Period, issue: int | None = None) -> Report:
    """Return a report, the latest of its period if no issue is named. Raises NoSuchReport."""
    query = select(*_LISTED, _reports.figures).where(*_of(period)).limit(1)
    if issue is not None:
        query = query.where(_reports.issue == issue)
    with database.reading() as connection:
        row = connection.execute(query.order_by(_reports.issue.desc())).one_or_none()
    if row is None:
        name = period.name if issue is None else f"{period.name} {issue}"
        raise NoSuchReport(name=name)
    return Report(**_columns(row), figures=read(row.figures))


def latest(database: Database, period: Period | None = None) -> Listed | None:
    """Return the report that was made last, of a period or of all there are."""
    query = select(*_LISTED).order_by(_reports.id.desc()).limit(1)
    if period is not None:
        query = query.where(*_of(period))
    with database.reading_primary() as connection:
        row = connection.execute(query).one_or_none()
    return Listed(**_columns(row)) if row else None


def keep(database: Database, lease: Lease, made: Report, seen: int | None = None) -> Report:
    """Keep a report that was made under a lease, as the next issue of its period.

    Where one of the period was made after that with the id ``seen``, that one is returned, and
    nothing is kept: two people, or one who pressed twice, wanted the same. Raises LeaseLost.
    """

    def work(connection: Connection) -> int:
        queue.renew(connection, lease)
        query: Query = select(_reports.issue, _reports.id).where(*_of(made.period))
        last = connection.execute(query.order_by(_reports.issue.desc()).limit(1)).one_or_none()
        if last is not None and seen is not None and last.id > seen:
            return int(last.issue)
        issue = (last.issue if last is not None else 0) + 1
        row = {name: getattr(made, name) for name in _PLAIN if name != "id"}
        row |= {"first": str(made.period.first), "last": str(made.period.last), "issue": issue}
        connection.execute(insert(table(ReportRow)), [row | {"figures": made.figures.written()}])
        return int(issue)

    issue = database.writing(work)
    return _stored(database, made.period, issue)


def made_since(database: Database, period: Period, moment: int) -> bool:
    """Tell whether a report of a period was made at or after a moment (epoch seconds)."""
    query = select(func.count()).where(*_of(period), _reports.made >= moment)
    with database.reading_primary() as connection:
        return bool(connection.execute(query).scalar_one())


def _stored(database: Database, period: Period, issue: int) -> Report:
    query = select(*_LISTED, _reports.figures).where(*_of(period), _reports.issue == issue)
    with database.reading_primary() as connection:
        row = connection.execute(query).one()
    return Report(**_columns(row), figures=read(row.figures))


def _of(period: Period) -> tuple[Any, Any]:
    return _reports.first == str(period.first), _reports.last == str(period.last)


def _columns(row: Any) -> dict[str, Any]:
    period = Period(date.fromisoformat(row.first), date.fromisoformat(row.last))
    return {name: getattr(row, name) for name in _PLAIN} | {"period": period}
