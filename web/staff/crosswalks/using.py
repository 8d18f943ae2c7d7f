"""Who uses a crosswalk: sources, and the formats in which records are given out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from catalogue import forms
from crosswalks.crosswalk import PIVOT
from crosswalks.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """Who uses a crosswalk, by itself or as part of another."""

    sources: tuple[str, ...] = ()
    """Those that name it, or one that includes it."""
    by_schema: tuple[str, ...] = ()
    """The schemas whose records it maps where their source names no crosswalk."""
    unnamed: int = 0
    """How many sources name none."""
    formats: tuple[str, ...] = ()
    """What it makes of the records that are given out, by metadataPrefix."""
    files: tuple[str, ...] = ()
    """Schemas into which it maps when a file is converted."""
    others: tuple[str, ...] = ()
    """Crosswalks that include it."""

    @property
    def is_used(self) -> bool:
        """Tell whether publishing it would change anything that is stored or given out."""
        return bool(self.sources or (self.by_schema and self.unnamed) or self.formats)


class Using:
    """Who uses what, for many crosswalks: sources and headings are gone through once."""

    def __init__(self, shelf: Shelf, sources: Iterable[tuple[str, str]]) -> None:
        self._shelf = shelf
        self._named: defaultdict[str, list[str]] = defaultdict(list)
        for name, crosswalk in sources:
            self._named[crosswalk].append(name)
        self._ends = {name: shelf.ends(name) for name in shelf.names()}

    def of(self, name: str) -> Uses:
        """Return who uses a crosswalk, or rules."""
        users = set(self._shelf.users(name))
        found = (source for user in users for source in self._named.get(user, ()))
        out = sorted(each for each in users if self._ends[each][0] == PIVOT != self._ends[each][1])
        return Uses(
            sources=tuple(sorted(found)),
            by_schema=tuple(self._ends[each][0] for each in self._shelf.up() if each in users),
            unnamed=len(self._named.get("", ())),
            formats=tuple(kind.prefix for kind in forms.KINDS if kind.crosswalk in users),
            files=tuple(self._ends[each][1] for each in out if not forms.kind_of(each)),
            others=tuple(sorted(users - {name})),
        )

    def ends(self, name: str) -> tuple[str, str]:
        """Return the schemas that a crosswalk maps from and to; empty for rules."""
        return self._ends.get(name, ("", ""))
