"""What stands in a file of members, read entry by entry: each knows its line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from catalogue.lending.model import NAMES as LENDING
from catalogue.lending.model import Lending, Lends
from catalogue.members.errors import BadEntry
from catalogue.members.model import Agreement, Basis, Contact
from catalogue.membership.model import Membership
from catalogue.model import Sharing
from crosswalks.errors import Error, Said

Choice = TypeVar("Choice", bound=StrEnum)

GROUP = ("code", "name_vi", "name_en", "basis")
LIBRARY = (
    *("code", "name", "type", "region", "groups", "aliases", "sharing", "fields", "licence"),
    *("rights", "standing", "valid_from", "valid_to", "successor", "contacts", "agreements"),
    "lending",
)
CONTACT = ("name", "role", "mail", "phone", "notes")
AGREEMENT = ("number", "signed", "scope", "valid_from", "valid_to", "reference", "note")
_LISTS = frozenset({"groups", "aliases"})
_ENTRIES = {"contacts": CONTACT, "agreements": AGREEMENT}
_ENTRY = {"lending": LENDING}


class Entry(dict[str, Any]):
    """Named values of a file: texts, lists of texts, and lists of entries."""

    def __init__(
        self, values: Mapping[str, Any], line: int = 0, lines: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(values)
        self.line = line
        """Where it begins, from 1."""
        self.lines = dict(lines or {})
        """Where each value stands."""

    def at(self, name: str) -> int:
        """Return the line of a value, or where the entry begins."""
        return self.lines.get(name, self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole file: what it does not name stays as it is."""

    groups: tuple[Entry, ...] = ()
    libraries: tuple[Entry, ...] = ()


@contextmanager
def at_line(line: int) -> Iterator[None]:
    """Say of what is refused within on which line it stands. Raises BadEntry."""
    try:
        yield
    except BadEntry:
        raise
    except Error as error:
        raise BadEntry(line=line, reason=Said(type(error).template(), error.details)) from error


def check(entry: Entry, known: Collection[str]) -> None:
    """Raise BadEntry for names that nothing is called by, and values of the wrong shape."""
    for name, value in entry.items():
        if name not in known:
            raise BadEntry(line=entry.at(name), reason=unknown(name, known))
        _check_shape(entry, name, value)


def unknown(name: str, known: Collection[str]) -> Said:
    """Return what is said of a name that nothing is called by."""
    details = {"name": name, "known": ", ".join(known)}
    return Said("there is nothing called {name} here; there is: {known}.", details)


def _check_shape(entry: Entry, name: str, value: Any) -> None:
    if name in _LISTS:
        fits = _is_list(value, str)
    elif name in _ENTRIES:
        fits = _is_list(value, Entry)
    elif name in _ENTRY:
        fits = isinstance(value, Entry) or value == ""
    else:
        fits = isinstance(value, str)
    if not fits:
        said = Said("{name} is written otherwise; see how export writes it.", {"name": name})
        raise BadEntry(line=entry.at(name), reason=said)
    for each in value if name in _ENTRIES else ():
        check(each, _ENTRIES[name])
    if name in _ENTRY and value:
        check(value, _ENTRY[name])


def _is_list(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(each, kind) for each in value)


def code(entry: Entry) -> str:
    """Return an entry's code. Raises BadEntry where it has none."""
    found = str(entry.get("code", "")).strip()
    if not found:
        raise BadEntry(line=entry.line, reason=Said("an entry needs a code.", {}))
    return found


def choice(entry: Entry, name: str, of: type[Choice]) -> Choice:
    """Return which of some words a value is. Raises BadEntry."""
    given = entry[name].strip()
    if given not in set(of):
        known = ", ".join(each.value for each in of if each.value)
        details = {"given": given, "name": name, "known": known}
        said = Said("{given} cannot be {name}; it must be one of: {known}.", details)
        raise BadEntry(line=entry.at(name), reason=said)
    return of(given)


def library(entry: Entry) -> dict[str, Any]:
    """Return what an entry says of a library itself, as ``libraries.change`` takes it."""
    plain = ("name", "region", "fields", "licence", "rights", "valid_from", "valid_to", "successor")
    found: dict[str, Any] = {name: entry[name].strip() for name in plain if name in entry}
    if "type" in entry:
        found["kind"] = entry["type"]
    if "aliases" in entry:
        found["aliases"] = tuple(sorted(dict.fromkeys(map(str.strip, entry["aliases"]))))
    if "sharing" in entry:
        found["sharing"] = choice(entry, "sharing", Sharing)
    if "standing" in entry:
        found["standing"] = choice(entry, "standing", Membership)
    return found


def basis(entry: Entry) -> Basis:
    """Return what the libraries of a group have in common. Raises BadEntry."""
    return choice(entry, "basis", Basis)


def contacts(entry: Entry) -> list[Contact]:
    """Return an entry's contacts."""
    return [Contact(**{"name": "", **each}) for each in entry["contacts"]]


def agreements(entry: Entry) -> list[Agreement]:
    """Return an entry's agreements."""
    return [Agreement(**{"number": "", **each}) for each in entry["agreements"]]


def lending(entry: Entry) -> Lending:
    """Return how an entry's library lends; an empty one tells nothing. Raises BadEntry."""
    told = entry["lending"] or Entry({})
    lends = choice(told, "lends", Lends) if "lends" in told else Lends.NOT_TOLD
    return Lending(**{**told, "lends": lends})
