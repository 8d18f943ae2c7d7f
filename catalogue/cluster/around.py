"""The records that hang together with some, as the cut sees them, and as they are cut today.

Read from what is stored: links of the last placement, decisions as they stand. What people decided
since is so seen already; what was delivered since is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from catalogue import match
from catalogue.cluster import read
from catalogue.cluster.cut import Component, Pair, cut
from catalogue.cluster.read import Node
from catalogue.errors import TooManyTogether
from catalogue.match import Decision, Policy, Verdict
from catalogue.policies import Live

MOST = 2000
"""Records that are read at most: to cut more takes longer than anybody waits for a page."""


class State(NamedTuple):
    """All that the cut of some records rests on: links and decisions also with others."""

    revs: dict[int, int]
    home: dict[int, int]
    links: dict[Pair, float]
    said: dict[Pair, str]


def state(connection: Connection, live: Live, records: Collection[int]) -> State:
    """Read what the cut of these records rests on."""
    return State(
        revs=read.revs(connection, records),
        home=read.membership(connection, records),
        links=read.same_edges(connection, live.id, records),
        said=read.verdicts(connection, records),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Some records, all that hang together with them, and how these are cut."""

    component: Component
    """Of one component or several."""
    groups: tuple[frozenset[int], ...]
    state: State
    """What this was read from: as long as it is so, what was found holds."""

    def group(self, record: int) -> frozenset[int]:
        """Return the records that one goes with, itself included; none if it is not live."""
        return next((group for group in self.groups if record in group), frozenset())


def around(connection: Connection, live: Live, records: Iterable[int]) -> Around:
    """Read the components of these records, and whole clusters. Raises TooManyTogether."""
    seen: set[int] = set()
    for seen, _ in read.outwards(connection, live.id, records):
        if len(seen) > MOST:
            raise TooManyTogether(most=MOST)
    return _cut(read.nodes(connection, seen), state(connection, live, seen), live.policy)


def _cut(nodes: dict[int, Node], known: State, policy: Policy) -> Around:
    def compare(a: int, b: int) -> Verdict:
        return match.decide(nodes[a].features, nodes[b].features, policy, briefly=True)

    component = Component(
        nodes=tuple((record, node.name) for record, node in nodes.items()),
        edges={pair: score for pair, score in known.links.items() if _within(pair, nodes)},
        verdicts={
            pair: Decision(word) for pair, word in known.said.items() if _within(pair, nodes)
        },
        compare=compare,
        theta=policy.theta,
        cap=policy.component_cap,
    )
    return Around(component=component, groups=cut(component), state=known)


def _within(pair: Pair, nodes: Collection[int]) -> bool:
    return pair[0] in nodes and pair[1] in nodes
