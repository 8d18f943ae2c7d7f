"""ISBNs that stand on several publications: publishers use a number again, and libraries invent.

Such a number says nothing of the books that carry it. Which ones do not is frozen into a policy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from catalogue import policies
from catalogue.cluster import read
from catalogue.database import Database
from catalogue.match import Features, Policy
from catalogue.match.compare import title_words
from catalogue.sql import table
from catalogue.tables import MatchKeyRow

LEAST = 3
"""On so many publications of unlike titles a number is one that was used again."""
_PREFIX, _LAST = "isbn:", "isbn:9999999999999"
"""Digits alone: engines differ in how they order other signs."""
_STEP = 200
"""Numbers looked at in one reading."""
_MOST = 200
"""Records of one number that are looked at."""

_keys = table(MatchKeyRow).c


class Reused(NamedTuple):
    """An ISBN, and the titles of some of the publications that it stands on."""

    isbn: str
    titles: tuple[str, ...]
    """Bare: without marks, volume numbers and other title information."""


def reused(database: Database, least: int = LEAST) -> Iterator[Reused]:
    """Yield the ISBNs on at least so many publications, no two of one cluster or with like titles.

    Reads all numbers that so many records share, some hundred at a time.
    """
    last: str | None = _PREFIX
    while last is not None:
        with database.reading() as connection:
            policy_id, policy = policies.live(connection)
            held = _held(connection, policy_id, last, least)
            found = [(key, _unlike(records, policy)) for key, records in _records(connection, held)]
        yield from (
            Reused(key.removeprefix(_PREFIX), titles)
            for key, titles in found
            if len(titles) >= least
        )
        last = held[-1] if held else None


def _held(connection: Connection, policy_id: int, last: str, least: int) -> list[str]:
    query = (
        select(_keys.key)
        .where(_keys.policy_id == policy_id, _keys.key > last, _keys.key <= _LAST)
        .where(_keys.key.startswith(_PREFIX))
        .group_by(_keys.key)
        .having(func.count() >= least)
        .order_by(_keys.key)
        .limit(_STEP)
    )
    return list(connection.execute(query).scalars())


def _records(
    connection: Connection, held: Sequence[str]
) -> Iterator[tuple[str, Mapping[int, Features]]]:
    """Yield each number with a record for each cluster that has it."""
    policy_id = policies.live(connection).id
    blocks = {
        key: sorted(records)[:_MOST]
        for key, records in read.blocks(connection, policy_id, held).items()
    }
    members = read.membership(connection, {each for those in blocks.values() for each in those})
    chosen: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for key, records in blocks.items():
        for record in records:
            if record in members:
                chosen[key].setdefault(members[record], record)
    wanted = {record for those in chosen.values() for record in those.values()}
    nodes = read.nodes(connection, wanted)
    for key in held:
        yield (
            key,
            {each: nodes[each].features for each in chosen[key].values() if each in nodes},
        )


def _unlike(records: Mapping[int, Features], policy: Policy) -> tuple[str, ...]:
    """Return the titles of records of which no two are alike, as many as there are."""
    kept: list[Features] = []
    for features in records.values():
        if features.bare and all(title_words(features, each) < policy.title_least for each in kept):
            kept.append(features)
    return tuple(each.bare for each in kept)
