"""The questions of matching, kept with the clusters: between which two, what an answer settles.

An answer about one pair settles all pairs asked between its two clusters: said to be one, these are
joined; said to be two, they cannot be. Part of T2, and of whatever else changes links.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, text

from catalogue.cluster import read
from catalogue.cluster.cut import Pair
from catalogue.sql import Lookup, delete_keys, delete_rows, table
from catalogue.tables import EdgeRow, MemberRow, QuestionRow, RecordRow, SourceRow

ANY = 0
"""Stands for all libraries."""
ASKED = text("decision = 'ask'")
"""Which links are asked, in plain words: SQLite finds an index of some rows only by these."""
_questions, _edges, _members = (table(model).c for model in (QuestionRow, EdgeRow, MemberRow))
_key = select(*table(QuestionRow).primary_key)
_KEPT = (Lookup(_key, _questions.one_id), Lookup(_key, _questions.other_id))
_asked = select(_edges.score, _edges.a, _edges.b).where(
    _edges.policy_id == bindparam("policy"), ASKED
)
# Two look-ups, each on its own index: SQLite would scan for an OR.
_ASKED_OF = (Lookup(_asked, _edges.a), Lookup(_asked, _edges.b))
_SIZES = Lookup(
    select(_members.cluster_id, func.count()).group_by(_members.cluster_id), _members.cluster_id
)
_LIBRARIES = Lookup(
    select(RecordRow.id, SourceRow.library_id).join(SourceRow, SourceRow.id == RecordRow.source_id),
    table(RecordRow).c.id,
)


class _Asked(NamedTuple):
    """A pair asked; the likest first, then by key."""

    unlikeness: float
    a: int
    b: int


class _Found(NamedTuple):
    """What is asked between clusters, and what is told of it."""

    between: Mapping[Pair, list[_Asked]]
    sizes: Mapping[int, int]
    library_of: Mapping[int, int]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows to keep."""
        for (one, other), asked in self.between.items():
            told = {
                "one_id": one,
                "other_id": other,
                "pairs": len(asked),
                "records": self.sizes[one] + self.sizes[other],
            }
            for library, best in self._best(asked).items():
                pair = {"score": -best.unlikeness, "a": best.a, "b": best.b}
                yield {"library_id": library, **told, **pair}

    def _best(self, asked: list[_Asked]) -> dict[int, _Asked]:
        """Return the likeliest pair of all, and of each library that has a record in one."""
        found: dict[int, _Asked] = {}
        for each in sorted(asked):
            for library in (ANY, self.library_of[each.a], self.library_of[each.b]):
                found.setdefault(library, each)
        return found


def refresh(connection: Connection, policy_id: int, clusters: Collection[int]) -> None:
    """Work the questions of these clusters out anew from links, members and decisions."""
    kept = {tuple(key) for end in _KEPT for key in end.tuples(connection, clusters)}
    delete_keys(connection, QuestionRow, sorted(kept))
    rows = list(_found(connection, policy_id, clusters).rows())
    if rows:
        connection.execute(insert(table(QuestionRow)), rows)


def refresh_around(connection: Connection, policy_id: int, records: Collection[int]) -> None:
    """Work out anew what is asked about the clusters of these records."""
    refresh(connection, policy_id, set(read.membership(connection, records).values()))


def settle(connection: Connection, pairs: Collection[Pair]) -> None:
    """Take the questions off the list that decisions about these pairs answer."""
    home = read.membership(connection, {end for pair in pairs for end in pair})
    answered = {_between(home, *pair) for pair in pairs}
    delete_rows(
        connection, QuestionRow, ("one_id", "other_id"), [each for each in answered if each]
    )


def _found(connection: Connection, policy_id: int, clusters: Collection[int]) -> _Found:
    home = read.members(connection, clusters)
    asked = _pairs(connection, policy_id, home)
    ends = {end for each in asked for end in (each.a, each.b)}
    decided = read.verdicts(connection, home) if asked else {}
    said = {end for pair in decided for end in pair}
    home |= read.membership(connection, (ends | said) - home.keys())
    settled = {_between(home, *pair) for pair in decided}
    between: defaultdict[Pair, list[_Asked]] = defaultdict(list)
    for each in asked:
        both = _between(home, each.a, each.b)
        if both and both not in settled:
            between[both].append(each)
    sizes = dict(_SIZES.tuples(connection, {cluster for both in between for cluster in both}))
    return _Found(between, sizes, dict(_LIBRARIES.tuples(connection, ends)))


def _between(home: Mapping[int, int], a: int, b: int) -> Pair | None:
    """Return the clusters of two records, or None where that is one, or none."""
    one, other = sorted((home.get(a, 0), home.get(b, 0)))
    return (one, other) if 0 < one < other else None


def _pairs(connection: Connection, policy_id: int, records: Collection[int]) -> set[_Asked]:
    return {
        _Asked(-score, a, b)
        for asked in _ASKED_OF
        for score, a, b in asked.tuples(connection, records, policy=policy_id)
    }
