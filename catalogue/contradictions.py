"""What follows from decisions about other pairs: A = B and B = C make A = C, with C ≠ D also A ≠ D.

Paths are looked for outwards from both ends, a step with one question, however many records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select

from catalogue.cluster import read
from catalogue.cluster.cut import Pair
from catalogue.errors import ContradictsVerdicts
from catalogue.sql import chunks
from catalogue.tables import RecordRow, SourceRow


class Verdict(StrEnum):
    """What a person says of two records."""

    SAME = "same"
    DIFFERENT = "different"


class Path(NamedTuple):
    """Records, and what was said of each and the next."""

    records: tuple[int, ...]
    words: tuple[Verdict, ...]


_SIGNS = {Verdict.SAME: "=", Verdict.DIFFERENT: "\u2260"}


def check(connection: Connection, pair: Pair, wanted: str) -> None:
    """Raise ContradictsVerdicts where the pair cannot be that beside what was decided of others."""
    find = joined if wanted == Verdict.DIFFERENT else parted
    found = find(connection, pair)
    if found:
        refuse(connection, found)


def refuse(connection: Connection, path: Path) -> None:
    """Raise ContradictsVerdicts with a path."""
    raise ContradictsVerdicts(path=told(path, names(connection, path.records)))


def told(path: Path, named: dict[int, str]) -> str:
    """Return a path as people read it: ``s1/a = s1/b ≠ s2/c``."""
    steps = zip(path.words, path.records[1:], strict=True)
    return named[path.records[0]] + "".join(
        f" {_SIGNS[word]} {named[each]}" for word, each in steps
    )


def joined(connection: Connection, pair: Pair) -> Path | None:
    """Return how two records are one by decisions about others, if they are."""
    found = _together(connection, pair[0], pair)
    if pair[1] not in found:
        return None
    way = _back(found, pair[1])[::-1]
    return Path(tuple(way), (Verdict.SAME,) * (len(way) - 1))


def parted(connection: Connection, pair: Pair) -> Path | None:
    """Return how two records are two by decisions about others, if they are."""
    ours, theirs = (_together(connection, end, pair) for end in pair)
    for one, other in _said_of(connection, ours, Verdict.DIFFERENT, pair):
        if other in theirs:
            way = (_back(ours, one)[::-1], _back(theirs, other))
            before, after = ((Verdict.SAME,) * (len(part) - 1) for part in way)
            return Path((*way[0], *way[1]), (*before, Verdict.DIFFERENT, *after))
    return None


def _back(found: dict[int, int], end: int) -> list[int]:
    """Return the way from a record back to the first of those found with it."""
    path = [end]
    while found[path[-1]] != path[-1]:
        path.append(found[path[-1]])
    return path


def _together(connection: Connection, start: int, but: Pair) -> dict[int, int]:
    """Return all records said to be the same as one, by others, each with the one it came by."""
    found = {start: start}
    newest: Collection[int] = [start]
    while newest:
        reached = [
            (one, other)
            for one, other in _said_of(connection, newest, Verdict.SAME, but)
            if other not in found
        ]
        for one, other in reached:
            found.setdefault(other, one)
        newest = {other for _, other in reached}
    return found


def _said_of(
    connection: Connection, records: Collection[int], word: Verdict, but: Pair
) -> Iterator[Pair]:
    """Yield (one of these records, another) for all that was said of them."""
    known = set(records)
    for (a, b), decision in sorted(read.verdicts(connection, records).items()):
        if decision == word and (a, b) != but:
            yield from ((one, other) for one, other in ((a, b), (b, a)) if one in known)


def names(connection: Connection, records: Collection[int]) -> dict[int, str]:
    """Return records as ``source/identifier``."""
    query = select(RecordRow.id, SourceRow.code, RecordRow.identifier).join(
        SourceRow, SourceRow.id == RecordRow.source_id
    )
    return {
        record: f"{source}/{identifier}"
        for chunk in chunks(records)
        for record, source, identifier in connection.execute(query.where(RecordRow.id.in_(chunk)))
    }
