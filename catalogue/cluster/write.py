"""T2: what a placement writes, in one short transaction under the hub clock's lock."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from catalogue import clock
from catalogue.cluster.plan import Grouping, KeyChange
from catalogue.cluster.render import Rendered
from catalogue.merge import PLACEHOLDER_STAMP
from catalogue.sql import Query, chunks, delete_keys, delete_rows, insert_missing, table, upsert
from catalogue.tables import (
    ClusterRow,
    DeadKeyRow,
    DirtyRow,
    EdgeRow,
    EventRow,
    FormRow,
    ItemRow,
    ItemSetRow,
    MasterRow,
    MatchKeyRow,
    MemberRow,
    SearchRow,
    SetRow,
    ViewRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole placement, ready to be written if no other was committed since ``turn``."""

    policy_id: int
    turn: int
    grouping: Grouping
    clusters: Mapping[int, int]
    """Position of a group -> its cluster."""
    new: Mapping[int, str]
    """New clusters and their public ids."""
    gone: Mapping[int, int | None]
    """Clusters that end, and their successors."""
    rendered: Sequence[Rendered]
    last_cluster: int


def write(connection: Connection, plan: Plan) -> bool:
    """Write a placement; return False, having written nothing, if another came first."""
    now = clock.read(connection, lock=True)
    if now.turn != plan.turn:
        return False
    stamp = max(now.closed, clock.wall_clock())
    _write_keys(connection, plan.policy_id, plan.grouping.keys)
    _write_links(connection, plan)
    _write_clusters(connection, plan, stamp)
    _write_members(connection, plan)
    _write_items(connection, plan, stamp)
    _settle(connection, plan)
    clock.advance(connection, stamp, plan.last_cluster)
    return True


def _write_keys(connection: Connection, policy_id: int, keys: KeyChange) -> None:
    # The rev is part of the condition: a page may have given the key back meanwhile.
    delete_rows(
        connection,
        MatchKeyRow,
        ("policy_id", "key", "record_id", "rev"),
        [(policy_id, *each) for each in keys.stale],
    )
    insert_missing(
        connection,
        DeadKeyRow,
        [{"policy_id": policy_id, "key": key, "size": size} for key, size in keys.died.items()],
    )
    delete_keys(connection, DeadKeyRow, [(policy_id, key) for key in keys.revived])
    insert_missing(
        connection,
        DirtyRow,
        [{"policy_id": policy_id, "record_id": record, "rev": 0} for record in keys.again],
    )


def _write_links(connection: Connection, plan: Plan) -> None:
    columns = table(EdgeRow).c
    for chunk in chunks(each.id for each in plan.grouping.batch):
        for end in (columns.a, columns.b):
            connection.execute(
                delete(table(EdgeRow)).where(columns.policy_id == plan.policy_id, end.in_(chunk))
            )
    rows = [
        {
            "policy_id": plan.policy_id,
            "a": a,
            "b": b,
            "decision": link.decision.value,
            "score": link.score,
            "reasons": json.dumps(link.reasons, ensure_ascii=False),
        }
        for (a, b), link in plan.grouping.links.items()
    ]
    if rows:
        connection.execute(insert(table(EdgeRow)), rows)


def _write_clusters(connection: Connection, plan: Plan, stamp: int) -> None:
    if plan.new:
        connection.execute(
            insert(table(ClusterRow)),
            [
                {"id": cluster, "public_id": public_id, "state": "live", "successor_id": None}
                for cluster, public_id in plan.new.items()
            ],
        )
    for cluster, successor in plan.gone.items():
        # Those that were merged into it earlier now lead to the same successor.
        connection.execute(
            update(ClusterRow)
            .where((ClusterRow.id == cluster) | (ClusterRow.successor_id == cluster))
            .values(state="gone", successor_id=successor)
        )
    events = [_event(stamp, cluster, "made", None) for cluster in plan.new] + [
        _event(stamp, cluster, "merged" if successor else "gone", successor)
        for cluster, successor in plan.gone.items()
    ]
    if events:
        connection.execute(insert(table(EventRow)), events)


