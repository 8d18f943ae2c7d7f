"""The databases that can be searched, by every name they go by."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from catalogue import libraries
from catalogue.database import Database
from catalogue.model import Library
from catalogue.search.columns import code

UNION = "union"
_REMEMBERED_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A database: its name, what people call it, and the one library it is narrowed to, if any.

    ``token`` is how the index of words has that library, empty where another one is told likewise.
    """

    name: str
    title: str = ""
    library: str = ""
    token: str = ""


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
            self._named = _by_name(libraries.all(self._database), self._title)
            self._read = now
        return self._named


def _by_name(known: Sequence[Library], title: str) -> Mapping[str, Base]:
    """Return databases by name, a library's own code before aliases, as written before folded."""
    named = {UNION: Base(name=UNION, title=title)}
    tokens = {each.code: code("library", each.code) for each in known}
    counts = Counter(tokens.values())
    bases = {
        each.code: Base(
            name=each.code,
            title=each.name,
            library=each.code,
            token=tokens[each.code] if counts[tokens[each.code]] == 1 else "",
        )
        for each in known
    }
    named |= bases
    aliases = [(alias, bases[each.code]) for each in known for alias in each.aliases]
    for name, base in aliases:
        named.setdefault(name, base)
    for name, base in [*bases.items(), *aliases]:
        named.setdefault(name.casefold(), base)
    return MappingProxyType(named)
