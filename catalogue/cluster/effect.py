"""What a matching policy would do to a whole catalogue: worked out, nothing is written.

Of one snapshot, by the same keys, judgements, verdicts and cut as placements use, so that it is
what placing all records by that policy would end in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from catalogue import match, policies
from catalogue.cluster import whole
from catalogue.cluster.whole import Catalogue, Whole, stored
from catalogue.cluster.whole.differing import misplaced
from catalogue.cluster.whole.stored import WORDS, Changes, Members, StoredLinks
from catalogue.database import Database
from catalogue.match import Policy
from catalogue.tables import DirtyRow

SAMPLES = 20


class Sample(NamedTuple):
    """A pair that is judged otherwise; records are called SOURCE/IDENTIFIER."""

    a: str
    b: str
    now: str
    """same, ask or different."""
    then: str
    score: float
    reasons: tuple[str, ...]
    """By the other policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEffect:
    """The difference between the clusters there are and those by another policy."""

    policy: str
    waiting: int
    """Records not placed yet by the live policy: where there are any, figures are rough."""
    records: int
    clusters: int
    clusters_then: int
    parted: int
    """Clusters whose records would be in several."""
    merged: int
    """Clusters to come with records of several that are."""
    changed: int
    """Clusters that would not be just the records they are."""
    pairs: Mapping[str, int]
    """now-then (``ask-same``) -> how many pairs."""
    samples: tuple[Sample, ...]
    """Some of those pairs, of each kind of change in turn."""

    def told(self) -> dict[str, Any]:
        """Return it as JSON tells it."""
        return asdict(self) | {"samples": [each._asdict() for each in self.samples]}


class _Now(NamedTuple):
    """What is stored, of the snapshot that the records are read in."""

    waiting: int
    links: StoredLinks
    members: Members


def effect(database: Database, policy: Policy, processes: int | None = None) -> PolicyEffect:
    """Work out what a policy would do.

    Memory holds the links as numbers, some dozens of bytes each; the rest is in temporary files.
    By default every processor works on it, unless there are few records.
    """
    now: list[_Now] = []

    def read(folder: Path) -> Catalogue:
        with database.reading_primary() as connection:
            now.append(_now(connection))
            return whole.Catalogue.read(connection, folder)

    with whole.work_out(read, policy, processes) as found:
        return compared(found, now[0].links, now[0].members, policy, now[0].waiting)


def _now(connection: Connection) -> _Now:
    policy_id = policies.live(connection).id
    return _Now(
        waiting=waiting(connection, policy_id),
        links=StoredLinks.read(connection, policy_id, reasons=False),
        members=Members.read(connection),
    )


def waiting(connection: Connection, policy_id: int) -> int:
    """Return how many records wait to be placed."""
    query = select(func.count()).where(DirtyRow.policy_id == policy_id)
    return connection.execute(query).scalar_one()


def compared(
    found: Whole, links: StoredLinks, members: Members, policy: Policy, waiting: int
) -> PolicyEffect:
    """Return the difference between what was worked out and what is stored."""
    changes = stored.changes(found.ids, links, found.links)
    clusters = members.of(found.ids)
    both = clusters != 0
    return PolicyEffect(
        policy=policy.version,
        waiting=waiting,
        records=len(members.records),
        clusters=len(set(members.clusters.tolist())),
        clusters_then=len(set(found.head.tolist())),
        parted=stored.spread(clusters[both], found.head[both]),
        merged=stored.spread(found.head[both], clusters[both]),
        changed=len(set(members.of(misplaced(found, members)).tolist()) - {0}),
        pairs=_counted(changes),
        samples=_samples(changes, found, policy),
    )


def _counted(changes: Changes) -> dict[str, int]:
    kinds = zip(changes.now.tolist(), changes.then.tolist(), strict=True)
    return dict(sorted(("-".join(_words(*kind)), count) for kind, count in Counter(kinds).items()))


def _words(now: int, then: int) -> tuple[str, str]:
    return WORDS[now], WORDS[then]


def _samples(changes: Changes, found: Whole, policy: Policy) -> tuple[Sample, ...]:
    """Return some of each kind of change in turn."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for place, kind in enumerate(zip(changes.now.tolist(), changes.then.tolist(), strict=True)):
        those = kinds.setdefault(_words(*kind), [])
        if len(those) < SAMPLES:
            those.append(place)
    most = -(-SAMPLES // max(len(kinds), 1))
    chosen = [(kind, place) for kind in sorted(kinds) for place in kinds[kind][:most]][:SAMPLES]
    return tuple(_sample(kind, int(changes.pairs[place]), found, policy) for kind, place in chosen)


def _sample(kind: tuple[str, str], pair: int, found: Whole, policy: Policy) -> Sample:
    a, b = pair >> 32, pair & 0xFFFF_FFFF
    verdict = match.decide(found.desk.features(a), found.desk.features(b), policy)
    return Sample(
        a="/".join(found.desk.name(a)),
        b="/".join(found.desk.name(b)),
        now=kind[0],
        then=kind[1],
        score=verdict.score,
        reasons=verdict.reasons,
    )
