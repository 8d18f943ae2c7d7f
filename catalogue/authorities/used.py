"""Which of the ways to write a name stand in the index at all: no others need be looked for."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from catalogue.search.expression import Words
from catalogue.sql import chunks

# A heading that begins with the words: "!" is the first sign behind the blank that ends a word.
_HELD = (
    "SELECT 1 FROM search_heading h WHERE h.field = {field} AND h.key >= {key}"
    " AND h.key < {key} || '!'"
    " AND ({exact} = '' OR h.exact >= {exact} AND h.exact < {exact} || '!')"
)
_SQLITE = (
    "SELECT v.key FROM json_each(?) v WHERE EXISTS ("  # noqa: S608 - constants
    + _HELD.format(
        field="json_extract(v.value, '$[0]')",
        key="json_extract(v.value, '$[1]')",
        exact="json_extract(v.value, '$[2]')",
    )
    + ")"
)
_POSTGRESQL = (
    "SELECT v.at - 1 FROM unnest(%(fields)s::text[], %(keys)s::text[], %(exact)s::text[])"  # noqa: S608 - constants
    " WITH ORDINALITY v (field, key, exact, at) WHERE EXISTS ("
    + _HELD.format(field="v.field", key='v.key COLLATE "C"', exact='v.exact COLLATE "C"')
    + ")"
)


def used(connection: Connection, found: Sequence[tuple[Words, str]]) -> dict[int, Words]:
    """Return which of these words, each with its key, headings in the index begin with.

    By their place, in the columns in which they do.
    """
    asked = [
        (at, column, key, " ".join(words.words) if words.marked else "")
        for at, (words, key) in enumerate(found)
        for column in words.columns
    ]
    columns: dict[int, list[str]] = {}
    for each in _held(connection, [tuple(each[1:]) for each in asked]) if asked else ():
        at, column, *_ = asked[each]
        columns.setdefault(at, []).append(column)
    return {at: replace(found[at][0], columns=tuple(some)) for at, some in columns.items()}


def _held(connection: Connection, asked: Sequence[tuple[str, ...]]) -> list[int]:
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(_SQLITE, (json.dumps(asked),)).all()
    else:
        fields, keys, exact = (list(each) for each in zip(*asked, strict=True))
        given = {"fields": fields, "keys": keys, "exact": exact}
        rows = connection.exec_driver_sql(_POSTGRESQL, given).all()
    return sorted(int(row[0]) for row in rows)


# ":" is the first sign behind the digits: dates that stand with a name are no part of it.
_DATED = (
    "SELECT {key}, h.id, h.exact FROM {asked} JOIN search_heading h ON h.field = {field}"
    " AND h.key = {key} UNION ALL"
    " SELECT {key}, h.id, h.exact FROM {asked} JOIN search_heading h ON h.field = {field}"
    " AND h.key >= {key} || ' 0' AND h.key < {key} || ' :'"
)
_DATED_SQLITE = _DATED.format(
    asked="json_each(?1) v CROSS",
    field="json_extract(v.value, '$[0]')",
    key="json_extract(v.value, '$[1]')",
)
_DATED_POSTGRESQL = _DATED.format(
    asked="unnest(%(fields)s::text[], %(keys)s::text[]) v (field, key)",
    field="v.field",
    key='v.key COLLATE "C"',
)


class Heading(NamedTuple):
    """A heading of the index that is a name, perhaps with dates behind it."""

    key: str
    id: int
    exact: str


def dated(connection: Connection, columns: Sequence[str], keys: Collection[str]) -> list[Heading]:
    """Return the headings of columns that are names with these keys, with dates or without."""
    asked = [(column, key) for column in columns for key in keys]
    found: list[Heading] = []
    for chunk in chunks(asked):
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(_DATED_SQLITE, (json.dumps(chunk),)).all()
        else:
            fields, names = (list(each) for each in zip(*chunk, strict=True))
            given = {"fields": fields, "keys": names}
            rows = connection.exec_driver_sql(_DATED_POSTGRESQL, given).all()
        found += [Heading(*row) for row in rows]
    return found
