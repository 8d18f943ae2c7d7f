"""Taking a list in: beside what is there, batch by batch, and then all of it at one moment.

What is the same as before is left alone, so the same file taken in again changes nothing. Until the
last moment every reader sees the earlier list, and so it stays if the import breaks off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import IO, Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from catalogue import clock
from catalogue.authorities.errors import (
    BadListCode,
    ImportOvertaken,
    ListWouldShrink,
    NothingInList,
    UnknownAuthorityFile,
)
from catalogue.authorities.forms import forms
from catalogue.authorities.keeping import clear
from catalogue.authorities.model import CODE, Outcome
from catalogue.authorities.review import work_out
from catalogue.authorities.tables import (
    AuthorityKeyRow,
    AuthorityNameRow,
    AuthorityRow,
    IdentifierRow,
    ListRow,
)
from catalogue.database import Database
from catalogue.sql import Lookup, insert_tuples, table
from crosswalks import stored
from crosswalks.authorities.model import Entry, Kind, Read, Relation
from crosswalks.authorities.reading import FORMS, read, sniffed
from crosswalks.collation import order
from crosswalks.errors import Said
from crosswalks.text import nfc

_lists, _rows = table(ListRow).c, table(AuthorityRow).c
_STEP = 250
MOST_TOLD = 1000
"""Records that cannot be taken in, told one by one; more are only counted."""
_FEW = 10
"""Headings of a list that may go at once, whatever share they are."""
_ORDERED = 80
_LONGEST_ID = 300
_HELD = Lookup(
    select(_rows.id, _rows.number, _rows.hash, _rows.since, _rows.seen).where(
        _rows.list_id == bindparam("list")
    ),
    _rows.number,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """Which list a file is, and who gives it."""

    code: str
    name: str = ""
    """Empty: the name it has, else its code."""
    kind: Kind | None = None
    """Of headings that do not tell theirs; none: as before, else topics."""
    author: str = ""
    accepts: bool = False
    """Also where more than half of the list would go."""


class _Begun(NamedTuple):
    """An import under way."""

    list: int
    code: str
    attempt: int
    version: int
    before: int
    """Headings that the list had."""


@dataclass(slots=True)
class _Counts:
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: int = 0
    told: list[Read] = field(default_factory=list)

    def refuse(self, refused: Read) -> None:
        self.problems += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(refused)

    @property
    def headings(self) -> int:
        return self.added + self.changed + self.unchanged


def check(code: str) -> None:
    """Raise BadListCode for what cannot be the code of a list."""
    if not CODE.fullmatch(code):
        raise BadListCode(code=code)


def kind_of(database: Database, giving: Giving) -> Kind:
    """Return the kind of headings that do not tell theirs."""
    if giving.kind is not None:
        return giving.kind
    with database.reading_primary() as connection:
        query = select(_lists.kind).where(_lists.code == giving.code)
        return Kind(connection.execute(query).scalar_one_or_none() or Kind.TOPIC)


class File(NamedTuple):
    """A file of authorities: its first bytes (``reading.HEAD``), and all of it from the start."""

    head: bytes
    stream: IO[bytes]
    form: str = ""
    """As it is called in ``FORMS``; empty: by its looks."""


def take_file(database: Database, giving: Giving, file: File) -> Outcome:
    """Make a list what a file says.

    Raises UnknownAuthorityFile, or what ``take`` raises.
    """
    check(giving.code)
    form = file.form or sniffed(file.head)
    if form not in FORMS:
        raise UnknownAuthorityFile(forms=", ".join(FORMS))
    return take(database, giving, read(file.stream, form, kind_of(database, giving)))


def take(database: Database, giving: Giving, entries: Iterable[Read]) -> Outcome:
    """Make a list what these entries say; tell what changed and what could not be taken in.

    Raises BadListCode, NothingInList, ListWouldShrink or ImportOvertaken; nothing is changed then.
    """
    check(giving.code)
    begun = database.writing(lambda connection: _begin(connection, giving))
    counts = _Counts()
    try:
        for batch in _batches(entries):
            _put(database, begun, batch, counts)
        removed = begun.before - counts.unchanged - counts.changed
        _decide(begun, giving, counts, removed)
        database.writing(lambda connection: _finish(connection, begun, giving, counts.headings))
    finally:
        clear(database, begun.list, begun.attempt)
        database.writing(lambda connection: _forget(connection, begun))
    work_out(database)
    return Outcome(
        code=giving.code,
        headings=counts.headings,
        added=counts.added,
        changed=counts.changed,
        unchanged=counts.unchanged,
        removed=removed,
        problems=counts.problems,
        told=tuple(counts.told),
    )


def _begin(connection: Connection, giving: Giving) -> _Begun:
    query = select(table(ListRow)).where(_lists.code == giving.code)
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        made = {
            "code": giving.code,
            "name": nfc(giving.name.strip()) or giving.code,
            "kind": (giving.kind or Kind.TOPIC).value,
            "author": giving.author,
        }
        empty = dict.fromkeys(("version", "attempt", "headings", "imported"), 0)
        values = table(ListRow).insert().values(**made, widens=True, **empty)
        connection.execute(values)
        row = connection.execute(query).one()
    attempt = row.attempt + 1
    connection.execute(update(ListRow).where(_lists.id == row.id).values(attempt=attempt))
    return _Begun(row.id, row.code, attempt, row.version, row.headings)


def _batches(entries: Iterable[Read]) -> Iterator[list[Read]]:
    rest = iter(entries)
    while batch := list(islice(rest, _STEP)):
        yield batch


def _put(database: Database, begun: _Begun, batch: Sequence[Read], counts: _Counts) -> None:
    """Write a batch down in one transaction, and count once it is committed."""
    done = database.writing(lambda connection: _written(connection, begun, batch))
    counts.added += done.added
    counts.changed += done.changed
    counts.unchanged += done.unchanged
    for refused in done.told:
        counts.refuse(refused)


def _written(connection: Connection, begun: _Begun, batch: Sequence[Read]) -> _Counts:
    _still_ours(connection, begun)
    counts = _Counts()
    entries: dict[str, tuple[Read, Entry, str]] = {}
    for each in batch:
        if each.entry is None:
            counts.told.append(each)
        elif each.entry.number in entries:
            counts.told.append(_again(each))
        else:
            body = each.entry.to_json()
            entries[each.entry.number] = (each, each.entry, _hash(body))
    held: dict[str, Any] = {}
    for row in _HELD.rows(connection, list(entries), list=begun.list):
        if row[3] == begun.attempt or row[4] == begun.attempt:
            # Written by this very import: the file has the number twice.
            if found := entries.pop(row[1], None):
                counts.told.append(_again(found[0]))
        elif row[3] <= begun.version <= row[4]:
            held[row[1]] = row
    same = {
        number: held[number][0]
        for number, (_, _, mark) in entries.items()
        if number in held and held[number][2] == mark
    }
    new = [(entry, mark) for number, (_, entry, mark) in entries.items() if number not in same]
    _touch(connection, begun, list(same.values()))
    _insert(connection, begun, new)
    counts.unchanged = len(same)
    counts.changed = sum(entry.number in held for entry, _ in new)
    counts.added = len(new) - counts.changed
    return counts


def _still_ours(connection: Connection, begun: _Begun) -> None:
    query = select(_lists.attempt).where(_lists.id == begun.list)
    if connection.execute(query).scalar_one_or_none() != begun.attempt:
        raise ImportOvertaken(code=begun.code)


def _again(each: Read) -> Read:
    number = each.entry.number if each.entry else ""
    reason = Said(
        "the file has its number twice, or not next to each other: {number}", {"number": number}
    )
    return Read(each.place, None, reason)


def _hash(body: str) -> str:
    return blake2b(body.encode(), digest_size=16).hexdigest()


def _touch(connection: Connection, begun: _Begun, same: Sequence[int]) -> None:
    if same:
        seen = update(AuthorityRow).where(_rows.id.in_(same)).values(seen=begun.attempt)
        connection.execute(seen)


_AUTHORITY = (
    *("id", "list_id", "number", "kind", "heading", "order", "identities", "body", "hash"),
    *("since", "seen"),
)


def _insert(connection: Connection, begun: _Begun, new: Sequence[tuple[Entry, str]]) -> None:
    rows, names, keys, identifiers = [], [], [], []
    for entry, mark in new:
        number = _row_id(begun, entry.number)
        told = (entry.kind.value, entry.heading, order(entry.heading[:_ORDERED]))
        made = (_identities(entry), entry.to_json(), mark, begun.attempt, begun.attempt)
        rows.append((number, begun.list, entry.number, *told, *made))
        texts = dict.fromkeys([entry.heading, *(name.text for name in entry.names)])
        for at, text in enumerate(texts):
            names.append((number, at, entry.kind.value, text, order(text[:_ORDERED])))
        keys += _keys(number, entry, texts)
        identifiers += [(value, number) for value in _identifiers(entry)]
    insert_tuples(connection, AuthorityRow, _AUTHORITY, rows)
    columns = ("authority_id", "at", "kind", "text", "order")
    insert_tuples(connection, AuthorityNameRow, columns, names)
    insert_tuples(
        connection, AuthorityKeyRow, ("key", "authority_id", "exact", "established"), keys
    )
    insert_tuples(connection, IdentifierRow, ("value", "authority_id"), identifiers)


def _row_id(begun: _Begun, number: str) -> int:
    told = f"{begun.list}\0{number}\0{begun.attempt}".encode()
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big") >> 1


def _keys(number: int, entry: Entry, texts: Iterable[str]) -> list[tuple[str, int, str, bool]]:
    found: dict[str, tuple[str, int, str, bool]] = {}
    for text in texts:
        for form in forms(text, entry.kind):
            row = (form.key, number, " ".join(form.exact), text == entry.heading)
            found.setdefault(form.key, row)
    return list(found.values())


def _identities(entry: Entry) -> str:
    found = [
        (each.number, each.text) for each in entry.related if each.relation is Relation.IDENTITY
    ]
    return stored.compact(found) if found else ""


def _identifiers(entry: Entry) -> list[str]:
    """Return by what $0 and $1 may name it: addresses, and numbers with their agency's code."""
    found = dict.fromkeys((entry.number, *entry.same))
    return [value for value in found if value and len(value) <= _LONGEST_ID]


def _decide(begun: _Begun, giving: Giving, counts: _Counts, removed: int) -> None:
    if not counts.headings:
        raise NothingInList(problems=counts.problems)
    if removed > max(_FEW, begun.before // 2) and not giving.accepts:
        raise ListWouldShrink(code=begun.code, before=begun.before, removed=removed)


def _finish(connection: Connection, begun: _Begun, giving: Giving, headings: int) -> None:
    """Have the import count, from here on and at every door."""
    clock.invalidate(connection)
    _still_ours(connection, begun)
    told = {"name": nfc(giving.name.strip())} if giving.name.strip() else {}
    told |= {"kind": giving.kind.value} if giving.kind else {}
    connection.execute(
        update(ListRow)
        .where(_lists.id == begun.list)
        .values(
            version=begun.attempt,
            headings=headings,
            imported=clock.wall_clock(),
            author=giving.author,
            **told,
        )
    )


def _forget(connection: Connection, begun: _Begun) -> None:
    """Take a list away that never came to be."""
    never = (_lists.id == begun.list, _lists.version == 0, _lists.attempt == begun.attempt)
    connection.execute(delete(ListRow).where(*never))
