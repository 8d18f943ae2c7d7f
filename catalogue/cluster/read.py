"""What a placement reads of the catalogue: all in one snapshot, all in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, union_all

from catalogue.cluster.cut import Pair
from catalogue.match import FEATURES_VERSION, Features, features
from catalogue.model import RecordState, Sharing
from catalogue.sql import Query, chunks, table
from catalogue.tables import (
    ClusterRow,
    DeadKeyRow,
    DirtyRow,
    EdgeRow,
    LibraryRow,
    MatchKeyRow,
    MemberRow,
    RecordRow,
    SourceRow,
    SuccessionPairRow,
    VerdictRow,
)
from crosswalks import stored
from crosswalks.model import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A dirty record: the rev it waits with, and the state and rev it has."""

    id: int
    dirty_rev: int
    rev: int
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A record as matching sees it; ``name`` is its order-free identity."""

    name: tuple[str, str]
    features: Features


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A record as merging sees it."""

    name: tuple[str, str]
    library: str
    sharing: Sharing
    weight: int
    datestamp: str
    record: Record


def waiting(connection: Connection, policy_id: int, limit: int) -> list[Waiting]:
    """Return the next dirty records."""
    query = _dirty(policy_id).order_by(DirtyRow.record_id).limit(limit)
    return _waiting(connection, query)


def waiting_among(
    connection: Connection, policy_id: int, records: Collection[int], limit: int
) -> list[Waiting]:
    """Return those of these records that are dirty, the first ones if there are too many."""
    query = _dirty(policy_id)
    found: list[Waiting] = []
    for chunk in chunks(sorted(records)):
        if len(found) < limit:
            found += _waiting(connection, query.where(DirtyRow.record_id.in_(chunk)))
    return found[:limit]


def _dirty(policy_id: int) -> Query:
    return (
        select(DirtyRow.record_id, DirtyRow.rev, RecordRow.rev, RecordRow.state)
        .join(RecordRow, RecordRow.id == DirtyRow.record_id)
        .where(DirtyRow.policy_id == policy_id, not_failed())
    )


def not_failed() -> ColumnElement[bool]:
    """Return the condition that a dirty row's present rev was not found impossible to place."""
    return DirtyRow.failed_rev.is_distinct_from(DirtyRow.rev)


def _waiting(connection: Connection, query: Query) -> list[Waiting]:
    return [
        Waiting(id=record, dirty_rev=dirty, rev=rev, active=state == RecordState.ACTIVE.value)
        for record, dirty, rev, state in connection.execute(query)
    ]


def keys_of(
    connection: Connection, policy_id: int, records: Collection[int]
) -> list[tuple[str, int, int]]:
    """Return (key, record, rev) of all keys these records have or had."""
    keys = table(MatchKeyRow).c
    query = select(keys.key, keys.record_id, keys.rev).where(keys.policy_id == policy_id)
    return [
        (key, record, rev)
        for chunk in chunks(records)
        for key, record, rev in connection.execute(query.where(keys.record_id.in_(chunk)))
    ]


def sizes(connection: Connection, policy_id: int, keys: Collection[str]) -> dict[str, int]:
    """Return how many records hold each key."""
    columns = table(MatchKeyRow).c
    query = select(columns.key, func.count()).where(columns.policy_id == policy_id)
    return {
        key: size
        for chunk in chunks(keys)
        for key, size in connection.execute(
            query.where(columns.key.in_(chunk)).group_by(columns.key)
        )
    }


def dead(connection: Connection, policy_id: int, keys: Collection[str]) -> set[str]:
    """Return which of these keys are marked as held by too many."""
    query = select(DeadKeyRow.key).where(DeadKeyRow.policy_id == policy_id)
    return {
        key
        for chunk in chunks(keys)
        for key in connection.execute(query.where(DeadKeyRow.key.in_(chunk))).scalars()
    }


def blocks(connection: Connection, policy_id: int, keys: Collection[str]) -> dict[str, list[int]]:
    """Return the records that hold each key."""
    columns = table(MatchKeyRow).c
    query = select(columns.key, columns.record_id).where(columns.policy_id == policy_id)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for chunk in chunks(keys):
        for key, record in connection.execute(query.where(columns.key.in_(chunk))):
            found[key].append(record)
    return found


