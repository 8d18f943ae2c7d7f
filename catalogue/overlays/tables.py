"""The table of overlays; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, key, to

__all__ = ["Base", "BulkClusterRow", "BulkRow", "OverlayRow"]


class OverlayRow(Base):
    """A field that a cataloguer added to a cluster's master, put in place of another, or left out.

    Or a part of one: a subfield, or positions of the leader or 008.

    It is never removed: undone it says so.
    """

    __tablename__ = "overlay"
    id: Mapped[int] = key()
    cluster_id: Mapped[int] = to("cluster.id")
    kind: Mapped[str] = mapped_column(Text, comment="add, replace, suppress")
    beneath: Mapped[str] = mapped_column(
        Text, comment="JSON: the field that it was made on; empty where one is added"
    )
    over: Mapped[str] = mapped_column(
        Text, comment="JSON: the field that is to be there; empty where one is left out"
    )
    within: Mapped[str] = mapped_column(
        Text, comment="JSON: the field that it is a subfield of; empty for a whole field"
    )
    bulk_id: Mapped[int | None] = to("bulk.id", comment="null = made by itself")
    records: Mapped[str] = mapped_column(
        Text, comment="JSON: the records that the cluster had when it was made"
    )
    reason: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    undone_at: Mapped[int | None] = mapped_column(
        BigInteger, comment="epoch seconds; null = in force"
    )
    undone_by: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(
        Text, comment="applied, changed, overruled, waiting: as the last placement left it"
    )
    parted: Mapped[bool] = mapped_column(
        Boolean, comment="whether records that the cluster had then are in another now"
    )
    __table_args__ = (
        Index("ix_overlay_cluster_id", "cluster_id"),
        Index("ix_overlay_state", "state", "id"),
        Index("ix_overlay_bulk_id", "bulk_id", "id"),
    )


class BulkRow(Base):
    """A correction of all records that a search finds, by rules in the language of crosswalks.

    It is never removed.
    """

    __tablename__ = "bulk"
    id: Mapped[int] = key()
    language: Mapped[str] = mapped_column(Text, comment="words, cql, pqf")
    query: Mapped[str] = mapped_column(Text)
    rules: Mapped[str] = mapped_column(Text, comment="in the language of crosswalks")
    reason: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    state: Mapped[str] = mapped_column(
        Text, comment="looking, looked, failed, applying, applied, undoing, undone"
    )
    told: Mapped[str] = mapped_column(Text, comment="JSON: samples, fields, and how far it is")
    agreed_by: Mapped[str] = mapped_column(Text, comment="who had it carried out")
    agreed_at: Mapped[int | None] = mapped_column(BigInteger, comment="epoch seconds")
    undone_by: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[int | None] = mapped_column(BigInteger, comment="epoch seconds")


class BulkClusterRow(Base):
    """A record that a bulk correction is about: what would become of it, and what became."""

    __tablename__ = "bulk_cluster"
    bulk_id: Mapped[int] = to("bulk.id", primary_key=True, autoincrement=False)
    cluster_id: Mapped[int] = to("cluster.id", primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(Text, comment="found, same, refused, would, done, failed")
    message: Mapped[str] = mapped_column(Text, comment="why it is refused or failed, in English")
    code: Mapped[str] = mapped_column(Text, comment="the kind of error")
    details: Mapped[str] = mapped_column(Text, comment="JSON: what the message names")
    __table_args__ = (Index("ix_bulk_cluster_state", "bulk_id", "state", "cluster_id"),)
