"""What is stored of clusters and links, to be compared with what was worked out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select, tuple_

from catalogue.cluster.whole.columns import Bools, Flags, Hashes, Numbers, hashed
from catalogue.cluster.whole.judging import CODES, Links, Scores, coded
from catalogue.sql import table
from catalogue.tables import EdgeRow, MemberRow

_STEP = 50_000
_WORDS = {word.value: code for word, code in CODES.items()}
WORDS = {code: word.value for word, code in CODES.items()}

Ids = NDArray[np.int64]


class StoredLinks(NamedTuple):
    """Links as they are stored, in the order of their records' ids."""

    a: Ids
    b: Ids
    decision: Flags
    score: Scores
    reasons: Hashes
    """Hashes of the texts, or 0 where they are not asked for."""

    @classmethod
    def read(cls, connection: Connection, policy_id: int, *, reasons: bool) -> StoredLinks:
        """Read all links of a policy."""
        parts = [cls.of([], reasons=reasons)]
        parts += [cls.of(rows, reasons=reasons) for rows in _links(connection, policy_id)]
        columns: list[Any] = [np.concatenate(those) for those in zip(*parts, strict=True)]
        return cls(*columns)

    @classmethod
    def of(cls, rows: list[tuple[int, int, str, float, str]], *, reasons: bool) -> StoredLinks:
        """Return rows as columns."""
        texts = [hashed(row[4]) for row in rows] if reasons else [0] * len(rows)
        return cls(
            np.array([row[0] for row in rows], np.int64),
            np.array([row[1] for row in rows], np.int64),
            np.array([_WORDS[row[2]] for row in rows], np.uint8),
            np.array([row[3] for row in rows], np.float64),
            np.array(texts, np.uint64),
        )

    def at(self, which: Bools) -> StoredLinks:
        """Return some of the links."""
        columns: list[Any] = [column[which] for column in self]
        return StoredLinks(*columns)


class Members(NamedTuple):
    """Which cluster each record is in, in the order of their ids."""

    records: Ids
    clusters: Ids

    @classmethod
    def read(cls, connection: Connection) -> Members:
        """Read all members."""
        columns = table(MemberRow).c
        query = select(columns.record_id, columns.cluster_id).order_by(columns.record_id)
        parts = [np.zeros((0, 2), np.int64)]
        last = 0
        while True:
            rows = connection.execute(query.where(columns.record_id > last).limit(_STEP)).all()
            if not rows:
                whole = np.concatenate(parts)
                return cls(whole[:, 0], whole[:, 1])
            parts.append(np.array([tuple(row) for row in rows], np.int64))
            last = rows[-1][0]

    def of(self, ids: Ids) -> Ids:
        """Return the clusters of these records, 0 where one is in none."""
        place, known = places(self.records, ids)
        found = np.zeros(len(ids), np.int64)
        found[known] = self.clusters[place[known]]
        return found


class Changes(NamedTuple):
    """Pairs, coded, that are judged otherwise than is stored."""

    pairs: Hashes
    now: Flags
    then: Flags


def changes(ids: Ids, stored: StoredLinks, links: Links) -> Changes:
    """Compare decisions; of pairs whose records are both live."""
    a, a_known = places(ids, stored.a)
    b, b_known = places(ids, stored.b)
    live = a_known & b_known
    before = coded(a[live].astype(np.int32), b[live].astype(np.int32))
    after = coded(links.a, links.b)
    pairs = np.union1d(before, after)
    now, then = np.zeros(len(pairs), np.uint8), np.zeros(len(pairs), np.uint8)
    now[np.searchsorted(pairs, before)] = stored.decision[live]
    then[np.searchsorted(pairs, after)] = links.decision
    other = now != then
    return Changes(pairs[other], now[other], then[other])


def places(within: Ids, wanted: Ids) -> tuple[NDArray[np.intp], Bools]:
    """Return where ids stand in sorted ones, and which of them do."""
    place = np.searchsorted(within, wanted)
    if not len(within):
        return place, np.zeros(len(wanted), np.bool_)
    place = np.minimum(place, len(within) - 1)
    return place, within[place] == wanted


def spread(of: Ids | Numbers, among: Ids | Numbers) -> int:
    """Return how many different values of one column stand beside several of another."""
    distinct = np.unique(np.stack([of.astype(np.int64), among.astype(np.int64)], 1), axis=0)
    return int((np.unique(distinct[:, 0], return_counts=True)[1] > 1).sum())


def _links(
    connection: Connection, policy_id: int
) -> Iterator[list[tuple[int, int, str, float, str]]]:
    columns = table(EdgeRow).c
    query = (
        select(columns.a, columns.b, columns.decision, columns.score, columns.reasons)
        .where(columns.policy_id == policy_id)
        .order_by(columns.a, columns.b)
        .limit(_STEP)
    )
    last = (0, 0)
    while rows := [
        (a, b, word, score, why)
        for a, b, word, score, why in connection.execute(
            query.where(tuple_(columns.a, columns.b) > tuple_(*last))
        )
    ]:
        yield rows
        last = rows[-1][:2]
