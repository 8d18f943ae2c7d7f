"""Stored forms made anew after something was published: a few at a time, under the hub clock.

Only items whose bytes come out otherwise get a new stamp, in the transaction that changes the
bytes; so whoever reads sees a record as it was or as it is, and whoever harvests misses no change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, tuple_, update

from catalogue import clock, crosswalks, queue
from catalogue.cluster import formproblems, read
from catalogue.database import Database
from catalogue.forms import Made
from catalogue.model import Lease
from catalogue.sql import chunks, table
from catalogue.stamps import live_items, stamp_items
from catalogue.tables import FormRow, MasterRow
from crosswalks import stored
from crosswalks.model import Problem, Record

STEP = 200
"""Forms of a transaction: SQLite's writers wait for as long as it takes."""
LOOK = 5000
"""Forms looked through at a time for some of another version."""

_forms, _masters = table(FormRow).c, table(MasterRow).c
_ORDER = (_forms.cluster_id, _forms.hash, _forms.prefix)


class Place(NamedTuple):
    """Where a form stands among all others."""

    cluster: int
    hash: str
    prefix: str


class Outdated(NamedTuple):
    """A form by another version, and the master it has to be made of."""

    place: Place
    version: str
    body: bytes
    record: Record


class Looked(NamedTuple):
    """The next outdated forms, and up to where there are no others; None: nothing is left."""

    outdated: list[Outdated]
    last: Place | None


class Anew(NamedTuple):
    """What came of an outdated form, and by which version."""

    before: Outdated
    version: str
    made: Made

    @property
    def is_another(self) -> bool:
        """Tell whether other bytes came out."""
        return self.made.body is not None and self.made.body != self.before.body


class Writer(NamedTuple):
    """Who makes forms anew, by which crosswalks, and what to note of how far it is."""

    lease: Lease
    edition: int
    note: str


class Rewritten(NamedTuple):
    """What became of some forms."""

    changed: int
    """Items that have other bytes, and another stamp."""
    same: int
    """Forms that came out as they were."""
    failed: int
    """Forms that could not be made; what was made of the record before stays."""


def look(
    database: Database, versions: Mapping[str, str], after: Place | None = None, step: int = STEP
) -> Looked:
    """Return the next forms that another version made than the one named for their prefix."""
    keys = (*_ORDER, _forms.version)
    query = select(*keys).where(_forms.prefix.in_(versions)).order_by(*_ORDER).limit(LOOK)
    if after is not None:
        query = query.where(tuple_(*_ORDER) > tuple_(*after))
    with database.reading_primary() as connection:
        rows = connection.execute(query).all()
        if not rows:
            return Looked([], None)
        found = [Place(*row[:3]) for row in rows if row.version != versions[row.prefix]]
        last = found[step - 1] if len(found) > step else Place(*rows[-1][:3])
        return Looked(_loaded(connection, found[:step]), last)


def _loaded(connection: Connection, places: Sequence[Place]) -> list[Outdated]:
    wanted = set(places)
    query = (
        select(*_ORDER, _forms.version, _forms.body, _masters.record)
        .join(
            table(MasterRow),
            (_masters.cluster_id == _forms.cluster_id) & (_masters.hash == _forms.hash),
        )
        .order_by(*_ORDER)
    )
    return [
        Outdated(Place(*row[:3]), row.version, row.body, stored.from_json(row.record))
        for chunk in chunks({place.cluster for place in places})
        for row in connection.execute(query.where(_forms.cluster_id.in_(chunk)))
        if Place(*row[:3]) in wanted
    ]


def put_again(database: Database, writer: Writer, made: Sequence[Anew]) -> Rewritten:
    """Store what came of some outdated forms, stamp the items that changed, and note how far it is.

    Raises LeaseLost or CrosswalksChanged, and then nothing is written.
    """
    changed = [each for each in made if each.is_another]

    def work(connection: Connection) -> Rewritten:
        # Before all other locks, as whoever publishes takes it.
        now = clock.read(connection, lock=True) if changed else None
        queue.note(connection, writer.lease, writer.note)
        crosswalks.check_edition(connection, writer.edition)
        _write(connection, made)
        items = 0
        if now is not None:
            stamp = max(now.closed, clock.wall_clock())
            items = _stamp(connection, {each.before.place[:2] for each in changed}, stamp)
            clock.close(connection, stamp)
        _tell(connection, made)
        failed = sum(each.made.body is None for each in made)
        return Rewritten(items, len(made) - len(changed) - failed, failed)

    return database.writing(work)


def _write(connection: Connection, made: Sequence[Anew]) -> None:
    # By version, so that what a placement has made meanwhile is left alone.
    this = (
        *(column == bindparam(f"b_{column.name}") for column in _ORDER),
        _forms.version == bindparam("b_version"),
    )
    both = update(table(FormRow)).where(*this).values(version=bindparam("b_now"))
    for statement, rows in (
        (both, [_row(each) for each in made if not each.is_another]),
        (
            both.values(body=bindparam("b_body")),
            [_row(each) | {"b_body": each.made.body} for each in made if each.is_another],
        ),
    ):
        if rows:
            connection.execute(statement, rows)


def _row(each: Anew) -> dict[str, Any]:
    cluster, content, prefix = each.before.place
    return {
        "b_cluster_id": cluster,
        "b_hash": content,
        "b_prefix": prefix,
        "b_version": each.before.version,
        "b_now": each.version,
    }


def _stamp(connection: Connection, contents: set[tuple[Any, ...]], stamp: int) -> int:
    """Stamp the items that show any of these contents; return how many."""
    shown = live_items(connection, {cluster for cluster, _ in contents})
    changed = {
        (view, cluster) for view, cluster, content in shown if (cluster, content) in contents
    }
    return stamp_items(connection, changed, stamp)


def _tell(connection: Connection, made: Sequence[Anew]) -> None:
    found: dict[int, list[Problem]] = {}
    for each in made:
        found.setdefault(each.before.place.cluster, []).extend(each.made.problems)
    prefixes = sorted({each.before.place.prefix for each in made})
    formproblems.tell(connection, read.members(connection, found), found, prefixes)
