"""The tables of standings and of what is hidden; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, key, to

__all__ = ["Base", "LeftClusterRow", "StandingEventRow", "SuppressedRecordRow", "SuppressionRow"]


class StandingEventRow(Base):
    """That the standing of a library changed, or the stage of one of its sources, and why."""

    __tablename__ = "standing_event"
    id: Mapped[int] = key()
    library_id: Mapped[int] = to("library.id")
    source_id: Mapped[int | None] = to("source.id")
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    person: Mapped[str] = mapped_column(Text, comment="who did it; empty = the hub itself")
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(
        Text, comment="standing of the library, or stage of the source"
    )
    after: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("ix_standing_event_library_id", "library_id", "id"),)


class LeftClusterRow(Base):
    """Where a record that is in no cluster was last: if it comes back it may bring the id back."""

    __tablename__ = "left_cluster"
    record_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    cluster_id: Mapped[int] = mapped_column(Key, comment="that it was in last, where it is in none")


class SuppressionRow(Base):
    """Something that staff hide from all doors."""

    __tablename__ = "suppression"
    id: Mapped[int] = key()
    kind: Mapped[str] = mapped_column(Text, comment="record, field, cluster")
    target: Mapped[str] = mapped_column(
        Text, comment="as staff named it: source/identifier or a cluster's id"
    )
    field: Mapped[str] = mapped_column(
        Text, comment="of kind field: tag, with $ and code for a subfield"
    )
    value: Mapped[str] = mapped_column(
        Text, comment="of kind field: only those that hold this text; empty = all"
    )
    reason: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    until: Mapped[int | None] = mapped_column(
        BigInteger, comment="epoch seconds; null = until lifted"
    )
    lifted_at: Mapped[int | None] = mapped_column(
        BigInteger, comment="epoch seconds; null = in force"
    )
    lifted_by: Mapped[str] = mapped_column(Text, comment="empty = it expired")


class SuppressedRecordRow(Base):
    """A record that a suppression is about: of a cluster, those it had then."""

    __tablename__ = "suppressed_record"
    suppression_id: Mapped[int] = to("suppression.id", primary_key=True)
    record_id: Mapped[int] = to("record.id", primary_key=True, index=True)
