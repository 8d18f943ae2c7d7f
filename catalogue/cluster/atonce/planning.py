"""Working out what one transaction writes of clusters that are new, in a process of its own."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from catalogue import match
from catalogue.cluster import read
from catalogue.cluster.assign import Assignment
from catalogue.cluster.atonce.choosing import Batch
from catalogue.cluster.cut import Pair
from catalogue.cluster.keying import KeyChange, difference
from catalogue.cluster.place import planned, told_of
from catalogue.cluster.plan import Grouping
from catalogue.cluster.read import Node, Waiting
from catalogue.cluster.whole.stored import WORDS
from catalogue.cluster.write import Plan
from catalogue.database import Database
from catalogue.errors import CatalogueError
from catalogue.match import Decision, Verdict
from catalogue.model import HubIdentity
from catalogue.policies import Live

_log = logging.getLogger(__name__)
_FIRST = 1
"""The rev of a record that has not changed since it came."""
_KEPT = Assignment(kept={}, lost={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a process has at hand."""

    database: Database
    live: Live
    hub: HubIdentity
    dead: frozenset[str]
    """Keys that are held by too many to find candidates."""

    @classmethod
    def sit_down(cls, url: str, live: Live, hub: HubIdentity, dead: frozenset[str]) -> Desk:
        """Open the database."""
        return cls(database=Database.open(url), live=live, hub=hub, dead=dead)

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def plan(desk: Desk, batch: Batch) -> Plan | None:
    """Return what to write of a batch; None if nothing of it is as it was, or something breaks.

    What is left out waits for a usual placement, which finds the one record that breaks it.
    """
    try:
        with desk.database.reading_primary() as connection:
            return _plan(connection, desk, batch)
    except CatalogueError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad record never stops the hub
        _log.warning("A batch is left to be placed one by one: %s", told_of(error))
        return None


def _plan(connection: Connection, desk: Desk, batch: Batch) -> Plan | None:
    found = read.waiting_among(connection, desk.live.id, batch.records, len(batch.records))
    waiting = {each.id: each for each in found}
    groups = tuple(
        frozenset(records)
        for records, revs in batch.groups()
        if all(map(_is_as_it_was, map(waiting.get, records), revs))
    )
    if not groups:
        return None
    placed = {record: waiting[record] for group in groups for record in group}
    grouping = Grouping(
        batch=tuple(placed.values()),
        keys=_keys(connection, desk, placed.values(), {*batch.split}),
        links=_links(batch, placed),
        groups=groups,
        changed=tuple(range(len(groups))),
        before={},
        returning={},
        assignment=_KEPT,
        large={record: size for record, size in batch.large.items() if record in placed},
    )
    return planned(connection, desk.live, grouping, desk.hub, batch.first - 1)


def _is_as_it_was(record: Waiting | None, rev: int) -> bool:
    return record is not None and record.active and record.rev == rev


def _links(batch: Batch, placed: Mapping[int, Waiting]) -> dict[Pair, Verdict]:
    return {
        (link.a, link.b): Verdict(
            Decision(WORDS[link.decision]), link.score, tuple(json.loads(link.reasons))
        )
        for link in batch.links
        if link.a in placed or link.b in placed
    }


def _keys(
    connection: Connection, desk: Desk, placed: Iterable[Waiting], split: set[int]
) -> KeyChange:
    """Return which keys go and come: of a record that came once, and splits no key, none do."""
    revs = {each.id: each.rev for each in placed if each.rev != _FIRST or each.id in split}
    wanted = {
        (key, record)
        for record, node in read.nodes(connection, revs).items()
        for key in _carried(node, desk.dead)
    }
    rows = read.keys_of(connection, desk.live.id, revs)
    stale, added = difference(rows, wanted, revs)
    return KeyChange(
        stale=stale,
        added=added,
        died={},
        revived=frozenset(),
        again=frozenset(),
    )


def _carried(node: Node, dead: frozenset[str]) -> set[str]:
    """Return all keys of a record: those it finds others by, and those they stand in for."""
    found: set[str] = set()
    keys = set(match.keys(node.features))
    while keys:
        found |= keys
        keys = {
            narrower
            for key in keys & dead
            if match.level(key) < match.DEPTH
            for narrower in match.refined(key, node.features)
        }
    return found
