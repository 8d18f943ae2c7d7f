"""The databases that can be searched, by every name they go by."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from catalogue import libraries
from catalogue.database import Database
from catalogue.members import groups
from catalogue.members.model import Group
from catalogue.membership.model import Membership
from catalogue.model import Library
from catalogue.search.columns import code

UNION = "union"
_REMEMBERED_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A database: its name, what people call it, and the libraries that it is narrowed to.

    ``tokens`` is how the index of words has libraries; those that share one are ``apart``. Without
    any it is empty, but for the union, which is narrowed to none.
    """

    name: str
    title: str = ""
    tokens: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    """Codes of libraries."""

    @property
    def is_union(self) -> bool:
        """Tell whether it is narrowed to no libraries."""
        return self.name == UNION


class Bases:
    """The databases; changes show within seconds."""

    def __init__(self, database: Database, title: str) -> None:
        self._database = database
        self._title = title
        self._read = 0.0
        self._named: Mapping[str, Base] = {}

    @property
    def are_known(self) -> bool:
        """Tell whether they need not be read again yet."""
        return bool(self._named) and time.monotonic() - self._read <= _REMEMBERED_SECONDS

    def named(self) -> Mapping[str, Base]:
        """Return the databases by name."""
        if not self.are_known:
            now = time.monotonic()
            # Who is only joining is at no door yet, by name either.
            known = [
                each
                for each in libraries.all(self._database)
                if each.standing is not Membership.JOINING
            ]
            grouped = groups.all(self._database)
            self._named = _by_name(known, grouped, self._title)
            self._read = now
        return self._named


def _by_name(known: Sequence[Library], grouped: Sequence[Group], title: str) -> Mapping[str, Base]:
    """Return databases by name, codes before aliases, as written before folded.

    One of a library that was taken over holds what the one that goes on has, too.
    """
    tokens = {each.code: code("library", each.code) for each in known}
    shared = {token for token, count in Counter(tokens.values()).items() if count > 1}
    heirs = {each.code: each.successor for each in known}

    def base(name: str, called: str, codes: Sequence[str]) -> Base:
        held = [(each, tokens[each]) for each in codes if each in tokens]
        apart = [each for each, token in held if token in shared]
        own = [token for _, token in held if token not in shared]
        return Base(name=name, title=called, tokens=tuple(own), apart=tuple(apart))

    bases = {each.code: base(each.code, each.name, _line(each.code, heirs)) for each in known}
    bases |= {each.code: base(each.code, each.label, each.members) for each in grouped}
    named = {UNION: Base(name=UNION, title=title)} | bases
    aliases = [(alias, bases[each.code]) for each in known for alias in each.aliases]
    for name, found in aliases:
        named.setdefault(name, found)
    for name, found in [*bases.items(), *aliases]:
        named.setdefault(name.casefold(), found)
    return MappingProxyType(named)


def _line(code: str, heirs: Mapping[str, str]) -> list[str]:
    """Return a library and those that took over from it, one after the other."""
    found = [code]
    while (heir := heirs.get(found[-1], "")) and heir not in found:
        found.append(heir)
    return found