def _event(stamp: int, cluster: int, kind: str, successor: int | None) -> dict[str, Any]:
    detail = json.dumps({"successor": successor} if successor else {})
    return {"stamp": stamp, "cluster_id": cluster, "kind": kind, "detail": detail}


def _write_members(connection: Connection, plan: Plan) -> None:
    now = {
        record: plan.clusters[position]
        for position, records in enumerate(plan.grouping.groups)
        for record in records
    }
    before = plan.grouping.before
    moved = [
        {"record_id": record, "cluster_id": cluster}
        for record, cluster in now.items()
        if before.get(record) != cluster
    ]
    upsert(connection, MemberRow, moved)
    delete_keys(connection, MemberRow, [(record,) for record in before.keys() - now.keys()])


def _write_items(connection: Connection, plan: Plan, stamp: int) -> None:
    touched = {each.cluster for each in plan.rendered} | set(plan.gone) | _emptied(plan)
    before = _items(connection, touched)
    wanted = {(view, each.cluster): each for each in plan.rendered for view in each.views}
    sets = _set_keys(connection, plan.rendered)
    held = _sets_held(connection, touched)
    changed = {
        key: each
        for key, each in wanted.items()
        if before.get(key) != (False, each.hash) or held.get(key, set()) != _keys(sets, each)
    }
    left = {key for key, (deleted, _) in before.items() if not deleted} - wanted.keys()
    _write_masters(connection, plan.rendered, stamp)
    upsert(
        connection,
        ItemRow,
        [_item(key, each.hash, stamp) for key, each in changed.items()]
        + [_item(key, "", stamp) for key in left],
    )
    _write_sets(connection, {key: _keys(sets, each) for key, each in changed.items()}, held, stamp)
    _write_sets(connection, {key: set() for key in left}, held, stamp)
    _write_search(connection, changed, left)
    _forget_unused(connection, touched - plan.new.keys())


def _emptied(plan: Plan) -> set[int]:
    """Return live clusters made again that no view may see any more."""
    return {plan.clusters[position] for position in plan.grouping.changed}


def _item(key: tuple[int, int], content: str, stamp: int) -> dict[str, Any]:
    return {
        "view_id": key[0],
        "cluster_id": key[1],
        "stamp": stamp,
        "deleted": not content,
        "hash": content,
    }


def _items(
    connection: Connection, clusters: Collection[int]
) -> dict[tuple[int, int], tuple[bool, str]]:
    query = select(ItemRow.view_id, ItemRow.cluster_id, ItemRow.deleted, ItemRow.hash).where(
        ItemRow.view_id.in_(_views())
    )
    return {
        (view, cluster): (deleted, content)
        for chunk in chunks(clusters)
        for view, cluster, deleted, content in connection.execute(
            query.where(ItemRow.cluster_id.in_(chunk))
        )
    }


def _views() -> Query:
    """Return all views: the items' key begins with them, and is of no use without them."""
    return select(ViewRow.id)


def _keys(sets: Mapping[str, int], each: Rendered) -> set[int]:
    return {sets[spec] for spec in each.sets}


def _set_keys(connection: Connection, rendered: Iterable[Rendered]) -> dict[str, int]:
    """Return the keys of all sets named, making those that are new."""
    specs = sorted({spec for each in rendered for spec in each.sets})
    query = select(SetRow.spec, SetRow.id).where(SetRow.spec.in_(specs))
    found = _pairs(connection, query)
    missing = [{"spec": spec, "name": spec} for spec in specs if spec not in found]
    if missing:
        insert_missing(connection, SetRow, missing)
        found = _pairs(connection, query)
    return found


def _pairs(connection: Connection, query: Query) -> dict[str, int]:
    return {name: key for name, key in connection.execute(query)}  # noqa: C416 - rows are no pairs


