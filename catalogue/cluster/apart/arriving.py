"""Clusters that were worked out apart from the hub, in place of working them out here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from catalogue import clock
from catalogue.cluster.apart.digested import check_rules
from catalogue.cluster.apart.errors import OtherHub, OtherPolicy
from catalogue.cluster.apart.files import batches
from catalogue.cluster.apart.model import Kind, Manifest, check_parts, read_manifest
from catalogue.cluster.whole import Links, Whole
from catalogue.cluster.whole.columns import Numbers
from catalogue.cluster.whole.desk import MARK, Desk
from catalogue.cluster.whole.judging import CODES
from catalogue.cluster.whole.reading import OUTDATED, features_of
from catalogue.cluster.whole.scratch import scratch
from catalogue.cluster.whole.texts import Texts, Writing
from catalogue.database import Database
from catalogue.match import Decision
from catalogue.policies import Live
from catalogue.tables import RecordRow, SourceRow

_GROUPS = ("id", "rev", "head", "source", "identifier")
_LINKS = ("a", "b", "decision", "score", "reasons")
_CODES = {word.value: CODES[word] for word in Decision}
_STEP = 900
"""Records asked for at a time."""

Ids = NDArray[np.int64]


def take(result: Path, live: Live) -> Manifest:
    """Return what a result says of itself, if it is whole and by the policy in use.

    Raises NotWorkedOut, PartDamaged, OtherRules or OtherPolicy.
    """
    manifest = read_manifest(result, Kind.CLUSTERS)
    check_rules(result, manifest)
    origin = manifest.origin
    if origin.read_policy() != live.policy:
        raise OtherPolicy(path=result, theirs=origin.policy, ours=live.policy.version)
    check_parts(result, manifest)
    return manifest


@contextmanager
def arrived(database: Database, result: Path, live: Live) -> Iterator[Whole]:
    """Give the partition as a result tells it, as ``whole.work_out`` does.

    It is of the snapshot that was exported: what has another rev by now has changed since, and its
    features are those it has now. Raises what ``take`` does, or OtherHub.
    """
    manifest = take(result, live)
    with scratch() as folder:
        with database.reading_primary() as connection:
            if clock.read(connection).created != manifest.origin.hub:
                raise OtherHub(path=result)
            ids, revs, head = _records(connection, result, manifest, folder)
        links = _links(result, manifest, folder, ids)
        reasons, desk = Texts(folder / "reasons"), Desk(folder, live.policy)
        try:
            yield Whole(
                ids=ids,
                revs=revs,
                head=_numbers(ids, head),
                links=links,
                reasons=reasons,
                desk=desk,
                large=_large(result, manifest, ids),
                dead=dict(_rows(result, manifest, "dead", ("key", "size"))),
            )
        finally:
            reasons.close()
            desk.close()


def _records(
    connection: Connection, result: Path, manifest: Manifest, folder: Path
) -> tuple[Ids, Ids, Ids]:
    """Return id, rev and head of each record; names and features go to files in the folder."""
    parts = [np.zeros((0, 3), np.int64)]
    with Writing(folder / "names") as names, Writing(folder / "features") as texts:
        for path in manifest.paths(result, "groups"):
            for batch in batches(path, _GROUPS):
                rows = list(zip(*(each.to_pylist() for each in batch.columns), strict=True))
                parts.append(np.array([row[:3] for row in rows], np.int64).reshape(-1, 3))
                told = [MARK.join(row[3:]) for row in rows]
                names.add(told)
                for first in range(0, len(rows), _STEP):
                    some = slice(first, first + _STEP)
                    known = _known(connection, [row[0] for row in rows[some]])
                    texts.add(
                        _features(known.get(row[0]), row[1], name, result)
                        for row, name in zip(rows[some], told[some], strict=True)
                    )
    table = np.concatenate(parts)
    return table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy()


def _known(connection: Connection, ids: list[int]) -> dict[int, Any]:
    query = (
        select(
            RecordRow.id,
            RecordRow.rev,
            SourceRow.code,
            RecordRow.identifier,
            RecordRow.features,
            OUTDATED,
        )
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .where(RecordRow.id.in_(ids))
    )
    return {row[0]: row for row in connection.execute(query)}


def _features(row: Any, rev: int, name: str, result: Path) -> str:
    """Return the features of a record as it is stored now. Raises OtherHub if it is another."""
    if row is None:
        return "{}"
    _, now, source, identifier, text, outdated = row
    if now == rev and MARK.join((source, identifier)) != name:
        raise OtherHub(path=result)
    return features_of(text, outdated)


def _links(result: Path, manifest: Manifest, folder: Path, ids: Ids) -> Links:
    none = np.zeros(0, np.int32)
    found = [Links(none, none, none.astype(np.uint8), none.astype(np.float64), none)]
    told = 0
    with Writing(folder / "reasons") as reasons:
        for path in manifest.paths(result, "links"):
            for batch in batches(path, _LINKS):
                a, b, words, scores, texts = (each.to_pylist() for each in batch.columns)
                # Links beside each other often have the same reasons.
                numbers = {text: told + at for at, text in enumerate(dict.fromkeys(texts))}
                reasons.add(numbers)
                told += len(numbers)
                found.append(
                    Links(
                        _numbers(ids, np.array(a, np.int64)),
                        _numbers(ids, np.array(b, np.int64)),
                        np.array([_CODES[word] for word in words], np.uint8),
                        np.array(scores, np.float64),
                        np.array([numbers[text] for text in texts], np.int32),
                    )
                )
    return Links.joined(found)


def _numbers(ids: Ids, wanted: Ids) -> Numbers:
    return np.searchsorted(ids, wanted).astype(np.int32)


def _large(result: Path, manifest: Manifest, ids: Ids) -> dict[int, int]:
    found = dict(_rows(result, manifest, "large", ("record", "size")))
    numbers = _numbers(ids, np.array([*found], np.int64))
    return dict(zip(numbers.tolist(), found.values(), strict=True))


def _rows(
    result: Path, manifest: Manifest, table: str, columns: tuple[str, str]
) -> Iterator[tuple[Any, Any]]:
    for path in manifest.paths(result, table):
        for batch in batches(path, columns):
            one, two = (each.to_pylist() for each in batch.columns)
            yield from zip(one, two, strict=True)
