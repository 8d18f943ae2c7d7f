"""What a placement reads of the catalogue: all in one snapshot, all in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    case,
    func,
    literal_column,
    select,
)

from catalogue.cluster.cut import Pair
from catalogue.match import FEATURES_VERSION, Features, features
from catalogue.membership.conditions import counts
from catalogue.membership.tables import LeftClusterRow
from catalogue.sql import Lookup, Prepared, Query, table
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


def waiting(connection: Connection, policy_id: int, limit: int) -> list[Waiting]:
    """Return the next dirty records."""
    query = _dirty(policy_id).order_by(DirtyRow.record_id).limit(limit)
    return [_waits(row) for row in connection.execute(query).all()]


def waiting_among(
    connection: Connection, policy_id: int, records: Collection[int], limit: int
) -> list[Waiting]:
    """Return those of these records that are dirty, the first ones if there are too many."""
    rows = _DIRTY.rows(connection, sorted(records), policy=policy_id)
    return [_waits(row) for row in islice(rows, limit)]


def _dirty(policy_id: int | BindParameter[int]) -> Query:
    return (
        select(DirtyRow.record_id, DirtyRow.rev, RecordRow.rev, counts().label("active"))
        .join(RecordRow, RecordRow.id == DirtyRow.record_id)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(DirtyRow.policy_id == policy_id, not_failed())
    )


def not_failed() -> ColumnElement[bool]:
    """Return the condition that a dirty row's present rev was not found impossible to place."""
    return DirtyRow.failed_rev.is_distinct_from(DirtyRow.rev)


def _waits(row: Sequence[Any]) -> Waiting:
    record, dirty, rev, active = row
    return Waiting(id=record, dirty_rev=dirty, rev=rev, active=bool(active))


_DIRTY = Lookup(_dirty(bindparam("policy")), DirtyRow.record_id)
_keys, _edges, _members = (table(model).c for model in (MatchKeyRow, EdgeRow, MemberRow))
_of_policy = _keys.policy_id == bindparam("policy")

_KEYS_OF = Lookup(select(_keys.key, _keys.record_id, _keys.rev).where(_of_policy), _keys.record_id)
_SIZES = Lookup(select(_keys.key, func.count()).where(_of_policy).group_by(_keys.key), _keys.key)
_BLOCKS = Lookup(select(_keys.key, _keys.record_id).where(_of_policy), _keys.key)
_DEAD = Lookup(
    select(DeadKeyRow.key).where(DeadKeyRow.policy_id == bindparam("policy")), DeadKeyRow.key
)
_ANY_DEAD = Prepared(
    select(literal_column("1")).where(DeadKeyRow.policy_id == bindparam("policy")).limit(1)
)
_same = select(_edges.a, _edges.b, _edges.score).where(
    _edges.policy_id == bindparam("policy"), _edges.decision == literal_column("'same'")
)
# Two look-ups, each on its own index: SQLite would scan for an OR.
_LINKS_OF = (Lookup(_same, _edges.a), Lookup(_same, _edges.b))


def keys_of(
    connection: Connection, policy_id: int, records: Collection[int]
) -> list[tuple[str, int, int]]:
    """Return (key, record, rev) of all keys these records have or had."""
    found = _KEYS_OF.tuples(connection, records, policy=policy_id)
    return [(key, record, rev) for key, record, rev in found]


def sizes(connection: Connection, policy_id: int, keys: Collection[str]) -> dict[str, int]:
    """Return how many records hold each key."""
    return dict(_SIZES.tuples(connection, keys, policy=policy_id))


def dead(connection: Connection, policy_id: int, keys: Collection[str]) -> set[str]:
    """Return which of these keys are marked as held by too many."""
    return {key for (key,) in _DEAD.tuples(connection, keys, policy=policy_id)}


