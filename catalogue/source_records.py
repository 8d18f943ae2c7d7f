"""The records of one source as staff look through them, and how far each one came.

A list is a keyset: each page costs the same, wherever it is in a list of a million.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, literal, select

from catalogue.database import Database
from catalogue.errors import NoSuchRecord
from catalogue.model import RecordState
from catalogue.raw import unpack
from catalogue.sources import configured
from catalogue.sql import Query
from catalogue.tables import (
    ClusterRow,
    DirtyRow,
    ItemRow,
    MemberRow,
    PolicyRow,
    QuarantineRow,
    RecordRow,
    SourceRow,
    ViewRow,
)
from crosswalks import stored
from crosswalks.text import storable


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """A record as a list shows it."""

    key: int
    """Of the record, and where the list goes on after it."""
    source: str
    identifier: str
    title: str
    """MARC 21 field 245 without its responsibility, or empty where it could not be read."""
    state: RecordState
    refused: bool
    """Whether a newer version was delivered that could not be read."""
    datestamp: str
    """As the source gave it."""
    arrived: int
    """When the hub stored this version, epoch seconds; 0 = before that was kept."""
    cluster: str
    """Public id, or empty while it is in none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """That a view shows the cluster of a record, or did."""

    view: str
    stamp: int
    """Epoch seconds: since when it is as it is."""
    deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStory:
    """How far one record came: delivered, mapped, matched, given out."""

    line: RecordLine
    run: int
    """The harvest that delivered it last; 0 = not known."""
    format: str
    version: str
    """Of the crosswalk that mapped it, with the source's settings; empty where none did."""
    revision: int
    """Grows with each change of content."""
    waits: bool
    """Whether it waits to be placed."""
    mates: int
    """Other records in its cluster."""
    published: tuple[Published, ...]
    quarantined: bool
    """Whether a version of it lies in quarantine."""

    @property
    def is_public(self) -> bool:
        """Tell whether everybody sees its cluster."""
        return any(each.view == "public" and not each.deleted for each in self.published)


def listing(
    database: Database, source: str, after: int = 0, limit: int = 50
) -> Sequence[RecordLine]:
    """Return the next records of a source, in the order in which they first came.

    Raises NoSuchSource.
    """
    with database.reading() as connection:
        source_id = configured(connection, source).id
        query = _lines().where(RecordRow.source_id == source_id, RecordRow.id > after)
        rows = connection.execute(query.order_by(RecordRow.id).limit(limit))
        return [_line(row) for row in rows]


def find(database: Database, source: str, identifier: str) -> RecordLine | None:
    """Return the record of a source with this very identifier, or None. Raises NoSuchSource."""
    with database.reading() as connection:
        source_id = configured(connection, source).id
        this = (RecordRow.source_id == source_id, RecordRow.identifier == storable(identifier))
        row = connection.execute(_lines().where(*this)).one_or_none()
    return None if row is None else _line(row)


def story(database: Database, source: str, key: int) -> RecordStory:
    """Return how far a record of a source came. Raises NoSuchSource or NoSuchRecord."""
    with database.reading() as connection:
        source_id = configured(connection, source).id
        query = _lines(
            RecordRow.seen_run,
            RecordRow.format,
            RecordRow.crosswalk_version,
            RecordRow.rev,
            MemberRow.cluster_id,
        )
        row = connection.execute(
            query.where(RecordRow.source_id == source_id, RecordRow.id == key)
        ).one_or_none()
        if row is None:
            raise NoSuchRecord(name=f"{source}/{key}")
        return RecordStory(
            line=_line(row),
            run=row.seen_run,
            format=row.format,
            version=row.crosswalk_version,
            revision=row.rev,
            waits=_is_there(connection, _waiting(key)),
            mates=_mates(connection, row.cluster_id),
            published=_published(connection, row.cluster_id),
            quarantined=_is_there(connection, QuarantineRow.record_id == key),
        )


def _lines(*more: Any) -> Query:
    return (
        select(
            RecordRow.id,
            SourceRow.code.label("source"),
            RecordRow.identifier,
            RecordRow.state,
            RecordRow.refused,
            RecordRow.datestamp,
            RecordRow.arrived,
            RecordRow.parsed,
            ClusterRow.public_id.label("cluster"),
            *more,
        )
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .outerjoin(MemberRow, MemberRow.record_id == RecordRow.id)
        .outerjoin(ClusterRow, ClusterRow.id == MemberRow.cluster_id)
    )


def _line(row: Any) -> RecordLine:
    return RecordLine(
        key=row.id,
        source=row.source,
        identifier=row.identifier,
        title=_title(row.parsed),
        state=RecordState(row.state),
        refused=row.refused,
        datestamp=row.datestamp,
        arrived=row.arrived,
        cluster=row.cluster or "",
    )


def _title(parsed: str | None) -> str:
    record = stored.from_json(parsed) if parsed else None
    return " ".join(record.values("245", "abnp")) if record else ""


def _waiting(key: int) -> Any:
    # By policy too, as the key of the table is: when all is placed anew it holds every record.
    return DirtyRow.policy_id.in_(select(PolicyRow.id)) & (DirtyRow.record_id == key)


def _is_there(connection: Connection, condition: Any) -> bool:
    return connection.scalar(select(literal(1)).where(condition).limit(1)) is not None


def _mates(connection: Connection, cluster: int | None) -> int:
    if cluster is None:
        return 0
    query = select(func.count()).where(MemberRow.cluster_id == cluster)
    return max(0, int(connection.scalar(query) or 0) - 1)


def _published(connection: Connection, cluster: int | None) -> tuple[Published, ...]:
    if cluster is None:
        return ()
    rows = connection.execute(
        select(ViewRow.name, ItemRow.stamp, ItemRow.deleted)
        .join(ViewRow, ViewRow.id == ItemRow.view_id)
        .where(ItemRow.cluster_id == cluster)
        .order_by(ViewRow.name)
    )
    return tuple(Published(view=row.name, stamp=row.stamp, deleted=row.deleted) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatSeen:
    """A format that the newest records of a source came in."""

    format: str
    """Namespace or name, as its records were delivered."""
    versions: Mapping[str, int]
    """By which version of the mapping they were mapped, and how many of them."""
    example: bytes
    """One of them, as delivered."""


def formats(database: Database, source: str, newest: int = 200) -> list[FormatSeen]:
    """Return in which formats the newest records of a source came, the most frequent first.

    Records without a body tell of none. Raises NoSuchSource.
    """
    with database.reading() as connection:
        source_id = configured(connection, source).id
        rows = connection.execute(
            select(RecordRow.format, RecordRow.crosswalk_version, RecordRow.raw)
            .where(RecordRow.source_id == source_id)
            .order_by(RecordRow.id.desc())
            .limit(newest)
        ).all()
    versions: dict[str, Counter[str]] = defaultdict(Counter)
    examples: dict[str, bytes] = {}
    for row in rows:
        body = unpack(row.raw) if row.raw else b""
        if body.strip():
            examples.setdefault(row.format, body)
            versions[row.format][row.crosswalk_version] += 1
    return sorted(
        (
            FormatSeen(format=name, versions=dict(found), example=examples[name])
            for name, found in versions.items()
        ),
        key=lambda seen: (-sum(seen.versions.values()), seen.format),
    )
