"""What clusters are beside their records: of which work, and whether anybody described them yet."""

from __future__ import annotations

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key


class WorkKeyRow(Base):
    """A title with a name of a cluster: clusters that share one are of one work."""

    __tablename__ = "work_key"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True, index=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class WorkMemberRow(Base):
    """Which work a cluster is of; a work is known by the first of its clusters."""

    __tablename__ = "work_member"
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    work_id: Mapped[int] = mapped_column(Key, index=True, comment="the least of its cluster ids")


class WorkDirtyRow(Base):
    """A cluster whose work was never looked for: it was there before works were known."""

    __tablename__ = "work_dirty"
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)


class PreliminaryRow(Base):
    """A cluster that has only records made before it came out."""

    __tablename__ = "preliminary"
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    since: Mapped[int] = mapped_column(
        Integer, comment="the month it was to come out, or was entered, as 202611; 0: not told"
    )
    __table_args__ = (Index("ix_preliminary_since", "since", "cluster_id"),)
