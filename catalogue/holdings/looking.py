"""What the rows of lists may mean: their candidates, read in bulk from one snapshot, and judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from catalogue import policies
from catalogue.cluster import read
from catalogue.database import Database
from catalogue.holdings.judging import Candidate, judge
from catalogue.holdings.model import Matching, Row
from catalogue.holdings.stub import Codes, features, hub_codes, keys, locals_of, tail, unions
from catalogue.match import Features
from catalogue.model import HubIdentity
from catalogue.sql import chunks
from catalogue.tables import (
    ClusterRow,
    LibraryAliasRow,
    LibraryRow,
    RecordRow,
    SourceRow,
)


class Asked(NamedTuple):
    """A row with its library's code, and how it stands if it is stored."""

    library: str
    row: Row
    id: int = 0
    rev: int = 0


class Seen(NamedTuple):
    """A row as it is looked for."""

    asked: Asked
    features: Features
    keys: tuple[str, ...]
    unions: tuple[str, ...]
    """Public ids that it names."""
    locals: tuple[tuple[str, str], ...]
    """Members' own numbers that it names: library code and number."""


def foresee(
    database: Database, hub: HubIdentity, library: str, rows: Sequence[Row]
) -> list[Matching]:
    """Return what rows of a library would be matched with now; nothing is stored."""
    with database.reading_primary() as connection:
        asked = [Asked(library, row) for row in rows]
        return judged(connection, see(connection, asked, hub))


def see(connection: Connection, asked: Sequence[Asked], hub: HubIdentity) -> list[Seen]:
    """Return rows as they are looked for."""
    codes = _codes(connection, hub)
    return [_see(each, codes) for each in asked]


def _see(asked: Asked, codes: Codes) -> Seen:
    said = features(asked.row)
    return Seen(
        asked=asked,
        features=said,
        keys=keys(asked.row, said, asked.library, codes),
        unions=unions(asked.row, codes),
        locals=locals_of(asked.row, asked.library, codes),
    )


def _codes(connection: Connection, hub: HubIdentity) -> Codes:
    aliases = select(LibraryAliasRow.alias, LibraryRow.code).join(
        LibraryRow, LibraryRow.id == LibraryAliasRow.library_id
    )
    found = {alias: code for alias, code in connection.execute(aliases)}  # noqa: C416 - rows
    found |= {code: code for code in connection.execute(select(LibraryRow.code)).scalars()}
    return found | dict(hub_codes(hub))


def judged(connection: Connection, seen: Sequence[Seen]) -> list[Matching]:
    """Return what each row means, as the union is now."""
    blocks = _blocks(connection, {key for each in seen for key in each.keys})
    named = _named(connection, seen)
    records = {record for block in blocks.values() for record in block}
    records |= {record for those in named.values() for record in those}
    union = _Union.read(connection, records)
    policy = policies.live(connection).policy
    return [
        judge(each.features, union.candidates(each, blocks, named[position]), policy)
        for position, each in enumerate(seen)
    ]


def _blocks(connection: Connection, wanted: Collection[str]) -> dict[str, list[int]]:
    """Return the records under each key that finds candidates: those of too many do not."""
    policy_id = policies.live(connection).id
    usable = set(wanted) - read.dead(connection, policy_id, wanted)
    return read.blocks(connection, policy_id, usable)


class _Union(NamedTuple):
    """The candidates of a step, as they are placed."""

    nodes: Mapping[int, read.Node]
    cluster: Mapping[int, str]
    """Record -> public id; only of placed ones."""

    @classmethod
    def read(cls, connection: Connection, records: Collection[int]) -> _Union:
        placed = read.membership(connection, records)
        names = _public_ids(connection, set(placed.values()))
        return cls(
            read.nodes(connection, placed.keys()),
            {record: names[cluster] for record, cluster in placed.items()},
        )

    def candidates(
        self, each: Seen, blocks: Mapping[str, list[int]], named: Collection[int]
    ) -> list[Candidate]:
        found = {record for key in each.keys for record in blocks.get(key, ())}
        return [
            Candidate(
                record=record,
                name=self.nodes[record].name,
                cluster=self.cluster[record],
                features=self.nodes[record].features,
                named=record in named,
            )
            for record in found.union(named)
            if record in self.nodes
        ]


def _public_ids(connection: Connection, clusters: Collection[int]) -> dict[int, str]:
    query = select(ClusterRow.id, ClusterRow.public_id)
    return {
        cluster: public_id
        for chunk in chunks(clusters)
        for cluster, public_id in connection.execute(query.where(ClusterRow.id.in_(chunk)))
    }


def _named(connection: Connection, seen: Sequence[Seen]) -> defaultdict[int, set[int]]:
    """Return position -> the records that a row names by a number of the union or a member."""
    of_union = _of_clusters(connection, {name for each in seen for name in each.unions})
    of_members = _of_members(connection, {name for each in seen for name in each.locals})
    found: defaultdict[int, set[int]] = defaultdict(set)
    for position, each in enumerate(seen):
        for public_id in each.unions:
            found[position] |= of_union.get(public_id, set())
        for name in each.locals:
            found[position] |= of_members.get(name, set())
    return found


def _of_clusters(connection: Connection, public_ids: Collection[str]) -> dict[str, set[int]]:
    """Return public id -> the records of its cluster, or of the one it was merged into."""
    heirs = read.survivors(connection, public_ids)
    members: defaultdict[int, set[int]] = defaultdict(set)
    for record, cluster in read.members(connection, set(heirs.values())).items():
        members[cluster].add(record)
    return {public_id: members[cluster] for public_id, cluster in heirs.items()}


def _of_members(
    connection: Connection, wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], set[int]]:
    """Return (library code, number) -> the records of that library with that number.

    A number is an identifier as it is, or what follows the last colon or slash of one.
    """
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    for library, number in wanted:
        numbers[library].add(number)
    found: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for library, source, prefix in _prefixes(connection, numbers):
        tried = {prefix + number for number in numbers[library]} | numbers[library]
        query = select(RecordRow.id, RecordRow.identifier).where(RecordRow.source_id == source)
        for chunk in chunks(sorted(tried)):
            for record, identifier in connection.execute(
                query.where(RecordRow.identifier.in_(chunk))
            ):
                for number in {identifier, tail(identifier)} & numbers[library]:
                    found[library, number].add(record)
    return found


def _prefixes(connection: Connection, libraries: Iterable[str]) -> list[tuple[str, int, str]]:
    """Return each source of these libraries with what its OAI identifiers begin with."""
    first = (
        select(RecordRow.identifier)
        .where(RecordRow.source_id == SourceRow.id)
        .order_by(RecordRow.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(LibraryRow.code, SourceRow.id, first)
        .join(SourceRow, SourceRow.library_id == LibraryRow.id)
        .where(LibraryRow.code.in_(sorted(libraries)))
    )
    return [
        (library, source, identifier[: len(identifier) - len(tail(identifier))])
        for library, source, identifier in connection.execute(query)
        if identifier is not None
    ]
