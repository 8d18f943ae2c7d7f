"""What a repository holds: added to, changed and deleted from, by a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from support.oai_source import dublin_core

UNREADABLE = '<x:unknown xmlns:x="http://example.org/unknown">?</x:unknown>'
_START = 1_700_000_000


class Tombstones(StrEnum):
    """What a repository keeps of deleted records, in the words of Identify."""

    PERSISTENT = "persistent"
    TRANSIENT = "transient"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record, or what is left of it."""

    identifier: str
    stamp: int
    title: str = ""
    """Empty: nobody can read its metadata."""
    set: str = ""
    deleted: bool = False

    @property
    def payload(self) -> str:
        """Return its metadata."""
        return dublin_core(self.title) if self.title else UNREADABLE


class Collection:
    """Records by identifier; every change has a datestamp later than the one before it."""

    def __init__(self, tombstones: Tombstones = Tombstones.PERSISTENT) -> None:
        self.tombstones = tombstones
        self.now = _START
        self._entries: dict[str, Entry] = {}

    def put(self, identifier: str, title: str, set_spec: str = "") -> None:
        """Add a record or change it; one that was deleted comes back."""
        self._keep(Entry(identifier=identifier, stamp=0, title=title, set=set_spec))

    def delete(self, identifier: str) -> None:
        """Delete a record, leaving what the policy says."""
        if self.tombstones is Tombstones.NO:
            self.now += 1
            del self._entries[identifier]
        else:
            self._keep(replace(self._entries[identifier], deleted=True))

    def forget(self) -> None:
        """Drop what is left of deleted records, as a transient policy may at any time."""
        self._entries = {entry.identifier: entry for entry in self.entries() if not entry.deleted}

    def rest(self, seconds: int) -> None:
        """Let time pass."""
        self.now += seconds

    def entries(self) -> list[Entry]:
        """Return all entries in no order that means anything."""
        return list(self._entries.values())

    def get(self, identifier: str) -> Entry | None:
        """Return one entry."""
        return self._entries.get(identifier)

    def live(self) -> dict[str, str]:
        """Return the titles of what is not deleted, by identifier."""
        return {entry.identifier: entry.title for entry in self.entries() if not entry.deleted}

    def _keep(self, entry: Entry) -> None:
        self.now += 1
        self._entries[entry.identifier] = replace(entry, stamp=self.now)
