"""Which keys the records of a batch find candidates by, and how oversize blocks are split.

A key held by more records than the policy's block cap finds no candidates. Its holders carry
narrower keys in its place (match.refined), which only placements write; where one of these is held
by too many as well, it is split once more, and what is then still too large is an alarm. Which keys
a record carries depends on nothing but the records that hold the same ones: crossing the cap, up or
down, wakes them all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from catalogue import match
from catalogue.cluster.read import Keyring, Node, Waiting
from catalogue.match import Policy

Holding = tuple[str, int]
"""A key and a record that holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """What happened to the blocking keys that a batch touches."""

    stale: tuple[tuple[str, int, int], ...]
    """(key, record, rev) that no longer hold."""
    added: tuple[tuple[str, int, int], ...]
    """(key, record, rev) that are new, or are stored with an older rev."""
    died: Mapping[str, int]
    """Keys that grew over the block cap, with their sizes."""
    revived: frozenset[str]
    again: frozenset[int]
    """Records of those keys: their links have to be found anew."""


@dataclass(slots=True)
class _Level:
    """The keys of one level, as they are stored and as they should be."""

    wanted: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    held: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def touched(self) -> set[str]:
        return self.wanted.keys() | self.held.keys()

    def growth(self) -> dict[str, int]:
        """Return by how many holders each key grows or shrinks."""
        return {
            key: len(self.wanted.get(key, _NOBODY)) - len(self.held.get(key, _NOBODY))
            for key in self.touched()
        }

    def losing(self) -> set[str]:
        return {key for key, held in self.held.items() if held - self.wanted.get(key, _NOBODY)}


_NOBODY: frozenset[int] = frozenset()


def keying(
    ring: Keyring,
    batch: Collection[Waiting],
    known: Mapping[int, Node],
    policy: Policy,
) -> tuple[dict[str, list[int]], KeyChange]:
    """Return the batch's usable keys with its records that hold them, and what has to change."""
    revs = {each.id: each.rev for each in batch if each.active and each.id in known}
    rows = ring.rows([each.id for each in batch])
    levels = [_Level() for _ in range(match.DEPTH + 1)]
    for key, record, _ in rows:
        levels[match.level(key)].held[key].add(record)
    for record in revs:
        for key in match.keys(known[record].features):
            levels[0].wanted[key].add(record)
    usable: dict[str, list[int]] = {}
    died: dict[str, int] = {}
    revived: set[str] = set()
    for number, level in enumerate(levels):
        dead, new, back = _judged(ring, level, policy.block_cap)
        died |= new
        revived |= back
        for key, records in level.wanted.items():
            if key not in dead:
                usable[key] = sorted(records)
            elif number < match.DEPTH:
                _refine(levels[number + 1], key, records, known)
    turned = ring.blocks(died.keys() | revived)
    again = {record for block in turned.values() for record in block} - {each.id for each in batch}
    wanted = {
        (key, record)
        for level in levels
        for key, records in level.wanted.items()
        for record in records
    }
    stale, added = difference(rows, wanted, revs)
    change = KeyChange(
        stale=stale, added=added, died=died, revived=frozenset(revived), again=frozenset(again)
    )
    return usable, change


def _refine(below: _Level, key: str, records: Collection[int], known: Mapping[int, Node]) -> None:
    for record in records:
        for refined in match.refined(key, known[record].features):
            below.wanted[refined].add(record)


def _judged(ring: Keyring, level: _Level, cap: int) -> tuple[set[str], dict[str, int], set[str]]:
    """Return the keys that find nobody now, those that just came to that, and those that left."""
    touched = level.touched()
    dead = ring.dead(touched)
    # A key that is dead can only revive by losing holders: others are not counted again.
    counted = (touched - dead) | (dead & level.losing())
    sizes = ring.sizes(counted)
    growth = level.growth()
    now = {key: sizes[key] + growth[key] for key in counted}
    died = {key: size for key, size in now.items() if size > cap and key not in dead}
    revived = {key for key in dead & now.keys() if now[key] <= cap}
    return (dead - revived) | died.keys(), died, revived


def difference(
    rows: Collection[tuple[str, int, int]], wanted: AbstractSet[Holding], revs: Mapping[int, int]
) -> tuple[tuple[tuple[str, int, int], ...], tuple[tuple[str, int, int], ...]]:
    """Return the stored rows that have to go and those that have to come."""
    stored = {(key, record): rev for key, record, rev in rows}
    good = {each for each in wanted if stored.get(each) == revs[each[1]]}
    stale = tuple(row for row in rows if row[:2] not in good)
    added = tuple((key, record, revs[record]) for key, record in sorted(wanted - good))
    return stale, added


def likely(ring: Keyring, batch: Collection[Waiting], policy: Policy) -> dict[str, list[int]]:
    """Return the blocks a batch's records are stored in, but for those that are too large."""
    rows = ring.rows([each.id for each in batch])
    held = Counter(key for key, _, _ in rows)
    alive = held.keys() - ring.dead(held)
    sizes = ring.sizes(alive)
    small = [key for key in alive if sizes[key] <= policy.block_cap]
    return ring.blocks(small)