def _sets_held(
    connection: Connection, clusters: Collection[int]
) -> dict[tuple[int, int], set[int]]:
    query = select(ItemSetRow.view_id, ItemSetRow.cluster_id, ItemSetRow.set_id).where(
        ItemSetRow.present
    )
    held: dict[tuple[int, int], set[int]] = {}
    for chunk in chunks(clusters):
        for view, cluster, key in connection.execute(query.where(ItemSetRow.cluster_id.in_(chunk))):
            held.setdefault((view, cluster), set()).add(key)
    return held


def _write_sets(
    connection: Connection,
    wanted: Mapping[tuple[int, int], set[int]],
    held: Mapping[tuple[int, int], set[int]],
    stamp: int,
) -> None:
    """Restamp the sets an item is in, and mark those it left as deleted there."""
    upsert(
        connection,
        ItemSetRow,
        [
            {
                "view_id": view,
                "set_id": key,
                "cluster_id": cluster,
                "present": key in keys,
                "stamp": stamp,
            }
            for (view, cluster), keys in wanted.items()
            for key in sorted(keys | held.get((view, cluster), set()))
        ],
    )


def _write_masters(connection: Connection, rendered: Sequence[Rendered], stamp: int) -> None:
    told = datetime.fromtimestamp(stamp, UTC).strftime("%Y%m%d%H%M%S.0")
    known = _stored(connection, [each.cluster for each in rendered])
    upsert(
        connection,
        MasterRow,
        [
            {
                "cluster_id": each.cluster,
                "hash": each.hash,
                "stamp": stamp,
                "record": each.record.replace(PLACEHOLDER_STAMP, told, 1),
                "provenance": each.provenance,
                "holdings": each.holdings,
            }
            for each in rendered
            if (each.cluster, each.hash) not in known
        ],
    )
    upsert(
        connection,
        FormRow,
        [
            {
                "cluster_id": each.cluster,
                "hash": each.hash,
                "prefix": form.prefix,
                "version": form.version,
                "body": form.body.replace(PLACEHOLDER_STAMP.encode(), told.encode(), 1),
            }
            for each in rendered
            if (each.cluster, each.hash) not in known
            for form in each.forms
        ],
    )


def _stored(connection: Connection, clusters: Collection[int]) -> set[tuple[int, str]]:
    """Return which contents are stored already: these keep their 005 and their bytes."""
    query = select(MasterRow.cluster_id, MasterRow.hash)
    return {
        (cluster, content)
        for chunk in chunks(clusters)
        for cluster, content in connection.execute(query.where(MasterRow.cluster_id.in_(chunk)))
    }


def _write_search(
    connection: Connection,
    changed: Mapping[tuple[int, int], Rendered],
    left: Collection[tuple[int, int]],
) -> None:
    delete_rows(connection, SearchRow, ("view_id", "cluster_id"), [*changed, *left])
    rows = [
        {"view_id": view, "cluster_id": cluster, **asdict(each.words)}
        for (view, cluster), each in changed.items()
    ]
    if rows:
        connection.execute(insert(table(SearchRow)), rows)


def _forget_unused(connection: Connection, clusters: Collection[int]) -> None:
    """Remove masters and forms that no view shows any more."""
    for model in (MasterRow, FormRow):
        columns = table(model).c
        shown = exists().where(
            ItemRow.view_id.in_(_views()),
            ItemRow.cluster_id == columns.cluster_id,
            ItemRow.hash == columns.hash,
        )
        for chunk in chunks(clusters):
            connection.execute(delete(table(model)).where(columns.cluster_id.in_(chunk), ~shown))


def _settle(connection: Connection, plan: Plan) -> None:
    """Take the batch off the list, but for records that changed again meanwhile."""
    delete_rows(
        connection,
        DirtyRow,
        ("policy_id", "record_id", "rev"),
        [(plan.policy_id, each.id, each.dirty_rev) for each in plan.grouping.batch],
    )