def blocks(connection: Connection, policy_id: int, keys: Collection[str]) -> dict[str, list[int]]:
    """Return the records that hold each key."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for key, record in _BLOCKS.tuples(connection, keys, policy=policy_id):
        found[key].append(record)
    return found


class Keyring:
    """What is stored of keys: whatever is asked again in the same snapshot is not read again."""

    def __init__(self, connection: Connection, policy_id: int) -> None:
        self._from = connection, policy_id
        self._rows: dict[int, list[tuple[str, int, int]]] = {}
        self._sizes: dict[str, int] = {}
        self._dead: dict[str, bool] = {}
        self._none_dead: bool | None = None
        self._blocks: dict[str, list[int]] = {}

    def rows(self, records: Collection[int]) -> list[tuple[str, int, int]]:
        """Return what ``keys_of`` returns."""
        new = [each for each in records if each not in self._rows]
        self._rows |= {each: [] for each in new}
        for row in keys_of(*self._from, new):
            self._rows[row[1]].append(row)
        return [row for each in records for row in self._rows[each]]

    def sizes(self, keys: Collection[str]) -> dict[str, int]:
        """Return how many records hold each key."""
        new = [key for key in keys if key not in self._sizes]
        self._sizes |= dict.fromkeys(new, 0) | sizes(*self._from, new)
        return {key: self._sizes[key] for key in keys}

    def dead(self, keys: Collection[str]) -> set[str]:
        """Return which of these keys are marked as held by too many."""
        if self._none_dead is None:
            self._none_dead = not _ANY_DEAD.rows(self._from[0], policy=self._from[1])
        if self._none_dead:
            # As in a hub that is not large.
            return set()
        new = [key for key in keys if key not in self._dead]
        self._dead |= dict.fromkeys(new, False) | dict.fromkeys(dead(*self._from, new), True)
        return {key for key in keys if self._dead[key]}

    def blocks(self, keys: Collection[str]) -> dict[str, list[int]]:
        """Return the records that hold each key."""
        new = [key for key in keys if key not in self._blocks]
        found = blocks(*self._from, new)
        self._blocks |= {key: found.get(key, []) for key in new}
        return {key: self._blocks[key] for key in keys}


def same_edges(
    connection: Connection, policy_id: int, records: Collection[int]
) -> dict[Pair, float]:
    """Return the links that end in any of these records."""
    return {
        (a, b): score
        for links in _LINKS_OF
        for a, b, score in links.tuples(connection, records, policy=policy_id)
    }


_said = select(VerdictRow.a, VerdictRow.b, VerdictRow.decision)
_SAID_OF = (Lookup(_said, VerdictRow.a), Lookup(_said, VerdictRow.b))


def verdicts(connection: Connection, records: Collection[int]) -> dict[Pair, str]:
    """Return what people decided about any of these records."""
    return {
        (a, b): decision for said in _SAID_OF for a, b, decision in said.tuples(connection, records)
    }


def outwards(
    connection: Connection, policy_id: int, records: Iterable[int]
) -> Iterator[tuple[set[int], dict[Pair, float]]]:
    """Yield, a step further each time, all records that hang together with some, and new links.

    By links, by what people decided, and by clusters: who was in one with any of these may have
    lost what held them together.
    """
    seen: set[int] = set()
    frontier = set(records)
    while frontier:
        seen |= frontier
        links = same_edges(connection, policy_id, frontier)
        yield seen, links
        said = verdicts(connection, frontier)
        mates = members(connection, set(membership(connection, frontier).values())).keys()
        frontier = {end for pair in (*links, *said) for end in pair}.union(mates) - seen


_NODES = Lookup(
    select(
        RecordRow.id,
        SourceRow.code,
        RecordRow.identifier,
        RecordRow.features,
        case(
            (
                RecordRow.features_version != bindparam("version"),
                func.coalesce(RecordRow.own, RecordRow.parsed),
            )
        ),
    )
    .join(SourceRow, SourceRow.id == RecordRow.source_id)
    .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
    .where(counts()),
    RecordRow.id,
)


def nodes(connection: Connection, records: Collection[int]) -> dict[int, Node]:
    """Return these records as matching sees them; those that do not count are left out."""
    found = _NODES.tuples(connection, records, version=FEATURES_VERSION)
    return {
        record: Node(name=(source, identifier), features=_features(text, outdated))
        for record, source, identifier, text, outdated in found
    }


def _features(text: str | None, outdated: str | None) -> Features:
    """Return stored features, made anew from the record where another version made them."""
    if outdated is not None:
        return features(stored.from_json(outdated))
    return Features.from_json(text or "")


_MEMBERSHIP = Lookup(select(_members.record_id, _members.cluster_id), _members.record_id)
_MEMBERS = Lookup(select(_members.record_id, _members.cluster_id), _members.cluster_id)


def membership(connection: Connection, records: Iterable[int]) -> dict[int, int]:
    """Return record -> cluster for these records."""
    return dict(_MEMBERSHIP.tuples(connection, records))


_REVS = Lookup(select(RecordRow.id, RecordRow.rev), table(RecordRow).c.id)


def revs(connection: Connection, records: Iterable[int]) -> dict[int, int]:
    """Return record -> the number of its version."""
    return dict(_REVS.tuples(connection, records))


def members(connection: Connection, clusters: Iterable[int]) -> dict[int, int]:
    """Return record -> cluster for all records of these clusters."""
    return dict(_MEMBERS.tuples(connection, clusters))


_SURVIVORS = Lookup(
    select(ClusterRow.public_id, ClusterRow.id, ClusterRow.successor_id), ClusterRow.public_id
)


def survivors(connection: Connection, public_ids: Iterable[str]) -> dict[str, int]:
    """Return public id -> its cluster, or the one that it was merged into."""
    return {
        public_id: successor or cluster
        for public_id, cluster, successor in _SURVIVORS.tuples(connection, public_ids)
    }


_HEIRS = Lookup(
    select(SuccessionPairRow.new_id, SuccessionPairRow.old_id).where(
        SuccessionPairRow.state == literal_column("'applied'")
    ),
    SuccessionPairRow.new_id,
)


def heirs(connection: Connection, records: Iterable[int]) -> dict[int, int]:
    """Return record -> the one that goes on as it, for those that gave way to another."""
    return dict(_HEIRS.tuples(connection, records))


_MERGED_AWAY = Lookup(
    select(ClusterRow.successor_id, ClusterRow.id).order_by(ClusterRow.id), ClusterRow.successor_id
)


_LEFT = Lookup(
    select(LeftClusterRow.record_id, LeftClusterRow.cluster_id)
    .join(ClusterRow, ClusterRow.id == LeftClusterRow.cluster_id)
    .where(ClusterRow.state == literal_column("'gone'"), ClusterRow.successor_id.is_(None)),
    LeftClusterRow.record_id,
)


def left(connection: Connection, records: Iterable[int]) -> dict[int, int]:
    """Return record -> the cluster that ended when the record left it, of those in none."""
    return dict(_LEFT.tuples(connection, records))


def merged_away(connection: Connection, clusters: Collection[int]) -> dict[int, list[int]]:
    """Return cluster -> those that were merged into it."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for heir, cluster in _MERGED_AWAY.tuples(connection, clusters):
        found[heir].append(cluster)
    return found
