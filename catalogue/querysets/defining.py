"""Sets named, described, changed and removed.

One that is removed is emptied and kept, so that whoever harvested it is told that its records left
it; its name can be used again.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select, true, update

from catalogue import clock
from catalogue.cluster.sets import name_of
from catalogue.database import Database
from catalogue.querysets.errors import (
    BadSetName,
    NoSuchSet,
    SetChanged,
    SetTaken,
    TooManySets,
)
from catalogue.querysets.model import ROOT, Language, QuerySet, read
from catalogue.search import planned
from catalogue.search.among import check
from catalogue.search.expression import Expression
from catalogue.shortnames import is_short_name
from catalogue.sql import insert_missing, table, upsert
from catalogue.tables import ItemSetRow, QuerySetRow, SetRow, ViewRow
from crosswalks.text import nfc

MOST = 200
"""Sets there may be: each is looked into whenever a cluster changes."""
_sets, _oai, _in_set = table(QuerySetRow).c, table(SetRow).c, table(ItemSetRow).c


def all(database: Database) -> list[QuerySet]:  # noqa: A001 - read as defining.all
    """Return the sets there are, by name."""
    with database.reading() as connection:
        return list(_read(connection).values())


def get(database: Database, name: str) -> QuerySet:
    """Return a set. Raises NoSuchSet."""
    with database.reading() as connection:
        return _one(connection, name)


def sizes(database: Database, view: str = "public") -> dict[str, int]:
    """Return how many records a view shows in each set, by its name."""
    return {name: counts.get(view, 0) for name, counts in sizes_by_view(database).items()}


def sizes_by_view(database: Database) -> dict[str, dict[str, int]]:
    """Return how many records each view shows in each set: by the set's name, then the view's."""
    # For each set by itself: joined, SQLite goes through the members of all sets there are.
    members = (
        select(func.count())
        .where(_in_set.view_id == ViewRow.id, _in_set.set_id == _sets.set_id, _in_set.present)
        .scalar_subquery()
    )
    query = (
        select(_oai.spec, ViewRow.name, members)
        .select_from(table(QuerySetRow))
        .join(table(SetRow), _oai.id == _sets.set_id)
        .join(ViewRow, true())
        .where(~_sets.removed)
    )
    found: dict[str, dict[str, int]] = {}
    with database.reading() as connection:
        for spec, view, count in connection.execute(query):
            found.setdefault(_name(spec), {})[view] = count
    return found


def views(database: Database) -> list[str]:
    """Return the names of the views that sets are filled for, the oldest first."""
    with database.reading() as connection:
        return list(connection.execute(select(ViewRow.name).order_by(ViewRow.id)).scalars())


def add(database: Database, wanted: QuerySet) -> None:
    """Define a set; its records are found in the background.

    Raises BadSetName, SetTaken, TooManySets, NotForASet, or QueryError for what is no query.
    """
    _check(wanted)

    def work(connection: Connection) -> None:
        clock.read(connection, lock=True)
        found = _read(connection)
        if wanted.name in found:
            raise SetTaken(name=wanted.name)
        if len(found) >= MOST:
            raise TooManySets(most=MOST)
        for spec, title in ((ROOT, name_of(ROOT)), (wanted.spec, wanted.title)):
            insert_missing(connection, SetRow, [{"spec": spec, "name": _sound(title)}])
        key = _key(connection, wanted.name)
        upsert(connection, QuerySetRow, [{"set_id": key, **_columns(wanted), "reached": 0}])
        _call(connection, key, wanted)

    database.writing(work)


def change(database: Database, wanted: QuerySet, seen: str = "") -> None:
    """Give a set another title, description or query.

    ``seen`` is the fingerprint that a person saw, which must still be the set's. Raises NoSuchSet,
    SetChanged and what ``add`` does.
    """
    _check(wanted)

    def work(connection: Connection) -> None:
        clock.read(connection, lock=True)
        before = _as_seen(connection, wanted.name, seen)
        key, columns = _key(connection, wanted.name), _columns(wanted)
        if (before.language, before.query) != (wanted.language, wanted.query):
            columns["reached"] = 0
        connection.execute(update(table(QuerySetRow)).where(_sets.set_id == key).values(columns))
        _call(connection, key, wanted)

    database.writing(work)


def remove(database: Database, name: str, seen: str = "") -> None:
    """Have all records leave a set, in the background. Raises NoSuchSet or SetChanged."""

    def work(connection: Connection) -> None:
        clock.read(connection, lock=True)
        _as_seen(connection, name, seen)
        these = update(table(QuerySetRow)).where(_sets.set_id == _key(connection, name))
        connection.execute(these.values(removed=True, reached=0))

    database.writing(work)


def looked_for(wanted: QuerySet) -> Expression:
    """Return what a set's query looks for. Raises QueryError or NotForASet."""
    return check(planned(read(wanted.language, wanted.query)))


def _sound(text: str) -> str:
    """Return a text on one line, without what XML cannot hold (XML 1.0 s2.2): ListSets has it."""
    shown = "".join(sign if sign.isprintable() else " " for sign in nfc(text))
    return " ".join(shown.split())


def _check(wanted: QuerySet) -> None:
    if not is_short_name(wanted.name):
        raise BadSetName(name=wanted.name)
    looked_for(wanted)


def _columns(wanted: QuerySet) -> dict[str, Any]:
    return {
        "language": wanted.language.value,
        "query": wanted.query,
        "description": _sound(wanted.description),
        "removed": False,
    }


def _call(connection: Connection, key: int, wanted: QuerySet) -> None:
    title = _sound(wanted.title) or wanted.name
    connection.execute(update(table(SetRow)).where(_oai.id == key).values(name=title))


def _one(connection: Connection, name: str) -> QuerySet:
    found = _read(connection)
    if name not in found:
        raise NoSuchSet(name=name)
    return found[name]


def _as_seen(connection: Connection, name: str, seen: str) -> QuerySet:
    found = _one(connection, name)
    if seen not in ("", found.fingerprint):
        raise SetChanged(name=name)
    return found


def _key(connection: Connection, name: str) -> int:
    spec = f"{ROOT}:{name}"
    return int(connection.execute(select(_oai.id).where(_oai.spec == spec)).scalar_one())


def _name(spec: str) -> str:
    return spec.removeprefix(f"{ROOT}:")


def _read(connection: Connection) -> dict[str, QuerySet]:
    query = (
        select(_oai.spec, _oai.name, *_sets)
        .join_from(table(QuerySetRow), table(SetRow), _oai.id == _sets.set_id)
        .where(~_sets.removed)
        .order_by(_oai.spec)
    )
    return {
        _name(row.spec): QuerySet(
            name=_name(row.spec),
            title=row.name,
            language=Language(row.language),
            query=row.query,
            description=row.description,
            known=row.reached is None,
        )
        for row in connection.execute(query)
    }
