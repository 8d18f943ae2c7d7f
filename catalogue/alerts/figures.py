"""What a digest is made of: sums of runs, what lies in quarantine, what is wrong with records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from catalogue.alerts.tables import AlertRow
from catalogue.sql import chunks, table
from catalogue.tables import LibraryRow, ProblemRow, QuarantineRow, RunRow, SourceRow
from crosswalks.model import Severity

SAMPLES = 3
KINDS = 15
"""The most frequent kinds of problem of a source; more would be read by nobody."""
ALERTS = 30
_SUMS = ("delivered", "added", "changed", "deleted")
_runs, _sources, _libraries = table(RunRow), table(SourceRow), table(LibraryRow)
_problems, _kept = table(ProblemRow), table(QuarantineRow)
_alerts = table(AlertRow)


class Span(NamedTuple):
    """From when until when something happened: epoch seconds, the last not included."""

    since: int
    until: int


class Place(NamedTuple):
    """A source that a digest tells of."""

    id: int
    name: str
    library: str
    """Its library's code."""
    title: str
    """Its library's name."""


def places(connection: Connection) -> list[Place]:
    """Return all sources by name."""
    query = (
        select(_sources.c.id, _sources.c.code, _libraries.c.code, _libraries.c.name)
        .join(_libraries, _libraries.c.id == _sources.c.library_id)
        .order_by(_sources.c.code)
    )
    return [Place(*row) for row in connection.execute(query)]


def sums(connection: Connection, span: Span, wanted: Collection[int]) -> dict[int, dict[str, int]]:
    """Return by source what its runs that ended then came to, with how many there were.

    Sources without any are left out.
    """
    columns = [func.sum(_runs.c[name]).label(name) for name in _SUMS]
    query = (
        select(_runs.c.source_id, func.count().label("runs"), *columns)
        .where(_runs.c.finished >= span.since * 1000, _runs.c.finished < span.until * 1000)
        .group_by(_runs.c.source_id)
    )
    return {
        row.source_id: {name: int(row._mapping[name]) for name in ("runs", *_SUMS)}
        for chunk in chunks(wanted)
        for row in connection.execute(query.where(_runs.c.source_id.in_(chunk)))
    }


def quarantined(connection: Connection, wanted: Collection[int]) -> dict[int, int]:
    """Return by source how many records are in quarantine."""
    query = select(_kept.c.source_id, func.count().label("kept")).group_by(_kept.c.source_id)
    return {
        row.source_id: row.kept
        for chunk in chunks(wanted)
        for row in connection.execute(query.where(_kept.c.source_id.in_(chunk)))
    }


def alerts_of(connection: Connection, span: Span, wanted: Collection[int] | None) -> list[int]:
    """Return the newest alerts of a time, of some sources or of all."""
    query = select(_alerts.c.id).where(_alerts.c.at >= span.since, _alerts.c.at < span.until)
    if wanted is not None:
        query = query.where(_alerts.c.source_id.in_(list(wanted)))
    return list(connection.scalars(query.order_by(_alerts.c.id.desc()).limit(ALERTS)))


def to_mend(connection: Connection, places: Sequence[Place]) -> list[dict[str, Any]]:
    """Return what some sources' libraries have to mend: the gravest first, each with samples.

    Errors count where they keep a record in quarantine; warnings wherever they stand.
    """
    found = [
        *_kinds(connection, places, Severity.ERROR),
        *_kinds(connection, places, Severity.WARNING),
    ]
    return [each | {"samples": _samples(connection, each)} for each in found]


def _kinds(
    connection: Connection, places: Sequence[Place], severity: Severity
) -> list[dict[str, Any]]:
    names = {place.id: place.name for place in places}
    count = func.count(_problems.c.record_id.distinct())
    query = (
        select(_problems.c.source_id, _problems.c.code, count.label("count"))
        .where(_problems.c.severity == severity.value)
        .group_by(_problems.c.source_id, _problems.c.code)
    )
    if severity is Severity.ERROR:
        query = query.join(_kept, _kept.c.record_id == _problems.c.record_id)
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for chunk in chunks(names):
        for row in connection.execute(query.where(_problems.c.source_id.in_(chunk))):
            found[row.source_id].append((-row._mapping["count"], row.code))
    return [
        {"source": names[key], "code": code, "severity": severity.value, "count": -less}
        for key in names
        for less, code in sorted(found[key])[:KINDS]
    ]


def _samples(connection: Connection, kind: dict[str, Any]) -> list[dict[str, str]]:
    columns = (_problems.c.identifier, _problems.c.field, _problems.c.sample)
    query = (
        select(*columns)
        .join(_sources, _sources.c.id == _problems.c.source_id)
        .where(
            _sources.c.code == kind["source"],
            _problems.c.code == kind["code"],
            _problems.c.severity == kind["severity"],
        )
        .order_by(_problems.c.id)
        .limit(SAMPLES)
    )
    if kind["severity"] == Severity.ERROR.value:
        query = query.join(_kept, _kept.c.record_id == _problems.c.record_id)
    return [dict(row._mapping) for row in connection.execute(query)]
