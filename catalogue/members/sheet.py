"""Members and groups as a file: written out, compared with what there is, and applied whole.

What applying would do is found by doing it in a transaction that is then given up; so the
difference that people are shown is what they get.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection

from catalogue import clock, libraries
from catalogue.database import Database
from catalogue.lending import keeping as lending
from catalogue.lending.model import NAMES as LENDING
from catalogue.lending.model import Lending
from catalogue.members import agreements, contacts, entries, groups
from catalogue.members.entries import Entry, Sheet, at_line
from catalogue.members.errors import BadEntry, MembersChanged
from catalogue.members.model import Agreement, Contact, Group
from catalogue.model import Library
from crosswalks.errors import Said

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What applying a file does to a library or a group."""

    name: str
    kind: str
    """``add`` or ``change``."""
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class _GivenUp(Exception):
    def __init__(self, changes: list[Change]) -> None:
        self.changes = changes


def export(database: Database) -> dict[str, list[Plain]]:
    """Return all groups and libraries as plain values; to apply these changes nothing."""
    with database.reading() as connection:
        return {
            "groups": list(_groups(connection).values()),
            "libraries": list(_libraries(connection).values()),
        }


def plan(database: Database, sheet: Sheet) -> list[Change]:
    """Return what ``apply`` would change, by code. Raises BadEntry where it would."""

    def work(connection: Connection) -> None:
        raise _GivenUp(_apply(connection, sheet))

    try:
        database.writing(work)
    except _GivenUp as given_up:
        return given_up.changes
    return []


def apply(database: Database, sheet: Sheet, seen: list[Change] | None = None) -> list[Change]:
    """Make members and groups as a file says, all or nothing, and return what changed.

    ``seen`` is the difference that a person saw, which it must still be. Raises BadEntry or
    MembersChanged.
    """

    def work(connection: Connection) -> list[Change]:
        changes = _apply(connection, sheet)
        if seen not in (None, changes):
            raise MembersChanged
        return changes

    return database.writing(work)


def _apply(connection: Connection, sheet: Sheet) -> list[Change]:
    clock.read(connection, lock=True)
    before = (_groups(connection), _libraries(connection))
    for entry in sheet.groups:
        _apply_group(connection, entry)
    _Libraries(connection).apply(sheet.libraries)
    after = (_groups(connection), _libraries(connection))
    return [
        Change(
            name=code,
            kind="change" if code in was else "add",
            before=was.get(code, {}),
            after=plain,
        )
        for was, now in zip(before, after, strict=True)
        for code, plain in now.items()
        if was.get(code) != plain
    ]


def _groups(connection: Connection) -> dict[str, Plain]:
    return {
        each.code: {name: str(getattr(each, name)) for name in entries.GROUP}
        for each in groups.read(connection)
    }


def _libraries(connection: Connection) -> dict[str, Plain]:
    people, signed = contacts.by_library(connection), agreements.by_library(connection)
    lent = lending.by_library(connection)
    grouped: dict[str, list[str]] = {}
    for group in groups.read(connection):
        for code in group.members:
            grouped.setdefault(code, []).append(group.code)
    return {
        each.code: _plain(each)
        | {
            "groups": grouped.get(each.code, []),
            "contacts": [_short(one, entries.CONTACT) for one in people.get(each.code, ())],
            "agreements": [_short(one, entries.AGREEMENT) for one in signed.get(each.code, ())],
            "lending": _short(lent.get(each.code, Lending()), LENDING),
        }
        for each in libraries.read(connection)
    }


def _plain(library: Library) -> Plain:
    told = asdict(library) | {
        "type": library.kind,
        "aliases": list(library.aliases),
        "sharing": library.sharing.value,
        "standing": library.standing.value,
    }
    return {name: told.get(name) for name in entries.LIBRARY}


def _short(value: Any, names: tuple[str, ...]) -> Plain:
    return {name: str(getattr(value, name)) for name in names if getattr(value, name)}


def _apply_group(connection: Connection, entry: Entry) -> None:
    entries.check(entry, entries.GROUP)
    code = entries.code(entry)
    named = {name: entry[name] for name in ("name_vi", "name_en") if name in entry}
    if "basis" in entry:
        named["basis"] = entries.basis(entry)
    known = {each.code: each for each in groups.read(connection)}
    with at_line(entry.line):
        if code not in known:
            groups.add_within(connection, Group(**{"code": code, **named}))
        elif (wanted := replace(known[code], **named)) != known[code]:
            groups.change_within(connection, known[code], wanted)


