"""What is read of the catalogue: the records that are placed, in one snapshot, into files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, case, func, select

from catalogue.cluster.cut import Pair
from catalogue.cluster.whole.desk import MARK
from catalogue.cluster.whole.texts import Writing
from catalogue.match import FEATURES_VERSION, Decision, features
from catalogue.membership.conditions import counts
from catalogue.sql import CHUNK
from catalogue.tables import LibraryRow, RecordRow, SourceRow, VerdictRow
from crosswalks import stored


class Catalogue(NamedTuple):
    """Which records there are, in the order of their ids; a record's number is its place."""

    ids: NDArray[np.int64]
    revs: NDArray[np.int64]
    said: dict[Pair, Decision]
    """What people said, of numbers."""

    @classmethod
    def read(cls, connection: Connection, folder: Path) -> Catalogue:
        """Read the live records; their names and features go to files in the folder."""
        ids: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
        revs = list(ids)
        with Writing(folder / "names") as names, Writing(folder / "features") as texts:
            for rows in in_order(connection, *_READ):
                ids.append(np.array([row[0] for row in rows], np.int64))
                revs.append(np.array([row[1] for row in rows], np.int64))
                names.add(f"{source}{MARK}{identifier}" for _, _, source, identifier, *_ in rows)
                texts.add(features_of(text, outdated) for *_, text, outdated in rows)
        known = np.concatenate(ids)
        return cls(known, np.concatenate(revs), _said(connection, known))


KNOWN = func.coalesce(RecordRow.own, RecordRow.parsed)
"""A record as the hub keeps it."""
OUTDATED = case((RecordRow.features_version != FEATURES_VERSION, KNOWN))
"""The same, where another version of the program made its features."""
_READ = (RecordRow.rev, SourceRow.code, RecordRow.identifier, RecordRow.features, OUTDATED)


def in_order(connection: Connection, *columns: Any, step: int = CHUNK) -> Iterator[list[Any]]:
    """Yield id and these columns of the records that count, some at a time, by id."""
    query = (
        select(RecordRow.id, *columns)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(counts())
        .order_by(RecordRow.id)
        .limit(step)
    )
    last = 0
    while rows := [tuple(row) for row in connection.execute(query.where(RecordRow.id > last))]:
        yield rows
        last = rows[-1][0]


def features_of(text: str | None, outdated: str | None) -> str:
    """Return features as they are stored, made anew where another version made them."""
    if outdated is not None:
        return features(stored.from_json(outdated)).to_json()
    return text or "{}"


def _said(connection: Connection, ids: NDArray[np.int64]) -> dict[Pair, Decision]:
    query = select(VerdictRow.a, VerdictRow.b, VerdictRow.decision)
    numbers = {record: number for number, record in enumerate(ids.tolist())}
    return {
        (numbers[a], numbers[b]): Decision(word)
        for a, b, word in connection.execute(query)
        if a in numbers and b in numbers
    }
