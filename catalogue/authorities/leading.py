"""Which authorities names lead to, with all their names: what searches are widened by.

A name of the same person that is established for other works counts as well, and so does what
people said is the same. What they said is not the same is told apart: a heading is then not a name
of the other, although its words are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Text, exists, literal_column, or_, select, tuple_

from catalogue.authorities.forms import COLUMNS
from catalogue.authorities.known import holds, lists, rows
from catalogue.authorities.looking import key_of, names_of
from catalogue.authorities.model import Address, Answer
from catalogue.authorities.standing import answers
from catalogue.authorities.tables import AnswerRow, AuthorityKeyRow, AuthorityNameRow
from catalogue.search_tables import HeadingRow
from catalogue.sql import Lookup, chunks, table
from crosswalks.authorities.model import Kind

_keys, _texts, _said = table(AuthorityKeyRow).c, table(AuthorityNameRow).c, table(AnswerRow).c
_COLUMNS = (rows.id, rows.kind, rows.heading, rows.number, lists.code, rows.identities)
_others, _headings = table(AuthorityKeyRow).alias("others"), table(HeadingRow).c
_FIELDS = sorted({name for columns in COLUMNS.values() for name in columns})
_stand = exists().where(
    _others.c.authority_id == rows.id,
    _others.c.key != _keys.key,
    _headings.field.in_([literal_column(f"'{name}'") for name in _FIELDS]),
    _headings.key >= _others.c.key,
    _headings.key < _others.c.key + literal_column("'!'", Text),
)
"""Whether any other name of an authority may stand in the index: most do not."""
_address = lists.code + literal_column("' '", Text) + rows.number
_BY_KEY = Lookup(
    # All that most searches need at once: on PostgreSQL asking takes longer than finding.
    select(
        *(_keys.key, _keys.exact, _keys.established, *_COLUMNS),
        or_(exists().where(_said.one == _address), exists().where(_said.other == _address)),
        *(_stand, _texts.at, _texts.text),
    ).where(
        holds(),
        lists.widens,
        _keys.authority_id == rows.id,
        _texts.authority_id == rows.id,
    ),
    _keys.key,
)


MOST_LED = 6
"""Authorities that one name may lead to: what leads to more is no name, but a common word."""


class Led(NamedTuple):
    """An authority that a name leads to."""

    kind: Kind
    heading: str
    code: str
    number: str
    names: tuple[str, ...]
    """Its own and those of what is the same, its heading first."""


class _Row(NamedTuple):
    id: int
    kind: str
    heading: str
    number: str
    code: str
    identities: str

    @property
    def address(self) -> Address:
        return Address(self.code, self.number)


class _Found(NamedTuple):
    row: _Row
    established: bool


def leading(connection: Connection, wanted: Mapping[str, str]) -> dict[str, list[Led]]:
    """Return what each key leads to; its words with marks have to agree where there are any."""
    found: dict[str, dict[int, _Found]] = {}
    names: dict[int, dict[int, str]] = {}
    idle: set[int] = set()
    asked: set[Address] = set()
    for key, exact, established, *rest, is_told, stand, at, text in _BY_KEY.tuples(
        connection, list(wanted)
    ):
        row = _Row(*rest)
        # Who leaves marks away finds all; who writes them means just these.
        if wanted[key] in {"", exact} or exact == key:
            found.setdefault(key, {})[row.id] = _Found(row, bool(established))
            names.setdefault(row.id, {})[at] = text
            idle |= set() if is_told or stand or row.identities else {row.id}
            asked |= {row.address} if is_told else set()
    found = {key: some for key, some in found.items() if _is_name(some, idle)}
    if not found:
        return {}
    every = {each.row.id: each.row for some in found.values() for each in some.values()}
    told = answers(connection, asked) if asked else {}
    same = _same(connection, every.values(), told)
    known = {number: [text for _, text in sorted(some.items())] for number, some in names.items()}
    others = {row.id for some in same.values() for row in some} - {*known}
    known |= names_of(connection, others) if others else {}
    return {
        key: [
            Led(
                kind=Kind(each.row.kind),
                heading=each.row.heading,
                code=each.row.code,
                number=each.row.number,
                names=_names(each.row, same, known),
            )
            for each in _apart([*some.values()], told)
        ]
        for key, some in found.items()
    }


def _is_name(found: Mapping[int, _Found], idle: set[int]) -> bool:
    """Tell whether what a key leads to is worth looking at: few, of which one adds something."""
    return len(found) <= MOST_LED and not idle.issuperset(found)


def _names(
    row: _Row, same: Mapping[int, Sequence[_Row]], names: Mapping[int, Sequence[str]]
) -> tuple[str, ...]:
    found = [names.get(each.id, ()) for each in (row, *same.get(row.id, ()))]
    return tuple(dict.fromkeys(name for some in found for name in some))


def _apart(found: Sequence[_Found], told: Mapping[tuple[Address, Address], Answer]) -> list[_Found]:
    """Leave out what only refers to a heading that people said is somebody else's."""
    headed = [each.row.address for each in found if each.established]
    return [
        each
        for each in found
        if each.established
        or all(told.get(_pair(each.row.address, other)) is not Answer.DIFFERENT for other in headed)
    ]


def _pair(a: Address, b: Address) -> tuple[Address, Address]:
    return (a, b) if str(a) < str(b) else (b, a)


def _same(
    connection: Connection,
    found: Iterable[_Row],
    told: Mapping[tuple[Address, Address], Answer],
) -> dict[int, list[_Row]]:
    """Return for each authority the others that name the same person or thing."""
    wanted: dict[int, set[Address]] = {}
    keys: dict[int, set[tuple[str, str]]] = {}
    for row in found:
        for pair, answer in told.items():
            if answer is Answer.SAME and row.address in pair:
                wanted.setdefault(row.id, set()).update({*pair} - {row.address})
        for number, text in json.loads(row.identities or "[]"):
            if number:
                wanted.setdefault(row.id, set()).add(Address(row.code, number))
            elif key := key_of(text, Kind(row.kind)):
                keys.setdefault(row.id, set()).add((row.code, key))
    if not wanted and not keys:
        return {}
    by_address = at_addresses(connection, {each for some in wanted.values() for each in some})
    by_key = _headed(connection, {each for some in keys.values() for each in some})
    same: dict[int, list[_Row]] = {}
    for row_id in {*wanted, *keys}:
        others = [by_address[each] for each in sorted(wanted.get(row_id, ())) if each in by_address]
        others += [each for key in sorted(keys.get(row_id, ())) for each in by_key.get(key, ())]
        same[row_id] = others
    return same


def at_addresses(connection: Connection, addresses: Iterable[Address]) -> dict[Address, _Row]:
    """Return the authorities that hold now, by their addresses."""
    query = select(*_COLUMNS).where(holds())
    wanted = tuple_(lists.code, rows.number)
    found = (
        _Row(*row)
        for chunk in chunks(addresses)
        for row in connection.execute(query.where(wanted.in_(chunk)))
    )
    return {row.address: row for row in found}


def _headed(
    connection: Connection, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[_Row]]:
    """Return the authorities of lists whose own headings have these words."""
    query = select(_keys.key, *_COLUMNS).where(
        holds(), _keys.authority_id == rows.id, _keys.established
    )
    wanted = set(keys)
    found: dict[tuple[str, str], list[_Row]] = {}
    for chunk in chunks({key for _, key in wanted}):
        for key, *row in connection.execute(query.where(_keys.key.in_(chunk))):
            made = _Row(*row)
            if (made.code, key) in wanted:
                found.setdefault((made.code, key), []).append(made)
    return found
