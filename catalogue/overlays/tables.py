"""The table of overlays; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, key, to

__all__ = ["Base", "OverlayRow"]


class OverlayRow(Base):
    """A field that a cataloguer added to a cluster's master, put in place of another, or left out.

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
    )
