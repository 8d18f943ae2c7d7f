"""Clusters and links as placements stored them, and as they are worked out at once."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from sqlalchemy import select

from catalogue import policies
from catalogue.cluster import whole
from catalogue.cluster.whole import SAME, Catalogue
from catalogue.database import Database
from catalogue.match import Policy
from catalogue.tables import DeadKeyRow, EdgeRow, MemberRow

Groups = set[frozenset[int]]
Links = set[tuple[int, int, str, float, str]]


def placed(database: Database) -> tuple[Groups, Links, set[str]]:
    """Return clusters, links and keys held by too many as they are stored."""
    clusters: defaultdict[int, set[int]] = defaultdict(set)
    with database.reading() as connection:
        for record, cluster in connection.execute(
            select(MemberRow.record_id, MemberRow.cluster_id)
        ):
            clusters[cluster].add(record)
        links = connection.execute(
            select(EdgeRow.a, EdgeRow.b, EdgeRow.decision, EdgeRow.score, EdgeRow.reasons)
        )
        dead = connection.execute(select(DeadKeyRow.key)).scalars()
        return (
            {frozenset(each) for each in clusters.values()},
            {(a, b, word, score, why) for a, b, word, score, why in links},
            {*dead},
        )


def worked_out(
    database: Database, processes: int = 0, policy: Policy | None = None
) -> tuple[Groups, Links, set[str]]:
    """Return the same, worked out at once by the policy in use or another."""
    clusters: defaultdict[int, set[int]] = defaultdict(set)
    with database.reading() as connection:
        policy = policy or policies.live(connection).policy
        read = partial(Catalogue.read, connection)
        with whole.work_out(read, policy, processes) as found:
            for record, head in zip(found.ids.tolist(), found.head.tolist(), strict=True):
                clusters[head].add(record)
            links = {
                (
                    *(int(found.ids[end]) for end in (a, b)),
                    "same" if decision == SAME else "ask",
                    score,
                    found.reasons[reason],
                )
                for a, b, decision, score, reason in zip(
                    *(column.tolist() for column in found.links), strict=True
                )
            }
            return {frozenset(each) for each in clusters.values()}, links, {*found.dead}
