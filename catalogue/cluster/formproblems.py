"""What is told of a form that could not be made in full: with each record that it was made of.

Replaced whenever the form is made anew, by a placement or after something was published.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from catalogue.forms import FORM_FAILED
from catalogue.sql import chunks, table
from catalogue.tables import ProblemRow, RecordRow
from crosswalks.model import Problem
from crosswalks.text import storable

_LONGEST = 500
_problems = table(ProblemRow)


def tell(
    connection: Connection,
    members: Mapping[int, int],
    found: Mapping[int, Collection[Problem]],
    prefixes: Sequence[str],
) -> None:
    """Replace what was told of these clusters' forms; ``members`` are records and their clusters.

    A record that is in no cluster any more has cluster 0.
    """
    for chunk in chunks(members):
        connection.execute(
            delete(_problems).where(
                _problems.c.record_id.in_(chunk),
                _problems.c.code == FORM_FAILED,
                _problems.c.field.in_(prefixes),
            )
        )
    told = [record for record, cluster in members.items() if found.get(cluster)]
    query = select(RecordRow.id, RecordRow.source_id, RecordRow.seen_run, RecordRow.identifier)
    rows = [
        _row(record, problem)
        for chunk in chunks(told)
        for record in connection.execute(query.where(RecordRow.id.in_(chunk)))
        for problem in dict.fromkeys(found[members[record.id]])
    ]
    if rows:
        connection.execute(insert(_problems), rows)


def _row(record: Any, problem: Problem) -> dict[str, Any]:
    return {
        "source_id": record.source_id,
        "run_id": record.seen_run,
        "record_id": record.id,
        "identifier": record.identifier,
        "code": problem.code,
        "severity": problem.severity.value,
        "field": problem.field,
        "sample": storable(problem.sample[:_LONGEST]),
        "detail": storable(problem.detail[:_LONGEST]),
    }
