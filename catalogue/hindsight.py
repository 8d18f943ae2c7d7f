"""How a policy would have judged the pairs that people decided about: what can be learnt of them.

Of the newest decisions only, so that a page can ask; ``lienthong clusters labels`` writes all of
them, and ``lienthong bench matching`` measures by these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from catalogue import match, policies
from catalogue.cluster import read
from catalogue.database import Database
from catalogue.match import kept_policy
from catalogue.pairs import Judged, sides_of
from catalogue.sql import table
from catalogue.tables import VerdictEventRow, VerdictRow

MOST = 300
"""Decisions that are looked at."""
_verdicts, _events = table(VerdictRow).c, table(VerdictEventRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """A pair that the policy would not have judged as somebody did."""

    judged: Judged
    said: str
    """``same`` or ``different``."""
    author: str
    made: int
    """Epoch seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """What a policy makes of the newest decisions."""

    counts: Mapping[tuple[str, str], int]
    """What people said and what the policy says -> pairs."""
    otherwise: tuple[Otherwise, ...]
    """Those where it says another thing, or would ask; the newest first."""


def hindsight(database: Database, version: str = "") -> Hindsight:
    """Return how a policy, or the one in use, judges what people decided. Raises NoSuchPolicy."""
    policy = kept_policy(policies.get(database, version).text)
    # Walked from the newest step back: the table of what stands is in another order.
    query = (
        select(table(VerdictRow))
        .join(VerdictEventRow, (_events.a == _verdicts.a) & (_events.b == _verdicts.b))
        .order_by(_events.id.desc())
        .limit(MOST)
    )
    with database.reading() as connection:
        decided = list(dict.fromkeys(connection.execute(query).all()))
        nodes = read.nodes(connection, sorted({end for row in decided for end in (row.a, row.b)}))
        counts: Counter[tuple[str, str]] = Counter()
        differing = []
        for row in decided:
            if row.a not in nodes or row.b not in nodes:
                # One of them is deleted, or belongs to nobody any more.
                continue
            found = match.decide(nodes[row.a].features, nodes[row.b].features, policy)
            counts[row.decision, found.decision.value] += 1
            if found.decision.value != row.decision:
                differing.append((row, found))
        sides = sides_of(connection, {end for row, _ in differing for end in (row.a, row.b)})
    return Hindsight(
        counts=counts,
        otherwise=tuple(
            Otherwise(
                judged=Judged(
                    a=sides[row.a],
                    b=sides[row.b],
                    decision=found.decision.value,
                    score=found.score,
                    reasons=found.reasons,
                ),
                said=row.decision,
                author=row.author,
                made=row.made,
            )
            for row, found in differing
        ),
    )
