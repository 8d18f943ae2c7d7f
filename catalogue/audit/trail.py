"""What one transaction changes on somebody's behalf, written down before it ends.

Rows are read before the first statement that touches them and once more at the end, so whatever
the statements did, what is told is the difference. A transaction that changes nothing which is
kept row by row tells of the act alone, once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, event, insert, select
from sqlalchemy.sql.dml import Delete, Insert, Update, UpdateBase

from catalogue.audit.acting import Act
from catalogue.audit.watched import UNCOUNTED, WATCHED, Watched
from catalogue.clock import wall_clock
from catalogue.people_tables import AuditRow
from catalogue.sql import table as table_of

Row = Mapping[str, Any]

SECRET = "***"  # noqa: S105 - what stands in place of one
_MOST = 500
"""Rows of one transaction; of what goes beyond that the act alone is told."""
_LONGEST = 20_000
"""Characters of one side; a text that is longer is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Touched:
    """A row that a statement may change."""

    table: Table
    where: ColumnElement[bool] | None
    """What finds it again; None where ``after`` tells what was put in."""
    before: Row | None = None
    after: Row | None = None


@dataclass(frozen=True, slots=True)
class _Secret:
    """A value of which only that it changed may be told."""

    value: str


class Trail:
    """The trail of one transaction."""

    def __init__(self, connection: Connection, act: Act) -> None:
        self._connection = connection
        self._act = act
        self._touched: dict[tuple[Any, ...], _Touched] = {}
        self._more = 0
        self._other = False
        self._reading = False
        event.listen(connection, "before_execute", self._before)

    def end(self) -> bool:
        """Write down what was changed, and tell whether there was anything."""
        self._reading = True
        entries = [entry for each in self._touched.values() if (entry := self._entry(each))]
        if self._more or (self._other and not entries and not self._act.noted):
            more = {"rows": self._more} if self._more else {}
            entries.append(entry_of(self._act, after=more))
        if entries:
            self._connection.execute(insert(AuditRow), entries)
        return bool(entries)

    def _before(
        self,
        _connection: Connection,
        statement: Any,
        multiparams: Sequence[Row],
        params: Row,
        _options: Row,
    ) -> None:
        if self._reading or not isinstance(statement, UpdateBase):
            return
        changed = statement.table
        if not isinstance(changed, Table) or changed.name not in WATCHED:
            self._other |= getattr(changed, "name", "") not in UNCOUNTED
            return
        self._reading = True
        try:
            for given in multiparams or [params]:
                self._look(changed, statement, given)
        finally:
            self._reading = False

    def _look(self, changed: Table, statement: UpdateBase, given: Row) -> None:
        watched = WATCHED[changed.name]
        if isinstance(statement, Insert):
            self._inserted(changed, watched, self._values(statement, given))
        elif isinstance(statement, (Update, Delete)):
            where = statement.whereclause
            query = select(*changed.columns)
            query = query if where is None else query.where(where)
            for row in self._connection.execute(query.limit(_MOST + 1), given):
                self._touch(changed, dict(row._mapping))

    def _values(self, statement: Insert, given: Row) -> Row:
        compiled = statement.compile(
            dialect=self._connection.dialect, column_keys=list(given) or None
        )
        return {**compiled.params, **given}

    def _inserted(self, changed: Table, watched: Watched, values: Row) -> None:
        if not watched.key or any(values.get(name) is None for name in watched.key):
            known = {each.name: values.get(each.name) for each in changed.columns}
            self._keep((changed.name, id(known)), _Touched(table=changed, where=None, after=known))
            return
        where = and_(*(changed.c[name] == values[name] for name in watched.key))
        row = self._connection.execute(select(*changed.columns).where(where)).first()
        if row is not None:
            self._touch(changed, dict(row._mapping))
        else:
            named = (changed.name, *(values[name] for name in watched.key))
            self._keep(named, _Touched(table=changed, where=where))

    def _touch(self, changed: Table, row: Row) -> None:
        keys = [each.name for each in changed.primary_key]
        where = and_(*(changed.c[name] == row[name] for name in keys))
        named = (changed.name, "=", *(row[name] for name in keys))
        self._keep(named, _Touched(table=changed, where=where, before=dict(row)))

    def _keep(self, named: tuple[Any, ...], touched: _Touched) -> None:
        if named in self._touched:
            return
        if len(self._touched) >= _MOST:
            self._more += 1
            return
        self._touched[named] = touched

    def _entry(self, touched: _Touched) -> Row | None:
        row = self._now(touched)
        watched = WATCHED[touched.table.name]
        was, now = differing(_told(watched, touched.before), _told(watched, row))
        if not was and not now:
            return None
        name = str((row or touched.before or {}).get(watched.name) or "")
        return entry_of(self._act, kind=touched.table.name, name=name, before=was, after=now)

    def _now(self, touched: _Touched) -> Row | None:
        if touched.where is None:
            return touched.after
        found = self._connection.execute(select(*touched.table.columns).where(touched.where))
        row = found.first()
        return None if row is None else dict(row._mapping)


def entry_of(
    act: Act, *, kind: str = "", name: str = "", before: Row | None = None, after: Row | None = None
) -> Row:
    """Return the row of something that is written down."""
    return {
        "at": wall_clock(),
        "who": act.who,
        "way": act.way.value,
        "address": act.address,
        "act": act.act,
        "kind": kind,
        "object": name or act.object,
        "before": _json(before),
        "after": _json(after),
    }


def differing(before: Row | None, after: Row | None) -> tuple[Row | None, Row | None]:
    """Return what differs of a row, as it was and as it is, secrets left out; twice None: nothing.

    Of a row that was added or taken away, the side there is not is None.
    """
    if before is None or after is None:
        return _filled(before), _filled(after)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    was, now = ({name: _shown(each.get(name)) for name in names} for each in (before, after))
    return was, now


def _filled(row: Row | None) -> Row | None:
    if row is None:
        return None
    shown = {name: _shown(value) for name, value in row.items()}
    return {name: value for name, value in shown.items() if value not in (None, "", {})}


def _shown(value: Any) -> Any:
    if isinstance(value, _Secret):
        return SECRET if value.value else ""
    return value


def _told(watched: Watched, row: Row | None) -> Row | None:
    """Return of a row what may be told, texts that are JSON taken apart."""
    if row is None:
        return None
    told: dict[str, Any] = {}
    for name, value in row.items():
        if name in watched.ignored or name == "id":
            continue
        told |= dict(_parts(name, value, secret=name in watched.secret))
    return told


def _parts(name: str, value: Any, *, secret: bool) -> Iterator[tuple[str, Any]]:
    if secret or name.rpartition(".")[2] == "headers":
        # What is sent as a header may be a key.
        yield name, _Secret(str(value or ""))
        return
    opened = _opened(value)
    if isinstance(opened, dict) and opened:
        for below, each in opened.items():
            yield from _parts(f"{name}.{below}", each, secret=False)
    else:
        yield name, opened


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _json(side: Row | None) -> str:
    if side is None:
        return ""
    cut = {
        name: f"{str(value)[:_LONGEST]} ..." if len(str(value)) > _LONGEST else value
        for name, value in side.items()
    }
    return json.dumps(cut, ensure_ascii=False, default=str)


def note(connection: Connection, act: Act, kind: str, name: str, after: Row) -> None:
    """Write down something that no row tells: that somebody signed in, or tried to."""
    connection.execute(
        insert(table_of(AuditRow)), [entry_of(act, kind=kind, name=name, after=after)]
    )
