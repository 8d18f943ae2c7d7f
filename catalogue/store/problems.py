"""What was wrong with records when they were last delivered, and with pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Connection, delete

from catalogue.forms import FORM_FAILED
from catalogue.model import RunHandle
from catalogue.rows import insert_many
from catalogue.sql import chunks, table
from catalogue.store.prepare import Incoming
from catalogue.tables import ProblemRow
from crosswalks.model import Problem
from crosswalks.text import storable

_OF_DELIVERY = (
    "bare-ampersand",
    "damaged-identifier",
    "damaged-record",
    "delivered-twice",
    "inner-declaration",
    "metadata-as-text",
    "other-identifier",
    "record-not-given",
    "repeated-attribute",
    "wrong-encoding-declared",
)
"""Found each time a record is delivered, read or not, and in no stored record."""
_OF_EITHER = (
    "bad-encoding",
    "html-entity",
    "illegal-character",
    "undeclared-prefix",
    "wrong-namespace",
)
"""Found in how a record was delivered, in what was stored of it, or in both."""
NOT_PLACEABLE = "not-placeable"
"""Found by a placement, as what it finds of forms: it stays as long as the content does."""
OF_PLACEMENT = (NOT_PLACEABLE, FORM_FAILED)
"""Found by placements, and told anew by the next."""
_LONGEST = 500

_problems = table(ProblemRow)
# Made once, not for each page.
_NOT_OF_PLACEMENT = _problems.c.code.not_in(OF_PLACEMENT)
_ONLY_OF_DELIVERY = _problems.c.code.in_(_OF_DELIVERY)
_OF_NO_DELIVERY = _problems.c.code.not_in((*_OF_DELIVERY, *_OF_EITHER))


class Known(Protocol):
    """What is known of a stored record."""

    @property
    def id(self) -> int:
        """Its key."""

    @property
    def seen_run(self) -> int:
        """The run that delivered it last."""


class _Delivery(NamedTuple):
    run_id: int
    source_id: int


def write_problems(
    connection: Connection,
    run: RunHandle,
    told: Sequence[tuple[Incoming, int | None]],
    placed_again: Iterable[int],
    new: Collection[int] = (),
) -> None:
    """Replace what was told of each record by what this delivery tells.

    ``told`` has each record with its key, None for one that is not kept. What was found in the
    content of a record that was not read again still holds. Of ``new`` ones nothing was told yet.
    """
    again = set(placed_again)
    known = [(each, key) for each, key in told if key is not None and key not in new]
    forget(connection, [key for _, key in known if key in again])
    same = [(each, key) for each, key in known if key not in again]
    forget(connection, [key for each, key in same if each.read], _NOT_OF_PLACEMENT)
    unread = [(each, key) for each, key in same if not each.read]
    forget(connection, [key for _, key in unread], _ONLY_OF_DELIVERY)
    _forget_told_again(connection, [(key, each.notes) for each, key in unread])
    rows = [
        _row(run, problem, each.raw.identifier, key)
        for each, key in told
        for problem in (*each.notes, *each.problems)
    ]
    insert_many(connection, ProblemRow, rows)


def write_problems_again(
    connection: Connection,
    source_id: int,
    told: Sequence[tuple[Incoming, Known]],
    placed_again: Iterable[int],
) -> None:
    """Replace what was told of each record's content by what mapping it again tells.

    It is told of the run that delivered the record; what was wrong with the delivery still holds.
    """
    again = set(placed_again)
    keys = [known.id for _, known in told]
    same = [key for key in keys if key not in again]
    forget(connection, [key for key in keys if key in again], _OF_NO_DELIVERY)
    forget(connection, same, _OF_NO_DELIVERY, _NOT_OF_PLACEMENT)
    _forget_told_again(connection, [(known.id, each.problems) for each, known in told])
    rows = [
        _row(_Delivery(known.seen_run, source_id), problem, each.raw.identifier, known.id)
        for each, known in told
        for problem in each.problems
        if problem.code not in _OF_DELIVERY
    ]
    insert_many(connection, ProblemRow, rows)


def write_page_problems(
    connection: Connection, run: RunHandle, problems: Sequence[Problem]
) -> None:
    """Note what was wrong with a page as a whole."""
    if problems:
        rows = [_row(run, problem, "", None) for problem in problems]
        insert_many(connection, ProblemRow, rows)


def forget(connection: Connection, records: list[int], *only: ColumnElement[bool]) -> None:
    """Remove what was told of records, or that part of it."""
    for chunk in chunks(records):
        connection.execute(delete(_problems).where(_problems.c.record_id.in_(chunk), *only))


def _forget_told_again(
    connection: Connection, told: Iterable[tuple[int, Sequence[Problem]]]
) -> None:
    """Remove what may have been found at either place, of the records that it is told of anew."""
    found = [(key, problem.code) for key, problems in told for problem in problems]
    for code in _OF_EITHER:
        keys = [key for key, each in found if each == code]
        if keys:
            forget(connection, keys, _problems.c.code == code)


def _row(
    run: RunHandle | _Delivery, problem: Problem, identifier: str, record_id: int | None
) -> dict[str, Any]:
    return {
        "source_id": run.source_id,
        "run_id": run.run_id,
        "record_id": record_id,
        "identifier": identifier,
        "code": problem.code,
        "severity": problem.severity.value,
        "field": storable(problem.field[:_LONGEST]),
        "sample": storable(problem.sample[:_LONGEST]),
        "detail": storable(problem.detail[:_LONGEST]),
    }
