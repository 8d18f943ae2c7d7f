"""All crosswalks that a hub maps by: those shipped, and those its staff wrote over or beside them.

A shelf never changes: whoever publishes gets another one, and so does a draft that is being tried.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from crosswalks import columns, crosswalk, shipped, versioning
from crosswalks.crosswalk import PIVOT, Crosswalk
from crosswalks.errors import UnknownCrosswalk
from crosswalks.language.compile import compiled
from crosswalks.language.errors import MappingFailed
from crosswalks.language.mending import mending
from crosswalks.language.parse import parse
from crosswalks.language.syntax import Script
from crosswalks.model import Record, Schema
from crosswalks.shelving import Parts, Ready, Written, parts_of, ready

__all__ = ["SHIPPED", "SHIPPED_ONLY", "Mapped", "Shelf", "Written"]

SHIPPED = "shipped/"
"""Before a name: the text that came with the program, whatever was stored over it."""


_OWN = frozenset(f"{schema}-{PIVOT}" for schema in Schema)
"""The crosswalks of schemas, rather than profiles of one system's."""
_INCLUDE = re.compile(r"^[ \t]*include[ \t]+([^\s#]+)", re.MULTILINE)
_ENDS = re.compile(r"^[ \t]*from[ \t]+(\S+)[ \t]+to[ \t]+(\S+)", re.MULTILINE)


class Mapped(NamedTuple):
    """A record mapped, by which version of which crosswalk, and which rules failed on it."""

    record: Record
    version: str = ""
    failures: tuple[MappingFailed, ...] = ()


