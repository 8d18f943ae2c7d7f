"""What a placement gives out: items, masters, forms, sets and search rows of the clusters it made.

Part of T2: an item is stamped only if its bytes or its sets change, and what left a view or a set
stays there as a deletion.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from catalogue import forms
from catalogue.cluster.render import Form, Rendered
from catalogue.cluster.sets import IMPROVED
from catalogue.improved.keeping import keep
from catalogue.merge import PLACEHOLDER_STAMP
from catalogue.querysets.members import members, query_keys
from catalogue.rows import upsert_many
from catalogue.search import store as search
from catalogue.sql import Lookup, Query, chunks, insert_missing, table
from catalogue.stamps import sets_held
from catalogue.tables import FormRow, ItemRow, ItemSetRow, MasterRow, SetRow, ViewRow


def publish(
    connection: Connection, rendered: Sequence[Rendered], clusters: Collection[int], stamp: int
) -> None:
    """Bring the items of these clusters in all views up to date, stamping those that change.

    A cluster that no view shows as ``rendered`` any more is deleted where it was shown.
    """
    before = _items(connection, clusters)
    wanted = {(view, each.cluster): each for each in rendered for view in each.views}
    sets = _set_keys(connection, rendered)
    held = sets_held(connection, clusters)
    by_query, improved = query_keys(connection), _improved_keys(connection)
    now_in = {key: _keys(sets, each) for key, each in wanted.items()}
    had = {key: held.get(key, set()) - by_query - (improved - now_in[key]) for key in wanted}
    changed = {
        key: each
        for key, each in wanted.items()
        if before.get(key) != (False, each.hash) or had[key] != now_in[key]
    }
    left = {key for key, (deleted, _) in before.items() if not deleted} - wanted.keys()
    _write_masters(connection, rendered, stamp)
    upsert_many(
        connection,
        ItemRow,
        [_item(key, each.hash, stamp) for key, each in changed.items()]
        + [_item(key, "", stamp) for key in left],
    )
    keep(connection, rendered, clusters, stamp)
    _write_search(connection, {cluster for _, cluster in (*changed, *left)}, rendered)
    found = members(connection, {cluster for _, cluster in changed})
    now = {key: now_in[key] | found.get(key, set()) for key in changed}
    _write_sets(connection, now | {key: set() for key in left}, held, stamp)
    # Who has loaded what it got back leaves its set: a change of that set, not of the item, or
    # each record that a library overlays would be given out to everybody once more.
    done = {key: held.get(key, set()) & improved - now_in[key] for key in wanted.keys() - changed}
    _write_sets(connection, {key: set() for key in done}, done, stamp)
    _forget_unused(connection, {cluster for _, cluster in before})


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
    return {
        (view, cluster): (bool(deleted), content)
        for view, cluster, deleted, content in _ITEMS.tuples(connection, clusters)
    }


def _views() -> Query:
    """Return all views: the items' key begins with them, and is of no use without them."""
    return select(ViewRow.id)


_ITEMS = Lookup(
    select(ItemRow.view_id, ItemRow.cluster_id, ItemRow.deleted, ItemRow.hash).where(
        ItemRow.view_id.in_(_views())
    ),
    ItemRow.cluster_id,
)


def _keys(sets: Mapping[str, int], each: Rendered) -> set[int]:
    return {sets[spec] for spec in each.sets}


def _improved_keys(connection: Connection) -> frozenset[int]:
    """Return the keys of the sets of what libraries get back, the root among them."""
    spec = table(SetRow).c.spec
    wanted = select(SetRow.id).where((spec == IMPROVED) | spec.startswith(f"{IMPROVED}:"))
    return frozenset(connection.execute(wanted).scalars())


def _set_keys(connection: Connection, rendered: Iterable[Rendered]) -> dict[str, int]:
    """Return the keys of all sets named, making those that are new and naming them as now."""
    names = {spec: name for each in rendered for spec, name in each.sets.items()}
    found = _sets_named(connection, names)
    missing = [{"spec": spec, "name": name} for spec, name in names.items() if spec not in found]
    if missing:
        insert_missing(connection, SetRow, missing)
        found = _sets_named(connection, names)
    for spec, (_, name) in found.items():
        if name != names[spec]:
            connection.execute(update(SetRow).where(SetRow.spec == spec).values(name=names[spec]))
    return {spec: key for spec, (key, _) in found.items()}


def _sets_named(connection: Connection, specs: Collection[str]) -> dict[str, tuple[int, str]]:
    return {row.spec: (row.id, row.name) for row in _SETS.rows(connection, specs)}


_SETS = Lookup(select(SetRow.spec, SetRow.id, SetRow.name), SetRow.spec)


def _write_sets(
    connection: Connection,
    wanted: Mapping[tuple[int, int], set[int]],
    held: Mapping[tuple[int, int], set[int]],
    stamp: int,
) -> None:
    """Restamp the sets an item is in, and mark those it left as deleted there."""
    upsert_many(
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
    """Store new contents; of known ones only what stands beside the record may have changed."""
    told = forms.date_of(stamp)
    known = _stored(connection, [each.cluster for each in rendered])
    new = [each for each in rendered if (each.cluster, each.hash) not in known]
    upsert_many(connection, MasterRow, [_master(each, told, stamp) for each in new])
    upsert_many(
        connection, FormRow, [_form(each, form, told) for each in new for form in each.forms]
    )
    beside = [
        {
            "b_cluster": each.cluster,
            "b_hash": each.hash,
            "b_from": each.provenance,
            "b_held": each.holdings,
        }
        for each in rendered
        if (each.cluster, each.hash) in known
    ]
    if beside:
        connection.execute(_BESIDE, beside)


_BESIDE = (
    update(table(MasterRow))
    .where(
        table(MasterRow).c.cluster_id == bindparam("b_cluster"),
        table(MasterRow).c.hash == bindparam("b_hash"),
    )
    .values(provenance=bindparam("b_from"), holdings=bindparam("b_held"))
)


def _master(each: Rendered, told: str, stamp: int) -> dict[str, Any]:
    return {
        "cluster_id": each.cluster,
        "hash": each.hash,
        "stamp": stamp,
        "record": each.record.replace(PLACEHOLDER_STAMP, told, 1),
        "provenance": each.provenance,
        "holdings": each.holdings,
    }


def _form(each: Rendered, form: Form, told: str) -> dict[str, Any]:
    return {
        "cluster_id": each.cluster,
        "hash": each.hash,
        "prefix": form.prefix,
        "version": form.version,
        "body": form.stamped(told),
    }


def _stored(connection: Connection, clusters: Collection[int]) -> set[tuple[int, str]]:
    """Return which contents are stored already: these keep their 005 and their bytes."""
    return {(cluster, content) for cluster, content, _ in _STAMPS.tuples(connection, clusters)}


def _write_search(
    connection: Connection, clusters: Collection[int], rendered: Iterable[Rendered]
) -> None:
    found = [each for each in rendered if each.cluster in clusters]
    stamps = _stamps(connection, {each.cluster for each in found})
    search.replace(
        connection,
        clusters,
        [
            search.Indexed(
                each.cluster,
                each.document,
                frozenset(each.views),
                stamps[each.cluster, each.hash],
            )
            for each in found
        ],
    )


_STAMPS = Lookup(
    select(MasterRow.cluster_id, MasterRow.hash, MasterRow.stamp), MasterRow.cluster_id
)


def _stamps(connection: Connection, clusters: Collection[int]) -> dict[tuple[int, str], int]:
    return {
        (cluster, content): stamp
        for cluster, content, stamp in _STAMPS.tuples(connection, clusters)
    }


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
