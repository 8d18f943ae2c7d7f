"""Is this the same person? Two authorities that one name leads to, and what people say of them.

The questions are worked out anew when a list changes; answers name headings by list and number,
stay when lists change, and decide whether the two widen each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, exists, func, insert, select, tuple_, update

from catalogue import clock
from catalogue.authorities.errors import NoSuchAnswer, SameAuthority
from catalogue.authorities.known import holds, lists, rows
from catalogue.authorities.leading import MOST_LED, at_addresses
from catalogue.authorities.looking import key_of, names_of, show
from catalogue.authorities.model import Address, Answer, Answered, Authority
from catalogue.authorities.tables import AnswerRow, AuthorityKeyRow, QuestionRow
from catalogue.database import Database
from catalogue.sql import insert_tuples, table
from crosswalks.authorities.model import Kind

_keys, _answers, _questions = table(AuthorityKeyRow).c, table(AnswerRow).c, table(QuestionRow).c
_STEP = 1000


class Side(NamedTuple):
    """One of two headings that may name one person."""

    address: Address
    heading: str


class Question(NamedTuple):
    """Two headings, and the name that leads to both."""

    one: Side
    other: Side
    name: str


def work_out(database: Database) -> int:
    """Work the questions out anew from the lists that count; return how many pairs there are."""
    pairs: dict[tuple[str, str], str] = {}
    for key, addresses in _shared(database):
        for one, other in combinations(sorted(addresses), 2):
            pairs.setdefault((one, other), key)

    def work(connection: Connection) -> None:
        connection.execute(delete(QuestionRow))
        found = [(one, other, key) for (one, other), key in pairs.items()]
        insert_tuples(connection, QuestionRow, ("one", "other", "key"), found)

    database.writing(work)
    return len(pairs)


def _shared(database: Database) -> Iterator[tuple[str, list[str]]]:
    """Yield each name that leads to several persons, with these."""
    of_persons = and_(holds(), _keys.authority_id == rows.id, rows.kind == Kind.PERSON.value)
    several = select(_keys.key).where(of_persons).group_by(_keys.key)
    several = several.having(func.count().between(2, MOST_LED)).order_by(_keys.key).limit(_STEP)
    who = select(_keys.key, lists.code, rows.number).where(of_persons)
    last = ""
    while True:
        with database.reading_primary() as connection:
            names = list(connection.execute(several.where(_keys.key > last)).scalars())
            found: dict[str, list[str]] = {}
            for key, code, number in connection.execute(who.where(_keys.key.in_(names))):
                found.setdefault(key, []).append(str(Address(code, number)))
        yield from found.items()
        if len(names) < _STEP:
            return
        last = names[-1]


def questions(
    database: Database, after: tuple[str, str] = ("", ""), limit: int = 20
) -> list[Question]:
    """Return pairs that nobody has answered yet, by list and number."""
    is_answered = exists().where(
        _answers.one == _questions.one,
        _answers.other == _questions.other,
        _answers.undone_at.is_(None),
    )
    query = select(_questions.one, _questions.other, _questions.key).where(
        ~is_answered, tuple_(_questions.one, _questions.other) > tuple_(*after)
    )
    query = query.order_by(_questions.one, _questions.other).limit(limit)
    with database.reading() as connection:
        found = [
            (Address.read(one), Address.read(other), key)
            for one, other, key in connection.execute(query)
        ]
        known = at_addresses(connection, {each for one, other, _ in found for each in (one, other)})
        names = names_of(connection, [row.id for row in known.values()])
    return [
        Question(
            Side(one, known[one].heading),
            Side(other, known[other].heading),
            _shared_name(names.get(known[one].id, ()), names.get(known[other].id, ())) or key,
        )
        for one, other, key in found
        if one in known and other in known
    ]


def _shared_name(ours: Iterable[str], theirs: Iterable[str]) -> str:
    """Return the first name that leads to both, as it is written."""
    known = {key_of(name, Kind.PERSON) for name in theirs}
    return next((name for name in ours if key_of(name, Kind.PERSON) in known), "")


def compared(database: Database, one: Address, other: Address) -> tuple[Authority, Authority]:
    """Return two authorities in full. Raises NoSuchAuthority or SameAuthority."""
    if one == other:
        raise SameAuthority
    return show(database, one), show(database, other)


def answer(database: Database, one: Address, other: Address, said: Answer, person: str) -> int:
    """Keep what a person says of two authorities; return the answer's number.

    An earlier answer about them is taken back. Raises NoSuchAuthority or SameAuthority.
    """
    compared(database, one, other)
    low, high = sorted((str(one), str(other)))

    def work(connection: Connection) -> int:
        clock.invalidate(connection)
        standing = (
            _answers.one == low,
            _answers.other == high,
            _answers.undone_at.is_(None),
        )
        undone = {"undone_at": clock.wall_clock(), "undone_by": person}
        connection.execute(update(AnswerRow).where(*standing).values(**undone))
        made: int = connection.execute(
            insert(AnswerRow)
            .values(
                one=low,
                other=high,
                answer=said.value,
                person=person,
                at=clock.wall_clock(),
                undone_by="",
            )
            .returning(AnswerRow.id)
        ).scalar_one()
        return made

    return database.writing(work)


def undo(database: Database, number: int, person: str) -> None:
    """Take an answer back. Raises NoSuchAnswer where there is none in force."""

    def work(connection: Connection) -> None:
        clock.invalidate(connection)
        undone = {"undone_at": clock.wall_clock(), "undone_by": person}
        standing = (_answers.id == number, _answers.undone_at.is_(None))
        if not connection.execute(update(AnswerRow).where(*standing).values(**undone)).rowcount:
            raise NoSuchAnswer(number=number)

    database.writing(work)


def answered(database: Database, before: int | None = None, limit: int = 20) -> list[Answered]:
    """Return the answers that were given, the newest first."""
    query = select(table(AnswerRow)).order_by(_answers.id.desc()).limit(limit)
    if before is not None:
        query = query.where(_answers.id < before)
    with database.reading() as connection:
        return [
            Answered(
                number=row.id,
                one=Address.read(row.one),
                other=Address.read(row.other),
                answer=Answer(row.answer),
                person=row.person,
                at=row.at,
                undone_at=row.undone_at,
                undone_by=row.undone_by,
            )
            for row in connection.execute(query)
        ]