class Shelf:
    """Crosswalks by name; ``texts`` are those that are stored."""

    def __init__(self, texts: Mapping[str, Written], edition: int = 0) -> None:
        self.edition = edition
        """Grows with whatever is published."""
        self._texts = dict(texts)
        self._parts: dict[str, Parts] = {}
        self._ready: dict[str, Ready] = {}
        self._versions: dict[str, str] = {}
        self._names: dict[str, frozenset[str]] = {}

    def names(self) -> tuple[str, ...]:
        """Return the names of all crosswalks."""
        own = (name for name, each in self._texts.items() if not each.is_rules)
        return tuple(sorted({*crosswalk.known(), *own}))

    def written(self, name: str) -> Written:
        """Return a crosswalk, or rules, as they are written; raise UnknownCrosswalk."""
        if name in self._texts:
            return self._texts[name]
        plain = name.removeprefix(SHIPPED)
        if plain in shipped.names():
            return Written(text=shipped.text(plain), stored=False)
        try:
            return Written(text=shipped.rules(plain), stored=False)
        except LookupError as error:
            raise self._unknown(name) from error

    def with_draft(self, name: str, written: Written) -> Shelf:
        """Return this shelf with something else under a name."""
        return Shelf({**self._texts, name: written}, self.edition)

    def check(self, name: str) -> None:
        """Raise CrosswalkSyntax where a crosswalk, or any that includes these rules, cannot run."""
        if self.written(name).is_rules:
            heading = f"crosswalk {name} version 1\nfrom {PIVOT} to {PIVOT}\ninclude {name}"
            users = self.users(name)
            if not users:
                parse(heading, f"({name})", lambda other: self.written(other).text)
            for user in users:
                self.find(user)
        else:
            self.find(name)

    def users(self, name: str) -> tuple[str, ...]:
        """Return the names of the crosswalks that are made of this text, itself included."""
        return tuple(each for each in self.names() if each == name or name in self._parts_of(each))

    def ends(self, name: str) -> tuple[str, str]:
        """Return the names of the schemas that a crosswalk maps from and to, by its heading."""
        if name == crosswalk.IDENTITY and name not in self._texts:
            return PIVOT, PIVOT
        found = _ENDS.search(self.written(name).text)
        return (found[1], found[2]) if found else ("", "")

    def into_pivot(self) -> tuple[str, ...]:
        """Return the names of those by which a source's records can be mapped."""
        return tuple(name for name in self.names() if self.ends(name)[1] == PIVOT)

    def out_of_pivot(self, name: str) -> tuple[str, ...]:
        """Return which crosswalks made of this text map stored records into other schemas."""
        ends = {each: self.ends(each) for each in self.users(name)}
        return tuple(each for each, (source, target) in ends.items() if source == PIVOT != target)

    def find(self, name: str) -> Crosswalk:
        """Return a crosswalk; raise UnknownCrosswalk, or CrosswalkSyntax where it cannot run."""
        return self._of(name).crosswalk

    def version(self, name: str) -> str:
        """Return what tells a crosswalk from every other version of it, in few characters."""
        if name not in self._versions:
            self._versions[name] = self._version(name)
        return self._versions[name]

    def up(self) -> tuple[str, ...]:
        """Return the names of those that map the records of sources which name no crosswalk."""
        return tuple(name for name in crosswalk.known() if name in _OWN)

    def to_pivot(self, record: Record, name: str = "") -> Mapped:
        """Return a record in MARC 21 by the named crosswalk or its schema's own.

        Raises what ``map`` does.
        """
        name = name or f"{record.schema}-{PIVOT}"
        if self.find(name).target is not PIVOT:
            raise UnknownCrosswalk(name=f"{name} to {PIVOT}", known=", ".join(self.into_pivot()))
        return self.map(record, name)

    def map(self, record: Record, name: str) -> Mapped:
        """Return a record mapped by a crosswalk; rules that fail on it are left out and told.

        Raises UnknownCrosswalk, or MappingFailed where nothing can be made of the record.
        """
        made = self._of(name)
        if record.schema is not made.crosswalk.source:
            wanted = f"{name} for {record.schema}"
            raise self._unknown(wanted)
        if record.schema is Schema.TABLE:
            record = columns.named(record)
        try:
            return Mapped(crosswalk.apply(made.crosswalk, record), self.version(name))
        except MappingFailed:
            mended, failures = made.mend(record)
            return Mapped(mended, self.version(name), failures)

    def _of(self, name: str) -> Ready:
        if name not in self._ready:
            self._ready[name] = self._made(name)
        return self._ready[name]

    def _made(self, name: str) -> Ready:
        if name not in self.names():
            raise self._unknown(name)
        if self._is_stored(name):
            return ready(self._all_parts(name))
        made = crosswalk.find(name)
        if name not in shipped.names():
            return Ready(crosswalk=made, mend=lambda record: (crosswalk.apply(made, record), ()))
        mend = mending(shipped.script(name), _run)
        return Ready(crosswalk=made, mend=lambda record: mend(crosswalk.normalise(record)))

    def _version(self, name: str) -> str:
        if self._is_stored(name):
            return self._all_parts(name).version()
        # To read the rules is enough here; to make them into functions takes as long again.
        if name not in shipped.names():
            return f"{name}@{crosswalk.find(name).version}"
        script = shipped.script(name)
        texts = [self.written(part).text for part in sorted(self._parts_of(name))]
        return f"{name}@{script.version}.{versioning.digest(texts, script)}"

    def _is_stored(self, name: str) -> bool:
        if not self._texts:
            return False
        return name in self._texts or any(part in self._texts for part in self._parts_of(name))

    def _parts_of(self, name: str) -> frozenset[str]:
        """Return the names of all texts that one is made of, by a look at its lines alone."""
        if name not in self._names:
            found, left = {name}, [name]
            while left:
                for other in self._included(left.pop()):
                    if other not in found:
                        found.add(other)
                        left.append(other)
            self._names[name] = frozenset(found)
        return self._names[name]

    def _included(self, name: str) -> list[str]:
        try:
            return _INCLUDE.findall(self.written(name).text)
        except UnknownCrosswalk:
            return []

    def _all_parts(self, name: str) -> Parts:
        if name not in self._parts:
            self._parts[name] = parts_of(name, self.written)
        return self._parts[name]

    def _unknown(self, name: str) -> UnknownCrosswalk:
        return UnknownCrosswalk(name=name, known=", ".join(self.names()))


def _run(script: Script) -> crosswalk.Step:
    return compiled(script).run


SHIPPED_ONLY = Shelf({})
"""What a hub has whose staff has stored nothing."""