class _Libraries:
    """The libraries of a file, found by any of their codes and applied one after the other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known = {each.code: each for each in libraries.read(connection)}
        self._named = libraries.codes(connection)
        self._people = contacts.by_library(connection)
        self._signed = agreements.by_library(connection)
        self._groups: dict[str, set[str]] = {}
        for group in groups.read(connection):
            for code in group.members:
                self._groups.setdefault(code, set()).add(group.code)

    def apply(self, found: tuple[Entry, ...]) -> None:
        """Apply entries: what they give up first, then what they are, then what leads between."""
        wanted = self._wanted(found)
        for code, entry in wanted.items():
            if code in self._known and "aliases" in entry:
                self._give_up(code, entry)
        for code, entry in wanted.items():
            with at_line(entry.line):
                self._apply(code, entry)
        self._named = libraries.codes(self._connection)
        for code, entry in wanted.items():
            if "successor" in entry:
                with at_line(entry.at("successor")):
                    given = entry["successor"].strip()
                    self._change(code, {"successor": self._named.get(given, given)})

    def _wanted(self, found: tuple[Entry, ...]) -> dict[str, Entry]:
        wanted: dict[str, Entry] = {}
        for entry in found:
            entries.check(entry, entries.LIBRARY)
            given = entries.code(entry)
            code = self._named.get(given, given)
            if code in wanted:
                said = Said("library {code} stands here a second time.", {"code": code})
                raise BadEntry(line=entry.line, reason=said)
            wanted[code] = entry
        return wanted

    def _give_up(self, code: str, entry: Entry) -> None:
        """Free the other codes that a library has no more: another one may take them."""
        before = self._known[code]
        kept = tuple(sorted({*before.aliases} & {*entries.library(entry)["aliases"]}))
        self._change(code, {"aliases": kept})

    def _apply(self, code: str, entry: Entry) -> None:
        changes = entries.library(entry)
        changes.pop("successor", None)
        if code not in self._known:
            library = Library(code=code, **changes)
            libraries.insert_library(self._connection, library)
            self._known[code] = library
        else:
            self._check_standing(code, entry, changes)
            self._change(code, changes)
        if "groups" in entry and {*entry["groups"]} != self._groups.get(code, set()):
            with at_line(entry.at("groups")):
                groups.put_into(self._connection, code, entry["groups"])
        if "contacts" in entry:
            with at_line(entry.at("contacts")):
                self._meet(code, [*map(contacts.sound, entries.contacts(entry))])
        if "lending" in entry:
            with at_line(entry.at("lending")):
                self._lend(code, lending.sound(entries.lending(entry)))
        if "agreements" in entry:
            with at_line(entry.at("agreements")):
                self._agree(code, [*map(agreements.sound, entries.agreements(entry))])

    def _meet(self, code: str, wanted: list[Contact]) -> None:
        before = sorted(each.fingerprint for each in self._people.get(code, ()))
        if before != sorted(each.fingerprint for each in wanted):
            key = libraries.key_of(self._connection, code)
            contacts.replace_within(self._connection, key, code, wanted)

    def _lend(self, code: str, wanted: Lending) -> None:
        key = libraries.key_of(self._connection, code)
        if lending.of_library(self._connection, key) != wanted:
            lending.put_within(self._connection, key, wanted)

    def _agree(self, code: str, wanted: list[Agreement]) -> None:
        before = self._signed.get(code, [])
        if len({*wanted}) < len(wanted) or not {*wanted} <= {*before}:
            key = libraries.key_of(self._connection, code)
            agreements.replace_within(self._connection, key, code, wanted)

    def _check_standing(self, code: str, entry: Entry, changes: Plain) -> None:
        now = self._known[code].standing
        if changes.pop("standing", now) is not now:
            said = Said(
                "library {code} is {standing}; a file does not change how a library stands.",
                {"code": code, "standing": now.value},
            )
            raise BadEntry(line=entry.at("standing"), reason=said)

    def _change(self, code: str, changes: Plain) -> None:
        before = self._known[code]
        if replace(before, **changes) == before:
            return
        key = libraries.key_of(self._connection, code)
        self._known[code] = libraries.change_within(self._connection, key, before, changes)
