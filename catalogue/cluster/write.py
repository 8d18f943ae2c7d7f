"""T2: what a placement writes, in one short transaction under the hub clock's lock."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from catalogue import clock, forms
from catalogue.cluster import asking, formproblems, merged, moving, works
from catalogue.cluster.assign import public_id
from catalogue.cluster.keying import KeyChange
from catalogue.cluster.merged import Leads
from catalogue.cluster.moving import Moved
from catalogue.cluster.plan import Grouping
from catalogue.cluster.publish import publish
from catalogue.cluster.render import Rendered
from catalogue.holdings import touched
from catalogue.membership.tables import LeftClusterRow
from catalogue.overlays import standing
from catalogue.overlays.standing import Stored
from catalogue.rows import insert_many, upsert_many
from catalogue.sql import (
    chunks,
    delete_keys,
    delete_rows,
    delete_tuples,
    insert_missing,
    table,
    upsert,
)
from catalogue.tables import (
    ClusterRow,
    DeadKeyRow,
    DirtyRow,
    EdgeRow,
    LargeComponentRow,
    MatchKeyRow,
    MemberRow,
    PreliminaryRow,
)
from crosswalks.model import Problem

_json = json.JSONEncoder(ensure_ascii=False).encode


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
    leads: Leads
    rendered: Sequence[Rendered]
    preliminary: Mapping[int, int]
    """Clusters with only records made before publication, and since which month."""
    overlays: Mapping[int, Sequence[Stored]]
    """What cataloguers corrected of each cluster that has any."""
    last_cluster: int


def write(connection: Connection, plan: Plan) -> bool:
    """Write a placement; return False, having written nothing, if another came first."""
    now = clock.read(connection, lock=True)
    if now.turn != plan.turn:
        return False
    stamp = max(now.closed, clock.wall_clock())
    _wake_rows(connection, plan)
    _write_keys(connection, plan.policy_id, plan.grouping.keys)
    _write_links(connection, plan)
    _write_clusters(connection, plan)
    _write_members(connection, plan)
    _write_alarms(connection, plan)
    moving.tell(connection, _moved(plan), stamp)
    touched = {plan.clusters[position] for position in plan.grouping.changed} | set(plan.leads.gone)
    asking.refresh(connection, plan.policy_id, touched)
    publish(connection, plan.rendered, touched, stamp)
    _write_preliminary(connection, plan, touched)
    _write_overlays(connection, plan)
    works.settle_within(connection, touched)
    _tell(connection, plan)
    _settle(connection, plan)
    clock.advance(connection, stamp, plan.last_cluster)
    return True


def _wake_rows(connection: Connection, plan: Plan) -> None:
    """Have the rows of lists matched again that may mean a record which changed or moved."""
    before, now = plan.grouping.before, _clusters_now(plan)
    records = {each.id for each in plan.grouping.batch if touched.is_content(each.dirty_rev)}
    records |= {each for each, cluster in now.items() if before.get(each) != cluster}
    records |= before.keys() - now.keys()
    clusters = [*plan.new.values(), *map(public_id, plan.leads.concerned)]
    touched.wake_rows(connection, plan.policy_id, records, clusters)


def _clusters_now(plan: Plan) -> dict[int, int]:
    return {
        record: plan.clusters[position]
        for position, records in enumerate(plan.grouping.groups)
        for record in records
    }


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
        MatchKeyRow,
        [
            {"policy_id": policy_id, "key": key, "record_id": record, "rev": rev}
            for key, record, rev in keys.added
        ],
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
            "reasons": _json(link.reasons),
        }
        for (a, b), link in plan.grouping.links.items()
    ]
    insert_many(connection, EdgeRow, rows)


def _write_clusters(connection: Connection, plan: Plan) -> None:
    insert_many(
        connection,
        ClusterRow,
        [
            {"id": cluster, "public_id": name, "state": "live", "successor_id": None}
            for cluster, name in plan.new.items()
        ],
    )
    merged.write(connection, plan.leads)


def _moved(plan: Plan) -> Moved:
    return Moved(
        before=plan.grouping.before,
        now=_clusters_now(plan),
        new=plan.new.keys(),
        back=plan.leads.back,
        gone=plan.leads.gone,
    )


def _write_preliminary(connection: Connection, plan: Plan, touched: AbstractSet[int]) -> None:
    others = [(cluster,) for cluster in sorted(touched - plan.preliminary.keys())]
    delete_tuples(connection, PreliminaryRow, ("cluster_id",), others)
    rows = [{"cluster_id": cluster, "since": since} for cluster, since in plan.preliminary.items()]
    upsert(connection, PreliminaryRow, rows)


def _write_overlays(connection: Connection, plan: Plan) -> None:
    """Store how overlays stand, by what those see who see the most of their clusters."""
    if not plan.overlays:
        return
    least_first = sorted(plan.rendered, key=lambda each: each.records)
    states = {name: state for each in least_first for name, state in each.overlays.items()}
    standing.write(connection, [one for some in plan.overlays.values() for one in some], states)


def _write_members(connection: Connection, plan: Plan) -> None:
    now, before = _clusters_now(plan), plan.grouping.before
    moved = [
        {"record_id": record, "cluster_id": cluster}
        for record, cluster in now.items()
        if before.get(record) != cluster
    ]
    upsert_many(connection, MemberRow, moved)
    left = sorted(before.keys() - now.keys())
    delete_keys(connection, MemberRow, [(record,) for record in left])
    upsert(
        connection,
        LeftClusterRow,
        [{"record_id": record, "cluster_id": before[record]} for record in left],
    )
    delete_keys(connection, LeftClusterRow, [(record,) for record in plan.grouping.returning])


def _write_alarms(connection: Connection, plan: Plan) -> None:
    """Keep which components are too large, of all that the plan concerns."""
    columns, grouping = table(LargeComponentRow).c, plan.grouping
    if connection.execute(select(columns.size).limit(1)).first() is not None:
        concerned = {each.id for each in grouping.batch}.union(grouping.before, *grouping.groups)
        gone = [(plan.policy_id, record) for record in sorted(concerned)]
        delete_keys(connection, LargeComponentRow, gone)
    rows = [
        {"policy_id": plan.policy_id, "record_id": record, "size": size}
        for record, size in grouping.large.items()
    ]
    if rows:
        connection.execute(insert(table(LargeComponentRow)), rows)


def _tell(connection: Connection, plan: Plan) -> None:
    """Say with the records which forms could not be made of them in full."""
    groups = plan.grouping.groups
    placed = {record for records in groups for record in records}
    members = dict.fromkeys(plan.grouping.before.keys() - placed, 0)
    for position in plan.grouping.changed:
        members |= dict.fromkeys(groups[position], plan.clusters[position])
    found: dict[int, list[Problem]] = {}
    for each in plan.rendered:
        problems = [problem for form in each.forms for problem in form.problems]
        found.setdefault(each.cluster, []).extend(problems)
    formproblems.tell(connection, members, found, [kind.prefix for kind in forms.KINDS])


def _settle(connection: Connection, plan: Plan) -> None:
    """Take the batch off the list, but for records that changed again meanwhile."""
    delete_tuples(
        connection,
        DirtyRow,
        ("policy_id", "record_id", "rev"),
        [(plan.policy_id, each.id, each.dirty_rev) for each in plan.grouping.batch],
    )
