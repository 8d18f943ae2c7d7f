"""The queue of questions: which clusters may be one, those first whose answer settles the most.

Most pairs asked between the two first, then most records in both, then the likelier. A question is
shown by its likeliest pair; whatever is said of that one settles all of them
(``catalogue.cluster.asking``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, tuple_

from catalogue import libraries, pairs, verdicts
from catalogue.cluster import asking
from catalogue.database import Database
from catalogue.pairs import Judged
from catalogue.sql import Query, table
from catalogue.tables import EdgeRow, PolicyRow, QuestionRow

_STEP = 500
_questions, _edges = table(QuestionRow).c, table(EdgeRow).c
_ORDER = (
    _questions.pairs,
    _questions.records,
    _questions.score,
    _questions.one_id,
    _questions.other_id,
)


class Place(NamedTuple):
    """Where a question stands in the queue; the highest first."""

    pairs: int
    records: int
    score: float
    one: int
    other: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Two clusters that may be one, shown by the likeliest pair of their records."""

    judged: Judged
    place: Place
    seen: str
    """What the decision is given back with; see ``verdicts.decide``."""


def asked(
    database: Database, library: str = "", after: Place | None = None, limit: int = 50
) -> list[Question]:
    """Return questions in their order, ``after`` another's place.

    With ``library`` only those with a pair in which it has a record, shown by such a pair. Raises
    NoSuchLibrary.
    """
    with database.reading_primary() as connection:
        rows = connection.execute(_query(connection, library, after).limit(limit)).all()
        return _told(connection, rows)


def all_asked(database: Database, library: str = "") -> Iterator[Question]:
    """Yield all that ``asked`` returns a page at a time, each page a short read of its own."""
    step = asked(database, library, limit=_STEP)
    while step:
        yield from step
        step = asked(database, library, step[-1].place, _STEP)


def _query(connection: Connection, library: str, after: Place | None) -> Query:
    whose = libraries.key_of(connection, library) if library else asking.ANY
    query = (
        select(table(QuestionRow))
        .where(_questions.library_id == whose)
        .order_by(*(column.desc() for column in _ORDER))
    )
    return query if after is None else query.where(tuple_(*_ORDER) < tuple_(*after))


def _told(connection: Connection, rows: Sequence[Any]) -> list[Question]:
    looked_at = [(row.a, row.b) for row in rows]
    reasons = _reasons(connection, {a for a, _ in looked_at})
    seen = verdicts.seen_of(connection, looked_at)
    sides = pairs.sides_of(connection, {end for pair in looked_at for end in pair})
    return [
        Question(
            judged=Judged(
                a=sides[row.a],
                b=sides[row.b],
                decision="ask",
                score=row.score,
                reasons=reasons[row.a, row.b],
            ),
            place=Place(*(getattr(row, column.name) for column in _ORDER)),
            seen=seen[row.a, row.b],
        )
        for row in rows
    ]


def _reasons(connection: Connection, records: set[int]) -> dict[tuple[int, int], tuple[str, ...]]:
    query = (
        select(_edges.a, _edges.b, _edges.reasons)
        .join(PolicyRow, PolicyRow.id == _edges.policy_id)
        .where(PolicyRow.live, asking.ASKED, _edges.a.in_(records))
    )
    return {(a, b): tuple(json.loads(text)) for a, b, text in connection.execute(query)}