def same_edges(
    connection: Connection, policy_id: int, records: Collection[int]
) -> dict[Pair, float]:
    """Return the links that end in any of these records."""
    edges = table(EdgeRow).c
    query = select(edges.a, edges.b, edges.score).where(
        edges.policy_id == policy_id, edges.decision == "same"
    )
    found: dict[Pair, float] = {}
    for chunk in chunks(records):
        # Two look-ups, each on its own index: SQLite would scan for an OR.
        both = union_all(query.where(edges.a.in_(chunk)), query.where(edges.b.in_(chunk)))
        for a, b, score in connection.execute(both):
            found[a, b] = score
    return found


def verdicts(connection: Connection, records: Collection[int]) -> dict[Pair, str]:
    """Return what people decided about any of these records."""
    query = select(VerdictRow.a, VerdictRow.b, VerdictRow.decision)
    return {
        (a, b): decision
        for chunk in chunks(records)
        for a, b, decision in connection.execute(
            query.where(or_(VerdictRow.a.in_(chunk), VerdictRow.b.in_(chunk)))
        )
    }


def nodes(connection: Connection, records: Collection[int]) -> dict[int, Node]:
    """Return these records as matching sees them; those not active are left out."""
    query = (
        select(
            RecordRow.id,
            SourceRow.code,
            RecordRow.identifier,
            RecordRow.features,
            case((RecordRow.features_version != FEATURES_VERSION, RecordRow.parsed)),
        )
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .where(RecordRow.state == RecordState.ACTIVE.value)
    )
    return {
        record: Node(name=(source, identifier), features=_features(text, outdated))
        for chunk in chunks(records)
        for record, source, identifier, text, outdated in connection.execute(
            query.where(RecordRow.id.in_(chunk))
        )
    }


def _features(text: str | None, outdated: str | None) -> Features:
    """Return stored features, made anew from the record where another version made them."""
    if outdated is not None:
        return features(stored.from_json(outdated))
    return Features.from_json(text or "")


def membership(connection: Connection, records: Iterable[int]) -> dict[int, int]:
    """Return record -> cluster for these records."""
    query = select(MemberRow.record_id, MemberRow.cluster_id)
    return {
        record: cluster
        for chunk in chunks(records)
        for record, cluster in connection.execute(query.where(MemberRow.record_id.in_(chunk)))
    }


def members(connection: Connection, clusters: Iterable[int]) -> dict[int, int]:
    """Return record -> cluster for all records of these clusters."""
    query = select(MemberRow.record_id, MemberRow.cluster_id)
    return {
        record: cluster
        for chunk in chunks(clusters)
        for record, cluster in connection.execute(query.where(MemberRow.cluster_id.in_(chunk)))
    }


def heirs(connection: Connection, records: Iterable[int]) -> dict[int, int]:
    """Return record -> the one that goes on as it, for those that gave way to another."""
    query = select(SuccessionPairRow.new_id, SuccessionPairRow.old_id).where(
        SuccessionPairRow.state == "applied"
    )
    return {
        record: heir
        for chunk in chunks(records)
        for record, heir in connection.execute(query.where(SuccessionPairRow.new_id.in_(chunk)))
    }


def delivered(connection: Connection, records: Collection[int]) -> dict[int, Delivered]:
    """Return these records with their content and where they come from."""
    query = (
        select(
            RecordRow.id,
            SourceRow.code.label("source"),
            RecordRow.identifier,
            LibraryRow.code.label("library"),
            LibraryRow.sharing_level,
            SourceRow.weight,
            RecordRow.datestamp,
            RecordRow.parsed,
        )
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
    )
    return {
        row.id: Delivered(
            name=(row.source, row.identifier),
            library=row.library,
            sharing=Sharing(row.sharing_level),
            weight=row.weight,
            datestamp=row.datestamp,
            record=stored.from_json(row.parsed),
        )
        for chunk in chunks(records)
        for row in connection.execute(query.where(RecordRow.id.in_(chunk)))
    }


def merged_away(connection: Connection, clusters: Collection[int]) -> dict[int, list[int]]:
    """Return cluster -> those that were merged into it."""
    query = select(ClusterRow.successor_id, ClusterRow.id).order_by(ClusterRow.id)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for chunk in chunks(clusters):
        for heir, cluster in connection.execute(query.where(ClusterRow.successor_id.in_(chunk))):
            if heir is not None:
                found[heir].append(cluster)
    return found
